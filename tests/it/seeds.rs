//! Seeds: the built-in ones, the three formats, and what is said of wrong ones.

use sanmen::seed::{self, Format, SeedError};

use super::bench::{Bench, Place};

/// The same estate, in each of the formats.
const YAML: &str = r#"
alibaba:
  organizations:
    - id: rd-abc
      service: enabled
      accounts:
        - id: "1234567890123456"
          standing: management
          access_keys: [{ id: LTAIexample, secret: s3cret }]
          instance:
            id: d-00fc2p61abcd
            name: acme
            region: cn-hongkong
            settings:
              mfa: { setting: OnlyRiskyLogin, risky_login: EnforceVerify }
    - id: rd-xyz
      service: enabled
      accounts:
        - id: "9999999999999999"
          standing: management
          access_keys: [{ id: LTAIother, secret: s3cret }]
"#;

const JSON: &str = r#"{"alibaba": {"organizations": [
  {"id": "rd-abc", "service": "enabled", "accounts": [{
    "id": "1234567890123456", "standing": "management",
    "access_keys": [{"id": "LTAIexample", "secret": "s3cret"}],
    "instance": {"id": "d-00fc2p61abcd", "name": "acme", "region": "cn-hongkong",
      "settings": {"mfa": {"setting": "OnlyRiskyLogin", "risky_login": "EnforceVerify"}}}}]},
  {"id": "rd-xyz", "service": "enabled", "accounts": [{
    "id": "9999999999999999", "standing": "management",
    "access_keys": [{"id": "LTAIother", "secret": "s3cret"}]}]}]}}"#;

const TOML: &str = r#"
[[alibaba.organizations]]
id = "rd-abc"
service = "enabled"
[[alibaba.organizations.accounts]]
id = "1234567890123456"
standing = "management"
access_keys = [{ id = "LTAIexample", secret = "s3cret" }]
[alibaba.organizations.accounts.instance]
id = "d-00fc2p61abcd"
name = "acme"
region = "cn-hongkong"
settings.mfa = { setting = "OnlyRiskyLogin", risky_login = "EnforceVerify" }
[[alibaba.organizations]]
id = "rd-xyz"
service = "enabled"
[[alibaba.organizations.accounts]]
id = "9999999999999999"
standing = "management"
access_keys = [{ id = "LTAIother", secret = "s3cret" }]
"#;

/// A setting whose session is too short.
const HUAWEI: &str = r#"
huawei:
  organizations:
    - id: o
      service: enabled
      accounts:
        - id: "11111111111111111111111111111111"
          standing: management
          instance:
            id: ins-1111111111111111
            identity_store: d-1111111111
            region: cn-north-4
            settings:
              sso_configuration:
                mfa_mode: DISABLED
                no_mfa_signin_behavior: ALLOWED
                no_password_signin_behavior: BLOCKED
                allowed_mfa_types: [TOTP]
                session_configuration: { max_authentication_age: PT1M }
"#;

#[tokio::test]
async fn the_three_formats_describe_the_same_world() {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in [("a.yaml", YAML), ("a.yml", YAML), ("a.json", JSON), ("a.toml", TOML)] {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        let seed = path.to_str().expect("text");
        let bench = Bench::with(seed, Place::Memory, sanmen::api::Limits::default()).await;
        let read = |key: &'static str| {
            bench.alibaba(key, "GetMFAAuthenticationSettingInfo", "DirectoryId=d-00fc2p61abcd")
        };
        let info = &read("LTAIexample").await.json()["MFAAuthenticationSettingInfo"];
        assert_eq!(info["MfaAuthenticationAdvanceSettings"], "OnlyRiskyLogin", "{name}");
        assert_eq!(info["OperationForRiskLogin"], "EnforceVerify", "{name}");
        // Somebody else's directory is not there.
        let others = read("LTAIother").await;
        assert_eq!((others.status, others.json()["Code"].as_str()), (404, Some("EntityNotExists.Directory")));
        let query = "DirectoryId=d-00fc2p61abcd&MFAAuthenticationSettings=Disabled";
        let others = bench.alibaba("LTAIother", "UpdateMFAAuthenticationSettings", query).await;
        assert_eq!((others.status, others.json()["Code"].as_str()), (404, Some("EntityNotExists.Directory")));
        let info = &read("LTAIexample").await.json()["MFAAuthenticationSettingInfo"];
        assert_eq!(info["MfaAuthenticationAdvanceSettings"], "OnlyRiskyLogin", "{name}: nothing was changed");
        // A key that is not known is the first organization's management account's.
        assert_eq!(read("unknown").await.status, 200, "{name}");
    }
}

