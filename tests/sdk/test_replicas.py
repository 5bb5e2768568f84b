"""Two servers on one PostgreSQL database: all rules hold between them, and what one has acknowledged the other knows."""

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from alibaba_signer import ACS3, RPC
from clients import ALIBABA_MANAGEMENT, AWS_MEMBER, CORE_POST, AlibabaKey, aws, huawei
from replicas import at_once, fresh_account
from replicas import aws as call
from test_alibaba import DIRECTORY, READ, settings, update
from test_huawei import FRESH, read, write
from test_strict_alibaba import GIVEN, accepted, both_protocols
from test_strict_alibaba_refusals import told, wanted
from wire import send

MANY = 16
ROUNDS = 10


def over(replicas, function):
    """Calls of `function(server, number)`, as many at each server."""
    return [lambda i=i: function(replicas[i % len(replicas)], i) for i in range(MANY)]


def kind(answer):
    status, body = answer
    return body.get("__type", status)


# doc: one instance an account.
def test_an_account_has_one_instance_wherever_it_was_asked_for(replicas):
    for _ in range(ROUNDS):
        account = fresh_account()
        seen = at_once(over(replicas, lambda server, i: call(server, account, "CreateInstance", ClientToken=f"t{i}")))
        assert Counter(map(kind, seen)) == {200: 1, "ConflictException": MANY - 1}
        (arn,) = [body["InstanceArn"] for status, body in seen if status == 200]
        for server in replicas:
            status, listed = call(server, account, "ListInstances")
            assert [one["InstanceArn"] for one in listed["Instances"]] == [arn]


# doc: a repeated request has the same answer.
def test_a_token_has_one_arn_wherever_it_was_given(replicas):
    for _ in range(ROUNDS):
        account = fresh_account()
        seen = at_once(over(replicas, lambda server, _: call(server, account, "CreateInstance", ClientToken="t")))
        assert {status for status, _ in seen} == {200}
        assert len({body["InstanceArn"] for _, body in seen}) == 1


