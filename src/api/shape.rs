//! The shape of a request or an answer, found by watching its type being decoded: no second list of members.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use super::params::{GIVEN, JSON_TEXT, NULLABLE};
use crate::domain::{Path, Rule, Step};

/// What a value looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Its type.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may be null where it is.
    pub nullable: bool,
    /// The documented limits, in the order in which they are checked.
    pub limits: Vec<Rule>,
}

/// The type of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kind {
    /// Nothing at all.
    #[default]
    Nothing,
    /// A text.
    Text,
    /// A text that holds JSON of this shape.
    JsonText(Box<Shape>),
    /// A text that is one of these words.
    Word(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of items of one shape.
    List(Box<Shape>),
    /// A structure, with its name and its members in order.
    Structure(&'static str, Vec<(&'static str, Shape)>),
}

/// The shape of a type.
pub fn describe<T: DeserializeOwned>() -> Shape {
    Shape::trace::<T>().0
}

impl Shape {
    /// The shape of a type, and a blank example of it.
    ///
    /// # Panics
    /// When the type is none that parameters or answers are made of: maps and tuples are not.
    pub fn trace<T: DeserializeOwned>() -> (Self, T) {
        let shape = RefCell::new(Self::default());
        let example = T::deserialize(Tracer { shape: &shape }).expect("the type can be traced");
        (shape.into_inner(), example)
    }

    /// Adds a limit to the value at `path`.
    ///
    /// # Panics
    /// When there is no such value: a check names a member that its type does not have.
    pub fn limit(&mut self, path: &Path, rule: Rule) {
        let mut shape = self;
        for step in path {
            shape = match (step, &mut shape.kind) {
                (Step::Member(name), Kind::Structure(_, members)) => members
                    .iter_mut()
                    .find(|(member, _)| member == name)
                    .map(|(_, shape)| shape)
                    .unwrap_or_else(|| panic!("a check names the unknown member {name}")),
                (Step::Item(_), Kind::List(item)) => item,
                (Step::Item(_), Kind::JsonText(inner)) => match &mut inner.kind {
                    Kind::List(item) => item,
                    kind => panic!("a check looks for an item in {kind:?}"),
                },
                (step, kind) => panic!("a check looks for {step:?} in {kind:?}"),
            };
        }
        if !shape.limits.contains(&rule) {
            shape.limits.push(rule);
        }
    }
}

/// A decoder that writes down what it is asked for, and gives blanks.
struct Tracer<'a> {
    shape: &'a RefCell<Shape>,
}

type Failure = serde::de::value::Error;

impl Tracer<'_> {
    fn is(&self, kind: Kind) {
        self.shape.borrow_mut().kind = kind;
    }

    fn inner<T>(trace: impl FnOnce(Tracer<'_>) -> Result<T, Failure>) -> Result<(Shape, T), Failure> {
        let shape = RefCell::new(Shape::default());
        let value = trace(Tracer { shape: &shape })?;
        Ok((shape.into_inner(), value))
    }
}

macro_rules! blanks {
    ($($method:ident $visit:ident $blank:expr, $kind:ident;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            self.is(Kind::$kind);
            visitor.$visit($blank)
        }
    )+};
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Failure;

    blanks! {
        deserialize_bool visit_bool false, Boolean;
        deserialize_i8 visit_i64 0, Integer;
        deserialize_i16 visit_i64 0, Integer;
        deserialize_i32 visit_i64 0, Integer;
        deserialize_i64 visit_i64 0, Integer;
        deserialize_u8 visit_u64 0, Integer;
        deserialize_u16 visit_u64 0, Integer;
        deserialize_u32 visit_u64 0, Integer;
        deserialize_u64 visit_u64 0, Integer;
        deserialize_f32 visit_f64 0.0, Number;
        deserialize_f64 visit_f64 0.0, Number;
        deserialize_str visit_str "", Text;
        deserialize_string visit_str "", Text;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.shape.borrow_mut().optional = true;
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let item = RefCell::new(Shape::default());
        let value = visitor.visit_seq(One { item: &item, done: false })?;
        self.is(Kind::List(Box::new(item.into_inner())));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let found = RefCell::new(Vec::new());
        let value = visitor.visit_map(Members { members, found: &found })?;
        self.is(Kind::Structure(name, found.into_inner()));
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.is(Kind::Word(variants));
        let word: StrDeserializer<'_, Failure> = variants[0].into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if name == GIVEN {
            self.is(Kind::Text);
            self.shape.borrow_mut().optional = true;
            return visitor.visit_str("");
        }
        if name == NULLABLE {
            let (inner, value) = Tracer::inner(|tracer| visitor.visit_newtype_struct(tracer))?;
            *self.shape.borrow_mut() = Shape { optional: false, nullable: true, ..inner };
            return Ok(value);
        }
        if name != JSON_TEXT {
            return visitor.visit_newtype_struct(self);
        }
        let (inner, value) = Tracer::inner(|tracer| visitor.visit_newtype_struct(tracer))?;
        self.is(Kind::JsonText(Box::new(inner)));
        Ok(value)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Failure> {
        Err(serde::de::Error::custom("a type that describes itself"))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit_struct tuple tuple_struct map identifier ignored_any
    }
}

/// A list of one item.
struct One<'a> {
    item: &'a RefCell<Shape>,
    done: bool,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Failure;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Failure> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        seed.deserialize(Tracer { shape: self.item }).map(Some)
    }
}

struct Members<'a> {
    members: &'static [&'static str],
    found: &'a RefCell<Vec<(&'static str, Shape)>>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Failure;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Failure> {
        let Some(name) = self.members.get(self.found.borrow().len()) else { return Ok(None) };
        let name: StrDeserializer<'_, Failure> = (*name).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        let name = self.members[self.found.borrow().len()];
        let (shape, value) = Tracer::inner(|tracer| seed.deserialize(tracer))?;
        self.found.borrow_mut().push((name, shape));
        Ok(value)
    }
}
