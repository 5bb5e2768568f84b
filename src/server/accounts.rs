//! Organizations and accounts at run time, since they come, move and go in services that are not served.

use axum::response::Response;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::admin::{json, no_content};
use super::asked::{Asked, Filter, Outcome, answered, read, refused, table};
use crate::api::IdForm;
use crate::domain::account::{Account, Delegation, Standing};
use crate::domain::organization::{Move, Obstacle};
use crate::domain::{Provider, Result};
use crate::world::{OrganizationState, World};

/// An organization that is to be made. What is left out is made up.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    vendor: String,
    id: Option<String>,
    /// A standalone account, which is made where there is none.
    management_account: Option<String>,
}

/// The organizations there are.
#[derive(Deserialize, Serialize)]
pub struct Organizations {
    organizations: Vec<OrganizationInfo>,
}

/// An organization.
#[derive(Deserialize, Serialize)]
pub struct OrganizationInfo {
    vendor: String,
    id: String,
    management_account: String,
    /// Whether it has enabled the service.
    service: ServiceWord,
}

/// Whether an organization has enabled the service.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceWord {
    /// It has not.
    Disabled,
    /// It has.
    Enabled,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingWord {
    /// It manages an organization.
    Management,
    /// The administration of the service has been delegated to it.
    DelegatedAdministrator,
    /// It is a member of an organization.
    Member,
    /// It belongs to no organization.
    Standalone,
}

impl From<StandingWord> for Standing {
    fn from(word: StandingWord) -> Self {
        match word {
            StandingWord::Management => Self::Management,
            StandingWord::DelegatedAdministrator => Self::DelegatedAdministrator,
            StandingWord::Member => Self::Member,
            StandingWord::Standalone => Self::Standalone,
        }
    }
}

impl From<Standing> for StandingWord {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Management => Self::Management,
            Standing::DelegatedAdministrator => Self::DelegatedAdministrator,
            Standing::Member => Self::Member,
            Standing::Standalone => Self::Standalone,
        }
    }
}

/// Whether a delegation is in effect.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DelegationWord {
    /// It is.
    Enabled,
    /// It is not.
    Disabled,
}

/// Whether an account can be acted for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusWord {
    /// It can.
    Active,
    /// It has been closed.
    Closed,
}

/// An account that is to be made. What is left out is made up.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    vendor: String,
    id: Option<String>,
    name: Option<String>,
    /// The organization that it is to belong to; a standalone account belongs to none.
    organization: Option<String>,
    /// By itself `member` in an organization, `standalone` outside.
    standing: Option<StandingWord>,
}

/// What is to be changed of an account.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    name: Option<String>,
    organization: Option<String>,
    standing: Option<StandingWord>,
    delegation: Option<DelegationWord>,
}

/// The accounts there are.
#[derive(Deserialize, Serialize)]
pub struct Accounts {
    accounts: Vec<AccountState>,
}

/// An account.
#[derive(Deserialize, Serialize)]
pub struct AccountState {
    vendor: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    standing: StandingWord,
    /// Of a delegated administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    delegation: Option<DelegationWord>,
    status: StatusWord,
}

impl AccountState {
    fn of(provider: Provider, account: Account) -> Self {
        let delegated = account.standing == Standing::DelegatedAdministrator;
        let delegation = match account.delegation {
            Delegation::Enabled => DelegationWord::Enabled,
            Delegation::Disabled => DelegationWord::Disabled,
        };
        Self {
            vendor: provider.0.to_owned(),
            id: account.id,
            name: account.name,
            organization: account.organization,
            standing: account.standing.into(),
            delegation: delegated.then_some(delegation),
            status: if account.closed { StatusWord::Closed } else { StatusWord::Active },
        }
    }
}

/// Answers a request about organizations.
///
/// # Errors
/// Those of the store.
pub(super) async fn organizations(world: &World, asked: Asked<'_>) -> Result<Response> {
    let outcome = match asked.method {
        "POST" => make_organization(world, &asked.body).await,
        _ => list_organizations(world, asked.query).await,
    };
    answered(outcome)
}

async fn list_organizations(world: &World, query: &str) -> Outcome<Response> {
    let mut organizations = Vec::new();
    for provider in Filter::read(query, None)?.providers {
        let found = world.organizations(provider).await?;
        organizations.extend(found.into_iter().map(|found| OrganizationInfo::of(provider, found)));
    }
    Ok(json(StatusCode::OK, &Organizations { organizations }))
}

impl OrganizationInfo {
    fn of(provider: Provider, found: OrganizationState) -> Self {
        let service = if found.enabled { ServiceWord::Enabled } else { ServiceWord::Disabled };
        let vendor = provider.0.to_owned();
        Self { vendor, id: found.id, management_account: found.manager, service }
    }
}

