//! Settings of Alibaba Cloud's directories, case by case.

use super::bench::Bench;

const D: &str = "DirectoryId=d-001111111111";

/// doc: addresses and blocks of IPv4, up to a hundred, with semicolons between them.
#[tokio::test]
async fn network_masks_are_addresses_and_blocks() {
    let hundred = |n: usize| vec!["10.0.0.0/8"; n].join(";");
    let (full, over, closed) = (hundred(100), hundred(101), format!("{};", hundred(100)));
    let valid = [
        "10.0.0.1",
        "0.0.0.0",
        "255.255.255.255/32",
        "127.0.0.1/24",
        "0.0.0.0/0",
        "10.0.0.0/8;192.168.0.0/16",
        "10.0.0.0/8;10.0.0.0/8",
        "10.0.0.0/8;",
        &full,
        &closed,
    ];
    let invalid = [
        "10.0.0",
        "10.0.0.256",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.01",
        "/8",
        "::1",
        "2001:db8::/32",
        "example.com",
        "10.0.0.0/8,192.168.0.0/16",
        "10.0.0.0/8; 192.168.0.0/16",
        " 10.0.0.0/8",
        "10.0.0.0/8;;192.168.0.0/16",
        ";10.0.0.0/8",
        "10.0.0.0/8;;",
        ";;",
        &over,
    ];
    let bench = Bench::new().await;
    let set = async |masks: &str| {
        let masks = percent_encoding::utf8_percent_encode(masks, percent_encoding::NON_ALPHANUMERIC);
        let query = format!("{D}&LoginNetworkMasks={masks}");
        bench.alibaba("1111111111111111", "SetLoginPreference", &query).await
    };
    let shown = async || {
        let answer = bench.alibaba("1111111111111111", "GetLoginPreference", D).await.json();
        answer["LoginPreference"]["LoginNetworkMasks"].as_str().expect("a text").to_owned()
    };
    for masks in valid {
        assert_eq!(set(masks).await.status, 200, "{masks}");
        assert_eq!(shown().await, masks, "as it came");
    }
    for masks in invalid {
        let answer = set(masks).await;
        assert_eq!(answer.json()["Code"], "InvalidParameter.LoginNetworkMasks", "{masks}");
        assert_eq!(shown().await, closed, "{masks}: nothing has changed");
    }
    assert_eq!(set("").await.status, 200);
    assert_eq!(shown().await, closed, "what is empty changes nothing");
    assert_eq!(set(";").await.status, 200);
    assert_eq!(shown().await, "", "a semicolon takes all away");
}

/// doc: the ranges. The different characters may be as many as the characters, whichever of the two is set.
#[tokio::test]
async fn a_password_policy_stays_within_its_ranges() {
    let bounds = [
        ("MinPasswordLength", 8, 32),
        ("MaxPasswordAge", 1, 120),
        ("PasswordReusePrevention", 0, 24),
        ("MaxLoginAttempts", 0, 32),
        ("MinPasswordDifferentChars", 0, 8),
    ];
    for (name, least, most) in bounds {
        for (value, fits) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let bench = Bench::new().await;
            let before = bench.alibaba("1111111111111111", "GetPasswordPolicy", D).await.json();
            let query = format!("{D}&{name}={value}");
            let answer = bench.alibaba("1111111111111111", "SetPasswordPolicy", &query).await;
            let after = bench.alibaba("1111111111111111", "GetPasswordPolicy", D).await.json();
            let mut expected = before["PasswordPolicy"].clone();
            if fits {
                expected[name] = value.into();
            } else {
                assert_eq!(answer.json()["Code"], format!("InvalidParameter.{name}"), "{name} {value}");
            }
            assert_eq!(answer.status == 200, fits, "{name} {value}");
            assert_eq!(after["PasswordPolicy"], expected, "{name} {value}: the rest stays");
        }
    }
    let bench = Bench::new().await;
    for (query, fits) in [
        ("MinPasswordLength=20&MinPasswordDifferentChars=20", true),
        ("MinPasswordDifferentChars=21", false),
        ("MinPasswordLength=19", false),
        ("MinPasswordLength=19&MinPasswordDifferentChars=19", true),
        ("MinPasswordDifferentChars=8", true),
        ("MinPasswordLength=8", true),
        ("MinPasswordLength=9999999999", false),
    ] {
        let answer = bench.alibaba("1111111111111111", "SetPasswordPolicy", &format!("{D}&{query}")).await;
        assert_eq!(answer.status == 200, fits, "{query}: {}", answer.text());
    }
}
