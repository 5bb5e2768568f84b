//! The store on its own: opening databases that are not ours, and emptying all there is.

use std::path::Path;

use sanmen::api::{Auth, Limits};
use sanmen::domain::{Timestamp, region};
use sanmen::store::{OpenError, Store, Syncing, estate};
use sqlx::{Connection, Executor};

use super::bench::{Bench, Place};
use super::golden;
use super::sign::{self, Draft, Key};
use super::strict::{EXTENDED, acs3_draft, aws, aws_draft, send};

/// Runs SQL on a file with nothing of ours in between.
async fn sql(path: &Path, statements: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    connection.execute(sqlx::AssertSqlSafe(statements.to_owned())).await.expect("SQL");
    connection.close().await.expect("closed");
}

async fn refused(path: &Path) -> OpenError {
    let before = std::fs::read(path).expect("a file");
    let error = match Store::file(path).await {
        Ok(_) => panic!("the database was opened"),
        Err(error) => error,
    };
    assert_eq!(std::fs::read(path).expect("a file"), before, "the file was touched");
    error
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_left_untouched() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);

    std::fs::write(
        path("garbage.db"),
        b"this is no database at all, and longer than a header of one is: ".repeat(20),
    )
    .expect("written");
    assert!(matches!(refused(&path("garbage.db")).await, OpenError::Corrupt(..)));

    sql(&path("foreign.db"), "create table notes (text text)").await;
    assert!(matches!(refused(&path("foreign.db")).await, OpenError::Foreign(_)));

    let ours = path("newer.db");
    Store::file(&ours).await.expect("a database").close().await;
    sql(
        &ours,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                values (9999, 'later', 1, x'00', 0)",
    )
    .await;
    let error = refused(&ours).await;
    assert!(matches!(error, OpenError::Newer(_, 9999, _)), "{error}");
    assert!(error.to_string().contains("newer version"), "{error}");
    for beside in ["newer.db-wal", "newer.db-shm"] {
        assert!(!path(beside).exists(), "{beside} was made");
    }

    let damaged = path("damaged.db");
    Store::file(&damaged).await.expect("a database").close().await;
    let mut bytes = std::fs::read(&damaged).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5a);
    std::fs::write(&damaged, &bytes).expect("written");
    assert!(matches!(refused(&damaged).await, OpenError::Corrupt(..)));

    let cut = path("cut.db");
    Store::file(&cut).await.expect("a database").close().await;
    let bytes = std::fs::read(&cut).expect("a file");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    assert!(matches!(refused(&cut).await, OpenError::Corrupt(..)));
}

#[tokio::test]
async fn a_name_with_any_character_is_a_file_of_that_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a b?c#d%20e.db");
    Store::file(&path).await.expect("a database").close().await;
    assert!(path.is_file());
    let url = format!("sqlite://{}", directory.path().join("plain.db").display());
    Store::url(&url).await.expect("a database").close().await;
    assert!(directory.path().join("plain.db").is_file());
    Store::url("sqlite::memory:").await.expect("a database");
    for url in ["postgres:sanmen", "sqlite:", "plain.db", "sqlite:a?mode=rw", "mysql:x"] {
        assert!(matches!(Store::url(url).await, Err(OpenError::Url(_))), "{url}");
    }
}

#[tokio::test]
async fn emptying_forgets_no_table() {
    let strict = Auth { strict: true, explain: false };
    let seed = golden::repository("tests/seeds/full.yaml");
    let seed = seed.to_str().expect("text");
    let bench = Bench::guarded(seed, Place::File, Limits::default(), strict).await;
    let body = br#"{"ClientToken": "t", "Tags": [{"Key": "k", "Value": "v"}]}"#.to_vec();
    let create = Draft { body, ..aws_draft() }.with("x-amz-target", "SWBExternalService.CreateInstance");
    assert_eq!(send(&bench, &aws(create, &Key::seeded("2", 12))).await.status, 200);
    let target = "/?DirectoryId=d-001111111111&MFAAuthenticationSettings=Disabled".to_owned();
    let update = Draft { target, ..acs3_draft() }.with("x-acs-action", "UpdateMFAAuthenticationSettings");
    let update = sign::acs3(update, &Key::seeded("1", 16), EXTENDED, "nonce");
    assert_eq!(send(&bench, &update).await.status, 200);

    let mut tx = bench.world.store.write().await.expect("a transaction");
    let added = Timestamp(0);
    let (name, status) = ("us-west-2".to_owned(), region::Status::Active);
    let extended = region::Region { name, status, added, is_primary: false, settling: None };
    sanmen::store::region::insert(&mut tx, sanmen::aws::PROVIDER, "ssoins-1111111111111111", &extended)
        .await
        .expect("a Region");
    for (table, rows) in estate::sizes(&mut tx).await.expect("sizes") {
        assert!(rows > 0, "{table} has no rows, so that this test could not see it forgotten");
    }
    estate::empty(&mut tx).await.expect("emptied");
    for (table, rows) in estate::sizes(&mut tx).await.expect("sizes") {
        assert_eq!(rows, 0, "{table}");
    }
}

