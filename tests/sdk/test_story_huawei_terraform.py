"""What Terraform's provider does: its requests as its client makes them, and its own reading of the answers."""

import json
from dataclasses import dataclass

import pytest

from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, SECRET
from huawei_signer import Signer, request
from story_alibaba import begin, blank, servers  # noqa: F401
from story_aws import either, mode, own  # noqa: F401
from story_huawei import CHANGED, FRESH, INSTANCE, STORE, Cloud, attributes, neighbour
from wire import send

# sdk: the statuses that golangsdk takes for success.
FINE = {"GET": {200}, "POST": {200, 201, 202}, "PUT": {200, 201, 202}, "DELETE": {200, 202, 204}}


class Gone(Exception):
    """404: a resource that is not there any more, which is taken out of the state."""


class Failed(Exception):
    """Any other status."""


@dataclass
class Provider:
    """The provider's client. observed, in its source: what it sends, what it signs, and what it makes of a status."""

    server: object
    account: str = HUAWEI_MANAGEMENT
    key: str | None = None
    secret: str = SECRET

    def __call__(self, method, path, body=None):
        """The body of an answer that was one of success, as bytes."""
        # Go's encoder ends with a line break; without a body there is no type of content.
        data = json.dumps(body, separators=(",", ":")).encode() + b"\n" if body is not None else b""
        headers = {"accept": "application/json", "user_agent": "terraform-provider-iac golangsdk/2.0.0"}
        if data:
            headers["content_type"] = "application/json"
        message = request(self.server, method, f"/{path}", data, **headers)
        # The host is not signed; the project is added afterwards, and so is not signed either.
        names = ";".join(sorted(name.decode() for name, _ in message.headers if name != b"host"))
        signed = Signer(self.key or self.account, self.secret, names).sign(message)
        signed = signed.with_header(b"x-project-id", b"0" * 32)
        if method != "GET":
            signed = signed.with_header(b"content-length", str(len(data)).encode())
        answer = send(self.server, signed)
        if answer.status in FINE[method]:
            return answer.body
        raise (Gone if answer.status == 404 else Failed)(answer.status, answer.body)

    def read(self, path):
        """A parsed answer: a body without JSON would be an error."""
        return json.loads(self("GET", path))


def text(value):
    """A value that is asserted to be a string."""
    assert type(value) is str, value
    return value


def kept(value):
    """A value that is put into the state as it is: null is none."""
    assert value is None or type(value) is str, value
    return value or ""


# The resources


@dataclass
class Instance:
    """`huaweicloud_identitycenter_instance`."""

    provider: Provider
    id: str = ""

    def create(self, alias=""):
        self.provider("POST", "v1/service/start")
        # It looks until it sees the one word; what is served at once is seen at once.
        assert self.status() == "enable"
        first = self.provider.read("v1/instances")["instances"][0]
        self.id = text(first["instance_id"])
        if alias:
            self.update(alias)
        return self.state()

    def status(self):
        """`enable`, or `disable` for whatever else there is."""
        told = self.provider.read("v1/identity-center-service/status")
        return "enable" if text(told["serviceStatus"]) == "enable" else "disable"

    def update(self, alias):
        self.provider("POST", f"v1/instances/{self.id}/alias", {"alias": alias})
        return self.state()

    def state(self):
        """None when it is gone."""
        listed = self.provider.read("v1/instances")
        found = [one for one in listed["instances"] if one["instance_id"] == self.id]
        names = ("identity_store_id", "instance_urn", "alias")
        return {name: kept(found[0].get(name)) for name in names} if found else None

    def destroy(self):
        try:
            self.provider("POST", "v1/service/delete")
        except Gone:
            return "gone already"
        return "gone"


@dataclass
class RegisteredRegion:
    """`huaweicloud_identitycenter_registered_region`, which is never deleted."""

    provider: Provider
    id: str = ""

    def create(self, region):
        self.provider("POST", "v1/register-regions", {"region_id": region})
        self.id = region
        return self.state()

    def state(self):
        found = [one for one in self.provider.read("v1/registered-regions")["regions"] if one["region_id"] == self.id]
        return {"region_id": text(found[0]["region_id"])} if found else None


