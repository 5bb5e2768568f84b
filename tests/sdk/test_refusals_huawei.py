"""Huawei Cloud refuses what its SDKs' models forbid: each limit of each operation that is served, from both sides."""

import functools
import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

import refusals
from clients import HUAWEI_MANAGEMENT, SECRET
from constraint import Field, plain
from huawei_signer import Signer, request
from test_huawei import INSTANCE
from test_model import of
from wire import send

SIGNER = Signer(HUAWEI_MANAGEMENT, SECRET)
"""403 comes before 400 here, so that only somebody who may call is told what is wrong."""

# What is there, so that an input that is let through would do something. doc: an age is between two bounds, and a
# source is a variable.
KNOWN = {
    "instance_id": INSTANCE,
    "identity_store_id": "d-1111111111",
    "max_authentication_age": "PT1H",
    "source": ["${user:email}"],
}

UNDESCRIBED = {"IAM"}
"""Services of the vendor's that the model knows nothing of: of these nothing is generated."""

OPERATIONS = [(operation["service"], operation["operation"]) for operation in of("huawei")]
OPERATIONS = [(service, operation) for service, operation in OPERATIONS if service not in UNDESCRIBED]
each_operation = pytest.mark.parametrize("service, operation", OPERATIONS, ids=[name for _, name in OPERATIONS])


@functools.cache
def model():
    """The parameters of all operations; models/README.md says where they are from."""
    return json.loads((Path(__file__).parent / "models" / "huawei.json").read_text())


def described(service, operation):
    name = f"{service}.{operation}"
    assert name in model(), f"models/huawei.json has no {name}"
    return model()[name]


def field(one):
    """What the model says of one parameter, or of a member of one."""
    kind = {"array": "list", "object": "structure"}.get(one["type"], one["type"])
    place = one.get("in", "body")
    given = {
        "kind": kind,
        "required": one.get("required", False),
        "least": one.get("min_length", one.get("min_items", one.get("min"))),
        "most": one.get("max_length", one.get("max_items", one.get("max"))),
        "pattern": one.get("pattern"),
        "words": tuple(one.get("enum", ())),
        "place": place,
        "text": place != "body",
        "example": KNOWN.get(one.get("name")),
    }
    if kind == "structure":
        given["members"] = {inner["name"]: field(inner) for inner in one["fields"]}
    if kind == "map":
        given["item"] = field(one["values"])
    if kind == "list":
        # inferred: the words that stand at a list are those of its items.
        given["item"] = field({**one["items"], "enum": one.get("enum", one["items"].get("enum", ()))})
        given["words"] = ()
    return Field(**given)


@functools.cache
def input_of(service, operation):
    parameters = [one for one in described(service, operation)["params"] if one["in"] != "header"]
    return Field("root", members={one["name"]: field(one) for one in parameters})


# The wire


def call(server, service, operation, given):
    """Sends an input, each parameter where it belongs, and gives the answer."""
    members, told = input_of(service, operation).members, described(service, operation)
    parts = {place: {} for place in ("path", "query", "body")}
    for name, value in given.items():
        parts[members[name].place][name] = value
    target = re.sub(r"\{(\w+)\}", lambda found: quote(parts["path"][found[1]], safe=""), told["path"])
    texts = {name: str(value).lower() if value in (True, False) else value for name, value in parts["query"].items()}
    target += f"?{urlencode(texts)}" if texts else ""
    has_body = any(member.place == "body" for member in members.values())
    body = json.dumps(parts["body"]).encode() if has_body else b""
    message = request(server, told["method"], target, body, content_type="application/json")
    return send(server, SIGNER.sign(message))


def snapshot(server):
    """What there is, and what every operation that reads says of it."""
    told = {"info": server.info()}
    for operation in of("huawei"):
        service, name = operation["service"], operation["operation"]
        if operation["effect"] == "read" and service not in UNDESCRIBED:
            answer = call(server, service, name, plain(input_of(service, name)))
            body = json.loads(answer.body) if answer.body else {}
            body.pop("request_id", None)
            told[name] = answer.status, body
    return told


# The words of a refusal


def place(path):
    """inferred: how a message names a member."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")


def difference(case, answer):
    """What is wrong with a refusal; None when nothing is."""
    if answer.status != 400:
        return f"{answer.status} {answer.body.decode()} instead of 400"
    body = json.loads(answer.body)
    # doc: these members; the id is in a header too.
    if body.keys() != {"error_code", "error_msg", "request_id"} or body["error_code"] != "IIC.400":
        return f"{body} instead of IIC.400"
    if not re.fullmatch("[0-9a-f]{32}", body["request_id"]) or answer.headers["x-request-id"] != body["request_id"]:
        return f"the id {body['request_id']!r} beside {answer.headers['x-request-id']!r}"
    # doc: the form. inferred: what stands in it.
    if not re.fullmatch(r"Bad Request: .+\.", body["error_msg"], re.DOTALL):
        return f"the message {body['error_msg']!r}"
    if case.rule != "type" and place(case.path) not in body["error_msg"]:
        return f"{body['error_msg']!r} is not about it"
    return None


@each_operation
def test_what_the_model_forbids_is_refused_and_changes_nothing(world, record_property, service, operation):
    root = input_of(service, operation)
    cases = list(refusals.cases(root))
    refusals.count(record_property, "huawei", refused=cases)
    assert refusals.uncovered(root, cases) == set()
    before = snapshot(world)
    wrong = []
    for case in cases:
        told = difference(case, call(world, service, operation, case.input))
        wrong += [f"{case}\n    {told}"] if told else []
    assert not wrong, f"{len(wrong)} of {len(cases)} cases\n" + "\n".join(wrong)
    assert snapshot(world) == before


@each_operation
def test_what_the_model_just_allows_is_not_refused_as_invalid(world, record_property, service, operation):
    """Some other rule may refuse it by the same code: it must not say what it says of what the model forbids."""
    root = input_of(service, operation)
    forbidden = {}
    for case in refusals.cases(root):
        body = json.loads(call(world, service, operation, case.input).body or "{}")
        forbidden.setdefault(case.path, set()).add(body.get("error_msg"))
    cases = list(refusals.inside(root))
    refusals.count(record_property, "huawei", kept=cases)
    wrong = []
    for case in cases:
        assert not case.broken, case
        answer = call(world, service, operation, case.input)
        told = json.loads(answer.body).get("error_msg") if answer.status >= 400 else None
        if answer.status >= 500 or told is not None and told in forbidden.get(case.path, ()):
            wrong.append(f"{case}\n    {answer.status} {answer.body.decode()}")
    assert not wrong, f"{len(wrong)} of {len(cases)} cases\n" + "\n".join(wrong)


def test_what_is_not_described_is_served_by_a_service_that_is_not():
    """A new service is not passed over: it is described, or it is named above."""
    services = {name.partition(".")[0] for name in model()}
    assert {operation["service"] for operation in of("huawei")} <= services | UNDESCRIBED
    assert not services & UNDESCRIBED
