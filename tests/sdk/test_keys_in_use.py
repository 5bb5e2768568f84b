"""Access keys in use: of seed files and directories, in either mode; and who may call the emulator's own paths."""

import socket
from dataclasses import replace

import pytest
import yaml
from aliyunsdkcore.acs_exception.exceptions import ServerException
from botocore.exceptions import ClientError
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

import program
import wire
from clients import AWS_MANAGEMENT, CORE_GET, HUAWEI_MANAGEMENT, SECRET, V3, Refusal, aws, huawei
from huawei_signer import Signer, accepted, call, made, refused
from test_huawei import FRESH, read
from test_keys import ENDED, VENDORS, ask, each_vendor, make, public

DEFAULT = program.REPOSITORY / "src" / "seed" / "default.yaml"
TOKEN = "admin-token-of-the-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


# One read by each vendor's SDK; the secret is that of the seed.
CALLS = {
    "aws": lambda server, key: aws(server.url, key).describe_instance(
        InstanceArn="arn:aws:sso:::instance/ssoins-1111111111111111"
    ),
    "alibaba": lambda server, key: V3(server, key, "GetMFAAuthenticationSettingInfo", DirectoryId="d-001111111111"),
    "huawei": lambda server, key: read(huawei(server, key)),
}
REFUSALS = (ClientError, Refusal, ClientRequestException, ServerException)


def seed(tmp_path, keys):
    """A seed file: `default`, with these keys too at the management accounts."""
    world = yaml.safe_load(DEFAULT.read_text())
    for vendor in VENDORS:
        manager = world[vendor]["organizations"][0]["accounts"][0]
        manager["access_keys"] += [key | {"secret": SECRET} for key in keys]
    path = tmp_path / "seed.yaml"
    path.write_text(yaml.safe_dump(world))
    return path


# Seed files

SEEDED = [
    {"id": "on", "status": "active"},
    {"id": "off", "status": "inactive"},
    {"id": "with-token", "session_token": "a-token-of-the-test", "expires_at": "2099-01-01T00:00:00Z"},
    {"id": "without-end", "session_token": "another-token-of-the-test"},
    {"id": "ended", "session_token": "an-ended-token-of-the-test"} | ENDED,
]


def test_keys_of_a_seed_file(start, tmp_path):
    server = start("--auth", "strict", "--seed", seed(tmp_path, SEEDED))
    for vendor, accounts in VENDORS.items():
        for given in SEEDED:
            shown = {"status": "active"} | given | {"vendor": vendor, "account": accounts[0]}
            shown["temporary"] = "session_token" in given
            assert server.keys("GET", f"/{given['id']}?vendor={vendor}") == public(shown)
        CALLS[vendor](server, "on")
        # A key with a token is of no use without.
        for key in ("off", "with-token", "without-end", "ended"):
            with pytest.raises(REFUSALS):
                CALLS[vendor](server, key)
    message = call(server, x_security_token="a-token-of-the-test")
    assert accepted(server, Signer("with-token", SECRET).sign(message)) == {"sso_configuration": FRESH}
    message = call(server, x_security_token="another-token-of-the-test")
    assert accepted(server, Signer("without-end", SECRET).sign(message)) == {"sso_configuration": FRESH}
    message = call(server, x_security_token="an-ended-token-of-the-test")
    assert refused(server, Signer("ended", SECRET).sign(message)) == "token expires, expires_at: 2020-01-01T00:00:00Z"
    assert "err:ak is inactive" in refused(server, Signer("off", SECRET).sign(call(server)))


@pytest.mark.parametrize(
    "key",
    [
        {"id": "x", "status": "geheim"},
        {"id": "x", "expires_at": "geheim"},
        {"id": "x", "session_token": ""},
        {"id": "x", "colour": "geheim"},
    ],
    ids=str,
)
def test_a_malformed_key_of_a_seed_file_is_told(tmp_path, key):
    done = program.run("serve", "--listen", "127.0.0.1:0", "--seed", seed(tmp_path, [key]))
    assert done.returncode == 2 and "access_keys" in done.stderr


@each_vendor
def test_a_key_that_is_switched_off_is_refused_by_each_vendor(strict, vendor):
    key = make(strict, vendor, id="a-key-of-ours", secret=SECRET)["id"]
    CALLS[vendor](strict, key)
    strict.keys("PATCH", f"/{key}", status="inactive")
    with pytest.raises(REFUSALS):
        CALLS[vendor](strict, key)
    strict.keys("PATCH", f"/{key}", status="active")
    CALLS[vendor](strict, key)
    strict.keys("DELETE", f"/{key}")
    with pytest.raises(REFUSALS):
        CALLS[vendor](strict, key)


# Directories


def test_keys_survive_a_restart(start, tmp_path):
    before = start("--auth", "strict", "--data-dir", tmp_path)
    signer, key = made(before, temporary=True, expires_at="2099-01-01T00:00:00Z")
    off, _ = made(before, status="inactive")
    before.keys("DELETE", f"/{AWS_MANAGEMENT}")
    keys = before.keys("GET")
    before.stop()

    after = start("--auth", "strict", "--data-dir", tmp_path)
    assert after.keys("GET") == keys
    accepted(after, signer.sign(call(after, x_security_token=key["session_token"])))
    assert "err:ak is inactive" in refused(after, off.sign(call(after)))
    with pytest.raises(ClientError):
        CALLS["aws"](after, AWS_MANAGEMENT)


# Lenient


