//! What surrounds a signature: what is said of one that is wrong, keys that change meanwhile, time that goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sanmen::alibaba::rpc::Method;
use sanmen::api::{Auth, Limits};
use sanmen::domain::access_key::{self, KeyStatus};
use sanmen::domain::{Clock, Credential, Error, SeededIds, Timestamp};
use sanmen::server::Gate;
use sanmen::server::access::{Access, Names, Peer};
use sanmen::world::World;
use sanmen::{alibaba, aws, huawei, seed};

use super::bench::{Bench, NOW};
use super::sign::{self, Draft, Key};
use super::strict::{
    EXTENDED, MOMENT, acs3_draft, aws_draft, code, huawei_draft, management, rpc_draft, send, with_key,
};

/// Mistakes that signers make: what was signed, and what was sent. The answer names them.
#[tokio::test]
async fn the_mistakes_of_signers_are_named() {
    let bench = Bench::strict().await;
    let aws_key = management(aws::PROVIDER);
    let aws = |draft| sign::aws(draft, &aws_key, "us-east-1", "sso", MOMENT);
    let huawei = |draft| sign::huawei(draft, &management(huawei::PROVIDER), MOMENT, None);
    let rpc = |draft, key: &Key, sha256| sign::rpc(draft, key, EXTENDED, "n", sha256);
    let alibaba_key = management(alibaba::PROVIDER);
    let with_and = Key { secret: "sanmen&".to_owned(), ..alibaba_key.clone() };
    let empty = |draft: Draft| Draft { body: Vec::new(), ..draft };
    let at = |target: &str, draft: Draft| Draft { target: target.to_owned(), ..draft };
    let renamed = |draft: Draft, from: &str, to: &str| at(&draft.target.replace(from, to), draft.clone());
    let signed = aws(aws_draft());
    let post = Draft { method: "POST".to_owned(), body: b"{}".to_vec(), ..huawei_draft() };
    let mut plain = rpc(rpc_draft(), &alibaba_key, false);
    plain.body = b"DirectoryId=d-001111111111&Note=a".to_vec();
    let in_query = rpc(at(&format!("{}&Note=a%20b", rpc_draft().target), rpc_draft()), &alibaba_key, false);
    for (draft, expected) in [
        (Draft { body: aws_draft().body, ..aws(empty(aws_draft())) }, "the body was taken for an empty one"),
        (at("/?a=1", signed.clone()), "the query was left out"),
        (at("/prefix", signed.clone()), "the path was taken for /"),
        (
            aws(aws_draft().with("host", "127.0.0.1")).with("host", "127.0.0.1:7760"),
            "the port was left out of the host",
        ),
        (
            Draft { body: post.body.clone(), ..huawei(empty(post.clone())) },
            "the body was taken for an empty one",
        ),
        (Draft { method: "POST".to_owned(), ..huawei(huawei_draft()) }, "the method was taken for GET"),
        (
            sign::acs3(acs3_draft(), &with_and, EXTENDED, "n"),
            "the secret has the & at its end that only the older protocol has",
        ),
        (
            sign::acs3(acs3_draft(), &alibaba_key, EXTENDED, "n").with("x-acs-content-sha256", "0"),
            "x-acs-content-sha256 is not the hash of the body",
        ),
        (
            Draft { method: "GET".to_owned(), ..rpc(rpc_draft(), &alibaba_key, false) },
            "the method was taken for another one",
        ),
        (renamed(rpc(rpc_draft(), &alibaba_key, true), "HMAC-SHA256", "HMAC-SHA1"), "none"),
        (plain, "none"),
        (renamed(in_query, "Note=a%20b", "Note=a+c"), "none"),
        (aws(aws_draft()).with("x-amz-target", "SWBExternalService.CreateInstance"), "none"),
    ] {
        let answer = send(&bench, &draft).await;
        let explained = answer.header("x-sanmen-explain");
        let expected = match expected {
            "none" => "the signature is not the request's".to_owned(),
            slip => format!("the signature is not the request's: {slip}"),
        };
        assert_eq!(explained, expected, "{draft:?}: {}", answer.text());
        assert!(!answer.header("x-sanmen-canonical-request").is_empty());
        assert!(answer.header("x-sanmen-string-to-sign").contains("\\n") || draft.target.contains("Action="));
    }
}

