"""Requests made from the descriptions in `openapi/`, valid and invalid ones: each answer is one that they describe.

Schemathesis makes the requests. Its ids name nothing; so most of them are replaced by those of things that are there.
"""

import json

import plain
import program
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
"""What is asked of each answer. Others ask for what the vendors do not do, such as to refuse what nobody declared."""

AWS_JSON = "application/x-amz-json-1.1"
schemathesis.serializer.alias(AWS_JSON, "application/json")


@schemathesis.deserializer(AWS_JSON)
def aws_json(_context, response):
    return json.loads(response.content)


@schemathesis.deserializer("text/xml")
def xml(_context, response):
    """As text, which is all that the descriptions say of it."""
    return response.content.decode()


INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"

ALICE, BOB = "u-00000000000000000001", "u-00000000000000000002"

KNOWN = {
    "InstanceArn": INSTANCE,
    "ResourceArn": INSTANCE,
    "RegionName": "eu-west-1",
    "DirectoryId": plain.DIRECTORY,
    "AccountId": "2" * 16,
    "ExternalId": json.dumps({"Issuer": "SCIM", "Id": "bob@example.com"}),
    "ResourceId.1": ALICE,
    "ResourceType": "user",
    "UserId": ALICE,
    "MFADeviceId": "mfa-00000000000000000001",
    "vendor": "aws",
    "account": "2" * 12,
    "organization": "o-1111111111",
    "id": "2" * 12,
    "file": "aws.yaml",
}
"""What there is in the world of this test, by the names of parameters that refer to it."""

OWN = {
    "AddRegion": {"RegionName": "us-west-2"},
    "DeleteUser": {"UserId": BOB},
    "POST /_sanmen/keys": {"id": "fresh"},
    "POST /_sanmen/accounts": {"id": "4" * 12},
}
"""What an operation needs instead."""

NO_USERS = [
    plain.alibaba("DeleteUser", UserId=BOB),
    *(
        plain.alibaba("DeleteMFADeviceForUser", UserId=ALICE, MFADeviceId=f"mfa-0000000000000000000{number}")
        for number in (1, 2)
    ),
    plain.alibaba("DeleteUser", UserId=ALICE),
]
NO_DIRECTORY = [*NO_USERS, plain.alibaba("DeleteDirectory")]
STOPPED = [
    plain.huawei("POST", "/v1/service/delete"),
    plain.huawei("POST", "/v1/register-regions", region_id="cn-north-4"),
]
ATTRIBUTES = [plain.attributes("POST", [("first", "${path:a}")])]
KEY = {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": f"arn:aws:kms:us-east-1:111111111111:key/mrk-{'0' * 32}"}
DELEGATE = {"vendor": "alibaba", "id": "2" * 16, "organization": "rd-111111", "standing": "delegated_administrator"}

EVERYWHERE = [
    plain.aws("1" * 12, "UpdateInstance", InstanceArn=INSTANCE, EncryptionConfiguration=KEY),
    plain.aws("1" * 12, "AddRegion", InstanceArn=INSTANCE, RegionName="eu-west-1"),
    plain.Call("POST", "/_sanmen/accounts", body=json.dumps(DELEGATE).encode()),
]
"""What the seed does not have, and operations want."""

BEFORE = {
    "DeleteDirectory": NO_USERS,
    "DisableService": NO_DIRECTORY,
    "CreateDirectory": NO_DIRECTORY,
    "StartIdentityCenter": STOPPED,
    "CreateAlias": [*STOPPED, plain.huawei("POST", "/v1/service/start")],
    "UpdateInstanceAccessControlAttributeConfiguration": ATTRIBUTES,
    "DeleteInstanceAccessControlAttributeConfiguration": ATTRIBUTES,
    "DescribeInstanceAccessControlAttributeConfiguration": ATTRIBUTES,
}
"""What is done first, for operations that would not succeed else."""


def described(vendor):
    """The operations of a description."""
    schema = schemathesis.openapi.from_dict(yaml.safe_load((program.REPOSITORY / "openapi" / f"{vendor}.yaml").read_text()))
    return [found.ok() for found in schema.get_all_operations()]


def name(operation):
    return operation.definition.raw.get("operationId") or operation.label


OPERATIONS = [
    pytest.param(vendor, operation, id=f"{vendor}-{name(operation)}")
    for vendor in ("aws", "alibaba", "huawei", "admin")
    for operation in described(vendor)
]


def caller(vendor, operation):
    """The headers of who may call it."""
    if vendor == "admin":
        return {}
    # The management account cannot make an instance.
    account = ("2" if name(operation) == "CreateInstance" else "1") * 12
    calls = {"aws": plain.aws(account, ""), "alibaba": plain.alibaba(""), "huawei": plain.huawei("GET", "/")}
    return {"Authorization": calls[vendor].headers["Authorization"]}


@pytest.fixture(scope="module")
def full():
    """A server whose world has something of everything."""
    running = program.Program("--seed", program.REPOSITORY / "tests" / "seeds" / "full.yaml")
    yield running
    running.stop()


@pytest.mark.parametrize(("vendor", "operation"), OPERATIONS)
def test_answers_are_as_described(full, request, vendor, operation):
    full.reset()
    connection = plain.Connection(full)
    for call in EVERYWHERE + BEFORE.get(name(operation), []):
        connection.done(call)
    instances = connection.done(plain.huawei("GET", "/v1/instances"))["instances"] if vendor == "huawei" else []
    connection.close()
    count, told = request.config.getoption("--described-examples"), []
    known, headers = KNOWN | OWN.get(name(operation), {}), caller(vendor, operation)
    known |= {"instance_id": one["instance_id"] for one in instances}

    def replace(parameters):
        if isinstance(parameters, dict):
            parameters.update({key: value for key, value in known.items() if key in parameters})

    def run(mode):
        @settings(
            max_examples=count,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), of_what_is_there=strategies.integers(0, 7))
        def each(case, of_what_is_there):
            if of_what_is_there:
                for parameters in (case.path_parameters, case.query, case.body):
                    replace(parameters)
            answer = case.call(base_url=full.url, headers=headers)
            told.append(answer.status_code)
            case.validate_response(answer, checks=CHECKS, headers=headers)

        each()

    run(GenerationMode.POSITIVE)
    succeeded = any(200 <= status < 300 for status in told)
    try:
        run(GenerationMode.NEGATIVE)
    except Unsatisfiable:
        assert not operation.definition.raw.get("parameters") and not operation.body, "nothing can be wrong with it"
    assert "panic" not in full.logged()
    assert succeeded, f"it never succeeded: {sorted(set(told))}"
