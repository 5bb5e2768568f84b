//! Errors in the words of AWS. Every wording that no page confirms is marked `inferred`.
//! <https://docs.aws.amazon.com/singlesignon/latest/APIReference/CommonErrors.html>

use http::StatusCode;

use super::sigv4;
use crate::api::date;
use crate::domain::{
    Credential, Denial, Error, Path, Reason, Rule, Step, Thing, Timestamp, Violation, shortened,
};

/// The type of an error and its message, if it has one.
pub(super) fn word(error: &Error, partition: &str) -> (&'static str, Option<String>) {
    let (kind, message) = match error {
        // inferred from sibling services: the type alone.
        Error::UnknownOperation(_) | Error::UnknownMethod(_) | Error::UnknownVersion(_) => {
            return ("UnknownOperationException", None);
        }
        // inferred from sibling services: the type, and a text of no fixed form.
        Error::Unreadable(reason) => ("SerializationException", shortened(reason, 256)),
        Error::Invalid(violations) => ("ValidationException", validation(violations)),
        Error::Unauthenticated(credential) => unauthenticated(credential, sigv4::TOLERANCE),
        Error::NotAllowed(denial) => (denial_type(denial.reason), denied(denial, partition)),
        // Does not arise: nothing needs to be enabled first.
        Error::ServiceDisabled => ("AccessDeniedException", "The service is not enabled.".to_owned()),
        // inferred: the message, after those of sibling things.
        Error::NotFound(thing, id) => {
            ("ResourceNotFoundException", format!("Could not find {} with id {id}", noun(*thing)))
        }
        // inferred: the type. The page has no more than "is rejected"; a name that exists is a
        // `ConflictException` at CreatePermissionSet. The other candidate is `ServiceQuotaExceededException`.
        // The message is inferred too.
        Error::AlreadyExists(thing @ Thing::Instance, owner) => {
            ("ConflictException", format!("{} already exists in account {owner}.", noun(*thing)))
        }
        Error::AlreadyExists(thing, name) => {
            ("ConflictException", format!("{} {name} already exists.", noun(*thing)))
        }
        // observed: the type, where the operation is not supported for account instances. inferred: elsewhere.
        Error::Unfit(sentence) => ("ValidationException", (*sentence).to_owned()),
        // inferred: that these are conflicts, and the messages. Neither arises of a name.
        Error::InUse(thing, by) => {
            ("ConflictException", format!("{} still has {}.", noun(*thing), noun(*by)))
        }
        // Does not arise: nothing is decided about elsewhere.
        Error::Governed(_) => ("ConflictException", "It cannot be changed here.".to_owned()),
        Error::UnderWay(thing, id) => {
            ("ConflictException", format!("An operation on {} {id} is in progress.", noun(*thing)))
        }
        // model: that it is declared where something is added. inferred: the message.
        Error::LimitExceeded(thing, most) => (
            "ServiceQuotaExceededException",
            format!("{} quota exceeded: at most {most} are allowed.", noun(*thing)),
        ),
        // doc: the name of the error, which no model has. inferred: the message, from a sibling service.
        Error::ReplayMismatch => (
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
                .to_owned(),
        ),
        // doc: what the type is for. inferred: the message.
        Error::Conflict => (
            "ConflictException",
            "A conflict with a previous successful write was detected. Try again.".to_owned(),
        ),
        // observed: the message.
        Error::Throttled => ("ThrottlingException", "Rate exceeded".to_owned()),
        // inferred: both types, which SDKs know.
        Error::TooLarge => ("RequestEntityTooLargeException", "The request body is too large.".to_owned()),
        Error::TimedOut => ("RequestTimeoutException", "The request took too long.".to_owned()),
        // inferred: the message.
        Error::Internal(_) => ("InternalServerException", "An internal error occurred.".to_owned()),
    };
    (kind, Some(message))
}

