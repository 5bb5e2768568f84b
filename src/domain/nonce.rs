//! Nonces: a request that carries one cannot be sent a second time.

use super::{Credential, Error, Provider, Result, Timestamp};
use crate::store;
use crate::store::{Store, Tx};

/// A nonce, of the requests that are signed with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce {
    /// The id of the key.
    pub key: String,
    /// The nonce.
    pub text: String,
    /// Until when it is to be remembered: for as long as the request could be sent again.
    pub until: Timestamp,
}

/// Passes when the nonce was not used before.
///
/// # Errors
/// `Unauthenticated` when it was.
pub async fn unused(tx: &mut Tx, provider: Provider, nonce: &Nonce, now: Timestamp) -> Result<()> {
    match store::nonce::exists(tx, provider, nonce, now).await? {
        false => Ok(()),
        true => Err(Error::Unauthenticated(Credential::UsedNonce)),
    }
}

/// Uses the nonce up, until the request could not be sent again anyway.
///
/// # Errors
/// `Unauthenticated` when it was used before.
pub async fn spend(store: &Store, provider: Provider, nonce: Nonce, now: Timestamp) -> Result<()> {
    match store.add_nonce(provider, nonce, now).await? {
        true => Ok(()),
        false => Err(Error::Unauthenticated(Credential::UsedNonce)),
    }
}
