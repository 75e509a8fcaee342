r"""`math`: a mathematical expression equal to the target's, however it is written.

The cheapest comparison that decides is used: the same text once tidied (`_latex`), the same exact number
(`_arithmetic`), item by item for lists, sets, tuples, intervals, unions and matrices, and at last math-verify with
sympy (`_symbolic`). What would take for ever is refused with the status `over_limit`.

Policies: `50\%` equals 50, not 0.5; degree signs and units at the end do not matter; `x = 5` equals 5, but not
`y = 5`; the order of a bare list or of `\{…\}` does not matter, that of `(…)` does; a decimal with at least four
significant digits equals the exact value that rounds to it; words are compared without regard to case.
The answer is the content of the box or answer tag, or the text itself where it is no prose; else what follows "the
answer is", or the last formula in it (between `$` or `\( \)`), or its last number; else the last line where it is
no prose; else the last formula or number of the whole text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, cast

from vg1_plugin_verifiers import _symbolic
from vg1_plugin_verifiers._arithmetic import MAX_LENGTH, TooLarge, exact_value
from vg1_plugin_verifiers._latex import Parts, named, parts, tidy
from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, Score, hookimpl
from vg1core.errors import TargetError, shorten
from vg1core.extraction import Segment, final_segment, last_line, last_number, part, stated
from vg1core.types import MathTarget

MAX_ITEMS = 50
"""Items of a list that are compared one by one."""
MAX_NESTING = 6
MAX_BARE = 400
"""Characters of a text that may be an expression as it stands."""
ENOUGH_DIGITS = 4
"""Significant digits from which a decimal stands for the exact value that rounds to it."""
_FORMULA = re.compile(
    r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,2000})\$|\\\(([^\n]{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]", re.DOTALL
)
_PROSE = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z(])")
_TELLING = re.compile(r"\d|^\*\*|\\(?!end)[a-z]")
_WORD = re.compile(r"[A-Za-z]{4,}[A-Za-z' -]*|[A-Za-z]{2,}(?: [A-Za-z']+)+")
_DECIMAL = re.compile(r"-? ?(\d{0,40})\.(\d{1,40})")


class Verdict(NamedTuple):
    """Whether two expressions are equal, and how that was found."""

    equal: bool
    how: str


class Math(AnswerVerifier):
    """1 where the answer is mathematically equal to the target."""

    name = "math"
    targets = (MathTarget,)

    def warm_up(self) -> None:
        """Load sympy and math-verify."""
        _symbolic.warm_up()

    def check_target(self, sample: Sample) -> None:
        """The target has to be an expression that can be understood, and worked out."""
        super().check_target(sample)
        if problem := _problem(cast("MathTarget", sample.target).latex):
            raise TargetError(problem)

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The expression that the response gives as its answer."""
        segment = math_answer(response.text)
        if segment is None or not segment.text:
            return None
        return Answer(value=segment.text, rule=segment.rule, span=(segment.start, segment.end))

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """Equality, by the cheapest way that decides; raises `TooLarge`."""
        latex = cast("MathTarget", sample.target).latex
        verdict = same(_gold(latex), answer.value)
        relation = "equals" if verdict.equal else "differs from"
        told = f"{shorten(answer.value, 80)} {relation} the target {shorten(latex, 80)} ({verdict.how})"
        return Comparison(float(verdict.equal), told)

    def verify(self, response: Response, sample: Sample) -> Score:
        """Extract, then compare; an answer too large to be worked out is `over_limit`."""
        try:
            return super().verify(response, sample)
        except TooLarge:
            answer = self.extract(response, sample)
            reason = f"{shorten(answer and answer.value, 80)} is too large to be worked out"
            return Score(value=0.0, status="over_limit", answer=answer, reason=reason)


def math_answer(text: str) -> Segment | None:
    """The part of a response that is its mathematical answer."""
    segment = final_segment(text)
    if segment.rule != "text" or _is_expression(segment.text):
        return segment
    inner = stated(segment.text)
    where = part(text, segment.start + inner.start, segment.start + inner.end, inner.rule) if inner else segment
    if inner and _is_expression(where.text):
        return where
    line = last_line(segment.text)
    if not inner and _is_expression(line.text) and _TELLING.search(line.text):
        return part(text, segment.start + line.start, segment.end, line.rule)
    for match in reversed(list(_FORMULA.finditer(where.text))):
        start, end = match.span(match.lastindex or 0)
        if end - start > 1 or not where.text[start].isalpha():  # "$n$ is the largest …" is no answer
            return part(text, where.start + start, where.start + end, "last formula")
    last = last_number(where.text) or last_number(segment.text)
    return part(text, where.start + last.start, where.start + last.end, "last number") if last else None


def _is_expression(text: str) -> bool:
    """Whether a text is one expression, or a word or two, rather than prose."""
    if not 0 < len(text) <= MAX_BARE or "\n" in text:
        return False
    around = _FORMULA.sub(" ", text)
    words = [word for word in _PROSE.findall(around) if word not in ("and", "or")]
    return len(words) < (3 if around == text else 1)


def _gold(latex: str) -> str:
    r"""A target without the `\boxed{}` or `$` that some sources leave around it."""
    segment = final_segment(latex)
    return segment.text if segment.rule == "boxed" else latex


