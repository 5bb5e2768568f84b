//! A signed request of which any one byte is changed is refused, with a documented error, every time.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use sanmen::domain::access_key::KeyStatus;
use sanmen::{alibaba, aws, huawei};

use super::bench::{Bench, NOW};
use super::hostile::everything;
use super::sign::{self, Draft, Key};
use super::strict::{
    EXTENDED, MOMENT, acs3_draft, aws_draft, code, huawei_draft, management, rpc_draft, send, with_key,
};

/// Signed by the vendor's own crate, which shares nothing with what verifies.
fn signed_by_the_crate(mut draft: Draft, key: &Key, region: &str, seconds: i64) -> Draft {
    let identity = Credentials::new(&key.id, &key.secret, key.token.clone(), None, "tests").into();
    let time = UNIX_EPOCH + Duration::from_millis(NOW.0.unsigned_abs());
    let time = if seconds < 0 {
        time - Duration::from_secs(seconds.unsigned_abs())
    } else {
        time + Duration::from_secs(seconds.unsigned_abs())
    };
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("sso")
        .time(time)
        .settings(SigningSettings::default())
        .build()
        .expect("parameters")
        .into();
    let url = format!("http://{}{}", draft.header("host"), draft.target);
    let headers: Vec<_> = draft.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = SignableBody::Bytes(&draft.body);
    let request =
        SignableRequest::new(&draft.method, &url, headers.into_iter(), body).expect("a request to sign");
    let (instructions, _) = sign(request, &params).expect("a signature").into_parts();
    let (headers, _) = instructions.into_parts();
    for header in headers {
        draft = draft.with(header.name(), header.value());
    }
    draft
}

/// The text with one byte changed, at each place, in each of several ways that leave it text.
fn changes(text: &str) -> Vec<String> {
    let mut changed = Vec::new();
    for at in (0..text.len()).filter(|at| text.as_bytes()[*at].is_ascii()) {
        for flip in [0x01, 0x02, 0x10, 0x20] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= flip;
            if bytes[at].is_ascii_graphic() || bytes[at] == b' ' {
                changed.push(String::from_utf8(bytes).expect("text"));
            }
        }
    }
    changed
}

/// Each change of each part of a request, with what is changed and the place of the part.
fn tampered(draft: &Draft) -> Vec<(String, Draft)> {
    let mut all = Vec::new();
    let mut add = |part: &str, changed: Draft| all.push((part.to_owned(), changed));
    for method in changes(&draft.method).into_iter().chain(["GET", "PUT", "POST"].map(str::to_owned)) {
        add("method", Draft { method, ..draft.clone() });
    }
    for target in changes(&draft.target) {
        add("target", Draft { target, ..draft.clone() });
    }
    for (i, (name, value)) in draft.headers.iter().enumerate() {
        for value in changes(value) {
            let mut changed = draft.clone();
            changed.headers[i].1 = value;
            add(name, changed);
        }
        let mut removed = draft.clone();
        removed.headers.remove(i);
        add(name, removed);
    }
    for body in changes(std::str::from_utf8(&draft.body).expect("text")) {
        add("body", Draft { body: body.into_bytes(), ..draft.clone() });
    }
    add("body", Draft { body: [&draft.body[..], b" "].concat(), ..draft.clone() });
    all
}

/// Whether two targets mean the same: in another case of a digit after `%`, or in spaces around a value.
fn means_the_same(a: &Draft, b: &Draft) -> bool {
    let normal = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts: Vec<_> = query.split('&').map(decoded).collect();
        (decoded(path), parts)
    };
    let headers = |draft: &Draft| -> Vec<_> {
        draft.headers.iter().map(|(name, value)| (name.clone(), value.trim().to_owned())).collect()
    };
    (&a.method, &a.body) == (&b.method, &b.body)
        && headers(a) == headers(b)
        && normal(&a.target) == normal(&b.target)
}

fn decoded(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).collect()
}

/// Sends every change of what is signed of a request to a strict world: each is refused, by one of the codes for its part. At the end
/// the request itself is let in, and the world is as it was.
async fn every_change_is_refused(
    bench: &Bench,
    draft: &Draft,
    writes: bool,
    codes: impl Fn(&str) -> &'static [&'static str],
) -> usize {
    let before = everything(bench).await;
    let mut sent = 0;
    for (part, changed) in tampered(draft) {
        if codes(&part).is_empty() || means_the_same(draft, &changed) {
            continue;
        }
        let Some(request) = changed.request() else { continue };
        let answer = bench.send(request).await;
        let what = || format!("{part}: {changed:?}: {}", answer.text());
        assert!((400..500).contains(&answer.status), "{}", what());
        assert!(codes(&part).contains(&code(&answer).as_str()), "{}", what());
        sent += 1;
    }
    assert_eq!(everything(bench).await, before);
    let answer = send(bench, draft).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(everything(bench).await != before, writes, "what is written would be seen");
    sent
}

