//! One listener: each request goes to the door of its vendor, or to the emulator's own paths.

pub mod access;
pub mod accounts;
pub mod admin;
mod asked;
mod door;
pub mod keys;
pub mod life_cycle;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, Request, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use self::access::{Access, Peer};
use self::door::{Door, door};
use crate::alibaba::Alibaba;
use crate::api::{App, Auth, Limits, router};
use crate::aws::Aws;
use crate::huawei::Huawei;
use crate::world::World;

/// How long requests that are under way may take to finish when the server is told to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// How many headers a request may have. What exceeds this, or is no HTTP at all, is answered before anybody can
/// know for which vendor it was meant.
const MOST_HEADERS: usize = 1000;

/// The gate: three routers, and one for the emulator's own paths.
#[derive(Clone)]
pub struct Gate {
    aws: Router,
    alibaba: Router,
    huawei: Router,
    admin: Router,
    world: Arc<World>,
}

impl Gate {
    /// Serves `world` within `limits`, to those that `auth` lets in, and the emulator's own paths by `access`.
    pub fn new(world: Arc<World>, limits: Limits, auth: Auth, access: Access) -> Self {
        let app = Arc::new(App::new(world.clone(), limits, auth));
        Self {
            aws: router::<Aws>(app.clone()),
            alibaba: router::<Alibaba>(app.clone()),
            huawei: router::<Huawei>(app),
            admin: admin::router(world.clone(), access).layer(CatchPanicLayer::new()),
            world,
        }
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        let vendor = match door(&request) {
            Door::Aws => &self.aws,
            Door::Alibaba => &self.alibaba,
            Door::Huawei => &self.huawei,
            Door::Own => return self.own(request).await,
        };
        ask(vendor, request).await
    }

    /// Answers a request that is no vendor's: these have a request id and a line in the log too.
    async fn own(&self, request: Request<Body>) -> Response {
        let started = self.world.clock.elapsed();
        let id = format!("{:032x}", self.world.ids.bits());
        let path = request.uri().path().to_owned();
        let operation = format!("{} {path}", request.method());
        let mut response = match path.as_str() {
            "/" => nobody(),
            _ => ask(&self.admin, request).await,
        };
        let took = self.world.clock.elapsed().saturating_sub(started);
        tracing::info!(
            request_id = id,
            vendor = "sanmen",
            operation,
            account = "-",
            status = response.status().as_u16(),
            duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        let id = HeaderValue::try_from(id).expect("digits are a header");
        response.headers_mut().insert("x-request-id", id);
        response
    }
}

async fn ask(router: &Router, request: Request<Body>) -> Response {
    router.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// The answer to a request that no vendor would recognise as one of its own.
fn nobody() -> Response {
    const TEXT: &str = "This is Sanmen, an emulator of three clouds' single sign-on control planes.\n\
        This request is none of theirs. What each vendor's requests are told by:\n\
        \x20 AWS      the header X-Amz-Target, or an AWS4-HMAC-SHA256 signature\n\
        \x20 Alibaba  the parameter Action, or a header x-acs-*\n\
        \x20 Huawei   a path\n\
        What is served: GET /_sanmen/info\n";
    Response::builder()
        .status(StatusCode::NOT_FOUND)
        .header("content-type", "text/plain; charset=utf-8")
        .body(Body::from(TEXT))
        .expect("the parts are valid")
}

/// Serves until `stop` is done; then accepts no more, and gives what is under way [`GRACE`] to finish.
pub async fn serve(listener: TcpListener, gate: Gate, limits: Limits, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => connection(stream, Peer(peer), &gate, limits, &graceful),
            Err(error) => {
                // Out of file descriptors, most likely: others will be closed, so there is no use in haste.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to finish was over");
    }
}

fn connection(stream: TcpStream, peer: Peer, gate: &Gate, limits: Limits, graceful: &GracefulShutdown) {
    // Answers leave at once, not when the kernel has gathered more.
    let _ = stream.set_nodelay(true);
    let gate = gate.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        let gate = gate.clone();
        request.extensions_mut().insert(peer);
        async move { Ok::<_, std::convert::Infallible>(gate.answer(request.map(Body::new)).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        // A client that has sent all it has to say still wants the answer.
        .half_close(true)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
