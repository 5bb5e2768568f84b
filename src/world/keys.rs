//! The access keys of a world, changed at run time.

use super::World;
use crate::domain::access_key::AccessKey;
use crate::domain::{Provider, Result};
use crate::store;

/// What became of a key that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Done,
    /// There is no account that it could belong to.
    NoAccount,
    /// The account that it would belong to is closed.
    Closed,
    /// There is one by its id already.
    Taken,
}

impl World {
    /// The access keys of these vendors, by vendor and id.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn keys(&self, providers: &[Provider]) -> Result<Vec<(Provider, AccessKey)>> {
        let mut tx = self.store.read().await?;
        let mut keys = Vec::new();
        for provider in providers {
            let found = store::access_key::list(&mut tx, *provider).await?;
            keys.extend(found.into_iter().map(|key| (*provider, key)));
        }
        Ok(keys)
    }

    /// The access keys that go by this id at these vendors.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn keys_by_id(&self, providers: &[Provider], id: &str) -> Result<Vec<(Provider, AccessKey)>> {
        let mut tx = self.store.read().await?;
        let mut keys = Vec::new();
        for provider in providers {
            let found = store::access_key::get(&mut tx, *provider, id).await?;
            keys.extend(found.map(|key| (*provider, key)));
        }
        Ok(keys)
    }

    /// Adds an access key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn add_key(&self, provider: Provider, key: &AccessKey) -> Result<Added> {
        let mut tx = self.store.write().await?;
        let added = match store::account::get(&mut tx, provider, &key.account).await? {
            None => Added::NoAccount,
            Some(account) if account.closed => Added::Closed,
            Some(_) if store::access_key::insert(&mut tx, provider, key).await? => Added::Done,
            Some(_) => Added::Taken,
        };
        self.store.end(tx, added == Added::Done).await?;
        Ok(added)
    }

    /// Changes the status or the end of an access key: from here on no request is judged by what it was. `None` when
    /// there is no such key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn change_key(
        &self,
        provider: Provider,
        id: &str,
        change: impl FnOnce(&mut AccessKey),
    ) -> Result<Option<AccessKey>> {
        let mut tx = self.store.write().await?;
        let mut key = store::access_key::get(&mut tx, provider, id).await?;
        if let Some(key) = &mut key {
            change(key);
            store::access_key::update(&mut tx, provider, key).await?;
        }
        self.store.end(tx, key.is_some()).await?;
        Ok(key)
    }

    /// Deletes an access key; whether it was there.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn delete_key(&self, provider: Provider, id: &str) -> Result<bool> {
        let mut tx = self.store.write().await?;
        let deleted = store::access_key::delete(&mut tx, provider, id).await?;
        self.store.commit(tx).await?;
        Ok(deleted)
    }
}
