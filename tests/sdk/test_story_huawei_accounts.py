"""Organizations and accounts that come, move and go while the server runs: the SDK sees it on its next call."""

import pytest

from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_STANDALONE
from story_aws import either, mode, own  # noqa: F401
from story_huawei import (
    ABSENT,
    DENIED,
    FRESH,
    INSTANCE,
    NOBODY,
    ORGANIZATION,
    STORE,
    Cloud,
    outcome,
    refusal,
    the_instance,
    told,
)
from test_keys import ask


def made(server, **fields):
    """A new account, as it is told."""
    return own(server, "POST", "accounts", vendor="huawei", **fields)


def moved(server, account, **fields):
    """Moves an account; what is told of it is what is told when it is asked for."""
    state = own(server, "PATCH", f"accounts/{account}", **fields)
    assert state == own(server, "GET", f"accounts/{account}")
    return state


def permission(cloud, value="READ_ACTIONS"):
    """Writes as an administrator does."""
    call = cloud.at().PutMfaDeviceManagementForIdentityStore
    return outcome(call, identity_store_id=STORE, user_permission=value)


def standing(cloud):
    """Where the cloud takes the account to stand, by what it may do; nothing is changed."""
    manages = outcome(cloud.RegisterRegion, region_id="cn-north-4")
    administers = outcome(cloud.at().GetHaConfiguration)
    listed = outcome(cloud.ListInstances)
    assert (listed == DENIED) == (administers == DENIED)
    if manages is None:
        return "management"
    assert manages == DENIED
    return "member" if listed == DENIED else "delegated_administrator"


def test_an_account_from_its_making_to_its_end(either):  # noqa: F811
    manager = Cloud(either)
    account = made(either, name="team")
    id = account["id"]
    assert account == {"vendor": "huawei", "id": id, "name": "team", "standing": "standalone", "status": "active"}
    assert len(id) == 32 and int(id, 16) and account in own(either, "GET", "accounts?vendor=huawei")["accounts"]
    cloud = Cloud.made(either, id)
    assert cloud.get("/v3/auth/domains")["domains"][0]["name"] == "team"
    project = cloud.get("/v3/projects", name="cn-north-4")
    before = told(manager)

    # It stands alone, and then is a member: neither administers.
    assert permission(cloud) == outcome(cloud.StartIdentityCenter) == DENIED
    assert moved(either, id, standing="member", organization=ORGANIZATION)["organization"] == ORGANIZATION
    assert permission(cloud) == outcome(cloud.ListInstances) == DENIED
    assert told(manager) == before

    assert moved(either, id, standing="delegated_administrator")["delegation"] == "enabled"
    assert told(cloud) == before
    assert permission(cloud) is None
    changed = told(manager)
    assert changed != before and told(cloud) == changed
    # doc: what is the management account's alone stays so.
    for call, given in ((cloud.StartIdentityCenter, {}), (cloud.DeleteIdentityCenter, {})):
        assert outcome(call, **given) == DENIED
    assert outcome(cloud.RegisterRegion, region_id="cn-north-4") == DENIED

    # A delegation that is laid down is none, and can be taken up again.
    for delegation, expected in (("disabled", DENIED), ("enabled", None), ("disabled", DENIED)):
        assert moved(either, id, delegation=delegation)["delegation"] == delegation
        assert permission(cloud) == expected
    assert moved(either, id, standing="member").get("delegation") is None
    assert moved(either, id, standing="delegated_administrator")["delegation"] == "enabled"
    assert permission(cloud) is None

    state = moved(either, id, standing="standalone")
    assert (state["standing"], state.get("organization")) == ("standalone", None)
    assert permission(cloud) == DENIED
    # IAM tells it what is its own, wherever it stands.
    assert cloud.get("/v3/projects", name="cn-north-4") == project
    # What it did is not undone.
    assert told(manager) == changed

    # Nobody acts for an account that is closed, whatever the mode.
    assert own(either, "DELETE", f"accounts/{id}") is None
    assert own(either, "GET", f"accounts/{id}")["status"] == "closed"
    for call in (cloud.ListInstances, cloud.StartIdentityCenter, lambda: cloud.get("/v3/auth/domains")):
        refused = refusal(call)
        assert f"{refused.status} {refused.code}" == NOBODY
        assert refused.message.startswith("Incorrect IAM authentication information: Get secretKey failed,ak:")
    assert outcome(Cloud.made(either).ListInstances) == manager.ListInstances()
    assert told(manager) == changed


