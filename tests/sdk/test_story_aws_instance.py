"""The life of an account instance, through boto3 and the AWS CLI, in either mode."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, AWS_STANDALONE, aws
from story_aws import (
    MULTI_REGION_KEY,
    ONE_REGION_KEY,
    ORGANIZATION_INSTANCE,
    UNKNOWN_INSTANCE,
    cli,
    either,  # noqa: F401
    listed,
    mode,  # noqa: F401
    pairs,
    refused,
    shown,
    tags,
)


def members(client, operation, way="output_shape"):
    """The members of an operation's input or output. model."""
    return set(getattr(client.meta.service_model.operation_model(operation), way).members)


def test_an_account_instance_from_its_creation_to_its_end(either):
    owner = aws(either.url)
    asked = {"Name": "sandbox", "ClientToken": "t-1", "Tags": pairs({"team": "a"})}
    arn = owner.create_instance(**asked)["InstanceArn"]
    # doc: the same token and parameters are the same request; other parameters are an error; one instance an account.
    assert owner.create_instance(**asked)["InstanceArn"] == arn
    refused(owner.create_instance, "IdempotentParameterMismatch", ClientToken="t-1", Name="other")
    refused(owner.create_instance, "ConflictException", ClientToken="t-2")

    told = shown(owner, arn)
    # model: all there is, but what is told only when it is there.
    assert told.keys() == members(owner, "DescribeInstance") - {"StatusReason", "NetworkConfigurationDetails"}
    assert re.fullmatch("d-[0-9a-f]{10}", told["IdentityStoreId"])
    made = told["CreatedDate"]
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=5)
    assert told == {
        "InstanceArn": arn,
        "IdentityStoreId": told["IdentityStoreId"],
        "IdentityStoreArn": f"arn:aws:identitystore::{AWS_MEMBER}:identitystore/{told['IdentityStoreId']}",
        "OwnerAccountId": AWS_MEMBER,
        "Name": "sandbox",
        "CreatedDate": made,
        "Status": "ACTIVE",
        "PrimaryRegion": "us-east-1",
        # doc: the primary Region is added when the instance is made.
        "Regions": [
            {"RegionName": "us-east-1", "Status": "ACTIVE", "AddedDate": made, "IsPrimaryRegion": True},
        ],
        "EncryptionConfigurationDetails": {"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"},
        "PermissionSetsEnabled": False,
    }

    # doc and observed: a member is shown its own, and its organization's, which the management account owns.
    found = {one["InstanceArn"]: one for one in owner.list_instances()["Instances"]}
    assert found.keys() == {ORGANIZATION_INSTANCE, arn}
    assert found[ORGANIZATION_INSTANCE]["OwnerAccountId"] == AWS_MANAGEMENT
    # model: a list tells less of each, and the same.
    assert found[arn].items() <= told.items()
    metadata = owner.meta.service_model.shape_for("InstanceMetadata").members
    assert found[arn].keys() == set(metadata) - {"StatusReason"}
    # model: a page has as many as are asked for.
    pages = list(owner.get_paginator("list_instances").paginate(PaginationConfig={"PageSize": 1}))
    assert [len(page["Instances"]) for page in pages] == [1, 1] and "NextToken" not in pages[-1]
    assert {page["Instances"][0]["InstanceArn"] for page in pages} == set(found)
    # observed: an instance is only in its Regions. model: unless all are asked for.
    abroad = aws(either.url, region="eu-central-1")
    assert listed(abroad) == []
    assert set(listed(abroad, RegionScope="ALL_REGIONS")) == set(found)
    assert listed(abroad, RegionScope="CURRENT_REGION") == []
    refused(abroad.describe_instance, "AccessDeniedException", InstanceArn=arn)
    # inferred: it is nobody else's to see.
    for account, seen in (
        (AWS_MANAGEMENT, [ORGANIZATION_INSTANCE]),
        (AWS_DELEGATED, [ORGANIZATION_INSTANCE]),
        (AWS_STANDALONE, []),
    ):
        assert listed(aws(either.url, account)) == seen

    owner.update_instance(InstanceArn=arn, Name="renamed")
    assert shown(owner, arn) == told | {"Name": "renamed"}
    # doc: the parameters of the request count, not what became of it.
    assert owner.create_instance(**asked)["InstanceArn"] == arn

    assert tags(owner, arn) == {"team": "a"}
    owner.tag_resource(ResourceArn=arn, Tags=pairs({"team": "b", "stage": ""}))
    assert tags(owner, arn) == {"team": "b", "stage": ""}
    # inferred: a key that is not there is passed over. model: older clients name the instance too.
    owner.untag_resource(InstanceArn=arn, ResourceArn=arn, TagKeys=["team", "Team", "never"])
    assert tags(owner, arn) == {"stage": ""}

    owner.delete_instance(InstanceArn=arn)
    # doc: of what was deleted. inferred: of operations whose model has no ResourceNotFound.
    refused(owner.describe_instance, "AccessDeniedException", InstanceArn=arn)
    refused(owner.delete_instance, "AccessDeniedException", InstanceArn=arn)
    refused(owner.list_tags_for_resource, "ResourceNotFoundException", ResourceArn=arn)
    assert listed(owner) == [ORGANIZATION_INSTANCE]
    # inferred: its token is free again, and a new instance has nothing of the old one.
    again = owner.create_instance(ClientToken="t-1", Name="other")["InstanceArn"]
    fresh = shown(owner, again)
    assert again != arn and fresh["IdentityStoreId"] != told["IdentityStoreId"]
    assert tags(owner, again) == {}