/// The status of an error in the query protocol, its code and its message. observed: of credentials. inferred: of all else.
pub(super) fn word_query(error: &Error) -> (StatusCode, &'static str, String) {
    if let Error::Unauthenticated(credential) = error {
        let (kind, message) = unauthenticated(credential, sigv4::QUERY_TOLERANCE);
        return match kind {
            "MissingAuthenticationTokenException" => (
                StatusCode::FORBIDDEN,
                "MissingAuthenticationToken",
                "Request is missing Authentication Token".to_owned(),
            ),
            "IncompleteSignatureException" => (StatusCode::BAD_REQUEST, "IncompleteSignature", message),
            "InvalidSignatureException" => (StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message),
            "ExpiredTokenException" => (StatusCode::FORBIDDEN, "ExpiredToken", message),
            _ => (StatusCode::FORBIDDEN, "InvalidClientTokenId", message),
        };
    }
    let (status, code) = match error {
        Error::Throttled | Error::Conflict => (StatusCode::BAD_REQUEST, "Throttling"),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge"),
        Error::TimedOut => (StatusCode::REQUEST_TIMEOUT, "RequestTimeout"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure"),
        _ => (StatusCode::BAD_REQUEST, "ValidationError"),
    };
    let (_, message) = word(error, "aws");
    (status, code, message.unwrap_or_default())
}

/// observed, of sibling services: types and messages.
fn unauthenticated(credential: &Credential, tolerance: i64) -> (&'static str, String) {
    /// How much of a text of the caller's is told, in characters.
    const TOLD: usize = 4096;
    let minutes = tolerance / 60_000;
    let limit = |now: Timestamp, by: i64| date::basic(Timestamp(now.0 + by));
    match credential {
        Credential::Absent => {
            ("MissingAuthenticationTokenException", "Missing Authentication Token".to_owned())
        }
        Credential::Incomplete(message) => ("IncompleteSignatureException", shortened(message, TOLD)),
        Credential::Algorithm(name) => (
            "IncompleteSignatureException",
            format!("Unsupported AWS 'algorithm': '{name}' (only {} for now).", sigv4::ALGORITHM),
        ),
        Credential::NoMoment(text) => (
            "IncompleteSignatureException",
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{text}'. \
                 See http://en.wikipedia.org/wiki/ISO_8601"
            ),
        ),
        Credential::Misdirected(message) => ("InvalidSignatureException", shortened(message, TOLD)),
        Credential::Late { signed, now } => (
            "InvalidSignatureException",
            format!(
                "Signature expired: {} is now earlier than {} ({} - {minutes} min.)",
                date::basic(*signed),
                limit(*now, -tolerance),
                date::basic(*now),
            ),
        ),
        Credential::Early { signed, now } => (
            "InvalidSignatureException",
            format!(
                "Signature not yet current: {} is still later than {} ({} + {minutes} min.)",
                date::basic(*signed),
                limit(*now, tolerance),
                date::basic(*now),
            ),
        ),
        Credential::Mismatch(_) => (
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS \
             Secret Access Key and signing method. Consult the service documentation for details."
                .to_owned(),
        ),
        // inferred: that a key that is disabled, and a token that is not the key's, are not told from an unknown key. Of the
        // latter a message without the period at its end was observed.
        Credential::UnknownKey(_)
        | Credential::InactiveKey(_)
        | Credential::NoToken(_)
        | Credential::OtherToken
        | Credential::UnknownToken => (
            "UnrecognizedClientException",
            "The security token included in the request is invalid.".to_owned(),
        ),
        Credential::Ended(_) => {
            ("ExpiredTokenException", "The security token included in the request is expired".to_owned())
        }
        // Do not arise: there are neither tokens alone nor nonces.
        Credential::ForeignToken | Credential::UsedNonce => (
            "UnrecognizedClientException",
            "The security token included in the request is invalid.".to_owned(),
        ),
    }
}

