"""Alibaba Cloud's signatures in strict mode: who is let in, what a mismatch tells, and what is explained of it."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException as CoreRefusal
from aliyunsdkcore.auth.algorithm import sha_hmac1
from aliyunsdkcore.request import RpcRequest

from alibaba_signer import (
    ACS3,
    RPC,
    authorize,
    canonical_v1,
    canonical_v3,
    encode,
    pairs,
    query_of,
    signature_v1,
    signature_v3,
    signed_by_default,
    string_of,
    string_v3,
    unsigned_v3,
    v1,
    v3,
)
from clients import ALIBABA_MANAGEMENT, ALIBABA_VERSION, CORE_GET, CORE_POST, AlibabaKey
from test_alibaba import DIRECTORY, READ, REQUEST_ID, UPDATE, every_call, refusal, settings, update
from wire import send

GIVEN = {"DirectoryId": DIRECTORY}
CHANGE = {"DirectoryId": DIRECTORY, "MFAAuthenticationSettings": "Disabled"}
SEED = AlibabaKey.of(ALIBABA_MANAGEMENT)
ODD = "a b+c*~é中/?&=%\""


both_protocols = pytest.mark.parametrize("protocol", [ACS3, RPC], ids=lambda one: one.name)


# Who is let in


def accepted(server, message):
    """Sends it, expects that it is let in, and gives the answer's body."""
    answer = send(server, message)
    assert answer.status == 200, answer.body.decode()
    return json.loads(answer.body)


@every_call
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
def test_the_vendors_clients_are_let_in(strict, call, temporary):
    for key in (AlibabaKey.made(strict, temporary=True),) if temporary else (SEED, AlibabaKey.made(strict)):
        update(strict, "OnlyRiskyLogin", "EnforceVerify", call, key)
        assert settings(strict, call, key) == ("OnlyRiskyLogin", "EnforceVerify")
        types = {"AllowedVerificationTypes": ["TOTP"], "MFAAuthenticationSettings": "Byuser"}
        call(strict, key, UPDATE, **GIVEN, **types)
        assert settings(strict, call, key) == ("Byuser", "EnforceVerify")


# sdk: signs any text. The names sort otherwise when `Note=` is compared instead of `Note`.
@pytest.mark.parametrize("call", [CORE_GET, CORE_POST], ids=lambda call: call.name)
def test_odd_text_of_the_older_core_is_let_in(strict, call):
    call(strict, SEED, READ, **GIVEN, **{"Note": ODD, "Note1": "", "Note.1": "\n", "note": "+"})


# doc: sorted by name. sdk: as the name is, before it is encoded.
@pytest.mark.parametrize("call", [CORE_GET, CORE_POST], ids=lambda call: call.name)
def test_a_name_that_must_be_encoded_is_let_in(strict, call):
    call(strict, SEED, READ, **GIVEN, **{"é": "name"})


@both_protocols
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_odd_text_is_let_in(strict, protocol, method):
    form = {"Form": ODD, "Empty": ""} if method == b"POST" else None
    key = AlibabaKey.made(strict, temporary=True)
    odd = {"Note": ODD, "Note1": "", "Note.1": "\n", "note": "+"}
    accepted(strict, protocol(key, READ, GIVEN | odd, method=method, form=form))


# doc: what is signed is the decoded text, so another spelling of it is the same request.
@both_protocols
def test_another_spelling_of_the_same_query_is_let_in(strict, protocol):
    message = protocol(SEED, READ, GIVEN | {"Note": "a b~+"})
    spelled = message.target.replace(b"a%20b~%2B", b"%61+b%7e%2b")
    assert spelled != message.target and pairs(spelled) == pairs(message.target)
    accepted(strict, replace(message, target=spelled))


# doc: a header's value is trimmed; those of one that comes twice are sorted and joined by commas.
@pytest.mark.parametrize("values", [(b"  b  c\t",), (b"b", b" a")], ids=["once", "twice"])
def test_headers_are_put_in_order_before_they_are_signed(strict, values):
    message = unsigned_v3(SEED, READ, GIVEN, content_type="text/plain")
    message = replace(message, headers=(*message.headers, *((b"X-Acs-Foo", value) for value in values)))
    assert re.search("\nx-acs-foo:(b  c|a,b)\n", canonical_v3(message, signed_by_default(message)))
    accepted(strict, authorize(message, SEED))


