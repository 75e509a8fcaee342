r"""Inequalities in one variable as the intervals they describe: `1<x\le 2` is `(1,2]`, `x>3` is `(3,\infty)`.

"And" and "or" between two inequalities are the same comma in the one form of `_latex`; two half lines that overlap
are their intersection, others their union (nobody writes an empty "and").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vg1_plugin_verifiers._arithmetic import exact_value

_RELATION = re.compile(r"<=|>=|\\le(?![a-z])|\\ge(?![a-z])|<|>")
_NAME = re.compile(r"\\?[a-zA-Z]{1,5}(?:_ ?\{?\w{1,3}\}?)?")
_BUILDER = re.compile(
    r"⦃ ?(?P<name>[a-zA-Z])(?: ?\\in ?\\mathbb ?\{? ?R ?\}?)? ?(?::|\||\\mid) ?(?P<condition>.{1,200})⦄"
)
_NOT_NAMES = ("e", "i", "\\pi", "\\infty", "\\frac", "\\sqrt")


class Interval(NamedTuple):
    """The values that an inequality allows a variable."""

    name: str
    text: str
    """In the one form of `_latex`."""


class _Piece(NamedTuple):
    name: str
    low: str
    high: str
    ends: str


def interval(text: str) -> Interval | None:
    """The interval or union that an inequality, two of them, or a set of their solutions describes."""
    name = ""
    if match := _BUILDER.fullmatch(text):
        name, text = match["name"], match["condition"]
    if not _RELATION.search(text):
        return None
    pieces = [_piece(part.strip()) for part in re.split(",|\\\\cup", text)]
    first, last = pieces[0], pieces[-1]
    if len(pieces) > 2 or first is None or last is None or first.name != last.name or name not in ("", first.name):
        return None
    if len(pieces) == 1:
        return Interval(first.name, _written(first))
    if both := _intersection(first, last):
        return Interval(first.name, _written(both))
    return Interval(first.name, f"{_written(first)}\\cup {_written(last)}")


def _piece(text: str) -> _Piece | None:
    marks = _RELATION.findall(text)
    sides = [side.strip() for side in _RELATION.split(text)]
    if len(marks) not in (1, 2) or not all(sides):
        return None
    up = [mark in ("<", "<=", "\\le") for mark in marks]
    if len(set(up)) > 1:
        return None
    if not up[0]:
        sides, marks = sides[::-1], marks[::-1]
    closed = [mark not in "<>" for mark in marks]
    if len(sides) == 3:
        return _Piece(sides[1], sides[0], sides[2], "(["[closed[0]] + ")]"[closed[1]]) if _is_name(sides[1]) else None
    if _is_name(sides[0]):
        return _Piece(sides[0], "-\\infty", sides[1], "(" + ")]"[closed[0]])
    if _is_name(sides[1]):
        return _Piece(sides[1], sides[0], "\\infty", "(["[closed[0]] + ")")
    return None


def _is_name(text: str) -> bool:
    return text not in _NOT_NAMES and _NAME.fullmatch(text) is not None


def _intersection(a: _Piece, b: _Piece) -> _Piece | None:
    """What two opposite half lines have in common; None where that is nothing or cannot be told."""
    if a.low == "-\\infty":
        a, b = b, a
    if (a.high, b.low) != ("\\infty", "-\\infty"):
        return None
    low, high = exact_value(a.low), exact_value(b.high)
    return (
        _Piece(a.name, a.low, b.high, a.ends[0] + b.ends[1])
        if low is not None and high is not None and low < high
        else None
    )


def _written(piece: _Piece) -> str:
    return f"{piece.ends[0]}{piece.low}, {piece.high}{piece.ends[1]}"
