//! Where the worlds of the tests are kept. This is the one place that decides it.
//!
//! A test asks for memory or for a file. Where `SANMEN_TEST_DATABASE_URL` names a database of PostgreSQL, all of them are
//! there instead, each in a schema of its own: the rules and the answers are to be the same. Tests that are about files
//! open them by themselves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sanmen::store::{Store, estate};
use sqlx::{AnyConnection, Connection, Executor, PgConnection};

/// Where a world is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    File,
    Shared,
}

/// What holds a world. It is given back when it is dropped.
pub(crate) enum Kept {
    Memory,
    File { _directory: tempfile::TempDir },
    Schema { _schema: Schema },
}

/// The database of the tests, if there is one.
pub(crate) fn server() -> Option<String> {
    std::env::var("SANMEN_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

impl Place {
    /// All that differ from each other.
    pub(crate) fn all() -> Vec<Self> {
        match server() {
            Some(_) => vec![Self::Shared],
            None => vec![Self::Memory, Self::File],
        }
    }

    /// An empty store there.
    pub(crate) async fn open(self) -> (Kept, Store) {
        if let Some(server) = server() {
            let schema = Schema::take(&server).await;
            let store = Store::url(&schema.url(&server)).await.expect("a store");
            let mut tx = store.write().await.expect("a transaction");
            estate::empty(&mut tx).await.expect("emptied");
            store.commit(tx).await.expect("committed");
            return (Kept::Schema { _schema: schema }, store);
        }
        match self {
            Self::Memory => (Kept::Memory, Store::memory().await.expect("a store")),
            Self::File => {
                let directory = tempfile::tempdir().expect("a directory");
                let store = Store::file(&directory.path().join("sanmen.db")).await.expect("a store");
                (Kept::File { _directory: directory }, store)
            }
            Self::Shared => panic!("SANMEN_TEST_DATABASE_URL names no server"),
        }
    }
}

/// A schema that nobody else uses. To make one takes longer than to empty it, so they are used again.
pub(crate) struct Schema {
    name: String,
    /// Whether there is nothing in it but a world, which can be emptied.
    again: bool,
}

static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Schema {
    /// One with whatever was in it before.
    pub(crate) async fn take(server: &str) -> Self {
        let free = FREE.lock().expect("no test panics here").pop();
        let name = match free {
            Some(name) => name,
            None => Self::make(server).await.name.clone(),
        };
        Self { name, again: true }
    }

    /// One in which nothing ever was.
    pub(crate) async fn make(server: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("world_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        sql(server, &format!("create schema {name}")).await;
        Self { name, again: false }
    }

    /// The URL of a world in it.
    pub(crate) fn url(&self, server: &str) -> String {
        format!("{server}?options=-csearch_path%3D{}", self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if self.again {
            FREE.lock().expect("no test panics here").push(self.name.clone());
        }
    }
}

/// Runs SQL with nothing of ours in between.
pub(crate) async fn sql(url: &str, statements: &str) {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    connection.execute(sqlx::AssertSqlSafe(statements.to_owned())).await.expect("SQL");
    connection.close().await.expect("closed");
}

/// All rows of a table, as one text. How many positions were ever given out is nothing that could be left behind.
pub(crate) async fn rows(tx: &mut AnyConnection, table: &str) -> String {
    let shared = tx.backend_name() == "PostgreSQL";
    let columns = match shared {
        true => format!(
            "select column_name::text
               from information_schema.columns
              where table_schema = current_schema() and table_name = '{table}'
              order by ordinal_position"
        ),
        false => format!("select name from pragma_table_info('{table}') order by cid"),
    };
    let columns: Vec<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(columns)).fetch_all(&mut *tx).await.expect("columns");
    let (quote, gather) = if shared { ("quote_nullable", "string_agg") } else { ("quote", "group_concat") };
    let columns = columns.iter().filter(|(name,)| name != "last_position");
    let columns: Vec<_> = columns.map(|(name,)| format!("{quote}(\"{name}\")")).collect();
    let row = columns.join(" || ',' || ");
    let all = format!(
        "select coalesce({gather}({row}, ';'), '') from (select * from \"{table}\" order by 1, 2) as ordered"
    );
    let (all,): (String,) = sqlx::query_as(sqlx::AssertSqlSafe(all)).fetch_one(tx).await.expect("rows");
    all
}
