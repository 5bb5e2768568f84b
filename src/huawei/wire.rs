//! REST, behind the vendor's gateway: paths, credentials, JSON.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/CallingMethods.html>

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{PROVIDER, TABLE, aksk, iam, words};
use crate::api::params::pairs;
use crate::api::signature::field;
use crate::api::{Call, Claim, Entry, Params, Request, Route, Signed, Table, Wire};
use crate::domain::account::Stranger;
use crate::domain::{Credential, Error, Provider, Result, Timestamp};

/// The Huawei Cloud door.
pub struct Huawei;

impl Wire for Huawei {
    /// The id of the access key, if the request names one.
    type Message = Option<String>;

    const PROVIDER: Provider = PROVIDER;
    const TABLE: &'static Table = &TABLE;
    /// inferred: 401, 403, 400, 404 in this order.
    const PERMISSION_BEFORE_FORM: bool = true;

    fn request_id(bits: u128) -> String {
        format!("{bits:032x}")
    }

    fn read(request: &Request) -> Option<String> {
        key(request.header("authorization").unwrap_or_default())
    }

    /// By method and path: segments are decoded before they are compared, and the route that captures the
    /// fewest of them wins.
    fn route(request: &Request, _: &Option<String>) -> Result<Call> {
        let path = request.parts.uri.path();
        let segments = segments(path)?;
        let fitting = TABLE.entries().filter_map(|(service, entry)| match entry.spec.route {
            Route::Path(method, template) => Some(((service, entry), method, captures(template, &segments)?)),
            Route::Name => None,
        });
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_by_key(|(_, _, captured)| captured.len());
        if fitting.is_empty() {
            return Err(Error::UnknownOperation(path.to_owned()));
        }
        let method = &request.parts.method;
        let ((service, entry), _, mut texts) = fitting
            .into_iter()
            .find(|(_, served, _)| method.as_str() == *served)
            .ok_or_else(|| Error::UnknownMethod(method.to_string()))?;
        let mut query = pairs(request.parts.uri.query().unwrap_or_default().as_bytes())?;
        // inferred: where parameters are in the body, those in the query are none, and the other way round. What
        // is in the path is not looked for anywhere else.
        let in_query = matches!(*method, Method::GET | Method::DELETE);
        let body = (!in_query && !request.body.is_empty()).then(|| request.body.clone());
        if in_query {
            query.retain(|(name, _)| !texts.iter().any(|(path, _)| path == name));
            texts.append(&mut query);
        }
        Ok(Call { service, entry, params: Params { texts, unread: query, body, ..Params::default() } })
    }

    /// The account follows from the access key, never from `X-Domain-Id` or `X-Project-Id`.
    ///
    /// A token of `X-Auth-Token` is none that this server could have issued: it is refused.
    fn authenticate(request: &Request, key: &Option<String>) -> Result<Claim> {
        let authorization = request.header("authorization").unwrap_or_default();
        if authorization.is_empty() && request.parts.headers.contains_key("x-auth-token") {
            return Err(Error::Unauthenticated(Credential::ForeignToken));
        }
        // doc: the Region that was registered decides, not that of the endpoint.
        Ok(Claim { key: key.clone(), stranger: Some(Stranger::Management), region: None })
    }

    fn signed<'a>(
        request: &'a Request,
        _: &'a Option<String>,
        _: &Call,
        _: Timestamp,
    ) -> Result<Box<dyn Signed + 'a>> {
        Ok(Box::new(aksk::read(request)?))
    }

    fn success(request: &Request, _: &Option<String>, _: &Entry, output: Value) -> Response {
        let response = Response::builder().header("x-request-id", &request.id);
        let response = match output {
            Value::Null => response.body(Body::empty()),
            output => response.header("content-type", CONTENT_TYPE).body(Body::from(output.to_string())),
        };
        response.expect("the parts are valid")
    }

    fn failure(request: &Request, _: &Option<String>, error: &Error) -> Response {
        let (status, code, message) = match is_of_iam(request) {
            true => words::word_of_iam(error),
            false => words::word(error),
        };
        let mut body = json!({ "error_code": code, "error_msg": message, "request_id": request.id });
        if let Error::NotAllowed(denial) = error {
            // doc: an opaque text, on 403 only. Ours can be read by whoever cares to.
            let detail = json!({
                "action": denial.permission, "account": denial.account, "request_id": request.id,
            });
            body["encoded_authorization_message"] = STANDARD.encode(detail.to_string()).into();
        }
        Response::builder()
            .status(status)
            .header("x-request-id", &request.id)
            .header("content-type", CONTENT_TYPE)
            .body(Body::from(body.to_string()))
            .expect("the parts are valid")
    }
}

const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// Whether a request is for IAM, which has error codes of its own.
fn is_of_iam(request: &Request) -> bool {
    segments(request.parts.uri.path()).is_ok_and(|segments| {
        let of_iam = TABLE.entries().filter(|(service, _)| service.name == iam::SERVICE);
        let mut routes = of_iam.map(|(_, entry)| entry.spec.route);
        routes.any(|route| match route {
            Route::Path(_, template) => captures(template, &segments).is_some(),
            Route::Name => false,
        })
    })
}

/// The segments of a path, decoded.
fn segments(path: &str) -> Result<Vec<String>> {
    let decode = |segment: &str| {
        percent_decode_str(segment)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| Error::Unreadable("the path is not UTF-8".to_owned()))
    };
    path.strip_prefix('/').unwrap_or(path).split('/').map(decode).collect()
}

/// The captured segments by name, when the template fits.
fn captures(template: &str, segments: &[String]) -> Option<Vec<(String, String)>> {
    let parts: Vec<_> = template.trim_start_matches('/').split('/').collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut captured = Vec::new();
    for (part, segment) in parts.into_iter().zip(segments) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => captured.push((name.to_owned(), segment.clone())),
            None if part == segment => {}
            None => return None,
        }
    }
    Some(captured)
}

/// The key of `SDK-HMAC-SHA256 Access=<key>, …` or `V11-HMAC-SHA256 Credential=<key>/<scope>, …`.
fn key(authorization: &str) -> Option<String> {
    let (_, fields) = authorization.split_once(' ')?;
    let value = field(fields, "Access").or_else(|| field(fields, "Credential"))?;
    let key = value.split('/').next().unwrap_or_default();
    Some(key.to_owned()).filter(|key| !key.is_empty())
}
