//! Writes that are committed together: each is kept or undone by itself, and nobody is told before it is so.

use std::sync::Arc;

use sanmen::api::Limits;
use sanmen::aws::PROVIDER;
use sanmen::domain::{Error, organization};
use sanmen::store::{Store, Tx};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::bench::{Bench, NOW};
use super::place::Place;

/// How one who writes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Commit,
    Abandon,
    Drop,
    /// A statement is refused, and then it is dropped.
    Fail,
    /// It is found out only at the commit that it cannot be.
    CommitInVain,
    /// The task is ended while it has the turn.
    CutOff,
}

const ENDS: [End; 5] = [End::Commit, End::Abandon, End::Drop, End::Fail, End::CutOff];

async fn add(tx: &mut Tx, name: &str) {
    let added = sqlx::query("insert into meta (name, value) values ($1, 'x')").bind(name).execute(&mut **tx);
    added.await.expect("added");
}

async fn names(tx: &mut Tx) -> Vec<String> {
    let found = sqlx::query_as("select name from meta where value = 'x' order by name").fetch_all(&mut **tx);
    found.await.expect("names").into_iter().map(|(name,)| name).collect()
}

async fn kept(store: &Store) -> Vec<String> {
    names(&mut store.read().await.expect("a transaction")).await
}

/// One who writes.
struct Writer {
    /// Told when it has written, and has the turn.
    has_turn: oneshot::Receiver<()>,
    /// Lets it end.
    go: oneshot::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

impl Writer {
    /// Waits for its turn, to write this name and to end so.
    async fn new(store: &Store, name: &str, end: End) -> Self {
        let (store, name) = (store.clone(), name.to_owned());
        let ((turn, has_turn), (go, let_go)) = (oneshot::channel(), oneshot::channel());
        let task = tokio::spawn(async move {
            let mut tx = store.write().await?;
            add(&mut tx, &name).await;
            turn.send(()).expect("somebody waits");
            let_go.await.expect("it is let go");
            match end {
                End::Commit => store.commit(tx).await,
                End::Abandon => store.abandon(tx).await,
                End::Drop => Ok(()),
                End::Fail => {
                    let again = sqlx::query("insert into meta (name, value) values ($1, 'x')");
                    again.bind(&name).execute(&mut *tx).await.expect_err("a name is there once");
                    Ok(())
                }
                End::CommitInVain => {
                    spoil(&mut tx).await;
                    store.commit(tx).await
                }
                End::CutOff => std::future::pending().await,
            }
        });
        // There is one thread: from here on it waits for its turn, before those that come later.
        tokio::task::yield_now().await;
        Self { has_turn, go, task }
    }

