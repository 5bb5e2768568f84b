//! SQL of second factors.

use super::Tx;
use crate::domain::device::Device;
use crate::domain::{Provider, Result, Timestamp};

/// Adds a second factor, behind the others of its user.
pub async fn insert(tx: &mut Tx, provider: Provider, device: &Device) -> Result<()> {
    sqlx::query(
        "insert into devices (provider, id, user_id, name, kind, registered_at, used_at, position)
         values ($1, $2, $3, $4, $5, $6, $7,
                 (select coalesce(max(position), 0) + 1 from devices where provider = $1 and user_id = $3))",
    )
    .bind(provider.0)
    .bind(&device.id)
    .bind(&device.user)
    .bind(&device.name)
    .bind(&device.kind)
    .bind(device.registered.0)
    .bind(device.used.map(|used| used.0))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The second factors of a user, in the order in which they came.
pub async fn list(tx: &mut Tx, provider: Provider, user: &str) -> Result<Vec<Device>> {
    type Row = (String, String, String, i64, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(
        "select id, name, kind, registered_at, used_at
           from devices
          where provider = $1 and user_id = $2
          order by position",
    )
    .bind(provider.0)
    .bind(user)
    .fetch_all(&mut **tx)
    .await?;
    let devices = rows.into_iter().map(|(id, name, kind, registered, used)| Device {
        id,
        user: user.to_owned(),
        name,
        kind,
        registered: Timestamp(registered),
        used: used.map(Timestamp),
    });
    Ok(devices.collect())
}

/// Deletes a second factor of a user; whether it was there.
pub async fn delete(tx: &mut Tx, provider: Provider, user: &str, id: &str) -> Result<bool> {
    let done = sqlx::query("delete from devices where provider = $1 and user_id = $2 and id = $3")
        .bind(provider.0)
        .bind(user)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
