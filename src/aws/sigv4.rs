//! Signature Version 4: what is signed, and how.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
//!
//! The order of the checks is observed of a sibling service: both places, none, form, parts, date, age, host, headers,
//! algorithm, scope; then the key. inferred: the session token before the signature, of which it is observed that it is
//! the last.

use std::borrow::Cow;

use super::arn;
use super::query::{self, Query};
use crate::api::canonical::{self, Canonical, Reading, Secrets, hmac_sha256};
use crate::api::signature::{is_hmac, near};
use crate::api::{Request, Signed, date};
use crate::domain::{Credential, Error, Result, Shown, Timestamp};

/// The algorithm, as requests name it.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How far the moment of signing may be from now, in milliseconds. doc: "within five minutes". inferred: that it is
/// so for this service; others take fifteen.
pub const TOLERANCE: i64 = 5 * 60 * 1000;

/// The same for a service in the query protocol. observed.
pub const QUERY_TOLERANCE: i64 = 15 * 60 * 1000;

const TERMINATOR: &str = "aws4_request";

/// The header `Authorization`, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The algorithm.
    pub algorithm: &'a str,
    /// `key/date/region/service/terminator`.
    pub credential: Option<&'a str>,
    /// The names of the signed headers, separated by semicolons.
    pub signed_headers: Option<&'a str>,
    /// The signature.
    pub signature: Option<&'a str>,
}

impl<'a> Authorization<'a> {
    /// Takes the header apart. Parts without a value are not there.
    ///
    /// # Errors
    /// `Incomplete` when one of the parts has no equal sign.
    pub fn parse(header: &'a str) -> std::result::Result<Self, Credential> {
        let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
        let mut parts = Self { algorithm, ..Self::default() };
        for part in rest.split([',', ' ']).filter(|part| !part.is_empty()) {
            let Some((name, value)) = part.split_once('=') else {
                // observed.
                return Err(Credential::Incomplete(format!(
                    "'{part}' not a valid key=value pair (missing equal-sign) in Authorization header: '{header}'."
                )));
            };
            let value = Some(value).filter(|value| !value.is_empty());
            // inferred: of several the first counts, and what else there is does not matter.
            match name {
                "Credential" => parts.credential = parts.credential.or(value),
                "SignedHeaders" => parts.signed_headers = parts.signed_headers.or(value),
                "Signature" => parts.signature = parts.signature.or(value),
                _ => {}
            }
        }
        Ok(parts)
    }
}

/// For what a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The id of the access key.
    pub key: &'a str,
    /// The day, as `YYYYMMDD`.
    pub date: &'a str,
    /// The Region.
    pub region: &'a str,
    /// The service, by the name that signatures have for it.
    pub service: &'a str,
    /// `aws4_request`.
    pub terminator: &'a str,
}

impl<'a> Scope<'a> {
    /// Takes a credential apart.
    ///
    /// # Errors
    /// `Incomplete` when it has not five elements.
    pub fn parse(credential: &'a str) -> std::result::Result<Self, Credential> {
        match credential.split('/').collect::<Vec<_>>()[..] {
            [key, date, region, service, terminator] => Ok(Self { key, date, region, service, terminator }),
            // observed.
            _ => Err(Credential::Incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            ))),
        }
    }

    /// What is wrong with it, for this service, at an endpoint of this Region if it is known, on this day. All that
    /// is, in one message. observed: the sentences, their order, and that they come together.
    fn faults(&self, service: &str, region: Option<&str>, moment: &str) -> String {
        let mut faults = Vec::new();
        if region.map_or(!arn::is_region(self.region), |region| region != self.region) {
            let region = self.region;
            faults.push(format!("Credential should be scoped to a valid region, not '{region}'."));
        }
        if self.service != service {
            faults.push(format!("Credential should be scoped to correct service: '{service}'."));
        }
        if self.terminator != TERMINATOR {
            faults.push(format!(
                "Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{}'.",
                self.terminator
            ));
        }
        let day = moment.split('T').next().unwrap_or_default();
        if self.date != day {
            faults.push(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{}' != '{day}', from '{moment}'.",
                self.date
            ));
        }
        faults.join(" ")
    }

    /// The key with which this is signed.
    fn signing_key(&self, secret: &str) -> [u8; 32] {
        let date = hmac_sha256(format!("AWS4{secret}").as_bytes(), self.date.as_bytes());
        let region = hmac_sha256(&date, self.region.as_bytes());
        let service = hmac_sha256(&region, self.service.as_bytes());
        hmac_sha256(&service, self.terminator.as_bytes())
    }
}

