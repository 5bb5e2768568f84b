//! Errors in each vendor's words: those that no operation provokes yet, or only a fault of ours does.

use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use sanmen::alibaba::Alibaba;
use sanmen::api::{Request, Wire};
use sanmen::aws::Aws;
use sanmen::domain::{Authority, Credential, Error, Thing, Timestamp};
use sanmen::huawei::Huawei;
use serde_json::Value;

type Worded = (u16, &'static str);

async fn worded(response: Response, member: &str) -> (u16, String) {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    (status, body[member].as_str().expect("a code").to_owned())
}

fn request() -> Request {
    let (parts, ()) = http::Request::get("/?Format=JSON").body(()).expect("a request").into_parts();
    Request { parts, body: Bytes::new(), id: "id".to_owned() }
}

fn failure<W: Wire>(error: &Error) -> Response {
    W::failure(&request(), &W::read(&request()), error)
}

/// doc, where a page has it: the gateway's codes of Alibaba Cloud and Huawei Cloud, the types of AWS; the rest is
/// inferred, as `words.rs` of each vendor says.
#[tokio::test]
async fn every_vendor_words_every_kind_of_error() {
    let cases: Vec<(Error, Worded, Worded, Worded)> = vec![
        (
            Error::internal("the disk is on fire"),
            (500, "InternalServerException"),
            (500, "InternalError"),
            (500, "APIGW.0601"),
        ),
        (Error::Conflict, (400, "ConflictException"), (429, "ConcurrentCallNotSupported"), (409, "IIC.1006")),
        (Error::Throttled, (400, "ThrottlingException"), (400, "Throttling"), (429, "APIGW.0308")),
        (Error::TimedOut, (400, "RequestTimeoutException"), (503, "ServiceUnavailable"), (504, "APIGW.0201")),
        (
            Error::TooLarge,
            (400, "RequestEntityTooLargeException"),
            (413, "RequestEntityTooLarge"),
            (413, "APIGW.0201"),
        ),
        (
            Error::Unauthenticated(Credential::Absent),
            (400, "MissingAuthenticationTokenException"),
            (400, "MissingAccessKeyId"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Incomplete("x".to_owned())),
            (400, "IncompleteSignatureException"),
            (400, "IncompleteSignature"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Misdirected("x".to_owned())),
            (400, "InvalidSignatureException"),
            (400, "IncompleteSignature"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Algorithm("x".to_owned())),
            (400, "IncompleteSignatureException"),
            (400, "InvalidSignatureMethod"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::NoMoment("x".to_owned())),
            (400, "IncompleteSignatureException"),
            (400, "InvalidTimeStamp.Format"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Late { signed: Timestamp(0), now: Timestamp(1) }),
            (400, "InvalidSignatureException"),
            (400, "InvalidTimeStamp.Expired"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Early { signed: Timestamp(1), now: Timestamp(0) }),
            (400, "InvalidSignatureException"),
            (400, "InvalidTimeStamp.Expired"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::UnknownKey(Some("AK".to_owned()))),
            (400, "UnrecognizedClientException"),
            (404, "InvalidAccessKeyId.NotFound"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::InactiveKey("AK".to_owned())),
            (400, "UnrecognizedClientException"),
            (400, "InvalidAccessKeyId.Inactive"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::NoToken("AK".to_owned())),
            (400, "UnrecognizedClientException"),
            (400, "MissingSecurityToken"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::OtherToken),
            (400, "UnrecognizedClientException"),
            (400, "InvalidSecurityToken.MismatchWithAccessKey"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::UnknownToken),
            (400, "UnrecognizedClientException"),
            (400, "InvalidSecurityToken.Malformed"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::Ended(Timestamp(0))),
            (400, "ExpiredTokenException"),
            (400, "InvalidSecurityToken.Expired"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::ForeignToken),
            (400, "UnrecognizedClientException"),
            (403, "UnsupportedSignatureType"),
            (401, "APIGW.0301"),
        ),
        (
            Error::Unauthenticated(Credential::UsedNonce),
            (400, "UnrecognizedClientException"),
            (400, "SignatureNonceUsed"),
            (401, "APIGW.0301"),
        ),
        (
            Error::NotFound(Thing::Instance, "x".to_owned()),
            (400, "ResourceNotFoundException"),
            (404, "EntityNotExists.Directory"),
            (404, "IIC.404"),
        ),
        (
            Error::AlreadyExists(Thing::Instance, "x".to_owned()),
            (400, "ConflictException"),
            (409, "EntityAlreadyExists.Directory"),
            (409, "IIC.1007"),
        ),
        (
            Error::NotFound(Thing::Organization, "x".to_owned()),
            (400, "ResourceNotFoundException"),
            (409, "PreconditionFailed.ResourceDirectory"),
            (404, "IIC.404"),
        ),
        (
            Error::Governed(Authority::Synchronization),
            (400, "ConflictException"),
            (409, "OperationConflict.SCIMSynchronized"),
            (409, "IIC.1007"),
        ),
        (
            Error::Governed(Authority::ExternalSignIn),
            (400, "ConflictException"),
            (409, "OperationConflict.SSOStatus"),
            (409, "IIC.1007"),
        ),
        (
            Error::InUse(Thing::Service, Thing::Instance),
            (400, "ConflictException"),
            (409, "DeletionConflict.Directory"),
            (409, "IIC.1007"),
        ),
        (
            Error::LimitExceeded(Thing::User, 1000),
            (400, "ServiceQuotaExceededException"),
            (409, "LimitExceeded.User"),
            (409, "IIC.1007"),
        ),
        (
            Error::ReplayMismatch,
            (400, "IdempotentParameterMismatch"),
            (400, "IdempotentParameterMismatch"),
            (409, "IIC.1007"),
        ),
        (
            Error::ServiceDisabled,
            (400, "AccessDeniedException"),
            (409, "PreconditionFailed.Service"),
            (404, "IIC.404"),
        ),
    ];
    for (error, aws, alibaba, huawei) in cases {
        let found = [
            worded(failure::<Aws>(&error), "__type").await,
            worded(failure::<Alibaba>(&error), "Code").await,
            worded(failure::<Huawei>(&error), "error_code").await,
        ];
        let expected = [aws, alibaba, huawei].map(|(status, code)| (status, code.to_owned()));
        assert_eq!(found, expected, "{error}");
    }
}

/// The caller learns no more of a fault of ours than that there is one.
#[tokio::test]
async fn the_source_of_a_fault_is_not_told() {
    let error = Error::internal("secret-table");
    let aws = failure::<Aws>(&error);
    for response in [aws, failure::<Alibaba>(&error), failure::<Huawei>(&error)] {
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("secret-table"));
    }
}
