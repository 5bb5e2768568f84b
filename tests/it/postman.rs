//! The Postman collection is made from the tables and from stories, which show every operation of the tables.

use serde::Deserialize;
use serde_json::{Value, json};

use super::golden;
use super::postman_item::item;
use super::postman_story::{Chapter, Story};

const COLLECTION: &str = "openapi/sanmen.postman_collection.json";

const ABOUT: &str = "The operations of three clouds' single sign-on control planes that Sanmen serves, and the \
    emulator's own paths. Made from the tables of the program by its tests.\n\n\
    Each folder is a story: its requests build on each other, in this order, and it begins by taking the server back \
    to its seed, so that it can be run again. The answers are checked.\n\n\
    The header Authorization of a request says by a variable whose key signs it. Before the request is sent, the \
    script of the vendor's folder replaces it by the signature, as the vendor's own clients make it. Parameters are \
    written as they are meant: the script encodes them. The variables of the collection fit the seed `default`; \
    `base_url` says where the server is.";

/// Who tells a story: the name of its file, that of its folder, and what stands there.
const TELLERS: [(&str, &str, &str); 4] = [
    ("admin", "Sanmen", "The emulator's own paths: health, the world, access keys."),
    ("aws", "AWS IAM Identity Center", "Requests are signed by Signature Version 4."),
    (
        "alibaba",
        "Alibaba Cloud CloudSSO",
        "Requests are signed by version 3 of the signature, ACS3-HMAC-SHA256.",
    ),
    ("huawei", "Huawei Cloud IAM Identity Center", "Requests are signed by AK/SK, SDK-HMAC-SHA256."),
];

/// A variable of the collection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    key: String,
    value: String,
    about: String,
}

fn read(name: &str) -> String {
    std::fs::read_to_string(golden::repository(&format!("openapi/postman/{name}"))).expect("a file")
}

fn variables() -> Vec<Variable> {
    serde_json::from_str(&read("variables.json")).expect("a list of variables")
}

fn names(variables: &[Variable]) -> Vec<String> {
    variables.iter().map(|variable| variable.key.clone()).collect()
}

#[test]
fn the_collection_is_current() {
    let variables = variables();
    let stories = TELLERS.map(|(teller, ..)| Story::read(teller));
    let faults: Vec<_> = stories.iter().flat_map(|story| story.faults(&names(&variables))).collect();
    assert!(faults.is_empty(), "in openapi/postman/stories:\n  {}", faults.join("\n  "));
    let collection = json!({
        "info": {
            "name": "Sanmen",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": TELLERS.iter().zip(&stories).map(|(teller, story)| folder(teller, story)).collect::<Vec<_>>(),
        "variable": declared(&variables, &stories),
    });
    let text = serde_json::to_string_pretty(&collection).expect("JSON");
    golden::compare(COLLECTION, &format!("{text}\n"));
}

/// What is declared, and what the stories keep.
fn declared(variables: &[Variable], stories: &[Story]) -> Vec<Value> {
    let given = variables.iter().map(
        |Variable { key, value, about }| json!({ "key": key, "value": value, "type": "string", "description": about }),
    );
    let mut declared: Vec<_> = given.collect();
    for step in stories.iter().flat_map(Story::steps) {
        for name in step.save.keys() {
            if !declared.iter().any(|variable| variable["key"] == *name) {
                let about = format!("Set by the answer to {}.", step.name());
                declared.push(json!({ "key": name, "value": "", "type": "string", "description": about }));
            }
        }
    }
    declared
}

fn folder((teller, name, about): &(&str, &str, &str), story: &Story) -> Value {
    let chapters: Vec<_> = story.chapters.iter().map(|chapter| subfolder(story, chapter)).collect();
    let mut folder = json!({ "name": name, "description": about, "item": chapters });
    if *teller != "admin" {
        let script = format!("{}\n{}", read("common.js"), read(&format!("{teller}.js")));
        let lines: Vec<_> = script.lines().collect();
        folder["event"] = json!([{
            "listen": "prerequest", "script": { "type": "text/javascript", "exec": lines },
        }]);
    }
    folder
}

fn subfolder(story: &Story, chapter: &Chapter) -> Value {
    let subjects = chapter.steps.iter().map(|step| story.subject(step).expect("what was looked at"));
    let subjects: Vec<_> = subjects.collect();
    let service = subjects.iter().find_map(|subject| subject.service);
    let name =
        service.map_or(chapter.title.clone(), |service| format!("{}: {}", service.name, chapter.title));
    let items: Vec<_> =
        chapter.steps.iter().zip(&subjects).map(|(step, subject)| item(step, subject)).collect();
    json!({ "name": name, "description": chapter.about, "item": items })
}

#[test]
fn what_a_story_gets_wrong_is_told() {
    let chapter = |steps: &str| {
        let text = format!(r#"[{{ "title": "T", "about": "A.", "steps": [{steps}] }}]"#);
        Story::parse("aws", &text).expect("a story")
    };
    let cases = [
        (r#"{ "operation": "Create" }"#, "calls nothing that is served"),
        (r#"{ "endpoint": "GET /nowhere" }"#, "calls nothing that is served"),
        (r#"{ "operation": "CreateInstance", "with": { "Nam": "" } }"#, "there is no parameter Nam"),
        (
            r#"{ "operation": "CreateInstance", "with": { "Tags": [{ "Key": "a", "V": "" }] } }"#,
            "there is no parameter Tags.0.V",
        ),
        (
            r#"{ "operation": "CreateInstance", "with": { "Tags": [{ "Key": "a" }] } }"#,
            "the parameter Tags.0.Value is required",
        ),
        (
            r#"{ "operation": "CreateInstance", "with": { "Name": 1 } }"#,
            "the parameter Name. is of the type string: 1",
        ),
        (r#"{ "operation": "DescribeInstance" }"#, "the parameter InstanceArn is required"),
        (
            r#"{ "operation": "CreateInstance", "as": "nobody" }"#,
            r#"the variable "aws_nobody_access_key_id""#,
        ),
        (
            r#"{ "operation": "CreateInstance", "with": { "Name": "{{nothing}}" } }"#,
            r#"the variable "nothing""#,
        ),
        (r#"{ "operation": "CreateInstance", "save": { "a": "Arn" } }"#, r#"the answer has no member "Arn""#),
        (r#"{ "operation": "CreateInstance", "expect": { "Arn": 1 } }"#, r#"the answer has no member "Arn""#),
        (r#"{ "operation": "CreateInstance", "error": "E" }"#, "expects an error with the status 200"),
        (r#"{ "operation": "CreateInstance", "status": 400 }"#, "expects a refusal, and not by which error"),
        (r#"{ "operation": "CreateInstance" }"#, "aws.json has no step in which DescribeInstance succeeds"),
        (
            r#"{ "endpoint": "POST /_sanmen/keys", "with": { "vendor": "none", "account": "a" } }"#,
            r#"the parameter vendor. is not "none""#,
        ),
    ];
    let declared = names(&variables());
    for (steps, fault) in cases {
        let faults = chapter(steps).faults(&declared);
        assert!(faults.iter().any(|found| found.contains(fault)), "{steps}: {faults:?}");
    }
}