/// Those of V1, whose text to sign the answer tells: it is changed as a signer would have it, and signed.
#[tokio::test]
async fn the_mistakes_of_signers_of_v1_are_named() {
    let bench = Bench::strict().await;
    let target = format!("{}&Note=a%20b", rpc_draft().target);
    let draft =
        sign::rpc(Draft { target, ..rpc_draft() }, &management(alibaba::PROVIDER), EXTENDED, "n", false);
    let (unsigned, _) = draft.target.split_once("&Signature=").expect("a signature");
    let with = |signature: &str| Draft {
        target: format!("{unsigned}&Signature={}", sign::encode(signature.as_bytes())),
        ..draft.clone()
    };
    let text = send(&bench, &with("0")).await.header("x-sanmen-string-to-sign").to_owned();
    let sha1 = |key: &str, text: &str| Method::Sha1.sign(key.as_bytes(), text.as_bytes());
    for (signature, expected) in [
        (sha1("sanmen", &text), "the secret lacks the & at its end"),
        (sha1("sanmen&", &text.replacen("POST", "GET", 1)), "the method was taken for another one"),
        (Method::Sha256.sign(b"sanmen&", text.as_bytes()), "the hash is not that of SignatureMethod"),
        (
            sha1("sanmen&", &text.replace("DirectoryId%3Dd-001111111111%26", "")),
            "the parameters of the form were left out",
        ),
        (sha1("sanmen&", &text.replace("%2520", "%252B")), "spaces were encoded as +, not as %20"),
    ] {
        let explained = send(&bench, &with(&signature)).await.header("x-sanmen-explain").to_owned();
        assert_eq!(explained, format!("the signature is not the request's: {expected}"));
    }
    assert_eq!(
        send(&bench, &with(&sha1("sanmen&", &text))).await.status,
        200,
        "what is told is what is signed"
    );
}

/// Nothing of it without --explain.
#[tokio::test]
async fn what_is_not_asked_for_is_not_explained() {
    let auth = Auth { strict: true, explain: false };
    let bench = Bench::guarded("default", super::bench::Place::Memory, Limits::default(), auth).await;
    let answer = send(&bench, &aws_draft()).await;
    assert_eq!(code(&answer), "MissingAuthenticationTokenException");
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-sanmen")));
}

/// doc: V3, the content type is to be signed. inferred: that of no content is let pass.
#[tokio::test]
async fn the_type_of_a_body_is_signed_with_it() {
    let bench = Bench::strict().await;
    let key = management(alibaba::PROVIDER);
    let form = Draft { body: b"Note=a".to_vec(), ..acs3_draft() };
    let types = ("content-type", "application/x-www-form-urlencoded");
    let signed = |draft: Draft, nonce: &str| sign::acs3(draft, &key, EXTENDED, nonce);
    for (draft, expected) in [
        (signed(acs3_draft(), "a").with(types.0, types.1), 200),
        (signed(form.clone(), "b").with(types.0, types.1), 400),
        (signed(form.clone().with(types.0, types.1), "c"), 200),
        (signed(form, "d"), 200),
    ] {
        let answer = send(&bench, &draft).await;
        assert_eq!(answer.status, expected, "{}", answer.text());
        if expected == 400 {
            assert_eq!(code(&answer), "IncompleteSignature");
        }
    }
}

