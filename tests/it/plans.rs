//! How the database goes about what it is asked: by an index, and planned once.

use sanmen::store::Store;
use sqlx::{Connection, Row};

use super::boundaries::sources;

/// What begins so is about all rows of a vendor, or of the file's own tables.
const OF_ALL: &[&str] = &[
    "select id, name, organization_id, standing, delegation, status from accounts where provider = $1 order by id",
    // A stranger's: the management account of the first organization.
    "select id, name, organization_id, standing, delegation, status from accounts where provider = $1 and standing",
    "select id from organizations where provider = $1 order by id",
    "select id, account_id, secret, status, expires_at, session_token from access_keys where provider = $1 order",
    "select id, owner_id, organization_id, identity_store_id, name, alias, region, status, created_at, updated_at, \
     settles_at, settles_after from instances where provider = $1 order by id",
    "select name from sqlite_master",
];

/// The statements that stand in the store as they are sent, each on one line.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, text) in sources("src/store") {
        for literal in text.split('"').skip(1).step_by(2) {
            let line = literal.split_whitespace().collect::<Vec<_>>().join(" ");
            let verb = line.split(' ').next().unwrap_or_default();
            if ["select", "insert", "update", "delete"].contains(&verb) && !line.contains(['{', '\\']) {
                found.push((path.clone(), line));
            }
        }
    }
    assert!(found.len() > 50, "{} statements", found.len());
    found
}

/// A connection to a new database of ours, and its directory.
async fn database() -> (tempfile::TempDir, sqlx::SqliteConnection) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    Store::file(&path).await.expect("a store").close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    (directory, sqlx::SqliteConnection::connect_with(&options).await.expect("a connection"))
}

// Else a world with many rows would be slow where it has few to look at.
#[tokio::test]
async fn no_statement_goes_through_all_rows() {
    let (_directory, mut connection) = database().await;
    for (source, statement) in statements() {
        // A reset empties whole tables.
        let empties = statement.starts_with("delete from") && !statement.contains("where");
        // What only PostgreSQL is asked.
        let is_others = statement.contains("pg_");
        if empties || is_others || OF_ALL.iter().any(|all| statement.starts_with(all)) {
            continue;
        }
        let explained = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
        for row in sqlx::query(explained).fetch_all(&mut connection).await.expect(&statement) {
            let step: String = row.get("detail");
            // What was found just before, by an index, is two rows at most; the last position is at an index's end;
            // and what is being deleted is few.
            let few = [
                "SCAN seen",
                "INDEX instances_position (provider=?)",
                "INDEX instances_deleting (provider=?)",
            ];
            let through =
                step.starts_with("SCAN") || step.contains("(provider=?") && step.matches("=?").count() == 1;
            assert!(!through || few.iter().any(|few| step.ends_with(few)), "{source}: {statement}\n{step}");
        }
    }
}

// What is deleted with something is looked for at each deletion.
#[tokio::test]
async fn what_is_deleted_with_something_is_found_by_an_index() {
    let (_directory, mut connection) = database().await;
    let keys = sqlx::query(
        "select t.name as name, group_concat(k.\"from\") as columns
           from (select name from sqlite_master where type = 'table' order by name) t,
                pragma_foreign_key_list(t.name) k
          where k.on_delete = 'CASCADE'
          group by t.name, k.id",
    );
    let indexes = sqlx::query(
        "select t.name as name, (select group_concat(c.name) from pragma_index_info(i.name) c) as columns
           from sqlite_master t, pragma_index_list(t.name) i
          where t.type = 'table'",
    );
    let read = |row: sqlx::sqlite::SqliteRow| (row.get("name"), row.get("columns"));
    let keys: Vec<(String, String)> =
        keys.fetch_all(&mut connection).await.expect("keys").into_iter().map(read).collect();
    let indexes: Vec<(String, String)> =
        indexes.fetch_all(&mut connection).await.expect("indexes").into_iter().map(read).collect();
    assert!(keys.len() > 5, "{keys:?}");
    for (table, columns) in keys {
        let found = indexes.iter().any(|(name, index)| {
            *name == table && (*index == columns || index.starts_with(&format!("{columns},")))
        });
        assert!(found, "{table} ({columns}) refers to what is deleted, and has no index");
    }
}

// SQLite looks at a bound limit when it plans, and plans anew whenever one is bound: at each call. An expression it
// does not look at.
#[test]
fn no_statement_is_planned_at_each_call() {
    for (path, text) in sources("src/store") {
        for rest in text.split("limit $").skip(1) {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "{}".contains(c));
            assert!(after.starts_with(" + 0"), "{path}: limit ${}", rest.lines().next().unwrap_or_default());
        }
    }
}
