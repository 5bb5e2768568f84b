//! A request from its first byte to its line in the log.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use http_body::Body as _;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use super::authenticate::Auth;
use super::memory::Memory;
use super::steps::run;
use super::wire::{Request, Wire};
use super::{date, explain};
use crate::domain::{Error, Result};
use crate::world::World;

/// How much one request may use, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body: usize,
    /// How long the head of a request may take to arrive.
    pub header_timeout: Duration,
    /// How long all else may take: the body, and the work.
    pub request_timeout: Duration,
    /// How many requests are served at a time; more are refused.
    pub requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
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
    permits: Semaphore,
}

impl App {
    /// Serves `world` within `limits`, to those that `auth` lets in.
    pub fn new(world: Arc<World>, limits: Limits, auth: Auth) -> Self {
        Self { world, limits, auth, permits: Semaphore::new(limits.requests), memory: Memory::default() }
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
    let permit = app.permits.try_acquire();
    let read = match &permit {
        // Who asks before sending is told before sending.
        Ok(_) if asks_first(&request) && body.size_hint().lower() > app.limits.body as u64 => {
            Err(Error::TooLarge)
        }
        Ok(_) => read(&app, body).await,
        Err(_) => Err(Error::Throttled),
    };
    let (received, trace, answered) = match read {
        Err(error) => {
            let message = W::read(&request);
            let operation = W::route(&request, &message).ok().map(|call| call.entry.spec.name);
            (Arc::new((request, message)), Trace { operation, account: None }, Err(error))
        }
        Ok(body) => {
            request.body = body;
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

/// Reads a body within the limits. What is too long is read to its end all the same, if that comes soon: a
/// client that is still sending does not look for an answer.
async fn read(app: &App, mut body: Body) -> Result<Bytes> {
    /// How many bytes beyond the limit are read and thrown away.
    const PATIENCE: usize = 16 * 1024 * 1024;
    let whole = async {
        let mut read = BytesMut::new();
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Error::Unreadable("the body ended early".to_owned()))?;
            let Some(data) = frame.data_ref() else { continue };
            length += data.len();
            match length {
                length if length <= app.limits.body => read.extend_from_slice(data),
                length if length <= app.limits.body.saturating_add(PATIENCE) => read.clear(),
                _ => break,
            }
        }
        if length > app.limits.body { Err(Error::TooLarge) } else { Ok(read.freeze()) }
    };
    tokio::time::timeout(app.limits.request_timeout, whole).await.unwrap_or(Err(Error::TimedOut))
}
