//! SQL of nonces.

use super::Tx;
use crate::domain::{Provider, Result, Timestamp};

/// Whether the nonce was used with this key.
pub async fn exists(tx: &mut Tx, provider: Provider, key: &str, nonce: &str) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as(
        "select expires_at
           from nonces
          where provider = $1 and key_id = $2 and nonce = $3",
    )
    .bind(provider.0)
    .bind(key)
    .bind(nonce)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// Adds a nonce; whether it was not there.
pub async fn insert(
    tx: &mut Tx,
    provider: Provider,
    key: &str,
    nonce: &str,
    expires: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "insert into nonces (provider, key_id, nonce, expires_at)
         values ($1, $2, $3, $4)
         on conflict (provider, key_id, nonce) do nothing",
    )
    .bind(provider.0)
    .bind(key)
    .bind(nonce)
    .bind(expires.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes those whose time was over before this moment.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<()> {
    sqlx::query("delete from nonces where expires_at < $1").bind(now.0).execute(&mut **tx).await?;
    Ok(())
}
