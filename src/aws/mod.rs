//! The AWS door: IAM Identity Center over awsJson 1.1, and of STS what tools ask first, over the query protocol.

pub mod arn;
pub mod configuration;
pub mod description;
pub mod instance;
mod page;
pub mod query;
pub mod region;
pub mod sigv4;
pub mod sts;
pub mod tag;
mod wire;
mod words;

pub use wire::Aws;

use crate::api::document::Setting;
use crate::api::{IdForm, KeyForm, Service, Table};
use crate::domain::Provider;

/// The vendor.
pub const PROVIDER: Provider = Provider("aws");

/// Its operations.
pub static TABLE: Table = Table {
    provider: PROVIDER,
    // doc: the prefixes. observed: the rest.
    key: KeyForm {
        permanent: "AKIA",
        temporary: "ASIA",
        letters: "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        length: 16,
        secret: 40,
    },
    account: IdForm { prefix: "", letters: "0123456789", length: 12 },
    organization: IdForm { prefix: "o-", letters: "abcdefghijklmnopqrstuvwxyz0123456789", length: 10 },
    services: &[
        Service {
            name: "sso-admin",
            prefix: "SWBExternalService",
            signing_name: "sso",
            subjects: &[instance::OPERATIONS, configuration::OPERATIONS, tag::OPERATIONS, region::OPERATIONS],
        },
        Service { name: "sts", prefix: "", signing_name: query::SERVICE, subjects: &[sts::OPERATIONS] },
    ],
};

/// The settings of an instance.
pub const SETTINGS: &[Setting] = &[
    Setting::of::<configuration::Encryption>(),
    Setting::of::<configuration::Network>(),
    Setting::of::<configuration::PermissionSets>(),
];

/// The Region of a request that names none.
pub const DEFAULT_REGION: &str = "us-east-1";

/// The account of a request whose key is not known and does not name an account itself.
pub const DEFAULT_ACCOUNT: &str = "000000000000";
