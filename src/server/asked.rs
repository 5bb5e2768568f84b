//! What the emulator's own paths are asked for, and how they refuse.

use axum::body::Bytes;
use axum::response::Response;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::admin::problem;
use crate::TABLES;
use crate::api::{Table, params};
use crate::domain::{Error, Provider, Result};

/// A request about one kind of thing, and what it asks for.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The id, as the path has it.
    pub(super) id: Option<&'a str>,
    pub(super) query: &'a str,
    pub(super) body: Bytes,
}

/// Why a request is not carried out.
pub(super) enum Fault {
    Refused(StatusCode, String),
    Failed(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

pub(super) type Outcome<T> = std::result::Result<T, Fault>;

pub(super) fn refused<T>(status: StatusCode, error: impl Into<String>) -> Outcome<T> {
    Err(Fault::Refused(status, error.into()))
}

/// The answer that is made of it.
///
/// # Errors
/// Those of the store.
pub(super) fn answered(outcome: Outcome<Response>) -> Result<Response> {
    match outcome {
        Ok(response) => Ok(response),
        Err(Fault::Refused(status, error)) => Ok(problem(status, &error)),
        Err(Fault::Failed(error)) => Err(error),
    }
}

/// Of which vendors, and with which one value more.
pub(super) struct Filter {
    pub(super) providers: Vec<Provider>,
    pub(super) value: Option<String>,
}

impl Filter {
    /// Reads a query that has `vendor`, and at most one parameter more.
    pub(super) fn read(query: &str, more: Option<&str>) -> Outcome<Self> {
        let mut filter = Self { providers: TABLES.iter().map(|table| table.provider).collect(), value: None };
        let Ok(pairs) = params::pairs(query.as_bytes()) else {
            return refused(StatusCode::BAD_REQUEST, "the query is not UTF-8, or has too many parameters");
        };
        for (i, (name, value)) in pairs.iter().enumerate() {
            if pairs[..i].iter().any(|(before, _)| before == name) {
                return refused(StatusCode::BAD_REQUEST, "the query has a parameter twice");
            }
            match name.as_str() {
                "vendor" => filter.providers = vec![table(value)?.provider],
                name if Some(name) == more => filter.value = Some(value.clone()),
                _ => {
                    let and = more.map(|more| format!(" and `{more}`")).unwrap_or_default();
                    return refused(StatusCode::BAD_REQUEST, format!("the query has `vendor`{and} only"));
                }
            }
        }
        Ok(filter)
    }
}

/// The operations of the vendor of this name.
pub(super) fn table(vendor: &str) -> Outcome<&'static Table> {
    let found = TABLES.into_iter().find(|table| table.provider.0 == vendor);
    found.map_or_else(|| refused(StatusCode::BAD_REQUEST, "`vendor` is one of aws, alibaba, huawei"), Ok)
}

/// Whether there is a zero in what is asked for: no text that is kept has one, and not every database can be asked for one.
pub(super) fn has_zero(path: &str, query: &str, body: &[u8]) -> bool {
    let decoded = |text: &str| percent_decode_str(text).any(|c| c == 0);
    let body = serde_json::from_slice(body);
    decoded(path) || decoded(query) || body.is_ok_and(|body| value_has_zero(&body))
}

fn value_has_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(value_has_zero),
        Value::Object(members) => members.values().any(value_has_zero),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The body. What is wrong is said without the values: one of them could be a secret.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Outcome<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let read = read.map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        match error.is_data() {
            true if path == "." => "the body is not of the documented form".to_owned(),
            true => format!("the body is wrong at `{path}`"),
            false => "the body is not JSON, or not of the documented form".to_owned(),
        }
    });
    let read = read.and_then(|read| match deserializer.end() {
        Ok(()) => Ok(read),
        Err(_) => Err("the body is more than one object".to_owned()),
    });
    read.or_else(|error| refused(StatusCode::BAD_REQUEST, error))
}
