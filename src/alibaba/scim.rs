//! Whether the users of a directory are kept like others elsewhere. Seeds can say so; operations on it are not served yet.
//!
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-setscimsynchronizationstatus>

use serde::{Deserialize, Serialize};

use super::switch::Switch;
use crate::api::document::{Document, load};
use crate::domain::instance::Instance;
use crate::domain::user::{Origin, User};
use crate::domain::{Authority, Ctx, Error, Result};

/// The SCIM settings of a directory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scim {
    pub(super) synchronization: Switch,
}

impl Default for Scim {
    /// doc.
    fn default() -> Self {
        Self { synchronization: Switch::Disabled }
    }
}

impl Document for Scim {
    const NAME: &'static str = "scim";
}

/// Passes when a user can be changed and deleted here.
///
/// # Errors
/// `Governed` when the user came by SCIM and is kept like its original.
pub(super) async fn refuse_synchronized(cx: &mut Ctx, directory: &Instance, user: &User) -> Result<()> {
    let scim: Scim = load(cx, directory).await?;
    match (scim.synchronization, user.origin) {
        (Switch::Enabled, Origin::Synchronized) => Err(Error::Governed(Authority::Synchronization)),
        (Switch::Enabled, Origin::Manual) | (Switch::Disabled, _) => Ok(()),
    }
}
