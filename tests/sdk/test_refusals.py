"""The generator of refusals itself: every model in full, and what becomes of it when a constraint is changed."""

import itertools
import json
from dataclasses import replace

import pytest

import patterns
import refusals
import test_refusals_alibaba as alibaba
import test_refusals_aws as aws
import test_refusals_huawei as huawei
from constraint import ABSENT, Field, at, check, plain, rules, without
from wire import Answer

INPUTS = {
    **{
        f"aws {service} {operation}": lambda s=service, o=operation: aws.input_of(s, o)
        for service in ("sso-admin", "identitystore")
        for operation in aws.model(service).operation_names
    },
    **{f"alibaba {operation}": lambda o=operation: alibaba.input_of(o) for operation in alibaba.model()},
    **{f"huawei {name}": lambda n=name: huawei.input_of(*n.split(".")) for name in huawei.model()},
}
"""Of every operation in the models, served or not."""

every_input = pytest.mark.parametrize("name", INPUTS)


def separable(one, rule):
    """Whether a value can break this rule and no other: not when no text of the wrong length matches."""
    if rule not in ("least", "most") or one.kind != "string" or not one.pattern:
        return True
    length = one.least - 1 if rule == "least" else one.most + 1
    return patterns.text(one.pattern, length) is not None


@every_input
def test_every_constraint_has_its_cases_and_each_breaks_what_it_is_meant_to(name):
    root = INPUTS[name]()
    assert check(root, plain(root)) == set()
    cases = list(refusals.cases(root))
    assert refusals.uncovered(root, cases) == set()
    for case in cases:
        assert (case.path, case.rule) in case.broken, case
        assert {path for path, _ in case.broken} == {case.path}, case
        json.dumps(case.input)
    for path, rule in rules(root):
        alone = any(len(case.broken) == 1 for case in cases if (case.path, case.rule) == (path, rule))
        assert alone == separable(at(root, path), rule), (path, rule)


@every_input
def test_what_just_keeps_a_constraint_breaks_none(name):
    for case in refusals.inside(INPUTS[name]()):
        assert not case.broken, case


# One constraint less, and all its cases are gone, and no other's. Without a type there are none of its limits either.
@pytest.mark.parametrize(
    "name",
    ["aws sso-admin CreateInstance", "alibaba CreateUser", "alibaba GetUserId", "huawei IdentityCenter.CreateAlias"],
)
def test_without_a_constraint_there_are_fewer_cases(name):
    root = INPUTS[name]()
    full = {(case.path, case.rule) for case in refusals.cases(root)}
    for path, rule in rules(root):
        fewer = {(case.path, case.rule) for case in refusals.cases(without(root, path, rule))}
        gone = {(path, rule)}
        if rule == "type":
            gone = {(other, what) for other, what in full if other[: len(path)] == path and what != "required"}
            gone |= {(other, what) for other, what in full if other[: len(path)] == path and len(other) > len(path)}
        assert fewer == full - gone, (path, rule)


def test_a_case_for_each_way_to_break_each_kind_of_rule():
    root = Field(
        "root",
        members={
            "Name": Field("string", required=True, least=2, most=4, pattern=r"\w+"),
            "Mode": Field("string", words=("ON", "OFF")),
            "Count": Field("integer", least=1, most=9),
            "Tags": Field("list", most=2, item=Field("structure", members={"Key": Field("string", required=True)})),
        },
    )
    made = {(".".join(map(str, case.path)), case.rule, repr(case.value)) for case in refusals.cases(root)}
    for expected in [
        ("Name", "required", repr(ABSENT)),
        ("Name", "required", "None"),
        ("Name", "type", "5"),
        ("Name", "least", "'a'"),
        ("Name", "most", "'aaaaa'"),
        ("Name", "pattern", "'aaa\\n'"),
        ("Name", "pattern", "'aaé'"),
        ("Name", "pattern", "'aa１'"),
        ("Mode", "words", "'NO_SUCH_WORD'"),
        ("Mode", "words", "'on'"),
        ("Mode", "words", "'ON '"),
        ("Count", "least", "0"),
        ("Count", "most", "10"),
        ("Count", "type", "'one'"),
        ("Tags", "most", "[{'Key': 'a0'}, {'Key': 'a1'}, {'Key': 'a2'}]"),
        ("Tags", "type", "'a'"),
        ("Tags.0.Key", "required", repr(ABSENT)),
        ("Tags.0.Key", "required", "None"),
    ]:
        assert expected in made, expected
    kept = {(".".join(map(str, case.path)), repr(case.value)) for case in refusals.inside(root)}
    for expected in [("Name", "'aa'"), ("Name", "'aaaa'"), ("Mode", "'OFF'"), ("Count", "1"), ("Count", "9")]:
        assert expected in kept, expected


