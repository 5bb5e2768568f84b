//! Multi-factor authentication of a directory's users.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-updatemfaauthenticationsettings>

use serde::{Deserialize, Serialize};

use super::directory;
use super::switch::Switch;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, JsonText, Operation, Spec};
use crate::domain::{Ctx, Result};

crate::operations![
    UpdateMFAAuthenticationSettings,
    GetMFAAuthenticationSettings,
    GetMFAAuthenticationSettingInfo,
    SetMFAAuthenticationStatus,
    GetMFAAuthenticationStatus,
];

/// Whether users must pass a second factor.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub enum Setting {
    /// All must. doc: the default of a new directory.
    #[default]
    Enabled,
    /// As is set for each.
    Byuser,
    /// Nobody must.
    Disabled,
    /// At unusual logons.
    OnlyRiskyLogin,
}

/// What happens at an unusual logon.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub enum RiskyLogin {
    /// The user may skip the second factor, unless there is a device. inferred: the default.
    #[default]
    Autonomous,
    /// The user must bind a device, if there is none, and use it.
    EnforceVerify,
}

/// How a second factor may be shown. inferred: the types of MFA devices; no page lists the values.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum VerificationType {
    /// A one-time password.
    #[serde(rename = "TOTP")]
    Totp,
    /// A key that is not part of the machine.
    CrossPlatformPasskey,
    /// A key that is part of the machine.
    PlatformPasskey,
}

impl VerificationType {
    /// The vendor's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "TOTP",
            Self::CrossPlatformPasskey => "CrossPlatformPasskey",
            Self::PlatformPasskey => "PlatformPasskey",
        }
    }
}

/// The MFA settings of a directory.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mfa {
    #[serde(default)]
    setting: Setting,
    /// observed: what a provider sets and reads back, whatever the setting. inferred: that neither changes the other.
    #[serde(default)]
    status: Switch,
    #[serde(default)]
    risky_login: RiskyLogin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verification_types: Option<Vec<VerificationType>>,
}

impl Document for Mfa {
    const NAME: &'static str = "mfa";

    fn check(&self, check: &mut Check) {
        verification_types(check, "verification_types", self.verification_types.as_deref());
    }
}

/// inferred: that there is at least one, and none twice.
fn verification_types(check: &mut Check, name: &str, types: Option<&[VerificationType]>) {
    check.list(name, types).len(1..=3).distinct(None, |kind| format!("{kind:?}"));
}

/// Modifies the MFA settings of all users.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateMFAAuthenticationSettings {
    directory_id: String,
    #[serde(rename = "MFAAuthenticationSettings")]
    setting: Setting,
    operation_for_risk_login: Option<RiskyLogin>,
    allowed_verification_types: Option<JsonText<Vec<VerificationType>>>,
}

impl Operation for UpdateMFAAuthenticationSettings {
    type Output = ();
    const SPEC: Spec =
        Spec::write("UpdateMFAAuthenticationSettings", "cloudsso:UpdateMFAAuthenticationSettings")
            .only(Callers::Administrators)
            .about(
                "Modifies the multi-factor authentication (MFA) settings of all users.",
                page!("updatemfaauthenticationsettings"),
            );

    fn check(&self, check: &mut Check) {
        let types = self.allowed_verification_types.as_ref().map(|JsonText(types)| types.as_slice());
        verification_types(check, "AllowedVerificationTypes", types);
    }

    /// inferred: what is absent stays as it is, and the behaviour at unusual logons is kept whatever the
    /// setting.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let mut mfa: Mfa = load(cx, &directory).await?;
        mfa.setting = self.setting;
        mfa.risky_login = self.operation_for_risk_login.unwrap_or(mfa.risky_login);
        if let Some(JsonText(types)) = self.allowed_verification_types {
            mfa.verification_types = Some(types);
        }
        save(cx, &directory, &mfa).await
    }
}

/// Queries the MFA setting of all users. doc: no longer maintained, and still there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetMFAAuthenticationSettings {
    directory_id: String,
}

impl Operation for GetMFAAuthenticationSettings {
    type Output = GetMFAAuthenticationSettingsOutput;
    const SPEC: Spec = Spec::read("GetMFAAuthenticationSettings", "cloudsso:GetMFAAuthenticationSettings")
        .only(Callers::Administrators)
        .about(
            "Queries the multi-factor authentication (MFA) setting of all users.",
            page!("getmfaauthenticationsettings"),
        );

