//! The service itself, which an organization enables before it has an instance.

use super::account::Standing;
use super::{Ctx, Error, Reason, Result, Thing, instance};
use crate::store;

/// Whether the caller's organization has enabled the service: not when it has no organization.
///
/// # Errors
/// Those of the store.
pub async fn is_enabled(cx: &mut Ctx) -> Result<bool> {
    match &cx.caller.organization {
        Some(organization) => store::service::is_enabled(&mut cx.tx, cx.provider, organization).await,
        None => Ok(false),
    }
}

/// Passes when the caller's organization has enabled the service.
///
/// # Errors
/// `ServiceDisabled` when it has not, or when the caller has no organization.
pub async fn require(cx: &mut Ctx) -> Result<()> {
    if is_enabled(cx).await? { Ok(()) } else { Err(Error::ServiceDisabled) }
}

/// The organization that the caller manages.
fn managed(cx: &Ctx) -> Result<String> {
    match (&cx.caller.organization, cx.caller.standing) {
        (Some(organization), Standing::Management) => Ok(organization.clone()),
        _ => Err(cx.denied(Reason::NotManagement, None)),
    }
}

/// Enables the service for the organization that the caller manages. Where it is enabled, nothing changes.
///
/// # Errors
/// `NotAllowed` when the caller manages none.
pub async fn enable(cx: &mut Ctx) -> Result<()> {
    let organization = managed(cx)?;
    store::service::insert(&mut cx.tx, cx.provider, &organization, cx.clock.now()).await
}

/// Disables the service for the organization that the caller manages. Where it is disabled, nothing changes.
///
/// # Errors
/// `NotAllowed` when the caller manages none, `InUse` while the organization has an instance.
pub async fn disable(cx: &mut Ctx) -> Result<()> {
    let organization = managed(cx)?;
    if instance::of_organization(cx).await?.is_some() {
        return Err(Error::InUse(Thing::Service, Thing::Instance));
    }
    store::service::delete(&mut cx.tx, cx.provider, &organization).await
}

/// The Region that the caller's organization has chosen before it has an instance.
///
/// # Errors
/// Those of the store.
pub async fn registered_region(cx: &mut Ctx) -> Result<Option<String>> {
    match &cx.caller.organization {
        Some(organization) => store::region::registered(&mut cx.tx, cx.provider, organization).await,
        None => Ok(None),
    }
}

/// The Region of the caller's organization: that its instance lives in, or else the one that it has chosen.
///
/// # Errors
/// Those of the store.
pub async fn region(cx: &mut Ctx) -> Result<Option<String>> {
    match instance::of_organization(cx).await? {
        Some(instance) => Ok(Some(instance.region)),
        None => registered_region(cx).await,
    }
}

/// Chooses a Region for the organization that the caller manages, in place of the one before.
///
/// # Errors
/// `NotAllowed` when the caller manages none.
pub async fn register_region(cx: &mut Ctx, region: &str) -> Result<()> {
    let organization = managed(cx)?;
    let now = cx.now();
    store::region::register(&mut cx.tx, cx.provider, &organization, region, now).await
}

/// Forgets the Region that the organization has chosen which the caller manages.
///
/// # Errors
/// `NotAllowed` when the caller manages none.
pub async fn unregister_region(cx: &mut Ctx) -> Result<()> {
    let organization = managed(cx)?;
    store::region::unregister(&mut cx.tx, cx.provider, &organization).await
}