    /// Lets it end when it has the turn. What became of it is told later.
    async fn end(self, end: End) -> JoinHandle<Result<(), Error>> {
        self.has_turn.await.expect("a turn");
        self.go.send(()).expect("it waits");
        if end == End::CutOff {
            self.task.abort();
        }
        self.task
    }
}

/// Does what is found out only when it is to be committed.
async fn spoil(tx: &mut Tx) {
    for statement in [
        "create table parents (id text primary key)",
        "create table children (id text references parents (id) deferrable initially deferred)",
        "insert into children (id) values ('nobody''s')",
    ] {
        sqlx::query(statement).execute(&mut **tx).await.expect(statement);
    }
}

#[tokio::test]
async fn each_of_those_who_write_together_is_kept_or_undone_by_itself() {
    for place in Place::all() {
        let (_kept, store) = place.open().await;
        for case in 0..ENDS.len().pow(3) {
            let ends = [ENDS[case / 25], ENDS[case / 5 % 5], ENDS[case % 5]];
            let mut tx = store.write().await.expect("a transaction");
            sqlx::query("delete from meta where value = 'x'").execute(&mut *tx).await.expect("deleted");
            store.commit(tx).await.expect("committed");
            let before = store.commits();
            let mut writers = Vec::new();
            for (name, end) in ["0", "1", "2"].into_iter().zip(ends) {
                writers.push((end, Writer::new(&store, name, end).await));
            }
            let mut tasks = Vec::new();
            for (end, writer) in writers {
                tasks.push((end, writer.end(end).await));
            }
            for (end, task) in tasks {
                match (end, task.await) {
                    (End::CutOff, Err(error)) => assert!(error.is_cancelled()),
                    (_, done) => done.expect("no panic").unwrap_or_else(|error| panic!("{ends:?}: {error}")),
                }
            }
            let expected = ["0", "1", "2"].into_iter().zip(ends).filter(|(_, end)| *end == End::Commit);
            let expected: Vec<_> = expected.map(|(name, _)| name).collect();
            assert_eq!(kept(&store).await, expected, "{place:?} {ends:?}");
            let once = if expected.is_empty() { 0 } else { 2 };
            assert_eq!(store.commits(), before.map(|commits| commits + once), "{place:?} {ends:?}");
        }
    }
}

#[tokio::test]
async fn nobody_is_told_before_it_is_committed() {
    for place in Place::all() {
        let (_kept, store) = place.open().await;
        let before = store.commits();
        let first = Writer::new(&store, "1", End::Commit).await;
        let mut second = Writer::new(&store, "2", End::Abandon).await;
        let mut third = Writer::new(&store, "3", End::Commit).await;
        let first = first.end(End::Commit).await;
        (&mut second.has_turn).await.expect("a turn");
        assert!(!first.is_finished(), "{place:?}");
        second.go.send(()).expect("it waits");
        (&mut third.has_turn).await.expect("a turn");
        // What the second one saw of the first is not committed: it cannot be told either.
        assert!(!first.is_finished() && !second.task.is_finished(), "{place:?}");
        assert_eq!(store.commits(), before, "{place:?}");
        third.go.send(()).expect("it waits");
        for task in [first, second.task, third.task] {
            task.await.expect("no panic").expect("done");
        }
        assert_eq!(kept(&store).await, ["1", "3"], "{place:?}");
    }
}

/// A commit that fails has failed for all who share it. Those who come later are not troubled.
#[tokio::test]
async fn what_is_not_committed_is_told_to_all() {
    for place in Place::all() {
        let (_kept, store) = place.open().await;
        let ends = [End::Commit, End::CommitInVain, End::Abandon, End::Commit];
        let mut writers = Vec::new();
        for (name, end) in ["1", "2", "3", "4"].into_iter().zip(ends) {
            writers.push((end, Writer::new(&store, name, end).await));
        }
        let mut tasks = Vec::new();
        for (end, writer) in writers {
            tasks.push(writer.end(end).await);
        }
        for task in tasks {
            assert!(matches!(task.await.expect("no panic"), Err(Error::Internal(_))), "{place:?}");
        }
        assert!(kept(&store).await.is_empty(), "{place:?}");
        let later = Writer::new(&store, "5", End::Commit).await;
        later.end(End::Commit).await.await.expect("no panic").expect("committed");
        assert_eq!(kept(&store).await, ["5"], "{place:?}");
    }
}

/// Who is refused for what another one has done is told when that is committed, and not before: it may still be undone.
#[tokio::test]
async fn a_refusal_waits_for_what_decided_it() {
    let bench = Arc::new(Bench::with("default", Place::File, Limits::default()).await);
    let store = &bench.world.store;
    let mut closes = store.write().await.expect("a turn");
    let refused = tokio::spawn({
        let bench = bench.clone();
        async move { bench.aws("222222222222", "CreateInstance", "{}").await }
    });
    // There is one thread, and nothing that it waits for but the turn.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let last = Writer::new(store, "last", End::Commit).await;
    let closed =
        organization::close_account(&mut closes, PROVIDER, "222222222222", NOW).await.expect("an answer");
    assert!(closed.is_ok());
    let closed = tokio::spawn({
        let store = store.clone();
        async move { store.commit(closes).await }
    });
    let Writer { has_turn, go, task } = last;
    has_turn.await.expect("a turn");
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert!(!refused.is_finished() && !closed.is_finished());
    go.send(()).expect("it waits");
    closed.await.expect("no panic").expect("committed");
    assert_eq!(refused.await.expect("no panic").status, 400);
    task.await.expect("no panic").expect("committed");
}
