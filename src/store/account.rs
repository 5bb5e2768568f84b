//! SQL of accounts and organizations.

use super::{Tx, unknown_word};
use crate::domain::account::{Account, Delegation, Standing};
use crate::domain::{Provider, Result};

pub(super) type Row = (String, Option<String>, Option<String>, String, String, String);

pub(super) fn account((id, name, organization, standing, delegation, status): Row) -> Result<Account> {
    Ok(Account {
        id,
        name,
        organization,
        standing: Standing::parse(&standing).ok_or_else(|| unknown_word(&standing))?,
        delegation: Delegation::parse(&delegation).ok_or_else(|| unknown_word(&delegation))?,
        closed: match status.as_str() {
            "active" => false,
            "closed" => true,
            other => return Err(unknown_word(other)),
        },
    })
}

fn status(account: &Account) -> &'static str {
    if account.closed { "closed" } else { "active" }
}

/// The account by its id.
pub async fn get(tx: &mut Tx, provider: Provider, id: &str) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, name, organization_id, standing, delegation, status
           from accounts
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(account).transpose()
}

/// The account to which an access key belongs, or which is called like it.
pub async fn of_key(tx: &mut Tx, provider: Provider, key: &str) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, name, organization_id, standing, delegation, status
           from accounts
          where provider = $1
            and id = coalesce((select account_id from access_keys where provider = $1 and id = $2), $2)",
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
        "select id, name, organization_id, standing, delegation, status
           from accounts
          where provider = $1 and standing = 'management' and status = 'active'
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
        "select id, name, organization_id, standing, delegation, status
           from accounts
          where provider = $1
          order by id",
    )
    .bind(provider.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(account).collect()
}

/// The id of the account that manages an organization.
pub async fn manager(tx: &mut Tx, provider: Provider, organization: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select id
           from accounts
          where provider = $1 and organization_id = $2 and standing = 'management'",
    )
    .bind(provider.0)
    .bind(organization)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Adds an account, unless there is one by its id; whether it was added.
pub async fn insert_if_absent(tx: &mut Tx, provider: Provider, account: &Account) -> Result<bool> {
    let done = sqlx::query(
        "insert into accounts (provider, id, name, organization_id, standing, delegation, status)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (provider, id) do nothing",
    )
    .bind(provider.0)
    .bind(&account.id)
    .bind(&account.name)
    .bind(&account.organization)
    .bind(account.standing.as_str())
    .bind(account.delegation.as_str())
    .bind(status(account))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down what can change of an account.
pub async fn update(tx: &mut Tx, provider: Provider, account: &Account) -> Result<()> {
    sqlx::query(
        "update accounts
            set name = $3, organization_id = $4, standing = $5, delegation = $6, status = $7
          where provider = $1 and id = $2",
    )
    .bind(provider.0)
    .bind(&account.id)
    .bind(&account.name)
    .bind(&account.organization)
    .bind(account.standing.as_str())
    .bind(account.delegation.as_str())
    .bind(status(account))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds an organization, unless there is one by its id; whether it was added.
pub async fn insert_organization(tx: &mut Tx, provider: Provider, id: &str) -> Result<bool> {
    let done = sqlx::query(
        "insert into organizations (provider, id) values ($1, $2) on conflict (provider, id) do nothing",
    )
    .bind(provider.0)
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The ids of all organizations.
pub async fn list_organizations(tx: &mut Tx, provider: Provider) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sqlx::query_as("select id from organizations where provider = $1 order by id")
        .bind(provider.0)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
