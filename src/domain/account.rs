//! Accounts, and where they stand in an organization.

use super::{Credential, Ctx, Error, Provider, Result, Thing};
use crate::store;
use crate::store::Tx;

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It manages an organization.
    Management,
    /// It is a member to which the organization has delegated the administration of the service.
    DelegatedAdministrator,
    /// It is a member of an organization.
    Member,
    /// It belongs to no organization.
    Standalone,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 4] =
        [Self::Management, Self::DelegatedAdministrator, Self::Member, Self::Standalone];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::DelegatedAdministrator => "delegated_administrator",
            Self::Member => "member",
            Self::Standalone => "standalone",
        }
    }

    /// The standing that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == word)
    }
}

/// Whether a delegated administrator's delegation is in effect. It is made in the organization, and taken up in the
/// service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delegation {
    /// It is.
    #[default]
    Enabled,
    /// It is not.
    Disabled,
}

impl Delegation {
    /// Both of them.
    pub const ALL: [Delegation; 2] = [Self::Enabled, Self::Disabled];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    /// The delegation that is stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delegation| delegation.as_str() == word)
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id, in the vendor's form.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The organization it belongs to; `None` for a standalone account.
    pub organization: Option<String>,
    /// Where it stands there.
    pub standing: Standing,
    /// Whether it administers, if it is a delegated administrator.
    pub delegation: Delegation,
    /// Whether it has been closed: then nobody may act for it.
    pub closed: bool,
}

impl Account {
    /// An account without a name, that is not closed.
    pub fn new(id: &str, organization: Option<&str>, standing: Standing) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            organization: organization.map(str::to_owned),
            standing,
            delegation: Delegation::Enabled,
            closed: false,
        }
    }

    /// Whether it may administer its organization's instance.
    pub fn administers(&self) -> bool {
        match self.standing {
            Standing::Management => true,
            Standing::DelegatedAdministrator => self.delegation == Delegation::Enabled,
            Standing::Member | Standing::Standalone => false,
        }
    }
}

/// Whose a request is when its access key is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stranger {
    /// This account's, which is a standalone one that comes to be on first use.
    Standalone(String),
    /// The management account's: of the first organization, when there are several.
    Management,
}

/// The account on whose behalf a request is made: that of the key, or that of the stranger, if one may stand in.
///
/// # Errors
/// `Unauthenticated` when the key is not known and there is no account that could stand in.
pub async fn caller(
    tx: &mut Tx,
    provider: Provider,
    key: Option<&str>,
    stranger: Option<Stranger>,
) -> Result<Account> {
    let unknown = || Error::Unauthenticated(Credential::UnknownKey(key.map(str::to_owned)));
    // No key and no account has such an id, and not every database can be asked for it.
    let known = match key.filter(|key| !key.contains('\0')) {
        // An id that names an account is not a stranger's: who has lost a key has not won an account.
        Some(key) => store::account::of_key(tx, provider, key).await?,
        None => None,
    };
    let account = match (known, stranger) {
        (Some(account), _) => account,
        (None, Some(Stranger::Standalone(id))) => {
            let named = match key {
                Some(key) if key == id => None,
                _ => store::account::get(tx, provider, &id).await?,
            };
            named.unwrap_or_else(|| Account::new(&id, None, Standing::Standalone))
        }
        (None, Some(Stranger::Management)) => {
            store::account::management(tx, provider).await?.ok_or_else(unknown)?
        }
        (None, None) => return Err(unknown()),
    };
    open(account, key.unwrap_or_default())
}

/// The account, when it is not closed: a key of a closed one is none that could be used.
///
/// # Errors
/// `Unauthenticated` when it is.
pub(super) fn open(account: Account, key: &str) -> Result<Account> {
    match account.closed {
        false => Ok(account),
        true => Err(Error::Unauthenticated(Credential::InactiveKey(key.to_owned()))),
    }
}

/// The id of the management account of the caller's organization; `None` when it has none.
///
/// # Errors
/// Those of the store.
pub async fn manager(cx: &mut Ctx) -> Result<Option<String>> {
    match cx.caller.organization.clone() {
        Some(organization) => store::account::manager(&mut cx.tx, cx.provider, &organization).await,
        None => Ok(None),
    }
}

/// The member of the caller's organization to which the administration of the service has been delegated there.
///
/// # Errors
/// `NotFound` when the account is none, or of another organization.
pub async fn delegate(cx: &mut Ctx, id: &str) -> Result<Account> {
    let found = store::account::get(&mut cx.tx, cx.provider, id).await?;
    found
        .filter(|account| account.organization.is_some() && account.organization == cx.caller.organization)
        .filter(|account| account.standing == Standing::DelegatedAdministrator && !account.closed)
        .ok_or_else(|| Error::NotFound(Thing::Delegate, id.to_owned()))
}

/// Takes a delegation up, or lays it down.
///
/// # Errors
/// `NotFound` when there is no such delegation.
pub async fn set_delegation(cx: &mut Ctx, id: &str, delegation: Delegation) -> Result<()> {
    let account = Account { delegation, ..delegate(cx, id).await? };
    store::account::update(&mut cx.tx, cx.provider, &account).await
}

/// Writes the caller down, who may be here for the first time.
///
/// # Errors
/// Those of the store.
pub async fn ensure(cx: &mut Ctx) -> Result<()> {
    store::account::insert_if_absent(&mut cx.tx, cx.provider, &cx.caller).await?;
    Ok(())
}
