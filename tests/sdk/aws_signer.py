"""AWS requests signed by botocore's own signer, at another moment or with less signed where a test asks for it."""

import json
import re
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import wire
from clients import AWS_MEMBER, SECRET

ALGORITHM = "AWS4-HMAC-SHA256"
FORM = "%Y%m%dT%H%M%SZ"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# observed: letter for letter.
WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
INVALID_TOKEN = "The security token included in the request is invalid."

NEVER_ISSUED = "AKIAIOSFODNN7EXAMPLE"
"""A key of the manual's examples."""


def temporary(server, account=AWS_MEMBER, **more):
    """A fresh temporary key of the account, as `/_sanmen/keys` tells of it."""
    return server.keys("POST", vendor="aws", account=account, temporary=True, **more)


def moment(shift=0):
    """Now and so many seconds, as X-Amz-Date has it."""
    return (datetime.now(UTC) + timedelta(seconds=shift)).strftime(FORM)


class Signer(SigV4Auth):
    """botocore's, with a clock that is `shift` seconds wrong, and without the headers `unsigned`."""

    def __init__(self, account, secret, token, region, service, shift, unsigned):
        super().__init__(Credentials(account, secret, token), service, region)
        self.shift, self.unsigned = shift, unsigned
        self.canonical = self.to_sign = None

    def _modify_request_before_signing(self, request):
        request.context["timestamp"] = moment(self.shift)
        super()._modify_request_before_signing(request)

    def headers_to_sign(self, request):
        headers = super().headers_to_sign(request)
        for name in self.unsigned:
            del headers[name]
        return headers

    def canonical_request(self, request):
        self.canonical = super().canonical_request(request)
        return self.canonical

    def string_to_sign(self, request, canonical_request):
        self.to_sign = super().string_to_sign(request, canonical_request)
        return self.to_sign


def sign(
    server,
    *,
    account=AWS_MEMBER,
    secret=SECRET,
    token=None,
    region="us-east-1",
    service="sso",
    shift=0,
    unsigned=(),
    operation="CreateInstance",
    target="/",
    body=b"{}",
    headers=(),
):
    """The signer and the request that it has signed; `headers` come on top, as pairs."""
    signer = Signer(account, secret, token, region, service, shift, unsigned)
    request = AWSRequest("POST", server.url + target, data=body)
    request.headers["Content-Type"] = "application/x-amz-json-1.1"
    request.headers["X-Amz-Target"] = f"SWBExternalService.{operation}"
    for name, value in headers:
        # Assigning adds a second value of the same name, as these are the headers of an e-mail.
        request.headers[name] = value
    signer.add_auth(request)
    return signer, request


def message(server, request):
    """The signed request as it is to be sent."""
    headers = [(b"Host", server.address.encode())]
    headers += [(name.encode(), value.encode()) for name, value in request.headers.items()]
    target = request.url.removeprefix(server.url).encode()
    return wire.Message(b"POST", target, tuple(headers), request.data or b"")


def signed(server, **how):
    """A signed message: CreateInstance by the member account, unless told otherwise."""
    return message(server, sign(server, **how)[1])


def edited(one, old, new):
    """The message with something in its Authorization header replaced; it must be there."""
    header = one.header(b"authorization")
    assert header.count(old) == 1, header
    return one.with_header(b"authorization", header.replace(old, new))


def refusal(server, one):
    """Sends the message, expects a client error in the service's form, and gives its type and message."""
    answer = wire.send(server, one)
    assert answer.status == 400, answer
    assert answer.headers["content-type"] == "application/x-amz-json-1.1", answer
    assert UUID.fullmatch(answer.headers["x-amzn-requestid"]), answer
    told = datetime.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - told) < timedelta(seconds=5), answer
    body = json.loads(answer.body)
    return body["__type"], body.get("message")


def accepted(server, one):
    """Sends the message, expects success, and gives the body."""
    answer = wire.send(server, one)
    assert answer.status == 200, answer
    return json.loads(answer.body)
