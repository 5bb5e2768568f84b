//! What is particular to PostgreSQL: databases that cannot be used, servers that share one, and connections that break.
//!
//! But for what is refused without a server, these need `SANMEN_TEST_DATABASE_URL`; `tests/run` gives it.

use std::sync::Arc;

use sanmen::api::{Auth, Limits};
use sanmen::aws::PROVIDER;
use sanmen::domain::life_cycle::Pace;
use sanmen::domain::nonce::Nonce;
use sanmen::domain::{Error, FixedClock, RandomIds, Timestamp};
use sanmen::seed;
use sanmen::server::Gate;
use sanmen::server::access::Access;
use sanmen::store::{OpenError, Store, estate};
use sanmen::world::World;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use super::bench::{Answer, NOW, credential};
use super::place::{Schema, rows, server, sql};

async fn refused(url: &str) -> OpenError {
    match Store::url(url).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_is_said_of_a_database_that_cannot_be_reached_has_no_password() {
    // A port that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let error = refused(&format!("postgres://someone:hidden@{port}/there?password=hidden")).await;
    assert!(matches!(error, OpenError::Unreachable(..)), "{error}");
    assert!(error.to_string().contains(&format!("postgres://someone@{port}/there")), "{error}");
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    for url in [
        "mysql://a:hidden@127.0.0.1/b",
        "postgres://a:hidden@[::/b",
        "postgres://a:x/hidden@b/c",
        "postgres://a@b/c?sslcert=hidden",
        "postgres://a:?hidden@b/c",
        "postgres://a:1?hidden@b/c",
        "postgres:a:hidden@b/c",
        "postgres://a:hidden@b/c?sslmode=require",
    ] {
        let error = refused(url).await;
        assert!(error.is_of_the_url(), "{error}");
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    }
}

/// A schema in which nothing ever was, and its URL.
async fn fresh(server: &str) -> (Schema, String) {
    let schema = Schema::make(server).await;
    let url = schema.url(server);
    (schema, url)
}

/// The names of the tables at a URL.
async fn tables(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    let names =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = current_schema()")
            .fetch_all(&mut connection)
            .await;
    names.expect("names")
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_left_untouched() {
    let Some(server) = server() else { return };

    // No other orders are to be had everywhere; that of ICU is.
    let named = |name: &str| format!("{name}_{}", std::process::id());
    for (name, options) in [
        ("icu", "encoding 'UTF8' locale_provider icu icu_locale 'und' lc_collate 'C' lc_ctype 'C'"),
        ("latin", "encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'"),
    ] {
        let name = named(name);
        sql(&server, &format!("create database {name} template template0 {options}")).await;
        let (before, _) = server.rsplit_once('/').expect("a database");
        let url = format!("{before}/{name}");
        let error = refused(&url).await;
        assert!(matches!(error, OpenError::Collation(..)), "{error}");
        assert!(error.to_string().contains("template template0 encoding 'UTF8' lc_collate 'C'"), "{error}");
        assert!(tables(&url).await.is_empty());
        sql(&server, &format!("drop database {name}")).await;
    }

    let (_schema, url) = fresh(&server).await;
    sql(&url, "create table notes (text text)").await;
    let error = refused(&url).await;
    assert!(matches!(&error, OpenError::ForeignTables(_, table) if table == "notes"), "{error}");
    assert_eq!(tables(&url).await, ["notes"]);

    let (_schema, url) = fresh(&server).await;
    Store::url(&url).await.expect("a database").close().await;
    let later = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                 values (9999, 'later', true, '', 0)";
    sql(&url, later).await;
    assert!(matches!(refused(&url).await, OpenError::NewerTables(_, 9999, known) if known < 9999));

    let nowhere = format!("{server}?options=-csearch_path%3Dnowhere");
    assert!(matches!(refused(&nowhere).await, OpenError::Schema(_)));
}

/// A server that was killed while it opened a new database leaves the list of migrations, and nothing on it.
#[tokio::test]
async fn a_database_that_was_begun_is_finished() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let store = Store::url(&url).await.expect("a database");
    store.close().await;
    let all = tables(&url).await;
    let drop = all
        .iter()
        .filter(|name| *name != "_sqlx_migrations")
        .map(|name| format!("drop table {name} cascade"));
    let drop: Vec<_> = drop.chain(["delete from _sqlx_migrations".to_owned()]).collect();
    sql(&url, &drop.join("; ")).await;
    assert_eq!(tables(&url).await, ["_sqlx_migrations"]);
    Store::url(&url).await.expect("a database").close().await;
    assert_eq!(tables(&url).await.len(), all.len());
}

/// A server of its own on the world at a URL, with ids that no other one makes.
async fn replica(url: &str) -> (Gate, Arc<World>) {
    let store = Store::url(url).await.expect("a store");
    let estate = seed::load("default").expect("a seed");
    let world = World::open(store, estate, Arc::new(FixedClock::at(NOW)), Arc::new(RandomIds)).await;
    let world = Arc::new(world.expect("a world"));
    (Gate::new(world.clone(), Limits::default(), Auth::default(), Access::default()), world)
}

async fn aws(gate: &Gate, account: &str, operation: &str, body: serde_json::Value) -> Answer {
    let request = http::Request::post("/")
        .header("authorization", credential(account, "us-east-1"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("SWBExternalService.{operation}"));
    let request = request.body(axum::body::Body::from(body.to_string())).expect("a request");
    let (parts, body) = gate.answer(request).await.into_parts();
    let body = http_body_util::BodyExt::collect(body).await.expect("a body").to_bytes().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_start_together_make_one_world() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let (url, runtime) = (url.clone(), tokio::runtime::Handle::current());
            tokio::task::spawn_blocking(move || runtime.block_on(replica(&url)))
        })
        .collect();
    let mut replicas = Vec::new();
    for start in starts {
        replicas.push(start.await.expect("it starts"));
    }
    let mut told = Vec::new();
    for (_, world) in &replicas {
        let mut tx = world.store.read().await.expect("a transaction");
        let mut all = estate::page_secret(&mut tx).await.expect("a secret");
        for (table, _) in estate::sizes(&mut tx).await.expect("sizes") {
            all.push_str(&rows(&mut tx, &table).await);
        }
        told.push(all);
    }
    told.dedup();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].matches("ssoins-1111111111111111").count(), 1, "{}", told[0]);
}

