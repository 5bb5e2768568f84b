"""Alibaba Cloud CloudSSO through the vendor's SDKs, old and new: MFA settings, their visibility, and every refusal."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from alibabacloud_cloudsso20210515 import models as cloudsso
from alibabacloud_tea_openapi import utils_models as tea
from alibabacloud_tea_openapi.exceptions import ClientException
from darabonba.runtime import ExtendsParameters, RuntimeOptions

from clients import (
    ALIBABA_CALLS,
    ALIBABA_DELEGATED,
    ALIBABA_MANAGEMENT,
    ALIBABA_MEMBER,
    ALIBABA_STANDALONE,
    ALIBABA_VERSION,
    CORE_GET,
    CORE_POST,
    V1,
    V3,
    Refusal,
    cloudsso_client,
    refusal_of_tea,
)

DIRECTORY = "d-001111111111"
UPDATE = "UpdateMFAAuthenticationSettings"
READ = "GetMFAAuthenticationSettingInfo"

# doc: upper-case UUID.
REQUEST_ID = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")

every_call = pytest.mark.parametrize("call", ALIBABA_CALLS, ids=lambda call: call.name)


def update(server, setting, risk=None, call=V3, account=ALIBABA_MANAGEMENT):
    parameters = {"DirectoryId": DIRECTORY, "MFAAuthenticationSettings": setting}
    if risk is not None:
        parameters["OperationForRiskLogin"] = risk
    return call(server, account, UPDATE, **parameters)


def settings(server, call=V3, account=ALIBABA_MANAGEMENT):
    """The setting in force and the behaviour at a risky logon; None when that is not shown."""
    info = call(server, account, READ, DirectoryId=DIRECTORY)["MFAAuthenticationSettingInfo"]
    # sdk: inside this object it is spelled `Mfa`, and optional members are left out.
    return info["MfaAuthenticationAdvanceSettings"], info.get("OperationForRiskLogin")


# The settings


# doc: MFA is enabled for all users of a new directory; the behaviour at a risky logon is not shown then.
@every_call
def test_a_fresh_directory_asks_everybody_for_mfa(world, call):
    assert settings(world, call) == ("Enabled", None)


# doc: the four settings and the two behaviours; the behaviour is shown for Byuser and OnlyRiskyLogin only.
@every_call
@pytest.mark.parametrize(
    "setting, risk, shown",
    [
        ("Enabled", None, None),
        ("Disabled", None, None),
        ("Byuser", "Autonomous", "Autonomous"),
        ("Byuser", "EnforceVerify", "EnforceVerify"),
        ("OnlyRiskyLogin", "Autonomous", "Autonomous"),
        ("OnlyRiskyLogin", "EnforceVerify", "EnforceVerify"),
        # inferred: until one is given it is Autonomous; given with any setting it is accepted.
        ("Byuser", None, "Autonomous"),
        ("OnlyRiskyLogin", None, "Autonomous"),
        ("Enabled", "EnforceVerify", None),
        ("Disabled", "EnforceVerify", None),
        # sdk: Terraform may send it empty, which is as if it were absent.
        ("OnlyRiskyLogin", "", "Autonomous"),
    ],
)
def test_what_is_set_is_read_back(world, call, setting, risk, shown):
    assert update(world, setting, risk, call).keys() == {"RequestId"}
    assert settings(world, call) == (setting, shown)


# inferred: a behaviour that is not given stays as stored, also while it is not shown.
@every_call
def test_the_behaviour_survives_a_setting_that_hides_it(world, call):
    update(world, "OnlyRiskyLogin", "EnforceVerify", call)
    update(world, "Disabled", None, call)
    assert settings(world, call) == ("Disabled", None)
    update(world, "Byuser", "", call)
    assert settings(world, call) == ("Byuser", "EnforceVerify")


# inferred: what is given with a setting that hides it is stored all the same.
def test_a_behaviour_may_be_stored_ahead(world):
    update(world, "Enabled", "EnforceVerify")
    update(world, "OnlyRiskyLogin")
    assert settings(world) == ("OnlyRiskyLogin", "EnforceVerify")


def test_all_clients_see_one_directory(world):
    for call, setting in zip(ALIBABA_CALLS, ("Disabled", "Byuser", "OnlyRiskyLogin", "Enabled"), strict=True):
        update(world, setting, call=call)
        assert {settings(world, other)[0] for other in ALIBABA_CALLS} == {setting}


# sdk: the newest SDK sends a list as JSON text; its values are documented nowhere, TOTP is a device type.
def test_verification_types_are_accepted(world):
    V3(
        world,
        ALIBABA_MANAGEMENT,
        UPDATE,
        DirectoryId=DIRECTORY,
        MFAAuthenticationSettings="Byuser",
        AllowedVerificationTypes=["TOTP"],
    )
    info = V3(world, ALIBABA_MANAGEMENT, READ, DirectoryId=DIRECTORY)["MFAAuthenticationSettingInfo"]
    assert info["MfaAuthenticationAdvanceSettings"] == "Byuser"
    assert info["AllowedVerificationTypes"] == ["TOTP"]


# doc: a delegated administrator may manage the directory. inferred: an unknown key is the management account.
@pytest.mark.parametrize("account", [ALIBABA_DELEGATED, "LTAIunknown"])
def test_others_who_may(world, account):
    update(world, "Disabled", account=account)
    assert settings(world, account=account) == settings(world) == ("Disabled", None)


# The refusals

VALID = {"DirectoryId": DIRECTORY, "MFAAuthenticationSettings": "OnlyRiskyLogin"}


def without(*names):
    return {name: value for name, value in VALID.items() if name not in names}


REFUSED = {
    # doc of the gateway: code and message of a parameter that is missing.
    "no directory": (
        UPDATE,
        without("DirectoryId"),
        (400, "MissingDirectoryId", "DirectoryId is mandatory for this action."),
    ),
    "no setting": (
        UPDATE,
        without("MFAAuthenticationSettings"),
        (400, "MissingMFAAuthenticationSettings", "MFAAuthenticationSettings is mandatory for this action."),
    ),
    "no directory to read": (READ, {}, (400, "MissingDirectoryId", "DirectoryId is mandatory for this action.")),
    # inferred from sibling services: code and message of a value that is not one of those documented.
    "an unknown setting": (
        UPDATE,
        VALID | {"MFAAuthenticationSettings": "Sometimes"},
        (400, "InvalidParameter.MFAAuthenticationSettings", "The MFAAuthenticationSettings is invalid."),
    ),
    "a setting in another case": (
        UPDATE,
        VALID | {"MFAAuthenticationSettings": "onlyriskylogin"},
        (400, "InvalidParameter.MFAAuthenticationSettings", "The MFAAuthenticationSettings is invalid."),
    ),
    "an unknown behaviour": (
        UPDATE,
        VALID | {"OperationForRiskLogin": "Ignore"},
        (400, "InvalidParameter.OperationForRiskLogin", "The OperationForRiskLogin is invalid."),
    ),
    "an unknown behaviour with a setting that hides it": (
        UPDATE,
        VALID | {"MFAAuthenticationSettings": "Enabled", "OperationForRiskLogin": "Ignore"},
        (400, "InvalidParameter.OperationForRiskLogin", "The OperationForRiskLogin is invalid."),
    ),
    # sdk (Terraform): the code; inferred: status and message.
    "an unknown directory": (
        UPDATE,
        VALID | {"DirectoryId": "d-00ffffffffff"},
        (404, "EntityNotExists.Directory", "The directory does not exist."),
    ),
    "an unknown directory to read": (
        READ,
        {"DirectoryId": "d-00ffffffffff"},
        (404, "EntityNotExists.Directory", "The directory does not exist."),
    ),
}


def refusal(call, *arguments, **parameters):
    """Makes the call, expects the client to raise, and checks what is the same in every refusal."""
    with pytest.raises(Refusal) as caught:
        call(*arguments, **parameters)
    refused = caught.value
    assert REQUEST_ID.fullmatch(refused.request_id)
    return refused


@every_call
@pytest.mark.parametrize("action, parameters, expected", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_refused_and_changes_nothing(world, call, action, parameters, expected):
    refused = refusal(call, world, ALIBABA_MANAGEMENT, action, **parameters)
    status, code, message = expected
    assert (refused.status, refused.code) == (status, code)
    # sdk: the newer clients put the message into a sentence of their own.
    assert message in refused.message
    assert settings(world, call) == ("Enabled", None)


# doc: the caller must belong to the management account or be the delegated administrator.
# observed: NoPermission, 403, with the details of the denial.
@every_call
@pytest.mark.parametrize("account", [ALIBABA_MEMBER, ALIBABA_STANDALONE], ids=["member", "standalone"])
@pytest.mark.parametrize("action, parameters", [(UPDATE, VALID), (READ, {"DirectoryId": DIRECTORY})])
def test_other_accounts_have_no_permission(world, call, account, action, parameters):
    refused = refusal(call, world, account, action, **parameters)
    assert (refused.status, refused.code) == (403, "NoPermission")
    assert "not authorized" in refused.message
    assert settings(world, call) == ("Enabled", None)


# observed: an object whose members say which permission was missing.
@pytest.mark.parametrize("call", [V3, V1], ids=lambda call: call.name)
def test_a_denial_tells_which_permission_is_missing(world, call):
    detail = refusal(call, world, ALIBABA_MEMBER, UPDATE, **VALID).raised.access_denied_detail
    assert detail["AuthAction"] == "cloudsso:UpdateMFAAuthenticationSettings"
    assert detail["NoPermissionType"] in ("ImplicitDeny", "ExplicitDeny")


# doc and observed: the body of an error; all values that clients read are strings.
@pytest.mark.parametrize("call", [V3, V1], ids=lambda call: call.name)
def test_an_error_has_the_body_of_the_gateway(world, call):
    refused = refusal(call, world, ALIBABA_MANAGEMENT, UPDATE, **without("DirectoryId"))
    body = refused.raised.data
    assert {"RequestId", "Message", "Recommend", "HostId", "Code"} <= body.keys()
    assert all(isinstance(body[name], str) and body[name] for name in ("Recommend", "HostId", "Code", "Message"))
    assert body["RequestId"] == refused.request_id
    assert body["Code"] in body["Recommend"] and body["RequestId"] in body["Recommend"]
    # sdk: these in a body, or a header that asks to wait, would make clients and Terraform do something else.
    assert not {"Success", "Detail"} & body.keys()


# The gateway


def untyped(server, algorithm, action=READ, version=ALIBABA_VERSION, answer="json", form=None, **parameters):
    """Any call by the current SDK: the answer's status, headers and body, or a `Refusal`."""
    params = tea.Params(
        action=action,
        version=version,
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type=answer,
    )
    request = tea.OpenApiRequest(query=parameters or None, body=form)
    try:
        return cloudsso_client(server, algorithm=algorithm).call_api(params, request, RuntimeOptions())
    except ClientException as error:
        raise refusal_of_tea(error) from error


