//! Instances of the service: one an account, with an identity store of its own.

use super::account::{self, Standing};
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
    /// Its identity store's id, in the vendor's form.
    pub identity_store: String,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// The Region it lives in.
    pub region: String,
    /// Where it is in its life.
    pub status: Status,
    /// When it was made.
    pub created: Timestamp,
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
    /// The Region it is to live in.
    pub region: String,
    /// Its tags, with distinct keys.
    pub tags: Vec<Tag>,
}

/// Makes the caller's instance: one an account, in whichever Region, and none in a management account.
///
/// # Errors
/// `NotAllowed` for a management account, `AlreadyExists` when the caller has an instance.
pub async fn create(cx: &mut Ctx, new: New) -> Result<Instance> {
    if cx.caller.standing == Standing::Management {
        return Err(cx.denied(Reason::ManagementAccount, None));
    }
    account::ensure(cx).await?;
    let instance = Instance {
        id: new.id,
        owner: cx.caller.id.clone(),
        identity_store: new.identity_store,
        name: new.name,
        region: new.region,
        status: Status::Active,
        created: cx.now(),
    };
    if !store::instance::insert(&mut cx.tx, cx.provider, &instance).await? {
        return Err(Error::AlreadyExists(Thing::Instance, instance.owner));
    }
    store::tag::insert(&mut cx.tx, cx.provider, &instance.id, &new.tags).await?;
    cx.anchor = Some(instance.id.clone());
    Ok(instance)
}

/// The instance `id`, when it is within the caller's reach: its own, or the one of the organization that it
/// administers. Where the request names a Region, the instance must live there.
///
/// # Errors
/// `NotFound` when there is none, or none within reach.
pub async fn get(cx: &mut Ctx, id: &str) -> Result<Instance> {
    let found = store::instance::find(&mut cx.tx, cx.provider, id).await?;
    found
        .filter(|(instance, owner)| {
            let own = instance.owner == cx.caller.id;
            let administered = cx.caller.standing.administers()
                && owner.standing == Standing::Management
                && owner.organization == cx.caller.organization;
            own || administered
        })
        .filter(|(instance, _)| cx.region.as_ref().is_none_or(|region| *region == instance.region))
        .map(|(instance, _)| instance)
        .ok_or_else(|| Error::NotFound(Thing::Instance, id.to_owned()))
}
