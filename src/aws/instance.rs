//! Instances. <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateInstance.html>

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::description::{DescribeInstanceOutput, InstanceMetadata, describe, shown_regions};
use super::page::{check_page, pages, paging};
use super::tag::{self, Tag};
use super::{DEFAULT_REGION, arn};
use crate::api::{Check, Operation, Paging, Spec};
use crate::domain::instance::{Instance, Reach};
use crate::domain::replay::Replay;
use crate::domain::{Ctx, Error, Reason, Result, Thing, instance, region};

crate::operations![CreateInstance, DescribeInstance, ListInstances, DeleteInstance];

/// model: `NameType`, whose longest is 255.
pub(crate) const NAME: &str = r"[\w+=,.@-]+";

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
        check.text("ClientToken", &self.client_token).pattern("[!-~]+").len(1..=64);
        check.text("Name", &self.name).pattern(NAME).len(0..=255);
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
        arn::check_instance(check, &self.instance_arn);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<DescribeInstanceOutput> {
        let found = find(cx, self.instance_arn, Unknown::Denied).await?;
        instance::observe(cx, &found).await?;
        describe(cx, found).await
    }
}

/// What an operation says of an instance that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// doc: of DescribeInstance, which has no "not found", that what is not there is not allowed. inferred: of others that
    /// have none.
    Denied,
    /// model: the operation has a "not found".
    NotFound,
}

/// The instance of an ARN, when it is within the caller's reach.
///
/// inferred: that somebody else's is not allowed everywhere, also not a member its organization's, which it is shown in
/// lists; and that one which is only in another Region is not there.
pub(super) async fn find(cx: &mut Ctx, named: String, unknown: Unknown) -> Result<Instance> {
    let id = named.rsplit('/').next().unwrap_or_default().to_owned();
    match (instance::reach(cx, &id).await?, unknown) {
        (Reach::Within(found), _) if arn::instance(&found) == named => Ok(*found),
        (Reach::Foreign, _) | (_, Unknown::Denied) => Err(cx.denied(Reason::OutOfReach, Some(named))),
        (Reach::Within(_) | Reach::Elsewhere | Reach::Nowhere, Unknown::NotFound) => {
            Err(Error::NotFound(Thing::Instance, id))
        }
    }
}

/// What is said of an instance that is being made or deleted to what only reads. model: these operations have no conflict.
/// inferred: the type, and the sentence.
pub(super) const NOT_ACTIVE: &str = "The instance is not active.";

/// The same for a change: the instance is at rest, and the request comes from the Region that it lives in.
///
/// doc: of an instance that is being made only DescribeInstance and DeleteInstance may be called; in a Region to which it
/// has been extended it can only be read. inferred: both errors.
pub(super) async fn find_to_change(cx: &mut Ctx, named: String, unknown: Unknown) -> Result<Instance> {
    let found = find(cx, named, unknown).await?;
    at_home(cx, &found)?;
    instance::ready(&found)?;
    Ok(found)
}

fn at_home(cx: &Ctx, found: &Instance) -> Result<()> {
    match &cx.region {
        Some(region) if *region != found.region => {
            Err(Error::Unfit("This operation must be called from the primary Region of the instance."))
        }
        Some(_) | None => Ok(()),
    }
}

/// Passes for who owns the instance. doc: of DeleteInstance. inferred: of UpdateInstance, by its "owned by".
pub(super) fn owned(cx: &Ctx, found: &Instance) -> Result<()> {
    match found.owner == cx.caller.id {
        true => Ok(()),
        false => Err(cx.denied(Reason::NotOwner, Some(arn::instance(found)))),
    }
}

/// Lists the instances that the caller can see.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInstances {
    max_results: Option<i64>,
    next_token: Option<String>,
    region_scope: Option<RegionScope>,
}

/// Of which Regions instances are listed. model: the same name.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionScope {
    /// Of the one that is called.
    #[default]
    CurrentRegion,
    /// Of all.
    AllRegions,
}

impl Operation for ListInstances {
    type Output = ListInstancesOutput;
    /// model: at most ten instances in an answer. inferred: whatever number is asked for.
    const SPEC: Spec = Spec::read("ListInstances", "sso:ListInstances")
        .paged(Paging { size: Some("MaxResults"), usual: 10, most: 10, ..paging("Instances") })
        .about(
            "Lists the instances that the caller owns, and the one of its organization.",
            "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html",
        );

    fn check(&self, check: &mut Check) {
        check_page(check, self.max_results, &self.next_token);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<ListInstancesOutput> {
        let scope = self.region_scope.unwrap_or_default();
        let asked = format!("{scope:?} {:?}", cx.region);
        let pages = pages::<Self>(cx, self.max_results, self.next_token.as_deref(), &asked).await?;
        let found = instance::visible(cx, scope == RegionScope::AllRegions, pages.page).await?;
        let mut instances = Vec::new();
        for found in found.items {
            instance::observe(cx, &found).await?;
            let regions = shown_regions(cx, &found).await?;
            instances.push(InstanceMetadata::of(found, regions));
        }
        Ok(ListInstancesOutput { instances, next_token: pages.next(cx, found.next).await? })
    }
}

/// The answer of [`ListInstances`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInstancesOutput {
    instances: Vec<InstanceMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Deletes an instance of the caller's own, with all that is in it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInstance {
    instance_arn: String,
}

impl Operation for DeleteInstance {
    type Output = ();
    const SPEC: Spec = Spec::write("DeleteInstance", "sso:DeleteInstance").about(
        "Deletes an instance of the caller's own, with all that is in it.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DeleteInstance.html",
    );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
    }

    /// inferred: that one which is being deleted can be deleted once more, and that a Region which is being added or
    /// removed is in the way.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let found = find(cx, self.instance_arn, Unknown::Denied).await?;
        owned(cx, &found)?;
        at_home(cx, &found)?;
        if found.status == instance::Status::Deleting {
            return Ok(());
        }
        region::at_rest(cx, &found).await?;
        instance::delete(cx, found).await
    }
}
