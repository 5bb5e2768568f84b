//! The emulator's own paths: health, what there is, going back to the seed.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::TABLES;
use crate::api::header;
use crate::domain::{Error, Result};
use crate::world::World;

/// The names under which the server may be called from outside of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl Names {
    /// Whether a `Host` or an `Origin` is a loopback name or address, or one of the names.
    ///
    /// A web page can have its own host name resolve to this machine, and then call whatever listens here;
    /// it cannot have the browser send another name.
    fn admit(&self, authority: &str) -> bool {
        let host = match authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let host = host.to_ascii_lowercase();
        let loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let local = host == "localhost" || host.ends_with(".localhost");
        loopback || local || self.0.iter().any(|name| name.eq_ignore_ascii_case(&host))
    }
}

/// One of the emulator's own endpoints.
pub struct Endpoint {
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Whether it answers whatever the host: health checks are called by address.
    pub open: bool,
}

/// The emulator's own endpoints, in the order in which they are documented.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "GET", path: "/healthz", about: "Answers when the program is alive.", open: true },
    Endpoint {
        method: "GET",
        path: "/readyz",
        about: "Answers 200 when the database is migrated and seeded, else 503.",
        open: true,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/info",
        about: "Tells the version, the operations that are served, and what there is in the world.",
        open: false,
    },
    Endpoint {
        method: "POST",
        path: "/_sanmen/reset",
        about: "Takes the world back to its seed, at once.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/openapi/{file}",
        about: "Returns an OpenAPI description: aws.yaml, alibaba.yaml, huawei.yaml or admin.yaml.",
        open: false,
    },
];

const OPENAPI: &[(&str, &str)] = &[
    ("aws.yaml", include_str!("../../openapi/aws.yaml")),
    ("alibaba.yaml", include_str!("../../openapi/alibaba.yaml")),
    ("huawei.yaml", include_str!("../../openapi/huawei.yaml")),
    ("admin.yaml", include_str!("../../openapi/admin.yaml")),
];

/// What there is.
#[derive(Deserialize, Serialize)]
pub struct Info {
    name: String,
    version: String,
    vendors: Vec<VendorInfo>,
}

/// What there is of one vendor.
#[derive(Deserialize, Serialize)]
pub struct VendorInfo {
    vendor: String,
    operations: Vec<String>,
    accounts: Vec<AccountInfo>,
    instances: Vec<InstanceInfo>,
}

/// An account.
#[derive(Deserialize, Serialize)]
pub struct AccountInfo {
    id: String,
    standing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
}

/// An instance.
#[derive(Deserialize, Serialize)]
pub struct InstanceInfo {
    id: String,
    owner: String,
    identity_store: String,
    region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// What is wrong.
#[derive(Deserialize, Serialize)]
pub struct Problem {
    error: String,
}

/// The router of the emulator's own paths.
pub(super) fn router(world: Arc<World>, names: Names) -> Router {
    let no_store =
        SetResponseHeaderLayer::overriding(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Router::new()
        .fallback(answer)
        .with_state(world)
        .layer(from_fn_with_state(Arc::new(names), guard))
        .layer(no_store)
}

/// Lets in only who calls the server by a name of its own.
async fn guard(State(names): State<Arc<Names>>, request: Request, next: Next) -> Response {
    let open = ENDPOINTS.iter().any(|endpoint| endpoint.open && endpoint.path == request.uri().path());
    let host = header(request.headers(), "host").unwrap_or_default();
    let origin = header(request.headers(), "origin");
    let origin = origin.map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    let host = names.admit(host);
    if open || (host && origin.is_none_or(|origin| names.admit(origin))) {
        return next.run(request).await;
    }
    let error = match host {
        false => {
            "this path answers only to a loopback name or address, or to the names given by --public-name"
        }
        true => "this path answers no page of another origin",
    };
    problem(StatusCode::FORBIDDEN, error)
}

async fn answer(State(world): State<Arc<World>>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let file = path.strip_prefix("/_sanmen/openapi/");
    let served = |endpoint: &&Endpoint| {
        endpoint.path == path || (file.is_some() && endpoint.path == "/_sanmen/openapi/{file}")
    };
    let Some(endpoint) = ENDPOINTS.iter().find(served) else {
        return problem(StatusCode::NOT_FOUND, "there is nothing at this path");
    };
    if method.as_str() != endpoint.method && !(*method == Method::HEAD && endpoint.method == "GET") {
        let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, "this path has another method");
        response.headers_mut().insert(http::header::ALLOW, HeaderValue::from_static(endpoint.method));
        return response;
    }
    let answered = match endpoint.path {
        "/healthz" => Ok(json(StatusCode::OK, &json!({ "status": "ok" }))),
        "/readyz" => ready(&world).await,
        "/_sanmen/info" => info(&world).await.map(|info| json(StatusCode::OK, &info)),
        "/_sanmen/reset" => world.reset().await.map(|()| json(StatusCode::OK, &json!({ "status": "ok" }))),
        _ => Ok(openapi(file.unwrap_or_default())),
    };
    answered.unwrap_or_else(|error| {
        tracing::error!(%error, path, "the emulator's own path failed");
        problem(StatusCode::SERVICE_UNAVAILABLE, "the database failed; the log says how")
    })
}

async fn ready(world: &World) -> Result<Response> {
    match world.is_seeded().await {
        Ok(true) => Ok(json(StatusCode::OK, &json!({ "status": "ok" }))),
        Ok(false) => Err(Error::internal("the world is not seeded")),
        Err(error) => Err(error),
    }
}

async fn info(world: &World) -> Result<Info> {
    let mut vendors = Vec::new();
    let censuses = world.census(&TABLES.map(|table| table.provider)).await?;
    for (table, census) in TABLES.into_iter().zip(censuses) {
        let accounts = census.accounts.into_iter().map(|account| AccountInfo {
            id: account.id,
            standing: account.standing.as_str().to_owned(),
            organization: account.organization,
        });
        let instances = census.instances.into_iter().map(|instance| InstanceInfo {
            id: instance.id,
            owner: instance.owner,
            identity_store: instance.identity_store,
            region: instance.region,
            name: instance.name,
        });
        vendors.push(VendorInfo {
            vendor: table.provider.0.to_owned(),
            operations: table.entries().map(|(_, entry)| entry.spec.name.to_owned()).collect(),
            accounts: accounts.collect(),
            instances: instances.collect(),
        });
    }
    let (name, version) = (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    Ok(Info { name, version, vendors })
}

fn openapi(file: &str) -> Response {
    match OPENAPI.iter().find(|(name, _)| *name == file) {
        Some((_, text)) => respond(StatusCode::OK, "application/yaml", (*text).to_owned()),
        None => problem(StatusCode::NOT_FOUND, "there is no such description"),
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).expect("the types have no way to fail");
    respond(status, "application/json", text)
}

fn problem(status: StatusCode, error: &str) -> Response {
    json(status, &Problem { error: error.to_owned() })
}

fn respond(status: StatusCode, content_type: &str, body: String) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(Body::from(body))
        .expect("the parts are valid")
}
