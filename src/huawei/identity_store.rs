//! The identity store of an instance.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/ListIdentityStoreAssociation.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::{Ctx, Result, instance};

crate::operations![ListIdentityStoreAssociation];

/// What an identity store is made of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum IdentityStoreType {
    /// Users of its own.
    UserPool,
}

/// Who authenticates.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum AuthenticationType {
    /// The identity store itself.
    #[serde(rename = "DEFAULT")]
    Default,
    /// An external identity provider.
    #[serde(rename = "SAML_2.0")]
    Saml,
}

/// Where users come from.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProvisioningType {
    /// They are made here.
    Default,
    /// They are synchronized.
    Scim,
}

/// Whether it is in use.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// It is.
    Enabled,
    /// It is not.
    Disabled,
}

/// Tells the configuration of an instance's identity store.
#[derive(Deserialize)]
pub struct ListIdentityStoreAssociation {
    instance_id: String,
}

impl Operation for ListIdentityStoreAssociation {
    type Output = ListIdentityStoreAssociationOutput;
    const SPEC: Spec = Spec::read(
        "ListIdentityStoreAssociation",
        "IdentityCenter:instance:listIdentityStoreAssociations",
    )
    .at("GET", "/v1/instances/{instance_id}/identity-store-associations")
    .only(Callers::Administrators)
    .about(
        "Tells the configuration of the identity store of an instance.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/ListIdentityStoreAssociation.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    /// model: the words. inferred: that these are those of an instance without an external identity provider and without
    /// provisioning, neither of which is served.
    async fn handle(self, cx: &mut Ctx) -> Result<ListIdentityStoreAssociationOutput> {
        let instance = instance::get(cx, &self.instance_id).await?;
        let association = IdentityStoreAssociation {
            identity_store_id: instance.identity_store,
            identity_store_type: IdentityStoreType::UserPool,
            authentication_type: AuthenticationType::Default,
            provisioning_type: vec![ProvisioningType::Default],
            status: Status::Enabled,
        };
        Ok(ListIdentityStoreAssociationOutput { identity_store_associations: vec![association] })
    }
}

/// The answer of [`ListIdentityStoreAssociation`].
#[derive(Deserialize, Serialize)]
pub struct ListIdentityStoreAssociationOutput {
    identity_store_associations: Vec<IdentityStoreAssociation>,
}

/// The configuration of an identity store.
#[derive(Deserialize, Serialize)]
pub struct IdentityStoreAssociation {
    identity_store_id: String,
    identity_store_type: IdentityStoreType,
    authentication_type: AuthenticationType,
    provisioning_type: Vec<ProvisioningType>,
    status: Status,
}
