//! The steps of every request, in order.

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
use serde_json::Value;
use tokio::sync::Semaphore;

use super::authenticate::{Auth, Caller, authenticate};
use super::operation::{Callers, Effect, Entry, Prepared, Spec};
use super::wire::{Call, Request, Wire};
use super::{date, explain};
use crate::domain::account::{Account, Standing};
use crate::domain::nonce::Nonce;
use crate::domain::{Ctx, Denial, Error, Reason, Result, nonce, replay};
use crate::store::Tx;
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
    limits: Limits,
    auth: Auth,
    permits: Semaphore,
}

impl App {
    /// Serves `world` within `limits`, to those that `auth` lets in.
    pub fn new(world: Arc<World>, limits: Limits, auth: Auth) -> Self {
        Self { world, limits, auth, permits: Semaphore::new(limits.requests) }
    }
}

/// The router of a vendor. It takes every path: the vendor's own routing, and its own errors, are behind it.
pub fn router<W: Wire>(app: Arc<App>) -> Router {
    Router::new().fallback(serve::<W>).with_state(app)
}

/// What is known about a request, for its line in the log.
#[derive(Default)]
struct Trace {
    operation: Option<&'static str>,
    account: Option<String>,
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

type Answered = Result<(&'static Entry, Value)>;

/// Finds the operation and the caller, checks the request, and carries it out.
async fn run<W: Wire>(
    app: Arc<App>,
    received: Arc<(Request, W::Message)>,
    started: Duration,
) -> (Trace, Answered) {
    let mut trace = Trace::default();
    let answered = steps::<W>(&app, &received, started, &mut trace).await;
    (trace, answered)
}

/// How often a transaction is begun anew that another one was in the way of.
const ATTEMPTS: usize = 5;

/// The vendors' order: route, credentials, form, limits; then, in one transaction: caller, permission, replay,
/// state. Where permission comes before form, it is looked at as soon as the form is found wanting.
async fn steps<W: Wire>(
    app: &App,
    (request, message): &(Request, W::Message),
    started: Duration,
    trace: &mut Trace,
) -> Answered {
    let call = W::route(request, message)?;
    trace.operation = Some(call.entry.spec.name);
    let entered = authenticate::<W>(&app.world, app.auth, request, message, &call);
    let entered = tokio::time::timeout(left(app, started), entered).await.unwrap_or(Err(Error::TimedOut));
    let (caller, seen) = entered?;
    let (mut account, mut nonce) = seen.map_or((None, None), |seen| (Some(seen.account), seen.nonce));
    if call.entry.spec.effect == Effect::Write && nonce.is_some() {
        // A database in memory has one connection.
        drop(account.take());
        spend::<W>(app, nonce.take()).await?;
    }
    let answered = carry_out::<W>(app, &call, &caller, account, started, trace).await;
    // What only reads has done nothing yet: nobody can tell that the nonce is spent after it.
    spend::<W>(app, nonce).await?;
    answered
}

/// Uses up the nonce, if there is one. That is a commit, which is not cut off.
async fn spend<W: Wire>(app: &App, nonce: Option<Nonce>) -> Result<()> {
    let Some(nonce) = nonce else { return Ok(()) };
    let world = &app.world;
    for _ in 0..ATTEMPTS {
        match nonce::spend(&world.store, W::PROVIDER, nonce.clone(), world.clock.now()).await {
            Err(Error::Conflict) => {}
            spent => return spent,
        }
    }
    Err(Error::Conflict)
}

/// Checks a request whose caller is known, and carries it out.
async fn carry_out<W: Wire>(
    app: &App,
    call: &Call,
    caller: &Caller,
    mut seen: Option<(Tx, Account)>,
    started: Duration,
    trace: &mut Trace,
) -> Answered {
    let mut effect = call.entry.spec.effect;
    for _ in 0..ATTEMPTS {
        let prepared = match (call.entry.prepare)(&call.params) {
            Ok(prepared) => prepared,
            Err(wrong) => {
                let account = match seen.take() {
                    Some((_, account)) => Some(Ok(account)),
                    None => tokio::time::timeout(left(app, started), account_of::<W>(app, caller)).await.ok(),
                };
                return Err(refusal::<W>(&call.entry.spec, trace, account, wrong));
            }
        };
        let mut attempt = Attempt { app, spec: &call.entry.spec, effect, caller, trace };
        match attempt.transact::<W>(prepared, seen.take(), started).await {
            Err(Error::Conflict) => {}
            // What only looks is to be counted.
            Ok(None) => effect = Effect::Write,
            Ok(Some(output)) => return Ok((call.entry, output)),
            Err(error) => return Err(error),
        }
    }
    Err(Error::Conflict)
}

/// The time that a request has left.
fn left(app: &App, started: Duration) -> Duration {
    app.limits.request_timeout.saturating_sub(app.world.clock.elapsed().saturating_sub(started))
}

/// Why a request that is wrong is refused, which may be for who sent it.
fn refusal<W: Wire>(spec: &Spec, trace: &mut Trace, caller: Option<Result<Account>>, wrong: Error) -> Error {
    match caller {
        Some(Ok(caller)) => {
            trace.account = Some(caller.id.clone());
            let admitted = if W::PERMISSION_BEFORE_FORM { admit(spec, &caller) } else { Ok(()) };
            admitted.err().unwrap_or(wrong)
        }
        Some(Err(unauthenticated @ Error::Unauthenticated(_))) => unauthenticated,
        // The request is no better for it.
        Some(Err(_)) | None => wrong,
    }
}

/// Who asks, of a request that goes no further.
async fn account_of<W: Wire>(app: &App, caller: &Caller) -> Result<Account> {
    let mut tx = app.world.store.read().await?;
    caller.account(&mut tx, W::PROVIDER).await
}

/// One try at a request.
struct Attempt<'a> {
    app: &'a App,
    spec: &'a Spec,
    /// Whether it is carried out as one that changes something.
    effect: Effect,
    caller: &'a Caller,
    trace: &'a mut Trace,
}

impl Attempt<'_> {
    /// Works in one transaction, and commits it if it writes and all went well. `None` when only then it can be done.
    async fn transact<W: Wire>(
        &mut self,
        prepared: Prepared,
        seen: Option<(Tx, Account)>,
        started: Duration,
    ) -> Result<Option<Value>> {
        let world = &self.app.world;
        let effect = self.effect;
        let work = async {
            let (tx, caller) = match (effect, seen) {
                (Effect::Read, Some(seen)) => seen,
                (effect, seen) => {
                    // A database in memory has one connection.
                    drop(seen);
                    let mut tx = match effect {
                        Effect::Read => world.store.read().await?,
                        Effect::Write => world.store.write().await?,
                    };
                    let caller = self.caller.account(&mut tx, W::PROVIDER).await?;
                    (tx, caller)
                }
            };
            self.trace.account = Some(caller.id.clone());
            let mut cx = Ctx {
                tx,
                provider: W::PROVIDER,
                caller,
                region: self.caller.claim.region.clone(),
                permission: self.spec.permission,
                clock: world.clock.clone(),
                ids: world.ids.clone(),
                writes: effect == Effect::Write,
                must_write: false,
                anchor: None,
            };
            let output = answer(self.spec, prepared, &mut cx).await?;
            let done = effect == Effect::Write || !cx.must_write;
            Ok((cx.tx, done.then_some(output)))
        };
        // The commit is outside of the time limit: nobody could say what became of one that was cut off.
        let (tx, output) =
            tokio::time::timeout(left(self.app, started), work).await.unwrap_or(Err(Error::TimedOut))?;
        if effect == Effect::Write {
            world.store.commit(tx).await?;
        }
        Ok(output)
    }
}

/// Passes when the caller may call the operation at all.
fn admit(spec: &Spec, caller: &Account) -> Result<()> {
    let reason = match spec.callers {
        Callers::Administrators if !caller.administers() => Reason::NotAdministrator,
        Callers::Management if caller.standing != Standing::Management => Reason::NotManagement,
        Callers::Administrators | Callers::Management | Callers::Any => return Ok(()),
    };
    let (account, permission) = (caller.id.clone(), spec.permission);
    Err(Error::NotAllowed(Denial { reason, account, permission, resource: None }))
}

/// Admits the caller, and answers: with the answer of before, if there was one.
async fn answer(spec: &Spec, prepared: Prepared, cx: &mut Ctx) -> Result<Value> {
    admit(spec, &cx.caller)?;
    let Some(replay) = prepared.replay else { return (prepared.work)(cx).await };
    if let Some(answer) = replay::get(cx, spec.name, &replay).await? {
        return serde_json::from_str(&answer).map_err(Error::internal);
    }
    let output = (prepared.work)(cx).await?;
    replay::remember(cx, spec.name, replay, output.to_string()).await?;
    Ok(output)
}
