//! Instances. <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateInstance.html>

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tag::{self, Tag};
use super::{DEFAULT_REGION, arn};
use crate::api::{Check, Operation, Spec};
use crate::domain::replay::Replay;
use crate::domain::{Ctx, Error, Reason, Result, Thing, Timestamp, instance};

crate::operations![CreateInstance, DescribeInstance];

/// model: `NameType`, whose longest is 255.
pub(crate) const NAME: &str = r"[\w+=,.@-]+";
const INSTANCE_ARN: &str = r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}";

/// Creates an instance for a standalone account, or for a member of an organization.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInstance {
    client_token: Option<String>,
    name: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Operation for CreateInstance {
    type Output = CreateInstanceOutput;
    const SPEC: Spec = Spec::write("CreateInstance", "sso:CreateInstance").replayed_by("ClientToken").about(
        "Creates an account instance for a standalone account or a member of an organization.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateInstance.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("ClientToken", &self.client_token).len(1..=64).pattern("[!-~]+");
        check.text("Name", &self.name).len(0..=255).pattern(NAME);
        tag::check(check, "Tags", self.tags.as_deref());
    }

    fn replay(&self) -> Option<Replay> {
        let parameters = json!({ "Name": self.name, "Tags": tag::by_key(self.tags.as_deref()) });
        let token = self.client_token.clone()?;
        Some(Replay { token, parameters: parameters.to_string() })
    }

    async fn handle(self, cx: &mut Ctx) -> Result<CreateInstanceOutput> {
        let new = instance::New {
            id: cx.ids.hex("ssoins-", 16),
            identity_store: cx.ids.hex("d-", 10),
            name: self.name,
            alias: None,
            region: cx.region.clone().unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            tags: self.tags.unwrap_or_default().into_iter().map(Into::into).collect(),
        };
        let instance = instance::create(cx, new).await?;
        Ok(CreateInstanceOutput { instance_arn: arn::instance(&instance) })
    }
}

/// The answer of [`CreateInstance`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInstanceOutput {
    instance_arn: String,
}

/// Describes an instance that the caller owns, or administers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeInstance {
    instance_arn: String,
}

impl Operation for DescribeInstance {
    type Output = DescribeInstanceOutput;
    const SPEC: Spec = Spec::read("DescribeInstance", "sso:DescribeInstance").about(
        "Returns the details of an instance.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeInstance.html",
    );

    fn check(&self, check: &mut Check) {
        check.text("InstanceArn", &self.instance_arn).len(10..=1224).pattern(INSTANCE_ARN);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<DescribeInstanceOutput> {
        let id = self.instance_arn.rsplit('/').next().unwrap_or_default();
        match instance::get(cx, id).await {
            Ok(found) if arn::instance(&found) == self.instance_arn => Ok(found.into()),
            // doc: the operation has no "not found"; what is not there is not allowed. inferred: nor is what
            // is in another Region, or somebody else's.
            Ok(_) | Err(Error::NotFound(Thing::Instance, _)) => {
                Err(cx.denied(Reason::OutOfReach, Some(self.instance_arn)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The answer of [`DescribeInstance`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeInstanceOutput {
    instance_arn: String,
    identity_store_id: String,
    identity_store_arn: String,
    owner_account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    created_date: f64,
    status: InstanceStatus,
    encryption_configuration_details: EncryptionConfigurationDetails,
    primary_region: String,
    regions: Vec<RegionMetadata>,
}

/// Where an instance is in its life. model: `InstanceStatus`.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InstanceStatus {
    /// It is being made.
    CreateInProgress,
    /// It could not be made.
    CreateFailed,
    /// It is being deleted.
    DeleteInProgress,
    /// It can be used.
    Active,
}

/// How an instance's data are encrypted. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionConfigurationDetails {
    key_type: KmsKeyType,
    encryption_status: KmsKeyStatus,
}

/// Whose key encrypts. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KmsKeyType {
    /// The vendor's.
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

/// A Region in which an instance can be used. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegionMetadata {
    region_name: String,
    status: RegionStatus,
    added_date: f64,
    is_primary_region: bool,
}

/// Where the addition of a Region is. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionStatus {
    /// It is done.
    Active,
    /// It is under way.
    Adding,
    /// It is being undone.
    Removing,
}

impl From<instance::Instance> for DescribeInstanceOutput {
    fn from(found: instance::Instance) -> Self {
        let created_date = epoch_seconds(found.created);
        Self {
            instance_arn: arn::instance(&found),
            identity_store_arn: arn::identity_store(&found),
            identity_store_id: found.identity_store,
            owner_account_id: found.owner,
            name: found.name,
            created_date,
            status: match found.status {
                instance::Status::Creating => InstanceStatus::CreateInProgress,
                instance::Status::CreateFailed => InstanceStatus::CreateFailed,
                instance::Status::Deleting => InstanceStatus::DeleteInProgress,
                instance::Status::Active => InstanceStatus::Active,
            },
            encryption_configuration_details: EncryptionConfigurationDetails {
                key_type: KmsKeyType::AwsOwnedKmsKey,
                encryption_status: KmsKeyStatus::Enabled,
            },
            primary_region: found.region.clone(),
            regions: vec![RegionMetadata {
                region_name: found.region,
                status: RegionStatus::Active,
                added_date: created_date,
                is_primary_region: true,
            }],
        }
    }
}

/// A moment as awsJson 1.1 has it: seconds since 1970-01-01 UTC, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit for the next 285,000 years")]
fn epoch_seconds(Timestamp(milliseconds): Timestamp) -> f64 {
    milliseconds as f64 / 1000.0
}
