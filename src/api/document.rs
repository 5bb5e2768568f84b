//! Settings as typed documents: the container is the core's, the content is the vendor's.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Check;
use crate::domain::instance::Instance;
use crate::domain::tag::Tag;
use crate::domain::{Ctx, Error, Result, setting};

/// A setting of an instance. Its default is what a fresh instance has.
pub trait Document: Serialize + DeserializeOwned + Default + Send + Sync {
    /// Under what name it is kept.
    const NAME: &'static str;

    /// The documented limits, a line a member: of a document that comes from a seed. One that comes from an
    /// operation has passed the operation's own.
    fn check(&self, _check: &mut Check) {}
}

/// The setting, as it was saved, or its default.
///
/// # Errors
/// Those of the store.
pub async fn load<D: Document>(cx: &mut Ctx, instance: &Instance) -> Result<D> {
    match setting::get(cx, instance, D::NAME).await? {
        Some(text) => read(&text),
        None => Ok(D::default()),
    }
}

/// Saves the setting.
///
/// # Errors
/// Those of the store.
pub async fn save<D: Document>(cx: &mut Ctx, instance: &Instance, document: &D) -> Result<()> {
    let text = write(document)?;
    setting::set(cx, instance, D::NAME, &text).await
}

/// Whether the setting was ever saved.
///
/// # Errors
/// Those of the store.
pub async fn exists<D: Document>(cx: &mut Ctx, instance: &Instance) -> Result<bool> {
    Ok(setting::get(cx, instance, D::NAME).await?.is_some())
}

/// Forgets the setting.
///
/// # Errors
/// Those of the store.
pub async fn delete<D: Document>(cx: &mut Ctx, instance: &Instance) -> Result<()> {
    setting::delete(cx, instance, D::NAME).await
}

/// A kind of setting, with its type erased: what a seed may set.
pub struct Setting {
    /// Under what name it is kept.
    pub name: &'static str,
    /// Reads one from JSON and writes it in the form in which it is kept.
    pub normalize: fn(serde_json::Value) -> std::result::Result<String, String>,
}

impl Setting {
    /// The kind of setting that `D` is.
    pub const fn of<D: Document>() -> Self {
        Self { name: D::NAME, normalize: normalize::<D> }
    }
}

fn normalize<D: Document>(value: serde_json::Value) -> std::result::Result<String, String> {
    let document: D = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let mut check = Check::new();
    document.check(&mut check);
    match check.into_violations().first() {
        None => serde_json::to_string(&document).map_err(|error| error.to_string()),
        Some(violation) => Err(violation.to_string()),
    }
}

/// What a vendor's users are like: what a seed may say of them.
pub struct Users {
    /// The form of their ids.
    pub id: &'static str,
    /// What else the vendor keeps of a user.
    pub profile: Setting,
    /// Looks at the limits: the first violation, as a sentence.
    pub check: fn(&UserFields<'_>) -> std::result::Result<(), String>,
    /// Who may call them something where they come from.
    pub issuers: &'static [&'static str],
    /// How many second factors one may have.
    pub most_devices: usize,
    /// The form of the ids of their second factors.
    pub device: &'static str,
    /// The kinds of second factors.
    pub kinds: &'static [&'static str],
}

/// What all vendors have of a user.
pub struct UserFields<'a> {
    /// Its name for signing in.
    pub name: &'a str,
    /// Its given name.
    pub given_name: Option<&'a str>,
    /// Its family name.
    pub family_name: Option<&'a str>,
    /// The name by which it is shown.
    pub display_name: Option<&'a str>,
    /// Its address.
    pub email: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [Tag],
}

/// Reads what a vendor keeps of something.
///
/// # Errors
/// `Internal` when it is not what was written.
pub fn read<D: Document>(text: &str) -> Result<D> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// Writes what a vendor keeps of something.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write<D: Document>(document: &D) -> Result<String> {
    serde_json::to_string(document).map_err(Error::internal)
}
