"""Who may call what: each operation, by each kind of account, on an organization's instance and on an account's."""

import functools

import pytest

from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, AWS_STANDALONE, aws
from story_aws import (
    ORGANIZATION,
    ORGANIZATION_INSTANCE,
    UNKNOWN_INSTANCE,
    either,  # noqa: F401
    extend,
    listed,
    mode,  # noqa: F401
    outcome,
    own,
    pairs,
    refused,
    regions,
    shown,
    tags,
)

NEIGHBOUR = "444444444444"
"""A member that is neither the owner of an instance nor an administrator."""

CALLERS = {
    "management": AWS_MANAGEMENT,
    "delegated": AWS_DELEGATED,
    "member": AWS_MEMBER,
    "neighbour": NEIGHBOUR,
    "outsider": AWS_STANDALONE,
}

CODES = {"yes": None, "denied": "AccessDeniedException", "unfit": "ValidationException"}

# How each operation is called of an instance.
CALLS = {
    "describe_instance": lambda arn: {"InstanceArn": arn},
    "update_instance": lambda arn: {"InstanceArn": arn, "Name": "changed"},
    "delete_instance": lambda arn: {"InstanceArn": arn},
    "tag_resource": lambda arn: {"ResourceArn": arn, "Tags": pairs({"changed": "1"})},
    "untag_resource": lambda arn: {"InstanceArn": arn, "ResourceArn": arn, "TagKeys": ["kept"]},
    "list_tags_for_resource": lambda arn: {"ResourceArn": arn},
    "add_region": lambda arn: {"InstanceArn": arn, "RegionName": "eu-west-1"},
    "remove_region": lambda arn: {"InstanceArn": arn, "RegionName": "us-west-2"},
    "describe_region": lambda arn: {"InstanceArn": arn, "RegionName": "us-east-1"},
    "list_regions": lambda arn: {"InstanceArn": arn},
}
READS = ("describe_instance", "list_tags_for_resource", "describe_region", "list_regions")

# doc: the owner may all, a delegated administrator all but what is reserved. inferred: the rest; that a member, who
# is shown the instance, may look at it; that somebody else's is denied.
ORGANIZATIONS = """
    operation              management delegated member neighbour outsider
    describe_instance      yes        yes       denied denied    denied
    update_instance        yes        denied    denied denied    denied
    delete_instance        yes        denied    denied denied    denied
    tag_resource           yes        yes       denied denied    denied
    untag_resource         yes        yes       denied denied    denied
    list_tags_for_resource yes        yes       denied denied    denied
    add_region             yes        yes       denied denied    denied
    remove_region          yes        yes       denied denied    denied
    describe_region        yes        yes       denied denied    denied
    list_regions           yes        yes       denied denied    denied
"""

# doc: the member owns it, and administrators of its organization do not. observed: what is for organizations is unfit.
ACCOUNTS = """
    operation              management delegated member neighbour outsider
    describe_instance      denied     denied    yes    denied    denied
    update_instance        denied     denied    yes    denied    denied
    delete_instance        denied     denied    yes    denied    denied
    tag_resource           denied     denied    yes    denied    denied
    untag_resource         denied     denied    yes    denied    denied
    list_tags_for_resource denied     denied    yes    denied    denied
    add_region             denied     denied    unfit  denied    denied
    remove_region          denied     denied    unfit  denied    denied
    describe_region        denied     denied    yes    denied    denied
    list_regions           denied     denied    yes    denied    denied
"""


def rows(table):
    """The cases of a table: operation, caller, word."""
    (_, *callers), *lines = [line.split() for line in table.strip().splitlines()]
    cells = ((operation, zip(callers, words, strict=True)) for operation, *words in lines)
    return [(operation, caller, word) for operation, row in cells for caller, word in row]


def test_the_tables_are_whole():
    client = aws("http://127.0.0.1:9")
    for table in (ORGANIZATIONS, ACCOUNTS):
        found = [(operation, caller) for operation, caller, _ in rows(table)]
        assert found == [(operation, caller) for operation in CALLS for caller in CALLERS]
    # model: the operations that take the ARN of an instance and are nothing but an instance's.
    named = {client.meta.method_to_api_mapping[operation] for operation in CALLS}
    assert named | {"CreateInstance", "ListInstances"} == {
        *(f"{verb}Instance" for verb in ("Create", "Describe", "Update", "Delete")),
        *("ListInstances", "TagResource", "UntagResource", "ListTagsForResource"),
        *("AddRegion", "RemoveRegion", "DescribeRegion", "ListRegions"),
    }


