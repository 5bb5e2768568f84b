//! The Alibaba Cloud door: CloudSSO, version 2021-05-15, in RPC style.

pub mod acs3;
pub mod mfa;
pub mod rpc;
pub mod user;
mod wire;
mod words;
mod xml;

pub use wire::Alibaba;

use crate::api::document::{Setting, Users};
use crate::api::{IdForm, KeyForm, Service, Table};
use crate::domain::instance::{self, Instance};
use crate::domain::{Ctx, Provider, Result, service};

/// The vendor.
pub const PROVIDER: Provider = Provider("alibaba");

/// Its operations.
pub static TABLE: Table = Table {
    provider: PROVIDER,
    // observed: the prefixes. inferred: the rest. Nothing looks at the form of an id.
    key: KeyForm {
        permanent: "LTAI5t",
        temporary: "STS.NT",
        letters: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        length: 18,
        secret: 30,
    },
    account: IdForm { prefix: "", letters: "0123456789", length: 16 },
    organization: IdForm {
        prefix: "rd-",
        letters: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        length: 6,
    },
    services: &[Service { name: "cloudsso", prefix: "", signing_name: "", subjects: &[mfa::OPERATIONS] }],
};

/// The settings of a directory.
pub const SETTINGS: &[Setting] = &[Setting::of::<mfa::Mfa>()];

/// What users are like. doc: the forms of the ids. inferred: the length of their ends, of which the pages show a part.
pub static USERS: Users = Users {
    id: "u-[0-9a-z]{20}",
    profile: Setting::of::<user::Profile>(),
    check: user::check_fields,
    device: "mfa-[0-9a-z]{20}",
    kinds: &["TOTP", "CrossPlatformPasskey", "PlatformPasskey"],
};

/// The version of the API.
pub const VERSION: &str = "2021-05-15";

/// The directory that a request names.
///
/// doc: the data of a directory live only in its Region. inferred: a request that comes in by the endpoint of
/// another Region does not find it, nor does one of another organization; and that the service must be enabled is
/// looked at first.
async fn directory(cx: &mut Ctx, id: &str) -> Result<Instance> {
    service::require(cx).await?;
    instance::get(cx, id).await
}
