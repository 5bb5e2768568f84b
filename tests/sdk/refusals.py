"""What a vendor's model forbids, made into requests: for each constraint the smallest input that breaks it alone.

Nothing here knows the program. A vendor's test reads its model into a `Field`, sends the input of each `Case`, and
knows in what words the vendor refuses it.
"""

from dataclasses import dataclass, replace
from typing import Any

import patterns
from constraint import ABSENT, Field, at, build, check, nth, plain, rules, sized

FAR = 1 << 40
"""A number that no 32-bit integer holds."""


@dataclass(frozen=True)
class Case:
    """An input, and what is to be said of it."""

    path: tuple
    """Where: names of members, and positions in lists from 0."""
    rule: str
    how: str
    value: Any
    """What stands there."""
    input: dict
    broken: frozenset = frozenset()
    """All that is wrong with the input: where, and which rule."""

    def __str__(self):
        place = ".".join(map(str, self.path))
        shown = repr(self.value) if self.value is not ABSENT else "nothing"
        return f"{place}: {self.rule}: {self.how}: {shown if len(shown) < 80 else shown[:80] + '…'}"


# Values that it does not


WRONG_JSON = {
    "string": [5, True, ["a"], {"a": "a"}],
    "integer": ["one", True, [1], {"a": 1}],
    "boolean": ["maybe", [True], {"a": True}],
    "list": ["a", 5, {"a": "a"}],
    "structure": ["a", 5, ["a"]],
    "map": ["a", 5, ["a"]],
}
WRONG_TEXT = {"integer": ["one", "1.5", "1e1", "１"], "boolean": ["maybe", "2"]}
WRONG_JSON_TEXT = {"list": ["[", "{}", "5"], "structure": ["{", "[]", "5"]}


def breaking(one, rule):
    """Values that break this rule, with how they do; of each a list of which any will do, the best first."""
    if rule == "required":
        yield "missing", [ABSENT]
        if not one.text:
            yield "null", [None]
        if one.empty_is_absent and one.kind == "string":
            yield "empty", [""]
    elif rule == "type":
        wrong = WRONG_JSON_TEXT if one.json_text else WRONG_TEXT if one.text else WRONG_JSON
        yield from ((type(value).__name__ if not one.text else repr(value), [value]) for value in wrong[one.kind])
        if one.text and one.kind == "integer" and not one.empty_is_absent:
            yield "empty", [""]
    elif rule == "words":
        yield "unknown", ["NO_SUCH_WORD"]
        word = one.words[0]
        yield "another case", [other for other in (word.lower(), word.upper()) if other != word]
        yield "a space behind it", [word + " "]
        yield "two words", [word + "," + one.words[-1]]
        if not one.empty_is_absent:
            yield "empty", [""]
    elif rule == "pattern":
        for how, candidates in patterns.broken(one.pattern, plain(one)):
            yield how, [text for text in candidates if text or not one.empty_is_absent]
        low, high = patterns.width(one.pattern)
        for length in {low - 1, high + 1}:
            if 0 < length <= (one.most or 4096):
                text = sized(one, low) if length < low else sized(one, high)
                if text is not None:
                    yield f"{length} characters", [text[:length].ljust(length, text[-1])]
    elif rule == "prefix":
        yield "reserved", [one.prefix + plain(one)]
    elif rule == "pieces":
        yield "one too many", [one.separator.join(map(one.piece, range(one.pieces + 1)))]
    elif rule == "filter":
        attribute, operator, operand = plain(one).split(" ", 2)
        yield "one word", [attribute]
        yield "no operand", [f"{attribute} {operator}"]
        yield "unknown attribute", [f"Colour {operator} {operand}"]
        yield "unknown operator", [f"{attribute} like {operand}"]
    elif one.kind == "integer":
        least, most = one.least, one.most
        yield from [("one too small", [least - 1]), ("far too small", [-FAR])] if rule == "least" else ()
        if rule == "most" and not isinstance(most, str):
            yield from [("one too big", [most + 1]), ("far too big", [FAR])]
    elif one.kind == "list":
        count = one.least - 1 if rule == "least" else one.most + 1
        yield f"{count} items", [[nth(one.item, i) for i in range(count)]]
    else:
        count = one.least - 1 if rule == "least" else one.most + 1
        yield f"{count} characters", [text for text in (sized(one, count), "a" * count) if text is not None]
        if rule == "most" and (not one.pattern or patterns.matches(one.pattern, "é" * count)):
            yield f"{count} wide characters", ["é" * count]