@dataclass
class Setting:
    """A resource of an instance: where it is, what it reads, and what it resets to instead of being deleted."""

    provider: Provider
    instance: str

    def path(self):
        return f"v1/instances/{self.instance}/{self.END}"

    def write(self, **values):
        self.provider("POST", self.path(), self.body(**values))
        return self.state()

    def destroy(self):
        self.provider("POST", self.path(), self.body(**self.RESET))

    def state(self):
        try:
            return self.of(self.provider.read(self.path()))
        except Gone:
            return None


class SsoConfiguration(Setting):
    END = "sso-configuration"
    RESET = {name: value for name, value in FRESH.items() if name != "session_configuration"} | {"age": "PT8H"}

    def body(self, age, **values):
        session = {"session_configuration": {"max_authentication_age": age}}
        return {"sso_configuration": values | session, "configuration_type": "APP_AUTHENTICATION_CONFIGURATION"}

    def of(self, told):
        told = told["sso_configuration"]
        names = ("mfa_mode", "no_mfa_signin_behavior", "no_password_signin_behavior")
        return {name: text(told[name]) for name in names} | {
            "allowed_mfa_types": [text(one) for one in told["allowed_mfa_types"]],
            "age": text(told["session_configuration"]["max_authentication_age"]),
        }


class MfaManagement(Setting):
    END = "mfa-devices/management-settings"
    RESET = {"user_permission": "ALL_ACTIONS", "identity_store_id": STORE}

    def body(self, **values):
        return values

    def of(self, told):
        return {name: text(told[name]) for name in ("identity_store_id", "user_permission")}


class Attributes(Setting):
    END = "access-control-attribute-configuration"

    def body(self, configuration):
        return {"instance_access_control_attribute_configuration": configuration}

    def update(self, configuration):
        self.provider("PUT", self.path(), self.body(configuration))
        return self.state()

    def destroy(self):
        self.provider("DELETE", self.path())

    def of(self, told):
        # What is not enabled is gone.
        if text(told.get("status") or "") != "ENABLED":
            return None
        found = told["instance_access_control_attribute_configuration"]["access_control_attributes"]
        return [(text(one["key"]), [text(source) for source in one["value"]["source"]]) for one in found]


# The stories


@pytest.mark.parametrize("alias", ["", "test"])
@pytest.mark.parametrize("region", [None, "cn-south-1"])
def test_an_instance(blank, region, alias):  # noqa: F811
    provider = Provider(blank)
    instance, registered = Instance(provider), RegisteredRegion(provider)
    assert (instance.status(), instance.state(), registered.state()) == ("disable", None, None)
    if region:
        assert registered.create(region) == registered.create(region) == {"region_id": region}
    state = instance.create(alias)
    # observed, in its acceptance test: no alias is an empty text, and the others are set.
    assert state["alias"] == alias and state["identity_store_id"] and state["instance_urn"]
    if region:
        assert registered.state() == {"region_id": region}
    if not alias:
        assert instance.update("test") == state | {"alias": "test"}
    # doc, not the provider: an alias is given once.
    with pytest.raises(Failed):
        instance.update("other")
    with pytest.raises(Failed):
        Instance(provider).create()
    assert instance.state() == state | {"alias": "test"}
    assert instance.destroy() == "gone" and instance.state() is None
    assert instance.destroy() == "gone already" and instance.status() == "disable"
    assert registered.state() is None

    again = Instance(provider)
    assert again.create()["alias"] == "" and again.id != instance.id
    assert instance.state() is None


def test_a_data_source(either):  # noqa: F811
    for account in (HUAWEI_MANAGEMENT, HUAWEI_DELEGATED):
        told = Provider(either, account).read(f"v1/instances/{INSTANCE}/identity-store-associations")
        first = told["identity_store_associations"][0]
        names = ("identity_store_id", "identity_store_type", "authentication_type", "status")
        assert [text(first[name]) for name in names] == [STORE, "UserPool", "DEFAULT", "ENABLED"]
        assert [text(one) for one in first["provisioning_type"]] == ["DEFAULT"]
        page = Provider(either, account).read("v1/instances")["page_info"]
        # sdk: its loops end at null; a count is a number.
        assert page == {"next_marker": None, "current_count": 1} and type(page["current_count"]) is int


