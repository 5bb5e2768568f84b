//! GetCallerIdentity with verified signatures: the query protocol has codes, statuses and a tolerance of its own.
//!
//! observed: what each case is answered by, see the specification in its transcript.

use super::bench::{Answer, Bench};
use super::sign::{self, Draft, Key};
use super::strict::send;

const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// A call, signed at a moment for a service.
fn call(key: &Key, service: &str, moment: &str) -> Draft {
    let headers =
        [("host", "sts.amazonaws.com"), ("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    sign::aws(Draft::new("POST", "/", &headers, FORM), key, "us-east-1", service, moment)
}

/// The status, and the texts of two elements.
fn error(answer: &Answer) -> (u16, String, String) {
    let text = answer.text();
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_default();
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    assert_eq!(answer.header("content-type"), "text/xml", "{text}");
    assert_eq!(element("RequestId"), answer.header("x-amzn-requestid"), "{text}");
    (answer.status, element("Code"), element("Message"))
}

#[tokio::test]
async fn who_cannot_sign_is_told_so_in_the_codes_of_the_query_protocol() {
    let bench = Bench::strict().await;
    let good = Key::seeded("1", 12);
    let now = "20260102T030405Z";
    for near in [now, "20260102T024906Z", "20260102T031905Z"] {
        let answer = send(&bench, &call(&good, "sts", near)).await;
        assert_eq!(answer.status, 200, "{near}: {}", answer.text());
        assert!(answer.text().contains("<Arn>arn:aws:iam::111111111111:root</Arn>"), "{}", answer.text());
    }
    let unknown = Key { id: "AKUNKNOWN".to_owned(), ..good.clone() };
    let wrong = Key { secret: "wrong".to_owned(), ..good.clone() };
    let mut token = call(&wrong, "sts", now);
    token = token.with("x-amz-security-token", "of nobody");
    let unsigned = call(&good, "sts", now).without("authorization");
    for (what, draft, status, code, message) in [
        ("unsigned", unsigned, 403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        (
            "an unknown key",
            call(&unknown, "sts", now),
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        ),
        (
            "a wrong secret",
            call(&wrong, "sts", now),
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated",
        ),
        (
            "another service",
            call(&good, "iam", now),
            403,
            "SignatureDoesNotMatch",
            "Credential should be scoped to correct service: 'sts'.",
        ),
        (
            "too late",
            call(&good, "sts", "20260102T024904Z"),
            403,
            "SignatureDoesNotMatch",
            "Signature expired: 20260102T024904Z is now earlier than 20260102T024905Z (20260102T030405Z - 15 min.)",
        ),
        (
            "too early",
            call(&good, "sts", "20260102T031906Z"),
            403,
            "SignatureDoesNotMatch",
            "Signature not yet current: 20260102T031906Z is still later than 20260102T031905Z (20260102T030405Z + 15 min.)",
        ),
    ] {
        let (found_status, found_code, found) = error(&send(&bench, &draft).await);
        assert_eq!((found_status, found_code.as_str()), (status, code), "{what}: {found}");
        assert!(found.starts_with(message), "{what}: {found}");
    }
    // A token that is signed with the request, of nobody: it is looked at before the signature.
    let headers = [
        ("host", "sts.amazonaws.com"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-amz-security-token", "of nobody"),
    ];
    let signed = sign::aws(Draft::new("POST", "/", &headers, FORM), &wrong, "us-east-1", "sts", now);
    assert_eq!(error(&send(&bench, &signed).await).1, "InvalidClientTokenId");
    // One that is not signed is refused for that.
    assert_eq!(error(&send(&bench, &token).await).1, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn a_target_with_odd_characters_leads_nowhere_else() {
    let bench = Bench::new().await;
    let authorization = super::bench::credential("111111111111", "us-east-1").replace("/sso/", "/sts/");
    for target in ["/?a=%0d%0aLocation:x", "/?é", "/?\u{7f}"] {
        let headers = [("authorization", authorization.as_str())];
        let Ok(request) = http::Request::get(target).body(axum::body::Body::empty()) else { continue };
        let (mut parts, body) = request.into_parts();
        parts.headers.insert(headers[0].0, http::HeaderValue::from_str(headers[0].1).expect("a header"));
        let answer = bench.send(http::Request::from_parts(parts, body)).await;
        assert_eq!(answer.status, 302, "{target}");
        let location = answer.headers.get("location").expect("a location").as_bytes();
        assert!(location.starts_with(b"https://aws.amazon.com/iam"), "{target}");
    }
}
