//! SQL of tags.

use super::Tx;
use crate::domain::tag::Tag;
use crate::domain::{Provider, Result};

/// Adds tags to a thing that has none, with distinct keys.
pub async fn insert(tx: &mut Tx, provider: Provider, resource: &str, tags: &[Tag]) -> Result<()> {
    for (position, tag) in (0_i64..).zip(tags) {
        sqlx::query(
            "insert into tags (provider, resource_id, position, key, value)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(provider.0)
        .bind(resource)
        .bind(position)
        .bind(&tag.key)
        .bind(&tag.value)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The tags of a thing, in the order in which they were given.
pub async fn list(tx: &mut Tx, provider: Provider, resource: &str) -> Result<Vec<Tag>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select key, value
           from tags
          where provider = $1 and resource_id = $2
          order by position, key",
    )
    .bind(provider.0)
    .bind(resource)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(key, value)| Tag { key, value }).collect())
}
