//! Opening a database: looked at first, and left untouched when it is not one that this program can use.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AnyConnection, ConnectOptions, Connection, Executor};

use super::nonce::Gathering;
use super::writing::Writing;
use super::{Backend, Store, postgres};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!();

/// Readers beside the one writer of a file.
const READERS: u32 = 4;

/// What stands in the way of using a database.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address of the database is not one that can be used.
    #[error(
        "the database URL {0:?} is not supported: give sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE"
    )]
    Url(String),
    /// The address has a parameter that means nothing.
    #[error("the database URL {0:?} has the unknown parameter {1:?}")]
    Parameter(String, String),
    /// The directory cannot be made.
    #[error("cannot make the directory {0}: {1}")]
    Directory(PathBuf, std::io::Error),
    /// The file can be neither opened nor made.
    #[error("cannot open the database {0}: {1}. Is the directory there, and may this user write to it?")]
    Unopened(PathBuf, sqlx::Error),
    /// The file is damaged, or no database at all.
    #[error("{0} is not a sound SQLite database ({1}). It was left untouched; move it away to start anew")]
    Corrupt(PathBuf, String),
    /// The file belongs to some other program.
    #[error("{0} is a database, but not one of this program. It was left untouched")]
    Foreign(PathBuf),
    /// A newer version of this program wrote it.
    #[error(
        "{0} was written by a newer version of this program (its schema is {1}, this program knows {2}). \
         It was left untouched: use that version"
    )]
    Newer(PathBuf, i64, i64),
    /// The server is not there, or does not let this program in.
    #[error("cannot connect to {0}: {1}. Does the server run, and may this user use this database?")]
    Unreachable(String, sqlx::Error),
    /// The database orders texts in another way than all others do, or does not hold all of them.
    #[error(
        "the database {0} has the encoding {1} and the collation {2}: texts would be ordered otherwise than elsewhere. \
         It was left untouched. Make one that orders them by their bytes: \
         create database … template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
    )]
    Collation(String, String, String),
    /// The database has no place for tables.
    #[error("the database {0} has no schema in which tables could be made: see the search_path of its user")]
    Schema(String),
    /// The tables belong to some other program.
    #[error(
        "the database {0} has tables that are not this program's, such as {1:?}. It was left untouched: give this program a \
         database, or a schema, of its own"
    )]
    ForeignTables(String, String),
    /// A newer version of this program made the tables.
    #[error(
        "the tables in {0} were made by a newer version of this program (their schema is {1}, this program knows {2}). \
         They were left untouched: use that version"
    )]
    NewerTables(String, i64, i64),
    /// Bringing the schema up to date failed.
    #[error("cannot bring the schema up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

impl Store {
    /// A database in memory, which ends with the program.
    ///
    /// # Errors
    /// Only when there is no memory for it.
    pub async fn memory() -> Result<Self, OpenError> {
        let options = options("sqlite::memory:")?;
        let writer = pool(1).connect_with(options).await?;
        MIGRATIONS.run(&writer).await?;
        Ok(Self {
            backend: Backend::Sqlite,
            readers: writer.clone(),
            writer,
            nonces: Gathering::default(),
            writing: Writing::default(),
        })
    }

    /// The database in this file, made when it is not there. It is in WAL mode: one writes while others read.
    ///
    /// # Errors
    /// See [`OpenError`]. A file that cannot be used is left as it was.
    pub async fn file(path: &Path) -> Result<Self, OpenError> {
        inspect(path).await?;
        let url = format!("sqlite:{}?mode=rwc", escape(path));
        let options = options(&url)?;
        let unopened = |error| OpenError::Unopened(path.to_owned(), error);
        // On a connection of its own: a pool would try again and again, and then say that it took too long.
        let mut first = AnyConnection::connect_with(&options).await.map_err(unopened)?;
        first.execute("pragma busy_timeout = 5000").await.map_err(unopened)?;
        first.execute("pragma journal_mode = wal").await.map_err(unopened)?;
        prepare(&mut first).await.map_err(unopened)?;
        MIGRATIONS.run(&mut first).await?;
        first.close().await.map_err(unopened)?;
        let writer = pool(1).connect_with(options.clone()).await.map_err(unopened)?;
        let readers = pool(READERS).connect_with(options).await?;
        Ok(Self {
            backend: Backend::Sqlite,
            writer,
            readers,
            nonces: Gathering::default(),
            writing: Writing::default(),
        })
    }

