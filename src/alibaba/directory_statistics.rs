//! What there is in a directory, and how much there may be.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-getdirectorystatistics>

use serde::{Deserialize, Serialize};

use super::directory;
use super::saml::Saml;
use super::scim::Scim;
use super::switch::Switch;
use crate::api::document::load;
use crate::api::{Callers, Operation, Spec};
use crate::domain::user::{self, Filter};
use crate::domain::{Ctx, Result};

crate::operations![GetDirectoryStatistics];

/// How many users a directory may have. doc, as are the other quotas.
pub(super) const USERS: usize = 1000;

/// Queries the statistics of a directory.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDirectoryStatistics {
    directory_id: String,
}

impl Operation for GetDirectoryStatistics {
    type Output = GetDirectoryStatisticsOutput;
    const SPEC: Spec = Spec::read("GetDirectoryStatistics", "cloudsso:GetDirectoryStatistics")
        .only(Callers::Administrators)
        .about("Queries the statistics of a directory.", page!("getdirectorystatistics"));

    /// What cannot be made yet is not there.
    async fn handle(self, cx: &mut Ctx) -> Result<GetDirectoryStatisticsOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let saml: Saml = load(cx, &directory).await?;
        let scim: Scim = load(cx, &directory).await?;
        let statistics = DirectoryStatistics {
            user_count: user::count(cx, &directory, &Filter::default()).await?,
            group_count: 0,
            user_quota: USERS,
            group_quota: 500,
            access_configuration_quota: 1000,
            access_assignment_count: 0,
            scim_server_credential_count: 0,
            directory_id: directory.id.clone(),
            sso_enabled: saml.sso == Switch::Enabled,
            region: directory.region,
            access_configuration_count: 0,
            directory_name: directory.alias.unwrap_or(directory.id),
            in_progress_task_count: 0,
            scim_sync_enabled: scim.synchronization == Switch::Enabled,
            system_policy_per_access_configuration_quota: 20,
            inline_policy_per_access_configuration_quota: 1,
        };
        Ok(GetDirectoryStatisticsOutput { directory_statistics: statistics })
    }
}

/// The answer of [`GetDirectoryStatistics`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDirectoryStatisticsOutput {
    directory_statistics: DirectoryStatistics,
}

/// The statistics of a directory, in the order of the page's sample.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DirectoryStatistics {
    user_count: usize,
    group_count: usize,
    user_quota: usize,
    group_quota: usize,
    access_configuration_quota: usize,
    access_assignment_count: usize,
    #[serde(rename = "SCIMServerCredentialCount")]
    scim_server_credential_count: usize,
    directory_id: String,
    #[serde(rename = "SSOEnabled")]
    sso_enabled: bool,
    region: String,
    access_configuration_count: usize,
    directory_name: String,
    in_progress_task_count: usize,
    #[serde(rename = "SCIMSyncEnabled")]
    scim_sync_enabled: bool,
    system_policy_per_access_configuration_quota: usize,
    inline_policy_per_access_configuration_quota: usize,
}
