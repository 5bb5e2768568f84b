"""AWS IAM Identity Center through boto3: every documented limit from both sides, and what the wire refuses."""

import re

import pytest
from botocore.exceptions import ClientError

from clients import aws

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# model: the patterns, as the service prints them.
NAME = r"[\w+=,.@-]+"
TOKEN = r"[!-~]+"
TAG = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
INSTANCE = r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}"


def at_least(length):
    return f"Member must have length greater than or equal to {length}"


def at_most(length):
    return f"Member must have length less than or equal to {length}"


def matches(pattern):
    return f"Member must satisfy regular expression pattern: {pattern}"


NOT_NULL = "Member must not be null"


def violation(value, path, text):
    """One violation in the service's form; observed in sibling services, the path's form is inferred."""
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {text}"


def sentence(*violations):
    """The whole message, all violations of a request together."""
    noun = "error" if len(violations) == 1 else "errors"
    return f"{len(violations)} validation {noun} detected: {'; '.join(violations)}"


def refusal(call, **arguments):
    """Makes the call, expects a client error, and gives its code and message."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400, answer
    assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"])
    return answer["Error"]["Code"], answer["Error"].get("Message", "")


def tags(*pairs):
    return [{"Key": key, "Value": value} for key, value in pairs]


MANY = [(f"k{number}", "v") for number in range(76)]

# Accepted: each limit from within. model, unless said otherwise.
ACCEPTED = {
    "a name of 1": {"Name": "a"},
    "a name of 255": {"Name": "a" * 255},
    "every sign a name may have": {"Name": "aZ09_+=,.@-"},
    "a token of 1": {"ClientToken": "!"},
    "a token of 64": {"ClientToken": "~" * 64},
    "every sign a token may have": {"ClientToken": "".join(map(chr, range(0x21, 0x61)))},
    "no tags": {"Tags": []},
    "75 tags": {"Tags": tags(*MANY[:75])},
    "a key of 1": {"Tags": tags(("k", "v"))},
    "a key of 128": {"Tags": tags(("k" * 128, "v"))},
    "a value of 256": {"Tags": tags(("k", "v" * 256))},
    "an empty value": {"Tags": tags(("k", ""))},
    "letters of any script": {"Tags": tags(("ключ", "名前"))},
    "every sign a tag may have": {"Tags": tags(("aZ 09_.:/=+-@", "aZ 09_.:/=+-@"))},
    # inferred: a length counts characters, not bytes.
    "a key of 128 wide characters": {"Tags": tags(("名" * 128, "v"))},
    # inferred: keys differ by case.
    "two keys that differ by case": {"Tags": tags(("Team", "a"), ("team", "b"))},
    # inferred: only a prefix with its colon is reserved.
    "a key that begins with aws": {"Tags": tags(("awsome", "v"))},
}


@pytest.mark.parametrize("arguments", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_is_within_the_limits_is_accepted(world, arguments):
    assert aws(world.url).create_instance(**arguments)["InstanceArn"]


# Refused with exactly this message: each limit from without. model, unless said otherwise.
LONG = {length: "a" * length for length in (65, 129, 256, 257)}
REFUSED = {
    # inferred: the length 0 is legal, but the pattern asks for one character.
    "an empty name": ({"Name": ""}, violation("", "name", matches(NAME))),
    "a name of 256": ({"Name": LONG[256]}, violation(LONG[256], "name", at_most(255))),
    "a name with a space": ({"Name": "my instance"}, violation("my instance", "name", matches(NAME))),
    "a name with a slash": ({"Name": "a/b"}, violation("a/b", "name", matches(NAME))),
    "a token of 65": ({"ClientToken": LONG[65]}, violation(LONG[65], "clientToken", at_most(64))),
    "a token with a space": ({"ClientToken": "a b"}, violation("a b", "clientToken", matches(TOKEN))),
    "a token outside ASCII": ({"ClientToken": "é"}, violation("é", "clientToken", matches(TOKEN))),
    "a tag without a key": ({"Tags": [{"Value": "v"}]}, violation(None, "tags.1.member.key", NOT_NULL)),
    "a tag without a value": ({"Tags": [{"Key": "k"}]}, violation(None, "tags.1.member.value", NOT_NULL)),
    "an empty key": ({"Tags": tags(("", "v"))}, violation("", "tags.1.member.key", at_least(1))),
    "a key of 129": (
        {"Tags": tags((LONG[129], "v"))},
        violation(LONG[129], "tags.1.member.key", at_most(128)),
    ),
    "a value of 257": (
        {"Tags": tags(("k", LONG[257]))},
        violation(LONG[257], "tags.1.member.value", at_most(256)),
    ),
    "a key with a sign it may not have": (
        {"Tags": tags(("a!b", "v"))},
        violation("a!b", "tags.1.member.key", matches(TAG)),
    ),
    "a value with a sign it may not have, in the second tag": (
        {"Tags": tags(("k", "v"), ("l", "a*b"))},
        violation("a*b", "tags.2.member.value", matches(TAG)),
    ),
}


@pytest.mark.parametrize("arguments, expected", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_beyond_a_limit_is_refused_in_the_services_words(world, arguments, expected):
    client = aws(world.url, check=False)
    assert refusal(client.create_instance, **arguments) == ("ValidationException", sentence(expected))
    # Nothing was created.
    assert client.create_instance()["InstanceArn"]


# Refused, with wording that is ours (inferred) or only partly known: these fragments must be there.
REFUSED_LOOSELY = {
    "76 tags": ({"Tags": tags(*MANY)}, ["at 'tags' failed", at_most(75)]),
    "an empty token": ({"ClientToken": ""}, ["at 'clientToken' failed", at_least(1)]),
    "the same key twice": ({"Tags": tags(("k", "a"), ("k", "b"))}, []),
    "a reserved key": ({"Tags": tags(("aws:team", "v"))}, []),
    "a reserved key in another case": ({"Tags": tags(("AWS:team", "v"))}, []),
}


@pytest.mark.parametrize("arguments, fragments", REFUSED_LOOSELY.values(), ids=REFUSED_LOOSELY.keys())
def test_what_is_beyond_a_rule_is_refused(world, arguments, fragments):
    client = aws(world.url, check=False)
    code, message = refusal(client.create_instance, **arguments)
    assert code == "ValidationException"
    assert message
    assert all(fragment in message for fragment in fragments), message
    assert client.create_instance()["InstanceArn"]


# inferred from sibling services: all violations of one request are reported together.
def test_all_violations_are_told_at_once(world):
    client = aws(world.url, check=False)
    code, message = refusal(
        client.create_instance,
        Name="my instance",
        ClientToken=LONG[65],
        Tags=[{"Key": "k"}, {"Key": LONG[129], "Value": "a*b"}],
    )
    assert code == "ValidationException"
    head, _, rest = message.partition(": ")
    assert head == "5 validation errors detected"
    assert sorted(rest.split("; ")) == sorted(
        [
            violation("my instance", "name", matches(NAME)),
            violation(LONG[65], "clientToken", at_most(64)),
            violation(None, "tags.1.member.value", NOT_NULL),
            violation(LONG[129], "tags.2.member.key", at_most(128)),
            violation("a*b", "tags.2.member.value", matches(TAG)),
        ]
    )


# model: the shape InstanceArn.
@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({}, violation(None, "instanceArn", NOT_NULL)),
        (
            {"InstanceArn": "arn:aws:sso:::instance/unknown"},
            violation("arn:aws:sso:::instance/unknown", "instanceArn", matches(INSTANCE)),
        ),
    ],
    ids=["no ARN", "no ARN of an instance"],
)
def test_describing_something_else_is_refused(world, arguments, expected):
    client = aws(world.url, check=False)
    assert refusal(client.describe_instance, **arguments) == ("ValidationException", sentence(expected))


# The wire: what boto3 would send is changed just before it is signed.


def sending(url, **changes):
    """A client whose CreateInstance requests go out with this `body`, or with these `headers`."""
    client = aws.__wrapped__(url)

    def change(params, **_):
        for name, value in changes.get("headers", {}).items():
            params["headers"].pop(name, None)
            if value is not None:
                params["headers"][name] = value
        params["body"] = changes.get("body", params["body"])

    client.meta.events.register("before-call.sso-admin.CreateInstance", change)
    return client


UNREADABLE = {
    "no JSON": b"{",
    "no bytes": b"",
    "not UTF-8": b'{"Name": "\xff\xfe"}',
    "a zero byte": b'{"Name": "a"}\x00',
    "something after the object": b'{"Name": "a"} {}',
    "an array": b"[]",
    "a name that is a number": b'{"Name": 5}',
    "a token that is a list": b'{"ClientToken": ["a"]}',
    "tags that are an object": b'{"Tags": {"Key": "a", "Value": "b"}}',
    "a tag that is a string": b'{"Tags": ["a"]}',
    "one member twice": b'{"Name": "a", "Name": "b"}',
    "deep nesting": b'{"Tags": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


# inferred from other services that speak awsJson1.1.
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_body_is_a_serialization_error(world, body):
    code, _ = refusal(sending(world.url, body=body).create_instance)
    assert code == "SerializationException"
    assert aws(world.url).create_instance()["InstanceArn"]


# inferred: AWS JSON services pass over members they do not know, and read null as absent.
@pytest.mark.parametrize("body", [b"{}", b'{"Colour": {"Shade": 1}}', b'{"Name": null, "Tags": null}'])
def test_unknown_members_and_nulls_are_passed_over(world, body):
    assert sending(world.url, body=body).create_instance()["InstanceArn"]


# inferred from other services that speak awsJson1.1: 400, no message, and no retry by any SDK.
@pytest.mark.parametrize("target", ["SWBExternalService.MakeCoffee", "SSOAdmin.CreateInstance", "CreateInstance", None])
def test_an_unknown_or_missing_target_is_an_unknown_operation(world, target):
    code, _ = refusal(sending(world.url, headers={"X-Amz-Target": target}).create_instance)
    assert code == "UnknownOperationException"


# inferred: too much is the client's fault, in the service's own form.
def test_a_body_over_one_mebibyte_is_refused(world):
    body = b'{"Name": "' + b"a" * (1 << 20) + b'"}'
    with pytest.raises(ClientError) as caught:
        sending(world.url, body=body).create_instance()
    answer = caught.value.response
    assert 400 <= answer["ResponseMetadata"]["HTTPStatusCode"] < 500
    assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"])
    # botocore falls back to the bare status when there is no `__type`.
    assert answer["Error"]["Code"].endswith("Exception")


# doc and observed: the headers of each answer.
def test_an_answer_carries_the_services_headers(world):
    answer = aws(world.url).create_instance()["ResponseMetadata"]
    assert answer["HTTPStatusCode"] == 200
    assert answer["RetryAttempts"] == 0
    assert answer["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert answer["HTTPHeaders"]["x-amzn-requestid"] == answer["RequestId"]
    assert UUID.fullmatch(answer["RequestId"])
    assert "date" in answer["HTTPHeaders"]


# observed by the reference's own run: both spellings of the message reach every client.
def test_an_error_has_its_message_in_both_spellings(world):
    client = aws(world.url)
    client.create_instance()
    with pytest.raises(ClientError) as caught:
        client.create_instance()
    answer = caught.value.response
    assert answer["Message"] == answer["Error"]["Message"] != ""
