"""The service of an organization, and the members that manage it: enabled, disabled, looked at."""

import itertools

import pytest

from clients import ALIBABA_DELEGATED, ALIBABA_MANAGEMENT, ALIBABA_MEMBER, ALIBABA_STANDALONE, AlibabaKey
from story_alibaba import (
    CALLS,
    DIRECTORY,
    Cloud,
    begin,  # noqa: F401
    blank,  # noqa: F401
    either,  # noqa: F401
    every_call,
    invalid,
    mode,  # noqa: F401
    neighbour,
    outcome,
    own,
    refused,
    servers,  # noqa: F401
    told,
)
from test_story_alibaba_life import DISABLED, status

ENABLED = {"Status": "Enabled", "AccountId": ALIBABA_MANAGEMENT, "RegionsInUse": []}
ORGANIZATION = "rd-111111"


# The service. inferred: that neither is refused where nothing is to change: Terraform calls them at each refresh.


@every_call
def test_it_is_enabled_and_disabled_however_often(blank, call):  # noqa: F811
    cloud = Cloud(blank, call=call)
    for action, expected in (
        ("DisableService", DISABLED),
        ("EnableService", ENABLED),
        ("EnableService", ENABLED),
        ("DisableService", DISABLED),
        ("DisableService", DISABLED),
        ("EnableService", ENABLED),
    ):
        assert getattr(cloud, action)() == {}
        # doc: PrerequisiteCheckResult is told only of a disabled service, RegionsInUse only of an enabled one.
        assert status(cloud) == expected
        # inferred: whose account it is is the same to a delegated administrator.
        assert status(Cloud(blank, ALIBABA_DELEGATED, call)) == expected


def test_the_regions_in_use_are_those_of_directories(blank):  # noqa: F811
    cloud = Cloud(blank)
    cloud.EnableService()
    for region in ("eu-central-1", "us-west-1"):
        directory = cloud.in_region(region).CreateDirectory()["Directory"]["DirectoryId"]
        for asked in (cloud, cloud.in_region("cn-shanghai"), cloud.in_region(region)):
            assert status(asked) == ENABLED | {"RegionsInUse": [region]}
        cloud.in_region(region).at(directory).DeleteDirectory()
        assert status(cloud) == ENABLED


# doc: not while there is a directory.
@every_call
def test_it_is_not_disabled_under_a_directory(either, call):  # noqa: F811
    cloud = Cloud(either, call=call)
    before = told(either)
    refused(cloud.DisableService, "DeletionConflict.Directory")
    assert cloud.EnableService() == {}
    assert told(either) == before
    cloud.at().DeleteDirectory()
    assert cloud.DisableService() == {}
    assert status(cloud) == DISABLED


# doc: the service is one of an organization's. inferred: what is told to an account outside, and that it is not 404.
@every_call
@pytest.mark.parametrize("seed", ["blank", "default"])
def test_outside_an_organization_there_is_no_service(begin, seed, call):  # noqa: F811
    cloud = Cloud(begin(seed), ALIBABA_STANDALONE, call)
    expected = {"Status": "Disabled", "AccountId": ALIBABA_STANDALONE, "PrerequisiteCheckResult": "Failed"}
    assert status(cloud) == expected
    refused(cloud.EnableService, "PreconditionFailed.ResourceDirectory")
    refused(cloud.DisableService, "NoPermission")
    refused(cloud.CreateDirectory, "NoPermission")
    assert status(cloud) == expected


