//! How each vendor's protocol is said in OpenAPI.

use sanmen::api::shape::{Kind, Shape};
use sanmen::api::{Entry, Route, Service, Table};
use serde_json::{Map, Value, json};

use super::openapi::{Schemas, head, limit, responses};
use super::transcript::{AUTHENTICATION, Exchange, Transcript};

/// The description of a vendor's operations.
pub(crate) fn document(table: &Table, transcripts: &[Transcript]) -> Value {
    let vendor = table.provider.0;
    let (title, description) = match vendor {
        "aws" => ("AWS IAM Identity Center, as Sanmen serves it", AWS),
        "alibaba" => ("Alibaba Cloud CloudSSO, as Sanmen serves it", ALIBABA),
        "huawei" => ("Huawei Cloud IAM Identity Center, as Sanmen serves it", HUAWEI),
        other => panic!("{other} has no description"),
    };
    let mut schemas = Schemas::default();
    schemas.0.insert("Error".to_owned(), error(vendor));
    let refused = credentials_refused(vendor, transcripts);
    let mut paths = Map::new();
    for (service, entry) in table.entries() {
        let name = entry.spec.name;
        let transcript = transcripts.iter().find(|it| it.vendor == vendor && it.operation == name);
        let exchanges = transcript.into_iter().flat_map(Transcript::exchanges);
        let exchanges: Vec<_> = exchanges.filter(|exchange| asks_for(entry, exchange)).collect();
        let (path, method, mut operation) = match vendor {
            "aws" => aws(service, entry, &exchanges, &mut schemas),
            "alibaba" => alibaba(entry, &exchanges, &mut schemas),
            _ => huawei(entry, &exchanges, &mut schemas),
        };
        let responses = operation["responses"].as_object_mut().expect("responses");
        for status in refused.keys().filter(|status| status.as_str() != "200") {
            let shared = json!({ "$ref": format!("#/components/responses/Credentials{status}") });
            responses.entry(status).or_insert(shared);
        }
        responses.sort_keys();
        paths.entry(path).or_insert_with(|| json!({}))[method] = operation;
    }
    let mut document = head(title, description);
    document.insert("paths".to_owned(), paths.into());
    schemas.0.sort_keys();
    let shared: Map<_, _> = refused
        .into_iter()
        .filter(|(status, _)| status != "200")
        .map(|(status, mut response)| {
            response["description"] = json!("Refused for its credentials.");
            (format!("Credentials{status}"), response)
        })
        .collect();
    let scheme = json!({
        "type": "apiKey", "in": "header", "name": "Authorization", "description": signature(vendor),
    });
    document.insert("security".to_owned(), json!([{ "signature": [] }, {}]));
    document.insert(
        "components".to_owned(),
        json!({ "schemas": schemas.0, "responses": shared, "securitySchemes": { "signature": scheme } }),
    );
    document.into()
}

/// The answers to requests whose credentials are refused, by status.
fn credentials_refused(vendor: &str, transcripts: &[Transcript]) -> Map<String, Value> {
    let transcript = transcripts.iter().find(|it| it.vendor == vendor && it.operation == AUTHENTICATION);
    let exchanges: Vec<_> = transcript.expect("a transcript on credentials").exchanges().collect();
    let code = |answer: &Value| {
        let codes = ["__type", "Code", "error_code"].iter().find_map(|member| answer[*member].as_str());
        codes.expect("a code").to_owned()
    };
    let mut responses = responses(&exchanges, &reference("Error"), &reference("Error"), code);
    if vendor == "alibaba" {
        also_xml(&mut responses);
    }
    match responses {
        Value::Object(responses) => responses,
        other => panic!("{other} is no object"),
    }
}

fn signature(vendor: &str) -> &'static str {
    match vendor {
        "aws" => "Signature Version 4. Verified with --auth strict, only read otherwise.",
        "alibaba" => {
            "V3: ACS3-HMAC-SHA256. V1 has its signature among the parameters instead. \
             Verified with --auth strict, only read otherwise."
        }
        _ => "SDK-HMAC-SHA256 or V11-HMAC-SHA256. Verified with --auth strict, only read otherwise.",
    }
}

const AWS: &str = "awsJson 1.1: all operations are a POST to the same path, told apart by the header X-Amz-Target. \
    OpenAPI has one operation a path and method, so each path here ends in a fragment, which is not sent.";
const ALIBABA: &str = "RPC style: all operations are called on the same path, told apart by the parameter Action. \
    OpenAPI has one operation a path and method, so each path here ends in a fragment, which is not sent. \
    Parameters may also be sent as a form by POST, and V3 clients name action and version in headers.";
const HUAWEI: &str = "REST, with the errors of the service and of its gateway.";

