//! Passwords of Alibaba Cloud's users: which ones a policy lets pass.

use super::bench::{Bench, Place};
use super::hostile::everything;

const ALICE: &str = "DirectoryId=d-001111111111&UserId=u-00000000000000000001";

pub(super) async fn full() -> Bench {
    Bench::with("tests/seeds/full.yaml", Place::Memory, sanmen::api::Limits::default()).await
}

/// Sets a password, and tells the code of the answer.
async fn reset(bench: &Bench, password: &str) -> String {
    let password = percent_encoding::utf8_percent_encode(password, percent_encoding::NON_ALPHANUMERIC);
    let query = format!("{ALICE}&Password={password}");
    let answer = bench.alibaba("1111111111111111", "ResetUserPassword", &query).await;
    answer.json()["Code"].as_str().unwrap_or("ok").to_owned()
}

async fn policy(bench: &Bench, policy: &str) {
    let query = format!("DirectoryId=d-001111111111&{policy}");
    let answer = bench.alibaba("1111111111111111", "SetPasswordPolicy", &query).await;
    assert_eq!(answer.status, 200, "{policy}: {}", answer.text());
}

/// doc: 8 to 32 characters, one of each of four kinds, and the policy. The user is called alice.
#[tokio::test]
async fn a_policy_lets_pass_what_is_as_it_says() {
    let weak = "InvalidParameter.Password";
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "MaxPasswordAge=90",
            &[
                ("Abcdef1!", "ok"),
                ("Abcdef1", weak),
                ("Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!", "ok"),
                ("Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!A", weak),
                ("abcdefg1!", weak),
                ("ABCDEFG1!", weak),
                ("Abcdefgh!", weak),
                ("Abcdefgh1", weak),
                ("Aa1!Aa1!", "ok"),
                ("Alice123!", weak),
                ("xALICEx1!", weak),
                ("Alic3e12!", "ok"),
                ("Abcdef 1!", weak),
                ("Abcdef1é!", weak),
                ("Abcdef1\u{7f}!", weak),
                ("Abcdef1~", "ok"),
                ("Abcdef1\\", "ok"),
                ("Abcdef1\"", "ok"),
            ],
        ),
        ("MinPasswordLength=12", &[("Abcdefghi1!", weak), ("Abcdefghij1!", "ok")]),
        ("MinPasswordLength=32", &[(&"Abcdef1!".repeat(4)[..31], weak)]),
        (
            "MinPasswordDifferentChars=8",
            &[("Abcdef1!", "ok"), ("Aabcdef1", weak), ("Aaaaa11!", weak), ("Abcde11!", weak)],
        ),
        ("MinPasswordDifferentChars=0", &[("Aa1!Aa1!", "ok")]),
        ("PasswordNotContainUsername=false", &[("Alice123!", "ok"), ("xALICEx1!", "ok")]),
    ];
    for (settings, passwords) in cases {
        for (password, expected) in *passwords {
            let bench = full().await;
            policy(&bench, settings).await;
            assert_eq!(reset(&bench, password).await, *expected, "{settings}: {password}");
        }
    }
}

/// doc: a password differs from the last so many, of which the present one is the first.
#[tokio::test]
async fn as_many_passwords_as_the_policy_says_are_not_used_again() {
    let password = |i: usize| format!("Abcdef1!{i:02}");
    for most in [0, 1, 2, 23, 24] {
        let bench = full().await;
        policy(&bench, &format!("PasswordReusePrevention={most}")).await;
        for i in 0..26 {
            assert_eq!(reset(&bench, &password(i)).await, "ok");
        }
        // The last one was 25. What is refused changes nothing.
        for back in 0..most {
            assert_eq!(
                reset(&bench, &password(25 - back)).await,
                "InvalidParameter.Password",
                "{most}: {back} back"
            );
        }
        assert_eq!(reset(&bench, &password(25 - most)).await, "ok", "{most}: the one before");
    }
}

/// What is remembered before a policy asks for it, is there when it does.
#[tokio::test]
async fn a_policy_that_becomes_stricter_knows_what_was_before() {
    let bench = full().await;
    policy(&bench, "PasswordReusePrevention=0").await;
    for password in ["Abcdef1!00", "Abcdef1!01", "Abcdef1!01", "Abcdef1!02"] {
        assert_eq!(reset(&bench, password).await, "ok");
    }
    policy(&bench, "PasswordReusePrevention=24").await;
    assert_eq!(reset(&bench, "Abcdef1!00").await, "InvalidParameter.Password");
}

/// Neither what is given nor what is generated is written down.
#[tokio::test]
async fn no_password_is_kept() {
    let bench = full().await;
    assert_eq!(reset(&bench, "Abcdef1!secret").await, "ok");
    let query = format!("{ALICE}&GenerateRandomPassword=true");
    let answer = bench.alibaba("1111111111111111", "ResetUserPassword", &query).await.json();
    let generated = answer["NewPassword"].as_str().expect("a password");
    assert_eq!(generated.len(), 32);
    let kept = everything(&bench).await;
    assert!(kept.contains("passwords") && !kept.contains("Abcdef1!secret") && !kept.contains(generated));
    assert_eq!(reset(&bench, generated).await, "InvalidParameter.Password", "it is the present one");
}