# doc of Java's engine: classes are ASCII, and the whole text must match.
@pytest.mark.parametrize(
    "expression, text, expected",
    [
        (r"\w+", "a_1", True),
        (r"\w+", "é", False),
        (r"\d", "１", False),
        (r"[\w-.]+", "a-.", True),
        (r"^[a-z]+$", "a\n", False),
        (r"a|b", "ab", False),
        (r"[\p{L}\p{Z}]+", "é 名\u00a0", True),
        (r"[\p{L}\p{Z}]+", "a1", False),
        (r"\p{L}+", "名", True),
        (r"^(?!-|d-)[a-z-]+(?<!-)$", "d-a", False),
        (r"[\[\]a]+", "[a]", True),
    ],
)
def test_an_expression_means_what_it_means_in_java(expression, text, expected):
    assert patterns.matches(expression, text) == expected


@pytest.mark.parametrize(
    "expression, low, high",
    [(r"[a-z0-9]+(-[a-z0-9]+)*", 2, 64), (r"^d-[0-9a-f]{10}$", 12, 12), (r"([a-z]+-){2,3}\d", 5, 32)],
)
def test_texts_of_any_length_are_found(expression, low, high):
    for length in range(low, high + 1):
        text = patterns.text(expression, length)
        assert len(text) == length and patterns.matches(expression, text)
    assert len(set(itertools.islice(patterns.texts(expression, high), 20))) == 20


# doc: lists are spread out, from 1; inferred: what is said to be JSON is one text.
def test_parameters_of_alibaba_are_spread_out():
    tags = {"Tags": [{"Key": "a", "Value": "b"}, {"Key": "c"}], "DirectoryId": "d"}
    spread = {"Tags.1.Key": "a", "Tags.1.Value": "b", "Tags.2.Key": "c", "DirectoryId": "d"}
    assert alibaba.flat(alibaba.input_of("CreateUser"), tags) == spread
    identity = {"ExternalId": {"Id": "a"}}
    assert alibaba.flat(alibaba.input_of("GetUserId"), identity) == {"ExternalId": '{"Id": "a"}'}
    random = {"GenerateRandomPassword": True}
    assert alibaba.flat(alibaba.input_of("ResetUserPassword"), random) == {"GenerateRandomPassword": "True"}


def test_a_limit_that_is_another_members_value_is_tried_from_both_sides():
    root = alibaba.input_of("SetPasswordPolicy")
    name, limit = "MinPasswordDifferentChars", "MinPasswordLength"
    tried = [case.input for case in refusals.cases(root) if case.path == (name,) and case.rule == "most"]
    assert [(given[name], given[limit]) for given in tried] == [(9, 8)]
    tried = [case.input for case in refusals.inside(root) if case.path == (name,) and case.rule == "most"]
    assert [(given[name], given[limit]) for given in tried] == [(8, 8)]


# A program whose limits are others is found out: the server stays as it is, and the model is changed instead.
@pytest.mark.parametrize(
    "path, change",
    [
        (("Name",), {"most": 254}),
        (("Name",), {"pattern": r"[\w+=,.@]+"}),
        (("Name",), {"required": True}),
        (("ClientToken",), {"least": 2}),
        (("ClientToken",), {"words": ("a", "b")}),
        (("Tags",), {"most": 74}),
        (("Tags", 0, "Key"), {"most": 127}),
        (("Tags", 0, "Value"), {"least": 1}),
    ],
)
def test_a_limit_that_the_program_does_not_have_is_found(world, path, change):
    root = changed(aws.input_of("sso-admin", "CreateInstance"), path, change)
    cases = [case for case in refusals.cases(root) if case.path == path]
    answers = [(case, aws.call(world, "sso-admin", "CreateInstance", case.input)) for case in cases]
    assert any(aws.difference(root, case, answer) for case, answer in answers)


