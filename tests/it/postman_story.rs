//! The stories that the Postman collection tells, and what they get wrong about the operations.

use std::collections::BTreeSet;

use sanmen::TABLES;
use sanmen::server::admin::ENDPOINTS;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::golden;
use super::postman_subject::{Subject, places};

/// A part of a story: a folder of the collection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chapter {
    pub title: String,
    pub about: String,
    pub steps: Vec<Step>,
}

/// A request of a story, and what is expected of its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// What it calls: an operation of the story's vendor, or else an endpoint of the emulator's own.
    pub operation: Option<String>,
    pub endpoint: Option<String>,
    /// Its name in the collection, where that of what it calls would not do.
    pub title: Option<String>,
    /// Whose key signs: `member` means that of the variable `aws_member_access_key_id`.
    #[serde(rename = "as")]
    pub caller: Option<String>,
    /// The parameters by name, wherever the protocol has them.
    #[serde(default)]
    pub with: Map<String, Value>,
    #[serde(default = "success")]
    pub status: u16,
    /// The code of the vendor's error, where it is to be refused.
    pub error: Option<String>,
    /// Why no step shows it succeed, where that cannot be shown in the default world.
    pub only_refused: Option<String>,
    /// What members of the answer are, by path.
    #[serde(default)]
    pub expect: Map<String, Value>,
    /// Which variables members of the answer are kept in.
    #[serde(default)]
    pub save: Map<String, Value>,
}

fn success() -> u16 {
    200
}

impl Step {
    pub(crate) fn succeeds(&self) -> bool {
        self.status < 300
    }

    /// What it calls, by the name that it gives.
    fn called(&self) -> &str {
        self.operation.as_deref().or(self.endpoint.as_deref()).unwrap_or("(nothing)")
    }

    pub(crate) fn name(&self) -> String {
        let called = self.called();
        match (&self.title, &self.error) {
            (Some(title), _) => title.clone(),
            (None, Some(error)) => format!("{called}, refused by {error}"),
            (None, None) => called.to_owned(),
        }
    }
}

/// The story of a vendor, or of `admin`.
pub(crate) struct Story {
    pub teller: String,
    pub chapters: Vec<Chapter>,
}

