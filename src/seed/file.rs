//! The form of a seed file. Ids are checked as they are read, so that the error knows the line.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer};

use crate::api::Check;
use crate::api::date;
use crate::api::document::{Setting, Users};
use crate::domain::access_key::KeyStatus;
use crate::domain::life_cycle::Pace;
use crate::domain::{Provider, Timestamp};
use crate::{alibaba, aws, huawei};

use super::user::UserFile;

/// A seed file. What is left out is empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// How long what is begun takes.
    #[serde(default, deserialize_with = "pace")]
    pub(super) life_cycle: Option<Pace>,
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
    #[serde(deserialize_with = "organization")]
    pub(super) id: String,
    /// Whether the organization has enabled the service. It must have, where it has an instance.
    #[serde(default)]
    pub(super) service: ServiceWord,
    /// The Region that the organization has chosen for it, where that is done beforehand.
    #[serde(default, deserialize_with = "region::<_, F>")]
    pub(super) region: Option<String>,
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
    /// The name by which the vendor shows it. An account without one is shown by its id.
    #[serde(default, deserialize_with = "optional")]
    pub(super) name: Option<String>,
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
    #[serde(default, deserialize_with = "optional")]
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
    #[serde(deserialize_with = "home")]
    pub(super) region: String,
    #[serde(default, deserialize_with = "name::<_, F>")]
    pub(super) name: Option<String>,
    /// The name that no other instance has, where it is another one than the name.
    #[serde(default, deserialize_with = "alias::<_, F>")]
    pub(super) alias: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    /// Documents, by the names under which the vendor's operations keep them.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, serde_json::Value>,
    #[serde(default = "Vec::new")]
    pub(super) users: Vec<UserFile<F>>,
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
    /// Whether no two instances have the same name.
    const NAME_IS_ALIAS: bool = false;
    /// The form of a name that no other instance has, besides the name; `None` where there is none.
    const ALIAS: Option<&'static str> = None;
    /// Whether an organization chooses a Region before it has an instance.
    const CHOOSES_REGION: bool = false;
    /// What users are like; `None` where they are not served.
    const USERS: Option<&'static Users> = None;
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
    const SETTINGS: &'static [Setting] = aws::SETTINGS;

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
    const NAME_IS_ALIAS: bool = true;
    const USERS: Option<&'static Users> = Some(&alibaba::USERS);
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
    const ALIAS: Option<&'static str> = Some(huawei::ALIAS);
    const CHOOSES_REGION: bool = true;
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

fn organization<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    const LONGEST: usize = 256;
    match plain(deserializer)? {
        id if id.len() <= LONGEST => Ok(id),
        _ => Err(serde::de::Error::custom(format_args!("an organization's id has at most {LONGEST} bytes"))),
    }
}

fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
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

fn alias<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<Option<String>, D::Error> {
    match F::ALIAS {
        Some(form) => formed(deserializer, form).map(Some),
        None => Err(serde::de::Error::custom("this vendor's instances have no alias")),
    }
}

fn home<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    formed(deserializer, "[a-z]+(-[a-z0-9]+)+")
}

fn region<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<Option<String>, D::Error> {
    match F::CHOOSES_REGION {
        true => home(deserializer).map(Some),
        false => Err(serde::de::Error::custom("this vendor's organizations choose no Region")),
    }
}

fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pace>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match Pace::parse(&text) {
        Some(pace) => Ok(Some(pace)),
        None => Err(serde::de::Error::custom("give instant, after=5s, after=250ms, or reads=3")),
    }
}
