//! What a new world is filled with.

use crate::domain::access_key::AccessKey;
use crate::domain::account::Account;
use crate::domain::instance::{Instance, Status};
use crate::domain::tag::Tag;
use crate::domain::{Error, Provider, Result, Thing, Timestamp};
use crate::store::{self, Tx};

/// The content of a world, checked: it can be written down without a violation.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// What there is of each vendor.
    pub vendors: Vec<Vendor>,
}

/// What there is of one vendor.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// The vendor.
    pub provider: Provider,
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// The accounts: of organizations, and standalone ones.
    pub accounts: Vec<Account>,
    /// The access keys.
    pub keys: Vec<AccessKey>,
    /// The instances.
    pub instances: Vec<Seeded>,
}

/// An organization.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Whether it has enabled the service.
    pub enabled: bool,
}

/// An instance that is there from the start.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// Its id.
    pub id: String,
    /// The account that owns it.
    pub owner: String,
    /// Its identity store's id.
    pub identity_store: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The Region it lives in.
    pub region: String,
    /// Its tags, with distinct keys.
    pub tags: Vec<Tag>,
    /// Its settings.
    pub settings: Vec<SettingText>,
}

/// A setting, as it is kept.
#[derive(Clone, Debug)]
pub struct SettingText {
    /// Under what name.
    pub name: &'static str,
    /// The document.
    pub document: String,
}

/// Fills an empty database.
pub(super) async fn fill(tx: &mut Tx, estate: &Estate, now: Timestamp) -> Result<()> {
    for vendor in &estate.vendors {
        let provider = vendor.provider;
        for organization in &vendor.organizations {
            store::account::insert_organization(tx, provider, &organization.id).await?;
            if organization.enabled {
                store::service::insert(tx, provider, &organization.id, now).await?;
            }
        }
        for account in &vendor.accounts {
            store::account::insert_if_absent(tx, provider, account).await?;
        }
        for key in &vendor.keys {
            store::access_key::insert(tx, provider, key).await?;
        }
        for seeded in &vendor.instances {
            let instance = Instance {
                id: seeded.id.clone(),
                owner: seeded.owner.clone(),
                identity_store: seeded.identity_store.clone(),
                name: seeded.name.clone(),
                region: seeded.region.clone(),
                status: Status::Active,
                created: now,
            };
            if !store::instance::insert(tx, provider, &instance).await? {
                return Err(Error::AlreadyExists(Thing::Instance, instance.owner));
            }
            store::tag::insert(tx, provider, &seeded.id, &seeded.tags).await?;
            for setting in &seeded.settings {
                store::setting::set(tx, provider, &seeded.id, setting.name, &setting.document).await?;
            }
        }
    }
    store::estate::mark_seeded(tx).await
}
