//! Tags. <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Tag.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::Check;
use crate::domain::tag;

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

/// The limits of a list of tags. model: `TagList`, `TagKey`, `TagValue`.
///
/// inferred: that keys are distinct, and that those beginning `aws:` are refused, as everywhere at AWS.
pub fn check(check: &mut Check, name: &str, tags: Option<&[Tag]>) {
    const PATTERN: &str = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";
    check
        .list(name, tags)
        .len(0..=75)
        .each(|check, tag| {
            check.text("Key", &tag.key).len(1..=128).pattern(PATTERN).unreserved("aws:");
            check.text("Value", &tag.value).len(0..=256).pattern(PATTERN);
        })
        .distinct(Some("Key"), |tag| tag.key.as_str());
}

/// The tags by key: equal for lists that differ only in their order, and for no list and an empty one.
pub fn by_key(tags: Option<&[Tag]>) -> BTreeMap<&str, &str> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect()
}
