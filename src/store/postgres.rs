//! PostgreSQL: the same world for more than one server.
//!
//! Writers queue as they do in a file: each has the world's lock from its start to its end, whichever server it works
//! for, and so sees all that was committed before. Readers see one moment, and wait for nobody.

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::postgres::PgDatabaseError;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Executor, Transaction};

use super::nonce::Gathering;
use super::open::{MIGRATIONS, OpenError};
use super::writing::Writing;
use super::{Backend, Store};

/// A transaction that is under way.
type Open = Transaction<'static, Any>;

/// How a transaction begins that only reads.
const READ: &str = "begin isolation level repeatable read read only";
/// How a transaction begins that writes. After the lock each statement sees what was committed until then.
const WRITE: &str = "begin isolation level read committed read write";

/// Readers beside the one writer of a server.
const READERS: u32 = 8;

/// For how long a connection is tried for, at the start and later, and waited for where all are in use.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a beginning may take, with the waiting for a turn, a connection and the lock; and a commit. Beyond that the server
/// stands still, or the network swallows what is sent. What became of a commit then nobody can say.
const LIMIT: Duration = Duration::from_secs(12);

/// What every connection is told, whatever the server and the role are set to. A server that stands still in the middle of
/// a transaction would keep the lock from all others; what is committed is to be on disk.
const SESSION: &str = "
    set lock_timeout = '5s';
    set idle_in_transaction_session_timeout = '10s';
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
    select set_config('application_name', 'sanmen', false) where current_setting('application_name') = ''";

/// Opens the database at this URL, of which `postgres:` or `postgresql:` is the scheme.
///
/// # Errors
/// See [`OpenError`]. A database that cannot be used is left as it was.
pub(super) async fn open(url: &str) -> Result<Store, OpenError> {
    install_default_drivers();
    let unsupported = || OpenError::Url(shown(url));
    let options = AnyConnectOptions::from_str(url).map_err(|_| unsupported())?.disable_statement_logging();
    if let Some((name, _)) = options.database_url.query_pairs().find(|(name, _)| !is_known(name)) {
        if name.contains('@') {
            // Perhaps a part of a password.
            return Err(unsupported());
        }
        return Err(OpenError::Parameter(shown(url), name.into_owned()));
    }
    let mut modes = options.database_url.query_pairs().filter(|(name, _)| name == "sslmode");
    if modes.any(|(_, mode)| !matches!(&*mode, "disable" | "allow" | "prefer")) {
        return Err(OpenError::Tls(shown(url)));
    }
    let unreachable = |error| OpenError::Unreachable(shown(url), reason(&error));
    let connecting = tokio::time::timeout(PATIENCE, AnyConnection::connect_with(&options));
    let mut first = connecting.await.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(unreachable)?;
    // Another server may be making the tables just now: who does that has a lock.
    first.execute("set lock_timeout = '60s'").await?;
    look(&mut first, &shown(url)).await?;
    MIGRATIONS.run(&mut first).await?;
    first.close().await?;
    let writer = pool(1).connect_lazy_with(options.clone());
    let readers = pool(READERS).connect_lazy_with(options);
    Ok(Store {
        backend: Backend::Postgres,
        hold: None,
        writer,
        readers,
        nonces: Gathering::default(),
        writing: Writing::patient(LIMIT),
    })
}

/// Takes the world's lock, which is kept until the transaction ends. A world is a set of tables, one of which stands for
/// all.
const LOCK: &str = "select pg_advisory_xact_lock(7760, 'meta'::regclass::oid::int)::text";

/// Begins a transaction that only reads.
///
/// # Errors
/// When the database cannot be asked, or does not answer in time.
pub(super) async fn read(pool: &AnyPool) -> Result<Open, sqlx::Error> {
    in_time(begin(pool, READ)).await
}

/// Begins a transaction that has the world's lock. [`Writing`] sees to it that it does not take for ever.
///
/// # Errors
/// When the database cannot be asked; and when others have the lock for too long, of which [`is_conflict`].
pub(super) async fn write(pool: &AnyPool) -> Result<Open, sqlx::Error> {
    let mut transaction = begin(pool, WRITE).await?;
    transaction.execute(LOCK).await?;
    Ok(transaction)
}

/// Does what is one statement, and so needs no lock and waits for nobody who has it; in a transaction, of which it is known
/// that its connection was not broken before.
///
/// # Errors
/// When the database fails, or does not answer in time.
pub(super) async fn alone<T>(
    pool: &AnyPool,
    work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    in_time(async {
        let mut transaction = begin(pool, WRITE).await?;
        let done = work(&mut transaction).await?;
        transaction.commit().await?;
        Ok(done)
    })
    .await
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late = || Err(sqlx::Error::Protocol("the database does not answer in time".to_owned()));
    tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| late())
}

