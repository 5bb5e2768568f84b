"""AWS IAM Identity Center through the AWS CLI: the calls, the output, the text of an error and its exit code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import program
from clients import AWS_MANAGEMENT, AWS_MEMBER, SECRET

CLI = Path(sys.executable).parent / "aws"

# run: version 1 of the CLI ends so when the service answered with an error (version 2 with 254).
SERVICE_ERROR = 255


@pytest.fixture
def cli(world, tmp_path):
    """`cli(*arguments, account=…)` runs `aws sso-admin …` against the server by environment variables alone."""

    def run(*arguments, account=AWS_MEMBER, endpoint=world.url):
        return subprocess.run(
            [CLI, "sso-admin", *arguments],
            env=program.environment(
                HOME=str(tmp_path),
                AWS_ACCESS_KEY_ID=account,
                AWS_SECRET_ACCESS_KEY=SECRET,
                AWS_DEFAULT_REGION="us-east-1",
                AWS_ENDPOINT_URL_SSO_ADMIN=endpoint,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_the_cli_creates_and_describes_an_instance(cli):
    created = cli("create-instance", "--name", "sandbox", "--tags", "Key=team,Value=a", "Key=stage,Value=test")
    assert created.returncode == 0, created.stderr
    arn = json.loads(created.stdout)["InstanceArn"]
    assert re.fullmatch(r"arn:aws:sso:::instance/ssoins-[0-9a-f]{16}", arn)

    described = cli("describe-instance", "--instance-arn", arn)
    assert described.returncode == 0, described.stderr
    seen = json.loads(described.stdout)
    assert (seen["InstanceArn"], seen["Name"], seen["OwnerAccountId"]) == (arn, "sandbox", AWS_MEMBER)


# doc: `--endpoint-url` does what the variable does; `--region` decides the partition.
def test_the_cli_finds_the_server_by_its_option(cli, world):
    arn = cli(
        *("create-instance", "--endpoint-url", world.url, "--region", "us-gov-west-1"),
        *("--query", "InstanceArn", "--output", "text"),
        endpoint="http://127.0.0.1:9",
    )
    assert arn.stdout.startswith("arn:aws-us-gov:sso:::instance/ssoins-"), arn.stderr


# doc: the same token and parameters answer the same ARN.
def test_the_cli_may_repeat_a_call_with_its_token(cli):
    first, again = (cli("create-instance", "--client-token", "t-1") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == again.stdout


# observed: the message; inferred: the types. The CLI makes the sentence around them.
@pytest.mark.parametrize(
    "arguments, account, code, message",
    [
        (
            ["create-instance"],
            AWS_MANAGEMENT,
            "ValidationException",
            "Organization management account is not allowed to perform the operation.",
        ),
        (
            ["create-instance", "--name", "my instance"],
            AWS_MEMBER,
            "ValidationException",
            "1 validation error detected: Value 'my instance' at 'name' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\w+=,.@-]+",
        ),
    ],
    ids=["management account", "bad name"],
)
def test_the_cli_prints_a_refusal_and_fails(cli, arguments, account, code, message):
    refused = cli(*arguments, account=account)
    assert refused.returncode == SERVICE_ERROR
    assert refused.stdout == ""
    expected = f"An error occurred ({code}) when calling the CreateInstance operation: {message}"
    assert expected in refused.stderr


def test_the_cli_tells_of_a_second_instance(cli):
    assert cli("create-instance").returncode == 0
    refused = cli("create-instance", "--region", "eu-central-1")
    assert refused.returncode == SERVICE_ERROR
    assert "An error occurred (ConflictException) when calling the CreateInstance operation:" in refused.stderr
