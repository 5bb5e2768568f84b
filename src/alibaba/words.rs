//! Errors in the words of Alibaba Cloud. Every wording that no page confirms is marked `inferred`.
//!
//! The gateway's own codes are documented; of CloudSSO's there is no list. Those that its Terraform
//! provider knows are used where they fit, the others are named after the pattern of these.

use http::StatusCode;

use crate::domain::{Credential, Error, Path, Reason, Rule, Step, Thing, Violation};

/// The status, the code and the message of an error.
pub(super) fn word(error: &Error) -> (StatusCode, String, String) {
    let (status, code, message) = match error {
        // doc: the gateway's common errors.
        Error::UnknownOperation(_) => (
            StatusCode::NOT_FOUND,
            "InvalidAction.NotFound",
            "Specified api is not found, please check your url and method.",
        ),
        Error::UnknownMethod(_) => {
            (StatusCode::BAD_REQUEST, "UnsupportedHTTPMethod", "This http method is not supported.")
        }
        Error::UnknownVersion(_) => {
            (StatusCode::BAD_REQUEST, "InvalidVersion", "Specified parameter Version is not valid.")
        }
        Error::Invalid(violations) => return invalid(violations),
        Error::Unauthenticated(Credential::UnknownKey(_)) => {
            (StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        }
        Error::Unauthenticated(Credential::ForeignToken) => (
            StatusCode::BAD_REQUEST,
            "InvalidSecurityToken.Malformed",
            "Specified SecurityToken is malformed.",
        ),
        Error::Throttled => {
            (StatusCode::BAD_REQUEST, "Throttling", "Request was denied due to request throttling.")
        }
        // inferred: that it is the error for this.
        Error::TimedOut => (
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            "The request has failed due to a temporary failure of the server.",
        ),
        Error::Internal(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "The request processing has failed due to some unknown error.",
        ),
        // inferred: the code. No page says what the gateway makes of what is no text at all.
        Error::Unreadable(_) => {
            (StatusCode::BAD_REQUEST, "InvalidParameter", "The request parameters cannot be decoded.")
        }
        // inferred: the code and the message; the status is what the protocol has for it.
        Error::TooLarge => {
            (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "The request body is too large.")
        }
        // observed: the code, the status and the first sentence. inferred: that it is the code for these.
        Error::NotAllowed(denial) => (StatusCode::FORBIDDEN, "NoPermission", denied(denial.reason)),
        // inferred: the code after `PreconditionFailed.ResourceDirectory`, which is itself inferred.
        Error::ServiceDisabled => {
            (StatusCode::CONFLICT, "PreconditionFailed.Service", "CloudSSO is not enabled.")
        }
        // observed: the code of a directory. inferred: status and message, from sibling services.
        Error::NotFound(thing, _) => {
            let (code, noun) = noun(*thing);
            let message = format!("The {noun} does not exist.");
            return (StatusCode::NOT_FOUND, format!("EntityNotExists.{code}"), message);
        }
        // inferred: from sibling services.
        Error::AlreadyExists(thing, _) => {
            let (code, noun) = noun(*thing);
            let message = format!("The {noun} already exists.");
            return (StatusCode::CONFLICT, format!("EntityAlreadyExists.{code}"), message);
        }
        // Does not arise: no operation has an idempotency token.
        Error::ReplayMismatch => (
            StatusCode::BAD_REQUEST,
            "IdempotentParameterMismatch",
            "The request uses the same client token as a previous, but non-identical request.",
        ),
        // inferred: from sibling services.
        Error::Conflict => (
            StatusCode::TOO_MANY_REQUESTS,
            "ConcurrentCallNotSupported",
            "The operation is being performed by another call. Try again later.",
        ),
    };
    (status, code.to_owned(), message.to_owned())
}

fn noun(thing: Thing) -> (&'static str, &'static str) {
    match thing {
        Thing::Instance => ("Directory", "directory"),
    }
}

fn denied(reason: Reason) -> &'static str {
    match reason {
        Reason::NotAdministrator => {
            "You are not authorized to do this action. Only the management account of the resource directory \
             and the delegated administrator account of CloudSSO can do it."
        }
        Reason::ManagementAccount | Reason::OutOfReach => "You are not authorized to do this action.",
    }
}

/// One violation is reported: a missing parameter before one that is wrong. inferred: the order.
fn invalid(violations: &[Violation]) -> (StatusCode, String, String) {
    let missing = violations.iter().find(|violation| violation.rule == Rule::Required);
    let Some(violation) = missing.or(violations.first()) else {
        return word(&Error::internal("nothing is wrong"));
    };
    let name = name(&violation.path);
    let (code, message) = match violation.rule {
        // doc: of the gateway.
        Rule::Required => (format!("Missing{name}"), format!("{name} is mandatory for this action.")),
        Rule::OneOf(_) if name == "Format" => {
            (format!("InvalidParameter.{name}"), "Specified parameter format is not valid.".to_owned())
        }
        Rule::Once | Rule::Readable("an integer" | "a number" | "a boolean") => {
            (format!("Invalid{name}"), format!("Specified parameter {name} is not valid."))
        }
        // inferred: from sibling services.
        Rule::MinLength(_) | Rule::MaxLength(_) => {
            (format!("InvalidParameter.{name}.Length"), format!("The length of {name} is invalid."))
        }
        Rule::Pattern(_)
        | Rule::OneOf(_)
        | Rule::Readable(_)
        | Rule::Between(..)
        | Rule::Distinct
        | Rule::Unreserved(_) => (format!("InvalidParameter.{name}"), format!("The {name} is invalid.")),
    };
    (StatusCode::BAD_REQUEST, code, message)
}

/// The parameter that a violation is about. inferred: of a list, it is the list that is named.
fn name(path: &Path) -> &str {
    match path.first() {
        // What a caller made up is not repeated in a code.
        Some(Step::Member(name)) if !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric()) => {
            name
        }
        Some(Step::Member(_) | Step::Item(_)) | None => "Parameter",
    }
}
