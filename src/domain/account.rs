//! Accounts, and where they stand in an organization.

use super::{Credential, Ctx, Error, Provider, Result};
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

    /// Whether the account may administer its organization's instance.
    pub fn administers(self) -> bool {
        match self {
            Self::Management | Self::DelegatedAdministrator => true,
            Self::Member | Self::Standalone => false,
        }
    }

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

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id, in the vendor's form.
    pub id: String,
    /// The organization it belongs to; `None` for a standalone account.
    pub organization: Option<String>,
    /// Where it stands there.
    pub standing: Standing,
}

/// Whose a request is when its access key is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    if let Some(key) = key
        && let Some(account) = store::account::of_key(tx, provider, key).await?
    {
        return Ok(account);
    }
    let unknown = || Error::Unauthenticated(Credential::UnknownKey(key.map(str::to_owned)));
    match stranger.ok_or_else(unknown)? {
        Stranger::Standalone(id) => Ok(store::account::get(tx, provider, &id).await?.unwrap_or(Account {
            id,
            organization: None,
            standing: Standing::Standalone,
        })),
        Stranger::Management => store::account::management(tx, provider).await?.ok_or_else(unknown),
    }
}

/// Writes the caller down, who may be here for the first time.
///
/// # Errors
/// Those of the store.
pub async fn ensure(cx: &mut Ctx) -> Result<()> {
    store::account::insert_if_absent(&mut cx.tx, cx.provider, &cx.caller).await
}
