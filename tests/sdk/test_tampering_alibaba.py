"""Requests of Alibaba's own clients, one byte changed at every place: each is refused, and the unchanged one serves."""

import re
import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from alibaba_signer import (
    authorize,
    moment,
    nonce,
    pairs,
    query_of,
    signature_v1,
    string_of,
    unsigned_v3,
    v1,
    v3,
    with_query,
)
from clients import ALIBABA_MANAGEMENT, CORE_GET, CORE_POST, V1, V3, AlibabaKey
from test_alibaba import DIRECTORY, READ, UPDATE, settings, untyped
from wire import Message, changed, recorder, send

SEED = AlibabaKey.of(ALIBABA_MANAGEMENT)
GIVEN = {"DirectoryId": DIRECTORY}
CHANGE = GIVEN | {"MFAAuthenticationSettings": "OnlyRiskyLogin", "OperationForRiskLogin": "EnforceVerify"}

MISMATCH = {"SignatureDoesNotMatch"}
TIME = {"InvalidTimeStamp.Format", "InvalidTimeStamp.Expired"} | MISMATCH
# inferred: a method that no one knows may be refused before its signature is looked at.
METHOD = {"UnsupportedHTTPMethod"} | MISMATCH
LIST = {"IncompleteSignature"} | MISMATCH
# What the first words of Authorization may become: another algorithm, or nothing that is understood.
SCHEME = {"IncompleteSignature", "InvalidSignatureMethod", "MissingAccessKeyId"}

# doc: what comes before authentication, or instead of a mismatch, when this header or parameter is another.
HEADERS = {
    "x-acs-action": {"InvalidAction.NotFound"},
    "x-acs-version": {"InvalidVersion"},
    "x-acs-date": TIME,
    "x-acs-security-token": {"InvalidSecurityToken.Malformed"},
}
PARAMETERS = {
    "Action": {"InvalidAction.NotFound"},
    "Version": {"InvalidVersion"},
    "Format": {"InvalidParameter.Format"},
    "AccessKeyId": {"InvalidAccessKeyId.NotFound"},
    "SecurityToken": {"InvalidSecurityToken.Malformed"},
    "Timestamp": TIME,
    "SignatureMethod": {"InvalidSignatureMethod"},
    "SignatureType": {"UnsupportedSignatureType"},
    "SignatureVersion": {"InvalidSignatureVersion"} | MISMATCH,
}
# The same when the parameter's name is another, so that it is missing.
MISSING = {
    "Action": {"MissingAction"},
    "Version": {"MissingVersion", "InvalidVersion"},
    "AccessKeyId": {"MissingAccessKeyId"},
    "SecurityToken": {"MissingSecurityToken"},
    "Timestamp": {"IllegalTimestamp"},
    "Signature": {"MissingSignature"},
    "SignatureMethod": {"MissingSignatureMethod"},
    "SignatureVersion": {"MissingSignatureVersion"},
    "SignatureNonce": {"MissingSignatureNonce"},
}


# What the real clients send


def by(call):
    """One call by a client of the suite."""
    return lambda to, key: call(to, key, UPDATE, **CHANGE)


def by_form(algorithm):
    """The newest SDK with the parameters in a form, as Terraform sends them."""
    return lambda to, _: untyped(to, algorithm, UPDATE, form=CHANGE)


CLIENTS = {
    "V3": (by(V3), False),
    "V3 temporary": (by(V3), True),
    "V3 form": (by_form(None), False),
    "V1": (by(V1), False),
    "V1 temporary": (by(V1), True),
    "V1 form": (by_form("v2"), False),
    "core-GET": (by(CORE_GET), False),
    "core-POST": (by(CORE_POST), False),
    "core-POST temporary": (by(CORE_POST), True),
}


@dataclass(frozen=True)
class Recording:
    key: AlibabaKey
    message: Message

    @property
    def v3(self):
        return self.message.header(b"authorization") is not None


def recorded(server, client, temporary):
    key = AlibabaKey.made(server, temporary=True) if temporary else SEED
    with recorder() as recording:
        client(recording, key)
    (message,) = recording.messages
    return Recording(key, message)


@pytest.fixture(params=CLIENTS.values(), ids=CLIENTS.keys())
def recording(strict, request):
    return recorded(strict, *request.param)


# Its changes: where, what is sent instead, and the codes that are allowed


def spans(text):
    """Of a query or form: each place, the parameter's name, and whether it is in the name, the value or between."""
    for pair in re.finditer(rb"([^&=]*)(=?)([^&]*)(&?)", text):
        name = pair[1].decode()
        for part, place in ((1, "name"), (2, "between"), (3, "value"), (4, "between")):
            for at in range(pair.start(part), pair.end(part)):
                yield at, name, place


