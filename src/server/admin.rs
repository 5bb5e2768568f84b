//! The emulator's own paths: health, what there is, going back to the seed, accounts and their keys.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_http::set_header::SetResponseHeaderLayer;

use super::access::{Access, guard};
use super::asked::{Asked, has_zero};
use super::{accounts, keys, life_cycle};
use crate::TABLES;
use crate::domain::{Error, Result};
use crate::world::World;

/// One of the emulator's own endpoints.
pub struct Endpoint {
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Whether it answers whoever asks, by whatever name: health checks do.
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
        path: "/_sanmen/keys",
        about: "Lists the access keys, of a vendor or of an account, without their secrets.",
        open: false,
    },
    Endpoint {
        method: "POST",
        path: "/_sanmen/keys",
        about: "Makes an access key, permanent or temporary, and shows its secrets, once.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/keys/{id}",
        about: "Returns an access key, without its secrets.",
        open: false,
    },
    Endpoint {
        method: "PATCH",
        path: "/_sanmen/keys/{id}",
        about: "Enables or disables an access key, or changes when it ends, at once.",
        open: false,
    },
    Endpoint {
        method: "DELETE",
        path: "/_sanmen/keys/{id}",
        about: "Deletes an access key, at once.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/organizations",
        about: "Lists the organizations, of a vendor or of all.",
        open: false,
    },
    Endpoint {
        method: "POST",
        path: "/_sanmen/organizations",
        about: "Makes an organization that a standalone account manages from now on.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/accounts",
        about: "Lists the accounts, of a vendor or of an organization.",
        open: false,
    },
    Endpoint {
        method: "POST",
        path: "/_sanmen/accounts",
        about: "Makes an account, standalone or in an organization.",
        open: false,
    },
    Endpoint { method: "GET", path: "/_sanmen/accounts/{id}", about: "Returns an account.", open: false },
    Endpoint {
        method: "PATCH",
        path: "/_sanmen/accounts/{id}",
        about: "Moves an account: member, delegated administrator or standalone, at once.",
        open: false,
    },
    Endpoint {
        method: "DELETE",
        path: "/_sanmen/accounts/{id}",
        about: "Closes an account, at once: its instance goes, and nobody acts for it any more.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/life-cycle",
        about: "Tells how long creations and deletions stay in progress.",
        open: false,
    },
    Endpoint {
        method: "PUT",
        path: "/_sanmen/life-cycle",
        about: "Says how long creations and deletions stay in progress that begin from now on.",
        open: false,
    },
    Endpoint {
        method: "GET",
        path: "/_sanmen/openapi/{file}",
        about: "Returns an OpenAPI description: aws.yaml, alibaba.yaml, huawei.yaml or admin.yaml.",
        open: false,
    },
];

impl Endpoint {
    /// Whether it is at this path, and what stands there for the `{…}` of its own.
    fn captured<'a>(&self, path: &'a str) -> Option<Option<&'a str>> {
        match self.path.split_once('{') {
            None => (self.path == path).then_some(None),
            Some((prefix, _)) => {
                let rest = path.strip_prefix(prefix)?;
                (!rest.is_empty() && !rest.contains('/')).then_some(Some(rest))
            }
        }
    }
}

/// The longest body, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

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
    /// The name that no other instance of the vendor has.
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
}

/// What is wrong.
#[derive(Deserialize, Serialize)]
pub struct Problem {
    error: String,
}

