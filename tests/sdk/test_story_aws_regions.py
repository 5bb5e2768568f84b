"""An organization's instance in several Regions: what is needed, what can be done there, and how it ends."""

import pytest
import yaml

import program
from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, SECRET, aws
from story_aws import (
    MULTI_REGION_KEY,
    ONE_REGION_KEY,
    ORGANIZATION_INSTANCE,
    either,  # noqa: F401
    extend,
    listed,
    looked_at,
    mode,  # noqa: F401
    outcome,
    own,
    pairs,
    refused,
    regions,
    shown,
)

DEFAULT = program.REPOSITORY / "src" / "seed" / "default.yaml"
PRIMARY = ("us-east-1", "ACTIVE")


def add(client, name, arn=ORGANIZATION_INSTANCE):
    return outcome(client.add_region, InstanceArn=arn, RegionName=name)


def remove(client, name, arn=ORGANIZATION_INSTANCE):
    return outcome(client.remove_region, InstanceArn=arn, RegionName=name)


def where(client, name):
    """Where a Region of the organization's instance is, or the code of the refusal."""
    answer = outcome(client.describe_region, InstanceArn=ORGANIZATION_INSTANCE, RegionName=name)
    return answer if isinstance(answer, str) else answer["Status"]


# doc: what is needed. inferred: the errors' types.
def test_what_an_extension_needs(either):
    client, member = aws(either.url, AWS_MANAGEMENT), aws(either.url)
    for key in (None, ONE_REGION_KEY):
        if key:
            client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, EncryptionConfiguration=key)
        assert add(client, "us-west-2") == "ValidationException"
        assert regions(client) == [PRIMARY]
    client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, EncryptionConfiguration=MULTI_REGION_KEY)
    # doc: only to Regions that every account has; the last three are not of this partition, or not there at all.
    for name in ("af-south-1", "me-south-1", "ap-east-1", "cn-north-1", "us-gov-west-1", "xx-nowhere-1"):
        assert add(client, name) == "ValidationException", name
    # model: the pattern and the length.
    for name in ("us-west-10", "US-WEST-2", "us_west_2", "w", "a-" * 16 + "1"):
        assert add(client, name) == "ValidationException", name
    # inferred: the instance lives there.
    assert add(client, "us-east-1") == "ConflictException"
    assert add(member, "us-west-2") == "AccessDeniedException"
    # doc: not for an account's instance, even where it is its owner who asks.
    account_instance = member.create_instance()["InstanceArn"]
    for call in (member.add_region, member.remove_region):
        message = refused(call, "ValidationException", InstanceArn=account_instance, RegionName="us-west-2")
        assert message == "This operation is not supported for account instances"
    assert regions(member, account_instance) == [PRIMARY]
    assert regions(client) == [PRIMARY]
    # doc: a delegated administrator may.
    assert add(aws(either.url, AWS_DELEGATED), "us-west-2") == {"Status": "ADDING"}
    assert regions(client) == [PRIMARY, ("us-west-2", "ACTIVE")]
    # inferred: the key cannot be taken back now.
    for key in ({"KeyType": "AWS_OWNED_KMS_KEY"}, ONE_REGION_KEY):
        call = {"InstanceArn": ORGANIZATION_INSTANCE, "EncryptionConfiguration": key}
        refused(client.update_instance, "ValidationException", **call)


# doc: the primary Region, too, must be one that every account has.
def test_an_instance_that_lives_elsewhere_is_not_extended(start, mode, tmp_path):
    seed = yaml.safe_load(DEFAULT.read_text())
    seed["aws"]["organizations"][0]["accounts"][0]["instance"]["region"] = "me-south-1"
    path = tmp_path / "seed.yaml"
    path.write_text(yaml.safe_dump(seed))
    server = start("--seed", path, "--auth", mode)
    client = aws(server.url, AWS_MANAGEMENT, region="me-south-1")
    client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, EncryptionConfiguration=MULTI_REGION_KEY)
    assert add(client, "us-west-2") == "ValidationException"
    assert shown(client, ORGANIZATION_INSTANCE)["PrimaryRegion"] == "me-south-1"


