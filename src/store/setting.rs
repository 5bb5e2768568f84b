//! SQL of settings.

use super::Tx;
use crate::domain::{Provider, Result};

/// The document, if it was ever saved.
pub async fn get(tx: &mut Tx, provider: Provider, instance: &str, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select document
           from settings
          where provider = $1 and instance_id = $2 and name = $3",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(name)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(document,)| document))
}

/// Saves the document in place of the one before.
pub async fn set(tx: &mut Tx, provider: Provider, instance: &str, name: &str, document: &str) -> Result<()> {
    sqlx::query(
        "insert into settings (provider, instance_id, name, document)
         values ($1, $2, $3, $4)
         on conflict (provider, instance_id, name) do update set document = excluded.document",
    )
    .bind(provider.0)
    .bind(instance)
    .bind(name)
    .bind(document)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the document, if it was ever saved.
pub async fn delete(tx: &mut Tx, provider: Provider, instance: &str, name: &str) -> Result<()> {
    sqlx::query("delete from settings where provider = $1 and instance_id = $2 and name = $3")
        .bind(provider.0)
        .bind(instance)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
