//! What can be changed of an instance.
//! <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UpdateInstance.html>

use serde::{Deserialize, Serialize};

use super::arn;
use super::instance::{NAME, Unknown, find_to_change, owned};
use crate::api::document::{Document, save};
use crate::api::{Check, Operation, Spec};
use crate::domain::{Ctx, Error, Result, Rule, instance};

crate::operations![UpdateInstance];

/// observed: the message, of operations on permission sets. inferred: that it is that of others.
pub(super) const ACCOUNT_INSTANCE: &str = "This operation is not supported for account instances";

/// Whose key encrypts. model: the same name.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KmsKeyType {
    /// The vendor's.
    #[default]
    AwsOwnedKmsKey,
    /// The customer's.
    CustomerManagedKey,
}

/// Where a change of key is. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KmsKeyStatus {
    /// It is under way.
    Updating,
    /// It is done.
    Enabled,
    /// It failed.
    UpdateFailed,
}

/// With which key an instance's data are to be encrypted. model: the same name.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionConfiguration {
    key_type: KmsKeyType,
    kms_key_arn: Option<String>,
}

/// How an instance's data are encrypted. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionConfigurationDetails {
    key_type: KmsKeyType,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
    encryption_status: KmsKeyStatus,
}

/// With which key an instance's data are encrypted, as it is kept.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Encryption {
    key_type: KmsKeyType,
    kms_key_arn: Option<String>,
}

impl Document for Encryption {
    const NAME: &'static str = "encryption";

    fn check(&self, check: &mut Check) {
        check_key(check, "kms_key_arn", self.kms_key_arn.as_deref());
        if fitting(self.key_type, self.kms_key_arn.as_deref()).is_err() {
            check.refuse("key_type", None, Rule::OneOf(&["AWS_OWNED_KMS_KEY", "CUSTOMER_MANAGED_KEY"]));
        }
    }
}

impl Encryption {
    /// Whether it is a customer's key that can have replicas in other Regions. doc: their ids begin `mrk-`.
    pub(super) fn is_multi_region(&self) -> bool {
        self.key_type == KmsKeyType::CustomerManagedKey
            && self.kms_key_arn.as_ref().is_some_and(|arn| arn.contains(":key/mrk-"))
    }
}

impl From<Encryption> for EncryptionConfigurationDetails {
    /// A change of key takes no time here.
    fn from(Encryption { key_type, kms_key_arn }: Encryption) -> Self {
        Self { key_type, kms_key_arn, encryption_status: KmsKeyStatus::Enabled }
    }
}

/// model: `KmsKeyArn`.
fn check_key(check: &mut Check, name: &str, key: Option<&str>) {
    const ARN: &str = r"arn:aws(-[a-z]{1,5}){0,3}:kms:([a-z]{2,}(-[a-z0-9]+)+){1}:[0-9]{12}:key/(mrk-[a-f0-9]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
    check.text(name, &key).pattern(ARN).len(20..=2048);
}

/// doc: a key's ARN is there with a customer's key, and only with one. inferred: the sentences.
fn fitting(key_type: KmsKeyType, key: Option<&str>) -> Result<()> {
    match (key_type, key) {
        (KmsKeyType::CustomerManagedKey, None) => {
            Err(Error::Unfit("KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY."))
        }
        (KmsKeyType::AwsOwnedKmsKey, Some(_)) => {
            Err(Error::Unfit("KmsKeyArn must not be given when KeyType is AWS_OWNED_KMS_KEY."))
        }
        (KmsKeyType::CustomerManagedKey, Some(_)) | (KmsKeyType::AwsOwnedKmsKey, None) => Ok(()),
    }
}

/// From where an instance can be reached. model: the same name.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkConfigurationInfo {
    vpce_access_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    restrict_source_vpcs: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_source_ips: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude_application_arns: Option<Vec<String>>,
}

/// From where an instance can be reached, as it is kept: nothing until it was set.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    pub(super) info: Option<NetworkConfigurationInfo>,
}

impl Document for Network {
    const NAME: &'static str = "network";

    fn check(&self, check: &mut Check) {
        check.within("info", self.info.as_ref(), NetworkConfigurationInfo::check);
    }
}

