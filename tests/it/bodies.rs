//! Bodies that are slow, large, or full of separators: none of them is in the way of another request.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body_util::channel::{Channel, Sender};
use sanmen::api::params::{MOST_PARAMETERS, MOST_VALUES};
use sanmen::api::{Limits, UNCOUNTED};
use serde_json::json;
use tokio::task::JoinHandle;

use super::bench::{Answer, Bench, Place, credential};

/// A request whose body the test sends.
fn begun(bench: &Arc<Bench>, account: &str) -> (Sender<Bytes>, JoinHandle<Answer>) {
    let (sender, body) = Channel::<Bytes>::new(1);
    let request = Request::post("/")
        .header("x-amz-target", "SWBExternalService.CreateInstance")
        .header("authorization", credential(account, "us-east-1"))
        .body(Body::new(body))
        .expect("a request");
    let bench = bench.clone();
    (sender, tokio::spawn(async move { bench.send(request).await }))
}

/// Sends so much, and returns when it was read: the channel takes two pieces that are not.
async fn send(sender: &mut Sender<Bytes>, bytes: usize) {
    for piece in [vec![b' '; bytes], vec![b' '], vec![b' ']] {
        sender.send_data(Bytes::from(piece)).await.expect("the body is being read");
    }
}

/// Who sends slowly, or nothing, takes nobody's place.
#[tokio::test]
async fn requests_that_are_still_to_come_are_not_in_the_way() {
    let limits = Limits { requests: 1, ..Limits::default() };
    let bench = Arc::new(Bench::with("default", Place::Memory, limits).await);
    let mut slow: Vec<_> = (0..100).map(|i| begun(&bench, &format!("9000000000{i:02}"))).collect();
    for (sender, _) in &mut slow {
        send(sender, 1).await;
    }
    assert_eq!(bench.aws("222222222222", "ListInstances", "{}").await.status, 200);
    for (mut sender, answer) in slow {
        sender.send_data(Bytes::from("{}")).await.expect("the body is still being read");
        drop(sender);
        assert_eq!(answer.await.expect("an answer").status, 200);
    }
}

/// All bodies together have a bound, from when they come until they are answered; small ones are outside of it.
#[tokio::test]
async fn all_bodies_together_have_a_bound() {
    let limits = Limits { body: 50_000, bodies: 50_000, ..Limits::default() };
    let bench = Arc::new(Bench::with("default", Place::File, limits).await);
    let create = |account: &'static str, padding: usize| {
        let bench = bench.clone();
        async move { bench.aws(account, "CreateInstance", format!("{{{}}}", " ".repeat(padding))).await }
    };
    let (mut sender, first) = begun(&bench, "900000000001");
    send(&mut sender, UNCOUNTED + 30_000).await;
    let refused = create("900000000002", UNCOUNTED + 30_000).await;
    assert_eq!((refused.status, &refused.json()["__type"]), (400, &json!("ThrottlingException")));
    assert_eq!(create("900000000002", UNCOUNTED - 2).await.status, 200, "a small one is not counted");
    assert_eq!(create("900000000003", UNCOUNTED + 10_000).await.status, 200, "there is room for this one");
    // It counts until it is answered, which it is not while the writer is held.
    let held = bench.world.store.write().await.expect("the write lock");
    sender.send_data(Bytes::from("{}")).await.expect("the body is still being read");
    drop(sender);
    let refused = bench.huawei(&"1".repeat(32), "POST", "/v1/instances/a/alias", " ".repeat(50_000)).await;
    assert_eq!((refused.status, &refused.json()["error_code"]), (429, &json!("APIGW.0308")));
    drop(held);
    assert_eq!(first.await.expect("an answer").status, 200);
    assert_eq!(create("900000000004", UNCOUNTED + 30_000).await.status, 200, "it counts no more");
}

/// A form, a query and JSON may be of many parts, and not of any number.
#[tokio::test]
async fn parts_are_counted_before_they_are_looked_at() {
    let bench = Bench::new().await;
    let form = |more: usize| {
        let more: Vec<_> = (0..more).map(|i| format!("&x{i}")).collect();
        format!("DirectoryId=d-001111111111{}", more.concat())
    };
    let alibaba = |query: String, body: String| {
        let headers = [
            ("authorization", "ACS3-HMAC-SHA256 Credential=1111111111111111,SignedHeaders=host,Signature=0"),
            ("x-acs-action", "GetDirectory"),
            ("x-acs-version", "2021-05-15"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let target = format!("/?{query}");
        let bench = &bench;
        async move { bench.request("POST", &target, &headers, body).await }
    };
    let half = MOST_PARAMETERS / 2;
    let fillers = |count: usize| (0..count).map(|i| format!("y{i}&")).collect::<String>();
    for (query, body) in [
        (String::new(), form(MOST_PARAMETERS - 1)),
        (form(MOST_PARAMETERS - 1), String::new()),
        (fillers(half), form(half - 1)),
        ("&".repeat(2 * MOST_PARAMETERS), form(0)),
    ] {
        let answer = alibaba(query, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    for (query, body) in [
        (String::new(), form(MOST_PARAMETERS)),
        (form(MOST_PARAMETERS), String::new()),
        (fillers(half), form(half)),
    ] {
        let answer = alibaba(query, body).await;
        assert_eq!((answer.status, &answer.json()["Code"]), (400, &json!("InvalidParameter")));
    }

    let ones = "1".repeat(32);
    for (count, status) in [(MOST_PARAMETERS, 200), (MOST_PARAMETERS + 1, 400)] {
        let query: Vec<_> = (0..count).map(|i| format!("x{i}=")).collect();
        let answer = bench.huawei(&ones, "GET", &format!("/v1/instances?{}", query.join("&")), "").await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }

    // Three values are the object, the list and the text beside it.
    let body = |values: usize| format!(r#"{{"a":"","x":[{}]}}"#, vec!["0"; values - 3].join(","));
    assert_eq!(bench.aws("222222222222", "ListInstances", body(MOST_VALUES)).await.status, 200);
    for body in [body(MOST_VALUES + 1), format!(r#"{{"x":[{}]}}"#, vec!["[]"; 300_000].join(","))] {
        let answer = bench.aws("222222222222", "ListInstances", body).await.json();
        assert_eq!(answer["__type"], "SerializationException", "{answer}");
        assert_eq!(
            answer["message"].as_str().map(|text| text.starts_with("there are more than 10000")),
            Some(true)
        );
    }
    let sts = format!("Action=GetCallerIdentity&Version=2011-06-15{}", "&x=1".repeat(100_000));
    let headers = [
        ("authorization", &*credential("222222222222", "us-east-1").replace("/sso/", "/sts/")),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = bench.request("POST", "/", &headers, sts).await;
    assert!(answer.status == 200 && answer.text().contains("222222222222"), "{}", answer.text());
}
