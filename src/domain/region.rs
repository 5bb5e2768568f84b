//! The Regions to which an instance has been extended, besides the one that it lives in.

use super::instance::Instance;
use super::life_cycle::{self, Settling};
use super::page::{Page, Paged};
use super::{Ctx, Error, Result, Thing, Timestamp};
use crate::store;

/// Where an extension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is being made.
    Adding,
    /// It is being undone.
    Removing,
    /// It is there.
    Active,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 3] = [Self::Adding, Self::Removing, Self::Active];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adding => "adding",
            Self::Removing => "removing",
            Self::Active => "active",
        }
    }

    /// The status that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A Region of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// Where its extension is.
    pub status: Status,
    /// When that began; for the Region that the instance lives in, when it was made.
    pub added: Timestamp,
    /// Whether the instance lives there.
    pub is_primary: bool,
    /// When what is under way is done.
    pub settling: Option<Settling>,
}

impl Region {
    /// The Region that the instance lives in.
    pub fn primary(instance: &Instance) -> Self {
        Self {
            name: instance.region.clone(),
            status: Status::Active,
            added: instance.created,
            is_primary: true,
            settling: None,
        }
    }

    fn settled(mut self, now: Timestamp) -> Option<Self> {
        if self.settling.is_some_and(|settling| settling.is_over(now)) {
            self.settling = None;
            match self.status {
                Status::Adding => self.status = Status::Active,
                Status::Removing => return None,
                Status::Active => {}
            }
        }
        Some(self)
    }
}

/// The Region of this name that an instance has.
///
/// # Errors
/// `NotFound` when it has none.
pub async fn get(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<Region> {
    if name == instance.region {
        return Ok(Region::primary(instance));
    }
    let found = store::region::get(&mut cx.tx, cx.provider, &instance.id, name).await?;
    found
        .and_then(|region| region.settled(cx.now()))
        .ok_or_else(|| Error::NotFound(Thing::Region, name.to_owned()))
}

/// Whether an instance can be used from a Region that it does not live in.
///
/// # Errors
/// Those of the store.
pub async fn has(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<bool> {
    match get(cx, instance, name).await {
        Ok(region) => Ok(region.status == Status::Active),
        Err(Error::NotFound(..)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// A page of the Regions of an instance: the one that it lives in, then the others as they came.
///
/// # Errors
/// Those of the store.
pub async fn page(cx: &mut Ctx, instance: &Instance, page: Page) -> Result<Paged<Region>> {
    let now = cx.now();
    let (after, limit) = (page.after, page.rows());
    let rows = store::region::page(&mut cx.tx, cx.provider, &instance.id, now, after, limit).await?;
    let rows = rows.into_iter().filter_map(|(position, region)| Some((position, region.settled(now)?)));
    // The first is at position 1, the others behind it.
    let primary = (page.after == 0).then(|| (1, Region::primary(instance)));
    Ok(Paged::of(primary.into_iter().chain(rows).collect(), page))
}

/// All Regions of an instance.
///
/// # Errors
/// Those of the store.
pub async fn all(cx: &mut Ctx, instance: &Instance) -> Result<Vec<Region>> {
    Ok(page(cx, instance, Page { size: usize::MAX, after: 0 }).await?.items)
}

/// Extends an instance to a Region, at once or as long as the world is told.
///
/// # Errors
/// `AlreadyExists` when it has the Region, `UnderWay` while another one is being added or removed.
pub async fn add(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<()> {
    at_rest(cx, instance).await?;
    match get(cx, instance, name).await {
        Ok(_) => return Err(Error::AlreadyExists(Thing::Region, name.to_owned())),
        Err(Error::NotFound(..)) => {}
        Err(error) => return Err(error),
    }
    let settling = life_cycle::begin(cx).await?;
    let region = Region {
        name: name.to_owned(),
        status: if settling.is_some() { Status::Adding } else { Status::Active },
        added: cx.now(),
        is_primary: false,
        settling,
    };
    store::region::delete(&mut cx.tx, cx.provider, &instance.id, name).await?;
    store::region::insert(&mut cx.tx, cx.provider, &instance.id, &region).await
}

/// Takes an instance back from a Region that it does not live in, at once or as long as the world is told.
///
/// # Errors
/// `NotFound` when it does not have the Region, `UnderWay` while one is being added or removed.
pub async fn remove(cx: &mut Ctx, instance: &Instance, name: &str) -> Result<()> {
    let region = get(cx, instance, name).await?;
    at_rest(cx, instance).await?;
    match life_cycle::begin(cx).await? {
        None => store::region::delete(&mut cx.tx, cx.provider, &instance.id, name).await,
        settling => {
            let removing = Region { status: Status::Removing, settling, ..region };
            store::region::update(&mut cx.tx, cx.provider, &instance.id, &removing).await
        }
    }
}

/// Passes when no Region is being added or removed.
///
/// # Errors
/// `UnderWay` when one is.
pub async fn at_rest(cx: &mut Ctx, instance: &Instance) -> Result<()> {
    let regions = all(cx, instance).await?;
    match regions.into_iter().find(|region| region.status != Status::Active) {
        None => Ok(()),
        Some(region) => Err(Error::UnderWay(Thing::Region, region.name)),
    }
}

/// Counts a look at a Region, where that is what its life goes by.
///
/// # Errors
/// Those of the store.
pub async fn observe(cx: &mut Ctx, instance: &Instance, region: &Region) -> Result<()> {
    if let Some(Settling::Reads(left)) = region.settling {
        cx.must_write = true;
        if cx.writes {
            let settling = Some(Settling::Reads(left.saturating_sub(1)));
            let observed = Region { settling, ..region.clone() };
            store::region::update(&mut cx.tx, cx.provider, &instance.id, &observed).await?;
        }
    }
    Ok(())
}
