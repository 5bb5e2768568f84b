//! Instances of the service: one an account, with an identity store of its own.

use super::account::{self, Standing};
use super::life_cycle::{self, Settling};
use super::page::{Page, Paged};
use super::tag::Tag;
use super::{Ctx, Error, Reason, Result, Thing, Timestamp};
use crate::store;

/// Where an instance is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is being made.
    Creating,
    /// It could not be made.
    CreateFailed,
    /// It is being deleted.
    Deleting,
    /// It can be used.
    Active,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 4] = [Self::Creating, Self::CreateFailed, Self::Deleting, Self::Active];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::CreateFailed => "create_failed",
            Self::Deleting => "deleting",
            Self::Active => "active",
        }
    }

    /// The status that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its id, in the vendor's form.
    pub id: String,
    /// The account that owns it.
    pub owner: String,
    /// The organization whose instance it is; `None` for that of a single account, whatever becomes of the account.
    pub organization: Option<String>,
    /// Its identity store's id, in the vendor's form.
    pub identity_store: String,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// The name that no other instance of the vendor has, if it was given one.
    pub alias: Option<String>,
    /// The Region it lives in.
    pub region: String,
    /// Where it is in its life.
    pub status: Status,
    /// When it was made.
    pub created: Timestamp,
    /// When its name was changed last; when it was made, if never.
    pub updated: Timestamp,
    /// When what is under way is done.
    pub settling: Option<Settling>,
}

impl Instance {
    /// The instance as it is now, with what was under way done if its time is over; `None` when it is gone.
    pub fn settled(mut self, now: Timestamp) -> Option<Self> {
        if self.settling.is_some_and(|settling| settling.is_over(now)) {
            self.settling = None;
            match self.status {
                Status::Creating => self.status = Status::Active,
                Status::Deleting => return None,
                Status::CreateFailed | Status::Active => {}
            }
        }
        Some(self)
    }
}

/// What a new instance is to be.
#[derive(Clone, Debug)]
pub struct New {
    /// Its id.
    pub id: String,
    /// Its identity store's id.
    pub identity_store: String,
    /// Its name, if it is to have one.
    pub name: Option<String>,
    /// The name that no other instance is to have, if it is to have one.
    pub alias: Option<String>,
    /// The Region it is to live in.
    pub region: String,
    /// Its tags, with distinct keys.
    pub tags: Vec<Tag>,
}

/// Makes the instance of a single account, the caller's: one an account, in whichever Region, and none in a management
/// account. It takes as long as the world is told.
///
/// # Errors
/// `NotAllowed` for a management account, `AlreadyExists` when the caller has an instance.
pub async fn create(cx: &mut Ctx, new: New) -> Result<Instance> {
    if cx.caller.standing == Standing::Management {
        return Err(cx.denied(Reason::ManagementAccount, None));
    }
    account::ensure(cx).await?;
    let settling = life_cycle::begin(cx).await?;
    let owner = cx.caller.id.clone();
    insert(cx, owner, None, new, settling).await
}

/// Makes the instance of the caller's organization, at once: one an organization, which its management account owns.
///
/// # Errors
/// `NotAllowed` when the caller has no organization, `AlreadyExists` when that has an instance, or the alias another
/// one.
pub async fn create_for_organization(cx: &mut Ctx, new: New) -> Result<Instance> {
    let owner = account::manager(cx).await?.ok_or_else(|| cx.denied(Reason::NotManagement, None))?;
    insert(cx, owner, cx.caller.organization.clone(), new, None).await
}

async fn insert(
    cx: &mut Ctx,
    owner: String,
    organization: Option<String>,
    new: New,
    settling: Option<Settling>,
) -> Result<Instance> {
    let instance = Instance {
        id: new.id,
        owner,
        organization,
        identity_store: new.identity_store,
        name: new.name,
        alias: new.alias,
        region: new.region,
        status: if settling.is_some() { Status::Creating } else { Status::Active },
        created: cx.now(),
        updated: cx.now(),
        settling,
    };
    if !store::instance::insert(&mut cx.tx, cx.provider, &instance, &new.tags).await? {
        // What is gone may only be in the way.
        let now = cx.now();
        store::instance::sweep(&mut cx.tx, cx.provider, now).await?;
        if store::instance::of_owner(&mut cx.tx, cx.provider, &instance.owner).await?.is_some() {
            return Err(Error::AlreadyExists(Thing::Instance, instance.owner));
        }
        if let Some(alias) = &instance.alias {
            free(cx, alias, None).await?;
        }
        if !store::instance::insert(&mut cx.tx, cx.provider, &instance, &new.tags).await? {
            // Its id or its position is taken: another one will do.
            return Err(Error::Conflict);
        }
    }
    cx.anchor = Some(instance.id.clone());
    Ok(instance)
}

/// Passes when no instance but `own` goes by this alias.
async fn free(cx: &mut Ctx, alias: &str, own: Option<&str>) -> Result<()> {
    match store::instance::by_alias(&mut cx.tx, cx.provider, alias).await? {
        Some(id) if own != Some(id.as_str()) => Err(Error::AlreadyExists(Thing::Alias, alias.to_owned())),
        Some(_) | None => Ok(()),
    }
}

/// Whether an instance is within a caller's reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is.
    Within(Box<Instance>),
    /// It would be, in another Region.
    Elsewhere,
    /// It belongs to somebody else.
    Foreign,
    /// There is none by this id.
    Nowhere,
}

