//! The neutral nouns, and the rules that keep them consistent. No vendor, no HTTP, no SQL.

pub mod access_key;
pub mod account;
mod clock;
mod credential;
mod ctx;
pub mod device;
mod error;
mod ids;
pub mod instance;
pub mod life_cycle;
pub mod nonce;
pub mod organization;
pub mod page;
pub mod region;
pub mod replay;
pub mod service;
pub mod setting;
pub mod tag;
pub mod user;
mod violation;

pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use credential::{Credential, Mismatch, Shown};
pub use ctx::Ctx;
pub use error::{Authority, Denial, Error, Reason, Result, Thing};
pub use ids::{Ids, RandomIds, SeededIds};
pub(crate) use violation::shortened;
pub use violation::{MOST_VIOLATIONS, Path, Rule, Step, Violation};

/// Which vendor's estate a row belongs to. Compared, never branched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Provider(pub &'static str);