def test_a_tag_is_one_of_75(either):
    owner = aws(either.url)
    every = {f"key-{number}": f"value {number}" for number in range(75)}
    # model: 75 in a list, so in a creation too.
    arn = owner.create_instance(Tags=pairs(every))["InstanceArn"]
    assert tags(owner, arn) == every
    # model: TagKeyList has the same limit.
    owner.untag_resource(ResourceArn=arn, TagKeys=list(every))
    assert tags(owner, arn) == {}
    for first, last in ((0, 25), (25, 74), (74, 75)):
        owner.tag_resource(ResourceArn=arn, Tags=pairs(dict(list(every.items())[first:last])))
    assert tags(owner, arn) == every

    # inferred: the same number in total; nothing of a refused request is done. Keys differ by case.
    for more in ({"one more": ""}, {"key-0": "changed", "one more": ""}, {"KEY-0": ""}):
        call = {"ResourceArn": arn, "Tags": pairs(more)}
        assert refused(owner.tag_resource, "ServiceQuotaExceededException", **call)
        assert tags(owner, arn) == every
    # model: it has a class.
    with pytest.raises(owner.exceptions.ServiceQuotaExceededException):
        owner.tag_resource(ResourceArn=arn, Tags=pairs({"one more": ""}))
    # doc: a key that is there is overwritten, which makes no more of them.
    owner.tag_resource(ResourceArn=arn, Tags=pairs({"key-0": "changed"}))
    owner.untag_resource(ResourceArn=arn, TagKeys=["key-1"])
    owner.tag_resource(ResourceArn=arn, Tags=pairs({"one more": ""}))
    expected = {**every, "key-0": "changed", "one more": ""}
    del expected["key-1"]
    assert tags(owner, arn) == expected

    # model: the limits of a list and of an ARN. inferred: two of one key, and the vendor's own keys.
    bad = {
        "tags": pairs({f"other-{number}": "" for number in range(76)}),
        "twice": pairs({"a": "1"}) + pairs({"a": "2"}),
        "reserved": pairs({"aws:created": "1"}),
        "pattern": pairs({"a;b": "1"}),
    }
    for wrong in bad.values():
        refused(owner.tag_resource, "ValidationException", ResourceArn=arn, Tags=wrong)
    for wrong in ([f"other-{number}" for number in range(76)], ["aws:created"], ["a" * 129]):
        refused(owner.untag_resource, "ValidationException", ResourceArn=arn, TagKeys=wrong)
    for wrong in (arn + "0", arn.replace("instance/", "group/"), "arn:aws:s3:::bucket-of-a-user"):
        refused(owner.list_tags_for_resource, "ValidationException", ResourceArn=wrong)
    refused(owner.list_tags_for_resource, "ValidationException", ResourceArn=arn, NextToken="no token of ours")
    refused(owner.tag_resource, "ResourceNotFoundException", ResourceArn=UNKNOWN_INSTANCE, Tags=[])
    # model: none is a list too.
    owner.tag_resource(ResourceArn=arn, Tags=[])
    assert tags(owner, arn) == expected