both_protocols = pytest.mark.parametrize("algorithm", [None, "v2"], ids=["V3", "V1"])


# doc: the code, 404 and the message. sdk: a signed call of an action that is not there.
@both_protocols
def test_an_unknown_action_is_not_found(world, algorithm):
    refused = refusal(untyped, world, algorithm, action="MakeCoffee")
    assert (refused.status, refused.code) == (404, "InvalidAction.NotFound")
    assert "Specified api is not found, please check your url and method." in refused.message


# observed: the code, 400 and the message.
@both_protocols
def test_an_unknown_version_is_invalid(world, algorithm):
    refused = refusal(untyped, world, algorithm, version="2014-05-26", DirectoryId=DIRECTORY)
    assert (refused.status, refused.code) == (400, "InvalidVersion")
    assert "Specified parameter Version is not valid." in refused.message


@pytest.mark.parametrize("call", [CORE_GET, CORE_POST], ids=lambda call: call.name)
def test_the_older_core_is_told_the_same_of_the_gateway(world, call):
    refused = refusal(call, world, ALIBABA_MANAGEMENT, "MakeCoffee")
    assert (refused.status, refused.code) == (404, "InvalidAction.NotFound")
    refused = refusal(call, world, ALIBABA_MANAGEMENT, READ, version="2014-05-26", DirectoryId=DIRECTORY)
    assert (refused.status, refused.code) == (400, "InvalidVersion")


