//! The documented limits of a request, a line a parameter, all violations collected.

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::RangeInclusive;

use super::{Given, duration, pattern};
use crate::domain::{MOST_VIOLATIONS, Path, Rule, Step, Violation};

/// Collects the violations of a request.
pub struct Check {
    path: Path,
    violations: Vec<Violation>,
    /// What decoding has found fault with already: of a blank that stands in for it nothing more is said.
    blank: HashSet<Path>,
    /// When recording, the limits that were asked about.
    limits: Option<Vec<(Path, Rule)>>,
}

impl Check {
    /// A check of something that was decoded in some other way.
    #[expect(clippy::new_without_default, reason = "a check is begun, not assumed")]
    pub fn new() -> Self {
        Self::after(Vec::new())
    }

    /// A check that goes on from the violations that decoding has found.
    pub(super) fn after(violations: Vec<Violation>) -> Self {
        let blank = violations.iter().map(|violation| violation.path.clone()).collect();
        Self { path: Path::new(), violations, blank, limits: None }
    }

    /// A check that writes down which limits there are.
    pub(super) fn recording() -> Self {
        Self { limits: Some(Vec::new()), ..Self::after(Vec::new()) }
    }

    /// What was found.
    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    pub(super) fn into_limits(self) -> Vec<(Path, Rule)> {
        self.limits.unwrap_or_default()
    }

    /// Checks a text.
    pub fn text<'c>(&'c mut self, name: &str, value: &'c impl Text) -> TextCheck<'c> {
        let path = self.at(name);
        let value = value.text().filter(|_| !self.is_blank(&path));
        TextCheck { check: self, path, value }
    }

    /// Checks an item of a list that is a text.
    pub fn item<'c>(&'c mut self, value: &'c impl Text) -> TextCheck<'c> {
        let path = self.path.clone();
        let value = value.text().filter(|_| !self.is_blank(&path));
        TextCheck { check: self, path, value }
    }

    /// Checks a number.
    pub fn number<'c>(&'c mut self, name: &str, value: impl Into<Option<i64>>) -> NumberCheck<'c> {
        let path = self.at(name);
        let value = value.into().filter(|_| !self.is_blank(&path));
        NumberCheck { check: self, path, value }
    }

    /// Notes that something is wrong for which no limit can be told beforehand.
    pub fn refuse(&mut self, name: &str, value: Option<&str>, rule: Rule) {
        let path = self.at(name);
        if self.limits.is_none() && !self.is_full() && !self.is_blank(&path) {
            self.violations.push(Violation::new(path, value, rule));
        }
    }

    /// Checks a list.
    pub fn list<'c, T>(&'c mut self, name: &str, value: Option<&'c [T]>) -> ListCheck<'c, T> {
        let path = self.at(name);
        let value = value.filter(|_| !self.is_blank(&path));
        ListCheck { check: self, path, value }
    }

    /// Checks the members of a structure.
    pub fn within<T>(&mut self, name: &str, value: Option<&T>, members: impl FnOnce(&mut Self, &T)) {
        let Some(value) = value else { return };
        self.path.push(Step::Member(name.to_owned()));
        members(self, value);
        self.path.pop();
    }

    /// Whether a blank stands at the path, or at a place on the way there.
    fn is_blank(&self, path: &Path) -> bool {
        !self.blank.is_empty() && (1..=path.len()).any(|steps| self.blank.contains(&path[..steps]))
    }

    fn at(&self, name: &str) -> Path {
        let mut path = self.path.clone();
        path.push(Step::Member(name.to_owned()));
        path
    }

    fn rule(&mut self, path: &Path, rule: Rule, broken: Option<&str>) {
        if let Some(limits) = &mut self.limits {
            limits.push((path.clone(), rule));
        } else if let Some(value) = broken
            && !self.is_full()
        {
            self.violations.push(Violation::new(path.clone(), Some(value), rule));
        }
    }

    /// Whether there is no use in looking further.
    fn is_full(&self) -> bool {
        self.violations.len() >= MOST_VIOLATIONS
    }
}

/// A text that may be there or not.
pub trait Text {
    /// The text.
    fn text(&self) -> Option<&str>;
}

impl Text for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

impl Text for Given {
    fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl Text for Option<&str> {
    fn text(&self) -> Option<&str> {
        *self
    }
}

/// Checks one text. What is absent breaks no limit.
pub struct TextCheck<'c> {
    check: &'c mut Check,
    path: Path,
    value: Option<&'c str>,
}

