"""What the stories of AWS share: a server in either mode, clients, refusals, and the emulator's own paths."""

import functools
import re
import subprocess
import sys
import time
from pathlib import Path

import boto3
import botocore.config
import pytest
from botocore.exceptions import ClientError

import program
from clients import AWS_MEMBER, SECRET, aws
from test_keys import ask

ORGANIZATION = "o-1111111111"
ORGANIZATION_INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"
UNKNOWN_INSTANCE = "arn:aws:sso:::instance/ssoins-ffffffffffffffff"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

CLI = Path(sys.executable).parent / "aws"

MULTI_REGION_KEY = {
    "KeyType": "CUSTOMER_MANAGED_KEY",
    "KmsKeyArn": f"arn:aws:kms:us-east-1:111111111111:key/mrk-{'0123456789abcdef' * 2}",
}
ONE_REGION_KEY = {
    "KeyType": "CUSTOMER_MANAGED_KEY",
    "KmsKeyArn": "arn:aws:kms:us-east-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef",
}

LIMIT = 60
"""Seconds until what is waited for must have come."""


@pytest.fixture(params=["lenient", "strict"])
def mode(request):
    """How callers are looked at."""
    return request.param


@pytest.fixture
def either(request, mode):
    """A server in each of the two modes, its world just taken back to the seed `default`."""
    server = request.getfixturevalue({"lenient": "server", "strict": "strict_server"}[mode])
    server.reset()
    return server


@functools.cache
def sts(url, account=AWS_MEMBER, region="us-east-1", secret=SECRET, token=None):
    """A boto3 client of the token service."""
    return boto3.Session().client(
        "sts",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=botocore.config.Config(connect_timeout=10, read_timeout=30, retries={"total_max_attempts": 1}),
    )


def of(key):
    """What `aws` and `sts` are to be told of an issued key."""
    return {"account": key["id"], "secret": key["secret"], "token": key.get("session_token")}


def outcome(call, **arguments):
    """The answer without what is told of its way here, or the code of the refusal."""
    try:
        answer = call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def refused(call, code, status=400, **arguments):
    """Makes the call, expects this refusal, and gives its message."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer["Error"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"])
    return answer["Error"].get("Message", "")


def own(server, method, path, **body):
    """A call of one of the emulator's own paths that succeeds: the answer's JSON, None when there is none."""
    answer = ask(server, method, f"/_sanmen/{path}", body or None)
    assert 200 <= answer.status < 300, answer
    return answer.json() if answer.text else None


def shown(client, arn):
    """All that is told of an instance."""
    answer = client.describe_instance(InstanceArn=arn)
    del answer["ResponseMetadata"]
    return answer


def listed(client, **how):
    """The ARNs of the instances that a client is shown, by pages."""
    pages = client.get_paginator("list_instances").paginate(**how)
    return [instance["InstanceArn"] for page in pages for instance in page["Instances"]]


def regions(client, arn=ORGANIZATION_INSTANCE, **how):
    """The names of an instance's Regions with where each is, by pages, in the order in which they are told."""
    pages = client.get_paginator("list_regions").paginate(InstanceArn=arn, **how)
    return [(region["RegionName"], region["Status"]) for page in pages for region in page["Regions"]]


def tags(client, arn):
    """The tags of an instance, by pages; only the last of these has no token."""
    pages = list(client.get_paginator("list_tags_for_resource").paginate(ResourceArn=arn))
    assert [("NextToken" in page) for page in pages] == [True] * (len(pages) - 1) + [False]
    found = [(tag["Key"], tag["Value"]) for page in pages for tag in page["Tags"]]
    assert len(dict(found)) == len(found), found
    return dict(found)


def pairs(tags):
    """A dict as the service has tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def looked_at(look, *, until):
    """What was seen while something was looked at again and again, each state once, to the one that is waited for."""
    seen, end = [], time.monotonic() + LIMIT
    while not seen or seen[-1] != until:
        assert time.monotonic() < end, f"not {until!r} within {LIMIT} s, but {seen}"
        state = look()
        if seen[-1:] == [state]:
            time.sleep(0.01)
        else:
            seen.append(state)
    return seen


def status(client, arn):
    """Where an instance is in its life, or the code of the refusal."""
    answer = outcome(client.describe_instance, InstanceArn=arn)
    return answer if isinstance(answer, str) else answer["Status"]


def extend(server, *names):
    """Extends the organization's instance to these Regions, which needs a key of several Regions."""
    client = aws(server.url, "1" * 12)
    client.update_instance(InstanceArn=ORGANIZATION_INSTANCE, EncryptionConfiguration=MULTI_REGION_KEY)
    for name in names:
        client.add_region(InstanceArn=ORGANIZATION_INSTANCE, RegionName=name)


def cli(server, home, *arguments, account=AWS_MEMBER, secret=SECRET, token=None, region="us-east-1"):
    """Runs `aws …` to its end, pointed at the server by environment variables alone."""
    more = {"AWS_SESSION_TOKEN": token} if token else {}
    return subprocess.run(
        [CLI, *arguments],
        env=program.environment(
            HOME=str(home),
            AWS_ACCESS_KEY_ID=account,
            AWS_SECRET_ACCESS_KEY=secret,
            AWS_DEFAULT_REGION=region,
            AWS_DEFAULT_OUTPUT="json",
            AWS_ENDPOINT_URL=server.url,
            **more,
        ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
