//! What is fuzzed: everything that reads credentials. Shared by the targets of cargo-fuzz and by a bounded run of
//! the tests, `tests/it/fuzz.rs`.

use sanmen::alibaba::{Alibaba, acs3};
use sanmen::api::canonical::{self, Reading, Secrets};
use sanmen::api::{Request, Wire, date, signature};
use sanmen::aws::{Aws, sigv4};
use sanmen::domain::Timestamp;
use sanmen::huawei::{Huawei, aksk};

/// 2026-01-02T03:04:05.678Z.
const NOW: Timestamp = Timestamp(1_767_323_045_678);

/// The headers `Authorization` of all schemes, and the moments of signing.
pub(crate) fn headers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(authorization) = sigv4::Authorization::parse(text) {
        let _ = authorization.credential.map(sigv4::Scope::parse);
    }
    let _ = acs3::Authorization::parse(text);
    let _ = aksk::Authorization::parse(text);
    let _ = signature::field(text, "Signature");
    for moment in [date::parse_basic(text), date::parse_extended(text)].into_iter().flatten() {
        assert!([date::basic(moment), date::extended(moment)].contains(&text.to_owned()), "{text}");
    }
    let _ = (date::parse_http(text), date::parse_rfc3339(text));
}

/// Queries: what is canonical stays as it is.
pub(crate) fn queries(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for reading in [Reading::Literal, Reading::Form] {
        let pairs = canonical::query(text, reading);
        let again: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(canonical::query(&again.join("&"), reading), pairs);
    }
}

/// Whole requests: a first line, headers, an empty line, a body. Each door reads it, and verifies it with a secret.
pub(crate) fn requests(data: &[u8]) {
    let Some(request) = request(data) else { return };
    door::<Aws>(&request);
    door::<Alibaba>(&request);
    door::<Huawei>(&request);
    let _ = sigv4::read(&request, "sso", NOW);
    let _ = aksk::read(&request);
}

fn request(data: &[u8]) -> Option<Request> {
    let end = data.windows(2).position(|pair| pair == b"\n\n").unwrap_or(data.len());
    let (head, body) = (&data[..end], data.get(end + 2..).unwrap_or_default());
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next()?;
    let space = first.iter().position(|byte| *byte == b' ')?;
    let mut request = http::Request::builder().method(&first[..space]).uri(&first[space + 1..]);
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let value = http::HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request = request.header(&line[..colon], value);
    }
    let (parts, ()) = request.body(()).ok()?.into_parts();
    Some(Request { parts, body: body.to_vec().into(), id: "id".to_owned() })
}

fn door<W: Wire>(request: &Request) {
    let message = W::read(request);
    let Ok(call) = W::route(request, &message) else { return };
    let _ = W::authenticate(request, &message);
    match W::signed(request, &message, &call, NOW) {
        Ok(signed) => {
            let _ = (signed.key(), signed.token(), signed.nonce(), signed.timely(NOW));
            let _ = (signed.matches("secret"), signed.slip("secret"));
            let _ = (signed.shown(Secrets::Written), signed.shown(Secrets::Hidden));
        }
        Err(error) => {
            let _ = W::failure(request, &message, &error);
        }
    }
}