/// Whether an exchange of an operation's transcript is one of its own: others set the scene.
pub(crate) fn asks_for(entry: &Entry, exchange: &Exchange) -> bool {
    let names = ["x-amz-target", "x-acs-action"];
    let named = exchange.headers.iter().find(|(name, _)| names.contains(&name.as_str()));
    let path = exchange.target.split('?').next().unwrap_or_default();
    match (entry.spec.route, named) {
        (Route::Path(method, template), _) => {
            exchange.method == method && path.rsplit('/').next() == template.rsplit('/').next()
        }
        (Route::Name, Some((_, value))) => value.rsplit('.').next() == Some(entry.spec.name),
        // AWS has the name in a header of the whole transcript, V1 of Alibaba Cloud among the parameters.
        (Route::Name, None) => {
            let action = exchange.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("Action="));
            path == "/" && action.is_none_or(|action| action == entry.spec.name)
        }
    }
}

fn error(vendor: &str) -> Value {
    let (members, required): (&[&str], &[&str]) = match vendor {
        "aws" => (&["__type", "Message", "message"], &["__type"]),
        "alibaba" => (
            &["RequestId", "HostId", "Code", "Message", "Recommend"],
            &["RequestId", "HostId", "Code", "Message", "Recommend"],
        ),
        _ => (
            &["error_code", "error_msg", "request_id", "encoded_authorization_message"],
            &["error_code", "error_msg", "request_id"],
        ),
    };
    let properties: Map<_, _> =
        members.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    if vendor == "alibaba" {
        schema["properties"]["AccessDeniedDetail"] = json!({ "type": "object" });
    }
    schema
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What all operations have.
fn operation(entry: &Entry, responses: Value) -> Value {
    let spec = &entry.spec;
    json!({
        "operationId": spec.name,
        "summary": spec.about,
        "externalDocs": { "url": spec.page },
        "x-permission": spec.permission,
        "parameters": [],
        "responses": responses,
    })
}

fn parameter(place: &str, name: &str, required: bool, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": schema })
}

fn aws(
    service: &Service,
    entry: &Entry,
    exchanges: &[&Exchange],
    schemas: &mut Schemas,
) -> (String, &'static str, Value) {
    let name = entry.spec.name;
    if service.prefix.is_empty() {
        return aws_query(entry, exchanges);
    }
    let (request, response) = (format!("{name}Request"), format!("{name}Response"));
    schemas.add(&request, &(entry.input)());
    schemas.add(&response, &(entry.output)());
    let code = |answer: &Value| answer["__type"].as_str().expect("a type").to_owned();
    let responses = responses(exchanges, &reference(&response), &reference("Error"), code);
    let mut operation = operation(entry, responses);
    let target = format!("{}.{name}", service.prefix);
    operation["parameters"] =
        json!([parameter("header", "X-Amz-Target", true, json!({ "type": "string", "enum": [target] }))]);
    let example = exchanges.iter().find(|exchange| exchange.status == 200).expect("an example");
    let example: Value = serde_json::from_str(&example.body).expect("JSON");
    operation["requestBody"] = json!({
        "required": true,
        "content": { "application/x-amz-json-1.1": { "schema": reference(&request), "example": example } },
    });
    (format!("/#X-Amz-Target={target}"), "post", operation)
}

/// The query protocol: a form, and XML, which is shown and not described.
fn aws_query(entry: &Entry, exchanges: &[&Exchange]) -> (String, &'static str, Value) {
    let name = entry.spec.name;
    let mut responses = Map::new();
    for exchange in exchanges {
        let content_type = exchange.answer_header("content-type");
        let description = if exchange.status == 200 { "Success." } else { "Refused." };
        let response = responses
            .entry(exchange.status.to_string())
            .or_insert_with(|| json!({ "description": description }));
        if !content_type.is_empty() && response.get("content").is_none() {
            let content = json!({ "schema": { "type": "string" }, "example": exchange.answer });
            response["content"] = json!({ content_type: content });
        }
    }
    responses.sort_keys();
    let mut operation = operation(entry, responses.into());
    let fixed = |value: &str| json!({ "type": "string", "enum": [value] });
    let form = json!({
        "type": "object",
        "properties": { "Action": fixed(name), "Version": fixed("2011-06-15") },
        "required": ["Action", "Version"],
    });
    operation["requestBody"] = json!({
        "required": true, "content": { "application/x-www-form-urlencoded": { "schema": form } },
    });
    (format!("/#Action={name}"), "post", operation)
}

fn alibaba(entry: &Entry, exchanges: &[&Exchange], schemas: &mut Schemas) -> (String, &'static str, Value) {
    let name = entry.spec.name;
    let response = format!("{name}Response");
    schemas.add(&response, &(entry.output)());
    let schema = &mut schemas.0[&response];
    schema["properties"]["RequestId"] = json!({ "type": "string" });
    let mut required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    required.push(json!("RequestId"));
    schema["required"] = required.into();
    let code = |answer: &Value| answer["Code"].as_str().expect("a code").to_owned();
    let mut responses = responses(exchanges, &reference(&response), &reference("Error"), code);
    also_xml(&mut responses);
    let mut operation = operation(entry, responses);
    let fixed = |name: &str, value: &str| {
        parameter("query", name, true, json!({ "type": "string", "enum": [value] }))
    };
    let mut parameters = vec![
        fixed("Action", name),
        fixed("Version", sanmen::alibaba::VERSION),
        parameter(
            "query",
            "Format",
            false,
            json!({ "type": "string", "enum": ["JSON", "XML"], "default": "XML" }),
        ),
    ];
    for (name, shape) in members(&(entry.input)()) {
        match &shape.kind {
            Kind::List(item) => parameters.extend(flattened(name, &shape, item, schemas)),
            _ => parameters.push(parameter("query", name, !shape.optional, schemas.schema(&shape, false))),
        }
    }
    operation["parameters"] = parameters.into();
    (format!("/#Action={name}"), "get", operation)
}

/// Each answer can be had in XML, which is shown in the transcripts and not described.
fn also_xml(responses: &mut Value) {
    for response in responses.as_object_mut().expect("responses").values_mut() {
        if let Some(content) = response.get_mut("content") {
            content["text/xml;charset=utf-8"] = json!({ "schema": { "type": "string" } });
        }
    }
}

/// The parameters of the first item of a list: those of the others have their own numbers, which OpenAPI cannot say.
fn flattened(name: &str, list: &Shape, item: &Shape, schemas: &mut Schemas) -> Vec<Value> {
    let whole = Shape { limits: Vec::new(), ..item.clone() };
    let members = match &item.kind {
        Kind::Structure(_, members) => {
            members.iter().map(|(member, shape)| (format!(".{member}"), shape)).collect()
        }
        _ => vec![(String::new(), &whole)],
    };
    let mut limits = json!({});
    list.limits.iter().for_each(|rule| limit(&mut limits, *rule, true));
    let at_most = limits.get("maxItems").map(|most| format!(" of {most} at most")).unwrap_or_default();
    let note = limits["description"].as_str().map(|note| format!(" {note}")).unwrap_or_default();
    let first = members.into_iter().map(|(end, shape)| {
        let required = !list.optional && !shape.optional;
        let mut first = parameter("query", &format!("{name}.1{end}"), required, schemas.schema(shape, false));
        let text = format!("Of the first item{at_most}. The second one's is {name}.2{end}, and so on.{note}");
        first["description"] = json!(text);
        first
    });
    first.collect()
}

fn huawei(entry: &Entry, exchanges: &[&Exchange], schemas: &mut Schemas) -> (String, &'static str, Value) {
    let name = entry.spec.name;
    let Route::Path(method, path) = entry.spec.route else { panic!("{name} has no path") };
    let output = (entry.output)();
    let response = format!("{name}Response");
    if output.kind != Kind::Nothing {
        schemas.add(&response, &output);
    }
    let code = |answer: &Value| answer["error_code"].as_str().expect("a code").to_owned();
    let responses = responses(exchanges, &reference(&response), &reference("Error"), code);
    let mut operation = operation(entry, responses);
    let (in_path, rest): (Vec<_>, Vec<_>) =
        members(&(entry.input)()).into_iter().partition(|(name, _)| path.contains(&format!("{{{name}}}")));
    let mut parameters = Vec::new();
    for (name, shape) in in_path {
        parameters.push(parameter("path", name, true, schemas.schema(&shape, false)));
    }
    if matches!(method, "GET" | "DELETE") {
        for (name, shape) in rest {
            parameters.push(parameter("query", name, !shape.optional, schemas.schema(&shape, false)));
        }
    } else if !rest.is_empty() {
        let request = format!("{name}Request");
        let kind = Kind::Structure("", rest);
        schemas.add(&request, &Shape { kind, ..Shape::default() });
        let example = exchanges.iter().find(|exchange| exchange.status == 200).expect("an example");
        let example: Value = serde_json::from_str(&example.body).expect("JSON");
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": reference(&request), "example": example } },
        });
    }
    operation["parameters"] = parameters.into();
    let method = match method {
        "GET" => "get",
        "POST" => "post",
        "PUT" => "put",
        "DELETE" => "delete",
        other => panic!("{name} has the method {other}"),
    };
    (path.to_owned(), method, operation)
}

fn members(shape: &Shape) -> Vec<(&'static str, Shape)> {
    match &shape.kind {
        Kind::Structure(_, members) => members.clone(),
        kind => panic!("a request is a structure, not {kind:?}"),
    }
}
