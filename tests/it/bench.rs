//! A world on the bench: fixed time, ids that follow from a seed, requests without a network.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use sanmen::api::{Auth, Limits};
use sanmen::domain::{Clock, FixedClock, SeededIds, Timestamp};
use sanmen::seed;
use sanmen::server::Gate;
use sanmen::server::access::{Access, Names};
use sanmen::world::World;
use serde_json::Value;

use super::place::Kept;
pub(crate) use super::place::Place;

/// 2026-01-02T03:04:05.678Z.
pub(crate) const NOW: Timestamp = Timestamp(1_767_323_045_678);

pub(crate) struct Bench {
    pub gate: Gate,
    pub world: Arc<World>,
    /// Given back with the bench.
    _kept: Kept,
}

/// An answer, read in full.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("an answer is text")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("a header is text")).unwrap_or_default()
    }
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with("default", Place::Memory, Limits::default()).await
    }

    pub(crate) async fn with(seed: &str, place: Place, limits: Limits) -> Self {
        Self::guarded(seed, place, limits, Auth::default()).await
    }

    /// A world in which signatures are verified, and refusals explained.
    pub(crate) async fn strict() -> Self {
        let auth = Auth { strict: true, explain: true };
        Self::guarded("default", Place::Memory, Limits::default(), auth).await
    }

    pub(crate) async fn guarded(seed: &str, place: Place, limits: Limits, auth: Auth) -> Self {
        let (kept, store) = place.open().await;
        let estate = seed::load(seed).expect("a seed");
        let (clock, ids) = (Arc::new(FixedClock::at(NOW)), Arc::new(SeededIds::new(7)));
        let world = World::open(store, estate, clock, ids).await.expect("a world");
        let world = Arc::new(world);
        let access = Access { names: Names(vec!["gate.example".to_owned()]), ..Access::default() };
        Self { gate: Gate::new(world.clone(), limits, auth, access), world, _kept: kept }
    }

    /// A bench in lenient mode for a world in memory with this clock.
    pub(crate) async fn with_clock(seed: &str, clock: Arc<dyn Clock>) -> Self {
        let (kept, store) = Place::Memory.open().await;
        let estate = seed::load(seed).expect("a seed");
        let world = World::open(store, estate, clock, Arc::new(SeededIds::new(7))).await.expect("a world");
        let world = Arc::new(world);
        let access = Access::default();
        Self {
            gate: Gate::new(world.clone(), Limits::default(), Auth::default(), access),
            world,
            _kept: kept,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.gate.answer(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).expect("a request")).await
    }

    /// A call of AWS, by an account, from a Region.
    pub(crate) async fn aws(&self, account: &str, operation: &str, body: impl Into<Body>) -> Answer {
        let target = format!("SWBExternalService.{operation}");
        let headers = [
            ("authorization", &*credential(account, "us-east-1")),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", &target),
        ];
        self.request("POST", "/", &headers, body).await
    }

    /// A call of Alibaba Cloud in the style of V3, by an account.
    pub(crate) async fn alibaba(&self, account: &str, action: &str, query: &str) -> Answer {
        let authorization = format!("ACS3-HMAC-SHA256 Credential={account},SignedHeaders=host,Signature=0");
        let headers = [
            ("authorization", &*authorization),
            ("x-acs-action", action),
            ("x-acs-version", "2021-05-15"),
            ("host", "127.0.0.1:7760"),
        ];
        self.request("POST", &format!("/?{query}"), &headers, "").await
    }

    /// A call of Huawei Cloud, by an account.
    pub(crate) async fn huawei(
        &self,
        account: &str,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let authorization = format!("SDK-HMAC-SHA256 Access={account}, SignedHeaders=host, Signature=0");
        let headers = [("authorization", &*authorization), ("content-type", "application/json")];
        self.request(method, path, &headers, body).await
    }
}

/// An `Authorization` header of AWS.
pub(crate) fn credential(key: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260102/{region}/sso/aws4_request, SignedHeaders=host, Signature=0"
    )
}

/// Limits with which tests need not wait.
pub(crate) fn brief() -> Limits {
    Limits { request_timeout: Duration::from_millis(50), ..Limits::default() }
}
