//! All that one request may use.

use std::sync::Arc;

use super::account::Account;
use super::{Clock, Denial, Error, Ids, Provider, Reason, Timestamp};
use crate::store::Tx;

/// The context of one request: its transaction, its caller, time and ids. Nothing else is in reach.
pub struct Ctx {
    /// The transaction. Whoever opened it commits it or rolls it back.
    pub tx: Tx,
    /// Whose estate.
    pub provider: Provider,
    /// Who asks.
    pub caller: Account,
    /// The Region that the request names, if it names one.
    pub region: Option<String>,
    /// The permission that the operation needs, in the vendor's spelling.
    pub permission: &'static str,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// Whether what is done will be kept.
    pub(crate) writes: bool,
    /// Whether it must be, although the operation only reads: then all is done again, and kept.
    pub(crate) must_write: bool,
    /// The instance with which the idempotency record of this request lives and dies.
    pub(crate) anchor: Option<String>,
}

impl Ctx {
    /// The moment now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The error that refuses the caller.
    pub fn denied(&self, reason: Reason, resource: Option<String>) -> Error {
        let account = self.caller.id.clone();
        Error::NotAllowed(Denial { reason, account, permission: self.permission, resource })
    }
}
