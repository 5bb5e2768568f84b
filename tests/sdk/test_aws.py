"""AWS IAM Identity Center through boto3: the stories of an account instance, who is refused, tokens, and races."""

import http.client
import http.server
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from clients import AWS_DELEGATED, AWS_MANAGEMENT, AWS_MEMBER, AWS_STANDALONE, aws

ORGANIZATION_INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"
UNKNOWN_INSTANCE = "arn:aws:sso:::instance/ssoins-ffffffffffffffff"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# observed: real ones are `ssoins-` and 16 lower-case hex digits.
ARN = re.compile(r"arn:aws:sso:::instance/ssoins-[0-9a-f]{16}")


def refused(call, code, **arguments):
    """Makes the call, expects this refusal, and gives its message."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer["Error"]
    # doc: every client error of this service is HTTP 400.
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"])
    return answer["Error"].get("Message", "")


# Who may create one


# doc: members, delegated administrators and standalone accounts may; inferred: an unknown account is standalone.
@pytest.mark.parametrize("account", [AWS_MEMBER, AWS_DELEGATED, AWS_STANDALONE, "123456789012"])
def test_an_account_creates_its_instance_and_describes_it(world, account):
    client = aws(world.url, account)
    created = client.create_instance(Name="sandbox")
    assert ARN.fullmatch(created["InstanceArn"])
    # doc: the output has this one member.
    assert created.keys() == {"InstanceArn", "ResponseMetadata"}

    seen = client.describe_instance(InstanceArn=created["InstanceArn"])
    assert seen["InstanceArn"] == created["InstanceArn"]
    assert seen["OwnerAccountId"] == account
    assert seen["Name"] == "sandbox"
    # inferred from "usable in seconds": it is active at once.
    assert seen["Status"] == "ACTIVE"
    # observed: `d-` and ten lower-case hex digits.
    assert re.fullmatch("d-[0-9a-f]{10}", seen["IdentityStoreId"])
    assert abs(datetime.now(UTC) - seen["CreatedDate"]) < timedelta(minutes=5)


# doc: all members of the input are optional; inferred: what was not given is left out of the answer.
def test_an_instance_needs_no_name(world):
    client = aws(world.url)
    arn = client.create_instance()["InstanceArn"]
    assert "Name" not in client.describe_instance(InstanceArn=arn)


# observed: the message. inferred: its type.
def test_the_management_account_is_refused(world):
    message = refused(aws(world.url, AWS_MANAGEMENT).create_instance, "ValidationException")
    assert message == "Organization management account is not allowed to perform the operation."


# doc: one instance an account "across all Regions". inferred: the type.
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "us-gov-west-1"])
def test_a_second_instance_is_refused_in_any_region(world, region):
    first = aws(world.url)
    arn = first.create_instance(Name="first")["InstanceArn"]
    second = aws(world.url, region=region)
    assert refused(second.create_instance, "ConflictException", Name="second")
    # model: the refusal is a class of the SDK.
    with pytest.raises(second.exceptions.ConflictException):
        second.create_instance()
    assert first.describe_instance(InstanceArn=arn)["Name"] == "first"


def test_each_account_has_an_instance_of_its_own(world):
    arns = {aws(world.url, account).create_instance()["InstanceArn"] for account in (AWS_MEMBER, AWS_STANDALONE)}
    assert len(arns) == 2


# inferred: with lenient authentication an unknown key of no account is the default account.
def test_a_key_that_names_no_account_is_the_standalone_account(world):
    arn = aws(world.url, "AKIAIOSFODNN7EXAMPLE").create_instance()["InstanceArn"]
    seen = aws(world.url, AWS_STANDALONE).describe_instance(InstanceArn=arn)
    assert seen["OwnerAccountId"] == AWS_STANDALONE


# inferred from the partition table: the Region of the credential scope decides.
@pytest.mark.parametrize(
    "region, partition",
    [
        ("us-east-1", "aws"),
        ("ap-southeast-2", "aws"),
        ("il-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_arn_is_in_the_partition_of_the_region(world, region, partition):
    client = aws(world.url, region=region)
    arn = client.create_instance()["InstanceArn"]
    assert re.fullmatch(rf"arn:{partition}:sso:::instance/ssoins-[0-9a-f]{{16}}", arn)
    assert client.describe_instance(InstanceArn=arn)["InstanceArn"] == arn


# Who may see one


# doc: the management account and a delegated administrator may everything that concerns us here.
@pytest.mark.parametrize("account", [AWS_MANAGEMENT, AWS_DELEGATED])
def test_the_organization_instance_is_there(world, account):
    seen = aws(world.url, account).describe_instance(InstanceArn=ORGANIZATION_INSTANCE)
    assert seen["IdentityStoreId"] == "d-1111111111"
    assert seen["OwnerAccountId"] == AWS_MANAGEMENT
    assert seen["Status"] == "ACTIVE"


# doc: DescribeInstance of what is not there is AccessDenied, as the operation models no ResourceNotFound.
def test_an_unknown_instance_is_denied(world):
    assert refused(aws(world.url).describe_instance, "AccessDeniedException", InstanceArn=UNKNOWN_INSTANCE)


# inferred: outside the organization nothing of it is visible, nor an account instance of anybody else.
def test_an_instance_of_somebody_else_is_denied(world):
    member, outsider = aws(world.url), aws(world.url, AWS_STANDALONE)
    arn = member.create_instance()["InstanceArn"]
    refused(outsider.describe_instance, "AccessDeniedException", InstanceArn=arn)
    refused(outsider.describe_instance, "AccessDeniedException", InstanceArn=ORGANIZATION_INSTANCE)


# Tokens

TAGS = [{"Key": "team", "Value": "a"}, {"Key": "stage", "Value": "test"}]


# doc: the same token and parameters may safely be retried. inferred: tags compare as a map, none as an empty list.
@pytest.mark.parametrize(
    "first, again",
    [
        ({}, {}),
        ({"Name": "x", "Tags": TAGS}, {"Name": "x", "Tags": TAGS}),
        ({"Tags": TAGS}, {"Tags": TAGS[::-1]}),
        ({}, {"Tags": []}),
    ],
    ids=["nothing", "all", "tags in another order", "empty tags"],
)
def test_the_same_token_and_parameters_answer_the_same_arn(world, first, again):
    client = aws(world.url)
    arn = client.create_instance(ClientToken="t-1", **first)["InstanceArn"]
    assert client.create_instance(ClientToken="t-1", **again)["InstanceArn"] == arn


# doc: other parameters answer IdempotentParameterMismatch, a code that has no class in any SDK.
@pytest.mark.parametrize(
    "other",
    [{}, {"Name": "y", "Tags": TAGS}, {"Name": "x", "Tags": TAGS[:1]}, {"Name": "x"}],
    ids=["nothing", "another name", "fewer tags", "no tags"],
)
def test_the_same_token_with_other_parameters_is_a_mismatch(world, other):
    client = aws(world.url)
    arn = client.create_instance(ClientToken="t-1", Name="x", Tags=TAGS)["InstanceArn"]
    assert refused(client.create_instance, "IdempotentParameterMismatch", ClientToken="t-1", **other)
    # A refusal leaves the record as it was.
    assert client.create_instance(ClientToken="t-1", Name="x", Tags=TAGS)["InstanceArn"] == arn


# doc: case-sensitive.
def test_a_token_of_another_case_is_another_token(world):
    client = aws(world.url)
    client.create_instance(ClientToken="token")
    refused(client.create_instance, "ConflictException", ClientToken="TOKEN")


# inferred: scoped to account and operation.
def test_two_accounts_may_use_one_token(world):
    arns = {
        aws(world.url, account).create_instance(ClientToken="shared", Name=account)["InstanceArn"]
        for account in (AWS_MEMBER, AWS_STANDALONE)
    }
    assert len(arns) == 2


# inferred: only what was done is remembered.
def test_an_invalid_call_burns_no_token(world):
    client = aws(world.url)
    refused(client.create_instance, "ValidationException", ClientToken="t-1", Name="no spaces")
    assert client.create_instance(ClientToken="t-1", Name="fine")["InstanceArn"]


def test_a_conflict_burns_no_token(world):
    client = aws(world.url)
    client.create_instance(ClientToken="first")
    refused(client.create_instance, "ConflictException", ClientToken="t-1", Name="a")
    refused(client.create_instance, "ConflictException", ClientToken="t-1", Name="b")


# model: an idempotency token, so the SDK makes one for each call that names none.
def test_two_calls_without_a_token_are_two_requests(world):
    client = aws(world.url)
    client.create_instance(Name="x")
    refused(client.create_instance, "ConflictException", Name="x")


@contextmanager
def losing_the_first_answer(address):
    """A proxy to `address` that passes every request on but breaks the line instead of giving the first answer."""
    tokens = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            behind = http.client.HTTPConnection(address, timeout=30)
            behind.request("POST", self.path, body, dict(self.headers))
            answer = behind.getresponse()
            content = answer.read()
            behind.close()
            tokens.append(body)
            if len(tokens) == 1:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        proxy.daemon_threads = True
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}", tokens
        finally:
            proxy.shutdown()
            thread.join(10)


# doc: "safely retry". The replay check must therefore come before the one-instance check.
def test_the_sdks_own_retry_repairs_a_lost_answer(world):
    with losing_the_first_answer(world.address) as (url, sent):
        client = aws(url, attempts=3)
        arn = client.create_instance(Name="once")["InstanceArn"]
    assert len(sent) == 2 and sent[0] == sent[1]
    assert aws(world.url).describe_instance(InstanceArn=arn)["Name"] == "once"


# Races


def at_once(calls):
    """Runs all calls at the same moment; gives each one's ARN or error code."""
    gate = threading.Barrier(len(calls), timeout=60)

    def outcome(call):
        gate.wait()
        try:
            return call()["InstanceArn"]
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(outcome, calls, timeout=120))


