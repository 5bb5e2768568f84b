//! Second factors, which users register where they sign in.

use super::user::User;
use super::{Ctx, Error, Result, Thing, Timestamp};
use crate::store;

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id, in the vendor's form.
    pub id: String,
    /// The id of its user.
    pub user: String,
    /// The name that its user gave it.
    pub name: String,
    /// Its kind, in the vendor's word.
    pub kind: String,
    /// When it was registered.
    pub registered: Timestamp,
    /// When it was used last, if ever.
    pub used: Option<Timestamp>,
}

/// The second factors of a user, in the order in which they came.
///
/// # Errors
/// Those of the store.
pub async fn list(cx: &mut Ctx, user: &User) -> Result<Vec<Device>> {
    store::device::list(&mut cx.tx, cx.provider, &user.id).await
}

/// Deletes a second factor of a user.
///
/// # Errors
/// `NotFound` when the user has none by this id.
pub async fn delete(cx: &mut Ctx, user: &User, id: &str) -> Result<()> {
    match store::device::delete(&mut cx.tx, cx.provider, &user.id, id).await? {
        true => Ok(()),
        false => Err(Error::NotFound(Thing::Device, id.to_owned())),
    }
}
