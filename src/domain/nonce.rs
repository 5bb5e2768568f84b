//! Nonces: a request that carries one cannot be sent a second time.

use super::{Credential, Error, Provider, Result, Timestamp};
use crate::store;
use crate::store::{Connection, Store};

/// A nonce, of the requests that are signed with one key.
#[derive(Clone, Copy, Debug)]
pub struct Nonce<'a> {
    /// The id of the key.
    pub key: &'a str,
    /// The nonce.
    pub text: &'a str,
    /// Until when it is to be remembered: for as long as the request could be sent again.
    pub until: Timestamp,
}

/// The error of a nonce that was used before, if it was.
///
/// # Errors
/// Those of the store.
pub async fn used(
    connection: &mut Connection,
    provider: Provider,
    nonce: &Nonce<'_>,
    now: Timestamp,
) -> Result<Option<Error>> {
    let used = store::nonce::exists(connection, provider, nonce.key, nonce.text, now).await?;
    Ok(used.then_some(Error::Unauthenticated(Credential::UsedNonce)))
}

/// Uses the nonce up, until the request could not be sent again anyway.
///
/// # Errors
/// `Unauthenticated` when it was used before.
pub async fn spend(store: &Store, provider: Provider, nonce: &Nonce<'_>, now: Timestamp) -> Result<()> {
    let (key, text) = (nonce.key.to_owned(), nonce.text.to_owned());
    let entry = store::nonce::Entry { provider, key, nonce: text, expires: nonce.until };
    match store.add_nonce(entry, now).await? {
        true => Ok(()),
        false => Err(Error::Unauthenticated(Credential::UsedNonce)),
    }
}
