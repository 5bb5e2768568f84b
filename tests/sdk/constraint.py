"""What a vendor's model says of an input: which constraints there are, what keeps them, and what breaks them.

Nothing here knows the program, nor a vendor.
"""

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import patterns

ABSENT = object()
"""Stands for a member that is not there."""


@dataclass(frozen=True)
class Field:
    """What a model says of one value."""

    kind: str
    """string, integer, boolean, list, structure, map, or any."""
    required: bool = False
    least: int | None = None
    """Of a length in characters, of a number of items, or of a value."""
    most: int | str | None = None
    """The same; the name of another member when that one's value is the limit."""
    pattern: str | None = None
    words: tuple = ()
    """The enumeration."""
    members: dict = field(default_factory=dict)
    item: "Field | None" = None
    """Of a list; of a map, of its values."""
    union: bool = False
    """Whether a structure has exactly one of its members."""
    place: str = "body"
    """Where a parameter stands: path, query or body."""
    text: bool = False
    """Whether it travels as a text that says what it is to no one, as all do that are not in JSON."""
    json_text: bool = False
    """Whether it travels as a text that holds JSON."""
    empty_is_absent: bool = False
    prefix: str | None = None
    """What a text must not begin with."""
    separator: str | None = None
    pieces: int | None = None
    """At most so many pieces between separators."""
    filter: dict | None = None
    """The attributes and operators of a filter."""
    example: Any = None
    """A value that a model alone does not lead to."""
    given: bool = False
    """Whether even the smallest input has it, although it is not required."""
    piece: Callable[[int], str] = str


def at(one, path):
    """The field at a path."""
    for step in path:
        one = one.members[step] if step in one.members else one.item
    return one


def without(root, path, rule):
    """The same model with one constraint less; without a type there are none of its limits either."""
    if path:
        inner = without(root.members[path[0]] if path[0] in root.members else root.item, path[1:], rule)
        if path[0] in root.members:
            return replace(root, members=root.members | {path[0]: inner})
        return replace(root, item=inner)
    if rule == "type":
        return Field("any", required=root.required, place=root.place, text=root.text)
    return replace(root, **{rule: {"required": False, "words": ()}.get(rule)})


# Which constraints there are


def rules(one, path=()):
    """Each constraint below a value: where, and which."""
    if one.required and one.place != "path":
        yield path, "required"
    if one.kind in ("boolean", "integer") or one.json_text or not (one.text or one.kind in ("any", "root")):
        yield path, "type"
    # A text of no character is no text where what is empty is absent: that is what "required" tries.
    shortest = 1 if one.empty_is_absent and one.kind == "string" else 0
    if one.least is not None and (one.least > shortest or one.kind == "integer"):
        yield path, "least"
    for rule, given in (("most", one.most), ("words", one.words), ("prefix", one.prefix), ("pieces", one.pieces)):
        if given:
            yield path, rule
    if one.pattern and any(patterns.broken(one.pattern, plain(one))):
        yield path, "pattern"
    if one.filter:
        yield path, "filter"
    for name, member in one.members.items():
        yield from rules(member, (*path, name))
    if one.item is not None:
        yield from rules(one.item, (*path, 0 if one.kind == "list" else "key"))


KINDS = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "structure": lambda value: isinstance(value, dict),
    "root": lambda value: isinstance(value, dict),
    "map": lambda value: isinstance(value, dict),
    "any": lambda value: True,
}


def check(one, value, path=(), beside=None):
    """What is wrong with a value: where, and which rule. Independent of how cases are made."""
    if value is ABSENT or value is None or (one.empty_is_absent and value == ""):
        return {(path, "required")} if one.required else set()
    if not KINDS[one.kind](value):
        return {(path, "type")}
    wrong = set()
    measure = value if one.kind == "integer" else len(value) if one.kind in ("string", "list") else 0
    most = (beside or {}).get(one.most) if isinstance(one.most, str) else one.most
    if one.least is not None and measure < one.least:
        wrong.add("least")
    if most is not None and measure > most:
        wrong.add("most")
    if one.pattern and not patterns.matches(one.pattern, value):
        wrong.add("pattern")
    if one.words and value not in one.words:
        wrong.add("words")
    if one.prefix and value.startswith(one.prefix):
        wrong.add("prefix")
    if one.pieces and len(value.split(one.separator)) > one.pieces:
        wrong.add("pieces")
    if one.filter and not filtered(one.filter, value):
        wrong.add("filter")
    found = {(path, rule) for rule in wrong}
    for name, member in one.members.items():
        found |= check(member, value.get(name, ABSENT), (*path, name), value)
    if one.kind in ("list", "map"):
        for key, item in enumerate(value) if one.kind == "list" else value.items():
            found |= check(one.item, item, (*path, key))
    return found


