//! The emulator's own paths.

use serde_json::json;

use super::bench::{Bench, Place};
use super::golden;

#[tokio::test]
async fn only_who_calls_the_server_by_its_name_gets_in() {
    let bench = Bench::new().await;
    for (host, origin, expected) in [
        ("127.0.0.1:7760", None, 200),
        ("127.0.0.1", None, 200),
        ("127.8.9.10:1", None, 200),
        ("localhost:7760", None, 200),
        ("LOCALHOST", None, 200),
        ("sanmen.localhost:7760", None, 200),
        ("[::1]:7760", None, 200),
        ("gate.example", None, 200),
        ("GATE.example:7760", None, 200),
        ("localhost", Some("http://localhost:3000"), 200),
        ("localhost", Some("http://gate.example"), 200),
        ("evil.example", None, 403),
        ("127.0.0.1.evil.example", None, 403),
        ("localhost.evil.example", None, 403),
        ("evil.example:7760", None, 403),
        ("notlocalhost", None, 403),
        ("gate.example.evil", None, 403),
        ("10.0.0.1:7760", None, 403),
        ("[::2]:7760", None, 403),
        ("[::1].evil.example", None, 403),
        ("localhost:80@evil.example", None, 403),
        ("", None, 403),
        ("localhost", Some("http://evil.example"), 403),
        ("localhost", Some("null"), 403),
    ] {
        let mut headers = vec![("host", host)];
        headers.extend(origin.map(|origin| ("origin", origin)));
        for (method, path) in
            [("GET", "/_sanmen/info"), ("POST", "/_sanmen/reset"), ("GET", "/_sanmen/openapi/aws.yaml")]
        {
            let answer = bench.request(method, path, &headers, "").await;
            assert_eq!(answer.status, expected, "{host:?} {origin:?} {path}");
            let cors = answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
            assert!(!cors, "{path} sends CORS headers");
        }
        for path in ["/healthz", "/readyz"] {
            let answer = bench.request("GET", path, &headers, "").await;
            assert_eq!(answer.status, 200, "{host:?}: health is checked by whatever address");
        }
    }
    let answer = bench.request("GET", "/_sanmen/info", &[], "").await;
    assert_eq!(answer.status, 403, "no host at all");
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_are_said_to_be_so() {
    let bench = Bench::new().await;
    for (method, path, expected) in [
        ("GET", "/_sanmen", 404),
        ("GET", "/_sanmen/", 404),
        ("GET", "/_sanmen/infos", 404),
        ("GET", "/_sanmen/openapi/none.yaml", 404),
        ("GET", "/_sanmen/openapi/../aws.yaml", 404),
        ("GET", "/_sanmen/reset", 405),
        ("POST", "/_sanmen/info", 405),
        ("DELETE", "/healthz", 405),
        ("HEAD", "/healthz", 200),
    ] {
        let answer = bench.request(method, path, &[("host", "localhost")], "").await;
        assert_eq!(answer.status, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn info_tells_what_there_is() {
    let bench = Bench::new().await;
    let info = bench.request("GET", "/_sanmen/info", &[("host", "localhost")], "").await.json();
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    let vendors = info["vendors"].as_array().expect("a list");
    let expected = [
        ("aws", "CreateInstance", 12, "ssoins-1111111111111111", "d-1111111111", "us-east-1"),
        ("alibaba", "UpdateMFAAuthenticationSettings", 16, "d-001111111111", "d-001111111111", "cn-shanghai"),
        ("huawei", "UpdateSsoConfiguration", 32, "ins-1111111111111111", "d-1111111111", "cn-north-4"),
    ];
    assert_eq!(vendors.len(), expected.len());
    for (vendor, (name, operation, digits, instance, store, region)) in vendors.iter().zip(expected) {
        assert_eq!(vendor["vendor"], name);
        assert!(vendor["operations"].as_array().expect("a list").contains(&json!(operation)));
        let accounts: Vec<_> = vendor["accounts"].as_array().expect("a list").iter().collect();
        let standings: Vec<_> = accounts.iter().map(|account| account["standing"].as_str()).collect();
        let words = ["standalone", "management", "member", "delegated_administrator"];
        assert_eq!(standings, words.map(Some), "by id: 0…, 1…, 2…, 3…");
        let ids: Vec<_> =
            accounts.iter().map(|account| account["id"].as_str().expect("an id").to_owned()).collect();
        assert_eq!(ids, ["0", "1", "2", "3"].map(|digit| digit.repeat(digits)));
        let found = &vendor["instances"][0];
        assert_eq!((&found["id"], &found["identity_store"]), (&json!(instance), &json!(store)));
        assert_eq!((&found["region"], &found["owner"]), (&json!(region), &json!("1".repeat(digits))));
    }
    assert_eq!(vendors[1]["instances"][0]["name"], "sanmen");
}

#[tokio::test]
async fn a_reset_takes_the_world_back_to_its_seed() {
    for place in Place::all() {
        let bench = Bench::with("default", place, sanmen::api::Limits::default()).await;
        let info = || bench.request("GET", "/_sanmen/info", &[("host", "localhost")], "");
        let before = info().await.text();
        assert_eq!(bench.aws("222222222222", "CreateInstance", r#"{"ClientToken":"t"}"#).await.status, 200);
        assert_eq!(bench.aws("999999999999", "CreateInstance", "{}").await.status, 200);
        assert_ne!(info().await.text(), before);
        let answer = bench.request("POST", "/_sanmen/reset", &[("host", "localhost")], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(info().await.text(), before);
        let again = bench.aws("222222222222", "CreateInstance", r#"{"ClientToken":"t","Name":"n"}"#).await;
        assert_eq!(again.status, 200, "the token was forgotten: {}", again.text());
    }
}

#[tokio::test]
async fn an_account_of_twelve_digits_comes_to_be_when_it_first_changes_something() {
    let bench = Bench::new().await;
    let accounts =
        || async { bench.world.census(&[sanmen::aws::PROVIDER]).await.expect("a census")[0].accounts.len() };
    let arn = r#"{"InstanceArn":"arn:aws:sso:::instance/ssoins-0000000000000000"}"#;
    assert_eq!(bench.aws("999999999999", "DescribeInstance", arn).await.status, 400);
    assert_eq!(accounts().await, 4);
    assert_eq!(bench.aws("999999999999", "CreateInstance", "{}").await.status, 200);
    assert_eq!(accounts().await, 5);
}

#[tokio::test]
async fn the_descriptions_are_served_as_they_stand_in_the_repository() {
    let bench = Bench::new().await;
    for name in ["aws", "alibaba", "huawei", "admin"] {
        let path = format!("/_sanmen/openapi/{name}.yaml");
        let answer = bench.request("GET", &path, &[("host", "localhost")], "").await;
        let file =
            std::fs::read_to_string(golden::repository(&format!("openapi/{name}.yaml"))).expect("a file");
        assert_eq!((answer.status, answer.text()), (200, file));
    }
}
