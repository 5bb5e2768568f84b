"""Who am I: GetCallerIdentity through boto3 and the AWS CLI, as bytes, and with keys that are bad."""

import http.client
import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from aws_signer import INVALID_TOKEN, NEVER_ISSUED, WRONG_SIGNATURE, temporary
from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, AWS_STANDALONE, SECRET, aws
from story_aws import (
    UUID,
    cli,
    either,  # noqa: F401
    mode,  # noqa: F401
    of,
    outcome,
    refused,
    sts,
)

ACCOUNTS = (AWS_MANAGEMENT, AWS_MEMBER, AWS_DELEGATED, AWS_STANDALONE)
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
FAULTS = "http://webservices.amazon.com/AWSFault/2005-15-09"

# observed: without a full stop.
EXPIRED_TOKEN = "The security token included in the request is expired"


def identity(account, partition="aws"):
    """doc: of an account's root user, whose keys all keys are here."""
    return {"Account": account, "UserId": account, "Arn": f"arn:{partition}:iam::{account}:root"}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_boto3_is_told_who_it_is(either, account):
    answer = sts(either.url, account).get_caller_identity()
    meta = answer.pop("ResponseMetadata")
    assert answer == identity(account)
    # observed: the id of the body is that of the header.
    assert UUID.fullmatch(meta["RequestId"]) and meta["HTTPHeaders"]["x-amzn-requestid"] == meta["RequestId"]
    assert meta["HTTPHeaders"]["content-type"] == "text/xml"


