//! SQL of instances.

use super::{Tx, columns, settling, tag, unknown_word};
use crate::domain::account::Account;
use crate::domain::instance::{Instance, Status};
use crate::domain::page::Page;
use crate::domain::tag::Tag;
use crate::domain::{Provider, Result, Timestamp};

/// Adds an instance with its tags, behind the others; whether it was added: not when its owner has one, or another one
/// its alias.
pub async fn insert(tx: &mut Tx, provider: Provider, instance: &Instance, tags: &[Tag]) -> Result<bool> {
    /// The positions below this one belong to what an older version gave positions to.
    const FIRST: i64 = 1001;
    let (settles_at, settles_after) = columns(instance.settling);
    let tags = tag::distinct(tags);
    let last = FIRST - 1 + i64::try_from(tags.len()).unwrap_or_default();
    let done = sqlx::query(
        "insert into instances
                (provider, id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at,
                 updated_at, settles_at, settles_after, last_position, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 (select coalesce(max(position), 0) + 1 from instances where provider = $1))
         on conflict do nothing",
    )
    .bind(provider.0)
    .bind(&instance.id)
    .bind(&instance.owner)
    .bind(&instance.organization)
    .bind(&instance.identity_store)
    .bind(&instance.name)
    .bind(&instance.alias)
    .bind(&instance.region)
    .bind(instance.status.as_str())
    .bind(instance.created.0)
    .bind(instance.updated.0)
    .bind(settles_at)
    .bind(settles_after)
    .bind(last)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    tag::insert(tx, provider, &instance.id, &instance.id, FIRST, &tags).await?;
    Ok(true)
}

/// Writes down what can change of an instance.
pub async fn update(tx: &mut Tx, provider: Provider, instance: &Instance) -> Result<()> {
    let (settles_at, settles_after) = columns(instance.settling);
    sqlx::query(
        "update instances
            set name = $3, alias = $4, status = $5, updated_at = $6, settles_at = $7, settles_after = $8
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(&instance.id)
    .bind(&instance.name)
    .bind(&instance.alias)
    .bind(instance.status.as_str())
    .bind(instance.updated.0)
    .bind(settles_at)
    .bind(settles_after)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A position for something in an instance, behind all that were given out.
pub(super) async fn next_position(tx: &mut Tx, provider: Provider, id: &str) -> Result<i64> {
    next_positions(tx, provider, id, 1).await
}

/// The first of so many positions, one behind the other.
pub(super) async fn next_positions(tx: &mut Tx, provider: Provider, id: &str, count: usize) -> Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (last,): (i64,) = sqlx::query_as(
        "update instances
            set last_position = last_position + $3
          where provider = $1 and id = $2
         returning last_position",
    )
    .bind(provider.0)
    .bind(id)
    .bind(count)
    .fetch_one(&mut **tx)
    .await?;
    Ok(last - count + 1)
}

/// Deletes an instance, and with it all that refers to it.
pub async fn delete(tx: &mut Tx, provider: Provider, id: &str) -> Result<()> {
    sqlx::query("delete from instances where provider = $1 and id = $2")
        .bind(provider.0)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Deletes the instances whose deletion is done.
pub async fn sweep(tx: &mut Tx, provider: Provider, now: Timestamp) -> Result<()> {
    sqlx::query(
        "delete from instances
          where provider = $1 and status = 'deleting' and (settles_at <= $2 or settles_after = 0)",
    )
    .bind(provider.0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The instance by its id.
pub async fn find(tx: &mut Tx, provider: Provider, id: &str) -> Result<Option<Instance>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at,
                updated_at, settles_at, settles_after
           from instances
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(instance).transpose()
}

/// The instance of an organization.
pub async fn of_organization(
    tx: &mut Tx,
    provider: Provider,
    organization: &str,
) -> Result<Option<Instance>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at,
                updated_at, settles_at, settles_after
           from instances
          where provider = $1 and organization_id = $2",
    )
    .bind(provider.0)
    .bind(organization)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(instance).transpose()
}

/// The instance that an account owns.
pub async fn of_owner(tx: &mut Tx, provider: Provider, owner: &str) -> Result<Option<Instance>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at,
                updated_at, settles_at, settles_after
           from instances
          where provider = $1 and owner_id = $2",
    )
    .bind(provider.0)
    .bind(owner)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(instance).transpose()
}

/// The id of the instance that goes by an alias.
pub async fn by_alias(tx: &mut Tx, provider: Provider, alias: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sqlx::query_as("select id from instances where provider = $1 and alias = $2")
            .bind(provider.0)
            .bind(alias)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// All instances, by id.
pub async fn list(tx: &mut Tx, provider: Provider) -> Result<Vec<Instance>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at,
                updated_at, settles_at, settles_after
           from instances
          where provider = $1
          order by id",
    )
    .bind(provider.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(instance).collect()
}

/// The instances that an account owns, or that are its organization's: the rows of a page, with their positions.
///
/// Of a Region, those that live there or have been extended to it. What is gone by now is none of them.
pub async fn visible(
    tx: &mut Tx,
    provider: Provider,
    account: &Account,
    region: Option<&str>,
    now: Timestamp,
    page: Page,
) -> Result<Vec<(i64, Instance)>> {
    let found: Vec<(i64, String)> = sqlx::query_as(
        "select i.position, i.id
           from (select provider, id from instances where provider = $1 and owner_id = $2
                 union
                 select provider, id from instances where provider = $1 and organization_id = $3) seen
           join instances i on i.provider = seen.provider and i.id = seen.id
          where not (i.status = 'deleting' and (coalesce(i.settles_at <= $5, false) or coalesce(i.settles_after = 0, false)))
            and ($4 = ''
                 or i.region = $4
                 or exists (select 1
                              from regions r
                             where r.provider = $1 and r.instance_id = i.id and r.region = $4
                               and (r.status = 'active'
                                    or r.status = 'adding' and (r.settles_at <= $5 or r.settles_after = 0))))
            and i.position > $6
          order by i.position
          limit $7 + 0",
    )
    .bind(provider.0)
    .bind(&account.id)
    .bind(account.organization.as_deref().unwrap_or_default())
    .bind(region.unwrap_or_default())
    .bind(now.0)
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(&mut **tx)
    .await?;
    let mut rows = Vec::new();
    for (position, id) in found {
        if let Some(instance) = find(tx, provider, &id).await? {
            rows.push((position, instance));
        }
    }
    Ok(rows)
}

type Row = (
    String,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
);

fn instance(row: Row) -> Result<Instance> {
    let (id, owner, organization, identity_store, name, alias, region, status, created, updated, at, after) =
        row;
    let status = Status::parse(&status).ok_or_else(|| unknown_word(&status))?;
    Ok(Instance {
        id,
        owner,
        organization,
        identity_store,
        name,
        alias,
        region,
        status,
        created: Timestamp(created),
        updated: Timestamp(updated),
        settling: settling(at, after),
    })
}
