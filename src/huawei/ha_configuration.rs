//! High availability of an instance.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/UpdateHaConfiguration.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Result, instance};

crate::operations![GetHaConfiguration, UpdateHaConfiguration];

const PATH: &str = "/v1/instances/{instance_id}/disaster-recovery-configuration";

/// Whether an organization wants high availability.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DisasterRecoveryChoice {
    /// It does.
    Accept,
    /// It does not.
    Reject,
}

/// High availability of an instance: kept, and answered.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HaConfiguration {
    disaster_recovery_choice: DisasterRecoveryChoice,
}

impl Default for HaConfiguration {
    /// inferred: from the page's example.
    fn default() -> Self {
        Self { disaster_recovery_choice: DisasterRecoveryChoice::Reject }
    }
}

impl Document for HaConfiguration {
    const NAME: &'static str = "ha_configuration";
}

/// Tells whether an instance is highly available.
#[derive(Deserialize)]
pub struct GetHaConfiguration {
    instance_id: String,
}

impl Operation for GetHaConfiguration {
    type Output = HaConfiguration;
    const SPEC: Spec =
        Spec::read("GetHaConfiguration", "IdentityCenter:instance:getDisasterRecoveryConfiguration")
            .at("GET", PATH)
            .only(Callers::Administrators)
            .about(
                "Tells whether an instance is to be highly available.",
                "https://support.huaweicloud.com/intl/en-us/api-identitycenter/GetHaConfiguration.html",
            );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<HaConfiguration> {
        let instance = instance::get(cx, &self.instance_id).await?;
        load(cx, &instance).await
    }
}

/// Accepts or rejects high availability of an instance.
#[derive(Deserialize)]
pub struct UpdateHaConfiguration {
    instance_id: String,
    disaster_recovery_choice: DisasterRecoveryChoice,
}

impl Operation for UpdateHaConfiguration {
    type Output = ();
    const SPEC: Spec =
        Spec::write("UpdateHaConfiguration", "IdentityCenter:instance:updateDisasterRecoveryConfiguration")
            .at("PUT", PATH)
            .only(Callers::Administrators)
            .about(
                "Accepts or rejects high availability of an instance.",
                "https://support.huaweicloud.com/intl/en-us/api-identitycenter/UpdateHaConfiguration.html",
            );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = instance::get(cx, &self.instance_id).await?;
        let disaster_recovery_choice = self.disaster_recovery_choice;
        save(cx, &instance, &HaConfiguration { disaster_recovery_choice }).await
    }
}
