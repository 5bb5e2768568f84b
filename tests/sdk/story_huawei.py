"""What the stories of Huawei Cloud share: callers by the SDK, refusals, and what is told of a world."""

import functools
import re
from dataclasses import dataclass

import huaweicloudsdkidentitycenter.v1 as sdk
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.utils.http_utils import sanitize_for_serialization

from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_STANDALONE, huawei
from story_aws import own
from test_huawei import APPLICATION, FRESH, INSTANCE

ORGANIZATION = "o-" + "1" * 32
STORE = "d-1111111111"
UNKNOWN_STORE = "d-ffffffffff"

ACCOUNTS = {
    "management": HUAWEI_MANAGEMENT,
    "delegated": HUAWEI_DELEGATED,
    "member": HUAWEI_MEMBER,
    "standalone": HUAWEI_STANDALONE,
}

# doc: the form of the ids; what stands in a request may have no full stop.
INSTANCE_ID = re.compile(r"ins-[a-zA-Z0-9-]{16}")
STORE_ID = re.compile(r"d-[0-9a-f]{10}")
REQUEST_ID = re.compile(r"[0-9a-f]{32}")

# The words of refusals. doc: the codes. inferred: what they are for, where no page says it.
DENIED = "403 IIC.1000"
INVALID = "400 IIC.400"
ABSENT = "404 IIC.404"
NO_STORE = "404 IIC.1308"
CONFLICT = "409 IIC.1007"
ANOTHER_REGION = "409 IIC.1216"
NOBODY = "401 APIGW.0301"


# Calls


@dataclass
class Refusal(Exception):
    """An error as the SDK raised it, and the encoded message that goes with a denial."""

    status: int
    code: str
    message: str
    encoded: str | None

    @classmethod
    def of(cls, error, answer):
        """What was raised, which must be what was answered."""
        body = answer.json()
        # doc: the members of an error; the last is of a denial only.
        assert {"error_code", "error_msg", "request_id"} == body.keys() - {"encoded_authorization_message"}
        assert ("encoded_authorization_message" in body) == (error.status_code == 403)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert REQUEST_ID.fullmatch(error.request_id) and error.request_id == body["request_id"]
        assert (error.status_code, error.error_code, error.error_msg) == (
            answer.status_code,
            body["error_code"],
            body["error_msg"],
        )
        return cls(error.status_code, error.error_code, error.error_msg, error.encoded_auth_msg)


def model(kind, value):
    """The SDK's own model of a JSON value, or the value where the SDK has none that could hold it."""
    if kind.startswith("list[") and isinstance(value, list):
        return [model(kind[5:-1], item) for item in value]
    known = getattr(sdk, kind, None)
    if known is None or not isinstance(value, dict) or None in value.values():
        return value
    if not value.keys() <= known.openapi_types.keys():
        return value
    return known(**{name: model(known.openapi_types[name], item) for name, item in value.items()})


def without_nulls(value):
    """A JSON value as the SDK prints it, which passes over what is null."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


class Cloud:
    """An account that calls by the SDK: `cloud.CreateAlias(alias="x")` is the answer's JSON, None where there is none.

    Parameters are the request's; what is none of these goes into the body, by the SDK's models. `body` goes as it is.
    """

    def __init__(self, server, account=HUAWEI_MANAGEMENT, instance=None, client=None, seen=None, **key):
        self.server, self.instance = server, instance
        self.seen = [] if seen is None else seen
        self.client = client or huawei(server, account, self.seen, **key)

    @classmethod
    def made(cls, server, account=HUAWEI_MANAGEMENT, **more):
        """With a key of this account that is made for it."""
        key = server.keys("POST", vendor="huawei", account=account, **more)
        return cls(server, account, key=key["id"], secret=key["secret"], token=key.get("session_token"))

    def at(self, instance=INSTANCE):
        """The same, in this instance."""
        return Cloud(self.server, None, instance, self.client, self.seen)

    def __getattr__(self, operation):
        if not operation[:1].isupper():
            raise AttributeError(operation)
        return functools.partial(self._do, operation)

    def _do(self, operation, **given):
        request = getattr(sdk, f"{operation}Request")
        kinds = request.openapi_types
        if "instance_id" in kinds:
            given = {"instance_id": self.instance} | given
        if "body" in kinds and "body" not in given:
            members = {name: value for name, value in given.items() if name not in kinds}
            given = {name: value for name, value in given.items() if name in kinds}
            given["body"] = model(kinds["body"], members)
        method = getattr(self.client, re.sub("(?<!^)(?=[A-Z])", "_", operation).lower())
        return self._answer(lambda: method(request(**given)))

    def get(self, path, **query):
        """The answer's JSON to a GET of this path, for which the SDK has no method, and so no model."""
        given = {"query_params": list(query.items()), "header_params": {"Content-Type": "application/json"}}
        given["response_type"] = "StartIdentityCenterResponse"
        return self._answer(lambda: self.client.do_http_request("GET", path, **given), modelled=False)

    def _answer(self, call, modelled=True):
        try:
            read = call()
        except ClientRequestException as error:
            raise Refusal.of(error, self.seen.pop()) from error
        answer = self.seen.pop()
        assert answer.status_code == 200 and REQUEST_ID.fullmatch(answer.headers["X-Request-Id"])
        if not answer.content:
            assert "Content-Type" not in answer.headers and answer.headers["Content-Length"] == "0"
            return None
        assert answer.headers["Content-Type"].startswith("application/json")
        told = answer.json()
        # sdk: what its models make of an answer is the answer.
        if modelled:
            assert sanitize_for_serialization(read) == without_nulls(told)
        return told


