"""The directory of an organization: its name, its Region, what it is told to hold, and its end."""

import socket
from types import SimpleNamespace

import pytest

from clients import ALIBABA_DELEGATED
from story_alibaba import (
    ALICE,
    BOB,
    CALLS,
    DIRECTORY,
    PEOPLE,
    PHONE,
    STICK,
    TIME,
    UNKNOWN_DIRECTORY,
    Cloud,
    begin,  # noqa: F401
    blank,  # noqa: F401
    either,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    neighbour,
    passing,
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    told,
)

REGIONS = ("cn-shanghai", "cn-hongkong", "us-west-1", "eu-central-1", "ap-southeast-1", "ap-northeast-2")

# doc: 2 to 64 small letters, digits and single hyphens between them; not what begins like an id.
NAMES = ("ab", "a1", "1a", "00", "a-b", "a-b-c-1-2", "d1-a", "dd-a", "a-d", "a" * 64, "a-" * 31 + "bb")
NO_NAMES = {
    "one character": "a",
    "too long": "a" * 65,
    "too long with hyphens": "a-" * 32 + "b",
    "a capital": "Acme",
    "capitals": "ACME",
    "a hyphen at the beginning": "-acme",
    "a hyphen at the end": "acme-",
    "two hyphens": "a--b",
    "hyphens alone": "--",
    "an underscore": "a_b",
    "a dot": "a.b",
    "a space": "a b",
    "a line": "acme\n",
    "another letter": "café",
    "another digit": "a１",
    "the beginning of an id": "d-a",
    "an id": "d-00fc2p61abcd",
}


@pytest.fixture
def cloud(blank):  # noqa: F811
    """The management account, its service enabled, without a directory."""
    cloud = Cloud(blank)
    cloud.EnableService()
    return cloud


def named(there):
    return there.GetDirectory()["Directory"]["DirectoryName"]


# Names


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_may_be(cloud, name):
    directory = cloud.CreateDirectory(DirectoryName=name)["Directory"]
    there = cloud.at(directory["DirectoryId"])
    assert directory["DirectoryName"] == named(there) == name
    assert there.UpdateDirectory(NewDirectoryName="another")["Directory"]["DirectoryName"] == "another"
    assert there.UpdateDirectory(NewDirectoryName=name)["Directory"]["DirectoryName"] == named(there) == name


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES)
def test_a_name_that_may_not_be(cloud, name):
    for call in CALLS:
        refused(cloud.by(call).CreateDirectory, *invalid("DirectoryName"), DirectoryName=name)
    assert cloud.ListDirectories() == {"Directories": [], "TotalCounts": 0}
    directory = cloud.CreateDirectory(DirectoryName="acme")["Directory"]
    for call in CALLS:
        there = cloud.by(call).at(directory["DirectoryId"])
        refused(there.UpdateDirectory, *invalid("NewDirectoryName"), NewDirectoryName=name)
    assert cloud.ListDirectories() == {"Directories": [directory], "TotalCounts": 1}


# inferred: without a name, or with an empty one, it is called like its id. doc: such a name is for that id alone.
@every_call
@pytest.mark.parametrize("given", [{}, {"DirectoryName": ""}], ids=["absent", "empty"])
def test_a_name_is_made_up(cloud, call, given):
    directory = cloud.by(call).CreateDirectory(**given)["Directory"]
    id = directory["DirectoryId"]
    there = cloud.by(call).at(id)
    assert len(id) == 14 and id.startswith("d-") and id[2:].isalnum() and id == id.lower()
    assert directory["DirectoryName"] == named(there) == id
    there.UpdateDirectory(NewDirectoryName="acme")
    for other in (UNKNOWN_DIRECTORY, id[:-1], id + "0"):
        refused(there.UpdateDirectory, *invalid("NewDirectoryName"), NewDirectoryName=other)
    assert there.UpdateDirectory(NewDirectoryName=id)["Directory"]["DirectoryName"] == named(there) == id


# doc: no two directories of the vendor have one name. inferred: the code.
def test_a_name_is_given_once(either):  # noqa: F811
    mine, other = Cloud(either).at(), neighbour(either)
    other.EnableService()
    refused(other.CreateDirectory, "EntityAlreadyExists.DirectoryName", DirectoryName="sanmen")
    assert other.ListDirectories()["TotalCounts"] == 0
    directory = other.CreateDirectory(DirectoryName="other")["Directory"]
    theirs = other.at(directory["DirectoryId"])
    refused(theirs.UpdateDirectory, "EntityAlreadyExists.DirectoryName", NewDirectoryName="sanmen")
    refused(mine.UpdateDirectory, "EntityAlreadyExists.DirectoryName", NewDirectoryName="other")
    assert (named(mine), theirs.GetDirectory()) == ("sanmen", {"Directory": directory})
    # A name that was laid down is free.
    mine.UpdateDirectory(NewDirectoryName="mine")
    theirs.UpdateDirectory(NewDirectoryName="sanmen")
    assert (named(mine), named(theirs)) == ("mine", "sanmen")
    theirs.DeleteDirectory()
    mine.UpdateDirectory(NewDirectoryName="sanmen")
    assert named(mine) == "sanmen"


