//! Who may call the emulator's own paths.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::admin::{ENDPOINTS, problem};
use crate::api::header;
use crate::domain::access_key::Secret;

/// Who may call the emulator's own paths, but for health.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The names under which the server may be called from outside of this machine.
    pub names: Names,
    /// What a caller must show, if anything.
    pub token: Option<Secret>,
    /// Whether, without a token, only this machine may call.
    pub local: bool,
}

/// What proxies add.
const FORWARDED: [&str; 8] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-original-forwarded-for",
    "x-envoy-external-address",
];

/// The other end of a connection: an extension of each request that came over one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// The names under which the server may be called from outside of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl Names {
    /// Whether a `Host` or an `Origin` is a loopback name or address, or one of the names.
    ///
    /// A web page can have its own host name resolve to this machine, and then call whatever listens here;
    /// it cannot have the browser send another name.
    fn admit(&self, authority: &str) -> bool {
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => rest.split_once(']').unwrap_or_default(),
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let is_port = |port: &str| port.bytes().all(|c| c.is_ascii_digit());
        if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
            return false;
        }
        let host = host.to_ascii_lowercase();
        let loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let local = host == "localhost" || host.ends_with(".localhost");
        loopback || local || self.0.iter().any(|name| name.eq_ignore_ascii_case(&host))
    }
}

/// Lets in only who may come in.
pub(super) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let open = ENDPOINTS.iter().any(|endpoint| endpoint.open && endpoint.path == request.uri().path());
    let peer = request.extensions().get::<Peer>().copied();
    match open {
        true => next.run(request).await,
        false => match access.refusal(request.headers(), peer) {
            Some(refusal) => refusal,
            None => next.run(request).await,
        },
    }
}

impl Access {
    /// Why a caller may not come in. Who shows the token may, by whatever name: no web page knows it.
    fn refusal(&self, headers: &HeaderMap, peer: Option<Peer>) -> Option<Response> {
        if let Some(token) = &self.token {
            let shown = header(headers, "authorization").and_then(|value| value.split_once(' '));
            let is_bearer = |scheme: &str| scheme.eq_ignore_ascii_case("bearer");
            if shown.is_some_and(|(scheme, shown)| is_bearer(scheme) && token.is(shown)) {
                return None;
            }
            let error =
                "this path answers only to who sends `Authorization: Bearer` with the token of --admin-token";
            let mut response = problem(StatusCode::UNAUTHORIZED, error);
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(http::header::WWW_AUTHENTICATE, challenge);
            return Some(response);
        }
        let here = peer.is_some_and(|Peer(address)| address.ip().to_canonical().is_loopback());
        // Who comes through a proxy on this machine is somebody else.
        let mut names = headers.keys().map(http::HeaderName::as_str);
        let passed_on = names.any(|name| name.starts_with("x-forwarded-") || FORWARDED.contains(&name));
        if self.local && (!here || passed_on) {
            let error =
                "with --auth strict this path answers only to this machine, unless --admin-token is given";
            return Some(problem(StatusCode::FORBIDDEN, error));
        }
        let host = header(headers, "host").unwrap_or_default();
        let origin = header(headers, "origin");
        let origin = origin.map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
        // Names for callers from elsewhere do not count where only this machine may call.
        let none = Names::default();
        let names = if self.local { &none } else { &self.names };
        if !names.admit(host) {
            let error = "this path answers only to a loopback name or address, or to the names given by --public-name";
            return Some(problem(StatusCode::FORBIDDEN, error));
        }
        let same_origin = |origin: &str| match self.local {
            true => origin == host,
            false => names.admit(origin),
        };
        if origin.is_some_and(|origin| !same_origin(origin)) {
            return Some(problem(StatusCode::FORBIDDEN, "this path answers no page of another origin"));
        }
        None
    }
}
