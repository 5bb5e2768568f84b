"""As the Terraform provider does it: its calls in its order, by V1 with a form, and what it takes for granted."""

import functools

import pytest

from clients import ALIBABA_DELEGATED, ALIBABA_MEMBER, Refusal
from story_alibaba import (
    ALICE,
    CORE,
    FORM,
    PEOPLE,
    PHONE,
    STICK,
    Cloud,
    begin,  # noqa: F401
    blank,  # noqa: F401
    either,  # noqa: F401
    estate,
    mode,  # noqa: F401
    own,
    pairs,
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    tags,
)
from test_story_alibaba_user_lists import MANY

# How it signs and where its parameters are; by the current SDK's generic call, and by the older core.
as_terraform = pytest.mark.parametrize("call", [FORM, CORE], ids=lambda call: call.name)

# sdk: what it sets of a directory, in this order, and what it reads, with the member that must be an object.
SETS = (
    "ClearExternalSAMLIdentityProvider",
    "UpdateDirectory",
    "SetExternalSAMLIdentityProvider",
    "SetMFAAuthenticationStatus",
    "SetSCIMSynchronizationStatus",
    "UpdateMFAAuthenticationSettings",
    "UpdateUserProvisioningConfiguration",
    "UpdateDirectoryGlobalAccessStatus",
    "SetPasswordPolicy",
    "SetLoginPreference",
    "SetDirectorySAMLServiceProviderInfo",
)
READS = {
    "GetDirectorySAMLServiceProviderInfo": "SAMLServiceProvider",
    "GetPasswordPolicy": "PasswordPolicy",
    "GetExternalSAMLIdentityProvider": "SAMLIdentityProviderConfiguration",
    "GetDirectory": "Directory",
    "GetUserProvisioningConfiguration": "UserProvisioningConfiguration",
    "GetMFAAuthenticationSettingInfo": "MFAAuthenticationSettingInfo",
    "GetLoginPreference": "LoginPreference",
    "GetSCIMSynchronizationStatus": None,
    "GetMFAAuthenticationStatus": None,
    "GetDirectoryGlobalAccessStatus": "GlobalAccessStatus",
}


@functools.cache
def served(server):
    """The operations of the vendor."""
    return next(set(vendor["operations"]) for vendor in server.info()["vendors"] if vendor["vendor"] == "alibaba")


def called(call, **given):
    """The answer, looked at as the provider looks at it."""
    answer = call(**given)
    # sdk: these it takes for an error.
    assert not {"Code", "Success", "Message"} & answer.keys()
    return answer


def gone(call, **given):
    """Whether the provider takes what it looks for to be gone: by the status 404 alone."""
    try:
        called(call, **given)
    except Refusal as refusal:
        assert refusal.code.startswith("EntityNotExists.")
        return refusal.status == 404
    return False


# alicloud_cloud_sso_directory


class Directory:
    """The resource: it is made and changed, and read back each time."""

    def __init__(self, cloud, **arguments):
        self.cloud = cloud
        name = {"DirectoryName": arguments.pop("directory_name")} if "directory_name" in arguments else {}
        self.id = called(cloud.CreateDirectory, **name)["Directory"]["DirectoryId"]
        self.there = cloud.at(self.id)
        self.change(**arguments)

    def change(self, **arguments):
        """Sets what has changed, by operation, in the provider's order."""
        assert arguments.keys() <= set(SETS)
        for name in SETS:
            if name in arguments:
                called(getattr(self.there, name), **arguments[name])
        self.read()

    def read(self):
        """The state: all that is read, under the names of the vendor."""
        self.state = {}
        for name, wrapper in READS.items():
            if name not in served(self.cloud.server):
                continue
            answer = called(getattr(self.there, name))
            if wrapper is not None:
                # sdk: a member that is missing, or no object, ends the provider.
                assert isinstance(answer[wrapper], dict), name
                answer = answer[wrapper]
            self.state |= answer

    def delete(self):
        called(self.there.DeleteDirectory)
        assert gone(self.there.DeleteDirectory) and gone(self.there.GetDirectory)


