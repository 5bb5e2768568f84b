//! A request of the Postman collection, and the script that looks at its answer.

use sanmen::alibaba;
use serde_json::{Map, Value, json};

use super::postman_story::Step;
use super::postman_subject::{Place, Protocol, Subject};

/// The version of AWS's query protocol that the operations served have.
const QUERY_VERSION: &str = "2011-06-15";

/// The request of a step.
pub(crate) fn item(step: &Step, subject: &Subject) -> Value {
    json!({
        "name": step.name(),
        "event": [{ "listen": "test", "script": { "type": "text/javascript", "exec": tests(step, subject) } }],
        "request": request(step, subject),
        "response": [],
    })
}

fn request(step: &Step, subject: &Subject) -> Value {
    let mut request = json!({
        "description": description(subject),
        "method": subject.method,
        "header": [],
        "url": url(step, subject),
    });
    let mut headers = Vec::new();
    let (language, content_type) = match subject.protocol {
        Protocol::Json => ("json", "application/x-amz-json-1.1"),
        Protocol::Query => ("", "application/x-www-form-urlencoded; charset=utf-8"),
        Protocol::Rpc | Protocol::Rest | Protocol::Own => ("json", "application/json"),
    };
    if let Some(key) = subject.key(step.caller.as_deref()) {
        headers.push(("Authorization", authorization(subject, &key)));
    } else {
        request["auth"] = json!({
            "type": "bearer",
            "bearer": [{ "key": "token", "value": "{{admin_token}}", "type": "string" }],
        });
    }
    let service = subject.service.map_or("", |service| service.prefix);
    match subject.protocol {
        Protocol::Json => headers.push(("X-Amz-Target", format!("{service}.{}", subject.name))),
        Protocol::Rpc => {
            headers.push(("x-acs-action", subject.name.clone()));
            headers.push(("x-acs-version", alibaba::VERSION.to_owned()));
        }
        Protocol::Query | Protocol::Rest | Protocol::Own => {}
    }
    if let Some(body) = body(step, subject, language) {
        headers.push(("Content-Type", content_type.to_owned()));
        request["body"] = body;
    }
    request["header"] =
        headers.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    request
}

/// What the script of the vendor's folder completes: who signs, and for what.
fn authorization(subject: &Subject, key: &str) -> String {
    match subject.protocol {
        Protocol::Json | Protocol::Query => {
            let service = subject.service.map_or("", |service| service.signing_name);
            format!("AWS4-HMAC-SHA256 Credential={{{{{key}}}}}/{{{{aws_region}}}}/{service}")
        }
        Protocol::Rpc => format!("ACS3-HMAC-SHA256 Credential={{{{{key}}}}}"),
        Protocol::Rest => format!("SDK-HMAC-SHA256 Access={{{{{key}}}}}"),
        Protocol::Own => unreachable!("the emulator's own paths have no keys"),
    }
}

fn body(step: &Step, subject: &Subject, language: &str) -> Option<Value> {
    if subject.protocol == Protocol::Query {
        let mut pairs = vec![
            json!({ "key": "Action", "value": subject.name }),
            json!({ "key": "Version", "value": QUERY_VERSION }),
        ];
        pairs.extend(parameters(step, subject, Place::Form));
        return Some(json!({ "mode": "urlencoded", "urlencoded": pairs }));
    }
    let in_body = |name: &str| subject.place(name) == Place::Body;
    let given: Map<_, _> = step.with.clone().into_iter().filter(|(name, _)| in_body(name)).collect();
    let must_be = subject.protocol == Protocol::Json || subject.parameters().keys().any(|name| in_body(name));
    let raw = serde_json::to_string_pretty(&given).expect("JSON");
    must_be.then(|| json!({ "mode": "raw", "raw": raw, "options": { "raw": { "language": language } } }))
}

fn url(step: &Step, subject: &Subject) -> Value {
    let mut in_path = Vec::new();
    let segments: Vec<_> = subject.path[1..]
        .split('/')
        .map(|segment| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            None => segment.to_owned(),
            Some(name) => {
                in_path.push(json!({ "key": name, "value": text(&step.with[name]) }));
                format!(":{name}")
            }
        })
        .collect();
    let query = parameters(step, subject, Place::Query);
    let sent = query.iter().filter(|pair| pair.get("disabled").is_none());
    let sent: Vec<_> = sent.map(|pair| format!("{}={}", text(&pair["key"]), text(&pair["value"]))).collect();
    let mark = if sent.is_empty() { "" } else { "?" };
    let mut url = json!({
        "raw": format!("{{{{base_url}}}}/{}{mark}{}", segments.join("/"), sent.join("&")),
        "host": ["{{base_url}}"],
        "path": segments,
    });
    if !query.is_empty() {
        url["query"] = query.into();
    }
    if !in_path.is_empty() {
        url["variable"] = in_path.into();
    }
    url
}

/// The parameters that stand as pairs in a place: those that are given, and, switched off, the others.
fn parameters(step: &Step, subject: &Subject, place: Place) -> Vec<Value> {
    let mut pairs = Vec::new();
    for (name, schema) in subject.parameters().iter().filter(|(name, _)| subject.place(name) == place) {
        match step.with.get(name) {
            Some(value) => flat(name, value, schema, &mut pairs),
            None => pairs.push(json!({ "key": name, "value": "", "disabled": true })),
        }
    }
    pairs
}