# inferred: exactly one of many wins, and the others are told why not.
def test_64_parallel_calls_make_exactly_one_instance(world):
    client = aws(world.url)
    outcomes = at_once([lambda number=number: client.create_instance(Name=f"n{number}") for number in range(64)])
    arns = [outcome for outcome in outcomes if outcome.startswith("arn:")]
    assert len(arns) == 1, outcomes
    assert outcomes.count("ConflictException") == 63, outcomes


def test_64_parallel_calls_with_one_token_agree_on_one_arn(world):
    client = aws(world.url)
    outcomes = at_once([lambda: client.create_instance(ClientToken="together", Name="x")] * 64)
    assert len(set(outcomes)) == 1 and outcomes[0].startswith("arn:"), outcomes


def test_16_accounts_do_not_disturb_each_other(world):
    accounts = [f"9{number:011d}" for number in range(16)]
    outcomes = at_once([aws(world.url, account).create_instance for account in accounts])
    assert len(set(outcomes)) == 16 and all(outcome.startswith("arn:") for outcome in outcomes), outcomes


# doc: SDKs correct their clock by the answer's Date.
def test_every_answer_has_a_true_date(world):
    for call in (lambda: aws(world.url, AWS_MEMBER).create_instance(), lambda: refused_answer(world)):
        told = call()["ResponseMetadata"]["HTTPHeaders"]["date"]
        told = datetime.strptime(told, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert abs(datetime.now(UTC) - told) < timedelta(seconds=5)


def refused_answer(world):
    with pytest.raises(ClientError) as caught:
        aws(world.url, AWS_MANAGEMENT).create_instance()
    return caught.value.response
