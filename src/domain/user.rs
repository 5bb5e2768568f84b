//! Users of an instance's identity store.
//!
//! What at least two vendors have with the same meaning is a member; the rest is in `document`, which is the vendor's.

use super::instance::Instance;
use super::page::{Page, Paged};
use super::tag::Wanted;
use super::{Ctx, Error, Result, Thing, Timestamp};
use crate::store;

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It may.
    #[default]
    Enabled,
    /// It has been disabled.
    Disabled,
}

impl Status {
    /// Both of them.
    pub const ALL: [Status; 2] = [Self::Enabled, Self::Disabled];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    /// The status that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Where a user comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It was made here.
    #[default]
    Manual,
    /// It is a copy of one elsewhere, and kept like it.
    Synchronized,
}

impl Origin {
    /// Both of them.
    pub const ALL: [Origin; 2] = [Self::Manual, Self::Synchronized];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Synchronized => "synchronized",
        }
    }

    /// The origin that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}

/// What a user is called where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalId {
    /// Who calls it so.
    pub issuer: String,
    /// The id, unique with its issuer in an instance.
    pub id: String,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id, in the vendor's form.
    pub id: String,
    /// The id of its instance.
    pub instance: String,
    /// Its name for signing in, unique in its instance in whatever case.
    pub name: String,
    /// Its given name.
    pub given_name: Option<String>,
    /// Its family name.
    pub family_name: Option<String>,
    /// The name by which it is shown.
    pub display_name: Option<String>,
    /// Its address, unique in its instance in whatever case.
    pub email: Option<String>,
    /// Whether it may sign in.
    pub status: Status,
    /// Where it comes from.
    pub origin: Origin,
    /// What else the vendor keeps of it.
    pub document: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub updated: Timestamp,
}

/// What makes a name or an address equal to another one. inferred: that case does not, at all vendors.
pub(crate) fn key(text: &str) -> String {
    text.to_lowercase()
}

/// Makes a user in an instance of which `most` may be there.
///
/// # Errors
/// `LimitExceeded`, or `AlreadyExists` when its name or its address is taken.
pub async fn create(cx: &mut Ctx, user: &User, most: usize) -> Result<()> {
    if store::user::count(&mut cx.tx, cx.provider, &user.instance, &Filter::default()).await? >= most {
        return Err(Error::LimitExceeded(Thing::User, most));
    }
    free(cx, user).await?;
    match store::user::insert(&mut cx.tx, cx.provider, user).await? {
        true => Ok(()),
        // Somebody was faster, in a database with more than one writer.
        false => Err(Error::Conflict),
    }
}

/// Passes when nobody else has its name or its address.
async fn free(cx: &mut Ctx, user: &User) -> Result<()> {
    let by_name = store::user::by_name(&mut cx.tx, cx.provider, &user.instance, &key(&user.name)).await?;
    if by_name.is_some_and(|id| id != user.id) {
        return Err(Error::AlreadyExists(Thing::User, user.name.clone()));
    }
    let Some(email) = user.email.clone() else { return Ok(()) };
    let by_email = store::user::by_email(&mut cx.tx, cx.provider, &user.instance, &key(&email)).await?;
    match by_email.is_some_and(|id| id != user.id) {
        true => Err(Error::AlreadyExists(Thing::Email, email)),
        false => Ok(()),
    }
}

/// The user `id` of an instance.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn get(cx: &mut Ctx, instance: &Instance, id: &str) -> Result<User> {
    let found = store::user::get(&mut cx.tx, cx.provider, &instance.id, id).await?;
    found.ok_or_else(|| Error::NotFound(Thing::User, id.to_owned()))
}

/// The user of an instance that is called so where it comes from.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn by_external_id(cx: &mut Ctx, instance: &Instance, external: &ExternalId) -> Result<String> {
    let found = store::user::by_external_id(&mut cx.tx, cx.provider, &instance.id, external).await?;
    found.ok_or_else(|| Error::NotFound(Thing::User, external.id.clone()))
}

/// What a user is called where it comes from.
///
/// # Errors
/// Those of the store.
pub async fn external_ids(cx: &mut Ctx, user: &User) -> Result<Vec<ExternalId>> {
    store::user::external_ids(&mut cx.tx, cx.provider, &user.id).await
}

/// Writes down a changed user; `updated` becomes now.
///
/// # Errors
/// `AlreadyExists` when its address is taken.
pub async fn update(cx: &mut Ctx, user: User) -> Result<User> {
    free(cx, &user).await?;
    let user = User { updated: cx.now(), ..user };
    store::user::update(&mut cx.tx, cx.provider, &user).await?;
    Ok(user)
}

/// Writes down what the vendor keeps of a user; `updated` stays.
///
/// # Errors
/// Those of the store.
pub async fn keep(cx: &mut Ctx, user: &User) -> Result<()> {
    store::user::update(&mut cx.tx, cx.provider, user).await
}

/// Deletes a user.
///
/// # Errors
/// `InUse` while it has a second factor.
pub async fn delete(cx: &mut Ctx, user: &User) -> Result<()> {
    if !store::device::list(&mut cx.tx, cx.provider, &user.id).await?.is_empty() {
        return Err(Error::InUse(Thing::User, Thing::Device));
    }
    store::tag::delete_all(&mut cx.tx, cx.provider, &user.id).await?;
    store::user::delete(&mut cx.tx, cx.provider, &user.id).await
}

/// Which users of an instance are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of this name, in whatever case.
    pub name: Option<String>,
    /// Those whose name begins so, in whatever case.
    pub name_begins: Option<String>,
    /// Those of this status.
    pub status: Option<Status>,
    /// Those of this origin.
    pub origin: Option<Origin>,
    /// Those that have all of these tags.
    pub tags: Vec<Wanted>,
}

/// A page of the users of an instance, in the order in which they came.
///
/// # Errors
/// Those of the store.
pub async fn page(cx: &mut Ctx, instance: &Instance, filter: &Filter, page: Page) -> Result<Paged<User>> {
    let rows = store::user::page(&mut cx.tx, cx.provider, &instance.id, filter, page).await?;
    Ok(Paged::of(rows, page))
}

/// How many users of an instance there are.
///
/// # Errors
/// Those of the store.
pub async fn count(cx: &mut Ctx, instance: &Instance, filter: &Filter) -> Result<usize> {
    store::user::count(&mut cx.tx, cx.provider, &instance.id, filter).await
}
