"""Settings of a directory: from where users log on, what their passwords must be like, access from everywhere."""

import pytest

from story_alibaba import (
    UNKNOWN_DIRECTORY,
    Cloud,
    begin,  # noqa: F401
    either,  # noqa: F401
    every_call,
    invalid,
    mode,  # noqa: F401
    neighbour,
    refused,
    servers,  # noqa: F401
    told,
)

FRESH = {
    # doc: these, of which the last six cannot be set. Of different characters there are three numbers; it is the
    # newest guide's.
    "MinPasswordLength": 8,
    "MinPasswordDifferentChars": 3,
    "PasswordNotContainUsername": True,
    "MaxPasswordAge": 90,
    "PasswordReusePrevention": 1,
    "MaxLoginAttempts": 5,
    "RequireNumbers": True,
    "RequireLowerCaseChars": True,
    "MaxPasswordLength": 32,
    "RequireUpperCaseChars": True,
    "RequireSymbols": True,
    "HardExpire": True,
}


def policy(there):
    answer = there.GetPasswordPolicy()
    assert answer.keys() == {"PasswordPolicy"}
    return answer["PasswordPolicy"]


def preference(there):
    answer = there.GetLoginPreference()
    assert answer.keys() == {"LoginPreference"}
    shown = answer["LoginPreference"]
    assert shown.keys() == {"LoginNetworkMasks", "AllowUserToGetCredentials"}
    return shown["LoginNetworkMasks"], shown["AllowUserToGetCredentials"]


def global_access(there):
    answer = there.GetDirectoryGlobalAccessStatus()
    # sdk: the provider reads a member with a small letter.
    assert answer.keys() == {"GlobalAccessStatus"} and answer["GlobalAccessStatus"].keys() == {"status"}
    return answer["GlobalAccessStatus"]["status"]


# The password policy. doc: the limits.

RANGES = {
    "MinPasswordLength": (8, 32),
    # doc: not more than the length, which is 8 at first.
    "MinPasswordDifferentChars": (0, 8),
    "MaxPasswordAge": (1, 120),
    "PasswordReusePrevention": (0, 24),
    "MaxLoginAttempts": (0, 32),
}
FAR = 1 << 40


