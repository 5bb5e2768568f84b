"""What is measured: how the requests of each operation are made, and what a right answer has in it."""

import json
from dataclasses import dataclass
from typing import Any, Callable

import signers

HOST = {"host": "127.0.0.1"}

AWS_MANAGEMENT = "1" * 12
ALIBABA_MANAGEMENT = "1" * 16
HUAWEI_MANAGEMENT = "1" * 32
DIRECTORY = "d-001111111111"


@dataclass(frozen=True)
class Operation:
    """An operation, and its requests."""

    name: str
    make: Callable[[bool, Any], bytes]
    """A request, signed or not, about one of `what` there is to ask about."""
    right: Callable[[dict], bool]
    """Whether this is the JSON of a right answer."""
    once: bool = False
    """Whether no request can be sent twice: each is about something that is used up by it."""
    nonces: bool = False
    """Whether no signed request can be sent twice."""
    creates: bool = False
    """Whether each right answer stands for an instance that was made."""

    def is_once(self, signed):
        return self.once or (signed and self.nonces)


def aws(key, operation, body, signed):
    headers = HOST | {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": f"SWBExternalService.{operation}",
    }
    body = json.dumps(body).encode()
    if signed:
        return signers.aws(key, "POST", "/", headers, body)
    scope = f"Credential={key}/20260101/us-east-1/sso/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"
    return signers.message("POST", "/", headers | {"authorization": authorization}, body)


def alibaba(action, query, signed):
    headers = HOST | {"x-acs-action": action, "x-acs-version": "2021-05-15"}
    if signed:
        return signers.alibaba(ALIBABA_MANAGEMENT, "POST", f"/?{query}", headers, b"")
    authorization = f"ACS3-HMAC-SHA256 Credential={ALIBABA_MANAGEMENT},SignedHeaders=host,Signature=0"
    return signers.message("POST", f"/?{query}", headers | {"authorization": authorization})


def huawei(target, signed):
    headers = HOST | {"content-type": "application/json"}
    if signed:
        return signers.huawei(HUAWEI_MANAGEMENT, "GET", target, headers, b"")
    authorization = f"SDK-HMAC-SHA256 Access={HUAWEI_MANAGEMENT}, SignedHeaders=host, Signature=0"
    return signers.message("GET", target, headers | {"authorization": authorization})


def arn(instance):
    return f"arn:aws:sso:::instance/{instance}"


HEALTHZ = Operation(
    "/healthz", lambda signed, what: signers.message("GET", "/healthz", HOST), lambda answer: answer["status"] == "ok"
)

DEFAULT = "ssoins-1111111111111111"

DESCRIBE_INSTANCE = Operation(
    "AWS DescribeInstance",
    lambda signed, what: aws(AWS_MANAGEMENT, "DescribeInstance", {"InstanceArn": arn(DEFAULT)}, signed),
    lambda answer: answer["InstanceArn"] == arn(DEFAULT) and answer["Status"] == "ACTIVE",
)

GET_SSO_CONFIGURATION = Operation(
    "Huawei Cloud GetSsoConfiguration",
    lambda signed, what: huawei("/v1/instances/ins-1111111111111111/sso-configuration", signed),
    lambda answer: "mfa_mode" in answer["sso_configuration"],
)

GET_MFA_SETTING = Operation(
    "Alibaba Cloud GetMFAAuthenticationSettingInfo",
    lambda signed, what: alibaba("GetMFAAuthenticationSettingInfo", f"DirectoryId={DIRECTORY}", signed),
    lambda answer: "MfaAuthenticationAdvanceSettings" in answer["MFAAuthenticationSettingInfo"],
    nonces=True,
)


def _is_created(answer):
    return answer["InstanceArn"].startswith("arn:aws:sso:::instance/ssoins-")


CREATE_INSTANCE = Operation(
    "AWS CreateInstance",
    lambda signed, account: aws(account, "CreateInstance", {}, signed),
    _is_created,
    once=True,
    creates=True,
)

TAGS = [{"Key": "team", "Value": "identity"}, {"Key": "stage", "Value": "bench"}]

CREATE_INSTANCE_WITH_TOKEN = Operation(
    "AWS CreateInstance, with name, ClientToken and 2 tags",
    lambda signed, account: aws(
        account, "CreateInstance", {"Name": "bench", "ClientToken": f"token-{account}", "Tags": TAGS}, signed
    ),
    _is_created,
    once=True,
    creates=True,
)

READS = [DESCRIBE_INSTANCE, GET_SSO_CONFIGURATION, GET_MFA_SETTING]
CREATES = [CREATE_INSTANCE, CREATE_INSTANCE_WITH_TOKEN]

# Those of a large world. What they are about is a row's number and how many there are of its kind: see rows.py.

DESCRIBE_ONE = Operation(
    "AWS DescribeInstance, another each time",
    lambda signed, row: aws(row.account, "DescribeInstance", {"InstanceArn": arn(row.instance)}, signed),
    lambda answer: answer["Status"] == "ACTIVE",
)

REPLAY_ONE = Operation(
    "AWS CreateInstance, a token of before",
    lambda signed, row: aws(row.account, "CreateInstance", {"ClientToken": row.token, "Tags": row.tags}, signed),
    _is_created,
)

GET_USER = Operation(
    "Alibaba Cloud GetUser, another each time",
    lambda signed, row: alibaba("GetUser", f"DirectoryId={DIRECTORY}&UserId={row.user}", signed),
    lambda answer: answer["User"]["Status"] == "Enabled",
    nonces=True,
)

LIST_USERS = Operation(
    "Alibaba Cloud ListUsers, the first ten",
    lambda signed, row: alibaba("ListUsers", f"DirectoryId={DIRECTORY}&MaxResults=10", signed),
    lambda answer: len(answer["Users"]) == 10,
    nonces=True,
)

GROWTH = [DESCRIBE_ONE, GET_MFA_SETTING, GET_USER, LIST_USERS, REPLAY_ONE, CREATE_INSTANCE]
