"""The signature of Huawei's gateway, written from its documentation and not from an SDK, and what the gateway answers.

Requests are `wire.Message`s, and everything is bytes: what is signed is what stands on the wire.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_from_bytes, unquote_to_bytes

from clients import HUAWEI_MANAGEMENT
from test_huawei import PATH
from wire import Message, send

PLAIN = "SDK-HMAC-SHA256"
SM3 = "SDK-HMAC-SM3"
DERIVED = "V11-HMAC-SHA256"

BODY = (
    b'{"configuration_type": "SESSION", '
    b'"sso_configuration": {"session_configuration": {"max_authentication_age": "PT1H"}}}'
)
"""A write that changes something."""

# doc: Common Errors Related to IAM Authentication Information; what they begin with, and two details.
PREFIX = "Incorrect IAM authentication information: "
VERIFY = "verify aksk signature fail"
DECRYPT = "decrypt token fail"


def unknown(key):
    return f"Get secretKey failed,ak:{key},err:ak not exist"


def stamp(ago=timedelta()):
    """A moment in the past, or with a negative `ago` in the future, as X-Sdk-Date writes it."""
    return (datetime.now(timezone.utc) - ago).strftime("%Y%m%dT%H%M%SZ")


def request(server, method, target, body=b"", date=None, **headers):
    """A request with a host, a date and these headers; in their names `_` stands for `-`, and None leaves one out."""
    named = {"host": server.address, "x-sdk-date": date or stamp()}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = tuple((name.encode(), value.encode()) for name, value in named.items() if value is not None)
    return Message(method.encode(), target.encode(), lines, body)


def encoded(text):
    """Percent-encoded but for the unreserved letters, digits and signs."""
    return quote_from_bytes(text, safe="~").encode()


def canonical_path(path):
    """Decoded once, each segment encoded anew, with `/` at the end."""
    path = b"/".join(encoded(segment) for segment in unquote_to_bytes(path).split(b"/"))
    return path if path.endswith(b"/") else path + b"/"


def canonical_query(query):
    """Decoded, sorted by name and then by value, and encoded anew; a name alone has an empty value."""
    pairs = [pair.replace(b"+", b" ").partition(b"=") for pair in query.split(b"&") if pair]
    decoded = sorted((unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs)
    return b"&".join(encoded(name) + b"=" + encoded(value) for name, value in decoded)


def derived_key(key, secret, scope):
    """HKDF with one block: the key's id is the salt, the secret the input, the scope the info; in hex, as a text."""
    extracted = hmac.digest(key.encode(), secret.encode(), "sha256")
    return hmac.digest(extracted, scope.encode() + b"\x01", "sha256").hex()


@dataclass(frozen=True)
class Signer:
    """What one needs for a signature, and what one may choose."""

    key: str
    secret: str
    names: str | None = None
    """The signed headers, joined by `;`; all that there are, when None."""
    payload: str | None = None
    """What stands for the body's hash."""
    algorithm: str = PLAIN
    place: str = "globe/identitycenter"
    """Region and service of the derived algorithm."""
    day: str | None = None
    """The day of the derived algorithm; that of X-Sdk-Date, when None."""

    def digest(self, text):
        return hashlib.new("sm3" if self.algorithm == SM3 else "sha256", text).hexdigest()

    def date(self, message):
        return (message.header(b"x-sdk-date") or b"").decode()

    def scope(self, message):
        return f"{self.day or self.date(message)[:8]}/{self.place}"

    def signed(self, message):
        if self.names is not None:
            return self.names
        return ";".join(sorted(name.lower().decode() for name, _ in message.headers))

    def canonical_request(self, message):
        path, _, query = message.target.partition(b"?")
        names = self.signed(message)
        headers = [
            name.encode() + b":" + (message.header(name.encode()) or b"").strip() + b"\n" for name in names.split(";")
        ]
        return b"\n".join(
            (
                message.method,
                canonical_path(path),
                canonical_query(query),
                b"".join(headers),
                names.encode(),
                (self.payload or self.digest(message.body)).encode(),
            )
        )

    def string_to_sign(self, message):
        lines = [self.algorithm, self.date(message)]
        if self.algorithm == DERIVED:
            lines.append(self.scope(message))
        return "\n".join([*lines, self.digest(self.canonical_request(message))])

    def signature(self, message):
        secret = self.secret
        if self.algorithm == DERIVED:
            secret = derived_key(self.key, secret, self.scope(message))
        return hmac.new(
            secret.encode(), self.string_to_sign(message).encode(), "sm3" if self.algorithm == SM3 else "sha256"
        ).hexdigest()

    def authorization(self, message):
        who = f"Access={self.key}"
        if self.algorithm == DERIVED:
            who = f"Credential={self.key}/{self.scope(message)}"
        return f"{self.algorithm} {who}, SignedHeaders={self.signed(message)}, Signature={self.signature(message)}"

    def sign(self, message):
        return message.with_header(b"authorization", self.authorization(message).encode())


# Against a server


def made(server, account=HUAWEI_MANAGEMENT, **more):
    """A signer with a key of this account that is made for the test, and the key."""
    key = server.keys("POST", vendor="huawei", account=account, **more)
    return Signer(key["id"], key["secret"]), key


def call(server, method="GET", target=PATH, body=b"", **headers):
    """A request for the configuration, not signed yet."""
    return request(server, method, target, body, **{"content_type": "application/json"} | headers)


def accepted(server, message):
    """Sends it, expects that the caller is taken for who he is, and gives the answer's JSON."""
    answer = send(server, message)
    assert answer.status == 200, answer.body
    return json.loads(answer.body) if answer.body else None


def refused(server, message):
    """Sends it, expects the gateway's 401, and gives the detail."""
    return detail(send(server, message))


def detail(answer):
    """The detail of the gateway's 401."""
    assert answer.status == 401, answer
    body = json.loads(answer.body)
    # doc: the id stands in the header and in the body, 32 hex digits.
    assert set(body) == {"error_code", "error_msg", "request_id"}
    assert re.fullmatch("[0-9a-f]{32}", body["request_id"]) and answer.headers["x-request-id"] == body["request_id"]
    assert body["error_code"] == "APIGW.0301"
    assert body["error_msg"].startswith(PREFIX)
    return body["error_msg"].removeprefix(PREFIX)
