"""AWS with `--auth strict`: unmodified clients work, keys that are not good are refused, refusals are explained."""

import itertools
import json
import re
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.auth
import pytest
from botocore.exceptions import ClientError

import program
import wire
from aws_signer import (
    INVALID_TOKEN,
    NEVER_ISSUED,
    UUID,
    WRONG_SIGNATURE,
    accepted,
    message,
    refusal,
    sign,
    signed,
    temporary,
)
from clients import AWS_DELEGATED, AWS_MEMBER, AWS_STANDALONE, SECRET, aws

CLI = Path(sys.executable).parent / "aws"

# observed: without a full stop.
EXPIRED_TOKEN = "The security token included in the request is expired"

LONG_AGO = "2020-01-01T00:00:00Z"


def client_of(server, key, **more):
    """A boto3 client with a key that the server issued; what is in `more` replaces a part of it."""
    parts = {"account": key["id"], "secret": key["secret"], "token": key.get("session_token")}
    return aws(server.url, **(parts | more))


@pytest.fixture
def untouched(strict):
    """The strict server; the test fails when the world was changed by what the test did."""
    before = strict.info()
    yield strict
    assert strict.info() == before


def refused(client, code):
    """Calls CreateInstance, expects this refusal, and gives its message."""
    with pytest.raises(ClientError) as caught:
        client.create_instance()
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer
    # doc: every client error of this service is HTTP 400; observed: so are those of authentication.
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"])
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"] == "application/x-amz-json-1.1"
    told = datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - told) < timedelta(seconds=5)
    return answer["Error"].get("Message", "")


def created_and_described(client, account):
    arn = client.create_instance(Name="sandbox", ClientToken="t-1")["InstanceArn"]
    seen = client.describe_instance(InstanceArn=arn)
    assert (seen["InstanceArn"], seen["Name"], seen["OwnerAccountId"]) == (arn, "sandbox", account)


# Clients as they are


@pytest.mark.parametrize("account", [AWS_MEMBER, AWS_DELEGATED, AWS_STANDALONE])
def test_boto3_works_with_a_key_of_the_seed(strict, account):
    created_and_described(aws(strict.url, account), account)


def test_boto3_works_with_a_permanent_key(strict):
    key = strict.keys("POST", vendor="aws", account=AWS_MEMBER)
    assert not key["temporary"] and not key.get("session_token")
    created_and_described(client_of(strict, key), AWS_MEMBER)


@pytest.mark.parametrize("more", [{}, {"expires_at": "never"}, {"expires_at": "2120-01-01T00:00:00Z"}])
def test_boto3_works_with_a_temporary_key(strict, more):
    key = temporary(strict, **more)
    assert key["temporary"] and key["session_token"]
    created_and_described(client_of(strict, key), AWS_MEMBER)


# doc: the example credentials of the manual; real secrets have slashes, real tokens are Base64 with its padding.
def test_boto3_works_with_a_key_of_the_users_choice(strict):
    chosen = {
        "id": "ASIAIOSFODNN7EXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "session_token": "IQoJb3JpZ2luX2VjEJr+/////////wEaCXVzLWVhc3QtMSJHMEUCIQ==",
    }
    assert temporary(strict, **chosen).items() >= chosen.items()
    created_and_described(client_of(strict, chosen), AWS_MEMBER)


# model: Regions of several partitions.
@pytest.mark.parametrize("region", "ap-southeast-2 cn-north-1 us-gov-west-1 us-isob-east-1 eusc-de-east-1".split())
def test_boto3_works_in_the_regions_of_all_partitions(strict, region):
    created_and_described(aws(strict.url, region=region), AWS_MEMBER)


# doc: the path prefix of an endpoint is signed too, encoded twice.
@pytest.mark.parametrize("prefix", ["/", "/prefix", "/prefix/", "/a%20b/c", "/%C3%A4~(x)*", "/a//b/./c/../d"])
def test_boto3_works_with_a_path_in_the_endpoint(strict, prefix):
    created_and_described(aws(strict.url + prefix), AWS_MEMBER)


