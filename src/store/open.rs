//! What can be opened, and what stands in the way. A database is looked at first, and left untouched when it is not one
//! that this program can use.

use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;

use super::{Store, postgres};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!();

/// When what is written to a file is synced to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syncing {
    /// At each commit: what was acknowledged survives a power cut.
    #[default]
    Full,
    /// Now and then: what was acknowledged survives the end of the program, however it ends. A power cut may take the
    /// last of it, and damages nothing.
    Normal,
}

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
    /// The address asks for what this program does not have.
    #[error(
        "the database URL {0:?} asks for TLS, which is not supported: leave sslmode out, or say sslmode=disable"
    )]
    Tls(String),
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
    /// Another server has it.
    #[error("{0} is in use by another server. End that one, or give this one a directory of its own")]
    InUse(PathBuf),
    /// It cannot be said whether another server has it.
    #[error("cannot open {0}: nothing can be locked by {1}: {2}. May this user write to it?")]
    Unlocked(PathBuf, PathBuf, std::io::Error),
    /// A newer version of this program wrote it.
    #[error(
        "{0} was written by a newer version of this program (its schema is {1}, this program knows {2}). \
         It was left untouched: use that version"
    )]
    Newer(PathBuf, i64, i64),
    /// The server is not there, or does not let this program in.
    #[error("cannot connect to {0}: {1}. Does the server run, and may this user use this database?")]
    Unreachable(String, String),
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
    /// The database at this URL. A file is synced at each commit.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn url(url: &str) -> Result<Self, OpenError> {
        Self::synced_url(url, Syncing::Full).await
    }

    /// The same; a file is synced in this way.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn synced_url(url: &str, syncing: Syncing) -> Result<Self, OpenError> {
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
            path => Self::synced_file(Path::new(path), syncing).await,
        }
    }
}
