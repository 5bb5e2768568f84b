//! The instance of an organization at Huawei Cloud: limits from both sides, and who is first.

use std::sync::Arc;

use sanmen::api::Limits;
use serde_json::{Value, json};

use super::bench::{Bench, Place};

const INSTANCE: &str = "/v1/instances/ins-1111111111111111";

fn management() -> String {
    "1".repeat(32)
}

/// doc: 1 to 100.
#[tokio::test]
async fn a_page_has_one_to_a_hundred_items() {
    let bench = Bench::new().await;
    for (limit, status) in
        [("1", 200), ("100", 200), ("0", 400), ("101", 400), ("-1", 400), ("1.5", 400), ("", 400)]
    {
        let answer = bench.huawei(&management(), "GET", &format!("/v1/instances?limit={limit}"), "").await;
        assert_eq!(answer.status, status, "{limit}: {}", answer.text());
    }
}

/// model: the pattern of `region_id`.
#[tokio::test]
async fn a_region_has_its_form() {
    for (region, status) in [
        ("cn-north-4".to_owned(), 200),
        ("a".to_owned(), 200),
        ("A".repeat(64), 200),
        ("a".repeat(65), 400),
        (String::new(), 400),
        ("cn north".to_owned(), 400),
        ("cn_north".to_owned(), 400),
        ("cn-north-4\n".to_owned(), 400),
        ("cn.north".to_owned(), 400),
        ("é".to_owned(), 400),
    ] {
        let bench = Bench::with("blank", Place::Memory, Limits::default()).await;
        let body = json!({ "region_id": region }).to_string();
        let answer = bench.huawei(&management(), "POST", "/v1/register-regions", body).await;
        assert_eq!(answer.status, status, "{region:?}: {}", answer.text());
    }
}

fn attribute(key: &str, sources: &[&str]) -> Value {
    json!({ "key": key, "value": { "source": sources } })
}

fn configuration(attributes: &[Value]) -> Value {
    json!({ "instance_access_control_attribute_configuration": { "access_control_attributes": attributes } })
}

/// doc: the lengths. model: the pattern of `key`.
#[tokio::test]
async fn every_access_control_attribute_is_kept_as_it_was_sent_or_refused() {
    const PATH: &str = "/v1/instances/ins-1111111111111111/access-control-attribute-configuration";
    let many = |count: usize| (0..count).map(|i| attribute(&format!("k{i}"), &["s"])).collect::<Vec<_>>();
    let bench = Bench::new().await;
    let first = configuration(&[attribute("first", &["s"])]);
    assert_eq!(bench.huawei(&management(), "POST", PATH, first.to_string()).await.status, 200);
    for attributes in [
        many(0),
        many(20),
        // Lengths are counted in characters.
        vec![attribute(&"é".repeat(128), &["漢".repeat(255).as_str()])],
        vec![attribute("a", &[""])],
        vec![attribute("a", &["s"]), attribute("A", &["s"])],
        vec![attribute("b", &["${path:addresses[type eq \"work\"].region}"]), attribute("a", &["anything"])],
    ] {
        let sent = configuration(&attributes);
        let answer = bench.huawei(&management(), "PUT", PATH, sent.to_string()).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, ""), "{sent}");
        let kept = bench.huawei(&management(), "GET", PATH, "").await.json();
        let name = "instance_access_control_attribute_configuration";
        assert_eq!(kept[name], sent[name]);
    }
    let before = bench.huawei(&management(), "GET", PATH, "").await.json();
    for attributes in [
        many(21),
        vec![attribute(&"k".repeat(129), &["s"])],
        vec![attribute("", &["s"])],
        vec![attribute("_sys_a", &["s"])],
        vec![attribute(" a", &["s"])],
        vec![attribute("a", &[])],
        vec![attribute("a", &["s", "t"])],
        vec![attribute("a", &["s".repeat(256).as_str()])],
        vec![attribute("a", &["s"]), attribute("a", &["t"])],
        vec![json!({ "key": "a" })],
        vec![json!({ "value": { "source": ["s"] } })],
        vec![json!({ "key": "a", "value": {} })],
        vec![json!({ "key": "a", "value": { "source": [null] } })],
        vec![Value::Null],
    ] {
        let sent = configuration(&attributes);
        let answer = bench.huawei(&management(), "PUT", PATH, sent.to_string()).await;
        assert_eq!((answer.status, &answer.json()["error_code"]), (400, &json!("IIC.400")), "{sent}");
    }
    assert_eq!(bench.huawei(&management(), "GET", PATH, "").await.json(), before);
}

/// inferred: one instance an organization, 409 for whoever comes late.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_starts_one_wins() {
    const MANY: usize = 32;
    for place in Place::all() {
        let bench = Arc::new(Bench::with("blank", place, Limits::default()).await);
        let calls = (0..MANY).map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move { bench.huawei(&management(), "POST", "/v1/service/start", "").await })
        });
        let (mut won, mut lost) = (0, 0);
        for call in calls.collect::<Vec<_>>() {
            let answer = call.await.expect("an answer");
            match answer.status {
                200 => won += 1,
                409 => lost += 1,
                _ => panic!("{place:?}: {}", answer.text()),
            }
        }
        assert_eq!((won, lost), (1, MANY - 1), "{place:?}");
        let list = bench.huawei(&management(), "GET", "/v1/instances", "").await.json();
        assert_eq!(list["page_info"]["current_count"], 1);
    }
}

/// No setting is in the way of another one.
#[tokio::test]
async fn each_setting_has_its_own_document() {
    let bench = Bench::new().await;
    let put = async |method: &str, path: &str, body: Value| {
        let path = format!("{INSTANCE}{path}");
        let answer = bench.huawei(&management(), method, &path, body.to_string()).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    };
    let get =
        async |path: &str| bench.huawei(&management(), "GET", &format!("{INSTANCE}{path}"), "").await.json();
    let session = get("/sso-configuration").await;
    put("PUT", "/disaster-recovery-configuration", json!({ "disaster_recovery_choice": "ACCEPT" })).await;
    let mfa = json!({ "identity_store_id": "d-1111111111", "user_permission": "READ_ACTIONS" });
    put("POST", "/mfa-devices/management-settings", mfa.clone()).await;
    assert_eq!(
        get("/disaster-recovery-configuration").await,
        json!({ "disaster_recovery_choice": "ACCEPT" })
    );
    assert_eq!(get("/mfa-devices/management-settings").await, mfa);
    assert_eq!(get("/sso-configuration").await, session);
}