@each_vendor
@pytest.mark.parametrize("status", ["active", "inactive"])
@pytest.mark.parametrize("more", [{}, {"session_token": "a-token"}, {"session_token": "a-token"} | ENDED, ENDED])
def test_a_lenient_server_refuses_no_key(world, vendor, status, more):
    key = make(world, vendor, secret="another-secret", status=status, **more)
    CALLS[vendor](world, key["id"])
    world.keys("DELETE", f"/{key['id']}")
    # README: deleted it is unknown, and stands for an account; at AWS for one that stands alone.
    if vendor == "aws":
        with pytest.raises(ClientError, match="arn:aws:iam::000000000000:root is not authorized"):
            CALLS[vendor](world, key["id"])
    else:
        CALLS[vendor](world, key["id"])


def test_a_lenient_server_needs_no_nonce_and_no_true_clock(world):
    with wire.recorder() as recording:
        CORE_GET(recording, "1" * 16, "GetMFAAuthenticationSettingInfo", DirectoryId="d-001111111111")
    (message,) = recording.messages
    pairs = message.target.partition(b"?")[2].split(b"&")
    for name in (b"SignatureNonce", b"Timestamp", b"Signature"):
        kept = [pair for pair in pairs if not pair.startswith(name + b"=")]
        assert len(kept) == len(pairs) - 1
        assert wire.send(world, replace(message, target=b"/?" + b"&".join(kept))).status == 200
    for date in ("20200101T000000Z", "never"):
        accepted(world, Signer(HUAWEI_MANAGEMENT, "other").sign(call(world, date=date)))


# Who may call the emulator's own paths


PATHS = (
    ("GET", "/_sanmen/info"),
    ("GET", "/_sanmen/keys"),
    ("GET", f"/_sanmen/keys/{HUAWEI_MANAGEMENT}"),
    ("GET", "/_sanmen/openapi/admin.yaml"),
    ("PATCH", f"/_sanmen/keys/{HUAWEI_MANAGEMENT}"),
    ("POST", "/_sanmen/keys"),
    ("DELETE", f"/_sanmen/keys/{HUAWEI_MANAGEMENT}"),
    ("POST", "/_sanmen/reset"),
    ("GET", "/_sanmen/nothing"),
)
GOOD = {"vendor": "huawei", "account": HUAWEI_MANAGEMENT}


@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_an_admin_token_is_asked_for(start, mode):
    server = start("--auth", mode, "--admin-token", TOKEN)
    for method, path in PATHS:
        for headers in (
            {},
            {"Authorization": "Bearer other"},
            {"Authorization": f"Bearer {TOKEN}x"},
            {"Authorization": f"Bearer {TOKEN[:-1]}"},
            {"Authorization": "Bearer "},
            {"Authorization": TOKEN},
            {"Authorization": f"Basic {TOKEN}"},
            {"X-Admin-Token": TOKEN},
        ):
            answer = ask(server, method, path, GOOD if method == "POST" else {}, **headers)
            assert answer.status == 401 and answer.headers["www-authenticate"].startswith("Bearer")
            assert TOKEN not in answer.error()
    for method, path in PATHS:
        # The name by which it is called does not matter any more.
        for host in (None, "sso.example"):
            answer = ask(server, method, path, GOOD if method == "POST" else {}, host, **BEARER)
            assert answer.status not in (401, 403), (method, path, answer)
    assert ask(server, "GET", "/_sanmen/keys", **BEARER).status == 200
    for path in ("/healthz", "/readyz"):
        assert ask(server, "GET", path).status == 200
    assert TOKEN not in server.logged()
    # Not a thing of the vendors' calls.
    assert read(huawei(server)) == FRESH


# RFC 9110: the name of the scheme is the same in either case.
def test_the_scheme_has_no_case(start):
    server = start("--admin-token", TOKEN)
    assert ask(server, "GET", "/_sanmen/info", Authorization=f"bearer {TOKEN}").status == 200


# Without a token, a web page on this machine cannot call them.
@pytest.mark.parametrize("method, path", PATHS)
def test_without_a_token_the_host_is_looked_at(strict, method, path):
    assert ask(strict, method, path, GOOD if method == "POST" else {}, "sso.example").status == 403


def own_address():
    """An address of this machine that others can reach; None when it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith(("127.", "0.")) else address


@pytest.mark.skipif(own_address() is None, reason="this machine has a loopback address only")
def test_a_strict_server_answers_this_machine_only(start):
    server, address = start("--auth", "strict", listen="0.0.0.0:0"), own_address()
    for method, path in PATHS:
        for host in ("localhost", "127.0.0.1", address):
            answer = ask(server, method, path, GOOD if method == "POST" else {}, host, address)
            assert answer.status == 403 and answer.error()
    # What a proxy says of the caller is not asked.
    forwarded = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1"}
    assert ask(server, "GET", "/_sanmen/keys", None, "localhost", address, **forwarded).status == 403
    # A guess at a token that is not asked for opens nothing.
    assert ask(server, "GET", "/_sanmen/keys", None, "localhost", address, Authorization="Bearer ").status == 403
    for path in ("/healthz", "/readyz"):
        assert ask(server, "GET", path, None, None, address).status == 200
    assert ask(server, "GET", "/_sanmen/keys", None, "localhost").status == 200


@pytest.mark.skipif(own_address() is None, reason="this machine has a loopback address only")
def test_with_a_token_others_may_call(start):
    server, address = start("--auth", "strict", "--admin-token", TOKEN, listen="0.0.0.0:0"), own_address()
    assert ask(server, "GET", "/_sanmen/keys", None, None, address).status == 401
    assert ask(server, "GET", "/_sanmen/keys", None, "sso.example", address, **BEARER).status == 200
    assert "keys" in ask(server, "GET", "/_sanmen/keys", None, None, **BEARER).json()
