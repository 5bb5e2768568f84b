"""Huawei Cloud IAM Identity Center through the vendor's SDK: the sso-configuration of an instance, and refusals."""

import json
import re
import subprocess
import sys

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkidentitycenter.v1 import (
    GetSsoConfigurationRequest,
    SessionConfigurationDto,
    SSOConfigurationDto,
    UpdateSsoConfigurationReqBody,
    UpdateSsoConfigurationRequest,
)

import program
from clients import HUAWEI_DELEGATED, HUAWEI_MANAGEMENT, HUAWEI_MEMBER, HUAWEI_STANDALONE, SECRET, huawei

INSTANCE = "ins-1111111111111111"
UNKNOWN = "ins-ffffffffffffffff"
PATH = f"/v1/instances/{INSTANCE}/sso-configuration"
APPLICATION = "APP_AUTHENTICATION_CONFIGURATION"

# doc and sdk (Terraform's "reset to default"): the configuration of a fresh instance.
FRESH = {
    "mfa_mode": "ALWAYS_ON",
    "no_mfa_signin_behavior": "ALLOWED",
    "no_password_signin_behavior": "BLOCKED",
    "allowed_mfa_types": ["TOTP"],
    "session_configuration": {"max_authentication_age": "PT8H"},
}


def read(client, instance=INSTANCE):
    return client.get_sso_configuration(GetSsoConfigurationRequest(instance_id=instance)).sso_configuration.to_dict()


def write(client, configuration, kind=APPLICATION, instance=INSTANCE):
    return send(client, {"sso_configuration": configuration, "configuration_type": kind}, instance)


def send(client, body, instance=INSTANCE):
    """Updates with this body, whatever it is: the SDK passes a dict or a text on as it is."""
    return client.update_sso_configuration(UpdateSsoConfigurationRequest(instance_id=instance, body=body))


def age(duration):
    return {"session_configuration": {"max_authentication_age": duration}}


# The configuration


def test_a_fresh_instance_has_the_documented_configuration(world):
    assert read(huawei(world)) == FRESH


# sdk (Terraform's acceptance test): one call of this type stores all members, the session too.
def test_all_members_are_stored_by_the_sdks_own_models(world):
    client = huawei(world)
    client.update_sso_configuration(
        UpdateSsoConfigurationRequest(
            instance_id=INSTANCE,
            body=UpdateSsoConfigurationReqBody(
                configuration_type=APPLICATION,
                sso_configuration=SSOConfigurationDto(
                    mfa_mode="DISABLED",
                    no_mfa_signin_behavior="EMAIL_OTP",
                    no_password_signin_behavior="EMAIL_OTP",
                    allowed_mfa_types=["TOTP", "WEBAUTHN_SECURITY_KEY"],
                    session_configuration=SessionConfigurationDto(max_authentication_age="PT12H"),
                ),
            ),
        )
    )
    assert read(client) == {
        "mfa_mode": "DISABLED",
        "no_mfa_signin_behavior": "EMAIL_OTP",
        "no_password_signin_behavior": "EMAIL_OTP",
        "allowed_mfa_types": ["TOTP", "WEBAUTHN_SECURITY_KEY"],
        "session_configuration": {"max_authentication_age": "PT12H"},
    }


# sdk: each value of each enum. inferred: an update merges, what is absent stays.
CHANGES = [
    *({"mfa_mode": value} for value in ("CONTEXT_AWARE", "DISABLED", "ALWAYS_ON")),
    *({"no_mfa_signin_behavior": value} for value in ("ALLOWED_WITH_ENROLLMENT", "ALLOWED", "EMAIL_OTP", "BLOCKED")),
    *({"no_password_signin_behavior": value} for value in ("BLOCKED", "EMAIL_OTP")),
    *({"allowed_mfa_types": [value]} for value in ("TOTP", "WEBAUTHN", "WEBAUTHN_SECURITY_KEY")),
    {"allowed_mfa_types": ["WEBAUTHN", "TOTP"]},
    # doc: 15 minutes to 90 days; sdk: the form. inferred: the text is echoed as it was sent.
    *map(age, ("PT15M", "PT20M", "PT60M", "PT1H", "PT8H30M", "P1D", "P1DT12H", "P1W", "P90D", "PT2160H", "PT129600M")),
    # inferred: an empty update changes nothing.
    {},
]


@pytest.mark.parametrize("change", CHANGES, ids=json.dumps)
def test_one_member_changes_and_the_others_stay(world, change):
    client = huawei(world)
    write(client, change)
    assert read(client) == FRESH | change


