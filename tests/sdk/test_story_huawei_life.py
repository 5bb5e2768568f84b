"""The life of the service: a Region, its start, an instance, its alias, and its end, as the SDK sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from clients import HUAWEI_DELEGATED
from story_alibaba import begin, blank, servers  # noqa: F401
from story_aws import either, mode  # noqa: F401
from story_huawei import (
    ABSENT,
    ANOTHER_REGION,
    CONFLICT,
    INSTANCE_ID,
    OF_AN_INSTANCE,
    STORE_ID,
    WRITES,
    Cloud,
    neighbour,
    outcome,
    refusal,
    set_all,
    settings,
    the_instance,
    told,
)

# observed: the words that Terraform waits for. inferred: that they are told where nothing is started.
STARTED, NOT_STARTED = ({"serviceStatus": word, "serviceStatusReasons": ["success"]} for word in ("enable", "disable"))
NOTHING = {
    "GetIdentityCenterServiceStatus": NOT_STARTED,
    "DescribeRegisteredRegions": {"regions": []},
    "ListInstances": {"instances": [], "page_info": {"next_marker": None, "current_count": 0}},
}


def regions(*names):
    return {"regions": [{"region_id": name} for name in names]}


def test_the_life_of_the_service(blank):  # noqa: F811
    manager, delegate = Cloud(blank), Cloud(blank, HUAWEI_DELEGATED)
    assert told(manager) == told(delegate) == NOTHING
    # doc: 404. inferred: that it is of a service that is not started.
    assert outcome(manager.DeleteIdentityCenter) == ABSENT

    # A Region: one, which can be registered again, and is told at once.
    for _ in range(2):
        assert manager.RegisterRegion(region_id="cn-south-1") is None
    refused = refusal(manager.RegisterRegion, region_id="ap-southeast-3")
    assert (refused.status, refused.code, refused.message) == (409, "IIC.1216", "Only one region can be registered.")
    assert told(manager) == told(delegate) == NOTHING | {"DescribeRegisteredRegions": regions("cn-south-1")}

    assert manager.StartIdentityCenter() is None
    assert outcome(manager.StartIdentityCenter) == CONFLICT
    assert manager.GetIdentityCenterServiceStatus() == STARTED
    assert manager.DescribeRegisteredRegions() == regions("cn-south-1")
    instance = the_instance(manager)
    assert list(instance) == ["identity_store_id", "instance_id", "alias", "instance_urn"]
    id, store = instance["instance_id"], instance["identity_store_id"]
    assert INSTANCE_ID.fullmatch(id) and STORE_ID.fullmatch(store)
    assert instance["alias"] == "" and id in instance["instance_urn"]
    there = manager.at(id)
    fresh = told(manager)
    assert {name: fresh[name] for name in OF_AN_INSTANCE} == settings(store, changed=False)
    assert told(delegate) == fresh

    # doc: an alias is given once.
    assert there.CreateAlias(alias="acme") is None
    for alias in ("acme", "other"):
        assert outcome(there.CreateAlias, alias=alias) == CONFLICT
        assert outcome(delegate.at(id).CreateAlias, alias=alias) == CONFLICT
    assert the_instance(manager) == instance | {"alias": "acme"}

    set_all(there, store)
    changed = told(manager)
    assert {name: changed[name] for name in OF_AN_INSTANCE} == settings(store, changed=True)
    assert told(delegate) == changed
    # What was set is no hindrance. doc: all data is deleted, and another Region can be chosen.
    assert outcome(manager.StartIdentityCenter) == CONFLICT
    assert outcome(manager.RegisterRegion, region_id="ap-southeast-3") == ANOTHER_REGION
    assert told(manager) == changed
    assert manager.DeleteIdentityCenter() is None
    assert told(manager) == told(delegate) == NOTHING
    assert outcome(manager.DeleteIdentityCenter) == ABSENT
    assert {outcome(getattr(there, name)) for name in OF_AN_INSTANCE} == {ABSENT}

    # Once more: nothing is left of what was.
    assert manager.RegisterRegion(region_id="ap-southeast-3") is None
    assert manager.StartIdentityCenter() is None
    assert manager.DescribeRegisteredRegions() == regions("ap-southeast-3")
    again = the_instance(manager)
    assert again["instance_id"] != id and again["identity_store_id"] != store and again["alias"] == ""
    anew = told(manager)
    assert {name: anew[name] for name in OF_AN_INSTANCE} == settings(again["identity_store_id"], changed=False)
    assert {outcome(getattr(there, name)) for name in OF_AN_INSTANCE} == {ABSENT}
    # The alias is free.
    assert manager.at(again["instance_id"]).CreateAlias(alias="acme") is None
    assert the_instance(manager) == again | {"alias": "acme"}


# observed: Terraform's example registers no Region. inferred: which it is.
def test_a_service_starts_without_a_region(blank):  # noqa: F811
    manager = Cloud(blank)
    manager.StartIdentityCenter()
    assert manager.DescribeRegisteredRegions() == regions("cn-north-4")
    assert manager.RegisterRegion(region_id="cn-north-4") is None
    assert outcome(manager.RegisterRegion, region_id="cn-south-1") == ANOTHER_REGION


def test_each_start_makes_another_instance(blank):  # noqa: F811
    manager, ids = Cloud(blank), set()
    for _ in range(5):
        manager.StartIdentityCenter()
        instance = the_instance(manager)
        ids |= {instance["instance_id"], instance["identity_store_id"], instance["instance_urn"]}
        manager.DeleteIdentityCenter()
    assert len(ids) == 15


# Before its start there is no instance, whatever it is called.
@pytest.mark.parametrize("started", [False, True])
def test_an_instance_that_is_not_there(blank, started):  # noqa: F811
    manager = Cloud(blank)
    if started:
        manager.StartIdentityCenter()
    before = told(manager)
    calls = [(name, {}) for name in OF_AN_INSTANCE]
    calls += [(name, {"identity_store_id": "d-1111111111"} | given) for name, given in WRITES if "PutMfa" in name]
    calls += [(name, given) for name, given in WRITES if "PutMfa" not in name]
    calls += [("CreateAlias", {"alias": "acme"}), ("DeleteInstanceAccessControlAttributeConfiguration", {})]
    configuration = {"instance_access_control_attribute_configuration": {"access_control_attributes": []}}
    calls += [("UpdateInstanceAccessControlAttributeConfiguration", configuration)]
    for id in ("ins-ffffffffffffffff", "ins-1", "x", "i" * 64):
        for name, given in calls:
            refused = refusal(getattr(manager.at(id), name), **given)
            assert (refused.status, refused.code) == (404, "IIC.404"), name
            assert refused.message.startswith("Not Found: ") and refused.message.endswith("."), name
    assert told(manager) == before


# Forms

# model: `^[a-zA-Z0-9-]{1,64}$`. inferred: whatever has the form is a Region.
REGIONS = ("cn-north-4", "la-north-2", "eu-west-101", "X", "a" * 64)
NO_REGIONS = ("", "a" * 65, "cn_north_4", "cn north", "cn-north-4 ", "cn.north", "华北", "cn-north-4\n", 4, None, True)
# model: `^(?!-|d-)[A-Za-z0-9-]{1,62}(?<!-)$`; doc: the same in words.
ALIASES = ("a", "7", "d", "D-x", "dd-x", "a--b", "Acme-1", "a" * 62, "a" + "-" * 60 + "b")
NO_ALIASES = ("", "-", "-a", "a-", "d-", "d-x", "a_b", "a b", "a.b", "é", "a\n", "a" * 63, 1, None, ["a"], False)


@pytest.mark.parametrize("name", REGIONS)
def test_a_region_that_is_one(blank, name):  # noqa: F811
    manager = Cloud(blank)
    assert manager.RegisterRegion(region_id=name) is None
    assert manager.DescribeRegisteredRegions() == regions(name)


def test_a_region_that_is_none(blank):  # noqa: F811
    manager = Cloud(blank)
    for body in (*({"region_id": name} for name in NO_REGIONS), {}, [], "{", {"region": "cn-north-4"}):
        refused = refusal(manager.RegisterRegion, body=body)
        assert (refused.status, refused.code) == (400, "IIC.400"), body
        assert refused.message.startswith("Bad Request: "), body
    assert told(manager) == NOTHING


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_that_is_one(either, alias):  # noqa: F811
    manager = Cloud(either)
    assert manager.at().CreateAlias(alias=alias) is None
    assert the_instance(manager)["alias"] == alias


def test_an_alias_that_is_none(either):  # noqa: F811
    manager = Cloud(either)
    bodies = (*({"alias": alias} for alias in NO_ALIASES), {}, [], "{", {"Alias": "acme"})
    for given in ("", "acme"):
        before = told(manager)
        for body in bodies:
            # Form comes before state: it is the same where there is one.
            refused = refusal(manager.at().CreateAlias, body=body)
            assert (refused.status, refused.code) == (400, "IIC.400"), body
            assert refused.message.startswith("Bad Request: "), body
        assert told(manager) == before
        if not given:
            manager.at().CreateAlias(alias="acme")


# inferred, of portals that share a host: one alias has one instance, in whichever organization.
def test_aliases_are_one_instances(either):  # noqa: F811
    manager, other = Cloud(either), neighbour(either)
    theirs = the_instance(other)["instance_id"]
    manager.at().CreateAlias(alias="acme")
    assert outcome(other.at(theirs).CreateAlias, alias="acme") == CONFLICT
    assert the_instance(other)["alias"] == ""
    # It was refused, and is not used up.
    assert other.at(theirs).CreateAlias(alias="other") is None
    # It is free when the instance is gone.
    manager.DeleteIdentityCenter()
    third = neighbour(either)
    assert third.at(the_instance(third)["instance_id"]).CreateAlias(alias="acme") is None


def test_organizations_have_services_of_their_own(either):  # noqa: F811
    manager, other = Cloud(either), neighbour(either, started=False)
    before = told(manager)
    assert told(other) == NOTHING
    other.RegisterRegion(region_id="la-south-2")
    other.StartIdentityCenter()
    theirs = the_instance(other)
    set_all(other.at(theirs["instance_id"]), theirs["identity_store_id"])
    assert told(manager) == before
    both = told(other)
    manager.DeleteIdentityCenter()
    assert told(manager) == NOTHING and told(other) == both


# Races


WITH = {"CreateAlias": "alias", "RegisterRegion": "region_id"}
LOST = {"CreateAlias": CONFLICT, "RegisterRegion": ANOTHER_REGION, "StartIdentityCenter": CONFLICT}


@pytest.mark.parametrize("operation", ["RegisterRegion", "StartIdentityCenter", "CreateAlias", "DeleteIdentityCenter"])
def test_one_of_many_wins(blank, operation):  # noqa: F811
    manager, id = Cloud(blank), None
    if operation in ("CreateAlias", "DeleteIdentityCenter"):
        manager.StartIdentityCenter()
        id = the_instance(manager)["instance_id"]

    def call(cloud, number):
        given = {WITH[operation]: f"cn-north-{number}"} if operation in WITH else {}
        return outcome(getattr(cloud.at(id), operation), **given)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(call, [Cloud(blank) for _ in range(8)], range(8)))
    # doc: the code of a race.
    lost = {LOST.get(operation, ABSENT), "409 IIC.1006"}
    assert outcomes.count(None) == 1 and set(outcomes) <= {None} | lost, outcomes
    won = f"cn-north-{outcomes.index(None)}"
    if operation == "RegisterRegion":
        assert manager.DescribeRegisteredRegions() == regions(won)
    elif operation == "DeleteIdentityCenter":
        assert told(manager) == NOTHING
    else:
        assert the_instance(manager)["alias"] == (won if operation == "CreateAlias" else "")


# What is told survives the program's end.
def test_a_service_survives_a_restart(start, mode, tmp_path):  # noqa: F811
    before = start("--data-dir", tmp_path, "--seed", "blank", "--auth", mode)
    manager = Cloud(before)
    manager.RegisterRegion(region_id="tr-west-1")
    registered = told(manager)
    before.stop()

    before = start("--data-dir", tmp_path, "--auth", mode)
    manager = Cloud(before)
    assert told(manager) == registered == NOTHING | {"DescribeRegisteredRegions": regions("tr-west-1")}
    manager.StartIdentityCenter()
    instance = the_instance(manager)
    there = manager.at(instance["instance_id"])
    there.CreateAlias(alias="kept")
    set_all(there, instance["identity_store_id"])
    started = told(manager)
    before.stop()

    after = start("--data-dir", tmp_path, "--auth", mode)
    manager = Cloud(after)
    assert told(manager) == told(Cloud(after, HUAWEI_DELEGATED)) == started
    assert outcome(manager.StartIdentityCenter) == CONFLICT
    manager.DeleteIdentityCenter()
    assert told(manager) == NOTHING
    after.stop()
    assert told(Cloud(start("--data-dir", tmp_path, "--auth", mode))) == NOTHING
