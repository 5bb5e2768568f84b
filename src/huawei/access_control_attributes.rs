//! The attributes of users by which access is controlled.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/CreateInstanceAccessControlAttributeConfiguration.html>

use serde::{Deserialize, Serialize};

use super::ID;
use crate::api::document::{Document, delete, exists, load, save};
use crate::api::pattern::matches;
use crate::api::{Callers, Check, Nullable, Operation, Spec};
use crate::domain::instance::Instance;
use crate::domain::{Ctx, Error, Result, Thing, instance};

crate::operations![
    CreateInstanceAccessControlAttributeConfiguration,
    DescribeInstanceAccessControlAttributeConfiguration,
    UpdateInstanceAccessControlAttributeConfiguration,
    DeleteInstanceAccessControlAttributeConfiguration,
];

const PATH: &str = "/v1/instances/{instance_id}/access-control-attribute-configuration";

/// model: the pattern of `key`.
const KEY: &str = r"^((?!_sys_|\s)[\p{L}\p{Z}\p{N}_.:=+\-@]*[\p{L}\p{N}_.:=+\-@])$";

/// What [`KEY`] comes to.
fn is_key(key: &str) -> bool {
    matches(r"[\p{L}\p{Z}\p{N}_.:=+\-@]*[\p{L}\p{N}_.:=+\-@]", key)
        && !key.starts_with("_sys_")
        && !key.starts_with(' ')
}

/// The configuration of an instance: kept, and answered. It is there where it is enabled.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AccessControlAttributeConfiguration {
    access_control_attributes: Vec<AccessControlAttribute>,
}

/// An attribute.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AccessControlAttribute {
    key: String,
    value: AccessControlAttributeValue,
}

/// Where the value of an attribute comes from.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AccessControlAttributeValue {
    source: Vec<String>,
}

impl AccessControlAttributeConfiguration {
    /// doc: the lengths, also of the lists. inferred: that no key is there twice.
    fn limits(&self, check: &mut Check) {
        check
            .list("access_control_attributes", Some(&self.access_control_attributes))
            .len(0..=20)
            .distinct(Some("key"), |attribute| attribute.key.as_str())
            .each(|check, attribute| {
                check.text("key", &attribute.key).len(1..=128).form(KEY, is_key);
                check.within("value", Some(&attribute.value), |check, value| {
                    check.list("source", Some(&value.source)).len(1..=1).each(|check, source| {
                        check.item(source).len(0..=255);
                    });
                });
            });
    }
}

impl Document for AccessControlAttributeConfiguration {
    const NAME: &'static str = "access_control_attribute_configuration";

    fn check(&self, check: &mut Check) {
        self.limits(check);
    }
}

/// The limits of a request that has a configuration.
fn check_request(check: &mut Check, id: &String, configuration: &AccessControlAttributeConfiguration) {
    check.text("instance_id", id).pattern(ID);
    check.within(
        "instance_access_control_attribute_configuration",
        Some(configuration),
        |check, configuration| configuration.limits(check),
    );
}

/// The instance, when the attributes are enabled there. inferred: 404 of a change when they are not; the pages have 400 and
/// 403 only.
async fn enabled(cx: &mut Ctx, id: &str) -> Result<Instance> {
    let instance = instance::get(cx, id).await?;
    match exists::<AccessControlAttributeConfiguration>(cx, &instance).await? {
        true => Ok(instance),
        false => Err(Error::NotFound(Thing::Setting, instance.id)),
    }
}

/// Enables the attributes.
#[derive(Deserialize)]
pub struct CreateInstanceAccessControlAttributeConfiguration {
    instance_id: String,
    instance_access_control_attribute_configuration: AccessControlAttributeConfiguration,
}

impl Operation for CreateInstanceAccessControlAttributeConfiguration {
    type Output = ();
    const SPEC: Spec = Spec::write(
        "CreateInstanceAccessControlAttributeConfiguration",
        "IdentityCenter:instance:createInstanceAccessControlAttributeConfiguration",
    )
    .at("POST", PATH)
    .only(Callers::Administrators)
    .about(
        "Enables the control of access by attributes of users.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/CreateInstanceAccessControlAttributeConfiguration.html",
    );

    fn check(&self, check: &mut Check) {
        check_request(check, &self.instance_id, &self.instance_access_control_attribute_configuration);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = instance::get(cx, &self.instance_id).await?;
        // inferred: 409 where they are enabled.
        if exists::<AccessControlAttributeConfiguration>(cx, &instance).await? {
            return Err(Error::AlreadyExists(Thing::Setting, instance.id));
        }
        save(cx, &instance, &self.instance_access_control_attribute_configuration).await
    }
}

/// Whether the attributes are in effect.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// They are.
    Enabled,
    /// They will be.
    CreationInProgress,
    /// They could not be enabled.
    CreationFailed,
}

