//! RPC style over HTTP: V3 (ACS3) and V1, parameters in query and form, answers in JSON and XML.
//! <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{Method, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{PROVIDER, TABLE, VERSION, acs3, rpc, words, xml};
use crate::api::params::{countable, first, texts};
use crate::api::signature::{field, near};
use crate::api::{Call, Claim, Entry, Params, Request, Signed, Table, Wire, date};
use crate::domain::account::Stranger;
use crate::domain::{Credential, Error, Provider, Result, Rule, Step, Timestamp, Violation};

/// The Alibaba Cloud door.
pub struct Alibaba;

impl Wire for Alibaba {
    type Message = Message;

    const PROVIDER: Provider = PROVIDER;
    const TABLE: &'static Table = &TABLE;
    /// inferred: the gateway looks for what is mandatory before it asks the service.
    const PERMISSION_BEFORE_FORM: bool = false;

    fn request_id(bits: u128) -> String {
        let id = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
        id.hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned()
    }

    fn read(request: &Request) -> Message {
        Message::read(request)
    }

    /// inferred: the order, in which the version comes before the action.
    fn route(request: &Request, message: &Message) -> Result<Call> {
        if !matches!(request.parts.method, Method::GET | Method::POST) {
            return Err(Error::UnknownMethod(request.parts.method.to_string()));
        }
        countable(message.pairs.len())?;
        let texts = texts(message.pairs.clone())?;
        let params = Params { texts, blank_is_absent: true, flattened: true, ..Params::default() };
        params.once()?;
        if message.format.is_none() {
            let value = message.asked_format.clone();
            return Err(invalid("Format", value, Rule::OneOf(FORMATS)));
        }
        let version = message.version.clone().ok_or_else(|| missing("Version"))?;
        if version != VERSION {
            return Err(Error::UnknownVersion(version));
        }
        let action = message.action.clone().ok_or_else(|| missing("Action"))?;
        let (service, entry) = TABLE
            .entries()
            .find(|(_, entry)| entry.spec.name == action && request.parts.uri.path() == "/")
            .ok_or(Error::UnknownOperation(action))?;
        Ok(Call { service, entry, params })
    }

    fn signed<'a>(
        request: &'a Request,
        message: &'a Message,
        _: &Call,
        now: Timestamp,
    ) -> Result<Box<dyn Signed + 'a>> {
        match message.v3 {
            true => Ok(Box::new(acs3::read(request, message, now)?)),
            false => Ok(Box::new(rpc::read(request, message, now)?)),
        }
    }

    fn authenticate(request: &Request, message: &Message) -> Result<Claim> {
        let region = region(request, message.v3);
        Ok(Claim { key: message.key.clone(), stranger: Some(Stranger::Management), region })
    }

    fn success(request: &Request, message: &Message, entry: &Entry, output: Value) -> Response {
        let mut body = Map::new();
        body.insert("RequestId".to_owned(), request.id.clone().into());
        if let Value::Object(members) = output {
            body.extend(members);
        }
        let root = format!("{}Response", entry.spec.name);
        respond(&request.id, StatusCode::OK, message.shown_format(), &root, &Value::Object(body))
    }

    /// observed: the members, and their order.
    fn failure(request: &Request, message: &Message, error: &Error) -> Response {
        let (status, code, text) = words::word(error);
        let id = &request.id;
        let recommend =
            format!("https://api.aliyun.com/troubleshoot?q={code}&product=cloudsso&requestId={id}");
        let host = request.header("host").unwrap_or_default();
        let format = message.shown_format();
        let mut body = match format {
            Format::Json => json!({
                "RequestId": id, "Message": text, "Recommend": recommend, "HostId": host, "Code": code,
            }),
            Format::Xml => json!({
                "RequestId": id, "HostId": host, "Code": code, "Message": text, "Recommend": recommend,
            }),
        };
        if let Error::NotAllowed(denial) = error {
            // observed: the member, with more in it about a policy, of which there is none here.
            body["AccessDeniedDetail"] = json!({
                "AuthAction": denial.permission,
                "AuthPrincipalOwnerId": denial.account,
                "NoPermissionType": "ImplicitDeny",
            });
        }
        respond(id, status, format, "Error", &body)
    }
}

/// The error of a parameter or a header that is wrong.
pub(super) fn invalid(name: &str, value: Option<String>, rule: Rule) -> Error {
    Error::Invalid(vec![Violation::new(vec![Step::Member(name.to_owned())], value.as_deref(), rule)])
}

/// The error of a parameter or a header that is missing.
pub(super) fn missing(name: &str) -> Error {
    Error::Invalid(vec![Violation::required(name)])
}

/// The moment of signing, when it is near enough to now. doc: fifteen minutes either way.
pub(super) fn timely(text: &str, now: Timestamp) -> Result<Timestamp> {
    let signed = date::parse_extended(text)
        .ok_or_else(|| Error::Unauthenticated(Credential::NoMoment(text.to_owned())))?;
    near(signed, now, TOLERANCE)?;
    Ok(signed)
}

/// How far the moment of signing may be from now, in milliseconds.
const TOLERANCE: i64 = 15 * 60 * 1000;

