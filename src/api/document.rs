//! Settings as typed documents: the container is the core's, the content is the vendor's.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Check;
use crate::domain::instance::Instance;
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
        Some(text) => serde_json::from_str(&text).map_err(Error::internal),
        None => Ok(D::default()),
    }
}

/// Saves the setting.
///
/// # Errors
/// Those of the store.
pub async fn save<D: Document>(cx: &mut Ctx, instance: &Instance, document: &D) -> Result<()> {
    let text = serde_json::to_string(document).map_err(Error::internal)?;
    setting::set(cx, instance, D::NAME, &text).await
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
