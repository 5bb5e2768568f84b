"""What we say we serve against the vendors' own descriptions: botocore's model, the other SDKs, the OpenAPI files."""

import functools
import importlib
import json
import re

import boto3
import pytest
import yaml
from alibabacloud_cloudsso20210515 import models as cloudsso
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

import program

VENDORS = ("aws", "alibaba", "huawei")
AWS_SERVICES = ("sso-admin", "identitystore", "sts")
HUAWEI_SERVICES = ("identitycenter", "identitycenterstore", "identitycenteroidc", "identitycenterscim")

# model: shape types, and the JSON type that awsJson1.1 gives each.
JSON_TYPES = {
    "structure": {"object"},
    "list": {"array"},
    "map": {"object"},
    "string": {"string"},
    "boolean": {"boolean"},
    "integer": {"integer"},
    "long": {"integer"},
    "double": {"number"},
    "float": {"number"},
    # Epoch seconds; a fraction is allowed.
    "timestamp": {"number", "integer"},
}


@functools.cache
def description(name):
    """One of our OpenAPI files, parsed."""
    return yaml.safe_load((program.REPOSITORY / "openapi" / f"{name}.yaml").read_text())


@functools.cache
def served():
    """All operations that the program says it serves."""
    told = program.run("operations", "--format", "json")
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def of(vendor):
    return [operation for operation in served() if operation["vendor"] == vendor]


def in_json(vendor):
    """Those with JSON shapes: STS speaks in forms and XML."""
    return [operation for operation in of(vendor) if operation["service"] != "sts"]


@functools.cache
def model(operation):
    """botocore's service and operation of this name."""
    session = boto3.Session()._session
    found = [
        service for service in map(session.get_service_model, AWS_SERVICES) if operation in service.operation_names
    ]
    assert len(found) == 1, f"botocore knows {operation} in {len(found)} services"
    return found[0], found[0].operation_model(operation)


# The list of operations


def test_each_vendor_has_operations_and_none_is_listed_twice():
    names = [(operation["vendor"], operation["service"], operation["operation"]) for operation in served()]
    assert len(names) == len(set(names))
    assert {vendor for vendor, _, _ in names} == set(VENDORS)


def test_each_operation_is_listed_in_full():
    for operation in served():
        assert {"vendor", "service", "operation", "permission", "callers", "effect"} <= operation.keys(), operation
        assert operation["effect"] in ("read", "write"), operation
        assert operation["permission"] and operation["callers"], operation


# model: the permission is the signing name and the operation.
def test_aws_permissions_are_named_as_the_model_names_the_operations():
    for operation in of("aws"):
        service, _ = model(operation["operation"])
        assert operation["permission"] == f"{service.signing_name}:{operation['operation']}"


# observed: what only the Terraform provider calls, and no SDK has.
TERRAFORM_ALONE = {
    "GetDelegateAccount",
    "GetDirectoryGlobalAccessStatus",
    "UpdateDirectoryGlobalAccessStatus",
    "TagResources",
    "UntagResources",
}


# sdk: each operation has a request class of its name. doc: the permission is the product and the operation.
def test_alibaba_operations_are_in_the_sdk():
    for operation in of("alibaba"):
        known = hasattr(cloudsso, f"{operation['operation']}Response")
        assert known == (operation["operation"] not in TERRAFORM_ALONE), operation
        assert operation["permission"] == f"cloudsso:{operation['operation']}"


# sdk: the same, in one of the vendor's packages that are installed.
def test_huawei_operations_are_in_the_sdk():
    packages = []
    for service in HUAWEI_SERVICES:
        try:
            packages.append(importlib.import_module(f"huaweicloudsdk{service}.v1"))
        except ModuleNotFoundError:
            continue
    for operation in of("huawei"):
        if operation["service"] == "IAM":
            continue  # Asked by the core of the SDKs, without a request class.
        assert any(hasattr(package, f"{operation['operation']}Request") for package in packages), operation


# AWS shapes


