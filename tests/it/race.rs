//! Many requests at a time: the rules hold whatever the order.

use std::collections::BTreeSet;
use std::sync::Arc;

use sanmen::api::Limits;
use serde_json::json;

use super::bench::{Answer, Bench, Place};

const MANY: usize = 64;

async fn at_once(bench: &Arc<Bench>, body: impl Fn(usize) -> String) -> Vec<Answer> {
    let calls: Vec<_> = (0..MANY)
        .map(|i| {
            let (bench, body) = (bench.clone(), body(i));
            tokio::spawn(async move { bench.aws("222222222222", "CreateInstance", body).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.expect("an answer"));
    }
    answers
}

/// doc: "You can create only one instance per account and across all AWS Regions."
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_creations_by_one_account_one_wins() {
    for place in Place::all() {
        let bench = Arc::new(Bench::with("default", place, Limits::default()).await);
        let answers = at_once(&bench, |i| json!({ "ClientToken": format!("t{i}") }).to_string()).await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        let lost = answers
            .iter()
            .filter(|answer| answer.status == 400 && answer.json()["__type"] == "ConflictException");
        assert_eq!((won, lost.count()), (1, MANY - 1), "{place:?}");
        let census = &bench.world.census(&[sanmen::aws::PROVIDER]).await.expect("a census")[0];
        assert_eq!(census.instances.iter().filter(|it| it.owner == "222222222222").count(), 1);
    }
}

/// doc: "This lets you safely retry the request".
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_creations_with_one_token_agree() {
    for place in Place::all() {
        let bench = Arc::new(Bench::with("default", place, Limits::default()).await);
        let answers = at_once(&bench, |_| json!({ "ClientToken": "t", "Name": "n" }).to_string()).await;
        let arns: BTreeSet<_> = answers.iter().map(|answer| (answer.status, answer.text())).collect();
        assert_eq!(arns.len(), 1, "{place:?}: {arns:?}");
        assert_eq!(answers[0].status, 200);
    }
}

/// Whoever looks while the world goes back to its seed sees all of it, before or after.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reset_is_seen_whole_or_not_at_all() {
    let bench = Arc::new(Bench::with("default", Place::File, Limits::default()).await);
    let path = "/v1/instances/ins-1111111111111111/sso-configuration";
    let resets = {
        let bench = bench.clone();
        tokio::spawn(async move {
            for _ in 0..20 {
                bench.world.reset().await.expect("a reset");
            }
        })
    };
    let mut looks = 0;
    while !resets.is_finished() || looks == 0 {
        let answer = bench.huawei(&"1".repeat(32), "GET", path, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        looks += 1;
    }
    resets.await.expect("the resets");
}
