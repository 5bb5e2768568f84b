"""Texts for a vendor's regular expression: such as it takes, of a given length, and such as it takes no more.

The models are written for Java's engine, in which `\\w`, `\\d` and `\\s` are ASCII; `\\p{…}` is no part of Python's.
"""

import functools
import itertools
import re
import sys
import unicodedata

# No promise of `re` covers its parser, but it spares us one of our own.
from re import _constants as constants
from re import _parser as parser

SIGNS = "a1bcdefghijklmnopqrstuvwxyz023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:/=+@,~!#$%&'()*;?[]{}|\\\"<>^` \t\néя名"
"""What texts are made of, the plainest first."""

MOST_TRIED = 200
"""How many texts are tried until one of them matches as a whole: what looks around may refuse some."""


@functools.cache
def _ranges():
    """By the letter of a category, what stands in it, as the inside of a class."""
    found = {}
    for code in range(sys.maxunicode + 1):
        kind = unicodedata.category(chr(code))[0]
        runs = found.setdefault(kind, [])
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return {kind: "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in runs) for kind, runs in found.items()}


@functools.cache
def translated(expression):
    """The expression for Python: categories spelled out, and no class of signs as an end of a range."""
    out, inside = [], False
    parts = re.findall(r"\\p\{\w\}|\\.|.", expression, re.DOTALL)
    for i, part in enumerate(parts):
        if part.startswith("\\p"):
            ranges = _ranges()[part[3]]
            part = ranges if inside else f"[{ranges}]"
        elif inside and part == "-" and re.fullmatch(r"\\[wdsWDS]|\\p\{\w\}", parts[i - 1]):
            part = r"\-"
        elif inside and part == "[":
            part = r"\["
        elif part in "[]":
            inside = part == "["
        out.append(part)
    return "".join(out)


@functools.cache
def compiled(expression):
    return re.compile(translated(expression), re.ASCII)


@functools.cache
def matches(expression, text):
    """Whether the expression takes the whole text."""
    return compiled(expression).fullmatch(text) is not None


@functools.cache
def _tree(expression):
    return list(parser.parse(translated(expression), re.ASCII))


@functools.cache
def width(expression):
    """The fewest and the most characters that the expression can take."""
    return _width(_tree(expression))


def _width(items):
    """The same, of a part of a tree; of what has no end it is a big number."""
    low = high = 0
    for kind, given in items:
        if kind in (constants.AT, constants.ASSERT, constants.ASSERT_NOT):
            continue
        if kind is constants.SUBPATTERN:
            a, b = _width(given[3])
        elif kind is constants.BRANCH:
            widths = [_width(branch) for branch in given[1]]
            a, b = min(a for a, _ in widths), max(b for _, b in widths)
        elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            least, most, inner = given
            a, b = _width(inner)
            a, b = a * least, b * int(most)
        else:
            a = b = 1
        low, high = low + a, high + b
    return low, high


_CATEGORIES = {
    constants.CATEGORY_DIGIT: str.isdigit,
    constants.CATEGORY_SPACE: str.isspace,
    constants.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    constants.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdigit(),
    constants.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    constants.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}


def _takes(kind, given, sign):
    """Whether one place of the tree takes this sign; of what is not ASCII `matches` has the last word."""
    if kind is constants.LITERAL:
        return ord(sign) == given
    if kind is constants.NOT_LITERAL:
        return ord(sign) != given
    if kind is constants.ANY:
        return sign != "\n"
    if kind is constants.RANGE:
        return given[0] <= ord(sign) <= given[1]
    if kind is constants.CATEGORY:
        return _CATEGORIES[given](sign)
    assert kind is constants.IN, kind
    negated = given[0][0] is constants.NEGATE
    return negated != any(_takes(*one, sign) for one in given if one[0] is not constants.NEGATE)


def _signs(kind, given):
    if kind is constants.LITERAL:
        return [chr(given)]
    return [sign for sign in SIGNS if _takes(kind, given, sign)]


def _made(items, length):
    """The texts of this length that a part of a tree can make, without end and without looking around."""
    if not items:
        if length == 0:
            yield ""
        return
    (low, high), (least, most) = _width(items[:1]), _width(items[1:])
    for taken in range(max(low, length - most), min(high, length - least) + 1):
        for head in _one(*items[0], taken):
            for tail in _made(items[1:], length - taken):
                yield head + tail


def _one(kind, given, length):
    if kind in (constants.AT, constants.ASSERT, constants.ASSERT_NOT):
        yield ""
    elif kind is constants.SUBPATTERN:
        yield from _made(list(given[3]), length)
    elif kind is constants.BRANCH:
        for branch in given[1]:
            yield from _made(list(branch), length)
    elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
        least, most, inner = given
        inner = list(inner)
        low, high = _width(inner)
        if (low, high) == (1, 1):
            if least <= length <= most:
                yield from itertools.islice(_words(list(_made(inner, 1)), length), 4 * len(SIGNS))
        elif length == 0 and least == 0:
            yield ""
        else:
            # The longest pieces first: so of a long text there are few.
            fewest = max(least, 1, -(-length // high))
            for count in range(fewest, min(int(most), max(length // max(low, 1), fewest)) + 1):
                yield from _made(inner * count, length)
    elif length == 1:
        yield from _signs(kind, given)


def _words(signs, length):
    """All texts of these signs of this length; the last sign changes first."""
    if length == 0:
        yield ""
    elif signs:
        for last in itertools.product(signs, repeat=min(length, 4)):
            yield signs[0] * (length - len(last)) + "".join(last)


def texts(expression, length):
    """Different texts of exactly this length that the expression takes, the plainest first; none, if there is none."""
    seen = set()
    for text in itertools.islice(_made(_tree(expression), length), MOST_TRIED):
        if text not in seen and matches(expression, text):
            seen.add(text)
            yield text


@functools.cache
def text(expression, length):
    """One such text, None if none was found."""
    return next(texts(expression, length), None)


@functools.cache
def lengths(expression, least=0, most=None):
    """The shortest and the longest text between the two that could be found."""
    low, high = width(expression)
    low, high = max(low, least), min(high, most if most is not None else low + 64)
    shortest = next((n for n in range(low, min(high, low + 64) + 1) if text(expression, n) is not None), None)
    longest = next((n for n in range(high, max(low, high - 64) - 1, -1) if text(expression, n) is not None), None)
    return shortest, longest


def _chosen(items):
    """The same part of a tree, once for each alternative in it, with that one alone in its place."""
    for i, (kind, given) in enumerate(items):
        if kind is constants.BRANCH:
            inner = [list(branch) for branch in given[1]]
        elif kind is constants.SUBPATTERN:
            inner = [[(kind, (*given[:3], one))] for one in _chosen(list(given[3]))]
        else:
            continue
        yield from (items[:i] + one + items[i + 1 :] for one in inner)


def alternatives(expression):
    """A short text for each alternative of the expression."""
    for tree in _chosen(_tree(expression)):
        low, high = _width(tree)
        made = itertools.chain.from_iterable(_made(tree, n) for n in range(low, min(high, low + 8) + 1))
        found = next((one for one in itertools.islice(made, MOST_TRIED) if matches(expression, one)), None)
        if found is not None:
            yield found


# Texts that it does not take


def _swapped(text, old, new):
    """The text with the last of its signs that `old` is true of replaced; None if there is none such."""
    at = next((i for i in range(len(text) - 1, -1, -1) if old(text[i])), None)
    return None if at is None else text[:at] + new + text[at + 1 :]


def _letter(sign):
    return sign.isascii() and sign.isalpha()


def _digit(sign):
    return sign.isascii() and sign.isdigit()


FORBIDDEN = " !/#*\\,<\x7f_."
"""Signs of which an expression is likely to forbid one."""


def damages(text):
    """By how they were made, changes of a text that an expression may or may not notice.

    Those of one name are tried in turn until one is noticed.
    """
    yield "a sign that it does not take", [text[:-1] + sign for sign in FORBIDDEN if text]
    yield "a sign that it does not take, at the beginning", [sign + text[1:] for sign in FORBIDDEN if text]
    yield "something before it", [sign + text for sign in ("x", *FORBIDDEN)]
    yield "something behind it", [text + sign for sign in ("x", *FORBIDDEN)]
    yield "spaces around it", [f" {text} "]
    yield "a hyphen behind it", [text + "-", text[:-1] + "-"]
    yield "a hyphen before it", ["-" + text, "-" + text[1:]]
    yield "two hyphens", [text.replace("-", "--", 1)]
    yield "a line break behind it", [text + "\n", text[:-1] + "\n" if text else "\n"]
    yield "a line break before it", ["\n" + text, "\n" + text[1:]]
    yield "a second line", [text + "\n" + text]
    yield "a letter that is not ASCII", [_swapped(text, _letter, "é"), _swapped(text, _letter, "名"), text[:-1] + "é"]
    yield "a digit that is not ASCII", [_swapped(text, _digit, "１"), _swapped(text, _digit, "٣"), text[:-1] + "１"]
    yield "the other case", [text.swapcase(), text.upper(), text.lower()]
    yield "a zero byte", [text[:-1] + "\0"]
    yield "nothing", [""]


def _unwanted(items):
    """What an expression that looks around wants neither to begin nor to end so: whether it is the end, and a text."""
    for kind, given in items:
        if kind is constants.SUBPATTERN:
            yield from _unwanted(given[3])
        elif kind is constants.ASSERT_NOT:
            behind, inner = given[0] < 0, list(given[1])
            for tree in [*_chosen(inner)] or [inner]:
                yield behind, next(_made(tree, _width(tree)[0]))


def broken(expression, text):
    """By how they were made, texts that the expression does not take, near to one that it takes.

    Each name comes with its candidates, of which any will do.
    """
    around = [
        (f"{part!r} at the {'end' if behind else 'beginning'}", [text + part] if behind else [part + text])
        for behind, part in _unwanted(_tree(expression))
    ]
    for how, candidates in itertools.chain(around, damages(text)):
        noticed = [one for one in candidates if one is not None and not matches(expression, one)]
        if noticed:
            yield how, noticed
