"""Who may call what: each operation, by each kind of account; and in which order a call is judged."""

import huaweicloudsdkidentitycenter.v1 as sdk
import pytest

from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER
from story_aws import either, mode, own  # noqa: F401
from story_huawei import (
    ABSENT,
    ACCOUNTS,
    CONFLICT,
    DENIED,
    INVALID,
    NO_STORE,
    NOBODY,
    STORE,
    WRITES,
    Cloud,
    neighbour,
    outcome,
    refusal,
    set_all,
    the_instance,
    told,
)
from test_huawei import INSTANCE, UNKNOWN

# doc: all is for the management account and for the delegated administrator; three are for the management account
# alone. inferred: whose delegation is laid down is a member.
TABLE = """
    operation                                           management delegated member standalone former
    ListInstances                                       yes        yes       denied denied     denied
    GetIdentityCenterServiceStatus                      yes        yes       denied denied     denied
    DescribeRegisteredRegions                           yes        yes       denied denied     denied
    RegisterRegion                                      yes        denied    denied denied     denied
    StartIdentityCenter                                 taken      denied    denied denied     denied
    DeleteIdentityCenter                                yes        denied    denied denied     denied
    CreateAlias                                         yes        yes       denied denied     denied
    ListIdentityStoreAssociation                        yes        yes       denied denied     denied
    GetHaConfiguration                                  yes        yes       denied denied     denied
    UpdateHaConfiguration                               yes        yes       denied denied     denied
    GetMfaDeviceManagementForIdentityStore              yes        yes       denied denied     denied
    PutMfaDeviceManagementForIdentityStore              yes        yes       denied denied     denied
    CreateInstanceAccessControlAttributeConfiguration   taken      taken     denied denied     denied
    DescribeInstanceAccessControlAttributeConfiguration yes        yes       denied denied     denied
    UpdateInstanceAccessControlAttributeConfiguration   yes        yes       denied denied     denied
    DeleteInstanceAccessControlAttributeConfiguration   yes        yes       denied denied     denied
    GetSsoConfiguration                                 yes        yes       denied denied     denied
    UpdateSsoConfiguration                              yes        yes       denied denied     denied
"""

(_, *CALLERS), *ROWS = [line.split() for line in TABLE.strip().splitlines()]
WORDS = {operation: dict(zip(CALLERS, words, strict=True)) for operation, *words in ROWS}
WORD = {"denied": DENIED, "taken": CONFLICT}

# doc: the permissions; those of the two that change the attributes are inferred.
PERMISSIONS = {
    "ListInstances": "instance:list",
    "GetIdentityCenterServiceStatus": "instance:getIdentityCenterStatus",
    "DescribeRegisteredRegions": "instance:describeRegisteredRegions",
    "RegisterRegion": "instance:registerRegion",
    "StartIdentityCenter": "instance:startIdentityCenter",
    "DeleteIdentityCenter": "instance:deleteIdentityCenter",
    "CreateAlias": "instance:createAlias",
    "ListIdentityStoreAssociation": "instance:listIdentityStoreAssociations",
    "GetHaConfiguration": "instance:getDisasterRecoveryConfiguration",
    "UpdateHaConfiguration": "instance:updateDisasterRecoveryConfiguration",
    "GetMfaDeviceManagementForIdentityStore": "mfaDevices:describeManagementSettings",
    "PutMfaDeviceManagementForIdentityStore": "mfaDevices:updateManagementSettings",
    "GetSsoConfiguration": "ssoConfiguration:describe",
    "UpdateSsoConfiguration": "ssoConfiguration:update",
} | {
    f"{verb}InstanceAccessControlAttributeConfiguration": (
        f"instance:{verb.lower()}InstanceAccessControlAttributeConfiguration"
    )
    for verb in ("Create", "Describe", "Update", "Delete")
}

