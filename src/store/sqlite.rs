//! SQLite: a database in memory, or in a file, which one server has for itself.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::error::DatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteError};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Executor};

use super::nonce::Gathering;
use super::open::{MIGRATIONS, OpenError, Syncing};
use super::writing::Writing;
use super::{Backend, Store};

/// Readers beside the one writer of a file.
const READERS: u32 = 4;

impl Store {
    /// A database in memory, which ends with the program.
    ///
    /// # Errors
    /// Only when there is no memory for it.
    pub async fn memory() -> Result<Self, OpenError> {
        let options = options("sqlite::memory:")?;
        let writer = pool(1, Syncing::Full).connect_with(options).await?;
        MIGRATIONS.run(&writer).await?;
        Ok(Self {
            backend: Backend::Sqlite(Syncing::Normal),
            hold: Some(Arc::new(Hold::Memory)),
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
        Self::synced_file(path, Syncing::Full).await
    }

    /// The same, synced in this way.
    ///
    /// # Errors
    /// See [`OpenError`]. A file that cannot be used is left as it was.
    pub async fn synced_file(path: &Path, syncing: Syncing) -> Result<Self, OpenError> {
        let mut held = hold(path)?;
        if let Err(error) = inspect(path).await {
            if let Some(held) = held.take() {
                held.leave();
            }
            return Err(error);
        }
        let url = format!("sqlite:{}?mode=rwc", escape(path));
        let options = options(&url)?;
        let unopened = |error| OpenError::Unopened(path.to_owned(), error);
        // On a connection of its own: a pool would try again and again, and then say that it took too long.
        let mut first = AnyConnection::connect_with(&options).await.map_err(unopened)?;
        first.execute("pragma busy_timeout = 5000").await.map_err(unopened)?;
        first.execute("pragma journal_mode = wal").await.map_err(unopened)?;
        // A migration that a power cut takes away is made again at the next start. The first write that is acknowledged is
        // synced, and with it all that stands before it in the log.
        prepare(&mut first, Syncing::Normal).await.map_err(unopened)?;
        MIGRATIONS.run(&mut first).await?;
        let writer = renewed(pool(1, syncing)).connect_with(options.clone()).await.map_err(unopened)?;
        // Not before: whoever closes a file as the last one clears away what the next one makes anew.
        first.close().await.map_err(unopened)?;
        // They come while the world is being opened.
        let readers = renewed(pool(READERS, syncing)).connect_lazy_with(options);
        Ok(Self {
            backend: Backend::Sqlite(syncing),
            hold: held.map(Arc::new),
            writer,
            readers,
            nonces: Gathering::default(),
            writing: Writing::default(),
        })
    }
}

/// What keeps others away from a database.
pub(super) enum Hold {
    /// Nobody else can get at it.
    Memory,
    /// A locked file, which stands beside that of the database: SQLite's own locks are on that one, and are lost when it
    /// is closed a second time.
    File(File, PathBuf),
}

impl Hold {
    /// Lets others at it.
    pub(super) fn release(&self) {
        if let Self::File(file, path) = self
            && let Err(error) = file.unlock()
        {
            tracing::warn!(%error, path = %path.display(), "a lock could not be released");
        }
    }

    /// Leaves no trace, because the database was not opened.
    fn leave(self) {
        if let Self::File(_, path) = &self {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Keeps others away from the database in this file; `None` where that cannot be done.
fn hold(path: &Path) -> Result<Option<Hold>, OpenError> {
    let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&whole, "-lock");
    let file = match File::options().append(true).create(true).open(&beside) {
        Ok(file) => file,
        Err(error) if whole.exists() => return Err(OpenError::Unlocked(path.to_owned(), beside, error)),
        // The database cannot be made either, and why is said then.
        Err(_) => return Ok(None),
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(Hold::File(file, beside))),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, path = %beside.display(), "nothing keeps another server away: reads are slower");
            Ok(None)
        }
    }
}

/// The file beside another one whose name ends so.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
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
    // With nothing in the log, the file is all there is: then not even the files beside it are made.
    let logged = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
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
fn pool(connections: u32, syncing: Syncing) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(move |connection, _| Box::pin(prepare(connection, syncing)))
}

/// The pools of a file also replace a connection that is no longer in step: when a disk fails, or is full, SQLite rolls
/// back by itself, and who counts the transactions of the connection goes on counting one that is not there. None could
/// be begun on it any more, or one that is never ended.
fn renewed(pool: AnyPoolOptions) -> AnyPoolOptions {
    pool.before_acquire(|connection, _| Box::pin(std::future::ready(Ok(!connection.is_in_transaction()))))
}

/// How a transaction begins that writes. The connection has been told otherwise if it was used last by [`loosely`].
pub(super) fn begin(syncing: Syncing) -> &'static str {
    match syncing {
        // In WAL mode it syncs at each commit.
        Syncing::Full => "pragma synchronous = full; begin immediate",
        Syncing::Normal => "begin immediate",
    }
}

/// Has the connection that writes not wait for the disk at its next commit.
///
/// # Errors
/// When the database fails.
pub(super) async fn loosely(writer: &AnyPool) -> Result<PoolConnection<Any>, sqlx::Error> {
    let mut connection = writer.acquire().await?;
    connection.execute("pragma synchronous = normal").await?;
    Ok(connection)
}

/// What every connection is told.
async fn prepare(connection: &mut AnyConnection, syncing: Syncing) -> Result<(), sqlx::Error> {
    connection.execute("pragma foreign_keys = on").await?;
    connection.execute("pragma busy_timeout = 5000").await?;
    connection
        .execute(match syncing {
            Syncing::Full => "pragma synchronous = full",
            Syncing::Normal => "pragma synchronous = normal",
        })
        .await?;
    // What a turn may have to undo is kept in memory, not in a file.
    connection.execute("pragma temp_store = memory").await?;
    // What was written is moved from the log to its place less often: a page that is written often is moved once.
    connection.execute("pragma wal_autocheckpoint = 4000").await?;
    Ok(())
}

/// A path as it is written in a URL.
fn escape(path: &Path) -> String {
    const RESERVED: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');
    utf8_percent_encode(&path.to_string_lossy(), RESERVED).to_string()
}

/// `SQLITE_BUSY` and its extended codes, of which the low byte is the kind.
const BUSY: u32 = 5;

/// Whether SQLite says that another process has the lock.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<SqliteError>());
    let code = error.and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}
