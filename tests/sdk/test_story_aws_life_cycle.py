"""What takes time at the vendor takes it here when told so: instances and Regions that come and go by and by."""

import functools
import time

import pytest
import yaml

import program
from clients import AWS_MANAGEMENT, AWS_MEMBER, aws
from story_aws import (
    ORGANIZATION_INSTANCE,
    cli,
    either,  # noqa: F401
    extend,
    listed,
    looked_at,
    mode,  # noqa: F401
    outcome,
    own,
    pairs,
    refused,
    shown,
    status,
    tags,
)
from test_keys import ask

DEFAULT = program.REPOSITORY / "src" / "seed" / "default.yaml"
FOREVER = "after=3600s"

CREATING, DELETING = "CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"
GONE = "AccessDeniedException"

# doc: while an instance is being made only DescribeInstance and DeleteInstance may be called of it. inferred: the
# type of the refusal, a conflict where the model declares one; that it is the same while it is being deleted.
OTHERS = {
    "update_instance": lambda arn: {"InstanceArn": arn, "Name": "changed"},
    "tag_resource": lambda arn: {"ResourceArn": arn, "Tags": pairs({"changed": "1"})},
    "untag_resource": lambda arn: {"ResourceArn": arn, "TagKeys": ["team"]},
    "list_tags_for_resource": lambda arn: {"ResourceArn": arn},
    "add_region": lambda arn: {"InstanceArn": arn, "RegionName": "us-west-2"},
    "remove_region": lambda arn: {"InstanceArn": arn, "RegionName": "us-west-2"},
    "describe_region": lambda arn: {"InstanceArn": arn, "RegionName": "us-east-1"},
    "list_regions": lambda arn: {"InstanceArn": arn},
}


def others_must_wait(client, arn):
    for operation, arguments in OTHERS.items():
        declared = operation not in ("list_tags_for_resource", "describe_region", "list_regions")
        expected = "ConflictException" if declared else "ValidationException"
        assert outcome(getattr(client, operation), **arguments(arn)) == expected, operation


def told(server):
    return own(server, "GET", "life-cycle")["pace"]


def test_an_instance_that_is_looked_at(start, mode):
    server = start("--life-cycle", "reads=2", "--auth", mode)
    assert told(server) == "reads=2"
    client = aws(server.url)
    asked = {"ClientToken": "t-1", "Name": "sandbox", "Tags": pairs({"team": "a"})}
    arn = client.create_instance(**asked)["InstanceArn"]
    # Neither of these is a look at it.
    others_must_wait(client, arn)
    # doc: the same request once more; another one, for which there is one too many.
    assert client.create_instance(**asked)["InstanceArn"] == arn
    refused(client.create_instance, "ConflictException", ClientToken="t-2")
    first = shown(client, arn)
    assert first["Status"] == CREATING
    found = {one["InstanceArn"]: one["Status"] for one in client.list_instances()["Instances"]}
    assert found == {ORGANIZATION_INSTANCE: "ACTIVE", arn: CREATING}
    assert shown(client, arn) == first | {"Status": "ACTIVE"}
    for operation in ("update_instance", "list_tags_for_resource", "describe_region", "list_regions"):
        assert isinstance(outcome(getattr(client, operation), **OTHERS[operation](arn)), dict), operation
    assert tags(client, arn) == {"team": "a"}
    assert status(client, arn) == "ACTIVE"

    client.delete_instance(InstanceArn=arn)
    others_must_wait(client, arn)
    # inferred: it is still there, for whoever wants another.
    for token in ("t-1", "t-2"):
        refused(client.create_instance, "ConflictException", ClientToken=token)
    found = {one["InstanceArn"]: one["Status"] for one in client.list_instances()["Instances"]}
    assert found == {ORGANIZATION_INSTANCE: "ACTIVE", arn: DELETING}
    # inferred: to delete it again is no error.
    client.delete_instance(InstanceArn=arn)
    assert [status(client, arn) for _ in range(3)] == [DELETING, GONE, GONE]
    assert listed(client) == [ORGANIZATION_INSTANCE]
    again = client.create_instance(**asked)["InstanceArn"]
    assert again != arn
    assert [status(client, again) for _ in range(3)] == [CREATING, CREATING, "ACTIVE"]