def mfa(setting, risk=None):
    return {"MFAAuthenticationSettings": setting} | ({} if risk is None else {"OperationForRiskLogin": risk})


# observed: the steps of the provider's own test, `TestAccAliCloudCloudSSODirectory_basic9760`, and what it expects.
@as_terraform
def test_a_directory_as_in_the_providers_own_test(blank, call):  # noqa: F811
    cloud = Cloud(blank, call=call)
    for _ in range(2):
        called(cloud.EnableService)

    def expects(**members):
        assert directory.state.items() >= members.items(), directory.state

    directory = Directory(
        cloud,
        directory_name="tf-acc-1",
        SetMFAAuthenticationStatus={"MFAAuthenticationStatus": "Disabled"},
        UpdateMFAAuthenticationSettings=mfa("OnlyRiskyLogin", "EnforceVerify"),
        UpdateDirectoryGlobalAccessStatus={"GlobalAccessStatus": "Disabled"},
        SetPasswordPolicy={
            "MinPasswordLength": 8,
            "MinPasswordDifferentChars": 8,
            "PasswordNotContainUsername": True,
            "MaxPasswordAge": 90,
            "PasswordReusePrevention": 1,
            "MaxLoginAttempts": 5,
        },
        SetLoginPreference={"LoginNetworkMasks": "127.0.0.1/24", "AllowUserToGetCredentials": True},
    )
    expects(
        DirectoryName="tf-acc-1",
        MFAAuthenticationStatus="Disabled",
        MfaAuthenticationAdvanceSettings="OnlyRiskyLogin",
        OperationForRiskLogin="EnforceVerify",
        status="Disabled",
        MinPasswordLength=8,
        MinPasswordDifferentChars=8,
        LoginNetworkMasks="127.0.0.1/24",
        AllowUserToGetCredentials=True,
    )
    directory.change(
        UpdateDirectory={"NewDirectoryName": "tf-acc-2"},
        SetMFAAuthenticationStatus={"MFAAuthenticationStatus": "Enabled"},
        UpdateMFAAuthenticationSettings=mfa("Enabled", "Autonomous"),
        UpdateDirectoryGlobalAccessStatus={"GlobalAccessStatus": "Enabled"},
        SetPasswordPolicy={
            "MinPasswordLength": 9,
            "MinPasswordDifferentChars": 9,
            "PasswordNotContainUsername": False,
            "MaxPasswordAge": 89,
        },
        SetLoginPreference={"LoginNetworkMasks": "255.255.255.255/32", "AllowUserToGetCredentials": False},
    )
    expects(
        DirectoryName="tf-acc-2",
        MFAAuthenticationStatus="Enabled",
        MfaAuthenticationAdvanceSettings="Enabled",
        status="Enabled",
        MinPasswordLength=9,
        MinPasswordDifferentChars=9,
        PasswordNotContainUsername=False,
        MaxPasswordAge=89,
        PasswordReusePrevention=1,
        LoginNetworkMasks="255.255.255.255/32",
        AllowUserToGetCredentials=False,
    )
    directory.change(
        SetMFAAuthenticationStatus={"MFAAuthenticationStatus": "Disabled"},
        UpdateMFAAuthenticationSettings=mfa("OnlyRiskyLogin", "EnforceVerify"),
        SetPasswordPolicy={"MinPasswordLength": 8, "MinPasswordDifferentChars": 8},
        # sdk: it may send what is empty, and always the other with a change.
        SetLoginPreference={"LoginNetworkMasks": "", "AllowUserToGetCredentials": False},
    )
    expects(
        DirectoryName="tf-acc-2",
        MFAAuthenticationStatus="Disabled",
        MfaAuthenticationAdvanceSettings="OnlyRiskyLogin",
        OperationForRiskLogin="EnforceVerify",
        MinPasswordLength=8,
        MinPasswordDifferentChars=8,
        LoginNetworkMasks="255.255.255.255/32",
    )
    # Nothing that was not said has changed, and a refresh shows the same.
    before = directory.state
    directory.read()
    assert directory.state == before
    directory.delete()
    for _ in range(2):
        called(cloud.DisableService)


