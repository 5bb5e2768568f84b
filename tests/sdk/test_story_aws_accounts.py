"""Organizations and accounts that come, move and go while the server runs: boto3 sees it on its next call."""

import pytest

from aws_signer import INVALID_TOKEN
from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, AWS_STANDALONE, aws
from story_aws import (
    ORGANIZATION,
    ORGANIZATION_INSTANCE,
    either,  # noqa: F401
    listed,
    mode,  # noqa: F401
    of,
    outcome,
    own,
    pairs,
    refused,
    shown,
    status,
    sts,
    tags,
)
from test_keys import ask

DENIED = "AccessDeniedException"


def made(server, **fields):
    """A new account of AWS, as it is told."""
    return own(server, "POST", "accounts", vendor="aws", **fields)


def moved(server, account, **fields):
    """Moves an account; what is told of it is what is told when it is asked for."""
    told = own(server, "PATCH", f"accounts/{account}", **fields)
    assert told == own(server, "GET", f"accounts/{account}")
    return told


def clients(server, account):
    """Clients of the account's, of both services, with a key that is made for it."""
    key = of(server.keys("POST", vendor="aws", account=account))
    return aws(server.url, **key), sts(server.url, **key)


def tag(client, arn=ORGANIZATION_INSTANCE):
    """Puts a tag on the organization's instance: a thing that only administrators do."""
    return outcome(client.tag_resource, ResourceArn=arn, Tags=pairs({"by": "us"}))


def test_an_account_from_its_making_to_its_end(either):
    account = made(either, name="team")
    id = account["id"]
    assert account == {"vendor": "aws", "id": id, "name": "team", "standing": "standalone", "status": "active"}
    assert len(id) == 12 and id.isdigit() and account in own(either, "GET", "accounts?vendor=aws")["accounts"]
    client, caller = clients(either, id)
    manager = aws(either.url, AWS_MANAGEMENT)
    assert outcome(caller.get_caller_identity)["Account"] == id
    assert listed(client) == []

    arn = client.create_instance(Name="its-own", Tags=pairs({"team": "a"}))["InstanceArn"]
    told = shown(client, arn)
    assert told["OwnerAccountId"] == id and listed(client) == [arn]
    refused(client.create_instance, "ConflictException")

    def its_own_is_there():
        assert shown(client, arn) == told and tags(client, arn) == {"team": "a"}

    # A member is shown its organization's instance, and does not administer it.
    account = moved(either, id, standing="member", organization=ORGANIZATION)
    assert (account["standing"], account["organization"]) == ("member", ORGANIZATION)
    assert sorted(listed(client)) == sorted([ORGANIZATION_INSTANCE, arn])
    assert tag(client) == DENIED and tags(manager, ORGANIZATION_INSTANCE) == {}
    its_own_is_there()

    account = moved(either, id, standing="delegated_administrator")
    assert (account["standing"], account["delegation"]) == ("delegated_administrator", "enabled")
    assert status(client, ORGANIZATION_INSTANCE) == "ACTIVE"
    assert tag(client) == {} and tags(manager, ORGANIZATION_INSTANCE) == {"by": "us"}
    # doc: what is reserved for the owner stays so.
    assert outcome(client.delete_instance, InstanceArn=ORGANIZATION_INSTANCE) == DENIED
    its_own_is_there()

    # A delegation that is laid down is none, and can be taken up again.
    for delegation, expected in (("disabled", DENIED), ("enabled", {}), ("disabled", DENIED)):
        assert moved(either, id, delegation=delegation)["delegation"] == delegation
        assert tag(client) == expected
    assert moved(either, id, standing="member").get("delegation") is None
    assert moved(either, id, standing="delegated_administrator")["delegation"] == "enabled"
    assert tag(client) == {}

    account = moved(either, id, standing="standalone")
    assert (account["standing"], account.get("organization")) == ("standalone", None)
    assert tag(client) == DENIED and listed(client) == [arn]
    assert status(client, ORGANIZATION_INSTANCE) == DENIED
    its_own_is_there()

    # Nobody acts for an account that is closed, whatever the mode; its instance has gone with it.
    assert own(either, "DELETE", f"accounts/{id}") is None
    assert own(either, "GET", f"accounts/{id}")["status"] == "closed"
    for call in (client.list_instances, client.create_instance):
        assert refused(call, "UnrecognizedClientException") == INVALID_TOKEN
    assert refused(caller.get_caller_identity, "InvalidClientTokenId", status=403) == INVALID_TOKEN
    instances = {instance["id"] for vendor in either.info()["vendors"] for instance in vendor["instances"]}
    assert arn.rpartition("/")[2] not in instances and "ssoins-1111111111111111" in instances
    # It is not the end of the others.
    assert status(manager, ORGANIZATION_INSTANCE) == "ACTIVE"
    assert tags(manager, ORGANIZATION_INSTANCE) == {"by": "us"}


