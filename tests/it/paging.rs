//! Lists in pages, all that the tables have: each item exactly once through any page size, and no token but ours.

use std::collections::BTreeSet;

use sanmen::api::shape::{Kind, Shape};
use sanmen::api::{Entry, Paging, Route};
use sanmen::domain::region::{Region, Status};
use sanmen::domain::tag::Tag;
use sanmen::domain::user::{self, User};
use sanmen::domain::{Provider, Timestamp};
use sanmen::{TABLES, alibaba, aws, huawei, store};
use serde_json::{Value, json};

use super::bench::{Answer, Bench};

/// A list: the caller, the parameters that it is asked for with, and another caller who may ask for it.
struct Scene {
    caller: &'static str,
    other: &'static str,
    parameters: Value,
}

const ORGANIZATION: &str = "arn:aws:sso:::instance/ssoins-1111111111111111";

/// Fills a world with so many items of an operation's list, if the list can have so many.
async fn scene(bench: &Bench, provider: Provider, operation: &str, count: usize) -> Scene {
    if provider == huawei::PROVIDER && operation == "ListInstances" {
        // One, that of the organization.
        let (caller, other) = ("33333333333333333333333333333333", "11111111111111111111111111111111");
        return Scene { caller, other, parameters: json!({}) };
    }
    let mut tx = bench.world.store.write().await.expect("a transaction");
    let instance = "ssoins-1111111111111111";
    let scene = match operation {
        // Two at most: the account's own, and its organization's.
        "ListInstances" => Scene { caller: "333333333333", other: "111111111111", parameters: json!({}) },
        "ListTagsForResource" => {
            let tags = (0..count).map(|i| Tag { key: format!("k{i}"), value: String::new() });
            let tags: Vec<_> = tags.collect();
            store::tag::put(&mut tx, aws::PROVIDER, instance, instance, &tags).await.expect("tags");
            let parameters = json!({ "ResourceArn": ORGANIZATION });
            Scene { caller: "111111111111", other: "333333333333", parameters }
        }
        "ListRegions" => {
            for i in 1..count {
                let name = format!("xx-region-{i}");
                let (status, added) = (Status::Active, Timestamp(0));
                let region = Region { name, status, added, is_primary: false, settling: None };
                store::region::insert(&mut tx, aws::PROVIDER, instance, &region).await.expect("a Region");
            }
            let parameters = json!({ "InstanceArn": ORGANIZATION });
            Scene { caller: "111111111111", other: "333333333333", parameters }
        }
        "ListUsers" => {
            for i in 0..count {
                let user = User {
                    id: format!("u-{i:020}"),
                    instance: "d-001111111111".to_owned(),
                    name: format!("user{i}"),
                    given_name: None,
                    family_name: None,
                    display_name: None,
                    email: None,
                    status: user::Status::Enabled,
                    origin: user::Origin::Manual,
                    document: "{}".to_owned(),
                    created: Timestamp(0),
                    updated: Timestamp(0),
                };
                store::user::insert(&mut tx, alibaba::PROVIDER, &user).await.expect("a user");
            }
            let parameters = json!({ "DirectoryId": "d-001111111111" });
            Scene { caller: "1111111111111111", other: "3333333333333333", parameters }
        }
        other => panic!("say how the list of {other} is filled"),
    };
    bench.world.store.commit(tx).await.expect("committed");
    if operation == "ListInstances" && count > 1 {
        assert_eq!(bench.aws(scene.caller, "CreateInstance", "{}").await.status, 200);
    }
    scene
}

