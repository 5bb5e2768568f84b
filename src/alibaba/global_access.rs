//! Access to a directory from everywhere: whether there is an accelerated address.
//!
//! No page has these operations; the Terraform provider calls them.
//! <https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/cloud_sso_directory>

use serde::{Deserialize, Serialize};

use super::directory;
use super::switch::Switch;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Operation, Spec};
use crate::domain::{Ctx, Result};

crate::operations![UpdateDirectoryGlobalAccessStatus, GetDirectoryGlobalAccessStatus];

const PAGE: &str =
    "https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/cloud_sso_directory";

/// Whether a directory can be reached from everywhere.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalAccess {
    status: Switch,
}

impl Default for GlobalAccess {
    /// inferred.
    fn default() -> Self {
        Self { status: Switch::Disabled }
    }
}

impl Document for GlobalAccess {
    const NAME: &'static str = "global_access";
}

/// Enables or disables global access.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateDirectoryGlobalAccessStatus {
    directory_id: String,
    global_access_status: Switch,
}

impl Operation for UpdateDirectoryGlobalAccessStatus {
    type Output = ();
    const SPEC: Spec =
        Spec::write("UpdateDirectoryGlobalAccessStatus", "cloudsso:UpdateDirectoryGlobalAccessStatus")
            .only(Callers::Administrators)
            .about("Enables or disables global access to a directory.", PAGE);

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        save(cx, &directory, &GlobalAccess { status: self.global_access_status }).await
    }
}

/// Queries whether global access is enabled.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDirectoryGlobalAccessStatus {
    directory_id: String,
}

impl Operation for GetDirectoryGlobalAccessStatus {
    type Output = GetDirectoryGlobalAccessStatusOutput;
    const SPEC: Spec =
        Spec::read("GetDirectoryGlobalAccessStatus", "cloudsso:GetDirectoryGlobalAccessStatus")
            .only(Callers::Administrators)
            .about("Queries whether global access to a directory is enabled.", PAGE);

    async fn handle(self, cx: &mut Ctx) -> Result<GetDirectoryGlobalAccessStatusOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let access: GlobalAccess = load(cx, &directory).await?;
        Ok(GetDirectoryGlobalAccessStatusOutput {
            global_access_status: GlobalAccessStatus { status: access.status },
        })
    }
}

/// The answer of [`GetDirectoryGlobalAccessStatus`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDirectoryGlobalAccessStatusOutput {
    global_access_status: GlobalAccessStatus,
}

/// Whether global access is enabled. sdk: the small letter is the vendor's.
#[derive(Deserialize, Serialize)]
pub struct GlobalAccessStatus {
    status: Switch,
}
