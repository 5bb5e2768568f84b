//! The OpenAPI file of the emulator's own paths.

use sanmen::api::shape::describe;
use sanmen::server::accounts::{
    AccountChange, AccountState, Accounts, NewAccount, NewOrganization, OrganizationInfo, Organizations,
};
use sanmen::server::admin::{ENDPOINTS, Endpoint, Info, Problem};
use sanmen::server::keys::{KeyChange, KeyInfo, Keys, NewKey};
use sanmen::server::life_cycle::LifeCycle;
use serde_json::{Map, Value, json};

use super::openapi::{Schemas, head};

/// The description.
pub(crate) fn document() -> Value {
    let mut schemas = Schemas::default();
    schemas.add("Info", &describe::<Info>());
    schemas.add("Problem", &describe::<Problem>());
    schemas.add("NewKey", &describe::<NewKey>());
    schemas.add("KeyChange", &describe::<KeyChange>());
    schemas.add("KeyInfo", &describe::<KeyInfo>());
    schemas.add("Keys", &describe::<Keys>());
    schemas.add("NewOrganization", &describe::<NewOrganization>());
    schemas.add("OrganizationInfo", &describe::<OrganizationInfo>());
    schemas.add("Organizations", &describe::<Organizations>());
    schemas.add("NewAccount", &describe::<NewAccount>());
    schemas.add("AccountChange", &describe::<AccountChange>());
    schemas.add("AccountState", &describe::<AccountState>());
    schemas.add("Accounts", &describe::<Accounts>());
    schemas.add("LifeCycle", &describe::<LifeCycle>());
    schemas.0["LifeCycle"]["properties"]["pace"]["pattern"] =
        json!("^(instant|after=[0-9]+(ms|s)|reads=[0-9]+)$");
    for schema in ["NewKey", "NewOrganization", "NewAccount"] {
        schemas.0[schema]["properties"]["vendor"] = json!({ "enum": ["aws", "alibaba", "huawei"] });
    }
    for schema in ["NewKey", "KeyChange", "NewOrganization", "NewAccount", "AccountChange", "LifeCycle"] {
        schemas.0[schema]["additionalProperties"] = json!(false);
    }
    for schema in ["NewKey", "KeyChange"] {
        schemas.0[schema]["properties"]["expires_at"]["description"] =
            json!("A moment like 2026-01-02T03:04:05Z, or `never`.");
    }
    schemas.0.insert(
        "Status".to_owned(),
        json!({
            "type": "object",
            "properties": { "status": { "type": "string", "enum": ["ok"] } },
            "required": ["status"],
        }),
    );
    let mut paths = Map::new();
    for endpoint in ENDPOINTS {
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.to_lowercase()] = operation(endpoint);
    }
    let mut document = head(
        "Sanmen: the emulator's own paths",
        "Health, what there is, going back to the seed, organizations, accounts and their access keys.",
    );
    document.insert("paths".to_owned(), paths.into());
    let bearer = json!({
        "type": "http", "scheme": "bearer",
        "description": "The token of --admin-token, where the server was started with one.",
    });
    let components = json!({ "schemas": schemas.0, "securitySchemes": { "adminToken": bearer } });
    document.insert("components".to_owned(), components);
    document.into()
}

