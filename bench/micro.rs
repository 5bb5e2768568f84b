//! What the parts of a request cost, one by one, without a network: decoding, checking, verifying a signature of each
//! scheme, and one read and one write through the whole gate, with the world in memory and in a file.
//!
//! `cargo bench --bench micro [-- NAME]`

use std::cell::Cell;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use sanmen::api::{Auth, Check, Limits, Operation, Params, Request, Wire, date, decode};
use sanmen::aws::instance::CreateInstance;
use sanmen::{alibaba, aws, huawei};
use tokio::runtime::Runtime;

#[path = "../tests/it/bench.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod bench;
#[path = "../tests/it/place.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod place;
#[path = "../tests/it/sign.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod sign;

use bench::{Bench, NOW, Place};
use sign::{Draft, Key};

const BODY: &str =
    r#"{"Name": "sandbox", "ClientToken": "token-1", "Tags": [{"Key": "team", "Value": "identity"}]}"#;

fn decoding(criterion: &mut Criterion) {
    let params = Params { body: Some(BODY.into()), ..Params::default() };
    criterion.bench_function("decode", |bencher| {
        bencher.iter(|| decode::decode::<CreateInstance>(black_box(&params)).expect("a request"));
    });
    let (request, violations) = decode::decode::<CreateInstance>(&params).expect("a request");
    assert!(violations.is_empty());
    criterion.bench_function("check", |bencher| {
        bencher.iter(|| {
            let mut check = Check::new();
            black_box(&request).check(&mut check);
            check.into_violations()
        });
    });
}

fn aws_request() -> Draft {
    let headers = [
        ("host", "127.0.0.1:7760"),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "SWBExternalService.DescribeInstance"),
    ];
    let body = r#"{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}"#;
    let draft = Draft::new("POST", "/", &headers, body);
    sign::aws(draft, &Key::seeded("1", 12), "us-east-1", "sso", &date::basic(NOW))
}

fn acs3_request() -> Draft {
    let headers = [
        ("host", "127.0.0.1:7760"),
        ("x-acs-action", "GetMFAAuthenticationSettingInfo"),
        ("x-acs-version", "2021-05-15"),
    ];
    let draft = Draft::new("POST", "/?DirectoryId=d-001111111111", &headers, "");
    sign::acs3(draft, &Key::seeded("1", 16), &date::extended(NOW), "nonce")
}

fn rpc_request() -> Draft {
    let target =
        "/?Action=GetMFAAuthenticationSettingInfo&Version=2021-05-15&Format=JSON&DirectoryId=d-001111111111";
    let draft = Draft::new("GET", target, &[("host", "127.0.0.1:7760")], "");
    sign::rpc(draft, &Key::seeded("1", 16), &date::extended(NOW), "nonce", false)
}

fn huawei_request() -> Draft {
    let headers = [("host", "127.0.0.1:7760"), ("content-type", "application/json")];
    let draft = Draft::new("GET", "/v1/instances/ins-1111111111111111/sso-configuration", &headers, "");
    sign::huawei(draft, &Key::seeded("1", 32), &date::basic(NOW), None)
}

/// From a request that has been read to the answer whether its signature is right.
fn signature<W: Wire>(criterion: &mut Criterion, name: &str, draft: &Draft) {
    let (parts, _) = draft.request().expect("a request").into_parts();
    let request = Request { parts, body: draft.body.clone().into(), id: String::new() };
    let message = W::read(&request);
    let call = W::route(&request, &message).expect("an operation");
    criterion.bench_with_input(BenchmarkId::new("signature", name), &request, |bencher, request| {
        bencher.iter(|| {
            let signed = W::signed(request, &message, &call, NOW).expect("a signature");
            assert!(signed.matches("sanmen"));
        });
    });
}

fn signatures(criterion: &mut Criterion) {
    signature::<aws::Aws>(criterion, "AWS SigV4", &aws_request());
    signature::<alibaba::Alibaba>(criterion, "Alibaba Cloud V3", &acs3_request());
    signature::<alibaba::Alibaba>(criterion, "Alibaba Cloud V1", &rpc_request());
    signature::<huawei::Huawei>(criterion, "Huawei Cloud", &huawei_request());
}

/// One read and one write through the gate: all but the network.
fn gate(criterion: &mut Criterion, runtime: &Runtime, place: Place) {
    let begin = |auth| runtime.block_on(Bench::guarded("default", place, Limits::default(), auth));
    let (lenient, strict) = (begin(Auth::default()), begin(Auth { strict: true, explain: false }));
    for (mode, bench) in [("lenient", &lenient), ("strict", &strict)] {
        let name = format!("DescribeInstance, {mode}");
        criterion.bench_with_input(BenchmarkId::new(name, format!("{place:?}")), bench, |bencher, bench| {
            let draft = aws_request();
            bencher.iter(|| {
                let answer = runtime.block_on(bench.send(draft.request().expect("a request")));
                assert_eq!(answer.status, 200);
            });
        });
    }
    let account = Cell::new(500_000_000_000_u64);
    criterion.bench_with_input(
        BenchmarkId::new("CreateInstance", format!("{place:?}")),
        &lenient,
        |bencher, bench| {
            bencher.iter(|| {
                account.set(account.get() + 1);
                let answer = runtime.block_on(bench.aws(&account.get().to_string(), "CreateInstance", BODY));
                assert_eq!(answer.status, 200);
            });
        },
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    decoding(&mut criterion);
    signatures(&mut criterion);
    let runtime = Runtime::new().expect("a runtime");
    for place in [Place::Memory, Place::File] {
        gate(&mut criterion, &runtime, place);
    }
    criterion.final_summary();
}
