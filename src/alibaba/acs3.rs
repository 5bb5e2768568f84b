//! V3 of the protocol: a signature in the header `Authorization`.
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>
//!
//! inferred: the order of the checks; that what is not there is missed before what is there is looked at.

use std::borrow::Cow;

use super::wire::{Message, missing, remembered, timely};
use crate::api::canonical::{self, Canonical, Reading, Secrets};
use crate::api::signature::{fields, is_hmac, value};
use crate::api::{Request, Signed};
use crate::domain::{Credential, Error, Result, Shown, Timestamp};

/// The algorithm, as requests name it.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The header `Authorization`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The algorithm.
    pub algorithm: &'a str,
    /// The id of the access key.
    pub key: &'a str,
    /// The names of the signed headers, separated by semicolons.
    pub signed_headers: &'a str,
    /// The signature, if there is one.
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Takes the header apart.
    ///
    /// # Errors
    /// `Incomplete` when it is not of the protocol, or a field is missing or there twice.
    pub fn parse(header: &'a str) -> std::result::Result<Self, Credential> {
        let incomplete = || Credential::Incomplete("Authorization".to_owned());
        let (algorithm, list) = header.split_once(' ').ok_or_else(incomplete)?;
        let fields = fields(list).ok_or_else(incomplete)?;
        if !algorithm.starts_with("ACS3-") {
            return Err(incomplete());
        }
        Ok(Self {
            algorithm,
            key: value(&fields, "Credential").ok_or_else(incomplete)?,
            signed_headers: value(&fields, "SignedHeaders").ok_or_else(incomplete)?,
            signature: value(&fields, "Signature").ok_or_else(incomplete)?,
        })
    }
}

/// A signed request.
pub struct Acs3<'a> {
    authorization: Authorization<'a>,
    token: Option<&'a str>,
    nonce: Option<&'a str>,
    signed: Timestamp,
    canonical: Canonical<'a>,
    /// Whether `x-acs-content-sha256` is the hash of the body.
    hashed: bool,
}

/// The headers that the door reads.
const ONCE: &[&str] = &[
    "authorization",
    "host",
    "content-type",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
    "x-acs-accesskey-id",
    "x-acs-security-token",
    "x-acs-region-id",
];

/// Takes a signed request apart, and refuses what need not be compared with a key.
///
/// # Errors
/// `Unauthenticated`, or `Invalid` for what is missing.
pub fn read<'a>(request: &'a Request, message: &Message, now: Timestamp) -> Result<Acs3<'a>> {
    if request.present("x-acs-bearer-token").is_some()
        || request.present("x-acs-signature-type").is_some()
        || message.find("SignatureType").is_some()
    {
        return Err(Error::Unauthenticated(Credential::ForeignToken));
    }
    let text = request.filled("authorization").ok_or_else(|| missing("AccessKeyId"))?;
    let authorization = Authorization::parse(text).map_err(Error::Unauthenticated)?;
    if authorization.key.is_empty() {
        return Err(missing("AccessKeyId"));
    }
    if authorization.algorithm != ALGORITHM {
        let algorithm = authorization.algorithm.to_owned();
        return Err(Error::Unauthenticated(Credential::Algorithm(algorithm)));
    }
    let date = request.filled("x-acs-date").ok_or_else(|| missing("x-acs-date"))?;
    let hash = request.filled("x-acs-content-sha256").ok_or_else(|| missing("x-acs-content-sha256"))?;
    let signed = timely(date, now)?;
    let names = canonical::names(authorization.signed_headers)
        .ok_or_else(|| Error::Unauthenticated(Credential::Incomplete("SignedHeaders".to_owned())))?;
    if let Some(name) = unsigned(request, &names) {
        return Err(Error::Unauthenticated(Credential::Misdirected(format!("{name} is not signed"))));
    }
    // inferred: values of one header are signed in their own order, so that of these, of which the first is read,
    // there must not be two.
    let twice = |name: &&&str| request.parts.headers.get_all(**name).iter().count() > 1;
    if let Some(name) = ONCE.iter().find(twice) {
        return Err(Error::Unauthenticated(Credential::Misdirected(format!("{name} is there twice"))));
    }
    // inferred: a nonce that is no text is none, and not the same as none at all, which is let pass.
    let (nonce, nonce_header) = (request.filled("x-acs-signature-nonce"), "x-acs-signature-nonce");
    if nonce.is_none() && request.parts.headers.contains_key(nonce_header) {
        let what = format!("{nonce_header} is no text");
        return Err(Error::Unauthenticated(Credential::Misdirected(what)));
    }
    let query = request.parts.uri.query().unwrap_or_default();
    let canonical = Canonical {
        method: request.parts.method.as_str(),
        path: request.parts.uri.path().to_owned(),
        query: canonical::query(query, Reading::Form),
        headers: headers(request, &names),
        names: authorization.signed_headers,
        payload: Cow::Owned(canonical::sha256(&request.body)),
    };
    let hashed = hash == canonical.payload;
    let token = request.present("x-acs-security-token");
    Ok(Acs3 { authorization, token, nonce, signed, canonical, hashed })
}

/// The first header that must be signed and is not. doc: `host`, `content-type` and all `x-acs-*`. inferred: the
/// content type of no content is let pass, as HTTP libraries add it after the signature.
fn unsigned<'a>(request: &'a Request, signed: &[&str]) -> Option<&'a str> {
    let is_signed = |name: &str| canonical::has(signed, name);
    let mut names = request.parts.headers.keys().map(http::HeaderName::as_str);
    names.find(|name| {
        let must = *name == "host"
            || name.starts_with("x-acs-")
            || (*name == "content-type" && !request.body.is_empty());
        must && !is_signed(name)
    })
}

/// The signed headers. doc: several values of one are sorted, and joined by commas.
fn headers<'a>(request: &Request, names: &[&'a str]) -> Vec<(&'a str, Vec<u8>)> {
    let value = |name: &str| {
        let mut values = canonical::values(&request.parts.headers, name);
        values.sort_unstable();
        values.join(&b',')
    };
    names.iter().map(|name| (*name, value(name))).collect()
}

fn to_sign(canonical: &Canonical<'_>) -> String {
    format!("{ALGORITHM}\n{}", canonical.hash())
}

impl Acs3<'_> {
    fn is_signature_of(&self, canonical: &Canonical<'_>, secret: &str) -> bool {
        is_hmac(self.authorization.signature, secret.as_bytes(), &to_sign(canonical))
    }
}

impl Signed for Acs3<'_> {
    fn key(&self) -> &str {
        self.authorization.key
    }

    fn token(&self) -> Option<&str> {
        self.token
    }

    fn nonce(&self) -> Option<(&str, Timestamp)> {
        self.nonce.map(|nonce| (nonce, remembered(self.signed)))
    }

    fn matches(&self, secret: &str) -> bool {
        self.hashed && self.is_signature_of(&self.canonical, secret)
    }

    fn slip(&self, secret: &str) -> Option<&'static str> {
        if !self.hashed {
            return Some("x-acs-content-sha256 is not the hash of the body");
        }
        if self.is_signature_of(&self.canonical, &format!("{secret}&")) {
            return Some("the secret has the & at its end that only the older protocol has");
        }
        self.canonical.slip(Vec::new(), |slip| self.is_signature_of(slip, secret))
    }

    fn shown(&self, secrets: Secrets) -> Shown {
        Shown { canonical: self.canonical.shown(secrets), to_sign: to_sign(&self.canonical) }
    }
}
