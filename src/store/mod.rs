//! All SQL, one file a noun, and the only room that knows which database it is.
//!
//! One text of SQL serves every database: columns `text` and `bigint`, `$1` placeholders, `on conflict` and
//! the number of rows changed instead of caught violations. Functions here hold facts and changes;
//! decisions are made in `domain`.

pub mod access_key;
pub mod account;
pub mod device;
pub mod estate;
pub mod instance;
pub mod nonce;
mod open;
mod postgres;
pub mod region;
pub mod replay;
pub mod service;
pub mod setting;
mod sqlite;
pub mod tag;
pub mod user;
mod writing;

use std::sync::Arc;

use sqlx::AnyPool;

pub use self::open::{OpenError, Syncing};
use self::sqlite::Hold;
pub use self::writing::Tx;
use self::writing::Writing;
use crate::domain::life_cycle::Settling;
use crate::domain::nonce::Nonce;
use crate::domain::{Error, Provider, Result, Timestamp};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    /// A file that is synced in this way, or memory.
    Sqlite(Syncing),
    Postgres,
}

/// An open database, migrated.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    /// What keeps others away from it; `None` where they may change what is in it at any time.
    hold: Option<Arc<Hold>>,
    /// SQLite has one writer, and each connection to `:memory:` would be its own database: one connection. Elsewhere more
    /// would do no more than wait for each other.
    writer: AnyPool,
    /// Readers beside the writer; the same pool where there can be none.
    readers: AnyPool,
    nonces: nonce::Gathering,
    writing: Writing,
}

impl Store {
    /// Begins a transaction that only reads. The caller lets it drop.
    ///
    /// # Errors
    /// `Internal` when the database fails.
    pub async fn read(&self) -> Result<Tx> {
        let begun = match self.backend {
            Backend::Sqlite(_) => self.readers.begin().await?,
            Backend::Postgres => postgres::read(&self.readers).await?,
        };
        Ok(begun.into())
    }

    /// Begins a transaction that may write. It has the write lock from the start: one that reads first and
    /// takes the lock later can fail in a way that no waiting helps.
    ///
    /// # Errors
    /// `Conflict` when another process holds the lock for too long, `Internal` when the database fails.
    pub async fn write(&self) -> Result<Tx> {
        let begin = async {
            Ok(match self.backend {
                Backend::Sqlite(syncing) => self.writer.begin_with(sqlite::begin(syncing)).await?,
                Backend::Postgres => postgres::write(&self.writer).await?,
            })
        };
        self.writing.turn(begin).await
    }

    /// Adds a nonce, which survives the end of the program, however it ends; whether it was not there. Not to be called while a transaction is held: it needs a
    /// connection of its own. Not to be cut off: others may wait for what this one writes.
    ///
    /// # Errors
    /// `Conflict` when another process holds the lock for too long, `Internal` when the database fails.
    pub async fn add_nonce(&self, provider: Provider, nonce: Nonce, now: Timestamp) -> Result<bool> {
        self.nonces.insert(self, provider, nonce, now).await
    }

    /// Commits what `tx` did: from here on it is not lost.
    ///
    /// # Errors
    /// `Internal` when the database fails.
    pub async fn commit(&self, tx: Tx) -> Result<()> {
        self.writing.commit(tx).await
    }

    /// Undoes what `tx` did, and waits until all that it saw is committed: what it saw may then be told. Where nothing
    /// is to be told, a transaction is just dropped.
    ///
    /// # Errors
    /// `Internal` when what it saw is not so, because the database fails.
    pub async fn abandon(&self, tx: Tx) -> Result<()> {
        self.writing.abandon(tx).await
    }

    /// Commits what `tx` did when it is to be `kept`, and abandons it otherwise.
    ///
    /// # Errors
    /// `Internal` when the database fails.
    pub async fn end(&self, tx: Tx, kept: bool) -> Result<()> {
        if kept { self.commit(tx).await } else { self.abandon(tx).await }
    }

    /// How often there was a commit; `None` while there is one, and where others commit too. Who is told the same number
    /// twice has seen no change in between.
    pub fn commits(&self) -> Option<u64> {
        self.hold.as_ref().and_then(|_| self.writing.commits())
    }

    /// Closes the database, after the transactions that are under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        if let Some(hold) = &self.hold {
            hold.release();
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match sqlite::is_busy(&error) || postgres::is_conflict(&error) {
            true => Self::Conflict,
            false => Self::internal(error),
        }
    }
}

/// A word in the database that none of ours matches: a fault of whoever wrote it.
fn unknown_word(word: &str) -> Error {
    Error::internal(format!("the database has the unknown word {word:?}"))
}

/// When something is done, out of the two columns that hold it.
fn settling(at: Option<i64>, after: Option<i64>) -> Option<Settling> {
    match (at, after) {
        (Some(at), _) => Some(Settling::At(Timestamp(at))),
        (None, Some(reads)) => Some(Settling::Reads(u32::try_from(reads).unwrap_or_default())),
        (None, None) => None,
    }
}

/// The two columns for when something is done.
fn columns(settling: Option<Settling>) -> (Option<i64>, Option<i64>) {
    match settling {
        None => (None, None),
        Some(Settling::At(moment)) => (Some(moment.0), None),
        Some(Settling::Reads(left)) => (None, Some(i64::from(left))),
    }
}
