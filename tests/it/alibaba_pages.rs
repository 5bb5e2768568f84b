//! Lists of Alibaba Cloud in pages: all of it comes, each once, whatever the size; and no token is taken but its own.

use serde_json::Value;

use super::bench::{Answer, Bench};

const MANAGEMENT: &str = "1111111111111111";
const DELEGATED: &str = "3333333333333333";
const D: &str = "DirectoryId=d-001111111111";
const USERS: usize = 12;

async fn list(bench: &Bench, query: &str) -> Answer {
    bench.alibaba(MANAGEMENT, "ListUsers", &format!("{D}&{query}")).await
}

/// A world with users: each second one is disabled.
async fn populated() -> Bench {
    let bench = Bench::new().await;
    for i in 0..USERS {
        let status = if i % 2 == 0 { "Enabled" } else { "Disabled" };
        let query = format!("{D}&UserName=user{i}&Status={status}");
        assert_eq!(bench.alibaba(MANAGEMENT, "CreateUser", &query).await.status, 200);
    }
    bench
}

fn names(page: &Value) -> impl Iterator<Item = String> {
    let users = page["Users"].as_array().expect("users");
    users.iter().map(|user| user["UserName"].as_str().expect("a name").to_owned())
}

/// Follows the tokens to the end.
async fn all(bench: &Bench, query: &str, size: usize, total: usize) -> Vec<String> {
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(bench, &format!("{query}&MaxResults={size}&NextToken={token}")).await.json();
        assert_eq!(page["TotalCounts"], total, "{page}");
        assert_eq!(page["MaxResults"], size, "{page}");
        let before = found.len();
        found.extend(names(&page));
        let more = page["IsTruncated"].as_bool().expect("a boolean");
        assert_eq!(page.get("NextToken").is_some(), more, "a token is there when there is another page");
        if !more {
            return found;
        }
        assert_eq!(found.len() - before, size, "a page that is not the last is full");
        token = page["NextToken"].as_str().expect("a token").to_owned();
    }
}

#[tokio::test]
async fn every_user_comes_once_whatever_the_size_of_a_page() {
    let bench = populated().await;
    let every: Vec<_> = (0..USERS).map(|i| format!("user{i}")).collect();
    let disabled: Vec<_> = every.iter().skip(1).step_by(2).cloned().collect();
    let begins: Vec<_> = every.iter().filter(|name| name.starts_with("user1")).cloned().collect();
    for size in 1..=100 {
        assert_eq!(all(&bench, "", size, USERS).await, every, "{size} a page");
        assert_eq!(all(&bench, "Status=Disabled", size, disabled.len()).await, disabled, "{size} a page");
        let filter = "Filter=UserName+sw+user1";
        assert_eq!(all(&bench, filter, size, begins.len()).await, begins, "{size} a page");
    }
    let page = list(&bench, "").await.json();
    assert_eq!((names(&page).count(), &page["MaxResults"]), (10, &10.into()), "ten when that is not said");
}

/// What comes and goes between two pages makes nobody else come twice, or not at all.
#[tokio::test]
async fn a_list_that_changes_meanwhile_goes_on() {
    let bench = populated().await;
    let page = list(&bench, "MaxResults=4").await.json();
    let token = page["NextToken"].as_str().expect("a token");
    for i in [0, 3] {
        let id = page["Users"][i]["UserId"].as_str().expect("an id");
        let gone = bench.alibaba(MANAGEMENT, "DeleteUser", &format!("{D}&UserId={id}")).await;
        assert_eq!(gone.status, 200);
    }
    let late = bench.alibaba(MANAGEMENT, "CreateUser", &format!("{D}&UserName=late")).await;
    assert_eq!(late.status, 200);
    let next = list(&bench, &format!("MaxResults=4&NextToken={token}")).await.json();
    assert_eq!(names(&next).collect::<Vec<_>>(), ["user4", "user5", "user6", "user7"]);
    assert_eq!(next["TotalCounts"], USERS - 1);
}

/// A token is for its caller, its directory and its parameters, and cannot be made by anybody else.
#[tokio::test]
async fn no_token_is_taken_but_the_one_that_was_given_out() {
    let bench = populated().await;
    let page = list(&bench, "MaxResults=4&Status=Enabled").await.json();
    let token = page["NextToken"].as_str().expect("a token").to_owned();
    let mut refused = Vec::new();
    for at in 0..token.len() {
        for flip in ['0', 'f', 'F', 'g', 'é'] {
            let mut changed: Vec<char> = token.chars().collect();
            if std::mem::replace(&mut changed[at], flip) != flip {
                refused.push(changed.into_iter().collect::<String>());
            }
        }
        refused.push(token[..at].to_owned());
    }
    refused.extend([format!("{token}0"), format!("0{token}"), token.to_uppercase(), "0".repeat(76)]);
    for token in refused.iter().filter(|token| !token.is_empty()) {
        let token = percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC);
        let answer = list(&bench, &format!("MaxResults=4&Status=Enabled&NextToken={token}")).await;
        assert_eq!(answer.json()["Code"], "InvalidParameter.NextToken", "{token}");
    }
    for query in [
        "MaxResults=4",
        "MaxResults=5&Status=Enabled",
        "Status=Enabled",
        "MaxResults=4&Status=Disabled",
        "MaxResults=4&Status=Enabled&ProvisionType=Manual",
        "MaxResults=4&Status=Enabled&Filter=UserName+sw+u",
        "MaxResults=4&Status=Enabled&Tags.1.Key=k",
    ] {
        let answer = list(&bench, &format!("{query}&NextToken={token}")).await;
        assert_eq!(answer.json()["Code"], "InvalidParameter.NextToken", "{query}");
    }
    let ten = list(&bench, "").await.json();
    let ten = ten["NextToken"].as_str().expect("a token");
    let said = list(&bench, &format!("MaxResults=10&NextToken={ten}")).await;
    assert_eq!(said.status, 200, "ten is what a page has when that is not said");
    let same = format!("{D}&MaxResults=4&Status=Enabled&NextToken={token}");
    let foreign = bench.alibaba(DELEGATED, "ListUsers", &same).await;
    assert_eq!(foreign.json()["Code"], "InvalidParameter.NextToken", "another caller's");
    assert_eq!(bench.alibaba(MANAGEMENT, "ListUsers", &same).await.status, 200, "its own, again and again");
    bench.world.reset().await.expect("a reset");
    let answer = bench.alibaba(MANAGEMENT, "ListUsers", &same).await;
    assert_eq!(answer.json()["Code"], "InvalidParameter.NextToken", "of a world that is no more");
}
