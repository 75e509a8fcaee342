"""`numeric`: a number, within the target's tolerance. With 5 % this is ChartQA's relaxed accuracy.

Rule after google-research/pix2struct, pix2struct/metrics.py, `relaxed_correctness`, with these departures:
thousands separators, currency signs, units, fractions and powers of ten are read; a target of 0 is met by any way
to write 0; percent signs follow the option `percent`; bounds are exact (0.63 is within 5 % of 0.6).

The number is taken from the box or answer tag, which must hold one number only (after its last "=" or "≈"), so
that listing candidates earns nothing; without them from what follows "the answer is", else the last number of
the text. A target that is no number is compared as text, without regard to case (`exact`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Literal, TypeAlias, cast

from vg1_plugin_verifiers.exact import equal_text, text_answer
from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError, shorten
from vg1core.extraction import Number, Segment, final_segment, last_number, numbers, part, stated, whole_number
from vg1core.types import NumberTarget, TextTarget

Numeral: TypeAlias = NumberTarget | TextTarget

_EQUALS = re.compile(r"=|≈|\\approx")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericOptions:
    """Options of `numeric`."""

    percent: Literal["strip", "fraction", "exact"] = "strip"
    """`strip`: 25% equals 25 and not 0.25; `fraction`: 25% equals 0.25 and not 25 (ChartQA's code); `exact`: 25%
    equals 25% alone."""


class Numeric(AnswerVerifier):
    """1 where the number lies within the target's tolerance; other targets are compared as text."""

    name = "numeric"
    targets = (NumberTarget, TextTarget)
    Options = NumericOptions

    def check_target(self, sample: Sample) -> None:
        """The target has to hold something, and its tolerance has to be a share."""
        super().check_target(sample)
        target = cast("Numeral", sample.target)
        if not _written(target).strip():
            raise TargetError("the target is empty")
        if isinstance(target, NumberTarget) and not 0 <= target.tolerance < 1:
            raise TargetError(f"the target's tolerance has to be a share from 0 to 1, not {target.tolerance}")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The number where the target is one, else the text."""
        target = cast("Numeral", sample.target)
        if _target_number(target) is None:
            segment: Segment | None = text_answer(response.text)
        else:
            segment = number_answer(response.text)
        if segment is None or not segment.text:
            return None
        return Answer(value=segment.text, rule=segment.rule, span=(segment.start, segment.end))

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """Numbers within the tolerance, texts by equality."""
        target = cast("Numeral", sample.target)
        gold, given = _target_number(target), whole_number(answer.value)
        if gold is None or not isinstance(target, NumberTarget):
            text = target if isinstance(target, TextTarget) else TextTarget(text=target.value)
            return Comparison(*equal_text(answer.value, text))
        if given is None:
            return Comparison(0.0, f"{shorten(answer.value, 60)} is no number; the target is {target.value}")
        a, b = self._value(given), self._value(gold)
        if self.options.percent == "exact" and given.percent != gold.percent:
            return Comparison(0.0, f"{answer.value} and the target {target.value} differ in their percent sign")
        return Comparison(*_near(a, b, target, answer.value))

    def _value(self, number: Number) -> Fraction:
        return number.value / 100 if number.percent and self.options.percent == "fraction" else number.value


def number_answer(text: str) -> Segment | None:
    """The part of a response that is its number."""
    segment = final_segment(text)
    if segment.rule != "text":
        shift = segment.start + _result(segment.text)
        found = list(islice(numbers(text[shift : segment.end]), 2))
        return part(text, shift + found[0].start, shift + found[0].end, segment.rule) if len(found) == 1 else segment
    if inner := stated(segment.text):
        shift = segment.start + inner.start + _result(inner.text)
        if first := next(numbers(text[shift : segment.start + inner.end]), None):
            return part(text, shift + first.start, shift + first.end, inner.rule)
    last = last_number(segment.text)
    return part(text, segment.start + last.start, segment.start + last.end, "last number") if last else None


def _result(text: str) -> int:
    """Where the result starts: after the last "=" or "≈", else at 0."""
    return max((match.end() for match in _EQUALS.finditer(text)), default=0)


def _near(a: Fraction, b: Fraction, target: NumberTarget, written: str) -> tuple[float, str]:
    if target.decimals is not None:
        half = Fraction(1, 2 * 10**target.decimals)
        right = abs(a - b) <= half
        return float(right), f"{written} {'rounds' if right else 'does not round'} to the target {target.value}"
    if target.tolerance and b:
        off = abs(a - b) / abs(b)
        right = off <= Fraction(str(target.tolerance))
        relation = "within" if right else "not within"
        return float(right), f"{written} is {relation} {target.tolerance:.3g} of the target {target.value}"
    return float(a == b), f"{written} {'equals' if a == b else 'differs from'} the target {target.value}"


def _written(target: Numeral) -> str:
    return target.value if isinstance(target, NumberTarget) else target.text


def _target_number(target: Numeral) -> Number | None:
    if isinstance(target, TextTarget):
        return None
    value = target.value.strip().strip("$").strip()
    if target.unit and value.endswith(target.unit):
        value = value[: -len(target.unit)]
    return whole_number(value)


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Numeric)
