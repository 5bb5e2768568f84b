"""The second factor: of a whole directory, of one user, and the devices that users have."""

import itertools

import pytest

from story_alibaba import (
    ALICE,
    BOB,
    CALLS,
    PEOPLE,
    PHONE,
    STICK,
    TIME,
    UNKNOWN_DIRECTORY,
    UNKNOWN_USER,
    Cloud,
    begin,  # noqa: F401
    either,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    told,
)

SETTINGS = ("Enabled", "Byuser", "Disabled", "OnlyRiskyLogin")
RISKS = ("Autonomous", "EnforceVerify")
# inferred: the values are the types of devices.
TYPES = ("TOTP", "CrossPlatformPasskey", "PlatformPasskey")


def info(there):
    answer = there.GetMFAAuthenticationSettingInfo()
    assert answer.keys() == {"MFAAuthenticationSettingInfo"}
    return answer["MFAAuthenticationSettingInfo"]


def status(there):
    answer = there.GetMFAAuthenticationStatus()
    assert answer.keys() == {"MFAAuthenticationStatus"}
    return answer["MFAAuthenticationStatus"]


# A directory's


# doc: the words. doc: the behaviour at an unusual logon is shown for two of the settings. inferred: it is kept for all.
@every_call
def test_settings_of_a_directory(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    assert info(there) == {"MfaAuthenticationAdvanceSettings": "Enabled"}
    for setting, risk in itertools.product(SETTINGS, (None, *RISKS, None)):
        stored = "Autonomous" if risk is None else risk
        there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings=setting, OperationForRiskLogin=stored)
        given = {} if risk is None else {"OperationForRiskLogin": risk}
        assert there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings=setting, **given) == {}
        shown = {"OperationForRiskLogin": stored} if setting in ("Byuser", "OnlyRiskyLogin") else {}
        assert info(there) == {"MfaAuthenticationAdvanceSettings": setting} | shown
        # doc: the older operation, where the member is spelled otherwise; inferred: it says OnlyRiskyLogin too.
        assert there.GetMFAAuthenticationSettings() == {"MFAAuthenticationAdvanceSettings": setting}
        assert status(there) == "Enabled"


@every_call
def test_types_of_verification(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    assert "AllowedVerificationTypes" not in info(Cloud(either, call=CALLS[-1]).at())
    for count in (1, 2, 3):
        for types in itertools.permutations(TYPES, count):
            there.UpdateMFAAuthenticationSettings(
                MFAAuthenticationSettings="Byuser", AllowedVerificationTypes=list(types)
            )
            assert info(there)["AllowedVerificationTypes"] == list(types)
            # inferred: what is absent stays.
            there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings="Enabled")
            assert info(there)["AllowedVerificationTypes"] == list(types)
    for wrong in (["SMS"], ["totp"], ["TOTP", "SMS"]):
        refused(
            there.UpdateMFAAuthenticationSettings,
            *invalid("AllowedVerificationTypes"),
            MFAAuthenticationSettings="Byuser",
            AllowedVerificationTypes=wrong,
        )
    assert info(there) == {
        "MfaAuthenticationAdvanceSettings": "Enabled",
        "AllowedVerificationTypes": list(types),
    }


# observed, in the provider's own test: a status that was set is read back, whatever the settings are set to.
@every_call
def test_the_older_status_is_another_matter(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    # doc: the default.
    assert status(there) == "Enabled"
    for wanted, setting in itertools.product(("Disabled", "Enabled"), SETTINGS):
        there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings=setting, OperationForRiskLogin="EnforceVerify")
        before = info(there)
        for _ in range(2):
            assert there.SetMFAAuthenticationStatus(MFAAuthenticationStatus=wanted) == {}
            assert (status(there), info(there)) == (wanted, before)
        # doc: it may be absent. inferred: then nothing changes.
        for given in ({}, {"MFAAuthenticationStatus": ""}):
            assert there.SetMFAAuthenticationStatus(**given) == {}
        there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings="Enabled")
        assert status(there) == wanted


