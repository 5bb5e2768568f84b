//! Tags: names with values, attached to things.

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, unique on its thing.
    pub key: String,
    /// Its value, possibly empty.
    pub value: String,
}
