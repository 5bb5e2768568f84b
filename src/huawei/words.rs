//! Errors in the words of Huawei Cloud: the service's codes `IIC.…` and those of the gateway, `APIGW.…`.
//! <https://support.huaweicloud.com/intl/en-us/api-identitycenter/ErrorCode.html>

use http::StatusCode;

use crate::api::date;
use crate::domain::{Credential, Error, Path, Rule, Step, Thing, Violation, shortened};

/// The status, the code and the message of an error.
pub(super) fn word(error: &Error) -> (StatusCode, &'static str, String) {
    match error {
        // doc: the gateway's codes and messages.
        Error::UnknownOperation(_) | Error::UnknownVersion(_) => (
            StatusCode::NOT_FOUND,
            "APIGW.0101",
            "The API does not exist or has not been published in the environment.".to_owned(),
        ),
        Error::UnknownMethod(_) => {
            (StatusCode::NOT_FOUND, "APIGW.0101", "The API does not exist.".to_owned())
        }
        Error::Unauthenticated(credential) => {
            let detail = match credential {
                Credential::UnknownKey(Some(key)) => {
                    format!("Get secretKey failed,ak:{},err:ak not exist", shortened(key, 256))
                }
                Credential::UnknownKey(None) | Credential::Absent => "x-auth-token not found".to_owned(),
                Credential::ForeignToken => "decrypt token fail".to_owned(),
                Credential::Incomplete(detail) => detail.clone(),
                Credential::Mismatch(_) => VERIFY.to_owned(),
                // observed, of a moment that is past. inferred: of one to come.
                Credential::Late { signed, now } | Credential::Early { signed, now } => format!(
                    "calc aksk signature fail:signature expired, signature time:{},server time:{}",
                    date::basic(*signed),
                    date::basic(*now),
                ),
                // inferred: what cannot be verified fails verification.
                Credential::Algorithm(_)
                | Credential::NoMoment(_)
                | Credential::Misdirected(_)
                | Credential::NoToken(_) => VERIFY.to_owned(),
                // inferred: as of a key that does not exist.
                Credential::InactiveKey(key) => format!("Get secretKey failed,ak:{key},err:ak is inactive"),
                // inferred: as of other tokens.
                Credential::OtherToken | Credential::UnknownToken => "decrypt token fail".to_owned(),
                // doc: the text. inferred: that it has the moment in this form.
                Credential::Ended(end) => format!("token expires, expires_at: {}", date::extended(*end)),
                // Does not arise: there are no nonces.
                Credential::UsedNonce => VERIFY.to_owned(),
            };
            let message = format!("Incorrect IAM authentication information: {detail}");
            (StatusCode::UNAUTHORIZED, "APIGW.0301", message)
        }
        Error::TooLarge => {
            (StatusCode::PAYLOAD_TOO_LARGE, "APIGW.0201", "Request entity too large.".to_owned())
        }
        Error::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "APIGW.0201", "Backend timeout.".to_owned()),
        // inferred: the wording; the code and the status are documented.
        Error::Throttled => (
            StatusCode::TOO_MANY_REQUESTS,
            "APIGW.0308",
            "The throttling threshold has been reached.".to_owned(),
        ),
        // doc: the service's codes and messages. inferred: what stands for {0} in them.
        Error::Unreadable(_) => bad_request("the request is not of the documented form"),
        Error::Invalid(violations) => bad_request(&violations.first().map(violation).unwrap_or_default()),
        // inferred: that this is the code, of the four that are 403.
        Error::NotAllowed(denial) => {
            (StatusCode::FORBIDDEN, "IIC.1000", format!("No permission for action {}.", denial.permission))
        }
        // doc: the code and the message. inferred: that this is what it is for.
        Error::NotFound(Thing::IdentityStore, _) => {
            (StatusCode::NOT_FOUND, "IIC.1308", "Identity store not found.".to_owned())
        }
        // inferred: that it is "not found" for an update too, whose page lists 400 and 403 only.
        Error::NotFound(thing, id) => {
            (StatusCode::NOT_FOUND, "IIC.404", format!("Not Found: {} {id}.", noun(*thing)))
        }
        // inferred: the message.
        Error::ServiceDisabled => {
            (StatusCode::NOT_FOUND, "IIC.404", "Not Found: IAM Identity Center is not enabled.".to_owned())
        }
        // doc: the code and the message. inferred: that this is what it is for.
        Error::AlreadyExists(Thing::Region, _) => {
            (StatusCode::CONFLICT, "IIC.1216", "Only one region can be registered.".to_owned())
        }
        // inferred: the nearest code.
        Error::AlreadyExists(..)
        | Error::InUse(..)
        | Error::Governed(..)
        | Error::LimitExceeded(..)
        | Error::UnderWay(..)
        | Error::ReplayMismatch => (StatusCode::CONFLICT, "IIC.1007", "Data modification failed.".to_owned()),
        // inferred: the code.
        Error::Unfit(sentence) => bad_request(sentence),
        // doc.
        Error::Conflict => {
            (StatusCode::CONFLICT, "IIC.1006", "Concurrency conflicts. Try again later.".to_owned())
        }
        // inferred: the gateway's code.
        Error::Internal(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "APIGW.0601", "Internal server error.".to_owned())
        }
    }
}

