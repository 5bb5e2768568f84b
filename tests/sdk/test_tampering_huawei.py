"""Huawei Cloud with `--auth strict`: what the vendor's SDK signed is refused once any byte of it is another one."""

import json
import re
from dataclasses import dataclass, replace

import pytest
from huaweicloudsdkcore.exceptions.exceptions import SdkException

import wire
from clients import HUAWEI_MANAGEMENT, SECRET, huawei
from huawei_signer import BODY, DERIVED, VERIFY, Signer, accepted, call, detail, made, refused
from test_huawei import FRESH, PATH, read

# What the papers and the README know: no other detail is given to a request that was changed.
DETAILS = (
    "verify aksk signature fail",
    "decrypt token fail",
    "x-auth-token not found",
    "Access or Credential is empty in Authorization",
    "Get secretKey failed,ak:.+,err:ak not exist",
    r"calc aksk signature fail:signature expired, signature time:\d{8}T\d{6}Z,server time:\d{8}T\d{6}Z",
)


def recorded(key, derived, method, query, body):
    """What the real SDK sends for this call."""
    with wire.recorder() as recording:
        client = huawei(
            *(recording, HUAWEI_MANAGEMENT),
            **{"key": key["id"], "secret": key["secret"], "token": key["session_token"], "derived": derived},
            domain=HUAWEI_MANAGEMENT,
        )
        client.do_http_request(method, PATH, query_params=query, body=body, response_type="GetSsoConfigurationResponse")
    (message,) = recording.messages
    return message


def others(text, places=None):
    """The text with one other byte, at each of these places, else at every one; letters also in the other case."""
    for at in range(len(text)) if places is None else places:
        yield wire.changed(text, at)
        if text[at : at + 1].isalpha():
            yield text[:at] + text[at : at + 1].swapcase() + text[at + 1 :]


def signed_headers(message):
    return re.search(b"SignedHeaders=([^,]*)", message.header(b"authorization"))[1].split(b";")


def part(message, name):
    """Where a part of Authorization stands."""
    return range(*re.search(name + b"=([^,]+)", message.header(b"authorization")).span(1))


def authorizations(message, places=None):
    for value in others(message.header(b"authorization"), places):
        yield message.with_header(b"authorization", value)


def methods(message):
    for value in (*others(message.method), b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"GET", b"POST"):
        if value != message.method:
            yield replace(message, method=value)


def paths(message):
    # The first byte stays: without it the line is no longer HTTP.
    for value in others(message.target, range(1, len(PATH))):
        yield replace(message, target=value)


def queries(message):
    for value in others(message.target, range(len(PATH), len(message.target))):
        yield replace(message, target=value)
    path = PATH.encode()
    more = message.target + (b"&" if b"?" in message.target else b"?")
    for value in (path, more + b"more=1", more + b"limit=10"):
        if value != message.target:
            yield replace(message, target=value)


def bodies(message):
    for value in (*others(message.body), message.body + b"\n", message.body[:-1], b"{}"):
        if value != message.body:
            yield replace(message, body=value)


def headers(message):
    for name in signed_headers(message):
        for value in (*others(message.header(name)), message.header(name) + b"x", None):
            yield message.with_header(name, value)


def doubled(message):
    """With a signed header once more; two hosts are not HTTP."""
    for name in signed_headers(message):
        if name != b"host":
            for value in (b"other", message.header(name)):
                yield replace(message, headers=((name, value), *message.headers))
                yield replace(message, headers=(*message.headers, (name, value)))


def lists(message):
    """With another list of signed headers: less, more, in another order."""
    names = signed_headers(message)
    shorter = [names[:at] + names[at + 1 :] for at in range(len(names))]
    for value in (*shorter, [*names, b"accept"], names[::-1], [*names, names[-1]]):
        text = message.header(b"authorization").replace(b";".join(names), b";".join(value))
        yield message.with_header(b"authorization", text)
    yield from authorizations(message, part(message, b"SignedHeaders"))