def test_a_region_comes_and_goes(either):
    client, there = aws(either.url, AWS_MANAGEMENT), aws(either.url, AWS_MANAGEMENT, region="us-west-2")
    extend(either)
    own(either, "PUT", "life-cycle", pace="reads=1")
    assert where(client, "us-west-2") == "ResourceNotFoundException"
    assert add(client, "us-west-2") == {"Status": "ADDING"}
    # doc: it is told while it is added; but the instance is not there yet.
    assert listed(there) == []
    # doc: one at a time. inferred: the type; that an instance is not deleted meanwhile.
    for answer in (add(client, "eu-west-1"), add(client, "us-west-2"), remove(client, "us-west-2")):
        assert answer == "ConflictException"
    assert outcome(client.delete_instance, InstanceArn=ORGANIZATION_INSTANCE) == "ConflictException"
    assert looked_at(lambda: where(client, "us-west-2"), until="ACTIVE") == ["ADDING", "ACTIVE"]

    described = shown(there, ORGANIZATION_INSTANCE)
    assert described == shown(client, ORGANIZATION_INSTANCE)
    assert described["PrimaryRegion"] == "us-east-1"
    told = described["Regions"]
    assert [(one["RegionName"], one["IsPrimaryRegion"]) for one in told] == [("us-east-1", True), ("us-west-2", False)]
    # doc: the primary Region was added when the instance was made.
    assert told[0]["AddedDate"] == described["CreatedDate"] <= told[1]["AddedDate"]
    for one in told:
        answer = outcome(there.describe_region, InstanceArn=ORGANIZATION_INSTANCE, RegionName=one["RegionName"])
        assert answer == one

    assert remove(client, "us-west-2") == {"Status": "REMOVING"}
    assert add(client, "eu-west-1") == "ConflictException"
    seen = looked_at(lambda: where(client, "us-west-2"), until="ResourceNotFoundException")
    assert seen == ["REMOVING", "ResourceNotFoundException"]
    assert regions(client) == [PRIMARY]
    assert listed(there) == []
    assert outcome(there.describe_instance, InstanceArn=ORGANIZATION_INSTANCE) == "AccessDeniedException"
    # model: what is not there.
    assert remove(client, "us-west-2") == "ResourceNotFoundException"
    # doc: not the primary Region. inferred: the type.
    assert remove(client, "us-east-1") == "ValidationException"
    # It can come again.
    assert add(client, "us-west-2") == {"Status": "ADDING"}


# doc: in a Region to which it was extended an instance is read, and not changed. inferred: the type.
WRITES = {
    "update_instance": {"InstanceArn": ORGANIZATION_INSTANCE, "Name": "changed"},
    "delete_instance": {"InstanceArn": ORGANIZATION_INSTANCE},
    "tag_resource": {"ResourceArn": ORGANIZATION_INSTANCE, "Tags": pairs({"changed": "1"})},
    "untag_resource": {"ResourceArn": ORGANIZATION_INSTANCE, "TagKeys": ["kept"]},
    "add_region": {"InstanceArn": ORGANIZATION_INSTANCE, "RegionName": "eu-west-1"},
    "remove_region": {"InstanceArn": ORGANIZATION_INSTANCE, "RegionName": "us-west-2"},
}


