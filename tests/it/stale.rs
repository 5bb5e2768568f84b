//! What is remembered is never seen stale: whoever asks after a change was acknowledged sees it, however many ask and
//! change at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sanmen::api::{Auth, Limits};
use sanmen::aws;
use sanmen::domain::access_key::KeyStatus;
use serde_json::json;
use tokio::task::JoinHandle;

use super::bench::{Answer, Bench, Place};
use super::sign::Key;
use super::strict;

const ARN: &str = "arn:aws:sso:::instance/ssoins-1111111111111111";
const ROUNDS: usize = 50;
/// How many ask at a time.
const READERS: usize = 4;

/// A world, and how requests to it are signed.
#[derive(Clone)]
struct Door {
    bench: Arc<Bench>,
    strict: bool,
}

impl Door {
    async fn open(place: Place, strict: bool) -> Self {
        let auth = Auth { strict, explain: false };
        Self { bench: Arc::new(Bench::guarded("default", place, Limits::default(), auth).await), strict }
    }

    async fn call(&self, account: &str, operation: &str, body: serde_json::Value) -> Answer {
        if !self.strict {
            return self.bench.aws(account, operation, body.to_string()).await;
        }
        let mut draft = strict::aws_draft().with("x-amz-target", &format!("SWBExternalService.{operation}"));
        draft.body = body.to_string().into_bytes();
        let key = Key { id: account.to_owned(), secret: "sanmen".to_owned(), token: None };
        strict::send(&self.bench, &strict::aws(draft, &key)).await
    }

    async fn describe(&self) -> Answer {
        self.call("111111111111", "DescribeInstance", json!({ "InstanceArn": ARN })).await
    }
}

/// In which round it was written what an answer says.
fn round(answer: &Answer) -> Option<usize> {
    answer.json()["Name"].as_str().and_then(|name| name.strip_prefix("name-")?.parse().ok())
}

/// Those who ask and change other things meanwhile, until they are ended.
struct Crowd {
    over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<usize>>,
}

impl Crowd {
    fn gather(door: &Door) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let made = Arc::new(AtomicUsize::new(0));
        let tasks = (0..4).map(|i| {
            let (door, over, made) = (door.clone(), over.clone(), made.clone());
            tokio::spawn(async move {
                let (mut asked, mut seen) = (0, None);
                while !over.load(Ordering::Relaxed) {
                    if i % 4 == 0 {
                        let name = made.fetch_add(1, Ordering::Relaxed);
                        let body = json!({ "Name": format!("other-{name}") });
                        let account =
                            if door.strict { "222222222222".to_owned() } else { format!("{name:0>12}") };
                        door.call(&account, "CreateInstance", body).await;
                    } else {
                        // Nor does anybody see an older answer after a newer one.
                        let round = round(&door.describe().await);
                        assert!(round >= seen, "{round:?} after {seen:?}");
                        seen = round;
                    }
                    asked += 1;
                    tokio::task::yield_now().await;
                }
                asked
            })
        });
        let tasks = tasks.collect();
        Self { over, tasks }
    }

    async fn end(self) {
        self.over.store(true, Ordering::Relaxed);
        for task in self.tasks {
            assert!(task.await.expect("no panic") > 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_asks_after_a_change_sees_it() {
    for place in Place::all() {
        for strict in [false, true] {
            let door = Door::open(place, strict).await;
            let crowd = Crowd::gather(&door);
            for round in 0..ROUNDS {
                let name = format!("name-{round}");
                let body = json!({ "InstanceArn": ARN, "Name": name });
                let changed = door.call("111111111111", "UpdateInstance", body).await;
                assert_eq!(changed.status, 200, "{}", changed.text());
                let readers = (0..READERS).map(|_| {
                    let door = door.clone();
                    tokio::spawn(async move { door.describe().await })
                });
                for reader in readers.collect::<Vec<_>>() {
                    let answer = reader.await.expect("no panic");
                    assert_eq!(answer.json()["Name"], *name, "{place:?}, strict {strict}, round {round}");
                }
            }
            crowd.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_signs_after_a_key_was_changed_is_judged_by_what_it_is() {
    for place in Place::all() {
        let door = Door::open(place, true).await;
        let crowd = Crowd::gather(&door);
        for round in 0..ROUNDS {
            let (status, expected) =
                if round % 2 == 0 { (KeyStatus::Inactive, 400) } else { (KeyStatus::Active, 200) };
            let changed =
                door.bench.world.change_key(aws::PROVIDER, "111111111111", |key| key.status = status).await;
            assert!(changed.expect("changed").is_some());
            for _ in 0..READERS {
                let answer = door.describe().await;
                assert_eq!(answer.status, expected, "{place:?}, round {round}: {}", answer.text());
            }
        }
        crowd.end().await;
    }
}
