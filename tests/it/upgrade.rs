//! A database of an earlier version: what was in it is there, and can be used.

use std::path::Path;
use std::sync::Arc;

use sanmen::api::{Auth, Limits};
use sanmen::domain::{FixedClock, SeededIds};
use sanmen::server::Gate;
use sanmen::server::access::Access;
use sanmen::store::Store;
use sanmen::world::{Estate, World};
use serde_json::{Value, json};
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

/// How many rows each of these tables has.
async fn sizes(path: &Path) -> Vec<(String, i64)> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    let names =
        "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' order by 1";
    let names: Vec<(String,)> = sqlx::query_as(names).fetch_all(&mut connection).await.expect("tables");
    let mut sizes = Vec::new();
    for (name,) in names {
        let count = sqlx::AssertSqlSafe(format!("select count(*) from \"{name}\""));
        let (count,): (i64,) = sqlx::query_as(count).fetch_one(&mut connection).await.expect("a number");
        sizes.push((name, count));
    }
    connection.close().await.expect("closed");
    sizes
}

/// The database that the version before wrote, made by `tests/sdk/fixture.py`: everything in it is told by the vendors'
/// operations, and can be changed by them.
#[tokio::test]
async fn what_the_version_before_wrote_is_there_and_can_be_changed() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sanmen.db");
    std::fs::copy(golden::repository("tests/fixtures/0.1.0.db"), &path).expect("a copy");
    let before = sizes(&path).await;
    assert!(before.len() >= 15 && before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
    let store = Store::file(&path).await.expect("the database opens");
    let clock = Arc::new(FixedClock::at(NOW));
    let world = World::open(store, Estate::default(), clock, Arc::new(SeededIds::new(7))).await;
    let world = Arc::new(world.expect("a world"));
    let after = sizes(&path).await;
    let lost = before.iter().filter(|table| !after.contains(table));
    assert_eq!(lost.count(), 0, "opening loses nothing: {before:?}, {after:?}");
    let mut bench = Bench::new().await;
    bench.gate = Gate::new(world, Limits::default(), Auth::default(), Access::default());

    let arn = json!({ "InstanceArn": "arn:aws:sso:::instance/ssoins-1111111111111111" }).to_string();
    for status in ["ADDING", "ADDING", "ACTIVE"] {
        // It is looked at for the third time when it is there.
        let found = bench.aws("111111111111", "ListRegions", arn.clone()).await.json();
        let region = |i: usize| found["Regions"][i].clone();
        assert_eq!(
            (&region(0)["RegionName"], &region(1)["RegionName"]),
            (&json!("us-east-1"), &json!("us-west-2"))
        );
        assert_eq!(region(1)["Status"], status, "{found}");
    }
    let found = bench.aws("111111111111", "DescribeInstance", arn).await.json();
    assert_eq!(found["Name"], "acme");
    assert_eq!(found["EncryptionConfigurationDetails"]["KeyType"], "CUSTOMER_MANAGED_KEY", "{found}");
    let tags = json!([{ "Key": "zone", "Value": "1" }, { "Key": "area", "Value": "é" }]);
    let create = json!({ "Name": "member", "ClientToken": "fixture", "Tags": tags });
    let found = bench.aws("222222222222", "CreateInstance", create.to_string()).await.json();
    let resource = json!({ "ResourceArn": found["InstanceArn"] }).to_string();
    let found = bench.aws("222222222222", "ListTagsForResource", resource.clone()).await.json();
    assert_eq!(found["Tags"], tags, "the token stands for the instance that it made");
    let found = bench.aws("999999999999", "CreateInstance", "{}").await.json();
    assert_eq!(found["__type"], "ConflictException", "{found}");

    let id = "DirectoryId=d-001111111111";
    let found = bench.alibaba(ALIBABA, "GetDirectory", id).await.json();
    assert_eq!(found["Directory"]["DirectoryName"], "sanmen", "{found}");
    let found = bench.alibaba(ALIBABA, "GetMFAAuthenticationSettingInfo", id).await.json();
    let mfa = json!({
        "MfaAuthenticationAdvanceSettings": "OnlyRiskyLogin",
        "OperationForRiskLogin": "EnforceVerify",
        "AllowedVerificationTypes": ["TOTP"],
    });
    assert_eq!(found["MFAAuthenticationSettingInfo"], mfa);
    let found = bench.alibaba(ALIBABA, "GetPasswordPolicy", id).await.json();
    assert_eq!(found["PasswordPolicy"]["MaxPasswordAge"], 30, "{found}");
    let found = bench.alibaba(ALIBABA, "ListUsers", id).await.json();
    let users: Vec<_> = found["Users"].as_array().expect("a list").iter().map(|it| &it["UserName"]).collect();
    assert_eq!(users, ["alice", "bob", "Carol"]);
    let alice = format!("{id}&UserId=u-00000000000000000001");
    let found = bench.alibaba(ALIBABA, "GetUser", &alice).await.json();
    assert_eq!(
        (&found["User"]["Email"], &found["User"]["Tags"][1]["Value"]),
        (&json!("alice@example.com"), &json!("identity"))
    );
    let found = bench.alibaba(ALIBABA, "ListMFADevicesForUser", &alice).await.json();
    assert_eq!(found["MFADevices"].as_array().map(Vec::len), Some(2), "{found}");
    let external =
        format!("{id}&ExternalId={}", "%7B%22Issuer%22%3A%22SCIM%22%2C%22Id%22%3A%22bob@example.com%22%7D");
    let found = bench.alibaba(ALIBABA, "GetUserId", &external).await.json();
    assert_eq!(found["UserId"], "u-00000000000000000002", "{found}");

    let ones = "1".repeat(32);
    let attributes = "/v1/instances/ins-1111111111111111/access-control-attribute-configuration";
    let found = bench.huawei(&ones, "GET", attributes, "").await.json();
    let listed = &found["instance_access_control_attribute_configuration"]["access_control_attributes"];
    assert_eq!(listed[0]["key"], "email", "{found}");
    let found = bench.huawei(&ones, "GET", "/v1/instances", "").await.json();
    assert_eq!(found["instances"][0]["alias"], "acme", "{found}");
    let found = bench.huawei(&ones, "GET", "/v1/registered-regions", "").await.json();
    assert_eq!(found["regions"][0]["region_id"], "cn-north-4", "{found}");

    let tags = json!({ "ResourceArn": serde_json::from_str::<Value>(&resource).expect("JSON")["ResourceArn"],
        "Tags": [{ "Key": "later", "Value": "2" }] });
    assert_eq!(bench.aws("222222222222", "TagResource", tags.to_string()).await.status, 200);
    let made = bench.aws("888888888888", "CreateInstance", r#"{"ClientToken": "fixture"}"#).await;
    assert_eq!(made.status, 200, "{}", made.text());
    for (action, query) in [
        ("CreateUser", format!("{id}&UserName=Dave")),
        ("UpdateUser", format!("{alice}&NewDisplayName=A")),
        ("DeleteMFADeviceForUser", format!("{alice}&MFADeviceId=mfa-00000000000000000001")),
    ] {
        let done = bench.alibaba(ALIBABA, action, &query).await;
        assert_eq!(done.status, 200, "{action}: {}", done.text());
    }
    let update = bench.huawei(
        &ones,
        "PUT",
        attributes,
        json!({
        "instance_access_control_attribute_configuration": { "access_control_attributes": [] } })
        .to_string(),
    );
    assert_eq!(update.await.status, 200);
}

const ALIBABA: &str = "1111111111111111";
