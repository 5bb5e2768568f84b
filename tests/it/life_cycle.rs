//! What takes time elsewhere takes as long here as the world is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sanmen::domain::life_cycle::Pace;
use sanmen::domain::{Clock, Timestamp};
use serde_json::{Value, json};

use super::bench::{Bench, NOW};

/// A clock that a test sets.
struct Settable(AtomicI64);

impl Clock for Settable {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

const OWNER: &str = "222222222222";
const MANAGEMENT: &str = "111111111111";
const ORGANIZATION: &str = "arn:aws:sso:::instance/ssoins-1111111111111111";

/// A call, and what it is answered by: the body, or the error's type.
async fn call(bench: &Bench, account: &str, operation: &str, body: Value) -> Result<Value, String> {
    let answer = bench.aws(account, operation, body.to_string()).await;
    match answer.status {
        200 => Ok(answer.json()),
        _ => Err(answer.json()["__type"].as_str().expect("a type").to_owned()),
    }
}

async fn status(bench: &Bench, arn: &str) -> Result<Value, String> {
    let described = call(bench, OWNER, "DescribeInstance", json!({ "InstanceArn": arn })).await;
    described.map(|described| described["Status"].clone())
}

async fn create(bench: &Bench) -> String {
    let created =
        call(bench, OWNER, "CreateInstance", json!({ "ClientToken": "t" })).await.expect("an instance");
    created["InstanceArn"].as_str().expect("an ARN").to_owned()
}

/// doc: while it is being made only these two may be called.
async fn only_describe_and_delete_work(bench: &Bench, arn: &str) {
    let resource = json!({ "ResourceArn": arn });
    for (operation, body) in [
        ("UpdateInstance", json!({ "InstanceArn": arn, "Name": "n" })),
        ("TagResource", json!({ "ResourceArn": arn, "Tags": [] })),
        ("UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["k"] })),
        ("ListTagsForResource", resource),
        ("ListRegions", json!({ "InstanceArn": arn })),
        ("DescribeRegion", json!({ "InstanceArn": arn, "RegionName": "us-east-1" })),
        ("AddRegion", json!({ "InstanceArn": arn, "RegionName": "us-west-2" })),
        ("RemoveRegion", json!({ "InstanceArn": arn, "RegionName": "us-west-2" })),
    ] {
        let answer = call(bench, OWNER, operation, body).await;
        // model: which have a conflict.
        let reads = ["ListTagsForResource", "ListRegions", "DescribeRegion"].contains(&operation);
        let expected = if reads { "ValidationException" } else { "ConflictException" };
        assert_eq!(answer, Err(expected.to_owned()), "{operation}");
    }
}

#[tokio::test]
async fn an_instance_is_made_and_deleted_after_a_time() {
    let clock = Arc::new(Settable(AtomicI64::new(NOW.0)));
    let bench = Bench::with_clock("default", clock.clone()).await;
    bench.world.set_pace(Pace::After(Duration::from_secs(5))).await.expect("a pace");
    let arn = create(&bench).await;
    for (later, expected) in [(0, "CREATE_IN_PROGRESS"), (4_999, "CREATE_IN_PROGRESS"), (5_000, "ACTIVE")] {
        clock.0.store(NOW.0 + later, Ordering::SeqCst);
        assert_eq!(status(&bench, &arn).await, Ok(json!(expected)), "after {later} ms");
        if expected != "ACTIVE" {
            only_describe_and_delete_work(&bench, &arn).await;
        }
    }
    assert!(call(&bench, OWNER, "UpdateInstance", json!({ "InstanceArn": arn, "Name": "n" })).await.is_ok());
    let deleted = call(&bench, OWNER, "DeleteInstance", json!({ "InstanceArn": arn })).await;
    assert_eq!(deleted, Ok(json!({})));
    assert_eq!(status(&bench, &arn).await, Ok(json!("DELETE_IN_PROGRESS")));
    only_describe_and_delete_work(&bench, &arn).await;
    let again = call(&bench, OWNER, "DeleteInstance", json!({ "InstanceArn": arn })).await;
    assert_eq!(again, Ok(json!({})), "inferred: what is being deleted can be deleted");
    let taken = call(&bench, OWNER, "CreateInstance", json!({})).await;
    assert_eq!(taken, Err("ConflictException".to_owned()), "it is still there");
    clock.0.store(NOW.0 + 10_000, Ordering::SeqCst);
    assert_eq!(status(&bench, &arn).await, Err("AccessDeniedException".to_owned()));
    let listed = call(&bench, OWNER, "ListInstances", json!({})).await.expect("a list");
    assert_eq!(listed["Instances"].as_array().expect("a list").len(), 1, "the organization's alone");
    assert_ne!(create(&bench).await, arn, "the token died with the instance");
}

#[tokio::test]
async fn an_instance_is_made_and_deleted_after_it_was_looked_at_so_often() {
    let bench = Bench::new().await;
    bench.world.set_pace(Pace::Reads(2)).await.expect("a pace");
    let arn = create(&bench).await;
    // What does not look at it does not count.
    only_describe_and_delete_work(&bench, &arn).await;
    assert_eq!(status(&bench, &arn).await, Ok(json!("CREATE_IN_PROGRESS")));
    let listed = call(&bench, OWNER, "ListInstances", json!({})).await.expect("a list");
    assert_eq!(listed["Instances"][1]["Status"], "CREATE_IN_PROGRESS");
    assert_eq!(status(&bench, &arn).await, Ok(json!("ACTIVE")));
    assert_eq!(status(&bench, &arn).await, Ok(json!("ACTIVE")));
    assert!(call(&bench, OWNER, "DeleteInstance", json!({ "InstanceArn": arn })).await.is_ok());
    for _ in 0..2 {
        assert_eq!(status(&bench, &arn).await, Ok(json!("DELETE_IN_PROGRESS")));
    }
    assert_eq!(status(&bench, &arn).await, Err("AccessDeniedException".to_owned()));
    assert_ne!(create(&bench).await, arn);
}

#[tokio::test]
async fn an_instance_that_is_being_made_can_be_deleted() {
    let bench = Bench::new().await;
    bench.world.set_pace(Pace::Reads(1)).await.expect("a pace");
    let arn = create(&bench).await;
    assert!(call(&bench, OWNER, "DeleteInstance", json!({ "InstanceArn": arn })).await.is_ok());
    assert_eq!(status(&bench, &arn).await, Ok(json!("DELETE_IN_PROGRESS")));
    assert_eq!(status(&bench, &arn).await, Err("AccessDeniedException".to_owned()));
}

/// A clock that goes on a little whenever it is looked at.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// What was true when it was looked at, and is over when it is told, is not told again.
#[tokio::test]
async fn what_is_done_while_somebody_looks_is_seen_by_the_next_one() {
    let bench = Bench::with_clock("default", Arc::new(Ticking(AtomicI64::new(NOW.0)))).await;
    // Whichever look it is that the end falls into.
    for after in 1..60 {
        bench.world.reset().await.expect("a reset");
        bench.world.set_pace(Pace::After(Duration::from_millis(after))).await.expect("a pace");
        let arn = create(&bench).await;
        let mut looks = 0;
        while status(&bench, &arn).await != Ok(json!("ACTIVE")) {
            looks += 1;
            assert!(looks < 100, "after {after} ms it is still said to be in progress");
        }
    }
}

#[tokio::test]
async fn a_region_is_added_and_removed_as_slowly() {
    let clock = Arc::new(Settable(AtomicI64::new(NOW.0)));
    let bench = Bench::with_clock("default", clock.clone()).await;
    let key = format!("arn:aws:kms:us-east-1:{MANAGEMENT}:key/mrk-{}", "0".repeat(32));
    let encryption = json!({ "KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key });
    let update = json!({ "InstanceArn": ORGANIZATION, "EncryptionConfiguration": encryption });
    assert!(call(&bench, MANAGEMENT, "UpdateInstance", update).await.is_ok());
    bench.world.set_pace(Pace::After(Duration::from_secs(1))).await.expect("a pace");
    let region = |name: &str| json!({ "InstanceArn": ORGANIZATION, "RegionName": name });
    let told = async |name: &str| {
        let told = call(&bench, MANAGEMENT, "DescribeRegion", region(name)).await;
        told.map(|told| told["Status"].as_str().expect("a status").to_owned())
    };
    assert_eq!(
        call(&bench, MANAGEMENT, "AddRegion", region("us-west-2")).await,
        Ok(json!({ "Status": "ADDING" }))
    );
    assert_eq!(told("us-west-2").await, Ok("ADDING".to_owned()));
    for (operation, name) in [("AddRegion", "eu-west-1"), ("RemoveRegion", "us-west-2")] {
        let answer = call(&bench, MANAGEMENT, operation, region(name)).await;
        assert_eq!(answer, Err("ConflictException".to_owned()), "{operation}: one at a time");
    }
    let delete = json!({ "InstanceArn": ORGANIZATION });
    assert_eq!(call(&bench, MANAGEMENT, "DeleteInstance", delete).await, Err("ConflictException".to_owned()));
    clock.0.store(NOW.0 + 1_000, Ordering::SeqCst);
    assert_eq!(told("us-west-2").await, Ok("ACTIVE".to_owned()));
    let removed = call(&bench, MANAGEMENT, "RemoveRegion", region("us-west-2")).await;
    assert_eq!(removed, Ok(json!({ "Status": "REMOVING" })));
    assert_eq!(told("us-west-2").await, Ok("REMOVING".to_owned()));
    clock.0.store(NOW.0 + 2_000, Ordering::SeqCst);
    assert_eq!(told("us-west-2").await, Err("ResourceNotFoundException".to_owned()));
    let added = call(&bench, MANAGEMENT, "AddRegion", region("us-west-2")).await;
    assert_eq!(added, Ok(json!({ "Status": "ADDING" })), "and again");
}

#[tokio::test]
async fn a_pace_is_the_worlds_and_a_reset_takes_it_back() {
    let bench = Bench::new().await;
    let own = async |method: &str, body: &str| {
        let headers = [("host", "localhost")];
        bench.request(method, "/_sanmen/life-cycle", &headers, body.to_owned()).await.json()
    };
    assert_eq!(own("GET", "").await, json!({ "pace": "instant" }));
    assert_eq!(own("PUT", r#"{"pace":"after=1500ms"}"#).await, json!({ "pace": "after=1500ms" }));
    assert_eq!(bench.world.pace().await.expect("a pace"), Pace::After(Duration::from_millis(1500)));
    bench.world.reset().await.expect("reset");
    assert_eq!(own("GET", "").await, json!({ "pace": "instant" }));
}
