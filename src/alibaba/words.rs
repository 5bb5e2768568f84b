//! Errors in the words of Alibaba Cloud. Every wording that no page confirms is marked `inferred`.
//!
//! The gateway's own codes are documented; of CloudSSO's there is no list. Those that its Terraform
//! provider knows are used where they fit, the others are named after the pattern of these.

use http::StatusCode;

use super::acs3;
use crate::domain::{
    Authority, Credential, Error, Path, Reason, Rule, Shown, Step, Thing, Violation, shortened,
};

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
        Error::Unauthenticated(credential) => return unauthenticated(credential),
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
        // inferred: the code and the status. Not 404, by which clients take what they look for to be gone; the message is
        // a sibling service's.
        Error::NotFound(Thing::Organization, _) => (
            StatusCode::CONFLICT,
            "PreconditionFailed.ResourceDirectory",
            "The resource directory for the account is not enabled.",
        ),
        // observed: the code of a directory and of a user, and the status. inferred: the rest, from sibling services.
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
        // observed: the form of the code, with other nouns. inferred: the statuses, from sibling services, and the messages.
        Error::InUse(thing, by) => {
            let (code, noun) = noun(*thing);
            let (user, users) = noun_of_user(*by);
            // Of the service itself it is the directory that stands in the way.
            let code = if *thing == Thing::Service { user.to_owned() } else { format!("{code}.{user}") };
            let message = format!("The {noun} still has {users}.");
            return (StatusCode::CONFLICT, format!("DeletionConflict.{code}"), message);
        }
        // doc: the conditions. inferred: codes, statuses and messages.
        Error::Governed(authority) => {
            let (code, message) = governed(*authority);
            return (StatusCode::CONFLICT, format!("OperationConflict.{code}"), message.to_owned());
        }
        // inferred: all of it; the message is a sibling service's.
        Error::LimitExceeded(thing, _) => {
            let (code, noun) = noun(*thing);
            let message = format!("The count of {noun}s beyond the current limits.");
            return (StatusCode::CONFLICT, format!("LimitExceeded.{code}"), message);
        }
        // Does not arise: no operation here says so.
        Error::Unfit(sentence) => {
            return (StatusCode::CONFLICT, "OperationConflict".to_owned(), (*sentence).to_owned());
        }
        // Does not arise: nothing takes time here.
        Error::UnderWay(thing, _) => {
            let (code, noun) = noun(*thing);
            let message = format!("An operation on the {noun} is in progress.");
            return (StatusCode::CONFLICT, format!("OperationConflict.{code}"), message);
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

/// doc: codes and messages of the gateway, but for those that are marked.
fn unauthenticated(credential: &Credential) -> (StatusCode, String, String) {
    let (status, code, message) = match credential {
        Credential::Absent => return invalid(&[Violation::required("AccessKeyId")]),
        // inferred: of what it is said; the page has no more than the code.
        Credential::Incomplete(_) | Credential::Misdirected(_) => (
            StatusCode::BAD_REQUEST,
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards.",
        ),
        // inferred: that it is said of an algorithm of V3 too.
        Credential::Algorithm(_) => {
            (StatusCode::BAD_REQUEST, "InvalidSignatureMethod", "Specified signature method is not valid.")
        }
        // observed, of services that take no bearer tokens.
        Credential::ForeignToken => {
            (StatusCode::FORBIDDEN, "UnsupportedSignatureType", "This signature type is not supported.")
        }
        Credential::NoMoment(_) => (
            StatusCode::BAD_REQUEST,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        ),
        // observed: that a moment in the future has the same error.
        Credential::Late { .. } | Credential::Early { .. } => (
            StatusCode::BAD_REQUEST,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        ),
        Credential::UnknownKey(_) => {
            (StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        }
        Credential::InactiveKey(_) => {
            (StatusCode::BAD_REQUEST, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
        }
        // observed.
        Credential::NoToken(_) => return invalid(&[Violation::required("SecurityToken")]),
        Credential::OtherToken => (
            StatusCode::BAD_REQUEST,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        ),
        Credential::UnknownToken => (
            StatusCode::BAD_REQUEST,
            "InvalidSecurityToken.Malformed",
            "Specified SecurityToken is malformed.",
        ),
        Credential::Ended(_) => {
            (StatusCode::BAD_REQUEST, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        }
        Credential::UsedNonce => {
            (StatusCode::BAD_REQUEST, "SignatureNonceUsed", "Specified signature nonce was used already.")
        }
        Credential::Mismatch(mismatch) => return mismatched(&mismatch.told),
    };
    (status, code.to_owned(), message.to_owned())
}

/// observed: the two messages, of which SDKs take the text to sign. inferred: where the lines of V3's end.
fn mismatched(told: &Shown) -> (StatusCode, String, String) {
    /// How much of a text is told, in characters: of a request that is all parameters it would be too much.
    const TOLD: usize = 16 * 1024;
    let (canonical, to_sign) = (shortened(&told.canonical, TOLD), shortened(&told.to_sign, TOLD));
    let message = match told.to_sign.starts_with(acs3::ALGORITHM) {
        true => format!(
            "Specified signature does not match our calculation. \
             server StringToSign is [{to_sign}] server CanonicalRequest is [{canonical}]"
        ),
        false => format!(
            "Specified signature is not matched with our calculation. server string to sign is:{to_sign}"
        ),
    };
    (StatusCode::BAD_REQUEST, "SignatureDoesNotMatch".to_owned(), message)
}

fn noun(thing: Thing) -> (&'static str, &'static str) {
    match thing {
        Thing::Service => ("Service", "service"),
        Thing::Organization => ("ResourceDirectory", "resource directory"),
        Thing::Instance => ("Directory", "directory"),
        // Does not arise: a directory is its own.
        Thing::IdentityStore => ("Directory", "directory"),
        Thing::Alias => ("DirectoryName", "directory name"),
        Thing::Region => ("Region", "region"),
        Thing::Delegate => ("DelegateAccount", "delegated administrator account"),
        Thing::User => ("User", "user"),
        Thing::Email => ("User.Email", "email"),
        Thing::Device => ("MFADevice", "MFA device"),
        Thing::Setting => ("Setting", "setting"),
        Thing::Resource => ("Resource", "resource"),
        Thing::Tag => ("Tag", "tag"),
    }
}

/// What stands in the way of a deletion.
fn noun_of_user(thing: Thing) -> (&'static str, String) {
    let (code, noun) = noun(thing);
    (code, format!("{noun}s").replace("directorys", "a directory"))
}

fn governed(authority: Authority) -> (&'static str, &'static str) {
    match authority {
        Authority::Synchronization => (
            "SCIMSynchronized",
            "The user is synchronized by SCIM. Disable SCIM synchronization before you change the user.",
        ),
        Authority::ExternalSignIn => {
            ("SSOStatus", "SSO logon is enabled. Disable SSO logon before you reset the password.")
        }
    }
}

fn denied(reason: Reason) -> &'static str {
    match reason {
        Reason::NotAdministrator => {
            "You are not authorized to do this action. Only the management account of the resource directory \
             and the delegated administrator account of CloudSSO can do it."
        }
        Reason::NotManagement => {
            "You are not authorized to do this action. Only the management account of the resource directory can \
             do it."
        }
        Reason::ManagementAccount | Reason::NotOwner | Reason::OutOfReach => {
            "You are not authorized to do this action."
        }
    }
}

/// Whether a parameter is missing, not a part of one. inferred: of a part, it is the parameter that is wrong.
fn is_missing(violation: &Violation) -> bool {
    violation.rule == Rule::Required && violation.path.len() == 1
}

/// One violation is reported: a missing parameter before one that is wrong. inferred: the order.
fn invalid(violations: &[Violation]) -> (StatusCode, String, String) {
    let missing = violations.iter().find(|violation| is_missing(violation));
    let Some(violation) = missing.or(violations.first()) else {
        return word(&Error::internal("nothing is wrong"));
    };
    let name = name(&violation.path);
    let (code, message) = match violation.rule {
        // observed: code and text, of another header. inferred: that they are these for a date and a hash.
        Rule::Required if name.starts_with("x-acs-") => {
            ("MissingHeader".to_owned(), format!("Specified header {name} is mandatory for this action."))
        }
        // observed: code and text. inferred: that they are what is said here, as the text has it: some gateways are
        // observed to say MissingTimestamp then, and others this of a moment that is too far from now.
        Rule::Required if name == "Timestamp" => (
            "IllegalTimestamp".to_owned(),
            "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied."
                .to_owned(),
        ),
        // doc: of the gateway.
        Rule::Required if is_missing(violation) => {
            (format!("Missing{name}"), format!("{name} is mandatory for this action."))
        }
        Rule::OneOf(_) if name == "Format" => {
            (format!("InvalidParameter.{name}"), "Specified parameter format is not valid.".to_owned())
        }
        // inferred: by the gateway's rule for what is wrong.
        Rule::OneOf(_) if name == "SignatureVersion" => {
            (format!("Invalid{name}"), format!("Specified parameter {name} is not valid."))
        }
        Rule::Once | Rule::Readable("an integer" | "a number" | "a boolean") => {
            (format!("Invalid{name}"), format!("Specified parameter {name} is not valid."))
        }
        // inferred: from a sibling service, whose code is `InvalidParameter.Password.TooWeak`.
        Rule::PasswordPolicy => (
            format!("InvalidParameter.{name}"),
            format!("The {name} is not compliant with the password policy."),
        ),
        // inferred: from sibling services, of which some say `….Length` of what is too long.
        Rule::Required
        | Rule::MinLength(_)
        | Rule::MaxLength(_)
        | Rule::MinValue(_)
        | Rule::MaxValue(_)
        | Rule::PageToken
        | Rule::Pattern(_)
        | Rule::OneOf(_)
        | Rule::Readable(_)
        | Rule::Between(..)
        | Rule::Distinct
        | Rule::Without(_)
        | Rule::Unreserved(_) => (format!("InvalidParameter.{name}"), format!("The {name} is invalid.")),
    };
    (StatusCode::BAD_REQUEST, code, message)
}

/// The headers that can be missing.
const HEADERS: [&str; 2] = ["x-acs-date", "x-acs-content-sha256"];

/// The parameter that a violation is about. inferred: of a list, it is the list that is named.
fn name(path: &Path) -> &str {
    match path.first() {
        // What a caller made up is not repeated in a code.
        Some(Step::Member(name)) if !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric()) => {
            name
        }
        Some(Step::Member(name)) if HEADERS.contains(&name.as_str()) => name,
        Some(Step::Member(_) | Step::Item(_)) | None => "Parameter",
    }
}