/// Whether the instance `id` is within the caller's reach.
///
/// That is its own, or the one of the organization that it administers. Where the request names a Region, the instance
/// must live there, or have been extended to it.
///
/// # Errors
/// Those of the store.
pub async fn reach(cx: &mut Ctx, id: &str) -> Result<Reach> {
    let found = store::instance::find(&mut cx.tx, cx.provider, id).await?;
    let Some(instance) = found.and_then(|found| found.settled(cx.now())) else { return Ok(Reach::Nowhere) };
    let administered = cx.caller.administers()
        && instance.organization.is_some()
        && instance.organization == cx.caller.organization;
    if instance.owner != cx.caller.id && !administered {
        return Ok(Reach::Foreign);
    }
    match cx.region.clone() {
        Some(region) if region != instance.region && !super::region::has(cx, &instance, &region).await? => {
            Ok(Reach::Elsewhere)
        }
        Some(_) | None => Ok(Reach::Within(Box::new(instance))),
    }
}

/// The instance `id`, when it is within the caller's reach.
///
/// # Errors
/// `NotFound` when there is none, or none within reach.
pub async fn get(cx: &mut Ctx, id: &str) -> Result<Instance> {
    match reach(cx, id).await? {
        Reach::Within(instance) => Ok(*instance),
        Reach::Elsewhere | Reach::Foreign | Reach::Nowhere => {
            Err(Error::NotFound(Thing::Instance, id.to_owned()))
        }
    }
}

/// Passes when the instance can be used: not while it is being made or deleted.
///
/// # Errors
/// `UnderWay` when it is.
pub fn ready(instance: &Instance) -> Result<()> {
    match instance.status {
        Status::Active => Ok(()),
        Status::Creating | Status::CreateFailed | Status::Deleting => {
            Err(Error::UnderWay(Thing::Instance, instance.id.clone()))
        }
    }
}

/// The same for what only reads.
///
/// # Errors
/// `Unfit` when it is, in these words.
pub fn readable(instance: &Instance, otherwise: &'static str) -> Result<()> {
    ready(instance).map_err(|_| Error::Unfit(otherwise))
}

/// Counts a look at an instance, where that is what its life goes by.
///
/// # Errors
/// Those of the store.
pub async fn observe(cx: &mut Ctx, instance: &Instance) -> Result<()> {
    if let Some(Settling::Reads(left)) = instance.settling {
        cx.must_write = true;
        if cx.writes {
            let settling = Some(Settling::Reads(left.saturating_sub(1)));
            let observed = Instance { settling, ..instance.clone() };
            store::instance::update(&mut cx.tx, cx.provider, &observed).await?;
        }
    }
    Ok(())
}

/// The instance of the caller's organization, whoever may administer it; `None` when there is none.
///
/// # Errors
/// Those of the store.
pub async fn of_organization(cx: &mut Ctx) -> Result<Option<Instance>> {
    let Some(organization) = cx.caller.organization.clone() else { return Ok(None) };
    let found = store::instance::of_organization(&mut cx.tx, cx.provider, &organization).await?;
    Ok(found.and_then(|instance| instance.settled(cx.now())))
}

/// A page of the instances that the caller can see: its own, and the one of its organization.
///
/// Where the request names a Region, only those that live there or have been extended to it, unless all are asked for.
///
/// # Errors
/// Those of the store.
pub async fn visible(cx: &mut Ctx, everywhere: bool, page: Page) -> Result<Paged<Instance>> {
    let region = cx.region.clone().filter(|_| !everywhere);
    let (now, caller) = (cx.now(), cx.caller.clone());
    let rows =
        store::instance::visible(&mut cx.tx, cx.provider, &caller, region.as_deref(), now, page).await?;
    let rows = rows.into_iter().filter_map(|(position, instance)| Some((position, instance.settled(now)?)));
    Ok(Paged::of(rows.collect(), page))
}

/// Gives an instance another name, or none.
///
/// # Errors
/// Those of the store.
pub async fn rename(cx: &mut Ctx, instance: Instance, name: Option<String>) -> Result<Instance> {
    let renamed = Instance { name, updated: cx.now(), ..instance };
    store::instance::update(&mut cx.tx, cx.provider, &renamed).await?;
    Ok(renamed)
}

/// Gives an instance another alias.
///
/// # Errors
/// `AlreadyExists` when another instance has it.
pub async fn set_alias(cx: &mut Ctx, instance: Instance, alias: &str) -> Result<Instance> {
    free(cx, alias, Some(&instance.id)).await?;
    let renamed = Instance { alias: Some(alias.to_owned()), updated: cx.now(), ..instance };
    store::instance::update(&mut cx.tx, cx.provider, &renamed).await?;
    Ok(renamed)
}

/// Deletes an instance with all that is in it, at once or as long as the world is told.
///
/// # Errors
/// `UnderWay` when it is being deleted.
pub async fn delete(cx: &mut Ctx, instance: Instance) -> Result<()> {
    if instance.status == Status::Deleting {
        return Err(Error::UnderWay(Thing::Instance, instance.id));
    }
    match life_cycle::begin(cx).await? {
        None => delete_at_once(cx, &instance).await,
        settling => {
            // What was answered before its end is not answered again.
            store::replay::delete_of(&mut cx.tx, cx.provider, &instance.id).await?;
            let deleting = Instance { status: Status::Deleting, settling, ..instance };
            store::instance::update(&mut cx.tx, cx.provider, &deleting).await
        }
    }
}

/// Deletes an instance with all that is in it, at once.
///
/// # Errors
/// Those of the store.
pub async fn delete_at_once(cx: &mut Ctx, instance: &Instance) -> Result<()> {
    store::instance::delete(&mut cx.tx, cx.provider, &instance.id).await
}
