//! Decoding, on a type that has all that a request can be made of.

use sanmen::api::decode::decode;
use sanmen::api::{JsonText, Params};
use sanmen::domain::{Error, Rule, Violation};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Everything {
    text: String,
    flag: bool,
    count: u32,
    share: Option<f64>,
    colour: Colour,
    list: Option<Vec<Item>>,
    inside: Option<JsonText<Vec<i64>>>,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Colour {
    Red,
    Green,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    id: i64,
    name: Option<String>,
}

fn texts(pairs: &[(&str, &str)]) -> Params {
    let texts = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Params { texts, ..Params::default() }
}

fn json(body: &str) -> Params {
    Params { body: Some(body.to_owned().into()), ..Params::default() }
}

/// What is found wrong, as the log has it; or why the request cannot be read.
fn wrong(params: &Params) -> Result<Vec<String>, String> {
    match decode::<Everything>(params) {
        Ok((_, violations)) | Err(Error::Invalid(violations)) => {
            Ok(violations.iter().map(Violation::to_string).collect())
        }
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn a_request_is_the_same_whether_it_comes_as_texts_or_as_json() {
    let from_texts = texts(&[
        ("Text", "a"),
        ("Flag", "True"),
        ("Count", "12"),
        ("Share", "0.5"),
        ("Colour", "Green"),
        ("Inside", "[1, -2]"),
        ("Unknown", "x"),
    ]);
    let from_json = json(
        r#"{"Text": "a", "Flag": true, "Count": 12, "Share": 0.5, "Colour": "Green", "Inside": "[1, -2]", "Unknown": {}}"#,
    );
    let expected = Everything {
        text: "a".to_owned(),
        flag: true,
        count: 12,
        share: Some(0.5),
        colour: Colour::Green,
        list: None,
        inside: Some(JsonText(vec![1, -2])),
    };
    for params in [from_texts, from_json] {
        let (found, violations) = decode::<Everything>(&params).expect("a request");
        assert_eq!(found, expected);
        assert_eq!(violations, Vec::new());
    }
}

#[test]
fn lists_keep_their_items_and_their_order() {
    let body = r#"{"Text":"","Flag":false,"Count":0,"Colour":"Red","List":[{"id":-3},{"id":1,"name":"n"},{"id":2,"name":null}]}"#;
    let (found, violations) = decode::<Everything>(&json(body)).expect("a request");
    let item = |id, name: Option<&str>| Item { id, name: name.map(str::to_owned) };
    assert_eq!(found.list, Some(vec![item(-3, None), item(1, Some("n")), item(2, None)]));
    assert_eq!(violations, Vec::new());
}

#[test]
fn all_that_is_missing_or_unknown_is_noted_with_its_place() {
    let required = |name: &str| format!("{name} breaks Required");
    let words = r#"OneOf(["Red", "Green"])"#;
    let most = ["Text", "Flag", "Count", "Colour"].map(required);
    assert_eq!(wrong(&Params::default()), Ok(most.to_vec()));
    assert_eq!(
        wrong(&json(r#"{"Text":null,"Flag":null,"Count":null,"Colour":null,"Inside":null}"#)),
        Ok(most.to_vec())
    );
    assert_eq!(
        wrong(&texts(&[
            ("Text", "a"),
            ("Flag", "yes"),
            ("Count", "-1"),
            ("Share", "half"),
            ("Colour", "red"),
            ("Inside", "[")
        ])),
        Ok(vec![
            format!("Flag breaks {:?}", Rule::Readable("a boolean")),
            format!("Count breaks {:?}", Rule::Readable("an integer")),
            format!("Share breaks {:?}", Rule::Readable("a number")),
            format!("Colour breaks {words}"),
            format!("Inside breaks {:?}", Rule::Readable("a JSON text")),
        ])
    );
    let body = r#"{"Text":"a","Flag":true,"Count":1,"Colour":"Blue","List":[{"id":1},{},null]}"#;
    let expected = [format!("Colour breaks {words}"), required("List[1].id"), required("List[2]")];
    assert_eq!(wrong(&json(body)), Ok(expected.to_vec()));
}

#[test]
fn a_value_of_another_type_is_no_request() {
    let valid = [("Text", "\"a\""), ("Flag", "true"), ("Count", "1"), ("Colour", "\"Red\"")];
    for (name, value, place) in [
        ("Text", "1", "a string was expected at Text"),
        ("Flag", "\"true\"", "a boolean was expected at Flag"),
        ("Count", "\"1\"", "an integer was expected at Count"),
        ("Count", "1.5", "an integer was expected at Count"),
        ("Count", "-1", "an integer was expected at Count"),
        ("Share", "\"1\"", "a number was expected at Share"),
        ("Colour", "[]", "a string was expected at Colour"),
        ("List", "{}", "a list was expected at List"),
        ("List", "[1]", "an object was expected at List[0]"),
        ("List", "[{\"id\":1},{\"id\":\"1\"}]", "an integer was expected at List[1].id"),
        ("Inside", "[1]", "a string was expected at Inside"),
    ] {
        let members = valid
            .iter()
            .filter(|(other, _)| *other != name)
            .map(|(name, value)| format!("\"{name}\":{value}"));
        let members: Vec<_> = members.chain([format!("\"{name}\":{value}")]).collect();
        let reason = wrong(&json(&format!("{{{}}}", members.join(",")))).expect_err(value);
        assert!(reason.ends_with(place), "{name} {value}: {reason}");
    }
}

/// JSON within a text that is of another form is a fault of that text, not of the request.
#[test]
fn json_of_another_form_within_a_text_is_a_violation() {
    for text in ["{}", "[\"1\"]", "null", "1"] {
        let params =
            texts(&[("Text", "a"), ("Flag", "true"), ("Count", "1"), ("Colour", "Red"), ("Inside", text)]);
        assert_eq!(
            wrong(&params),
            Ok(vec![format!("Inside breaks {:?}", Rule::Readable("a JSON text"))]),
            "{text}"
        );
    }
}

#[test]
fn a_text_goes_before_a_member_and_may_be_blank() {
    let mut params = texts(&[("Text", "from the path"), ("Colour", "")]);
    params.body = Some(r#"{"Text":"from the body","Flag":true,"Count":1,"Colour":"Red"}"#.into());
    let (found, violations) = decode::<Everything>(&params).expect("a request");
    assert_eq!(found.text, "from the path");
    assert_eq!(violations.len(), 1, "a blank is no colour: {violations:?}");
    params.blank_is_absent = true;
    let (found, violations) = decode::<Everything>(&params).expect("a request");
    assert_eq!((found.colour, violations), (Colour::Red, Vec::new()), "a blank is nothing");
}

/// A list of structures, written as texts with dots in their names.
fn flat(pairs: &[(&str, &str)]) -> Params {
    let needed = [("Text", "a"), ("Flag", "true"), ("Count", "1"), ("Colour", "Red")];
    Params { flattened: true, blank_is_absent: true, ..texts(&[&needed, pairs].concat()) }
}

#[test]
fn a_list_of_texts_with_numbers_in_their_names_is_read_in_the_order_of_the_numbers() {
    let pairs = [
        ("List.10.id", "3"),
        ("List.2.name", "two"),
        ("List.2.id", "2"),
        ("List.1.id", "1"),
        ("Lists.1", "x"),
    ];
    let (read, violations) = decode::<Everything>(&flat(&pairs)).expect("a request");
    assert_eq!(violations, []);
    let items: Vec<_> = read.list.expect("a list").into_iter().map(|item| (item.id, item.name)).collect();
    assert_eq!(items, [(1, None), (2, Some("two".to_owned())), (3, None)]);
    assert_eq!(decode::<Everything>(&flat(&[])).expect("a request").0.list, None);
}

#[test]
fn a_list_with_something_in_it_that_is_not_numbered_is_none() {
    for name in [
        "List.0.id",
        "List.01.id",
        "List.+1.id",
        "List.-1.id",
        "List.x.id",
        "List..id",
        "List.",
        "List.4294967297.id",
    ] {
        for pairs in [vec![(name, "1")], vec![("List.1.id", "1"), (name, "1")]] {
            assert_eq!(
                wrong(&flat(&pairs)),
                Ok(vec!["List breaks Readable(\"a list\")".to_owned()]),
                "{pairs:?}"
            );
        }
    }
    for (pairs, expected) in [
        (vec![("List", "x")], "List breaks Readable(\"a list\")"),
        (vec![("List.1", "x")], "List[0] breaks Readable(\"a structure\")"),
        (vec![("List.1.name", "x")], "List[0].id breaks Required"),
        (vec![("List.1.id", "x")], "List[0].id breaks Readable(\"an integer\")"),
        (vec![("List.1.id.2", "x")], "List[0].id breaks Readable(\"an integer\")"),
    ] {
        assert_eq!(wrong(&flat(&pairs)), Ok(vec![expected.to_owned()]), "{pairs:?}");
    }
}
