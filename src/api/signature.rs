//! What a signature scheme must define, and the comparison.

use super::canonical::{Secrets, hex, hmac_sha256};
use super::date;
use crate::domain::access_key::same;
use crate::domain::{Credential, Error, Result, Shown, Timestamp};

/// A signed request, taken apart: whose key, what is signed, and the signature. Nothing of it is verified.
pub trait Signed: Send + Sync {
    /// The id of the access key.
    fn key(&self) -> &str;

    /// The session token that came with it.
    fn token(&self) -> Option<&str>;

    /// The Region that is signed; that which the request names elsewhere, where none is.
    fn region(&self) -> Option<&str> {
        None
    }

    /// What may not be used twice, and until when the request could be sent again.
    fn nonce(&self) -> Option<(&str, Timestamp)> {
        None
    }

    /// Passes when the request was signed not too long ago, and not in the future: for vendors that look at this only
    /// once they know the key. The others have looked already.
    ///
    /// # Errors
    /// `Unauthenticated`.
    fn timely(&self, _now: Timestamp) -> Result<()> {
        Ok(())
    }

    /// Whether the signature is the request's, made with this secret.
    fn matches(&self, secret: &str) -> bool;

    /// What the client did wrong, if the signature is one that this secret and an easily made mistake lead to.
    fn slip(&self, secret: &str) -> Option<&'static str>;

    /// What is signed.
    fn shown(&self, secrets: Secrets) -> Shown;
}

/// Passes when a moment of signing is no further from now than so many milliseconds.
///
/// # Errors
/// `Late` or `Early`.
pub fn near(signed: Timestamp, now: Timestamp, tolerance: i64) -> Result<()> {
    match signed.0 - date::whole(now).0 {
        ago if ago < -tolerance => Err(Error::Unauthenticated(Credential::Late { signed, now })),
        ahead if ahead > tolerance => Err(Error::Unauthenticated(Credential::Early { signed, now })),
        _ => Ok(()),
    }
}

/// Whether a signature is the HMAC-SHA256 of a text, in hexadecimal digits.
pub fn is_hmac(signature: &str, key: &[u8], text: &str) -> bool {
    same(&hex(&hmac_sha256(key, text.as_bytes())), signature)
}

/// What a list of fields like `Name=value, Other=value`, however it is written, has first under this name.
pub fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    fields.split([',', ' ']).find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
}

/// The fields of a list like `Name=value, Other=value`, each of which is there once; `None` when it is no such list.
pub fn fields(text: &str) -> Option<Vec<(&str, &str)>> {
    /// How many there can be: no scheme has more than three.
    const MOST: usize = 8;
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for field in text.split(',') {
        if fields.len() == MOST {
            return None;
        }
        let (name, value) = field.trim_matches(' ').split_once('=')?;
        if value.contains(' ') || fields.iter().any(|(other, _)| *other == name) {
            return None;
        }
        fields.push((name, value));
    }
    Some(fields)
}

/// The value of a field.
pub fn value<'a>(fields: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::{field, fields};

    #[test]
    fn fields_are_found_however_they_are_spaced() {
        for fields in ["A=1,B=2", "A=1, B=2", "  B=2 ,A=1", "AB=3,B=2,B=4"] {
            assert_eq!(field(fields, "B"), Some("2"), "{fields}");
        }
        assert_eq!(field("A=1,b=2", "B"), None);
        assert_eq!(field("B=a=b", "B"), Some("a=b"));
        assert_eq!(field("B=", "B"), Some(""));
    }

    #[test]
    fn a_list_of_fields_is_whole_or_none() {
        assert_eq!(fields("A=1, B=2"), Some(vec![("A", "1"), ("B", "2")]));
        assert_eq!(fields("A=1,B="), Some(vec![("A", "1"), ("B", "")]));
        assert_eq!(fields(&"A=1,".repeat(100_000)), None);
        for text in ["A=,B=,C=,D=,E=,F=,G=,H=,I=", "", "A=1 B=2", "A=1,,B=2", "A=1,B", "A=1,A=2", "A=1,B=2,"]
        {
            assert_eq!(fields(text), None, "{text}");
        }
    }
}
