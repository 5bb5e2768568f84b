//! The service of an organization: whether it is enabled, in which Region, and its end.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/StartIdentityCenter.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::instance::New;
use crate::domain::{Ctx, Error, Result, Thing, instance, service};

crate::operations![
    DescribeRegisteredRegions,
    RegisterRegion,
    GetIdentityCenterServiceStatus,
    StartIdentityCenter,
    DeleteIdentityCenter,
];

/// The Region of an instance for which none was chosen. inferred: that it is this one, in which the pages' examples are.
const DEFAULT_REGION: &str = "cn-north-4";

/// Tells the Region of the organization's instance.
#[derive(Deserialize)]
pub struct DescribeRegisteredRegions {}

impl Operation for DescribeRegisteredRegions {
    type Output = DescribeRegisteredRegionsOutput;
    const SPEC: Spec = Spec::read(
        "DescribeRegisteredRegions",
        "IdentityCenter:instance:describeRegisteredRegions",
    )
    .at("GET", "/v1/registered-regions")
    .only(Callers::Administrators)
    .about(
        "Tells the Region that the organization's instance is in, or is to be in.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/DescribeRegisteredRegions.html",
    );

    /// inferred: an empty list where there is none. The page has 404, the page of error codes IIC.1254, "No region
    /// registered.", and neither says of what.
    async fn handle(self, cx: &mut Ctx) -> Result<DescribeRegisteredRegionsOutput> {
        let region = service::region(cx).await?;
        let regions = region.into_iter().map(|region_id| Region { region_id });
        Ok(DescribeRegisteredRegionsOutput { regions: regions.collect() })
    }
}

/// The answer of [`DescribeRegisteredRegions`].
#[derive(Deserialize, Serialize)]
pub struct DescribeRegisteredRegionsOutput {
    regions: Vec<Region>,
}

/// A Region.
#[derive(Deserialize, Serialize)]
pub struct Region {
    region_id: String,
}

/// Chooses the Region of the instance that is to be.
#[derive(Deserialize)]
pub struct RegisterRegion {
    region_id: String,
}

impl Operation for RegisterRegion {
    type Output = ();
    const SPEC: Spec = Spec::write("RegisterRegion", "IdentityCenter:instance:registerRegion")
        .at("POST", "/v1/register-regions")
        .only(Callers::Management)
        .about(
            "Chooses the Region that the organization's instance is to be in.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/RegisterRegion.html",
        );

    fn check(&self, check: &mut Check) {
        check.text("region_id", &self.region_id).pattern(ID);
    }

    /// doc: 409, and the code's "Only one region can be registered." inferred: that the same one again is no other one, as
    /// the Terraform provider's acceptance tests have it, and that whatever has the form is a Region.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        match service::region(cx).await? {
            Some(region) if region != self.region_id => Err(Error::AlreadyExists(Thing::Region, region)),
            Some(_) | None => service::register_region(cx, &self.region_id).await,
        }
    }
}

/// Whether the service is enabled. observed: the words of the page's example, and those that the Terraform provider waits
/// for. The SDKs' are `ENABLED` and `DISABLED`, and they do not insist.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceStatus {
    /// It is.
    Enable,
    /// It is not.
    Disable,
}

/// Tells whether the service is enabled.
#[derive(Deserialize)]
pub struct GetIdentityCenterServiceStatus {}

impl Operation for GetIdentityCenterServiceStatus {
    type Output = GetIdentityCenterServiceStatusOutput;
    const SPEC: Spec = Spec::read(
        "GetIdentityCenterServiceStatus",
        "IdentityCenter:instance:getIdentityCenterStatus",
    )
    .at("GET", "/v1/identity-center-service/status")
    .only(Callers::Administrators)
    .about(
        "Tells whether the organization has enabled the service.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/GetIdentityCenterServiceStatus.html",
    );

    async fn handle(self, cx: &mut Ctx) -> Result<GetIdentityCenterServiceStatusOutput> {
        // observed: that it is told where it is not enabled, as the Terraform provider waits for it, and would take a 404 for
        // the end.
        let enabled = service::is_enabled(cx).await?;
        Ok(GetIdentityCenterServiceStatusOutput {
            service_status: if enabled { ServiceStatus::Enable } else { ServiceStatus::Disable },
            // model: a list. doc: the word, in an example without the list.
            service_status_reasons: vec!["success".to_owned()],
        })
    }
}

/// The answer of [`GetIdentityCenterServiceStatus`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetIdentityCenterServiceStatusOutput {
    service_status: ServiceStatus,
    service_status_reasons: Vec<String>,
}

/// Enables the service.
#[derive(Deserialize)]
pub struct StartIdentityCenter {}

impl Operation for StartIdentityCenter {
    type Output = ();
    const SPEC: Spec = Spec::write("StartIdentityCenter", "IdentityCenter:instance:startIdentityCenter")
        .at("POST", "/v1/service/start")
        .only(Callers::Management)
        .about(
            "Enables the service for the organization, with an instance.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/StartIdentityCenter.html",
        );

    /// doc: 409. inferred: that it is of what is enabled already; that it is done at once; and that no Region need be
    /// registered, as the Terraform provider's example registers none.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let registered = service::registered_region(cx).await?;
        let region = registered.unwrap_or_else(|| DEFAULT_REGION.to_owned());
        service::enable(cx).await?;
        let new = New {
            id: cx.ids.hex("ins-", 16),
            identity_store: cx.ids.hex("d-", 10),
            name: None,
            alias: None,
            region,
            tags: Vec::new(),
        };
        instance::create_for_organization(cx, new).await?;
        Ok(())
    }
}

/// Disables the service.
#[derive(Deserialize)]
pub struct DeleteIdentityCenter {}

impl Operation for DeleteIdentityCenter {
    type Output = ();
    const SPEC: Spec = Spec::write("DeleteIdentityCenter", "IdentityCenter:instance:deleteIdentityCenter")
        .at("POST", "/v1/service/delete")
        .only(Callers::Management)
        .about(
            "Disables the service for the organization, and deletes its instance with all that is in it.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/DeleteIdentityCenter.html",
        );

    /// doc: 404; that all data is deleted, in the user guide, whatever there is; and that another Region can be chosen
    /// afterwards.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        match instance::of_organization(cx).await? {
            Some(instance) => instance::delete_at_once(cx, &instance).await?,
            // A seed can have enabled the service without it.
            None => service::require(cx).await?,
        }
        service::disable(cx).await?;
        service::unregister_region(cx).await
    }
}
