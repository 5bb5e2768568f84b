//! Parameters into types, with every violation noted on the way.
//!
//! Serde stops at the first thing that is wrong; vendors report all of them. So this decoder gives each
//! structure a value for each of its members: one that is missing, or that is an unknown word of an
//! enumeration, is noted as a violation and stands in for with a blank, which nobody gets to see because a
//! request with violations goes no further. A value of the wrong JSON type ends the decoding.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::Value;

use super::params::{GIVEN, JSON_TEXT, Params, parse};
use super::source::{Source, numbered};
use crate::domain::{Error, MOST_VIOLATIONS, Path, Result, Rule, Step, Violation};

/// Decodes parameters. What comes with violations is not to be used.
///
/// # Errors
/// `Unreadable` when the body is not JSON or has a value of the wrong type, `Invalid` when a parameter is
/// given twice or a text holds JSON of another form than it should.
pub fn decode<T: DeserializeOwned>(params: &Params) -> Result<(T, Vec<Violation>)> {
    params.once()?;
    let object = params.object()?;
    let notes = RefCell::new(Vec::new());
    let source = Source::Root(params, &object);
    let decoder = Decoder { source, path: Path::new(), notes: Some(&notes) };
    match T::deserialize(decoder) {
        Ok(value) => Ok((value, notes.into_inner())),
        Err(Failure::Unreadable(reason)) => Err(Error::Unreadable(reason)),
        Err(Failure::Invalid(violation)) => {
            let mut violations = notes.into_inner();
            violations.push(violation);
            Err(Error::Invalid(violations))
        }
    }
}

/// What no text may have in it: not every database can hold it.
pub(super) const ZERO: Rule = Rule::Without("U+0000");

/// Why decoding had to end.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The request is not of the operation's form.
    #[error("{0}")]
    Unreadable(String),
    /// The request is, but a text in it that holds JSON is not of its own form.
    #[error("{0:?}")]
    Invalid(Violation),
}

impl serde::de::Error for Failure {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Unreadable(message.to_string())
    }
}

struct Decoder<'a> {
    source: Source<'a>,
    path: Path,
    /// Where violations are noted; `None` inside what is missing as a whole.
    notes: Option<&'a RefCell<Vec<Violation>>>,
}

impl<'a> Decoder<'a> {
    fn note(&self, value: Option<&str>, rule: Rule) {
        if let Some(notes) = self.notes
            && notes.borrow().len() < MOST_VIOLATIONS
        {
            notes.borrow_mut().push(Violation::new(self.path.clone(), value, rule));
        }
    }

    fn missing(&self) {
        self.note(None, Rule::Required);
    }

    fn wrong_type(&self, expected: &str) -> Failure {
        Failure::Unreadable(format!("{expected} was expected at {}", display(&self.path)))
    }

    fn step(&self, step: Step, source: Source<'a>) -> Decoder<'a> {
        let mut path = self.path.clone();
        path.push(step);
        Decoder { source, path, notes: self.notes }
    }

    /// A text as a number or a boolean, a JSON value of that type, or a blank.
    fn scalar<T: std::str::FromStr + Default>(
        &self,
        expected: &'static str,
        json: impl FnOnce(&Value) -> Option<T>,
    ) -> std::result::Result<T, Failure> {
        match &self.source {
            Source::Json(value) => json(value).ok_or_else(|| self.wrong_type(expected)),
            Source::Text(text) => Ok(text.to_ascii_lowercase().parse().unwrap_or_else(|_| {
                self.note(Some(text), Rule::Readable(expected));
                T::default()
            })),
            Source::Absent | Source::Blank => {
                self.missing();
                Ok(T::default())
            }
            // A list or a structure where one text is meant: nothing that could be read.
            Source::Flat(_) => {
                self.note(None, Rule::Readable(expected));
                Ok(T::default())
            }
            Source::Root(..) => Err(self.wrong_type(expected)),
        }
    }

    /// A text, of which it is noted when there is a zero in it. inferred: that it is refused, and as what is not allowed.
    fn whole(&self, text: &'a str) -> &'a str {
        if text.contains('\0') {
            self.note(Some(text), ZERO);
        }
        text
    }

    /// The text that is here, or a blank.
    fn text(&self) -> std::result::Result<&'a str, Failure> {
        match &self.source {
            Source::Json(Value::String(text)) => Ok(self.whole(text)),
            Source::Text(text) => Ok(self.whole(text)),
            Source::Absent | Source::Blank => {
                self.missing();
                Ok("")
            }
            Source::Flat(_) => {
                self.note(None, Rule::Readable("a text"));
                Ok("")
            }
            Source::Json(_) | Source::Root(..) => Err(self.wrong_type("a string")),
        }
    }
}

/// A path, for the log.
fn display(path: &Path) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Member(name) => format!(".{name}"),
        Step::Item(i) => format!("[{i}]"),
    });
    steps.collect::<String>().trim_start_matches('.').to_owned()
}