class Comparison:
    """Walks a schema of ours and botocore's shape together and notes where they differ."""

    def __init__(self, document):
        self.document = document
        self.differences = []

    def resolve(self, schema):
        """Follows `$ref`s and single `allOf`s; what stands beside them is kept."""
        while "$ref" in schema or len(schema.get("allOf", ())) == 1:
            beside = {name: value for name, value in schema.items() if name not in ("$ref", "allOf")}
            if "$ref" in schema:
                assert schema["$ref"].startswith("#/"), schema["$ref"]
                target = self.document
                for part in schema["$ref"][2:].split("/"):
                    target = target[part.replace("~1", "/").replace("~0", "~")]
            else:
                target = schema["allOf"][0]
            schema = {**target, **beside}
        return schema

    def expect(self, path, what, ours, theirs):
        if ours != theirs:
            self.differences.append(f"{path}: {what} is {ours!r}, in the model {theirs!r}")

    def types(self, path, schema, shape):
        told = schema.get("type")
        told = {told} if isinstance(told, str) else set(told or ())
        if not told or not told <= JSON_TYPES[shape.type_name]:
            self.differences.append(f"{path}: type is {told or None}, in the model {shape.type_name}")

    def request(self, path, schema, shape):
        """An input must be described completely: members, required, limits, patterns, enums."""
        schema = self.resolve(schema)
        self.types(path, schema, shape)
        limits = shape.metadata
        if shape.type_name == "structure":
            properties = schema.get("properties", {})
            self.expect(path, "list of members", sorted(properties), sorted(shape.members))
            required = sorted(schema.get("required", []))
            self.expect(path, "list of required members", required, sorted(shape.required_members))
            for name in properties.keys() & shape.members.keys():
                self.request(f"{path}.{name}", properties[name], shape.members[name])
        elif shape.type_name == "list":
            self.expect(path, "minItems", schema.get("minItems", 0), limits.get("min", 0))
            self.expect(path, "maxItems", schema.get("maxItems"), limits.get("max"))
            self.request(f"{path}[]", schema.get("items", {}), shape.member)
        elif shape.type_name == "string":
            self.expect(path, "minLength", schema.get("minLength", 0), limits.get("min", 0))
            self.expect(path, "maxLength", schema.get("maxLength"), limits.get("max"))
            self.expect(path, "pattern", unanchored(schema.get("pattern")), limits.get("pattern"))
            self.expect(path, "enum", sorted(schema.get("enum", [])), sorted(shape.enum))
        elif shape.type_name in ("integer", "long"):
            self.expect(path, "minimum", schema.get("minimum"), limits.get("min"))
            self.expect(path, "maximum", schema.get("maximum"), limits.get("max"))

    def response(self, path, schema, shape):
        """An output may lack optional members, as we serve only some of them; it may hold none unknown to the
        model, all that the model requires, and the same types. Limits of what we send ourselves may be narrower."""
        schema = self.resolve(schema)
        self.types(path, schema, shape)
        if shape.type_name == "structure":
            properties = schema.get("properties", {})
            self.expect(path, "list of unknown members", sorted(properties.keys() - shape.members.keys()), [])
            self.expect(path, "list of missing members", sorted(set(shape.required_members) - properties.keys()), [])
            for name in properties.keys() & shape.members.keys():
                self.response(f"{path}.{name}", properties[name], shape.members[name])
        elif shape.type_name == "list":
            self.response(f"{path}[]", schema.get("items", {}), shape.member)
        elif shape.type_name == "string" and shape.enum:
            self.expect(path, "list of unknown values", sorted(set(schema.get("enum", [])) - set(shape.enum)), [])


def unanchored(pattern):
    """The pattern without anchors: JSON Schema searches, the model means the whole value."""
    for opening, closing in (("^(?:", ")$"), ("^", "$")):
        if pattern and pattern.startswith(opening) and pattern.endswith(closing):
            return pattern[len(opening) : -len(closing)]
    return pattern


def schema_of(shape):
    schemas = description("aws")["components"]["schemas"]
    assert shape.name in schemas, f"openapi/aws.yaml has no schema {shape.name}"
    return schemas[shape.name]


def test_aws_requests_are_described_as_in_the_model():
    comparison = Comparison(description("aws"))
    assert of("aws")
    for operation in in_json("aws"):
        shape = model(operation["operation"])[1].input_shape
        comparison.request(shape.name, schema_of(shape), shape)
    assert comparison.differences == []


