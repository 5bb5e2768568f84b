//! SQL of an estate as a whole: whether it has been filled, and emptying it.

use super::Tx;
use crate::domain::life_cycle::Pace;
use crate::domain::{Error, Result, Timestamp};

/// Empties every table of an estate, each after those that refer to it.
const EMPTY: &[&str] = &[
    "delete from replays",
    "delete from tags",
    "delete from settings",
    "delete from devices",
    "delete from external_ids",
    "delete from users",
    "delete from regions",
    "delete from instances",
    "delete from registered_regions",
    "delete from services",
    "delete from nonces",
    "delete from access_keys",
    "delete from accounts",
    "delete from organizations",
    "delete from meta",
];

/// Whether a seed has been applied.
pub async fn is_seeded(tx: &mut Tx) -> Result<bool> {
    Ok(get(tx, "seeded").await?.is_some())
}

/// Notes that a seed has been applied.
pub async fn mark_seeded(tx: &mut Tx) -> Result<()> {
    set(tx, "seeded", "yes").await
}

async fn get(tx: &mut Tx, name: &'static str) -> Result<Option<String>> {
    if let Some(value) = tx.memo().and_then(|memo| memo.get(name)) {
        return Ok(value.clone());
    }
    let row: Option<(String,)> =
        sqlx::query_as("select value from meta where name = $1").bind(name).fetch_optional(&mut **tx).await?;
    let value = row.map(|(value,)| value);
    if let Some(memo) = tx.memo() {
        memo.insert(name, value.clone());
    }
    Ok(value)
}

async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    forget(tx);
    sqlx::query(
        "insert into meta (name, value) values ($1, $2)
         on conflict (name) do update set value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets what was read, because it is about to be changed.
fn forget(tx: &mut Tx) {
    if let Some(memo) = tx.memo() {
        memo.clear();
    }
}

/// How long what is begun takes.
pub async fn pace(tx: &mut Tx) -> Result<Pace> {
    let Some(text) = get(tx, "pace").await? else { return Ok(Pace::default()) };
    Pace::parse(&text).ok_or_else(|| super::unknown_word(&text))
}

/// Says how long what is begun from now on takes.
pub async fn set_pace(tx: &mut Tx, pace: Pace) -> Result<()> {
    set(tx, "pace", &pace.to_string()).await
}

/// Whether anything will be done after this moment by itself.
pub async fn is_pending(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as(
        "select settles_at from instances where settles_at > $1
         union all
         select settles_at from regions where settles_at > $1
         limit 1",
    )
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// The secret with which page tokens are made.
pub async fn page_secret(tx: &mut Tx) -> Result<String> {
    get(tx, "page_secret").await?.ok_or_else(|| Error::internal("the world has no secret for pages"))
}

/// Whether there is a secret with which page tokens are made.
pub async fn has_page_secret(tx: &mut Tx) -> Result<bool> {
    Ok(get(tx, "page_secret").await?.is_some())
}

/// Keeps the secret with which page tokens are made.
pub async fn set_page_secret(tx: &mut Tx, secret: &str) -> Result<()> {
    set(tx, "page_secret", secret).await
}

/// Deletes everything.
pub async fn empty(tx: &mut Tx) -> Result<()> {
    forget(tx);
    for statement in EMPTY {
        sqlx::query(*statement).execute(&mut **tx).await?;
    }
    Ok(())
}

/// How many rows each table has, by the table's name.
///
/// Kept here for the test that [`empty`] forgets no table.
pub async fn sizes(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    let tables = match tx.backend_name() {
        "PostgreSQL" => {
            "select tablename::text
               from pg_tables
              where schemaname = current_schema() and tablename <> '_sqlx_migrations'
              order by tablename"
        }
        _ => {
            "select name
               from sqlite_master
              where type = 'table' and name <> '_sqlx_migrations'
              order by name"
        }
    };
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&mut **tx).await?;
    let mut sizes = Vec::new();
    for (table,) in tables {
        let text = sqlx::AssertSqlSafe(format!("select count(*) from \"{table}\""));
        let (rows,): (i64,) = sqlx::query_as(text).fetch_one(&mut **tx).await?;
        sizes.push((table, rows));
    }
    Ok(sizes)
}
