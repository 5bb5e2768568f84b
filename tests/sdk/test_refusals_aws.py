"""AWS refuses what botocore's model forbids: each constraint of each operation that is served, from both sides."""

import functools
import json
import re

import boto3
import pytest

import refusals
from aws_signer import UUID
from clients import AWS_MANAGEMENT, AWS_MEMBER
from constraint import Field, at, plain
from test_aws import ORGANIZATION_INSTANCE
from test_model import of
from wire import Message, send

# What is there, so that an input that is let through would do something.
KNOWN = {"InstanceArn": ORGANIZATION_INSTANCE, "ResourceArn": ORGANIZATION_INSTANCE}

KINDS = {"long": "integer", "double": "number", "float": "number"}

OPERATIONS = [(operation["service"], operation["operation"]) for operation in of("aws")]
each_operation = pytest.mark.parametrize("service, operation", OPERATIONS, ids=[name for _, name in OPERATIONS])


@functools.cache
def model(service):
    """botocore's model of a service."""
    return boto3.Session()._session.get_service_model(service)


def field(shape, required=False, name=None, root=False, within=()):
    """What a shape of botocore's says."""
    kind = "any" if getattr(shape, "is_document_type", False) else KINDS.get(shape.type_name, shape.type_name)
    limits = shape.metadata
    given = {"kind": "root" if root else kind, "required": required, "example": KNOWN.get(name)}
    if kind in ("string", "list", "integer"):
        given |= {"least": limits.get("min"), "most": limits.get("max")}
    if kind == "string":
        given |= {"pattern": limits.get("pattern"), "words": tuple(shape.enum)}
    inner = (*within, shape.name)
    if shape.name in within:
        given["kind"] = "any"
    elif kind == "structure":
        given["union"] = shape.is_tagged_union
        given["members"] = {
            name: field(member, name in shape.required_members, name, within=inner)
            for name, member in shape.members.items()
        }
    elif kind in ("list", "map"):
        given["item"] = field(shape.member if kind == "list" else shape.value, within=inner)
    return Field(**given)


@functools.cache
def input_of(service, operation):
    """The input of an operation; of none the empty structure."""
    shape = model(service).operation_model(operation).input_shape
    return field(shape, root=True) if shape is not None else Field("root")


# The wire


def call(server, service, operation, given):
    """Sends an input as it is, where botocore would check it first, and gives the answer."""
    metadata = model(service).metadata
    assert metadata["protocol"] == "json", f"{operation}: no case is made for the protocol {metadata['protocol']}"
    account = AWS_MANAGEMENT if "InstanceArn" in input_of(service, operation).members else AWS_MEMBER
    scope = f"{account}/20260102/us-east-1/{metadata.get('signingName', metadata['endpointPrefix'])}/aws4_request"
    headers = {
        "host": server.address,
        "content-type": f"application/x-amz-json-{metadata['jsonVersion']}",
        "x-amz-target": f"{metadata['targetPrefix']}.{operation}",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    lines = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return send(server, Message(b"POST", b"/", lines, json.dumps(given).encode()))


def snapshot(server):
    """What there is, and what every operation that reads says of it."""
    told = {"info": server.info()}
    for operation in of("aws"):
        service, name = operation["service"], operation["operation"]
        if operation["effect"] == "read" and model(service).metadata["protocol"] == "json":
            answer = call(server, service, name, plain(input_of(service, name)))
            told[name] = answer.status, answer.body
    return told


# The words of a refusal: observed in sibling services; inferred: the form of the path.


def place(path):
    """`tags.1.member.key`"""
    steps = (f"{step + 1}.member" if isinstance(step, int) else step[0].lower() + step[1:] for step in path)
    return ".".join(steps)


def constraint(one, rule):
    """What follows after `failed to satisfy constraint: `."""
    measure = "value" if one.kind == "integer" else "length"
    return {
        "required": "Member must not be null",
        "least": f"Member must have {measure} greater than or equal to {one.least}",
        "most": f"Member must have {measure} less than or equal to {one.most}",
        "pattern": f"Member must satisfy regular expression pattern: {one.pattern}",
        # In whatever order.
        "words": "Member must satisfy enum value set: [",
    }[rule]


def shown(given, path):
    """How the violation at a path begins; of what is long, or is no text, nothing is said here."""
    for step in path:
        given = given[step] if isinstance(given, list) else given.get(step)
    if given is None:
        return "Value null at "
    return f"Value '{given}' at " if isinstance(given, str | int) and len(str(given)) <= 500 else " at "


def difference(root, case, answer):
    """What is wrong with a refusal; None when nothing is."""
    body = json.loads(answer.body)
    if answer.status != 400 or not UUID.fullmatch(answer.headers.get("x-amzn-requestid", "")):
        return f"{answer.status} {answer.headers.get('x-amzn-requestid')} {body}"
    # inferred: a value of another JSON type is not read at all.
    kind = "SerializationException" if case.rule == "type" else "ValidationException"
    if body.get("__type") != kind:
        return f"{body} instead of {kind}"
    if kind == "SerializationException":
        return None
    message = body["message"]
    head = f"{len(case.broken)} validation error{'s' if len(case.broken) > 1 else ''} detected: "
    if body.get("Message") != message or not message.startswith(head):
        return f"{message!r} instead of {head!r}"
    for path, rule in case.broken:
        one = at(root, path)
        violation = f"{shown(case.input, path)}'{place(path)}' failed to satisfy constraint: {constraint(one, rule)}"
        if violation not in message:
            return f"{message!r} without {violation!r}"
        if rule == "words":
            words = message.partition(violation)[2].partition("]")[0].split(", ")
            if sorted(words) != sorted(one.words):
                return f"{message!r} names {words} instead of {one.words}"
    return None


@each_operation
def test_what_the_model_forbids_is_refused_and_changes_nothing(world, record_property, service, operation):
    root = input_of(service, operation)
    cases = list(refusals.cases(root))
    refusals.count(record_property, "aws", refused=cases)
    assert refusals.uncovered(root, cases) == set()
    before = snapshot(world)
    wrong = []
    for case in cases:
        told = difference(root, case, call(world, service, operation, case.input))
        wrong += [f"{case}\n    {told}"] if told else []
    assert not wrong, f"{len(wrong)} of {len(cases)} cases\n" + "\n".join(wrong)
    assert snapshot(world) == before


@each_operation
def test_what_the_model_just_allows_is_not_refused_as_invalid(world, record_property, service, operation):
    root = input_of(service, operation)
    cases = list(refusals.inside(root))
    refusals.count(record_property, "aws", kept=cases)
    wrong = []
    for case in cases:
        assert not case.broken, case
        answer = call(world, service, operation, case.input)
        body = json.loads(answer.body)
        # A rule that is none of the model's has words of its own: a token for a page that nobody was given is refused.
        limit = f"'{place(case.path)}' failed to satisfy constraint: Member must (have|satisfy|not be) "
        refused = body.get("__type") == "SerializationException" or re.search(limit, body.get("message") or "")
        if refused or answer.status >= 500:
            wrong.append(f"{case}\n    {answer.status} {answer.body.decode()}")
    assert not wrong, f"{len(wrong)} of {len(cases)} cases\n" + "\n".join(wrong)
