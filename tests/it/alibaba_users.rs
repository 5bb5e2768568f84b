//! Users of Alibaba Cloud's directories, case by case.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sanmen::api::{Auth, Limits};
use sanmen::domain::{Clock, SeededIds, Timestamp};
use sanmen::seed;
use sanmen::server::Gate;
use sanmen::server::access::Access;
use sanmen::world::World;
use serde_json::Value;

use super::alibaba_passwords::full;
use super::bench::{Bench, NOW, Place};
use super::hostile::everything;

const MANAGEMENT: &str = "1111111111111111";
const D: &str = "DirectoryId=d-001111111111";

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The names of the users that a list has.
fn names(answer: &Value) -> Vec<String> {
    let users = answer["Users"].as_array().unwrap_or_else(|| panic!("{answer}"));
    users.iter().map(|user| user["UserName"].as_str().expect("a name").to_owned()).collect()
}

/// doc: an attribute, an operator and a value, in whatever case. Anything else is refused.
#[tokio::test]
async fn a_filter_has_one_attribute_one_operator_and_one_value() {
    let bench = full().await;
    for name in ["Al", "alicia", "a_c", "bo.b@x-y"] {
        let query = format!("{D}&UserName={}", encoded(name));
        assert_eq!(bench.alibaba(MANAGEMENT, "CreateUser", &query).await.status, 200, "{name}");
    }
    let found: &[(&str, &[&str])] = &[
        ("UserName eq alice", &["alice"]),
        ("UserName eq ALICE", &["alice"]),
        ("username EQ aLiCe", &["alice"]),
        ("USERNAME Sw AL", &["alice", "Al", "alicia"]),
        ("UserName eq al", &["Al"]),
        ("UserName sw alice", &["alice"]),
        ("UserName sw alicex", &[]),
        ("UserName sw a_", &["a_c"]),
        ("UserName eq bo.b@x-y", &["bo.b@x-y"]),
        ("UserName sw bo", &["bob", "bo.b@x-y"]),
        ("  UserName   sw  bob ", &["bob"]),
        ("UserName eq and", &[]),
    ];
    for (filter, expected) in found {
        let query = format!("{D}&Filter={}", encoded(filter));
        let answer = bench.alibaba(MANAGEMENT, "ListUsers", &query).await.json();
        assert_eq!(names(&answer), *expected, "{filter}");
        assert_eq!(answer["TotalCounts"], expected.len(), "{filter}");
    }
    for filter in [
        " ",
        "alice",
        "UserName",
        "UserName eq",
        "UserName alice",
        "eq alice",
        "UserName = alice",
        "UserName ew alice",
        "UserName co alice",
        "UserName ne alice",
        "UserNames eq alice",
        "UserId eq u-00000000000000000001",
        "Email eq alice@example.com",
        "UserName eq \"alice\"",
        "UserName eq 'alice'",
        "UserName eq al%",
        "UserName eq al*",
        "UserName eq älice",
        "UserName\teq\talice",
        "UserName eq alice and UserName sw a",
        "UserName eq alice bob",
        "not UserName eq alice",
    ] {
        let query = format!("{D}&Filter={}", encoded(filter));
        let answer = bench.alibaba(MANAGEMENT, "ListUsers", &query).await;
        assert_eq!(answer.json()["Code"], "InvalidParameter.Filter", "{filter:?}");
    }
}

/// inferred: all the tags that are asked for; without a value, whatever the value.
#[tokio::test]
async fn tags_that_are_asked_for_are_all_there() {
    let bench = full().await;
    let tagged = |n: usize, key: &str, value: &str| format!("&Tags.{n}.Key={key}&Tags.{n}.Value={value}");
    let query = format!("{D}&UserName=carol{}{}", tagged(1, "team", "identity"), tagged(2, "empty", ""));
    assert_eq!(bench.alibaba(MANAGEMENT, "CreateUser", &query).await.status, 200);
    for (tags, expected) in [
        (tagged(1, "team", "identity"), &["alice", "carol"][..]),
        (tagged(1, "team", "Identity"), &[]),
        (tagged(1, "TEAM", "identity"), &[]),
        ("&Tags.1.Key=team".to_owned(), &["alice", "carol"]),
        ("&Tags.1.Key=team&Tags.2.Key=floor".to_owned(), &["alice"]),
        (tagged(1, "empty", ""), &["carol"]),
        (tagged(1, "team", ""), &[]),
        (tagged(1, "team", "identity") + &tagged(2, "team", "other"), &[]),
        (tagged(7, "floor", "3") + "&Tags.3.Key=team", &["alice"]),
        (tagged(1, "team", "identity") + "&Status=Disabled", &[]),
    ] {
        let answer = bench.alibaba(MANAGEMENT, "ListUsers", &format!("{D}{tags}")).await.json();
        assert_eq!(names(&answer), expected, "{tags}");
    }
}

