//! Users of a directory, as they are shown.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-getuser>

use serde::{Deserialize, Serialize};

use super::switch::Switch;
use super::tag::Tag;
use super::user::Profile;
use crate::api::document::read;
use crate::domain::user::{self, Origin, User};
use crate::domain::{Ctx, Result, tag};

/// The answer of the operations on one user.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserOutput {
    pub(super) user: ShownUser,
}

/// A user, as it is shown. What it does not have is an empty text.
#[derive(Deserialize, Serialize)]
#[serde(rename = "User", rename_all = "PascalCase")]
pub struct ShownUser {
    status: Switch,
    user_name: String,
    email: String,
    description: String,
    user_id: String,
    first_name: String,
    create_time: String,
    provision_type: ProvisionType,
    display_name: String,
    update_time: String,
    last_name: String,
    /// Not in the answer to a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Tag>>,
    /// doc: of a user that came by SCIM.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<ExternalId>,
}

impl ShownUser {
    /// Without its tags and what it is called elsewhere.
    pub(super) fn new(user: User) -> Result<Self> {
        let profile: Profile = read(&user.document)?;
        Ok(Self {
            status: user.status.into(),
            user_name: user.name,
            email: user.email.unwrap_or_default(),
            description: profile.description,
            user_id: user.id,
            first_name: user.given_name.unwrap_or_default(),
            create_time: user.created.to_string(),
            provision_type: user.origin.into(),
            display_name: user.display_name.unwrap_or_default(),
            update_time: user.updated.to_string(),
            last_name: user.family_name.unwrap_or_default(),
            tags: None,
            external_id: None,
        })
    }

    /// With these tags.
    pub(super) fn with(self, tags: Vec<Tag>) -> Self {
        Self { tags: Some(tags), ..self }
    }

    /// With its tags, and what it is called elsewhere. inferred: one without tags has an empty list.
    pub(super) async fn whole(cx: &mut Ctx, user: User) -> Result<Self> {
        let tags = tag::all(cx, &user.id).await?.into_iter().map(Tag::from).collect();
        let external = match user.origin {
            Origin::Synchronized => user::external_ids(cx, &user).await?.into_iter().next(),
            Origin::Manual => None,
        };
        let external_id = external.map(|external| ExternalId { id: external.id, issuer: Issuer::Scim });
        Ok(Self { external_id, ..Self::new(user)?.with(tags) })
    }
}

/// What a user is called where it comes from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExternalId {
    pub(super) id: String,
    pub(super) issuer: Issuer,
}

/// Who calls users so. inferred: that another one is refused.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum Issuer {
    /// The only one.
    #[serde(rename = "SCIM")]
    Scim,
}

/// Where a user comes from.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum ProvisionType {
    /// It was made here.
    Manual,
    /// It came by SCIM.
    Synchronized,
}

impl From<Origin> for ProvisionType {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Manual => Self::Manual,
            Origin::Synchronized => Self::Synchronized,
        }
    }
}

impl From<ProvisionType> for Origin {
    fn from(kind: ProvisionType) -> Self {
        match kind {
            ProvisionType::Manual => Self::Manual,
            ProvisionType::Synchronized => Self::Synchronized,
        }
    }
}
