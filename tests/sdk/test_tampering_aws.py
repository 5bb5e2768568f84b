"""AWS with `--auth strict`: whatever byte of a real client's request is changed on its way, it is refused."""

import json
import re
from dataclasses import replace

import pytest

import wire
from aws_signer import UUID, accepted, temporary
from clients import AWS_MANAGEMENT, AWS_MEMBER, SECRET, aws

UNKNOWN_OPERATION = {"UnknownOperationException"}
MISSING = {"MissingAuthenticationTokenException"}
INCOMPLETE = {"IncompleteSignatureException"}
INVALID = {"InvalidSignatureException"}
UNKNOWN_KEY = {"UnrecognizedClientException"}


@pytest.fixture(params=["permanent", "temporary"])
def recorded(request, strict):
    """What boto3 sends for CreateInstance; after the test the strict server is sent it, and must not have known it."""
    key = {"account": AWS_MEMBER, "secret": SECRET}
    if request.param == "temporary":
        issued = temporary(strict)
        key = {"account": issued["id"], "secret": issued["secret"], "token": issued["session_token"]}
    with wire.recorder(b'{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}') as recording:
        tags = [{"Key": "team", "Value": "a"}]
        aws(recording.url, **key).create_instance(Name="sandbox", ClientToken="t-1", Tags=tags)
    (message,) = recording.messages
    before = strict.info()
    yield message
    # Last, the untouched message: it was good all the while, and nothing had been changed by the others.
    assert strict.info() == before
    assert accepted(strict, message)["InstanceArn"]
    assert strict.info() != before


def variants(text):
    """The text with one byte changed, at every place: to another letter, digit or sign, and to the other case."""
    for at in range(len(text)):
        yield wire.changed(text, at)
        other = text[:at] + text[at : at + 1].swapcase() + text[at + 1 :]
        if other != text:
            yield other


def refused(server, message, kinds):
    """Sends it, expects one of these types."""
    answer = wire.send(server, message)
    assert answer.status == 400, (message, answer)
    assert UUID.fullmatch(answer.headers["x-amzn-requestid"]), (message, answer)
    assert json.loads(answer.body)["__type"] in kinds, (message, answer)


def each(server, text, place, kinds):
    """`place(text)` is the message with another text; refused for every variant of it."""
    assert text
    for variant in variants(text):
        refused(server, place(variant), kinds)


# doc: the method is signed; inferred: another one is no operation, as only POST is.
def test_the_method(strict, recorded):
    each(strict, recorded.method, lambda other: replace(recorded, method=other), INVALID | UNKNOWN_OPERATION)
    for other in (b"GET", b"PUT", b"DELETE", b"PATCH", b"OPTIONS"):
        refused(strict, replace(recorded, method=other), INVALID | UNKNOWN_OPERATION)


# doc: path and query are signed. Their one byte has no variant that is still a path, so here they grow.
@pytest.mark.parametrize(
    "target", ["/0", "//0", "/%20", "/?a", "/?a=b", "/?=", "/?X-Amz-Date=20200101T000000Z", "/CreateInstance"]
)
def test_the_target(strict, recorded, target):
    refused(strict, replace(recorded, target=target.encode()), INVALID | UNKNOWN_OPERATION)


# doc: a target is routed before it is authenticated, as is the type of the content. The rest is the signature's.
@pytest.mark.parametrize(
    "name, kinds",
    [
        ("host", INVALID),
        ("content-type", INVALID | UNKNOWN_OPERATION),
        ("x-amz-target", INVALID | UNKNOWN_OPERATION),
        # A date of another form is told as such.
        ("x-amz-date", INVALID | INCOMPLETE),
    ],
)
def test_a_signed_header(strict, recorded, name, kinds):
    name = name.encode()
    each(strict, recorded.header(name), lambda other: recorded.with_header(name, other), kinds)


# inferred: a token may be looked at before the signature or after it.
def test_the_token(strict, recorded):
    name = b"x-amz-security-token"
    token = recorded.header(name)
    if token is None:
        refused(strict, recorded.with_header(name, b"any"), INVALID | INCOMPLETE | UNKNOWN_KEY)
        return
    each(strict, token, lambda other: recorded.with_header(name, other), INVALID | UNKNOWN_KEY)
    refused(strict, recorded.with_header(name, None), INVALID | UNKNOWN_KEY)
    refused(strict, recorded.with_header(name, b""), INVALID | UNKNOWN_KEY)
    refused(strict, recorded.with_header(name, token + b"A"), INVALID | UNKNOWN_KEY)
    refused(strict, recorded.with_header(name, token[:-1]), INVALID | UNKNOWN_KEY)


# doc: authentication comes before the body is read, so what is no JSON any more is told as a wrong signature too.
def test_the_body(strict, recorded):
    each(strict, recorded.body, lambda other: replace(recorded, body=other), INVALID)
    for other in (b"", b"{}", recorded.body + b" ", b" " + recorded.body, recorded.body[:-1]):
        refused(strict, replace(recorded, body=other), INVALID)