# What needs the service, and what is sent with it.
NEEDS = {
    "CreateDirectory": {"DirectoryName": "acme"},
    "ListDirectories": {},
    "GetDirectory": {"DirectoryId": DIRECTORY},
    "UpdateDirectory": {"DirectoryId": DIRECTORY},
    "DeleteDirectory": {"DirectoryId": DIRECTORY},
    "GetDirectoryStatistics": {"DirectoryId": DIRECTORY},
    "GetDirectoryGlobalAccessStatus": {"DirectoryId": DIRECTORY},
    "EnableDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "GetDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "DisableDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "GetMFAAuthenticationSettingInfo": {"DirectoryId": DIRECTORY},
    "SetMFAAuthenticationStatus": {"DirectoryId": DIRECTORY, "MFAAuthenticationStatus": "Enabled"},
    "GetLoginPreference": {"DirectoryId": DIRECTORY},
    "SetPasswordPolicy": {"DirectoryId": DIRECTORY, "MaxPasswordAge": 7},
    "CreateUser": {"DirectoryId": DIRECTORY, "UserName": "alice"},
    "ListUsers": {"DirectoryId": DIRECTORY},
    "TagResources": {
        "DirectoryId": DIRECTORY,
        "ResourceType": "user",
        "ResourceId": ["u-00ffffffffffffffffff"],
        "Tag": [{"Key": "a", "Value": "b"}],
    },
}


# inferred: the code. Never 404, by which Terraform would drop what it knows.
@pytest.mark.parametrize("action", NEEDS)
def test_without_the_service_there_is_nothing_to_do(blank, action):  # noqa: F811
    callers = [ALIBABA_MANAGEMENT] if "DelegateAccount" in action else [ALIBABA_MANAGEMENT, ALIBABA_DELEGATED]
    for call, account in itertools.product(CALLS, callers):
        refused(getattr(Cloud(blank, account, call), action), "PreconditionFailed.Service", **NEEDS[action])
    assert status(Cloud(blank)) == DISABLED


def test_organizations_have_services_of_their_own(blank):  # noqa: F811
    cloud, other = Cloud(blank), neighbour(blank)
    account = status(other)["AccountId"]
    assert account != ALIBABA_MANAGEMENT and status(other) == DISABLED | {"AccountId": account}
    cloud.EnableService()
    assert status(cloud) == ENABLED and status(other)["Status"] == "Disabled"
    refused(other.CreateDirectory, "PreconditionFailed.Service")
    other.EnableService()
    directory = cloud.CreateDirectory()["Directory"]["DirectoryId"]
    assert status(other) == ENABLED | {"AccountId": account}
    refused(cloud.DisableService, "DeletionConflict.Directory")
    # Somebody else's directory is none, and does not hold up.
    refused(other.at(directory).GetDirectory, "EntityNotExists.Directory")
    other.DisableService()
    assert status(other)["Status"] == "Disabled" and status(cloud)["RegionsInUse"] == ["cn-shanghai"]


# Delegation


def delegation(cloud, account=ALIBABA_DELEGATED):
    told_of_it = cloud.GetDelegateAccount(AccountId=account)
    assert told_of_it.keys() == {"DelegateAccount"}
    assert told_of_it["DelegateAccount"].keys() == {"AccountId", "DelegateStatus"}
    assert told_of_it["DelegateAccount"]["AccountId"] == account
    return told_of_it["DelegateAccount"]["DelegateStatus"]


# doc: the account may manage the service while it is enabled. inferred: that nothing is refused where nothing changes.
@every_call
def test_a_delegation_is_laid_down_and_taken_up_at_once(either, call):  # noqa: F811
    manager, delegate = Cloud(either, call=call), Cloud(either, ALIBABA_DELEGATED, call)
    one = {"AccountId": ALIBABA_DELEGATED}
    assert delegation(manager) == "Enabled"
    assert delegate.at().GetDirectory() == manager.at().GetDirectory()
    for action, expected in (
        ("EnableDelegateAccount", "Enabled"),
        ("DisableDelegateAccount", "Disabled"),
        ("DisableDelegateAccount", "Disabled"),
        ("EnableDelegateAccount", "Enabled"),
        ("DisableDelegateAccount", "Disabled"),
        ("EnableDelegateAccount", "Enabled"),
    ):
        assert getattr(manager, action)(**one) == {}
        assert delegation(manager) == expected
        if expected == "Enabled":
            assert delegate.at().GetDirectory() == manager.at().GetDirectory()
            assert delegate.at().UpdateDirectory(NewDirectoryName="mine")["Directory"]["DirectoryName"] == "mine"
            manager.at().UpdateDirectory(NewDirectoryName="sanmen")
        else:
            before = told(either)
            for denied in (delegate.ListDirectories, delegate.GetServiceStatus, delegate.at().GetDirectory):
                refused(denied, "NoPermission")
            refused(delegate.at().UpdateDirectory, "NoPermission", NewDirectoryName="mine")
            assert told(either) == before


