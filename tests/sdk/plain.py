"""Requests written by hand, for a server that verifies no signatures: many, quickly, on connections that stay open."""

import http.client
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

LIMIT = 30
"""Seconds for one answer."""

DIRECTORY = "d-001111111111"
"""The directory of Alibaba Cloud in the seed `default`."""

ATTRIBUTES = "/v1/instances/ins-1111111111111111/access-control-attribute-configuration"
"""Where the attributes of Huawei Cloud's instance are, in the seed `default`."""


@dataclass(frozen=True)
class Call:
    """A request: what a connection is told to send."""

    method: str
    target: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def raw(self, *more):
        """The bytes, with a true Content-Length and these lines more in the head."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, f"Content-Length: {len(self.body)}", *more]).encode() + b"\r\n\r\n" + self.body


def aws(account, operation, **parameters):
    """A call of sso-admin by an account, which need not be known."""
    credential = f"Credential={account}/20260102/us-east-1/sso/aws4_request"
    headers = {
        "X-Amz-Target": f"SWBExternalService.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0",
    }
    return Call("POST", "/", headers, json.dumps(parameters).encode())


def alibaba(action, account="1" * 16, **parameters):
    """A call of CloudSSO in the style of V3, with a form, on the directory of the seed."""
    headers = {
        "Authorization": f"ACS3-HMAC-SHA256 Credential={account},SignedHeaders=host,Signature=0",
        "x-acs-action": action,
        "x-acs-version": "2021-05-15",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Call("POST", "/", headers, urlencode({"DirectoryId": DIRECTORY, **parameters}).encode())


def huawei(method, path, account="1" * 32, **body):
    """A call of IAM Identity Center."""
    headers = {
        "Authorization": f"SDK-HMAC-SHA256 Access={account}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/json",
    }
    return Call(method, path, headers, json.dumps(body).encode() if body else b"")


def attributes(method, values):
    """A call that writes attributes of Huawei Cloud's instance: those of these values, by names that they follow from."""
    listed = [{"key": key, "value": {"source": [source]}} for key, source in values]
    return huawei(
        method, ATTRIBUTES, instance_access_control_attribute_configuration={"access_control_attributes": listed}
    )


class Connection:
    """A connection that is opened when it is needed, and stays open."""

    def __init__(self, server):
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)

    def send(self, call):
        """The status and the body of the answer: JSON where there is any, else None."""
        self._connection.request(call.method, call.target, call.body, call.headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def done(self, call):
        """The body of an answer that has to be a success."""
        status, body = self.send(call)
        assert 200 <= status < 300, (status, body, call)
        return body

    def close(self):
        self._connection.close()