/// The router of the emulator's own paths.
pub(super) fn router(world: Arc<World>, access: Access) -> Router {
    let no_store =
        SetResponseHeaderLayer::overriding(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Router::new()
        .fallback(answer)
        .with_state(world)
        .layer(from_fn_with_state(Arc::new(access), guard))
        .layer(no_store)
}

async fn answer(State(world): State<Arc<World>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let at_path: Vec<_> = ENDPOINTS.iter().filter(|endpoint| endpoint.captured(path).is_some()).collect();
    let serves = |endpoint: &&&Endpoint| {
        endpoint.method == method || (parts.method == Method::HEAD && endpoint.method == "GET")
    };
    let Some(endpoint) = at_path.iter().find(serves) else {
        return elsewhere(&at_path);
    };
    let captured = endpoint.captured(path).flatten();
    let answered = match endpoint.path {
        "/healthz" => Ok(json(StatusCode::OK, &json!({ "status": "ok" }))),
        "/readyz" => ready(&world).await,
        "/_sanmen/info" => info(&world).await.map(|info| json(StatusCode::OK, &info)),
        "/_sanmen/reset" => world.reset().await.map(|()| json(StatusCode::OK, &json!({ "status": "ok" }))),
        "/_sanmen/openapi/{file}" => Ok(openapi(captured.unwrap_or_default())),
        other => match read(endpoint, body).await {
            Some(body) => {
                let query = parts.uri.query().unwrap_or_default();
                if has_zero(path, query, &body) {
                    return problem(StatusCode::BAD_REQUEST, "no text has the character U+0000 in it");
                }
                let asked = Asked { method: endpoint.method, id: captured, query, body };
                match other {
                    "/_sanmen/keys" | "/_sanmen/keys/{id}" => keys::answer(&world, asked).await,
                    "/_sanmen/organizations" => accounts::organizations(&world, asked).await,
                    "/_sanmen/accounts" | "/_sanmen/accounts/{id}" => accounts::accounts(&world, asked).await,
                    "/_sanmen/life-cycle" => life_cycle::answer(&world, asked).await,
                    other => unreachable!("{other} is declared, and not served"),
                }
            }
            None => {
                Ok(problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long, too slow, or ended early"))
            }
        },
    };
    answered.unwrap_or_else(|error| {
        tracing::error!(%error, path, "the emulator's own path failed");
        problem(StatusCode::SERVICE_UNAVAILABLE, "the database failed; the log says how")
    })
}

/// The body of a request that has one, when it is not too long and arrives in time.
async fn read(endpoint: &Endpoint, body: Body) -> Option<Bytes> {
    const IN_TIME: Duration = Duration::from_secs(10);
    match endpoint.method {
        "POST" | "PATCH" | "PUT" => {
            tokio::time::timeout(IN_TIME, axum::body::to_bytes(body, LONGEST_BODY)).await.ok()?.ok()
        }
        _ => Some(Bytes::new()),
    }
}

/// The answer where nothing is, or not for this method.
fn elsewhere(at_path: &[&Endpoint]) -> Response {
    if at_path.is_empty() {
        return problem(StatusCode::NOT_FOUND, "there is nothing at this path");
    }
    let methods: Vec<_> = at_path.iter().map(|endpoint| endpoint.method).collect();
    let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, "this path has another method");
    let allow = HeaderValue::try_from(methods.join(", ")).expect("methods are a header");
    response.headers_mut().insert(http::header::ALLOW, allow);
    response
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
        let open = census.accounts.into_iter().filter(|account| !account.closed);
        let accounts = open.map(|account| AccountInfo {
            id: account.id,
            standing: account.standing.as_str().to_owned(),
            organization: account.organization,
        });
        let instances = census.instances.into_iter().map(|instance| InstanceInfo {
            id: instance.id,
            owner: instance.owner,
            identity_store: instance.identity_store,
            region: instance.region,
            name: instance.name.or_else(|| instance.alias.clone()),
            alias: instance.alias,
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

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).expect("the types have no way to fail");
    respond(status, "application/json", text)
}

/// An answer that says what is wrong.
pub(super) fn problem(status: StatusCode, error: &str) -> Response {
    json(status, &Problem { error: error.to_owned() })
}

/// An answer without a body.
pub(super) fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn respond(status: StatusCode, content_type: &str, body: String) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(Body::from(body))
        .expect("the parts are valid")
}