def changed(root, path, change):
    if not path:
        return replace(root, **change)
    if path[0] in root.members:
        return replace(root, members=root.members | {path[0]: changed(root.members[path[0]], path[1:], change)})
    return replace(root, item=changed(root.item, path[1:], change))


# "Changes nothing" would be said in vain of a snapshot in which no change is seen.
def test_a_change_is_seen_in_a_snapshot(world):
    changes = [
        (aws, lambda: aws.call(world, "sso-admin", "CreateInstance", {})),
        (alibaba, lambda: alibaba.call(world, "V3", SET_MFA, {"DirectoryId": alibaba.DIRECTORY, MFA: "Disabled"})),
        (huawei, lambda: huawei.call(world, "IdentityCenter", SET_SSO, {"instance_id": huawei.INSTANCE, **LATER})),
    ]
    for vendor, change in changes:
        before = vendor.snapshot(world)
        assert vendor.snapshot(world) == before
        assert change().status == 200
        assert vendor.snapshot(world) != before


SET_MFA, MFA = "UpdateMFAAuthenticationSettings", "MFAAuthenticationSettings"
SET_SSO = "UpdateSsoConfiguration"
LATER = {
    "configuration_type": "SESSION",
    "sso_configuration": {"session_configuration": {"max_authentication_age": "PT1H"}},
}


# An answer that is not the vendor's refusal is none.
@pytest.mark.parametrize(
    "status, change",
    [
        (200, {}),
        (500, {}),
        (400, {"__type": "AccessDeniedException"}),
        (400, {"message": "1 validation error detected: Value null at 'name' failed to satisfy constraint: "}),
        (400, {"Message": "something else"}),
    ],
)
def test_another_answer_of_aws_is_no_refusal(status, change):
    root = aws.input_of("sso-admin", "DescribeInstance")
    case = next(case for case in refusals.cases(root) if case.rule == "required")
    violation = "Value null at 'instanceArn' failed to satisfy constraint: Member must not be null"
    text = f"1 validation error detected: {violation}"
    body = {"__type": "ValidationException", "message": text, "Message": text}
    headers = {"x-amzn-requestid": "01234567-89ab-cdef-0123-456789abcdef"}
    assert aws.difference(root, case, Answer(400, headers, json.dumps(body).encode())) is None
    assert aws.difference(root, case, Answer(400, {}, json.dumps(body).encode()))
    assert aws.difference(root, case, Answer(status, headers, json.dumps(body | change).encode()))


@pytest.mark.parametrize(
    "change", [{"error_code": "IIC.404"}, {"request_id": "0" * 31}, {"error_msg": "Bad Request: x."}]
)
def test_another_answer_of_huawei_is_no_refusal(change):
    root = huawei.input_of("IdentityCenter", "CreateAlias")
    case = next(case for case in refusals.cases(root) if case.rule == "required")
    body = {"error_code": "IIC.400", "error_msg": "Bad Request: alias is required.", "request_id": "0" * 32}
    headers = {"x-request-id": "0" * 32}
    assert huawei.difference(case, Answer(400, headers, json.dumps(body).encode())) is None
    assert huawei.difference(case, Answer(404, headers, json.dumps(body).encode()))
    assert huawei.difference(case, Answer(400, headers | {"x-request-id": "1" * 32}, json.dumps(body).encode()))
    assert huawei.difference(case, Answer(400, headers, json.dumps(body | change).encode()))


@pytest.mark.parametrize("change", [{"Code": "MissingX"}, {"Code": "InvalidDirectoryId"}, {"Message": "No."}])
def test_another_answer_of_alibaba_is_no_refusal(change):
    root = alibaba.input_of("GetDirectory")
    case = next(case for case in refusals.cases(root) if case.rule == "required")
    request_id = "01234567-89AB-CDEF-0123-456789ABCDEF"
    body = {
        "Code": "MissingDirectoryId",
        "Message": "DirectoryId is mandatory for this action.",
        "RequestId": request_id,
    }
    headers = {"x-acs-request-id": request_id}
    assert alibaba.difference(root, case, Answer(400, headers, json.dumps(body).encode())) is None
    assert alibaba.difference(root, case, Answer(409, headers, json.dumps(body).encode()))
    assert alibaba.difference(root, case, Answer(400, headers, json.dumps(body | change).encode()))
    with pytest.raises(AssertionError):
        alibaba.difference(root, case, Answer(400, {"x-acs-request-id": "1"}, json.dumps(body).encode()))