/// An instance is its own organization's, for whoever administers another one.
#[tokio::test]
async fn an_instance_of_another_organization_is_not_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("two.yaml");
    let account = |digit: &str| digit.repeat(32);
    let text = format!(
        "huawei:\n  organizations:\n    - id: one\n      service: enabled\n      accounts:\n        - id: \"{0}\"\n          \
         standing: management\n          access_keys: [{{ id: one, secret: s }}]\n          instance: {{ id: \
         ins-aaaaaaaaaaaaaaaa, identity_store: d-aaaaaaaaaa, region: cn-north-4 }}\n    - id: two\n      accounts:\n        \
         - id: \"{1}\"\n          standing: management\n        - id: \"{2}\"\n          standing: \
         delegated_administrator\n          access_keys: [{{ id: two, secret: s }}]\n",
        account("a"),
        account("b"),
        account("c"),
    );
    std::fs::write(&path, text).expect("written");
    let bench =
        Bench::with(path.to_str().expect("text"), Place::Memory, sanmen::api::Limits::default()).await;
    let sso = "/v1/instances/ins-aaaaaaaaaaaaaaaa/sso-configuration";
    assert_eq!(bench.huawei("one", "GET", sso, "").await.status, 200);
    assert_eq!(bench.huawei("two", "GET", sso, "").await.status, 404);
    let body = r#"{"sso_configuration":{"mfa_mode":"DISABLED"},"configuration_type":"APP_AUTHENTICATION_CONFIGURATION"}"#;
    assert_eq!(bench.huawei("two", "POST", sso, body).await.status, 404);
    let found = bench.huawei("one", "GET", sso, "").await.json();
    assert_eq!(found["sso_configuration"]["mfa_mode"], "ALWAYS_ON");
}

/// Where a vendor has no account at all, nobody can stand in for a caller that is not known.
#[tokio::test]
async fn a_world_without_accounts_refuses_strangers_in_the_vendors_words() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("empty.yaml");
    std::fs::write(&path, "aws: {}\n").expect("written");
    let bench =
        Bench::with(path.to_str().expect("text"), Place::Memory, sanmen::api::Limits::default()).await;
    let answer = bench.alibaba("x", "GetMFAAuthenticationSettingInfo", "DirectoryId=d").await;
    assert_eq!((answer.status, answer.json()["Code"].as_str()), (404, Some("InvalidAccessKeyId.NotFound")));
    let answer = bench.huawei("x", "GET", "/v1/instances/a/sso-configuration", "").await;
    assert_eq!((answer.status, answer.json()["error_code"].as_str()), (401, Some("APIGW.0301")));
    assert_eq!(
        bench.aws("x", "CreateInstance", "{}").await.status,
        200,
        "AWS has a standalone account for them"
    );
}

