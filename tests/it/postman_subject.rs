//! What a step of a Postman story calls: one form for the tables, in four protocols, and the emulator's own paths.

use sanmen::TABLES;
use sanmen::api::shape::{Kind, Shape};
use sanmen::api::{Entry, Route, Service};
use sanmen::server::admin::ENDPOINTS;
use serde_json::{Map, Value, json};

use super::openapi::Schemas;
use super::openapi_admin;

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// AWS: JSON, with the operation in a header.
    Json,
    /// AWS: a form with the operation in it, answered in XML.
    Query,
    /// Alibaba Cloud: a query, with the operation in a header.
    Rpc,
    /// Huawei Cloud: path, query and JSON.
    Rest,
    /// The emulator's own: like REST, and not signed.
    Own,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Form,
    Body,
}

/// What can be called.
pub(crate) struct Subject {
    pub name: String,
    pub about: &'static str,
    pub protocol: Protocol,
    pub service: Option<&'static Service>,
    /// The vendor's page, and the permission that is asked for.
    pub page: Option<(&'static str, &'static str)>,
    pub method: &'static str,
    /// In it `{name}` stands for a parameter.
    pub path: &'static str,
    /// The schema of an object of all parameters.
    pub input: Value,
    /// The schema of the answer, where it is JSON, or would be.
    pub output: Option<Value>,
    /// The parameters that stand in the query of an own path.
    query: Vec<String>,
}

impl Subject {
    /// An operation of this vendor.
    pub(crate) fn operation(vendor: &str, name: &str) -> Option<Self> {
        let table = TABLES.into_iter().find(|table| table.provider.0 == vendor)?;
        let (service, entry) = table.entries().find(|(_, entry)| entry.spec.name == name)?;
        let protocol = match vendor {
            // Only awsJson has a target, which begins with a prefix.
            "aws" if service.prefix.is_empty() => Protocol::Query,
            "aws" => Protocol::Json,
            "alibaba" => Protocol::Rpc,
            "huawei" => Protocol::Rest,
            other => panic!("the protocol of {other} is not known here"),
        };
        let (method, path) = match entry.spec.route {
            Route::Name => ("POST", "/"),
            Route::Path(method, path) => (method, path),
        };
        Some(Self {
            name: name.to_owned(),
            about: entry.spec.about,
            protocol,
            service: Some(service),
            page: Some((entry.spec.page, entry.spec.permission)),
            method,
            path,
            input: schema(&(entry.input)()),
            output: output(entry, protocol),
            query: Vec::new(),
        })
    }

