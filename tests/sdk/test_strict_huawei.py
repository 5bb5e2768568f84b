"""Huawei Cloud with `--auth strict`: whose signature is taken, and how each other is refused."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

import wire
from clients import AWS_MANAGEMENT, HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, SECRET, huawei
from huawei_signer import BODY, DECRYPT, DERIVED, PLAIN, PREFIX, SM3, VERIFY
from huawei_signer import Signer, accepted, call, made, refused, stamp, unknown
from test_huawei import FRESH, INSTANCE, PATH, read, write

UNSIGNED = "UNSIGNED-PAYLOAD"
MANAGER = Signer(HUAWEI_MANAGEMENT, SECRET)
V11 = replace(MANAGER, algorithm=DERIVED)

# The vendor's SDK


# sdk: names an account or not, and signs in one way or the other; all of it goes into X-headers that are signed.
@pytest.mark.parametrize("derived", [False, True], ids=["SDK", "V11"])
@pytest.mark.parametrize("domain", [None, HUAWEI_MANAGEMENT], ids=["no-domain", "domain"])
@pytest.mark.parametrize("kind", ["seed", "made", "temporary"])
def test_the_sdk_reads_and_writes(strict, kind, domain, derived):
    more = {"domain": domain, "derived": derived}
    if kind != "seed":
        key = strict.keys("POST", vendor="huawei", account=HUAWEI_MANAGEMENT, temporary=kind == "temporary")
        more |= {"key": key["id"], "secret": key["secret"], "token": key.get("session_token")}
        assert (kind == "temporary") == bool(more["token"])
    seen = []
    client = huawei(strict, seen=seen, **more)
    assert read(client) == FRESH
    write(client, {"mfa_mode": "DISABLED"})
    assert read(client) == FRESH | {"mfa_mode": "DISABLED"}
    assert all(
        answer.request.headers["Authorization"].startswith("V11-HMAC-SHA256 Credential=" if derived else "SDK-HMAC-")
        for answer in seen
    )


# The account is the key's. sdk and Terraform: ids of projects and domains are beside the point.
@pytest.mark.parametrize("domain", [None, HUAWEI_MANAGEMENT, "f" * 32])
def test_the_key_says_who_calls(strict, domain):
    assert read(huawei(strict, HUAWEI_DELEGATED, domain=domain)) == FRESH
    with pytest.raises(ClientRequestException) as caught:
        read(huawei(strict, HUAWEI_MEMBER, domain=domain))
    assert (caught.value.status_code, caught.value.error_code) == (403, "IIC.1000")


def test_the_sdk_raises_the_refusal(strict):
    seen = []
    with pytest.raises(ClientRequestException) as caught:
        read(huawei(strict, seen=seen, secret="other"))
    error = caught.value
    assert (error.status_code, error.error_code, error.error_msg) == (401, "APIGW.0301", PREFIX + VERIFY)
    assert error.request_id == seen[0].json()["request_id"]


# What is signed. First this suite's own signer: vectors made with the SDK's.

VECTOR = Signer("AKEXAMPLE", "SKEXAMPLE")
VECTOR_V11 = replace(VECTOR, algorithm=DERIVED)
VECTOR_SM3 = replace(VECTOR, algorithm=SM3)
DOMAIN = {"x_domain_id": "0123456789abcdef0123456789abcdef"}
TOKEN = {"x_security_token": "TOK"}
SESSION = BODY.replace(b"PT1H", b"PT8H")
LIST = "/v1/instances"
LIMIT = "/v1/instances?limit=10"
WRITE = "/v1/instances/ins-0123456789abcdef/sso-configuration"
TAGS = "/v1/instances/identitycenter%3Apermissionset/ps-0123456789abcdef/tags?limit=5&marker=a%20b"
VECTORS = {
    "a query": (VECTOR, "GET", LIMIT, DOMAIN, b"", "10fe2dea94eff04512b18f59d79743c15c86e27c3149462fdda3ceacd36989f1"),
    "a body": (VECTOR, "POST", WRITE, {}, SESSION, "054505c9ca952442510998970b90b1ec73a568d26f0cba2fac32db4b267a4823"),
    "a token": (VECTOR, "GET", TAGS, TOKEN, b"", "b1e585778716ce5677a7c41c8bc5ca902e16a857e1acb3278e7df41966b1173c"),
    "V11": (VECTOR_V11, "GET", LIST, {}, b"", "82055209bbd4d9b490184626917abc052874e824394e70829688e4067ab8936d"),
    "SM3": (VECTOR_SM3, "GET", LIST, {}, b"", "6f3d4b92f32a1679e9de558872c781f3927ae3a899d1a73c5efa7af07cefd5e7"),
}


@pytest.mark.parametrize("signer, method, target, headers, body, signature", VECTORS.values(), ids=VECTORS.keys())
def test_the_suites_signer_signs_as_the_sdk_does(signer, method, target, headers, body, signature):
    if signer.algorithm == SM3 and "sm3" not in hashlib.algorithms_available:
        pytest.skip("this Python has no SM3")

    class Example:
        address = "127.0.0.1:8080"

    message = call(Example, method, target, body, date="20250101T000000Z", **headers)
    assert signer.signature(message) == signature


# sdk and Terraform: which headers the other clients sign.
CHOICES = {
    "Python": ("content-type;host;user-agent;x-domain-id;x-sdk-date", True),
    "Java": ("host;user-agent;x-domain-id;x-sdk-date", True),
    "Go": ("user-agent;x-domain-id;x-sdk-date", True),
    "Terraform": ("accept;content-type;user-agent;x-sdk-date", False),
    "the least": ("x-sdk-date", False),
}


@pytest.mark.parametrize("algorithm", [PLAIN, DERIVED])
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
@pytest.mark.parametrize("names, with_token", CHOICES.values(), ids=CHOICES.keys())
def test_clients_choose_what_they_sign(strict, names, with_token, temporary, algorithm):
    signer, key = made(strict, temporary=temporary)
    names = names + ";x-security-token" * (with_token and temporary)
    more = {"accept": "application/json", "user_agent": "golangsdk/2.0.0", "x_domain_id": "0" * 32}
    message = call(strict, "POST", PATH, BODY, x_security_token=key.get("session_token"), x_project_id="f" * 32, **more)
    signer = replace(signer, names=names, algorithm=algorithm)
    accepted(strict, signer.sign(message))
    assert read(huawei(strict))["session_configuration"] == {"max_authentication_age": "PT1H"}


# sdk: the region of a client of a region, or `globe`; the name is any service's.
@pytest.mark.parametrize("place", ["globe/identitycenter", "cn-north-4/identitycenter", "globe/iam"])
def test_a_derived_key_is_of_a_region_and_a_service(strict, place):
    signer = replace(V11, place=place)
    assert accepted(strict, signer.sign(call(strict))) == {"sso_configuration": FRESH}


# Signed in the first form, sent in the second; what is signed is the same.
SAME = {
    "a colon": ("/v1/instances/a%3Ab/sso-configuration", "/v1/instances/a:b/sso-configuration"),
    "a raw colon": ("/v1/instances/a:b/sso-configuration", "/v1/instances/a%3ab/sso-configuration"),
    "a plus in the path": ("/v1/instances/a%2Bb/sso-configuration", "/v1/instances/a+b/sso-configuration"),
    "signs in the path": ("/v1/instances/a~b%2A/sso-configuration", "/v1/instances/a%7Eb*/sso-configuration"),
    "letters": ("/v1/instances/%E5%AE%9E/sso-configuration", "/v1/instances/%e5%ae%9e/sso-configuration"),
    "another order": (f"{PATH}?a=1&b=2&c=3", f"{PATH}?c=3&a=1&b=2"),
    "values in another order": (f"{PATH}?a=1&a=2&a=10", f"{PATH}?a=2&a=10&a=1"),
    "the same twice": (f"{PATH}?a=1&a=1", f"{PATH}?a=1&a=1"),
    "a space": (f"{PATH}?marker=a%20b", f"{PATH}?marker=a+b"),
    "a plus": (f"{PATH}?marker=a%2Bb", f"{PATH}?marker=a%2bb"),
    "a name alone": (f"{PATH}?b=&a=1", f"{PATH}?a=1&b"),
    # By the name, not by the pair: `-` comes before `=`.
    "a name that begins as another": (f"{PATH}?a=1&a-b=2", f"{PATH}?a-b=2&a=1"),
    # sdk: sorted as they are, not as they are encoded.
    "an encoded name": (f"{PATH}?a0=1&a%3A=2", f"{PATH}?a%3A=2&a0=1"),
    "an encoded value": (f"{PATH}?a=0&a=%3A", f"{PATH}?a=:&a=0"),
    "signs in a value": (f"{PATH}?a=~%21%2A%27%28%29", f"{PATH}?a=%7E!*'()"),
    "an equals sign in a value": (f"{PATH}?a=b%3Dc", f"{PATH}?a=b=c"),
}


@pytest.mark.parametrize("signed, sent", SAME.values(), ids=SAME.keys())
def test_one_canonical_form_has_several_on_the_wire(strict, signed, sent):
    first, second = (MANAGER.sign(call(strict, target=target)) for target in (signed, sent))
    assert first.header(b"authorization") == second.header(b"authorization")
    # Ids that are none, and parameters that come twice, are refused by the service, once the caller is known.
    assert {wire.send(strict, first).status, wire.send(strict, second).status} <= {200, 400}
    assert refused(strict, replace(MANAGER, secret="other").sign(call(strict, target=sent))) == VERIFY


# What is not the same after all.
@pytest.mark.parametrize(
    "signed, sent",
    [
        (f"{PATH}?a=b%20c", f"{PATH}?a=b%2Bc"),
        (f"{PATH}?a=1", f"{PATH}?a=1&a=1"),
        (f"{PATH}?a=1", PATH),
        (f"{PATH}?a=1", f"{PATH}?A=1"),
        (f"{PATH}?a=%253A", f"{PATH}?a=%3A"),
        (f"/v1/instances/{INSTANCE}/sso-configuration", "/v1/instances/ins-1111111111111112/sso-configuration"),
    ],
)
def test_another_form_is_another_signature(strict, signed, sent):
    message = MANAGER.sign(call(strict, target=signed))
    moved = replace(message, target=sent.encode())
    assert refused(strict, moved) == VERIFY


# doc: values are trimmed at their ends. sdk: bytes beyond ASCII are signed as they are sent.
@pytest.mark.parametrize("value", ["a  b", " a ", "实例", "a,b;c=d", ""])
def test_values_of_headers_are_signed_as_they_are(strict, value):
    accepted(strict, MANAGER.sign(call(strict, user_agent=value)))


# Terraform: JSON that ends with a line break. sdk: JSON with other spaces.
def test_the_hash_is_of_the_bytes(strict):
    for body in (BODY, BODY + b"\n", BODY.replace(b" ", b""), b" " + BODY.replace(b": ", b" :\t")):
        accepted(strict, MANAGER.sign(call(strict, "POST", PATH, body)))


# X-Sdk-Content-Sha256


def hashed(server, value, kind, body=BODY, payload=None):
    method = "POST" if body else "GET"
    message = call(server, method, PATH, body, content_type=kind, x_sdk_content_sha256=value)
    return replace(MANAGER, payload=payload or value).sign(message)


# doc: a body that is not signed. sdk: what is sent for what is neither JSON nor BSON.
@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "application/xml"])
def test_a_body_of_another_type_need_not_be_signed(strict, kind):
    message = hashed(strict, UNSIGNED, kind)
    for body in (BODY, BODY.replace(b"PT1H", b"PT2H")):
        assert wire.send(strict, replace(message, body=body)).status != 401


@pytest.mark.parametrize("kind", ["application/json", "application/json;charset=UTF-8", "application/bson"])
def test_json_must_be_signed(strict, kind):
    assert refused(strict, hashed(strict, UNSIGNED, kind)) == VERIFY


# sdk: Go signs the header's value, Python the hash of nothing.
@pytest.mark.parametrize("payload", [UNSIGNED, hashlib.sha256().hexdigest()], ids=["value", "hash"])
def test_an_empty_body_is_hashed_in_two_ways(strict, payload):
    accepted(strict, hashed(strict, UNSIGNED, "text/plain", b"", payload))


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_hash_in_the_header_is_the_bodys(strict, kind):
    right, wrong = hashlib.sha256(BODY).hexdigest(), hashlib.sha256(b"other").hexdigest()
    assert refused(strict, hashed(strict, wrong, kind)) == VERIFY
    assert wire.send(strict, hashed(strict, right, kind)).status != 401
    assert refused(strict, replace(hashed(strict, right, kind), body=SESSION)) == VERIFY


# sdk: where the header is, its value is what was signed.
@pytest.mark.parametrize("value", [hashlib.sha256(b"other").hexdigest(), UNSIGNED], ids=["hash", "unsigned"])
def test_the_header_stands_for_the_hash(strict, value):
    message = hashed(strict, value, "text/plain", payload=hashlib.sha256(BODY).hexdigest())
    assert refused(strict, message) == VERIFY


# The clock. doc: more than 15 minutes of difference are refused.


@pytest.mark.parametrize("algorithm", [PLAIN, DERIVED])
@pytest.mark.parametrize("sign", [1, -1], ids=["behind", "ahead"])
def test_a_clock_may_be_15_minutes_off(strict, sign, algorithm):
    signer = replace(MANAGER, algorithm=algorithm)
    accepted(strict, signer.sign(call(strict, date=stamp(sign * timedelta(minutes=14, seconds=50)))))
    for ago in (timedelta(minutes=15, seconds=2), timedelta(days=1), timedelta(days=365)):
        date = stamp(sign * ago)
        detail = refused(strict, signer.sign(call(strict, date=date)))
        # observed: java-v3#44.
        assert re.fullmatch(
            rf"calc aksk signature fail:signature expired, signature time:{date},server time:\d{{8}}T\d{{6}}Z", detail
        )


# The refusals


def authorized(value):
    return lambda server: call(server, authorization=value)


def edited(pattern, replacement, signer=MANAGER):
    """Signed, and then with something else in Authorization."""

    def build(server):
        message = signer.sign(call(server))
        value = message.header(b"authorization").decode()
        changed = re.sub(pattern, replacement, value)
        assert changed != value
        return message.with_header(b"authorization", changed.encode())

    return build


def signs(signer=MANAGER, **more):
    return lambda server: signer.sign(call(server, **more))


def dated(date, signer=MANAGER):
    """Signed with this date, or with none at all."""

    def build(server):
        return signer.sign(call(server).with_header(b"x-sdk-date", date))

    return build


NO_ACCESS = "Access or Credential is empty in Authorization"
NOBODY = Signer("AKNOBODY", SECRET)
REFUSALS = {
    # observed: nothing at all. doc: a token, which nobody was given here.
    "no credentials": (authorized(None), "x-auth-token not found"),
    "a token of a user": (lambda server: call(server, x_auth_token="MIIabc"), DECRYPT),
    "an empty Authorization": (authorized(""), ("x-auth-token not found", DECRYPT, NO_ACCESS)),
    "a bearer token": (authorized("Bearer abc"), DECRYPT),
    "another vendor's signature": (authorized("Basic YTpi"), DECRYPT),
    # doc: the key.
    "a key of nobody": (signs(NOBODY), unknown("AKNOBODY")),
    "a key of nobody, V11": (signs(Signer("AKNOBODY", SECRET, algorithm=DERIVED)), unknown("AKNOBODY")),
    "a key of another vendor": (signs(Signer(AWS_MANAGEMENT, SECRET)), unknown(AWS_MANAGEMENT)),
    "a key of nobody, long ago": (signs(NOBODY, date="20200101T000000Z"), unknown("AKNOBODY")),
    "no key": (edited("Access=[^,]*, ", ""), NO_ACCESS),
    "an empty key": (edited("Access=[^,]*", "Access="), NO_ACCESS),
    "no key, V11": (edited("Credential=[^,]*, ", "", V11), NO_ACCESS),
    "an empty key, V11": (edited("Credential=[^,]*", "Credential=", V11), NO_ACCESS),
    "the algorithm alone": (authorized("SDK-HMAC-SHA256"), NO_ACCESS),
    # doc: the signature. inferred: what is wrong about it has one text.
    "another secret": (signs(replace(MANAGER, secret="other")), VERIFY),
    "another secret, V11": (signs(replace(V11, secret="other")), VERIFY),
    "no signature": (edited(", Signature=.*", ""), VERIFY),
    "an empty signature": (edited("Signature=.*", "Signature="), VERIFY),
    "half a signature": (edited("(Signature=.{32}).*", r"\1"), VERIFY),
    "a signature that is not hex": (edited("Signature=.*", "Signature=" + "z" * 64), VERIFY),
    "a signature and more": (edited("$", "00"), VERIFY),
    "no list of headers": (edited("SignedHeaders=[^,]*, ", ""), VERIFY),
    "an empty list of headers": (edited("SignedHeaders=[^,]*", "SignedHeaders="), VERIFY),
    "the day of another date, V11": (signs(replace(V11, day="20200101")), VERIFY),
    "another region than signed, V11": (edited("/globe/", "/cn-north-4/", V11), VERIFY),
    "another service than signed, V11": (edited("/identitycenter,", "/iam,", V11), VERIFY),
    "no service, V11": (edited("/globe/identitycenter,", "/globe,", V11), (VERIFY, NO_ACCESS)),
    "the other algorithm's key": (edited("Credential=[^,]*", f"Access={HUAWEI_MANAGEMENT}", V11), (VERIFY, NO_ACCESS)),
    # sdk: algorithms that a client can be switched to.
    "SM3": (signs(replace(MANAGER, algorithm=SM3)), VERIFY),
    "an algorithm of nobody": (edited("SHA256", "MD5"), VERIFY),
    "an elliptic curve": (edited("SDK-HMAC-SHA256", "SDK-ECDSA-P256-SHA256"), VERIFY),
    # doc: the date has one form, and is signed.
    "no date": (dated(None, replace(MANAGER, names="content-type;host")), VERIFY),
    "no date, though it is in the list": (dated(None, replace(MANAGER, names="host;x-sdk-date")), VERIFY),
    "a date that is not signed": (signs(replace(MANAGER, names="content-type;host")), VERIFY),
    **{
        f"the date {date!r}": (dated(date.encode()), VERIFY)
        for date in ("", "now", "2026-01-01T00:00:00Z", "20260101T000000", "20261301T000000Z", "1767225600")
    },
    # doc: headers in the list that are not there.
    "a header that is not there": (signs(replace(MANAGER, names="host;x-sdk-date;x-more")), VERIFY),
}


@pytest.mark.parametrize("build, detail", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_is_refused_is_refused_in_the_gateways_words(strict, build, detail):
    found = refused(strict, build(strict))
    # Where nothing is known, one of several.
    assert found in ((detail,) if isinstance(detail, str) else detail)
    assert read(huawei(strict)) == FRESH


# Keys with a token, and keys that change while the server runs


def tokened(server, signer, token, **more):
    return signer.sign(call(server, x_security_token=token, **more))


# inferred: a token stands for its own key, signed or not, as Terraform sends it.
@pytest.mark.parametrize("names", [None, "x-sdk-date"], ids=["signed", "unsigned"])
def test_a_token_is_its_keys(strict, names):
    (signer, key), (_, other) = made(strict, temporary=True), made(strict, temporary=True)
    signer, manager, own = replace(signer, names=names), replace(MANAGER, names=names), key["session_token"]
    accepted(strict, tokened(strict, signer, own))
    assert refused(strict, tokened(strict, signer, None)) == VERIFY
    for token in (other["session_token"], "nobody", own + "A", own[:-1]):
        assert refused(strict, tokened(strict, signer, token)) == DECRYPT
    for token in (own, "nobody"):
        assert refused(strict, tokened(strict, manager, token)) == DECRYPT
    # The right token and another secret.
    assert refused(strict, tokened(strict, replace(signer, secret=SECRET), own)) == VERIFY


# doc: `token expires, expires_at: …`.
def test_a_temporary_key_ends(strict):
    signer, key = made(strict, temporary=True, expires_at="2020-01-01T00:00:00Z")
    message = tokened(strict, signer, key["session_token"])
    assert refused(strict, message) == "token expires, expires_at: 2020-01-01T00:00:00Z"
    strict.keys("PATCH", f"/{signer.key}", expires_at="never")
    accepted(strict, message)
    # Any offset is told as UTC.
    strict.keys("PATCH", f"/{signer.key}", expires_at="2020-06-01T08:30:00+08:00")
    assert refused(strict, message) == "token expires, expires_at: 2020-06-01T00:30:00Z"
    strict.keys("PATCH", f"/{signer.key}", expires_at=(datetime.now(timezone.utc) + timedelta(hours=1)).isoformat())
    accepted(strict, message)


# inferred: a key that is off is known, and of no use.
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
def test_a_key_is_switched_at_once(strict, temporary):
    signer, key = made(strict, temporary=temporary)
    inactive = f"Get secretKey failed,ak:{signer.key},err:ak is inactive"
    message = tokened(strict, signer, key.get("session_token"))
    late = tokened(strict, signer, key.get("session_token"), date="20200101T000000Z")
    for _ in range(2):
        accepted(strict, message)
        strict.keys("PATCH", f"/{signer.key}", status="inactive")
        # The key is looked up before the clock.
        assert refused(strict, message) == refused(strict, late) == inactive
        strict.keys("PATCH", f"/{signer.key}", status="active")
    accepted(strict, message)
    strict.keys("DELETE", f"/{signer.key}")
    assert refused(strict, message) == unknown(signer.key)
