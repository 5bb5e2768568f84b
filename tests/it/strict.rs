//! Verified signatures: vectors of the vendors' pages, every refusal, and that nobody gets past without one.

use sanmen::TABLES;
use sanmen::alibaba::{Alibaba, acs3, rpc};
use sanmen::api::{Auth, Limits, Request, Route, Signed, Wire, date};
use sanmen::aws::sigv4;
use sanmen::domain::access_key::{AccessKey, KeyStatus, Secret};
use sanmen::domain::{Provider, Timestamp};
use sanmen::huawei::aksk;

use super::bench::{Answer, Bench, NOW, Place};
use super::hostile::everything;
use super::sign::{self, Draft, Key};

/// The moment of the bench, in both formats.
pub(crate) const MOMENT: &str = "20260102T030405Z";
pub(crate) const EXTENDED: &str = "2026-01-02T03:04:05Z";

pub(crate) fn aws_draft() -> Draft {
    let headers = [
        ("host", "127.0.0.1:7760"),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "SWBExternalService.DescribeInstance"),
    ];
    let body = r#"{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}"#;
    Draft::new("POST", "/", &headers, body)
}

pub(crate) fn aws(draft: Draft, key: &Key) -> Draft {
    sign::aws(draft, key, "us-east-1", "sso", MOMENT)
}

pub(crate) fn acs3_draft() -> Draft {
    let headers = [
        ("host", "127.0.0.1:7760"),
        ("x-acs-action", "GetMFAAuthenticationSettingInfo"),
        ("x-acs-version", "2021-05-15"),
    ];
    Draft::new("POST", "/?DirectoryId=d-001111111111", &headers, "")
}