/// Asks for a page.
async fn ask(bench: &Bench, provider: Provider, entry: &Entry, caller: &str, parameters: &Value) -> Answer {
    let name = entry.spec.name;
    let query = || {
        let pairs = parameters.as_object().into_iter().flatten().map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", super::sign::encode(text.as_bytes()))
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    match (provider.0, entry.spec.route) {
        ("aws", _) => bench.aws(caller, name, parameters.to_string()).await,
        (_, Route::Path(method, path)) => {
            let path = path.replace("{instance_id}", "ins-1111111111111111");
            bench.huawei(caller, method, &format!("{path}?{}", query()), "").await
        }
        (_, Route::Name) => bench.alibaba(caller, name, &query()).await,
    }
}

/// The same parameters with one more.
fn with(parameters: &Value, name: &str, value: Value) -> Value {
    let mut parameters = parameters.clone();
    parameters[name] = value;
    parameters
}

/// The items of a page, each as a text, and the token of the next one.
fn page(paging: &Paging, answer: &Answer) -> (Vec<String>, Option<String>) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let items = body[paging.items].as_array().unwrap_or_else(|| panic!("no list in {body}"));
    let next = paging.next.iter().fold(&body, |value, step| &value[*step]);
    assert_ne!(next, &json!(""), "a token is there or not, and never empty: {body}");
    (items.iter().map(Value::to_string).collect(), next.as_str().map(str::to_owned))
}

/// All lists in pages.
fn lists() -> impl Iterator<Item = (Provider, &'static Entry, Paging)> {
    let entries =
        TABLES.into_iter().flat_map(|table| table.entries().map(|(_, entry)| (table.provider, entry)));
    entries.filter_map(|(provider, entry)| Some((provider, entry, entry.spec.paging?)))
}

#[tokio::test]
async fn each_item_is_on_exactly_one_page() {
    for (provider, entry, paging) in lists() {
        let name = entry.spec.name;
        for count in [0, 1, 2, 3, 10, 74] {
            let bench = Bench::new().await;
            let Scene { caller, parameters, .. } = scene(&bench, provider, name, count).await;
            let sizes: Vec<_> = match paging.size {
                Some(_) => {
                    [1, 2, 3, 7, 10, 73, 74, 75, 100].iter().map(|size| Some(*size)).chain([None]).collect()
                }
                None => vec![None],
            };
            let mut seen = BTreeSet::new();
            for size in sizes {
                let asked = match (paging.size, size) {
                    (Some(name), Some(size)) => with(&parameters, name, json!(size)),
                    _ => parameters.clone(),
                };
                let most = size.unwrap_or(paging.usual).min(paging.most);
                let (mut all, mut token): (Vec<String>, Option<String>) = (Vec::new(), None);
                loop {
                    let asked = match &token {
                        Some(token) => with(&asked, paging.token, json!(token)),
                        None => asked.clone(),
                    };
                    let (items, next) = page(&paging, &ask(&bench, provider, entry, caller, &asked).await);
                    assert!(items.len() <= most, "{name}: a page of {} items, asked for {most}", items.len());
                    assert!(next.is_none() || items.len() == most, "{name}: a page is full but for the last");
                    all.extend(items);
                    assert!(all.len() <= 1000, "{name}: it goes on and on");
                    token = next;
                    if token.is_none() {
                        break;
                    }
                }
                let distinct: BTreeSet<_> = all.iter().cloned().collect();
                assert_eq!(distinct.len(), all.len(), "{name}: an item is there twice, by {size:?}");
                seen.insert(all);
            }
            assert_eq!(
                seen.len(),
                1,
                "{name}: all page sizes lead through the same items, in the same order"
            );
            let found = seen.first().map(Vec::len).unwrap_or_default();
            // Some lists have one item at least, some few at most.
            assert!(
                found == count || name == "ListInstances" || (name == "ListRegions" && count == 0),
                "{name}: {found}"
            );
        }
    }
}

