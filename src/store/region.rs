//! SQL of the Regions of instances, and of those that organizations have chosen.

use super::{Tx, columns, settling, unknown_word};
use crate::domain::region::{Region, Status};
use crate::domain::{Provider, Result, Timestamp};

/// Adds a Region of an instance, behind the others. The first position is that of the Region that it lives in.
pub async fn insert(tx: &mut Tx, provider: Provider, instance: &str, region: &Region) -> Result<()> {
    let (settles_at, settles_after) = columns(region.settling);
    let position = super::instance::next_position(tx, provider, instance).await?;
    sqlx::query(
        "insert into regions
                (provider, instance_id, region, status, added_at, settles_at, settles_after, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(&region.name)
    .bind(region.status.as_str())
    .bind(region.added.0)
    .bind(settles_at)
    .bind(settles_after)
    .bind(position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes down what can change of a Region of an instance.
pub async fn update(tx: &mut Tx, provider: Provider, instance: &str, region: &Region) -> Result<()> {
    let (settles_at, settles_after) = columns(region.settling);
    sqlx::query(
        "update regions
            set status = $4, settles_at = $5, settles_after = $6
          where provider = $1 and instance_id = $2 and region = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(&region.name)
    .bind(region.status.as_str())
    .bind(settles_at)
    .bind(settles_after)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a Region of an instance, if it is there.
pub async fn delete(tx: &mut Tx, provider: Provider, instance: &str, name: &str) -> Result<()> {
    sqlx::query("delete from regions where provider = $1 and instance_id = $2 and region = $3")
        .bind(provider.0)
        .bind(instance)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

type Row = (i64, String, String, i64, Option<i64>, Option<i64>);

fn region((position, name, status, added, at, after): Row) -> Result<(i64, Region)> {
    let status = Status::parse(&status).ok_or_else(|| unknown_word(&status))?;
    let (added, settling) = (Timestamp(added), settling(at, after));
    Ok((position, Region { name, status, added, is_primary: false, settling }))
}

/// The Region of this name of an instance.
pub async fn get(tx: &mut Tx, provider: Provider, instance: &str, name: &str) -> Result<Option<Region>> {
    let row: Option<Row> = sqlx::query_as(
        "select position, region, status, added_at, settles_at, settles_after
           from regions
          where provider = $1 and instance_id = $2 and region = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(name)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(region).transpose()?.map(|(_, region)| region))
}

/// Regions of an instance behind a position, with theirs. What is gone by now is none of them.
pub async fn page(
    tx: &mut Tx,
    provider: Provider,
    instance: &str,
    now: Timestamp,
    after: i64,
    rows: i64,
) -> Result<Vec<(i64, Region)>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select position, region, status, added_at, settles_at, settles_after
           from regions
          where provider = $1 and instance_id = $2 and position > $4
            and not (status = 'removing'
                     and (coalesce(settles_at <= $3, false) or coalesce(settles_after = 0, false)))
          order by position
          limit $5 + 0",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(now.0)
    .bind(after)
    .bind(rows)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(region).collect()
}

/// The Region that an organization has chosen.
pub async fn registered(tx: &mut Tx, provider: Provider, organization: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select region
           from registered_regions
          where provider = $1 and organization_id = $2",
    )
    .bind(provider.0)
    .bind(organization)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(region,)| region))
}

/// Writes down the Region that an organization has chosen, in place of the one before.
pub async fn register(
    tx: &mut Tx,
    provider: Provider,
    organization: &str,
    region: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into registered_regions (provider, organization_id, region, created_at)
         values ($1, $2, $3, $4)
         on conflict (provider, organization_id) do update
            set region = excluded.region, created_at = excluded.created_at",
    )
    .bind(provider.0)
    .bind(organization)
    .bind(region)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets the Region that an organization has chosen.
pub async fn unregister(tx: &mut Tx, provider: Provider, organization: &str) -> Result<()> {
    sqlx::query("delete from registered_regions where provider = $1 and organization_id = $2")
        .bind(provider.0)
        .bind(organization)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