/// doc: which error is that of which part.
fn aws_codes(part: &str) -> &'static [&'static str] {
    match part {
        "method" | "content-type" => &["UnknownOperationException", "InvalidSignatureException"],
        "x-amz-target" => &["UnknownOperationException"],
        "x-amz-security-token" => &["UnrecognizedClientException"],
        "x-amz-date" => &["InvalidSignatureException", "IncompleteSignatureException"],
        "authorization" => &[
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "UnrecognizedClientException",
            "MissingAuthenticationTokenException",
        ],
        _ => &["InvalidSignatureException"],
    }
}

#[tokio::test]
async fn no_byte_of_a_request_to_aws_can_be_changed() {
    let bench = Bench::strict().await;
    let temporary = Key {
        id: "ASIATEMPORARY".to_owned(),
        secret: "s".to_owned(),
        token: Some("FwoGZXIvYXdz/+=".to_owned()),
    };
    with_key(&bench, aws::PROVIDER, &temporary, KeyStatus::Active, None).await;
    let mut draft = aws_draft().with("x-amz-meta", "a  b");
    draft.target = "/prefix/a%20b/?b=2&a=%2F&a=1".to_owned();
    for key in [management(aws::PROVIDER), temporary] {
        let signed = signed_by_the_crate(draft.clone(), &key, "us-east-1", 0);
        let sent = every_change_is_refused(&bench, &signed, false, aws_codes).await;
        assert!(sent > 1000, "{sent}");
    }
}

/// Unsigned headers are nobody's business.
#[tokio::test]
async fn what_is_not_signed_may_change() {
    let bench = Bench::strict().await;
    let key = management(aws::PROVIDER);
    let signed = signed_by_the_crate(aws_draft(), &key, "us-east-1", 0);
    let acs3 = |nonce: &str| sign::acs3(acs3_draft(), &management(alibaba::PROVIDER), EXTENDED, nonce);
    let rpc = |nonce: &str| sign::rpc(rpc_draft(), &management(alibaba::PROVIDER), EXTENDED, nonce, false);
    let huawei = sign::huawei(huawei_draft(), &management(huawei::PROVIDER), MOMENT, None);
    for (i, (name, value)) in [
        ("user-agent", "a"),
        ("user-agent", "b"),
        ("x-request-id", "c"),
        ("accept", "*/*"),
        ("accept", "text/html"),
    ]
    .into_iter()
    .enumerate()
    {
        for draft in [signed.clone(), acs3(&format!("a{i}")), rpc(&format!("b{i}")), huawei.clone()] {
            let answer = send(&bench, &draft.with(name, value)).await;
            assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        }
    }
    // sdk: Terraform adds these after the signature.
    let added = huawei.with("x-project-id", "x").with("x-domain-id", "y");
    assert_eq!(send(&bench, &added).await.status, 200);
}

/// The crate signs as the vendor's SDKs do, wherever the endpoint is, whenever within five minutes.
#[tokio::test]
async fn the_crate_of_aws_is_believed_within_five_minutes() {
    let bench = Bench::strict().await;
    let key = management(aws::PROVIDER);
    for (target, region, seconds, expected) in [
        ("/", "us-east-1", 0, 200),
        ("/", "us-east-1", 300, 200),
        ("/", "us-east-1", -300, 200),
        ("/", "us-east-1", 301, 400),
        ("/", "us-east-1", -301, 400),
        ("/a%20b//c/./d/%C3%BC", "us-east-1", 0, 200),
        ("/x/../y/", "us-east-1", 0, 200),
        ("/?", "us-east-1", 0, 200),
        ("/?x=~-_.&y=a%20b%2B%2F&x=1", "us-east-1", 0, 200),
        ("/", "xx-nowhere-1", 0, 400),
    ] {
        let draft = Draft { target: target.to_owned(), ..aws_draft() };
        let answer = send(&bench, &signed_by_the_crate(draft, &key, region, seconds)).await;
        assert_eq!(answer.status, expected, "{target} {seconds}: {}", answer.text());
    }
}

fn acs_codes(part: &str) -> &'static [&'static str] {
    match part {
        "method" => &["UnsupportedHTTPMethod", "SignatureDoesNotMatch"],
        "x-acs-action" => &["InvalidAction.NotFound", "MissingAction", "IncompleteSignature"],
        "x-acs-version" => &["InvalidVersion", "MissingVersion", "IncompleteSignature"],
        "x-acs-date" => {
            &["InvalidTimeStamp.Format", "InvalidTimeStamp.Expired", "SignatureDoesNotMatch", "MissingHeader"]
        }
        "x-acs-content-sha256" => &["SignatureDoesNotMatch", "MissingHeader"],
        "x-acs-security-token" => &["InvalidSecurityToken.Malformed", "MissingSecurityToken"],
        "authorization" => &[
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "InvalidAccessKeyId.NotFound",
            "InvalidSignatureMethod",
            "MissingAccessKeyId",
        ],
        // Another path is another API.
        "target" => &["SignatureDoesNotMatch", "InvalidAction.NotFound", "InvalidParameter"],
        _ => &["SignatureDoesNotMatch"],
    }
}