SSO, HA, MFA, ABAC = (given for _, given in WRITES)
# What each is told; a write is of what the world is not.
GIVEN = {
    "RegisterRegion": {"region_id": "cn-north-4"},
    "CreateAlias": {"alias": "acme"},
    "UpdateSsoConfiguration": SSO,
    "UpdateHaConfiguration": HA,
    "PutMfaDeviceManagementForIdentityStore": MFA | {"identity_store_id": STORE},
    "CreateInstanceAccessControlAttributeConfiguration": ABAC,
    "UpdateInstanceAccessControlAttributeConfiguration": ABAC,
}
# Each body, with something wrong about it.
WRONG = {
    "RegisterRegion": {"region_id": "a_b"},
    "CreateAlias": {"alias": "d-x"},
    "UpdateSsoConfiguration": {"sso_configuration": {}, "configuration_type": "PORTAL"},
    "UpdateHaConfiguration": {"disaster_recovery_choice": "MAYBE"},
    "PutMfaDeviceManagementForIdentityStore": {"identity_store_id": "d-ffffffffff", "user_permission": "NONE"},
    "CreateInstanceAccessControlAttributeConfiguration": {},
    "UpdateInstanceAccessControlAttributeConfiguration": {},
    "ListInstances": {"limit": 0},
}
EMPTY = {"instance_access_control_attribute_configuration": {"access_control_attributes": []}}
# What leaves no trace: it is as it was.
SILENT = {"RegisterRegion"}
OF_AN_INSTANCE = {name for name in WORDS if "instance_id" in getattr(sdk, f"{name}Request").openapi_types}


def caller(server, name):
    """An account by its standing; the former delegated administrator's delegation is laid down first."""
    if name == "former":
        own(server, "PATCH", f"accounts/{HUAWEI_DELEGATED}", delegation="disabled")
    return Cloud(server, ACCOUNTS.get(name, HUAWEI_DELEGATED), INSTANCE)


def test_the_table_is_of_the_operations_that_are_served(either):  # noqa: F811
    served = next(vendor["operations"] for vendor in either.info()["vendors"] if vendor["vendor"] == "huawei")
    assert set(served) == WORDS.keys() | {"KeystoneListAuthDomains", "KeystoneListProjects"}
    assert WORDS.keys() == PERMISSIONS.keys() and len(OF_AN_INSTANCE) == 12


@pytest.mark.parametrize("operation", WORDS)
def test_who_may_call(either, operation):  # noqa: F811
    for name, word in WORDS[operation].items():
        either.reset()
        Cloud(either).at().CreateInstanceAccessControlAttributeConfiguration(**EMPTY)
        cloud = caller(either, name)
        before = told(Cloud(either))
        answer = outcome(getattr(cloud, operation), **GIVEN.get(operation, {}))
        assert (answer if isinstance(answer, str) else None) == WORD.get(word), (name, answer)
        writes = not operation.startswith(("Get", "List", "Describe"))
        assert (told(Cloud(either)) != before) == (word == "yes" and writes and operation not in SILENT), name


# doc: the message, and that something encoded goes with it.
@pytest.mark.parametrize("operation", WORDS)
def test_a_denial_names_the_permission(either, operation):  # noqa: F811
    for name in [name for name, word in WORDS[operation].items() if word == "denied"]:
        denial = refusal(getattr(caller(either, name), operation), **GIVEN.get(operation, {}))
        assert denial.message == f"No permission for action IdentityCenter:{PERMISSIONS[operation]}.", name
        assert isinstance(denial.encoded, str) and denial.encoded, name


# inferred: 403, 400, 404, 409, in this order: who may not call is told neither what is wrong nor what is there.
@pytest.mark.parametrize("operation", WORDS)
def test_in_which_order_a_call_is_judged(either, operation):  # noqa: F811
    right, wrong = GIVEN.get(operation, {}), WRONG.get(operation)
    manager = Cloud(either)
    manager.at().CreateInstanceAccessControlAttributeConfiguration(**EMPTY)
    manager.at().CreateAlias(alias="taken")
    before = told(manager)
    of_an_instance = operation in OF_AN_INSTANCE
    for name, word in WORDS[operation].items():
        cloud = caller(either, name)
        for id in (INSTANCE, UNKNOWN, "no_id") if of_an_instance else (None,):
            for given in (wrong, {"body": "{"} if operation in GIVEN else None):
                if given is not None:
                    answer = outcome(getattr(cloud.at(id), operation), **given)
                    assert answer == (DENIED if word == "denied" else INVALID), (name, id, given)
            expected = {UNKNOWN: ABSENT, "no_id": INVALID}.get(id)
            if expected or word == "denied":
                answer = outcome(getattr(cloud.at(id), operation), **right)
                assert answer == (DENIED if word == "denied" else expected), (name, id)
    assert told(manager) == before


# doc of the gateway: whoever calls, what there is not is its 404, and comes first.
@pytest.mark.parametrize("name", CALLERS)
def test_what_is_not_served_is_not_served_to_anybody(either, name):  # noqa: F811
    cloud = caller(either, name)
    assert outcome(lambda: cloud.get("/v1/instances/more/less")) == "404 APIGW.0101"
    assert outcome(lambda: cloud.get("/v1/service/start")) == "404 APIGW.0101"


