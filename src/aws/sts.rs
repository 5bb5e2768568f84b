//! Who a request is from: the one operation of another service that tools call before all others.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use serde::{Deserialize, Serialize};

use super::{DEFAULT_REGION, arn};
use crate::api::{Operation, Spec};
use crate::domain::{Ctx, Result};

crate::operations![GetCallerIdentity];

/// Tells who a request is from.
#[derive(Deserialize)]
pub struct GetCallerIdentity {}

impl Operation for GetCallerIdentity {
    type Output = GetCallerIdentityOutput;
    const SPEC: Spec = Spec::read("GetCallerIdentity", "sts:GetCallerIdentity").about(
        "Returns the account, the user id and the ARN of who asks.",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    );

    /// doc: what they are for the root user of an account, whose keys all keys are here.
    async fn handle(self, cx: &mut Ctx) -> Result<GetCallerIdentityOutput> {
        let partition = arn::partition(cx.region.as_deref().unwrap_or(DEFAULT_REGION));
        let account = cx.caller.id.clone();
        let arn = format!("arn:{partition}:iam::{account}:root");
        Ok(GetCallerIdentityOutput { arn, user_id: account.clone(), account })
    }
}

/// The answer of [`GetCallerIdentity`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetCallerIdentityOutput {
    arn: String,
    user_id: String,
    account: String,
}
