//! Signatures with an access key: `SDK-HMAC-SHA256`, and `V11-HMAC-SHA256`, whose key is derived.
//! <https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html>

use std::borrow::Cow;

use crate::api::canonical::{self, Canonical, Reading, Secrets, hex, hmac_sha256};
use crate::api::signature::{fields, is_hmac, near, value};
use crate::api::{Request, Signed, date};
use crate::domain::{Credential, Error, Result, Shown, Timestamp};

/// The algorithm that all SDKs use when not told otherwise.
pub const DIRECT: &str = "SDK-HMAC-SHA256";
/// The algorithm whose key is derived from the secret, a day, a Region and a service.
pub const DERIVED: &str = "V11-HMAC-SHA256";

/// How far the moment of signing may be from now, in milliseconds. doc: fifteen minutes.
pub const TOLERANCE: i64 = 15 * 60 * 1000;

/// What stands for the hash of a body that is not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The header `Authorization`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The id of the access key.
    pub key: &'a str,
    /// Where the key is derived, for what: `day/region/service`.
    pub scope: Option<&'a str>,
    /// The names of the signed headers, separated by semicolons.
    pub signed_headers: &'a str,
    /// The signature.
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Takes the header apart.
    ///
    /// # Errors
    /// `ForeignToken` when it is none of a key, `Algorithm` when it is of another algorithm, `Incomplete` when a field
    /// is missing, or there twice.
    pub fn parse(header: &'a str) -> std::result::Result<Self, Credential> {
        let (algorithm, list) = header.split_once(' ').unwrap_or((header, ""));
        let fields = fields(list).unwrap_or_default();
        let (key, scope) = match algorithm {
            DIRECT => (value(&fields, "Access"), None),
            DERIVED => match value(&fields, "Credential").map(|credential| credential.split_once('/')) {
                Some(Some((key, scope))) if scope.split('/').count() == 3 => (Some(key), Some(scope)),
                Some(_) | None => (None, None),
            },
            algorithm if algorithm.starts_with("SDK-") || algorithm.starts_with("V11-") => {
                return Err(Credential::Algorithm(algorithm.to_owned()));
            }
            // observed: whatever is no signature is taken for a token.
            _ => return Err(Credential::ForeignToken),
        };
        // observed, of a sibling error. inferred: that it is so here.
        let no_key = || Credential::Incomplete("Access or Credential is empty in Authorization".to_owned());
        // inferred: what cannot be verified fails verification.
        let incomplete = || Credential::Incomplete("verify aksk signature fail".to_owned());
        Ok(Self {
            key: key.filter(|key| !key.is_empty()).ok_or_else(no_key)?,
            scope,
            signed_headers: value(&fields, "SignedHeaders").ok_or_else(incomplete)?,
            signature: value(&fields, "Signature").ok_or_else(incomplete)?,
        })
    }
}

/// A signed request.
pub struct Aksk<'a> {
    authorization: Authorization<'a>,
    token: Option<&'a str>,
    moment: &'a str,
    signed: Timestamp,
    /// What may have been signed: the first is what should have been.
    canonical: Vec<Canonical<'a>>,
}

/// Takes a signed request apart, and refuses what need not be compared with a key.
///
/// # Errors
/// `Unauthenticated`.
pub fn read(request: &Request) -> Result<Aksk<'_>> {
    parts(request).map_err(Error::Unauthenticated)
}

fn parts(request: &Request) -> std::result::Result<Aksk<'_>, Credential> {
    let text = request.filled("authorization").ok_or(Credential::Absent)?;
    let authorization = Authorization::parse(text)?;
    let moment = request.filled("x-sdk-date").unwrap_or_default();
    let signed = date::parse_basic(moment).ok_or_else(|| Credential::NoMoment(moment.to_owned()))?;
    // inferred: a list that nobody would sign.
    let names = canonical::names(authorization.signed_headers).ok_or_else(|| {
        Credential::Misdirected("a signed header is listed twice, or too many are".to_owned())
    })?;
    // doc: this one must be signed; clients differ in all others.
    if !canonical::has(&names, "x-sdk-date") {
        return Err(Credential::Misdirected("x-sdk-date is not signed".to_owned()));
    }
    // inferred: the day that the key is derived for is that of the request.
    if authorization.scope.is_some_and(|scope| scope.split('/').next() != moment.split('T').next()) {
        return Err(Credential::Misdirected("the key is derived for another day".to_owned()));
    }
    let query = request.parts.uri.query().unwrap_or_default();
    let canonical = |payload| Canonical {
        method: request.parts.method.as_str(),
        path: path(request.parts.uri.path()),
        query: canonical::query(query, Reading::Form),
        headers: headers(request, &names),
        names: authorization.signed_headers,
        payload,
    };
    let canonical = payloads(request).into_iter().map(canonical).collect();
    Ok(Aksk { authorization, token: request.present("x-security-token"), moment, signed, canonical })
}

