//! Settings: named documents of an instance. Their content and their default belong to the vendor.

use super::instance::Instance;
use super::{Ctx, Result};
use crate::store;

/// The document `name` of an instance, as it was saved; `None` when it never was.
///
/// # Errors
/// Those of the store.
pub async fn get(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<Option<String>> {
    store::setting::get(&mut cx.tx, cx.provider, &instance.id, name).await
}

/// Saves the document `name` of an instance, in place of the one before.
///
/// # Errors
/// Those of the store.
pub async fn set(cx: &mut Ctx, instance: &Instance, name: &str, document: &str) -> Result<()> {
    store::setting::set(&mut cx.tx, cx.provider, &instance.id, name, document).await
}

/// Forgets the document `name` of an instance, if there is one.
///
/// # Errors
/// Those of the store.
pub async fn delete(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<()> {
    store::setting::delete(&mut cx.tx, cx.provider, &instance.id, name).await
}