# Where an account stands, what it is shown, and whether it administers.
MOVES = (
    ({"standing": "delegated_administrator"}, [ORGANIZATION_INSTANCE], True),
    ({"standing": "member"}, [ORGANIZATION_INSTANCE], False),
    ({"standing": "standalone"}, [], False),
    ({"standing": "delegated_administrator", "organization": ORGANIZATION}, [ORGANIZATION_INSTANCE], True),
    ({"delegation": "disabled"}, [ORGANIZATION_INSTANCE], False),
    ({"name": "another name"}, [ORGANIZATION_INSTANCE], False),
    ({"delegation": "enabled"}, [ORGANIZATION_INSTANCE], True),
    ({"standing": "standalone"}, [], False),
)


@pytest.mark.parametrize("account", [AWS_MEMBER, AWS_DELEGATED, AWS_STANDALONE])
def test_an_account_is_what_it_is_now(either, account):
    client = aws(either.url, account)
    first = {"standing": "member"} | ({"organization": ORGANIZATION} if account == AWS_STANDALONE else {})
    for move, seen, administers in ((first, [ORGANIZATION_INSTANCE], False), *MOVES):
        moved(either, account, **move)
        assert listed(client) == seen, move
        assert tag(client) == ({} if administers else DENIED), move


def test_an_organization_of_ones_own(either):
    new = own(either, "POST", "organizations", vendor="aws")
    manager_id = new["management_account"]
    assert new["id"].startswith("o-") and new["id"] != ORGANIZATION
    assert new in own(either, "GET", "organizations?vendor=aws")["organizations"]
    member_id = made(either, organization=new["id"])["id"]
    told = own(either, "GET", f"accounts?vendor=aws&organization={new['id']}")["accounts"]
    assert {one["id"]: one["standing"] for one in told} == {manager_id: "management", member_id: "member"}
    manager, _ = clients(either, manager_id)
    member, _ = clients(either, member_id)

    # observed: the sentence. It has no instance of an organization: those are not made by an API.
    message = refused(manager.create_instance, "ValidationException")
    assert message == "Organization management account is not allowed to perform the operation."
    arn = member.create_instance()["InstanceArn"]
    assert (listed(manager), listed(member)) == ([], [arn])
    # Another organization's are others.
    for client in (manager, member):
        assert status(client, ORGANIZATION_INSTANCE) == DENIED
    assert status(aws(either.url, AWS_MANAGEMENT), arn) == DENIED
    # A member that goes over is one there, and no more here.
    moved(either, member_id, organization=ORGANIZATION, standing="delegated_administrator")
    assert sorted(listed(member)) == sorted([ORGANIZATION_INSTANCE, arn])
    assert tag(member) == {}
    moved(either, AWS_DELEGATED, organization=new["id"])
    assert (listed(aws(either.url, AWS_DELEGATED)), tag(aws(either.url, AWS_DELEGATED))) == ([], DENIED)


