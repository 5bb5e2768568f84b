//! SQL of access keys.

use super::account::account;
use super::{Tx, unknown_word};
use crate::domain::access_key::{AccessKey, KeyStatus, Secret};
use crate::domain::account::Account;
use crate::domain::{Provider, Result, Timestamp};

type Row = (String, String, String, String, Option<i64>, Option<String>);

fn access_key((id, account, secret, status, expires, session_token): Row) -> Result<AccessKey> {
    Ok(AccessKey {
        id,
        account,
        secret: Secret(secret),
        status: KeyStatus::parse(&status).ok_or_else(|| unknown_word(&status))?,
        expires: expires.map(Timestamp),
        session_token: session_token.map(Secret),
    })
}

/// The key by its id, with the account that it belongs to.
pub async fn get_with_account(
    tx: &mut Tx,
    provider: Provider,
    id: &str,
) -> Result<Option<(AccessKey, Account)>> {
    type Joined = (
        String,
        String,
        String,
        String,
        Option<i64>,
        Option<String>,
        Option<String>,
        Option<String>,
        String,
        String,
        String,
    );
    let row: Option<Joined> = sqlx::query_as(
        "select k.id, k.account_id, k.secret, k.status, k.expires_at, k.session_token,
                a.name, a.organization_id, a.standing, a.delegation, a.status
           from access_keys k
           join accounts a on a.provider = k.provider and a.id = k.account_id
          where k.provider = $1 and k.id = $2",
    )
    .bind(provider.0)
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((id, owner, secret, status, expires, token, name, organization, standing, delegation, closed)) =
        row
    else {
        return Ok(None);
    };
    let account = account((owner.clone(), name, organization, standing, delegation, closed))?;
    Ok(Some((access_key((id, owner, secret, status, expires, token))?, account)))
}

/// The key by its id.
pub async fn get(tx: &mut Tx, provider: Provider, id: &str) -> Result<Option<AccessKey>> {
    Ok(get_with_account(tx, provider, id).await?.map(|(key, _)| key))
}

/// All keys, by id.
pub async fn list(tx: &mut Tx, provider: Provider) -> Result<Vec<AccessKey>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, account_id, secret, status, expires_at, session_token
           from access_keys
          where provider = $1
          order by id",
    )
    .bind(provider.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(access_key).collect()
}

/// Whether some key has this session token.
pub async fn has_token(tx: &mut Tx, provider: Provider, token: &str) -> Result<bool> {
    let row: Option<(String,)> = sqlx::query_as(
        "select id
           from access_keys
          where provider = $1 and session_token = $2
          limit 1",
    )
    .bind(provider.0)
    .bind(token)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// Adds a key; whether its id was free.
pub async fn insert(tx: &mut Tx, provider: Provider, key: &AccessKey) -> Result<bool> {
    let done = sqlx::query(
        "insert into access_keys (provider, id, account_id, secret, status, expires_at, session_token)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (provider, id) do nothing",
    )
    .bind(provider.0)
    .bind(&key.id)
    .bind(&key.account)
    .bind(&key.secret.0)
    .bind(key.status.as_str())
    .bind(key.expires.map(|expires| expires.0))
    .bind(key.session_token.as_ref().map(|token| &token.0))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes what can change of a key: its status and its end.
pub async fn update(tx: &mut Tx, provider: Provider, key: &AccessKey) -> Result<()> {
    sqlx::query("update access_keys set status = $3, expires_at = $4 where provider = $1 and id = $2")
        .bind(provider.0)
        .bind(&key.id)
        .bind(key.status.as_str())
        .bind(key.expires.map(|expires| expires.0))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Deletes a key; whether it was there.
pub async fn delete(tx: &mut Tx, provider: Provider, id: &str) -> Result<bool> {
    let done = sqlx::query("delete from access_keys where provider = $1 and id = $2")
        .bind(provider.0)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
