//! `CloudSSO` itself, which a resource directory enables before it has a directory.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-enableservice>

use serde::{Deserialize, Serialize};

use super::switch::Switch;
use crate::api::{Callers, Operation, Spec};
use crate::domain::account::Standing;
use crate::domain::{Ctx, Error, Reason, Result, Thing, account, instance, service};

crate::operations![EnableService, DisableService, GetServiceStatus];

/// Enables the service.
#[derive(Deserialize)]
pub struct EnableService {}

impl Operation for EnableService {
    type Output = ();
    /// doc: the management account alone, of a resource directory that is enabled.
    const SPEC: Spec = Spec::write("EnableService", "cloudsso:EnableService")
        .about("Enables CloudSSO for the resource directory.", page!("enableservice"));

    /// inferred: where it is enabled, nothing changes; a provider calls it again and again.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        if cx.caller.organization.is_none() {
            return Err(Error::NotFound(Thing::Organization, cx.caller.id.clone()));
        }
        service::enable(cx).await
    }
}

/// Disables the service.
#[derive(Deserialize)]
pub struct DisableService {}

impl Operation for DisableService {
    type Output = ();
    /// inferred: that it is for whom `EnableService` is.
    const SPEC: Spec = Spec::write("DisableService", "cloudsso:DisableService")
        .only(Callers::Management)
        .about("Disables CloudSSO, while there is no directory.", page!("disableservice"));

    /// inferred: where it is disabled, nothing changes.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        service::disable(cx).await
    }
}

/// Queries whether the service is enabled.
#[derive(Deserialize)]
pub struct GetServiceStatus {}

impl Operation for GetServiceStatus {
    type Output = GetServiceStatusOutput;
    const SPEC: Spec = Spec::read("GetServiceStatus", "cloudsso:GetServiceStatus")
        .about("Queries the status of CloudSSO.", page!("getservicestatus"));

    /// inferred: that a member may not ask, and that to an account of no resource directory the prerequisites are told to
    /// be missing. doc: what is told when.
    async fn handle(self, cx: &mut Ctx) -> Result<GetServiceStatusOutput> {
        if !cx.caller.administers() && cx.caller.standing != Standing::Standalone {
            return Err(cx.denied(Reason::NotAdministrator, None));
        }
        let manager = account::manager(cx).await?;
        let enabled = service::is_enabled(cx).await?;
        let directory = instance::of_organization(cx).await?;
        let prerequisites = if manager.is_some() { Prerequisites::Success } else { Prerequisites::Failed };
        let service_status = ServiceStatus {
            status: enabled.into(),
            // inferred: also to a delegated administrator it is the account that manages.
            account_id: manager.unwrap_or_else(|| cx.caller.id.clone()),
            prerequisite_check_result: Some(prerequisites).filter(|_| !enabled),
            regions_in_use: enabled
                .then(|| directory.into_iter().map(|directory| directory.region).collect()),
        };
        Ok(GetServiceStatusOutput { service_status })
    }
}

/// The answer of [`GetServiceStatus`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetServiceStatusOutput {
    service_status: ServiceStatus,
}

/// The status of the service.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServiceStatus {
    status: Switch,
    account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    prerequisite_check_result: Option<Prerequisites>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regions_in_use: Option<Vec<String>>,
}

/// Whether the service could be enabled.
#[derive(Deserialize, Serialize)]
pub enum Prerequisites {
    /// It could.
    Success,
    /// There is no resource directory.
    Failed,
}
