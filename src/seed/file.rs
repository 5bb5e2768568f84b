//! The form of a seed file. Ids are checked as they are read, so that the error knows the line.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer};

use crate::api::Check;
use crate::api::date;
use crate::api::document::Setting;
use crate::domain::access_key::KeyStatus;
use crate::domain::{Provider, Timestamp};
use crate::{alibaba, aws, huawei};

/// A seed file. What is left out is empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) aws: Option<VendorFile<AwsForm>>,
    #[serde(default)]
    pub(super) alibaba: Option<VendorFile<AlibabaForm>>,
    #[serde(default)]
    pub(super) huawei: Option<VendorFile<HuaweiForm>>,
}

/// What there is of one vendor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(super) struct VendorFile<F: Form> {
    #[serde(default = "Vec::new")]
    pub(super) organizations: Vec<OrganizationFile<F>>,
    /// The standalone accounts.
    #[serde(default = "Vec::new")]
    pub(super) accounts: Vec<AccountFile<F>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(super) struct OrganizationFile<F: Form> {
    #[serde(deserialize_with = "plain")]
    pub(super) id: String,
    /// Whether the organization has enabled the service. It must have, where it has an instance.
    #[serde(default)]
    pub(super) service: ServiceWord,
    #[serde(default = "Vec::new")]
    pub(super) accounts: Vec<AccountFile<F>>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum ServiceWord {
    #[default]
    Disabled,
    Enabled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(super) struct AccountFile<F: Form> {
    #[serde(deserialize_with = "account::<_, F>")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) standing: Option<StandingWord>,
    #[serde(default)]
    pub(super) access_keys: Vec<KeyFile>,
    #[serde(default)]
    pub(super) instance: Option<InstanceFile<F>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum StandingWord {
    Management,
    DelegatedAdministrator,
    Member,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    #[serde(deserialize_with = "plain")]
    pub(super) id: String,
    #[serde(deserialize_with = "plain")]
    pub(super) secret: String,
    #[serde(default)]
    pub(super) status: KeyStatus,
    /// When it can no longer be used.
    #[serde(default, deserialize_with = "moment")]
    pub(super) expires_at: Option<Timestamp>,
    /// A key that has one is temporary.
    #[serde(default, deserialize_with = "token")]
    pub(super) session_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(super) struct InstanceFile<F: Form> {
    #[serde(deserialize_with = "instance::<_, F>")]
    pub(super) id: String,
    /// Where the vendor has no id of its own for it, it is left out.
    #[serde(default, deserialize_with = "store::<_, F>")]
    pub(super) identity_store: Option<String>,
    #[serde(deserialize_with = "region")]
    pub(super) region: String,
    #[serde(default, deserialize_with = "name::<_, F>")]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    /// Documents, by the names under which the vendor's operations keep them.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, serde_json::Value>,
    #[serde(skip)]
    form: PhantomData<F>,
}

/// The forms of a vendor's ids, and what it keeps for an instance.
pub(super) trait Form {
    const PROVIDER: Provider;
    const ACCOUNT: &'static str;
    const INSTANCE: &'static str;
    /// `None` where an identity store has no id of its own.
    const STORE: Option<&'static str>;
    /// The form of an instance's name, and its length in characters; `None` where it has none.
    const NAME: Option<(&'static str, RangeInclusive<usize>)>;
    /// Whether only a management account can have an instance.
    const MANAGEMENT_ONLY: bool;
    /// Whether the service is enabled before there is an instance.
    const NEEDS_SERVICE: bool;
    const SETTINGS: &'static [Setting];

    /// Whether these tags could be an instance's: the first violation, as a sentence.
    fn tags(tags: &BTreeMap<String, String>) -> Result<(), String> {
        match tags.is_empty() {
            true => Ok(()),
            false => Err("this vendor's instances have no tags".to_owned()),
        }
    }
}

pub(super) struct AwsForm;

impl Form for AwsForm {
    const PROVIDER: Provider = aws::PROVIDER;
    const ACCOUNT: &'static str = r"\d{12}";
    const INSTANCE: &'static str = "ssoins-[0-9a-f]{16}";
    const STORE: Option<&'static str> = Some("d-[0-9a-f]{10}");
    const NAME: Option<(&'static str, RangeInclusive<usize>)> = Some((aws::instance::NAME, 1..=255));
    const MANAGEMENT_ONLY: bool = false;
    const NEEDS_SERVICE: bool = false;
    const SETTINGS: &'static [Setting] = &[];

    fn tags(tags: &BTreeMap<String, String>) -> Result<(), String> {
        let tags: Vec<_> = tags.iter().map(|(key, value)| aws::tag::Tag::new(key, value)).collect();
        let mut check = Check::new();
        aws::tag::check(&mut check, "tags", Some(&tags));
        check.into_violations().first().map_or(Ok(()), |violation| Err(violation.to_string()))
    }
}

pub(super) struct AlibabaForm;

impl Form for AlibabaForm {
    const PROVIDER: Provider = alibaba::PROVIDER;
    const ACCOUNT: &'static str = r"\d{16}";
    const INSTANCE: &'static str = "d-[0-9a-z]{12}";
    const STORE: Option<&'static str> = None;
    /// Without the beginning `d-`, which is an id's.
    const NAME: Option<(&'static str, RangeInclusive<usize>)> =
        Some(("([a-ce-z0-9]|d[a-z0-9])(-?[a-z0-9])*", 2..=64));
    const MANAGEMENT_ONLY: bool = true;
    const NEEDS_SERVICE: bool = true;
    const SETTINGS: &'static [Setting] = alibaba::SETTINGS;
}

pub(super) struct HuaweiForm;

impl Form for HuaweiForm {
    const PROVIDER: Provider = huawei::PROVIDER;
    const ACCOUNT: &'static str = "[0-9a-f]{32}";
    const INSTANCE: &'static str = "ins-[a-zA-Z0-9-]{16}";
    const STORE: Option<&'static str> = Some("d-[0-9a-f]{10}");
    const NAME: Option<(&'static str, RangeInclusive<usize>)> = None;
    const MANAGEMENT_ONLY: bool = true;
    const NEEDS_SERVICE: bool = true;
    const SETTINGS: &'static [Setting] = huawei::SETTINGS;
}

fn formed<'de, D: Deserializer<'de>>(deserializer: D, form: &'static str) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match crate::api::matches(form, &text) {
        true => Ok(text),
        false => Err(serde::de::Error::custom(format_args!("{text:?} is not of the form {form}"))),
    }
}

/// A text that is not empty. What it is, the error does not say: it could be a secret.
fn plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer).unwrap_or_default();
    match text.is_empty() || text.contains('\0') {
        false => Ok(text),
        true => Err(serde::de::Error::custom("a text is needed here")),
    }
}

fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    plain(deserializer).map(Some)
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match date::parse_rfc3339(&text) {
        Some(moment) => Ok(Some(moment)),
        None => Err(serde::de::Error::custom("a moment like 2026-01-02T03:04:05Z is needed here")),
    }
}

fn account<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<String, D::Error> {
    formed(deserializer, F::ACCOUNT)
}

fn instance<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<String, D::Error> {
    formed(deserializer, F::INSTANCE)
}

fn store<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<Option<String>, D::Error> {
    match F::STORE {
        Some(form) => formed(deserializer, form).map(Some),
        None => Err(serde::de::Error::custom("this vendor's identity stores have no id of their own")),
    }
}

fn name<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<Option<String>, D::Error> {
    match F::NAME {
        Some((form, length)) => match formed(deserializer, form)? {
            name if length.contains(&name.chars().count()) => Ok(Some(name)),
            _ => Err(serde::de::Error::custom(format_args!(
                "a name has at least {} and at most {} characters",
                length.start(),
                length.end()
            ))),
        },
        None => Err(serde::de::Error::custom("this vendor's instances have no name")),
    }
}

fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    formed(deserializer, "[a-z]+(-[a-z0-9]+)+")
}
