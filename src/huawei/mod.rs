//! The Huawei Cloud door: IAM Identity Center, REST.

pub mod access_control_attributes;
pub mod aksk;
pub mod ha_configuration;
pub mod iam;
pub mod identity_store;
pub mod instance;
pub mod mfa_device_management;
mod page;
pub mod service;
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
    services: &[
        Service {
            name: "IdentityCenter",
            prefix: "",
            signing_name: "",
            subjects: &[
                instance::OPERATIONS,
                service::OPERATIONS,
                identity_store::OPERATIONS,
                ha_configuration::OPERATIONS,
                mfa_device_management::OPERATIONS,
                access_control_attributes::OPERATIONS,
                sso_configuration::OPERATIONS,
            ],
        },
        Service { name: iam::SERVICE, prefix: "", signing_name: "", subjects: &[iam::OPERATIONS] },
    ],
};

/// The settings of an instance.
pub const SETTINGS: &[Setting] = &[
    Setting::of::<sso_configuration::SsoConfiguration>(),
    Setting::of::<ha_configuration::HaConfiguration>(),
    Setting::of::<mfa_device_management::MfaDeviceManagement>(),
    Setting::of::<access_control_attributes::AccessControlAttributeConfiguration>(),
];

/// The form of ids in paths. model: the validators of the SDKs.
const ID: &str = "^[a-zA-Z0-9-]{1,64}$";

/// The form of an alias. model: `^(?!-|d-)[A-Za-z0-9-]{1,62}(?<!-)$` of the SDKs' validators, written without looking ahead
/// and behind.
pub(crate) const ALIAS: &str = "([A-Zabce-z0-9]([A-Za-z0-9-]{0,60}[A-Za-z0-9])?\
    |d([A-Za-z0-9]([A-Za-z0-9-]{0,59}[A-Za-z0-9])?)?)";