    /// An endpoint of the emulator's own, as `GET /healthz`.
    pub(crate) fn endpoint(name: &str) -> Option<Self> {
        let (method, path) = name.split_once(' ')?;
        let endpoint = ENDPOINTS.iter().find(|it| it.method == method && it.path == path)?;
        let document = openapi_admin::document();
        let schemas = &document["components"]["schemas"];
        let operation = &document["paths"][path][method.to_lowercase()];
        let json =
            |body: &Value| Some(inlined(body["content"].get("application/json")?.get("schema")?, schemas));
        let object = json!({ "type": "object", "properties": {}, "required": [] });
        let mut input = json(&operation["requestBody"]).unwrap_or(object);
        let mut query = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name").to_owned();
            input["properties"][&name] = parameter["schema"].clone();
            match parameter["in"].as_str() {
                Some("path") if input["required"].is_null() => input["required"] = json!([name]),
                Some("path") => input["required"].as_array_mut().expect("names").push(json!(name)),
                _ => query.push(name),
            }
        }
        let responses = operation["responses"].as_object().expect("responses");
        Some(Self {
            name: name.to_owned(),
            about: endpoint.about,
            protocol: Protocol::Own,
            service: None,
            page: None,
            method: endpoint.method,
            path: endpoint.path,
            input,
            output: responses.iter().find(|(status, _)| status.starts_with('2')).and_then(|(_, it)| json(it)),
            query,
        })
    }

    /// Where a parameter stands.
    pub(crate) fn place(&self, name: &str) -> Place {
        if self.path.contains(&format!("{{{name}}}")) {
            return Place::Path;
        }
        match self.protocol {
            Protocol::Json => Place::Body,
            Protocol::Query => Place::Form,
            Protocol::Rpc => Place::Query,
            Protocol::Rest if matches!(self.method, "GET" | "DELETE") => Place::Query,
            Protocol::Own if self.query.iter().any(|it| it == name) => Place::Query,
            Protocol::Rest | Protocol::Own => Place::Body,
        }
    }

    /// The parameters, with their schemas.
    pub(crate) fn parameters(&self) -> &Map<String, Value> {
        self.input["properties"].as_object().expect("parameters")
    }

    /// The variable that holds the id of the key by which a caller signs.
    pub(crate) fn key(&self, caller: Option<&str>) -> Option<String> {
        let (vendor, id) = match self.protocol {
            Protocol::Json | Protocol::Query => ("aws", "access_key_id"),
            Protocol::Rpc => ("alibaba", "access_key_id"),
            Protocol::Rest => ("huawei", "access_key"),
            Protocol::Own => return None,
        };
        let caller = caller.map(|caller| format!("{caller}_")).unwrap_or_default();
        Some(format!("{vendor}_{caller}{id}"))
    }

    /// The header that has the id of the request in an answer.
    pub(crate) fn request_id(&self) -> &'static str {
        match self.protocol {
            Protocol::Json | Protocol::Query => "x-amzn-requestid",
            Protocol::Rpc => "x-acs-request-id",
            Protocol::Rest | Protocol::Own => "x-request-id",
        }
    }

    /// The member of an answer that has the code of an error.
    pub(crate) fn code(&self) -> &'static str {
        match self.protocol {
            Protocol::Json => "__type",
            Protocol::Query | Protocol::Rpc => "Code",
            Protocol::Rest => "error_code",
            Protocol::Own => "error",
        }
    }
}

fn output(entry: &Entry, protocol: Protocol) -> Option<Value> {
    let shape = (entry.output)();
    // In JSON, an answer of nothing is an object without members where a body must be.
    if shape.kind == Kind::Nothing && protocol == Protocol::Rest {
        return None;
    }
    let mut output = schema(&shape);
    if protocol == Protocol::Rpc {
        output["properties"]["RequestId"] = json!({ "type": "string" });
        match output["required"].as_array_mut() {
            Some(required) => required.push(json!("RequestId")),
            None => output["required"] = json!(["RequestId"]),
        }
    }
    Some(output)
}

/// The schema of a shape, in one piece.
fn schema(shape: &Shape) -> Value {
    let mut schemas = Schemas::default();
    schemas.add("", shape);
    let root = schemas.0[""].clone();
    let mut schema = inlined(&root, &Value::Object(schemas.0));
    if schema["properties"].is_null() {
        schema["properties"] = json!({});
    }
    schema
}

/// A schema with those that it refers to put in their places.
fn inlined(schema: &Value, schemas: &Value) -> Value {
    match schema {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => inlined(&schemas[reference.rsplit('/').next().unwrap_or_default()], schemas),
            None => members.iter().map(|(name, value)| (name.clone(), inlined(value, schemas))).collect(),
        },
        Value::Array(items) => items.iter().map(|item| inlined(item, schemas)).collect(),
        other => other.clone(),
    }
}

/// Whether a value of this schema can have something at a path like `Regions.0.Status`.
pub(crate) fn places(schema: &Value, path: &str) -> bool {
    // Something or null: it is something that is looked into.
    let schema = schema.get("anyOf").and_then(|either| either.get(0)).unwrap_or(schema);
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let inner = match step.parse::<usize>() {
        Ok(_) => schema.get("items"),
        Err(_) => schema["properties"].get(step),
    };
    inner.is_some_and(|inner| rest.is_none_or(|rest| places(inner, rest)))
}