impl NetworkConfigurationInfo {
    /// model: `VpcArn`, `IpCidrType`, `FirstOrThirdPartyApplicationArnType`, and 50 of each.
    fn check(check: &mut Check, info: &Self) {
        const VPC: &str =
            r"arn:aws(-[a-z]{1,5}){0,3}:ec2:[a-z0-9-]+:[0-9]{12}:vpc/vpc-([0-9a-f]){8}(([0-9a-f]){9})?";
        const CIDR: &str = r"((([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\.){3}([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\/(3[0-2]|[1-2][0-9]|[0-9]))?|(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){1,6}|:((:[0-9a-fA-F]{1,4}){1,7}|:))(\/(12[0-8]|1[0-1][0-9]|[1-9][0-9]|[0-9]))?)";
        const APPLICATION: &str =
            r"arn:aws(-[a-z]{1,5}){0,3}:[a-z0-9-]+:[a-z0-9-*]*:[0-9]{12}:[-a-zA-Z0-9./:_*]+";
        let mut list =
            |name: &str, list: &Option<Vec<String>>, pattern: &'static str, len: (usize, usize)| {
                check.list(name, list.as_deref()).len(0..=50).each(|check, item| {
                    check.item(item).pattern(pattern).len(len.0..=len.1);
                });
            };
        list("RestrictSourceVpcs", &info.restrict_source_vpcs, VPC, (43, 128));
        list("AllowSourceIps", &info.allow_source_ips, CIDR, (2, 43));
        list("ExcludeApplicationArns", &info.exclude_application_arns, APPLICATION, (10, 1224));
    }

    /// doc: what is left out is cleared, and all of it where no endpoint is required.
    fn settled(self) -> Self {
        let kept =
            |list: Option<Vec<String>>| list.filter(|list| !list.is_empty() && self.vpce_access_required);
        Self {
            vpce_access_required: self.vpce_access_required,
            restrict_source_vpcs: kept(self.restrict_source_vpcs),
            allow_source_ips: kept(self.allow_source_ips),
            exclude_application_arns: kept(self.exclude_application_arns),
        }
    }
}

/// Whether an account instance has permission sets, as it is kept.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PermissionSets {
    pub(super) enabled: bool,
}

impl Document for PermissionSets {
    const NAME: &'static str = "permission_sets";
}

/// Changes the name of an instance, or one of its configurations.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateInstance {
    name: Option<String>,
    instance_arn: String,
    encryption_configuration: Option<EncryptionConfiguration>,
    permission_sets_enabled: Option<bool>,
    network_configuration: Option<NetworkConfigurationInfo>,
}

impl Operation for UpdateInstance {
    type Output = ();
    const SPEC: Spec = Spec::write("UpdateInstance", "sso:UpdateInstance").about(
        "Changes the name of an instance, or one of its configurations.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UpdateInstance.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("Name", &self.name).pattern(NAME).len(0..=255);
        arn::check_instance(check, &self.instance_arn);
        check.within("EncryptionConfiguration", self.encryption_configuration.as_ref(), |check, it| {
            check_key(check, "KmsKeyArn", it.kms_key_arn.as_deref());
        });
        check.within(
            "NetworkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfigurationInfo::check,
        );
    }

    /// inferred: that a request which changes nothing is accepted, and that a name can come with a configuration.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let found = find_to_change(cx, self.instance_arn, Unknown::NotFound).await?;
        owned(cx, &found)?;
        // doc: not more than one configuration, and only true is accepted. inferred: the sentences.
        let given = [
            self.encryption_configuration.is_some(),
            self.permission_sets_enabled.is_some(),
            self.network_configuration.is_some(),
        ];
        if given.into_iter().filter(|given| *given).count() > 1 {
            return Err(Error::Unfit(
                "Only one of EncryptionConfiguration, PermissionSetsEnabled and NetworkConfiguration can be updated \
                 at a time.",
            ));
        }
        if self.permission_sets_enabled == Some(false) {
            return Err(Error::Unfit("PermissionSetsEnabled can only be set to true."));
        }
        if let Some(EncryptionConfiguration { key_type, kms_key_arn }) = self.encryption_configuration {
            fitting(key_type, kms_key_arn.as_deref())?;
            let organizational = found.organization.is_some();
            if key_type == KmsKeyType::CustomerManagedKey && !organizational {
                // inferred: that a customer's key is for an organization's instance only.
                return Err(Error::Unfit(ACCOUNT_INSTANCE));
            }
            // inferred: that an instance in several Regions keeps the key which that needs.
            let regions = crate::domain::region::all(cx, &found).await?;
            let encryption = Encryption { key_type, kms_key_arn };
            if regions.len() > 1 && !encryption.is_multi_region() {
                return Err(Error::Unfit(
                    "An instance in more than one Region needs a multi-Region customer managed key.",
                ));
            }
            save(cx, &found, &encryption).await?;
        }
        if self.permission_sets_enabled.is_some() {
            let enabled = PermissionSets { enabled: true };
            save(cx, &found, &enabled).await?;
        }
        if let Some(info) = self.network_configuration {
            let network = Network { info: Some(info.settled()) };
            save(cx, &found, &network).await?;
        }
        if let Some(name) = self.name {
            instance::rename(cx, found, Some(name)).await?;
        }
        Ok(())
    }
}
