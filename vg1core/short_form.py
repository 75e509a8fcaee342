"""Targets and responses as people write them on one line of JSON or in one column of a table.

A target in short form is a letter, letters or the text of an option (choice), a text or a number (exact, numeric,
math), a list (aliases of a text, or items), `{"box": [x1, y1, x2, y2], "space": "pixel"}` (click),
`{"boxes": [[…]], "space": "pixel"}` (iou), or an object with its `kind`. What it becomes depends on the kinds that
the verifier takes (`Verifier.targets`): the first of them that the value fits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from vg1core.errors import DataError, nearest
from vg1core.io import decode_target
from vg1core.plugins import PluginHost
from vg1core.types import (
    TARGET_KINDS,
    ChoiceTarget,
    ItemsTarget,
    MathTarget,
    Message,
    NumberTarget,
    Response,
    Sample,
    Size,
    Target,
    Text,
    TextTarget,
    field_names,
)

RELAXED = 0.05
"""Tolerance of a bare number: relaxed accuracy, as ChartQA has it. `{"value": "100", "tolerance": 0}` wants the very
number, as does the option `tolerance` of `numeric`."""
FIELDS = (
    "id", "verifier", "target", "response", "choices", "question", "sent_sizes", "image_sizes", "options", "token_ids",
)  # fmt: skip
"""What a line may hold; others are left alone, unless one is a misspelling of these."""

_LETTERS = re.compile(r"[A-Z]{1,26}|[A-Za-z](?:, ?[A-Za-z]){0,25}")


def sample_from(line: Mapping[str, Any], *, host: PluginHost | None = None) -> tuple[Sample, Response, dict[str, Any]]:
    """The sample, the response and the verifier's options of one line.

    :param line: `{"id", "verifier", "target", "response"}` and, where needed, `choices` (a list, or letter → text),
        `question`, `sent_sizes` and `image_sizes` (`[[width, height], …]`), `options`, `token_ids` of the response.
    :param host: where verifiers are looked up; those installed by default.
    :raises DataError: naming the field that is missing, misspelt or not what it has to be.
    :raises PluginError: the verifier cannot be used.
    """
    _refuse_misspelt(line)
    identity, verifier = _text(line, "id"), _text(line, "verifier")
    choices = choices_from(line.get("choices"))
    question = _text(line, "question", default="")
    if "target" not in line:
        raise DataError("it is missing", field="target", hint="What counts as right, in short form or with its kind")
    sample = Sample(
        id=identity,
        dimension="",
        messages=(Message(role="user", parts=(Text(text=question),)),) if question else (),
        target=target_from(verifier, line["target"], choices=choices, host=host),
        verifier=verifier,
        choices=choices,
    )
    response = Response(
        text=_text(line, "response"),
        token_ids=_token_ids(line.get("token_ids")),
        image_sizes=sizes_from(line.get("image_sizes"), "image_sizes"),
        sent_sizes=sizes_from(line.get("sent_sizes"), "sent_sizes"),
    )
    return sample, response, options_from(line.get("options"))


def target_from(verifier: str, value: Any, *, choices: Sequence[str] = (), host: PluginHost | None = None) -> Target:
    """A target from its short form.

    A text that is a JSON object or a list of texts is read as one, since a column of a table holds one type.

    :param value: any of the forms above; a `Target` is handed back.
    :param verifier: name of the verifier that is to judge; loaded to see the kinds it takes.
    :param choices: the options, which tell a letter from a text where the verifier takes both.
    :raises DataError: no kind of target that the verifier takes can be written like this.
    :raises PluginError: the verifier cannot be used.
    """
    if isinstance(value, Target):
        return value
    kinds = (host or installed_host()).get("verifier", verifier).targets
    if isinstance(value, str) and value.startswith(('{"', '["')):
        value = _parsed(value)
    if isinstance(value, Mapping):
        return _from_object(verifier, value, tuple(TARGET_KINDS.values()) if Target in kinds else kinds)
    if Target in kinds:  # a letter is one only beside options, and only a number is a number
        letter, number = (ChoiceTarget,) if choices else (), () if isinstance(value, str) else (NumberTarget,)
        kinds = (*letter, *number, TextTarget)
    found = None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        found = _from_scalar(value, kinds, choices)
    elif isinstance(value, Sequence) and value and all(isinstance(item, str) for item in value):
        found = _from_list(value, kinds)
    if found is None:
        raise DataError(
            f"verifier '{verifier}' takes targets of kind {_names(kinds)}, and this is none of them in short form",
            field="target", value=value, hint='An object with its "kind" and fields always says what is meant',
        )  # fmt: skip
    return found


def choices_from(value: Any) -> tuple[str, ...]:
    """Option texts in order, from a list or from letter → text. None and empty mean an open question.

    :raises DataError: they are no texts, or the letters are not A, B, C … without a gap.
    """
    if isinstance(value, Mapping):
        given = {letter: text for letter, text in value.items() if text is not None}
        letters = [chr(ord("A") + n) for n in range(len(given))]
        if sorted(given) != letters:
            raise DataError("letters from A without a gap are expected", field="choices", value=value)
        value = [given[letter] for letter in letters]
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(text, str) for text in value):
        raise DataError("a list of option texts is expected, or letter → text", field="choices", value=value)
    return tuple(value)


def sizes_from(value: Any, field: str) -> tuple[Size, ...]:
    """Sizes of pictures from `[[width, height], …]`; None means they are not known.

    :raises DataError: they are no pairs of positive whole numbers.
    """
    if value is None:
        return ()
    try:
        sizes = tuple((width, height) for width, height in value)
    except (TypeError, ValueError):
        sizes = ((0, 0),)
    if not all(type(side) is int and side > 0 for size in sizes for side in size):
        raise DataError("sizes are written [[width, height], …] in whole pixels", field=field, value=value)
    return sizes


def options_from(value: Any) -> dict[str, Any]:
    """A verifier's options, as an object or as JSON; what is None counts as not given, as tables write it.

    :raises DataError: they are no object.
    """
    if value is None:
        return {}
    if isinstance(value, str):
        value = _parsed(value)
    if not isinstance(value, Mapping):
        raise DataError('an object is expected, such as {"coordinate_space": "pixel"}', field="options", value=value)
    return {name: option for name, option in value.items() if option is not None}


@cache
def installed_host() -> PluginHost:
    """The host of what is installed here, made once."""
    return PluginHost()


def _from_object(verifier: str, value: Mapping[Any, Any], kinds: tuple[type[Target], ...]) -> Target:
    plain = {key: part for key, part in value.items() if part is not None}
    if "kind" not in plain:
        fitting = [cls.kind for cls in kinds if plain and plain.keys() <= set(field_names(cls))]
        if not fitting:
            known = "; ".join(f"{cls.kind}: {', '.join(field_names(cls))}" for cls in kinds)
            problem = f"no kind of target that verifier '{verifier}' takes has these fields"
            raise DataError(problem, field="target", value=value, hint=f"The fields are: {known}")
        plain["kind"] = fitting[0]
    try:
        return decode_target(plain)
    except ValueError as error:  # pydantic's ValidationError is one
        raise DataError(_problem(error), field="target", value=value) from error


def _problem(error: ValueError) -> str:
    """The first thing pydantic says, with the place of it, or the text of our own error."""
    if (errors := getattr(error, "errors", None)) is None:
        return str(error)
    first = errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")


def _from_scalar(value: str | float, kinds: Sequence[type[Target]], choices: Sequence[str]) -> Target | None:
    """A letter, a text or a number."""
    text = value if isinstance(value, str) else _written_out(value)
    if not text.strip():
        return None
    for kind in kinds:
        if kind is ChoiceTarget and isinstance(value, str) and (letters := _letters(value.strip(), choices)):
            return ChoiceTarget(letters=letters)
        if kind is NumberTarget:
            return NumberTarget(value=text, tolerance=RELAXED)
        if kind is MathTarget:
            return MathTarget(latex=text)
        if kind is TextTarget:
            return TextTarget(text=text)
    return None


def _letters(text: str, choices: Sequence[str]) -> str:
    """The options' letters in order, from letters or from the text of one option; empty where it is neither."""
    if _LETTERS.fullmatch(text):
        letters = sorted({c for c in text.upper() if c.isalpha()})
        if not choices or ord(letters[-1]) - ord("A") < len(choices):
            return "".join(letters)
    named = [n for n, choice in enumerate(choices) if choice.strip() == text]
    return chr(ord("A") + named[0]) if named else ""  # equal options are one: the first stands for all