def test_an_instance_that_is_waited_for(start, mode):
    server = start("--life-cycle", "after=250ms", "--auth", mode)
    assert told(server) == "after=250ms"
    client = aws(server.url)
    # To the millisecond, by another clock than ours.
    begun = time.monotonic()
    arn = client.create_instance()["InstanceArn"]
    seen = looked_at(lambda: status(client, arn), until="ACTIVE")
    assert time.monotonic() - begun >= 0.24
    # A machine that is busy may have looked too late.
    assert set(seen) <= {CREATING, "ACTIVE"} and len(seen) == len(set(seen))
    begun = time.monotonic()
    client.delete_instance(InstanceArn=arn)
    seen = looked_at(lambda: status(client, arn), until=GONE)
    assert time.monotonic() - begun >= 0.24
    assert set(seen) <= {DELETING, GONE} and len(seen) == len(set(seen))
    assert listed(client) == [ORGANIZATION_INSTANCE]
    assert client.create_instance()["InstanceArn"] != arn


# doc: DescribeInstance and DeleteInstance are what can be called.
def test_an_instance_that_is_never_made_can_be_deleted(either):
    client, outsider = aws(either.url), aws(either.url, "0" * 12)
    own(either, "PUT", "life-cycle", pace=FOREVER)
    arn = client.create_instance()["InstanceArn"]
    other = outsider.create_instance()["InstanceArn"]
    others_must_wait(client, arn)
    assert [status(client, arn) for _ in range(3)] == [CREATING] * 3
    # What is not the caller's stays denied, whatever becomes of it.
    for operation, arguments in OTHERS.items():
        assert outcome(getattr(outsider, operation), **arguments(arn)) == "AccessDeniedException", operation
    # The pace is that of what begins from now on.
    own(either, "PUT", "life-cycle", pace="reads=1")
    client.delete_instance(InstanceArn=arn)
    others_must_wait(client, arn)
    assert [status(client, arn) for _ in range(2)] == [DELETING, GONE]
    assert status(outsider, other) == CREATING
    own(either, "PUT", "life-cycle", pace="instant")
    outsider.delete_instance(InstanceArn=other)
    assert status(outsider, other) == GONE
    assert status(client, client.create_instance()["InstanceArn"]) == "ACTIVE"


def test_an_organizations_instance_goes_by_and_by(either):
    own(either, "PUT", "life-cycle", pace="reads=1")
    client, member = aws(either.url, AWS_MANAGEMENT), aws(either.url)
    client.delete_instance(InstanceArn=ORGANIZATION_INSTANCE)
    others_must_wait(client, ORGANIZATION_INSTANCE)
    # A member is shown it, too.
    (one,) = member.list_instances()["Instances"]
    assert (one["InstanceArn"], one["Status"]) == (ORGANIZATION_INSTANCE, DELETING)
    assert listed(member) == listed(client) == []
    assert status(client, ORGANIZATION_INSTANCE) == GONE


def region(client, name="us-west-2"):
    """Where a Region is, or the code of the refusal."""
    answer = outcome(client.describe_region, InstanceArn=ORGANIZATION_INSTANCE, RegionName=name)
    return answer if isinstance(answer, str) else answer["Status"]


# doc: ADDING, ACTIVE; REMOVING, then it is not found.
@pytest.mark.parametrize("pace", ["reads=2", "after=50ms", "instant"])
def test_a_region_comes_and_goes(start, mode, pace):
    server = start("--auth", mode)
    extend(server)
    own(server, "PUT", "life-cycle", pace=pace)
    client, there = aws(server.url, AWS_MANAGEMENT), aws(server.url, AWS_MANAGEMENT, region="us-west-2")
    counted = pace.startswith("reads")
    call = {"InstanceArn": ORGANIZATION_INSTANCE, "RegionName": "us-west-2"}
    # doc: the answer is so, however long it takes.
    assert client.add_region(**call)["Status"] == "ADDING"
    seen = looked_at(lambda: region(client), until="ACTIVE")
    assert seen == ["ADDING", "ACTIVE"] if counted else set(seen) <= {"ADDING", "ACTIVE"}
    assert status(there, ORGANIZATION_INSTANCE) == "ACTIVE"
    assert client.remove_region(**call)["Status"] == "REMOVING"
    seen = looked_at(lambda: region(client), until="ResourceNotFoundException")
    gone = ["REMOVING", "ResourceNotFoundException"]
    assert seen == gone if counted else set(seen) <= set(gone)
    assert status(there, ORGANIZATION_INSTANCE) == GONE
    refused(client.remove_region, "ResourceNotFoundException", **call)


# doc: "only one at a time". inferred: the type.
def test_one_region_at_a_time(either):
    extend(either, "eu-west-1")
    client = aws(either.url, AWS_MANAGEMENT)
    for operation, state in (("add_region", "ADDING"), ("remove_region", "REMOVING")):
        own(either, "PUT", "life-cycle", pace=FOREVER if operation == "remove_region" else "reads=1")
        getattr(client, operation)(InstanceArn=ORGANIZATION_INSTANCE, RegionName="us-west-2")
        for other in ("add_region", "remove_region"):
            for name in ("us-west-2", "eu-west-1"):
                call = {"InstanceArn": ORGANIZATION_INSTANCE, "RegionName": name}
                assert outcome(getattr(client, other), **call) == "ConflictException", (state, other, name)
        refused(client.delete_instance, "ConflictException", InstanceArn=ORGANIZATION_INSTANCE)
        # It is in no one's way else.
        client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, Name=state)
        assert region(client) == state
        assert region(client, "eu-west-1") == "ACTIVE"
    assert region(client) == "REMOVING"


