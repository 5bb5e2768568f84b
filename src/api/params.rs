//! The parameters of a request, as they came: texts by name, and at most one JSON object.

use std::cell::Cell;
use std::collections::HashSet;

use bytes::Bytes;
use percent_encoding::percent_decode;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::domain::{Error, Result, Rule, Step, Violation};

/// The parameters of a request. Protocol parameters (signature, nonce, …) have been taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Params {
    /// From the path, the query or a form. These go before members of the body of the same name.
    pub texts: Vec<(String, String)>,
    /// Texts that are given, but nobody reads: of a query, where the parameters are in the body.
    pub unread: Vec<(String, String)>,
    /// The body, where the protocol has JSON there.
    pub body: Option<Bytes>,
    /// Whether a text without a character counts as absent.
    pub blank_is_absent: bool,
    /// Whether lists and structures are texts with dots in their names: `Tags.1.Key`.
    pub flattened: bool,
}

impl Params {
    /// The body as a JSON object; an empty object where there is no body.
    ///
    /// # Errors
    /// `Unreadable` when it is not UTF-8, not JSON, not an object, nests more than 128 deep or has a member
    /// twice.
    pub(crate) fn object(&self) -> Result<Value> {
        let Some(body) = &self.body else { return Ok(Value::Object(serde_json::Map::new())) };
        match parse(body) {
            Ok(value @ Value::Object(_)) => Ok(value),
            Ok(_) => Err(Error::Unreadable("the body is not a JSON object".to_owned())),
            Err(error) => Err(Error::Unreadable(error.to_string())),
        }
    }

    /// Passes when no name occurs twice among the texts.
    ///
    /// # Errors
    /// `Invalid`, with the first that does.
    pub(crate) fn once(&self) -> Result<()> {
        let (mut seen, mut unread) = (HashSet::new(), HashSet::new());
        let repeated = self.texts.iter().find(|(name, _)| !seen.insert(name));
        match repeated.or_else(|| self.unread.iter().find(|(name, _)| !unread.insert(name))) {
            None => Ok(()),
            Some((name, value)) => {
                let path = vec![Step::Member(name.clone())];
                Err(Error::Invalid(vec![Violation::new(path, Some(value), Rule::Once)]))
            }
        }
    }

    /// How long it all is, in bytes.
    pub(crate) fn size(&self) -> usize {
        let texts = self.texts.iter().chain(&self.unread).map(|(name, text)| name.len() + text.len());
        texts.sum::<usize>() + self.body.as_ref().map_or(0, Bytes::len)
    }

    /// The texts with their names.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of that name.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(text, _)| text == name).map(|(_, text)| text.as_str())
    }
}

/// How many parameters a request has at most, and how many values its JSON.
///
/// inferred: no page has a number. What is documented of lists comes to some hundred, and whoever sends a mebibyte of
/// nothing but separators is refused before the work, and the memory, that they would cost.
pub const MOST_PARAMETERS: usize = 1000;

/// See [`MOST_PARAMETERS`].
pub const MOST_VALUES: usize = 10_000;

/// The pairs of a query or a form, decoded, in order.
///
/// # Errors
/// `Unreadable` when one of them is not UTF-8, or when there are more than [`MOST_PARAMETERS`].
pub fn pairs(text: &[u8]) -> Result<Vec<(String, String)>> {
    let pairs = first(text);
    countable(pairs.len())?;
    texts(pairs)
}

/// Passes when there are no more than [`MOST_PARAMETERS`].
///
/// # Errors
/// `Unreadable`.
pub(crate) fn countable(parameters: usize) -> Result<()> {
    if parameters <= MOST_PARAMETERS {
        return Ok(());
    }
    Err(Error::Unreadable(format!("there are more than {MOST_PARAMETERS} parameters")))
}

/// Pairs as texts.
///
/// # Errors
/// `Unreadable` when one of them is not UTF-8.
pub(crate) fn texts(raw: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Vec<(String, String)>> {
    let text = |bytes| {
        String::from_utf8(bytes).map_err(|_| Error::Unreadable("a parameter is not UTF-8".to_owned()))
    };
    raw.into_iter().map(|(name, value)| Ok((text(name)?, text(value)?))).collect()
}

/// The pairs of a query or a form, decoded, in order, of whatever bytes.
pub(crate) fn raw(text: &[u8], plus_is_space: bool) -> Vec<(Vec<u8>, Vec<u8>)> {
    split(text, plus_is_space).collect()
}

/// The same of a form, but no more of them than tell that they are too many.
pub(crate) fn first(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    split(text, true).take(MOST_PARAMETERS + 1).collect()
}

fn split(text: &[u8], plus_is_space: bool) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let decode = move |text: &[u8]| match plus_is_space && text.contains(&b'+') {
        true => {
            let spaced: Vec<u8> = text.iter().map(|c| if *c == b'+' { b' ' } else { *c }).collect();
            percent_decode(&spaced).collect()
        }
        false => percent_decode(text).collect(),
    };
    text.split(|c| *c == b'&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let end = pair.iter().position(|c| *c == b'=').unwrap_or(pair.len());
        (decode(&pair[..end]), decode(pair.get(end + 1..).unwrap_or_default()))
    })
}

/// Parses JSON. Unlike `serde_json`, refuses an object that has a member twice: readers disagree on which
/// counts, so that what one of them checked is not what another one uses. And more than [`MOST_VALUES`].
pub(crate) fn parse(text: &[u8]) -> std::result::Result<Value, serde_json::Error> {
    let values = Cell::new(0);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict(&values).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Makes a value, and counts those that have been made.
#[derive(Clone, Copy)]
struct Strict<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Value, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > MOST_VALUES {
            return Err(D::Error::custom(format_args!("there are more than {MOST_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the member {name:?} occurs twice")));
            }
            let value = members.next_value_seed(self)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// A text that may be absent, and of which it means something when it is there without a character, also where such
/// texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given(pub Option<String>);

/// The name by which the decoder knows a [`Given`].
pub(crate) const GIVEN: &str = "sanmen::Given";

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Inner;
        impl<'de> Visitor<'de> for Inner {
            type Value = Given;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or none")
            }
            fn visit_none<E>(self) -> std::result::Result<Given, E> {
                Ok(Given(None))
            }
            fn visit_str<E>(self, text: &str) -> std::result::Result<Given, E> {
                Ok(Given(Some(text.to_owned())))
            }
        }
        deserializer.deserialize_newtype_struct(GIVEN, Inner)
    }
}

/// A member of an answer that is always there, and may be null.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename = "sanmen::Nullable")]
pub struct Nullable<T>(pub Option<T>);

/// The name by which the tracer knows a [`Nullable`].
pub(crate) const NULLABLE: &str = "sanmen::Nullable";

/// A value that travels as a text that holds JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonText<T>(pub T);

/// The name by which the decoder knows a [`JsonText`].
pub(crate) const JSON_TEXT: &str = "sanmen::JsonText";

impl<'de, T: DeserializeOwned> Deserialize<'de> for JsonText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Inner<T>(std::marker::PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Inner<T> {
            type Value = T;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON text")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> std::result::Result<T, D::Error> {
                T::deserialize(deserializer)
            }
        }
        deserializer.deserialize_newtype_struct(JSON_TEXT, Inner(std::marker::PhantomData)).map(JsonText)
    }
}

impl<T: Serialize> Serialize for JsonText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}
