//! Directories of Alibaba Cloud: how they come, and that nothing of them is left.

use std::sync::Arc;

use sanmen::api::Limits;

use super::alibaba_passwords::full;
use super::bench::{Bench, Place};
use super::hostile::everything;

const MANAGEMENT: &str = "1111111111111111";
const D: &str = "DirectoryId=d-001111111111";

async fn code(bench: &Bench, action: &str, query: &str) -> String {
    let answer = bench.alibaba(MANAGEMENT, action, query).await.json();
    answer["Code"].as_str().unwrap_or("ok").to_owned()
}

/// doc: a directory with users cannot be deleted. What was in one that was, is gone with it.
#[tokio::test]
async fn a_directory_is_deleted_when_it_is_empty_and_wholly() {
    let bench = full().await;
    let (alice, bob) = ("UserId=u-00000000000000000001", "UserId=u-00000000000000000002");
    let steps = [
        ("DeleteDirectory", String::new(), "DeletionConflict.Directory.User"),
        ("DeleteUser", bob.to_owned(), "ok"),
        ("DeleteDirectory", String::new(), "DeletionConflict.Directory.User"),
        ("DeleteUser", alice.to_owned(), "DeletionConflict.User.MFADevice"),
        ("DeleteMFADeviceForUser", format!("{alice}&MFADeviceId=mfa-00000000000000000001"), "ok"),
        ("DeleteMFADeviceForUser", format!("{alice}&MFADeviceId=mfa-00000000000000000002"), "ok"),
        ("DeleteUser", alice.to_owned(), "ok"),
        ("DeleteDirectory", String::new(), "ok"),
        ("DeleteDirectory", String::new(), "EntityNotExists.Directory"),
    ];
    for (action, query, expected) in steps {
        assert_eq!(code(&bench, action, &format!("{D}&{query}")).await, expected, "{action} {query}");
    }
    let left = everything(&bench).await;
    for what in ["d-001111111111", "alice", "bob", "mfa-0", "10.0.0.0/8"] {
        assert!(!left.contains(what), "{what} is left: {left}");
    }
    assert_eq!(code(&bench, "DisableService", "").await, "ok");
}

/// doc: the Regions. A directory is at its own endpoint, and at no other.
#[tokio::test]
async fn a_directory_lives_in_the_region_that_it_was_asked_for_in() {
    let regions =
        ["cn-shanghai", "cn-hongkong", "us-west-1", "eu-central-1", "ap-southeast-1", "ap-northeast-2"];
    for home in regions {
        let bench = Bench::with("blank", Place::Memory, Limits::default()).await;
        assert_eq!(code(&bench, "EnableService", "").await, "ok");
        let call = async |region: &str, action: &str, query: &str| {
            let host = format!("cloudsso.{region}.aliyuncs.com");
            let headers = [("host", &*host), ("x-acs-action", action), ("x-acs-version", "2021-05-15")];
            bench.request("POST", &format!("/?{query}"), &headers, "").await.json()
        };
        let made = call(home, "CreateDirectory", "").await["Directory"].clone();
        assert_eq!(made["Region"], home);
        let id = made["DirectoryId"].as_str().expect("an id");
        assert!(id.len() == 14 && id.starts_with("d-00"), "{id}");
        assert_eq!(made["DirectoryName"], id);
        for region in regions {
            let found = call(region, "GetDirectory", &format!("DirectoryId={id}")).await;
            assert_eq!(found.get("Code").is_none(), region == home, "{region}: {found}");
            let list = call(region, "ListDirectories", "").await;
            assert_eq!(list["TotalCounts"], usize::from(region == home), "{region}");
            let status = call(region, "GetServiceStatus", "").await;
            assert_eq!(status["ServiceStatus"]["RegionsInUse"], serde_json::json!([home]));
        }
    }
}

/// A directory is for whoever administers its organization, and so is what is in it.
#[tokio::test]
async fn what_is_in_a_directory_is_not_seen_from_another_one() {
    let bench = Bench::with("tests/seeds/governed.yaml", Place::Memory, Limits::default()).await;
    let other = bench.alibaba("2222222222222222", "CreateDirectory", "").await.json();
    let other = other["Directory"]["DirectoryId"].as_str().expect("an id").to_owned();
    let calls = [
        ("GetUser", "UserId=u-00000000000000000001"),
        ("UpdateUser", "UserId=u-00000000000000000001&NewFirstName=x"),
        ("UpdateUserStatus", "UserId=u-00000000000000000001&NewStatus=Disabled"),
        ("DeleteUser", "UserId=u-00000000000000000001"),
        ("ResetUserPassword", "UserId=u-00000000000000000001&Password=Abcdef1!"),
        ("GetUserMFAAuthenticationSettings", "UserId=u-00000000000000000001"),
        ("ListMFADevicesForUser", "UserId=u-00000000000000000001"),
        ("GetUserId", "ExternalId=%7B%22Id%22%3A%22bob%40example.com%22%2C%22Issuer%22%3A%22SCIM%22%7D"),
        ("TagResources", "ResourceType=user&ResourceId.1=u-00000000000000000001&Tag.1.Key=k"),
        ("UntagResources", "ResourceType=user&ResourceId.1=u-00000000000000000001&TagKey.1=k"),
    ];
    let before = everything(&bench).await;
    for (action, query) in calls {
        for (directory, expected) in [(&*other, "User"), ("d-001111111111", "Directory")] {
            let query = format!("DirectoryId={directory}&{query}");
            let answer = bench.alibaba("2222222222222222", action, &query).await;
            assert_eq!(answer.json()["Code"], format!("EntityNotExists.{expected}"), "{action} {directory}");
        }
    }
    assert!(everything(&bench).await == before, "something has changed");
    let query = format!("DirectoryId={other}");
    let list = bench.alibaba("2222222222222222", "ListUsers", &query).await.json();
    assert_eq!(list["TotalCounts"], 0);
    for name in ["alice", "bob"] {
        let taken = format!("{query}&UserName={name}");
        let answer = bench.alibaba("2222222222222222", "CreateUser", &taken).await;
        assert_eq!(answer.status, 200, "a name is taken in its own directory only");
    }
}

/// doc: one directory an account.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_creations_of_a_directory_one_wins() {
    for place in Place::all() {
        let bench = Arc::new(Bench::with("blank", place, Limits::default()).await);
        assert_eq!(code(&bench, "EnableService", "").await, "ok");
        let calls: Vec<_> = (0..32)
            .map(|i| {
                let bench = bench.clone();
                let caller = if i % 2 == 0 { MANAGEMENT } else { "3333333333333333" };
                let query = format!("DirectoryName=name-{i}");
                tokio::spawn(async move { bench.alibaba(caller, "CreateDirectory", &query).await })
            })
            .collect();
        let mut won = 0;
        for call in calls {
            let answer = call.await.expect("an answer");
            won += usize::from(answer.status == 200);
            assert!(answer.status == 200 || answer.json()["Code"] == "EntityAlreadyExists.Directory");
        }
        assert_eq!(won, 1, "{place:?}");
    }
}
