//! Tags: names with values, attached to things.

use std::collections::HashSet;

use super::instance::Instance;
use super::page::{Page, Paged};
use super::{Ctx, Error, Result, Thing};
use crate::store;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, unique on its thing.
    pub key: String,
    /// Its value, possibly empty.
    pub value: String,
}

/// A tag that a thing must have to be among those that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub key: String,
    /// Its value; any, where there is none.
    pub value: Option<String>,
}

/// Puts tags on a thing: on an instance, or on something in it. One whose key is there already gets the new value.
///
/// # Errors
/// `LimitExceeded` when the thing would have more than `most`.
pub async fn put(cx: &mut Ctx, instance: &Instance, resource: &str, tags: &[Tag], most: usize) -> Result<()> {
    store::tag::put(&mut cx.tx, cx.provider, &instance.id, resource, tags).await?;
    match store::tag::count(&mut cx.tx, cx.provider, resource).await? {
        count if count > most => Err(Error::LimitExceeded(Thing::Tag, most)),
        _ => Ok(()),
    }
}

/// Takes the tags of these keys off a thing. A key that is not there is passed over.
///
/// # Errors
/// Those of the store.
pub async fn remove(cx: &mut Ctx, resource: &str, keys: &[String]) -> Result<()> {
    let keys: HashSet<_> = keys.iter().collect();
    for key in keys {
        store::tag::delete(&mut cx.tx, cx.provider, resource, key).await?;
    }
    Ok(())
}

/// The tags of a thing, in the order in which they came.
///
/// # Errors
/// Those of the store.
pub async fn all(cx: &mut Ctx, resource: &str) -> Result<Vec<Tag>> {
    store::tag::list(&mut cx.tx, cx.provider, resource).await
}

/// A page of the tags of a thing.
///
/// # Errors
/// Those of the store.
pub async fn page(cx: &mut Ctx, resource: &str, page: Page) -> Result<Paged<Tag>> {
    let rows = store::tag::page(&mut cx.tx, cx.provider, resource, page.after, page.rows()).await?;
    Ok(Paged::of(rows, page))
}
