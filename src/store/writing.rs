//! Writes that are committed together.
//!
//! There is one writer, and a commit costs more than most of what is committed. So whoever is done does not commit at
//! once: those who wait for their turn work in the same transaction, each behind a savepoint of its own, and the first
//! to get the turn again commits for all. Nobody is told that it is done before it is.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::{Any, AnyConnection, Executor, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::domain::{Error, Result};

/// A transaction. Dropped without a commit, what was done in it is undone.
pub struct Tx(Kind);

/// What a transaction that several write in has read before, by name: what is the same for all, and seldom changed.
pub(super) type Memo = HashMap<&'static str, Option<String>>;

impl Tx {
    /// What was read before, where it is noted. Whoever changes what is noted there clears it.
    pub(super) fn memo(&mut self) -> Option<&mut Memo> {
        match &mut self.0 {
            Kind::Own(_) => None,
            Kind::Shared(turn) => Some(&mut turn.open.as_mut().expect(HELD).memo),
        }
    }
}

enum Kind {
    /// One that only reads.
    Own(Transaction<'static, Any>),
    /// A turn in one that others have written in, or will.
    Shared(Turn),
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.0 {
            Kind::Own(transaction) => transaction,
            Kind::Shared(turn) => &turn.open().transaction,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Kind::Own(transaction) => transaction,
            Kind::Shared(turn) => &mut turn.open.as_mut().expect(HELD).transaction,
        }
    }
}

impl From<Transaction<'static, Any>> for Tx {
    fn from(transaction: Transaction<'static, Any>) -> Self {
        Self(Kind::Own(transaction))
    }
}

/// Those who write, one after the other.
#[derive(Clone, Default)]
pub(super) struct Writing {
    /// Held by whose turn it is.
    slot: Arc<Mutex<Slot>>,
    commits: Arc<Commits>,
    /// How long a commit may take, where it could take for ever.
    patience: Option<Duration>,
}

/// The transaction that is to be committed, if there is one.
type Slot = Option<Open>;

struct Open {
    transaction: Transaction<'static, Any>,
    /// Those who are done, and wait to be told that it is committed.
    done: Vec<oneshot::Sender<Outcome>>,
    savepoint: Savepoint,
    memo: Memo,
}

/// What became of a commit. An error is told to many.
type Outcome = std::result::Result<(), String>;

/// The savepoint of whoever had the last turn.
#[derive(Clone, Copy)]
enum Savepoint {
    /// There is none yet: where the first fails, there is nothing to be kept.
    None,
    /// What was done since is to be kept.
    Kept,
    /// What was done since is to be undone.
    Undone,
}

/// A turn. Dropped, it undoes what was done in it, and nothing else.
struct Turn {
    slot: OwnedMutexGuard<Slot>,
    /// `None` only while it is being ended.
    open: Option<Open>,
}

const HELD: &str = "a turn has its transaction until it ends";

impl Turn {
    fn open(&self) -> &Open {
        self.open.as_ref().expect(HELD)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Where nobody waits for a commit, the transaction is dropped, and with it rolled back.
        if let Some(open) = self.open.take().filter(|open| !open.done.is_empty()) {
            *self.slot = Some(Open { savepoint: Savepoint::Undone, ..open });
        }
    }
}

impl Writing {
    /// Where neither a turn is waited for longer than this, nor for a commit; what became of one that took longer cannot be
    /// said.
    pub(super) fn patient(patience: Duration) -> Self {
        Self { patience: Some(patience), ..Self::default() }
    }

    /// Waits for a turn; the first one begins the transaction by `begin`.
    ///
    /// # Errors
    /// Those of `begin`, and `Internal` when the database fails.
    pub(super) async fn turn(
        &self,
        begin: impl Future<Output = Result<Transaction<'static, Any>>>,
    ) -> Result<Tx> {
        let Some(patience) = self.patience else { return self.next(begin).await };
        let late = || Err(Error::internal("no turn to write within the time limit"));
        tokio::time::timeout(patience, self.next(begin)).await.unwrap_or_else(|_| late())
    }