# observed: an instance that the account had before is in the way of its organization's; it does not become that.
def test_an_account_instance_of_an_account_that_begins_to_manage(either):
    manager = aws(either.url, AWS_STANDALONE)
    arn = manager.create_instance(Name="before")["InstanceArn"]
    told = shown(manager, arn)
    new = own(either, "POST", "organizations", vendor="aws", management_account=AWS_STANDALONE)
    member, _ = clients(either, made(either, organization=new["id"])["id"])
    assert shown(manager, arn) == told
    refused(manager.create_instance, "ValidationException")
    assert listed(manager) == [arn] and listed(member) == []
    manager.delete_instance(InstanceArn=arn)
    assert listed(manager) == []


# What cannot be is told, and changes nothing.
REFUSALS = {
    "a member without an organization": ("POST", "accounts", {"vendor": "aws", "standing": "member"}, 400),
    "standalone in an organization": (
        *("POST", "accounts"),
        *({"vendor": "aws", "standing": "standalone", "organization": ORGANIZATION}, 400),
    ),
    "no such organization": ("POST", "accounts", {"vendor": "aws", "organization": "o-2222222222"}, 404),
    "an id that is taken": ("POST", "accounts", {"vendor": "aws", "id": AWS_MEMBER}, 409),
    "an id that is none": ("POST", "accounts", {"vendor": "aws", "id": "12345"}, 400),
    "another vendor": ("POST", "accounts", {"vendor": "other"}, 400),
    "two managers": (
        *("POST", "accounts"),
        *({"vendor": "aws", "standing": "management", "organization": ORGANIZATION}, 409),
    ),
    "a manager that goes": ("PATCH", f"accounts/{AWS_MANAGEMENT}", {"standing": "member"}, 409),
    "a manager that is closed": ("DELETE", f"accounts/{AWS_MANAGEMENT}", None, 409),
    "an account that is not there": ("PATCH", "accounts/999999999999", {"name": "x"}, 404),
    "a member that leaves for nowhere": ("PATCH", f"accounts/{AWS_MEMBER}", {"organization": "o-2222222222"}, 404),
    "a standing that is none": ("PATCH", f"accounts/{AWS_MEMBER}", {"standing": "owner"}, 400),
    "an organization that is taken": ("POST", "organizations", {"vendor": "aws", "id": ORGANIZATION}, 409),
    "a manager from another organization": (
        *("POST", "organizations"),
        *({"vendor": "aws", "management_account": AWS_MEMBER}, 409),
    ),
}


def test_what_cannot_be_is_refused(either):
    def state():
        names = ("accounts", "organizations")
        return [own(either, "GET", name) for name in names], listed(aws(either.url)), listed(aws(either.url, "3" * 12))

    before = state()
    for name, (method, path, body, expected) in REFUSALS.items():
        answer = ask(either, method, f"/_sanmen/{path}", body)
        assert (answer.status, bool(answer.error())) == (expected, True), name
        assert state() == before, name
    # Closed is for good.
    own(either, "DELETE", f"accounts/{AWS_MEMBER}")
    for method, body in (("PATCH", {"name": "x"}), ("PATCH", {"standing": "standalone"})):
        assert ask(either, method, f"/_sanmen/accounts/{AWS_MEMBER}", body).status == 409
    assert ask(either, "POST", "/_sanmen/accounts", {"vendor": "aws", "id": AWS_MEMBER}).status == 409
    refused(aws(either.url).list_instances, "UnrecognizedClientException")
    # A world that goes back to its beginning has it again.
    either.reset()
    assert listed(aws(either.url)) == [ORGANIZATION_INSTANCE]


# What is told survives the program's end.
def test_accounts_survive_a_restart(start, mode, tmp_path):
    before = start("--data-dir", tmp_path, "--auth", mode)
    id = made(before, organization=ORGANIZATION, standing="delegated_administrator")["id"]
    key = before.keys("POST", vendor="aws", account=id)
    own(before, "DELETE", f"accounts/{AWS_MEMBER}")
    told = own(before, "GET", "accounts")
    before.stop()
    after = start("--data-dir", tmp_path, "--auth", mode)
    assert own(after, "GET", "accounts") == told
    assert tag(aws(after.url, **of(key))) == {}
    refused(aws(after.url).list_instances, "UnrecognizedClientException")
