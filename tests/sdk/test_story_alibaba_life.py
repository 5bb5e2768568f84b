"""From nothing to a directory with a user, and back: the whole story, by every client."""

from clients import ALIBABA_DELEGATED, ALIBABA_MANAGEMENT
from story_alibaba import (
    CALLS,
    TIME,
    Cloud,
    begin,  # noqa: F401
    blank,  # noqa: F401
    every_call,
    mode,  # noqa: F401
    refused,
    servers,  # noqa: F401
    told,
)

DISABLED = {"Status": "Disabled", "AccountId": ALIBABA_MANAGEMENT, "PrerequisiteCheckResult": "Success"}
MFA = {"MfaAuthenticationAdvanceSettings": "Byuser", "OperationForRiskLogin": "EnforceVerify"}
ALICE = {
    "FirstName": "Alice",
    "LastName": "Lee",
    "DisplayName": "Alice Lee",
    "Description": "The first.",
    "Email": "alice@example.com",
}


def status(cloud):
    return cloud.GetServiceStatus()["ServiceStatus"]


@every_call
def test_from_nothing_to_a_directory_with_a_user_and_back(blank, call):  # noqa: F811
    cloud = Cloud(blank, call=call)
    assert status(cloud) == DISABLED
    refused(cloud.CreateDirectory, "PreconditionFailed.Service", DirectoryName="acme")

    assert cloud.EnableService() == {}
    assert status(cloud) == {"Status": "Enabled", "AccountId": ALIBABA_MANAGEMENT, "RegionsInUse": []}
    assert cloud.ListDirectories() == {"Directories": [], "TotalCounts": 0}

    directory = cloud.CreateDirectory(DirectoryName="acme")["Directory"]
    created = directory["CreateTime"]
    assert TIME.fullmatch(created)
    assert directory == {
        "DirectoryId": directory["DirectoryId"],
        "DirectoryName": "acme",
        "Region": "cn-shanghai",
        "CreateTime": created,
        "UpdateTime": created,
    }
    there = cloud.at(directory["DirectoryId"])
    assert there.GetMFAAuthenticationSettingInfo() == {
        "MFAAuthenticationSettingInfo": {"MfaAuthenticationAdvanceSettings": "Enabled"}
    }
    given = {"MFAAuthenticationSettings": "Byuser", "OperationForRiskLogin": "EnforceVerify"}
    assert there.UpdateMFAAuthenticationSettings(**given) == {}

    user = there.CreateUser(UserName="alice", **ALICE)["User"]
    one = {"UserId": user["UserId"]}
    assert there.GetUserMFAAuthenticationSettings(**one) == {"UserMFAAuthenticationSettings": "Enabled"}
    assert there.UpdateUserMFAAuthenticationSettings(**one, UserMFAAuthenticationSettings="Disabled") == {}

    # All is read back, by whichever client.
    for other in map(there.by, CALLS):
        assert other.GetDirectory() == {"Directory": directory}
        assert other.GetMFAAuthenticationSettingInfo() == {"MFAAuthenticationSettingInfo": MFA}
        assert other.GetMFAAuthenticationSettings() == {"MFAAuthenticationAdvanceSettings": "Byuser"}
        assert other.GetUser(**one) == {"User": user}
        assert user.items() >= ALICE.items()
        assert other.GetUserMFAAuthenticationSettings(**one) == {"UserMFAAuthenticationSettings": "Disabled"}
        assert other.ListMFADevicesForUser(**one) == {"TotalCounts": 0, "MFADevices": []}
        assert other.ListUsers() == {"Users": [user], "TotalCounts": 1, "MaxResults": 10, "IsTruncated": False}
        assert other.GetDirectoryStatistics()["DirectoryStatistics"]["UserCount"] == 1
    for other in (Cloud(blank, call=other) for other in CALLS):
        assert other.ListDirectories() == {"Directories": [directory], "TotalCounts": 1}
        assert status(other)["RegionsInUse"] == ["cn-shanghai"]

    # doc: neither goes while something is in it.
    before = told(blank, directory["DirectoryId"])
    refused(there.DeleteDirectory, "DeletionConflict.Directory.User")
    refused(cloud.DisableService, "DeletionConflict.Directory")
    assert told(blank, directory["DirectoryId"]) == before

    assert there.DeleteUser(**one) == {}
    refused(there.GetUser, "EntityNotExists.User", **one)
    assert there.ListUsers() == {"Users": [], "TotalCounts": 0, "MaxResults": 10, "IsTruncated": False}
    refused(cloud.DisableService, "DeletionConflict.Directory")

    assert there.DeleteDirectory() == {}
    for gone in (there.GetDirectory, there.GetMFAAuthenticationSettingInfo, there.ListUsers, there.DeleteDirectory):
        refused(gone, "EntityNotExists.Directory")
    assert cloud.ListDirectories() == {"Directories": [], "TotalCounts": 0}
    assert status(cloud)["RegionsInUse"] == []

    assert cloud.DisableService() == {}
    assert status(cloud) == DISABLED
    refused(cloud.ListDirectories, "PreconditionFailed.Service")


