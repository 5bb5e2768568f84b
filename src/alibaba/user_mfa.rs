//! Multi-factor authentication of one user: its own setting, and its devices, which it binds where it signs in.
//!
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-listmfadevicesforuser>

use serde::{Deserialize, Serialize};

use super::directory;
use super::mfa::VerificationType;
use super::switch::Switch;
use super::user::Profile;
use crate::api::document::{read, write};
use crate::api::{Callers, Operation, Spec};
use crate::domain::device::{self, Device};
use crate::domain::user::{self, User};
use crate::domain::{Ctx, Error, Result, Thing};

crate::operations![
    UpdateUserMFAAuthenticationSettings,
    GetUserMFAAuthenticationSettings,
    ListMFADevicesForUser,
    DeleteMFADeviceForUser,
];

/// Modifies the MFA setting of a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateUserMFAAuthenticationSettings {
    directory_id: String,
    user_id: String,
    #[serde(rename = "UserMFAAuthenticationSettings")]
    setting: Switch,
}

impl Operation for UpdateUserMFAAuthenticationSettings {
    type Output = ();
    const SPEC: Spec =
        Spec::write("UpdateUserMFAAuthenticationSettings", "cloudsso:UpdateUserMFAAuthenticationSettings")
            .only(Callers::Administrators)
            .about("Modifies the MFA setting of a user.", page!("updateusermfaauthenticationsettings"));

    /// inferred: whatever the directory's setting, and also of users that came by SCIM; a user's `UpdateTime` stays.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        let profile = Profile { mfa: self.setting, ..read(&user.document)? };
        user::keep(cx, &User { document: write(&profile)?, ..user }).await
    }
}

/// Queries the MFA setting of a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUserMFAAuthenticationSettings {
    directory_id: String,
    user_id: String,
}

impl Operation for GetUserMFAAuthenticationSettings {
    type Output = GetUserMFAAuthenticationSettingsOutput;
    const SPEC: Spec =
        Spec::read("GetUserMFAAuthenticationSettings", "cloudsso:GetUserMFAAuthenticationSettings")
            .only(Callers::Administrators)
            .about("Queries the MFA setting of a user.", page!("getusermfaauthenticationsettings"));

    async fn handle(self, cx: &mut Ctx) -> Result<GetUserMFAAuthenticationSettingsOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        let profile: Profile = read(&user.document)?;
        Ok(GetUserMFAAuthenticationSettingsOutput { setting: profile.mfa })
    }
}

/// The answer of [`GetUserMFAAuthenticationSettings`].
#[derive(Deserialize, Serialize)]
pub struct GetUserMFAAuthenticationSettingsOutput {
    #[serde(rename = "UserMFAAuthenticationSettings")]
    setting: Switch,
}

/// Queries the MFA devices of a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListMFADevicesForUser {
    directory_id: String,
    user_id: String,
}

impl Operation for ListMFADevicesForUser {
    type Output = ListMFADevicesForUserOutput;
    const SPEC: Spec = Spec::read("ListMFADevicesForUser", "cloudsso:ListMFADevicesForUser")
        .only(Callers::Administrators)
        .about("Queries the MFA devices of a user.", page!("listmfadevicesforuser"));

    async fn handle(self, cx: &mut Ctx) -> Result<ListMFADevicesForUserOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        let devices: Vec<_> = device::list(cx, &user).await?.into_iter().map(MFADevice::from).collect();
        Ok(ListMFADevicesForUserOutput { total_counts: devices.len(), devices })
    }
}

/// The answer of [`ListMFADevicesForUser`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListMFADevicesForUserOutput {
    total_counts: usize,
    #[serde(rename = "MFADevices")]
    devices: Vec<MFADevice>,
}

/// An MFA device, as it is shown.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MFADevice {
    device_type: String,
    effective_time: String,
    device_id: String,
    user_id: String,
    device_name: String,
    /// inferred: absent where there was no use.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_use_time: Option<String>,
}

impl From<Device> for MFADevice {
    fn from(device: Device) -> Self {
        Self {
            device_type: device.kind,
            effective_time: device.registered.to_string(),
            device_id: device.id,
            user_id: device.user,
            device_name: device.name,
            last_use_time: device.used.map(|used| used.to_string()),
        }
    }
}

/// Unbinds an MFA device from a user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteMFADeviceForUser {
    directory_id: String,
    user_id: String,
    #[serde(rename = "MFADeviceId")]
    device_id: String,
    mfa_type: Option<VerificationType>,
}

impl Operation for DeleteMFADeviceForUser {
    type Output = ();
    const SPEC: Spec = Spec::write("DeleteMFADeviceForUser", "cloudsso:DeleteMFADeviceForUser")
        .only(Callers::Administrators)
        .about("Unbinds an MFA device from a user.", page!("deletemfadeviceforuser"));

    /// inferred: a device of another user, or of another type than is said, is not found; no page has the types.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let user = user::get(cx, &directory, &self.user_id).await?;
        if let Some(kind) = self.mfa_type {
            let devices = device::list(cx, &user).await?;
            if !devices.iter().any(|it| it.id == self.device_id && it.kind == kind.as_str()) {
                return Err(Error::NotFound(Thing::Device, self.device_id));
            }
        }
        device::delete(cx, &user, &self.device_id).await
    }
}