/// doc: the limits, at their bounds; the transcript has what is beyond. Lengths are counted in characters.
#[tokio::test]
async fn a_user_may_be_as_long_as_is_documented() {
    let bench = Bench::new().await;
    let tags: String = (1..=20).map(|i| format!("&Tags.{i}.Key=k{i}")).collect();
    let key = encoded(&"é".repeat(128));
    for query in [
        "UserName=a".to_owned(),
        format!("UserName={}", "a".repeat(64)),
        "UserName=A-Z_a.z%400-9".to_owned(),
        format!("UserName=b&FirstName={0}&LastName={0}", encoded(&"漢".repeat(64))),
        format!("UserName=c&DisplayName={}", encoded(&"é".repeat(256))),
        format!("UserName=d&Description={}", encoded(&"é\n".repeat(512))),
        format!("UserName=e&Email={}%40b", "a".repeat(126)),
        "UserName=f&Email=%C3%A9%40x".to_owned(),
        format!("UserName=g{tags}"),
        format!("UserName=h&Tags.1.Key={key}&Tags.1.Value={key}"),
        "UserName=i&Tags.1.Key=my-acs:x&Tags.1.Value=acs:x".to_owned(),
        "UserName=j&Tags.1.Key=a&Tags.2.Key=A".to_owned(),
        "UserName=k&Unknown=1&Tags.x.Key=1".to_owned(),
    ] {
        let answer = bench.alibaba(MANAGEMENT, "CreateUser", &format!("{D}&{query}")).await;
        assert_eq!(answer.status, if query.contains("Tags.x") { 400 } else { 200 }, "{}", answer.text());
    }
}

/// doc: a thousand users a directory.
#[tokio::test]
async fn the_thousandth_user_is_the_last() {
    let mut text = std::fs::read_to_string("src/seed/default.yaml").expect("the default seed");
    let users: String =
        (1..1000).map(|i| format!("              - {{ id: u-{i:020}, name: user-{i} }}\n")).collect();
    let region = "            region: cn-shanghai\n";
    text = text.replace(region, &format!("{region}            users:\n{users}"));
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("many.yaml");
    std::fs::write(&path, text).expect("written");
    let bench = Bench::with(path.to_str().expect("text"), Place::Memory, Limits::default()).await;
    let create = async |name: &str| {
        let answer = bench.alibaba(MANAGEMENT, "CreateUser", &format!("{D}&UserName={name}")).await.json();
        answer["Code"].as_str().unwrap_or("ok").to_owned()
    };
    assert_eq!(create("alice").await, "ok");
    assert_eq!(create("bob").await, "LimitExceeded.User");
    let one = format!("{D}&UserId=u-{:020}", 1);
    assert_eq!(bench.alibaba(MANAGEMENT, "DeleteUser", &one).await.status, 200);
    assert_eq!(create("bob").await, "ok");
    assert_eq!(create("carol").await, "LimitExceeded.User");
    let statistics = bench.alibaba(MANAGEMENT, "GetDirectoryStatistics", D).await.json();
    assert_eq!(statistics["DirectoryStatistics"]["UserCount"], 1000);
}

/// Nothing of a user is left when it is deleted.
#[tokio::test]
async fn a_deleted_user_leaves_nothing_behind() {
    let bench = full().await;
    let before = everything(&bench).await;
    let query = format!("{D}&UserName=zoe&Email=zoe%40example.com&Tags.1.Key=hobby&Tags.1.Value=chess");
    let made = bench.alibaba(MANAGEMENT, "CreateUser", &query).await.json();
    let zoe = format!("{D}&UserId={}", made["User"]["UserId"].as_str().expect("an id"));
    let password = format!("{zoe}&Password=Abcdef1!");
    assert_eq!(bench.alibaba(MANAGEMENT, "ResetUserPassword", &password).await.status, 200);
    assert!(everything(&bench).await.contains("chess"));
    assert_eq!(bench.alibaba(MANAGEMENT, "DeleteUser", &zoe).await.status, 200);
    assert!(everything(&bench).await == before, "something is left");
}

