//! Bad input to every operation there is: the vendor's own 4xx, with its request id, and nothing changed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body_util::channel::Channel;
use sanmen::TABLES;
use sanmen::api::shape::{Kind, Shape};
use sanmen::api::{Effect, Entry, Limits, Route};
use serde_json::{Map, Value, json};

use super::bench::{Answer, Bench, Place, brief, credential};
use super::openapi_vendors::asks_for;
use super::{place, transcript};

/// The operations, each with its vendor and how it is prefixed there.
fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Entry)> {
    let all = TABLES
        .into_iter()
        .flat_map(|table| table.entries().map(move |(service, entry)| (table, service, entry)));
    // What has no parameters and its own protocol has its own tests.
    all.filter(|(_, service, _)| service.name != "sts")
        .map(|(table, service, entry)| (table.provider.0, service.prefix, entry))
}

/// A request to an operation, with this body, or for Alibaba Cloud this form.
fn request(vendor: &str, prefix: &str, entry: &Entry, body: impl Into<Body>) -> Request<Body> {
    let name = entry.spec.name;
    let request = match (vendor, entry.spec.route) {
        ("aws", _) => Request::post("/")
            .header("x-amz-target", format!("{prefix}.{name}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", credential("222222222222", "us-east-1")),
        (_, Route::Path(method, path)) => {
            let path = path.replace("{instance_id}", "ins-1111111111111111");
            Request::builder().method(method).uri(path).header("content-type", "application/json")
        }
        (_, Route::Name) => Request::post(format!("/?Action={name}&Version=2021-05-15&Format=JSON"))
            .header("content-type", "application/x-www-form-urlencoded"),
    };
    request.body(body.into()).expect("a request")
}

/// That an answer is an error of its vendor, of this kind of status.
fn refused(vendor: &str, what: &str, answer: &Answer, statuses: std::ops::Range<u16>) -> String {
    assert!(statuses.contains(&answer.status), "{vendor}: {what}: {} {}", answer.status, answer.text());
    let body = answer.json();
    let (id, code) = match vendor {
        "aws" => (answer.header("x-amzn-requestid").to_owned(), &body["__type"]),
        "alibaba" => {
            assert_eq!(body["RequestId"], answer.header("x-acs-request-id"), "{what}");
            (answer.header("x-acs-request-id").to_owned(), &body["Code"])
        }
        _ => {
            assert_eq!(body["request_id"], answer.header("x-request-id"), "{what}");
            (answer.header("x-request-id").to_owned(), &body["error_code"])
        }
    };
    assert!(id.len() >= 32, "{vendor}: {what}: {id:?}");
    code.as_str().unwrap_or_else(|| panic!("{vendor}: {what}: {body}")).to_owned()
}

/// All rows of all tables, and what the program tells of them.
pub(crate) async fn everything(bench: &Bench) -> String {
    let censuses = bench.world.census(&TABLES.map(|table| table.provider)).await.expect("a census");
    let mut text = format!("{censuses:?}");
    let mut tx = bench.world.store.read().await.expect("a transaction");
    for (table, rows) in sanmen::store::estate::sizes(&mut tx).await.expect("sizes") {
        let all = place::rows(&mut tx, &table).await;
        text.push_str(&format!("\n{table} {rows}: {all}"));
    }
    text
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_refused_by_every_operation_that_reads_them() {
    let bench = Bench::new().await;
    let before = everything(&bench).await;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let json = |valid: &str| -> Vec<(&str, Vec<u8>)> {
        let with = |more: &[u8]| [b"{", valid.as_bytes(), more, b"}"].concat();
        vec![
            ("cut off", format!("{{{valid}").into_bytes()),
            ("a list", format!("[{{{valid}}}]").into_bytes()),
            ("a text", b"\"x\"".to_vec()),
            ("null", b"null".to_vec()),
            ("followed by something", format!("{{{valid}}} {{}}").into_bytes()),
            ("not UTF-8", with(b",\"b\":\"\xff\"")),
            ("zero bytes", b"\0\0\0\0".to_vec()),
            ("with a zero byte", with(b",\"b\":\"\0\"")),
            ("behind a byte order mark", [b"\xef\xbb\xbf".to_vec(), with(b"")].concat()),
            ("deep", with(format!(",\"b\":{deep}").as_bytes())),
            ("with a member twice", with(b",\"a\":1")),
            ("with a member twice further in", with(b",\"b\":[{\"c\":1,\"c\":1}]")),
            ("with half a surrogate", with(b",\"b\":\"\\ud800\"")),
            ("with NaN", with(b",\"b\":NaN")),
        ]
    };
    let form = |valid: &str| -> Vec<(&str, Vec<u8>)> {
        let with = |more: &[u8]| [valid.as_bytes(), more].concat();
        vec![
            ("not UTF-8", with(b"&b=\xff")),
            ("not UTF-8 when decoded", with(b"&b=%c3%28")),
            ("with a parameter twice", with(b"&b=1&b=1")),
            ("with the action twice", with(b"&Action=a")),
            ("zero bytes", b"\0\0\0\0".to_vec()),
            ("nothing", Vec::new()),
            ("separators alone", b"&&==&".to_vec()),
        ]
    };
    for (vendor, prefix, entry) in operations() {
        if matches!(entry.spec.route, Route::Path("GET" | "DELETE", _)) {
            continue;
        }
        let valid = valid(vendor, entry);
        let needed = required(&(entry.input)());
        for (what, body) in if vendor == "alibaba" { form(&valid) } else { json(&valid) } {
            if !needed && ["nothing", "zero bytes", "separators alone"].contains(&what) && vendor == "alibaba"
            {
                continue;
            }
            let answer = bench.send(request(vendor, prefix, entry, body)).await;
            let what = format!("{} with a body that is {what}", entry.spec.name);
            let code = refused(vendor, &what, &answer, 400..500);
            let unreadable = ["SerializationException", "IIC.400"].contains(&code.as_str());
            let invalid = code.starts_with("Invalid") || code.starts_with("Missing");
            assert!(if vendor == "alibaba" { invalid } else { unreadable }, "{what}: {code}");
        }
    }
    assert_eq!(everything(&bench).await, before);
}

/// What is in a request that is answered by 200, as the operation's transcript has it: for JSON what is between the
/// braces, with one member more.
fn valid(vendor: &str, entry: &Entry) -> String {
    let transcripts = transcript::all();
    let own = transcripts.iter().find(|it| it.vendor == vendor && it.operation == entry.spec.name);
    let mut exchanges = own.into_iter().flat_map(|own| own.exchanges());
    let good = exchanges.find(|exchange| asks_for(entry, exchange) && exchange.status == 200);
    let good = good.unwrap_or_else(|| panic!("{} has no transcript of a success", entry.spec.name));
    if vendor == "alibaba" {
        let query = good.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let protocol = ["Action=", "Version=", "Format="];
        let own = query.split('&').filter(|pair| !protocol.iter().any(|name| pair.starts_with(name)));
        return own
            .chain(Some(good.body.as_str()).filter(|body| !body.is_empty()))
            .collect::<Vec<_>>()
            .join("&");
    }
    let members = good.body.trim().trim_start_matches('{').trim_end_matches('}').trim();
    let more = if members.is_empty() { "" } else { "," };
    // A structure at the end has lost its brace.
    let braces = "}".repeat(members.matches('{').count() - members.matches('}').count());
    format!("{members}{braces}{more}\"a\":1")
}

/// Whether there is a member that must be given.
fn required(shape: &Shape) -> bool {
    let Kind::Structure(_, members) = &shape.kind else { return false };
    members.iter().any(|(_, member)| !member.optional)
}

/// Each member of each JSON request, with values of every other type.
#[tokio::test]
async fn a_value_of_another_type_is_refused_wherever_it_stands() {
    let mut cases = 0;
    let bench = Bench::new().await;
    let before = everything(&bench).await;
    for (vendor, prefix, entry) in operations() {
        let shape = (entry.input)();
        if vendor == "alibaba" || matches!(entry.spec.route, Route::Path("GET" | "DELETE", _)) {
            continue;
        }
        let mut wrong = Vec::new();
        wrongs(&shape, &mut |value| wrong.push(value));
        for body in wrong {
            let answer = bench.send(request(vendor, prefix, entry, body.to_string())).await;
            let what = format!("{} with {body}", entry.spec.name);
            let code = refused(vendor, &what, &answer, 400..500);
            assert!(["SerializationException", "IIC.400"].contains(&code.as_str()), "{what}: {code}");
            let form = vendor == "aws" || answer.text().contains("not of the documented form");
            assert!(form, "{what}: {}", answer.text());
            cases += 1;
        }
    }
    assert!(cases >= 50, "{cases} cases");
    assert_eq!(everything(&bench).await, before);
}

/// Values of a shape in each of which one thing is of a wrong type.
fn wrongs(shape: &Shape, yield_: &mut dyn FnMut(Value)) {
    let is_text = matches!(shape.kind, Kind::Text | Kind::Word(_) | Kind::JsonText(_));
    let wrong = [
        (json!(true), matches!(shape.kind, Kind::Boolean)),
        (json!(1), matches!(shape.kind, Kind::Integer | Kind::Number)),
        (json!(1.5), matches!(shape.kind, Kind::Number)),
        (json!("text"), is_text),
        (json!(["text"]), matches!(shape.kind, Kind::List(_))),
        (json!({ "a": "text" }), matches!(shape.kind, Kind::Structure(..))),
    ];
    wrong.into_iter().filter(|(_, right)| !right).for_each(|(value, _)| yield_(value));
    match &shape.kind {
        Kind::List(item) => wrongs(item, &mut |value| yield_(json!([value]))),
        Kind::Structure(_, members) => {
            // What stands in the path is a text whatever it is.
            for (name, member) in members.iter().filter(|(name, _)| *name != "instance_id") {
                wrongs(member, &mut |value| {
                    yield_(Value::Object(Map::from_iter([((*name).to_owned(), value)])));
                });
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_body_may_be_a_mebibyte_long_and_no_longer() {
    let bench = Bench::new().await;
    let mebibyte = 1024 * 1024;
    for (vendor, prefix, entry) in operations().filter(|(_, _, entry)| entry.spec.effect == Effect::Write) {
        for length in [mebibyte, mebibyte + 1, 5 * mebibyte] {
            let what = format!("{} with {length} bytes", entry.spec.name);
            let answer = bench.send(request(vendor, prefix, entry, " ".repeat(length))).await;
            if answer.status == 200 && length <= mebibyte && !required(&(entry.input)()) {
                continue;
            }
            let code = refused(vendor, &what, &answer, 400..500);
            let too_large = ["RequestEntityTooLargeException", "RequestEntityTooLarge", "APIGW.0201"];
            assert_eq!(too_large.contains(&code.as_str()), length > mebibyte, "{what}: {code}");
        }
    }
}

/// What is too long is read on for a while, so that the client looks for the answer, but not for ever.
#[tokio::test]
async fn a_body_that_goes_on_and_on_is_given_up() {
    let bench = Bench::new().await;
    let (mut sender, body) = Channel::<Bytes>::new(1);
    let first = Request::post("/").header("x-amz-target", "SWBExternalService.CreateInstance");
    let first = first.body(Body::new(body)).expect("a request");
    let gate = bench.gate.clone();
    let answered = tokio::spawn(async move { gate.answer(first).await.status().as_u16() });
    let mebibyte = Bytes::from(vec![b' '; 1024 * 1024]);
    let mut sent = 0;
    while sent < 64 && sender.send_data(mebibyte.clone()).await.is_ok() {
        sent += 1;
    }
    assert_eq!(answered.await.expect("an answer"), 400);
    // The limit is one, sixteen more are read and thrown away, and one or two are on their way.
    assert!((17..=20).contains(&sent), "{sent}");
}

#[tokio::test]
async fn a_body_of_nothing_but_mistakes_has_a_short_answer() {
    let bench = Bench::new().await;
    for item in ["null", "{}", r#"{"Key":"","Value":","}"#, r#"{"Key":"a","Value":""}"#] {
        let items = vec![item; 3000].join(",");
        let answer = bench.aws("222222222222", "CreateInstance", format!("{{\"Tags\":[{items}]}}")).await;
        let body = answer.json();
        let message = body["message"].as_str().expect("a message");
        assert!(message.starts_with("500 validation errors detected: "), "{item}: {}", &message[..80]);
        assert!(answer.body.len() < 1_000_000, "{item}: {} bytes", answer.body.len());
    }
    let name = "é".repeat(500_000);
    let answer = bench.aws("222222222222", "CreateInstance", json!({ "Name": name }).to_string()).await;
    assert!(answer.body.len() < 100_000, "{} bytes", answer.body.len());
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for_for_ever() {
    let bench = Bench::with("default", Place::Memory, brief()).await;
    for (vendor, prefix, entry) in operations() {
        // Its sender is kept, and sends nothing.
        let (_sender, body) = Channel::<Bytes>::new(1);
        let answer = bench.send(request(vendor, prefix, entry, Body::new(body))).await;
        let code = refused(vendor, entry.spec.name, &answer, 400..505);
        assert!(["RequestTimeoutException", "ServiceUnavailable", "APIGW.0201"].contains(&code.as_str()));
    }
}

/// The one writer is held: whoever waits for it too long is told so, and leaves nothing behind.
#[tokio::test]
async fn work_that_takes_too_long_is_given_up_and_undone() {
    let bench = Bench::with("default", Place::File, brief()).await;
    let before = everything(&bench).await;
    let held = bench.world.store.write().await.expect("the write lock");
    let answer = bench.aws("999999999999", "CreateInstance", r#"{"ClientToken":"t"}"#).await;
    assert_eq!(answer.json()["__type"], "RequestTimeoutException");
    // A request that is wrong needs no lock to be told so.
    let answer = bench.aws("999999999999", "CreateInstance", r#"{"Name":""}"#).await;
    assert_eq!(answer.json()["__type"], "ValidationException");
    drop(held);
    assert_eq!(everything(&bench).await, before);
}

#[tokio::test]
async fn more_requests_than_are_served_at_a_time_are_throttled_in_the_vendors_words() {
    let limits = Limits { requests: 1, request_timeout: Duration::from_secs(60), ..Limits::default() };
    let bench = Arc::new(Bench::with("default", Place::File, limits).await);
    // What waits for the one writer is being served. What only reads need not wait, and tells when that has begun; it
    // may be in the way itself.
    let held = bench.world.store.write().await.expect("the write lock");
    let waiting = {
        let bench = bench.clone();
        tokio::spawn(async move {
            loop {
                let answer = bench.aws("222222222222", "CreateInstance", "{}").await;
                if answer.status != 400 {
                    return answer.status;
                }
            }
        })
    };
    while bench.huawei(&"1".repeat(32), "GET", "/v1/instances", "").await.status != 429 {
        tokio::task::yield_now().await;
    }
    for (vendor, prefix, entry) in operations() {
        let answer = bench.send(request(vendor, prefix, entry, "")).await;
        let code = refused(vendor, entry.spec.name, &answer, 400..500);
        assert!(["ThrottlingException", "Throttling", "APIGW.0308"].contains(&code.as_str()), "{code}");
    }
    assert_eq!(bench.request("GET", "/healthz", &[], "").await.status, 200, "health is not throttled");
    drop(held);
    assert_eq!(waiting.await.expect("an answer"), 200);
    assert_eq!(bench.huawei(&"1".repeat(32), "GET", "/v1/instances", "").await.status, 200, "and it is over");
}