@lru_cache(maxsize=4096)
def _problem(latex: str) -> str:
    """What is wrong with a target; empty where nothing is."""
    if not latex.strip():
        return "the target is empty"
    text = tidy(_gold(latex))
    try:
        return "" if _understood(text, 0) else f"the target {shorten(latex)} is no expression that can be parsed"
    except TooLarge:
        return f"the target {shorten(latex)} is too large to be worked out"


def _understood(text: str, nesting: int) -> bool:
    text = named(text).value
    if not text or len(text) > MAX_LENGTH or nesting > MAX_NESTING:
        return False
    if _WORD.fullmatch(text) or exact_value(text) is not None:
        return True
    if pieces := parts(text):
        return all(_understood(item, nesting + 1) for item in pieces.items) or _symbolic.expression(text) is not None
    return ":" in text or _symbolic.expression(text) is not None


def same(gold: str, given: str) -> Verdict:
    """Whether two expressions are equal.

    :raises TooLarge: the comparison would take too long.
    """
    if len(given) > MAX_LENGTH:
        return Verdict(gold.strip() == given.strip(), "compared as text, too long for an expression")
    return _same(tidy(gold), tidy(given), 0)


def _same(gold: str, given: str, nesting: int) -> Verdict:
    if gold.replace(" ", "") == given.replace(" ", ""):
        return Verdict(True, "the same text")
    if not given or nesting > MAX_NESTING:
        return Verdict(False, "different texts")
    left, right = named(gold), named(given)
    if left.name and right.name and left.name != right.name:
        return Verdict(False, f"about {right.name} instead of {left.name}")
    if (left.name or right.name) and (left.value, right.value) != (gold, given):
        verdict = _same(left.value, right.value, nesting + 1)
        if verdict.equal or (left.name and right.name):
            return verdict
    if _WORD.fullmatch(gold) or _WORD.fullmatch(given):
        equal = gold.casefold() == given.casefold()
        return Verdict(equal, "compared as words")
    a, b = exact_value(gold), exact_value(given)
    if a is not None and b is not None:
        return Verdict(a == b or _rounds(gold, given, a, b), "compared as exact numbers")
    pieces, others = parts(gold), parts(given)
    if pieces and others:
        return _same_parts(pieces, others, nesting)
    if ":" in gold or ":" in given:
        return _same_ratio(gold, given, nesting)
    return _same_symbols(gold, given)


def _same_parts(gold: Parts, given: Parts, nesting: int) -> Verdict:
    """Item by item: in order for tuples, intervals and matrices, in any order for sets, unions and bare lists."""
    bare = "" in (gold.kind, given.kind)
    fitting = gold.kind == given.kind or (bare and {gold.kind, given.kind} <= {"", "()", "⦃⦄"})
    if not fitting:
        return Verdict(False, "different brackets")
    if len(gold.items) != len(given.items):
        return Verdict(False, f"{len(given.items)} items instead of {len(gold.items)}")
    if len(gold.items) > MAX_ITEMS:
        return Verdict(gold.items == given.items, "compared as text, too many items")
    ordered = "()" in (gold.kind, given.kind) or gold.kind not in ("", "⦃⦄", "∪")
    names = {named(item).name for item in gold.items}
    ordered = ordered or (len(names) > 1 and not all(named(item).name for item in given.items))
    left = list(given.items)
    for n, item in enumerate(gold.items):
        candidates = [left[n]] if ordered else left
        match = next((one for one in candidates if _same(item, one, nesting + 1).equal), None)
        if match is None:
            return Verdict(False, f"item {shorten(item, 40)} is not met")
        if not ordered:
            left.remove(match)
    return Verdict(True, "compared item by item")


def _same_ratio(gold: str, given: str, nesting: int) -> Verdict:
    a, b = gold.split(":"), given.split(":")
    equal = len(a) == len(b) and all(_same(x.strip(), y.strip(), nesting + 1).equal for x, y in zip(a, b, strict=True))
    return Verdict(equal, "compared as ratios or times")


def _same_symbols(gold: str, given: str) -> Verdict:
    for decimal, exact in ((gold, given), (given, gold)):
        value = _symbolic.constant(exact) if _DECIMAL.fullmatch(decimal) else None
        if value is not None and value.imag == 0:
            a, b = Fraction(decimal.replace(" ", "")), Fraction(value.real)
            return Verdict(_rounds(decimal, exact, a, b), "compared as a decimal with an exact value")
    equal = _symbolic.equal(gold, given)
    if equal is None:
        return Verdict(False, "not understood as an expression")
    return Verdict(equal, "compared by sympy")


def _rounds(first: str, second: str, a: Fraction, b: Fraction) -> bool:
    """Whether one is a decimal with enough digits to which the other, which has more or is no decimal, rounds."""
    for text, value, exact in ((first, a, b), (second, b, a)):
        match = _DECIMAL.fullmatch(text)
        if match and len((match[1] + match[2]).lstrip("0")) >= ENOUGH_DIGITS:
            other = _DECIMAL.fullmatch(second if text is first else first)
            if not (other and len(other[2]) <= len(match[2])):
                return abs(value - exact) <= Fraction(1, 2 * 10 ** len(match[2]))
    return False


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Math)