VPC = "arn:aws:ec2:us-east-1:222222222222:vpc/vpc-0123456789abcdef0"
NETWORK = {
    "VpceAccessRequired": True,
    "RestrictSourceVpcs": [VPC],
    "AllowSourceIps": ["192.0.2.0/24", "2001:db8::/32"],
    "ExcludeApplicationArns": ["arn:aws:sso::222222222222:application/ssoins-1111111111111111/apl-0123456789abcdef"],
}
NO_NETWORK = {"RestrictSourceVpcs": [], "AllowSourceIps": [], "ExcludeApplicationArns": []}
ONE_ADDRESS = {"VpceAccessRequired": True, "AllowSourceIps": ["192.0.2.1"]}
OWNED = {"KeyType": "AWS_OWNED_KMS_KEY"}

# What is sent, and what is told otherwise than before. doc, unless said otherwise.
UPDATES = (
    ({"Name": "first"}, {"Name": "first"}),
    # inferred: nothing to change is no error.
    ({}, {}),
    ({"EncryptionConfiguration": OWNED}, {}),
    # A name is not one of those that exclude each other.
    ({"Name": "second", "PermissionSetsEnabled": True}, {"Name": "second", "PermissionSetsEnabled": True}),
    ({"PermissionSetsEnabled": True}, {}),
    ({"NetworkConfiguration": NETWORK}, {"NetworkConfigurationDetails": NETWORK}),
    # Absent is untouched, …
    ({"Name": "third"}, {"Name": "third"}),
    # … but a configuration replaces the one before, and lists that are left out or empty are cleared, …
    (
        {"NetworkConfiguration": ONE_ADDRESS | {"RestrictSourceVpcs": []}},
        {"NetworkConfigurationDetails": NO_NETWORK | ONE_ADDRESS},
    ),
    # … all of them where no endpoint is required.
    (
        {"NetworkConfiguration": NETWORK | {"VpceAccessRequired": False}},
        {"NetworkConfigurationDetails": NO_NETWORK | {"VpceAccessRequired": False}},
    ),
)