PARTS = re.compile(
    rb"(?P<algorithm>AWS4-HMAC-SHA256)(?P<space> )(?P<credential_name>Credential=)(?P<key>\w+)(?P<slash>/)"
    rb"(?P<scope>[^,]+)(?P<comma>, )(?P<list_name>SignedHeaders=)(?P<list>[^,]+)(?P<comma_too>, )"
    rb"(?P<signature_name>Signature=)(?P<signature>[0-9a-f]{64})"
)


@pytest.mark.parametrize(
    "part, kinds",
    [
        ("algorithm", INCOMPLETE | MISSING),
        ("space", INCOMPLETE | MISSING),
        ("credential_name", INCOMPLETE),
        # A letter of another case is another key.
        ("key", UNKNOWN_KEY),
        ("slash", INCOMPLETE),
        # Without one of its slashes it has too few elements.
        ("scope", INVALID | INCOMPLETE),
        ("comma", INVALID | INCOMPLETE),
        ("list_name", INCOMPLETE),
        ("list", INVALID | INCOMPLETE),
        ("comma_too", INVALID | INCOMPLETE),
        ("signature_name", INCOMPLETE),
        ("signature", INVALID),
    ],
)
def test_a_part_of_authorization(strict, recorded, part, kinds):
    header = recorded.header(b"authorization")
    found = PARTS.fullmatch(header)
    start, end = found.span(part)

    def place(other):
        return recorded.with_header(b"authorization", header[:start] + other + header[end:])

    each(strict, found[part], place, kinds)


# A signature that is cut, longer, or in large letters.
def test_another_length_of_the_signature(strict, recorded):
    header = recorded.header(b"authorization")
    signature = PARTS.fullmatch(header)["signature"]
    for other in (signature[:-1], signature[:32], signature + b"0", signature * 2, signature.upper(), b"0" * 64):
        refused(strict, recorded.with_header(b"authorization", header.replace(signature, other)), INVALID)
    empty = recorded.with_header(b"authorization", header.replace(signature, b""))
    refused(strict, empty, INVALID | INCOMPLETE)


# doc: what is signed once must not come twice: the values are joined, so neither one can be slipped in.
@pytest.mark.parametrize("first", [False, True], ids=["behind", "before"])
@pytest.mark.parametrize("name", ["Content-Type", "X-Amz-Target", "X-Amz-Date"])
def test_a_second_value_of_a_signed_header(strict, recorded, name, first):
    value = {"X-Amz-Target": b"SWBExternalService.DescribeInstance"}.get(name, recorded.header(name.lower().encode()))
    more = ((name.encode(), value),)
    headers = more + recorded.headers if first else recorded.headers + more
    refused(strict, replace(recorded, headers=headers), INVALID | INCOMPLETE | UNKNOWN_OPERATION)


# doc: headers that are not listed are not signed, and proxies may do with them what they like.
@pytest.mark.parametrize("name", ["user-agent", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "x-foo"])
def test_a_header_that_is_not_signed_may_change(strict, name):
    with wire.recorder() as recording:
        aws(recording.url).create_instance(ClientToken="t-1")
    message, name = recording.messages[0], name.encode()
    value = message.header(name)
    # run: these are what boto3 leaves out.
    assert value is not None or name == b"x-foo"
    arn = accepted(strict, message)["InstanceArn"]
    for other in [*variants(value or b""), b"anything", b"", None]:
        assert accepted(strict, message.with_header(name, other))["InstanceArn"] == arn


# doc: names of headers have no case, and their order is not signed.
def test_the_order_and_the_case_of_headers_may_change(strict):
    arn = "arn:aws:sso:::instance/ssoins-1111111111111111"
    with wire.recorder() as recording:
        aws(recording.url, AWS_MANAGEMENT).describe_instance(InstanceArn=arn)
    (message,) = recording.messages
    turned = tuple((name.swapcase(), value) for name, value in reversed(message.headers))
    for one in (message, replace(message, headers=turned)):
        assert accepted(strict, one)["InstanceArn"] == arn


# A signature is good for its own request alone.
def test_the_authorization_of_another_request(strict):
    with wire.recorder(b'{"InstanceArn":"arn:aws:sso:::instance/ssoins-1111111111111111"}') as recording:
        for name in ("one", "another"):
            aws(recording.url).create_instance(ClientToken="t-1", Name=name)
    one, another = recording.messages
    before = strict.info()
    for mine, other in ((one, another), (another, one)):
        mixed = mine.with_header(b"authorization", other.header(b"authorization"))
        refused(strict, mixed.with_header(b"x-amz-date", other.header(b"x-amz-date")), INVALID)
    assert strict.info() == before
