"""Alibaba Cloud refuses what its pages forbid: each limit of each operation that is served, in both protocols."""

import functools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import refusals
from alibaba_signer import v1, v3
from clients import ALIBABA_MANAGEMENT, AlibabaKey
from constraint import Field, at, plain
from test_alibaba import DIRECTORY, REQUEST_ID
from test_model import of
from wire import send

KEY = AlibabaKey.of(ALIBABA_MANAGEMENT)

# doc: what no limit says, but a note does. What is there, so that an input that is let through would do something.
KNOWN = {
    "DirectoryId": DIRECTORY,
    "Password": "Aa1!Aa1!",
    "Email": "a@b.cc",
    "NewEmail": "a@b.cc",
    "Issuer": "SCIM",
    "ResourceType": "user",
}
KNOWN_ITEMS = {"AllowedVerificationTypes": "TOTP"}

OPERATIONS = [operation["operation"] for operation in of("alibaba")]
each_operation = pytest.mark.parametrize("operation", OPERATIONS)


@functools.cache
def model():
    """The parameters of all operations; models/README.md says where they are from."""
    return json.loads((Path(__file__).parent / "models" / "alibaba.json").read_text())


def field(one, json_text=False):
    """What the model says of one parameter, or of a member of one."""
    kind, _, item = one["type"].partition("<")
    kind = {"array": "list", "object": "structure"}.get(kind, kind)
    json_text = json_text or one.get("encoding") == "json string"
    given = {
        "kind": kind,
        "required": one.get("required", False),
        "least": one.get("min_length", one.get("min")),
        "most": one.get("max_length", one.get("max")),
        "pattern": one.get("pattern"),
        "words": tuple(one.get("enum", ())),
        "place": "query",
        "text": not json_text or one.get("encoding") == "json string",
        "json_text": one.get("encoding") == "json string",
        # inferred: as a client sends what is empty for what is not there.
        "empty_is_absent": not json_text,
        "prefix": one.get("forbidden_prefix"),
        "separator": one.get("separator"),
        "pieces": one.get("max_items"),
        "filter": one.get("filter"),
        "example": KNOWN.get(one.get("name")),
        # doc, in a note: "required when GenerateRandomPassword=false", which is so when nothing is said of it.
        "given": "=false" in one.get("note", ""),
    }
    if one.get("filter"):
        recent = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        given["filter"] = {**one["filter"], "operand": recent if "value" in one["filter"] else "a"}
    if one.get("separator"):
        given["piece"] = lambda i: f"10.0.0.{i}"
        given["example"] = "10.0.0.1"
    if kind == "list":
        members = one.get("items")
        inner = {"type": "object", "members": members} if members else {"type": "string"}
        given["item"] = replace(field(inner, json_text), example=KNOWN_ITEMS.get(one["name"]))
    if kind == "structure":
        # doc, in a note.
        needed = "both members required" in one.get("note", "")
        given["members"] = {
            name: field({"name": name, "type": inner, "required": needed}, json_text)
            for name, inner in one["members"].items()
        }
    return Field(**given)


@functools.cache
def input_of(operation):
    assert operation in model(), f"models/alibaba.json has no {operation}"
    return Field("root", members={one["name"]: field(one) for one in model()[operation]})


# The wire


def flat(root, given):
    """The parameters as pairs of texts: lists and structures spread out, or as JSON where the model says so."""
    pairs = {}

    def add(name, value):
        if isinstance(value, dict | list):
            steps = enumerate(value, 1) if isinstance(value, list) else value.items()
            for step, inner in steps:
                add(f"{name}.{step}", inner)
        else:
            # sdk: a boolean as Python writes it.
            pairs[name] = str(value)

    for name, value in given.items():
        one = root.members[name]
        if one.json_text and not isinstance(value, str):
            pairs[name] = json.dumps(value)
        else:
            add(name, value)
    return pairs