@pytest.fixture
def cli(strict, tmp_path):
    """`cli(key, *arguments)` runs `aws sso-admin …` against the strict server."""

    def run(key, *arguments):
        token = {"AWS_SESSION_TOKEN": key["session_token"]} if key.get("session_token") else {}
        return subprocess.run(
            [CLI, "sso-admin", *arguments],
            env=program.environment(
                HOME=str(tmp_path),
                AWS_ACCESS_KEY_ID=key["id"],
                AWS_SECRET_ACCESS_KEY=key["secret"],
                AWS_DEFAULT_REGION="us-east-1",
                AWS_ENDPOINT_URL_SSO_ADMIN=strict.url,
                **token,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.mark.parametrize("kind", ["seed", "temporary"])
def test_the_cli_works(cli, strict, kind):
    key = temporary(strict) if kind == "temporary" else {"id": AWS_MEMBER, "secret": SECRET}
    created = cli(key, "create-instance", "--name", "sandbox", "--tags", "Key=team,Value=a  b")
    assert created.returncode == 0, created.stderr
    described = cli(key, "describe-instance", "--instance-arn", json.loads(created.stdout)["InstanceArn"])
    assert described.returncode == 0, described.stderr
    assert json.loads(described.stdout)["OwnerAccountId"] == AWS_MEMBER


def test_the_cli_tells_of_a_wrong_secret(cli, untouched):
    told = cli({"id": AWS_MEMBER, "secret": "wrong"}, "create-instance")
    # run: version 1 of the CLI ends so when the service answered with an error.
    assert told.returncode == 255 and told.stdout == ""
    expected = "An error occurred (InvalidSignatureException) when calling the CreateInstance operation: "
    assert expected + WRONG_SIGNATURE in told.stderr


# Keys that are not good


# observed: the sentence; a key's own state is not told.
@pytest.mark.parametrize(
    "secret", ["wrong", "Sanmen", SECRET + " ", SECRET[:-1]], ids=["other", "case", "space", "short"]
)
def test_a_wrong_secret_is_refused(untouched, secret):
    assert refused(aws(untouched.url, secret=secret), "InvalidSignatureException") == WRONG_SIGNATURE


def permanent(server, **more):
    return server.keys("POST", vendor="aws", account=AWS_MEMBER, **more)


def inactive(server):
    key = permanent(server)
    server.keys("PATCH", f"/{key['id']}", status="inactive")
    return client_of(server, key)


def deleted(server):
    key = permanent(server)
    server.keys("DELETE", f"/{key['id']}")
    return client_of(server, key)


# observed: unknown keys, and missing or wrong tokens; inferred: inactive keys, and a token with a permanent key.
@pytest.mark.parametrize(
    "client",
    [
        pytest.param(lambda server: aws(server.url, NEVER_ISSUED), id="unknown key"),
        pytest.param(lambda server: aws(server.url, "123456789012"), id="account without a key"),
        pytest.param(lambda server: aws(server.url, "1" * 16), id="key of another vendor"),
        pytest.param(inactive, id="inactive key"),
        pytest.param(lambda server: client_of(server, permanent(server, status="inactive")), id="never active"),
        pytest.param(deleted, id="deleted key"),
        pytest.param(lambda server: client_of(server, temporary(server), token=None), id="token missing"),
        pytest.param(lambda server: client_of(server, temporary(server), token="wrong"), id="wrong token"),
        pytest.param(
            lambda server: client_of(server, temporary(server), token=temporary(server)["session_token"]),
            id="token of another key",
        ),
        pytest.param(
            lambda server: aws(server.url, token=temporary(server)["session_token"]), id="token with a permanent key"
        ),
    ],
)
def test_a_key_or_token_that_is_not_good_is_refused(untouched, client):
    assert refused(client(untouched), "UnrecognizedClientException") == INVALID_TOKEN


# observed: an own type, and no full stop.
def test_a_temporary_key_past_its_end_is_refused(untouched):
    key = temporary(untouched)
    client = client_of(untouched, key)
    untouched.keys("PATCH", f"/{key['id']}", expires_at=LONG_AGO)
    assert refused(client, "ExpiredTokenException") == EXPIRED_TOKEN
    born_expired = temporary(untouched, expires_at=LONG_AGO)
    assert refused(client_of(untouched, born_expired), "ExpiredTokenException") == EXPIRED_TOKEN


def test_an_expired_key_can_be_prolonged(strict):
    key = temporary(strict, expires_at=LONG_AGO)
    client = client_of(strict, key)
    refused(client, "ExpiredTokenException")
    strict.keys("PATCH", f"/{key['id']}", expires_at="never")
    assert client.create_instance()["InstanceArn"]


@pytest.mark.parametrize("kind", [permanent, temporary])
def test_disabling_and_enabling_a_key_takes_effect_on_the_next_request(strict, kind):
    key = kind(strict)
    client = client_of(strict, key)
    arn = client.create_instance()["InstanceArn"]
    before = strict.info()
    for _ in range(3):
        strict.keys("PATCH", f"/{key['id']}", status="inactive")
        assert refused(client, "UnrecognizedClientException") == INVALID_TOKEN
        strict.keys("PATCH", f"/{key['id']}", status="active")
        assert client.describe_instance(InstanceArn=arn)["InstanceArn"] == arn
    strict.keys("DELETE", f"/{key['id']}")
    assert refused(client, "UnrecognizedClientException") == INVALID_TOKEN
    assert strict.info() == before


# doc: rotating keys: two at once, for one account.
def test_an_account_may_have_several_keys(strict):
    first, second = (client_of(strict, kind(strict)) for kind in (permanent, temporary))
    arn = first.create_instance()["InstanceArn"]
    for client in (first, second, aws(strict.url)):
        assert client.describe_instance(InstanceArn=arn)["OwnerAccountId"] == AWS_MEMBER


def test_a_reset_takes_keys_back_to_the_seed(strict):
    key = permanent(strict)
    strict.keys("PATCH", f"/{AWS_STANDALONE}", status="inactive")
    refused(aws(strict.url, AWS_STANDALONE), "UnrecognizedClientException")
    strict.reset()
    assert refused(client_of(strict, key), "UnrecognizedClientException") == INVALID_TOKEN
    assert aws(strict.url, AWS_STANDALONE).create_instance()["InstanceArn"]


# doc: five minutes. boto3 does not correct its clock, so its error is what the user sees.
@pytest.mark.parametrize("minutes, begin", [(-6, "Signature expired: "), (6, "Signature not yet current: ")])
def test_boto3_with_a_wrong_clock_is_refused(untouched, monkeypatch, minutes, begin):
    wrong = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: wrong)
    assert refused(aws(untouched.url), "InvalidSignatureException").startswith(begin)


# Explanations


def explained(server, **how):
    """The headers of an explanation of a refused request, by their names without x-sanmen-; and the signer's words."""
    signer, request = sign(server, **how)
    headers = wire.send(server, message(server, request)).headers
    found = {name.removeprefix("x-sanmen-"): value for name, value in headers.items() if name.startswith("x-sanmen-")}
    return found, signer.canonical, signer.to_sign


# Both sides of a wrong secret agree on all that is signed.
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"body": '{"Name": "ä  ö"}'.encode(), "operation": "DescribeInstance"},
        {"target": "/a%20b//c/../d?b=2&a=1&flag&a=0"},
        {"headers": (("X-Foo", "  a    b "), ("X-Foo", "second"))},
        {"headers": (("Date", ""),)},
    ],
    ids=["plain", "body", "path and query", "headers", "date"],
)
def test_the_explanation_is_what_botocore_computed(untouched, how):
    found, canonical, string_to_sign = explained(untouched, secret="wrong", **how)
    assert found["canonical-request"].replace("\\n", "\n") == canonical
    assert found["string-to-sign"].replace("\\n", "\n") == string_to_sign
    assert re.fullmatch(r"[ -~]+", found["explain"])