#[tokio::test]
async fn no_token_is_taken_but_one_that_was_given_out_for_that() {
    for (provider, entry, paging) in lists() {
        let name = entry.spec.name;
        let bench = Bench::new().await;
        let Scene { caller, other, parameters } = scene(&bench, provider, name, 74).await;
        let asked = match paging.size {
            Some(size) => with(&parameters, size, json!(1)),
            None => parameters,
        };
        let refused = async |caller: &str, token: &str| {
            let answer =
                ask(&bench, provider, entry, caller, &with(&asked, paging.token, json!(token))).await;
            assert_eq!(answer.status, 400, "{name}: {token:?}: {}", answer.text());
            let body = answer.json();
            let kind = ["__type", "Code", "error_code"].iter().find_map(|name| body[*name].as_str());
            let expected = ["ValidationException", "InvalidParameter.NextToken", "IIC.400"];
            assert!(expected.contains(&kind.unwrap_or_default()), "{name}: {token:?}: {body}");
        };
        for made_up in [
            "0",
            "x",
            "000000000001",
            "0000000000010000000000ff",
            &"0".repeat(76),
            "-1",
            "999999999999999999",
        ] {
            refused(caller, made_up).await;
        }
        let (_, token) = page(&paging, &ask(&bench, provider, entry, caller, &asked).await);
        let Some(token) = token else {
            assert!(["ListInstances"].contains(&name), "{name} has a second page");
            continue;
        };
        let shown = ask(&bench, provider, entry, caller, &with(&asked, paging.token, json!(token))).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        refused(other, &token).await;
        for i in 0..token.len() {
            let digit = if &token[i..=i] == "0" { "1" } else { "0" };
            refused(caller, &format!("{}{digit}{}", &token[..i], &token[i + 1..])).await;
        }
        refused(caller, &token[1..]).await;
        refused(caller, &token[..token.len() - 1]).await;
        refused(caller, &format!("{token}0")).await;
        refused(caller, &token.to_uppercase()).await;
        bench.world.reset().await.expect("reset");
        let scene = scene(&bench, provider, name, 74).await;
        assert_eq!(scene.caller, caller);
        refused(caller, &token).await;
    }
}

/// Whether a structure has a member somewhere.
fn has(shape: &Shape, name: &str) -> bool {
    match &shape.kind {
        Kind::Structure(_, members) => {
            members.iter().any(|(member, shape)| *member == name || has(shape, name))
        }
        _ => false,
    }
}

#[test]
fn what_is_said_of_pages_is_what_the_types_have() {
    let tokens = ["NextToken", "next_marker"];
    for table in TABLES {
        for (_, entry) in table.entries() {
            let (input, output, name) = ((entry.input)(), (entry.output)(), entry.spec.name);
            let pages = tokens.iter().any(|token| has(&output, token));
            assert_eq!(entry.spec.paging.is_some(), pages, "{name}: its answer has a token or not");
            let Some(paging) = entry.spec.paging else { continue };
            assert!(has(&input, paging.token) && has(&output, paging.items), "{name}");
            assert!(paging.size.is_none_or(|size| has(&input, size)), "{name}");
            assert!(paging.next.iter().all(|step| has(&output, step)), "{name}");
            assert!((1..=paging.most).contains(&paging.usual), "{name}");
        }
    }
}

#[tokio::test]
async fn an_item_that_comes_or_goes_moves_no_other() {
    let bench = Bench::new().await;
    let Scene { caller, parameters, .. } = scene(&bench, aws::PROVIDER, "ListTagsForResource", 60).await;
    let first = bench.aws(caller, "ListTagsForResource", parameters.to_string()).await.json();
    let keys = |answer: &Value| -> Vec<String> {
        let tags = answer["Tags"].as_array().expect("tags");
        tags.iter().map(|tag| tag["Key"].as_str().expect("a key").to_owned()).collect()
    };
    let remove = json!({ "ResourceArn": ORGANIZATION, "TagKeys": ["k0", "k49", "k55"] });
    assert_eq!(bench.aws(caller, "UntagResource", remove.to_string()).await.status, 200);
    let add = json!({ "ResourceArn": ORGANIZATION, "Tags": [{ "Key": "new", "Value": "" }] });
    assert_eq!(bench.aws(caller, "TagResource", add.to_string()).await.status, 200);
    let rest = with(&parameters, "NextToken", first["NextToken"].clone());
    let rest = bench.aws(caller, "ListTagsForResource", rest.to_string()).await.json();
    let expected: Vec<_> =
        (50..60).filter(|i| *i != 55).map(|i| format!("k{i}")).chain(["new".to_owned()]).collect();
    assert_eq!(keys(&rest), expected);
}