def outcome(call, **given):
    """The answer, or the status and the code of the refusal."""
    try:
        return call(**given)
    except Refusal as refusal:
        return f"{refusal.status} {refusal.code}"


def refusal(call, **given):
    """Makes the call, expects that it is refused, and gives the refusal."""
    try:
        answer = call(**given)
    except Refusal as refused:
        return refused
    raise AssertionError(f"not refused, but answered {answer}")


# What is told of a world

OF_AN_INSTANCE = (
    "ListIdentityStoreAssociation",
    "GetSsoConfiguration",
    "GetHaConfiguration",
    "GetMfaDeviceManagementForIdentityStore",
    "DescribeInstanceAccessControlAttributeConfiguration",
)
OF_THE_SERVICE = ("GetIdentityCenterServiceStatus", "DescribeRegisteredRegions", "ListInstances")


def told(cloud):
    """All that an administrator can learn of its service and of its instance."""
    answers = {name: outcome(getattr(cloud, name)) for name in OF_THE_SERVICE}
    listed = answers["ListInstances"]
    for instance in listed["instances"] if isinstance(listed, dict) else ():
        there = cloud.at(instance["instance_id"])
        answers |= {name: outcome(getattr(there, name)) for name in OF_AN_INSTANCE}
    return answers


def the_instance(cloud):
    """The only instance that is listed."""
    listed = cloud.ListInstances()
    (instance,) = listed["instances"]
    assert listed["page_info"] == {"next_marker": None, "current_count": 1}
    return instance


def attributes(**sources):
    """A configuration of attributes, by their keys."""
    return {"access_control_attributes": [{"key": key, "value": {"source": [it]}} for key, it in sources.items()]}


CHANGED = {
    "mfa_mode": "DISABLED",
    "no_mfa_signin_behavior": "EMAIL_OTP",
    "no_password_signin_behavior": "EMAIL_OTP",
    "allowed_mfa_types": ["WEBAUTHN_SECURITY_KEY", "TOTP"],
    "session_configuration": {"max_authentication_age": "PT4H"},
}
ATTRIBUTES = attributes(email="${user:email}", nickName="${path:nickName}")

WRITES = (
    ("UpdateSsoConfiguration", {"sso_configuration": CHANGED, "configuration_type": APPLICATION}),
    ("UpdateHaConfiguration", {"disaster_recovery_choice": "ACCEPT"}),
    ("PutMfaDeviceManagementForIdentityStore", {"user_permission": "READ_ACTIONS"}),
    (
        "CreateInstanceAccessControlAttributeConfiguration",
        {"instance_access_control_attribute_configuration": ATTRIBUTES},
    ),
)
"""Each of the settings, set to what it is not at first; that of MFA devices needs the identity store, too."""


def set_all(there, store=STORE):
    """Sets all that can be set in an instance, but for its alias."""
    for operation, given in WRITES:
        more = {"identity_store_id": store} if operation.startswith("PutMfa") else {}
        assert getattr(there, operation)(**given, **more) is None


def settings(store, changed):
    """What an instance with this identity store tells, with nothing changed or all."""
    association = {
        "identity_store_id": store,
        "identity_store_type": "UserPool",
        "authentication_type": "DEFAULT",
        "provisioning_type": ["DEFAULT"],
        "status": "ENABLED",
    }
    # inferred: nulls where the attributes are not enabled.
    enabled = {
        "instance_access_control_attribute_configuration": ATTRIBUTES,
        "status": "ENABLED",
        "status_reason": None,
    }
    return {
        "ListIdentityStoreAssociation": {"identity_store_associations": [association]},
        "GetSsoConfiguration": {"sso_configuration": CHANGED if changed else FRESH},
        "GetHaConfiguration": {"disaster_recovery_choice": "ACCEPT" if changed else "REJECT"},
        "GetMfaDeviceManagementForIdentityStore": {
            "identity_store_id": store,
            "user_permission": "READ_ACTIONS" if changed else "ALL_ACTIONS",
        },
        "DescribeInstanceAccessControlAttributeConfiguration": enabled if changed else dict.fromkeys(enabled),
    }


# Others


def neighbour(server, started=True):
    """The management account of another organization, which is made; with the service started there, or not."""
    account = own(server, "POST", "organizations", vendor="huawei")["management_account"]
    cloud = Cloud.made(server, account)
    if started:
        cloud.StartIdentityCenter()
    return cloud
