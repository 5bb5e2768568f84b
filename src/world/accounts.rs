//! The organizations and accounts of a world, changed at run time.

use super::World;
use crate::domain::account::{Account, Standing};
use crate::domain::organization::{self, Move, Outcome};
use crate::domain::{Provider, Result};
use crate::store;

/// An organization, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationState {
    /// Its id.
    pub id: String,
    /// The account that manages it.
    pub manager: String,
    /// Whether it has enabled the service.
    pub enabled: bool,
}

impl World {
    /// The organizations of a vendor, by id.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn organizations(&self, provider: Provider) -> Result<Vec<OrganizationState>> {
        let mut tx = self.store.read().await?;
        let mut organizations = Vec::new();
        for id in store::account::list_organizations(&mut tx, provider).await? {
            let manager = store::account::manager(&mut tx, provider, &id).await?.unwrap_or_default();
            let enabled = store::service::is_enabled(&mut tx, provider, &id).await?;
            organizations.push(OrganizationState { id, manager, enabled });
        }
        Ok(organizations)
    }

    /// Makes an organization that this account manages.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn add_organization(&self, provider: Provider, id: &str, manager: &str) -> Outcome<Account> {
        let mut tx = self.store.write().await?;
        let manager = Account::new(manager, None, Standing::Standalone);
        let made = organization::add(&mut tx, provider, id, &manager).await?;
        self.store.end(tx, made.is_ok()).await?;
        Ok(made)
    }

    /// The accounts of a vendor, by id.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn accounts(&self, provider: Provider) -> Result<Vec<Account>> {
        let mut tx = self.store.read().await?;
        store::account::list(&mut tx, provider).await
    }

    /// The account of this id.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn account(&self, provider: Provider, id: &str) -> Result<Option<Account>> {
        let mut tx = self.store.read().await?;
        store::account::get(&mut tx, provider, id).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn add_account(&self, provider: Provider, account: &Account) -> Outcome<()> {
        let mut tx = self.store.write().await?;
        let made = organization::add_account(&mut tx, provider, account).await?;
        self.store.end(tx, made.is_ok()).await?;
        Ok(made)
    }

    /// Moves an account: from here on no request is judged by where it stood.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn change_account(&self, provider: Provider, id: &str, change: Move) -> Outcome<Account> {
        let mut tx = self.store.write().await?;
        let changed = organization::change_account(&mut tx, provider, id, change).await?;
        self.store.end(tx, changed.is_ok()).await?;
        Ok(changed)
    }

    /// Closes an account.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn close_account(&self, provider: Provider, id: &str) -> Outcome<Account> {
        let mut tx = self.store.write().await?;
        let closed = organization::close_account(&mut tx, provider, id, self.clock.now()).await?;
        self.store.end(tx, closed.is_ok()).await?;
        Ok(closed)
    }
}