macro_rules! scalars {
    ($($method:ident $visit:ident $type:ty, $expected:literal, $json:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
            visitor.$visit(self.scalar::<$type>($expected, $json)?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Decoder<'_> {
    type Error = Failure;

    scalars! {
        deserialize_bool visit_bool bool, "a boolean", Value::as_bool;
        deserialize_i8 visit_i64 i64, "an integer", Value::as_i64;
        deserialize_i16 visit_i64 i64, "an integer", Value::as_i64;
        deserialize_i32 visit_i64 i64, "an integer", Value::as_i64;
        deserialize_i64 visit_i64 i64, "an integer", Value::as_i64;
        deserialize_u8 visit_u64 u64, "an integer", Value::as_u64;
        deserialize_u16 visit_u64 u64, "an integer", Value::as_u64;
        deserialize_u32 visit_u64 u64, "an integer", Value::as_u64;
        deserialize_u64 visit_u64 u64, "an integer", Value::as_u64;
        deserialize_f32 visit_f64 f64, "a number", Value::as_f64;
        deserialize_f64 visit_f64 f64, "a number", Value::as_f64;
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
        match self.source {
            Source::Absent | Source::Blank => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
        match &self.source {
            Source::Json(Value::Array(list)) => {
                let list = list.iter().map(|item| Source::json(Some(item))).collect::<Vec<_>>();
                visitor.visit_seq(Items { list: list.into_iter(), at: 0, of: &self })
            }
            Source::Flat(texts) => {
                let list = numbered(texts).unwrap_or_else(|| {
                    self.note(None, Rule::Readable("a list"));
                    Vec::new()
                });
                visitor.visit_seq(Items { list: list.into_iter(), at: 0, of: &self })
            }
            Source::Absent | Source::Blank => {
                self.missing();
                visitor.visit_seq(Items { list: Vec::new().into_iter(), at: 0, of: &self })
            }
            // One text where a list is meant.
            Source::Text(text) => {
                self.note(Some(text), Rule::Readable("a list"));
                visitor.visit_seq(Items { list: Vec::new().into_iter(), at: 0, of: &self })
            }
            _ => Err(self.wrong_type("a list")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Failure> {
        match self.source {
            Source::Json(Value::Object(_)) | Source::Root(..) | Source::Flat(_) => {}
            Source::Text(text) => {
                self.note(Some(text), Rule::Readable("a structure"));
                self.notes = None;
                self.source = Source::Absent;
            }
            Source::Absent | Source::Blank => {
                self.missing();
                self.notes = None;
            }
            _ => return Err(self.wrong_type("an object")),
        }
        visitor.visit_map(Members { members, at: 0, of: &self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Failure> {
        let absent = matches!(self.source, Source::Absent | Source::Blank);
        let text = self.text()?;
        if variants.contains(&text) {
            return visitor.visit_enum(Word(text));
        }
        if !absent {
            self.note(Some(text), Rule::OneOf(variants));
        }
        visitor.visit_enum(Word(variants[0]))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Failure> {
        if name == GIVEN {
            return match &self.source {
                Source::Absent => visitor.visit_none(),
                Source::Blank => visitor.visit_str(""),
                _ => visitor.visit_str(self.text()?),
            };
        }
        if name != JSON_TEXT {
            return visitor.visit_newtype_struct(self);
        }
        let text = self.text()?;
        let rule = Rule::Readable("a JSON text");
        let path = self.path.clone();
        let Some(value) = parse(text.as_bytes()).ok().filter(|value| !value.is_null()) else {
            if !matches!(self.source, Source::Absent | Source::Blank) {
                self.note(Some(text), rule);
            }
            return visitor.visit_newtype_struct(Decoder { source: Source::Absent, path, notes: None });
        };
        let inside = Decoder { source: Source::json(Some(&value)), path, notes: self.notes };
        visitor
            .visit_newtype_struct(inside)
            .map_err(|_| Failure::Invalid(Violation::new(self.path.clone(), Some(text), rule)))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Failure> {
        Err(serde::de::Error::custom("a parameter of no particular type cannot be decoded"))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct map ignored_any
    }
}

struct Items<'d, 'a> {
    list: std::vec::IntoIter<Source<'a>>,
    at: usize,
    of: &'d Decoder<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Failure;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> std::result::Result<Option<S::Value>, Failure> {
        let Some(item) = self.list.next() else { return Ok(None) };
        let decoder = self.of.step(Step::Item(self.at), item);
        self.at += 1;
        seed.deserialize(decoder).map(Some)
    }
}

struct Members<'d, 'a> {
    members: &'static [&'static str],
    at: usize,
    of: &'d Decoder<'a>,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Failure;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> std::result::Result<Option<S::Value>, Failure> {
        let Some(name) = self.members.get(self.at) else { return Ok(None) };
        let name: StrDeserializer<'_, Failure> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> std::result::Result<S::Value, Failure> {
        let name = self.members[self.at];
        self.at += 1;
        seed.deserialize(self.of.step(Step::Member(name.to_owned()), self.of.source.member(name)))
    }
}

/// A variant without content.
struct Word<'a>(&'a str);

impl<'de, 'a> EnumAccess<'de> for Word<'a> {
    type Error = Failure;
    type Variant = Unit;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> std::result::Result<(S::Value, Unit), Failure> {
        let word: StrDeserializer<'a, Failure> = self.0.into_deserializer();
        Ok((seed.deserialize(word)?, Unit))
    }
}

struct Unit;

impl<'de> VariantAccess<'de> for Unit {
    type Error = Failure;

    fn unit_variant(self) -> std::result::Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> std::result::Result<S::Value, Failure> {
        Err(serde::de::Error::custom("a variant has content"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> std::result::Result<V::Value, Failure> {
        Err(serde::de::Error::custom("a variant has content"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> std::result::Result<V::Value, Failure> {
        Err(serde::de::Error::custom("a variant has content"))
    }
}
