//! The Huawei Cloud door: IAM Identity Center, REST.

pub mod aksk;
pub mod sso_configuration;
mod wire;
mod words;

pub use wire::Huawei;

use crate::api::document::Setting;
use crate::api::{IdForm, KeyForm, Service, Table};
use crate::domain::Provider;

/// The vendor.
pub const PROVIDER: Provider = Provider("huawei");

/// Its operations.
pub static TABLE: Table = Table {
    provider: PROVIDER,
    // inferred: all of it. Nothing looks at the form of an id.
    key: KeyForm {
        permanent: "HPUA",
        temporary: "HSTA",
        letters: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        length: 16,
        secret: 40,
    },
    account: IdForm { prefix: "", letters: "0123456789abcdef", length: 32 },
    organization: IdForm { prefix: "o-", letters: "0123456789abcdefghijklmnopqrstuvwxyz", length: 32 },
    services: &[Service {
        name: "IdentityCenter",
        prefix: "",
        signing_name: "",
        subjects: &[sso_configuration::OPERATIONS],
    }],
};

/// The settings of an instance.
pub const SETTINGS: &[Setting] = &[Setting::of::<sso_configuration::SsoConfiguration>()];

/// The form of ids in paths. model: the validators of the SDKs.
const ID: &str = "^[a-zA-Z0-9-]{1,64}$";

/// The form of an alias. model: `^(?!-|d-)[A-Za-z0-9-]{1,62}(?<!-)$` of the SDKs' validators, written without looking ahead
/// and behind.
pub(crate) const ALIAS: &str = "([A-Zabce-z0-9]([A-Za-z0-9-]{0,60}[A-Za-z0-9])?\
    |d([A-Za-z0-9]([A-Za-z0-9-]{0,59}[A-Za-z0-9])?)?)";
