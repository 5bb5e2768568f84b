"""Clients that are told a Region and no ids: they look their account or project up in IAM first, and then work."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials, Credentials, GlobalCredentials
from huaweicloudsdkcore.client import ClientBuilder
from huaweicloudsdkcore.exceptions.exceptions import SdkException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkidentitycenter.v1 import IdentityCenterClient, ListInstancesRequest

import program
from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_STANDALONE, SECRET
from huawei_signer import DERIVED, Signer, detail
from story_aws import either, mode, own  # noqa: F401
from story_huawei import (
    ACCOUNTS,
    DENIED,
    INSTANCE,
    ORGANIZATION,
    Cloud,
    neighbour,
    outcome,
    set_all,
    the_instance,
    told,
)
from wire import recorder, send

# sdk: the Regions of identity stores; each is looked up by its name.
REGIONS = """
    cn-east-3 cn-north-4 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 la-south-2
    la-north-2 af-south-1 af-north-1 cn-south-1 cn-south-4 cn-southwest-2 me-east-1 tr-west-1 sa-brazil-1
""".split()

GLOBAL, BASIC = "GlobalCredentials", "BasicCredentials"
both_kinds = pytest.mark.parametrize("kind", [GLOBAL, BASIC])
TARGETS = {GLOBAL: b"/v3/auth/domains", BASIC: b"/v3/projects?name=cn-north-4"}
ELSEWHERE = {GLOBAL: b"/v3/projects", BASIC: b"/v3/projects?name=cn-south-1"}
HEADERS = {GLOBAL: b"x-domain-id", BASIC: b"x-project-id"}


@pytest.fixture(autouse=True)
def uncached():
    """sdk: what was looked up once in a process is not looked up again."""
    Credentials._CACHE.clear()


@dataclass
class Found:
    """A client that was told a Region and no ids, the answers it was given while it was built, and what it found."""

    cloud: Cloud
    answers: list
    id: str


def found(server, key=HUAWEI_MANAGEMENT, kind=GLOBAL, region="cn-north-4", iam=None, **more):
    """Builds the client, which looks up what it needs; `iam` stands in for the server there."""
    seen = []
    handler = HttpHandler().add_response_handler(lambda response, **_: seen.append(response))
    credentials = {GLOBAL: GlobalCredentials, BASIC: BasicCredentials}[kind](key, more.get("secret", SECRET))
    credentials.with_iam_endpoint((iam or server).url)
    if more.get("token"):
        credentials.with_security_token(more["token"])
    if more.get("derived"):
        credentials.with_derived_predicate(credentials.get_default_derived_predicate())
    builder = ClientBuilder(IdentityCenterClient, kind).with_credentials(credentials)
    builder.with_region(Region(region, more.get("service", server).url))
    builder._with_derived_auth_service_name("identitycenter")
    client = builder.with_http_config(HttpConfig(timeout=(10, 30))).with_http_handler(handler).build()
    answers, seen[:] = list(seen), []
    id = credentials.domain_id if kind == GLOBAL else credentials.project_id
    return Found(Cloud(server, None, INSTANCE, client, seen), answers, id)


def made(server, account, **more):
    """What `found` is to be told of a key that is made for this account."""
    key = server.keys("POST", vendor="huawei", account=account, **more)
    return {"key": key["id"], "secret": key["secret"], "token": key.get("session_token")}


# End to end


@both_kinds
@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_client_without_ids_works(either, name, kind):  # noqa: F811
    account = ACCOUNTS[name]
    it = found(either, account, kind)
    (answer,) = it.answers
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    assert re.fullmatch("[0-9a-f]{32}", it.id) and (it.id == account) == (kind == GLOBAL)
    # What it looked up goes with its calls, and changes nothing about them.
    if name in ("member", "standalone"):
        assert outcome(it.cloud.ListInstances) == outcome(it.cloud.GetSsoConfiguration) == DENIED
        return
    assert told(it.cloud) == told(Cloud(either))
    set_all(it.cloud)
    assert outcome(it.cloud.CreateAlias, alias="acme") is None
    assert told(it.cloud) == told(Cloud(either)) and the_instance(it.cloud)["alias"] == "acme"


@both_kinds
def test_a_service_from_its_start(either, kind):  # noqa: F811
    other = neighbour(either, started=False)
    account = other.get("/v3/auth/domains")["domains"][0]["id"]
    it = found(either, kind=kind, **made(either, account))
    it.cloud.RegisterRegion(region_id="cn-south-1")
    it.cloud.StartIdentityCenter()
    assert the_instance(it.cloud)["instance_id"] != INSTANCE
    it.cloud.DeleteIdentityCenter()
    assert it.cloud.ListInstances()["instances"] == []


# sdk: a name must have exactly one project, or the look-up fails.
def test_each_region_has_a_project_of_its_own(either):  # noqa: F811
    accounts = (HUAWEI_MANAGEMENT, HUAWEI_DELEGATED)
    projects = [found(either, account, BASIC, region).id for account in accounts for region in REGIONS]
    assert len(set(projects)) == len(projects) == 34


def test_a_region_that_is_none_has_no_project(either):  # noqa: F811
    for region in ("nowhere", "CN-NORTH-4", "cn-north"):
        with pytest.raises(SdkException, match="Failed to get project id of region"):
            found(either, kind=BASIC, region=region)


# sdk: endpoints, keys and nothing else by environment variables, in a process of its own.
SCRIPT = """
from huaweicloudsdkidentitycenter.v1 import *
from huaweicloudsdkidentitycenter.v1.region.identitycenter_region import IdentityCenterRegion
client = IdentityCenterClient.new_builder().with_region(IdentityCenterRegion.value_of("cn-south-1")).build()
instance = client.list_instances(ListInstancesRequest()).instances[0].instance_id
print(client.get_credentials().domain_id, instance)
"""


@pytest.mark.parametrize("account", [HUAWEI_MANAGEMENT, HUAWEI_DELEGATED])
def test_a_client_finds_all_by_its_variables(either, account, tmp_path):  # noqa: F811
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=program.environment(
            HOME=str(tmp_path),
            HUAWEICLOUD_SDK_AK=account,
            HUAWEICLOUD_SDK_SK=SECRET,
            HUAWEICLOUD_SDK_IAM_ENDPOINT=either.url,
            HUAWEICLOUD_SDK_REGION_IDENTITYCENTER_CN_SOUTH_1=either.url,
        ),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == [account, INSTANCE], done.stderr


# What is really sent


def answered(server, kind, account=HUAWEI_MANAGEMENT):
    """What the server answers to a look-up, as bytes."""
    return found(server, account, kind).answers[0].content


@pytest.mark.parametrize("derived", [False, True], ids=["plain", "derived"])
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
@both_kinds
def test_what_a_look_up_sends(either, mode, kind, temporary, derived):  # noqa: F811
    key = made(either, HUAWEI_DELEGATED, temporary=temporary)
    body = answered(either, kind, HUAWEI_DELEGATED)
    Credentials._CACHE.clear()
    with recorder(body) as iam, recorder(b'{"instances": [], "page_info": {"next_marker": null}}') as service:
        it = found(either, kind=kind, iam=iam, service=service, derived=derived, **key)
        assert it.cloud.client.list_instances(ListInstancesRequest()).instances == []
    (look_up,), (call,) = iam.messages, service.messages
    assert (look_up.method, look_up.target, look_up.body) == (b"GET", TARGETS[kind], b"")
    names = {name.lower() for name, _ in look_up.headers}
    token = {b"x-security-token"} if temporary else set()
    assert {b"host", b"user-agent", b"x-sdk-date", b"authorization"} | token <= names
    # No ids, no type of content, no token of a user.
    assert not names & {b"x-domain-id", b"x-project-id", b"content-type", b"x-auth-token"}
    # It is signed as all else, by the plain algorithm whatever is said; the signature is the documented one.
    signer = Signer(key["key"], key["secret"], "host;user-agent;x-sdk-date" + ";x-security-token" * temporary)
    assert look_up.header(b"authorization").decode() == signer.authorization(look_up)
    # The call that follows has the id, and signs it.
    assert call.header(HEADERS[kind]) == it.id.encode()
    signed = re.search(b"SignedHeaders=([^,]*)", call.header(b"authorization"))[1].split(b";")
    assert HEADERS[kind] in signed and b"content-type" in signed
    assert call.header(b"authorization").startswith(DERIVED.encode()) == derived

    # What was recorded is what the server takes, byte for byte; and no other.
    assert json.loads(send(either, look_up).body) == json.loads(body)
    if mode == "strict":
        for name in (b"authorization", b"x-sdk-date", b"user-agent", *token):
            assert detail(send(either, look_up.with_header(name, None)))
        assert detail(send(either, replace(look_up, target=ELSEWHERE[kind])))
    else:
        assert send(either, look_up.with_header(b"authorization", None)).status == 200
    assert send(either, call).status == 200


# sdk: the error of the look-up is the builder's.
@both_kinds
def test_a_look_up_that_is_refused(either, mode, kind):  # noqa: F811
    wrong = {"key": HUAWEI_MANAGEMENT, "secret": "other"}
    if mode == "strict":
        with pytest.raises(SdkException, match="APIGW.0301"):
            found(either, kind=kind, **wrong)
    else:
        assert found(either, kind=kind, **wrong).id
    own(either, "DELETE", f"accounts/{HUAWEI_STANDALONE}")
    with pytest.raises(SdkException, match="APIGW.0301"):
        found(either, HUAWEI_STANDALONE, kind)


# What is answered


def test_an_account_is_told_as_it_is_documented(either):  # noqa: F811
    self = "https://iam.myhuaweicloud.com/v3"
    for account in ACCOUNTS.values():
        cloud = Cloud(either, account)
        for name in ("acme", "实例"):
            own(either, "PATCH", f"accounts/{account}", name=name)
            domain = {
                "description": "",
                "enabled": True,
                "id": account,
                "links": {"self": f"{self}/domains/{account}"},
                "name": name,
            }
            answer = cloud.get("/v3/auth/domains")
            assert answer == {"domains": [domain], "links": {"self": f"{self}/auth/domains"}}
            assert list(answer["domains"][0]) == list(domain)


def ids(server, accounts=tuple(ACCOUNTS.values())):
    """The project of each account in some Regions."""
    clouds = {account: Cloud(server, account) for account in accounts}
    return {
        (account, region): cloud.get("/v3/projects", name=region)["projects"][0]["id"]
        for account, cloud in clouds.items()
        for region in ("cn-north-4", "cn-south-1", "eu-west-101")
    }


def test_projects_stay_what_they_are(start, mode, tmp_path):  # noqa: F811
    before = start("--data-dir", tmp_path, "--auth", mode)
    other = own(before, "POST", "accounts", vendor="huawei")["id"]
    key = made(before, other)
    mine = found(before, kind=BASIC, **key).id
    known = ids(before)
    assert len(set(known.values()) | {mine}) == 13
    # Wherever an account stands.
    own(before, "PATCH", f"accounts/{other}", organization=ORGANIZATION, standing="member")
    own(before, "PATCH", f"accounts/{HUAWEI_MEMBER}", standing="delegated_administrator")
    own(before, "PATCH", f"accounts/{HUAWEI_DELEGATED}", standing="standalone")
    assert ids(before) == known
    before.stop()

    after = start("--data-dir", tmp_path, "--auth", mode)
    Credentials._CACHE.clear()
    assert ids(after) == known and found(after, kind=BASIC, **key).id == mine
    # Another process with data of its own, at the same time: the ids are the account's and the Region's.
    assert ids(start("--auth", mode)) == known
    after.reset()
    assert ids(after) == known