# sdk: the newest one signs each header it sets, Go's only host, content-type and x-acs-*.
@pytest.mark.parametrize("more", [(), ("user-agent", "accept", "x-foo")], ids=["few", "many"])
def test_more_headers_may_be_signed(strict, more):
    message = unsigned_v3(SEED, READ, GIVEN, user_agent="one (two; three)", accept="application/json", x_foo="1")
    accepted(strict, authorize(message, SEED, [*signed_by_default(message), *more]))


def test_hmac_sha256_of_v1_is_let_in(strict):
    for key in (SEED, AlibabaKey.made(strict, temporary=True)):
        for method, form in ((b"GET", None), (b"POST", {"Note": ODD})):
            accepted(strict, v1(key, READ, GIVEN, form, method, SignatureMethod="HMAC-SHA256"))


class HmacSha256:
    """A signing algorithm in the form of the older core's, which has only HMAC-SHA1 and RSA of its own."""

    get_signer_name = staticmethod(lambda: "HMAC-SHA256")
    get_signer_version = staticmethod(lambda: "1.0")
    get_signer_type = staticmethod(lambda: "")
    # The core has put the `&` behind the secret already.
    get_sign_string = staticmethod(lambda source, secret: signature_v1(secret.removesuffix("&"), source, "HMAC-SHA256"))


# sdk: when the server's string to sign is its own, the older core knows that it is the secret that is wrong.
@pytest.mark.parametrize("signer", [sha_hmac1, HmacSha256], ids=lambda signer: signer.get_signer_name())
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
def test_the_older_core_knows_a_wrong_secret_from_a_right_one(strict, signer, temporary):
    def request():
        made = RpcRequest("cloudsso", ALIBABA_VERSION, READ, format="JSON", protocol="http", signer=signer)
        made.set_endpoint("127.0.0.1")
        made.add_query_param("DirectoryId", DIRECTORY)
        return made

    key = AlibabaKey.made(strict, temporary=temporary)
    assert b"RequestId" in CORE_GET.client(strict, key).do_action_with_exception(request())
    with pytest.raises(CoreRefusal) as caught:
        CORE_GET.client(strict, replace(key, secret="other")).do_action_with_exception(request())
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "InvalidAccessKeySecret")


# Signatures do not match


@every_call
@pytest.mark.parametrize("temporary", [False, True], ids=["permanent", "temporary"])
def test_a_wrong_secret_is_told_to_the_vendors_clients(strict, call, temporary):
    key = AlibabaKey.made(strict, temporary=True) if temporary else SEED
    refused = refusal(call, strict, replace(key, secret="other"), UPDATE, **CHANGE)
    assert (refused.status, refused.code) == (400, "SignatureDoesNotMatch")
    assert settings(strict) == ("Enabled", None)


def mismatch(protocol, message):
    """What the vendor says when a signature is not the one of this message, by the signer here."""
    if protocol is RPC:
        return f"Specified signature is not matched with our calculation. server string to sign is:{string_of(message)}"
    signed = re.search(b"SignedHeaders=([^,]*)", message.header(b"authorization"))[1].decode().split(";")
    canonical = canonical_v3(message, signed)
    return (
        "Specified signature does not match our calculation. "
        f"server StringToSign is [{string_v3(canonical)}] server CanonicalRequest is [{canonical}]"
    )


both_formats = pytest.mark.parametrize("form", ["JSON", "XML"])


def refused(server, message, form="JSON"):
    """Sends it, checks what every refusal has, and gives status, code, message and the answer's headers."""
    answer = send(server, message)
    if form == "XML":
        assert answer.headers["content-type"] == "text/xml;charset=utf-8", answer
        root = ElementTree.fromstring(answer.body)
        assert root.tag == "Error"
        body = {child.tag: child.text for child in root}
    else:
        assert answer.headers["content-type"] == "application/json;charset=utf-8", answer
        body = json.loads(answer.body)
    assert REQUEST_ID.fullmatch(body["RequestId"]) and body["RequestId"] == answer.headers["x-acs-request-id"]
    # doc: the host that was called.
    assert body["HostId"] == "127.0.0.1"
    assert body["Code"] in body["Recommend"] and body["RequestId"] in body["Recommend"]
    return answer.status, body["Code"], body["Message"], answer.headers


