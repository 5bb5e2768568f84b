//! The service itself, which an organization enables before it has an instance.

use super::{Ctx, Error, Result};
use crate::store;

/// Passes when the caller's organization has enabled the service.
///
/// # Errors
/// `ServiceDisabled` when it has not, or when the caller has no organization.
pub async fn require(cx: &mut Ctx) -> Result<()> {
    let enabled = match &cx.caller.organization {
        Some(organization) => store::service::is_enabled(&mut cx.tx, cx.provider, organization).await?,
        None => false,
    };
    if enabled { Ok(()) } else { Err(Error::ServiceDisabled) }
}
