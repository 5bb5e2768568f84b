//! Finding out who asks: by what the request says, or by what it can prove.

use super::canonical::Secrets;
use super::signature::Signed;
use super::wire::{Call, Claim, Request, Wire};
use crate::domain::{Credential, Error, Mismatch, Provider, Result, access_key, nonce};
use crate::world::World;

/// How callers are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auth {
    /// Whether signatures are verified.
    pub strict: bool,
    /// Whether a refusal explains itself in the headers of the answer.
    pub explain: bool,
}

/// Who asks. Where signatures are verified nobody gets past here without one, and nobody stands in for an unknown
/// key.
///
/// # Errors
/// `Unauthenticated`, and those of the store.
pub(super) async fn authenticate<W: Wire>(
    world: &World,
    auth: Auth,
    request: &Request,
    message: &W::Message,
    call: &Call,
) -> Result<Claim> {
    let claim = W::authenticate(request, message)?;
    if !auth.strict {
        return Ok(claim);
    }
    let signed = W::signed(request, message, call, world.clock.now())?;
    verify(world, W::PROVIDER, &*signed).await?;
    Ok(Claim { key: Some(signed.key().to_owned()), stranger: None, region: claim.region })
}

/// Passes when the request is signed with a key that may be used now.
async fn verify(world: &World, provider: Provider, signed: &dyn Signed) -> Result<()> {
    let now = world.clock.now();
    let mut tx = world.store.read().await?;
    let key = access_key::usable(&mut tx, provider, signed.key(), signed.token(), now).await?;
    let once = signed.nonce().map(|(text, moment)| nonce::Nonce { key: &key.id, text, signed: moment });
    if let Some(once) = &once {
        nonce::unused(&mut tx, provider, once).await?;
    }
    drop(tx);
    signed.timely(now)?;
    if !signed.matches(&key.secret.0) {
        let mismatch = Mismatch {
            told: signed.shown(Secrets::Written),
            logged: signed.shown(Secrets::Hidden),
            slip: signed.slip(&key.secret.0),
        };
        return Err(Error::Unauthenticated(Credential::Mismatch(Box::new(mismatch))));
    }
    if let Some(once) = &once {
        // Only now: nobody but the key's owner can use up its nonces.
        let mut tx = world.store.write().await?;
        nonce::spend(&mut tx, provider, once, now).await?;
        world.store.commit(tx).await?;
    }
    Ok(())
}