/// A list of headers that names one again and again would copy its value as often, for anybody.
#[tokio::test]
async fn a_list_that_nobody_would_sign_is_refused_at_once() {
    let bench = Bench::strict().await;
    let (long, list) = ("v".repeat(50_000), format!(";{}", "h;H;".repeat(10_000)));
    for (draft, expected) in [
        (
            sign::aws(aws_draft(), &management(aws::PROVIDER), "us-east-1", "sso", MOMENT),
            "IncompleteSignatureException",
        ),
        (sign::acs3(acs3_draft(), &management(alibaba::PROVIDER), EXTENDED, "n"), "IncompleteSignature"),
        (sign::huawei(huawei_draft(), &management(huawei::PROVIDER), MOMENT, None), "APIGW.0301"),
    ] {
        let longer =
            draft.header("authorization").replace("SignedHeaders=", &format!("SignedHeaders=h{list}"));
        let answer = send(&bench, &draft.with("h", &long).with("authorization", &longer)).await;
        assert_eq!(code(&answer), expected);
        assert!(answer.body.len() < 20_000, "{}", answer.body.len());
    }
}

/// What cannot be read of credentials is not taken for absent.
#[tokio::test]
async fn a_token_that_is_no_text_is_the_token_of_nobody() {
    let bench = Bench::strict().await;
    for (draft, token, expected) in [
        (aws_draft(), "x-amz-security-token", "UnrecognizedClientException"),
        (acs3_draft(), "x-acs-security-token", "InvalidSecurityToken.Malformed"),
        (acs3_draft(), "x-acs-bearer-token", "UnsupportedSignatureType"),
        (huawei_draft(), "x-security-token", "APIGW.0301"),
    ] {
        // Signed with a byte in place of another: the token is looked at first.
        let draft = draft.with(token, "x");
        let signed = match token {
            "x-amz-security-token" => {
                sign::aws(draft, &management(aws::PROVIDER), "us-east-1", "sso", MOMENT)
            }
            "x-security-token" => sign::huawei(draft, &management(huawei::PROVIDER), MOMENT, None),
            _ => sign::acs3(draft, &management(alibaba::PROVIDER), EXTENDED, token),
        };
        let mut request = signed.request().expect("a request");
        let unreadable = http::HeaderValue::from_bytes(b"\xff").expect("a value");
        *request.headers_mut().get_mut(token).expect("the token") = unreadable;
        assert_eq!(code(&bench.send(request).await), expected, "{token}");
    }
}

/// A key that was verified, and is changed before the work begins, does not do the work.
#[tokio::test]
async fn a_key_that_changes_meanwhile_is_not_believed() {
    let bench = Bench::new().await;
    let (provider, world) = (aws::PROVIDER, &bench.world);
    let key = Key { id: "AKIDMEANWHILE".to_owned(), secret: "s".to_owned(), token: None };
    with_key(&bench, provider, &key, KeyStatus::Active, None).await;
    let found = world.keys_by_id(&[provider], &key.id).await.expect("keys");
    let [(_, before)] = found.as_slice() else { panic!("{found:?}") };
    let unchanged = || async {
        let mut tx = world.store.read().await.expect("a transaction");
        access_key::unchanged(&mut tx, provider, before).await
    };
    assert_eq!(unchanged().await.expect("an account").id, before.account);
    let change = world.change_key(provider, &key.id, |key| key.status = KeyStatus::Inactive);
    change.await.expect("changed");
    let error = unchanged().await.expect_err("it is disabled");
    assert!(matches!(error, Error::Unauthenticated(Credential::InactiveKey(_))), "{error}");
    world.delete_key(provider, &key.id).await.expect("deleted");
    with_key(&bench, provider, &Key { secret: "another".to_owned(), ..key }, KeyStatus::Active, None).await;
    let error = unchanged().await.expect_err("it is another one");
    assert!(matches!(error, Error::Unauthenticated(Credential::UnknownKey(_))), "{error}");
}