/// Begins a transaction. A connection that has broken since it was used last is found out, and another one tried.
async fn begin(pool: &AnyPool, statement: &'static str) -> Result<Open, sqlx::Error> {
    let mut left = pool.options().get_max_connections();
    loop {
        match pool.begin_with(statement).await {
            Err(error) if left > 0 && is_broken(&error) => left -= 1,
            begun => return begun,
        }
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // That would be a question more before each transaction. `begin` finds it out.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(SESSION).await.map(drop) }))
}

/// The parameters of a URL that mean something. One that does not would be ignored, and logged with its value.
fn is_known(parameter: &str) -> bool {
    let known =
        ["host", "hostaddr", "port", "user", "password", "dbname", "application_name", "options", "sslmode"];
    known.contains(&parameter) || parameter.starts_with("options[")
}

/// A URL without what could be a secret in it.
pub(super) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        if let Some((scheme, _)) = url.split_once(':').filter(|_| url.contains('@')) {
            return format!("{scheme}:…");
        }
        return url.split(['?', '#']).next().unwrap_or_default().to_owned();
    };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if rest.contains('@') {
        // Perhaps a password that is not written as in a URL: where it begins and ends nobody can say.
        return format!("{scheme}://…");
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, place)) => {
            format!("{scheme}://{}@{place}{path}", user.split(':').next().unwrap_or_default())
        }
        None => format!("{scheme}://{authority}{path}"),
    }
}

/// Looks at a database without changing it.
async fn look(connection: &mut AnyConnection, shown: &str) -> Result<(), OpenError> {
    // Which columns there are differs from version to version.
    let (encoding, provider, collation, schema): (String, String, String, Option<String>) = sqlx::query_as(
        "select pg_encoding_to_char(d.encoding)::text,
                coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
                coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', d.datcollate::text),
                current_schema()::text
           from pg_database d
          where d.datname = current_database()",
    )
    .fetch_one(&mut *connection)
    .await?;
    if encoding != "UTF8" || !is_by_bytes(&provider, &collation) {
        return Err(OpenError::Collation(shown.to_owned(), encoding, collation));
    }
    if schema.is_none() {
        return Err(OpenError::Schema(shown.to_owned()));
    }
    let tables: Vec<(String,)> = sqlx::query_as(
        "select tablename::text
           from pg_tables
          where schemaname = current_schema()
          order by tablename",
    )
    .fetch_all(&mut *connection)
    .await?;
    let has = |name: &str| tables.iter().any(|(table,)| table == name);
    let Some((first,)) = tables.iter().find(|(table,)| table != "_sqlx_migrations") else { return Ok(()) };
    if !has("_sqlx_migrations") || !has("access_keys") {
        return Err(OpenError::ForeignTables(shown.to_owned(), first.clone()));
    }
    let (theirs,): (Option<i64>,) =
        sqlx::query_as("select max(version) from _sqlx_migrations").fetch_one(&mut *connection).await?;
    let ours = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    match theirs {
        Some(theirs) if theirs > ours => Err(OpenError::NewerTables(shown.to_owned(), theirs, ours)),
        _ => Ok(()),
    }
}

/// Whether texts are ordered by their bytes, as everywhere else: by the C library's plain locales, or by PostgreSQL's own
/// provider, which has no others.
fn is_by_bytes(provider: &str, collation: &str) -> bool {
    match provider {
        "b" => true,
        "c" => matches!(collation, "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "C.UTF8"),
        _ => false,
    }
}

/// The code of an error of PostgreSQL's.
fn code(error: &sqlx::Error) -> Option<&str> {
    Some(error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?.code())
}

/// What the database says, without where in its own sources it says so.
fn reason(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

/// Whether another transaction was in the way: a lock that was waited for too long, a deadlock, no order to be found.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    matches!(code(error), Some("55P03" | "40P01" | "40001"))
}

/// Whether the connection is of no use any more: the server has ended it, or is gone.
fn is_broken(error: &sqlx::Error) -> bool {
    match code(error) {
        Some(code) => code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P05" | "25P03"),
        None => matches!(error, sqlx::Error::Io(_) | sqlx::Error::Protocol(_)),
    }
}

impl OpenError {
    /// Whether what was said of the database can only be mended by saying something else.
    pub fn is_of_the_url(&self) -> bool {
        matches!(self, Self::Url(_) | Self::Parameter(..) | Self::Tls(_))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_by_bytes, shown};

    #[test]
    fn only_an_order_by_bytes_will_do() {
        for (provider, collation, fits) in [
            ("c", "C", true),
            ("c", "POSIX", true),
            ("c", "C.UTF-8", true),
            ("c", "C.utf8", true),
            ("b", "C.UTF-8", true),
            ("b", "PG_UNICODE_FAST", true),
            ("c", "en_US.UTF-8", false),
            ("c", "", false),
            ("i", "C", false),
            ("i", "und", false),
        ] {
            assert_eq!(is_by_bytes(provider, collation), fits, "{provider} {collation}");
        }
    }

    #[test]
    fn what_is_shown_of_a_url_has_no_secret() {
        for (url, expected) in [
            ("postgres://user:secret@host:5432/db?password=secret", "postgres://user@host:5432/db"),
            ("postgres://user:a@secret@host/db", "postgres://user@host/db"),
            ("mysql://:secret@host", "mysql://@host"),
            ("postgres://host/db", "postgres://host/db"),
            ("postgres://user:a/secret@host/db", "postgres://…"),
            ("postgres://user:a@secret/b@host/db", "postgres://…"),
            ("postgres://user:1?secret@host/db", "postgres://…"),
            ("postgres://user:1#secret@host/db", "postgres://…"),
            ("postgres://host?password=a@secret", "postgres://…"),
            ("postgres://host?password=secret", "postgres://host"),
            ("postgres://", "postgres://"),
            ("plain.db", "plain.db"),
            ("postgres:user:secret@host/db", "postgres:…"),
            ("sqlite:a?secret", "sqlite:a"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }
}
