//! Tags of users.
//! <https://www.alibabacloud.com/help/en/cloudsso/developer-reference/api-cloudsso-2021-05-15-tagresources>
//!
//! inferred: all limits, which are those of sibling services; of the operations no page lists the parameters, which are
//! those that the Terraform provider sends.

use serde::{Deserialize, Serialize};

use super::directory;
use crate::api::{Callers, Check, Operation, Spec};
use crate::domain::tag::{self, Wanted};
use crate::domain::{Ctx, Result, user};

crate::operations![TagResources, UntagResources];

/// How many tags a user may have.
pub(super) const MOST: usize = 20;

/// How many users are tagged at a time.
const RESOURCES: usize = 50;

/// A tag that is given, or asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NewTag {
    key: String,
    value: Option<String>,
}

impl From<&tag::Tag> for NewTag {
    fn from(tag::Tag { key, value }: &tag::Tag) -> Self {
        Self { key: key.clone(), value: Some(value.clone()) }
    }
}

impl From<NewTag> for tag::Tag {
    fn from(NewTag { key, value }: NewTag) -> Self {
        Self { key, value: value.unwrap_or_default() }
    }
}

impl From<NewTag> for Wanted {
    /// inferred: without a value, whatever the value.
    fn from(NewTag { key, value }: NewTag) -> Self {
        Self { key, value }
    }
}

/// A tag, as it is shown.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl From<tag::Tag> for Tag {
    fn from(tag::Tag { key, value }: tag::Tag) -> Self {
        Self { key, value }
    }
}

/// The limits of tags that are given.
pub(super) fn check_tags(check: &mut Check, name: &str, tags: Option<&[NewTag]>) {
    check.list(name, tags).len(1..=MOST).distinct(Some("Key"), |tag| tag.key.clone()).each(|check, tag| {
        let key = check.text("Key", &tag.key).len(1..=128).unreserved("acs:").unreserved("aliyun");
        key.without("http://").without("https://");
        check.text("Value", &tag.value).len(0..=128).without("http://").without("https://");
    });
}

/// The limits of tags that are asked for.
pub(super) fn check_wanted(check: &mut Check, name: &str, tags: Option<&[NewTag]>) {
    check.list(name, tags).len(1..=MOST).each(|check, tag| {
        check.text("Key", &tag.key).len(1..=128);
        check.text("Value", &tag.value).len(0..=128);
    });
}

/// What can have tags. observed: the provider's word.
#[derive(Clone, Copy, Debug, Deserialize)]
pub enum ResourceType {
    /// A user.
    #[serde(rename = "user")]
    User,
}

/// Adds tags to users.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagResources {
    directory_id: String,
    #[expect(dead_code, reason = "there is one type only")]
    resource_type: ResourceType,
    resource_id: Vec<String>,
    tag: Vec<NewTag>,
}

impl Operation for TagResources {
    type Output = ();
    const SPEC: Spec = Spec::write("TagResources", "cloudsso:TagResources")
        .only(Callers::Administrators)
        .about("Adds tags to resources.", page!("tagresources"));

    fn check(&self, check: &mut Check) {
        check.list("ResourceId", Some(&self.resource_id)).len(1..=RESOURCES);
        check_tags(check, "Tag", Some(&self.tag));
    }

    /// inferred: all of them, or none; a user's `UpdateTime` stays.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        let tags: Vec<_> = self.tag.into_iter().map(tag::Tag::from).collect();
        for id in &self.resource_id {
            let user = user::get(cx, &directory, id).await?;
            tag::put(cx, &directory, &user.id, &tags, MOST).await?;
        }
        Ok(())
    }
}

/// Removes tags from users.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UntagResources {
    directory_id: String,
    #[expect(dead_code, reason = "there is one type only")]
    resource_type: ResourceType,
    resource_id: Vec<String>,
    tag_key: Vec<String>,
}

impl Operation for UntagResources {
    type Output = ();
    const SPEC: Spec = Spec::write("UntagResources", "cloudsso:UntagResources")
        .only(Callers::Administrators)
        .about("Removes tags from resources.", page!("untagresources"));

    /// inferred: that keys are needed: a sibling's parameter `All` is not known to be one here.
    fn check(&self, check: &mut Check) {
        check.list("ResourceId", Some(&self.resource_id)).len(1..=RESOURCES);
        check.list("TagKey", Some(&self.tag_key)).len(1..=MOST);
    }

    /// inferred: a key that is not there is passed over.
    async fn handle(self, cx: &mut Ctx) -> Result<()> {
        let directory = directory(cx, &self.directory_id).await?;
        for id in &self.resource_id {
            let user = user::get(cx, &directory, id).await?;
            tag::remove(cx, &user.id, &self.tag_key).await?;
        }
        Ok(())
    }
}