# model: the partition table.
@pytest.mark.parametrize(
    "region, partition",
    [
        ("us-east-1", "aws"),
        ("ap-southeast-2", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_partition_is_that_of_the_region(either, region, partition):
    assert outcome(sts(either.url, region=region).get_caller_identity) == identity(AWS_MEMBER, partition)


# One key for both services; the key says for which account.
@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("kind", ["permanent", "temporary"])
def test_a_key_that_was_made_is_of_its_account(either, account, kind):
    key = either.keys("POST", vendor="aws", account=account, temporary=kind == "temporary")
    assert ("session_token" in key) == (kind == "temporary")
    told = outcome(sts(either.url, **of(key)).get_caller_identity)
    assert told == identity(account)
    if account != AWS_MANAGEMENT:
        client = aws(either.url, **of(key))
        arn = client.create_instance()["InstanceArn"]
        assert client.describe_instance(InstanceArn=arn)["OwnerAccountId"] == told["Account"]


def test_it_changes_nothing(either):
    before = either.info()
    sts(either.url).get_caller_identity()
    assert either.info() == before


@pytest.mark.parametrize("kind", ["seed", "temporary"])
def test_the_cli_is_told_who_it_is(either, tmp_path, kind):
    how = of(temporary(either, AWS_DELEGATED)) if kind == "temporary" else {"account": AWS_DELEGATED}
    done = cli(either, tmp_path, "sts", "get-caller-identity", region="us-gov-east-1", **how)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == identity(AWS_DELEGATED, "aws-us-gov")


# Keys that are bad: with a verified signature all of them are refused, without not one.


def inactive(server):
    key = server.keys("POST", vendor="aws", account=AWS_MEMBER)
    server.keys("PATCH", f"/{key['id']}", status="inactive")
    return of(key)


# observed: codes, texts and statuses, and that the token is looked at before the signature.
BAD = {
    "wrong secret": (lambda _: {"secret": "wrong"}, "SignatureDoesNotMatch", WRONG_SIGNATURE),
    "wrong secret of a temporary key": (
        lambda server: of(temporary(server)) | {"secret": "wrong"},
        *("SignatureDoesNotMatch", WRONG_SIGNATURE),
    ),
    "unknown key": (lambda _: {"account": NEVER_ISSUED}, "InvalidClientTokenId", INVALID_TOKEN),
    "inactive key": (inactive, "InvalidClientTokenId", INVALID_TOKEN),
    "no token": (lambda server: of(temporary(server)) | {"token": None}, "InvalidClientTokenId", INVALID_TOKEN),
    "wrong token": (lambda server: of(temporary(server)) | {"token": "wrong"}, "InvalidClientTokenId", INVALID_TOKEN),
    "token of another key": (
        lambda server: of(temporary(server)) | {"token": temporary(server)["session_token"]},
        *("InvalidClientTokenId", INVALID_TOKEN),
    ),
    "wrong token and wrong secret": (
        lambda server: of(temporary(server)) | {"token": "wrong", "secret": "wrong"},
        *("InvalidClientTokenId", INVALID_TOKEN),
    ),
    "ended token": (
        lambda server: of(temporary(server, expires_at="2020-01-01T00:00:00Z")),
        *("ExpiredToken", EXPIRED_TOKEN),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_key_is_refused_by_who_looks(either, mode, name):
    how, code, text = BAD[name]
    client = sts(either.url, **how(either))
    if mode == "strict":
        assert refused(client.get_caller_identity, code, status=403) == text
    else:
        assert outcome(client.get_caller_identity) == identity(AWS_STANDALONE if name == "unknown key" else AWS_MEMBER)


def test_the_cli_tells_of_a_bad_key(strict, tmp_path):
    for how, code, text in (
        ({"secret": "wrong"}, "SignatureDoesNotMatch", WRONG_SIGNATURE),
        ({"account": NEVER_ISSUED}, "InvalidClientTokenId", INVALID_TOKEN),
    ):
        done = cli(strict, tmp_path, "sts", "get-caller-identity", **how)
        assert done.returncode == 255 and done.stdout == ""
        assert f"An error occurred ({code}) when calling the GetCallerIdentity operation: {text}" in done.stderr


# observed: fifteen minutes, and not five as elsewhere.
@pytest.mark.parametrize(
    "minutes, begin, end",
    [
        (-16, "Signature expired: ", " - 15 min.)"),
        (-14, None, None),
        (14, None, None),
        (16, "Signature not yet current: ", " + 15 min.)"),
    ],
)
def test_a_clock_that_is_wrong(strict, monkeypatch, minutes, begin, end):
    wrong = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: wrong)
    call = sts(strict.url).get_caller_identity
    if begin is None:
        assert outcome(call) == identity(AWS_MEMBER)
    else:
        text = refused(call, "SignatureDoesNotMatch", status=403)
        assert text.startswith(begin) and text.endswith(end)


# As bytes


def send(server, method, target, body=b"", headers=()):
    """Status, headers by small letters, and body of the answer."""
    connection = http.client.HTTPConnection(server.address, timeout=30)
    try:
        connection.request(method, target, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def signed(server, body, form="application/x-www-form-urlencoded; charset=utf-8", target="/", service="sts"):
    """The answer to a form that botocore signed."""
    request = AWSRequest("POST", server.url + target, data=body, headers={"Content-Type": form})
    SigV4Auth(Credentials(AWS_MEMBER, SECRET), service, "us-east-1").add_auth(request)
    return send(server, "POST", target, body, request.headers.items())


FORM = b"Action=GetCallerIdentity&Version=2011-06-15"


# observed: to the byte. model: both content types.
@pytest.mark.parametrize("charset", ["", "; charset=utf-8"])
def test_the_answer_to_the_byte(either, charset):
    status, headers, body = signed(either, FORM, "application/x-www-form-urlencoded" + charset)
    assert status == 200 and headers["content-type"] == "text/xml"
    assert body == (
        f'<GetCallerIdentityResponse xmlns="{NAMESPACE}">\n'
        "  <GetCallerIdentityResult>\n"
        f"    <Arn>arn:aws:iam::{AWS_MEMBER}:root</Arn>\n"
        f"    <UserId>{AWS_MEMBER}</UserId>\n"
        f"    <Account>{AWS_MEMBER}</Account>\n"
        "  </GetCallerIdentityResult>\n"
        "  <ResponseMetadata>\n"
        f"    <RequestId>{headers['x-amzn-requestid']}</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetCallerIdentityResponse>\n"
    )


# observed: the sentence has what was asked for.
@pytest.mark.parametrize(
    "body, asked",
    [
        ("Action=NoSuchAction&Version=2011-06-15", "NoSuchAction for version 2011-06-15"),
        ("Action=GetCallerIdentity", "GetCallerIdentity for version NO_VERSION_SPECIFIED"),
        ("Action=GetCallerIdentity&Version=", "GetCallerIdentity for version "),
        ("Action=GetCallerIdentity&Version=2000-01-01", "GetCallerIdentity for version 2000-01-01"),
        ("Action=&Version=2011-06-15", " for version 2011-06-15"),
        ("Action=Other&Action=GetCallerIdentity&Version=2011-06-15", "Other for version 2011-06-15"),
    ],
)
def test_an_action_that_is_unknown(either, body, asked):
    status, headers, text = signed(either, body.encode())
    assert (status, headers["content-type"]) == (400, "text/xml")
    assert text == (
        f'<ErrorResponse xmlns="{FAULTS}">\n'
        "  <Error>\n"
        "    <Type>Sender</Type>\n"
        "    <Code>InvalidAction</Code>\n"
        f"    <Message>Could not find operation {asked}</Message>\n"
        "  </Error>\n"
        f"  <RequestId>{headers['x-amzn-requestid']}</RequestId>\n"
        "</ErrorResponse>\n"
    )


# What the vendor has and is not served is as unknown; the client tells it by its code.
def test_an_operation_that_is_not_served(either):
    message = refused(sts(either.url).get_session_token, "InvalidAction")
    assert message == "Could not find operation GetSessionToken for version 2011-06-15"


# observed: it leads to a page.
def test_no_action_at_all(either):
    status, headers, body = signed(either, b"Version=2011-06-15")
    assert (status, headers["location"], body) == (302, "https://aws.amazon.com/iam", "")


# observed: what else is sent is passed over.
def test_a_parameter_that_is_unknown(either):
    assert signed(either, FORM + b"&Colour=blue&Action=Other")[0] == 200


# observed: the sentence of an unsigned request; without verification it is the default account's.
@pytest.mark.parametrize(
    "method, target, body", [("POST", "/", FORM), ("GET", f"/?{FORM.decode()}", b"")], ids=["POST", "GET"]
)
def test_a_request_without_a_signature(either, mode, method, target, body):
    # A form that is not signed could be anybody's: it is told by the host.
    form = {"Content-Type": "application/x-www-form-urlencoded", "Host": "sts.amazonaws.com"} if body else {}
    status, headers, text = send(either, method, target, body, form.items())
    assert headers["content-type"] == "text/xml", text
    document = ElementTree.fromstring(text)
    if mode == "strict":
        assert status == 403 and document.tag == f"{{{NAMESPACE}}}ErrorResponse"
        told = [document.findtext(f".//{{{NAMESPACE}}}{name}") for name in ("Code", "Message")]
        assert told == ["MissingAuthenticationToken", "Request is missing Authentication Token"]
    else:
        assert status == 200 and document.findtext(f".//{{{NAMESPACE}}}Account") == AWS_STANDALONE


# inferred, of the sentence: the scope names the service that is called.
def test_a_signature_for_another_service(strict):
    status, _, text = signed(strict, FORM, service="iam")
    document = ElementTree.fromstring(text)
    assert (status, document.findtext(f".//{{{NAMESPACE}}}Code")) == (403, "SignatureDoesNotMatch")
    assert "Credential should be scoped to correct service: 'sts'." in document.findtext(f".//{{{NAMESPACE}}}Message")


# The two services stand side by side on one port.
def test_the_services_are_told_apart(either):
    with pytest.raises(ClientError) as caught:
        aws(either.url, AWS_MANAGEMENT).create_instance()
    assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert outcome(sts(either.url, AWS_MANAGEMENT).get_caller_identity) == identity(AWS_MANAGEMENT)
