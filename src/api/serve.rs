//! A request from its first byte to its line in the log.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderValue;
use http_body::Body as _;
use tokio::sync::Semaphore;

use super::authenticate::Auth;
use super::body::Bodies;
use super::memory::Memory;
use super::steps::run;
use super::wire::{Request, Wire};
use super::{date, explain};
use crate::domain::Error;
use crate::world::World;

/// How much one request may use, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body: usize,
    /// How long all bodies may be together that are being read or worked on, in bytes, without what
    /// [`UNCOUNTED`](super::UNCOUNTED) says.
    pub bodies: usize,
    /// How long the head of a request may take to arrive.
    pub header_timeout: Duration,
    /// How long all else may take: the body, and the work.
    pub request_timeout: Duration,
    /// How many requests are worked on at a time; more are refused. One whose body is still to come is not worked on.
    pub requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            bodies: 64 * 1024 * 1024,
            header_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(30),
            requests: 1024,
        }
    }
}

/// What serves the three doors: a world, and the limits.
pub struct App {
    /// The world.
    pub world: Arc<World>,
    pub(super) limits: Limits,
    pub(super) auth: Auth,
    pub(super) memory: Memory,
    bodies: Bodies,
    permits: Semaphore,
}

impl App {
    /// Serves `world` within `limits`, to those that `auth` lets in.
    pub fn new(world: Arc<World>, limits: Limits, auth: Auth) -> Self {
        let (bodies, permits) = (Bodies::new(limits), Semaphore::new(limits.requests));
        Self { world, limits, auth, memory: Memory::default(), bodies, permits }
    }
}

/// The router of a vendor. It takes every path: the vendor's own routing, and its own errors, are behind it.
pub fn router<W: Wire>(app: Arc<App>) -> Router {
    Router::new().fallback(serve::<W>).with_state(app)
}

/// What is known about a request, for its line in the log.
#[derive(Default)]
pub(super) struct Trace {
    pub(super) operation: Option<&'static str>,
    pub(super) account: Option<String>,
}

/// Answers one request, in a task of its own: when the client goes away, the work is not cut off in the middle,
/// it counts until it is done, and it is logged.
async fn serve<W: Wire>(State(app): State<Arc<App>>, request: http::Request<Body>) -> Response {
    match tokio::spawn(attend::<W>(app, request)).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down, and nobody is there to read an answer.
            Err(_) => Response::default(),
        },
    }
}

async fn attend<W: Wire>(app: Arc<App>, request: http::Request<Body>) -> Response {
    let started = app.world.clock.elapsed();
    let (parts, body) = request.into_parts();
    let id = W::request_id(app.world.ids.bits());
    let mut request = Request { parts, body: Bytes::new(), id };
    // Who asks before sending is told before sending.
    let read = match asks_first(&request) && body.size_hint().lower() > app.limits.body as u64 {
        true => Err(Error::TooLarge),
        false => app.bodies.read(body).await,
    };
    // Only now: whoever sends slowly, or nothing, is in nobody's way.
    let admitted = read.and_then(|body| {
        request.body = body.bytes.clone();
        let permit = app.permits.try_acquire().map_err(|_| Error::Throttled)?;
        Ok((body, permit))
    });
    let (received, trace, answered) = match admitted {
        Err(error) => {
            let message = W::read(&request);
            let operation = W::route(&request, &message).ok().map(|call| call.entry.spec.name);
            (Arc::new((request, message)), Trace { operation, account: None }, Err(error))
        }
        Ok(_held_until_it_is_done) => {
            let message = W::read(&request);
            let request = Arc::new((request, message));
            // Another one, so that a panic is answered like every fault of ours.
            let run = tokio::spawn(run::<W>(app.clone(), request.clone(), started));
            let (trace, answered) =
                run.await.unwrap_or_else(|panic| (Trace::default(), Err(Error::internal(panic))));
            (request, trace, answered)
        }
    };
    let (request, message) = &*received;
    let (mut response, error) = match answered {
        Ok((entry, output)) => (W::success(request, message, entry, output), None),
        Err(error) => (W::failure(request, message, &error), Some(error)),
    };
    let took = app.world.clock.elapsed().saturating_sub(started);
    if let Some(error) = &error {
        explain::log(&request.id, error);
        if app.auth.explain {
            explain::attach(&mut response, error);
        }
        if let Error::Internal(_) = error {
            tracing::error!(request_id = request.id, %error, "a request failed through a fault of ours");
        }
    }
    // Clients set their clocks by this: it is the time by which their signatures are judged.
    let now = HeaderValue::try_from(date::http(app.world.clock.now())).expect("a date is a header");
    response.headers_mut().insert(http::header::DATE, now);
    tracing::info!(
        request_id = request.id,
        vendor = W::PROVIDER.0,
        operation = trace.operation.unwrap_or("-"),
        account = trace.account.as_deref().unwrap_or("-"),
        status = response.status().as_u16(),
        duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        error = error.as_ref().map(tracing::field::display),
        "answered"
    );
    response
}

/// Whether the client waits to be told that it should send the body.
fn asks_first(request: &Request) -> bool {
    request.parts.headers.contains_key(http::header::EXPECT)
}
