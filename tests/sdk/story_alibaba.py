"""What the stories of Alibaba Cloud share: worlds in either mode, callers by every client, and refusals."""

import functools
import json
import re
import time
from dataclasses import dataclass, replace

import pytest
import yaml
from alibabacloud_cloudsso20210515 import models as cloudsso
from alibabacloud_cloudsso20210515.client import Client as CloudSso
from alibabacloud_tea_openapi import utils_models as tea
from alibabacloud_tea_openapi.exceptions import ClientException as TeaRefusal
from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import ExtendsParameters, RuntimeOptions

import clients
import program
from clients import (
    ALIBABA_DELEGATED,
    ALIBABA_MANAGEMENT,
    ALIBABA_MEMBER,
    ALIBABA_STANDALONE,
    ALIBABA_VERSION,
    AlibabaKey,
    Refusal,
    cloudsso_client,
    refusal_of_tea,
)
from story_aws import LIMIT, mode, own  # noqa: F401
from test_alibaba import REQUEST_ID

DIRECTORY = "d-001111111111"
UNKNOWN_DIRECTORY = "d-00ffffffffff"
UNKNOWN_USER = "u-00ffffffffffffffffff"

ACCOUNTS = {
    "management": ALIBABA_MANAGEMENT,
    "delegated": ALIBABA_DELEGATED,
    "member": ALIBABA_MEMBER,
    "standalone": ALIBABA_STANDALONE,
}

# doc: the form of a time: UTC, without fractions.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


# Worlds

ALICE, BOB = (f"u-{digit:020}" for digit in (1, 2))
PHONE, STICK = (f"mfa-{digit:020}" for digit in (1, 2))

PEOPLE = (
    {
        "id": ALICE,
        "name": "alice",
        "given_name": "Alice",
        "family_name": "Lee",
        "display_name": "Alice Lee",
        "email": "alice@example.com",
        "tags": {"team": "identity", "floor": "3"},
        "profile": {"description": "The first."},
        "mfa_devices": [
            {"id": PHONE, "name": "phone", "type": "TOTP"},
            {"id": STICK, "name": "stick", "type": "CrossPlatformPasskey"},
        ],
    },
    {"id": BOB, "name": "bob", "external_id": {"issuer": "SCIM", "id": "bob@example.com"}},
)
"""One who was made by hand and has two devices, and one who came by SCIM."""


def estate(*users, **settings):
    """The seed `default`, with these users and settings in its directory."""
    world = yaml.safe_load((program.REPOSITORY / "src" / "seed" / "default.yaml").read_text())
    world["alibaba"]["organizations"][0]["accounts"][0]["instance"] |= {"users": list(users), "settings": settings}
    return {"alibaba": world["alibaba"]}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """`servers(seed, mode)` is a server with this seed, by its name or as a dict; one for all tests of a file."""
    running = {}

    def begin(seed, mode):
        name = seed if isinstance(seed, str) else json.dumps(seed)
        if (name, mode) not in running:
            path = seed
            if not isinstance(seed, str):
                path = tmp_path_factory.mktemp("seed") / "seed.json"
                path.write_text(name)
            running[name, mode] = program.Program("--seed", path, "--auth", mode)
        return running[name, mode]

    yield begin
    for one in running.values():
        one.stop()


@pytest.fixture
def begin(servers, mode):  # noqa: F811
    """`begin(seed)` is a server in this mode, its world just taken back to the seed."""

    def fresh(seed):
        server = servers(seed, mode)
        server.reset()
        return server

    return fresh


@pytest.fixture
def blank(begin):
    """A world in which nothing is enabled."""
    return begin("blank")


@pytest.fixture
def either(begin):
    """The world of the seed `default`."""
    return begin("default")


@pytest.fixture
def people(begin):
    """The same, with people in its directory."""
    return begin(estate(*PEOPLE))


# Clients


METHODS = {
    name.removesuffix("_with_options").replace("_", ""): name
    for name in dir(CloudSso)
    if name.endswith("_with_options")
}


def flat(parameters):
    """The parameters as texts: lists spread out, what the vendor wants as JSON as JSON."""
    as_json = ("ExternalId", "AllowedVerificationTypes")
    return Utils.query(
        {
            name: json.dumps(value) if name in as_json or isinstance(value, bool) else value
            for name, value in parameters.items()
        }
    )


