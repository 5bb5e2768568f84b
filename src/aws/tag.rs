//! Tags. <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Tag.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::arn;
use super::instance::{NOT_ACTIVE, Unknown, find, find_to_change};
use super::page::{check_token, pages, paging};
use crate::api::{Check, Operation, Paging, Spec};
use crate::domain::instance::readable;
use crate::domain::{Ctx, Error, Result, Thing, tag};

crate::operations![TagResource, UntagResource, ListTagsForResource];

/// A tag, as it travels.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl Tag {
    /// A tag of this key and this value.
    pub fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned() }
    }
}

impl std::fmt::Debug for Tag {
    /// As a violation shows it. inferred: the form in which the service prints a structure.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tag(key={}, value={})", self.key, self.value)
    }
}

impl From<Tag> for tag::Tag {
    fn from(Tag { key, value }: Tag) -> Self {
        Self { key, value }
    }
}

/// model: the pattern of keys and values, and how many there are in a list. inferred: that so many may be on a thing.
const PATTERN: &str = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";
const MOST: usize = 75;

/// The limits of a list of tags. model: `TagList`, `TagKey`, `TagValue`.
///
/// inferred: that keys are distinct, and that those beginning `aws:` are refused, as everywhere at AWS.
pub fn check(check: &mut Check, name: &str, tags: Option<&[Tag]>) {
    check
        .list(name, tags)
        .len(0..=MOST)
        .each(|check, tag| {
            check.text("Key", &tag.key).pattern(PATTERN).len(1..=128).unreserved("aws:");
            check.text("Value", &tag.value).pattern(PATTERN).len(0..=256);
        })
        .distinct(Some("Key"), |tag| tag.key.as_str());
}

/// The tags by key: equal for lists that differ only in their order, and for no list and an empty one.
pub fn by_key(tags: Option<&[Tag]>) -> BTreeMap<&str, &str> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect()
}

/// model: `TaggableResourceArn`.
fn check_resource(check: &mut Check, arn: &str) {
    const RESOURCE: &str = r"arn:aws(-[a-z]{1,5}){0,3}:sso::((:instance/(sso)?ins-[a-zA-Z0-9-.]{16})|(:permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16})|(\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16})|(\d{12}:trustedTokenIssuer/(sso)?ins-[a-zA-Z0-9-.]{16}/tti-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}))";
    check.text("ResourceArn", &Some(arn)).pattern(RESOURCE).len(10..=2048);
}

/// The instance that a request about tags is about: the only kind of thing here that can have tags.
///
/// inferred: where another instance is named beside it, the resource is not there.
async fn resource(
    cx: &mut Ctx,
    arn: &str,
    instance: Option<&str>,
    change: bool,
) -> Result<crate::domain::instance::Instance> {
    if !arn.contains(":::instance/") || instance.is_some_and(|named| named != arn) {
        return Err(Error::NotFound(Thing::Resource, arn.rsplit('/').next().unwrap_or_default().to_owned()));
    }
    match change {
        true => find_to_change(cx, arn.to_owned(), Unknown::NotFound).await,
        false => find(cx, arn.to_owned(), Unknown::NotFound).await,
    }
}

/// Puts tags on a resource.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagResource {
    instance_arn: Option<String>,
    resource_arn: String,
    tags: Vec<Tag>,
}

impl Operation for TagResource {
    type Output = ();
    const SPEC: Spec = Spec::write("TagResource", "sso:TagResource").about(
        "Puts tags on a resource; a tag that is there already gets the new value.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_TagResource.html",
    );

    fn check(&self, limits: &mut Check) {
        arn::check_instance(limits, &self.instance_arn);
        check_resource(limits, &self.resource_arn);
        check(limits, "Tags", Some(&self.tags));
    }

    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let found = resource(cx, &self.resource_arn, self.instance_arn.as_deref(), true).await?;
        let tags: Vec<_> = self.tags.into_iter().map(Into::into).collect();
        tag::put(cx, &found, &found.id, &tags, MOST).await
    }
}

/// Takes tags off a resource.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UntagResource {
    instance_arn: Option<String>,
    resource_arn: String,
    tag_keys: Vec<String>,
}

impl Operation for UntagResource {
    type Output = ();
    const SPEC: Spec = Spec::write("UntagResource", "sso:UntagResource").about(
        "Takes the tags of these keys off a resource.",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UntagResource.html",
    );

    /// inferred: that keys beginning `aws:` are refused here too.
    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_resource(check, &self.resource_arn);
        check.list("TagKeys", Some(&self.tag_keys)).len(1..=MOST).each(|check, key| {
            check.item(key).pattern(PATTERN).len(1..=128).unreserved("aws:");
        });
    }

    /// inferred: that a key which is not there is passed over.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let found = resource(cx, &self.resource_arn, self.instance_arn.as_deref(), true).await?;
        tag::remove(cx, &found.id, &self.tag_keys).await
    }
}

/// Lists the tags of a resource.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForResource {
    instance_arn: Option<String>,
    resource_arn: String,
    next_token: Option<String>,
}

impl Operation for ListTagsForResource {
    type Output = ListTagsForResourceOutput;
    /// inferred: how many tags a page has. The operation takes no number, and who does not look for the next page is
    /// to miss something.
    const SPEC: Spec = Spec::read("ListTagsForResource", "sso:ListTagsForResource")
        .paged(Paging { size: None, usual: 50, most: 50, ..paging("Tags") })
        .about(
            "Lists the tags of a resource.",
            "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListTagsForResource.html",
        );

    fn check(&self, check: &mut Check) {
        arn::check_instance(check, &self.instance_arn);
        check_resource(check, &self.resource_arn);
        check_token(check, &self.next_token);
    }

    async fn handle(self, cx: &mut Ctx) -> Result<ListTagsForResourceOutput> {
        let found = resource(cx, &self.resource_arn, self.instance_arn.as_deref(), false).await?;
        readable(&found, NOT_ACTIVE)?;
        let pages = pages::<Self>(cx, None, self.next_token.as_deref(), &found.id).await?;
        let page = tag::page(cx, &found.id, pages.page).await?;
        let next_token = pages.next(cx, page.next).await?;
        let tags = page.items.into_iter().map(|tag| Tag { key: tag.key, value: tag.value }).collect();
        Ok(ListTagsForResourceOutput { tags, next_token })
    }
}

/// The answer of [`ListTagsForResource`].
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForResourceOutput {
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}
