//! Users in seeds: those that could be, and no others.

use sanmen::seed::{Format, read};

/// A seed whose directory has these users.
fn seed(users: &str) -> String {
    format!(
        r#"{{"alibaba": {{"organizations": [{{"id": "rd-1", "service": "enabled", "accounts": [
            {{"id": "1111111111111111", "standing": "management", "instance":
              {{"id": "d-000000000001", "region": "cn-shanghai", "users": [{users}]}}}}]}}]}}}}"#
    )
}

/// A user with an id of this digit, and these members more.
fn user(digit: char, more: &str) -> String {
    let id = format!("u-{}", digit.to_string().repeat(20));
    format!(r#"{{"id": "{id}", "name": "user{digit}"{}{more}}}"#, if more.is_empty() { "" } else { ", " })
}

#[test]
fn a_user_that_could_not_be_is_refused_with_the_reason() {
    let tags: Vec<_> = (0..21).map(|i| format!(r#""k{i}": """#)).collect();
    let device =
        |digit: &str| format!(r#"{{"id": "mfa-{}", "name": "n", "type": "TOTP"}}"#, digit.repeat(20));
    let two = |first: &str, second: &str| format!("{}, {}", user('1', first), user('2', second));
    for (users, reason) in [
        (user('1', r#""external_id": {"issuer": "Okta", "id": "a"}"#), "issuer"),
        (user('1', &format!(r#""tags": {{{}}}"#, tags.join(","))), "MaxLength(20)"),
        (user('1', r#""tags": {"acs:x": ""}"#), "Unreserved"),
        (user('1', r#""tags": {"k": "http://x"}"#), "Without"),
        (user('1', r#""profile": {"passwords": ["plain"]}"#), "passwords breaks MaxLength(0)"),
        (user('1', r#""profile": {"colour": "red"}"#), "colour"),
        (user('1', r#""email": "nobody""#), "Pattern"),
        (
            user('1', &format!(r#""mfa_devices": [{}, {}, {}]"#, device("1"), device("2"), device("3"))),
            "at most 2",
        ),
        (user('1', &format!(r#""mfa_devices": [{}]"#, device("1").replace("\"n\"", "\"\""))), "has a name"),
        (user('1', &format!(r#""mfa_devices": [{}]"#, device("1").replace("TOTP", "Fax"))), "type"),
        (user('1', &format!(r#""mfa_devices": [{}]"#, device("x-"))), "form"),
        (two("", "").replace("user2", "USER1"), "user name"),
        (two(r#""email": "a@b""#, r#""email": "A@B""#), "address"),
        (
            two(
                r#""external_id": {"issuer": "SCIM", "id": "a"}"#,
                r#""external_id": {"issuer": "SCIM", "id": "a"}"#,
            ),
            "external id",
        ),
        (user('1', "").replace("u-1", "x-1"), "form"),
        (user('1', "").replace("user1", "two words"), "UserName"),
    ] {
        let error = read("users", &seed(&users), Format::Json).expect_err(&users).to_string();
        assert!(error.contains(reason), "{users}: {error}");
        assert!(!error.contains("plain"), "a password is not repeated: {error}");
    }
    for users in [
        two(r#""email": """#, r#""email": """#),
        user('1', &format!(r#""mfa_devices": [{}, {}]"#, device("1"), device("2"))),
    ] {
        assert!(read("users", &seed(&users), Format::Json).is_ok(), "{users}");
    }
}