# observed: the two steps of the acceptance test, and the way back.
def test_an_sso_configuration(either):  # noqa: F811
    resource = SsoConfiguration(Provider(either), INSTANCE)
    fresh = resource.state()
    second = {name: value for name, value in CHANGED.items() if name != "session_configuration"}
    second |= {"allowed_mfa_types": ["TOTP", "WEBAUTHN_SECURITY_KEY"], "age": "PT4H"}
    first = fresh | {"mfa_mode": "CONTEXT_AWARE", "no_mfa_signin_behavior": "ALLOWED_WITH_ENROLLMENT", "age": "PT12H"}
    for values in (first, second, second):
        assert resource.write(**values) == values
    resource.destroy()
    assert resource.state() == fresh == resource.RESET


def test_the_management_of_mfa_devices(either):  # noqa: F811
    resource = MfaManagement(Provider(either), INSTANCE)
    assert resource.state() == resource.RESET
    values = {"user_permission": "READ_ACTIONS", "identity_store_id": STORE}
    assert resource.write(**values) == values
    resource.destroy()
    assert resource.state() == resource.RESET


def test_access_control_attributes(either):  # noqa: F811
    resource = Attributes(Provider(either), INSTANCE)
    assert resource.state() is None
    assert resource.write(configuration=attributes(email="${user:email}")) == [("email", ["${user:email}"])]
    two = attributes(email="${user:name}", name="${path:emails[primary eq true].value}")
    assert resource.update(two) == [("email", ["${user:name}"]), ("name", ["${path:emails[primary eq true].value}"])]
    # It sends a list without an element where there is none.
    assert resource.update(attributes()) == []
    resource.destroy()
    assert resource.state() is None
    assert resource.write(configuration=attributes()) == []


# What was taken away behind its back is gone, of each resource, and not an error.
@pytest.mark.parametrize("kind", [SsoConfiguration, MfaManagement, Attributes], ids=lambda kind: kind.__name__)
def test_what_is_not_there_is_gone(either, kind):  # noqa: F811
    resource, instance = kind(Provider(either), INSTANCE), Instance(Provider(either), INSTANCE)
    Attributes(Provider(either), INSTANCE).write(configuration=attributes())
    assert resource.state() is not None and instance.state() is not None
    Cloud(either).DeleteIdentityCenter()
    assert resource.state() is None and instance.state() is None
    assert instance.destroy() == "gone already"
    neighbour(either)
    assert resource.state() is None and instance.state() is None


# 403 is not 404: what one may not see is not taken for gone.
def test_what_one_may_not_see_is_not_gone(either):  # noqa: F811
    for account in (HUAWEI_MEMBER, HUAWEI_DELEGATED):
        provider = Provider(either, account)
        own(either, "PATCH", f"accounts/{account}", standing="member")
        for kind in (SsoConfiguration, MfaManagement, Attributes, Instance):
            with pytest.raises(Failed) as caught:
                kind(provider, INSTANCE).state()
            assert caught.value.args[0] == 403
        with pytest.raises(Failed):
            Instance(provider).destroy()


# sdk: the provider's own look-ups, which read the first.
def test_its_look_ups(either):  # noqa: F811
    for account in (HUAWEI_MANAGEMENT, HUAWEI_MEMBER):
        provider = Provider(either, account)
        project = text(provider.read("v3/projects?name=cn-north-4")["projects"][0]["id"])
        same = provider.read(f"v3/projects?domain_id={account}&name=cn-north-4")["projects"]
        assert [one["id"] for one in same] == [project]
        (domain,) = provider.read("v3/auth/domains")["domains"]
        assert text(domain["id"]) == account and text(domain["name"])
        assert provider.read("v3/projects?name=nowhere")["projects"] == []


def test_a_wrong_secret(either, mode):  # noqa: F811
    provider = Provider(either, secret="other")
    if mode == "lenient":
        assert Instance(provider, INSTANCE).state()
        return
    with pytest.raises(Failed) as caught:
        Instance(provider, INSTANCE).state()
    assert caught.value.args[0] == 401