/// What belongs to an instance goes with it: its settings, and the answers that were remembered.
#[tokio::test]
async fn settings_and_replays_die_with_their_instance() {
    let bench = Bench::with("default", Place::File, sanmen::api::Limits::default()).await;
    assert_eq!(bench.aws("222222222222", "CreateInstance", r#"{"ClientToken": "t"}"#).await.status, 200);
    let query = "DirectoryId=d-001111111111&MFAAuthenticationSettings=Disabled";
    assert_eq!(bench.alibaba("", "UpdateMFAAuthenticationSettings", query).await.status, 200);
    let mut tx = bench.world.store.write().await.expect("a transaction");
    sqlx::query("delete from instances where provider = 'alibaba'").execute(&mut *tx).await.expect("deleted");
    let left = estate::sizes(&mut tx).await.expect("sizes");
    assert!(left.contains(&("settings".to_owned(), 0)), "{left:?}");
    sqlx::query("delete from instances where owner_id = '222222222222'")
        .execute(&mut *tx)
        .await
        .expect("deleted");
    bench.world.store.commit(tx).await.expect("committed");
    let again = bench.aws("222222222222", "CreateInstance", r#"{"ClientToken": "t", "Name": "n"}"#).await;
    assert_eq!(again.status, 200, "the token is free again: {}", again.text());
}

/// The tags of a new instance are kept as they were given, in their order.
#[tokio::test]
async fn tags_are_kept_in_the_order_in_which_they_were_given() {
    let bench = Bench::with("default", Place::File, sanmen::api::Limits::default()).await;
    let body =
        r#"{"Tags": [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": ""}, {"Key": "B", "Value": "é"}]}"#;
    let answer = bench.aws("222222222222", "CreateInstance", body).await.json();
    let id = answer["InstanceArn"].as_str().expect("an ARN").rsplit('/').next().expect("an id").to_owned();
    let mut tx = bench.world.store.read().await.expect("a transaction");
    let tags = sanmen::store::tag::list(&mut tx, sanmen::aws::PROVIDER, &id).await.expect("tags");
    let tags: Vec<_> = tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
    assert_eq!(tags, [("b", "1"), ("a", ""), ("B", "é")]);
}

/// A file that is there and may not be written is said to be so, at once, and not to be damaged.
#[tokio::test]
async fn a_database_that_cannot_be_opened_is_not_called_damaged() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    std::fs::create_dir(&path).expect("a directory in its place");
    assert!(matches!(Store::file(&path).await, Err(OpenError::Unopened(..))));
    let locked = directory.path().join("locked.db");
    Store::file(&locked).await.expect("a database").close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&locked);
    let mut other = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    other.execute("pragma locking_mode = exclusive").await.expect("a mode");
    other.execute("begin exclusive; delete from meta; commit").await.expect("a lock");
    assert!(matches!(Store::file(&locked).await, Err(OpenError::Unopened(..))));
}

/// A file has one server: what it remembers of the file is true only while nobody else writes to it.
#[tokio::test]
async fn a_file_is_one_servers_until_it_is_closed() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    let link = directory.path().join("link.db");
    let store = Store::file(&path).await.expect("a database");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    for other in [&path, &link] {
        let Err(error) = Store::file(other).await else { panic!("{} was opened again", other.display()) };
        assert!(matches!(error, OpenError::InUse(_)), "{error}");
        assert!(error.to_string().contains("in use by another server"), "{error}");
    }
    store.close().await;
    Store::file(&link).await.expect("a database").close().await;

    let garbage = directory.path().join("garbage.db");
    std::fs::write(&garbage, "no database ".repeat(100)).expect("written");
    assert!(matches!(refused(&garbage).await, OpenError::Corrupt(..)));
    assert!(!directory.path().join("garbage.db-lock").exists(), "a trace was left");
}

/// What is promised of a power cut rests on what every connection is told, the one that writes above all.
#[tokio::test]
async fn a_file_is_synced_as_it_was_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    let url = format!("sqlite:{}", path.display());
    for (by_url, syncing, expected) in [
        (false, None, 2),
        (false, Some(Syncing::Normal), 1),
        (false, Some(Syncing::Full), 2),
        (true, None, 2),
        (true, Some(Syncing::Normal), 1),
    ] {
        let store = match (by_url, syncing) {
            (false, None) => Store::file(&path).await,
            (false, Some(syncing)) => Store::synced_file(&path, syncing).await,
            (true, None) => Store::url(&url).await,
            (true, Some(syncing)) => Store::synced_url(&url, syncing).await,
        };
        let store = store.expect("a store");
        for tx in [store.write().await, store.read().await] {
            let mut tx = tx.expect("a transaction");
            let pragma = sqlx::query_as("pragma synchronous").fetch_one(&mut *tx);
            let (found,): (i64,) = pragma.await.expect("a number");
            assert_eq!(found, expected);
            let (mode,): (String,) =
                sqlx::query_as("pragma journal_mode").fetch_one(&mut *tx).await.expect("a mode");
            assert_eq!(mode, "wal", "the meaning of the other rests on it");
        }
        store.close().await;
    }
}

/// What cannot be locked may be in use: that is said, and it is not opened.
#[tokio::test]
async fn a_file_that_cannot_be_locked_is_not_opened() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    Store::file(&path).await.expect("a database").close().await;
    let lock = directory.path().join("sanmen.db-lock");
    std::fs::remove_file(&lock).expect("the lock is left");
    std::fs::create_dir(&lock).expect("a directory in its place");
    assert!(matches!(refused(&path).await, OpenError::Unlocked(..)));
}
