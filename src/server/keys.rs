//! Access keys at run time: making them, looking at them, disabling them, deleting them.

use axum::response::Response;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::admin::{json, no_content};
use super::asked::{Asked, Filter, Outcome, answered, read, refused, table};
use crate::api::{KeyForm, date};
use crate::domain::access_key::{AccessKey, KeyStatus, Secret};
use crate::domain::{Ids, Provider, Result, Timestamp};
use crate::world::{Added, World};

/// A key that is to be made. What is left out is made up.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    vendor: String,
    account: String,
    id: Option<String>,
    secret: Option<String>,
    status: Option<KeyStatus>,
    /// Whether it has a session token.
    temporary: Option<bool>,
    session_token: Option<String>,
    /// RFC 3339, or `never`.
    expires_at: Option<String>,
}

/// What is to be changed of a key.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    status: Option<KeyStatus>,
    /// RFC 3339, or `never`.
    expires_at: Option<String>,
}

/// The keys there are.
#[derive(Deserialize, Serialize)]
pub struct Keys {
    keys: Vec<KeyInfo>,
}

/// A key. Its secrets are shown once, when it is made.
#[derive(Deserialize, Serialize)]
pub struct KeyInfo {
    vendor: String,
    id: String,
    account: String,
    status: KeyStatus,
    temporary: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<String>,
}

impl KeyInfo {
    fn of(provider: Provider, key: &AccessKey) -> Self {
        Self {
            vendor: provider.0.to_owned(),
            id: key.id.clone(),
            account: key.account.clone(),
            status: key.status,
            temporary: key.session_token.is_some(),
            expires_at: key.expires.map(date::extended),
            secret: None,
            session_token: None,
        }
    }

    fn with_secrets(provider: Provider, key: &AccessKey) -> Self {
        let secret = Some(key.secret.0.clone());
        let session_token = key.session_token.as_ref().map(|token| token.0.clone());
        Self { secret, session_token, ..Self::of(provider, key) }
    }
}

/// Answers a request about keys.
///
/// # Errors
/// Those of the store.
pub(super) async fn answer(world: &World, asked: Asked<'_>) -> Result<Response> {
    answered(carry_out(world, asked).await)
}

async fn carry_out(world: &World, call: Asked<'_>) -> Outcome<Response> {
    let filter = Filter::read(call.query, Some("account"))?;
    let Some(id) = call.id else {
        return match call.method {
            "POST" => make(world, &call.body).await,
            _ => list(world, &filter).await,
        };
    };
    let id = percent_decode_str(id).decode_utf8_lossy();
    if filter.value.is_some() {
        return refused(StatusCode::BAD_REQUEST, "of one key the query has `vendor` only");
    }
    let found = world.keys_by_id(&filter.providers, &id).await?;
    let (provider, key) = match found.as_slice() {
        [] => return no_such_key(),
        [one] => one,
        _ => return refused(StatusCode::CONFLICT, "several vendors have a key of this id: add ?vendor=…"),
    };
    match call.method {
        "PATCH" => change(world, *provider, &key.id, &call.body).await,
        "DELETE" if world.delete_key(*provider, &key.id).await? => Ok(no_content()),
        "DELETE" => no_such_key(),
        _ => Ok(json(StatusCode::OK, &KeyInfo::of(*provider, key))),
    }
}

fn no_such_key<T>() -> Outcome<T> {
    refused(StatusCode::NOT_FOUND, "there is no such key")
}

async fn list(world: &World, filter: &Filter) -> Outcome<Response> {
    let keys = world.keys(&filter.providers).await?;
    let keys = keys.iter().filter(|(_, key)| filter.value.as_ref().is_none_or(|id| *id == key.account));
    let keys = keys.map(|(provider, key)| KeyInfo::of(*provider, key)).collect();
    Ok(json(StatusCode::OK, &Keys { keys }))
}

async fn make(world: &World, body: &[u8]) -> Outcome<Response> {
    let (provider, key) = read::<NewKey>(body)?.build(&*world.ids)?;
    match world.add_key(provider, &key).await? {
        Added::Done => Ok(json(StatusCode::CREATED, &KeyInfo::with_secrets(provider, &key))),
        Added::NoAccount => refused(StatusCode::NOT_FOUND, "the vendor has no such account"),
        Added::Closed => refused(StatusCode::CONFLICT, "the account is closed"),
        Added::Taken => refused(StatusCode::CONFLICT, "the vendor has a key of this id"),
    }
}

impl NewKey {
    fn build(self, ids: &(dyn Ids + 'static)) -> Outcome<(Provider, AccessKey)> {
        let table = table(&self.vendor)?;
        let KeyForm { permanent, temporary, letters, length, secret } = table.key;
        let is_temporary = self.temporary.unwrap_or(self.session_token.is_some());
        if !is_temporary && self.session_token.is_some() {
            return refused(StatusCode::BAD_REQUEST, "a key with a `session_token` is temporary");
        }
        let prefix = if is_temporary { temporary } else { permanent };
        let made_up = |text: Option<String>, make: &dyn Fn() -> String| text.unwrap_or_else(make);
        let key = AccessKey {
            id: made_up(self.id, &|| ids.letters(prefix, letters, length)),
            account: self.account,
            secret: Secret(made_up(self.secret, &|| ids.letters("", ALPHANUMERIC, secret))),
            status: self.status.unwrap_or_default(),
            expires: self.expires_at.map(|text| moment(&text)).transpose()?.flatten(),
            session_token: is_temporary
                .then(|| Secret(made_up(self.session_token, &|| ids.letters("", ALPHANUMERIC, TOKEN)))),
        };
        match key.fault() {
            Some(fault) => refused(StatusCode::BAD_REQUEST, fault),
            None => Ok((table.provider, key)),
        }
    }
}

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How long a session token is.
const TOKEN: usize = 160;

/// A moment in RFC 3339, or none for `never`.
fn moment(text: &str) -> Outcome<Option<Timestamp>> {
    match (text, date::parse_rfc3339(text)) {
        ("never", _) => Ok(None),
        (_, Some(moment)) => Ok(Some(moment)),
        (_, None) => {
            refused(StatusCode::BAD_REQUEST, "`expires_at` is a moment like 2026-01-02T03:04:05Z, or `never`")
        }
    }
}

async fn change(world: &World, provider: Provider, id: &str, body: &[u8]) -> Outcome<Response> {
    let asked: KeyChange = read(body)?;
    let expires = asked.expires_at.as_deref().map(moment).transpose()?;
    let changed = world.change_key(provider, id, |key| {
        key.status = asked.status.unwrap_or(key.status);
        key.expires = expires.unwrap_or(key.expires);
    });
    match changed.await? {
        Some(key) => Ok(json(StatusCode::OK, &KeyInfo::of(provider, &key))),
        None => no_such_key(),
    }
}