def test_changes_add_up(world):
    client = huawei(world)
    write(client, {"mfa_mode": "DISABLED"})
    write(client, {"no_mfa_signin_behavior": "BLOCKED"})
    write(client, age("PT1H"), "SESSION")
    assert read(client) == FRESH | {"mfa_mode": "DISABLED", "no_mfa_signin_behavior": "BLOCKED"} | age("PT1H")


# doc: the other type of configuration.
def test_the_session_has_a_type_of_its_own(world):
    client = huawei(world)
    write(client, age("PT12H"), "SESSION")
    assert read(client) == FRESH | age("PT12H")


# inferred: members that are not documented are passed over, at every level.
def test_unknown_members_are_passed_over(world):
    client = huawei(world)
    send(
        client,
        {
            "sso_configuration": {"mfa_mode": "DISABLED", "colour": {"shade": 1}} | age("PT1H"),
            "configuration_type": APPLICATION,
            "comment": ["none"],
        },
    )
    assert read(client) == FRESH | {"mfa_mode": "DISABLED"} | age("PT1H")


# doc: a delegated administrator may. inferred: with lenient authentication an unknown key is the management account.
@pytest.mark.parametrize("account", [HUAWEI_DELEGATED, "AKUNKNOWN"])
def test_others_who_may(world, account):
    client = huawei(world, account)
    write(client, {"mfa_mode": "DISABLED"})
    assert read(client) == read(huawei(world)) == FRESH | {"mfa_mode": "DISABLED"}


# The wire


# doc: 200 with an empty body. doc: X-Request-Id on every answer.
def test_an_update_answers_an_empty_body(world):
    seen = []
    answer = write(huawei(world, seen=seen), {"mfa_mode": "DISABLED"})
    assert answer.status_code == 200
    assert answer.raw_content == b""
    assert seen[0].headers["X-Request-Id"]
    assert seen[0].headers["Date"]


def test_a_configuration_is_answered_as_json(world):
    seen = []
    read(huawei(world, seen=seen))
    assert seen[0].status_code == 200
    assert seen[0].headers["Content-Type"].startswith("application/json")
    assert seen[0].headers["X-Request-Id"]
    assert seen[0].json() == {"sso_configuration": FRESH}


def test_each_answer_has_a_request_id_of_its_own(world):
    seen = []
    client = huawei(world, seen=seen)
    for _ in range(8):
        read(client)
    assert len({answer.headers["X-Request-Id"] for answer in seen}) == 8


# The refusals


def refusal(seen, call, *arguments):
    """Makes the call, expects the SDK to raise, and gives status, code and message."""
    with pytest.raises(ClientRequestException) as caught:
        call(*arguments)
    error, body = caught.value, seen[-1].json()
    # sdk: the request id comes from the header. doc: it is the one of the body.
    assert error.request_id and error.request_id == body["request_id"]
    # doc: only a 403 has a message to decode.
    assert bool(error.encoded_auth_msg) == (error.status_code == 403)
    return error.status_code, error.error_code, error.error_msg


def body(configuration, kind=APPLICATION):
    return {"sso_configuration": configuration, "configuration_type": kind}