/// The same of IAM, whose codes are its own. The gateway is the same.
/// <https://support.huaweicloud.com/intl/en-us/api-iam/iam_02_0006.html>
pub(super) fn word_of_iam(error: &Error) -> (StatusCode, &'static str, String) {
    // doc: the code and the message. inferred: that it is of whatever cannot be read, too.
    let invalid =
        |what: &str| (StatusCode::BAD_REQUEST, "IAM.0007", format!("Request parameter {what} is invalid."));
    match error {
        Error::Invalid(violations) => {
            invalid(&violations.first().map(|violation| path(&violation.path)).unwrap_or_default())
        }
        Error::Unreadable(_) => invalid("query"),
        error => word(error),
    }
}

/// doc: the detail of a signature that is not the request's.
const VERIFY: &str = "verify aksk signature fail";

fn noun(thing: Thing) -> &'static str {
    match thing {
        Thing::Service => "service",
        Thing::Organization => "organization",
        Thing::Instance => "instance",
        Thing::IdentityStore => "identity store",
        Thing::Alias => "alias",
        Thing::Region => "region",
        Thing::Delegate => "delegated administrator",
        Thing::User => "user",
        Thing::Email => "email",
        Thing::Device => "mfa device",
        Thing::Setting => "configuration",
        Thing::Resource => "resource",
        Thing::Tag => "tag",
    }
}

fn bad_request(what: &str) -> (StatusCode, &'static str, String) {
    (StatusCode::BAD_REQUEST, "IIC.400", format!("Bad Request: {what}."))
}

/// The first violation is reported.
fn violation(violation: &Violation) -> String {
    let path = path(&violation.path);
    match violation.rule {
        Rule::Required => format!("{path} is required"),
        Rule::MinLength(min) => format!("{path} must have a length of at least {min}"),
        Rule::MaxLength(max) => format!("{path} must have a length of at most {max}"),
        Rule::MinValue(min) => format!("{path} must be at least {min}"),
        Rule::MaxValue(max) => format!("{path} must be at most {max}"),
        Rule::PageToken => format!("{path} is not a marker of an earlier answer"),
        Rule::Pattern(pattern) => format!("{path} must match {pattern}"),
        Rule::OneOf(words) => format!("{path} must be one of [{}]", words.join(", ")),
        Rule::Readable(what) => format!("{path} must be {what}"),
        Rule::Between(..) => format!("{path} is out of range"),
        Rule::Once => format!("{path} is given more than once"),
        Rule::Distinct => format!("{path} is a duplicate"),
        Rule::Unreserved(prefix) => format!("{path} must not begin with {prefix}"),
        Rule::Without(part) => format!("{path} must not contain {part}"),
        Rule::PasswordPolicy => format!("{path} must comply with the password policy"),
    }
}

fn path(path: &Path) -> String {
    let steps = path.iter().map(|step| match step {
        // What a caller made up is not repeated at length.
        Step::Member(name) => format!(".{}", shortened(name, 64)),
        Step::Item(i) => format!("[{i}]"),
    });
    steps.collect::<String>().trim_start_matches('.').to_owned()
}