/// A clock that is set by hand.
struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// For as long as a request would not be refused for its age, it is for its nonce; and nonces are not kept for ever.
#[tokio::test]
async fn a_nonce_is_remembered_for_as_long_as_it_could_be_used() {
    let clock = Arc::new(Moved(AtomicI64::new(NOW.0)));
    let (_kept, store) = super::bench::Place::Memory.open().await;
    let estate = seed::load("default").expect("a seed");
    let world =
        World::open(store, estate, clock.clone(), Arc::new(SeededIds::new(7))).await.expect("a world");
    let auth = Auth { strict: true, explain: false };
    let gate = Gate::new(Arc::new(world), Limits::default(), auth, Access::default());
    let key = management(alibaba::PROVIDER);
    let first = sign::rpc(rpc_draft(), &key, EXTENDED, "first", false);
    let status = |draft: Draft| {
        let gate = gate.clone();
        async move { gate.answer(draft.request().expect("a request")).await.status().as_u16() }
    };
    assert_eq!(status(first.clone()).await, 200);
    // The request was signed at a whole second, and is refused for its age a second after the fifteen minutes.
    for later in [0, 60_000, 14 * 60_000, 900_000 - 679, 900_000, 900_000 + 321] {
        clock.0.store(NOW.0 + later, Ordering::Relaxed);
        let moment = sanmen::api::date::extended(clock.now());
        let other = sign::rpc(rpc_draft(), &key, &moment, &format!("other {later}"), false);
        assert_eq!(status(other).await, 200, "{later}");
        assert_eq!(status(first.clone()).await, 400, "{later}");
    }
    clock.0.store(NOW.0 + 40 * 60_000, Ordering::Relaxed);
    let moment = sanmen::api::date::extended(clock.now());
    assert_eq!(status(sign::rpc(rpc_draft(), &key, &moment, "first", false)).await, 200, "it was forgotten");
}

/// In strict mode the emulator's own paths are for this machine; a token opens them to whoever has it.
#[tokio::test]
async fn strangers_do_not_come_to_the_own_paths() {
    let bench = Bench::new().await;
    let gate = |token: Option<&str>| {
        let auth = Auth { strict: true, explain: false };
        let names = Names(vec!["gate.example".to_owned()]);
        let access = Access { names, token: token.map(Into::into), local: true };
        Gate::new(bench.world.clone(), Limits::default(), auth, access)
    };
    let (local, guarded) = (gate(None), gate(Some("t")));
    for (gate, peer, headers, expected) in [
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost")], 200),
        (&local, Some("[::1]:1"), vec![("host", "[::1]:7760")], 200),
        (&local, Some("[::ffff:127.0.0.1]:1"), vec![("host", "127.0.0.1")], 200),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost:1"), ("origin", "http://localhost:1")], 200),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost:1"), ("origin", "http://localhost:2")], 403),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost"), ("x-forwarded-for", "10.0.0.1")], 403),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost"), ("forwarded", "for=10.0.0.1")], 403),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost"), ("x-forwarded-host", "a.example")], 403),
        (&local, Some("127.0.0.1:1"), vec![("host", "localhost"), ("authorization", "Bearer t")], 200),
        (&local, Some("10.0.0.1:1"), vec![("host", "localhost")], 403),
        (&local, Some("10.0.0.1:1"), vec![("host", "localhost"), ("authorization", "Bearer t")], 403),
        (&local, Some("127.0.0.1:1"), vec![("host", "gate.example")], 403),
        (&local, None, vec![("host", "localhost")], 403),
        (&guarded, Some("127.0.0.1:1"), vec![("host", "localhost")], 401),
        (&guarded, Some("127.0.0.1:1"), vec![("host", "localhost"), ("authorization", "Bearer x")], 401),
        (&guarded, Some("127.0.0.1:1"), vec![("host", "localhost"), ("authorization", "Bearer ")], 401),
        (&guarded, Some("127.0.0.1:1"), vec![("host", "localhost"), ("authorization", "t")], 401),
        (&guarded, Some("10.0.0.1:1"), vec![("host", "a.example"), ("authorization", "bearer t")], 200),
    ] {
        let mut request = Draft::new("GET", "/_sanmen/keys", &headers, "").request().expect("a request");
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(peer.parse().expect("an address")));
        }
        assert_eq!(gate.answer(request).await.status().as_u16(), expected, "{peer:?} {headers:?}");
    }
}