def codes_of_parameter(name, place, text):
    """What V1 may say of a change here."""
    if name == "Signature" and place == "value":
        return MISMATCH
    if place == "value":
        return PARAMETERS.get(name, MISMATCH)
    missing = MISSING.get(name, MISMATCH) | ({"InvalidParameter.Format"} if name == "Format" else MISMATCH)
    # A sign between two parameters makes one of them: that the next is missing may be seen first, or what this one is.
    return missing if place == "name" else missing.union(*PARAMETERS.values(), *MISSING.values())


def changes_of_authorization(message):
    value = message.header(b"authorization")
    parts = rb"Credential=(?P<id>[^,]*),SignedHeaders=(?P<list>[^,]*),Signature=(?P<signature>[0-9a-f]{64})"
    shape = re.fullmatch(rb"ACS3-HMAC-SHA256 " + parts, value)
    parts = {"id": {"InvalidAccessKeyId.NotFound"}, "list": LIST, "signature": MISMATCH}
    for at in range(len(value)):
        inside = [codes for name, codes in parts.items() if shape.start(name) <= at < shape.end(name)]
        # A sign between two parts makes one of them, and the first may be looked at alone.
        between = SCHEME | LIST | parts["id"] if value[at : at + 1] == b"," else SCHEME
        yield (
            f"authorization {at}",
            message.with_header(b"authorization", changed(value, at)),
            inside[0] if inside else between,
        )


def signed_headers(message):
    listed = re.search(rb"SignedHeaders=([^,]*)", message.header(b"authorization"))[1]
    return listed.split(b";")


def changes(recording):
    """(where, message, codes) for each place where a byte may be another."""
    message = recording.message
    for at in range(len(message.method)):
        yield f"method {at}", replace(message, method=changed(message.method, at)), METHOD
    for method in {b"GET", b"POST"} - {message.method}:
        yield f"method {method}", replace(message, method=method), METHOD

    start = len(message.target) - len(query_of(message))
    for at, name, place in spans(query_of(message)):
        other = replace(message, target=changed(message.target, start + at))
        codes = MISMATCH if recording.v3 else codes_of_parameter(name, place, query_of(message))
        if sorted(pairs(query_of(other))) != sorted(pairs(query_of(message))):
            yield f"query {at}, {place} of {name}", other, codes
    for at, name, place in spans(message.body):
        codes = MISMATCH if recording.v3 else codes_of_parameter(name, place, message.body)
        yield f"form {at}, {place} of {name}", replace(message, body=changed(message.body, at)), codes

    if recording.v3:
        yield from changes_of_authorization(message)
        for name in signed_headers(message):
            value = message.header(name)
            for at in range(len(value)):
                codes = HEADERS.get(name.decode(), MISMATCH)
                yield f"{name.decode()} {at}", message.with_header(name, changed(value, at)), codes


def code_of(answer):
    """The code of a refusal in JSON or XML."""
    found = re.search(rb'"Code":"([^"]*)"|<Code>([^<]*)</Code>', answer.body)
    return (found[1] or found[2]).decode() if found else None


def test_a_byte_that_is_changed_anywhere_is_refused(strict, recording):
    before = strict.info()
    tried = list(changes(recording))

    def attempt(change):
        where, message, codes = change
        answer = send(strict, message)
        fits = 400 <= answer.status < 500 and code_of(answer) in codes
        return None if fits else (where, answer.status, code_of(answer), sorted(codes))

    with ThreadPoolExecutor(8) as pool:
        wrong = [one for one in pool.map(attempt, tried) if one is not None]
    assert len(tried) > 300
    assert not wrong, "\n".join(map(str, wrong))
    assert strict.info() == before
    assert settings(strict) == ("Enabled", None)

    assert send(strict, recording.message).status == 200
    assert settings(strict) == ("OnlyRiskyLogin", "EnforceVerify")
    again = send(strict, recording.message)
    assert (again.status, code_of(again)) == (400, "SignatureNonceUsed")


# Two signatures in base64 differ in bits that no decoder reads: only one of them is the signature.
@pytest.mark.parametrize("client", ["V1", "core-POST"])
def test_a_signature_has_one_spelling(strict, client):
    recording = recorded(strict, *CLIENTS[client])
    given = dict(pairs(query_of(recording.message)))
    right = given["Signature"]
    letters = set(string.ascii_letters + string.digits + "+/") - {right[-2]}
    spelled = [f"{right[:-2]}{letter}=" for letter in letters]
    for wrong in (*spelled, right[:-1], right + "=", right + "A", right + "\n", " " + right, right.swapcase(), ""):
        answer = send(strict, with_query(recording.message, given | {"Signature": wrong}))
        assert (answer.status, code_of(answer)) == (400, "SignatureDoesNotMatch" if wrong else "MissingSignature")
    assert send(strict, recording.message).status == 200


