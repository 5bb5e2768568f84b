//! Why credentials were refused: what the server took for the canonical request and the string to sign, for people
//! who write signers.

use axum::response::Response;
use http::HeaderValue;

use crate::domain::{Credential, Error, shortened};

/// How much of a text is shown, in characters: clients refuse answers with headers that are too long.
const SHOWN: usize = 4096;

/// Writes to the log what a signature should have been made of. Not the signature, nor any secret.
pub(super) fn log(request_id: &str, error: &Error) {
    if let Error::Unauthenticated(Credential::Mismatch(mismatch)) = error {
        tracing::warn!(
            request_id,
            canonical_request = shortened(&mismatch.logged.canonical, SHOWN),
            string_to_sign = shortened(&mismatch.logged.to_sign, SHOWN),
            mistake = mismatch.slip.unwrap_or("none that is known"),
            "a signature is not the request's"
        );
    }
}

/// Adds to an answer why the credentials were refused.
pub(super) fn attach(response: &mut Response, error: &Error) {
    let Error::Unauthenticated(credential) = error else { return };
    let headers = response.headers_mut();
    headers.insert("x-sanmen-explain", line(&credential.to_string()));
    if let Credential::Mismatch(mismatch) = credential {
        headers.insert("x-sanmen-canonical-request", line(&mismatch.logged.canonical));
        headers.insert("x-sanmen-string-to-sign", line(&mismatch.logged.to_sign));
    }
}

/// A text in one line of ASCII: line breaks are `\n`, other characters that have no place there `\u{…}`.
fn line(text: &str) -> HeaderValue {
    let mut line = String::new();
    for c in text.chars() {
        if line.len() >= SHOWN {
            line.push_str("...");
            break;
        }
        match c {
            '\n' => line.push_str("\\n"),
            ' '..='~' => line.push(c),
            c => line.extend(c.escape_unicode()),
        }
    }
    HeaderValue::try_from(line).expect("it is made of visible characters")
}

#[cfg(test)]
mod tests {
    use super::{SHOWN, line};

    #[test]
    fn a_text_becomes_one_line() {
        assert_eq!(line("POST\n/\n\né\tx"), "POST\\n/\\n\\n\\u{e9}\\u{9}x");
        assert_eq!(line(&"x".repeat(100_000)).len(), SHOWN + 3);
        assert!(line(&"\u{65e5}".repeat(100_000)).len() < SHOWN + 16);
    }
}
