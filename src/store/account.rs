//! SQL of accounts and organizations.

use super::{Tx, unknown_word};
use crate::domain::account::{Account, Standing};
use crate::domain::{Provider, Result};

type Row = (String, Option<String>, String);

pub(super) fn account((id, organization, standing): Row) -> Result<Account> {
    let standing = Standing::parse(&standing).ok_or_else(|| unknown_word(&standing))?;
    Ok(Account { id, organization, standing })
}

/// The account by its id.
pub async fn get(tx: &mut Tx, provider: Provider, id: &str) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, organization_id, standing
           from accounts
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(account).transpose()
}

/// The account to which an access key belongs.
pub async fn of_key(tx: &mut Tx, provider: Provider, key: &str) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select a.id, a.organization_id, a.standing
           from access_keys k
           join accounts a on a.provider = k.provider and a.id = k.account_id
          where k.provider = $1 and k.id = $2",
    )
    .bind(provider.0)
    .bind(key)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(account).transpose()
}

/// The management account of the first organization.
pub async fn management(tx: &mut Tx, provider: Provider) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, organization_id, standing
           from accounts
          where provider = $1 and standing = 'management'
          order by organization_id
          limit 1",
    )
    .bind(provider.0)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(account).transpose()
}

/// All accounts, by id.
pub async fn list(tx: &mut Tx, provider: Provider) -> Result<Vec<Account>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, organization_id, standing
           from accounts
          where provider = $1
          order by id",
    )
    .bind(provider.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(account).collect()
}

/// Adds an account, unless there is one by its id.
pub async fn insert_if_absent(tx: &mut Tx, provider: Provider, account: &Account) -> Result<()> {
    sqlx::query(
        "insert into accounts (provider, id, organization_id, standing)
         values ($1, $2, $3, $4)
         on conflict (provider, id) do nothing",
    )
    .bind(provider.0)
    .bind(&account.id)
    .bind(&account.organization)
    .bind(account.standing.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds an organization.
pub async fn insert_organization(tx: &mut Tx, provider: Provider, id: &str) -> Result<()> {
    sqlx::query("insert into organizations (provider, id) values ($1, $2)")
        .bind(provider.0)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