def test_aws_responses_hold_nothing_the_model_does_not():
    comparison = Comparison(description("aws"))
    assert of("aws")
    for operation in in_json("aws"):
        shape = model(operation["operation"])[1].output_shape
        if shape is not None:
            comparison.response(shape.name, schema_of(shape), shape)
    assert comparison.differences == []


# The comparison itself: each drift must be seen.
@pytest.mark.parametrize(
    "drift",
    [
        lambda schema: schema["properties"].pop("Name"),
        lambda schema: schema["properties"].update(Colour={"type": "string"}),
        lambda schema: schema.update(required=["Name"]),
        lambda schema: schema["properties"]["Name"].update(maxLength=254),
        lambda schema: schema["properties"]["Name"].update(minLength=1),
        lambda schema: schema["properties"]["Name"].pop("pattern"),
        lambda schema: schema["properties"]["Name"].update(enum=["a"]),
        lambda schema: schema["properties"]["Name"].update(type="integer"),
        lambda schema: schema["properties"]["Tags"].update(maxItems=50),
        lambda schema: schema["properties"]["Tags"]["items"].update(required=["Key"]),
        lambda schema: schema["properties"]["Tags"]["items"]["properties"]["Key"].update(maxLength=127),
    ],
)
def test_a_drift_from_the_model_is_seen(drift):
    shape = model("CreateInstance")[1].input_shape
    schema = schema_from(shape)
    assert differences(schema, shape) == []
    drift(schema)
    assert differences(schema, shape) != []


def differences(schema, shape):
    comparison = Comparison({})
    comparison.request(shape.name, schema, shape)
    return comparison.differences


def schema_from(shape):
    """The schema that says exactly what botocore's shape says."""
    limits = shape.metadata
    if shape.type_name == "structure":
        properties = {name: schema_from(member) for name, member in shape.members.items()}
        return {"type": "object", "properties": properties, "required": list(shape.required_members)}
    if shape.type_name == "list":
        items = schema_from(shape.member)
        return {"type": "array", "minItems": limits["min"], "maxItems": limits["max"], "items": items}
    pattern = f"^(?:{limits['pattern']})$"
    return {"type": "string", "minLength": limits["min"], "maxLength": limits["max"], "pattern": pattern}


# The OpenAPI files


def portable(value):
    """The same document for validators that use Python's `re`: `\\p{…}`, unknown there, is widened in patterns."""
    if isinstance(value, list):
        return [portable(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    copy = {name: portable(inner) for name, inner in value.items()}
    if isinstance(copy.get("pattern"), str):
        copy["pattern"] = re.sub(r"\\p\{\w+\}", r"\\w\\s", copy["pattern"])
    return copy


def examples(value, path=""):
    """Every JSON body with examples in a document: where it stands, its schema, an example."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if isinstance(inner, dict) and "json" in str(name) and "schema" in inner:
            given = [inner["example"]] if "example" in inner else []
            given += [one["value"] for one in inner.get("examples", {}).values() if "value" in one]
            yield from ((f"{path}/{name}", inner["schema"], one) for one in given)
        yield from examples(inner, f"{path}/{name}")


@pytest.mark.parametrize("name", [*VENDORS, "admin"])
def test_a_description_is_valid_openapi(name):
    document = description(name)
    assert str(document["openapi"]).startswith("3.1")
    validate(portable(document))


@pytest.mark.parametrize("name", VENDORS)
def test_the_examples_of_a_description_fit_their_schemas(name):
    document = portable(description(name))
    found = list(examples(document))
    assert found, "no example of any JSON body"
    for path, schema, example in found:
        validator = OAS31Validator({**schema, "components": document.get("components", {})})
        assert [f"{path}: {error.message}" for error in validator.iter_errors(example)] == []


@pytest.mark.parametrize("name", [*VENDORS, "admin"])
def test_the_program_serves_the_description_in_the_repository(server, name):
    assert yaml.safe_load(server.get(f"/_sanmen/openapi/{name}.yaml")) == description(name)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_description_names_every_operation(vendor):
    text = json.dumps(description(vendor))
    missing = [operation["operation"] for operation in of(vendor) if operation["operation"] not in text]
    assert missing == []
