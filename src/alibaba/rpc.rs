//! V1 of the protocol: a signature among the parameters.
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism>
//!
//! inferred: the order of the checks, that of the list of parameters with the moment of signing last.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::wire::{Message, invalid, missing, remembered, timely};
use crate::api::canonical::{self, Reading, Secrets, hmac_sha256};
use crate::api::{Request, Signed};
use crate::domain::access_key::same;
use crate::domain::{Credential, Error, Result, Rule, Shown, Timestamp};

/// With what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// HMAC-SHA1.
    Sha1,
    /// HMAC-SHA256. inferred: no page has it, but clients do.
    Sha256,
}

impl Method {
    /// The method that requests call `name`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "HMAC-SHA1" => Some(Self::Sha1),
            "HMAC-SHA256" => Some(Self::Sha256),
            _ => None,
        }
    }

    /// The signature of a text.
    pub fn sign(self, key: &[u8], text: &[u8]) -> String {
        match self {
            Self::Sha1 => {
                let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("a key of any length will do");
                mac.update(text);
                STANDARD.encode(mac.finalize().into_bytes())
            }
            Self::Sha256 => STANDARD.encode(hmac_sha256(key, text)),
        }
    }
}

/// A signed request.
pub struct Rpc<'a> {
    request: &'a Request,
    message: &'a Message,
    key: &'a str,
    signature: &'a str,
    method: Method,
    nonce: &'a str,
    signed: Timestamp,
}

/// Takes a signed request apart, and refuses what need not be compared with a key.
///
/// # Errors
/// `Unauthenticated`, or `Invalid` for what is missing.
pub fn read<'a>(request: &'a Request, message: &'a Message, now: Timestamp) -> Result<Rpc<'a>> {
    let find = |name: &str| message.find(name).ok_or_else(|| missing(name));
    if message.find("SignatureType").is_some() || message.find("BearerToken").is_some() {
        return Err(Error::Unauthenticated(Credential::ForeignToken));
    }
    // These may be named in headers too, which are not signed.
    find("Action")?;
    find("Version")?;
    let key = find("AccessKeyId")?;
    let signature = find("Signature")?;
    let method = find("SignatureMethod")?;
    let version = find("SignatureVersion")?;
    let nonce = find("SignatureNonce")?;
    let timestamp = find("Timestamp")?;
    let method = Method::parse(method)
        .ok_or_else(|| Error::Unauthenticated(Credential::Algorithm(method.to_owned())))?;
    if version != "1.0" {
        return Err(invalid("SignatureVersion", Some(version.to_owned()), Rule::OneOf(&["1.0"])));
    }
    let signed = timely(timestamp, now)?;
    Ok(Rpc { request, message, key, signature, method, nonce, signed })
}

/// The parameters in one text, as in a query.
fn joined(params: &[(String, String)]) -> String {
    let pairs: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The text that is signed: the method, the path, and the parameters, encoded once more.
pub fn to_sign(method: &str, params: &[(String, String)]) -> String {
    format!("{method}&%2F&{}", canonical::encode(joined(params).as_bytes()))
}

impl Rpc<'_> {
    /// The parameters, encoded and in order. Not before the key is known: they can be many.
    fn params(&self) -> Vec<(String, String)> {
        canonical::sorted(self.message.pairs.iter().filter(|(name, _)| name != b"Signature").collect())
    }

    fn is_signature_of(&self, method: &str, params: &[(String, String)], hash: Method, key: &str) -> bool {
        same(&hash.sign(key.as_bytes(), to_sign(method, params).as_bytes()), self.signature)
    }
}

impl Signed for Rpc<'_> {
    fn key(&self) -> &str {
        self.key
    }

    fn token(&self) -> Option<&str> {
        self.message.find("SecurityToken")
    }

    fn nonce(&self) -> Option<(&str, Timestamp)> {
        Some((self.nonce, remembered(self.signed)))
    }

    fn matches(&self, secret: &str) -> bool {
        let method = self.request.parts.method.as_str();
        self.is_signature_of(method, &self.params(), self.method, &format!("{secret}&"))
    }

    fn slip(&self, secret: &str) -> Option<&'static str> {
        let (key, params) = (format!("{secret}&"), self.params());
        let method = self.request.parts.method.as_str();
        let (other_method, other_hash) = match (method, self.method) {
            ("GET", Method::Sha1) => ("POST", Method::Sha256),
            ("GET", Method::Sha256) => ("POST", Method::Sha1),
            (_, Method::Sha1) => ("GET", Method::Sha256),
            (_, Method::Sha256) => ("GET", Method::Sha1),
        };
        let query = self.request.parts.uri.query().unwrap_or_default();
        let mut in_query = canonical::query(query, Reading::Form);
        in_query.retain(|(name, _)| name != "Signature");
        let plus: Vec<_> =
            params.iter().map(|(name, value)| (name.clone(), value.replace("%20", "%2B"))).collect();
        let slips = [
            ("the secret lacks the & at its end", method, &params, self.method, secret),
            ("the method was taken for another one", other_method, &params, self.method, &*key),
            ("the hash is not that of SignatureMethod", method, &params, other_hash, &key),
            ("the parameters of the form were left out", method, &in_query, self.method, &key),
            ("spaces were encoded as +, not as %20", method, &plus, self.method, &key),
        ];
        let mut slips = slips.into_iter();
        let slip =
            slips.find(|(_, method, params, hash, key)| self.is_signature_of(method, params, *hash, key));
        slip.map(|(slip, ..)| slip)
    }

    fn shown(&self, secrets: Secrets) -> Shown {
        let show = |(name, value): &(String, String)| {
            let shown = secrets.show(name, value.as_bytes());
            (name.clone(), String::from_utf8_lossy(shown).into_owned())
        };
        let params: Vec<_> = self.params().iter().map(show).collect();
        let to_sign = to_sign(self.request.parts.method.as_str(), &params);
        Shown { canonical: joined(&params), to_sign }
    }
}
