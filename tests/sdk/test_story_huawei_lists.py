"""Lists: the pages of ListInstances, and the filters and pages of KeystoneListProjects."""

import re

import pytest
from huaweicloudsdkidentitycenter.v1 import ListInstancesRequest

from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_STANDALONE
from story_alibaba import begin, blank, servers  # noqa: F401
from story_aws import either, mode  # noqa: F401
from story_huawei import INVALID, STORE, Cloud, neighbour, outcome, refusal, the_instance
from test_huawei import INSTANCE

INVALID_IN_IAM = "400 IAM.0007"

# ListInstances


def instances(cloud, **how):
    """What is told of instances, by pages as the SDK reads them: until there is no marker."""
    found, page = [], {}
    while True:
        answer = cloud.ListInstances(**how, **page)
        # doc: the marker is null on the last page, and there; the count is the page's.
        assert list(answer["page_info"]) == ["next_marker", "current_count"]
        assert answer["page_info"]["current_count"] == len(answer["instances"]) <= int(how.get("limit", 100))
        found += answer["instances"]
        if answer["page_info"]["next_marker"] is None:
            return found
        assert re.fullmatch("[0-9a-fA-F]{24}", answer["page_info"]["next_marker"])
        page = {"marker": answer["page_info"]["next_marker"]}


@pytest.mark.parametrize("how", [{}, *({"limit": limit} for limit in (1, 2, 99, 100, "100"))], ids=str)
def test_a_limit_within_its_bounds(either, how):  # noqa: F811
    # doc: an organization has one instance, whoever asks, and however many there are elsewhere.
    other = neighbour(either)
    for cloud in (Cloud(either), Cloud(either, HUAWEI_DELEGATED)):
        (instance,) = instances(cloud, **how)
        assert (instance["instance_id"], instance["identity_store_id"]) == (INSTANCE, STORE)
    (theirs,) = instances(other, **how)
    assert theirs["instance_id"] != INSTANCE and theirs["instance_urn"] != instance["instance_urn"]


@pytest.mark.parametrize("how", [{}, {"limit": 1}, {"limit": 100}], ids=str)
def test_a_list_of_nothing(blank, how):  # noqa: F811
    assert instances(Cloud(blank), **how) == []


# sdk: what Python makes of the null.
def test_a_null_marker_is_none(either):  # noqa: F811
    cloud = Cloud(either)
    read = cloud.client.list_instances(ListInstancesRequest())
    assert read.page_info.next_marker is None and read.page_info.current_count == 1
    assert b'"next_marker":null' in read.raw_content.replace(b" ", b"")


# doc: 1 to 100.
LIMITS = (0, -1, 101, 1000, 2**31, 2**63, 2**64, "", "ten", "1.5", "1e1", "0x1", " 1", "1,2", True, "null")
# model: `[a-fA-F0-9]{24}`, exactly; inferred: and one that an answer had.
FILLED = ("-" * 24, "0" * 24, "F" * 24, "aB" * 12)
MARKERS = ("", "x", INSTANCE, *("0" * 23 + end for end in ("", "00", "g", " ")), *FILLED)


@pytest.mark.parametrize("how", [*({"limit": one} for one in LIMITS), *({"marker": one} for one in MARKERS)], ids=str)
def test_a_page_that_there_is_not(either, how):  # noqa: F811
    for cloud in (Cloud(either), Cloud(either, HUAWEI_DELEGATED)):
        for more in ({}, {"limit": 1} if "marker" in how else {"marker": "0" * 24}):
            refused = refusal(cloud.ListInstances, **how, **more)
            assert f"{refused.status} {refused.code}" == INVALID
            assert refused.message.startswith("Bad Request: ") and refused.message.endswith(".")
    assert the_instance(cloud)["instance_id"] == INSTANCE


# inferred: what is not documented is passed over.
def test_other_parameters_are_passed_over(either):  # noqa: F811
    cloud = Cloud(either)
    assert cloud.get("/v1/instances", offset="1", Limit="0", alias="x") == cloud.ListInstances()


# KeystoneListProjects


def projects(cloud, **how):
    """The projects that are told; what is told around them is looked at."""
    answer = cloud.get("/v3/projects", **how)
    assert list(answer) == ["links", "projects"]
    links = {"next": None, "previous": None, "self": "https://iam.myhuaweicloud.com/v3/projects"}
    assert answer["links"] == links
    for one in answer["projects"]:
        # doc: the members, in this order.
        assert list(one) == "domain_id is_domain parent_id name description links id enabled".split()
        assert one["links"] == {"self": f"{links['self']}/{one['id']}"}
        assert one["domain_id"] == one["parent_id"] and re.fullmatch("[0-9a-f]{32}", one["id"])
        assert (one["is_domain"], one["enabled"], one["description"]) == (False, True, "")
    return answer["projects"]


