//! The Alibaba Cloud door: CloudSSO, version 2021-05-15, in RPC style.

/// The vendor's page on an operation, by the end of its address.
macro_rules! page {
    ($operation:literal) => {
        concat!(
            "https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-",
            $operation
        )
    };
}

pub mod acs3;
pub mod delegate;
pub mod directory;
pub mod directory_statistics;
pub mod global_access;
pub mod login_preference;
pub mod mfa;
pub mod password;
pub mod password_policy;
pub mod rpc;
pub mod saml;
pub mod scim;
pub mod service;
pub mod switch;
pub mod tag;
pub mod user;
pub mod user_list;
pub mod user_mfa;
pub mod user_shown;
mod wire;
mod words;
mod xml;

pub use wire::Alibaba;

use crate::api::document::{Setting, Users};
use crate::api::page::TokenForm;
use crate::api::{IdForm, KeyForm, Paging, Service, Table};
use crate::domain::instance::{self, Instance};
use crate::domain::{Ctx, Provider, Result, service as enabled};

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
    services: &[Service {
        name: "cloudsso",
        prefix: "",
        signing_name: "",
        subjects: &[
            service::OPERATIONS,
            directory::OPERATIONS,
            directory_statistics::OPERATIONS,
            global_access::OPERATIONS,
            delegate::OPERATIONS,
            mfa::OPERATIONS,
            login_preference::OPERATIONS,
            password_policy::OPERATIONS,
            user::OPERATIONS,
            user_list::OPERATIONS,
            password::OPERATIONS,
            user_mfa::OPERATIONS,
            tag::OPERATIONS,
        ],
    }],
};

/// The settings of a directory.
pub const SETTINGS: &[Setting] = &[
    Setting::of::<mfa::Mfa>(),
    Setting::of::<login_preference::LoginPreference>(),
    Setting::of::<password_policy::PasswordPolicy>(),
    Setting::of::<global_access::GlobalAccess>(),
    Setting::of::<saml::Saml>(),
    Setting::of::<scim::Scim>(),
];

/// What users are like. doc: the forms of the ids. inferred: the length of their ends, of which the pages show a part.
pub static USERS: Users = Users {
    id: "u-[0-9a-z]{20}",
    profile: Setting::of::<user::Profile>(),
    check: user::check_fields,
    issuers: &["SCIM"],
    most_devices: 2,
    device: "mfa-[0-9a-z]{20}",
    kinds: &["TOTP", "CrossPlatformPasskey", "PlatformPasskey"],
};

/// The version of the API.
pub const VERSION: &str = "2021-05-15";

/// inferred: the form of the tokens of pages, from the length of the one that is shown.
const TOKEN: TokenForm = TokenForm { seal: 32 };

/// How an answer comes in pages, whose items are this member. doc.
const fn paging(items: &'static str) -> Paging {
    Paging { size: Some("MaxResults"), usual: 10, most: 100, token: "NextToken", next: &["NextToken"], items }
}

/// Of what the ends of ids are made. doc: the samples.
const LETTERS: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The directory that a request names.
///
/// doc: the data of a directory live only in its Region. inferred: a request that comes in by the endpoint of
/// another Region does not find it, nor does one of another organization; and that the service must be enabled is
/// looked at first.
async fn directory(cx: &mut Ctx, id: &str) -> Result<Instance> {
    enabled::require(cx).await?;
    instance::get(cx, id).await
}
