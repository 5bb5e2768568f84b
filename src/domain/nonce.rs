//! Nonces: a request that carries one cannot be sent a second time.

use super::{Credential, Error, Provider, Result, Timestamp};
use crate::store;
use crate::store::Tx;

/// For how long the moment of signing may be away from now, in milliseconds. What is older is refused for that, and
/// so its nonce need not be remembered.
pub const WINDOW: i64 = 15 * 60 * 1000;

/// A nonce, of the requests that are signed with one key.
#[derive(Clone, Copy, Debug)]
pub struct Nonce<'a> {
    /// The id of the key.
    pub key: &'a str,
    /// The nonce.
    pub text: &'a str,
    /// When the request was signed.
    pub signed: Timestamp,
}

/// Passes when the nonce was not used before.
///
/// # Errors
/// `Unauthenticated` when it was.
pub async fn unused(tx: &mut Tx, provider: Provider, nonce: &Nonce<'_>) -> Result<()> {
    match store::nonce::exists(tx, provider, nonce.key, nonce.text).await? {
        false => Ok(()),
        true => Err(Error::Unauthenticated(Credential::UsedNonce)),
    }
}

/// Uses the nonce up, until the request could not be sent again anyway. Those whose time is over are forgotten.
///
/// # Errors
/// `Unauthenticated` when it was used before.
pub async fn spend(tx: &mut Tx, provider: Provider, nonce: &Nonce<'_>, now: Timestamp) -> Result<()> {
    store::nonce::forget(tx, now).await?;
    let until = Timestamp(nonce.signed.0.max(now.0).saturating_add(WINDOW));
    match store::nonce::insert(tx, provider, nonce.key, nonce.text, until).await? {
        true => Ok(()),
        false => Err(Error::Unauthenticated(Credential::UsedNonce)),
    }
}
