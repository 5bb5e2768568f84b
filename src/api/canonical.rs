//! The canonical request: the form of a request that is signed, which the three vendors' schemes have in common.
//!
//! ```text
//! METHOD
//! path
//! query
//! name:value      a line for each signed header
//!
//! names           of the signed headers
//! payload         the hash of the body
//! ```
//!
//! They differ in what `path`, `query` and `value` are made of. All of it is bytes: a header need not be text.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use sha2::{Digest, Sha256};

use super::params;

/// What RFC 3986 does not reserve is left as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A canonical request.
#[derive(Clone, Debug)]
pub struct Canonical<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, encoded.
    pub path: String,
    /// The pairs of the query, encoded and in order.
    pub query: Vec<(String, String)>,
    /// The signed headers with their values, in order.
    pub headers: Vec<(&'a str, Vec<u8>)>,
    /// The names of the signed headers, as the request lists them.
    pub names: &'a str,
    /// The hash of the body, or what stands for it.
    pub payload: Cow<'a, str>,
}

/// Whether the values of tokens and passwords are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// As they are: what is signed.
    Written,
    /// Not: what is logged.
    Hidden,
}

impl Secrets {
    /// The value of a parameter or a header, as it is to be written.
    pub fn show<'a>(self, name: &str, value: &'a [u8]) -> &'a [u8] {
        const SECRET: [&str; 9] = [
            "token",
            "password",
            "secret",
            "credential",
            "authorization",
            "cookie",
            "assertion",
            "code",
            "api-key",
        ];
        let name = name.to_ascii_lowercase();
        let secret = name == "signature" || SECRET.iter().any(|word| name.contains(word));
        let harmless = name == "x-acs-credentials-provider";
        match self == Self::Hidden && secret && !harmless && !value.is_empty() {
            true => b"(hidden)",
            false => value,
        }
    }
}

impl Canonical<'_> {
    /// The text.
    pub fn text(&self, secrets: Secrets) -> Vec<u8> {
        let mut text = Vec::with_capacity(512);
        for line in [self.method, &self.path] {
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        }
        for (i, (name, value)) in self.query.iter().enumerate() {
            if i > 0 {
                text.push(b'&');
            }
            text.extend_from_slice(name.as_bytes());
            text.push(b'=');
            text.extend_from_slice(secrets.show(name, value.as_bytes()));
        }
        text.push(b'\n');
        for (name, value) in &self.headers {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            text.extend_from_slice(secrets.show(name, value));
            text.push(b'\n');
        }
        text.push(b'\n');
        text.extend_from_slice(self.names.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(self.payload.as_bytes());
        text
    }

    /// The text, for people.
    pub fn shown(&self, secrets: Secrets) -> String {
        String::from_utf8_lossy(&self.text(secrets)).into_owned()
    }

    /// The hash of the text, in hexadecimal digits.
    pub fn hash(&self) -> String {
        sha256(&self.text(Secrets::Written))
    }

    /// What a client did wrong that signed one of these, or of [`Canonical::slips`], instead.
    pub fn slip(
        &self,
        more: Vec<(&'static str, Self)>,
        is_signed: impl Fn(&Self) -> bool,
    ) -> Option<&'static str> {
        let mut slips = self.slips().into_iter().chain(more);
        slips.find(|(_, slip)| is_signed(slip)).map(|(slip, _)| slip)
    }

    /// The requests that a client may have signed by mistake, with what it did then.
    fn slips(&self) -> Vec<(&'static str, Self)> {
        let mut slips = vec![
            ("the body was taken for an empty one", Self { payload: sha256(b"").into(), ..self.clone() }),
            ("the query was left out", Self { query: Vec::new(), ..self.clone() }),
            ("the path was taken for /", Self { path: "/".to_owned(), ..self.clone() }),
            ("the method was taken for GET", Self { method: "GET", ..self.clone() }),
            ("the method was taken for POST", Self { method: "POST", ..self.clone() }),
        ];
        let host = self.headers.iter().position(|(name, _)| *name == "host");
        let port = |value: &[u8]| value.iter().rposition(|c| *c == b':');
        if let Some((i, port)) = host.and_then(|i| Some((i, port(&self.headers[i].1)?))) {
            let mut slip = self.clone();
            slip.headers[i].1.truncate(port);
            slips.push(("the port was left out of the host", slip));
        }
        slips
    }
}

/// Percent-encoded, in capital digits.
pub fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, UNRESERVED).to_string()
}

/// Percent-decoded.
pub fn decode(bytes: &[u8]) -> Vec<u8> {
    percent_decode(bytes).collect()
}

/// How a query is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A `+` is itself, and pairs are in the order of their encoded texts.
    Literal,
    /// As a form: a `+` is a space, and pairs are in the order of their decoded texts.
    Form,
}