# doc: with other parameters it is a mismatch.
def test_of_two_requests_with_one_token_one_has_it(replicas):
    for _ in range(ROUNDS):
        account = fresh_account()

        def create(server, i, account=account):
            return call(server, account, "CreateInstance", ClientToken="t", Name="ab"[i // 2 % 2])

        seen = at_once(over(replicas, create))
        assert Counter(map(kind, seen)) == {200: MANY // 2, "IdempotentParameterMismatch": MANY // 2}
        (arn,) = {body["InstanceArn"] for status, body in seen if status == 200}
        names = {call(server, account, "DescribeInstance", InstanceArn=arn)[1]["Name"] for server in replicas}
        won = {"ab"[i // 2 % 2] for i, (status, _) in enumerate(seen) if status == 200}
        assert names == won


def test_no_read_is_older_than_a_write_that_was_acknowledged_elsewhere(replicas):
    one, two = replicas
    arn = call(one, AWS_MEMBER, "CreateInstance")[1]["InstanceArn"]
    for round in range(300):
        # The reader is the same for some rounds: what it could remember it has from the round before.
        writer, reader = (one, two) if round // 30 % 2 else (two, one)
        name = f"name-{round}"
        assert call(writer, AWS_MEMBER, "UpdateInstance", InstanceArn=arn, Name=name)[0] == 200
        for _ in range(2):
            assert call(reader, AWS_MEMBER, "DescribeInstance", InstanceArn=arn)[1]["Name"] == name


def test_the_vendors_clients_see_one_world(replicas):
    one, two = replicas
    for setting in ("Disabled", "Byuser", "OnlyRiskyLogin"):
        update(one, setting, "Autonomous")
        assert settings(two)[0] == setting
        one, two = two, one
    for mode in ("DISABLED", "CONTEXT_AWARE", "ALWAYS_ON"):
        write(huawei(one), {"mfa_mode": mode})
        assert read(huawei(two)) == FRESH | {"mfa_mode": mode}
        one, two = two, one
    arn = aws(one.url).create_instance(Name="seen")["InstanceArn"]
    assert aws(two.url).describe_instance(InstanceArn=arn)["Name"] == "seen"
    aws(two.url).delete_instance(InstanceArn=arn)
    with pytest.raises(ClientError):
        aws(one.url).describe_instance(InstanceArn=arn)


def test_a_reset_of_one_is_a_reset_of_the_other(replicas):
    one, two = replicas
    before = one.info()
    for _ in range(3):
        account = fresh_account()
        assert call(one, account, "CreateInstance")[0] == 200
        update(one, "Disabled")
        assert two.info() == one.info() != before
        two.reset()
        assert one.info() == two.info() == before
        assert settings(one) == settings(two) == ("Enabled", None)
        one, two = two, one


def cloudsso(server, action, **parameters):
    """A call by the older SDK core, which knows all actions."""
    return CORE_POST(server, ALIBABA_MANAGEMENT, action, DirectoryId=DIRECTORY, **parameters)


def test_a_page_of_one_leads_to_the_next_of_the_other(replicas):
    one, two = replicas
    names = [f"user-{i}" for i in range(5)]
    for name in names:
        cloudsso(one, "CreateUser", UserName=name)
    found, token = [], None
    for server in (one, two, one):
        more = {"NextToken": token} if token else {}
        page = cloudsso(server, "ListUsers", MaxResults=2, **more)
        found += [user["UserName"] for user in page["Users"]]
        token = page.get("NextToken")
    assert (found, token) == (names, None)


# Verified signatures

USED = wanted("SignatureNonceUsed")
SEED = AlibabaKey.of(ALIBABA_MANAGEMENT)


@pytest.fixture
def strict_replicas(start, database):
    return [start("--database-url", database, "--auth", "strict", "--explain") for _ in range(2)]


@both_protocols
def test_a_nonce_of_one_is_used_up_at_the_other(strict_replicas, protocol):
    one, two = strict_replicas
    for _ in range(ROUNDS):
        message = protocol(SEED, READ, GIVEN)
        accepted(one, message)
        assert told(two, message) == USED
        one, two = two, one


@both_protocols
def test_of_many_requests_with_one_nonce_one_wins(strict_replicas, protocol):
    for _ in range(ROUNDS):
        message = protocol(SEED, READ, GIVEN)
        seen = at_once(over(strict_replicas, lambda server, _, message=message: send(server, message)))
        seen = Counter((answer.status, b"SignatureNonceUsed" in answer.body) for answer in seen)
        assert seen == {(200, False): 1, (400, True): MANY - 1}


# Batches of nonces in any order, at both at once: none waits for another one in a circle.
def test_many_nonces_at_a_time_are_all_taken(strict_replicas):
    for _ in range(3):
        messages = [protocol(SEED, READ, GIVEN) for protocol in (ACS3, RPC) for _ in range(MANY)]
        calls = [
            lambda server=server, message=message: send(server, message).status
            for message in messages
            for server in strict_replicas
        ]
        seen = at_once(calls)
        assert Counter(seen) == {200: len(messages), 400: len(messages)}


@both_protocols
def test_a_key_that_one_disables_is_refused_by_the_other(strict_replicas, protocol):
    one, two = strict_replicas
    for _ in range(ROUNDS):
        key = AlibabaKey.made(one)
        accepted(two, protocol(key, READ, GIVEN))
        one.keys("PATCH", f"/{key.id}", status="inactive")
        assert told(two, protocol(key, READ, GIVEN)) == wanted("InvalidAccessKeyId.Inactive")
        one, two = two, one


# Starting


def test_servers_that_start_together_make_one_world(start, cluster):
    for round in range(3):
        url = cluster.make(f"together_{round}")
        servers = at_once([lambda url=url: start("--database-url", url) for _ in range(4)])
        assert len({str(server.info()) for server in servers}) == 1
        assert cluster.sql("select count(*) from instances", f"together_{round}") == "3"
        for server in servers:
            server.stop()
        cluster.sql(f"drop database together_{round}")
