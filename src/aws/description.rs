//! How instances are described.
//! <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeInstance.html>

use serde::{Deserialize, Serialize};

use super::arn;
use super::configuration::{
    Encryption, EncryptionConfigurationDetails, Network, NetworkConfigurationInfo, PermissionSets,
};
use crate::api::document::load;
use crate::domain::instance::{self, Instance};
use crate::domain::region::{self, Region};
use crate::domain::{Ctx, Result, Timestamp};

/// The answer of [`DescribeInstance`](super::instance::DescribeInstance).
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
    /// model: only after it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    network_configuration_details: Option<NetworkConfigurationInfo>,
    permission_sets_enabled: bool,
}

/// An instance in a list. model: the same name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceMetadata {
    instance_arn: String,
    identity_store_id: String,
    identity_store_arn: String,
    owner_account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    created_date: f64,
    status: InstanceStatus,
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

impl From<instance::Status> for InstanceStatus {
    fn from(status: instance::Status) -> Self {
        match status {
            instance::Status::Creating => Self::CreateInProgress,
            instance::Status::CreateFailed => Self::CreateFailed,
            instance::Status::Deleting => Self::DeleteInProgress,
            instance::Status::Active => Self::Active,
        }
    }
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

impl From<Region> for RegionMetadata {
    fn from(region: Region) -> Self {
        Self {
            region_name: region.name,
            status: match region.status {
                region::Status::Active => RegionStatus::Active,
                region::Status::Adding => RegionStatus::Adding,
                region::Status::Removing => RegionStatus::Removing,
            },
            added_date: epoch_seconds(region.added),
            is_primary_region: region.is_primary,
        }
    }
}

impl InstanceMetadata {
    pub(super) fn of(found: Instance, regions: Vec<Region>) -> Self {
        Self {
            instance_arn: arn::instance(&found),
            identity_store_arn: arn::identity_store(&found),
            identity_store_id: found.identity_store,
            owner_account_id: found.owner,
            name: found.name,
            created_date: epoch_seconds(found.created),
            status: found.status.into(),
            primary_region: found.region,
            regions: regions.into_iter().map(Into::into).collect(),
        }
    }
}

/// The Regions of an instance, which are looked at.
pub(super) async fn shown_regions(cx: &mut Ctx, found: &Instance) -> Result<Vec<Region>> {
    let regions = region::all(cx, found).await?;
    for region in &regions {
        region::observe(cx, found, region).await?;
    }
    Ok(regions)
}

/// An instance with all that is told of it.
pub(super) async fn describe(cx: &mut Ctx, found: Instance) -> Result<DescribeInstanceOutput> {
    let encryption: Encryption = load(cx, &found).await?;
    let network: Network = load(cx, &found).await?;
    let permission_sets: PermissionSets = load(cx, &found).await?;
    // inferred: that those of an organization are always enabled.
    let permission_sets_enabled = permission_sets.enabled || found.organization.is_some();
    let regions = shown_regions(cx, &found).await?;
    let shown = InstanceMetadata::of(found, regions);
    Ok(DescribeInstanceOutput {
        instance_arn: shown.instance_arn,
        identity_store_id: shown.identity_store_id,
        identity_store_arn: shown.identity_store_arn,
        owner_account_id: shown.owner_account_id,
        name: shown.name,
        created_date: shown.created_date,
        status: shown.status,
        encryption_configuration_details: encryption.into(),
        primary_region: shown.primary_region,
        regions: shown.regions,
        network_configuration_details: network.info,
        permission_sets_enabled,
    })
}

/// A moment as awsJson 1.1 has it: seconds since 1970-01-01 UTC, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit for the next 285,000 years")]
fn epoch_seconds(Timestamp(milliseconds): Timestamp) -> f64 {
    milliseconds as f64 / 1000.0
}
