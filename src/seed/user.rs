//! The form of users in a seed file.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};

use super::file::Form;
use crate::api::document::Users;
use crate::domain::tag::Tag;
use crate::domain::user::{ExternalId, Origin, Status};
use crate::world::SeededUser;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub(super) struct UserFile<F: Form> {
    #[serde(deserialize_with = "id::<_, F>")]
    pub(super) id: String,
    pub(super) name: String,
    given_name: Option<String>,
    family_name: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    status: StatusWord,
    /// A user that has one is synchronized.
    external_id: Option<ExternalIdFile>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// What else the vendor keeps of a user.
    #[serde(default)]
    profile: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub(super) mfa_devices: Vec<DeviceFile>,
    #[serde(skip)]
    form: PhantomData<F>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StatusWord {
    #[default]
    Enabled,
    Disabled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExternalIdFile {
    issuer: String,
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceFile {
    pub(super) id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What users of the vendor are like.
fn users<F: Form, E: serde::de::Error>() -> Result<&'static Users, E> {
    F::USERS.ok_or_else(|| E::custom("this vendor's users are not served"))
}

fn id<'de, D: Deserializer<'de>, F: Form>(deserializer: D) -> Result<String, D::Error> {
    let (form, text) = (users::<F, D::Error>()?.id, String::deserialize(deserializer)?);
    match crate::api::matches(form, &text) {
        true => Ok(text),
        false => Err(serde::de::Error::custom(format_args!("{text:?} is not of the form {form}"))),
    }
}

/// The longest id that a user has elsewhere: it is looked for.
const LONGEST_EXTERNAL_ID: usize = 1024;

impl<F: Form> UserFile<F> {
    /// What is kept as it is.
    fn texts(&self) -> impl Iterator<Item = &String> {
        let names = [&self.given_name, &self.family_name, &self.display_name, &self.email];
        let external = self.external_id.iter().map(|external| &external.id);
        let tags = self.tags.iter().flat_map(|(key, value)| [key, value]);
        let devices = self.mfa_devices.iter().map(|device| &device.name);
        names.into_iter().flatten().chain(external).chain(tags).chain(devices)
    }

    /// The user, when what the file says of it could be true.
    pub(super) fn build(self) -> Result<SeededUser, String> {
        let users = F::USERS.ok_or("this vendor's users are not served")?;
        if self.texts().any(|text| text.contains('\0')) {
            return Err("no text has the character U+0000 in it".to_owned());
        }
        if self.external_id.as_ref().is_some_and(|external| external.id.len() > LONGEST_EXTERNAL_ID) {
            return Err(format!("an external id has at most {LONGEST_EXTERNAL_ID} bytes"));
        }
        let document = (users.profile.normalize)(serde_json::Value::Object(self.profile))?;
        if let Some(external) = &self.external_id
            && !users.issuers.contains(&external.issuer.as_str())
        {
            return Err(format!("an external id's issuer is one of {:?}", users.issuers));
        }
        if self.mfa_devices.len() > users.most_devices {
            return Err(format!("a user has at most {} second factors", users.most_devices));
        }
        for device in &self.mfa_devices {
            if device.name.is_empty() {
                return Err("a second factor has a name".to_owned());
            }
            if !crate::api::matches(users.device, &device.id) {
                return Err(format!("{:?} is not of the form {}", device.id, users.device));
            }
            if !users.kinds.contains(&device.kind.as_str()) {
                return Err(format!("a device's type is one of {:?}", users.kinds));
            }
        }
        let user = SeededUser {
            id: self.id,
            name: self.name,
            given_name: self.given_name,
            family_name: self.family_name,
            display_name: self.display_name,
            // An address without a character is none.
            email: self.email.filter(|email| !email.is_empty()),
            status: match self.status {
                StatusWord::Enabled => Status::Enabled,
                StatusWord::Disabled => Status::Disabled,
            },
            origin: if self.external_id.is_some() { Origin::Synchronized } else { Origin::Manual },
            external_ids: self
                .external_id
                .map(|ExternalIdFile { issuer, id }| ExternalId { issuer, id })
                .into_iter()
                .collect(),
            tags: self.tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
            document,
            devices: self
                .mfa_devices
                .into_iter()
                .map(|DeviceFile { id, name, kind }| (id, name, kind))
                .collect(),
        };
        (users.check)(&user_fields(&user))?;
        Ok(user)
    }
}

/// What the vendor's limits are about.
fn user_fields(user: &SeededUser) -> crate::api::document::UserFields<'_> {
    crate::api::document::UserFields {
        name: &user.name,
        given_name: user.given_name.as_deref(),
        family_name: user.family_name.as_deref(),
        display_name: user.display_name.as_deref(),
        email: user.email.as_deref(),
        tags: &user.tags,
    }
}
