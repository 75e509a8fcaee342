"""Values out of a row, as a mapping names them.

"answer"                  the field
"meta.title"              a field inside a field; "answers.0" an item of a list, "answers.*.text" one of each item
"{title}: {question}"     a template over fields
["x", "y"]                several fields as a list
{ constant = "yes" }      the same value for every row
"hint?", "{hint?}"        a field that rows may lack
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from vg1core.datasets import LETTERS
from vg1core.errors import DataError

TEMPLATE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
MAX_JSON = 1_000_000
"""Longest text that is read as a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A value that is the same for every row."""

    constant: Any
    __pydantic_config__: ClassVar = {"extra": "forbid"}


Value: TypeAlias = str | list[str] | Constant
"""What a mapping may write where a value of the row is meant."""


def names(value: Value | None) -> Iterator[str]:
    """The fields a value reads."""
    if isinstance(value, list):
        for one in value:
            yield from names(one)
    elif isinstance(value, str):
        yield from (match[1] for match in TEMPLATE.finditer(value) if match[1]) if "{" in value else (value,)


def lookup(row: Mapping[str, Any], name: str) -> Any:
    """One field; None for an optional one (`name?`) that is not there.

    :raises KeyError: it is not there.
    """
    path = name.removesuffix("?")
    if path in row:
        return row[path]
    try:
        return _walk(row, path.split("."), path)
    except KeyError:
        if name.endswith("?"):
            return None
        raise


def _walk(value: Any, parts: list[str], path: str) -> Any:
    for n, part in enumerate(parts):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part == "*":
            return [_walk(item, parts[n + 1 :], path) for item in value]
        elif isinstance(value, list) and part.isdecimal() and len(part) < 7 and int(part) < len(value):
            value = value[int(part)]
        else:
            raise KeyError(path)
    return value


def get(row: Mapping[str, Any], value: Value) -> Any:
    """The value for one row.

    :raises KeyError: a field is not there.
    :raises DataError: a field that is not optional is null.
    """
    if isinstance(value, Constant):
        return value.constant
    if isinstance(value, list):
        return [get(row, one) for one in value]
    if "{" in value:
        return TEMPLATE.sub(lambda match: _filled(row, match), value)
    found = lookup(row, value)
    if found is None and not value.endswith("?"):
        raise DataError("the field is empty", field=value, hint=f"Write '{value}?' if rows may lack it")
    return found


def _filled(row: Mapping[str, Any], match: re.Match[str]) -> str:
    name = match[1]
    if name is None:  # a doubled brace stands for itself
        return match[0][0]
    return "" if lookup(row, name) is None and name.endswith("?") else text(row, name)


def text(row: Mapping[str, Any], value: Value) -> str:
    """A value that has to be a text or a number, as text."""
    found = get(row, value)
    if isinstance(found, str | int | float):
        return str(found)
    raise DataError("a text or a number is expected", field=shown(value), value=found)


def listed(row: Mapping[str, Any], value: Value, separator: str | None = None, *, parse: bool = True) -> list[Any]:
    """A value as a list: a list, an object letter → text, or the value alone.

    :param separator: what a text is split at.
    :param parse: whether a text may hold a JSON list, as cells of a CSV file do.
    """
    found = get(row, value)
    if parse and isinstance(found, str) and found.lstrip().startswith("["):
        found = _json(found, value)
    if isinstance(found, str) and separator:
        return [part.strip() for part in found.split(separator)]
    if isinstance(found, Mapping):
        keys = sorted(found)
        if [str(key).upper() for key in keys] != list(LETTERS[: len(keys)]):
            raise DataError("an object with the keys A, B, C … is expected", field=shown(value), value=found)
        return [found[key] for key in keys]
    return found if isinstance(found, list) else [] if found is None else [found]


def numbers(found: Any, name: Value) -> tuple[float, ...]:
    """Numbers from a list of numbers or of texts, or from one text such as `10, 20, 30, 40`."""
    if isinstance(found, str):
        found = found.strip("[]() ").replace(",", " ").split()
    try:
        result = tuple(float(one) for one in found)
    except (TypeError, ValueError) as error:
        raise DataError("numbers are expected", field=shown(name), value=found) from error
    if not all(map(math.isfinite, result)):
        raise DataError("finite numbers are expected", field=shown(name), value=found)
    return result


def plain(value: Any) -> Any:
    """A value as metadata: JSON values as they are, anything else (a date, a decimal) as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _json(found: str, value: Value) -> Any:
    try:
        if len(found) > MAX_JSON:
            raise ValueError(f"longer than {MAX_JSON:,} characters")
        return json.loads(found)
    except (ValueError, RecursionError) as error:
        raise DataError(f"a JSON list is expected: {error}", field=shown(value), value=found) from error


def shown(value: Value) -> str:
    """The fields of a value, for messages."""
    return ", ".join(names(value)) or "constant"
