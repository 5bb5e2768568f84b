//! Identity authentication and session management of an instance.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/UpdateSsoConfiguration.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::document::{Document, load, save};
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Result, instance};

crate::operations![GetSsoConfiguration, UpdateSsoConfiguration];

const PATH: &str = "/v1/instances/{instance_id}/sso-configuration";

/// model: the pattern of `max_authentication_age`.
const DURATION: &str =
    r"^(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)(?:[DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$";

/// doc: the console's bounds, 15 minutes and 90 days. inferred: that they are the API's too.
const MIN_AGE: u64 = 15 * 60;
const MAX_AGE: u64 = 90 * 24 * 60 * 60;

/// When MFA is in effect.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MfaMode {
    /// When the sign-in context changes.
    ContextAware,
    /// Never.
    Disabled,
    /// At each sign-in.
    AlwaysOn,
}

/// What a user without an MFA device may do.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoMfaSigninBehavior {
    /// Register one, and sign in.
    AllowedWithEnrollment,
    /// Sign in.
    Allowed,
    /// Sign in with a one-time password sent by mail.
    EmailOtp,
    /// Nothing.
    Blocked,
}

/// What a user without a password may do.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoPasswordSigninBehavior {
    /// Nothing.
    Blocked,
    /// Sign in with a one-time password sent by mail.
    EmailOtp,
}

/// A type of MFA device.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MfaType {
    /// A one-time password.
    Totp,
    /// A key, built in.
    Webauthn,
    /// A key, on its own.
    WebauthnSecurityKey,
}

/// How long a session is valid.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct SessionConfiguration {
    max_authentication_age: String,
}

/// The configuration of an instance: kept, and answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SsoConfiguration {
    mfa_mode: MfaMode,
    no_mfa_signin_behavior: NoMfaSigninBehavior,
    no_password_signin_behavior: NoPasswordSigninBehavior,
    allowed_mfa_types: Vec<MfaType>,
    session_configuration: SessionConfiguration,
}

impl Default for SsoConfiguration {
    /// observed: what the Terraform provider resets to, which is also the pages' example. doc: the 8 hours.
    fn default() -> Self {
        Self {
            mfa_mode: MfaMode::AlwaysOn,
            no_mfa_signin_behavior: NoMfaSigninBehavior::Allowed,
            no_password_signin_behavior: NoPasswordSigninBehavior::Blocked,
            allowed_mfa_types: vec![MfaType::Totp],
            session_configuration: SessionConfiguration { max_authentication_age: "PT8H".to_owned() },
        }
    }
}

impl Document for SsoConfiguration {
    const NAME: &'static str = "sso_configuration";

    fn check(&self, check: &mut Check) {
        limits(check, Some(&self.allowed_mfa_types), Some(&self.session_configuration));
    }
}

/// The limits of a configuration. inferred: that there is at least one type of device, and none twice.
fn limits(check: &mut Check, types: Option<&[MfaType]>, session: Option<&SessionConfiguration>) {
    check.list("allowed_mfa_types", types).len(1..=3).distinct(None, |kind| format!("{kind:?}"));
    check.within("session_configuration", session, |check, session| {
        check
            .text("max_authentication_age", &session.max_authentication_age)
            .duration(DURATION, MIN_AGE..=MAX_AGE);
    });
}

/// Queries the configuration of an instance.
#[derive(Deserialize)]
pub struct GetSsoConfiguration {
    instance_id: String,
}

impl Operation for GetSsoConfiguration {
    type Output = GetSsoConfigurationOutput;
    const SPEC: Spec = Spec::read("GetSsoConfiguration", "IdentityCenter:ssoConfiguration:describe")
        .at("GET", PATH)
        .only(Callers::Administrators)
        .about(
            "Queries the configuration of an instance: identity authentication and session management.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/GetSsoConfiguration.html",
        );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<GetSsoConfigurationOutput> {
        let instance = instance::get(cx, &self.instance_id).await?;
        Ok(GetSsoConfigurationOutput { sso_configuration: load(cx, &instance).await? })
    }
}

/// The answer of [`GetSsoConfiguration`].
#[derive(Deserialize, Serialize)]
pub struct GetSsoConfigurationOutput {
    sso_configuration: SsoConfiguration,
}

/// What a configuration is to be changed by: what is absent stays.
#[derive(Deserialize)]
pub struct SsoConfigurationChange {
    mfa_mode: Option<MfaMode>,
    no_mfa_signin_behavior: Option<NoMfaSigninBehavior>,
    no_password_signin_behavior: Option<NoPasswordSigninBehavior>,
    allowed_mfa_types: Option<Vec<MfaType>>,
    session_configuration: Option<SessionConfiguration>,
}

/// Which part of the configuration a change is about.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConfigurationType {
    /// All of it.
    AppAuthenticationConfiguration,
    /// How long a session is valid.
    Session,
}

/// Configures an instance.
#[derive(Deserialize)]
pub struct UpdateSsoConfiguration {
    instance_id: String,
    sso_configuration: SsoConfigurationChange,
    configuration_type: ConfigurationType,
}

impl Operation for UpdateSsoConfiguration {
    type Output = ();
    const SPEC: Spec = Spec::write("UpdateSsoConfiguration", "IdentityCenter:ssoConfiguration:update")
        .at("POST", PATH)
        .only(Callers::Administrators)
        .about(
            "Configures an instance: identity authentication and session management.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/UpdateSsoConfiguration.html",
        );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
        check.within("sso_configuration", Some(&self.sso_configuration), |check, change| {
            limits(check, change.allowed_mfa_types.as_deref(), change.session_configuration.as_ref());
        });
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = instance::get(cx, &self.instance_id).await?;
        let now: SsoConfiguration = load(cx, &instance).await?;
        let change = self.sso_configuration;
        let session_configuration = change.session_configuration.unwrap_or(now.session_configuration);
        let changed = match self.configuration_type {
            // observed: the session too, in the Terraform provider's acceptance test.
            ConfigurationType::AppAuthenticationConfiguration => SsoConfiguration {
                mfa_mode: change.mfa_mode.unwrap_or(now.mfa_mode),
                no_mfa_signin_behavior: change.no_mfa_signin_behavior.unwrap_or(now.no_mfa_signin_behavior),
                no_password_signin_behavior: change
                    .no_password_signin_behavior
                    .unwrap_or(now.no_password_signin_behavior),
                allowed_mfa_types: change.allowed_mfa_types.unwrap_or(now.allowed_mfa_types),
                session_configuration,
            },
            // inferred: the session only; what else is there is left alone.
            ConfigurationType::Session => SsoConfiguration { session_configuration, ..now },
        };
        save(cx, &instance, &changed).await
    }
}
