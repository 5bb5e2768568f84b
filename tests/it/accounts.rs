//! Organizations and accounts at run time: made, moved and closed, with effect on the very next request.

use http::StatusCode;
use serde_json::{Value, json};

use super::bench::{Answer, Bench};

/// A call of one of the emulator's own paths.
async fn own(bench: &Bench, method: &str, path: &str, body: Value) -> (u16, Value) {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let answer = bench.request(method, &format!("/_sanmen/{path}"), &[("host", "localhost")], text).await;
    let json = if answer.body.is_empty() { Value::Null } else { answer.json() };
    (answer.status, json)
}

fn kind(answer: &Answer) -> String {
    let body = answer.json();
    let kind =
        ["__type", "Code", "error_code"].iter().find_map(|name| body[name].as_str().map(str::to_owned));
    kind.unwrap_or_else(|| "none".to_owned())
}

#[tokio::test]
async fn an_account_that_is_moved_is_judged_by_where_it_stands_now() {
    let bench = Bench::new().await;
    let arn = r#"{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}"#;
    let aws = async |standing: Value| {
        let (status, account) = own(&bench, "PATCH", "accounts/222222222222", standing).await;
        assert_eq!(status, 200, "{account}");
        let described = bench.aws("222222222222", "DescribeInstance", arn).await.status;
        let listed = bench.aws("222222222222", "ListInstances", "{}").await.json();
        (described, listed["Instances"].as_array().expect("a list").len())
    };
    assert_eq!(aws(json!({})).await, (400, 1), "a member sees it, and may not look closer");
    assert_eq!(aws(json!({ "standing": "delegated_administrator" })).await, (200, 1));
    assert_eq!(aws(json!({ "delegation": "disabled" })).await, (400, 1));
    assert_eq!(aws(json!({ "delegation": "enabled" })).await, (200, 1));
    assert_eq!(aws(json!({ "standing": "member" })).await, (400, 1));
    assert_eq!(aws(json!({ "standing": "standalone" })).await, (400, 0));
    assert_eq!(aws(json!({ "standing": "member", "organization": "o-1111111111" })).await, (400, 1));

    let directory = "DirectoryId=d-001111111111";
    let ask =
        async || kind(&bench.alibaba("2222222222222222", "GetMFAAuthenticationSettingInfo", directory).await);
    assert_eq!(ask().await, "NoPermission");
    let change = json!({ "standing": "delegated_administrator" });
    assert_eq!(own(&bench, "PATCH", "accounts/2222222222222222?vendor=alibaba", change).await.0, 200);
    assert_eq!(ask().await, "none");

    let member = "2".repeat(32);
    let ask = async || {
        let path = "/v1/instances/ins-1111111111111111/sso-configuration";
        bench.huawei(&member, "GET", path, "").await.status
    };
    assert_eq!(ask().await, 403);
    let change = json!({ "standing": "delegated_administrator" });
    assert_eq!(own(&bench, "PATCH", &format!("accounts/{member}"), change).await.0, 200);
    assert_eq!(ask().await, 200);
}

#[tokio::test]
async fn a_closed_account_is_nobodys_to_act_for_and_its_instance_is_gone() {
    let bench = Bench::new().await;
    assert_eq!(bench.aws("222222222222", "CreateInstance", "{}").await.status, 200);
    assert_eq!(own(&bench, "DELETE", "accounts/222222222222", Value::Null).await, (204, Value::Null));
    for account in ["222222222222", "222222222222"] {
        let answer = bench.aws(account, "CreateInstance", "{}").await;
        assert_eq!(kind(&answer), "UnrecognizedClientException");
    }
    let (status, account) = own(&bench, "GET", "accounts/222222222222", Value::Null).await;
    assert_eq!((status, &account["status"]), (200, &json!("closed")));
    let (status, problem) = own(&bench, "PATCH", "accounts/222222222222", json!({ "name": "a" })).await;
    assert_eq!((status, &problem["error"]), (409, &json!("the account is closed")));
    let (_, info) = own(&bench, "GET", "info", Value::Null).await;
    assert_eq!(
        info["vendors"][0]["instances"].as_array().expect("a list").len(),
        1,
        "the organization's alone"
    );
    // Closing it again changes nothing, and its id is not free.
    assert_eq!(own(&bench, "DELETE", "accounts/222222222222", Value::Null).await.0, 204);
    let again = json!({ "vendor": "aws", "id": "222222222222" });
    assert_eq!(own(&bench, "POST", "accounts", again).await.0, 409);
    let key = bench.alibaba("2222222222222222", "GetMFAAuthenticationSettingInfo", "DirectoryId=d").await;
    assert_eq!(kind(&key), "NoPermission", "another vendor's account is another one");
}

