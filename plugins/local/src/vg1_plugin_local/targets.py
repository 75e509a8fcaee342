"""From a row to its options and target, by the rules of a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from vg1_plugin_local import fields
from vg1_plugin_local.fields import Value
from vg1_plugin_local.mapping import Rule, TargetRule
from vg1core.datasets import LETTERS, choice_target
from vg1core.errors import DataError
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    Shape,
    Target,
    TextTarget,
)

Row = Mapping[str, Any]
LABELS = {"lines": r"^[ \t]*{}[.):：、．][ \t]*", "brackets": r"\({}\)[ \t]*"}
"""How an option is marked in a question."""


def options_of(row: Row, rule: Rule) -> tuple[str, ...]:
    """Texts of the options, except those that stand in the question; empty for an open question."""
    if rule.letters is not None:
        return tuple(rule.letters.upper())
    if rule.choices is None:
        return ()
    found = fields.listed(row, rule.choices)
    absent = (None, "") if isinstance(rule.choices, list) else (None,)
    while found and found[-1] in absent:  # a table has a column for the most options that a row may have
        found = found[:-1]
    if not all(isinstance(one, str | int | float) for one in found):
        raise DataError("options have to be texts or numbers", field="choices", value=found)
    return tuple(map(str, found))


def split_options(question: str, marks: str) -> tuple[str, tuple[str, ...]]:
    """The question without its options, and the options.

    :param marks: `lines` or `brackets`, see `LABELS`.
    :raises DataError: fewer than two options stand in it.
    """
    found: list[re.Match[str]] = []
    for letter in LETTERS:
        label = re.compile(LABELS[marks].format(f"[{letter}{letter.lower()}]"), re.MULTILINE)
        match = label.search(question, found[-1].end() if found else 0)
        if match is None:
            break
        found.append(match)
    if len(found) < 2:
        like = {"lines": "as lines 'A. cat'", "brackets": "as '(a) cat (b) dog'"}[marks]
        raise DataError(f"the question holds no two options written {like}", field="question", value=question)
    ends = [match.start() for match in found[1:]] + [len(question)]
    texts = (question[match.end() : end].strip() for match, end in zip(found, ends, strict=True))
    return question[: found[0].start()].rstrip(), tuple(texts)


def target_of(row: Row, rule: TargetRule, choices: Sequence[str]) -> Target:
    """What counts as right.

    :raises DataError: the answer is not what its kind needs.
    """
    answer = rule.answer
    match rule.kind:
        case "choice":
            return _choice(row, rule, choices)
        case "text":
            given = [str(one) for one in fields.listed(row, answer, parse=False) if one not in (None, "")]
            also = [str(one) for one in fields.listed(row, rule.aliases, rule.separator)] if rule.aliases else []
            if not given:
                raise DataError("no answer", field=fields.shown(answer), value=given)
            return TextTarget(text=given[0], aliases=tuple(one for one in [*given[1:], *also] if one))
        case "items":
            items = tuple(str(one) for one in fields.listed(row, answer, rule.separator) if one not in (None, ""))
            if not items:
                raise DataError("no items", field=fields.shown(answer), value=[])
            return ItemsTarget(items=items)
        case "number":
            unit = (
                (fields.text(row, rule.unit) if fields.get(row, rule.unit) is not None else None) if rule.unit else None
            )
            value = fields.text(row, answer).strip()
            return NumberTarget(value=value, tolerance=rule.tolerance, decimals=rule.decimals, unit=unit)
        case "math":
            return MathTarget(latex=fields.text(row, answer).strip())
    found, space = fields.get(row, answer), rule.space
    assert space is not None  # the mapping was refused otherwise
    if rule.kind == "boxes":
        return BoxesTarget(boxes=tuple(shapes(found, rule)), space=space)
    if rule.radius is None:
        shape = shapes(found, rule)
        if len(shape) != 1:
            raise DataError(f"one box is expected, not {len(shape)}", field=fields.shown(answer), value=found)
        return ClickTarget(space=space, box=shape[0])
    point = fields.numbers(found, answer)
    if len(point) != 2:
        raise DataError("a point has two numbers", field=fields.shown(answer), value=found)
    return ClickTarget(space=space, point=(point[0], point[1]), radius=rule.radius)


def _choice(row: Row, rule: TargetRule, choices: Sequence[str]) -> ChoiceTarget:
    if not choices:
        raise DataError("the row has no options", field="choices")
    given = fields.listed(row, rule.answer, parse=False)
    if rule.answer_is == "letter":
        text = " ".join(map(str, given))
        if not re.fullmatch(r"[A-Za-z\s,;/&.()\[\]]+", text):
            hint = 'Say answer_is = "text" or "index" where it is no letter'
            raise DataError("a letter or letters are expected", field=fields.shown(rule.answer), value=text, hint=hint)
        return choice_target(choices, letter=text)
    letters = ""
    for one in given:
        if rule.answer_is == "text":
            letters += choice_target(choices, text=str(one)).letters
        else:
            letters += choice_target(choices, index=_whole(one, rule.answer)).letters
    return choice_target(choices, letter=letters)


def _whole(value: Any, name: Value) -> int:
    (number,) = fields.numbers([value], name)
    if not number.is_integer():
        raise DataError("a whole number is expected", field=fields.shown(name), value=value)
    return int(number)


def shapes(found: Any, rule: TargetRule) -> list[Shape]:
    """Boxes or polygons as flat tuples: one, or a list of them."""
    several = isinstance(found, list | tuple) and bool(found) and isinstance(found[0], list | tuple)
    if several and rule.format == "points" and all(len(one) == 2 for one in found):
        found, several = [number for pair in found for number in pair], False
    flat = [_flat(one) for one in (found if several else [found])]
    result = []
    for one in flat:
        shape = fields.numbers(one, rule.answer)
        if len(shape) % 2 or len(shape) < 6 if rule.format == "points" else len(shape) != 4:
            wanted = "x, y of three corners or more" if rule.format == "points" else f"four numbers, {rule.format}"
            raise DataError(f"{wanted} are expected", field=fields.shown(rule.answer), value=one)
        x, y, *rest = shape
        result.append((x, y, x + rest[0], y + rest[1]) if rule.format == "xywh" else shape)
    return result


def _flat(shape: Any) -> Any:
    """`[[x, y], [x, y], …]` as `[x, y, x, y, …]`."""
    nested = isinstance(shape, list | tuple) and all(isinstance(one, list | tuple) for one in shape)
    return [number for pair in shape for number in pair] if nested else shape
