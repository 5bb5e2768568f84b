//! U+0000 in a text: SQLite would keep it, PostgreSQL refuses it. It is refused before either is asked, by the vendors'
//! own errors, so that the answers are the same.

use sanmen::TABLES;
use sanmen::api::shape::{Kind, Shape};
use sanmen::api::{Entry, Route};
use serde_json::{Value, json};

use super::bench::{Answer, Bench, credential};

const ZERO: &str = "a\0b";

/// The members of a request that are texts of no particular form, by their paths.
fn texts(shape: &Shape, path: &str, yield_: &mut dyn FnMut(String)) {
    match &shape.kind {
        Kind::Text => yield_(path.to_owned()),
        Kind::List(item) => texts(item, &format!("{path}.1"), yield_),
        Kind::Structure(_, members) => {
            for (name, member) in members {
                let dot = if path.is_empty() { "" } else { "." };
                texts(member, &format!("{path}{dot}{name}"), yield_);
            }
        }
        _ => {}
    }
}

/// JSON with the text at the path, in which numbers are items of lists.
fn object(path: &str) -> Value {
    path.rsplit('.').fold(json!(ZERO), |value, step| match step {
        "1" => json!([value]),
        name => json!({ name: value }),
    })
}

/// A request with the text in one place, and nothing else.
async fn send(bench: &Bench, vendor: &str, prefix: &str, entry: &Entry, path: &str) -> Answer {
    let name = entry.spec.name;
    let body = object(path).to_string();
    match (vendor, entry.spec.route) {
        ("aws", _) => {
            let target = format!("{prefix}.{name}");
            let headers = [
                ("authorization", &*credential("222222222222", "us-east-1")),
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", &target),
            ];
            bench.request("POST", "/", &headers, body).await
        }
        (_, Route::Path(method, template)) => {
            let captured = format!("{{{path}}}");
            let captures = template.contains(&captured);
            let target =
                template.replace(&captured, "a%00b").replace("{instance_id}", "ins-1111111111111111");
            let target = target.replace("{identity_store_id}", "d-1111111111");
            let query = if !captures && method == "GET" { format!("?{path}=a%00b") } else { String::new() };
            bench.huawei(&"1".repeat(32), method, &format!("{target}{query}"), body).await
        }
        (_, Route::Name) => bench.alibaba(&"1".repeat(16), name, &format!("{path}=a%00b")).await,
    }
}

#[tokio::test]
async fn no_text_of_any_request_has_a_zero_in_it() {
    let bench = Bench::new().await;
    let before = super::hostile::everything(&bench).await;
    let mut cases = 0;
    for (vendor, service, entry) in TABLES
        .into_iter()
        .flat_map(|table| table.entries().map(move |(service, entry)| (table.provider.0, service, entry)))
    {
        let mut paths = Vec::new();
        texts(&(entry.input)(), "", &mut |path| paths.push(path));
        for path in paths {
            let answer = send(&bench, vendor, service.prefix, entry, &path).await;
            let what = format!("{} {path}: {} {}", entry.spec.name, answer.status, answer.text());
            // What captures nothing of that form is no path that is served.
            assert!((400..500).contains(&answer.status), "{what}");
            cases += 1;
        }
    }
    assert!(cases > 100, "{cases} cases");
    assert_eq!(super::hostile::everything(&bench).await, before);
}