fn body(schema: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn operation(endpoint: &Endpoint) -> Value {
    let mut operation = json!({ "summary": endpoint.about, "responses": {} });
    if !endpoint.open {
        operation["security"] = json!([{}, { "adminToken": [] }]);
    }
    let (status, content) = match (endpoint.method, endpoint.path) {
        (_, "/_sanmen/info") => ("200", Some(body("Info"))),
        (_, "/_sanmen/openapi/{file}") => {
            ("200", Some(json!({ "application/yaml": { "schema": { "type": "object" } } })))
        }
        ("GET", "/_sanmen/keys") => ("200", Some(body("Keys"))),
        ("POST", "/_sanmen/keys") => ("201", Some(body("KeyInfo"))),
        ("GET", "/_sanmen/organizations") => ("200", Some(body("Organizations"))),
        ("POST", "/_sanmen/organizations") => ("201", Some(body("OrganizationInfo"))),
        ("GET", "/_sanmen/accounts") => ("200", Some(body("Accounts"))),
        ("POST", "/_sanmen/accounts") => ("201", Some(body("AccountState"))),
        ("DELETE", _) => ("204", None),
        (_, "/_sanmen/accounts/{id}") => ("200", Some(body("AccountState"))),
        (_, "/_sanmen/life-cycle") => ("200", Some(body("LifeCycle"))),
        (_, "/_sanmen/keys/{id}") => ("200", Some(body("KeyInfo"))),
        _ => ("200", Some(body("Status"))),
    };
    operation["responses"][status] = match content {
        Some(content) => json!({ "description": "Success.", "content": content }),
        None => json!({ "description": "Success." }),
    };
    for (status, text) in problems(endpoint) {
        operation["responses"][status] = json!({ "description": text, "content": body("Problem") });
    }
    let parameters = parameters(endpoint);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    let sent = match (endpoint.method, endpoint.path) {
        ("POST", "/_sanmen/keys") => Some("NewKey"),
        ("POST", "/_sanmen/organizations") => Some("NewOrganization"),
        ("POST", "/_sanmen/accounts") => Some("NewAccount"),
        ("PATCH", "/_sanmen/accounts/{id}") => Some("AccountChange"),
        ("PATCH", _) => Some("KeyChange"),
        ("PUT", _) => Some("LifeCycle"),
        _ => None,
    };
    if let Some(schema) = sent {
        operation["requestBody"] = json!({ "required": true, "content": body(schema) });
    }
    operation
}

/// The statuses of what can go wrong, and when.
fn problems(endpoint: &Endpoint) -> Vec<(&'static str, &'static str)> {
    let mut problems = Vec::new();
    if !endpoint.open {
        problems.push(("401", "Called without the token that the server asks for."));
        problems.push(("403", "Called by a host name, or from a machine, that is not the server's."));
    }
    let asked = ["/_sanmen/keys", "/_sanmen/organizations", "/_sanmen/accounts", "/_sanmen/life-cycle"];
    if asked.iter().any(|path| endpoint.path.starts_with(path)) {
        problems.push(("400", "The query or the body is wrong."));
        problems.push(("413", "The body is too long."));
    }
    match (endpoint.method, endpoint.path) {
        ("POST", "/_sanmen/keys") => {
            problems.push(("404", "There is no such account."));
            problems.push(("409", "The vendor has a key of this id."));
        }
        ("POST", "/_sanmen/organizations") => {
            problems.push(("409", "The id is taken, or the account cannot manage an organization."));
        }
        ("POST", "/_sanmen/accounts") => {
            problems.push(("404", "There is no such organization."));
            problems.push(("409", "The id is taken, or there is a management account already."));
        }
        (_, "/_sanmen/accounts/{id}") => {
            problems.push(("404", "There is no such account, or no such organization."));
            problems.push((
                "409",
                "The account cannot be moved or closed, or several vendors have one of this id.",
            ));
        }
        (_, "/_sanmen/keys/{id}") => {
            problems.push(("404", "There is no such key."));
            problems.push(("409", "Several vendors have a key of this id, and the query names none."));
        }
        (_, "/_sanmen/openapi/{file}") => problems.push(("404", "There is no such description.")),
        _ => {}
    }
    if !matches!(endpoint.path, "/healthz" | "/_sanmen/openapi/{file}") {
        problems.push(("503", "The database failed."));
    }
    problems
}

fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let text = |place: &str, name: &str| json!({ "name": name, "in": place, "required": place == "path", "schema": { "type": "string" } });
    let vendor = json!({
        "name": "vendor", "in": "query", "schema": { "enum": ["aws", "alibaba", "huawei"] },
    });
    match (endpoint.method, endpoint.path) {
        (_, "/_sanmen/openapi/{file}") => vec![json!({
            "name": "file", "in": "path", "required": true,
            "schema": { "enum": ["aws.yaml", "alibaba.yaml", "huawei.yaml", "admin.yaml"] },
        })],
        ("GET", "/_sanmen/keys") => vec![vendor, text("query", "account")],
        ("GET", "/_sanmen/organizations") => vec![vendor],
        ("GET", "/_sanmen/accounts") => vec![vendor, text("query", "organization")],
        (_, "/_sanmen/accounts/{id}") => vec![text("path", "id"), vendor],
        (_, "/_sanmen/keys/{id}") => vec![text("path", "id"), vendor],
        _ => Vec::new(),
    }
}