@dataclass(frozen=True)
class Sdk:
    """Calls by the current SDK: V3, or V1 when `algorithm` is `v2`.

    By its typed methods, or by its generic one where it has none, and where parameters are to come in a form as
    those of Terraform do.
    """

    name: str
    algorithm: str | None = None
    form: bool = False
    region: str | None = None
    """What is told of the Region in a header."""

    def __call__(self, server, account, action, **parameters):
        client = cloudsso_client(server, account, self.algorithm)
        headers = {"x-acs-region-id": self.region} if self.region else {}
        runtime = RuntimeOptions(extends_parameters=ExtendsParameters(headers=headers))
        try:
            if action.lower() in METHODS and not self.form:
                return self.typed(client, action, parameters, runtime)
            return self.generic(client, action, parameters, runtime)
        except TeaRefusal as error:
            raise refusal_of_tea(error) from error

    def typed(self, client, action, parameters, runtime):
        method = getattr(client, METHODS[action.lower()])
        model = getattr(cloudsso, f"{action}Request", None)
        if model is None:
            assert not parameters
            return method(runtime).body.to_map()
        request = model().from_map(parameters)
        assert request.to_map().keys() >= parameters.keys(), "the SDK does not know a parameter"
        return method(request, runtime).body.to_map()

    def generic(self, client, action, parameters, runtime):
        params = tea.Params(
            action=action,
            version=ALIBABA_VERSION,
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        request = tea.OpenApiRequest(**{"body" if self.form else "query": flat(parameters)})
        return client.call_api(params, request, runtime)["body"]


class Core(clients.Core):
    """The older core, with lists spread out."""

    def __call__(self, server, account, action, **parameters):
        return super().__call__(server, account, action, **flat(parameters))


V3 = Sdk("V3")
V1 = Sdk("V1", "v2")
FORM = Sdk("V1-form", "v2", form=True)
CORE = Core("core-form", "POST")
CALLS = (V3, V1, FORM, CORE)

every_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


class Cloud:
    """An account that calls: `cloud.GetUser(UserId=…)` is the answer without the id of the request."""

    def __init__(self, server, account=ALIBABA_MANAGEMENT, call=V3, **given):
        self.server, self.account, self.call, self.given = server, account, call, given

    def __getattr__(self, action):
        if not action[:1].isupper():
            raise AttributeError(action)
        return functools.partial(self._do, action)

    def _do(self, action, **parameters):
        answer = self.call(self.server, self.account, action, **self.given | parameters)
        assert REQUEST_ID.fullmatch(answer.pop("RequestId"))
        return answer

    def at(self, directory=DIRECTORY, **given):
        """The same, in this directory."""
        return Cloud(self.server, self.account, self.call, **self.given, DirectoryId=directory, **given)

    def by(self, call):
        """The same, by another client."""
        return Cloud(self.server, self.account, call, **self.given)

    def in_region(self, region):
        """The same, with this Region in a header."""
        return self.by(replace(self.call, region=region))


def neighbour(server, call=V3):
    """The management account of another organization, which is made."""
    account = own(server, "POST", "organizations", vendor="alibaba")["management_account"]
    return Cloud(server, AlibabaKey.made(server, account), call)


# Refusals. doc: the statuses of the gateway; observed: 404 of what is not there; inferred: the others.

STATUSES = {
    "EntityNotExists.": 404,
    "EntityAlreadyExists.": 409,
    "DeletionConflict.": 409,
    "OperationConflict.": 409,
    "LimitExceeded.": 409,
    # Not 404, by which Terraform would take what it looks for to be gone.
    "PreconditionFailed.": 409,
    "NoPermission": 403,
}


def outcome(call, **parameters):
    """The answer, or the code of the refusal."""
    try:
        return call(**parameters)
    except Refusal as refusal:
        status = next((status for prefix, status in STATUSES.items() if refusal.code.startswith(prefix)), 400)
        assert refusal.status == status, refusal
        assert REQUEST_ID.fullmatch(refusal.request_id), refusal
        # sdk: Terraform looks for codes in messages too.
        assert not re.search(r"(Entity|Conflict|Precondition|LimitExceeded)\w*\.", refusal.message), refusal
        return refusal.code


def refused(call, *codes, **parameters):
    """Makes the call, and expects a refusal by one of these codes."""
    assert outcome(call, **parameters) in codes


def invalid(parameter):
    """The codes of a value that is wrong. inferred, from sibling services: the second one, of one that is too long."""
    return f"InvalidParameter.{parameter}", f"InvalidParameter.{parameter}.Length"


# What is told of a world

OF_A_DIRECTORY = (
    "GetDirectory",
    "GetDirectoryStatistics",
    "GetDirectoryGlobalAccessStatus",
    "GetMFAAuthenticationSettings",
    "GetMFAAuthenticationSettingInfo",
    "GetMFAAuthenticationStatus",
    "GetLoginPreference",
    "GetPasswordPolicy",
)


def users(there, **asked):
    """The users of a directory, of all pages; what the pages say of themselves is looked at."""
    found, token = [], {}
    while True:
        page = there.ListUsers(**asked, **token)
        assert page["MaxResults"] == asked.get("MaxResults", 10) and len(page["Users"]) <= page["MaxResults"]
        found += page["Users"]
        # doc: there is a token only where there is more.
        assert page["IsTruncated"] == ("NextToken" in page)
        if not page["IsTruncated"]:
            assert page["TotalCounts"] == len(found)
            return found
        assert len(page["Users"]) == page["MaxResults"] and page["TotalCounts"] > len(found)
        token = {"NextToken": page["NextToken"]}


def told(server, directory=DIRECTORY):
    """All that the management account can learn of its service and of a directory."""
    cloud = Cloud(server)
    there = cloud.at(directory)
    answers = {name: outcome(getattr(there, name)) for name in OF_A_DIRECTORY}
    answers |= {name: outcome(getattr(cloud, name)) for name in ("GetServiceStatus", "ListDirectories")}
    answers["GetDelegateAccount"] = outcome(cloud.GetDelegateAccount, AccountId=ALIBABA_DELEGATED)
    listed = outcome(there.ListUsers, MaxResults=100)
    answers["ListUsers"] = listed
    for user in listed["Users"] if isinstance(listed, dict) else ():
        one = {"UserId": user["UserId"]}
        for name in ("GetUser", "GetUserMFAAuthenticationSettings", "ListMFADevicesForUser"):
            answers[name, user["UserName"]] = getattr(there, name)(**one)
    return answers


def tags(there, user):
    """A user's tags, as a dict."""
    found = there.GetUser(UserId=user)["User"]["Tags"]
    keys = {tag["Key"]: tag["Value"] for tag in found}
    assert len(keys) == len(found) and all(tag.keys() == {"Key", "Value"} for tag in found), found
    return keys


def pairs(tags):
    """A dict as the service has tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def passing(step, look):
    """Does something again and again until what is looked at is another; gives all that was seen, each once."""
    seen, end = [look()], time.monotonic() + LIMIT
    while len(seen) == 1:
        assert time.monotonic() < end, f"still {seen} after {LIMIT} s"
        step()
        if look() != seen[-1]:
            seen.append(look())
    return seen