@as_terraform
def test_a_directory_without_any_argument(blank, call):  # noqa: F811
    cloud = Cloud(blank, call=call)
    called(cloud.EnableService)
    directory = Directory(cloud)
    assert directory.state.items() >= {
        "DirectoryName": directory.id,
        "MFAAuthenticationStatus": "Enabled",
        "MfaAuthenticationAdvanceSettings": "Enabled",
        "LoginNetworkMasks": "",
        "AllowUserToGetCredentials": False,
        "status": "Disabled",
    }.items()
    # sdk: the behaviour at unusual logons may be sent without a character.
    directory.change(UpdateMFAAuthenticationSettings=mfa("Byuser", ""))
    assert directory.state["MfaAuthenticationAdvanceSettings"] == "Byuser"
    # The data source.
    listed = called(cloud.ListDirectories)
    assert isinstance(listed["Directories"], list) and listed["Directories"][0]["DirectoryId"] == directory.id
    directory.delete()
    assert called(cloud.ListDirectories)["Directories"] == []


# Of a service that was disabled by somebody else a refresh is an error: what there is must not be taken to be gone.
@as_terraform
def test_a_disabled_service_is_not_a_directory_that_is_gone(blank, call):  # noqa: F811
    there = Cloud(blank, call=call).at()
    for name in sorted(READS.keys() & served(blank)):
        assert not gone_whatever(getattr(there, name)), name