impl TextCheck<'_> {
    fn unless(self, rule: Rule, holds: impl FnOnce(&str) -> bool) -> Self {
        let broken = self.value.filter(|value| !holds(value));
        self.check.rule(&self.path, rule, broken);
        self
    }

    /// Its length in characters.
    pub fn len(self, range: RangeInclusive<usize>) -> Self {
        let (min, max) = range.into_inner();
        let text = if min == 0 {
            self
        } else {
            self.unless(Rule::MinLength(min), |text| text.chars().count() >= min)
        };
        text.unless(Rule::MaxLength(max), |text| text.chars().count() <= max)
    }

    /// The regular expression that it matches as a whole, written as on the vendor's page.
    pub fn pattern(self, expression: &'static str) -> Self {
        self.unless(Rule::Pattern(expression), |text| pattern::matches(expression, text))
    }

    /// A regular expression of the vendor's page that looks around, which ours cannot: written as on the page, with what
    /// it comes to.
    pub fn form(self, expression: &'static str, holds: impl FnOnce(&str) -> bool) -> Self {
        self.unless(Rule::Pattern(expression), holds)
    }

    /// A duration in the form of ISO 8601, from days to minutes; its bounds in seconds.
    pub fn duration(self, expression: &'static str, seconds: RangeInclusive<u64>) -> Self {
        let (min, max) = seconds.into_inner();
        let read = self.value.map(duration::seconds);
        let text = self.unless(Rule::Pattern(expression), |_| !matches!(read, Some(None)));
        text.unless(Rule::Between(min, max), |_| match read {
            Some(Some(seconds)) => (min..=max).contains(&seconds),
            Some(None) | None => true,
        })
    }

    /// A beginning that it must not have, in whatever case.
    pub fn unreserved(self, prefix: &'static str) -> Self {
        self.unless(Rule::Unreserved(prefix), |text| {
            !text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        })
    }

    /// A text that it must not have in it.
    pub fn without(self, part: &'static str) -> Self {
        self.unless(Rule::Without(part), |text| !text.contains(part))
    }
}

/// Checks one number. What is absent breaks no limit.
pub struct NumberCheck<'c> {
    check: &'c mut Check,
    path: Path,
    value: Option<i64>,
}

impl NumberCheck<'_> {
    /// Its least and its greatest value.
    pub fn range(self, range: RangeInclusive<i64>) {
        let (min, max) = range.into_inner();
        self.at_least(min).unless(Rule::MaxValue(max), |value| value <= max);
    }

    /// Its least value.
    pub fn at_least(self, min: i64) -> Self {
        self.unless(Rule::MinValue(min), |value| value >= min)
    }

    fn unless(self, rule: Rule, holds: impl FnOnce(i64) -> bool) -> Self {
        let broken = self.value.filter(|value| !holds(*value)).map(|value| value.to_string());
        self.check.rule(&self.path, rule, broken.as_deref());
        self
    }
}

/// Checks one list. What is absent breaks no limit.
pub struct ListCheck<'c, T> {
    check: &'c mut Check,
    path: Path,
    value: Option<&'c [T]>,
}

impl<'c, T> ListCheck<'c, T> {
    /// Its length in items.
    pub fn len(self, range: RangeInclusive<usize>) -> Self
    where
        T: std::fmt::Debug,
    {
        /// How many items of a list of the wrong length are shown.
        const SHOWN: usize = 100;
        let (min, max) = range.into_inner();
        let list = self.value.unwrap_or_default();
        let (short, long) = (self.value.is_some() && list.len() < min, list.len() > max);
        let shown =
            if short || long { format!("{:?}", &list[..list.len().min(SHOWN)]) } else { String::new() };
        if min > 0 {
            self.check.rule(&self.path, Rule::MinLength(min), short.then_some(&shown));
        }
        self.check.rule(&self.path, Rule::MaxLength(max), long.then_some(&shown));
        self
    }

    /// That no two items have the same key; each that has an earlier item's is a violation, at the item, or
    /// at its member `name`.
    pub fn distinct<K: Eq + Hash + ToString + 'c>(
        self,
        name: Option<&str>,
        key: impl Fn(&'c T) -> K,
    ) -> Self {
        let mut seen = HashSet::new();
        for (i, item) in self.value.unwrap_or_default().iter().enumerate() {
            if self.check.is_full() {
                break;
            }
            let key = key(item);
            let text = key.to_string();
            let mut path = self.path.clone();
            path.push(Step::Item(i));
            path.extend(name.map(|name| Step::Member(name.to_owned())));
            if !self.check.is_blank(&path) && !seen.insert(key) && self.check.limits.is_none() {
                self.check.rule(&path, Rule::Distinct, Some(&text));
            }
        }
        if self.check.limits.is_some() {
            self.check.rule(&self.path, Rule::Distinct, None);
        }
        self
    }

    /// Each of its items.
    pub fn each(self, item: impl Fn(&mut Check, &T)) -> Self {
        for (i, value) in self.value.unwrap_or_default().iter().enumerate() {
            if self.check.is_full() {
                break;
            }
            let mut path = self.path.clone();
            path.push(Step::Item(i));
            let outer = std::mem::replace(&mut self.check.path, path);
            item(self.check, value);
            self.check.path = outer;
        }
        self
    }
}
