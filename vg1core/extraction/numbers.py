r"""Numbers as people and models write them: 1,200 · −3.5 · 3/4 · 2 1/2 · 1.2e5 · 3×10^5 · 12% · $5 · \frac{3}{4}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vg1core.extraction.segments import SEARCH_LIMIT, Found

_NUMBER = re.compile(
    r"""(?<![\w.^])(?<!\^\{)
    (?P<sign>[-+−–]\s?)?  (?P<currency>\\?[$€£¥₹]\s?(?P<sign2>[-−])?)?
    (?: \\[dtc]?frac\s?\{(?P<n1>-?\d{1,50})\}\s?\{(?P<d1>\d{1,50})\}
      | (?: (?P<whole>\d{1,30})\s{1,2} )? (?P<n2>\d{1,50})\s?/\s?(?P<d2>\d{1,50})(?![\d/])
      | (?P<digits>\d{1,3}(?:,\d{3}){1,15}(?!\d)|\d{1,300}|(?=\.\d)) (?P<decimals>\.\d{1,300})?
        (?: [eE](?P<e1>[-+−]?\d{1,3})(?!\w) | \s?(?:×|\\times|x|\*)\s?10\s?\^\s?\{?(?P<e2>[-+−]?\d{1,3})\}? )?
    ) (?P<percent>\s?(?:\\?%|％|(?:percent|pct)\b))?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written."""

    value: Fraction
    """What stands before a percent sign, where there is one."""
    percent: bool = False
    decimals: int = 0
    """Digits after the decimal point."""


def numbers(text: str) -> Iterator[Found[Number]]:
    """All numbers of a text, in order."""
    for match in _NUMBER.finditer(text, max(0, len(text) - SEARCH_LIMIT)):
        if (number := _number(match)) is not None:
            yield Found(number, match.start(), match.end(), "number")


def last_number(text: str) -> Found[Number] | None:
    """The last number of a text."""
    return max(numbers(text), key=lambda found: found.start, default=None)


def whole_number(text: str) -> Number | None:
    """The number that a text consists of, or None."""
    text = text.strip().rstrip(".")
    match = _NUMBER.fullmatch(text)
    return _number(match) if match else None


def _number(match: re.Match[str]) -> Number | None:
    group = match.groupdict()
    decimals = group["decimals"] or ""
    top = group["n1"] or group["n2"]
    if top:
        bottom = int(group["d1"] or group["d2"])
        if bottom == 0:
            return None
        value = int(group["whole"] or 0) + Fraction(int(top), bottom)
    else:
        value = Fraction((group["digits"].replace(",", "") or "0") + decimals)
        if exponent := group["e1"] or group["e2"]:
            value *= Fraction(10) ** int(exponent.replace("−", "-"))
    negative = (group["sign"] or "+")[0] in "-−–" or group["sign2"] is not None
    return Number(-value if negative else value, group["percent"] is not None, max(0, len(decimals) - 1))