def call(server, protocol, operation, given):
    """Sends an input as it is, and gives the answer."""
    parameters = flat(input_of(operation), given)
    if protocol.startswith("V3"):
        return send(server, v3(KEY, operation, parameters))
    return send(server, v1(KEY, operation, {}, form=parameters, method=b"POST"))


def body_of(answer):
    """The answer's JSON without the id of the request."""
    body = json.loads(answer.body)
    assert REQUEST_ID.fullmatch(body["RequestId"]) and answer.headers["x-acs-request-id"] == body["RequestId"], body
    return {name: value for name, value in body.items() if name not in ("RequestId", "Recommend")}


def snapshot(server):
    """What there is, and what every operation that reads says of it."""
    told = {"info": server.info()}
    for operation in of("alibaba"):
        if operation["effect"] == "read":
            name = operation["operation"]
            told[name] = body_of(call(server, "V3", name, plain(input_of(name))))
    return told


# The words of a refusal


def codes(root, case):
    """The codes that a refusal may have; of some the message is known too."""
    name, one = case.path[0], at(root, case.path)
    # doc: the gateway's.
    missing = {f"Missing{name}": f"{name} is mandatory for this action."}
    # doc: the gateway's, of what has the wrong type.
    unreadable = {f"Invalid{name}": f"Specified parameter {name} is not valid."}
    # inferred, from sibling services: also the code of a length.
    invalid = {f"InvalidParameter.{name}": f"The {name} is invalid."}
    length = {f"InvalidParameter.{name}.Length": None}
    if case.rule == "required":
        return missing if len(case.path) == 1 else missing | invalid
    if case.rule == "type":
        return unreadable if one.kind in ("integer", "boolean") else unreadable | invalid
    if case.rule in ("least", "most"):
        if one.kind == "integer":
            # What no integer of 32 bits holds can as well be said not to be one.
            return invalid | unreadable if "far" in case.how else invalid
        # inferred: what is empty is absent.
        return missing if case.value == "" else invalid | length
    return invalid | (length if {rule for _, rule in case.broken} & {"least", "most"} else {})


def difference(root, case, answer):
    """What is wrong with a refusal; None when nothing is."""
    body = body_of(answer)
    allowed = codes(root, case)
    if answer.status != 400 or body.get("Code") not in allowed:
        return f"{answer.status} {body} instead of {' or '.join(allowed)}"
    message = allowed[body["Code"]]
    if message is not None and body["Message"] != message:
        return f"{body['Message']!r} instead of {message!r}"
    return None


@each_operation
def test_what_the_model_forbids_is_refused_and_changes_nothing(world, record_property, operation):
    root = input_of(operation)
    cases = list(refusals.cases(root))
    refusals.count(record_property, "alibaba", refused=cases)
    assert refusals.uncovered(root, cases) == set()
    before = snapshot(world)
    wrong = []
    for case in cases:
        for protocol in ("V3", "V1"):
            told = difference(root, case, call(world, protocol, operation, case.input))
            wrong += [f"{protocol}: {case}\n    {told}"] if told else []
    assert not wrong, f"{len(wrong)} of {2 * len(cases)} requests\n" + "\n".join(wrong)
    assert snapshot(world) == before


@each_operation
def test_what_the_model_just_allows_is_not_refused_as_invalid(world, record_property, operation):
    root = input_of(operation)
    cases = list(refusals.inside(root))
    refusals.count(record_property, "alibaba", kept=cases)
    wrong = []
    for case in cases:
        assert not case.broken, case
        name = case.path[0]
        refused = {f"InvalidParameter.{name}", f"InvalidParameter.{name}.Length", f"Invalid{name}", f"Missing{name}"}
        for protocol in ("V3", "V1"):
            answer = call(world, protocol, operation, case.input)
            if answer.status >= 500 or body_of(answer).get("Code") in refused:
                wrong.append(f"{protocol}: {case}\n    {answer.status} {answer.body.decode()}")
    assert not wrong, f"{len(wrong)} of {2 * len(cases)} requests\n" + "\n".join(wrong)