impl Story {
    pub(crate) fn read(teller: &str) -> Self {
        let path = format!("openapi/postman/stories/{teller}.json");
        let text = std::fs::read_to_string(golden::repository(&path)).expect("a story");
        Self::parse(teller, &text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn parse(teller: &str, text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { teller: teller.to_owned(), chapters: serde_json::from_str(text)? })
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.chapters.iter().flat_map(|chapter| &chapter.steps)
    }

    /// What a step of this story calls, if there is such a thing.
    pub(crate) fn subject(&self, step: &Step) -> Option<Subject> {
        match (&step.operation, &step.endpoint) {
            (Some(operation), None) => Subject::operation(&self.teller, operation),
            (None, Some(endpoint)) => Subject::endpoint(endpoint),
            _ => None,
        }
    }

    /// All that is wrong with it, given the variables that the collection declares.
    pub(crate) fn faults(&self, declared: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        let mut variables: BTreeSet<_> = declared.iter().map(String::as_str).collect();
        for chapter in &self.chapters {
            let mut services = BTreeSet::new();
            for step in &chapter.steps {
                let mut found = Vec::new();
                match self.subject(step) {
                    None => found.push("calls nothing that is served".to_owned()),
                    Some(subject) => {
                        services.extend(subject.service.map(|service| service.name));
                        self.check(step, &subject, &variables, &mut found);
                    }
                }
                variables.extend(step.save.keys().map(String::as_str));
                let place = format!("{}.json, {}, {}", self.teller, chapter.title, step.name());
                faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
            }
            if services.len() > 1 {
                let place = format!("{}.json, {}", self.teller, chapter.title);
                faults.push(format!("{place}: a chapter is of one service, not of {services:?}"));
            }
        }
        faults.extend(self.missing());
        faults
    }

    fn check(&self, step: &Step, subject: &Subject, variables: &BTreeSet<&str>, faults: &mut Vec<String>) {
        // What is to be refused may lack what is required.
        given(&subject.input, &Value::Object(step.with.clone()), "", step.succeeds(), faults);
        if step.error.is_some() && step.succeeds() {
            faults.push(format!("expects an error with the status {}", step.status));
        }
        if step.only_refused.as_ref().is_some_and(|why| step.succeeds() || why.is_empty()) {
            faults.push("says why it is only refused, and succeeds, or gives no reason".to_owned());
        }
        if step.error.is_none() && !step.succeeds() && subject.service.is_some() {
            faults.push("expects a refusal, and not by which error".to_owned());
        }
        let kept = step.save.values().map(|path| path.as_str().unwrap_or_default());
        for path in step.expect.keys().map(String::as_str).chain(kept) {
            let known = subject.output.as_ref().is_some_and(|output| places(output, path));
            if step.succeeds() && !known {
                faults.push(format!("the answer has no member {path:?}"));
            }
        }
        let mut used: Vec<_> = step.with.values().chain(step.expect.values()).flat_map(named).collect();
        used.extend(subject.key(step.caller.as_deref()));
        for name in used.iter().filter(|name| !name.starts_with('$')) {
            if !variables.contains(name.as_str()) {
                faults.push(format!("the variable {name:?} is neither declared nor saved before"));
            }
        }
    }

    /// What no step shows to succeed.
    fn missing(&self) -> Vec<String> {
        let operations = TABLES.into_iter().filter(|table| table.provider.0 == self.teller);
        let operations = operations.flat_map(|table| table.entries()).map(|(_, it)| it.spec.name.to_owned());
        let endpoints = ENDPOINTS.iter().filter(|_| self.teller == "admin");
        let endpoints = endpoints.map(|endpoint| format!("{} {}", endpoint.method, endpoint.path));
        let shown = self.steps().filter(|step| step.succeeds() || step.only_refused.is_some());
        let shown: BTreeSet<_> = shown.map(Step::called).collect();
        let missing = operations.chain(endpoints).filter(|name| !shown.contains(name.as_str()));
        missing.map(|name| format!("{}.json has no step in which {name} succeeds", self.teller)).collect()
    }
}

/// Compares what a step gives with the schema of what it may and must give.
fn given(schema: &Value, value: &Value, path: &str, complete: bool, faults: &mut Vec<String>) {
    let schema = match value {
        Value::String(_) => schema,
        // A text that holds JSON is given as what it holds.
        _ => schema.get("contentSchema").unwrap_or(schema),
    };
    let is_variable = value.as_str().is_some_and(|text| text.contains("{{"));
    match (schema["type"].as_str(), value) {
        (Some("object"), Value::Object(members)) => {
            for (name, value) in members {
                match schema["properties"].get(name) {
                    Some(schema) => given(schema, value, &format!("{path}{name}."), complete, faults),
                    None => faults.push(format!("there is no parameter {path}{name}")),
                }
            }
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for name in required.filter(|name| complete && !members.contains_key(*name)) {
                faults.push(format!("the parameter {path}{name} is required"));
            }
        }
        (Some("array"), Value::Array(items)) => {
            for (number, item) in items.iter().enumerate() {
                given(&schema["items"], item, &format!("{path}{number}."), complete, faults);
            }
        }
        (Some("integer" | "number"), Value::Number(_)) | (Some("boolean"), Value::Bool(_)) => {}
        (Some("integer" | "number" | "boolean"), Value::String(_)) if is_variable => {}
        (Some("string") | None, Value::String(_)) => {
            let words = schema.get("enum").and_then(Value::as_array);
            if complete && !is_variable && words.is_some_and(|words| !words.contains(value)) {
                faults.push(format!("the parameter {path} is not {value}"));
            }
        }
        (kind, value) => {
            let kind = kind.unwrap_or("string");
            faults.push(format!("the parameter {path} is of the type {kind}: {value}"));
        }
    }
}

/// The names of the variables in the texts of a value.
fn named(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            let names = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
            names.map(|(name, _)| name.to_owned()).collect()
        }
        Value::Array(items) => items.iter().flat_map(named).collect(),
        Value::Object(members) => members.values().flat_map(named).collect(),
        _ => Vec::new(),
    }
}
