//! SQL of instances.

use super::{Tx, unknown_word};
use crate::domain::account::{Account, Standing};
use crate::domain::instance::{Instance, Status};
use crate::domain::{Provider, Result, Timestamp};

/// Adds an instance. Returns whether it was added: not when its owner has one.
pub async fn insert(tx: &mut Tx, provider: Provider, instance: &Instance) -> Result<bool> {
    let done = sqlx::query(
        "insert into instances
                (provider, id, owner_id, identity_store_id, name, region, status, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (provider, owner_id) do nothing",
    )
    .bind(provider.0)
    .bind(&instance.id)
    .bind(&instance.owner)
    .bind(&instance.identity_store)
    .bind(&instance.name)
    .bind(&instance.region)
    .bind(instance.status.as_str())
    .bind(instance.created.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The instance by its id, with the account that owns it.
pub async fn find(tx: &mut Tx, provider: Provider, id: &str) -> Result<Option<(Instance, Account)>> {
    let row: Option<(Row, OwnerRow)> = sqlx::query_as::<_, JoinedRow>(
        "select i.id, i.owner_id, i.identity_store_id, i.name, i.region, i.status, i.created_at,
                a.organization_id, a.standing
           from instances i
           join accounts a on a.provider = i.provider and a.id = i.owner_id
          where i.provider = $1 and i.id = $2",
    )
    .bind(provider.0)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?
    .map(|(a, b, c, d, e, f, g, h, i)| ((a, b, c, d, e, f, g), (h, i)));
    let Some((row, (organization, standing))) = row else { return Ok(None) };
    let instance = instance(row)?;
    let standing = Standing::parse(&standing).ok_or_else(|| unknown_word(&standing))?;
    let owner = Account { id: instance.owner.clone(), organization, standing };
    Ok(Some((instance, owner)))
}

/// All instances, by id.
pub async fn list(tx: &mut Tx, provider: Provider) -> Result<Vec<Instance>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, owner_id, identity_store_id, name, region, status, created_at
           from instances
          where provider = $1
          order by id",
    )
    .bind(provider.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(instance).collect()
}

type Row = (String, String, String, Option<String>, String, String, i64);
type OwnerRow = (Option<String>, String);
type JoinedRow = (String, String, String, Option<String>, String, String, i64, Option<String>, String);

fn instance((id, owner, identity_store, name, region, status, created): Row) -> Result<Instance> {
    let status = Status::parse(&status).ok_or_else(|| unknown_word(&status))?;
    Ok(Instance { id, owner, identity_store, name, region, status, created: Timestamp(created) })
}