def test_directories_of_two_organizations_do_not_see_each_other(people):  # noqa: F811
    other = neighbour(people)
    other.EnableService()
    directory = other.CreateDirectory()["Directory"]
    theirs = other.at(directory["DirectoryId"])
    before = told(people)
    # Users are of one directory, so that the same name and address may be in both.
    alice = theirs.CreateUser(UserName="alice", Email="alice@example.com")["User"]
    theirs.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings="Disabled")
    refused(theirs.GetUser, "EntityNotExists.User", UserId=ALICE)
    refused(theirs.DeleteUser, "EntityNotExists.User", UserId=BOB)
    refused(theirs.DeleteMFADeviceForUser, "EntityNotExists.User", UserId=ALICE, MFADeviceId=PHONE)
    refused(
        theirs.DeleteMFADeviceForUser, "EntityNotExists.MFADevice", UserId=alice["UserId"], MFADeviceId=PHONE
    )
    tag = {"ResourceType": "user", "Tag": [{"Key": "team", "Value": "theirs"}]}
    refused(theirs.TagResources, "EntityNotExists.User", ResourceId=[ALICE], **tag)
    refused(theirs.GetUserId, "EntityNotExists.User", ExternalId={"Id": "bob@example.com", "Issuer": "SCIM"})
    for action in ("GetDirectory", "ListUsers", "UpdateDirectory", "DeleteDirectory"):
        refused(getattr(other.at(), action), "EntityNotExists.Directory")
    refused(Cloud(people).at().GetUser, "EntityNotExists.User", UserId=alice["UserId"])
    refused(Cloud(people).at(directory["DirectoryId"]).GetDirectory, "EntityNotExists.Directory")
    assert told(people) == before
    assert theirs.ListUsers()["Users"] == [alice]


# Renaming


