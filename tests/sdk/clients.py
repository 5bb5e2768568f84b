"""The vendors' own clients, unmodified, pointed at a running server."""

import functools
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import boto3
import botocore.config
from alibabacloud_cloudsso20210515 import models as cloudsso
from alibabacloud_cloudsso20210515.client import Client as CloudSso
from alibabacloud_tea_openapi import utils_models as tea
from alibabacloud_tea_openapi.exceptions import ClientException as TeaRefusal
from aliyunsdkcore.acs_exception.exceptions import ServerException as CoreRefusal
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkidentitycenter.v1 import IdentityCenterClient

SECRET = "sanmen"


# AWS

AWS_MANAGEMENT, AWS_MEMBER, AWS_DELEGATED, AWS_STANDALONE = (digit * 12 for digit in "1230")


@functools.cache
def aws(url, account=AWS_MEMBER, region="us-east-1", attempts=1, check=True, secret=SECRET, token=None):
    """A boto3 sso-admin client; with `check=False` it sends what botocore itself would refuse."""
    return boto3.Session().client(
        "sso-admin",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=botocore.config.Config(
            connect_timeout=10,
            read_timeout=30,
            max_pool_connections=64,
            parameter_validation=check,
            retries={"mode": "standard", "total_max_attempts": attempts},
        ),
    )


# Alibaba Cloud

ALIBABA_MANAGEMENT, ALIBABA_MEMBER, ALIBABA_DELEGATED, ALIBABA_STANDALONE = (digit * 16 for digit in "1230")
ALIBABA_REGION = "cn-shanghai"
ALIBABA_VERSION = "2021-05-15"


@dataclass(frozen=True)
class AlibabaKey:
    """An access key, a temporary one when it has a token; an account's number stands for the key the seed gives it."""

    id: str
    secret: str = SECRET
    token: str | None = None

    @classmethod
    def of(cls, caller):
        """The key itself, or the one the seed gives to this account."""
        return caller if isinstance(caller, cls) else cls(caller)

    @classmethod
    def made(cls, server, account=ALIBABA_MANAGEMENT, **fields):
        """A new key of this account, made by `POST /_sanmen/keys`."""
        answer = server.keys("POST", vendor="alibaba", account=account, **fields)
        return cls(answer["id"], answer["secret"], answer.get("session_token"))


@dataclass
class Refusal(Exception):
    """An error as a client of Alibaba raised it; `raised` is the client's own exception."""

    status: int
    code: str
    message: str
    request_id: str
    raised: Exception


def cloudsso_client(server, account=ALIBABA_MANAGEMENT, algorithm=None):
    """The current SDK's client; with algorithm `v2` it speaks the older protocol V1."""
    key = AlibabaKey.of(account)
    return CloudSso(
        tea.Config(
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.token,
            region_id=ALIBABA_REGION,
            endpoint=server.address,
            protocol="HTTP",
            signature_algorithm=algorithm,
            connect_timeout=10_000,
            read_timeout=30_000,
        )
    )


def refusal_of_tea(error):
    return Refusal(error.status_code, error.code, error.message, error.request_id, error)


@dataclass(frozen=True)
class Tea:
    """Calls by the current SDK's typed methods: V3, or V1 when `algorithm` is `v2`."""

    name: str
    algorithm: str | None

    def __call__(self, server, account, action, **parameters):
        """The answer's body as a dict, or a `Refusal`."""
        client = cloudsso_client(server, account, self.algorithm)
        request = getattr(cloudsso, f"{action}Request")().from_map(parameters)
        method = {
            "UpdateMFAAuthenticationSettings": client.update_mfaauthentication_settings_with_options,
            "GetMFAAuthenticationSettingInfo": client.get_mfaauthentication_setting_info_with_options,
        }[action]
        try:
            return method(request, RuntimeOptions()).body.to_map()
        except TeaRefusal as error:
            raise refusal_of_tea(error) from error


@dataclass(frozen=True)
class Core:
    """Calls by the older SDK core, protocol V1: all in the query (GET), or parameters in a form (POST)."""

    name: str
    method: str

    def request(self, server, action, parameters, version=ALIBABA_VERSION):
        request = CommonRequest(domain=server.address.partition(":")[0], version=version, action_name=action)
        request.set_method(self.method)
        request.set_protocol_type("http")
        add = request.add_body_params if self.method == "POST" else request.add_query_param
        for name, value in parameters.items():
            add(name, value if isinstance(value, str) else json.dumps(value))
        return request

    def client(self, server, account):
        key = AlibabaKey.of(account)
        credential = AccessKeyCredential(key.id, key.secret)
        if key.token:
            credential = StsTokenCredential(key.id, key.secret, key.token)
        return AcsClient(
            region_id=ALIBABA_REGION,
            credential=credential,
            port=server.port,
            auto_retry=False,
            connect_timeout=10,
            timeout=30,
        )

    def __call__(self, server, account, action, version=ALIBABA_VERSION, **parameters):
        """The answer's body as a dict, or a `Refusal`."""
        request = self.request(server, action, parameters, version)
        try:
            return json.loads(self.client(server, account).do_action_with_exception(request))
        except CoreRefusal as error:
            raise Refusal(
                error.get_http_status(), error.get_error_code(), error.get_error_msg(), error.get_request_id(), error
            ) from error

    def xml(self, server, account, action, **parameters):
        """Status, headers and parsed body of an answer in XML; this client raises nothing for XML errors' sake."""
        request = self.request(server, action, parameters)
        request.set_accept_format("XML")
        status, headers, body = self.client(server, account).get_response(request)
        return status, {name.lower(): value for name, value in headers.items()}, ElementTree.fromstring(body)


V3 = Tea("V3", None)
V1 = Tea("V1", "v2")
CORE_GET = Core("core-GET", "GET")
CORE_POST = Core("core-POST", "POST")
ALIBABA_CALLS = (V3, V1, CORE_GET, CORE_POST)


# Huawei Cloud

HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_DELEGATED, HUAWEI_STANDALONE = (digit * 32 for digit in "1230")


def huawei(
    server, account=HUAWEI_MANAGEMENT, seen=None, *, key=None, secret=SECRET, token=None, domain=None, derived=False
):
    """The Identity Center client; each answer as it came over the wire is appended to `seen`.

    `key` is the id of a key when it is not the account's. With `derived` requests are signed by V11-HMAC-SHA256.
    """
    handler = HttpHandler()
    if seen is not None:
        handler.add_response_handler(lambda response, **_: seen.append(response))
    credentials = GlobalCredentials(key or account, secret, domain)
    if token is not None:
        credentials.with_security_token(token)
    if derived:
        credentials.with_derived_predicate(credentials.get_default_derived_predicate())
        # What a builder with a region calls; none of this service's names a service.
        credentials._process_derived_auth_params("identitycenter", "cn-north-4")
    return (
        IdentityCenterClient.new_builder()
        .with_credentials(credentials)
        .with_endpoints([server.url])
        .with_http_config(HttpConfig(timeout=(10, 30)))
        .with_http_handler(handler)
        .build()
    )
