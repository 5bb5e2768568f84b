"""Alibaba Cloud's refusals in strict mode, each with its words: keys, tokens, clocks, what is missing or malformed."""

import re
from dataclasses import replace

import pytest

from alibaba_signer import authorize, moment, signed_by_default, unsigned_v3, v1, v3
from clients import AlibabaKey
from test_alibaba import READ, UPDATE, every_call, refusal, settings
from test_strict_alibaba import CHANGE, GIVEN, SEED, accepted, both_formats, both_protocols, refused

PAST = "2020-01-01T00:00:00Z"

WORDS = {
    # doc
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "InvalidSecurityToken.Malformed": (400, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (400, "Specified SecurityToken mismatch with the AccessKey."),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
    "IncompleteSignature": (400, "The request signature does not conform to Aliyun standards."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    # observed
    "UnsupportedSignatureType": (403, "This signature type is not supported."),
    "IllegalTimestamp": (
        400,
        'The input parameter "Timestamp" that is mandatory for processing this request is not supplied.',
    ),
    # inferred: as any Invalid<Param>.
    "InvalidSignatureVersion": (400, "Specified parameter SignatureVersion is not valid."),
}


def wanted(code):
    """Status, code and message; a `Missing` says what is missing."""
    if code.startswith("MissingHeader "):
        name = code.removeprefix("MissingHeader ")
        return 400, "MissingHeader", f"Specified header {name} is mandatory for this action."
    if code.startswith("Missing"):
        return 400, code, f"{code.removeprefix('Missing')} is mandatory for this action."
    return WORDS[code][0], code, WORDS[code][1]


def told(server, message, form="JSON"):
    return refused(server, message, form)[:3]


def other(server, **fields):
    """A temporary key of the management account."""
    return AlibabaKey.made(server, temporary=True, **fields)


def patched(server, key, **fields):
    server.keys("PATCH", f"/{key.id}", **fields)
    return key


def disabled(server, key):
    return patched(server, key, status="inactive")


def deleted(server, key):
    server.keys("DELETE", f"/{key.id}")
    return key


KEYS = {
    "unknown": (lambda server: AlibabaKey("LTAIunknown"), "InvalidAccessKeyId.NotFound"),
    "unknown, with a token": (lambda server: AlibabaKey("STS.unknown", token="x"), "InvalidAccessKeyId.NotFound"),
    "deleted": (lambda server: deleted(server, AlibabaKey.made(server)), "InvalidAccessKeyId.NotFound"),
    "deleted, of the seed": (lambda server: deleted(server, SEED), "InvalidAccessKeyId.NotFound"),
    "deleted, temporary": (lambda server: deleted(server, other(server)), "InvalidAccessKeyId.NotFound"),
    "made inactive": (lambda server: AlibabaKey.made(server, status="inactive"), "InvalidAccessKeyId.Inactive"),
    "disabled": (lambda server: disabled(server, AlibabaKey.made(server)), "InvalidAccessKeyId.Inactive"),
    "disabled, of the seed": (lambda server: disabled(server, SEED), "InvalidAccessKeyId.Inactive"),
    "disabled, temporary": (lambda server: disabled(server, other(server)), "InvalidAccessKeyId.Inactive"),
    "without its token": (lambda server: replace(other(server), token=None), "MissingSecurityToken"),
    "with an unknown token": (lambda server: replace(other(server), token="x" * 40), "InvalidSecurityToken.Malformed"),
    "with half its token": (
        lambda server: replace(made := other(server), token=made.token[:-1]),
        "InvalidSecurityToken.Malformed",
    ),
    "with another's token": (
        lambda server: replace(other(server), token=other(server).token),
        "InvalidSecurityToken.MismatchWithAccessKey",
    ),
    # inferred: a permanent key is none of the token's either.
    "permanent, with a token": (
        lambda server: replace(SEED, token=other(server).token),
        "InvalidSecurityToken.MismatchWithAccessKey",
    ),
    "permanent, with an unknown token": (lambda server: replace(SEED, token="x"), "InvalidSecurityToken.Malformed"),
    "made when it had ended": (lambda server: other(server, expires_at=PAST), "InvalidSecurityToken.Expired"),
    "ended": (lambda server: patched(server, other(server), expires_at=PAST), "InvalidSecurityToken.Expired"),
}


@both_protocols
@both_formats
@pytest.mark.parametrize("key, code", KEYS.values(), ids=KEYS.keys())
def test_a_key_is_refused(strict, protocol, form, key, code):
    assert told(strict, protocol(key(strict), UPDATE, CHANGE | {"Format": form}), form) == wanted(code)
    strict.reset()
    assert settings(strict) == ("Enabled", None)


# sdk: what a client shows of it.
@every_call
def test_the_vendors_clients_show_what_is_wrong_with_a_key(strict, call):
    for name in ("unknown", "disabled", "with another's token", "ended"):
        key, code = KEYS[name]
        shown = refusal(call, strict, key(strict), READ, **GIVEN)
        assert (shown.status, shown.code) == wanted(code)[:2]
        assert wanted(code)[2] in shown.message


# doc: more than 15 minutes either way. Seconds may pass until the server looks at its clock.
@both_protocols
@both_formats
@pytest.mark.parametrize("beyond, within", [(-902, -890), (910, 890)], ids=["behind", "ahead"])
def test_a_clock_may_be_off_by_15_minutes(strict, protocol, form, beyond, within):
    wrong = protocol(SEED, UPDATE, CHANGE | {"Format": form}, time=moment(seconds=beyond))
    assert told(strict, wrong, form) == wanted("InvalidTimeStamp.Expired")
    assert settings(strict) == ("Enabled", None)
    accepted(strict, protocol(SEED, READ, GIVEN, time=moment(seconds=within)))


@both_protocols
@pytest.mark.parametrize(
    "wrong",
    ["soon", "2026-13-01T00:00:00Z", "{0}", "{0}.123Z", "{0}+00:00", "{0}z", "2026-02-30T00:00:00Z", "1700000000"],
)
def test_a_time_has_one_form(strict, protocol, wrong):
    time = wrong.format(moment().removesuffix("Z"))
    assert told(strict, protocol(SEED, READ, GIVEN, time=time)) == wanted("InvalidTimeStamp.Format")


# What is missing. inferred: all of it is looked for before the key is.

MISSING_V1 = {
    "AccessKeyId": "MissingAccessKeyId",
    "Signature": "MissingSignature",
    "SignatureMethod": "MissingSignatureMethod",
    "SignatureVersion": "MissingSignatureVersion",
    "SignatureNonce": "MissingSignatureNonce",
    "Timestamp": "IllegalTimestamp",
}


@both_formats
@pytest.mark.parametrize("name, code", MISSING_V1.items(), ids=MISSING_V1.keys())
def test_a_parameter_of_v1_is_missing(strict, form, name, code):
    assert told(strict, v1(SEED, UPDATE, CHANGE | {"Format": form}, **{name: None}), form) == wanted(code)
    key = replace(SEED, secret="other")
    assert told(strict, v1(key, UPDATE, CHANGE | {"Format": form}, **{name: None}), form) == wanted(code)
    assert settings(strict) == ("Enabled", None)


# observed: an id that is empty is missing too.
def test_an_empty_key_id_is_missing(strict):
    assert told(strict, v1(AlibabaKey(""), READ, GIVEN)) == wanted("MissingAccessKeyId")
    assert told(strict, v3(AlibabaKey(""), READ, GIVEN)) == wanted("MissingAccessKeyId")


@both_formats
@pytest.mark.parametrize("name", ["x-acs-date", "x-acs-content-sha256"])
def test_a_header_of_v3_is_missing(strict, form, name):
    message = v3(SEED, UPDATE, CHANGE | {"Format": form}, **{name.replace("-", "_"): None})
    assert told(strict, message, form) == wanted(f"MissingHeader {name}")
    assert settings(strict) == ("Enabled", None)


@both_formats
def test_a_request_of_v3_without_authorization_has_no_key(strict, form):
    message = unsigned_v3(SEED, UPDATE, CHANGE | {"Format": form})
    assert told(strict, message, form) == wanted("MissingAccessKeyId")


# doc: the nonce is none of what V3 requires.
def test_v3_may_do_without_a_nonce(strict):
    message = v3(SEED, READ, GIVEN, x_acs_signature_nonce=None)
    accepted(strict, message)
    accepted(strict, message)


# What is not understood

MALFORMED = {
    "nothing else": "ACS3-HMAC-SHA256",
    "no list": "ACS3-HMAC-SHA256 Credential={key},Signature={signature}",
    "no signature": "ACS3-HMAC-SHA256 Credential={key},SignedHeaders={signed}",
    "no names": "ACS3-HMAC-SHA256 {key},{signed},{signature}",
    "no commas": "ACS3-HMAC-SHA256 Credential={key} SignedHeaders={signed} Signature={signature}",
}


@both_formats
@pytest.mark.parametrize("shape", MALFORMED.values(), ids=MALFORMED.keys())
def test_an_authorization_of_another_shape_is_incomplete(strict, form, shape):
    message = v3(SEED, UPDATE, CHANGE | {"Format": form})
    signed = message.header(b"authorization").decode()
    parts = re.search("=(?P<key>[^,]*),.*=(?P<signed>[^,]*),.*=(?P<signature>.*)", signed).groupdict()
    value = shape.format(**parts).encode()
    assert told(strict, message.with_header(b"authorization", value), form) == wanted("IncompleteSignature")


# doc: host and each x-acs-* header that is there must be signed.
@both_formats
def test_each_header_of_the_protocol_must_be_signed(strict, form):
    key = other(strict)
    message = unsigned_v3(key, UPDATE, CHANGE | {"Format": form}, x_acs_foo="1")
    every = signed_by_default(message)
    assert len(every) == 9
    for name in every:
        unlisted = authorize(message, key, [one for one in every if one != name])
        assert told(strict, unlisted, form) == wanted("IncompleteSignature"), name
    assert settings(strict) == ("Enabled", None)


@both_formats
@pytest.mark.parametrize("name", ["HMAC-MD5", "hmac-sha1", "HMAC-SHA512", "SHA256withRSA", "HMAC-SM3"])
def test_a_signature_method_of_v1_is_unknown(strict, form, name):
    message = v1(SEED, UPDATE, CHANGE | {"Format": form}, SignatureMethod=name)
    assert told(strict, message, form) == wanted("InvalidSignatureMethod")


@pytest.mark.parametrize("name", [b"ACS3-HMAC-SM3", b"ACS3-RSA-SHA256", b"ACS3-HMAC-SHA1"])
def test_a_signature_method_of_v3_is_unknown(strict, name):
    message = v3(SEED, UPDATE, CHANGE)
    value = message.header(b"authorization").replace(b"ACS3-HMAC-SHA256", name)
    assert told(strict, message.with_header(b"authorization", value)) == wanted("InvalidSignatureMethod")


def test_a_signature_version_is_unknown(strict):
    assert told(strict, v1(SEED, READ, GIVEN, SignatureVersion="2.0")) == wanted("InvalidSignatureVersion")


# observed: an API without bearer tokens refuses them.
@both_formats
def test_bearer_tokens_are_not_supported(strict, form):
    given = CHANGE | {"Format": form, "SignatureType": "BEARERTOKEN"}
    wrong = wanted("UnsupportedSignatureType")
    assert told(strict, unsigned_v3(SEED, UPDATE, given, x_acs_bearer_token="token"), form) == wrong
    assert told(strict, v1(SEED, UPDATE, given, BearerToken="token", Signature=None), form) == wrong
    assert told(strict, v1(SEED, UPDATE, given, BearerToken="token", Signature=None, AccessKeyId=None), form) == wrong


# inferred: what the gateway does not know comes first, what the service asks for comes last.
@both_protocols
def test_a_signature_is_looked_at_after_the_action_and_before_the_parameters(strict, protocol):
    key = replace(SEED, secret="other")
    assert told(strict, protocol(key, "MakeCoffee", {}))[:2] == (404, "InvalidAction.NotFound")
    assert told(strict, protocol(key, READ, {}))[1] == "SignatureDoesNotMatch"
    assert told(strict, protocol(SEED, READ, {}))[1] == "MissingDirectoryId"
    late = protocol(AlibabaKey("LTAIunknown"), READ, {}, time=moment(days=1))
    assert told(strict, late) == wanted("InvalidTimeStamp.Expired")


# Refused calls change nothing, and a key that is disabled is refused at once.


@both_protocols
def test_a_key_is_disabled_and_enabled_from_the_next_request_on(strict, protocol):
    before = strict.info()
    for key in (AlibabaKey.made(strict), other(strict)):
        for _ in range(2):
            accepted(strict, protocol(key, READ, GIVEN))
            patched(strict, key, status="inactive")
            assert told(strict, protocol(key, UPDATE, CHANGE)) == wanted("InvalidAccessKeyId.Inactive")
            patched(strict, key, status="active")
        accepted(strict, protocol(key, READ, GIVEN))
        patched(strict, key, expires_at=PAST)
        code = "InvalidSecurityToken.Expired" if key.token else None
        assert code is None or told(strict, protocol(key, UPDATE, CHANGE)) == wanted(code)
        deleted(strict, key)
        assert told(strict, protocol(key, UPDATE, CHANGE)) == wanted("InvalidAccessKeyId.NotFound")
    assert settings(strict) == ("Enabled", None)
    assert strict.info() == before