#[tokio::test]
async fn organizations_and_accounts_are_made_with_the_ids_that_the_vendors_have() {
    let bench = Bench::new().await;
    for (vendor, digits, prefix, length) in
        [("aws", 12, "o-", 12), ("alibaba", 16, "rd-", 9), ("huawei", 32, "o-", 34)]
    {
        let (status, made) = own(&bench, "POST", "organizations", json!({ "vendor": vendor })).await;
        assert_eq!(status, 201, "{made}");
        let (organization, manager) = (made["id"].as_str().expect("an id"), &made["management_account"]);
        assert!(organization.starts_with(prefix) && organization.len() == length, "{made}");
        assert_eq!(manager.as_str().expect("an id").len(), digits, "{made}");
        assert_eq!(made["service"], "disabled");
        let new = json!({ "vendor": vendor, "organization": organization, "name": "team" });
        let (status, account) = own(&bench, "POST", "accounts", new).await;
        assert_eq!(status, 201, "{account}");
        assert_eq!((&account["standing"], &account["name"]), (&json!("member"), &json!("team")));
        let path = format!("accounts?vendor={vendor}&organization={organization}");
        let (_, listed) = own(&bench, "GET", &path, Value::Null).await;
        assert_eq!(listed["accounts"].as_array().expect("a list").len(), 2, "{listed}");
        let (_, listed) = own(&bench, "GET", &format!("organizations?vendor={vendor}"), Value::Null).await;
        assert_eq!(listed["organizations"].as_array().expect("a list").len(), 2, "{listed}");
        // A key for it, and it is somebody.
        let key = json!({ "vendor": vendor, "account": account["id"] });
        assert_eq!(own(&bench, "POST", "keys", key).await.0, 201);
    }
    // A standalone account becomes a management account, which may not have an instance of its own any more.
    assert_eq!(bench.aws("999999999999", "CreateInstance", "{}").await.status, 200);
    let new = json!({ "vendor": "aws", "id": "o-abcdefghij", "management_account": "999999999999" });
    assert_eq!(own(&bench, "POST", "organizations", new).await.0, 201);
    assert_eq!(kind(&bench.aws("999999999999", "CreateInstance", "{}").await), "ValidationException");
}

/// Who has lost a key, or never had one, has not won an account: its id still names it.
#[tokio::test]
async fn an_account_without_a_key_is_itself_and_nobody_else() {
    let bench = Bench::new().await;
    let directory = "DirectoryId=d-001111111111";
    let ask = async |account: &str| {
        kind(&bench.alibaba(account, "GetMFAAuthenticationSettingInfo", directory).await)
    };
    assert_eq!(own(&bench, "DELETE", "keys/2222222222222222", Value::Null).await.0, 204);
    assert_eq!(ask("2222222222222222").await, "NoPermission");
    let new = json!({ "vendor": "alibaba", "id": "4444444444444444", "organization": "rd-111111" });
    assert_eq!(own(&bench, "POST", "accounts", new).await.0, 201);
    assert_eq!(ask("4444444444444444").await, "NoPermission");
    assert_eq!(own(&bench, "DELETE", "accounts/4444444444444444", Value::Null).await.0, 204);
    assert_eq!(ask("4444444444444444").await, "InvalidAccessKeyId.Inactive");
    let four = "4".repeat(32);
    let new = json!({ "vendor": "huawei", "id": four });
    assert_eq!(own(&bench, "POST", "accounts", new).await.0, 201);
    assert_eq!(bench.huawei(&four, "POST", "/v1/service/delete", "").await.status, 403);
    assert_eq!(ask("LTAIwhoever").await, "none", "a stranger's key is the management account's");
}

