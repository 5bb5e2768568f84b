//! awsJson 1.1 and the credentials of SigV4, as IAM Identity Center speaks them, and the query protocol beside it.
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use axum::body::Body;
use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::query::{self, Query};
use super::{DEFAULT_ACCOUNT, DEFAULT_REGION, PROVIDER, TABLE, arn, sigv4, words};
use crate::api::params::pairs;
use crate::api::signature::field;
use crate::api::{Call, Claim, Entry, Params, Request, Signed, Table, Wire};
use crate::domain::account::Stranger;
use crate::domain::{Error, Provider, Result, Timestamp};

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The AWS door.
pub struct Aws;

impl Wire for Aws {
    type Message = Claimed;

    const PROVIDER: Provider = PROVIDER;
    const TABLE: &'static Table = &TABLE;
    /// inferred: as in other services of the vendor.
    const PERMISSION_BEFORE_FORM: bool = false;

    fn request_id(bits: u128) -> String {
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    fn read(request: &Request) -> Claimed {
        Claimed { query: query::read(request), ..credential(request).unwrap_or_default() }
    }

    /// By the header `X-Amz-Target`, whatever the path: an endpoint may have one of its own.
    ///
    /// inferred: a method or a content type of another protocol is an unknown operation. A request without
    /// a content type is taken for what it could only be.
    fn route(request: &Request, claimed: &Claimed) -> Result<Call> {
        if let Some(query) = &claimed.query {
            return query.route(&TABLE);
        }
        let target = request.header("x-amz-target").unwrap_or_default();
        let unknown = || Error::UnknownOperation(target.to_owned());
        let content_type = request.header("content-type").unwrap_or(CONTENT_TYPE);
        let content_type = content_type.split(';').next().unwrap_or_default().trim();
        if request.parts.method != Method::POST || !content_type.eq_ignore_ascii_case(CONTENT_TYPE) {
            return Err(unknown());
        }
        let (prefix, name) = target.split_once('.').ok_or_else(unknown)?;
        let (service, entry) = TABLE
            .entries()
            .find(|(service, entry)| {
                !prefix.is_empty() && service.prefix == prefix && entry.spec.name == name
            })
            .ok_or_else(unknown)?;
        let body = Some(request.body.clone());
        Ok(Call { service, entry, params: Params { body, ..Params::default() } })
    }

    /// A key that is not known, but that is twelve digits, names the account itself: the convention of
    /// emulators of this vendor.
    fn authenticate(_: &Request, credential: &Claimed) -> Result<Claim> {
        let account = match credential.key.as_deref() {
            Some(key) if is_account(key) => key,
            _ => DEFAULT_ACCOUNT,
        };
        let stranger = Some(Stranger::Standalone(account.to_owned()));
        Ok(Claim { key: credential.key.clone(), stranger, region: credential.region.clone() })
    }

    fn signed<'a>(
        request: &'a Request,
        claimed: &'a Claimed,
        call: &Call,
        now: Timestamp,
    ) -> Result<Box<dyn Signed + 'a>> {
        if let Some(query) = claimed.query.as_ref().filter(|query| query.find("X-Amz-Algorithm").is_some())
            && request.filled("authorization").is_none()
        {
            return Ok(Box::new(sigv4::presigned(request, query, call.service.signing_name, now)?));
        }
        Ok(Box::new(sigv4::read(request, call.service.signing_name, now)?))
    }

    fn success(request: &Request, claimed: &Claimed, entry: &Entry, output: Value) -> Response {
        if let Some(query) = &claimed.query {
            return query.success(request, entry, &output);
        }
        let output = if output.is_null() { json!({}) } else { output };
        respond(StatusCode::OK, &output, &request.id)
    }

    /// doc: on the pages of all operations, every client error is a 400.
    fn failure(request: &Request, credential: &Claimed, error: &Error) -> Response {
        if let Some(query) = &credential.query {
            return query.failure(request, error);
        }
        let partition = arn::partition(credential.region.as_deref().unwrap_or(DEFAULT_REGION));
        let (kind, message) = words::word(error, partition);
        let status = match error {
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = match message {
            // Modelled errors spell the member `Message`, those of the framework `message`: both are sent.
            Some(message) => json!({ "__type": kind, "Message": message, "message": message }),
            None => json!({ "__type": kind }),
        };
        respond(status, &body, &request.id)
    }
}