# doc: it must have been registered in the resource directory. inferred: the code.
STRANGERS = {
    "a member": ({"AccountId": ALIBABA_MEMBER}, "EntityNotExists.DelegateAccount"),
    "the management account": ({"AccountId": ALIBABA_MANAGEMENT}, "EntityNotExists.DelegateAccount"),
    "an account outside": ({"AccountId": ALIBABA_STANDALONE}, "EntityNotExists.DelegateAccount"),
    "an account that is not there": ({"AccountId": "9" * 16}, "EntityNotExists.DelegateAccount"),
    # doc: the samples have sixteen digits.
    "fifteen digits": ({"AccountId": "3" * 15}, *invalid("AccountId")),
    "seventeen digits": ({"AccountId": "3" * 17}, *invalid("AccountId")),
    "letters": ({"AccountId": "a" * 16}, *invalid("AccountId")),
    "nothing": ({}, "MissingAccountId"),
}


@every_call
@pytest.mark.parametrize("name", STRANGERS)
def test_whoever_is_not_registered_is_refused(either, call, name):  # noqa: F811
    parameters, *codes = STRANGERS[name]
    before = told(either)
    for action in ("EnableDelegateAccount", "DisableDelegateAccount", "GetDelegateAccount"):
        refused(getattr(Cloud(either, call=call), action), *codes, **parameters)
    assert told(either) == before


def test_a_member_is_registered_and_no_longer(either):  # noqa: F811
    manager, member = Cloud(either), Cloud(either, ALIBABA_MEMBER)
    one = {"AccountId": ALIBABA_MEMBER}

    def administers():
        return outcome(member.at().GetDirectory) != "NoPermission"

    assert not administers()
    refused(manager.EnableDelegateAccount, "EntityNotExists.DelegateAccount", **one)
    for _ in range(2):
        account = own(either, "PATCH", f"accounts/{ALIBABA_MEMBER}", standing="delegated_administrator")
        assert account["standing"] == "delegated_administrator"
        assert manager.EnableDelegateAccount(**one) == {}
        assert delegation(manager, ALIBABA_MEMBER) == "Enabled" and administers()
        # The other delegated administrator is another matter.
        assert delegation(manager) == "Enabled"
        assert manager.DisableDelegateAccount(**one) == {}
        assert delegation(manager, ALIBABA_MEMBER) == "Disabled" and not administers()
        told_of_it = own(either, "GET", f"accounts/{ALIBABA_MEMBER}?vendor=alibaba")
        assert told_of_it["delegation"] == "disabled"
        assert delegation(manager) == "Enabled"
        manager.EnableDelegateAccount(**one)
        assert administers()

        own(either, "PATCH", f"accounts/{ALIBABA_MEMBER}", standing="member")
        assert not administers()
        for action in ("EnableDelegateAccount", "DisableDelegateAccount", "GetDelegateAccount"):
            refused(getattr(manager, action), "EntityNotExists.DelegateAccount", **one)