/// A delegation is one of its organization.
#[tokio::test]
async fn a_delegated_administrator_that_moves_comes_as_a_member() {
    let bench = Bench::new().await;
    let (_, made) = own(&bench, "POST", "organizations", json!({ "vendor": "aws" })).await;
    let change = json!({ "organization": made["id"] });
    let (_, moved) = own(&bench, "PATCH", "accounts/333333333333", change).await;
    assert_eq!(moved["standing"], "member", "{moved}");
    let change = json!({ "organization": "o-1111111111", "standing": "delegated_administrator" });
    let (_, moved) = own(&bench, "PATCH", "accounts/333333333333", change).await;
    assert_eq!(
        (&moved["standing"], &moved["delegation"]),
        (&json!("delegated_administrator"), &json!("enabled"))
    );
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let bench = Bench::new().await;
    assert_eq!(own(&bench, "DELETE", "accounts/000000000000", Value::Null).await.0, 204);
    let before = super::hostile::everything(&bench).await;
    let cases: &[(&str, &str, Value, StatusCode)] = &[
        ("POST", "organizations", json!({ "vendor": "gcp" }), StatusCode::BAD_REQUEST),
        ("POST", "organizations", json!({}), StatusCode::BAD_REQUEST),
        ("POST", "organizations", json!({ "vendor": "aws", "id": "o-1111111111" }), StatusCode::CONFLICT),
        ("POST", "organizations", json!({ "vendor": "aws", "id": "a b" }), StatusCode::BAD_REQUEST),
        ("POST", "accounts", json!({ "vendor": "aws", "name": "" }), StatusCode::BAD_REQUEST),
        ("POST", "keys", json!({ "vendor": "aws", "account": "000000000000" }), StatusCode::CONFLICT),
        ("PATCH", "accounts/222222222222", json!({ "delegation": "enabled" }), StatusCode::CONFLICT),
        (
            "POST",
            "organizations",
            json!({ "vendor": "aws", "management_account": "222222222222" }),
            StatusCode::CONFLICT,
        ),
        (
            "POST",
            "organizations",
            json!({ "vendor": "aws", "management_account": "000000000000" }),
            StatusCode::CONFLICT,
        ),
        ("POST", "accounts", json!({ "vendor": "aws", "id": "111111111111" }), StatusCode::CONFLICT),
        ("POST", "accounts", json!({ "vendor": "aws", "id": "1111" }), StatusCode::BAD_REQUEST),
        ("POST", "accounts", json!({ "vendor": "aws", "organization": "o-none" }), StatusCode::NOT_FOUND),
        ("POST", "accounts", json!({ "vendor": "aws", "standing": "member" }), StatusCode::BAD_REQUEST),
        (
            "POST",
            "accounts",
            json!({ "vendor": "aws", "standing": "standalone", "organization": "o-1111111111" }),
            StatusCode::BAD_REQUEST,
        ),
        (
            "POST",
            "accounts",
            json!({ "vendor": "aws", "standing": "management", "organization": "o-1111111111" }),
            StatusCode::CONFLICT,
        ),
        ("POST", "accounts", json!({ "vendor": "aws", "colour": "red" }), StatusCode::BAD_REQUEST),
        ("GET", "accounts/123456789012", Value::Null, StatusCode::NOT_FOUND),
        ("GET", "accounts?colour=red", Value::Null, StatusCode::BAD_REQUEST),
        ("GET", "accounts/111111111111?organization=o", Value::Null, StatusCode::BAD_REQUEST),
        ("PATCH", "accounts/123456789012", json!({}), StatusCode::NOT_FOUND),
        ("PATCH", "accounts/111111111111", json!({ "standing": "member" }), StatusCode::CONFLICT),
        ("PATCH", "accounts/222222222222", json!({ "standing": "management" }), StatusCode::CONFLICT),
        ("PATCH", "accounts/222222222222", json!({ "standing": "king" }), StatusCode::BAD_REQUEST),
        ("PATCH", "accounts/222222222222", json!({ "organization": "o-none" }), StatusCode::NOT_FOUND),
        ("PATCH", "accounts/000000000000", json!({ "name": "a" }), StatusCode::CONFLICT),
        ("DELETE", "accounts/111111111111", Value::Null, StatusCode::CONFLICT),
        ("DELETE", "accounts/123456789012", Value::Null, StatusCode::NOT_FOUND),
        ("PUT", "accounts/111111111111", json!({}), StatusCode::METHOD_NOT_ALLOWED),
        ("PUT", "life-cycle", json!({ "pace": "slowly" }), StatusCode::BAD_REQUEST),
        ("PUT", "life-cycle", json!({}), StatusCode::BAD_REQUEST),
    ];
    for (method, path, body, expected) in cases {
        let (status, problem) = own(&bench, method, path, body.clone()).await;
        assert_eq!(status, expected.as_u16(), "{method} {path} {body}: {problem}");
        assert!(problem["error"].is_string(), "{method} {path} {body}: {problem}");
    }
    assert!(super::hostile::everything(&bench).await == before, "something has changed");
}