    /// The database at this URL.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn url(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::open(url).await;
        }
        let unsupported = || OpenError::Url(postgres::shown(url));
        let rest = url.strip_prefix("sqlite:").ok_or_else(unsupported)?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        match rest {
            "" => Err(unsupported()),
            ":memory:" => Self::memory().await,
            path if path.contains('?') => Err(unsupported()),
            path => Self::file(Path::new(path)).await,
        }
    }
}

/// Looks at a file without changing it.
async fn inspect(path: &Path) -> Result<(), OpenError> {
    match std::fs::metadata(path) {
        Err(_) => return Ok(()),
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => return Ok(()),
        Ok(_) => {}
    }
    let corrupt = |error: sqlx::Error| match error.as_database_error() {
        Some(database) if is_damage(database) => {
            OpenError::Corrupt(path.to_owned(), database.message().to_owned())
        }
        Some(_) | None => OpenError::Unopened(path.to_owned(), error),
    };
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    // With nothing in the log, the file is all there is: then not even the files beside it are made.
    let logged = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(!logged);
    let options = options.disable_statement_logging();
    let mut reader = SqliteConnection::connect_with(&options).await.map_err(corrupt)?;
    let looked = look(&mut reader, path).await;
    reader.close().await.map_err(corrupt)?;
    looked.map_err(corrupt)?
}

/// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, and their extended codes.
fn is_damage(error: &dyn DatabaseError) -> bool {
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    matches!(code.map(|code| code & 0xff), Some(11 | 26))
}

/// The outer error is the database's, the inner one is what was found.
async fn look(reader: &mut SqliteConnection, path: &Path) -> Result<Result<(), OpenError>, sqlx::Error> {
    let (sound,): (String,) = sqlx::query_as("pragma quick_check(1)").fetch_one(&mut *reader).await?;
    if sound != "ok" {
        return Ok(Err(OpenError::Corrupt(path.to_owned(), sound)));
    }
    let tables: Vec<(String,)> =
        sqlx::query_as("select name from sqlite_master where type = 'table'").fetch_all(&mut *reader).await?;
    if tables.is_empty() {
        return Ok(Ok(()));
    }
    if !tables.iter().any(|(name,)| name == "_sqlx_migrations")
        || !tables.iter().any(|(name,)| name == "access_keys")
    {
        return Ok(Err(OpenError::Foreign(path.to_owned())));
    }
    let (theirs,): (Option<i64>,) =
        sqlx::query_as("select max(version) from _sqlx_migrations").fetch_one(&mut *reader).await?;
    let ours = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    Ok(match theirs {
        Some(theirs) if theirs > ours => Err(OpenError::Newer(path.to_owned(), theirs, ours)),
        _ => Ok(()),
    })
}

fn options(url: &str) -> Result<AnyConnectOptions, OpenError> {
    install_default_drivers();
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

/// A pool whose connections stay open: with the last one, a database in memory would be gone.
fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(|connection, _| Box::pin(prepare(connection)))
}

/// What every connection is told.
async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("pragma foreign_keys = on").await?;
    connection.execute("pragma busy_timeout = 5000").await?;
    // In WAL mode `full` syncs at each commit, so that an acknowledged write survives a power cut.
    connection.execute("pragma synchronous = full").await?;
    // What was written is moved from the log to its place less often: a page that is written often is moved once.
    connection.execute("pragma wal_autocheckpoint = 4000").await?;
    Ok(())
}

/// A path as it is written in a URL.
fn escape(path: &Path) -> String {
    const RESERVED: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');
    utf8_percent_encode(&path.to_string_lossy(), RESERVED).to_string()
}
