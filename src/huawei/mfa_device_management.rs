//! What users may do with their MFA devices.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/PutMfaDeviceManagementForIdentityStore.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Error, Result, Thing, instance};

crate::operations![GetMfaDeviceManagementForIdentityStore, PutMfaDeviceManagementForIdentityStore];

const PATH: &str = "/v1/instances/{instance_id}/mfa-devices/management-settings";

/// What users may do with their MFA devices.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserPermission {
    /// Look at them.
    ReadActions,
    /// Anything.
    AllActions,
}

/// The management of MFA devices: kept.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MfaDeviceManagement {
    user_permission: UserPermission,
}

impl Default for MfaDeviceManagement {
    /// observed: what the Terraform provider resets to.
    fn default() -> Self {
        Self { user_permission: UserPermission::AllActions }
    }
}

impl Document for MfaDeviceManagement {
    const NAME: &'static str = "mfa_device_management";
}

/// Tells what users may do with their MFA devices.
#[derive(Deserialize)]
pub struct GetMfaDeviceManagementForIdentityStore {
    instance_id: String,
}

impl Operation for GetMfaDeviceManagementForIdentityStore {
    type Output = GetMfaDeviceManagementForIdentityStoreOutput;
    const SPEC: Spec = Spec::read(
        "GetMfaDeviceManagementForIdentityStore",
        "IdentityCenter:mfaDevices:describeManagementSettings",
    )
    .at("GET", PATH)
    .only(Callers::Administrators)
    .about(
        "Tells what users may do with their MFA devices.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/GetMfaDeviceManagementForIdentityStore.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<GetMfaDeviceManagementForIdentityStoreOutput> {
        let instance = instance::get(cx, &self.instance_id).await?;
        let management: MfaDeviceManagement = load(cx, &instance).await?;
        Ok(GetMfaDeviceManagementForIdentityStoreOutput {
            identity_store_id: instance.identity_store,
            user_permission: management.user_permission,
        })
    }
}

/// The answer of [`GetMfaDeviceManagementForIdentityStore`].
#[derive(Deserialize, Serialize)]
pub struct GetMfaDeviceManagementForIdentityStoreOutput {
    identity_store_id: String,
    user_permission: UserPermission,
}

/// Says what users may do with their MFA devices.
#[derive(Deserialize)]
pub struct PutMfaDeviceManagementForIdentityStore {
    instance_id: String,
    identity_store_id: String,
    user_permission: UserPermission,
}

impl Operation for PutMfaDeviceManagementForIdentityStore {
    type Output = ();
    const SPEC: Spec = Spec::write(
        "PutMfaDeviceManagementForIdentityStore",
        "IdentityCenter:mfaDevices:updateManagementSettings",
    )
    .at("POST", PATH)
    .only(Callers::Administrators)
    .about(
        "Says what users may do with their MFA devices.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/PutMfaDeviceManagementForIdentityStore.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = instance::get(cx, &self.instance_id).await?;
        // inferred: that the identity store must be the instance's.
        if instance.identity_store != self.identity_store_id {
            return Err(Error::NotFound(Thing::IdentityStore, self.identity_store_id));
        }
        save(cx, &instance, &MfaDeviceManagement { user_permission: self.user_permission }).await
    }
}