@pytest.fixture
def clients(either):
    """The clients of all callers."""
    own(either, "POST", "accounts", vendor="aws", id=NEIGHBOUR, organization=ORGANIZATION)
    either.keys("POST", vendor="aws", account=NEIGHBOUR, id=NEIGHBOUR, secret="sanmen")
    return {caller: aws(either.url, account) for caller, account in CALLERS.items()}


def told(client, arn):
    """All that an owner can learn of an instance."""
    return shown(client, arn), tags(client, arn), regions(client, arn)


def check(owner, arn, caller, operation, word):
    before = told(owner, arn)
    call = functools.partial(getattr(caller, operation), **CALLS[operation](arn))
    if CODES[word] is None:
        answer = outcome(call)
        assert isinstance(answer, dict), answer
        if operation == "delete_instance":
            assert outcome(owner.describe_instance, InstanceArn=arn) == "AccessDeniedException"
        else:
            assert (told(owner, arn) == before) == (operation in READS)
        return
    message = refused(call, CODES[word])
    if word == "denied":
        # observed: the form.
        name = caller.meta.method_to_api_mapping[operation]
        assert f" is not authorized to perform: sso:{name} on resource: {arn}" in message
    else:
        assert message == "This operation is not supported for account instances"
    assert told(owner, arn) == before


@pytest.mark.parametrize("operation, caller, word", rows(ORGANIZATIONS))
def test_of_an_organizations_instance(either, clients, operation, caller, word):
    extend(either, "us-west-2")
    owner = clients["management"]
    owner.tag_resource(ResourceArn=ORGANIZATION_INSTANCE, Tags=pairs({"kept": "1"}))
    check(owner, ORGANIZATION_INSTANCE, clients[caller], operation, word)


@pytest.mark.parametrize("operation, caller, word", rows(ACCOUNTS))
def test_of_an_account_instance(clients, operation, caller, word):
    owner = clients["member"]
    arn = owner.create_instance(Name="its-own", Tags=pairs({"kept": "1"}))["InstanceArn"]
    check(owner, arn, clients[caller], operation, word)


# doc: a member owns an instance besides; so does a delegated administrator, which administers another.
@pytest.mark.parametrize("caller", ["delegated", "member", "neighbour", "outsider"])
def test_who_creates_an_instance_owns_it(clients, caller):
    arn = clients[caller].create_instance()["InstanceArn"]
    assert shown(clients[caller], arn)["OwnerAccountId"] == CALLERS[caller]
    # doc and observed: and it is shown the one of its organization besides; nobody else is shown more.
    for other, client in clients.items():
        seen = [ORGANIZATION_INSTANCE] * (other != "outsider") + [arn] * (other == caller)
        assert sorted(listed(client)) == sorted(seen), other
    # doc: it can delete its own.
    clients[caller].delete_instance(InstanceArn=arn)
    refused(clients[caller].describe_instance, "AccessDeniedException", InstanceArn=arn)


# observed: the message, by three authors with this type.
def test_the_management_account_creates_none(clients):
    manager = clients["management"]
    message = refused(manager.create_instance, "ValidationException")
    assert message == "Organization management account is not allowed to perform the operation."
    # It is no matter whether it has the organization's.
    manager.delete_instance(InstanceArn=ORGANIZATION_INSTANCE)
    assert refused(manager.create_instance, "ValidationException") == message
    for client in clients.values():
        assert listed(client) == []


def unknown(client, operation):
    """How an operation says that an instance is not there.

    doc: DescribeInstance says it is denied. model: it declares no ResourceNotFoundException. inferred: so do others.
    """
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    declared = {shape.name for shape in model.error_shapes}
    code = "ResourceNotFoundException" if "ResourceNotFoundException" in declared else "AccessDeniedException"
    assert code in declared
    return code


@pytest.mark.parametrize("operation", CALLS)
def test_of_an_instance_that_is_not_there(clients, operation):
    for client in clients.values():
        refused(getattr(client, operation), unknown(client, operation), **CALLS[operation](UNKNOWN_INSTANCE))


# inferred: an instance is not there for who calls from a Region that it is not in.
@pytest.mark.parametrize("operation", CALLS)
def test_from_another_region(either, clients, operation):
    extend(either)
    before = told(clients["management"], ORGANIZATION_INSTANCE)
    abroad = aws(either.url, AWS_MANAGEMENT, region="ap-south-1")
    refused(getattr(abroad, operation), unknown(abroad, operation), **CALLS[operation](ORGANIZATION_INSTANCE))
    assert told(clients["management"], ORGANIZATION_INSTANCE) == before
