//! Idempotency: a request that is sent again gets the answer that it got before.

use super::{Ctx, Error, Result};
use crate::store;

/// What makes a request the same as an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The token that the caller gave, compared to the letter.
    pub token: String,
    /// The other parameters, in a form in which equal requests are equal texts.
    pub parameters: String,
}

/// The answer that was given to this request before, if there was one.
///
/// # Errors
/// `ReplayMismatch` when the token was used with other parameters.
pub async fn get(cx: &mut Ctx, operation: &str, replay: &Replay) -> Result<Option<String>> {
    let account = &cx.caller.id;
    let key = store::replay::Key { provider: cx.provider, account, operation, token: &replay.token };
    let found = store::replay::get(&mut cx.tx, key).await?;
    match found {
        None => Ok(None),
        Some(record) if record.parameters == replay.parameters => Ok(Some(record.answer)),
        Some(_) => Err(Error::ReplayMismatch),
    }
}

/// Remembers the answer to this request for as long as the instance lives that it was about.
///
/// # Errors
/// Those of the store.
pub async fn remember(cx: &mut Ctx, operation: &str, replay: Replay, answer: String) -> Result<()> {
    let record = store::replay::Record { parameters: replay.parameters, answer };
    let created = cx.now();
    let (account, anchor) = (&cx.caller.id, cx.anchor.as_deref());
    let key = store::replay::Key { provider: cx.provider, account, operation, token: &replay.token };
    store::replay::insert(&mut cx.tx, key, &record, anchor, created).await
}