# doc: the service may be enabled again at any time. inferred: nothing is left of what was before.
@every_call
def test_what_comes_after_begins_anew(blank, call):  # noqa: F811
    cloud = Cloud(blank, call=call)
    lives = []
    for _ in range(3):
        cloud.EnableService()
        directory = cloud.CreateDirectory(DirectoryName="acme")["Directory"]["DirectoryId"]
        there = cloud.at(directory)
        lives.append((directory, fresh(there, directory)))
        user = there.CreateUser(UserName="alice", **ALICE, Tags=[{"Key": "team", "Value": "identity"}])["User"]
        one = {"UserId": user["UserId"]}
        assert user["Tags"] == [{"Key": "team", "Value": "identity"}]
        there.ResetUserPassword(**one, Password="Yourpassword123!")
        there.UpdateUserMFAAuthenticationSettings(**one, UserMFAAuthenticationSettings="Disabled")
        there.UpdateMFAAuthenticationSettings(MFAAuthenticationSettings="Disabled")
        there.SetMFAAuthenticationStatus(MFAAuthenticationStatus="Disabled")
        there.SetPasswordPolicy(MaxPasswordAge=7)
        there.SetLoginPreference(LoginNetworkMasks="10.0.0.0/8", AllowUserToGetCredentials=True)
        there.UpdateDirectoryGlobalAccessStatus(GlobalAccessStatus="Enabled")
        assert fresh(there, directory) != lives[-1][1]
        there.DeleteUser(**one)
        there.DeleteDirectory()
        cloud.DisableService()
    (first, told_first), *others = lives
    assert all(told_other == told_first for _, told_other in others)
    assert len({directory for directory, _ in lives}) == 3, "an id is not given twice"
    refused(cloud.at(first).GetDirectory, "PreconditionFailed.Service")


def fresh(there, directory):
    """What is told of a directory, but for its id and its times."""
    answers = told(there.server, directory)
    for name, member in (("GetDirectory", "Directory"), ("GetDirectoryStatistics", "DirectoryStatistics")):
        for told_only_of_one in ("DirectoryId", "CreateTime", "UpdateTime"):
            answers[name][member].pop(told_only_of_one, None)
    del answers["ListDirectories"]
    return answers


# doc: a delegated administrator does the same, but for the service itself.
@every_call
def test_a_delegated_administrator_does_it_too(blank, call):  # noqa: F811
    manager = Cloud(blank, call=call)
    cloud = Cloud(blank, ALIBABA_DELEGATED, call)
    refused(cloud.EnableService, "NoPermission")
    assert status(cloud) == DISABLED
    refused(cloud.CreateDirectory, "PreconditionFailed.Service")
    manager.EnableService()
    directory = cloud.CreateDirectory(DirectoryName="acme")["Directory"]
    there = cloud.at(directory["DirectoryId"])
    user = there.CreateUser(UserName="alice")["User"]
    assert manager.at(directory["DirectoryId"]).GetUser(UserId=user["UserId"]) == {"User": user}
    refused(manager.CreateDirectory, "EntityAlreadyExists.Directory", DirectoryName="other")
    refused(cloud.CreateDirectory, "EntityAlreadyExists.Directory", DirectoryName="other")
    refused(there.DeleteDirectory, "DeletionConflict.Directory.User")
    there.DeleteUser(UserId=user["UserId"])
    there.DeleteDirectory()
    assert manager.ListDirectories()["Directories"] == []
    refused(cloud.DisableService, "NoPermission")
    assert status(cloud)["Status"] == "Enabled"