@every_call
@pytest.mark.parametrize("name", RANGES)
def test_every_limit_from_both_sides(either, call, name):  # noqa: F811
    there = Cloud(either, call=call).at()
    assert policy(there) == FRESH
    least, most = RANGES[name]
    for value in (least, most, (least + most) // 2):
        assert there.SetPasswordPolicy(**{name: value}) == {}
        assert policy(there) == FRESH | {name: value}
    before = told(either)
    for value in (least - 1, most + 1, -FAR, FAR):
        # What no integer of 32 bits holds can as well be said not to be one.
        refused(there.SetPasswordPolicy, *invalid(name), f"Invalid{name}", **{name: value})
    for value in ("many", "8.5", "8a"):
        # doc: the gateway's code of what is no number.
        refused(there.SetPasswordPolicy, f"Invalid{name}", **{name: value})
    assert told(either) == before


# inferred: what is absent stays, and so does what is empty; Terraform sends only what has changed.
@every_call
def test_what_is_absent_stays(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    expected = dict(FRESH)
    for given in (
        {},
        {"MaxPasswordAge": 30},
        {"PasswordNotContainUsername": False},
        {"MinPasswordLength": 12, "MinPasswordDifferentChars": 12},
        {"MaxLoginAttempts": 0, "PasswordReusePrevention": 24},
        {"PasswordNotContainUsername": True, "MaxPasswordAge": 120},
        {"MinPasswordDifferentChars": 0},
        {"MinPasswordLength": 8},
    ):
        assert there.SetPasswordPolicy(**given) == {}
        expected |= given
        assert policy(there) == expected
        there.SetPasswordPolicy(**dict.fromkeys(RANGES, ""))
        assert policy(there) == expected


# doc: there are at most as many different characters as there must be characters. inferred: by what comes of the call.
@every_call
@pytest.mark.parametrize(
    "steps",
    [
        # observed: the provider's own test does this.
        [({"MinPasswordLength": 8, "MinPasswordDifferentChars": 8}, True)]
        + [({"MinPasswordLength": 9, "MinPasswordDifferentChars": 9}, True)]
        + [({"MinPasswordLength": 8, "MinPasswordDifferentChars": 8}, True)],
        [({"MinPasswordDifferentChars": 9}, False), ({"MinPasswordLength": 9}, True)]
        + [({"MinPasswordDifferentChars": 9}, True), ({"MinPasswordDifferentChars": 10}, False)],
        [({"MinPasswordLength": 32}, True), ({"MinPasswordDifferentChars": 32}, True)]
        + [({"MinPasswordDifferentChars": 33}, False), ({"MinPasswordLength": 31}, False)]
        + [({"MinPasswordLength": 31, "MinPasswordDifferentChars": 31}, True)],
        [({"MinPasswordLength": 10, "MinPasswordDifferentChars": 11}, False)],
        [({"MinPasswordDifferentChars": 8, "MaxPasswordAge": 7}, True)]
        + [({"MinPasswordDifferentChars": 9, "MaxPasswordAge": 8}, False)],
    ],
    ids=["together", "one by one", "to the end", "at once", "with another"],
)
def test_different_characters_depend_on_the_length(either, call, steps):  # noqa: F811
    there = Cloud(either, call=call).at()
    expected = dict(FRESH)
    for given, fits in steps:
        if fits:
            assert there.SetPasswordPolicy(**given) == {}
            expected |= given
        else:
            refused(there.SetPasswordPolicy, *invalid("MinPasswordDifferentChars"), **given)
        assert policy(there) == expected


# The logon preference


# doc: addresses and blocks of IPv4, a hundred at most. observed: bits of the host may be set, and come back.
MASKS = {
    "one address": "192.0.2.1",
    "one block": "10.0.0.0/8",
    "the sample": "192.168.0.0/16;10.0.0.0/8",
    "with bits of the host": "127.0.0.1/24",
    "of one address": "255.255.255.255/32",
    "of all": "0.0.0.0/0",
    "one twice": "10.0.0.1;10.0.0.1",
    "a hundred": ";".join(f"10.0.0.{n}" for n in range(100)),
    "a hundred blocks": ";".join(f"10.0.{n}.0/24" for n in range(100)),
}
NO_MASKS = {
    "a hundred and one": ";".join(f"10.0.0.{n}" for n in range(101)),
    "IPv6": "2001:db8::1",
    "a block of IPv6": "2001:db8::/32",
    "three numbers": "10.0.0",
    "five numbers": "10.0.0.0.1",
    "256": "10.0.0.256",
    "33 bits": "10.0.0.0/33",
    "negative": "10.0.0.0/-1",
    "no bits": "10.0.0.0/",
    "a name": "example.com",
    "commas": "10.0.0.1,10.0.0.2",
    "a space": "10.0.0.1; 10.0.0.2",
    "one that is empty": "10.0.0.1;;10.0.0.2",
    "one of two": "10.0.0.1;example.com",
    "a range": "10.0.0.1-10.0.0.9",
}


@every_call
@pytest.mark.parametrize("masks", MASKS.values(), ids=MASKS)
def test_masks_that_may_be(either, call, masks):  # noqa: F811
    there = Cloud(either, call=call).at()
    assert there.SetLoginPreference(LoginNetworkMasks=masks) == {}
    assert preference(there) == (masks, False)


@every_call
@pytest.mark.parametrize("masks", NO_MASKS.values(), ids=NO_MASKS)
def test_masks_that_may_not_be(either, call, masks):  # noqa: F811
    there = Cloud(either, call=call).at()
    for before in ("", "10.0.0.0/8"):
        there.SetLoginPreference(LoginNetworkMasks=before)
        given = {"LoginNetworkMasks": masks, "AllowUserToGetCredentials": True}
        refused(there.SetLoginPreference, *invalid("LoginNetworkMasks"), **given)
        assert preference(there) == (before, False)


# doc: absent or empty masks stay, and a semicolon takes them away. inferred: the other stays when it is absent.
@every_call
def test_what_is_said_of_logons_and_what_is_not(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    assert preference(there) == ("", False)
    for given, expected in (
        ({}, ("", False)),
        ({"LoginNetworkMasks": ";"}, ("", False)),
        ({"AllowUserToGetCredentials": True}, ("", True)),
        ({"LoginNetworkMasks": "10.0.0.0/8"}, ("10.0.0.0/8", True)),
        ({"LoginNetworkMasks": "", "AllowUserToGetCredentials": False}, ("10.0.0.0/8", False)),
        ({"AllowUserToGetCredentials": ""}, ("10.0.0.0/8", False)),
        ({"LoginNetworkMasks": "192.0.2.1;10.0.0.1"}, ("192.0.2.1;10.0.0.1", False)),
        ({"LoginNetworkMasks": "192.0.2.2", "AllowUserToGetCredentials": True}, ("192.0.2.2", True)),
        ({}, ("192.0.2.2", True)),
        ({"LoginNetworkMasks": ";"}, ("", True)),
        ({"AllowUserToGetCredentials": False}, ("", False)),
    ):
        assert there.SetLoginPreference(**given) == {}
        assert preference(there) == expected, given
    # doc: the gateway's code of what is no boolean.
    refused(there.SetLoginPreference, "InvalidAllowUserToGetCredentials", AllowUserToGetCredentials="maybe")
    assert preference(there) == ("", False)


# Access from everywhere


@every_call
def test_global_access(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    # inferred: the default.
    assert global_access(there) == "Disabled"
    # observed: the provider says Disabled of a fresh directory.
    for wanted in ("Disabled", "Enabled", "Enabled", "Disabled"):
        assert there.UpdateDirectoryGlobalAccessStatus(GlobalAccessStatus=wanted) == {}
        assert global_access(there) == wanted
    for wrong in ("enabled", "On", "True"):
        refused(there.UpdateDirectoryGlobalAccessStatus, *invalid("GlobalAccessStatus"), GlobalAccessStatus=wrong)
    for given in ({}, {"GlobalAccessStatus": ""}):
        refused(there.UpdateDirectoryGlobalAccessStatus, "MissingGlobalAccessStatus", **given)
    assert global_access(there) == "Disabled"


# All of them

SET = {
    "SetPasswordPolicy": {"MaxPasswordAge": 7},
    "SetLoginPreference": {"LoginNetworkMasks": "10.0.0.0/8", "AllowUserToGetCredentials": True},
    "UpdateDirectoryGlobalAccessStatus": {"GlobalAccessStatus": "Enabled"},
    "SetMFAAuthenticationStatus": {"MFAAuthenticationStatus": "Disabled"},
    "UpdateMFAAuthenticationSettings": {"MFAAuthenticationSettings": "Byuser"},
}
GET = ("GetPasswordPolicy", "GetLoginPreference", "GetDirectoryGlobalAccessStatus", "GetMFAAuthenticationStatus") + (
    "GetMFAAuthenticationSettingInfo",
)


def test_each_setting_leaves_the_others_alone(either):  # noqa: F811
    there = Cloud(either).at()
    for (setter, given), getter in zip(SET.items(), GET, strict=True):
        before = {name: getattr(there, name)() for name in GET}
        directory = there.GetDirectory()
        assert getattr(there, setter)(**given) == {}
        after = {name: getattr(there, name)() for name in GET}
        assert {name for name in GET if after[name] != before[name]} == {getter}
        assert there.GetDirectory() == directory


@every_call
def test_settings_are_of_a_directory(either, call):  # noqa: F811
    before = told(either)
    for name, given in [*SET.items(), *((name, {}) for name in GET)]:
        lost = Cloud(either, call=call).at(UNKNOWN_DIRECTORY)
        refused(getattr(lost, name), "EntityNotExists.Directory", **given)
        refused(getattr(Cloud(either, call=call), name), "MissingDirectoryId", **given)
    assert told(either) == before


def test_another_directory_has_settings_of_its_own(either):  # noqa: F811
    other = neighbour(either)
    other.EnableService()
    theirs, mine = other.at(other.CreateDirectory()["Directory"]["DirectoryId"]), Cloud(either).at()
    before = [getattr(mine, name)() for name in GET]
    assert [getattr(theirs, name)() for name in GET] == before
    for name, given in SET.items():
        getattr(theirs, name)(**given)
    assert [getattr(mine, name)() for name in GET] == before
    after = [getattr(theirs, name)() for name in GET]
    assert all(now != then for now, then in zip(after, before, strict=True))
