//! Finding out who asks: by what the request says, or by what it can prove.

use super::canonical::{self, Secrets};
use super::memory::Memory;
use super::signature::Signed;
use super::wire::{Call, Claim, Request, Wire};
use crate::domain::access_key::AccessKey;
use crate::domain::account::Account;
use crate::domain::nonce::Nonce;
use crate::domain::{Credential, Error, Mismatch, Provider, Result, access_key, account, nonce};
use crate::store::Tx;
use crate::world::World;

/// How callers are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auth {
    /// Whether signatures are verified.
    pub strict: bool,
    /// Whether a refusal explains itself in the headers of the answer.
    pub explain: bool,
}

/// Who asks.
pub(super) struct Caller {
    /// What the request says of it.
    pub claim: Claim,
    /// The key whose signature was verified, where signatures are.
    pub proven: Option<AccessKey>,
}

/// What is found out of a request whose signature is the request's.
pub(super) struct Seen {
    /// The account, and the transaction in which it was seen: a reading one, for what only reads to go on in. `None`
    /// when it was remembered.
    pub account: Option<(Tx, Account)>,
    /// The nonce, which is to be spent before anything is done, or told.
    pub nonce: Option<Nonce>,
}

impl Caller {
    /// The account on whose behalf the request is made, in a transaction that has begun since: a key that was verified
    /// must be what it was then.
    ///
    /// # Errors
    /// `Unauthenticated`, and those of the store.
    pub(super) async fn account(&self, tx: &mut Tx, provider: Provider) -> Result<Account> {
        match &self.proven {
            Some(key) => access_key::unchanged(tx, provider, key).await,
            None => {
                account::caller(tx, provider, self.claim.key.as_deref(), self.claim.stranger.clone()).await
            }
        }
    }
}

/// What there is to find it out by.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub world: &'a World,
    pub memory: &'a Memory,
    /// How many commits there were before, if that can be said.
    pub commits: Option<u64>,
}

/// Finds out who asks. Where signatures are verified nobody gets past here without one, and nobody stands in for an
/// unknown key.
///
/// # Errors
/// `Unauthenticated`, and those of the store.
pub(super) async fn authenticate<W: Wire>(
    known: Known<'_>,
    auth: Auth,
    request: &Request,
    message: &W::Message,
    call: &Call,
) -> Result<(Caller, Option<Seen>)> {
    let claim = W::authenticate(request, message)?;
    if !auth.strict {
        return Ok((Caller { claim, proven: None }, None));
    }
    let signed = W::signed(request, message, call, known.world.clock.now())?;
    let region = signed.region().map(str::to_owned).or(claim.region);
    let (key, seen) = verify(known, W::PROVIDER, &*signed).await?;
    let claim = Claim { key: Some(key.id.clone()), stranger: None, region };
    Ok((Caller { claim, proven: Some(key) }, Some(seen)))
}

/// The key with which the request is signed, when it may be used now.
async fn verify(known: Known<'_>, provider: Provider, signed: &dyn Signed) -> Result<(AccessKey, Seen)> {
    let Known { world, memory, commits } = known;
    let now = world.clock.now();
    let remembered = commits.and_then(|commits| memory.key(commits, provider, signed.key()));
    let remembered =
        remembered.filter(|(key, account)| access_key::serves(key, account, signed.token(), now));
    let (key, mut seen) = match remembered {
        Some((key, _)) => (key, None),
        None => {
            let mut tx = world.store.read().await?;
            let (key, account) =
                access_key::usable(&mut tx, provider, signed.key(), signed.token(), now).await?;
            if let Some(commits) = commits {
                memory.keep_key(commits, provider, &key, &account);
            }
            (key, Some((tx, account)))
        }
    };
    signed.timely(now)?;
    let nonce = signed.nonce().map(|(text, until)| {
        // What nobody would send is not kept as it is.
        let odd = text.len() > LONGEST_NONCE || text.contains('\0');
        let text = if odd { canonical::sha256(text.as_bytes()) } else { text.to_owned() };
        Nonce { key: key.id.clone(), text, until }
    });
    if !signed.matches(&key.secret.0) {
        // inferred: that a nonce was used before is said first.
        if let Some(nonce) = &nonce {
            let mut tx = match seen.take() {
                Some((tx, _)) => tx,
                None => world.store.read().await?,
            };
            nonce::unused(&mut tx, provider, nonce, now).await?;
        }
        drop(seen);
        return Err(mismatch(signed, &key));
    }
    Ok((key, Seen { account: seen, nonce }))
}

/// The longest nonce that is kept as it is, in bytes.
const LONGEST_NONCE: usize = 256;

/// The error of a signature that is not the request's.
fn mismatch(signed: &dyn Signed, key: &AccessKey) -> Error {
    /// Up to what length of a text it is looked for what went wrong with it.
    const LOOKED_AT: usize = 64 * 1024;
    let logged = signed.shown(Secrets::Hidden);
    let short = logged.canonical.len() <= LOOKED_AT;
    let slip = if short { signed.slip(&key.secret.0) } else { None };
    let mismatch = Mismatch { told: signed.shown(Secrets::Written), logged, slip };
    Error::Unauthenticated(Credential::Mismatch(Box::new(mismatch)))
}