# Where an account stands, and what it may do then.
MOVES = (
    ({"standing": "delegated_administrator"}, "delegated_administrator"),
    ({"standing": "member"}, "member"),
    ({"standing": "standalone"}, "member"),
    ({"standing": "delegated_administrator", "organization": ORGANIZATION}, "delegated_administrator"),
    ({"delegation": "disabled"}, "member"),
    ({"name": "another name"}, "member"),
    ({"delegation": "enabled"}, "delegated_administrator"),
    ({"standing": "standalone"}, "member"),
)


@pytest.mark.parametrize("account", [HUAWEI_MEMBER, HUAWEI_DELEGATED, HUAWEI_STANDALONE])
def test_an_account_is_what_it_is_now(either, account):  # noqa: F811
    cloud, manager = Cloud(either, account), Cloud(either)
    first = {"standing": "member"} | ({"organization": ORGANIZATION} if account == HUAWEI_STANDALONE else {})
    for move, expected in ((first, "member"), *MOVES):
        moved(either, account, **move)
        assert (standing(cloud), standing(manager)) == (expected, "management"), move
        assert permission(cloud) == (None if expected != "member" else DENIED), move


def test_several_delegates(either):  # noqa: F811
    everybody = [HUAWEI_MEMBER, HUAWEI_DELEGATED, made(either, organization=ORGANIZATION)["id"]]
    clouds = [Cloud.made(either, account) for account in everybody]
    for account in everybody:
        moved(either, account, standing="delegated_administrator")
    assert {standing(cloud) for cloud in clouds} == {"delegated_administrator"}
    assert clouds[0].at().CreateAlias(alias="acme") is None
    assert {the_instance(cloud)["alias"] for cloud in clouds} == {"acme"}
    moved(either, everybody[0], standing="member")
    assert [standing(cloud) for cloud in clouds] == ["member", "delegated_administrator", "delegated_administrator"]


def test_an_organization_of_ones_own(either):  # noqa: F811
    manager = Cloud(either)
    before = told(manager)
    new = own(either, "POST", "organizations", vendor="huawei")
    assert new["id"].startswith("o-") and new["id"] != ORGANIZATION and new["service"] == "disabled"
    other, member = Cloud.made(either, new["management_account"]), made(either, organization=new["id"])["id"]
    theirs = Cloud.made(either, member)
    listed = own(either, "GET", f"accounts?vendor=huawei&organization={new['id']}")["accounts"]
    expected = {new["management_account"]: "management", member: "member"}
    assert {one["id"]: one["standing"] for one in listed} == expected

    assert other.GetIdentityCenterServiceStatus()["serviceStatus"] == "disable"
    assert outcome(theirs.StartIdentityCenter) == DENIED
    assert other.StartIdentityCenter() is None
    (shown,) = [one for one in own(either, "GET", "organizations")["organizations"] if one["id"] == new["id"]]
    assert shown == new | {"service": "enabled"}
    instance = the_instance(other)["instance_id"]
    # Another organization's is not there, for a delegate who comes over neither.
    assert outcome(other.at().GetSsoConfiguration) == outcome(manager.at(instance).GetSsoConfiguration) == ABSENT
    moved(either, HUAWEI_DELEGATED, organization=new["id"], standing="delegated_administrator")
    delegate = Cloud(either, HUAWEI_DELEGATED)
    assert the_instance(delegate)["instance_id"] == instance
    assert outcome(delegate.at().GetSsoConfiguration) == ABSENT
    assert delegate.at(instance).GetSsoConfiguration() == {"sso_configuration": FRESH}
    # And a member that goes the other way.
    moved(either, member, organization=ORGANIZATION, standing="delegated_administrator")
    assert the_instance(theirs)["instance_id"] == INSTANCE
    assert outcome(theirs.at(instance).GetSsoConfiguration) == ABSENT
    assert other.DeleteIdentityCenter() is None
    assert told(manager) == told(theirs) == before
    assert delegate.ListInstances()["instances"] == []


