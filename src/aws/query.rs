//! The query protocol: parameters as a form, answers in XML.
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::words;
use crate::api::params::{first, texts};
use crate::api::signature::field;
use crate::api::xml::escape;
use crate::api::{Call, Entry, Params, Request, Table};
use crate::domain::{Error, Result, shortened};

/// The version of the service that speaks it.
pub(super) const VERSION: &str = "2011-06-15";

/// The service that speaks it, by the name that signatures have for it.
pub(super) const SERVICE: &str = "sts";

/// What the protocol itself says in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The parameters.
    pairs: Vec<(String, String)>,
}

/// The parameters of a request in this protocol; `None` for one in another.
///
/// inferred: by what it is told, without a header that names an operation: a form, an action in the query, or a
/// signature for the service.
pub(super) fn read(request: &Request) -> Option<Query> {
    if request.header("x-amz-target").is_some() {
        return None;
    }
    let form = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let form = form.starts_with("application/x-www-form-urlencoded");
    let query = request.parts.uri.query().unwrap_or_default().as_bytes();
    let body: &[u8] = if form && request.parts.method == Method::POST { &request.body } else { b"" };
    // inferred: what nobody asks for is passed over, however much of it there is.
    let mut found = texts(first(query)).ok()?;
    found.extend(texts(first(body)).ok()?);
    let asked = form || found.iter().any(|(name, _)| name == "Action") || is_signed_for(request);
    asked.then_some(Query { pairs: found })
}

fn is_signed_for(request: &Request) -> bool {
    let header = request.header("authorization").unwrap_or_default();
    let fields = header.split_once(' ').map(|(_, fields)| fields).unwrap_or_default();
    field(fields, "Credential").is_some_and(|credential| credential.split('/').nth(3) == Some(SERVICE))
}

impl Query {
    /// The first parameter of this name: of several it is the one that counts. observed.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The operation that is asked for. What else there is, is passed over. observed.
    pub(super) fn route(&self, table: &'static Table) -> Result<Call> {
        let action = self.find("Action").unwrap_or_default();
        table
            .entries()
            .find(|(service, entry)| service.signing_name == SERVICE && entry.spec.name == action)
            .filter(|_| self.find("Version") == Some(VERSION))
            .map(|(service, entry)| Call { service, entry, params: Params::default() })
            .ok_or_else(|| Error::UnknownOperation(action.to_owned()))
    }

    /// The answer of an operation. observed: to the byte.
    pub(super) fn success(&self, request: &Request, entry: &Entry, output: &Value) -> Response {
        let name = entry.spec.name;
        let mut text = format!("<{name}Response xmlns=\"{NAMESPACE}\">\n  <{name}Result>\n");
        for (member, value) in output.as_object().into_iter().flatten() {
            let value = escape(value.as_str().unwrap_or_default());
            text.push_str(&format!("    <{member}>{value}</{member}>\n"));
        }
        text.push_str(&format!(
            "  </{name}Result>\n  <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  \
             </ResponseMetadata>\n</{name}Response>\n",
            request.id
        ));
        respond(StatusCode::OK, &request.id, text)
    }

    /// An error. observed: the form, and that a request without an action is sent elsewhere.
    pub(super) fn failure(&self, request: &Request, error: &Error) -> Response {
        let Some(action) = self.find("Action") else { return self.elsewhere(request) };
        let (status, code, message, namespace) = match error {
            Error::UnknownOperation(_) => {
                let version = self.find("Version").unwrap_or("NO_VERSION_SPECIFIED");
                let (action, version) = (shortened(action, 256), shortened(version, 256));
                let message = format!("Could not find operation {action} for version {version}");
                (StatusCode::BAD_REQUEST, "InvalidAction", message, FAULTS)
            }
            error => {
                let (status, code, message) = words::word_query(error);
                (status, code, message, NAMESPACE)
            }
        };
        let kind = if status.is_server_error() { "Receiver" } else { "Sender" };
        let text = format!(
            "<ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{kind}</Type>\n    <Code>{code}</Code>\n    \
             <Message>{}</Message>\n  </Error>\n  <RequestId>{}</RequestId>\n</ErrorResponse>\n",
            escape(&message),
            request.id
        );
        respond(status, &request.id, text)
    }

    fn elsewhere(&self, request: &Request) -> Response {
        let query = request.parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let to = |query: &str| HeaderValue::try_from(format!("https://aws.amazon.com/iam{query}"));
        // A target may have a character that a header may not.
        let location = to(&query).or_else(|_| to("")).expect("the address is a header");
        Response::builder()
            .status(StatusCode::FOUND)
            .header("location", location)
            .header("x-amzn-requestid", &request.id)
            .body(Body::empty())
            .expect("the parts are valid")
    }
}

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// observed: of an action that is not known.
const FAULTS: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

fn respond(status: StatusCode, id: &str, text: String) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "text/xml")
        .header("x-amzn-requestid", id)
        .body(Body::from(text))
        .expect("the parts are valid")
}
