//! Access keys: what a request is signed with.

use subtle::ConstantTimeEq;

use super::account::{self, Account};
use super::{Credential, Error, Provider, Result, Timestamp};
use crate::store;
use crate::store::Tx;

/// A text that is never written to a log.
#[derive(Clone, PartialEq, Eq, Hash, serde::Deserialize)]
pub struct Secret(pub String);

impl Secret {
    /// Whether this is the text, in a time that does not tell where they differ.
    pub fn is(&self, text: &str) -> bool {
        same(&self.0, text)
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

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
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It may.
    #[default]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// The longest id, in characters. What is in an index may have some 2,700 bytes in all.
const LONGEST_ID: usize = 256;

/// The longest session token, in characters.
const LONGEST_TOKEN: usize = 2048;

impl AccessKey {
    /// Why nobody could sign with this key, if so: its id stands in lists and paths, its token in a header.
    pub fn fault(&self) -> Option<&'static str> {
        let is_plain = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic())
        };
        let is_id = |text: &str| is_plain(text, LONGEST_ID) && !text.contains([',', ';', '=', '/']);
        if !is_id(&self.id) {
            return Some("`id` must be visible characters of ASCII, 256 at most, without any of , ; = /");
        }
        if self.secret.0.is_empty() || self.secret.0.len() > 4096 || self.secret.0.contains('\0') {
            return Some("`secret` must have 1 to 4096 characters");
        }
        if self.session_token.as_ref().is_some_and(|token| !is_plain(&token.0, LONGEST_TOKEN)) {
            return Some("`session_token` must be visible characters of ASCII, 2048 at most");
        }
        None
    }
}

/// The account that a key belongs to, when the key is what it was when this was read.
///
/// # Errors
/// `Unauthenticated` when it has been changed or deleted since.
pub async fn unchanged(tx: &mut Tx, provider: Provider, before: &AccessKey) -> Result<Account> {
    let credential = match store::access_key::get_with_account(tx, provider, &before.id).await? {
        Some((key, account)) if key == *before => return account::open(account, &key.id),
        Some((key, _)) if key.status == KeyStatus::Inactive => Credential::InactiveKey(key.id),
        Some(_) | None => Credential::UnknownKey(Some(before.id.clone())),
    };
    Err(Error::Unauthenticated(credential))
}

/// Whether a key of this account may be used now with this session token. Why not is said by [`usable`].
pub fn serves(key: &AccessKey, account: &Account, token: Option<&str>, now: Timestamp) -> bool {
    let own = match (&key.session_token, token) {
        (None, None) => true,
        (Some(own), Some(given)) => own.is(given),
        (Some(_), None) | (None, Some(_)) => false,
    };
    own && key.status == KeyStatus::Active && !account.closed && key.expires.is_none_or(|end| end > now)
}

/// The key by this id, and the account it belongs to, when it may be used now with this session token.
///
/// # Errors
/// `Unauthenticated`: the key is unknown or disabled, or the token is not its own, or its time is over. inferred: this
/// order; and that a permanent key whose time is over is refused as a disabled one.
pub async fn usable(
    tx: &mut Tx,
    provider: Provider,
    id: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Result<(AccessKey, Account)> {
    let refused = |credential| Err(Error::Unauthenticated(credential));
    let found = match id.contains('\0') {
        // No key has such an id, and not every database can be asked for it. So it is with tokens.
        true => None,
        false => store::access_key::get_with_account(tx, provider, id).await?,
    };
    let Some((key, account)) = found else {
        return refused(Credential::UnknownKey(Some(id.to_owned())));
    };
    if key.status == KeyStatus::Inactive {
        return refused(Credential::InactiveKey(key.id));
    }
    match (&key.session_token, token) {
        (None, None) => {}
        (Some(own), Some(given)) if own.is(given) => {}
        (Some(_), None) => return refused(Credential::NoToken(key.id)),
        (_, Some(given))
            if !given.contains('\0') && store::access_key::has_token(tx, provider, given).await? =>
        {
            return refused(Credential::OtherToken);
        }
        (_, Some(_)) => return refused(Credential::UnknownToken),
    }
    match key.expires {
        Some(end) if end <= now && key.session_token.is_some() => refused(Credential::Ended(end)),
        Some(end) if end <= now => refused(Credential::InactiveKey(key.id)),
        Some(_) | None => {
            let account = account::open(account, &key.id)?;
            Ok((key, account))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn texts_are_compared_whole() {
        assert!(same("", "") && same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("ab", "abc") && !same("abc", ""));
    }
}