async fn make_organization(world: &World, body: &[u8]) -> Outcome<Response> {
    let new: NewOrganization = read(body)?;
    let table = table(&new.vendor)?;
    let manager = id(world, &table.account, "management_account", new.management_account)?;
    let id = match new.id {
        // Seeds take any text too.
        Some(id) if is_plain(&id) => id,
        Some(_) => {
            return refused(StatusCode::BAD_REQUEST, "`id` must be 1 to 64 visible characters of ASCII");
        }
        None => id(world, &table.organization, "id", None)?,
    };
    match world.add_organization(table.provider, &id, &manager).await? {
        Ok(account) => {
            let made = OrganizationState { id, manager: account.id, enabled: false };
            Ok(json(StatusCode::CREATED, &OrganizationInfo::of(table.provider, made)))
        }
        Err(obstacle) => in_the_way(obstacle),
    }
}

/// The id that was given, when it is of the vendor's form, or one that is made up.
fn id(world: &World, form: &IdForm, name: &str, given: Option<String>) -> Outcome<String> {
    match given {
        None => Ok(world.ids.letters(form.prefix, form.letters, form.length)),
        Some(id) if form.fits(&id) => Ok(id),
        Some(_) => refused(StatusCode::BAD_REQUEST, format!("`{name}` must be {form}")),
    }
}

fn is_plain(text: &str) -> bool {
    matches!(text.len(), 1..=64) && text.bytes().all(|c| c.is_ascii_graphic())
}

/// The name of an account, when it could be one.
fn named(name: Option<String>) -> Outcome<Option<String>> {
    match &name {
        Some(text) if text.is_empty() || text.len() > 256 || text.chars().any(char::is_control) => refused(
            StatusCode::BAD_REQUEST,
            "`name` must have 1 to 256 characters, none of them a control character",
        ),
        Some(_) | None => Ok(name),
    }
}

fn in_the_way<T>(obstacle: Obstacle) -> Outcome<T> {
    let status = match obstacle {
        Obstacle::NoAccount | Obstacle::NoOrganization => StatusCode::NOT_FOUND,
        Obstacle::Unplaced => StatusCode::BAD_REQUEST,
        Obstacle::Taken | Obstacle::Management | Obstacle::NoDelegate | Obstacle::Closed => {
            StatusCode::CONFLICT
        }
    };
    refused(status, obstacle.to_string())
}

/// Answers a request about accounts.
///
/// # Errors
/// Those of the store.
pub(super) async fn accounts(world: &World, asked: Asked<'_>) -> Result<Response> {
    let outcome = match (asked.method, asked.id) {
        ("POST", _) => make_account(world, &asked.body).await,
        (_, None) => list_accounts(world, asked.query).await,
        (method, Some(id)) => one_account(world, method, id, &asked).await,
    };
    answered(outcome)
}

async fn list_accounts(world: &World, query: &str) -> Outcome<Response> {
    let filter = Filter::read(query, Some("organization"))?;
    let mut accounts = Vec::new();
    for provider in &filter.providers {
        let found = world.accounts(*provider).await?;
        let asked = found.into_iter().filter(|it| filter.value.is_none() || it.organization == filter.value);
        accounts.extend(asked.map(|account| AccountState::of(*provider, account)));
    }
    Ok(json(StatusCode::OK, &Accounts { accounts }))
}

async fn make_account(world: &World, body: &[u8]) -> Outcome<Response> {
    let new: NewAccount = read(body)?;
    let table = table(&new.vendor)?;
    let usual = if new.organization.is_some() { StandingWord::Member } else { StandingWord::Standalone };
    let account = Account {
        id: id(world, &table.account, "id", new.id)?,
        name: named(new.name)?,
        organization: new.organization,
        ..Account::new("", None, new.standing.unwrap_or(usual).into())
    };
    match world.add_account(table.provider, &account).await? {
        Ok(()) => Ok(json(StatusCode::CREATED, &AccountState::of(table.provider, account))),
        Err(obstacle) => in_the_way(obstacle),
    }
}

async fn one_account(world: &World, method: &str, id: &str, asked: &Asked<'_>) -> Outcome<Response> {
    let id = percent_decode_str(id).decode_utf8_lossy();
    let mut found = Vec::new();
    for provider in Filter::read(asked.query, None)?.providers {
        found.extend(world.account(provider, &id).await?.map(|account| (provider, account)));
    }
    let Some((provider, account)) = found.pop() else { return in_the_way(Obstacle::NoAccount) };
    if !found.is_empty() {
        let reason = "several vendors have an account of this id: add ?vendor=…";
        return refused(StatusCode::CONFLICT, reason);
    }
    let changed = match method {
        "PATCH" => world.change_account(provider, &account.id, change(&asked.body)?).await?,
        "DELETE" => world.close_account(provider, &account.id).await?,
        _ => Ok(account),
    };
    match changed {
        Ok(_) if method == "DELETE" => Ok(no_content()),
        Ok(account) => Ok(json(StatusCode::OK, &AccountState::of(provider, account))),
        Err(obstacle) => in_the_way(obstacle),
    }
}

fn change(body: &[u8]) -> Outcome<Move> {
    let AccountChange { name, organization, standing, delegation } = read(body)?;
    let delegation = delegation.map(|word| match word {
        DelegationWord::Enabled => Delegation::Enabled,
        DelegationWord::Disabled => Delegation::Disabled,
    });
    Ok(Move { name: named(name)?, organization, standing: standing.map(Into::into), delegation })
}