# Saying it

PACES = ("instant", "after=5s", "after=250ms", "reads=3")
BAD = ("", "never", "after=5", "after=-1s", "after=1m", "reads=", "reads=many", "READS=2", "instant ")


def test_a_pace_is_told_at_run_time(either):
    assert told(either) == "instant"
    for pace in PACES:
        assert own(either, "PUT", "life-cycle", pace=pace) == {"pace": pace}
        assert told(either) == pace
    for bad in BAD:
        answer = ask(either, "PUT", "/_sanmen/life-cycle", {"pace": bad})
        assert answer.status == 400 and "pace" in answer.error()
    for body in ({"pace": 5}, {"speed": "instant"}, {"pace": "instant", "speed": 1}, [], "{"):
        assert ask(either, "PUT", "/_sanmen/life-cycle", body).status == 400
    assert told(either) == PACES[-1]
    # What was said at run time goes with the world.
    either.reset()
    assert told(either) == "instant"


def started_by_option(start, monkeypatch, tmp_path, pace):
    return start("--life-cycle", pace)


def started_by_environment(start, monkeypatch, tmp_path, pace):
    monkeypatch.setattr(program, "environment", functools.partial(program.environment, SANMEN_LIFE_CYCLE=pace))
    return start()


def started_by_seed(start, monkeypatch, tmp_path, pace):
    path = tmp_path / "seed.yaml"
    path.write_text(yaml.safe_dump({"life_cycle": pace} | yaml.safe_load(DEFAULT.read_text())))
    return start("--seed", path)


def started_by_file(start, monkeypatch, tmp_path, pace):
    path = tmp_path / "sanmen.toml"
    path.write_text(f'life-cycle = "{pace}"\n')
    return start("--config", path)


STARTS = {
    "option": started_by_option,
    "environment": started_by_environment,
    "seed": started_by_seed,
    "file": started_by_file,
}


@pytest.mark.parametrize("how", STARTS)
def test_a_pace_is_told_at_the_start(start, monkeypatch, tmp_path, how):
    server = STARTS[how](start, monkeypatch, tmp_path, "reads=2")
    assert told(server) == "reads=2"
    client = aws(server.url)
    arn = client.create_instance()["InstanceArn"]
    assert [status(client, arn) for _ in range(3)] == [CREATING, CREATING, "ACTIVE"]
    # A world that goes back to its beginning has the pace of its beginning.
    own(server, "PUT", "life-cycle", pace=FOREVER)
    server.reset()
    assert told(server) == "reads=2"


# A bad value is a sentence, and not a server.
@pytest.mark.parametrize("pace", [bad for bad in BAD if bad])
def test_a_bad_pace_is_no_start(tmp_path, pace):
    seed, file = tmp_path / "seed.yaml", tmp_path / "sanmen.toml"
    seed.write_text(yaml.safe_dump({"life_cycle": pace} | yaml.safe_load(DEFAULT.read_text())))
    file.write_text(f'life-cycle = "{pace}"\n')
    serve = ("serve", "--listen", "127.0.0.1:0")
    for done in (
        program.run(*serve, "--life-cycle", pace),
        program.run(*serve, SANMEN_LIFE_CYCLE=pace),
        program.run(*serve, "--seed", str(seed)),
        program.run(*serve, "--config", str(file)),
    ):
        assert done.returncode == 2, done
        assert done.stdout == "" and "after=5s" in done.stderr and "life" in done.stderr


# The story as a shell tells it: what is begun is looked at until it is there.
def test_the_cli_waits(start, mode, tmp_path):
    server = start("--life-cycle", "reads=1", "--auth", mode)

    def line(*arguments):
        done = cli(server, tmp_path, "sso-admin", *arguments, "--output", "text", account=AWS_MEMBER)
        return done.stdout.strip() if done.returncode == 0 else done.stderr.split("(")[1].split(")")[0]

    arn = line("create-instance", "--query", "InstanceArn")
    look = ("describe-instance", "--instance-arn", arn, "--query", "Status")
    assert line("update-instance", "--instance-arn", arn, "--name", "n") == "ConflictException"
    assert [line(*look), line(*look)] == [CREATING, "ACTIVE"]
    assert line("delete-instance", "--instance-arn", arn) == ""
    assert [line(*look), line(*look)] == [DELETING, GONE]