/// Requests that would succeed, but for the one character.
#[tokio::test]
async fn what_is_refused_is_the_zero() {
    let bench = Bench::new().await;
    let directory = "DirectoryId=d-001111111111";
    let (user, owner) = (format!("{directory}&UserName=zero&FirstName="), "1".repeat(16));
    for (name, status, code) in [("a%00b", 400, "InvalidParameter.FirstName"), ("ab", 200, "")] {
        let answer = bench.alibaba(&owner, "CreateUser", &format!("{user}{name}")).await;
        let found = answer.json()["Code"].as_str().unwrap_or_default().to_owned();
        assert_eq!((answer.status, &*found), (status, code), "{}", answer.text());
    }
    let found = bench.alibaba(&owner, "GetDirectory", "DirectoryId=d-001111111111%00").await;
    assert_eq!(found.json()["Code"], "InvalidParameter.DirectoryId", "{}", found.text());
    // doc: what the pattern excludes is told by the pattern.
    let named = bench.aws("222222222222", "CreateInstance", json!({ "Name": ZERO }).to_string()).await;
    assert!(named.text().contains("regular expression pattern"), "{}", named.text());
    let attributes = "/v1/instances/ins-1111111111111111/access-control-attribute-configuration";
    let body = |source: &str| {
        let value = json!({ "key": "k", "value": { "source": [source] } });
        json!({ "instance_access_control_attribute_configuration": { "access_control_attributes": [value] } })
    };
    for (source, status) in [(ZERO, 400), ("ab", 200)] {
        let answer = bench.huawei(&"1".repeat(32), "POST", attributes, body(source).to_string()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

/// A key, a token or a nonce with a zero in it is one that nobody knows.
#[tokio::test]
async fn credentials_with_a_zero_are_unknown() {
    for (bench, expected) in [
        (Bench::new().await, ["", "", ""]),
        (
            Bench::strict().await,
            ["InvalidAccessKeyId.NotFound", "InvalidSecurityToken.Malformed", "SignatureDoesNotMatch"],
        ),
    ] {
        let now = "2026-01-02T03%3A04%3A05Z";
        for (parameters, code) in [
            ("AccessKeyId=a%00b&SignatureNonce=a", expected[0]),
            ("AccessKeyId=1111111111111111&SecurityToken=a%00b&SignatureNonce=b", expected[1]),
            ("AccessKeyId=1111111111111111&SignatureNonce=a%00b", expected[2]),
        ] {
            let target = format!(
                "/?Action=GetDirectory&Version=2021-05-15&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0\
                 &Timestamp={now}&Signature=a&DirectoryId=d-001111111111&{parameters}"
            );
            let answer = bench.request("GET", &target, &[], "").await;
            let found = answer.json()["Code"].as_str().unwrap_or_default().to_owned();
            assert_eq!(found, code, "{parameters}: {}", answer.text());
        }
    }
    let presigned = "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=a%00b%2F20260102%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20260102T030405Z\
         &X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0&X-Amz-Security-Token=a%00b";
    let answer = Bench::strict().await.request("GET", presigned, &[("host", "a")], "").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
}

#[tokio::test]
async fn the_emulators_own_paths_take_none() {
    let bench = Bench::new().await;
    let before = super::hostile::everything(&bench).await;
    let account = json!({ "vendor": "aws", "account": ZERO });
    let organization = json!({ "vendor": "aws", "organization": ZERO });
    for (method, path, body) in [
        ("GET", "/_sanmen/keys/a%00b", Value::Null),
        ("DELETE", "/_sanmen/keys/a%00b", Value::Null),
        ("GET", "/_sanmen/accounts/a%00b", Value::Null),
        ("DELETE", "/_sanmen/accounts/a%00b", Value::Null),
        ("GET", "/_sanmen/accounts?organization=a%00b", Value::Null),
        ("GET", "/_sanmen/keys?account=a%00b", Value::Null),
        ("POST", "/_sanmen/keys", account),
        ("POST", "/_sanmen/accounts", organization.clone()),
        ("PATCH", "/_sanmen/accounts/000000000000", organization),
        ("POST", "/_sanmen/organizations", json!({ "vendor": "aws", "management_account": ZERO })),
    ] {
        let answer = bench.request(method, path, &[("host", "localhost")], body.to_string()).await;
        let refusal = json!({ "error": "no text has the character U+0000 in it" });
        assert_eq!((answer.status, answer.json()), (400, refusal), "{method} {path}");
    }
    assert_eq!(super::hostile::everything(&bench).await, before);
}

/// What is looked for by an index has a length that every database can index.
#[tokio::test]
async fn the_longest_key_and_token_are_kept() {
    // Texts that do not get shorter when they are compressed.
    let made_up = |length: usize| -> String {
        let mut state = 7_u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'A' + u8::try_from(state >> 24).expect("a byte") % 57)
        };
        (0..length).map(step).collect()
    };
    let bench = Bench::new().await;
    for (id, token, status) in [(256, 2048, 201), (257, 2048, 400), (256, 2049, 400)] {
        let (id, token) = (made_up(id), made_up(token));
        let key = json!({ "vendor": "aws", "account": "222222222222", "id": id, "session_token": token });
        let answer = bench.request("POST", "/_sanmen/keys", &[("host", "localhost")], key.to_string()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}
