//! SQL of an estate as a whole: whether it has been filled, and emptying it.

use super::Tx;
use crate::domain::Result;

/// Empties every table of an estate, each after those that refer to it.
const EMPTY: &[&str] = &[
    "delete from replays",
    "delete from tags",
    "delete from settings",
    "delete from instances",
    "delete from services",
    "delete from nonces",
    "delete from access_keys",
    "delete from accounts",
    "delete from organizations",
    "delete from meta",
];

/// Whether a seed has been applied.
pub async fn is_seeded(tx: &mut Tx) -> Result<bool> {
    let row: Option<(String,)> =
        sqlx::query_as("select value from meta where name = 'seeded'").fetch_optional(&mut **tx).await?;
    Ok(row.is_some())
}

/// Notes that a seed has been applied.
pub async fn mark_seeded(tx: &mut Tx) -> Result<()> {
    sqlx::query("insert into meta (name, value) values ('seeded', 'yes')").execute(&mut **tx).await?;
    Ok(())
}

/// Deletes everything.
pub async fn empty(tx: &mut Tx) -> Result<()> {
    for statement in EMPTY {
        sqlx::query(*statement).execute(&mut **tx).await?;
    }
    Ok(())
}

/// How many rows each table has, by the table's name.
///
/// Kept here for the test that [`empty`] forgets no table.
pub async fn sizes(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    let tables: Vec<(String,)> = sqlx::query_as(
        "select name
           from sqlite_master
          where type = 'table' and name <> '_sqlx_migrations'
          order by name",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut sizes = Vec::new();
    for (table,) in tables {
        let text = sqlx::AssertSqlSafe(format!("select count(*) from \"{table}\""));
        let (rows,): (i64,) = sqlx::query_as(text).fetch_one(&mut **tx).await?;
        sizes.push((table, rows));
    }
    Ok(sizes)
}