@both_protocols
@both_formats
def test_a_mismatch_carries_the_servers_string_to_sign(strict, protocol, form):
    for key in (SEED, AlibabaKey.made(strict, temporary=True)):
        for method, body in ((b"GET", None), (b"POST", {"Note": ODD})):
            more = {"Format": form, "Note2": ODD}
            if protocol is RPC:
                message = v1(replace(key, secret="other"), READ, GIVEN, body, method, **more)
            else:
                message = v3(replace(key, secret="other"), READ, GIVEN | more, form=body, method=method)
            wanted = (400, "SignatureDoesNotMatch", mismatch(protocol, message))
            assert refused(strict, message, form)[:3] == wanted


# inferred: the gateway hashes the body itself, so a hash of other bytes is a mismatch.
def test_a_hash_of_another_body_is_a_mismatch(strict):
    lie = unsigned_v3(SEED, READ, GIVEN, form={"Note": "a"}, x_acs_content_sha256="0" * 64)
    assert refused(strict, authorize(lie, SEED))[1] == "SignatureDoesNotMatch"
    # Nor when the canonical request was made with the lie.
    signed = signed_by_default(lie)
    canonical = canonical_v3(lie, signed).rpartition("\n")[0] + "\n" + "0" * 64
    value = f"ACS3-HMAC-SHA256 Credential={SEED.id},SignedHeaders={';'.join(signed)},Signature="
    value += signature_v3(SEED.secret, string_v3(canonical))
    assert refused(strict, lie.with_header(b"authorization", value.encode()))[1] == "SignatureDoesNotMatch"


# observed: an empty signature is one that does not match.
def test_an_empty_signature_is_a_mismatch(strict):
    message = v3(SEED, READ, GIVEN)
    value = re.sub(b"Signature=[0-9a-f]+$", b"Signature=", message.header(b"authorization"))
    assert refused(strict, message.with_header(b"authorization", value))[1] == "SignatureDoesNotMatch"


# What `--explain` shows


def explained(headers, name):
    return headers[f"x-sanmen-{name}"].replace("\\n", "\n")


@both_protocols
def test_the_servers_side_of_a_mismatch_is_explained(strict, protocol):
    message = protocol(replace(SEED, secret="other"), READ, GIVEN | {"Note": ODD})
    headers = refused(strict, message)[3]
    assert headers["x-sanmen-explain"]
    if protocol is RPC:
        assert explained(headers, "canonical-request") == canonical_v1(pairs(query_of(message)))
        assert explained(headers, "string-to-sign") == string_of(message)
    else:
        canonical = canonical_v3(message, signed_by_default(message))
        assert explained(headers, "canonical-request") == canonical
        assert explained(headers, "string-to-sign") == string_v3(canonical)


# A token in a header, in the query and in a form, and passwords whatever they are part of.
@both_protocols
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_secrets_are_hidden_in_what_is_explained(strict, protocol, method):
    key = AlibabaKey.made(strict, temporary=True)
    form = {"NewPassword": "form word/2"} if method == b"POST" else None
    given = GIVEN | {"Password": "query word/1"}
    headers = refused(strict, protocol(replace(key, secret="other"), READ, given, form=form, method=method))[3]
    shown = explained(headers, "canonical-request")
    assert "Password=(hidden)" in shown and key.id in shown
    assert ("SecurityToken=(hidden)" if protocol is RPC else "x-acs-security-token:(hidden)\n") in shown
    accepted(strict, protocol(key, READ, given, form=form, method=method))
    for text in (*headers.values(), strict.logged()):
        for secret in (key.secret, key.token, "query word/1", "form word/2"):
            for spelled in (secret, encode(secret), encode(encode(secret)), secret.replace(" ", "+")):
                assert spelled not in text


# The signature that would have been right lets in whoever reads it.
@both_protocols
def test_the_right_signature_is_told_to_nobody(strict, protocol):
    message = protocol(replace(SEED, secret="other"), READ, GIVEN)
    if protocol is RPC:
        right = signature_v1(SEED.secret, string_of(message))
    else:
        right = signature_v3(SEED.secret, string_v3(canonical_v3(message, signed_by_default(message))))
    answer = send(strict, message)
    assert answer.status == 400
    for text in (*answer.headers.values(), answer.body.decode(), strict.logged()):
        assert right not in text and encode(right) not in text