/// Tells the attributes.
#[derive(Deserialize)]
pub struct DescribeInstanceAccessControlAttributeConfiguration {
    instance_id: String,
}

impl Operation for DescribeInstanceAccessControlAttributeConfiguration {
    type Output = DescribeInstanceAccessControlAttributeConfigurationOutput;
    const SPEC: Spec = Spec::read(
        "DescribeInstanceAccessControlAttributeConfiguration",
        "IdentityCenter:instance:describeInstanceAccessControlAttributeConfiguration",
    )
    .at("GET", PATH)
    .only(Callers::Administrators)
    .about(
        "Tells the attributes of users by which access is controlled.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/DescribeInstanceAccessControlAttributeConfiguration.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<DescribeInstanceAccessControlAttributeConfigurationOutput> {
        let instance = instance::get(cx, &self.instance_id).await?;
        // observed: the Terraform provider takes a status that is none for one that is gone, and an error for an error.
        let enabled = exists::<AccessControlAttributeConfiguration>(cx, &instance).await?;
        let configuration = load(cx, &instance).await?;
        Ok(DescribeInstanceAccessControlAttributeConfigurationOutput {
            instance_access_control_attribute_configuration: Nullable(enabled.then_some(configuration)),
            status: Nullable(enabled.then_some(Status::Enabled)),
            status_reason: Nullable(None),
        })
    }
}

/// The answer of [`DescribeInstanceAccessControlAttributeConfiguration`].
#[derive(Deserialize, Serialize)]
pub struct DescribeInstanceAccessControlAttributeConfigurationOutput {
    instance_access_control_attribute_configuration: Nullable<AccessControlAttributeConfiguration>,
    status: Nullable<Status>,
    /// doc: null, in the example.
    status_reason: Nullable<String>,
}

/// Puts other attributes in place of those before.
#[derive(Deserialize)]
pub struct UpdateInstanceAccessControlAttributeConfiguration {
    instance_id: String,
    instance_access_control_attribute_configuration: AccessControlAttributeConfiguration,
}

impl Operation for UpdateInstanceAccessControlAttributeConfiguration {
    type Output = ();
    const SPEC: Spec = Spec::write(
        "UpdateInstanceAccessControlAttributeConfiguration",
        // inferred: from those of its siblings.
        "IdentityCenter:instance:updateInstanceAccessControlAttributeConfiguration",
    )
    .at("PUT", PATH)
    .only(Callers::Administrators)
    .about(
        "Puts other attributes in place of those by which access is controlled.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/UpdateInstanceAccessControlAttributeConfiguration.html",
    );

    fn check(&self, check: &mut Check) {
        check_request(check, &self.instance_id, &self.instance_access_control_attribute_configuration);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = enabled(cx, &self.instance_id).await?;
        save(cx, &instance, &self.instance_access_control_attribute_configuration).await
    }
}

/// Disables the attributes.
#[derive(Deserialize)]
pub struct DeleteInstanceAccessControlAttributeConfiguration {
    instance_id: String,
}

impl Operation for DeleteInstanceAccessControlAttributeConfiguration {
    type Output = ();
    const SPEC: Spec = Spec::write(
        "DeleteInstanceAccessControlAttributeConfiguration",
        // inferred: from those of its siblings.
        "IdentityCenter:instance:deleteInstanceAccessControlAttributeConfiguration",
    )
    .at("DELETE", PATH)
    .only(Callers::Administrators)
    .about(
        "Disables the control of access by attributes of users, and forgets them.",
        "https://support.huaweicloud.com/intl/en-us/api-identitycenter/DeleteInstanceAccessControlAttributeConfiguration.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("instance_id", &self.instance_id).pattern(ID);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let instance = enabled(cx, &self.instance_id).await?;
        delete::<AccessControlAttributeConfiguration>(cx, &instance).await
    }
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn a_key_is_what_the_pattern_of_the_sdks_has() {
        for (key, expected) in [
            ("a", true),
            ("_", true),
            ("@", true),
            ("name", true),
            ("Zoë 1_.:=+-@", true),
            ("用户 名", true),
            ("two  spaces", true),
            ("_sys", true),
            ("_SYS_x", true),
            ("x_sys_", true),
            // It looks ahead for white space of ASCII alone.
            ("\u{a0}a", true),
            ("\u{3000}a", true),
            ("_sys_", false),
            ("_sys_x", false),
            ("", false),
            (" ", false),
            (" a", false),
            ("a ", false),
            ("a\u{a0}", false),
            ("\ta", false),
            ("a\tb", false),
            ("a\n", false),
            ("a/b", false),
            ("a,b", false),
            ("a#", false),
            ("a\u{200b}b", false),
            ("👍", false),
        ] {
            assert_eq!(is_key(key), expected, "{key:?}");
        }
    }
}