REFUSED = {
    "SetMFAAuthenticationStatus": (
        ({"MFAAuthenticationStatus": "enabled"}, invalid("MFAAuthenticationStatus")),
        ({"MFAAuthenticationStatus": "Byuser"}, invalid("MFAAuthenticationStatus")),
        ({"MFAAuthenticationStatus": "true"}, invalid("MFAAuthenticationStatus")),
    ),
    "UpdateMFAAuthenticationSettings": (
        ({}, ["MissingMFAAuthenticationSettings"]),
        ({"MFAAuthenticationSettings": ""}, ["MissingMFAAuthenticationSettings"]),
        ({"OperationForRiskLogin": "Autonomous"}, ["MissingMFAAuthenticationSettings"]),
        ({"MFAAuthenticationSettings": "ByUser"}, invalid("MFAAuthenticationSettings")),
        ({"MFAAuthenticationSettings": "On"}, invalid("MFAAuthenticationSettings")),
        (
            {"MFAAuthenticationSettings": "Byuser", "OperationForRiskLogin": "Skip"},
            invalid("OperationForRiskLogin"),
        ),
    ),
    "UpdateUserMFAAuthenticationSettings": (
        ({"UserId": ALICE}, ["MissingUserMFAAuthenticationSettings"]),
        ({"UserMFAAuthenticationSettings": "Disabled"}, ["MissingUserId"]),
        ({"UserId": "", "UserMFAAuthenticationSettings": "Disabled"}, ["MissingUserId"]),
        (
            {"UserId": ALICE, "UserMFAAuthenticationSettings": "OnlyRiskyLogin"},
            invalid("UserMFAAuthenticationSettings"),
        ),
        ({"UserId": UNKNOWN_USER, "UserMFAAuthenticationSettings": "Disabled"}, ["EntityNotExists.User"]),
    ),
    "GetUserMFAAuthenticationSettings": (({}, ["MissingUserId"]), ({"UserId": UNKNOWN_USER}, ["EntityNotExists.User"])),
    "ListMFADevicesForUser": (({}, ["MissingUserId"]), ({"UserId": UNKNOWN_USER}, ["EntityNotExists.User"])),
    "DeleteMFADeviceForUser": (
        ({"UserId": ALICE}, ["MissingMFADeviceId"]),
        ({"MFADeviceId": PHONE}, ["MissingUserId"]),
        ({"UserId": UNKNOWN_USER, "MFADeviceId": PHONE}, ["EntityNotExists.User"]),
        # inferred: the code, and that a device of another user is none.
        ({"UserId": ALICE, "MFADeviceId": "mfa-00ffffffffffffffffff"}, ["EntityNotExists.MFADevice"]),
        ({"UserId": ALICE, "MFADeviceId": PHONE.upper()}, ["EntityNotExists.MFADevice"]),
        ({"UserId": BOB, "MFADeviceId": PHONE}, ["EntityNotExists.MFADevice"]),
    ),
}


@every_call
@pytest.mark.parametrize("action", REFUSED)
def test_what_is_refused_changes_nothing(people, action, call):  # noqa: F811
    before = told(people)
    for given, codes in REFUSED[action]:
        refused(getattr(Cloud(people, call=call).at(), action), *codes, **given)
        # inferred: the directory is looked for before the user.
        if codes[0].startswith("EntityNotExists"):
            lost = Cloud(people, call=call).at(UNKNOWN_DIRECTORY)
            refused(getattr(lost, action), "EntityNotExists.Directory", **given)
    assert told(people) == before


# A user's