# doc: parameters may come in a form as well as in the query.
@both_protocols
def test_parameters_may_come_in_a_form(world, algorithm):
    untyped(world, algorithm, UPDATE, form=VALID)
    assert settings(world) == ("OnlyRiskyLogin", "Autonomous")


# sdk (Terraform): some parameters in the query, some in the form.
@both_protocols
def test_parameters_may_be_shared_out_between_query_and_form(world, algorithm):
    untyped(world, algorithm, UPDATE, form=without("DirectoryId"), DirectoryId=DIRECTORY)
    assert settings(world) == ("OnlyRiskyLogin", "Autonomous")


# observed: the headers of an answer; the request id is the one of the body.
@both_protocols
def test_an_answer_carries_the_gateways_headers(world, algorithm):
    answer = untyped(world, algorithm, DirectoryId=DIRECTORY)
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "application/json;charset=utf-8"
    assert answer["headers"]["x-acs-request-id"] == answer["body"]["RequestId"]
    assert REQUEST_ID.fullmatch(answer["body"]["RequestId"])
    assert "date" in answer["headers"]


def test_each_answer_has_a_request_id_of_its_own(world):
    ids = {V3(world, ALIBABA_MANAGEMENT, READ, DirectoryId=DIRECTORY)["RequestId"] for _ in range(8)}
    assert len(ids) == 8