def test_a_new_account_joins_administers_and_leaves(either):  # noqa: F811
    account = own(
        either,
        "POST",
        "accounts",
        vendor="alibaba",
        organization=ORGANIZATION,
        standing="delegated_administrator",
    )["id"]
    newcomer, manager = Cloud(either, AlibabaKey.made(either, account)), Cloud(either)
    manager.EnableDelegateAccount(AccountId=account)
    assert newcomer.ListDirectories() == manager.ListDirectories()
    # inferred: it may not hand on what was delegated to it.
    for action in ("EnableDelegateAccount", "DisableDelegateAccount", "GetDelegateAccount"):
        for one in (account, ALIBABA_DELEGATED):
            refused(getattr(newcomer, action), "NoPermission", AccountId=one)
    own(either, "PATCH", f"accounts/{account}", standing="standalone")
    refused(newcomer.ListDirectories, "NoPermission")
    assert status(newcomer)["PrerequisiteCheckResult"] == "Failed"
    refused(manager.GetDelegateAccount, "EntityNotExists.DelegateAccount", AccountId=account)


def test_another_organizations_delegate_is_nobody_here(either):  # noqa: F811
    other = neighbour(either)
    other.EnableService()
    for action in ("EnableDelegateAccount", "DisableDelegateAccount", "GetDelegateAccount"):
        refused(getattr(other, action), "EntityNotExists.DelegateAccount", AccountId=ALIBABA_DELEGATED)
    assert delegation(Cloud(either)) == "Enabled"
    # Nor has he anything to look for there.
    theirs = Cloud(either, ALIBABA_DELEGATED).at(other.CreateDirectory()["Directory"]["DirectoryId"])
    refused(theirs.GetDirectory, "EntityNotExists.Directory")


# The seam outside: accounts that found, move and close.


# inferred: the code, of a key that is disabled.
def test_nobody_acts_for_an_account_that_is_closed(either):  # noqa: F811
    manager, delegate = Cloud(either), Cloud(either, ALIBABA_DELEGATED)
    delegate.at().UpdateDirectory(NewDirectoryName="mine")
    own(either, "DELETE", f"accounts/{ALIBABA_DELEGATED}")
    for call in (delegate.ListDirectories, delegate.GetServiceStatus, delegate.at().GetDirectory):
        refused(call, "InvalidAccessKeyId.Inactive")
    for action in ("EnableDelegateAccount", "DisableDelegateAccount", "GetDelegateAccount"):
        refused(getattr(manager, action), "EntityNotExists.DelegateAccount", AccountId=ALIBABA_DELEGATED)
    assert manager.at().GetDirectory()["Directory"]["DirectoryName"] == "mine"


def test_an_account_outside_founds_an_organization_and_takes_a_member_over(either):  # noqa: F811
    founder, member, manager = (Cloud(either, one) for one in (ALIBABA_STANDALONE, ALIBABA_MEMBER, ALIBABA_MANAGEMENT))
    organization = own(either, "POST", "organizations", vendor="alibaba", management_account=ALIBABA_STANDALONE)["id"]
    assert status(founder) == DISABLED | {"AccountId": ALIBABA_STANDALONE}
    founder.EnableService()
    directory = founder.CreateDirectory()["Directory"]
    refused(member.ListDirectories, "NoPermission")
    change = {"organization": organization, "standing": "delegated_administrator"}
    own(either, "PATCH", f"accounts/{ALIBABA_MEMBER}", **change)
    assert member.ListDirectories()["Directories"] == [directory]
    assert status(member)["AccountId"] == ALIBABA_STANDALONE
    assert delegation(founder, ALIBABA_MEMBER) == "Enabled"
    refused(manager.GetDelegateAccount, "EntityNotExists.DelegateAccount", AccountId=ALIBABA_MEMBER)
    refused(member.at().GetDirectory, "EntityNotExists.Directory")
    # And back again.
    own(either, "PATCH", f"accounts/{ALIBABA_MEMBER}", **change | {"organization": ORGANIZATION})
    assert member.ListDirectories() == manager.ListDirectories()
    refused(founder.DisableDelegateAccount, "EntityNotExists.DelegateAccount", AccountId=ALIBABA_MEMBER)
    refused(member.at(directory["DirectoryId"]).GetDirectory, "EntityNotExists.Directory")