# doc: the members, the codes and "Bad Request: {0}."; sdk: the enums and the form of a duration.
REFUSED = {
    "an unknown mfa_mode": body({"mfa_mode": "SOMETIMES"}),
    "an mfa_mode in another case": body({"mfa_mode": "disabled"}),
    "an mfa_mode that is a number": body({"mfa_mode": 1}),
    "an unknown behaviour without mfa": body({"no_mfa_signin_behavior": "IGNORED"}),
    "an unknown behaviour without password": body({"no_password_signin_behavior": "ALLOWED"}),
    "an unknown type of mfa": body({"allowed_mfa_types": ["TOTP", "SMS"]}),
    "a type of mfa that is no list": body({"allowed_mfa_types": "TOTP"}),
    "an unknown type of configuration": body({"mfa_mode": "DISABLED"}, "PORTAL"),
    "no type of configuration": {"sso_configuration": {"mfa_mode": "DISABLED"}},
    "no configuration": {"configuration_type": APPLICATION},
    "a configuration that is a list": body([]),
    "a session without its age": body({"session_configuration": {}}),
    "a session that is a text": body({"session_configuration": "PT8H"}),
    "a valid member beside an invalid one": body({"mfa_mode": "DISABLED"} | age("never")),
    # sdk: not of the form.
    **{
        f"the age {duration!r}": body(age(duration))
        for duration in ("", "8H", "P", "PT", "PT8", "PT8S", "PT1H30S", "pt8h", "PT1.5H", "P1D12H", " PT8H", "28800")
    },
    # doc: less than 15 minutes, more than 90 days, or less than nothing.
    **{
        f"the age {duration!r} out of bounds": body(age(duration))
        for duration in (
            *("PT14M", "PT0M", "P0D", "-PT8H"),
            *("P91D", "P90DT1M", "PT129601M", "P13W", "P1Y", "P99999999999D"),
        )
    },
    # Not a JSON object at all; the SDK passes a text on as it is.
    "no JSON": "{",
    "an array": "[]",
    "a member twice": '{"configuration_type": "SESSION", "configuration_type": "SESSION", "sso_configuration": {}}',
    "deep nesting": '{"sso_configuration": ' + "[" * 50_000 + "]" * 50_000 + "}",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_refused_and_changes_nothing(world, content):
    seen = []
    client = huawei(world, seen=seen)
    status, code, message = refusal(seen, send, client, content)
    assert (status, code) == (400, "IIC.400")
    assert message.startswith("Bad Request: ")
    assert read(client) == FRESH


# doc: management account or delegated administrator only; the code is inferred from the published list.
@pytest.mark.parametrize("account", [HUAWEI_MEMBER, HUAWEI_STANDALONE], ids=["member", "standalone"])
@pytest.mark.parametrize(
    "call, arguments, action",
    [
        (read, (), "IdentityCenter:ssoConfiguration:describe"),
        (write, ({"mfa_mode": "DISABLED"},), "IdentityCenter:ssoConfiguration:update"),
    ],
    ids=["read", "write"],
)
def test_other_accounts_have_no_permission(world, account, call, arguments, action):
    seen = []
    status, code, message = refusal(seen, call, huawei(world, account, seen), *arguments)
    assert (status, code) == (403, "IIC.1000")
    assert message.startswith("No permission for action ") and action in message
    assert read(huawei(world)) == FRESH


# doc: 404 for what is not there; the generic code is the only one published.
@pytest.mark.parametrize("call, arguments", [(read, ()), (write, ({"mfa_mode": "DISABLED"},))], ids=["read", "write"])
def test_an_unknown_instance_is_not_found(world, call, arguments):
    seen = []
    client = huawei(world, seen=seen)
    status, code, message = refusal(seen, lambda: call(client, *arguments, instance=UNKNOWN))
    assert (status, code) == (404, "IIC.404")
    assert message.startswith("Not Found: ")


# sdk: `^[a-zA-Z0-9-]{1,64}$`.
@pytest.mark.parametrize("instance", ["ins_1111111111111111", "ins 1", "i" * 65, "实例"])
def test_a_malformed_instance_id_is_refused(world, instance):
    seen = []
    client = huawei(world, seen=seen)
    status, code, _ = refusal(seen, lambda: read(client, instance))
    assert (status, code) == (400, "IIC.400")


# doc of the gateway: an unknown path, and a known one with a method that it has not.
@pytest.mark.parametrize(
    "method, path", [("GET", "/v1/coffee"), ("DELETE", PATH), ("PUT", PATH), ("POST", f"{PATH}/more")]
)
def test_an_unknown_path_or_method_is_the_gateways_404(world, method, path):
    seen = []
    client = huawei(world, seen=seen)
    status, code, message = refusal(seen, client.do_http_request, method, path)
    assert (status, code) == (404, "APIGW.0101")
    assert message.startswith("The API does not exist")


# sdk: credentials, domain and the endpoint of a region by environment variables alone.
def test_the_sdk_finds_the_server_by_its_variables(world):
    script = (
        "from huaweicloudsdkidentitycenter.v1 import GetSsoConfigurationRequest, IdentityCenterClient\n"
        "from huaweicloudsdkidentitycenter.v1.region.identitycenter_region import IdentityCenterRegion\n"
        "client = IdentityCenterClient.new_builder().with_region(IdentityCenterRegion.value_of('cn-north-4')).build()\n"
        f"answer = client.get_sso_configuration(GetSsoConfigurationRequest(instance_id='{INSTANCE}'))\n"
        "print(answer.sso_configuration.mfa_mode)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=program.environment(
            HUAWEICLOUD_SDK_AK=HUAWEI_MANAGEMENT,
            HUAWEICLOUD_SDK_SK=SECRET,
            HUAWEICLOUD_SDK_DOMAIN_ID=HUAWEI_MANAGEMENT,
            HUAWEICLOUD_SDK_REGION_IDENTITYCENTER_CN_NORTH_4=world.url,
        ),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "ALWAYS_ON", done.stderr
    assert re.search("error", done.stderr, re.IGNORECASE) is None, done.stderr