# XML. The current SDK reads XML errors over V3 only, and its typed methods read JSON only.


@pytest.mark.parametrize("call", [CORE_GET, CORE_POST], ids=lambda call: call.name)
def test_the_older_core_is_answered_in_xml(world, call):
    status, headers, root = call.xml(world, ALIBABA_MANAGEMENT, UPDATE, **VALID)
    assert (status, root.tag) == (200, f"{UPDATE}Response")
    # sdk: exactly this, without a space, or the newer SDKs take it for JSON.
    assert headers["content-type"] == "text/xml;charset=utf-8"
    assert root.findtext("RequestId") == headers["x-acs-request-id"]

    _, _, root = call.xml(world, ALIBABA_MANAGEMENT, READ, DirectoryId=DIRECTORY)
    info = root.find("MFAAuthenticationSettingInfo")
    assert info.findtext("MfaAuthenticationAdvanceSettings") == "OnlyRiskyLogin"
    assert info.findtext("OperationForRiskLogin") == "Autonomous"


# doc: the members of an error are the same in XML.
@pytest.mark.parametrize("call", [CORE_GET, CORE_POST], ids=lambda call: call.name)
def test_the_older_core_is_refused_in_xml(world, call):
    status, headers, root = call.xml(world, ALIBABA_MANAGEMENT, UPDATE, **without("DirectoryId"))
    assert (status, root.tag) == (400, "Error")
    assert headers["content-type"] == "text/xml;charset=utf-8"
    assert root.findtext("Code") == "MissingDirectoryId"
    assert root.findtext("Message") == "DirectoryId is mandatory for this action."
    assert root.findtext("RequestId") == headers["x-acs-request-id"]
    assert root.findtext("HostId") and root.findtext("Recommend")


# inferred: Format in the query asks for XML over V3 too. sdk: it reads an error in XML.
def test_the_current_sdk_may_ask_for_xml(world):
    body = untyped(world, None, answer="string", DirectoryId=DIRECTORY, Format="XML")["body"]
    root = ElementTree.fromstring(body)
    assert root.tag == f"{READ}Response"
    assert root.findtext("MFAAuthenticationSettingInfo/MfaAuthenticationAdvanceSettings") == "Enabled"

    client = cloudsso_client(world)
    request = cloudsso.GetMFAAuthenticationSettingInfoRequest(directory_id="d-00ffffffffff")
    runtime = RuntimeOptions(extends_parameters=ExtendsParameters(queries={"Format": "XML"}))
    with pytest.raises(ClientException) as caught:
        client.get_mfaauthentication_setting_info_with_options(request, runtime)
    assert (caught.value.status_code, caught.value.code) == (404, "EntityNotExists.Directory")