fn respond(status: StatusCode, body: &Value, request_id: &str) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", CONTENT_TYPE)
        .header("x-amzn-requestid", request_id)
        .body(Body::from(body.to_string()))
        .expect("the parts are valid")
}

/// What `Credential=` says: `key/date/region/service/aws4_request`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    key: Option<String>,
    region: Option<String>,
    /// The parameters, of a request in the query protocol.
    query: Option<Query>,
}

/// The credential of a request: in the header, or in the query of a presigned request.
fn credential(request: &Request) -> Option<Claimed> {
    if let Some(header) = request.header("authorization") {
        return parse_header(header);
    }
    let query = pairs(request.parts.uri.query()?.as_bytes()).ok()?;
    let (_, credential) = query.iter().find(|(name, _)| name == "X-Amz-Credential")?;
    Some(parse_credential(credential))
}

fn parse_header(header: &str) -> Option<Claimed> {
    let (_, fields) = header.strip_prefix("AWS4-")?.split_once(' ')?;
    Some(parse_credential(field(fields, "Credential")?))
}

fn parse_credential(text: &str) -> Claimed {
    let mut parts = text.split('/');
    let key = parts.next().filter(|key| !key.is_empty()).map(str::to_owned);
    // inferred: what is no Region names none.
    let region = parts.nth(1).filter(|region| arn::is_region_name(region)).map(str::to_owned);
    Claimed { key, region, query: None }
}

/// model: `AccountId`.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_account, parse_header};
    use crate::aws::arn::is_region_name;

    #[test]
    fn the_credential_is_found_however_the_header_is_spaced() {
        for (header, key, region) in [
            (
                "AWS4-HMAC-SHA256 Credential=222222222222/20260102/eu-west-1/sso/aws4_request, SignedHeaders=host, Signature=0",
                Some("222222222222"),
                Some("eu-west-1"),
            ),
            (
                "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=A/20260102/us-gov-west-1/sso/aws4_request,Signature=0",
                Some("A"),
                Some("us-gov-west-1"),
            ),
            ("AWS4-HMAC-SHA256 Credential=A", Some("A"), None),
            ("AWS4-HMAC-SHA256 Credential=/20260102/no region/sso/aws4_request", None, None),
        ] {
            let found = parse_header(header).expect(header);
            assert_eq!((found.key.as_deref(), found.region.as_deref()), (key, region), "{header}");
        }
        let asymmetric = parse_header("AWS4-ECDSA-P256-SHA256 Credential=A/20260102/sso/aws4_request");
        assert_eq!(asymmetric.and_then(|credential| credential.key).as_deref(), Some("A"));
        for header in ["", "AWS4-HMAC-SHA256", "Basic Credential=A/b/us-east-1"] {
            assert_eq!(parse_header(header), None, "{header}");
        }
    }

    #[test]
    fn accounts_and_regions_have_a_form() {
        for (text, expected) in [
            ("000000000000", true),
            ("00000000000", false),
            ("0000000000000", false),
            ("00000000000a", false),
        ] {
            assert_eq!(is_account(text), expected, "{text}");
        }
        for (text, expected) in [
            ("us-east-1", true),
            ("us-gov-west-1", true),
            ("us-east-12", false),
            ("us-east", false),
            ("us--1", false),
            ("US-east-1", false),
            ("us-east-x", false),
            ("a-b-c-d-1", false),
            ("", false),
            ("abcdefghijklmno-abcdefghijklmn-1", true),
            ("abcdefghijklmno-abcdefghijklmno-1", false),
        ] {
            assert_eq!(is_region_name(text), expected, "{text}");
        }
    }
}