@every_call
def test_renaming(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    directory = there.GetDirectory()["Directory"]
    # doc: the name is optional. inferred: without one, and with the present one, nothing is refused.
    for given in ({}, {"NewDirectoryName": ""}):
        assert there.UpdateDirectory(**given) == {"Directory": directory}
    for name in ("acme", "acme", "sanmen"):
        renamed = there.UpdateDirectory(NewDirectoryName=name)["Directory"]
        assert there.GetDirectory() == {"Directory": renamed}
        assert Cloud(either, call=call).ListDirectories()["Directories"] == [renamed]
        assert renamed == directory | {"DirectoryName": name, "UpdateTime": renamed["UpdateTime"]}
    assert there.GetDirectoryStatistics()["DirectoryStatistics"]["DirectoryName"] == "sanmen"


# doc: UpdateTime is when it was changed last.
def test_renaming_moves_the_time_of_the_change(either):  # noqa: F811
    there = Cloud(either).at()
    created = there.GetDirectory()["Directory"]["CreateTime"]

    def look():
        return there.GetDirectory()["Directory"]["UpdateTime"]

    before, after = passing(lambda: there.UpdateDirectory(NewDirectoryName="acme"), look)
    assert created <= before < after
    assert there.GetDirectory()["Directory"]["CreateTime"] == created and TIME.fullmatch(after)


# Regions. doc: a directory lives in the Region whose endpoint was called, and there is one an account in all of them.


@pytest.mark.parametrize("region", REGIONS)
def test_a_directory_lives_in_the_region_that_was_asked(cloud, region):
    here = cloud.in_region(region)
    directory = here.CreateDirectory(DirectoryName="acme")["Directory"]
    id = directory["DirectoryId"]
    assert directory["Region"] == region
    assert here.at(id).GetDirectory() == {"Directory": directory}
    assert here.ListDirectories() == {"Directories": [directory], "TotalCounts": 1}
    assert here.at(id).GetDirectoryStatistics()["DirectoryStatistics"]["Region"] == region
    for other in REGIONS:
        refused(cloud.in_region(other).CreateDirectory, "EntityAlreadyExists.Directory", DirectoryName="other")
        assert cloud.in_region(other).GetServiceStatus()["ServiceStatus"]["RegionsInUse"] == [region]
        if other != region:
            elsewhere = cloud.in_region(other)
            # inferred: what it is told there.
            assert elsewhere.ListDirectories() == {"Directories": [], "TotalCounts": 0}
            for action, given in (("GetDirectory", {}), ("CreateUser", {"UserName": "a"}), ("DeleteDirectory", {})):
                refused(getattr(elsewhere.at(id), action), "EntityNotExists.Directory", **given)
    assert here.ListDirectories()["Directories"] == [directory]
    here.at(id).DeleteDirectory()
    # doc: to move it, it is deleted and made elsewhere.
    elsewhere = cloud.in_region(REGIONS[REGIONS.index(region) - 1])
    assert elsewhere.CreateDirectory(DirectoryName="acme")["Directory"]["Region"] != region


@pytest.fixture
def endpoint(cloud, monkeypatch):
    """`endpoint(region)` is the server under the name of the vendor's own endpoint there."""
    real = socket.getaddrinfo

    def here(host, *more, **named):
        return real("127.0.0.1" if str(host).endswith(".aliyuncs.com") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    port = cloud.server.port

    def at(region, host="cloudsso"):
        return SimpleNamespace(address=f"{host}.{region}.aliyuncs.com:{port}", port=port)

    return at


@every_call
@pytest.mark.parametrize("host", ["cloudsso", "cloudsso-vpc"])
def test_the_endpoints_name_tells_the_region(endpoint, call, host):
    here, elsewhere = (Cloud(endpoint(region, host), call=call) for region in ("eu-central-1", "us-west-1"))
    directory = here.CreateDirectory(DirectoryName="acme")["Directory"]
    assert directory["Region"] == "eu-central-1"
    assert here.ListDirectories()["Directories"] == [directory]
    assert elsewhere.ListDirectories()["Directories"] == []
    refused(elsewhere.at(directory["DirectoryId"]).GetDirectory, "EntityNotExists.Directory")
    refused(elsewhere.CreateDirectory, "EntityAlreadyExists.Directory")
    assert here.at(directory["DirectoryId"]).DeleteDirectory() == {}
    assert elsewhere.CreateDirectory()["Directory"]["Region"] == "us-west-1"


# inferred: where there is no endpoint, there is no directory.
@pytest.mark.parametrize("region", ["cn-beijing", "us-east-1", "CN-SHANGHAI", "nowhere"])
def test_there_are_no_directories_in_other_regions(cloud, region):
    refused(cloud.in_region(region).CreateDirectory, *invalid("RegionId"))
    assert cloud.ListDirectories()["Directories"] == []


# Statistics

QUOTAS = {
    "UserQuota": 1000,
    "GroupQuota": 500,
    "AccessConfigurationQuota": 1000,
    "SystemPolicyPerAccessConfigurationQuota": 20,
    "InlinePolicyPerAccessConfigurationQuota": 1,
}
NOTHING = {
    "GroupCount": 0,
    "AccessConfigurationCount": 0,
    "AccessAssignmentCount": 0,
    "SCIMServerCredentialCount": 0,
    "InProgressTaskCount": 0,
}
OF_THE_SEED = {"DirectoryId": DIRECTORY, "DirectoryName": "sanmen", "Region": "cn-shanghai"}


# doc: these members and these quotas.
@every_call
@pytest.mark.parametrize("sso", ["Enabled", "Disabled"])
@pytest.mark.parametrize("scim", ["Enabled", "Disabled"])
def test_statistics(begin, call, sso, scim):  # noqa: F811
    there = Cloud(begin(estate(*PEOPLE, saml={"sso": sso}, scim={"synchronization": scim})), call=call).at()
    switches = {"SSOEnabled": sso == "Enabled", "SCIMSyncEnabled": scim == "Enabled"}

    def shown():
        return there.GetDirectoryStatistics()["DirectoryStatistics"]

    assert shown() == {**QUOTAS, **NOTHING, **OF_THE_SEED, **switches, "UserCount": 2}
    user = there.CreateUser(UserName="carol")["User"]["UserId"]
    assert shown()["UserCount"] == 3
    there.DeleteUser(UserId=user)
    there.UpdateDirectory(NewDirectoryName="acme")
    assert shown() == {**QUOTAS, **NOTHING, **OF_THE_SEED, **switches, "UserCount": 2, "DirectoryName": "acme"}


# Deleting


@every_call
def test_only_an_empty_directory_is_deleted(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    refused(there.DeleteDirectory, "DeletionConflict.Directory.User")
    refused(Cloud(people, call=call).at(UNKNOWN_DIRECTORY).DeleteDirectory, "EntityNotExists.Directory")
    refused(Cloud(people, call=call).DeleteDirectory, "MissingDirectoryId")
    assert told(people) == before
    there.DeleteUser(UserId=BOB)
    refused(there.DeleteDirectory, "DeletionConflict.Directory.User")
    for device in (PHONE, STICK):
        there.DeleteMFADeviceForUser(UserId=ALICE, MFADeviceId=device)
    there.DeleteUser(UserId=ALICE)
    assert Cloud(people, ALIBABA_DELEGATED, call).at().DeleteDirectory() == {}
    refused(there.DeleteDirectory, "EntityNotExists.Directory")
    assert Cloud(people, call=call).ListDirectories() == {"Directories": [], "TotalCounts": 0}
