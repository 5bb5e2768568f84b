//! The Regions to which an organization's instance is extended.
//! <https://docs.aws.amazon.com/singlesignon/latest/userguide/multi-region-iam-identity-center.html>

use serde::{Deserialize, Serialize};

use super::arn;
use super::configuration::{ACCOUNT_INSTANCE, Encryption};
use super::description::{RegionMetadata, RegionStatus};
use super::instance::{NOT_ACTIVE, Unknown, find, find_to_change};
use super::page::{check_page, pages, paging};
use crate::api::document::load;
use crate::api::{Check, Operation, Spec};
use crate::domain::instance::{Instance, readable};
use crate::domain::{Ctx, Error, Result, region};

crate::operations![AddRegion, RemoveRegion, DescribeRegion, ListRegions];

/// The Regions that are enabled in every account, to which alone an instance can be extended. doc: the rule, and their
/// number. inferred: the list, from memory of the account management pages.
const DEFAULT_REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// model: `RegionName`.
fn check_region(check: &mut Check, name: &str) {
    check.text("RegionName", &Some(name)).pattern(r"([a-z]+-){2,3}\d").len(1..=32);
}

/// The answer of [`AddRegion`] and [`RemoveRegion`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegionStatusOutput {
    status: RegionStatus,
}

/// Extends an organization's instance to a Region.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AddRegion {
    instance_arn: String,
    region_name: String,
}

impl Operation for AddRegion {
    type Output = RegionStatusOutput;
    const SPEC: Spec = Spec::write("AddRegion", "sso:AddRegion").about(
        "Extends the instance of an organization to a Region.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AddRegion.html",
    );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_region(check, &self.region_name);
    }

    /// doc: what is needed. inferred: the types of the errors, and their texts.
    async fn handle(self, cx: &mut Ctx) -> Result<RegionStatusOutput> {
        let found = find_to_change(cx, self.instance_arn, Unknown::Denied).await?;
        organizational(&found)?;
        let encryption: Encryption = load(cx, &found).await?;
        if !encryption.is_multi_region() {
            return Err(Error::Unfit(
                "The instance must be encrypted with a multi-Region customer managed key.",
            ));
        }
        let default = |name: &str| DEFAULT_REGIONS.contains(&name);
        if !default(&self.region_name) || !default(&found.region) {
            return Err(Error::Unfit("The Region is not one that is enabled by default."));
        }
        region::add(cx, &found, &self.region_name).await?;
        Ok(RegionStatusOutput { status: RegionStatus::Adding })
    }
}

/// Passes for the instance of an organization.
fn organizational(found: &Instance) -> Result<()> {
    match found.organization.is_some() {
        true => Ok(()),
        false => Err(Error::Unfit(ACCOUNT_INSTANCE)),
    }
}

/// Takes an organization's instance back from a Region.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RemoveRegion {
    instance_arn: String,
    region_name: String,
}

impl Operation for RemoveRegion {
    type Output = RegionStatusOutput;
    const SPEC: Spec = Spec::write("RemoveRegion", "sso:RemoveRegion").about(
        "Takes the instance of an organization back from a Region.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_RemoveRegion.html",
    );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_region(check, &self.region_name);
    }

    /// doc: not the primary Region, and only from there. inferred: the type of the error.
    async fn handle(self, cx: &mut Ctx) -> Result<RegionStatusOutput> {
        let found = find_to_change(cx, self.instance_arn, Unknown::NotFound).await?;
        organizational(&found)?;
        if self.region_name == found.region {
            return Err(Error::Unfit("The primary Region cannot be removed."));
        }
        region::remove(cx, &found, &self.region_name).await?;
        Ok(RegionStatusOutput { status: RegionStatus::Removing })
    }
}

/// Describes a Region of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeRegion {
    instance_arn: String,
    region_name: String,
}

impl Operation for DescribeRegion {
    type Output = RegionMetadata;
    const SPEC: Spec = Spec::read("DescribeRegion", "sso:DescribeRegion").about(
        "Returns the details of a Region of an instance.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeRegion.html",
    );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_region(check, &self.region_name);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<RegionMetadata> {
        let found = find(cx, self.instance_arn, Unknown::NotFound).await?;
        readable(&found, NOT_ACTIVE)?;
        let region = region::get(cx, &found, &self.region_name).await?;
        region::observe(cx, &found, &region).await?;
        Ok(region.into())
    }
}

/// Lists the Regions of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRegions {
    instance_arn: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

impl Operation for ListRegions {
    type Output = ListRegionsOutput;
    const SPEC: Spec = Spec::read("ListRegions", "sso:ListRegions").paged(paging("Regions")).about(
        "Lists the Regions of an instance.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListRegions.html",
    );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_page(check, self.max_results, &self.next_token);
    }

    /// inferred: that an account instance has one Region, and that the primary one comes first.
    async fn handle(self, cx: &mut Ctx) -> Result<ListRegionsOutput> {
        let found = find(cx, self.instance_arn, Unknown::Denied).await?;
        readable(&found, NOT_ACTIVE)?;
        let pages = pages::<Self>(cx, self.max_results, self.next_token.as_deref(), &found.id).await?;
        let page = region::page(cx, &found, pages.page).await?;
        for region in &page.items {
            region::observe(cx, &found, region).await?;
        }
        let next_token = pages.next(cx, page.next).await?;
        let regions = page.items.into_iter().map(Into::into).collect();
        Ok(ListRegionsOutput { regions, next_token })
    }
}

/// The answer of [`ListRegions`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRegionsOutput {
    regions: Vec<RegionMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}
