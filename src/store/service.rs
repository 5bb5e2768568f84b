//! SQL of the service's being enabled.

use super::Tx;
use crate::domain::{Provider, Result, Timestamp};

/// Whether the organization has enabled the service.
pub async fn is_enabled(tx: &mut Tx, provider: Provider, organization: &str) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as(
        "select enabled_at
           from services
          where provider = $1 and organization_id = $2",
    )
    .bind(provider.0)
    .bind(organization)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// Enables the service for an organization, if it has not done so.
pub async fn insert(tx: &mut Tx, provider: Provider, organization: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "insert into services (provider, organization_id, enabled_at)
         values ($1, $2, $3)
         on conflict (provider, organization_id) do nothing",
    )
    .bind(provider.0)
    .bind(organization)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Disables the service for an organization, if it is enabled.
pub async fn delete(tx: &mut Tx, provider: Provider, organization: &str) -> Result<()> {
    sqlx::query("delete from services where provider = $1 and organization_id = $2")
        .bind(provider.0)
        .bind(organization)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