# doc: the signature of V3 is in small letters; one cut short, or with more behind it, is another.
def test_a_signature_of_v3_has_one_spelling(strict):
    recording = recorded(strict, *CLIENTS["V3"])
    value = recording.message.header(b"authorization")
    start, right = value[:-64], value[-64:]
    for wrong in (right[:-1], right + b"0", right[:-2], right + b"00", right.upper(), right[:32]):
        answer = send(strict, recording.message.with_header(b"authorization", start + wrong))
        assert answer.status == 400 and code_of(answer) in LIST, wrong
    assert send(strict, recording.message).status == 200


# More than a byte: what is added, taken away or put twice.
def test_parameters_may_be_neither_added_nor_taken_away(strict, recording):
    message = recording.message
    given = pairs(query_of(message))
    for name, _ in given:
        left = {other: value for other, value in given if other != name}
        answer = send(strict, with_query(message, left))
        assert 400 <= answer.status < 500, name
    mark = b"&" if given else b"?"
    for more in (b"Note=1", b"Note=", b"Note", b"DirectoryId=" + DIRECTORY.encode(), b"Signature=x"):
        answer = send(strict, replace(message, target=message.target + mark + more))
        assert 400 <= answer.status < 500, more
    if message.body:
        for body in (message.body + b"&Note=1", message.body[:-1], b"", message.body + b"\n"):
            answer = send(strict, replace(message, body=body))
            assert 400 <= answer.status < 500, body
    assert settings(strict) == ("Enabled", None)
    assert send(strict, message).status == 200


# inferred: the header of the action alone does not make a request V3.
def test_v1_without_its_action_lacks_an_action(strict):
    for client in ("V1", "core-GET", "core-POST"):
        message = recorded(strict, *CLIENTS[client]).message
        assert message.header(b"x-acs-action") and message.header(b"x-acs-date") is None
        given = dict(pairs(query_of(message)))
        del given["Action"]
        assert code_of(send(strict, with_query(message, given))) == "MissingAction"


BODIES = {
    "application/x-www-form-urlencoded": b"MFAAuthenticationSettings=Disabled",
    "application/x-www-form-urlencoded; charset=utf-8": b"MFAAuthenticationSettings=Disabled",
    "APPLICATION/X-WWW-FORM-URLENCODED": b"MFAAuthenticationSettings=Disabled",
    "text/plain": b"MFAAuthenticationSettings=Disabled",
    "application/json": b'{"MFAAuthenticationSettings": "Disabled"}',
    "multipart/form-data; boundary=b": (
        b'--b\r\nContent-Disposition: form-data; name="MFAAuthenticationSettings"\r\n\r\nDisabled\r\n--b--\r\n'
    ),
}


# A body that was not signed brings no parameters, whatever it is called.
@pytest.mark.parametrize("content_type", [None, *BODIES])
@pytest.mark.parametrize("build", [v1, v3], ids=["V1", "V3"])
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_a_body_that_is_added_brings_no_parameters(strict, build, method, content_type):
    message = build(SEED, UPDATE, GIVEN, method=method).with_header(b"content-length", b"")
    message = message.with_header(b"content-type", content_type and content_type.encode())
    answer = send(strict, replace(message, body=BODIES.get(content_type, BODIES["text/plain"])))
    allowed = LIST if build is v3 else MISMATCH | {"MissingMFAAuthenticationSettings"}
    assert (answer.status, code_of(answer) in allowed) == (400, True), answer
    assert settings(strict) == ("Enabled", None)


# inferred: with a part twice Authorization is malformed; which of the two is meant is not left to chance.
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize("part", [f"Credential={SEED.id}", "Credential=x", "SignedHeaders=host", "Signature=00"])
def test_a_part_of_authorization_may_not_be_there_twice(strict, part, first):
    message = v3(SEED, UPDATE, CHANGE)
    scheme, parts = message.header(b"authorization").decode().split(" ")
    parts = f"{part},{parts}" if first else f"{parts},{part}"
    answer = send(strict, message.with_header(b"authorization", f"{scheme} {parts}".encode()))
    assert 400 <= answer.status < 500
    assert settings(strict) == ("Enabled", None)