def test_an_added_region_is_for_reading(either):
    extend(either, "us-west-2")
    client = aws(either.url, AWS_MANAGEMENT)
    client.tag_resource(ResourceArn=ORGANIZATION_INSTANCE, Tags=pairs({"kept": "1"}))
    before = shown(client, ORGANIZATION_INSTANCE)
    for account in (AWS_MANAGEMENT, AWS_DELEGATED):
        there = aws(either.url, account, region="us-west-2")
        assert shown(there, ORGANIZATION_INSTANCE) == before
        assert listed(there) == [ORGANIZATION_INSTANCE]
        assert regions(there) == regions(client) == [PRIMARY, ("us-west-2", "ACTIVE")]
        assert there.list_tags_for_resource(ResourceArn=ORGANIZATION_INSTANCE)["Tags"] == pairs({"kept": "1"})
    there = aws(either.url, AWS_MANAGEMENT, region="us-west-2")
    for operation, arguments in WRITES.items():
        assert outcome(getattr(there, operation), **arguments) == "ValidationException", operation
    assert shown(client, ORGANIZATION_INSTANCE) == before
    # doc: from the primary Region it is another matter.
    client.delete_instance(InstanceArn=ORGANIZATION_INSTANCE)
    for account in (AWS_MANAGEMENT, AWS_DELEGATED, AWS_MEMBER):
        assert listed(aws(either.url, account, region="us-west-2"), RegionScope="ALL_REGIONS") == []


# model: pages of 1 to 100; doc: 100 when none is asked for. inferred: the primary Region comes first.
def test_regions_come_in_pages(either):
    names = ["us-west-2", "eu-west-1", "ap-south-1", "ca-central-1"]
    extend(either, *names)
    client = aws(either.url, AWS_MANAGEMENT)
    expected = [PRIMARY, *((name, "ACTIVE") for name in names)]
    assert regions(client) == expected
    for size in range(1, len(expected) + 2):
        assert regions(client, PaginationConfig={"PageSize": size}) == expected
        pages = client.get_paginator("list_regions").paginate(
            InstanceArn=ORGANIZATION_INSTANCE, PaginationConfig={"PageSize": size}
        )
        lengths = [len(page["Regions"]) for page in pages]
        assert sum(lengths) == len(expected) and max(lengths) <= size and min(lengths) > 0
    call = {"InstanceArn": ORGANIZATION_INSTANCE}
    assert "NextToken" not in outcome(client.list_regions, **call)
    for wrong in ({"MaxResults": 101}, {"NextToken": "a.b"}, {"NextToken": "a" * 2049}):
        refused(client.list_regions, "ValidationException", **call, **wrong)


# Regions that are gone leave no gap, however they went.
@pytest.mark.parametrize("pace", ["instant", "reads=1", "after=1ms"])
def test_pages_know_nothing_of_regions_that_are_gone(either, pace):
    extend(either, "us-west-2", "eu-west-1", "ap-south-1")
    client = aws(either.url, AWS_MANAGEMENT)
    own(either, "PUT", "life-cycle", pace=pace)
    for name in ("us-west-2", "eu-west-1"):
        assert remove(client, name) == {"Status": "REMOVING"}
        looked_at(lambda name=name: where(client, name), until="ResourceNotFoundException")
    expected = [PRIMARY, ("ap-south-1", "ACTIVE")]
    for size in (1, 2, 3, 100):
        assert regions(client, PaginationConfig={"PageSize": size}) == expected, size


# doc: ListInstances, too, shows what is in the Region; a member is shown the organization's there as at home.
@pytest.mark.parametrize("pace", ["instant", "reads=1", "after=1ms"])
def test_an_instance_is_listed_in_a_region_that_was_added(either, pace):
    extend(either)
    client = aws(either.url, AWS_MANAGEMENT)
    own(either, "PUT", "life-cycle", pace=pace)
    assert add(client, "us-west-2") == {"Status": "ADDING"}
    looked_at(lambda: where(client, "us-west-2"), until="ACTIVE")
    for account in (AWS_MANAGEMENT, AWS_DELEGATED, AWS_MEMBER):
        there = aws(either.url, account, region="us-west-2", secret=SECRET)
        assert listed(there) == [ORGANIZATION_INSTANCE], account