#[test]
fn what_is_wrong_in_a_seed_is_said_with_its_line_and_its_field() {
    let account = |rest: &str| {
        format!(
            "aws:\n  organizations:\n    - id: o-1\n      accounts:\n        - id: \"111111111111\"\n          standing: management\n{rest}"
        )
    };
    let cases: &[(Format, String, usize, &str, &str)] = &[
        (Format::Yaml, "aws:\n  organisations: []\n".to_owned(), 2, "aws", "organisations"),
        (Format::Yaml, "aws:\n  accounts:\n    - id: \"1\"\n".to_owned(), 3, "aws.accounts[0].id", r"\d{12}"),
        (
            Format::Yaml,
            account("        - id: \"111111111111\"\n"),
            7,
            "aws.organizations[0].accounts[1].id",
            "already",
        ),
        (Format::Yaml, account("          colour: red\n"), 7, "aws.organizations[0].accounts[0]", "colour"),
        (
            Format::Yaml,
            account("          instance: { id: ssoins-1111111111111111, region: us-east-1 }\n"),
            7,
            "aws.organizations[0].accounts[0].instance.identity_store",
            "needed",
        ),
        (
            Format::Yaml,
            account("          instance: { id: x, region: us-east-1 }\n"),
            7,
            "aws.organizations[0].accounts[0].instance.id",
            "ssoins-",
        ),
        (
            Format::Yaml,
            account("        - id: \"222222222222\"\n          standing: management\n"),
            3,
            "aws.organizations[0].accounts",
            "one management account",
        ),
        (
            Format::Yaml,
            account("          access_keys: [{ id: a, secret: \"\" }]\n"),
            7,
            "aws.organizations[0].accounts[0].access_keys[0].secret",
            "text",
        ),
        (
            Format::Yaml,
            account("          standing: boss\n").replacen("          standing: management\n", "", 1),
            6,
            "aws.organizations[0].accounts[0].standing",
            "boss",
        ),
        (
            Format::Yaml,
            "aws:\n  accounts:\n    - id: \"111111111111\"\n      standing: member\n".to_owned(),
            3,
            "aws.accounts[0].standing",
            "no standing",
        ),
        (
            Format::Yaml,
            YAML.replace("service: enabled", "service: disabled"),
            4,
            "alibaba.organizations[0].service",
            "enabled",
        ),
        (
            Format::Yaml,
            YAML.replace("d-00fc2p61abcd", "d-x"),
            11,
            "alibaba.organizations[0].accounts[0].instance.id",
            "d-x",
        ),
        (
            Format::Yaml,
            YAML.replace("OnlyRiskyLogin", "Sometimes"),
            11,
            "alibaba.organizations[0].accounts[0].instance.settings.mfa",
            "Sometimes",
        ),
        (
            Format::Yaml,
            YAML.replace("mfa:", "mfas:"),
            11,
            "alibaba.organizations[0].accounts[0].instance.settings.mfas",
            "no such setting",
        ),
        (
            Format::Yaml,
            YAML.replacen("standing: management", "standing: member", 1),
            4,
            "alibaba.organizations[0].accounts",
            "one management account",
        ),
        (
            Format::Yaml,
            YAML.replace("9999999999999999", "1234567890123456"),
            19,
            "alibaba.organizations[1].accounts[0].id",
            "already",
        ),
        (
            Format::Yaml,
            YAML.replace("LTAIother", "LTAIexample"),
            21,
            "alibaba.organizations[1].accounts[0].access_keys[0].id",
            "already",
        ),
        (
            Format::Yaml,
            YAML.replace("cn-hongkong", "nowhere"),
            13,
            "alibaba.organizations[0].accounts[0].instance.region",
            "nowhere",
        ),
        (
            Format::Yaml,
            YAML.replace("acme", "d--acme"),
            12,
            "alibaba.organizations[0].accounts[0].instance.name",
            "d--acme",
        ),
        (
            Format::Yaml,
            YAML.replace("settings:", "tags: { a: b }\n            settings:"),
            11,
            "alibaba.organizations[0].accounts[0].instance.tags",
            "no tags",
        ),
        (
            Format::Yaml,
            YAML.replace("EnforceVerify", "EnforceVerify, verification_types: []"),
            11,
            "alibaba.organizations[0].accounts[0].instance.settings.mfa",
            "verification_types",
        ),
        (
            Format::Yaml,
            account(
                "          instance: { id: ssoins-1111111111111111, identity_store: d-1111111111, \
                 region: us-east-1, tags: { \"aws:x\": y } }\n",
            ),
            7,
            "aws.organizations[0].accounts[0].instance.tags",
            "Unreserved",
        ),
        (
            Format::Yaml,
            YAML.replace("acme", "d-acme"),
            12,
            "alibaba.organizations[0].accounts[0].instance.name",
            "d-acme",
        ),
        (
            Format::Yaml,
            YAML.replace("acme", &"a".repeat(65)),
            12,
            "alibaba.organizations[0].accounts[0].instance.name",
            "at most 64",
        ),
        (
            Format::Yaml,
            YAML.replace("acme", "a"),
            12,
            "alibaba.organizations[0].accounts[0].instance.name",
            "at least 2",
        ),
        (
            Format::Json,
            JSON.replacen("\"s3cret\"", "424242424242", 1),
            4,
            "alibaba.organizations[0].accounts[0].access_keys[0].secret",
            "a text is needed",
        ),
        (
            Format::Json,
            JSON.replace("d-00fc2p61abcd", "d-x"),
            5,
            "alibaba.organizations[0].accounts[0].instance.id",
            "d-x",
        ),
        (
            Format::Yaml,
            HUAWEI.to_owned(),
            10,
            "huawei.organizations[0].accounts[0].instance.settings.sso_configuration",
            "max_authentication_age breaks Between",
        ),
        (Format::Json, "{\n  \"aws\": 1\n}".to_owned(), 2, "aws", "invalid type"),
        (
            Format::Toml,
            TOML.replace("d-00fc2p61abcd", "d-x"),
            10,
            "alibaba.organizations[0].accounts[0].instance.id",
            "d-x",
        ),
        (Format::Toml, "a = \n".to_owned(), 1, "", ""),
    ];
    for (format, text, line, field, reason) in cases {
        let error = seed::read("test", text, *format).err().unwrap_or_else(|| panic!("{text}\nis read"));
        let SeedError::Wrong { line: found, field: at, reason: why, .. } = &error else { panic!("{error}") };
        let message = error.to_string();
        assert_eq!(*found, Some(*line), "{message}\n{text}");
        assert!(at.starts_with(field), "{message}: the field is not {field}");
        assert!(why.contains(reason), "{message}: does not say {reason}");
        assert!(!message.contains("s3cret") && !message.contains("4242"), "{message}");
    }
}

#[test]
fn a_seed_that_is_not_there_is_said_not_to_be() {
    assert!(matches!(seed::load("nothing.yaml"), Err(SeedError::Unread(..))));
    assert!(matches!(seed::load("defualt"), Err(SeedError::Format(_))));
}
