//! Whether the users of a directory sign in elsewhere. Seeds can say so; operations on it are not served yet.
//!
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-setexternalsamlidentityprovider>

use serde::{Deserialize, Serialize};

use super::switch::Switch;
use crate::api::document::{Document, load};
use crate::domain::instance::Instance;
use crate::domain::{Authority, Ctx, Error, Result};

/// The SAML settings of a directory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Saml {
    pub(super) sso: Switch,
}

impl Default for Saml {
    /// doc.
    fn default() -> Self {
        Self { sso: Switch::Disabled }
    }
}

impl Document for Saml {
    const NAME: &'static str = "saml";
}

/// Passes when users sign in here.
///
/// # Errors
/// `Governed` when they sign in elsewhere.
pub(super) async fn refuse_sso(cx: &mut Ctx, directory: &Instance) -> Result<()> {
    let saml: Saml = load(cx, directory).await?;
    match saml.sso {
        Switch::Enabled => Err(Error::Governed(Authority::ExternalSignIn)),
        Switch::Disabled => Ok(()),
    }
}
