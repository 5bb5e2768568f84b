"""Who may call what: each operation, by each kind of account."""

import pytest

from clients import ALIBABA_DELEGATED, ALIBABA_MEMBER, Refusal
from story_alibaba import (
    ACCOUNTS,
    ALICE,
    BOB,
    PHONE,
    Cloud,
    begin,  # noqa: F401
    mode,  # noqa: F401
    outcome,
    people,  # noqa: F401
    servers,  # noqa: F401
    told,
)

CODES = {
    "yes": None,
    "denied": "NoPermission",
    "outside": "PreconditionFailed.ResourceDirectory",
    # Who may, and is refused for what there is.
    "taken": "EntityAlreadyExists.Directory",
    "full": "DeletionConflict.Directory.User",
    "in-use": "DeletionConflict.Directory",
    "unknown": "EntityNotExists.DelegateAccount",
}

# doc: all is for the management account and for the delegated administrator, EnableService for the management account
# alone. inferred: DisableService and what is about delegations too; GetServiceStatus for an account that stands alone.
TABLE = """
    operation                           management delegated member standalone former
    EnableService                       yes        denied    denied outside    denied
    DisableService                      in-use     denied    denied denied     denied
    GetServiceStatus                    yes        yes       denied yes        denied
    EnableDelegateAccount               yes        denied    denied denied     denied
    DisableDelegateAccount              yes        denied    denied denied     denied
    GetDelegateAccount                  yes        denied    denied denied     denied
    CreateDirectory                     taken      taken     denied denied     denied
    GetDirectory                        yes        yes       denied denied     denied
    ListDirectories                     yes        yes       denied denied     denied
    UpdateDirectory                     yes        yes       denied denied     denied
    DeleteDirectory                     full       full      denied denied     denied
    GetDirectoryStatistics              yes        yes       denied denied     denied
    GetDirectoryGlobalAccessStatus      yes        yes       denied denied     denied
    UpdateDirectoryGlobalAccessStatus   yes        yes       denied denied     denied
    UpdateMFAAuthenticationSettings     yes        yes       denied denied     denied
    GetMFAAuthenticationSettings        yes        yes       denied denied     denied
    GetMFAAuthenticationSettingInfo     yes        yes       denied denied     denied
    SetMFAAuthenticationStatus          yes        yes       denied denied     denied
    GetMFAAuthenticationStatus          yes        yes       denied denied     denied
    UpdateUserMFAAuthenticationSettings yes        yes       denied denied     denied
    GetUserMFAAuthenticationSettings    yes        yes       denied denied     denied
    ListMFADevicesForUser               yes        yes       denied denied     denied
    DeleteMFADeviceForUser              yes        yes       denied denied     denied
    SetLoginPreference                  yes        yes       denied denied     denied
    GetLoginPreference                  yes        yes       denied denied     denied
    SetPasswordPolicy                   yes        yes       denied denied     denied
    GetPasswordPolicy                   yes        yes       denied denied     denied
    CreateUser                          yes        yes       denied denied     denied
    GetUser                             yes        yes       denied denied     denied
    GetUserId                           yes        yes       denied denied     denied
    ListUsers                           yes        yes       denied denied     denied
    UpdateUser                          yes        yes       denied denied     denied
    UpdateUserStatus                    yes        yes       denied denied     denied
    DeleteUser                          yes        yes       denied denied     denied
    ResetUserPassword                   yes        yes       denied denied     denied
    TagResources                        yes        yes       denied denied     denied
    UntagResources                      yes        yes       denied denied     denied
"""

(_, *CALLERS), *ROWS = [line.split() for line in TABLE.strip().splitlines()]
WORDS = {operation: dict(zip(CALLERS, words, strict=True)) for operation, *words in ROWS}

