//! Where a decoder finds its values: in texts by name, in JSON, or nowhere.

use std::collections::BTreeMap;

use serde_json::Value;

use super::params::Params;

/// What a decoder stands on.
#[derive(Clone)]
pub(super) enum Source<'a> {
    /// Texts, and behind them the body's object.
    Root(&'a Params, &'a Value),
    /// Texts by what is left of their names: those of a structure, or of a list whose items are numbered from 1.
    Flat(Flat<'a>),
    /// A text, of which numbers and booleans are made on demand.
    Text(&'a str),
    /// A JSON value.
    Json(&'a Value),
    /// A text without a character, where that counts as absent.
    Blank,
    /// Nothing, or `null`.
    Absent,
}

/// Texts by name, of those that begin alike.
pub(super) type Flat<'a> = Vec<(&'a str, &'a str)>;

/// Those texts whose names begin with `name` and a dot, by the rest of their names.
fn below<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>, name: &str) -> Flat<'a> {
    texts.filter_map(|(full, text)| Some((full.strip_prefix(name)?.strip_prefix('.')?, text))).collect()
}

/// The items of a list, in the order of their numbers; `None` when something in it is not numbered from 1. inferred: that
/// such a list is refused, and not read as if that were not there.
pub(super) fn numbered<'a>(texts: &Flat<'a>) -> Option<Vec<Source<'a>>> {
    let mut items: BTreeMap<u32, Flat<'a>> = BTreeMap::new();
    for (name, text) in texts {
        let (number, rest) = name.split_once('.').unwrap_or((name, ""));
        let digits = number.bytes().all(|c| c.is_ascii_digit()) && !number.starts_with('0');
        let number = digits.then(|| number.parse().ok()).flatten()?;
        items.entry(number).or_default().push((rest, text));
    }
    let source = |texts: Flat<'a>| match texts[..] {
        [("", text)] => Source::Text(text),
        _ => Source::Flat(texts),
    };
    Some(items.into_values().map(source).collect())
}

impl<'a> Source<'a> {
    pub(super) fn json(value: Option<&'a Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::Absent,
            Some(value) => Self::Json(value),
        }
    }

    fn flat(texts: Flat<'a>) -> Self {
        if texts.is_empty() { Self::Absent } else { Self::Flat(texts) }
    }

    pub(super) fn member(&self, name: &str) -> Self {
        match self {
            Self::Root(params, object) => match (params.text(name), object.get(name)) {
                (Some(""), None) if params.blank_is_absent => Self::Blank,
                (Some(""), value) if params.blank_is_absent => Self::json(value),
                (Some(text), _) => Self::Text(text),
                (None, None) if params.flattened => Self::flat(below(params.pairs(), name)),
                (None, value) => Self::json(value),
            },
            Self::Flat(texts) => match texts.iter().find(|(full, _)| *full == name) {
                Some((_, text)) => Self::Text(text),
                None => Self::flat(below(texts.iter().copied(), name)),
            },
            Self::Json(object) => Self::json(object.get(name)),
            Self::Text(_) | Self::Blank | Self::Absent => Self::Absent,
        }
    }
}
