//! Organizations and their accounts, as they come, move and go: what elsewhere happens in services of its own.

use super::account::{Account, Delegation, Standing};
use super::{Provider, Result, Timestamp};
use crate::store;
use crate::store::Tx;

/// Why an organization or an account cannot be made, or cannot become what it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// There is no such account.
    #[error("the vendor has no such account")]
    NoAccount,
    /// There is no such organization.
    #[error("the vendor has no such organization")]
    NoOrganization,
    /// There is one by that id.
    #[error("the vendor has one of this id")]
    Taken,
    /// A member needs an organization, and a standalone account has none.
    #[error("an account has an organization exactly when it is not standalone")]
    Unplaced,
    /// An organization has one management account, for as long as it is there.
    #[error("an organization has one management account, which stays what it is")]
    Management,
    /// It has no delegation that could be in effect.
    #[error("the account is no delegated administrator")]
    NoDelegate,
    /// It has been closed, and stays so.
    #[error("the account is closed")]
    Closed,
}

/// What became of a change.
pub type Outcome<T> = Result<std::result::Result<T, Obstacle>>;

/// Makes an account: a standalone one, or a member of an organization.
///
/// # Errors
/// Those of the store.
pub async fn add_account(tx: &mut Tx, provider: Provider, account: &Account) -> Outcome<()> {
    if let Err(obstacle) = placed(tx, provider, account).await? {
        return Ok(Err(obstacle));
    }
    match store::account::insert_if_absent(tx, provider, account).await? {
        true => Ok(Ok(())),
        false => Ok(Err(Obstacle::Taken)),
    }
}

/// Passes when an account that does not manage can stand there.
async fn placed(tx: &mut Tx, provider: Provider, account: &Account) -> Outcome<()> {
    let organization = match (&account.organization, account.standing) {
        (_, Standing::Management) => return Ok(Err(Obstacle::Management)),
        (None, Standing::Standalone) => return Ok(Ok(())),
        (None, _) | (Some(_), Standing::Standalone) => return Ok(Err(Obstacle::Unplaced)),
        (Some(organization), Standing::Member | Standing::DelegatedAdministrator) => organization,
    };
    match store::account::manager(tx, provider, organization).await? {
        Some(_) => Ok(Ok(())),
        None => Ok(Err(Obstacle::NoOrganization)),
    }
}

/// Makes an organization that an account manages: a standalone one, which is made where there is none.
///
/// observed: an instance that it had as a single account stays that, and is in the way of another one until it is deleted.
///
/// # Errors
/// Those of the store.
pub async fn add(tx: &mut Tx, provider: Provider, id: &str, manager: &Account) -> Outcome<Account> {
    let found = store::account::get(tx, provider, &manager.id).await?;
    let account = match found {
        Some(found) if found.closed => return Ok(Err(Obstacle::Closed)),
        Some(found) if found.standing != Standing::Standalone => return Ok(Err(Obstacle::Management)),
        Some(found) => Account { name: manager.name.clone().or(found.name.clone()), ..found },
        None => manager.clone(),
    };
    if !store::account::insert_organization(tx, provider, id).await? {
        return Ok(Err(Obstacle::Taken));
    }
    let account = Account { organization: Some(id.to_owned()), standing: Standing::Management, ..account };
    store::account::insert_if_absent(tx, provider, &account).await?;
    store::account::update(tx, provider, &account).await?;
    Ok(Ok(account))
}

/// Where an account is to stand. What is not said stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Move {
    /// Its name.
    pub name: Option<String>,
    /// The organization that it is to belong to, when it is to belong to one.
    pub organization: Option<String>,
    /// Where it is to stand.
    pub standing: Option<Standing>,
    /// Whether its delegation is in effect.
    pub delegation: Option<Delegation>,
}

/// Moves an account. From here on no request is judged by where it stood.
///
/// # Errors
/// Those of the store.
pub async fn change_account(tx: &mut Tx, provider: Provider, id: &str, change: Move) -> Outcome<Account> {
    let Some(before) = store::account::get(tx, provider, id).await? else {
        return Ok(Err(Obstacle::NoAccount));
    };
    if before.closed {
        return Ok(Err(Obstacle::Closed));
    }
    let leaves = change.organization.is_some() && change.organization != before.organization;
    // A delegation is one of its organization: who goes to another one comes as a member.
    let stays = match before.standing {
        Standing::DelegatedAdministrator if leaves => Standing::Member,
        standing => standing,
    };
    let standing = change.standing.unwrap_or(stays);
    let organization = match standing {
        Standing::Standalone => change.organization,
        _ => change.organization.or_else(|| before.organization.clone()),
    };
    // A delegation that is made anew is in effect, whatever became of the one before.
    let made = standing == Standing::DelegatedAdministrator
        && (before.standing != standing || before.organization != organization);
    let delegation = if made { Delegation::Enabled } else { before.delegation };
    if change.delegation.is_some() && standing != Standing::DelegatedAdministrator {
        return Ok(Err(Obstacle::NoDelegate));
    }
    let after = Account {
        name: change.name.or_else(|| before.name.clone()),
        organization,
        standing,
        delegation: change.delegation.unwrap_or(delegation),
        ..before.clone()
    };
    let moved = (after.standing, &after.organization) != (before.standing, &before.organization);
    if moved {
        if before.standing == Standing::Management {
            return Ok(Err(Obstacle::Management));
        }
        if let Err(obstacle) = placed(tx, provider, &after).await? {
            return Ok(Err(obstacle));
        }
    }
    store::account::update(tx, provider, &after).await?;
    Ok(Ok(after))
}

/// Closes an account: its instance goes, and nobody can act for it any more. It stays, so that its id is not free.
///
/// # Errors
/// Those of the store.
pub async fn close_account(tx: &mut Tx, provider: Provider, id: &str, now: Timestamp) -> Outcome<Account> {
    let Some(account) = store::account::get(tx, provider, id).await? else {
        return Ok(Err(Obstacle::NoAccount));
    };
    if account.standing == Standing::Management {
        return Ok(Err(Obstacle::Management));
    }
    store::instance::sweep(tx, provider, now).await?;
    if let Some(instance) = store::instance::of_owner(tx, provider, id).await? {
        store::instance::delete(tx, provider, &instance.id).await?;
    }
    let closed = Account { closed: true, ..account };
    store::account::update(tx, provider, &closed).await?;
    Ok(Ok(closed))
}