# A standalone account that founds an organization manages it from its next call on.
def test_an_account_that_begins_to_manage(either):  # noqa: F811
    cloud = Cloud(either, HUAWEI_STANDALONE)
    assert standing(cloud) == "member"
    id = "o-" + "7" * 32
    new = own(either, "POST", "organizations", vendor="huawei", id=id, management_account=HUAWEI_STANDALONE)
    assert (new["id"], new["management_account"]) == (id, HUAWEI_STANDALONE)
    assert cloud.RegisterRegion(region_id="cn-south-1") is None and cloud.StartIdentityCenter() is None
    instance = the_instance(cloud)
    assert instance["instance_id"] != INSTANCE and HUAWEI_STANDALONE in instance["instance_urn"]


# What cannot be is told, and changes nothing.
REFUSALS = {
    "a manager that goes": ("PATCH", f"accounts/{HUAWEI_MANAGEMENT}", {"standing": "member"}, 409),
    "a manager that is closed": ("DELETE", f"accounts/{HUAWEI_MANAGEMENT}", None, 409),
    "two managers": ("PATCH", f"accounts/{HUAWEI_MEMBER}", {"standing": "management"}, 409),
    "a standing that is none": ("PATCH", f"accounts/{HUAWEI_MEMBER}", {"standing": "owner"}, 400),
    "no such organization": ("PATCH", f"accounts/{HUAWEI_MEMBER}", {"organization": "o-" + "9" * 32}, 404),
    "an account that is not there": ("PATCH", f"accounts/{'9' * 32}", {"name": "x"}, 404),
    "an id that is taken": ("POST", "accounts", {"vendor": "huawei", "id": HUAWEI_MEMBER}, 409),
    "an id that is none": ("POST", "accounts", {"vendor": "huawei", "id": "no id"}, 400),
    "a member of nothing": ("PATCH", f"accounts/{HUAWEI_STANDALONE}", {"standing": "member"}, 400),
    "an organization that is taken": ("POST", "organizations", {"vendor": "huawei", "id": ORGANIZATION}, 409),
    "a manager from another organization": (
        *("POST", "organizations"),
        *({"vendor": "huawei", "management_account": HUAWEI_MEMBER}, 409),
    ),
}


def test_what_cannot_be_is_refused(either):  # noqa: F811
    clouds = [Cloud(either, account) for account in (HUAWEI_MANAGEMENT, HUAWEI_DELEGATED, HUAWEI_MEMBER)]

    def state():
        return [own(either, "GET", name) for name in ("accounts", "organizations")], [told(one) for one in clouds]

    before = state()
    for name, (method, path, body, expected) in REFUSALS.items():
        answer = ask(either, method, f"/_sanmen/{path}", body)
        assert (answer.status, bool(answer.error())) == (expected, True), name
        assert state() == before, name
    # Closed is for good, until the world goes back to its beginning.
    own(either, "DELETE", f"accounts/{HUAWEI_DELEGATED}")
    assert ask(either, "PATCH", f"/_sanmen/accounts/{HUAWEI_DELEGATED}", {"standing": "standalone"}).status == 409
    assert outcome(clouds[1].ListInstances) == NOBODY
    either.reset()
    assert state() == before


# What is told survives the program's end.
def test_accounts_survive_a_restart(start, mode, tmp_path):  # noqa: F811
    before = start("--data-dir", tmp_path, "--auth", mode)
    id = made(before, organization=ORGANIZATION, standing="delegated_administrator")["id"]
    key = before.keys("POST", vendor="huawei", account=id)
    moved(before, HUAWEI_DELEGATED, delegation="disabled")
    own(before, "DELETE", f"accounts/{HUAWEI_MEMBER}")
    state = own(before, "GET", "accounts")
    before.stop()
    after = start("--data-dir", tmp_path, "--auth", mode)
    assert own(after, "GET", "accounts") == state
    assert standing(Cloud(after, key=key["id"], secret=key["secret"])) == "delegated_administrator"
    assert standing(Cloud(after, HUAWEI_DELEGATED)) == "member"
    assert outcome(Cloud(after, HUAWEI_MEMBER).ListInstances) == NOBODY