/// What may stand for the body. doc: `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD` leaves it out. sdk: for what is not JSON;
/// of an empty body, some sign the hash all the same. inferred: any other hash than the body's is none, but for an empty
/// body, of which it does not matter.
fn payloads(request: &Request) -> Vec<Cow<'_, str>> {
    let hash = canonical::sha256(&request.body);
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let signed_type = ["application/json", "application/bson"];
    let may_be_left_out =
        !content_type.is_empty() && !signed_type.iter().any(|signed| content_type.starts_with(signed));
    let own: Cow<'_, str> = hash.clone().into();
    match request.header("x-sdk-content-sha256") {
        Some(UNSIGNED) if may_be_left_out && request.body.is_empty() => vec![UNSIGNED.into(), own],
        Some(UNSIGNED) if may_be_left_out => vec![UNSIGNED.into()],
        Some(given) if given != UNSIGNED && given != hash && !request.body.is_empty() => Vec::new(),
        Some(_) | None => vec![own],
    }
}

/// The path, decoded and encoded again, with a slash at its end.
fn path(path: &str) -> String {
    let decoded = canonical::decode(path.as_bytes());
    let segments: Vec<_> = decoded.split(|c| *c == b'/').map(canonical::encode).collect();
    let path = segments.join("/");
    if path.ends_with('/') { path } else { format!("{path}/") }
}

/// The signed headers, a line a value. sdk: one that is not there has none.
fn headers<'a>(request: &Request, names: &[&'a str]) -> Vec<(&'a str, Vec<u8>)> {
    let mut headers = Vec::new();
    for name in names {
        let mut values = canonical::values(&request.parts.headers, name);
        values.sort_unstable();
        headers.extend(values.into_iter().map(|value| (*name, value.to_vec())));
    }
    headers
}

impl Aksk<'_> {
    fn to_sign(&self, canonical: &Canonical<'_>) -> String {
        let (moment, hash) = (self.moment, canonical.hash());
        match self.authorization.scope {
            None => format!("{DIRECT}\n{moment}\n{hash}"),
            Some(scope) => format!("{DERIVED}\n{moment}\n{scope}\n{hash}"),
        }
    }

    /// The key with which is signed: the secret, or what HKDF-SHA256 derives from it, in digits.
    fn signing_key(&self, secret: &str) -> String {
        match self.authorization.scope {
            None => secret.to_owned(),
            Some(scope) => {
                let extracted = hmac_sha256(self.authorization.key.as_bytes(), secret.as_bytes());
                hex(&hmac_sha256(&extracted, &[scope.as_bytes(), &[1]].concat()))
            }
        }
    }

    fn is_signature_of(&self, canonical: &Canonical<'_>, key: &str) -> bool {
        is_hmac(self.authorization.signature, key.as_bytes(), &self.to_sign(canonical))
    }
}

impl Signed for Aksk<'_> {
    fn key(&self) -> &str {
        self.authorization.key
    }

    fn token(&self) -> Option<&str> {
        self.token
    }

    fn timely(&self, now: Timestamp) -> Result<()> {
        near(self.signed, now, TOLERANCE)
    }

    fn matches(&self, secret: &str) -> bool {
        let key = self.signing_key(secret);
        self.canonical.iter().any(|canonical| self.is_signature_of(canonical, &key))
    }

    fn slip(&self, secret: &str) -> Option<&'static str> {
        let key = self.signing_key(secret);
        let Some(canonical) = self.canonical.first() else {
            return Some("X-Sdk-Content-Sha256 is not the hash of the body");
        };
        let path = canonical.path.trim_end_matches('/').to_owned();
        let unsigned = Canonical { payload: UNSIGNED.into(), ..canonical.clone() };
        let more = vec![
            ("the path lacks the slash at its end", Canonical { path, ..canonical.clone() }),
            ("the body was left out, which it may not be", unsigned),
        ];
        canonical.slip(more, |slip| self.is_signature_of(slip, &key))
    }

    fn shown(&self, secrets: Secrets) -> Shown {
        match self.canonical.first() {
            Some(canonical) => {
                Shown { canonical: canonical.shown(secrets), to_sign: self.to_sign(canonical) }
            }
            None => Shown { canonical: String::new(), to_sign: String::new() },
        }
    }
}
