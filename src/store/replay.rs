//! SQL of idempotency records.

use super::Tx;
use crate::domain::{Provider, Result, Timestamp};

/// Under what a record is kept.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// Whose estate.
    pub provider: Provider,
    /// The account that gave the token.
    pub account: &'a str,
    /// The operation it was given to.
    pub operation: &'a str,
    /// The token.
    pub token: &'a str,
}

/// A record: what was asked, and what was answered.
pub struct Record {
    /// The parameters, in a form in which equal requests are equal texts.
    pub parameters: String,
    /// The answer.
    pub answer: String,
}

/// The record under this key.
pub async fn get(tx: &mut Tx, key: Key<'_>) -> Result<Option<Record>> {
    let row: Option<(String, String)> = sqlx::query_as(
        "select parameters, answer
           from replays
          where provider = $1 and account_id = $2 and operation = $3 and token = $4",
    )
    .bind(key.provider.0)
    .bind(key.account)
    .bind(key.operation)
    .bind(key.token)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(parameters, answer)| Record { parameters, answer }))
}

/// Adds a record, which dies with the instance that it names.
pub async fn insert(
    tx: &mut Tx,
    key: Key<'_>,
    record: &Record,
    instance: Option<&str>,
    created: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into replays
                (provider, account_id, operation, token, parameters, answer, instance_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(key.provider.0)
    .bind(key.account)
    .bind(key.operation)
    .bind(key.token)
    .bind(&record.parameters)
    .bind(&record.answer)
    .bind(instance)
    .bind(created.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the records that die with an instance.
pub async fn delete_of(tx: &mut Tx, provider: Provider, instance: &str) -> Result<()> {
    sqlx::query("delete from replays where provider = $1 and instance_id = $2")
        .bind(provider.0)
        .bind(instance)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