fn rpc_codes(part: &str) -> &'static [&'static str] {
    match part {
        // It is not signed.
        "content-type" => &[],
        "body" => &["SignatureDoesNotMatch"],
        "method" => &["UnsupportedHTTPMethod", "SignatureDoesNotMatch"],
        _ => &[
            "SignatureDoesNotMatch",
            "InvalidAction.NotFound",
            "MissingAction",
            "InvalidVersion",
            "MissingVersion",
            "InvalidParameter.Format",
            "MissingAccessKeyId",
            "InvalidAccessKeyId.NotFound",
            "MissingSignature",
            "MissingSignatureMethod",
            "InvalidSignatureMethod",
            "MissingSignatureVersion",
            "InvalidSignatureVersion",
            "MissingSignatureNonce",
            "IllegalTimestamp",
            "InvalidTimeStamp.Format",
            "InvalidTimeStamp.Expired",
            "MissingSecurityToken",
            "InvalidSecurityToken.Malformed",
            "InvalidParameter",
            // Without its `?` the query is a path, and that is another vendor's.
            "APIGW.0101",
        ],
    }
}

#[tokio::test]
async fn no_byte_of_a_request_to_alibaba_can_be_changed() {
    let temporary =
        Key { id: "STS.temporary".to_owned(), secret: "s".to_owned(), token: Some("CAIS+/token".to_owned()) };
    let mut draft = acs3_draft();
    draft.target = "/?DirectoryId=d-001111111111&Note=a+b%2Bc%C3%A9&Empty=".to_owned();
    let target = "/?Action=UpdateMFAAuthenticationSettings&Version=2021-05-15&Format=JSON".to_owned();
    let body = b"DirectoryId=d-001111111111&MFAAuthenticationSettings=Disabled".to_vec();
    // The host is not signed by V1.
    let form = Draft { target, body, ..rpc_draft() }.without("host");
    for key in [management(alibaba::PROVIDER), temporary] {
        let v3 = sign::acs3(draft.clone(), &key, EXTENDED, "a");
        let v1 = sign::rpc(form.clone(), &key, EXTENDED, "b", false);
        let sha256 = sign::rpc(form.clone(), &key, EXTENDED, "c", true);
        let codes: [fn(&str) -> &'static [&'static str]; 3] = [acs_codes, rpc_codes, rpc_codes];
        for (signed, codes) in [v3, v1, sha256].into_iter().zip(codes) {
            let bench = Bench::strict().await;
            if key.token.is_some() {
                with_key(&bench, alibaba::PROVIDER, &key, KeyStatus::Active, None).await;
            }
            // If nothing else, a nonce is written.
            let sent = every_change_is_refused(&bench, &signed, true, codes).await;
            assert!(sent > 500, "{sent}");
            assert_eq!(code(&send(&bench, &signed).await), "SignatureNonceUsed");
        }
    }
}

#[tokio::test]
async fn no_byte_of_a_request_to_huawei_can_be_changed() {
    let bench = Bench::strict().await;
    let temporary =
        Key { id: "AKTEMPORARY".to_owned(), secret: "s".to_owned(), token: Some("gQpjb+/token".to_owned()) };
    with_key(&bench, huawei::PROVIDER, &temporary, KeyStatus::Active, None).await;
    let get = Draft { target: format!("{}&y=a%20b%2Bc", huawei_draft().target), ..huawei_draft() };
    let body = br#"{"configuration_type":"SESSION","sso_configuration":{"session_configuration":{"max_authentication_age":"PT4H"}}}"#;
    let path = "/v1/instances/ins-1111111111111111/sso-configuration".to_owned();
    let post = Draft { method: "POST".to_owned(), target: path, body: body.to_vec(), ..huawei_draft() };
    let codes = |part: &str| -> &'static [&'static str] {
        match part {
            "method" | "target" => &["APIGW.0301", "APIGW.0101", "IIC.400"],
            _ => &["APIGW.0301"],
        }
    };
    for key in [management(huawei::PROVIDER), temporary] {
        for (draft, scope) in [(&get, None), (&post, None), (&get, Some("globe/identitycenter"))] {
            let signed = sign::huawei(draft.clone(), &key, MOMENT, scope);
            let writes = draft.method == "POST" && key.token.is_none();
            let sent = every_change_is_refused(&bench, &signed, writes, codes).await;
            assert!(sent > 500, "{sent}");
        }
    }
}