# doc: IAM tells everybody what is theirs.
@pytest.mark.parametrize("name", CALLERS)
def test_everybody_may_look_up(either, name):  # noqa: F811
    cloud, account = caller(either, name), ACCOUNTS.get(name, HUAWEI_DELEGATED)
    (domain,) = cloud.get("/v3/auth/domains")["domains"]
    assert domain["id"] == account
    (project,) = cloud.get("/v3/projects", name="cn-north-4")["projects"]
    assert project["domain_id"] == account


# Who calls


# doc: the account follows from the key; what a client says of itself in X-Domain-Id changes nothing.
def test_a_domain_in_a_header_is_nobodys(either):  # noqa: F811
    for key, domain, expected in (
        (HUAWEI_MEMBER, HUAWEI_MANAGEMENT, DENIED),
        (HUAWEI_MANAGEMENT, HUAWEI_MEMBER, None),
        (HUAWEI_MANAGEMENT, "f" * 32, None),
    ):
        answer = outcome(Cloud(either, key, domain=domain).ListInstances)
        assert (answer == expected) if expected else (answer["page_info"]["current_count"] == 1), domain


# inferred: where signatures are not verified, the management account stands in for who is not known.
def test_an_unknown_key(either, mode):  # noqa: F811
    answer = outcome(Cloud(either, "AKNOBODY").ListInstances)
    assert answer == (NOBODY if mode == "strict" else Cloud(either).ListInstances())


def test_a_wrong_secret_comes_before_all_else(either, mode):  # noqa: F811
    for name in ("management", "member"):
        cloud = Cloud(either, ACCOUNTS[name], secret="other")
        for call, given in ((cloud.ListInstances, {"limit": 0}), (cloud.at(UNKNOWN).GetSsoConfiguration, {})):
            expected = DENIED if name == "member" else INVALID if given else ABSENT
            assert outcome(call, **given) == (NOBODY if mode == "strict" else expected)


@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_new_key_is_its_accounts(either, name, temporary):  # noqa: F811
    cloud = Cloud.made(either, ACCOUNTS[name], temporary=temporary)
    answer = outcome(cloud.at(INSTANCE).GetSsoConfiguration)
    assert (answer == DENIED) == (name in ("member", "standalone")) and isinstance(answer, dict) == (answer != DENIED)
    (domain,) = cloud.get("/v3/auth/domains")["domains"]
    assert domain["id"] == ACCOUNTS[name]


# Someone else's


# inferred: another organization's instance is not told from one that is not there.
@pytest.mark.parametrize("operation", sorted(OF_AN_INSTANCE))
def test_anothers_instance_is_not_there(either, operation):  # noqa: F811
    manager, delegate, other = Cloud(either), Cloud(either, HUAWEI_DELEGATED), neighbour(either)
    theirs = the_instance(other)
    set_all(other.at(theirs["instance_id"]), theirs["identity_store_id"])
    set_all(manager.at())
    before = told(manager), told(other)
    # With an identity store of one's own or of the other's.
    stores = [{"identity_store_id": store} for store in (STORE, theirs["identity_store_id"])]
    seen = set()
    for cloud, id in ((manager, theirs["instance_id"]), (delegate, theirs["instance_id"]), (other, INSTANCE)):
        for more in stores if operation.startswith("PutMfa") else ({},):
            given = GIVEN.get(operation, {}) | more
            refused = refusal(getattr(cloud.at(id), operation), **given)
            unknown = refusal(getattr(cloud.at(UNKNOWN), operation), **given)
            assert f"{refused.status} {refused.code}" == f"{unknown.status} {unknown.code}" == ABSENT
            seen |= {refused.message.replace(id, "it"), unknown.message.replace(UNKNOWN, "it")}
    assert len(seen) == 1
    assert (told(manager), told(other)) == before


# doc: the code. inferred: that it is of an identity store that is not the instance's.
def test_anothers_identity_store_is_not_there(either):  # noqa: F811
    manager, other = Cloud(either), neighbour(either)
    theirs = the_instance(other)["identity_store_id"]
    before = told(manager), told(other)
    for store in (theirs, "d-ffffffffff", INSTANCE):
        refused = refusal(manager.at().PutMfaDeviceManagementForIdentityStore, identity_store_id=store, **MFA)
        assert f"{refused.status} {refused.code}" == NO_STORE and refused.message == "Identity store not found."
    assert (told(manager), told(other)) == before