def _from_list(value: Sequence[str], kinds: Sequence[type[Target]]) -> Target | None:
    for kind in kinds:
        if kind is ItemsTarget:
            return ItemsTarget(items=tuple(value))
        if kind is TextTarget:
            return TextTarget(text=value[0], aliases=tuple(value[1:]))
    return None


def _written_out(number: float) -> str:
    """Digits without an exponent, which a reader of LaTeX would take for Euler's number; empty for NaN and inf."""
    return f"{Decimal(repr(number)):f}" if math.isfinite(number) else ""


def _parsed(text: str) -> Any:
    """The JSON value in a text, or the text itself where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _token_ids(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(type(token) is int for token in value):
        raise DataError("a list of whole numbers is expected", field="token_ids", value=value)
    return tuple(value)


def _names(kinds: Sequence[type[Target]]) -> str:
    return ", ".join(cls.kind for cls in kinds)


def _text(line: Mapping[str, Any], field: str, default: str | None = None) -> str:
    value = line.get(field, default)
    if value is None and field not in line:
        raise DataError("it is missing", field=field, hint=f"A line holds {', '.join(FIELDS[:4])} at least")
    if not isinstance(value, str):
        raise DataError("a text is expected", field=field, value=value)
    return value


def _refuse_misspelt(line: Mapping[str, Any]) -> None:
    for name in line:
        if name not in FIELDS and (meant := _meant(name)) and meant not in line:
            raise DataError(f"unknown field; did you mean '{meant}'?", field=str(name))


@lru_cache(maxsize=1024)
def _meant(name: Any) -> str | None:
    return nearest(name, FIELDS) if isinstance(name, str) else None
