//! A world: one isolated estate, with a database, a clock and a source of ids of its own.

mod accounts;
mod estate;
mod keys;

use std::sync::Arc;

pub use accounts::OrganizationState;
pub use estate::{Estate, Organization, Seeded, SeededUser, SettingText, Vendor};
pub use keys::Added;

use crate::domain::account::Account;
use crate::domain::instance::Instance;
use crate::domain::life_cycle::Pace;
use crate::domain::{Clock, Ids, Provider, Result};
use crate::store::{self, Store};

/// A world.
pub struct World {
    /// Its database.
    pub store: Store,
    /// Its time.
    pub clock: Arc<dyn Clock>,
    /// Its ids.
    pub ids: Arc<dyn Ids>,
    seed: Estate,
}

/// What there is of one vendor in a world.
#[derive(Debug)]
pub struct Census {
    /// The accounts, by id.
    pub accounts: Vec<Account>,
    /// The instances, by id.
    pub instances: Vec<Instance>,
}

impl World {
    /// Opens a world on a database: a new one is filled with the seed, another one is left as it is.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn open(store: Store, seed: Estate, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self> {
        let world = Self { store, clock, ids, seed };
        let mut tx = world.store.write().await?;
        if !store::estate::is_seeded(&mut tx).await? {
            estate::fill(&mut tx, &world.seed, world.clock.now(), &*world.ids).await?;
        }
        estate::ensure_page_secret(&mut tx, &*world.ids).await?;
        world.store.commit(tx).await?;
        Ok(world)
    }

    /// Goes back to the seed, at once: whoever looks sees all of what was before, or all of the seed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn reset(&self) -> Result<()> {
        let mut tx = self.store.write().await?;
        store::estate::empty(&mut tx).await?;
        estate::fill(&mut tx, &self.seed, self.clock.now(), &*self.ids).await?;
        self.store.commit(tx).await
    }

    /// How long what is begun takes.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn pace(&self) -> Result<Pace> {
        store::estate::pace(&mut self.store.read().await?).await
    }

    /// Says how long what is begun from now on takes.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn set_pace(&self, pace: Pace) -> Result<()> {
        let mut tx = self.store.write().await?;
        store::estate::set_pace(&mut tx, pace).await?;
        self.store.commit(tx).await
    }

    /// Whether the world has been filled.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn is_seeded(&self) -> Result<bool> {
        let mut tx = self.store.read().await?;
        store::estate::is_seeded(&mut tx).await
    }

    /// What there is of each of these vendors, all at one moment.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn census(&self, providers: &[Provider]) -> Result<Vec<Census>> {
        let mut tx = self.store.read().await?;
        let mut censuses = Vec::new();
        for provider in providers {
            let accounts = store::account::list(&mut tx, *provider).await?;
            let instances = store::instance::list(&mut tx, *provider).await?;
            let now = self.clock.now();
            let instances = instances.into_iter().filter_map(|instance| instance.settled(now)).collect();
            censuses.push(Census { accounts, instances });
        }
        Ok(censuses)
    }
}