def gone_whatever(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.status == 404


# alicloud_cloud_sso_user


def user_state(there, user):
    """What the provider reads of a user, under the names of the vendor."""
    shown = called(there.GetUser, UserId=user)["User"]
    assert isinstance(shown, dict) and isinstance(shown["Tags"], list)
    read = ("CreateTime", "Description", "DisplayName", "Email", "FirstName", "LastName", "Status", "UserName")
    return {name: shown[name] for name in read} | called(there.GetUserMFAAuthenticationSettings, UserId=user)


@as_terraform
def test_a_user_from_its_making_to_its_end(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    given = {"Created": "TF", "For": "Test"}
    user = called(
        there.CreateUser,
        UserName="tf-user",
        Description="made by Terraform",
        DisplayName="tf user",
        Email="tf@example.com",
        FirstName="T",
        LastName="F",
        Status="Enabled",
        Tags=pairs(given),
    )["User"]["UserId"]
    one = {"UserId": user}
    assert called(there.ResetUserPassword, Password="Yourpassword123!", **one) == {}
    called(there.UpdateUserMFAAuthenticationSettings, UserMFAAuthenticationSettings="Enabled", **one)
    first = user_state(there, user)
    assert first["UserMFAAuthenticationSettings"] == "Enabled" and tags(there, user) == given

    # A change: what was taken out of the configuration is sent without a character.
    new = {"NewDescription": "", "NewDisplayName": "another", "NewEmail": "", "NewFirstName": "", "NewLastName": "G"}
    called(there.UpdateUser, **new, **one)
    called(there.UpdateUserStatus, NewStatus="Disabled", **one)
    assert called(there.ResetUserPassword, Password="Yourpassword124!", **one) == {}
    called(there.UpdateUserMFAAuthenticationSettings, UserMFAAuthenticationSettings="Disabled", **one)
    # sdk: keys that go, before tags that come; a value is changed by the latter alone.
    of_it = {"ResourceType": "user", "ResourceId": [user]}
    called(there.UntagResources, TagKey=["For"], **of_it)
    called(there.TagResources, Tag=pairs({"Created": "TF-update", "New": "1"}), **of_it)
    assert user_state(there, user) == first | {
        "Description": "",
        "DisplayName": "another",
        "Email": "",
        "FirstName": "",
        "LastName": "G",
        "Status": "Disabled",
        "UserMFAAuthenticationSettings": "Disabled",
    }
    assert tags(there, user) == {"Created": "TF-update", "New": "1"}

    called(there.DeleteUser, **one)
    for call_ in (there.GetUser, there.DeleteUser, there.GetUserMFAAuthenticationSettings):
        assert gone(call_, **one)
    # With the directory the users are gone too.
    called(there.DeleteDirectory)
    assert gone(there.GetUser, **one) and gone(there.DeleteUser, **one)


@as_terraform
def test_a_user_without_any_optional_argument(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    user = called(there.CreateUser, UserName="tf-user")["User"]["UserId"]
    state = user_state(there, user)
    assert all(isinstance(value, str) for value in state.values()), "texts that are not set are empty ones"
    assert (state["Status"], state["UserMFAAuthenticationSettings"]) == ("Enabled", "Enabled")
    assert tags(there, user) == {}


# The data source of users


def all_users(there, size=50, **asked):
    """sdk: it goes on while there is a token, and takes one without a character for none."""
    found, token = [], {}
    while True:
        page = called(there.ListUsers, MaxResults=size, **asked, **token)
        assert isinstance(page["Users"], list)
        found += page["Users"]
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


@as_terraform
def test_all_users_are_found(begin, call):  # noqa: F811
    there = Cloud(begin(estate(*MANY)), call=call).at()
    for size in (50, 100):
        assert [user["UserName"] for user in all_users(there, size)] == [user["name"] for user in MANY]
    assert len(all_users(there, Status="Enabled", ProvisionType="Manual")) == len(MANY)
    assert all_users(there, Status="Disabled") == []


@as_terraform
def test_users_with_their_details(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    bound = {}
    for user in all_users(there):
        devices = called(there.ListMFADevicesForUser, UserId=user["UserId"])["MFADevices"]
        assert isinstance(devices, list)
        bound[user["UserName"]] = [device["DeviceId"] for device in devices]
    assert bound == {"alice": [PHONE, STICK], "bob": []}
    assert tags(there, ALICE) == PEOPLE[0]["tags"]


# alicloud_cloud_sso_delegate_account


@as_terraform
def test_a_delegate_account_from_its_making_to_its_end(either, call):  # noqa: F811
    cloud = Cloud(either, call=call)
    one = {"AccountId": ALIBABA_DELEGATED}

    def state():
        answer = called(cloud.GetDelegateAccount, **one)
        # sdk: it is looked into without a look at what it is.
        assert isinstance(answer["DelegateAccount"], dict)
        return answer["DelegateAccount"]["DelegateStatus"]

    for _ in range(2):
        called(cloud.EnableDelegateAccount, **one)
        assert state() == "Enabled"
        called(cloud.DisableDelegateAccount, **one)
        # sdk: this, or 404, is gone.
        assert state() == "Disabled"
        called(cloud.DisableDelegateAccount, **one)
    assert gone(cloud.GetDelegateAccount, AccountId=ALIBABA_MEMBER)
    assert gone(cloud.DisableDelegateAccount, AccountId=ALIBABA_MEMBER)


@as_terraform
def test_a_delegate_account_that_leaves_is_gone(either, call):  # noqa: F811
    cloud = Cloud(either, call=call)
    one = {"AccountId": ALIBABA_DELEGATED}
    called(cloud.EnableDelegateAccount, **one)
    own(either, "PATCH", f"accounts/{ALIBABA_DELEGATED}", standing="member")
    assert gone(cloud.GetDelegateAccount, **one) and gone(cloud.DisableDelegateAccount, **one)
    refused(Cloud(either, ALIBABA_DELEGATED, call).ListDirectories, "NoPermission")
