//! SQL of nonces.
//!
//! Each request that has one writes it, also those that else only read. So they are gathered: while some are being
//! committed the next ones wait, and are committed together.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Backend, Store, Tx, postgres, sqlite};
use crate::domain::nonce::Nonce;
use crate::domain::{Error, Provider, Result, Timestamp};

/// Whether the nonce was used with its key, and is still remembered.
pub async fn exists(tx: &mut Tx, provider: Provider, nonce: &Nonce, now: Timestamp) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as(
        "select expires_at
           from nonces
          where provider = $1 and key_id = $2 and nonce = $3 and expires_at >= $4",
    )
    .bind(provider.0)
    .bind(&nonce.key)
    .bind(&nonce.text)
    .bind(now.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.is_some())
}

/// The nonces that wait to be written.
#[derive(Clone, Default)]
pub(super) struct Gathering(Arc<State>);

#[derive(Default)]
struct State {
    waiting: Mutex<Vec<Waiting>>,
    /// Held by who writes.
    turn: tokio::sync::Mutex<()>,
    /// When those whose time was over were deleted last.
    tidied: AtomicI64,
}

struct Waiting {
    provider: Provider,
    nonce: Nonce,
    /// Whether it was not there.
    done: oneshot::Sender<Result<bool>>,
}

impl Gathering {
    /// Adds a nonce; whether it was not there.
    pub(super) async fn insert(
        &self,
        store: &Store,
        provider: Provider,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<bool> {
        let (done, mut told) = oneshot::channel();
        self.0.waiting().push(Waiting { provider, nonce, done });
        let answer = tokio::select! {
            biased;
            answer = &mut told => answer,
            _turn = self.0.turn.lock() => {
                self.0.write(store, now).await;
                told.await
            }
        };
        answer.map_err(Error::internal)?
    }
}

impl State {
    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits. That may be nothing, when another one has just written it.
    async fn write(&self, store: &Store, now: Timestamp) {
        /// How many are written at a time.
        const MOST: usize = 256;
        let mut waiting = std::mem::take(&mut *self.waiting());
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(MOST));
            let batch = std::mem::replace(&mut waiting, rest);
            let mut added = insert(store, &batch, now).await;
            for Waiting { provider, nonce, done } in batch {
                let answer = match &mut added {
                    // Of two that are the same the first has it.
                    Ok(added) => Ok(added.remove(&(provider.0.to_owned(), nonce.key, nonce.text))),
                    Err(Error::Conflict) => Err(Error::Conflict),
                    Err(error) => Err(Error::internal(error.to_string())),
                };
                let _ = done.send(answer);
            }
        }
        self.tidy(store, now).await;
    }

    /// Deletes those whose time is over, now and then.
    async fn tidy(&self, store: &Store, now: Timestamp) {
        /// How often, in milliseconds.
        const EVERY: i64 = 60_000;
        if now.0 < self.tidied.load(Ordering::Relaxed).saturating_add(EVERY) {
            return;
        }
        self.tidied.store(now.0, Ordering::Relaxed);
        let delete = sqlx::query("delete from nonces where expires_at < $1").bind(now.0);
        let deleted = match store.backend {
            Backend::Sqlite(_) => delete.execute(&store.writer).await,
            Backend::Postgres => {
                postgres::alone(&store.readers, async |transaction| delete.execute(transaction).await).await
            }
        };
        if let Err(error) = deleted {
            tracing::warn!(%error, "old nonces could not be deleted; they will be tried again");
        }
    }
}

/// Adds nonces; those that were not there, or were there only because nobody has tidied up.
async fn insert(
    store: &Store,
    batch: &[Waiting],
    now: Timestamp,
) -> Result<HashSet<(String, String, String)>> {
    let mut seen = HashSet::new();
    let mut batch: Vec<_> = batch.iter().collect();
    batch.retain(|waiting| seen.insert((waiting.provider, &waiting.nonce.key, &waiting.nonce.text)));
    // Two servers that add the same ones in the same order wait for each other, but not both.
    batch.sort_by_key(|waiting| (waiting.provider.0, &waiting.nonce.key, &waiting.nonce.text));
    let row = |i: usize| format!("(${}, ${}, ${}, ${})", 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4);
    let rows: Vec<_> = (0..batch.len()).map(row).collect();
    let text = format!(
        "insert into nonces (provider, key_id, nonce, expires_at)
         values {}
         on conflict (provider, key_id, nonce) do update
            set expires_at = excluded.expires_at
          where nonces.expires_at < ${}
         returning provider, key_id, nonce",
        rows.join(", "),
        4 * batch.len() + 1
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text));
    for Waiting { provider, nonce, .. } in batch {
        query = query.bind(provider.0).bind(&nonce.key).bind(&nonce.text).bind(nonce.until.0);
    }
    let query = query.bind(now.0);
    let added: Vec<(String, String, String)> = match store.backend {
        // A power cut may take the last of those for which nothing is changed: what is changed for others is synced, and
        // they with it.
        Backend::Sqlite(_) => query.fetch_all(&mut *sqlite::loosely(&store.writer).await?).await?,
        Backend::Postgres => {
            postgres::alone(&store.readers, async |transaction| query.fetch_all(transaction).await).await?
        }
    };
    Ok(added.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use crate::domain::nonce::Nonce;
    use crate::domain::{Provider, Timestamp};
    use crate::store::{Store, Syncing};

    #[tokio::test]
    async fn a_nonce_does_not_wait_for_the_disk_and_what_is_written_next_does() {
        for (syncing, expected) in [(Syncing::Full, 2), (Syncing::Normal, 1)] {
            let directory = tempfile::tempdir().expect("a directory");
            let store =
                Store::synced_file(&directory.path().join("sanmen.db"), syncing).await.expect("a store");
            let nonce = Nonce { key: "key".to_owned(), text: "nonce".to_owned(), until: Timestamp(2) };
            assert!(store.add_nonce(Provider("vendor"), nonce, Timestamp(1)).await.expect("added"));
            let pragma = || sqlx::query_as::<_, (i64,)>("pragma synchronous");
            assert_eq!(pragma().fetch_one(&store.writer).await.expect("a number"), (1,));
            let mut tx = store.write().await.expect("a transaction");
            assert_eq!(pragma().fetch_one(&mut *tx).await.expect("a number"), (expected,));
        }
    }
}