/// Until when the nonce of a request that was signed at this moment is remembered. doc: for as long as it could be sent
/// again. inferred: a minute more, and that the same nonce of another key is another one.
pub(super) fn remembered(signed: Timestamp) -> Timestamp {
    Timestamp(signed.0 + TOLERANCE + 60_000)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

const FORMATS: &[&str] = &["JSON", "XML"];

/// The parameters of V1 alone.
const RPC: &[&str] = &["AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "Timestamp"];

/// The protocol's own parameters, wherever a request has them.
pub struct Message {
    /// The parameters of the query and of the form, decoded; where they are too many not all.
    pub(super) pairs: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether it is of V3.
    v3: bool,
    action: Option<String>,
    version: Option<String>,
    /// What was asked for.
    asked_format: Option<String>,
    /// What that means; `None` when it means nothing.
    format: Option<Format>,
    key: Option<String>,
}

impl Message {
    /// The parameter of this name, if it has a value.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        find(&self.pairs, name)
    }

    fn read(request: &Request) -> Self {
        let pairs: Vec<_> = forms(request).into_iter().flat_map(first).collect();
        let find = |name: &str| find(&pairs, name).map(str::to_owned);
        let header = |name: &str| request.filled(name).map(str::to_owned);
        let authorization = request.header("authorization").unwrap_or_default();
        let in_query = find("Action");
        let has = |name: &&str| find(name).is_some();
        // Clients of V1 name the action in a header too: that alone is not V3.
        let v3 = authorization.starts_with("ACS3-")
            || request.header("x-acs-date").is_some()
            || request.header("x-acs-bearer-token").is_some()
            || (in_query.is_none() && request.header("x-acs-action").is_some() && !RPC.iter().any(has));
        let (action, version, key);
        if v3 {
            action = header("x-acs-action").or(in_query);
            version = header("x-acs-version").or_else(|| find("Version"));
            key = credential(authorization).or_else(|| header("x-acs-accesskey-id"));
        } else {
            action = in_query.or_else(|| header("x-acs-action"));
            version = find("Version").or_else(|| header("x-acs-version"));
            key = find("AccessKeyId");
        }
        let asked_format = find("Format");
        let format = match &asked_format {
            None if v3 => Some(Format::Json),
            None => Some(Format::Xml),
            Some(format) if format.eq_ignore_ascii_case("json") => Some(Format::Json),
            Some(format) if format.eq_ignore_ascii_case("xml") => Some(Format::Xml),
            Some(_) => None,
        };
        Self { action, version, asked_format, format, key, v3, pairs }
    }

    /// In what an answer is written. inferred: XML where what was asked for is unknown.
    fn shown_format(&self) -> Format {
        self.format.unwrap_or(Format::Xml)
    }
}

fn find<'a>(pairs: &'a [(Vec<u8>, Vec<u8>)], name: &str) -> Option<&'a str> {
    let (_, value) = pairs.iter().find(|(other, _)| other == name.as_bytes())?;
    std::str::from_utf8(value).ok().filter(|value| !value.is_empty())
}

/// The query, and the body when it is a form.
fn forms(request: &Request) -> Vec<&[u8]> {
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let form = content_type.starts_with("application/x-www-form-urlencoded").then_some(&*request.body);
    let query = request.parts.uri.query().unwrap_or_default().as_bytes();
    std::iter::once(query).chain(form).collect()
}

/// The key of `ACS3-HMAC-SHA256 Credential=<key>,SignedHeaders=…,Signature=…`.
fn credential(authorization: &str) -> Option<String> {
    let fields = authorization.strip_prefix("ACS3-")?;
    Some(field(fields, "Credential")?.to_owned()).filter(|key| !key.is_empty())
}

/// The Region of the endpoint that was called, or of the header that names it, which is one of V3.
fn region(request: &Request, v3: bool) -> Option<String> {
    if let Some(region) = request.filled("x-acs-region-id").filter(|_| v3) {
        return Some(region.to_owned());
    }
    let host = request.header("host")?;
    let host = host.rsplit_once("://").map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let rest = host.strip_prefix("cloudsso.").or_else(|| host.strip_prefix("cloudsso-vpc."))?;
    Some(rest.strip_suffix(".aliyuncs.com")?.to_owned())
}

/// observed: the headers.
fn respond(id: &str, status: StatusCode, format: Format, root: &str, body: &Value) -> Response {
    let (content_type, text) = match format {
        Format::Json => ("application/json;charset=utf-8", body.to_string()),
        // Exactly so, without a space: SDKs compare the text.
        Format::Xml => ("text/xml;charset=utf-8", xml::document(root, body)),
    };
    let trace = format!("{:032x}", u128::from_be_bytes(Md5::digest(id.as_bytes()).into()));
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .header("access-control-allow-origin", "*")
        .header("access-control-expose-headers", "*")
        .header("x-acs-request-id", id)
        .header("x-acs-trace-id", trace)
        .header("etag", etag(&text))
        .body(Body::from(text))
        .expect("the parts are valid")
}

/// observed: the first digit of the length, the digest, the last digit of the length.
fn etag(body: &str) -> String {
    let length = body.len().to_string();
    let digest = STANDARD_NO_PAD.encode(Md5::digest(body.as_bytes()));
    format!("{}{digest}{}", &length[..1], &length[length.len() - 1..])
}