def filtered(given, text):
    """Whether a text is a filter of these attributes and operators. doc: whatever the case."""
    words = text.split(" ", 2)
    attributes, operators = ([word.lower() for word in given[name]] for name in ("attributes", "operators"))
    return len(words) == 3 and words[0].lower() in attributes and words[1].lower() in operators


# Values that a model allows


@functools.cache
def _different(pattern, least, most, count):
    low, high = patterns.width(pattern)
    sizes = range(max(low, least or 0), min(high, most or high, max(low, least or 0) + 64) + 1)
    return list(itertools.islice(itertools.chain.from_iterable(patterns.texts(pattern, n) for n in sizes), count))


def sized(one, length):
    """A text of this length; None when the model has none."""
    if one.pattern:
        return patterns.text(one.pattern, length)
    text = one.example or "aaa"
    return (text[0] * (length - len(text)) + text)[-length:] if length else ""


def nth(one, i):
    """An allowed value; another one for each `i`, where there are so many."""
    if one.kind == "string" and not one.words and one.example is None and not one.filter:
        if not one.pattern:
            return f"a{i}" + "a" * ((one.least or 0) - len(f"a{i}"))
        found = _different(one.pattern, one.least, one.most, 128)
        assert found, f"no text for {one.pattern}"
        return found[i % len(found)]
    if one.kind == "structure" and one.example is None:
        needed = {name: member for name, member in one.members.items() if member.required}
        if not needed:
            needed = dict(itertools.islice(one.members.items(), 1 if one.union else None))
        return {name: nth(member, i) for name, member in needed.items()}
    if one.kind == "string" and one.words:
        return one.words[i % len(one.words)]
    return plain(one)


def plain(one):
    """The smallest allowed value."""
    if one.example is not None:
        return one.example
    if one.words:
        return one.words[0]
    if one.filter:
        return f"{one.filter['attributes'][0]} {one.filter['operators'][0]} {one.filter['operand']}"
    if one.kind == "string":
        if one.pattern:
            shortest, _ = patterns.lengths(one.pattern, one.least or 0, one.most)
            text = patterns.text(one.pattern, shortest) if shortest is not None else None
            # A sign or two are easier to damage than nothing.
            longer = next((patterns.text(one.pattern, n) for n in (3, 2, 1) if n <= (one.most or n)), None)
            return longer if shortest is not None and shortest < 3 and longer is not None else text
        return "a" * max(one.least or 0, min(3, one.most or 3))
    if one.kind == "list":
        # A list that is not in JSON is nowhere when it has no item.
        count = max(one.least or 0, 1 if one.text else 0)
        return [nth(one.item, i) for i in range(count)]
    if one.kind in ("structure", "root"):
        given = {name: plain(member) for name, member in one.members.items() if member.required or member.given}
        return given or {name: plain(one.members[name]) for name in list(one.members)[: 1 if one.union else 0]}
    return {"integer": one.least or 1, "boolean": False, "map": {}, "any": "a"}[one.kind]


def build(one, path=(), value=ABSENT):
    """The smallest allowed input in which there is the value at the path; without it, if it is `ABSENT`."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if one.kind == "list":
        given = list(plain(one)) or [nth(one.item, 0)]
        given[step] = build(one.item, rest, value if rest or value is not ABSENT else None)
        return given
    inner = one.item if one.kind == "map" else one.members[step]
    given = {} if one.union or one.kind == "map" else plain(one)
    given[step] = build(inner, rest, value)
    if given[step] is ABSENT:
        del given[step]
    return given
