"""Alibaba Cloud's signatures, V3 and V1, written from the vendor's pages: requests as bytes, and their signatures."""

import base64
import hashlib
import hmac
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from clients import ALIBABA_VERSION
from wire import Message

_nonces = itertools.count(1)


def nonce():
    """One that no other test has used."""
    return f"nonce-{next(_nonces):026}"


def moment(**after):
    """The time of the clock, moved by so much, as both protocols write it."""
    return (datetime.now(UTC) + timedelta(**after)).strftime("%Y-%m-%dT%H:%M:%SZ")


def encode(text):
    """doc: RFC 3986, of UTF-8."""
    return quote(text, safe="-_.~")


def pairs(text):
    """The names and values of a query or a form, decoded."""
    return parse_qsl(text.decode(), keep_blank_values=True)


def query_of(message):
    return message.target.partition(b"?")[2]


def canonical_query(parameters):
    """doc: sorted by name, each name and value encoded."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(parameters))


def encoded(parameters):
    """A query or form of these, in their own order."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in parameters.items()).encode()


def with_query(message, parameters):
    """The message with this query instead of its own."""
    return replace(message, target=b"/?" + encoded(parameters) if parameters else b"/")


# V3: a request is signed as it stands, by the header Authorization.


def signed_by_default(message):
    """doc: host, content-type and all x-acs-* headers are signed."""
    names = {name.decode().lower() for name, _ in message.headers}
    return sorted(name for name in names if name in ("host", "content-type") or name.startswith("x-acs-"))


def canonical_v3(message, signed):
    """The canonical request of a message, by the names of the headers that are signed."""
    lines = []
    for name in sorted(signed):
        values = [value.decode().strip() for other, value in message.headers if other.decode().lower() == name]
        # doc: of a header that comes more than once, the values sorted and joined by commas.
        lines.append(f"{name}:{','.join(sorted(values))}\n")
    return "\n".join(
        (
            message.method.decode(),
            message.target.partition(b"?")[0].decode(),
            canonical_query(pairs(query_of(message))),
            "".join(lines),
            ";".join(sorted(signed)),
            hashlib.sha256(message.body).hexdigest(),
        )
    )


def string_v3(canonical):
    return f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def signature_v3(secret, string):
    return hmac.new(secret.encode(), string.encode(), hashlib.sha256).hexdigest()


def authorize(message, key, signed=None):
    """The message with the header Authorization of this key."""
    signed = signed_by_default(message) if signed is None else signed
    signature = signature_v3(key.secret, string_v3(canonical_v3(message, signed)))
    value = f"ACS3-HMAC-SHA256 Credential={key.id},SignedHeaders={';'.join(sorted(signed))},Signature={signature}"
    return message.with_header(b"authorization", value.encode())


def unsigned_v3(key, action, parameters, form=None, method=b"POST", host="127.0.0.1", **headers):
    """A message of V3 without Authorization; `headers` by names with `_`, None for one that is not to be there."""
    body = b"" if form is None else encoded(form)
    given = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": ALIBABA_VERSION,
        "x-acs-date": moment(),
        "x-acs-signature-nonce": nonce(),
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "content-type": None if form is None else "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        # sdk: the id is sent with the token.
        "x-acs-accesskey-id": key.id if key.token else None,
        "x-acs-security-token": key.token,
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = tuple((name.encode(), value.encode()) for name, value in given.items() if value is not None)
    return with_query(Message(method, b"/", lines, body), parameters)


def v3(key, action, parameters, signed=None, **more):
    """A signed message of V3."""
    return authorize(unsigned_v3(key, action, parameters, **more), key, signed)


# V1: a request is signed by a parameter among the others.


DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}


def canonical_v1(parameters):
    return canonical_query([(name, value) for name, value in parameters if name != "Signature"])


def string_v1(method, parameters):
    """The string to sign of these names and values, of query and form together."""
    return f"{method}&%2F&{encode(canonical_v1(parameters))}"


def signature_v1(secret, string, method="HMAC-SHA1"):
    digest = hmac.new(f"{secret}&".encode(), string.encode(), DIGESTS[method]).digest()
    return base64.b64encode(digest).decode()


def string_of(message):
    """The string to sign of a message of V1."""
    form = message.body if message.header(b"content-type") is not None else b""
    return string_v1(message.method.decode(), pairs(query_of(message)) + pairs(form))


def v1(key, action, parameters, form=None, method=b"GET", **protocol):
    """A signed message of V1; `protocol` replaces the protocol's parameters, or takes away those that are None."""
    given = {
        "Action": action,
        "Version": ALIBABA_VERSION,
        "Format": "JSON",
        "AccessKeyId": key.id,
        "SecurityToken": key.token,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": nonce(),
        "Timestamp": moment(),
        **parameters,
        **protocol,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if "Signature" not in protocol:
        string = string_v1(method.decode(), list(given.items()) + list((form or {}).items()))
        by = given.get("SignatureMethod")
        given["Signature"] = signature_v1(key.secret, string, by if by in DIGESTS else "HMAC-SHA1")
    headers = [(b"host", b"127.0.0.1")]
    if method == b"POST":
        headers += [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"0")]
    return with_query(Message(method, b"/", tuple(headers), encoded(form or {})), given)


# Both, by one call


@dataclass(frozen=True)
class Protocol:
    """A signer and what it calls the time and the nonce."""

    name: str
    build: Callable
    time: str
    nonce: str

    def __call__(self, key, action, parameters, time=None, once=None, **more):
        """A signed message; `time` and `once` instead of the clock's time and a fresh nonce."""
        if time is not None:
            more[self.time] = time
        if once is not None:
            more[self.nonce] = once
        return self.build(key, action, parameters, **more)


ACS3 = Protocol("V3", v3, "x_acs_date", "x_acs_signature_nonce")
RPC = Protocol("V1", v1, "Timestamp", "SignatureNonce")
