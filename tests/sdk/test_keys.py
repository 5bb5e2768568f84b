"""Access keys while the server runs: /_sanmen/keys makes, shows, changes and deletes them, at all three vendors."""

import http.client
import json
import re
from dataclasses import dataclass

import pytest

from clients import ALIBABA_MANAGEMENT, ALIBABA_MEMBER, AWS_MANAGEMENT, AWS_MEMBER
from clients import HUAWEI_MANAGEMENT, HUAWEI_MEMBER, huawei
from huawei_signer import call, made, refused
from test_huawei import FRESH, read

VENDORS = {
    "aws": (AWS_MANAGEMENT, AWS_MEMBER),
    "alibaba": (ALIBABA_MANAGEMENT, ALIBABA_MEMBER),
    "huawei": (HUAWEI_MANAGEMENT, HUAWEI_MEMBER),
}
ENDED = {"expires_at": "2020-01-01T00:00:00Z"}

each_vendor = pytest.mark.parametrize("vendor", VENDORS)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    text: str

    def json(self):
        return json.loads(self.text)

    def error(self):
        """The sentence of a refusal."""
        body = self.json()
        assert list(body) == ["error"] and body["error"]
        return body["error"]


def ask(server, method, path="/_sanmen/keys", body=None, host=None, address="127.0.0.1", **headers):
    """One call of the emulator's own paths, whatever comes of it; a body that is no text is sent as JSON."""
    connection = http.client.HTTPConnection(address, server.port, timeout=30)
    data = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
    try:
        connection.request(method, path, data, {"Host": host or server.address, **headers})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read().decode())
    finally:
        connection.close()


def make(server, vendor, **more):
    return server.keys("POST", vendor=vendor, **{"account": VENDORS[vendor][0]} | more)


def ids(server, query=""):
    return [key["id"] for key in server.keys("GET", query)["keys"]]


def public(key):
    """What is shown of a key after it was made."""
    return {name: value for name, value in key.items() if name not in ("secret", "session_token")}


# Making, and looking


@each_vendor
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
def test_secrets_are_shown_once(strict, vendor, temporary):
    answer = ask(strict, "POST", body={"vendor": vendor, "account": VENDORS[vendor][0], "temporary": temporary})
    assert answer.status == 201 and answer.headers["cache-control"] == "no-store"
    key = answer.json()
    assert public(key) == {
        "vendor": vendor,
        "id": key["id"],
        "account": VENDORS[vendor][0],
        "status": "active",
        "temporary": temporary,
    }
    secrets = [key["secret"], *([key["session_token"]] if temporary else [])]
    assert all(secrets) and ("session_token" in key) == temporary
    assert strict.keys("GET", f"/{key['id']}") == public(key)
    assert public(key) in strict.keys("GET")["keys"]
    for path in ("/_sanmen/keys", f"/_sanmen/keys/{key['id']}", f"/_sanmen/keys?vendor={vendor}", "/_sanmen/info"):
        text = ask(strict, "GET", path).text
        assert not [secret for secret in secrets if secret in text]
    assert not [secret for secret in secrets if secret in strict.logged()]


# doc: the prefixes of each vendor's ids.
@pytest.mark.parametrize(
    "vendor, temporary, form",
    [
        ("aws", False, "AKIA[A-Z2-7]{16}"),
        ("aws", True, "ASIA[A-Z2-7]{16}"),
        ("alibaba", False, "LTAI[0-9A-Za-z]{12,20}"),
        ("alibaba", True, r"STS\.[0-9A-Za-z]+"),
        ("huawei", False, "[0-9A-Z]{20}"),
        ("huawei", True, "[0-9A-Z]{20}"),
    ],
)
def test_ids_look_as_the_vendors_do(strict, vendor, temporary, form):
    keys = [make(strict, vendor, temporary=temporary) for _ in range(4)]
    assert all(re.fullmatch(form, key["id"]) for key in keys)
    for member in ("id", "secret", *(["session_token"] if temporary else [])):
        assert len({key[member] for key in keys}) == 4


@each_vendor
def test_what_is_given_is_taken(strict, vendor):
    given = {
        "id": "a.key-of_ours",
        "secret": "a+secret.of_ours",
        "session_token": "a+token.of_ours",
        "status": "inactive",
        "expires_at": "2030-01-02T03:04:05Z",
    }
    key = make(strict, vendor, **given)
    # A token makes it a temporary one.
    assert key == given | {"vendor": vendor, "account": VENDORS[vendor][0], "temporary": True}
    assert strict.keys("GET", "/a.key-of_ours") == public(key)