fn noun(thing: Thing) -> &'static str {
    match thing {
        Thing::Service => "Service",
        Thing::Organization => "Organization",
        Thing::Instance => "Instance",
        Thing::IdentityStore => "IdentityStore",
        Thing::Alias => "Alias",
        Thing::Region => "Region",
        Thing::Delegate => "Delegated administrator",
        Thing::User => "User",
        Thing::Email => "Email",
        Thing::Device => "Device",
        Thing::Setting => "Configuration",
        Thing::Resource => "Resource",
        Thing::Tag => "Tag",
    }
}

/// observed: that what a management account cannot do is worded as a validation. Three authors say so of CreateInstance;
/// none shows the body.
fn denial_type(reason: Reason) -> &'static str {
    match reason {
        Reason::ManagementAccount => "ValidationException",
        Reason::NotAdministrator | Reason::NotManagement | Reason::NotOwner | Reason::OutOfReach => {
            "AccessDeniedException"
        }
    }
}

fn denied(denial: &Denial, partition: &str) -> String {
    match denial.reason {
        // observed: the message.
        Reason::ManagementAccount => {
            "Organization management account is not allowed to perform the operation.".to_owned()
        }
        // observed: the form.
        Reason::NotAdministrator | Reason::NotManagement | Reason::NotOwner | Reason::OutOfReach => format!(
            "User: arn:{partition}:iam::{}:root is not authorized to perform: {} on resource: {}",
            denial.account,
            denial.permission,
            denial.resource.as_deref().unwrap_or("*"),
        ),
    }
}

/// All violations in one message. observed: the form.
fn validation(violations: &[Violation]) -> String {
    let plural = if violations.len() == 1 { "" } else { "s" };
    let each: Vec<_> = violations.iter().map(violation).collect();
    format!("{} validation error{plural} detected: {}", violations.len(), each.join("; "))
}

fn violation(violation: &Violation) -> String {
    let value = match &violation.value {
        Some(value) => format!("'{value}'"),
        None => "null".to_owned(),
    };
    let (path, constraint) = (path(&violation.path), constraint(violation.rule));
    format!("Value {value} at '{path}' failed to satisfy constraint: {constraint}")
}

/// Members begin with a small letter, items are counted from 1: `tags.1.member.key`.
fn path(path: &Path) -> String {
    let steps: Vec<_> = path
        .iter()
        .map(|step| match step {
            Step::Member(name) => {
                let mut chars = name.chars();
                let first = chars.next().map(|c| c.to_ascii_lowercase());
                first.into_iter().chain(chars).collect()
            }
            Step::Item(i) => format!("{}.member", i + 1),
        })
        .collect();
    steps.join(".")
}

fn constraint(rule: Rule) -> String {
    match rule {
        Rule::Required => "Member must not be null".to_owned(),
        Rule::MinLength(min) => format!("Member must have length greater than or equal to {min}"),
        Rule::MaxLength(max) => format!("Member must have length less than or equal to {max}"),
        Rule::MinValue(min) => format!("Member must have value greater than or equal to {min}"),
        Rule::MaxValue(max) => format!("Member must have value less than or equal to {max}"),
        Rule::Pattern(pattern) => format!("Member must satisfy regular expression pattern: {pattern}"),
        Rule::OneOf(words) => format!("Member must satisfy enum value set: [{}]", words.join(", ")),
        // inferred: the last eight. No page words them for this service.
        Rule::PageToken => "Member must be a token of an earlier answer".to_owned(),
        Rule::Readable(what) => format!("Member must be {what}"),
        Rule::Between(min, max) => format!("Member must be between {min} and {max} seconds"),
        Rule::Once => "Member must be given once".to_owned(),
        Rule::Distinct => "Duplicate tag keys found".to_owned(),
        Rule::Unreserved(prefix) => {
            format!("{prefix} prefixed tag key names are not allowed for external use")
        }
        Rule::Without(part) => format!("Member must not contain {part}"),
        Rule::PasswordPolicy => "Member must satisfy the password policy".to_owned(),
    }
}
