//! The instance of an organization, and the name of its portal.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/ListInstances.html>

use serde::{Deserialize, Serialize};

use super::page::{PageInfo, check_page, pages, paging};
use super::{ALIAS, ID};
use crate::api::pattern::matches;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::instance::Instance;
use crate::domain::{Ctx, Error, Result, Thing, instance};

crate::operations![ListInstances, CreateAlias];

/// Lists the instance of the organization.
#[derive(Deserialize)]
pub struct ListInstances {
    limit: Option<i64>,
    marker: Option<String>,
}

impl Operation for ListInstances {
    type Output = ListInstancesOutput;
    const SPEC: Spec = Spec::read("ListInstances", "IdentityCenter:instance:list")
        .at("GET", "/v1/instances")
        .only(Callers::Administrators)
        .paged(paging("instances"))
        .about(
            "Lists the instance of the organization.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/ListInstances.html",
        );

    fn check(&self, check: &mut Check) {
        check_page(check, self.limit, &self.marker);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<ListInstancesOutput> {
        let pages = pages::<Self>(cx, self.limit, self.marker.as_deref(), "").await?;
        let found = instance::visible(cx, false, pages.page).await?;
        let next = pages.next(cx, found.next).await?;
        let instances: Vec<_> = found.items.into_iter().map(InstanceMetadata::of).collect();
        Ok(ListInstancesOutput { page_info: PageInfo::of(instances.len(), next), instances })
    }
}

/// The answer of [`ListInstances`].
#[derive(Deserialize, Serialize)]
pub struct ListInstancesOutput {
    instances: Vec<InstanceMetadata>,
    page_info: PageInfo,
}

/// An instance, as it is listed.
#[derive(Deserialize, Serialize)]
pub struct InstanceMetadata {
    identity_store_id: String,
    instance_id: String,
    alias: String,
    instance_urn: String,
}

impl InstanceMetadata {
    fn of(instance: Instance) -> Self {
        Self {
            // inferred: the form.
            instance_urn: format!("IdentityCenter::{}:instance:{}", instance.owner, instance.id),
            identity_store_id: instance.identity_store,
            instance_id: instance.id,
            // observed: without a character where there is none, in the Terraform provider's acceptance test.
            alias: instance.alias.unwrap_or_default(),
        }
    }
}

/// model: the pattern of `alias`. doc: the same in words, in the user guide.
const ALIAS_AS_WRITTEN: &str = r"^(?!-|d-)[A-Za-z0-9-]{1,62}(?<!-)$";

/// Gives the portal a name of its own.
#[derive(Deserialize)]
pub struct CreateAlias {
    instance_id: String,
    alias: String,
}

impl Operation for CreateAlias {
    type Output = ();
    const SPEC: Spec = Spec::write("CreateAlias", "IdentityCenter:instance:createAlias")
        .at("POST", "/v1/instances/{instance_id}/alias")
        .only(Callers::Administrators)
        .about(
            "Gives the portal of an instance a name of its own, once.",
            "https://support.huaweicloud.com/intl/en-us/api-identitycenter/CreateAlias.html",
        );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
        check.text("alias", &self.alias).form(ALIAS_AS_WRITTEN, |alias| matches(ALIAS, alias));
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = instance::get(cx, &self.instance_id).await?;
        // doc: "a one-time operation and cannot be undone", and 409. inferred: that this is the 409, also of the same
        // alias again.
        if let Some(alias) = instance.alias {
            return Err(Error::AlreadyExists(Thing::Alias, alias));
        }
        // inferred: 409 when another instance has it, of which portals share a host.
        instance::set_alias(cx, instance, &self.alias).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIAS, matches};

    /// `^(?!-|d-)[A-Za-z0-9-]{1,62}(?<!-)$`, piece by piece.
    fn as_written(alias: &str) -> bool {
        let begins = !alias.starts_with('-') && !alias.starts_with("d-");
        let letters = alias.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        begins && letters && (1..=62).contains(&alias.len()) && !alias.ends_with('-')
    }

    #[test]
    fn an_alias_is_what_the_pattern_of_the_sdks_has() {
        for (alias, expected) in [
            ("a", true),
            ("d", true),
            ("D-x", true),
            ("dd-x", true),
            ("d0-", false),
            ("-", false),
            ("d-", false),
            ("d-x", false),
            ("x-", false),
            ("", false),
            ("a b", false),
            ("a\n", false),
            ("é", false),
            (&"a".repeat(62), true),
            (&"a".repeat(63), false),
            (&"d".repeat(62), true),
            (&"d".repeat(63), false),
            (&format!("d{}", "-".repeat(61)), false),
            (&format!("a{}z", "-".repeat(60)), true),
            (&format!("a{}z", "-".repeat(61)), false),
        ] {
            assert_eq!((matches(ALIAS, alias), as_written(alias)), (expected, expected), "{alias:?}");
        }
        // All that can be made of these, up to five of them.
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| "dDa0-_".chars().map(move |c| format!("{text}{c}")));
            texts = longer.chain([String::new()]).collect();
            for text in &texts {
                assert_eq!(matches(ALIAS, text), as_written(text), "{text:?}");
            }
        }
    }
}
