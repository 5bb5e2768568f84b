//! A database of an earlier version: what was in it is there, and can be used.

use std::path::Path;
use std::sync::Arc;

use sanmen::api::{Auth, Limits};
use sanmen::domain::{FixedClock, SeededIds};
use sanmen::server::Gate;
use sanmen::server::access::Access;
use sanmen::store::Store;
use sanmen::world::{Estate, World};
use sqlx::migrate::Migrator;
use sqlx::{Connection, Executor};

use super::bench::{Bench, NOW};
use super::golden;

/// A database as the version with these migrations made it, and filled it.
async fn earlier(path: &Path, migrations: &[&str], rows: &str) {
    let folder = tempfile::tempdir().expect("a directory");
    for name in migrations {
        let from = golden::repository("migrations").join(name);
        std::fs::copy(from, folder.path().join(name)).expect("a migration");
    }
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    let migrator = Migrator::new(folder.path()).await.expect("migrations");
    migrator.run_direct(None, &mut connection, false).await.expect("migrated");
    connection.execute(sqlx::AssertSqlSafe(rows.to_owned())).await.expect("rows");
    connection.close().await.expect("closed");
}

#[tokio::test]
async fn what_was_there_before_users_and_regions_is_there_after() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    let rows = "
        insert into meta values ('seeded', 'yes');
        insert into organizations values ('aws', 'o-1'), ('alibaba', 'rd-1'), ('alibaba', 'rd-2');
        insert into accounts values
            ('aws', '111111111111', 'o-1', 'management'), ('aws', '222222222222', 'o-1', 'member'),
            ('alibaba', '1111111111111111', 'rd-1', 'management'),
            ('alibaba', '2222222222222222', 'rd-2', 'management');
        insert into services values ('alibaba', 'rd-1', 1), ('alibaba', 'rd-2', 1);
        insert into instances values
            ('aws', 'ssoins-1111111111111111', '111111111111', 'd-1111111111', null, 'us-east-1', 'active', 1000),
            ('aws', 'ssoins-2222222222222222', '222222222222', 'd-2222222222', 'team', 'us-east-1', 'active', 2000),
            ('alibaba', 'd-000000000001', '1111111111111111', 'd-000000000001', 'same', 'cn-shanghai', 'active', 3000),
            ('alibaba', 'd-000000000002', '2222222222222222', 'd-000000000002', 'same', 'cn-shanghai', 'active', 4000);
        insert into access_keys (provider, id, account_id, secret) values
            ('alibaba', '1111111111111111', '1111111111111111', 's'),
            ('alibaba', '2222222222222222', '2222222222222222', 's');
        insert into tags values
            ('aws', 'ssoins-2222222222222222', 0, 'first', '1'), ('aws', 'ssoins-2222222222222222', 1, 'second', '2');
        insert into settings values
            ('alibaba', 'd-000000000001', 'mfa', '{\"setting\":\"Disabled\",\"risky_login\":\"Autonomous\"}');
        insert into replays values
            ('aws', '222222222222', 'CreateInstance', 't', '{\"Name\":\"team\",\"Tags\":{}}',
             '{\"InstanceArn\":\"kept\"}', 'ssoins-2222222222222222', 2000);";
    earlier(&path, &["0001_accounts_and_instances.sql", "0002_credentials.sql"], rows).await;
    let store = Store::file(&path).await.expect("the database opens");
    let clock = Arc::new(FixedClock::at(NOW));
    let world =
        World::open(store, Estate::default(), clock, Arc::new(SeededIds::new(7))).await.expect("a world");
    let mut bench = Bench::new().await;
    bench.gate = Gate::new(Arc::new(world), Limits::default(), Auth::default(), Access::default());

    let listed = bench.aws("222222222222", "ListInstances", "{}").await.json();
    let arns: Vec<_> =
        listed["Instances"].as_array().expect("a list").iter().map(|it| &it["InstanceArn"]).collect();
    assert_eq!(
        arns,
        ["arn:aws:sso:::instance/ssoins-1111111111111111", "arn:aws:sso:::instance/ssoins-2222222222222222"]
    );
    let resource = r#"{"ResourceArn": "arn:aws:sso:::instance/ssoins-2222222222222222"}"#;
    let tags = bench.aws("222222222222", "ListTagsForResource", resource).await.json();
    assert_eq!(tags["Tags"].as_array().expect("a list").len(), 2, "{tags}");
    assert_eq!(tags["Tags"][0]["Key"], "first");
    let replayed =
        bench.aws("222222222222", "CreateInstance", r#"{"Name": "team", "ClientToken": "t"}"#).await;
    assert_eq!(replayed.json()["InstanceArn"], "kept");
    for (account, id, name) in [
        ("1111111111111111", "d-000000000001", "same"),
        ("2222222222222222", "d-000000000002", "d-000000000002"),
    ] {
        let found = bench.alibaba(account, "GetDirectory", &format!("DirectoryId={id}")).await.json();
        assert_eq!(found["Directory"]["DirectoryName"], name, "{found}");
    }
    let mfa =
        bench.alibaba("1111111111111111", "GetMFAAuthenticationSettings", "DirectoryId=d-000000000001").await;
    assert_eq!(mfa.json()["MFAAuthenticationAdvanceSettings"], "Disabled");
    let user = bench.alibaba("1111111111111111", "CreateUser", "DirectoryId=d-000000000001&UserName=a").await;
    assert_eq!(user.status, 200, "{}", user.text());
}