def swapped_keys(message):
    """As another account's key, of the same secret or not."""
    key = bytes(message.header(b"authorization")[at] for at in part(message, b"Access|Credential"))
    for other in (b"1" * 32, b"2" * 32, b"3" * 32):
        text = message.header(b"authorization").replace(key.partition(b"/")[0], other)
        yield message.with_header(b"authorization", text)


CHANGES = {
    "the method": methods,
    "the path": paths,
    "the query": queries,
    "the body": bodies,
    "the signed headers": headers,
    "a signed header twice": doubled,
    "the key": lambda message: authorizations(message, part(message, b"(?:Access|Credential)")),
    "the list of signed headers": lists,
    "the signature": lambda message: authorizations(message, part(message, b"Signature")),
    "the algorithm": lambda message: authorizations(message, range(15)),
}

# What the SDK sends: by each algorithm, a read with a query and a write with a body.
QUERY = [("limit", "10"), ("marker", "a b-~")]
CALLS = {
    f"{name} {method}": (derived, method, *more)
    for name, derived in (("SDK", False), ("V11", True))
    for method, *more in (("GET", QUERY, None), ("POST", [], BODY.decode()))
}


@dataclass
class World:
    """All that a refused call could have changed."""

    info: dict
    configuration: dict
    keys: dict

    @classmethod
    def of(cls, server):
        return cls(server.info(), read(huawei(server)), server.keys("GET"))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("derived, method, query, body", CALLS.values(), ids=CALLS.keys())
def test_any_other_byte_is_refused(strict, derived, method, query, body, change):
    _, key = made(strict, temporary=True)
    message = recorded(key, derived, method, query, body)
    before = World.of(strict)
    found = []
    for other in change(message):
        assert other != message
        answer = wire.send(strict, other)
        if answer.status == 404:
            # doc: an unknown path, or a known one with another method; there is no such thing as another query.
            assert change in (methods, paths, queries)
            assert not answer.body or json.loads(answer.body)["error_code"] == "APIGW.0101", answer
        elif other.method != b"HEAD":
            told = detail(answer) if answer.status == 401 else None
            if told is None or not any(re.fullmatch(pattern, told) for pattern in DETAILS):
                found.append((other, answer.status, told))
        else:
            assert answer.status == 401
    assert not found, found[:3]
    assert World.of(strict) == before
    # As it was sent, it is good.
    accepted(strict, message)
    if body:
        assert read(huawei(strict)) == FRESH | {"session_configuration": {"max_authentication_age": "PT1H"}}


# sdk: what is not in the list is not signed. Terraform: so are the ids of project and domain.
@pytest.mark.parametrize("derived, method, query, body", CALLS.values(), ids=CALLS.keys())
def test_what_is_not_signed_may_change(strict, derived, method, query, body):
    _, key = made(strict, temporary=True)
    message = recorded(key, derived, method, query, body)
    more = [message.with_header(b"accept", b"text/plain"), message.with_header(b"accept", None)]
    more += [message.with_header(b"x-project-id", b"f" * 32), message.with_header(b"x-comment", b"\xe5\xae\x9e")]
    more += [message.with_header(b"accept-encoding", None), replace(message, headers=message.headers[::-1])]
    # HTTP: the case of a name, and space around a value, mean nothing.
    more += [
        replace(message, headers=tuple((name.upper(), value) for name, value in message.headers)),
        replace(message, headers=tuple((name, b" " + value + b" \t") for name, value in message.headers)),
    ]
    for other in more:
        accepted(strict, other)


# Terraform: a token is sent and not signed; another one is refused all the same.
def test_a_token_that_is_not_signed_does_not_change(strict):
    signer, key = made(strict, temporary=True)
    message = replace(signer, names="x-sdk-date").sign(call(strict, x_security_token=key["session_token"]))
    for token in (*others(key["session_token"].encode()), b"A", b""):
        assert refused(strict, message.with_header(b"x-security-token", token)) in (
            "decrypt token fail",
            *([VERIFY] if not token else []),
        )
    accepted(strict, message)


