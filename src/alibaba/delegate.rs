//! The members that manage `CloudSSO` for the management account, which registers them in the resource directory first.
//!
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-enabledelegateaccount>

use serde::{Deserialize, Serialize};

use super::enabled;
use super::switch::Switch;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::account::{self, Delegation};
use crate::domain::{Ctx, Result};

crate::operations![EnableDelegateAccount, DisableDelegateAccount, GetDelegateAccount];

/// The form of an account's id. doc: the samples. inferred: that another one is refused.
const ACCOUNT: &str = "[0-9]{16}";

/// Lets a delegated administrator manage the service.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EnableDelegateAccount {
    account_id: String,
}

impl Operation for EnableDelegateAccount {
    type Output = ();
    /// inferred: the management account alone, as of the two others.
    const SPEC: Spec = Spec::write("EnableDelegateAccount", "cloudsso:EnableDelegateAccount")
        .only(Callers::Management)
        .about(
            "Allows a delegated administrator account to manage CloudSSO.",
            page!("enabledelegateaccount"),
        );

    fn check(&self, check: &mut Check) {
        check.text("AccountId", &self.account_id).pattern(ACCOUNT);
    }

    /// inferred: that nothing changes where it is enabled, and that the service must be.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        enabled::require(cx).await?;
        account::set_delegation(cx, &self.account_id, Delegation::Enabled).await
    }
}

/// No longer lets a delegated administrator manage the service.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DisableDelegateAccount {
    account_id: String,
}

impl Operation for DisableDelegateAccount {
    type Output = ();
    const SPEC: Spec = Spec::write("DisableDelegateAccount", "cloudsso:DisableDelegateAccount")
        .only(Callers::Management)
        .about(
            "Forbids a delegated administrator account to manage CloudSSO.",
            page!("disabledelegateaccount"),
        );

    fn check(&self, check: &mut Check) {
        check.text("AccountId", &self.account_id).pattern(ACCOUNT);
    }

    /// inferred: that nothing changes where it is disabled.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        enabled::require(cx).await?;
        account::set_delegation(cx, &self.account_id, Delegation::Disabled).await
    }
}

/// Queries whether a delegated administrator manages the service. No page has it; the Terraform provider calls it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDelegateAccount {
    account_id: String,
}

impl Operation for GetDelegateAccount {
    type Output = GetDelegateAccountOutput;
    const SPEC: Spec = Spec::read("GetDelegateAccount", "cloudsso:GetDelegateAccount")
        .only(Callers::Management)
        .about(
            "Queries whether a delegated administrator account may manage CloudSSO.",
            "https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/cloud_sso_delegate_account",
        );

    fn check(&self, check: &mut Check) {
        check.text("AccountId", &self.account_id).pattern(ACCOUNT);
    }

    /// inferred: that an account that is registered and not enabled is shown.
    async fn handle(self, cx: &mut Ctx) -> Result<GetDelegateAccountOutput> {
        enabled::require(cx).await?;
        let account = account::delegate(cx, &self.account_id).await?;
        let delegate_account =
            DelegateAccount { account_id: account.id, delegate_status: account.delegation.into() };
        Ok(GetDelegateAccountOutput { delegate_account })
    }
}

/// The answer of [`GetDelegateAccount`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetDelegateAccountOutput {
    delegate_account: DelegateAccount,
}

/// A delegated administrator.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DelegateAccount {
    account_id: String,
    delegate_status: Switch,
}
