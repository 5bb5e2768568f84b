//! Access keys: what a request is signed with.

use subtle::ConstantTimeEq;

use super::{Credential, Error, Provider, Result, Timestamp};
use crate::store;
use crate::store::Tx;

/// A text that is never written to a log.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Secret(pub String);

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Whether a key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It may.
    Active,
    /// It has been disabled.
    Inactive,
}

impl KeyStatus {
    /// All of them.
    pub const ALL: [KeyStatus; 2] = [Self::Active, Self::Inactive];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    /// The status that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// An access key: permanent, or temporary, which is one with a session token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its id, unique at the vendor.
    pub id: String,
    /// The account it belongs to.
    pub account: String,
    /// What signatures are made with.
    pub secret: Secret,
    /// Whether it may be used.
    pub status: KeyStatus,
    /// When it ends, if it does: from this moment on it cannot be used.
    pub expires: Option<Timestamp>,
    /// The token that must come with each request signed with it; `None` for a permanent key.
    pub session_token: Option<Secret>,
}

/// The key by this id, when it may be used now with this session token.
///
/// # Errors
/// `Unauthenticated`: the key is unknown or disabled, or the token is not its own, or its time is over.
pub async fn usable(
    tx: &mut Tx,
    provider: Provider,
    id: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Result<AccessKey> {
    let refused = |credential| Err(Error::Unauthenticated(credential));
    let Some(key) = store::access_key::get(tx, provider, id).await? else {
        return refused(Credential::UnknownKey(Some(id.to_owned())));
    };
    if key.status == KeyStatus::Inactive {
        return refused(Credential::InactiveKey(key.id));
    }
    match (&key.session_token, token) {
        (None, None) => {}
        (Some(own), Some(given)) if own.0.as_bytes().ct_eq(given.as_bytes()).into() => {}
        (Some(_), None) => return refused(Credential::NoToken(key.id)),
        (_, Some(given)) if store::access_key::has_token(tx, provider, given).await? => {
            return refused(Credential::OtherToken);
        }
        (_, Some(_)) => return refused(Credential::UnknownToken),
    }
    match key.expires {
        Some(end) if end <= now && key.session_token.is_some() => refused(Credential::Ended(end)),
        Some(end) if end <= now => refused(Credential::InactiveKey(key.id)),
        Some(_) | None => Ok(key),
    }
}