    async fn next(&self, begin: impl Future<Output = Result<Transaction<'static, Any>>>) -> Result<Tx> {
        let mut slot = self.slot.clone().lock_owned().await;
        let open = match slot.take() {
            None => Open {
                transaction: begin.await?,
                done: Vec::new(),
                savepoint: Savepoint::None,
                memo: Memo::new(),
            },
            Some(mut open) => {
                // Should this fail, or be cut off, then so do those who are waiting for the commit: they have been
                // told nothing yet.
                if let Savepoint::Undone = open.savepoint {
                    open.memo.clear();
                }
                open.transaction
                    .execute(match open.savepoint {
                        Savepoint::None => "savepoint turn",
                        Savepoint::Kept => "release savepoint turn; savepoint turn",
                        Savepoint::Undone => "rollback to savepoint turn",
                    })
                    .await?;
                open
            }
        };
        Ok(Tx(Kind::Shared(Turn { slot, open: Some(open) })))
    }

    /// Commits what was done in a transaction, together with what others did.
    ///
    /// # Errors
    /// `Internal` when the database fails: then nothing was done.
    pub(super) async fn commit(&self, tx: Tx) -> Result<()> {
        self.end(tx, Savepoint::Kept).await
    }

    /// Undoes what was done in a transaction, and waits until what others did, which was seen in it, is committed.
    ///
    /// # Errors
    /// `Internal` when what was seen was not committed.
    pub(super) async fn abandon(&self, tx: Tx) -> Result<()> {
        self.end(tx, Savepoint::Undone).await
    }

    async fn end(&self, tx: Tx, savepoint: Savepoint) -> Result<()> {
        let mut turn = match tx.0 {
            Kind::Own(transaction) => return Ok(transaction.rollback().await?),
            Kind::Shared(turn) => turn,
        };
        let mut open = turn.open.take().expect(HELD);
        let alone = open.done.is_empty();
        if alone && matches!(savepoint, Savepoint::Undone) {
            return Ok(open.transaction.rollback().await?);
        }
        let (done, told) = oneshot::channel();
        open.done.push(done);
        open.savepoint = match savepoint {
            // The first one's work has no savepoint, and needs none to be kept.
            Savepoint::Kept if alone => Savepoint::None,
            savepoint => savepoint,
        };
        *turn.slot = Some(open);
        drop(turn);
        if alone {
            // In a task of its own: whoever is cut off does not leave the others waiting. Turns are taken in the order
            // in which they were asked for: those who wait now are served before.
            tokio::spawn(self.clone().commit_all());
        }
        told.await.map_err(|_| Error::internal("the transaction broke off"))?.map_err(Error::internal)
    }

    async fn commit_all(self) {
        let mut slot = self.slot.lock().await;
        let Some(Open { mut transaction, done, savepoint, .. }) = slot.take() else { return };
        let committed = async {
            if let Savepoint::Undone = savepoint {
                transaction.execute("rollback to savepoint turn").await?;
            }
            let _under_way = self.commits.begin();
            transaction.commit().await
        };
        let outcome = match self.patience {
            None => committed.await,
            Some(patience) => match tokio::time::timeout(patience, committed).await {
                Ok(committed) => committed,
                // Those who wait are told that it broke off.
                Err(_) => return,
            },
        };
        let outcome = outcome.map_err(|error: sqlx::Error| error.to_string());
        drop(slot);
        for done in done {
            let _ = done.send(outcome.clone());
        }
    }

    /// How often there was a commit; `None` while one is under way. Whoever sees the same number twice has seen
    /// no change in between.
    pub(super) fn commits(&self) -> Option<u64> {
        let count = self.commits.0.load(Ordering::SeqCst);
        count.is_multiple_of(2).then_some(count)
    }
}

/// Counts the beginning and the end of each commit: it is odd while one is under way.
#[derive(Default)]
struct Commits(AtomicU64);

impl Commits {
    fn begin(&self) -> UnderWay<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        UnderWay(self)
    }
}

struct UnderWay<'a>(&'a Commits);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::Writing;

    #[test]
    fn while_a_commit_is_under_way_nobody_says_how_many_there_were() {
        let writing = Writing::default();
        assert_eq!(writing.commits(), Some(0));
        let under_way = writing.commits.begin();
        assert_eq!(writing.commits(), None);
        drop(under_way);
        assert_eq!(writing.commits(), Some(2));
    }
}