/// A signed request.
pub struct SigV4<'a> {
    scope: Scope<'a>,
    token: Option<&'a str>,
    /// The moment of signing, in the basic format.
    moment: String,
    signature: &'a str,
    canonical: Canonical<'a>,
}

/// Takes a signed request apart, and refuses what need not be compared with a key.
///
/// # Errors
/// `Unauthenticated`.
pub fn read<'a>(request: &'a Request, service: &str, now: Timestamp) -> Result<SigV4<'a>> {
    let refused = Error::Unauthenticated;
    let query = request.parts.uri.query().unwrap_or_default();
    let in_query = query.split('&').any(|pair| pair.split('=').next() == Some("X-Amz-Algorithm"));
    let Some(header) = request.filled("authorization") else {
        // inferred: credentials in the query, which no client of this service sends, are none.
        return Err(refused(Credential::Absent));
    };
    if in_query {
        return Err(refused(Credential::Misdirected(
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
                .to_owned(),
        )));
    }
    let authorization = Authorization::parse(header).map_err(refused)?;
    let (date_name, date_value) = match request.header("x-amz-date") {
        Some(value) => ("x-amz-date", Some(value)),
        None => ("date", request.header("date")),
    };
    let (Some(credential), Some(signature), Some(names), Some(date_value)) =
        (authorization.credential, authorization.signature, authorization.signed_headers, date_value)
    else {
        return Err(refused(missing(&authorization, date_value.is_some(), header)));
    };
    let signed =
        moment(date_name, date_value).ok_or_else(|| refused(Credential::NoMoment(date_value.to_owned())))?;
    near(signed, now, if service == query::SERVICE { QUERY_TOLERANCE } else { TOLERANCE })?;
    // inferred: a list that nobody would sign.
    let list = canonical::names(names).ok_or_else(|| {
        refused(Credential::Incomplete("SignedHeaders has a name twice, or too many names.".to_owned()))
    })?;
    unsigned(request, &list, date_name).map_or(Ok(()), |credential| Err(refused(credential)))?;
    if authorization.algorithm != ALGORITHM {
        return Err(refused(Credential::Algorithm(authorization.algorithm.to_owned())));
    }
    let scope = Scope::parse(credential).map_err(refused)?;
    let moment = date::basic(signed);
    let faults = scope.faults(service, endpoint_region(request), &moment);
    if !faults.is_empty() {
        return Err(refused(Credential::Misdirected(faults)));
    }
    let canonical = Canonical {
        method: request.parts.method.as_str(),
        path: path(request.parts.uri.path()),
        query: canonical::query(query, Reading::Literal),
        headers: headers(request, &list),
        names,
        payload: Cow::Owned(canonical::sha256(&request.body)),
    };
    let token = request.present("x-amz-security-token");
    Ok(SigV4 { scope, token, moment, signature, canonical })
}

/// Takes a presigned request apart, which has all this in its query: only the service in the query protocol takes one.
///
/// # Errors
/// `Unauthenticated`.
pub fn presigned<'a>(
    request: &'a Request,
    parameters: &'a Query,
    service: &str,
    now: Timestamp,
) -> Result<SigV4<'a>> {
    let refused = Error::Unauthenticated;
    let find = |name: &str| parameters.find(name).filter(|value| !value.is_empty());
    if find("X-Amz-Algorithm") != Some(ALGORITHM) {
        return Err(refused(Credential::Absent));
    }
    let need = |name: &str| {
        // observed.
        find(name).ok_or_else(|| {
            refused(Credential::Incomplete(format!(
                "AWS query-string parameters must include '{name}'. Re-examine the query-string parameters."
            )))
        })
    };
    let (signature, names) = (need("X-Amz-Signature")?, need("X-Amz-SignedHeaders")?);
    let (credential, date) = (need("X-Amz-Credential")?, need("X-Amz-Date")?);
    let signed = date::parse_basic(date).ok_or_else(|| refused(Credential::NoMoment(date.to_owned())))?;
    // observed: whatever `X-Amz-Expires` says.
    near(signed, now, QUERY_TOLERANCE)?;
    let list = canonical::names(names).ok_or_else(|| {
        refused(Credential::Incomplete("SignedHeaders has a name twice, or too many names.".to_owned()))
    })?;
    unsigned(request, &list, "host").map_or(Ok(()), |credential| Err(refused(credential)))?;
    let scope = Scope::parse(credential).map_err(refused)?;
    let moment = date::basic(signed);
    let faults = scope.faults(service, endpoint_region(request), &moment);
    if !faults.is_empty() {
        return Err(refused(Credential::Misdirected(faults)));
    }
    let query = request.parts.uri.query().unwrap_or_default();
    let others: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("X-Amz-Signature=")).collect();
    let canonical = Canonical {
        method: request.parts.method.as_str(),
        path: path(request.parts.uri.path()),
        query: canonical::query(&others.join("&"), Reading::Literal),
        headers: headers(request, &list),
        names,
        payload: Cow::Owned(canonical::sha256(&request.body)),
    };
    Ok(SigV4 { scope, token: find("X-Amz-Security-Token"), moment, signature, canonical })
}

