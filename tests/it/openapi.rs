//! The OpenAPI files are made from the tables, the shapes of the types, and the transcripts.

use sanmen::TABLES;
use sanmen::api::shape::{Kind, Shape};
use sanmen::domain::Rule;
use serde_json::{Map, Value, json};

use super::transcript::Exchange;
use super::{golden, openapi_admin, openapi_vendors, transcript};

#[tokio::test]
async fn the_descriptions_are_current() {
    let (transcripts, _) = transcript::replayed().await;
    for table in TABLES {
        let document = openapi_vendors::document(table, &transcripts);
        golden::compare(&format!("openapi/{}.yaml", table.provider.0), &yaml(&document));
    }
    golden::compare("openapi/admin.yaml", &yaml(&openapi_admin::document()));
}

/// What was made, as YAML with a line on where it comes from.
fn yaml(document: &Value) -> String {
    let text = serde_saphyr::to_string(document).expect("YAML");
    let read: Value = serde_saphyr::from_str(&text).expect("what was written can be read");
    assert_eq!(&read, document, "nothing is lost on the way");
    format!(
        "# Made from the tables of the program by its tests: UPDATE=1 cargo test --test it writes it anew.\n{text}"
    )
}

/// The head that all descriptions have.
pub(crate) fn head(title: &str, description: &str) -> Map<String, Value> {
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "description": description,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "http://127.0.0.1:7760" }],
    });
    match document {
        Value::Object(document) => document,
        other => panic!("{other} is no object"),
    }
}

/// Schemas by name.
#[derive(Default)]
pub(crate) struct Schemas(pub Map<String, Value>);

impl Schemas {
    /// Adds the schema of a shape under this name, and those of the structures in it under their own.
    pub(crate) fn add(&mut self, name: &str, shape: &Shape) {
        let schema = self.schema(shape, true);
        self.0.insert(name.to_owned(), schema);
    }

    /// The schema of a shape: a structure is referred to, unless it is the root.
    pub(crate) fn schema(&mut self, shape: &Shape, root: bool) -> Value {
        let mut schema = match &shape.kind {
            Kind::Nothing => json!({ "type": "object" }),
            Kind::Text => json!({ "type": "string" }),
            Kind::JsonText(inner) => json!({
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": self.schema(inner, false),
            }),
            Kind::Word(words) => json!({ "type": "string", "enum": words }),
            Kind::Integer => json!({ "type": "integer" }),
            Kind::Number => json!({ "type": "number" }),
            Kind::Boolean => json!({ "type": "boolean" }),
            Kind::List(item) => json!({ "type": "array", "items": self.schema(item, false) }),
            Kind::Structure(name, members) => {
                let structure = self.structure(members);
                if root {
                    structure
                } else {
                    // The same structure has its limits in a request, and none in an answer: what says more stays.
                    let before = self.0.get(*name).map(|before| before.to_string().len()).unwrap_or_default();
                    if structure.to_string().len() > before {
                        self.0.insert((*name).to_owned(), structure);
                    }
                    json!({ "$ref": format!("#/components/schemas/{name}") })
                }
            }
        };
        if shape.nullable {
            schema = match schema.get("$ref") {
                Some(_) => json!({ "anyOf": [schema, { "type": "null" }] }),
                None => {
                    schema["type"] = json!([schema["type"], "null"]);
                    schema
                }
            };
            if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                words.push(Value::Null);
            }
        }
        let list = matches!(shape.kind, Kind::List(_));
        let target =
            if let Kind::JsonText(_) = shape.kind { &mut schema["contentSchema"] } else { &mut schema };
        for rule in &shape.limits {
            limit(target, *rule, list || matches!(shape.kind, Kind::JsonText(_)));
        }
        schema
    }

    fn structure(&mut self, members: &[(&'static str, Shape)]) -> Value {
        let properties: Map<_, _> =
            members.iter().map(|(name, shape)| ((*name).to_owned(), self.schema(shape, false))).collect();
        let required: Vec<_> =
            members.iter().filter(|(_, shape)| !shape.optional).map(|(name, _)| *name).collect();
        let mut structure = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            structure["required"] = json!(required);
        }
        structure
    }
}

/// Writes a limit into a schema, of a list or of something else.
pub(crate) fn limit(schema: &mut Value, rule: Rule, list: bool) {
    let unit = if list { "Items" } else { "Length" };
    match rule {
        Rule::MinLength(min) => schema[format!("min{unit}")] = json!(min),
        Rule::MaxLength(max) => schema[format!("max{unit}")] = json!(max),
        Rule::MinValue(min) => schema["minimum"] = json!(min),
        Rule::MaxValue(max) => schema["maximum"] = json!(max),
        Rule::Pattern(pattern) if pattern.starts_with('^') => schema["pattern"] = json!(pattern),
        Rule::Pattern(pattern) => schema["pattern"] = json!(format!("^(?:{pattern})$")),
        Rule::Between(min, max) => note(schema, &format!("Between {min} and {max} seconds long.")),
        Rule::Distinct => note(schema, "No two items have the same key."),
        Rule::Unreserved(prefix) => note(schema, &format!("Does not begin with {prefix}, in whatever case.")),
        Rule::Without(part) => note(schema, &format!("Does not have {part} in it.")),
        // These follow from the type.
        Rule::Required | Rule::OneOf(_) | Rule::Readable(_) | Rule::Once => {}
        // These are not told beforehand.
        Rule::PageToken | Rule::PasswordPolicy => {}
    }
}

fn note(schema: &mut Value, sentence: &str) {
    let before = schema.get("description").and_then(Value::as_str).map(|text| format!("{text} "));
    schema["description"] = json!(format!("{}{sentence}", before.unwrap_or_default()));
}

/// The answers of an operation by status, with an example for each that the transcript shows.
pub(crate) fn responses(
    exchanges: &[&Exchange],
    success: &Value,
    failure: &Value,
    code: impl Fn(&Value) -> String,
) -> Value {
    let mut responses = Map::new();
    for exchange in exchanges {
        let (description, schema) = match exchange.status {
            200..300 => ("Success.", success),
            _ => ("Refused.", failure),
        };
        let response = responses
            .entry(exchange.status.to_string())
            .or_insert_with(|| json!({ "description": description }));
        let content_type = exchange.answer_header("content-type");
        if exchange.answer.is_empty() || !content_type.contains("json") {
            continue;
        }
        let answer: Value = serde_json::from_str(&exchange.answer).expect("JSON");
        let name = if exchange.status < 300 { "success".to_owned() } else { code(&answer) };
        let content = &mut response["content"][content_type];
        content["schema"] = schema.clone();
        if content["examples"].get(&name).is_none() {
            content["examples"][name] = json!({ "value": answer });
        }
    }
    responses.sort_keys();
    Value::Object(responses)
}