/// Names are unique, however many ask at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_creations_of_one_name_one_wins() {
    let bench = Arc::new(Bench::with("default", Place::File, Limits::default()).await);
    let calls: Vec<_> = (0..32)
        .map(|i| {
            let bench = bench.clone();
            let name = if i % 2 == 0 { "alice" } else { "ALICE" };
            let query = format!("{D}&UserName={name}");
            tokio::spawn(async move { bench.alibaba(MANAGEMENT, "CreateUser", &query).await })
        })
        .collect();
    let mut won = 0;
    for call in calls {
        let answer = call.await.expect("an answer");
        won += usize::from(answer.status == 200);
        assert!(answer.status == 200 || answer.json()["Code"] == "EntityAlreadyExists.User");
    }
    assert_eq!(won, 1);
}

/// A clock that goes on by a second whenever it is told to.
struct Steps(AtomicI64);

impl Clock for Steps {
    fn now(&self) -> Timestamp {
        Timestamp(NOW.0 + 1000 * self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// doc: `UpdateTime` is when something was changed. inferred: what is not of the user itself does not move it.
#[tokio::test]
async fn update_time_moves_with_what_is_shown() {
    let clock = Arc::new(Steps(AtomicI64::new(0)));
    let (_kept, store) = super::bench::Place::Memory.open().await;
    let estate = seed::load("tests/seeds/full.yaml").expect("a seed");
    let world =
        World::open(store, estate, clock.clone(), Arc::new(SeededIds::new(1))).await.expect("a world");
    let gate = Gate::new(Arc::new(world), Limits::default(), Auth::default(), Access::default());
    let call = async |action: &str, query: &str| -> Value {
        let target = format!("/?Action={action}&Version=2021-05-15&Format=JSON&{query}");
        let request = http::Request::post(target).body(axum::body::Body::empty()).expect("a request");
        let body = http_body_util::BodyExt::collect(gate.answer(request).await.into_body()).await;
        serde_json::from_slice(&body.expect("a body").to_bytes()).expect("JSON")
    };
    let alice = format!("{D}&UserId=u-00000000000000000001");
    let tag = format!("{D}&ResourceType=user&ResourceId.1=u-00000000000000000001");
    let cases = [
        ("UpdateUser", format!("{alice}&NewFirstName=A"), true),
        ("UpdateUser", alice.clone(), false),
        ("UpdateUser", format!("{alice}&NewDescription="), true),
        ("UpdateUserStatus", format!("{alice}&NewStatus=Disabled"), true),
        ("UpdateUserStatus", alice.clone(), false),
        (
            "UpdateUserMFAAuthenticationSettings",
            format!("{alice}&UserMFAAuthenticationSettings=Disabled"),
            false,
        ),
        ("ResetUserPassword", format!("{alice}&GenerateRandomPassword=true"), false),
        ("TagResources", format!("{tag}&Tag.1.Key=k"), false),
        ("UntagResources", format!("{tag}&TagKey.1=k"), false),
    ];
    for (action, query, moves) in cases {
        let before = call("GetUser", &alice).await["User"].clone();
        clock.0.fetch_add(1, Ordering::Relaxed);
        let answer = call(action, &query).await;
        assert!(answer.get("Code").is_none(), "{action}: {answer}");
        let after = call("GetUser", &alice).await["User"].clone();
        assert_eq!(before["UpdateTime"] != after["UpdateTime"], moves, "{action} {query}");
        assert_eq!(before["CreateTime"], after["CreateTime"]);
    }
    let name = |name: &str| format!("{D}&NewDirectoryName={name}");
    for (query, moves) in [(D.to_owned(), false), (name("other"), true), (name("other"), true)] {
        let before = call("GetDirectory", D).await["Directory"]["UpdateTime"].clone();
        clock.0.fetch_add(1, Ordering::Relaxed);
        let after = call("UpdateDirectory", &query).await["Directory"]["UpdateTime"].clone();
        assert_eq!(before != after, moves, "{query}");
    }
}