    /// inferred: that `OnlyRiskyLogin`, which is younger, is shown as it is.
    async fn handle(self, cx: &mut Ctx) -> Result<GetMFAAuthenticationSettingsOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let mfa: Mfa = load(cx, &directory).await?;
        Ok(GetMFAAuthenticationSettingsOutput { setting: mfa.setting })
    }
}

/// The answer of [`GetMFAAuthenticationSettings`].
#[derive(Deserialize, Serialize)]
pub struct GetMFAAuthenticationSettingsOutput {
    #[serde(rename = "MFAAuthenticationAdvanceSettings")]
    setting: Setting,
}

/// Queries the MFA settings of all users.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetMFAAuthenticationSettingInfo {
    directory_id: String,
}

impl Operation for GetMFAAuthenticationSettingInfo {
    type Output = GetMFAAuthenticationSettingInfoOutput;
    const SPEC: Spec =
        Spec::read("GetMFAAuthenticationSettingInfo", "cloudsso:GetMFAAuthenticationSettingInfo")
            .only(Callers::Administrators)
            .about(
                "Queries the multi-factor authentication (MFA) settings of all users.",
                page!("getmfaauthenticationsettinginfo"),
            );

    async fn handle(self, cx: &mut Ctx) -> Result<GetMFAAuthenticationSettingInfoOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let mfa: Mfa = load(cx, &directory).await?;
        Ok(GetMFAAuthenticationSettingInfoOutput { info: mfa.into() })
    }
}

/// The answer of [`GetMFAAuthenticationSettingInfo`].
#[derive(Deserialize, Serialize)]
pub struct GetMFAAuthenticationSettingInfoOutput {
    #[serde(rename = "MFAAuthenticationSettingInfo")]
    info: MFAAuthenticationSettingInfo,
}

/// The MFA settings, as they are shown. The spelling `Mfa…` of a member is the vendor's.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MFAAuthenticationSettingInfo {
    mfa_authentication_advance_settings: Setting,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_for_risk_login: Option<RiskyLogin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_verification_types: Option<Vec<VerificationType>>,
}

impl From<Mfa> for MFAAuthenticationSettingInfo {
    /// doc: the behaviour at unusual logons is shown only where it means something.
    fn from(mfa: Mfa) -> Self {
        let shown = match mfa.setting {
            Setting::Byuser | Setting::OnlyRiskyLogin => Some(mfa.risky_login),
            Setting::Enabled | Setting::Disabled => None,
        };
        Self {
            mfa_authentication_advance_settings: mfa.setting,
            operation_for_risk_login: shown,
            allowed_verification_types: mfa.verification_types,
        }
    }
}

/// Enables or disables MFA.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SetMFAAuthenticationStatus {
    directory_id: String,
    #[serde(rename = "MFAAuthenticationStatus")]
    status: Option<Switch>,
}

impl Operation for SetMFAAuthenticationStatus {
    type Output = ();
    const SPEC: Spec = Spec::write("SetMFAAuthenticationStatus", "cloudsso:SetMFAAuthenticationStatus")
        .only(Callers::Administrators)
        .about(
            "Enables or disables multi-factor authentication (MFA) for all users.",
            page!("setmfaauthenticationstatus"),
        );

    /// doc: the status may be absent. inferred: then nothing changes.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let mfa: Mfa = load(cx, &directory).await?;
        match self.status {
            Some(status) => save(cx, &directory, &Mfa { status, ..mfa }).await,
            None => Ok(()),
        }
    }
}

/// Queries whether MFA is enabled.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetMFAAuthenticationStatus {
    directory_id: String,
}

impl Operation for GetMFAAuthenticationStatus {
    type Output = GetMFAAuthenticationStatusOutput;
    const SPEC: Spec = Spec::read("GetMFAAuthenticationStatus", "cloudsso:GetMFAAuthenticationStatus")
        .only(Callers::Administrators)
        .about(
            "Queries whether multi-factor authentication (MFA) is enabled for all users.",
            page!("getmfaauthenticationstatus"),
        );

    async fn handle(self, cx: &mut Ctx) -> Result<GetMFAAuthenticationStatusOutput> {
        let directory = directory(cx, &self.directory_id).await?;
        let mfa: Mfa = load(cx, &directory).await?;
        Ok(GetMFAAuthenticationStatusOutput { status: mfa.status })
    }
}

/// The answer of [`GetMFAAuthenticationStatus`].
#[derive(Deserialize, Serialize)]
pub struct GetMFAAuthenticationStatusOutput {
    #[serde(rename = "MFAAuthenticationStatus")]
    status: Switch,
}
