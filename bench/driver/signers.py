"""The vendors' signatures, so that requests can be signed before they are sent; and requests as bytes."""

import hashlib
import hmac
import time
import uuid
from functools import cache
from urllib.parse import parse_qsl, quote

SECRET = "sanmen"
"""Of all keys here."""


def message(method, target, headers, body=b""):
    """A request as it stands on the wire."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method != "GET":
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def _mac(key, text):
    return hmac.digest(key, text.encode(), "sha256")


@cache
def _aws_key(day, region, service):
    key = f"AWS4{SECRET}".encode()
    for part in (day, region, service, "aws4_request"):
        key = _mac(key, part)
    return key


def _query(target):
    pairs = parse_qsl(target.partition("?")[2], keep_blank_values=True)
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(pairs))


def _canonical(method, path, target, headers, body):
    """The canonical request that the three schemes have in common, and the names of the signed headers."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    return f"{method}\n{path}\n{_query(target)}\n{lines}\n{names}\n{_sha256(body)}", names


def aws(key, method, target, headers, body, region="us-east-1", service="sso"):
    """Signature Version 4."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = headers | {"x-amz-date": moment}
    canonical, names = _canonical(method, "/", target, headers, body)
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
    signature = _mac(_aws_key(moment[:8], region, service), text).hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return message(method, target, headers | {"authorization": authorization}, body)


def alibaba(key, method, target, headers, body):
    """V3, with a nonce of its own each time."""
    headers = headers | {
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": _sha256(body),
    }
    canonical, names = _canonical(method, "/", target, headers, body)
    signature = _mac(SECRET.encode(), f"ACS3-HMAC-SHA256\n{_sha256(canonical.encode())}").hex()
    authorization = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
    return message(method, target, headers | {"authorization": authorization}, body)


def huawei(key, method, target, headers, body):
    """SDK-HMAC-SHA256."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = headers | {"x-sdk-date": moment}
    path = target.partition("?")[0].rstrip("/") + "/"
    canonical, names = _canonical(method, path, target, headers, body)
    signature = _mac(SECRET.encode(), f"SDK-HMAC-SHA256\n{moment}\n{_sha256(canonical.encode())}").hex()
    authorization = f"SDK-HMAC-SHA256 Access={key}, SignedHeaders={names}, Signature={signature}"
    return message(method, target, headers | {"authorization": authorization}, body)
