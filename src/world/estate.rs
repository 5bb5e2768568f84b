//! What a new world is filled with.

use crate::domain::access_key::AccessKey;
use crate::domain::account::Account;
use crate::domain::device::Device;
use crate::domain::instance::{Instance, Status};
use crate::domain::life_cycle::Pace;
use crate::domain::tag::Tag;
use crate::domain::user::{self, ExternalId, User};
use crate::domain::{Ids, Provider, Result, Timestamp};
use crate::store::{self, Tx};

/// The content of a world, checked: it can be written down without a violation.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// How long what is begun takes; no time at all, if not said.
    pub pace: Option<Pace>,
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
    /// The Region that it has chosen for it, if it has chosen one.
    pub region: Option<String>,
}

/// An instance that is there from the start.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// Its id.
    pub id: String,
    /// The account that owns it.
    pub owner: String,
    /// The organization whose instance it is, if it is one's.
    pub organization: Option<String>,
    /// Its identity store's id.
    pub identity_store: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The name that no other instance has, if it has one.
    pub alias: Option<String>,
    /// The Region it lives in.
    pub region: String,
    /// Its tags, with distinct keys.
    pub tags: Vec<Tag>,
    /// Its settings.
    pub settings: Vec<SettingText>,
    /// Its users.
    pub users: Vec<SeededUser>,
}

/// A user who is there from the start.
#[derive(Clone, Debug)]
pub struct SeededUser {
    /// Its id.
    pub id: String,
    /// Its name for signing in.
    pub name: String,
    /// Its given name.
    pub given_name: Option<String>,
    /// Its family name.
    pub family_name: Option<String>,
    /// The name by which it is shown.
    pub display_name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// Whether it may sign in.
    pub status: user::Status,
    /// Where it comes from.
    pub origin: user::Origin,
    /// What it is called there.
    pub external_ids: Vec<ExternalId>,
    /// Its tags, with distinct keys.
    pub tags: Vec<Tag>,
    /// What else the vendor keeps of it.
    pub document: String,
    /// Its second factors: id, name and kind.
    pub devices: Vec<(String, String, String)>,
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
pub(super) async fn fill(tx: &mut Tx, estate: &Estate, now: Timestamp, ids: &dyn Ids) -> Result<()> {
    for vendor in &estate.vendors {
        let provider = vendor.provider;
        for organization in &vendor.organizations {
            store::account::insert_organization(tx, provider, &organization.id).await?;
            if organization.enabled {
                store::service::insert(tx, provider, &organization.id, now).await?;
            }
            if let Some(region) = &organization.region {
                store::region::register(tx, provider, &organization.id, region, now).await?;
            }
        }
        for account in &vendor.accounts {
            store::account::insert_if_absent(tx, provider, account).await?;
        }
        for key in &vendor.keys {
            store::access_key::insert(tx, provider, key).await?;
        }
        for seeded in &vendor.instances {
            seeded.fill(tx, provider, now).await?;
        }
    }
    if let Some(pace) = estate.pace {
        store::estate::set_pace(tx, pace).await?;
    }
    ensure_page_secret(tx, ids).await?;
    store::estate::mark_seeded(tx).await
}

/// Makes the secret of page tokens, where there is none: an older version did not need one.
pub(super) async fn ensure_page_secret(tx: &mut Tx, ids: &dyn Ids) -> Result<()> {
    if store::estate::has_page_secret(tx).await? {
        return Ok(());
    }
    store::estate::set_page_secret(tx, &format!("{:032x}{:032x}", ids.bits(), ids.bits())).await
}

impl Seeded {
    async fn fill(&self, tx: &mut Tx, provider: Provider, now: Timestamp) -> Result<()> {
        let instance = Instance {
            id: self.id.clone(),
            owner: self.owner.clone(),
            organization: self.organization.clone(),
            identity_store: self.identity_store.clone(),
            name: self.name.clone(),
            alias: self.alias.clone(),
            region: self.region.clone(),
            status: Status::Active,
            created: now,
            updated: now,
            settling: None,
        };
        store::instance::insert(tx, provider, &instance, &self.tags).await?;
        for setting in &self.settings {
            store::setting::set(tx, provider, &self.id, setting.name, &setting.document).await?;
        }
        for user in &self.users {
            user.fill(tx, provider, &self.id, now).await?;
        }
        Ok(())
    }
}

impl SeededUser {
    async fn fill(&self, tx: &mut Tx, provider: Provider, instance: &str, now: Timestamp) -> Result<()> {
        let user = User {
            id: self.id.clone(),
            instance: instance.to_owned(),
            name: self.name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            display_name: self.display_name.clone(),
            email: self.email.clone(),
            status: self.status,
            origin: self.origin,
            document: self.document.clone(),
            created: now,
            updated: now,
        };
        store::user::insert(tx, provider, &user).await?;
        store::tag::put(tx, provider, instance, &self.id, &self.tags).await?;
        for external in &self.external_ids {
            store::user::insert_external_id(tx, provider, &user, external).await?;
        }
        for (id, name, kind) in &self.devices {
            let (id, name, kind) = (id.clone(), name.clone(), kind.clone());
            let device = Device { id, user: user.id.clone(), name, kind, registered: now, used: None };
            store::device::insert(tx, provider, &device).await?;
        }
        Ok(())
    }
}