# doc: as AWS issues them; all of these are in base64.
@each_vendor
@pytest.mark.parametrize(
    "member, value",
    [
        ("secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("session_token", "IQoJb3JpZ2luX2VjEA8aCXVzLWVhc3QtMSJ+/A=="),
    ],
)
def test_secrets_and_tokens_may_be_base64(strict, vendor, member, value):
    answer = ask(strict, "POST", body={"vendor": vendor, "account": VENDORS[vendor][0], member: value})
    assert answer.status == 201, answer.text
    assert answer.json()[member] == value


@pytest.mark.parametrize("moment", ["2030-01-02T11:04:05+08:00", "2030-01-02T03:04:05.000Z"])
def test_a_moment_is_told_in_utc(strict, moment):
    assert make(strict, "huawei", expires_at=moment)["expires_at"] == "2030-01-02T03:04:05Z"


def test_never_is_no_moment(strict):
    assert "expires_at" not in make(strict, "huawei", expires_at="never")


def test_keys_are_listed_by_vendor_and_account(strict):
    seeded = {vendor: ids(strict, f"?vendor={vendor}") for vendor in VENDORS}
    assert [len(found) for found in seeded.values()] == [4, 4, 4] and sum(seeded.values(), []) == ids(strict)
    key = make(strict, "huawei", account=HUAWEI_MEMBER)["id"]
    assert sorted(ids(strict, f"?account={HUAWEI_MEMBER}")) == sorted([HUAWEI_MEMBER, key])
    assert ids(strict, f"?vendor=huawei&account={HUAWEI_MEMBER}") == ids(strict, f"?account={HUAWEI_MEMBER}")
    assert ids(strict, f"?vendor=aws&account={HUAWEI_MEMBER}") == ids(strict, "?account=nobody") == []
    assert ids(strict, "?vendor=aws") == seeded["aws"]


# What is refused

GOOD = {"vendor": "huawei", "account": HUAWEI_MANAGEMENT}
MALFORMED = {
    "an unknown member": GOOD | {"colour": "geheim"},
    "an unknown vendor": GOOD | {"vendor": "geheim"},
    "a vendor in capitals": GOOD | {"vendor": "HUAWEI"},
    "no vendor": {"account": HUAWEI_MANAGEMENT},
    "no account": {"vendor": "huawei"},
    "a bad status": GOOD | {"status": "geheim"},
    "a bad moment": GOOD | {"expires_at": "geheim"},
    "a moment without a zone": GOOD | {"expires_at": "2030-01-01T00:00:00"},
    "a moment that is a number": GOOD | {"expires_at": 1893456000},
    "a token of a permanent key": GOOD | {"session_token": "geheim", "temporary": False},
    "an id with a comma": GOOD | {"id": "geheim,1"},
    "an id with a semicolon": GOOD | {"id": "geheim;1"},
    "an id with a space": GOOD | {"id": "geheim 1"},
    "an id with a line break": GOOD | {"id": "geheim\n1"},
    "an id beyond ASCII": GOOD | {"id": "geheim实"},
    "an empty id": GOOD | {"id": ""},
    "an empty secret": GOOD | {"secret": ""},
    "an empty token": GOOD | {"session_token": ""},
    "a secret that is a number": GOOD | {"secret": 4711},
    "a text for a truth": GOOD | {"temporary": "geheim"},
    "a list": ["geheim"],
    "no JSON": '{"secret": "geheim',
    "nothing": "",
    "a member twice": '{"vendor": "huawei", "account": "geheim", "account": "geheim"}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_body_is_refused_and_not_repeated(strict, body):
    before = strict.keys("GET")
    answer = ask(strict, "POST", body=body)
    assert answer.status == 400
    assert "geheim" not in answer.error() and "geheim" not in str(answer.headers) and "4711" not in answer.error()
    assert strict.keys("GET") == before
    assert "geheim" not in strict.logged()


MALFORMED_CHANGES = {
    "a bad status": {"status": "geheim"},
    "a bad moment": {"expires_at": "geheim"},
    "another secret": {"secret": "geheim"},
    "another id": {"id": "geheim"},
    "another account": {"account": HUAWEI_MEMBER},
    "a list": ["geheim"],
    "no JSON": "geheim",
}


@pytest.mark.parametrize("body", MALFORMED_CHANGES.values(), ids=MALFORMED_CHANGES.keys())
def test_a_malformed_change_changes_nothing(strict, body):
    before = strict.keys("GET")
    answer = ask(strict, "PATCH", f"/_sanmen/keys/{HUAWEI_MANAGEMENT}", body)
    assert answer.status == 400 and "geheim" not in answer.error()
    assert strict.keys("GET") == before


def test_what_is_not_there_is_not_found(strict):
    assert ask(strict, "POST", body=GOOD | {"account": "9" * 32}).status == 404
    # An account of another vendor is none.
    assert ask(strict, "POST", body=GOOD | {"account": AWS_MANAGEMENT}).status == 404
    for method, body in (("GET", None), ("PATCH", {"status": "inactive"}), ("DELETE", None)):
        for path in ("/nobody", "/nobody?vendor=aws", f"/{HUAWEI_MANAGEMENT}?vendor=aws"):
            answer = ask(strict, method, f"/_sanmen/keys{path}", body)
            assert answer.status == 404 and answer.error()


@pytest.mark.parametrize("query", ["?vendor=geheim", "?colour=geheim"])
def test_an_unknown_filter_is_refused(strict, query):
    for path in ("", f"/{HUAWEI_MANAGEMENT}"):
        answer = ask(strict, "GET", f"/_sanmen/keys{path}{query}")
        assert answer.status == 400 and "geheim" not in answer.error()


@pytest.mark.parametrize("method, path", [("PUT", ""), ("DELETE", ""), ("PATCH", ""), ("PUT", "/x"), ("POST", "/x")])
def test_another_method_is_refused(strict, method, path):
    answer = ask(strict, method, f"/_sanmen/keys{path}", {})
    assert answer.status == 405 and answer.headers["allow"]


@each_vendor
def test_an_id_is_taken_once_at_a_vendor(strict, vendor):
    first = make(strict, vendor, id="taken")
    for account in VENDORS[vendor]:
        answer = ask(strict, "POST", body={"vendor": vendor, "account": account, "id": "taken"})
        assert answer.status == 409 and answer.error()
    assert strict.keys("GET", "/taken") == public(first)


def test_an_id_at_two_vendors_needs_the_vendor(strict):
    keys = {vendor: public(make(strict, vendor, id="shared")) for vendor in ("aws", "huawei")}
    for method, body in (("GET", None), ("PATCH", {"status": "inactive"}), ("DELETE", None)):
        answer = ask(strict, method, "/_sanmen/keys/shared", body)
        assert answer.status == 409 and "vendor" in answer.error()
    changed = strict.keys("PATCH", "/shared?vendor=aws", status="inactive")
    assert changed == keys["aws"] | {"status": "inactive"}
    assert strict.keys("GET", "/shared?vendor=huawei") == keys["huawei"]
    assert ask(strict, "DELETE", "/_sanmen/keys/shared?vendor=aws").status == 204
    assert strict.keys("GET", "/shared") == keys["huawei"]


# Changing, and deleting


@each_vendor
def test_a_key_is_changed_and_deleted(strict, vendor):
    key = public(make(strict, vendor))
    path = f"/{key['id']}"
    assert strict.keys("PATCH", path, status="inactive") == key | {"status": "inactive"}
    assert strict.keys("PATCH", path, **ENDED) == key | {"status": "inactive"} | ENDED
    assert strict.keys("GET", path) == key | {"status": "inactive"} | ENDED
    assert strict.keys("PATCH", path, status="active", expires_at="never") == key
    answer = ask(strict, "DELETE", f"/_sanmen/keys{path}")
    assert (answer.status, answer.text) == (204, "")
    assert ask(strict, "GET", f"/_sanmen/keys{path}").status == 404
    # Its id is free.
    assert make(strict, vendor, id=key["id"])["id"] == key["id"]


def test_a_reset_takes_back_what_was_made_changed_and_deleted(strict):
    before = strict.keys("GET")
    signer, _ = made(strict)
    strict.keys("PATCH", f"/{HUAWEI_MANAGEMENT}", status="inactive")
    strict.keys("DELETE", f"/{HUAWEI_MEMBER}")
    strict.reset()
    assert strict.keys("GET") == before
    assert read(huawei(strict)) == FRESH
    assert "ak not exist" in refused(strict, signer.sign(call(strict)))