# doc: a new user's is enabled. inferred: it can be set whatever the directory's setting, also of one that came by SCIM.
@every_call
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_setting_of_a_user(begin, call, setting):  # noqa: F811
    server = begin(estate(*PEOPLE, mfa={"setting": setting}, scim={"synchronization": "Enabled"}))
    there = Cloud(server, call=call).at()
    carol = there.CreateUser(UserName="carol", Status="Disabled")["User"]["UserId"]
    expected = dict.fromkeys((ALICE, BOB, carol), "Enabled")
    for user, wanted in itertools.product(expected, ("Disabled", "Disabled", "Enabled", "Disabled")):
        given = {"UserId": user, "UserMFAAuthenticationSettings": wanted}
        assert there.UpdateUserMFAAuthenticationSettings(**given) == {}
        expected[user] = wanted
        shown = {
            one: there.GetUserMFAAuthenticationSettings(UserId=one)["UserMFAAuthenticationSettings"] for one in expected
        }
        assert shown == expected
    assert info(there)["MfaAuthenticationAdvanceSettings"] == setting


# Devices


def devices(there, user):
    answer = there.ListMFADevicesForUser(UserId=user)
    assert answer.keys() == {"TotalCounts", "MFADevices"}
    assert answer["TotalCounts"] == len(answer["MFADevices"])
    return answer["MFADevices"]


# doc: these members. inferred: there is no LastUseTime of one that was never used.
@every_call
def test_devices_are_listed_and_unbound(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    phone, stick = devices(there, ALICE)
    assert TIME.fullmatch(phone["EffectiveTime"]) and TIME.fullmatch(stick["EffectiveTime"])
    assert [phone, stick] == [
        {
            "DeviceId": id,
            "DeviceName": name,
            "DeviceType": kind,
            "UserId": ALICE,
            "EffectiveTime": shown["EffectiveTime"],
        }
        for id, name, kind, shown in (
            (PHONE, "phone", "TOTP", phone),
            (STICK, "stick", "CrossPlatformPasskey", stick),
        )
    ]
    assert devices(there, BOB) == []

    # doc: a user that has a device is not deleted.
    refused(there.DeleteUser, "DeletionConflict.User.MFADevice", UserId=ALICE)
    assert there.DeleteMFADeviceForUser(UserId=ALICE, MFADeviceId=PHONE) == {}
    assert devices(there, ALICE) == [stick]
    refused(there.DeleteMFADeviceForUser, "EntityNotExists.MFADevice", UserId=ALICE, MFADeviceId=PHONE)
    refused(there.DeleteUser, "DeletionConflict.User.MFADevice", UserId=ALICE)
    # sdk: the newest one can tell the type, too.
    given = {"UserId": ALICE, "MFADeviceId": STICK, "MfaType": "CrossPlatformPasskey"}
    assert there.DeleteMFADeviceForUser(**given) == {}
    assert devices(there, ALICE) == []
    assert there.DeleteUser(UserId=ALICE) == {}
    for lost in (there.ListMFADevicesForUser, there.GetUserMFAAuthenticationSettings, there.DeleteUser):
        refused(lost, "EntityNotExists.User", UserId=ALICE)


# inferred: also of users that came by SCIM, and of such as may not log on.
@every_call
def test_devices_of_every_kind_of_user_are_unbound(begin, call):  # noqa: F811
    device = {"id": PHONE, "name": "phone", "type": "PlatformPasskey"}
    synchronized = PEOPLE[1] | {"status": "disabled", "mfa_devices": [device]}
    there = Cloud(begin(estate(synchronized, scim={"synchronization": "Enabled"})), call=call).at()
    assert [one["DeviceType"] for one in devices(there, BOB)] == ["PlatformPasskey"]
    assert there.DeleteMFADeviceForUser(UserId=BOB, MFADeviceId=PHONE) == {}
    assert devices(there, BOB) == []


# Neither the directory's setting nor the user's own touches what is bound.
def test_devices_stay_whatever_the_settings(people):  # noqa: F811
    there = Cloud(people).at()
    before = devices(there, ALICE)
    for setting in SETTINGS:
        there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings=setting)
        there.UpdateUserMFAAuthenticationSettings(UserId=ALICE, UserMFAAuthenticationSettings="Disabled")
        there.SetMFAAuthenticationStatus(MFAAuthenticationStatus="Disabled")
        there.UpdateUserStatus(UserId=ALICE, NewStatus="Disabled")
        assert devices(there, ALICE) == before