def cases(root):
    """For each constraint of an input its cases."""
    for path, rule in rules(root):
        one = at(root, path)
        if rule == "most" and isinstance(one.most, str):
            limit = root.members[one.most].least
            given = build(root, path, limit + 1) | {one.most: limit}
            yield Case(path, rule, f"more than {one.most}", limit + 1, given, frozenset(check(root, given)))
            continue
        for how, candidates in breaking(one, rule):
            made = []
            for value in candidates:
                given = build(root, path, value)
                wrong = check(root, given)
                if (path, rule) in wrong:
                    made.append(Case(path, rule, how, value, given, frozenset(wrong)))
            if made:
                yield min(made, key=lambda case: len(case.broken))


def inside(root):
    """For each constraint of an input the cases that just keep it."""
    seen = set()
    for path, rule in rules(root):
        one = at(root, path)
        other = root.members[one.most] if isinstance(one.most, str) else None
        for how, value in keeping(one if other is None else replace(one, most=other.least), rule):
            given = build(root, path, value)
            if other is not None:
                given[one.most] = other.least
            if (path, repr(value)) not in seen:
                seen.add((path, repr(value)))
                yield Case(path, rule, how, value, given, frozenset(check(root, given)))


def keeping(one, rule):
    """Values that just keep this rule, with how they do."""
    if rule == "words":
        yield from (("a word of it", word) for word in one.words)
    elif rule == "type" and one.kind == "boolean":
        yield from (("true", True), ("false", False))
    elif rule == "type" and one.kind == "string" and not one.words and not one.filter:
        yield "plain", plain(one)
    elif rule == "pattern":
        for length in patterns.lengths(one.pattern, max(one.least or 0, int(one.empty_is_absent)), one.most):
            yield f"{length} characters that match", sized(one, length)
        yield from (("an alternative", text) for text in patterns.alternatives(one.pattern))
    elif rule == "prefix":
        yield "not at the beginning", f"x{one.prefix}a"
    elif rule == "pieces":
        yield "as many as may be", one.separator.join(map(one.piece, range(one.pieces)))
    elif rule == "filter":
        attribute, _, operand = plain(one).split(" ", 2)
        for operator in one.filter["operators"]:
            yield "allowed", f"{attribute} {operator} {operand}"
        yield "another case", f"{attribute.lower()} {operator.upper()} {operand}"
    elif rule in ("least", "most"):
        limit = one.least if rule == "least" else one.most
        if one.kind == "integer":
            yield "the limit", limit
        elif one.kind == "list":
            yield f"{limit} items", [nth(one.item, i) for i in range(limit)]
        else:
            text = sized(one, limit)
            if text is not None:
                yield f"{limit} characters", text
            if one.example is None and not one.pattern or one.pattern and patterns.matches(one.pattern, "é" * limit):
                yield f"{limit} wide characters", "é" * limit


def uncovered(root, made):
    """The constraints for which there is no case among those made."""
    return set(rules(root)) - {(case.path, case.rule) for case in made}


# Counting


def count(record_property, vendor, refused=None, kept=None):
    """Notes for the summary what a test of one operation has sent: what must be refused, or what must not."""
    record_property(f"{vendor}: from the model", [refused is not None, len(refused or ()), len(kept or ())])


def pytest_terminal_summary(terminalreporter):
    """Prints how many cases were generated, a line a vendor."""
    totals = {}
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name.endswith(": from the model") and report.when == "call":
                totals[name] = [a + b for a, b in zip(totals.get(name, (0, 0, 0)), value)]
    for name, (operations, refused, kept) in sorted(totals.items()):
        terminalreporter.write_line(
            f"{name} of {operations} operations: {refused} cases that it forbids, {kept} that it just allows"
        )