# What each is told; those that only read leave all as it is.
GIVEN = {
    "EnableDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "DisableDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "GetDelegateAccount": {"AccountId": ALIBABA_DELEGATED},
    "CreateDirectory": {"DirectoryName": "another"},
    "UpdateDirectory": {"NewDirectoryName": "changed"},
    "UpdateDirectoryGlobalAccessStatus": {"GlobalAccessStatus": "Enabled"},
    "UpdateMFAAuthenticationSettings": {"MFAAuthenticationSettings": "Byuser"},
    "SetMFAAuthenticationStatus": {"MFAAuthenticationStatus": "Disabled"},
    "UpdateUserMFAAuthenticationSettings": {"UserId": ALICE, "UserMFAAuthenticationSettings": "Disabled"},
    "GetUserMFAAuthenticationSettings": {"UserId": ALICE},
    "ListMFADevicesForUser": {"UserId": ALICE},
    "DeleteMFADeviceForUser": {"UserId": ALICE, "MFADeviceId": PHONE},
    "SetLoginPreference": {"AllowUserToGetCredentials": True},
    "SetPasswordPolicy": {"MaxPasswordAge": 7},
    "CreateUser": {"UserName": "carol"},
    "GetUser": {"UserId": ALICE},
    "GetUserId": {"ExternalId": {"Id": "bob@example.com", "Issuer": "SCIM"}},
    "UpdateUser": {"UserId": ALICE, "NewDescription": "Changed."},
    "UpdateUserStatus": {"UserId": ALICE, "NewStatus": "Disabled"},
    "DeleteUser": {"UserId": BOB},
    "ResetUserPassword": {"UserId": ALICE, "Password": "Yourpassword123!"},
    "TagResources": {"ResourceType": "user", "ResourceId": [ALICE], "Tag": [{"Key": "by", "Value": "us"}]},
    "UntagResources": {"ResourceType": "user", "ResourceId": [ALICE], "TagKey": ["team"]},
}
NOT_OF_A_DIRECTORY = {"CreateDirectory", "ListDirectories"} | {
    operation for operation in WORDS if "Service" in operation or "Delegate" in operation
}
# What leaves no trace: the present state was asked for, or nothing shows it.
SILENT = {"EnableService", "EnableDelegateAccount", "ResetUserPassword"}


def test_the_table_is_of_operations_that_are_served(people):  # noqa: F811
    served = next(vendor["operations"] for vendor in people.info()["vendors"] if vendor["vendor"] == "alibaba")
    assert len(WORDS) == 37 and WORDS.keys() <= set(served)


def called(server, caller, operation):
    """The operation by this caller, and what it is to be told."""
    account = ACCOUNTS.get(caller, ALIBABA_DELEGATED)
    cloud = Cloud(server, account)
    there = cloud if operation in NOT_OF_A_DIRECTORY else cloud.at()
    return getattr(there, operation), GIVEN.get(operation, {})


@pytest.mark.parametrize("operation", WORDS)
def test_who_may_call(people, operation):  # noqa: F811
    before, writes = told(people), not operation.startswith(("Get", "List"))
    for caller, word in WORDS[operation].items():
        if caller == "former":
            Cloud(people).DisableDelegateAccount(AccountId=ALIBABA_DELEGATED)
            before = told(people)
        call, given = called(people, caller, operation)
        answer = outcome(call, **given)
        assert CODES[word] == (answer if isinstance(answer, str) else None), (caller, answer)
        changes = word == "yes" and writes
        assert (told(people) != before) == (changes and operation not in SILENT), caller
        if changes:
            people.reset()
            before = told(people)


# observed: what the denial says of itself.
@pytest.mark.parametrize("operation", [name for name in WORDS if WORDS[name]["member"] == "denied"])
def test_a_denial_names_the_permission(people, operation):  # noqa: F811
    call, given = called(people, "member", operation)
    with pytest.raises(Refusal) as caught:
        call(**given)
    assert caught.value.raised.access_denied_detail == {
        "AuthAction": f"cloudsso:{operation}",
        "AuthPrincipalOwnerId": ALIBABA_MEMBER,
        "NoPermissionType": "ImplicitDeny",
    }
    assert "You are not authorized to do this action." in caught.value.message


# inferred: who may not call is not told what is there, nor what is wrong with the call.
@pytest.mark.parametrize("operation", [name for name in WORDS if name not in NOT_OF_A_DIRECTORY])
def test_a_denial_tells_nothing_of_what_is_there(people, operation):  # noqa: F811
    for caller in ("member", "standalone"):
        call, given = called(people, caller, operation)
        answers = {outcome(call, **given | {"DirectoryId": id}) for id in ("d-001111111111", "d-00ffffffffff")}
        assert answers == {"NoPermission"}
