//! What a vendor's HTTP must define.

use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use serde_json::Value;

use super::operation::{Entry, Service, Table};
use super::params::Params;
use super::signature::Signed;
use crate::domain::account::Stranger;
use crate::domain::{Error, Provider, Result, Timestamp};

/// A request, read in full.
pub struct Request {
    /// Method, target and headers.
    pub parts: Parts,
    /// The body.
    pub body: Bytes,
    /// The id that the answer will carry, in the vendor's form.
    pub id: String,
}

impl Request {
    /// A header, when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.parts.headers, name)
    }

    /// A header, when it is there, is text, and is not empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.header(name).filter(|value| !value.is_empty())
    }

    /// A header that is there and is not empty. One that is no text is a text that nothing equals: for what must not be
    /// taken for absent.
    pub fn present(&self, name: &str) -> Option<&str> {
        let value = self.parts.headers.get(name)?.to_str().unwrap_or("\u{fffd}");
        Some(value).filter(|value| !value.is_empty())
    }
}

/// A header, when it is there and is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// An operation that is asked for, and with what.
pub struct Call {
    /// The service it belongs to.
    pub service: &'static Service,
    /// The operation.
    pub entry: &'static Entry,
    /// Its parameters.
    pub params: Params,
}

/// Who a request says it is from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The access key's id, if it names one.
    pub key: Option<String>,
    /// Whose it is when the key is not known; `None` where nobody stands in.
    pub stranger: Option<Stranger>,
    /// The Region it names, if it names one.
    pub region: Option<String>,
}

/// A vendor's protocol.
///
/// The steps are called in this order: `read`, `route`, `authenticate`, where signatures are verified `signed`, then
/// the decoding that is the same for all, then `success` or `failure`.
pub trait Wire: Send + Sync + 'static {
    /// What the protocol itself says in a request, read once.
    type Message: Send + Sync + 'static;

    /// The vendor.
    const PROVIDER: Provider;

    /// Its operations.
    const TABLE: &'static Table;

    /// Whether a caller that may not call an operation is told so before it is told that its request is wrong.
    const PERMISSION_BEFORE_FORM: bool;

    /// 128 fresh bits as a request id.
    fn request_id(bits: u128) -> String;

    /// Reads what the protocol itself says. What is not to be read is not there.
    fn read(request: &Request) -> Self::Message;

    /// Finds the operation, and gathers its parameters.
    ///
    /// # Errors
    /// `UnknownOperation`, `UnknownMethod`, `UnknownVersion`, `Unreadable` or `Invalid`.
    fn route(request: &Request, message: &Self::Message) -> Result<Call>;

    /// Finds out who asks, wherever the protocol carries it. Nothing is verified.
    ///
    /// # Errors
    /// `Unauthenticated` for credentials of a kind that can never be accepted.
    fn authenticate(request: &Request, message: &Self::Message) -> Result<Claim>;

    /// Takes the signature of a request apart, as far as that can be done without knowing the key.
    ///
    /// # Errors
    /// `Unauthenticated`, or `Invalid`, for what can be refused without knowing it.
    fn signed<'a>(
        request: &'a Request,
        message: &'a Self::Message,
        call: &Call,
        now: Timestamp,
    ) -> Result<Box<dyn Signed + 'a>>;

    /// The answer of an operation. `Null` is the answer of one that answers nothing.
    fn success(request: &Request, message: &Self::Message, entry: &Entry, output: Value) -> Response;

    /// An error in the vendor's words.
    fn failure(request: &Request, message: &Self::Message, error: &Error) -> Response;
}