# The two lines may come in another order than they were signed in.
@pytest.mark.parametrize("name", ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"])
def test_a_header_that_is_there_twice_may_not_be_swapped(strict, name):
    given = {"x-acs-action": READ, "x-acs-version": "2014-05-26", "x-acs-date": moment(hours=-2)}
    added = (name.encode(), given.get(name, "other").encode())
    message = unsigned_v3(SEED, UPDATE, CHANGE)
    signed = authorize(replace(message, headers=(*message.headers, added)), SEED)
    first = send(strict, signed)
    before = settings(strict)
    swapped = send(strict, replace(signed, headers=signed.headers[::-1]))
    assert not (first.status == swapped.status == 200)
    assert settings(strict) == before


# A signature made for one place does not do in another.
def test_parameters_may_not_move_from_the_query_to_a_form_of_v3(strict):
    message = recorded(strict, *CLIENTS["V3"]).message
    moved = replace(message, target=b"/", body=query_of(message))
    moved = moved.with_header(b"content-type", b"application/x-www-form-urlencoded")
    moved = moved.with_header(b"content-length", b"")
    assert code_of(send(strict, moved)) in LIST
    assert settings(strict) == ("Enabled", None)


# What is not signed


def signed_anew(recording):
    """The recorded message with a fresh nonce and signature."""
    message, key = recording.message, recording.key
    if recording.v3:
        message = message.with_header(b"x-acs-signature-nonce", nonce().encode())
        return authorize(message, key, [name.decode() for name in signed_headers(message)])
    given = dict(pairs(query_of(message))) | {"SignatureNonce": nonce()}
    right = signature_v1(key.secret, string_of(with_query(message, given)))
    return with_query(message, given | {"Signature": right})


def test_recordings_may_be_signed_anew(strict, recording):
    assert send(strict, signed_anew(recording)).status == 200


# doc: V1 signs no header. inferred: x-acs-date and Authorization would make it V3; the others may be anything.
@pytest.mark.parametrize("client", ["V1", "V1 form", "core-GET", "core-POST temporary"])
def test_headers_of_v1_may_change_freely(strict, client):
    recording = recorded(strict, *CLIENTS[client])
    kept = {b"host", b"content-length", b"content-type", b"connection", b"accept-encoding", b"transfer-encoding"}
    names = {name.lower() for name, _ in recording.message.headers} - kept
    assert {b"user-agent", b"x-acs-action", b"x-acs-version"} <= names
    for name in (*sorted(names), b"x-foo", b"x-acs-foo", b"x-acs-signature-nonce"):
        for value in (b"other", None):
            answer = send(strict, signed_anew(recording).with_header(name, value))
            assert answer.status == 200, (name, value, answer.body)


# doc: what is not signed is not part of the request: a region in such a header leads it nowhere else.
def test_a_region_in_a_header_does_not_lead_v1_elsewhere(strict):
    message = signed_anew(recorded(strict, *CLIENTS["core-GET"]))
    assert dict(pairs(query_of(message)))["RegionId"] == "cn-shanghai"
    assert send(strict, message.with_header(b"x-acs-region-id", b"us-west-1")).status == 200


def test_headers_that_v3_did_not_sign_may_change_freely(strict):
    recording = recorded(strict, *CLIENTS["V3"])
    for more in (b"x-foo", b"accept-language", b"cookie"):
        assert send(strict, signed_anew(recording).with_header(more, b"1")).status == 200
    # sdk: Go's signs host, content-type and x-acs-* only.
    for name in (b"user-agent", b"accept", b"x-foo", b"x-sdk-client"):
        message = unsigned_v3(SEED, READ, GIVEN, user_agent="one", accept="application/json", x_foo="1")
        assert send(strict, authorize(message, SEED).with_header(name, b"other")).status == 200
    # doc: but no x-acs-* may be there unsigned.
    added = signed_anew(recording).with_header(b"x-acs-foo", b"1")
    assert code_of(send(strict, added)) == "IncompleteSignature"


# The header and parameter of the other protocol do not serve as a way past the signature.
def test_the_protocols_do_not_mix(strict):
    wrong = replace(SEED, secret="other")
    empty = b"ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature="
    for message in (
        v1(SEED, UPDATE, CHANGE).with_header(b"authorization", empty),
        authorize(unsigned_v3(SEED, UPDATE, dict(pairs(query_of(v1(SEED, UPDATE, CHANGE))))), wrong),
        v1(wrong, UPDATE, CHANGE).with_header(b"x-acs-accesskey-id", SEED.id.encode()),
    ):
        answer = send(strict, message)
        assert 400 <= answer.status < 500
    assert settings(strict) == ("Enabled", None)