pub(crate) fn rpc_draft() -> Draft {
    let target = "/?Action=GetMFAAuthenticationSettingInfo&Version=2021-05-15&Format=JSON";
    let headers =
        [("host", "127.0.0.1:7760"), ("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    Draft::new("POST", target, &headers, "DirectoryId=d-001111111111")
}

pub(crate) fn huawei_draft() -> Draft {
    let headers = [("host", "127.0.0.1:7760"), ("content-type", "application/json")];
    Draft::new("GET", "/v1/instances/ins-1111111111111111/sso-configuration?x=1", &headers, "")
}

/// The key of the management account.
pub(crate) fn management(provider: Provider) -> Key {
    let digits = match provider.0 {
        "aws" => 12,
        "alibaba" => 16,
        _ => 32,
    };
    Key::seeded("1", digits)
}

pub(crate) async fn send(bench: &Bench, draft: &Draft) -> Answer {
    bench.send(draft.request().expect("a request")).await
}

/// The code of an error, whichever vendor's it is.
pub(crate) fn code(answer: &Answer) -> String {
    let text = answer.text();
    if let Some((_, rest)) = text.split_once("<Code>") {
        return rest.split('<').next().expect("a code").to_owned();
    }
    let body = answer.json();
    let code = ["__type", "Code", "error_code"].iter().find_map(|member| body[*member].as_str());
    code.unwrap_or_else(|| panic!("no code: {body}")).to_owned()
}

fn read(draft: &Draft) -> Request {
    let (parts, body) = draft.request().expect("a request").into_parts();
    drop(body);
    Request { parts, body: draft.body.clone().into(), id: "id".to_owned() }
}

fn verified<'a>(signed: sanmen::domain::Result<impl Signed + 'a>, secret: &str) -> bool {
    let signed = signed.unwrap_or_else(|error| panic!("{error}"));
    signed.matches(secret) && !signed.matches(&format!("{secret}x")) && !signed.matches("")
}

/// doc: the AWS test suite, get-vanilla.
#[test]
fn the_vector_of_aws_is_verified() {
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    let headers = [
        ("host", "example.amazonaws.com"),
        ("x-amz-date", "20150830T123600Z"),
        ("authorization", authorization),
    ];
    let request = read(&Draft::new("GET", "/", &headers, ""));
    let now = date::parse_basic("20150830T123600Z").expect("a moment");
    assert!(verified(sigv4::read(&request, "service", now), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
}

/// doc: "V3 request structure and signature", two requests with their signatures; and one made by the SDK.
#[test]
fn the_vectors_of_alibaba_v3_are_verified() {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let image = "/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai";
    let user = "/?DirectoryId=d-00fc2p61abcd&UserName=Alice+Lee%40x.y&Description=a%2Bb*~%C3%A9%E4%B8%AD&Tags.1.Key=k+1&Tags.1.Value=";
    let documented = ("ecs.cn-shanghai.aliyuncs.com", "RunInstances", "2014-05-26", image);
    let own = ("cloudsso.cn-shanghai.aliyuncs.com", "CreateUser", "2021-05-15", user);
    for ((host, action, version, target), nonce, moment, (key, secret), signature) in [
        (
            documented,
            "3156853299f313e23d1673dc12e1703d",
            "2023-10-26T10:22:32Z",
            ("YourAccessKeyId", "YourAccessKeySecret"),
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        ),
        (
            documented,
            "d410180a5abf7fe235dd9b74aca91fc0",
            "2023-10-26T09:01:01Z",
            ("YourAccessKeyId", "YourAccessKeySecret"),
            "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804",
        ),
        (
            own,
            "0123456789abcdef0123456789abcdef",
            "2026-01-02T03:04:05Z",
            ("LTAIexample", "secretExample"),
            "e3e04f1e9641a9bc75571c47303965a9b5e8ce9058aa2d5fcdaef4cdbd7bafd0",
        ),
    ] {
        let names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
        let authorization =
            format!("ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}");
        let headers = [
            ("host", host),
            ("x-acs-action", action),
            ("x-acs-version", version),
            ("x-acs-date", moment),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-content-sha256", EMPTY),
            ("authorization", &authorization),
        ];
        let request = read(&Draft::new("POST", target, &headers, ""));
        let now = date::parse_extended(moment).expect("a moment");
        assert!(verified(acs3::read(&request, &Alibaba::read(&request), now), secret), "{signature}");
    }
}

/// sdk: one request by both methods.
#[test]
fn the_vectors_of_alibaba_v1_are_verified() {
    let params = "Action=GetDirectory&Format=JSON&Version=2021-05-15&AccessKeyId=LTAIexample&SignatureMethod=HMAC-SHA1\
        &SignatureVersion=1.0&SignatureNonce=0123456789abcdef&Timestamp=2026-01-02T03%3A04%3A05Z\
        &DirectoryId=d-00fc2p61abcd&Note=a%20b%2Bc%2A~%C3%A9";
    for (method, signature) in
        [("GET", "qgIBxSGXx9csQW3hp6y3pEytAhc%3D"), ("POST", "ZEmuP4g%2FHsmsaWq54s6CfPoIel4%3D")]
    {
        let request = read(&Draft::new(method, &format!("/?{params}&Signature={signature}"), &[], ""));
        let message = Alibaba::read(&request);
        assert!(verified(rpc::read(&request, &message, NOW), "secretExample"), "{method}");
    }
}

/// sdk: requests of the SDK's signer.
#[test]
fn the_vectors_of_huawei_are_verified() {
    let session = r#"{"configuration_type": "SESSION", "sso_configuration": {"session_configuration": {"max_authentication_age": "PT8H"}}}"#;
    for (method, target, (name, value), body, authorization) in [
        (
            "GET",
            "/v1/instances?limit=10",
            ("x-domain-id", "0123456789abcdef0123456789abcdef"),
            "",
            "SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=content-type;host;x-domain-id;x-sdk-date, \
             Signature=10fe2dea94eff04512b18f59d79743c15c86e27c3149462fdda3ceacd36989f1",
        ),
        (
            "POST",
            "/v1/instances/ins-0123456789abcdef/sso-configuration",
            ("x-unsigned", "1"),
            session,
            "SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=content-type;host;x-sdk-date, \
             Signature=054505c9ca952442510998970b90b1ec73a568d26f0cba2fac32db4b267a4823",
        ),
        (
            "GET",
            "/v1/instances/identitycenter%3Apermissionset/ps-0123456789abcdef/tags?limit=5&marker=a%20b",
            ("x-security-token", "TOK"),
            "",
            "SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=content-type;host;x-sdk-date;x-security-token, \
             Signature=b1e585778716ce5677a7c41c8bc5ca902e16a857e1acb3278e7df41966b1173c",
        ),
        (
            "GET",
            "/v1/instances",
            ("x-unsigned", "1"),
            "",
            "V11-HMAC-SHA256 Credential=AKEXAMPLE/20250101/globe/identitycenter, \
             SignedHeaders=content-type;host;x-sdk-date, \
             Signature=82055209bbd4d9b490184626917abc052874e824394e70829688e4067ab8936d",
        ),
    ] {
        let headers = [
            ("host", "127.0.0.1:8080"),
            ("x-sdk-date", "20250101T000000Z"),
            ("content-type", "application/json"),
            (name, value),
            ("authorization", authorization),
        ];
        let request = read(&Draft::new(method, target, &headers, body));
        assert!(verified(aksk::read(&request), "SKEXAMPLE"), "{authorization}");
    }
}

/// A request to an operation, with an empty body, signed by a key.
fn call(provider: Provider, prefix: &str, name: &str, route: Route, key: &Key) -> Draft {
    match (provider.0, route) {
        ("aws", _) => {
            let target = format!("{prefix}.{name}");
            aws(Draft { body: b"{}".to_vec(), ..aws_draft() }.with("x-amz-target", &target), key)
        }
        (_, Route::Path(method, path)) => {
            let path = path.replace("{instance_id}", "ins-1111111111111111");
            let (method, target) = (method.to_owned(), path);
            sign::huawei(Draft { method, target, ..huawei_draft() }, key, MOMENT, None)
        }
        (_, Route::Name) => sign::acs3(acs3_draft().with("x-acs-action", name), key, EXTENDED, name),
    }
}

#[tokio::test]
async fn no_operation_is_reached_without_a_signature() {
    let bench = Bench::strict().await;
    let before = everything(&bench).await;
    let mut served = 0;
    for table in TABLES {
        for (service, entry) in table.entries().filter(|(service, _)| service.name != "sts") {
            served += 1;
            let provider = table.provider;
            let call = |key: &Key| call(provider, service.prefix, entry.spec.name, entry.spec.route, key);
            let good = management(provider);
            let unknown = Key { id: "AKUNKNOWN".to_owned(), ..good.clone() };
            let wrong = Key { secret: "wrong".to_owned(), ..good.clone() };
            let signed = call(&good);
            let cut = signed.header("authorization").rsplit_once('=').expect("a signature").0.to_owned();
            let (none, bad, missing) = match provider.0 {
                "aws" => (
                    "MissingAuthenticationTokenException",
                    "InvalidSignatureException",
                    "UnrecognizedClientException",
                ),
                "alibaba" => ("MissingAccessKeyId", "SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound"),
                _ => ("APIGW.0301", "APIGW.0301", "APIGW.0301"),
            };
            for (what, draft, expected) in [
                ("unsigned", signed.clone().without("authorization"), none),
                ("a wrong secret", call(&wrong), bad),
                ("an unknown key", call(&unknown), missing),
                ("a made-up signature", signed.clone().with("authorization", &format!("{cut}=0")), bad),
            ] {
                let answer = send(&bench, &draft).await;
                let name = entry.spec.name;
                assert!((400..=404).contains(&answer.status), "{name}: {what}: {}", answer.text());
                assert_eq!(code(&answer), expected, "{name}: {what}");
            }
            // It may well do something: that is for another world.
            let answer = send(&Bench::strict().await, &signed).await;
            let refused = answer.header("x-sanmen-explain");
            assert_eq!(refused, "", "{}: with a signature it is reached", entry.spec.name);
        }
    }
    assert!(served > 5);
    assert!(everything(&bench).await == before, "something has changed");
}

/// A world with one more key, which is added as it is.
pub(crate) async fn with_key(
    bench: &Bench,
    provider: Provider,
    key: &Key,
    status: KeyStatus,
    ends: Option<i64>,
) {
    let added = AccessKey {
        id: key.id.clone(),
        account: management(provider).id,
        secret: Secret(key.secret.clone()),
        status,
        expires: ends.map(|ends| Timestamp(NOW.0 + ends)),
        session_token: key.token.clone().map(Secret),
    };
    let added = bench.world.add_key(provider, &added).await.expect("a world");
    assert_eq!(added, sanmen::world::Added::Done);
}

/// doc, for each of the three: which keys may be used. A signature is made by the key in each case.
#[tokio::test]
async fn a_key_may_be_used_while_it_is_active_and_not_over_and_with_its_token() {
    let strict = Bench::strict().await;
    let lenient = Bench::guarded("default", Place::Memory, Limits::default(), Auth::default()).await;
    let key = |id: &str, token: Option<&str>| Key {
        id: id.to_owned(),
        secret: "s".to_owned(),
        token: token.map(str::to_owned),
    };
    for table in TABLES {
        let provider = table.provider;
        for bench in [&strict, &lenient] {
            for (key, status, ends) in [
                (key("active", None), KeyStatus::Active, None),
                (key("ends", None), KeyStatus::Active, Some(1)),
                (key("inactive", None), KeyStatus::Inactive, None),
                (key("ended", None), KeyStatus::Active, Some(0)),
                (key("temporary", Some("t1")), KeyStatus::Active, Some(1)),
                (key("forever", Some("t2")), KeyStatus::Active, None),
                (key("over", Some("t3")), KeyStatus::Active, Some(0)),
                (key("both", Some("t4")), KeyStatus::Inactive, Some(-1)),
            ] {
                with_key(bench, provider, &key, status, ends).await;
            }
        }
        let inactive = [
            "UnrecognizedClientException",
            "InvalidAccessKeyId.Inactive",
            "APIGW.0301: Incorrect IAM authentication information: Get secretKey failed,ak:KEY,err:ak is inactive",
        ];
        let no_token = [
            "UnrecognizedClientException",
            "MissingSecurityToken",
            "APIGW.0301: Incorrect IAM authentication information: verify aksk signature fail",
        ];
        let other = [
            "UnrecognizedClientException",
            "InvalidSecurityToken.MismatchWithAccessKey",
            "APIGW.0301: Incorrect IAM authentication information: decrypt token fail",
        ];
        let nobody = [
            "UnrecognizedClientException",
            "InvalidSecurityToken.Malformed",
            "APIGW.0301: Incorrect IAM authentication information: decrypt token fail",
        ];
        let over = [
            "ExpiredTokenException",
            "InvalidSecurityToken.Expired",
            "APIGW.0301: Incorrect IAM authentication information: token expires, expires_at: 2026-01-02T03:04:05Z",
        ];
        for (i, (id, token, expected)) in [
            ("active", None, None),
            ("ends", None, None),
            ("temporary", Some("t1"), None),
            ("forever", Some("t2"), None),
            ("inactive", None, Some(inactive)),
            ("ended", None, Some(inactive)),
            ("both", Some("t4"), Some(inactive)),
            ("temporary", None, Some(no_token)),
            ("temporary", Some("t2"), Some(other)),
            ("active", Some("t2"), Some(other)),
            ("temporary", Some("x"), Some(nobody)),
            ("active", Some("x"), Some(nobody)),
            ("over", Some("t3"), Some(over)),
            ("over", Some("t1"), Some(other)),
        ]
        .into_iter()
        .enumerate()
        {
            let key = key(id, token);
            let draft = match provider.0 {
                "aws" => aws(aws_draft(), &key),
                "alibaba" if i % 2 == 0 => sign::acs3(acs3_draft(), &key, EXTENDED, &i.to_string()),
                "alibaba" => sign::rpc(rpc_draft(), &key, EXTENDED, &i.to_string(), i % 4 == 1),
                _ => sign::huawei(huawei_draft(), &key, MOMENT, (i % 2 == 0).then_some("globe/x")),
            };
            let answer = send(&strict, &draft).await;
            let found = match answer.status {
                200 => None,
                _ if provider.0 == "huawei" => {
                    Some(format!("{}: {}", code(&answer), answer.json()["error_msg"].as_str().expect("text")))
                }
                _ => Some(code(&answer)),
            };
            let vendor = TABLES.iter().position(|other| other.provider == provider).expect("a vendor");
            let expected = expected.map(|expected| expected[vendor].replace("KEY", id));
            assert_eq!(found, expected, "{} {id} {token:?}", provider.0);
            assert_eq!(send(&lenient, &draft).await.status, 200, "lenient: {} {id}", provider.0);
        }
    }
}
