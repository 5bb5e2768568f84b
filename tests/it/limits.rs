//! Every documented limit: at its bound, and one beyond.

use serde_json::{Value, json};

use super::bench::Bench;

const NAME: &str = r"Member must satisfy regular expression pattern: [\w+=,.@-]+";
const TOKEN: &str = "Member must satisfy regular expression pattern: [!-~]+";
const TAG: &str = r"Member must satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";

fn shorter(than: usize) -> String {
    format!("Member must have length less than or equal to {than}")
}

fn tags(count: usize) -> Value {
    (0..count).map(|i| json!({ "Key": format!("k{i}"), "Value": "v" })).collect()
}

fn tag(key: &str, value: &str) -> Value {
    json!({ "Tags": [{ "Key": key, "Value": value }] })
}

/// model: `NameType`, `ClientToken`, `TagList`, `TagKey`, `TagValue` of sso-admin.
#[tokio::test]
async fn create_instance_has_the_limits_of_the_model() {
    let long = |n: usize| "x".repeat(n);
    let valid = [
        json!({}),
        json!({ "Name": "a" }),
        json!({ "Name": "Az09_+=,.@-" }),
        json!({ "Name": long(255) }),
        json!({ "ClientToken": "!" }),
        json!({ "ClientToken": "~".repeat(64) }),
        json!({ "Tags": [] }),
        json!({ "Tags": tags(75) }),
        tag(&long(128), ""),
        tag("k", &long(256)),
        // Lengths are counted in characters.
        tag(&"é".repeat(128), &"漢".repeat(256)),
        tag("Zoë 9_.:/=+-@", "Zoë 9_.:/=+-@\u{3000}"),
        // "aws:" is reserved at the beginning only, and keys are case-sensitive.
        tag("my-aws:x", "aws:x"),
        json!({ "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "A", "Value": "1" }] }),
    ];
    for (i, input) in valid.iter().enumerate() {
        let bench = Bench::new().await;
        let answer = bench.aws("222222222222", "CreateInstance", input.to_string()).await;
        assert_eq!(answer.status, 200, "case {i}: {input}: {}", answer.text());
    }
    let invalid: &[(Value, &str, String)] = &[
        (json!({ "Name": "" }), "name", NAME.to_owned()),
        (json!({ "Name": "two words" }), "name", NAME.to_owned()),
        (json!({ "Name": "Zoë" }), "name", NAME.to_owned()),
        (json!({ "Name": "a\n" }), "name", NAME.to_owned()),
        (json!({ "Name": "a\u{0}" }), "name", NAME.to_owned()),
        (json!({ "Name": "a/b" }), "name", NAME.to_owned()),
        (json!({ "Name": long(256) }), "name", shorter(255)),
        (json!({ "ClientToken": long(65) }), "clientToken", shorter(64)),
        (json!({ "ClientToken": "a b" }), "clientToken", TOKEN.to_owned()),
        (json!({ "ClientToken": "é" }), "clientToken", TOKEN.to_owned()),
        (json!({ "ClientToken": "\u{7f}" }), "clientToken", TOKEN.to_owned()),
        (json!({ "Tags": tags(76) }), "tags", shorter(75)),
        (tag(&long(129), ""), "tags.1.member.key", shorter(128)),
        (tag("", "v"), "tags.1.member.key", "Member must have length greater than or equal to 1".to_owned()),
        (tag("a,b", "v"), "tags.1.member.key", TAG.to_owned()),
        (tag("a\tb", "v"), "tags.1.member.key", TAG.to_owned()),
        (tag("k", &long(257)), "tags.1.member.value", shorter(256)),
        (tag("k", "#"), "tags.1.member.value", TAG.to_owned()),
        (json!({ "Tags": [{ "Key": "k" }] }), "tags.1.member.value", "Member must not be null".to_owned()),
        (json!({ "Tags": [{ "Value": "v" }] }), "tags.1.member.key", "Member must not be null".to_owned()),
        (
            json!({ "Tags": [{ "Key": null, "Value": "" }] }),
            "tags.1.member.key",
            "Member must not be null".to_owned(),
        ),
        (json!({ "Tags": [null] }), "tags.1.member", "Member must not be null".to_owned()),
        (tag("aws:x", ""), "tags.1.member.key", "aws: prefixed tag key names are not allowed".to_owned()),
        (tag("AwS:x", ""), "tags.1.member.key", "aws: prefixed tag key names are not allowed".to_owned()),
        (
            json!({ "Tags": [{ "Key": "a", "Value": "" }, { "Key": "b", "Value": "" }, { "Key": "a", "Value": "x" }] }),
            "tags.3.member.key",
            "Duplicate tag keys found".to_owned(),
        ),
    ];
    let bench = Bench::new().await;
    for (input, path, constraint) in invalid {
        let answer = bench.aws("222222222222", "CreateInstance", input.to_string()).await;
        let body = answer.json();
        let message = body["Message"].as_str().expect("a message");
        assert_eq!((answer.status, &body["__type"]), (400, &json!("ValidationException")), "{input}: {body}");
        assert!(message.starts_with("1 validation error detected: Value "), "{input}: {message}");
        let expected = format!(" at '{path}' failed to satisfy constraint: {constraint}");
        assert!(message.contains(&expected), "{input}: {message}");
    }
    let answer = bench.aws("222222222222", "CreateInstance", json!({ "Tags": tags(76) }).to_string()).await;
    assert!(
        answer.text().contains("Value '[Tag(key=k0, value=v), Tag(key=k1, value=v), "),
        "{}",
        answer.text()
    );
    let answer = bench.aws("222222222222", "CreateInstance", "{}").await;
    assert_eq!(answer.status, 200, "nothing was changed by what was refused");
}

/// All violations of a request are in one message, each with its value.
#[tokio::test]
async fn all_violations_are_reported_together() {
    let bench = Bench::new().await;
    let input = json!({
        "ClientToken": "a b",
        "Name": "é".repeat(256),
        "Tags": [{ "Key": "", "Value": "," }, { "Key": "k" }],
    });
    let answer = bench.aws("222222222222", "CreateInstance", input.to_string()).await;
    let body = answer.json();
    let message = body["message"].as_str().expect("a message");
    let (count, list) = message.split_once(" validation errors detected: ").expect("the form");
    let mut found: Vec<_> = list.split("; ").collect();
    assert_eq!(count, found.len().to_string());
    found.sort_unstable();
    let name = "é".repeat(256);
    let mut expected = [
        format!("Value 'a b' at 'clientToken' failed to satisfy constraint: {TOKEN}"),
        format!("Value '{name}' at 'name' failed to satisfy constraint: {NAME}"),
        format!("Value '{name}' at 'name' failed to satisfy constraint: {}", shorter(255)),
        "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned(),
        format!("Value ',' at 'tags.1.member.value' failed to satisfy constraint: {TAG}"),
        "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null".to_owned(),
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// model: `InstanceArn`.
#[tokio::test]
async fn describe_instance_takes_only_arns_of_instances() {
    let bench = Bench::new().await;
    let arn = |id: &str| format!("arn:aws:sso:::instance/{id}");
    for (input, kind) in [
        (arn("ssoins-1111111111111111"), "ok"),
        (arn("ins-1111111111111111"), "AccessDeniedException"),
        (arn("ssoins-.A-z111111111111"), "AccessDeniedException"),
        ("arn:aws-us-gov-x:sso:::instance/ssoins-1111111111111111".to_owned(), "AccessDeniedException"),
        (arn("ssoins-111111111111111"), "ValidationException"),
        (arn("ssoins-11111111111111111"), "ValidationException"),
        (arn("ssoins-111111111111111_"), "ValidationException"),
        ("arn:aws:sso::1:instance/ssoins-1111111111111111".to_owned(), "ValidationException"),
        (format!(" {}", arn("ssoins-1111111111111111")), "ValidationException"),
        (String::new(), "ValidationException"),
        ("x".repeat(1225), "ValidationException"),
    ] {
        let body = json!({ "InstanceArn": input }).to_string();
        let answer = bench.aws("111111111111", "DescribeInstance", body).await.json();
        assert_eq!(answer["__type"].as_str().unwrap_or("ok"), kind, "{input}");
    }
}

/// doc: the four settings and the two behaviours; model: that they are letter for letter.
#[tokio::test]
async fn every_mfa_setting_is_stored_and_shown_as_documented() {
    for (setting, behaviour, shown) in [
        ("Enabled", "EnforceVerify", false),
        ("Byuser", "EnforceVerify", true),
        ("Disabled", "Autonomous", false),
        ("OnlyRiskyLogin", "Autonomous", true),
        ("OnlyRiskyLogin", "EnforceVerify", true),
    ] {
        let bench = Bench::new().await;
        let query = format!(
            "DirectoryId=d-001111111111&MFAAuthenticationSettings={setting}&OperationForRiskLogin={behaviour}"
        );
        let answer = bench.alibaba("3333333333333333", "UpdateMFAAuthenticationSettings", &query).await;
        assert_eq!(answer.status, 200, "{query}");
        let info = "GetMFAAuthenticationSettingInfo";
        let answer = bench.alibaba("1111111111111111", info, "DirectoryId=d-001111111111").await.json();
        let found = &answer["MFAAuthenticationSettingInfo"];
        assert_eq!(found["MfaAuthenticationAdvanceSettings"], setting);
        assert_eq!(found.get("OperationForRiskLogin").and_then(Value::as_str), shown.then_some(behaviour));
    }
    let bench = Bench::new().await;
    for (query, code) in [
        ("MFAAuthenticationSettings=ENABLED", "InvalidParameter.MFAAuthenticationSettings"),
        ("MFAAuthenticationSettings=Enabled+", "InvalidParameter.MFAAuthenticationSettings"),
        ("MFAAuthenticationSettings=", "MissingMFAAuthenticationSettings"),
        ("", "MissingMFAAuthenticationSettings"),
        (
            "MFAAuthenticationSettings=Enabled&OperationForRiskLogin=autonomous",
            "InvalidParameter.OperationForRiskLogin",
        ),
        (
            "MFAAuthenticationSettings=Enabled&AllowedVerificationTypes=%5B%5D",
            "InvalidParameter.AllowedVerificationTypes",
        ),
        (
            "MFAAuthenticationSettings=Enabled&AllowedVerificationTypes=%5B%22TOTP%22,%22TOTP%22%5D",
            "InvalidParameter.AllowedVerificationTypes",
        ),
        (
            "MFAAuthenticationSettings=Enabled&MFAAuthenticationSettings=Enabled",
            "InvalidMFAAuthenticationSettings",
        ),
    ] {
        let query = format!("DirectoryId=d-001111111111&{query}");
        let answer = bench.alibaba("1111111111111111", "UpdateMFAAuthenticationSettings", &query).await;
        assert_eq!((answer.status, &answer.json()["Code"]), (400, &json!(code)), "{query}");
    }
}

const SSO: &str = "/v1/instances/ins-1111111111111111/sso-configuration";

/// model: the values of the SDKs' enumerations; doc: the bounds of a session.
#[tokio::test]
async fn every_value_of_the_sso_configuration_is_stored_or_refused() {
    let session = |age: &str| json!({ "session_configuration": { "max_authentication_age": age } });
    let valid = [
        json!({ "mfa_mode": "CONTEXT_AWARE" }),
        json!({ "mfa_mode": "DISABLED" }),
        json!({ "mfa_mode": "ALWAYS_ON" }),
        json!({ "no_mfa_signin_behavior": "ALLOWED_WITH_ENROLLMENT" }),
        json!({ "no_mfa_signin_behavior": "ALLOWED" }),
        json!({ "no_mfa_signin_behavior": "EMAIL_OTP" }),
        json!({ "no_mfa_signin_behavior": "BLOCKED" }),
        json!({ "no_password_signin_behavior": "BLOCKED" }),
        json!({ "no_password_signin_behavior": "EMAIL_OTP" }),
        json!({ "allowed_mfa_types": ["WEBAUTHN_SECURITY_KEY"] }),
        json!({ "allowed_mfa_types": ["WEBAUTHN", "TOTP", "WEBAUTHN_SECURITY_KEY"] }),
        session("PT15M"),
        session("PT0H15M"),
        session("P90D"),
        session("PT2160H"),
        session("PT129600M"),
        session("P12W"),
        session("P3M"),
        session("P1DT"),
    ];
    for change in &valid {
        let bench = Bench::new().await;
        let before = bench.huawei(&"1".repeat(32), "GET", SSO, "").await.json();
        let body =
            json!({ "sso_configuration": change, "configuration_type": "APP_AUTHENTICATION_CONFIGURATION" });
        let answer = bench.huawei(&"1".repeat(32), "POST", SSO, body.to_string()).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, ""), "{change}");
        let mut expected = before["sso_configuration"].clone();
        for (name, value) in change.as_object().expect("an object") {
            expected[name] = value.clone();
        }
        let after = bench.huawei(&"1".repeat(32), "GET", SSO, "").await.json();
        assert_eq!(after["sso_configuration"], expected, "{change}: the rest stays as it was");
    }
    let bench = Bench::new().await;
    let untouched = bench.huawei(&"1".repeat(32), "GET", SSO, "").await.json();
    let invalid = [
        json!({ "mfa_mode": "" }),
        json!({ "mfa_mode": "Always_On" }),
        json!({ "mfa_mode": 1 }),
        json!({ "no_mfa_signin_behavior": "EMAIL" }),
        json!({ "no_password_signin_behavior": "ALLOWED" }),
        json!({ "allowed_mfa_types": [] }),
        json!({ "allowed_mfa_types": ["TOTP", "TOTP"] }),
        json!({ "allowed_mfa_types": ["TOTP", null] }),
        json!({ "allowed_mfa_types": ["SMS"] }),
        json!({ "allowed_mfa_types": "TOTP" }),
        json!({ "session_configuration": {} }),
        json!({ "session_configuration": "PT8H" }),
        json!({ "session_configuration": { "max_authentication_age": null } }),
        session(""),
        session("PT14M"),
        session("P90DT1M"),
        session("PT129601M"),
        session("P13W"),
        session("P1Y"),
        session("PT900S"),
        session("-PT8H"),
        session("PT99999999999999999999H"),
        session("8H"),
    ];
    for change in &invalid {
        for kind in ["APP_AUTHENTICATION_CONFIGURATION", "SESSION"] {
            let body = json!({ "sso_configuration": change, "configuration_type": kind });
            let answer = bench.huawei(&"1".repeat(32), "POST", SSO, body.to_string()).await;
            assert_eq!((answer.status, &answer.json()["error_code"]), (400, &json!("IIC.400")), "{body}");
        }
    }
    for kind in [json!("session"), json!(""), Value::Null] {
        let body = json!({ "sso_configuration": {}, "configuration_type": kind });
        assert_eq!(bench.huawei(&"1".repeat(32), "POST", SSO, body.to_string()).await.status, 400, "{body}");
    }
    assert_eq!(bench.huawei(&"1".repeat(32), "GET", SSO, "").await.json(), untouched);
}
