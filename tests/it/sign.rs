//! Signers, written from the vendors' pages alone: they share no line with what they are to check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A request that is being made, signed or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub method: String,
    /// Path and query, as they are sent.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Draft {
    pub(crate) fn new(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    /// With another value of this header, or one more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The parts of the target.
    fn parts(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }

    /// `None` when this is no HTTP.
    pub(crate) fn request(&self) -> Option<http::Request<axum::body::Body>> {
        let mut request = http::Request::builder().method(self.method.as_bytes()).uri(&self.target);
        for (name, value) in &self.headers {
            request = request.header(name, http::HeaderValue::from_bytes(value.as_bytes()).ok()?);
        }
        request.body(self.body.clone().into()).ok()
    }

    /// The names of all headers, sorted, and the lines of them.
    fn canonical_headers(&self) -> (String, String) {
        let mut headers: Vec<_> = self.headers.iter().filter(|(name, _)| name != "authorization").collect();
        headers.sort();
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let lines: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        (names.join(";"), lines.concat())
    }

    /// The query, decoded, encoded and sorted.
    fn canonical_query(&self) -> String {
        let mut pairs = pairs(self.parts().1);
        pairs.sort();
        join(&pairs)
    }
}

/// Who signs.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
}

impl Key {
    /// A key of the default world: the id is the account's, a digit repeated.
    pub(crate) fn seeded(digit: &str, digits: usize) -> Self {
        Self { id: digit.repeat(digits), secret: "sanmen".to_owned(), token: None }
    }
}

fn mac(key: impl AsRef<[u8]>, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(bytes: impl AsRef<[u8]>) -> String {
    hex(Sha256::digest(bytes))
}

/// RFC 3986.
pub(crate) fn encode(text: &[u8]) -> String {
    let each = text.iter().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    each.collect()
}

fn decode(text: &str) -> Vec<u8> {
    let (mut bytes, text) = (Vec::new(), text.as_bytes());
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match (text[at], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
        at += 1;
    }
    bytes
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (encode(&decode(name)), encode(&decode(value)))).collect()
}

fn join(pairs: &[(String, String)]) -> String {
    let each: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    each.join("&")
}

/// Signature Version 4: at `moment`, `20260102T030405Z`; all headers are signed.
pub(crate) fn aws(draft: Draft, key: &Key, region: &str, service: &str, moment: &str) -> Draft {
    let mut draft = draft.with("x-amz-date", moment);
    if let Some(token) = &key.token {
        draft = draft.with("x-amz-security-token", token);
    }
    let (names, lines) = draft.canonical_headers();
    let (path, _) = draft.parts();
    let path: Vec<_> = path.split('/').map(|segment| encode(segment.as_bytes())).collect();
    let (path, query, body) = (path.join("/"), draft.canonical_query(), hash(&draft.body));
    let canonical = format!("{}\n{path}\n{query}\n{lines}\n{names}\n{body}", draft.method);
    let day = &moment[..8];
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hash(canonical));
    let derived = [region, service, "aws4_request"]
        .iter()
        .fold(mac(format!("AWS4{}", key.secret), day), |derived, part| mac(derived, part));
    let (id, signature) = (&key.id, hex(mac(derived, &text)));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    draft.with("authorization", &authorization)
}

/// V3 of Alibaba Cloud: at `moment`, `2026-01-02T03:04:05Z`; all headers are signed.
pub(crate) fn acs3(draft: Draft, key: &Key, moment: &str, nonce: &str) -> Draft {
    let body = hash(&draft.body);
    let mut draft = draft
        .with("x-acs-date", moment)
        .with("x-acs-signature-nonce", nonce)
        .with("x-acs-content-sha256", &body);
    if let Some(token) = &key.token {
        draft = draft.with("x-acs-accesskey-id", &key.id).with("x-acs-security-token", token);
    }
    let (names, lines) = draft.canonical_headers();
    let query = draft.canonical_query();
    let canonical = format!("{}\n/\n{query}\n{lines}\n{names}\n{body}", draft.method);
    let text = format!("ACS3-HMAC-SHA256\n{}", hash(canonical));
    let (id, signature) = (&key.id, hex(mac(&key.secret, &text)));
    let authorization =
        format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={names},Signature={signature}");
    draft.with("authorization", &authorization)
}

/// V1 of Alibaba Cloud: the signature is added to the query; `sha256` is the method that no page has.
pub(crate) fn rpc(draft: Draft, key: &Key, moment: &str, nonce: &str, sha256: bool) -> Draft {
    let method = if sha256 { "HMAC-SHA256" } else { "HMAC-SHA1" };
    let mut own = vec![
        ("AccessKeyId", key.id.as_str()),
        ("SignatureMethod", method),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", nonce),
        ("Timestamp", moment),
    ];
    own.extend(key.token.as_deref().map(|token| ("SecurityToken", token)));
    let own: Vec<_> =
        own.into_iter().map(|(name, value)| (encode(name.as_bytes()), encode(value.as_bytes()))).collect();
    let mut draft = draft;
    let separator = if draft.target.contains('?') { '&' } else { '?' };
    draft.target = format!("{}{separator}{}", draft.target, join(&own));
    let mut all = pairs(draft.parts().1);
    if draft.header("content-type").starts_with("application/x-www-form-urlencoded") {
        all.extend(pairs(std::str::from_utf8(&draft.body).expect("a form is text")));
    }
    all.sort();
    let text = format!("{}&%2F&{}", draft.method, encode(join(&all).as_bytes()));
    let secret = format!("{}&", key.secret);
    let signature = match sha256 {
        true => STANDARD.encode(mac(&secret, &text)),
        false => {
            let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("any key");
            mac.update(text.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        }
    };
    draft.target = format!("{}&Signature={}", draft.target, encode(signature.as_bytes()));
    draft
}

/// Huawei Cloud: at `moment`, `20260102T030405Z`; all headers are signed. With a scope, `region/service`, the key is
/// derived.
pub(crate) fn huawei(draft: Draft, key: &Key, moment: &str, scope: Option<&str>) -> Draft {
    let mut draft = draft.with("x-sdk-date", moment);
    if let Some(token) = &key.token {
        draft = draft.with("x-security-token", token);
    }
    let (names, lines) = draft.canonical_headers();
    let (path, _) = draft.parts();
    let mut path: Vec<_> = path.split('/').map(|segment| encode(&decode(segment))).collect();
    if path.last().is_some_and(|last| !last.is_empty()) {
        path.push(String::new());
    }
    let (path, query, body) = (path.join("/"), draft.canonical_query(), hash(&draft.body));
    let canonical = hash(format!("{}\n{path}\n{query}\n{lines}\n{names}\n{body}", draft.method));
    let id = &key.id;
    let (algorithm, credential, text, secret) = match scope {
        None => {
            let text = format!("SDK-HMAC-SHA256\n{moment}\n{canonical}");
            ("SDK-HMAC-SHA256", format!("Access={id}"), text, key.secret.clone())
        }
        Some(scope) => {
            let info = format!("{}/{scope}", &moment[..8]);
            let text = format!("V11-HMAC-SHA256\n{moment}\n{info}\n{canonical}");
            let derived = hex(mac(mac(id, &key.secret), &format!("{info}\u{1}")));
            ("V11-HMAC-SHA256", format!("Credential={id}/{info}"), text, derived)
        }
    };
    let signature = hex(mac(secret, &text));
    let authorization = format!("{algorithm} {credential}, SignedHeaders={names}, Signature={signature}");
    draft.with("authorization", &authorization)
}