/// What was acknowledged by one server is seen by the next request to the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_read_is_older_than_a_write_that_was_acknowledged_elsewhere() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let (one, two) = (replica(&url).await, replica(&url).await);
    let made = aws(&one.0, "222222222222", "CreateInstance", json!({ "Name": "n" })).await;
    let arn = made.json()["InstanceArn"].clone();
    for round in 0..200 {
        // The reader is the same for some rounds: what it could remember it has from the round before.
        let (writer, reader) = if round / 20 % 2 == 0 { (&one.0, &two.0) } else { (&two.0, &one.0) };
        let name = format!("name-{round}");
        let change = json!({ "InstanceArn": arn, "Name": name });
        assert_eq!(aws(writer, "222222222222", "UpdateInstance", change).await.status, 200);
        let read = aws(reader, "222222222222", "DescribeInstance", json!({ "InstanceArn": arn })).await;
        assert_eq!(read.json()["Name"], name.as_str(), "round {round}");
    }
}

/// Whatever became of the connections: the next requests make new ones by themselves.
#[tokio::test]
async fn connections_that_broke_are_made_anew() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let name = format!("broken_{}", std::process::id());
    let (gate, world) = replica(&format!("{url}&application_name={name}")).await;
    for round in 0..3 {
        // All that there can be are there.
        let mut open = vec![world.store.write().await.expect("a transaction")];
        for _ in 0..8 {
            open.push(world.store.read().await.expect("a transaction"));
        }
        drop(open);
        let ended = format!(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{name}'"
        );
        let mut own = PgConnection::connect(&server).await.expect("a connection");
        let ended: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(ended)).fetch_one(&mut own).await.expect("a number");
        assert!(ended >= 9, "{ended} connections were ended");
        let mut taken = Vec::new();
        for nonce in nonces(16, round + 1) {
            taken.push(world.store.add_nonce(PROVIDER, nonce, Timestamp(0)).await.expect("added"));
        }
        assert_eq!(taken, [true; 16]);
        let account = format!("99999999999{round}");
        let made = aws(&gate, &account, "CreateInstance", json!({})).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let arn = &made.json()["InstanceArn"];
        for _ in 0..20 {
            let read = aws(&gate, &account, "DescribeInstance", json!({ "InstanceArn": arn })).await;
            assert_eq!(read.status, 200, "{}", read.text());
        }
    }
}

