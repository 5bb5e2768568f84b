//! SQL of tags.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sqlx::AssertSqlSafe;

use super::{Tx, instance};
use crate::domain::tag::Tag;
use crate::domain::{Provider, Result};

/// Puts tags on a thing, behind those that are there; one whose key is there gets the new value, where it stands.
pub async fn put(tx: &mut Tx, provider: Provider, of: &str, resource: &str, tags: &[Tag]) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let tags = distinct(tags);
    let first = instance::next_positions(tx, provider, of, tags.len()).await?;
    insert(tx, provider, of, resource, first, &tags).await
}

/// Tags with distinct keys: of two with one key the last counts, in the place of the first.
pub(super) fn distinct(tags: &[Tag]) -> Vec<&Tag> {
    let mut distinct = Vec::<&Tag>::with_capacity(tags.len());
    let mut places = HashMap::with_capacity(tags.len());
    for tag in tags {
        match places.entry(&tag.key) {
            Entry::Occupied(place) => distinct[*place.get()] = tag,
            Entry::Vacant(place) => {
                place.insert(distinct.len());
                distinct.push(tag);
            }
        }
    }
    distinct
}

/// Puts tags with distinct keys on a thing, the first at a position, the others behind it.
pub(super) async fn insert(
    tx: &mut Tx,
    provider: Provider,
    of: &str,
    resource: &str,
    first: i64,
    tags: &[&Tag],
) -> Result<()> {
    /// How many are written by one statement.
    const MOST: usize = 100;
    let mut positions = first..;
    for tags in tags.chunks(MOST) {
        let row = |i: usize| format!("($1, $2, $3, ${}, ${}, ${})", 3 * i + 4, 3 * i + 5, 3 * i + 6);
        let rows: Vec<_> = (0..tags.len()).map(row).collect();
        let text = format!(
            "insert into tags (provider, instance_id, resource_id, position, key, value)
             values {}
             on conflict (provider, resource_id, key) do update set value = excluded.value",
            rows.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(provider.0).bind(of).bind(resource);
        for (tag, position) in tags.iter().zip(positions.by_ref()) {
            query = query.bind(position).bind(&tag.key).bind(&tag.value);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// How many tags a thing has.
pub async fn count(tx: &mut Tx, provider: Provider, resource: &str) -> Result<usize> {
    let (count,): (i64,) =
        sqlx::query_as("select count(*) from tags where provider = $1 and resource_id = $2")
            .bind(provider.0)
            .bind(resource)
            .fetch_one(&mut **tx)
            .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Deletes one tag of a thing, if it is there.
pub async fn delete(tx: &mut Tx, provider: Provider, resource: &str, key: &str) -> Result<()> {
    sqlx::query("delete from tags where provider = $1 and resource_id = $2 and key = $3")
        .bind(provider.0)
        .bind(resource)
        .bind(key)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Deletes all tags of a thing.
pub async fn delete_all(tx: &mut Tx, provider: Provider, resource: &str) -> Result<()> {
    sqlx::query("delete from tags where provider = $1 and resource_id = $2")
        .bind(provider.0)
        .bind(resource)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The tags of a thing, in the order in which they came.
pub async fn list(tx: &mut Tx, provider: Provider, resource: &str) -> Result<Vec<Tag>> {
    let rows = page(tx, provider, resource, 0, i64::MAX).await?;
    Ok(rows.into_iter().map(|(_, tag)| tag).collect())
}

/// Tags of a thing behind a position, with theirs.
pub async fn page(
    tx: &mut Tx,
    provider: Provider,
    resource: &str,
    after: i64,
    rows: i64,
) -> Result<Vec<(i64, Tag)>> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "select position, key, value
           from tags
          where provider = $1 and resource_id = $2 and position > $3
          order by position
          limit $4 + 0",
    )
    .bind(provider.0)
    .bind(resource)
    .bind(after)
    .bind(rows)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(position, key, value)| (position, Tag { key, value })).collect())
}