# doc: of the three configurations one at most. The names are those of the model.
CONFIGURATIONS = {
    "EncryptionConfiguration": OWNED,
    "PermissionSetsEnabled": True,
    "NetworkConfiguration": NETWORK,
}
BAD_UPDATES = {
    "encryption and permission sets": {name: CONFIGURATIONS[name] for name in list(CONFIGURATIONS)[:2]},
    "permission sets and network": {name: CONFIGURATIONS[name] for name in list(CONFIGURATIONS)[1:]},
    "encryption and network": {name: CONFIGURATIONS[name] for name in list(CONFIGURATIONS)[::2]},
    "all three": CONFIGURATIONS,
    "permission sets off": {"PermissionSetsEnabled": False},
    "a name and permission sets off": {"Name": "never", "PermissionSetsEnabled": False},
    "a customer's key without its ARN": {"EncryptionConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}},
    "an ARN with the vendor's key": {"EncryptionConfiguration": OWNED | {"KmsKeyArn": ONE_REGION_KEY["KmsKeyArn"]}},
    "another key type": {"EncryptionConfiguration": {"KeyType": "MY_KEY"}},
    "no key's ARN": {"EncryptionConfiguration": ONE_REGION_KEY | {"KmsKeyArn": "arn:aws:kms:us-east-1:1:key/1"}},
    "an empty name": {"Name": ""},
    "a name with a space": {"Name": "my instance"},
    "a name of 256": {"Name": "a" * 256},
    "no range of addresses": {"NetworkConfiguration": NETWORK | {"AllowSourceIps": ["192.0.2.256"]}},
    "no VPC": {"NetworkConfiguration": NETWORK | {"RestrictSourceVpcs": [f"{VPC}-no-hex"]}},
    "51 addresses": {"NetworkConfiguration": NETWORK | {"AllowSourceIps": ["192.0.2.1"] * 51}},
}


def plain(told):
    """With lists that are empty rather than absent: nothing says which of the two an instance shows."""
    details = told.get("NetworkConfigurationDetails")
    return told if details is None else told | {"NetworkConfigurationDetails": NO_NETWORK | details}


def test_an_update_changes_what_it_names(either):
    owner = aws(either.url)
    arn = owner.create_instance()["InstanceArn"]
    before = shown(owner, arn)
    assert "Name" not in before and "NetworkConfigurationDetails" not in before
    for change, told in UPDATES:
        # model: the answer has no members.
        answer = owner.update_instance(InstanceArn=arn, **change)
        assert answer.keys() == {"ResponseMetadata"}
        after = plain(shown(owner, arn))
        assert after == before | told, change
        before = after
    # model: no member was forgotten.
    sent = {name for change, _ in UPDATES for name in change}
    assert sent | {"InstanceArn"} == members(owner, "UpdateInstance", "input_shape")


def test_an_organizations_instance_has_a_key_of_the_customer(either):
    client = aws(either.url, AWS_MANAGEMENT)
    before = shown(client, ORGANIZATION_INSTANCE)
    for key in (ONE_REGION_KEY, MULTI_REGION_KEY, OWNED):
        client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, EncryptionConfiguration=key)
        details = key | {"EncryptionStatus": "ENABLED"}
        assert shown(client, ORGANIZATION_INSTANCE) == before | {"EncryptionConfigurationDetails": details}
    # inferred: not excluded by page or model.
    client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, Name="ours")
    assert shown(client, ORGANIZATION_INSTANCE) == before | {"Name": "ours"}
    # inferred: the error's type; that an account instance has no customer's key.
    owner = aws(either.url)
    call = {"InstanceArn": owner.create_instance()["InstanceArn"], "EncryptionConfiguration": MULTI_REGION_KEY}
    refused(owner.update_instance, "ValidationException", **call)


def test_an_update_that_is_refused_changes_nothing(either):
    for account, arn in ((AWS_MANAGEMENT, ORGANIZATION_INSTANCE), (AWS_MEMBER, None)):
        owner = aws(either.url, account)
        arn = arn or owner.create_instance()["InstanceArn"]
        before = shown(owner, arn)
        for name, change in BAD_UPDATES.items():
            assert refused(owner.update_instance, "ValidationException", InstanceArn=arn, **change), name
            assert shown(owner, arn) == before, name
    refused(owner.update_instance, "ResourceNotFoundException", InstanceArn=UNKNOWN_INSTANCE, Name="n")


def test_the_cli_tells_the_same_story(either, tmp_path):
    def aws_cli(*arguments, **more):
        done = cli(either, tmp_path, "sso-admin", *arguments, **more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    arn = aws_cli("create-instance", "--name", "sandbox")["InstanceArn"]
    found = aws_cli("list-instances", "--page-size", "1")["Instances"]
    assert sorted(one["InstanceArn"] for one in found) == sorted([ORGANIZATION_INSTANCE, arn])
    assert aws_cli("list-instances", region="eu-west-1")["Instances"] == []
    assert aws_cli("update-instance", "--instance-arn", arn, "--name", "renamed") is None
    told = aws_cli("describe-instance", "--instance-arn", arn)
    assert (told["Name"], told["OwnerAccountId"], told["Status"]) == ("renamed", AWS_MEMBER, "ACTIVE")
    assert aws_cli("tag-resource", "--resource-arn", arn, "--tags", "Key=a,Value=1", "Key=b,Value=2") is None
    assert aws_cli("untag-resource", "--resource-arn", arn, "--tag-keys", "a") is None
    assert aws_cli("list-tags-for-resource", "--resource-arn", arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert aws_cli("list-regions", "--instance-arn", arn)["Regions"][0]["RegionName"] == "us-east-1"
    assert aws_cli("delete-instance", "--instance-arn", arn) is None
    done = cli(either, tmp_path, "sso-admin", "describe-instance", "--instance-arn", arn)
    # run: version 1 of the CLI ends so when the service answered with an error.
    assert done.returncode == 255
    told = "An error occurred (AccessDeniedException) when calling the DescribeInstance operation: User: "
    assert told in done.stderr
