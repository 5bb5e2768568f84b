//! What is wrong with one parameter of a request.

use std::fmt;

/// One broken rule at one place of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Where.
    pub path: Path,
    /// The value found there, as text; `None` when there is none.
    pub value: Option<String>,
    /// Which rule it breaks.
    pub rule: Rule,
}

/// How many violations of one request are noted. Nobody reads on, and a megabyte of nothing but mistakes would
/// be answered by a hundred.
pub const MOST_VIOLATIONS: usize = 500;

impl Violation {
    /// A broken rule, with no more of the value than somebody would read.
    pub fn new(path: Path, value: Option<&str>, rule: Rule) -> Self {
        const SHOWN: usize = 512;
        Self { path, value: value.map(|value| shortened(value, SHOWN)), rule }
    }

    /// A parameter that is missing.
    pub fn required(name: &str) -> Self {
        Self::new(vec![Step::Member(name.to_owned())], None, Rule::Required)
    }
}

/// The beginning of a text of a caller's, of so many characters at most.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl fmt::Display for Violation {
    /// For the log: without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAME: usize = 64;
        let Self { path, value: _, rule } = self;
        for (i, step) in path.iter().enumerate() {
            match step {
                Step::Member(name) => {
                    // It could be one that the caller made up, with a line break in it.
                    let dot = if i == 0 { "" } else { "." };
                    write!(f, "{dot}{}", shortened(name, NAME).escape_debug())?;
                }
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        write!(f, " breaks {rule:?}")
    }
}

/// A way from the root of a request to one of its values.
pub type Path = Vec<Step>;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a structure, by the member's name on the wire.
    Member(String),
    /// Into a list, by position, from 0.
    Item(usize),
}

/// A documented limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// A value must be given.
    Required,
    /// A text has at least so many characters, or a list so many items.
    MinLength(usize),
    /// A text has at most so many characters, or a list so many items.
    MaxLength(usize),
    /// A text matches this regular expression as a whole.
    Pattern(&'static str),
    /// A number is at least this.
    MinValue(i64),
    /// A number is at most this.
    MaxValue(i64),
    /// A token for a page is one that was given out for this very list.
    PageToken,
    /// A text is one of these.
    OneOf(&'static [&'static str]),
    /// A text can be read as this: "an integer", "a boolean", "a JSON text".
    Readable(&'static str),
    /// A duration lies between the two, in seconds, both included.
    Between(u64, u64),
    /// A parameter is given once.
    Once,
    /// No two items of a list are the same.
    Distinct,
    /// A text does not begin so, in whatever case.
    Unreserved(&'static str),
    /// A text does not have this in it.
    Without(&'static str),
    /// A password is such that the policy for passwords lets it pass.
    PasswordPolicy,
}