# doc: a gateway locks a key after five failures. Decided: this one does not.
def test_many_failures_lock_nothing(strict):
    wrong, right = (Signer(HUAWEI_MANAGEMENT, secret).sign(call(strict)) for secret in ("other", SECRET))
    assert {refused(strict, wrong) for _ in range(20)} == {VERIFY}
    accepted(strict, right)


# --explain


def explained(answer):
    return {name: value for name, value in answer.headers.items() if name.startswith("x-sanmen-")}


@pytest.mark.parametrize("algorithm", ["SDK-HMAC-SHA256", DERIVED])
@pytest.mark.parametrize("method, target, body", [("GET", f"{PATH}?b&a=x%20y", b""), ("POST", PATH, BODY)])
def test_a_wrong_signature_is_explained(strict, method, target, body, algorithm):
    signer, key = made(strict, temporary=True)
    right = replace(signer, algorithm=algorithm)
    wrong = replace(right, secret="another-secret")
    token = key["session_token"]
    message = call(strict, method, target, body, x_security_token=token, user_agent="a b")
    answer = wire.send(strict, wrong.sign(message))
    assert detail(answer) == VERIFY
    told = explained(answer)
    assert told.keys() == {"x-sanmen-explain", "x-sanmen-canonical-request", "x-sanmen-string-to-sign"}
    # The token is not told, though it is a line of what is signed.
    lines = right.canonical_request(message).decode().replace(token, "(hidden)")
    assert told["x-sanmen-canonical-request"] == lines.replace("\n", r"\n")
    assert told["x-sanmen-string-to-sign"] == right.string_to_sign(message).replace("\n", r"\n")
    assert told["x-sanmen-explain"]
    for secret in (key["secret"], token, right.signature(message), wrong.signature(message)):
        assert not [value for value in answer.headers.values() if secret in value]
        assert secret not in answer.body.decode() and secret not in strict.logged()


REASONS = {
    "an unknown key": lambda server, signer, token: replace(signer, key="AKNOBODY").sign(call(server)),
    "no token": lambda server, signer, token: signer.sign(call(server)),
    "another token": lambda server, signer, token: signer.sign(call(server, x_security_token="nobodys-token")),
    "an old date": lambda server, signer, token: signer.sign(
        call(server, x_security_token=token, date="20200101T000000Z")
    ),
    "no date": lambda server, signer, token: signer.sign(
        call(server, x_security_token=token).with_header(b"x-sdk-date", None)
    ),
    "nothing": lambda server, signer, token: call(server, x_security_token=token),
    "another scheme": lambda server, signer, token: call(server, authorization="Bearer secret-of-another"),
    "a token of a user": lambda server, signer, token: call(server, x_auth_token="secret-of-another"),
}


# Each refusal has a sentence, and neither it nor the log has a secret.
@pytest.mark.parametrize("build", REASONS.values(), ids=REASONS.keys())
def test_no_explanation_tells_a_secret(strict, build):
    signer, key = made(strict, temporary=True)
    message = build(strict, signer, key["session_token"])
    answer = wire.send(strict, message)
    detail(answer)
    assert explained(answer)["x-sanmen-explain"]
    for secret in (key["secret"], key["session_token"], "nobodys-token", "secret-of-another"):
        assert not [value for value in answer.headers.values() if secret in value]
        assert secret not in answer.body.decode() and secret not in strict.logged()


# Who did not ask is not told; and what is accepted needs no words.
def test_without_explain_nothing_is_explained(start, strict):
    quiet = start("--auth", "strict")
    answer = wire.send(quiet, Signer(HUAWEI_MANAGEMENT, "other").sign(call(quiet)))
    assert detail(answer) == VERIFY and not explained(answer)
    answer = wire.send(strict, Signer(HUAWEI_MANAGEMENT, SECRET).sign(call(strict)))
    assert answer.status == 200 and not explained(answer)


# sdk: the SDK itself raises what it was answered, whatever the call.
def test_a_refused_write_through_the_sdk_changes_nothing(strict):
    before = World.of(strict)
    client = huawei(strict, secret="other")
    with pytest.raises(SdkException):
        client.do_http_request("POST", PATH, body=BODY.decode())
    assert World.of(strict) == before
