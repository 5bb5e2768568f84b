//! What can go wrong: kinds of failure, and the things they are about.
//!
//! `Display` is for the log. What a caller reads is worded by each vendor in one exhaustive `match`, so
//! that a new kind does not compile until all have worded it.

use super::{Credential, Violation, shortened};

/// The result of whatever a request does.
pub type Result<T> = std::result::Result<T, Error>;

/// The noun that an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The service itself, which an organization has enabled.
    Service,
    /// The organization of an account.
    Organization,
    /// An instance of the service.
    Instance,
    /// The identity store of an instance.
    IdentityStore,
    /// The name of an instance that no other one may have.
    Alias,
    /// A Region to which an instance has been extended.
    Region,
    /// A delegation of the service's administration to an account.
    Delegate,
    /// A user.
    User,
    /// A user's address.
    Email,
    /// A user's second factor.
    Device,
    /// A setting that is made and deleted.
    Setting,
    /// Something that can have tags.
    Resource,
    /// A tag.
    Tag,
}

/// What decides about something in place of the service itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Users are copies of others elsewhere, and kept like these.
    Synchronization,
    /// Users sign in elsewhere.
    ExternalSignIn,
}

/// Why a caller may not do what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is neither the management account of an organization nor a delegated administrator.
    NotAdministrator,
    /// It is not the management account of an organization.
    NotManagement,
    /// It is the management account of an organization, for which the operation is not meant.
    ManagementAccount,
    /// What it names belongs to an organization that the caller does not own.
    NotOwner,
    /// What it names is not there, or not for it to see, and the vendor does not say which.
    OutOfReach,
}

/// A refusal for lack of permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Why.
    pub reason: Reason,
    /// The account that asked.
    pub account: String,
    /// The permission that it would need, in the vendor's spelling.
    pub permission: &'static str,
    /// What it asked for, in the vendor's spelling, where it is known.
    pub resource: Option<String>,
}

/// A failed request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No operation goes by the name, or the path, that was asked for.
    #[error("no operation goes by {:?}", shortened(.0, SHOWN))]
    UnknownOperation(String),
    /// There is something at that path, but not for that method.
    #[error("the method {:?} is not served there", shortened(.0, SHOWN))]
    UnknownMethod(String),
    /// The operation's API has no such version.
    #[error("no version goes by {:?}", shortened(.0, SHOWN))]
    UnknownVersion(String),
    /// The request is not of the protocol's form.
    #[error("the request cannot be read: {0}")]
    Unreadable(String),
    /// Parameters break documented limits: all that do, in order.
    #[error("invalid parameters: {}", places(.0))]
    Invalid(Vec<Violation>),
    /// The credentials are not such that they could be accepted.
    #[error("the credentials are refused: {0}")]
    Unauthenticated(Credential),
    /// The caller lacks permission.
    #[error("{} may not use {}: {:?}", .0.account, .0.permission, .0.reason)]
    NotAllowed(Denial),
    /// The service has not been enabled for the caller's organization.
    #[error("the service is not enabled")]
    ServiceDisabled,
    /// There is no such thing, as far as the caller can see.
    #[error("no {0:?} {id:?}", id = shortened(.1, SHOWN))]
    NotFound(Thing, String),
    /// There is one already, of which there can be only one.
    #[error("{1:?} has its {0:?} already")]
    AlreadyExists(Thing, String),
    /// The first cannot be deleted while it has the second.
    #[error("a {0:?} is in use: it has a {1:?}")]
    InUse(Thing, Thing),
    /// It is decided about elsewhere, and cannot be changed here.
    #[error("it cannot be changed here: {0:?} decides about it")]
    Governed(Authority),
    /// There are as many already as there may be.
    #[error("there are {1} of {0:?} already")]
    LimitExceeded(Thing, usize),
    /// What there is does not admit it. The sentence is in the vendor's words.
    #[error("not as things are: {0}")]
    Unfit(&'static str),
    /// It is being made, changed or deleted, and cannot be used like that.
    #[error("{0:?} {id:?} is under way", id = shortened(.1, SHOWN))]
    UnderWay(Thing, String),
    /// An idempotency token was used before, with other parameters.
    #[error("the token was used with other parameters")]
    ReplayMismatch,
    /// Another change was in the way, and trying again did not help.
    #[error("another change is in the way")]
    Conflict,
    /// More requests are being served than the server is willing to.
    #[error("too many requests at a time")]
    Throttled,
    /// The body is longer than the server is willing to read.
    #[error("the body is too large")]
    TooLarge,
    /// The request took longer than the server is willing to spend on it.
    #[error("the request took too long")]
    TimedOut,
    /// A fault of ours. The caller learns no more than that; the log has the source.
    #[error("internal error: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How much of a text of the caller's is written to the log.
const SHOWN: usize = 128;

/// Where the violations are, and which rules they break. Not the values: one of them could be a secret.
fn places(violations: &[Violation]) -> String {
    const FIRST: usize = 3;
    let places: Vec<_> = violations.iter().take(FIRST).map(Violation::to_string).collect();
    match violations.len().saturating_sub(FIRST) {
        0 => places.join(", "),
        more => format!("{}, and {more} more", places.join(", ")),
    }
}

impl Error {
    /// A fault of ours, with its source.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}
