//! What can be wrong with the credentials of a request.

use super::{Timestamp, shortened};

/// What is wrong with credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Credential {
    /// There are none.
    #[error("there are no credentials")]
    Absent,
    /// They are not of the protocol's form. The sentence is in the vendor's words, and may repeat them: it is not logged.
    #[error("the credentials are incomplete, or not of the protocol's form")]
    Incomplete(String),
    /// They are for something else, or do not cover what they must. The sentence is in the vendor's words.
    #[error("the credentials are for something else: {}", shortened(.0, SHOWN))]
    Misdirected(String),
    /// They are made by an algorithm that is not served.
    #[error("the algorithm {:?} is not served", name(.0))]
    Algorithm(String),
    /// It is a token, and none that was issued here.
    #[error("tokens are not served, and none was issued here")]
    ForeignToken,
    /// The moment of signing is not of the protocol's form.
    #[error("the request is signed at no moment: {:?}", shortened(.0, SHOWN))]
    NoMoment(String),
    /// The request was signed too long ago.
    #[error("signed at {signed}, {} seconds ago", (.now.0 - .signed.0) / 1000)]
    Late {
        /// When it was signed.
        signed: Timestamp,
        /// When it arrived.
        now: Timestamp,
    },
    /// The request was signed too far in the future.
    #[error("signed at {signed}, which is in {} seconds", (.signed.0 - .now.0) / 1000)]
    Early {
        /// When it was signed.
        signed: Timestamp,
        /// When it arrived.
        now: Timestamp,
    },
    /// The access key is not known, if there is one at all, and nobody stands in for its account.
    #[error("no access key goes by {:?}", shortened(.0.as_deref().unwrap_or_default(), SHOWN))]
    UnknownKey(Option<String>),
    /// The access key is disabled, or its time is over.
    #[error("the access key {0:?} is not active")]
    InactiveKey(String),
    /// The access key is temporary, and its session token is missing.
    #[error("the access key {0:?} came without its session token")]
    NoToken(String),
    /// The session token is that of another access key.
    #[error("the session token is that of another access key")]
    OtherToken,
    /// The session token is that of no access key.
    #[error("the session token is that of no access key")]
    UnknownToken,
    /// The time of the temporary access key is over since this moment.
    #[error("the access key ended at {0}")]
    Ended(Timestamp),
    /// The nonce was used before.
    #[error("the nonce was used before")]
    UsedNonce,
    /// The signature is not the request's.
    #[error("the signature is not the request's{}", .0.slip.map(|slip| format!(": {slip}")).unwrap_or_default())]
    Mismatch(Box<Mismatch>),
}

/// The name with which a text begins. What comes after it could be a signature.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    &text[..end.unwrap_or(text.len()).min(32)]
}

/// How much of a text of the caller's is written to the log.
const SHOWN: usize = 128;

/// A signature beside the request that it should be that of.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What was to be signed, for the caller, who sent it.
    pub told: Shown,
    /// What was to be signed, without secrets.
    pub logged: Shown,
    /// What the client did wrong, where the signature tells.
    pub slip: Option<&'static str>,
}

impl std::fmt::Debug for Mismatch {
    /// Without secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mismatch")
            .field("logged", &self.logged)
            .field("slip", &self.slip)
            .finish_non_exhaustive()
    }
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The canonical request.
    pub canonical: String,
    /// The text that is made of it, which is signed.
    pub to_sign: String,
}