def test_an_explanation_gives_nothing_away(untouched):
    mine, other = temporary(untouched), temporary(untouched)
    secrets = [key[part] for key in (mine, other) for part in ("secret", "session_token")]
    trials = [
        {},
        {"secret": "wrong-secret"},
        {"token": None},
        {"token": other["session_token"]},
        {"token": "wrong-token"},
        {"shift": -3600},
        {"region": "xx-nowhere-1"},
        {"unsigned": ("x-amz-security-token",)},
    ]
    secrets += ["wrong-secret", "wrong-token"]
    for trial in trials:
        how = {"account": mine["id"], "secret": mine["secret"], "token": mine["session_token"]} | trial
        one = signed(untouched, operation="DescribeInstance", **how)
        answer = wire.send(untouched, one)
        assert answer.status == 400
        signature = one.header(b"authorization").decode().rpartition("=")[2]
        shown = "\n".join([*itertools.chain(*answer.headers.items()), answer.body.decode()])
        # The signature that would have been right, too, is nobody's business.
        right = signed(untouched, operation="DescribeInstance", **how | {"secret": mine["secret"]})
        right = right.header(b"authorization").decode().rpartition("=")[2]
        for hidden in [*secrets, signature, right]:
            assert hidden not in shown, (trial, hidden)
            assert hidden not in untouched.logged(), (trial, hidden)


# The service's own words repeat an Authorization header that is incomplete; our explanation and our log must not.
@pytest.mark.parametrize(
    "form",
    [
        "Bearer {}",
        "Basic {}==",
        "{}",
        "AWS4-HMAC-SHA256 Signature={}",
        "AWS4-HMAC-SHA256 {}",
        "AWS4-HMAC-SHA256 Signature={}, Credential=a/b/c/d/e",
    ],
)
def test_an_explanation_does_not_repeat_what_may_be_secret(untouched, form):
    hidden = uuid.uuid4().hex * 2
    one = signed(untouched).with_header(b"authorization", form.format(hidden).encode())
    answer = wire.send(untouched, one)
    assert answer.status == 400
    # Not even a part of it.
    for text in (*answer.headers.values(), untouched.logged()):
        assert hidden[:24] not in text


# All of it but the token's value.
def test_the_explanation_with_a_token_leaves_its_value_out(untouched):
    key = temporary(untouched)
    found, canonical, _ = explained(untouched, account=key["id"], secret="wrong", token=key["session_token"])
    theirs, ours = found["canonical-request"].split("\\n"), canonical.split("\n")
    differing = [(their, our) for their, our in zip(theirs, ours, strict=True) if their != our]
    ((their, our),) = differing
    assert our == f"x-amz-security-token:{key['session_token']}"
    assert their.startswith("x-amz-security-token:")


def test_without_explain_nothing_is_explained(start):
    server = start("--seed", "default", "--auth", "strict")
    for trial in ({"secret": "wrong"}, {"account": NEVER_ISSUED}, {"region": "xx-nowhere-1"}):
        found, _, _ = explained(server, **trial)
        assert found == {}
    assert refusal(server, signed(server, secret="wrong")) == ("InvalidSignatureException", WRONG_SIGNATURE)
    assert accepted(server, signed(server))["InstanceArn"]


# Lenient is as it was: the same requests are let in.
def test_lenient_takes_a_wrong_secret(world):
    assert accepted(world, signed(world, secret="wrong"))["InstanceArn"]