/// What is acknowledged is on disk, and a read is of one moment, whatever the user or the database is set to.
#[tokio::test]
async fn a_setting_of_the_server_takes_no_promise_back() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    for (given, expected) in [("off", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
        let store = Store::url(&format!("{url}%20-csynchronous_commit%3D{given}")).await.expect("a store");
        let mut tx = store.write().await.expect("a transaction");
        let own: String = sqlx::query_scalar("select current_setting('synchronous_commit')")
            .fetch_one(&mut *tx)
            .await
            .expect("a setting");
        assert_eq!(own, expected, "{given}");
        drop(tx);
        store.close().await;
    }
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let (one, two) = (replica(&url).await, replica(&url).await);
    let mut looking = one.1.store.read().await.expect("a transaction");
    let before = rows(&mut looking, "instances").await;
    let made = aws(&two.0, "222222222222", "CreateInstance", json!({})).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(rows(&mut looking, "instances").await, before);
    let mut later = one.1.store.read().await.expect("a transaction");
    assert_ne!(rows(&mut later, "instances").await, before);
    assert!(sqlx::query("delete from tags").execute(&mut *later).await.is_err(), "it only reads");
}

fn nonces(count: usize, until: i64) -> Vec<Nonce> {
    let one =
        |i: usize| Nonce { key: "key".to_owned(), text: format!("{until}-{i}"), until: Timestamp(until) };
    (0..count).map(one).collect()
}

/// Batches of the same nonces at two servers, in opposite orders: none waits for another one in a circle.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_nonce_that_comes_to_two_servers_is_taken_by_one() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let stores = [Store::url(&url).await.expect("a store"), Store::url(&url).await.expect("a store")];
    for round in 1..=20 {
        let ascending = nonces(200, round);
        let descending = ascending.iter().rev().cloned().collect();
        let mut adding = JoinSet::new();
        for (store, nonces) in stores.iter().zip([ascending, descending]) {
            for nonce in nonces {
                let store = store.clone();
                adding.spawn(async move { store.add_nonce(PROVIDER, nonce, Timestamp(0)).await });
            }
        }
        let mut added = 0;
        for one in adding.join_all().await {
            added += usize::from(one.expect("none is in the way of another one"));
        }
        assert_eq!(added, 200);
    }
}

fn pace(text: &str) -> Pace {
    Pace::parse(text).expect("a pace")
}

/// A server that stands still in the middle of a write keeps the others waiting for a while, and not for ever.
#[tokio::test]
async fn a_server_that_stands_still_does_not_keep_the_lock() {
    let Some(server) = server() else { return };
    let (_schema, url) = fresh(&server).await;
    let (still, other) = (replica(&url).await, replica(&url).await);
    let mut held = still.1.store.write().await.expect("the lock");
    estate::set_pace(&mut held, pace("after=1s")).await.expect("written");
    assert!(
        matches!(other.1.store.write().await, Err(Error::Conflict)),
        "the lock is waited for, and not for ever"
    );
    assert_eq!(other.1.pace().await.expect("a pace"), pace("instant"), "readers wait for nobody");
    let mut waited = 0;
    let free = loop {
        match other.1.store.write().await {
            Ok(tx) => break tx,
            Err(Error::Conflict) if waited < 3 => waited += 1,
            Err(error) => panic!("{error}"),
        }
    };
    drop(free);
    assert!(still.1.store.commit(held).await.is_err(), "what was held is undone");
    assert_eq!(other.1.pace().await.expect("a pace"), pace("instant"));
}
