"""Terraform finds the instances of an account: the provider asks who it is, and then for them."""

import json
import os
import shutil
import subprocess

import pytest

import program
from aws_signer import temporary
from clients import AWS_MEMBER, SECRET, aws
from story_aws import either, mode, of  # noqa: F401

PLUGINS = os.environ.get("SANMEN_TF_PLUGINS")
"""A mirror of providers in a file system, as `terraform init -plugin-dir` takes it. Whoever names one wants
this file to run, so that what is wrong with it fails."""

TERRAFORM = shutil.which("terraform") or shutil.which("tofu")

pytestmark = pytest.mark.skipif(
    not (TERRAFORM and PLUGINS), reason="no Terraform, or no SANMEN_TF_PLUGINS with the provider of AWS"
)

# The provider validates its credentials, and looks for its account, by GetCallerIdentity: nothing is skipped.
CONFIGURATION = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "url" { type = string }
variable "key" { type = object({ account = string, secret = string, token = string }) }

provider "aws" {
  region      = "us-east-1"
  access_key  = var.key.account
  secret_key  = var.key.secret
  token       = var.key.token
  max_retries = 1
  endpoints {
    ssoadmin = var.url
    sts      = var.url
  }
}

data "aws_caller_identity" "it" {}
data "aws_ssoadmin_instances" "it" {}

output "caller" { value = data.aws_caller_identity.it }
output "instances" { value = data.aws_ssoadmin_instances.it }
"""


@pytest.fixture
def terraform(tmp_path):
    """`terraform(*arguments)` runs it in a directory that is ready, with nothing but what it is told."""
    (tmp_path / "main.tf").write_text(CONFIGURATION)

    def run(*arguments, **variables):
        return subprocess.run(
            [TERRAFORM, *arguments],
            cwd=tmp_path,
            env=program.environment(
                HOME=str(tmp_path),
                CHECKPOINT_DISABLE="1",
                TF_IN_AUTOMATION="1",
                **{f"TF_VAR_{name}": value for name, value in variables.items()},
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )

    done = run("init", "-no-color", "-input=false", f"-plugin-dir={PLUGINS}")
    assert done.returncode == 0, done.stderr
    return run


def applied(terraform, server, key):
    key = {"secret": SECRET, "token": None} | key
    return terraform(
        *("apply", "-no-color", "-input=false", "-auto-approve"), url=server.url, key=json.dumps(key)
    )


def outputs(terraform):
    done = terraform("output", "-json")
    assert done.returncode == 0, done.stderr
    return {name: output["value"] for name, output in json.loads(done.stdout).items()}


def test_terraform_finds_who_it_is_and_what_there_is(either, terraform):
    client = aws(either.url)
    client.create_instance()
    expected = {one["InstanceArn"]: one["IdentityStoreId"] for one in client.list_instances()["Instances"]}
    assert len(expected) == 2
    done = applied(terraform, either, of(temporary(either)))
    assert done.returncode == 0, done.stderr
    told = outputs(terraform)
    assert told["caller"]["account_id"] == AWS_MEMBER
    assert told["caller"]["arn"] == f"arn:aws:iam::{AWS_MEMBER}:root"
    found = told["instances"]
    assert dict(zip(found["arns"], found["identity_store_ids"], strict=True)) == expected


def test_terraform_tells_of_a_bad_key(strict, terraform):
    done = applied(terraform, strict, {"account": AWS_MEMBER, "secret": "wrong"})
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert "validating provider credentials" in told
    assert "operation error STS: GetCallerIdentity" in told and "StatusCode: 403" in told
    assert "SignatureDoesNotMatch: The request signature we calculated does not match" in told