/// The parts that are missing, in one message. observed.
fn missing(authorization: &Authorization<'_>, dated: bool, header: &str) -> Credential {
    let mut message = String::new();
    for (part, name) in [
        (authorization.credential, "Credential"),
        (authorization.signature, "Signature"),
        (authorization.signed_headers, "SignedHeaders"),
    ] {
        if part.is_none() {
            message.push_str(&format!("Authorization header requires '{name}' parameter. "));
        }
    }
    if !dated {
        message.push_str(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
        );
    }
    message.push_str(&format!("Authorization={header}"));
    Credential::Incomplete(message)
}

/// The moment of signing. A header `Date` may also be in the format of HTTP.
fn moment(name: &str, value: &str) -> Option<Timestamp> {
    date::parse_basic(value).or_else(|| if name == "date" { date::parse_http(value) } else { None })
}

/// The first header that must be signed and is not.
fn unsigned(request: &Request, signed: &[&str], date_name: &str) -> Option<Credential> {
    let is_signed = |name: &str| canonical::has(signed, name);
    let message = if !is_signed("host") {
        // observed.
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned()
    } else {
        // doc: x-amz-* headers, and the date, are to be signed. inferred: that it is refused, and the message.
        let names = request.parts.headers.keys().map(http::HeaderName::as_str);
        let mut must = names.filter(|name| name.starts_with("x-amz-") || *name == date_name);
        let name = must.find(|name| !is_signed(name))?;
        format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    };
    Some(Credential::Misdirected(message))
}

/// The Region of the endpoint that was called, where its name has one: `sso.<region>.<suffix>`.
fn endpoint_region(request: &Request) -> Option<&str> {
    let host = request.header("host")?;
    let host = host.split(':').next().unwrap_or_default();
    let (_, rest) = host.split_once('.')?;
    let (region, suffix) = rest.split_once('.')?;
    matches!(suffix, "amazonaws.com" | "amazonaws.com.cn" | "api.aws").then_some(region)
}

/// The path without `.`, `..` and empty segments, each segment encoded: once more than it was sent.
fn path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(canonical::encode(segment.as_bytes())),
        }
    }
    let slash = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{slash}", segments.join("/"))
}

/// The signed headers: several of one name joined by commas, runs of spaces in their values made one. One that is not
/// there has an empty value.
fn headers<'a>(request: &Request, names: &[&'a str]) -> Vec<(&'a str, Vec<u8>)> {
    let value = |name: &str| {
        let mut value = canonical::values(&request.parts.headers, name).join(&b',');
        value.dedup_by(|next, before| *next == b' ' && *before == b' ');
        value
    };
    names.iter().map(|name| (*name, value(name))).collect()
}

impl SigV4<'_> {
    fn to_sign(&self, canonical: &Canonical<'_>) -> String {
        let Scope { date, region, service, terminator, .. } = self.scope;
        let (moment, hash) = (&self.moment, canonical.hash());
        format!("{ALGORITHM}\n{moment}\n{date}/{region}/{service}/{terminator}\n{hash}")
    }

    fn is_signature_of(&self, canonical: &Canonical<'_>, key: &[u8; 32]) -> bool {
        is_hmac(self.signature, key, &self.to_sign(canonical))
    }
}

impl Signed for SigV4<'_> {
    fn key(&self) -> &str {
        self.scope.key
    }

    fn token(&self) -> Option<&str> {
        self.token
    }

    fn region(&self) -> Option<&str> {
        Some(self.scope.region)
    }

    fn matches(&self, secret: &str) -> bool {
        self.is_signature_of(&self.canonical, &self.scope.signing_key(secret))
    }

    fn slip(&self, secret: &str) -> Option<&'static str> {
        let key = self.scope.signing_key(secret);
        let once = Canonical { path: self.canonical.path.replace("%25", "%"), ..self.canonical.clone() };
        let more = vec![("the path was encoded once, not twice", once)];
        self.canonical.slip(more, |slip| self.is_signature_of(slip, &key))
    }

    fn shown(&self, secrets: Secrets) -> Shown {
        Shown { canonical: self.canonical.shown(secrets), to_sign: self.to_sign(&self.canonical) }
    }
}