/// The pairs of a query, encoded anew, by name and then by value.
pub fn query(text: &str, reading: Reading) -> Vec<(String, String)> {
    let pairs = params::raw(text.as_bytes(), reading == Reading::Form);
    match reading {
        Reading::Form => sorted(pairs.iter().collect()),
        Reading::Literal => {
            let mut pairs: Vec<_> = pairs.iter().map(|(name, value)| (encode(name), encode(value))).collect();
            pairs.sort();
            pairs
        }
    }
}

/// Decoded pairs, in their order, encoded.
pub fn sorted(mut pairs: Vec<&(Vec<u8>, Vec<u8>)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs.into_iter().map(|(name, value)| (encode(name), encode(value))).collect()
}

/// The names of a list of signed headers, each there once, in whatever case; `None` when one is not, or when there are
/// more than anybody signs: each is looked up before anybody knows who asks.
pub fn names(list: &str) -> Option<Vec<&str>> {
    const MOST: usize = 100;
    let names: Vec<_> = list.split(';').take(MOST + 1).collect();
    let twice = |(i, name): (usize, &&str)| names[..i].iter().any(|before| before.eq_ignore_ascii_case(name));
    if names.len() > MOST || names.iter().enumerate().any(twice) { None } else { Some(names) }
}

/// Whether a list of names has this one, in whatever case.
pub fn has(names: &[&str], name: &str) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// The values of a header, trimmed, in the order in which they came; none where there can be no such header.
pub fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    match http::HeaderName::from_bytes(name.as_bytes()) {
        Ok(name) => headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii()).collect(),
        Err(_) => Vec::new(),
    }
}

/// The SHA-256 hash, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// HMAC-SHA256.
pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// In hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::{Reading, Secrets, encode, names, query, values};

    #[test]
    fn a_query_is_recoded_and_sorted() {
        let pairs = |text, reading| {
            let pairs: Vec<_> =
                query(text, reading).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join("&")
        };
        assert_eq!(pairs("", Reading::Form), "");
        assert_eq!(pairs("b=2&a=1&&c", Reading::Form), "a=1&b=2&c=");
        assert_eq!(pairs("a=2&a=1&a%2d=3&a=%e4%b8%ad", Reading::Form), "a=1&a=2&a=%E4%B8%AD&a-=3");
        assert_eq!(pairs("a=2&a=1&a%2d=3&a=%e4%b8%ad", Reading::Literal), "a=%E4%B8%AD&a=1&a=2&a-=3");
        assert_eq!(pairs("a:=1&a0=2", Reading::Form), "a0=2&a%3A=1");
        assert_eq!(pairs("a=b+c*~%2B", Reading::Form), "a=b%20c%2A~%2B");
        assert_eq!(pairs("a=b+c", Reading::Literal), "a=b%2Bc");
        assert_eq!(pairs("a=%zz&b=%e", Reading::Literal), "a=%25zz&b=%25e");
        assert_eq!(encode(&[0xff, b' ', b'/']), "%FF%20%2F");
    }

    #[test]
    fn names_are_there_once_and_not_too_many() {
        assert_eq!(names("a;b"), Some(vec!["a", "b"]));
        assert_eq!(names("a;b;A"), None);
        let list = |count: usize| (0..count).map(|i| i.to_string()).collect::<Vec<_>>().join(";");
        assert!(names(&list(100)).is_some() && names(&list(101)).is_none());
        assert!(names(&"a;".repeat(1_000_000)).is_none());
    }

    #[test]
    fn the_values_of_headers_are_trimmed() {
        let mut map = http::HeaderMap::new();
        for (name, value) in [("a", " 1 "), ("a", "2"), ("b", "x  y")] {
            map.append(name, http::HeaderValue::from_static(value));
        }
        let found = ["a", "b", "c", "no name", ""].map(|name| values(&map, name));
        assert_eq!(found, [vec![b"1".as_slice(), b"2"], vec![b"x  y"], vec![], vec![], vec![]]);
    }

    #[test]
    fn what_could_be_a_secret_is_hidden() {
        for (name, shown) in [
            ("NewPassword", "(hidden)"),
            ("SecurityToken", "(hidden)"),
            ("ClientSecret", "(hidden)"),
            ("x-amz-security-token", "(hidden)"),
            ("Cookie", "(hidden)"),
            ("x-api-key", "(hidden)"),
            ("Signature", "(hidden)"),
            ("SignatureNonce", "value"),
            ("x-acs-credentials-provider", "value"),
            ("x-amz-target", "value"),
            ("UserName", "value"),
        ] {
            assert_eq!(Secrets::Hidden.show(name, b"value"), shown.as_bytes(), "{name}");
            assert_eq!(Secrets::Written.show(name, b"value"), b"value");
        }
        assert_eq!(Secrets::Hidden.show("SecurityToken", b""), b"", "that there is none is no secret");
    }
}