/// A value as pairs: that of a list at `Name.1`, that of a structure at `Name.Member`.
fn flat(name: &str, value: &Value, schema: &Value, pairs: &mut Vec<Value>) {
    match value {
        Value::Array(items) if schema["type"] == "array" => {
            for (number, item) in (1..).zip(items) {
                flat(&format!("{name}.{number}"), item, &schema["items"], pairs);
            }
        }
        Value::Object(members) if schema["type"] == "object" => {
            for (member, value) in members {
                flat(&format!("{name}.{member}"), value, &schema["properties"][member], pairs);
            }
        }
        value => pairs.push(json!({ "key": name, "value": text(value) })),
    }
}

/// A value where there are only texts.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn description(subject: &Subject) -> String {
    let mut text = subject.about.to_owned();
    if let Some((page, permission)) = subject.page {
        text.push_str(&format!("\n\n[The vendor's page]({page}). The permission is `{permission}`."));
    }
    let mut rows = Vec::new();
    described(&subject.input, "", &mut rows);
    if !rows.is_empty() {
        text.push_str("\n\n| parameter | | |\n|---|---|---|\n");
        text.push_str(&rows.join("\n"));
    }
    text
}

/// A row for each parameter, and for each member of a structure.
fn described(schema: &Value, path: &str, rows: &mut Vec<String>) {
    let required = schema["required"].as_array();
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let need = match required.is_some_and(|names| names.iter().any(|it| it == name)) {
            true => "required",
            false => "optional",
        };
        let words = schema.get("enum").and_then(Value::as_array);
        let kind = match (words, schema.get("contentSchema"), schema["type"].as_str()) {
            (Some(words), _, _) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{}`", text(word))).collect();
                words.join(", ")
            }
            (None, Some(_), _) => "a text that holds JSON".to_owned(),
            (None, None, Some("array")) => "a list".to_owned(),
            (None, None, Some("object")) => "a structure".to_owned(),
            (None, None, Some("integer" | "number")) => "a number".to_owned(),
            (None, None, Some("boolean")) => "`true`, `false`".to_owned(),
            (None, None, _) => "a text".to_owned(),
        };
        rows.push(format!("| `{path}{name}` | {need} | {kind} |"));
        let inner = schema.get("contentSchema").unwrap_or(schema);
        match inner.get("items") {
            Some(items) => described(items, &format!("{path}{name}[]."), rows),
            None => described(inner, &format!("{path}{name}."), rows),
        }
    }
}

/// The script that looks at the answer, line by line.
fn tests(step: &Step, subject: &Subject) -> Vec<String> {
    let mut lines = vec![
        format!("pm.test('The status is {0}', () => pm.response.to.have.status({0}));", step.status),
        format!(
            "pm.test('The answer has a request id', () => pm.response.to.have.header('{}'));",
            subject.request_id()
        ),
    ];
    let json = subject.protocol != Protocol::Query;
    match (&subject.output, step.succeeds()) {
        (Some(schema), true) if json => {
            lines.push(String::new());
            let text = serde_json::to_string_pretty(&plain(schema)).expect("JSON");
            lines.extend(format!("const schema = {text};").lines().map(str::to_owned));
            lines.push(
                "pm.test('The answer has its members', () => pm.response.to.have.jsonSchema(schema));"
                    .to_owned(),
            );
        }
        (None, true) if subject.protocol == Protocol::Rest => {
            lines.push(
                "pm.test('The answer is empty', () => pm.expect(pm.response.text()).to.eql(''));".to_owned(),
            );
        }
        _ => {}
    }
    let required = subject.output.as_ref().and_then(|schema| schema["required"].as_array());
    let in_xml = required.into_iter().flatten().filter(|_| !json && step.succeeds()).map(text);
    let mut looks: Vec<_> = in_xml
        .map(|name| format!("pm.test('It has {name}', () => pm.expect({}).to.be.ok);", at(&name, json)))
        .collect();
    for (path, value) in &step.expect {
        looks.push(expectation(path, value, json));
    }
    if let Some(code) = &step.error {
        looks.push(expectation(subject.code(), &json!(code), json));
    }
    for (variable, path) in &step.save {
        looks.push(format!("pm.collectionVariables.set('{variable}', {});", at(&text(path), json)));
    }
    if !looks.is_empty() {
        lines.push(String::new());
        lines.push(match json {
            true => "const answer = pm.response.json();".to_owned(),
            false => {
                "const answer = (name) => pm.response.text().split(`<${name}>`)[1]?.split('<')[0];".to_owned()
            }
        });
        lines.extend(looks);
    }
    lines
}

fn expectation(path: &str, value: &Value, json: bool) -> String {
    let value = match value.as_str() {
        Some(text) if text.contains("{{") => format!("pm.variables.replaceIn({value})"),
        _ => value.to_string(),
    };
    format!("pm.test('{path} is as expected', () => pm.expect({}).to.eql({value}));", at(path, json))
}

/// Where in an answer a path like `Regions.0.Status` leads, in JavaScript.
fn at(path: &str, json: bool) -> String {
    if !json {
        return format!("answer('{path}')");
    }
    let steps = path.split('.').map(|step| match step.parse::<usize>() {
        Ok(number) => format!("[{number}]"),
        Err(_) => format!(".{step}"),
    });
    format!("answer{}", steps.collect::<String>())
}

/// A schema without what its readers in Postman do not know.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "contentMediaType" | "contentSchema"))
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        other => other.clone(),
    }
}