def names(cloud, **how):
    return [one["name"] for one in projects(cloud, **how)]


NORTH = ["cn-north-4"]
OWN, ANOTHERS = HUAWEI_MANAGEMENT, HUAWEI_MEMBER

# doc: the parameters. inferred: all must fit; a name is the whole name.
FILTERS = [
    ({"name": "cn-north-4"}, NORTH),
    ({"name": "cn-north-4", "domain_id": OWN}, NORTH),
    ({"name": "cn-north-4", "parent_id": OWN}, NORTH),
    ({"name": "cn-north-4", "domain_id": OWN, "parent_id": OWN, "enabled": "true", "is_domain": "false"}, NORTH),
    ({"name": "cn-north-4", "enabled": "true"}, NORTH),
    ({"name": "cn-north-4", "is_domain": "false"}, NORTH),
    ({"name": "cn-north-4", "page": "1", "per_page": "1"}, NORTH),
    ({"name": "cn-north-4", "page": "1", "per_page": "5000"}, NORTH),
    ({"name": "cn-north-4", "colour": "red"}, NORTH),
    # inferred: whatever has a Region's form has a project.
    ({"name": "eu-west-101"}, ["eu-west-101"]),
    ({"name": "cn-north-4", "page": "2", "per_page": "1"}, []),
    ({"name": "cn-north-4", "domain_id": ANOTHERS}, []),
    ({"name": "cn-north-4", "parent_id": ANOTHERS}, []),
    ({"name": "cn-north-4", "domain_id": OWN, "parent_id": ANOTHERS}, []),
    ({"name": "cn-north-4", "domain_id": ""}, []),
    ({"name": "cn-north-4", "enabled": "false"}, []),
    ({"name": "cn-north-4", "is_domain": "true"}, []),
    ({"name": "cn-north"}, []),
    ({"name": "cn-north-"}, []),
    ({"name": "north-4-"}, []),
    ({"name": "CN-NORTH-4"}, []),
    ({"name": " cn-north-4"}, []),
    ({"name": "cn-north-4\n"}, []),
    ({"name": "*"}, []),
    ({"name": ""}, []),
    ({"name": OWN}, []),
    ({"enabled": "false"}, []),
    ({"is_domain": "true"}, []),
    ({"domain_id": ANOTHERS}, []),
    ({"page": "1000", "per_page": "5000"}, []),
]


@pytest.mark.parametrize("how, expected", FILTERS, ids=[str(how) for how, _ in FILTERS])
def test_a_filter(either, how, expected):  # noqa: F811
    assert names(Cloud(either), **how) == expected


@pytest.mark.parametrize("account", [HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_DELEGATED, HUAWEI_STANDALONE])
def test_all_projects_are_the_callers(either, account):  # noqa: F811
    cloud = Cloud(either, account)
    everything = projects(cloud)
    # sdk: the Regions of identity stores, of which each needs a project.
    stores = {"cn-north-4", "cn-south-1", "ap-southeast-3", "la-south-2", "tr-west-1"}
    assert stores <= {one["name"] for one in everything}
    assert {one["domain_id"] for one in everything} == {account}
    for key in ("id", "name"):
        assert len({one[key] for one in everything}) == len(everything)
    for one in everything[::7]:
        # sdk: there must be exactly one of a name, or its look-up fails.
        assert projects(cloud, name=one["name"]) == [one]
    for how in ({"enabled": "true"}, {"is_domain": "false"}, {"domain_id": account}, {"parent_id": account}):
        assert projects(cloud, **how) == everything


@pytest.mark.parametrize("size", [1, 7, 29, 30, 31, 5000])
def test_pages_are_all_there_is(either, size):  # noqa: F811
    cloud = Cloud(either)
    everything, found, page = names(cloud), [], 0
    while part := names(cloud, page=page + 1, per_page=size):
        found += part
        page += 1
        assert len(part) == size or len(found) == len(everything)
    assert found == everything and page == -(-len(everything) // size)


# doc: the code, and the bounds: both or none, from 1 on, and to 5000.
BAD = [
    *({"page": page, "per_page": "1"} for page in ("0", "-1", "", "one", "1.5")),
    *({"page": "1", "per_page": size} for size in ("0", "-1", "5001", "", "all")),
    *({name: value} for name in ("enabled", "is_domain") for value in ("yes", "2", "TRUE ", "null")),
    *({"page": "1"}, {"per_page": "1"}),
]


@pytest.mark.parametrize("how", BAD, ids=str)
def test_a_filter_that_is_none(either, how):  # noqa: F811
    for account in (HUAWEI_MANAGEMENT, HUAWEI_STANDALONE):
        assert outcome(Cloud(either, account).get, path="/v3/projects", **how) == INVALID_IN_IAM
