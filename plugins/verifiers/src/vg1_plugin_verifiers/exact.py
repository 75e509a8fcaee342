"""`exact`: a short text, equal but for what does not matter (`_text.normal`).

The answer is what a box or an answer tag holds; without them what follows the last "the answer is", else the last
line; of a last line that quotes one text (`The sign says "Stop".`), that text unless the line is the target itself.
Where the target is yes or no (or true or false), a line that begins with such a word counts as it, so that "Yes, the
bar is red." is yes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import cast

from vg1_plugin_verifiers._text import normal, truth
from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError, shorten
from vg1core.extraction import Segment, final_segment, last_line, part, stated
from vg1core.types import TextTarget
from vg1core.verifiers import note

_TRUTH_WORD = re.compile(
    r"[\W_]{0,5}(yes|no|true|false|是|否|不是|对|错)(?![A-Za-z])"
    r"(?!\W{0,3}(?:and|or)?\W{0,3}(?:yes|no|true|false)\b)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|neither|no)\b|n['’]t\b", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:is|are|was)\s(true|false)[\W_]{0,5}$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{1,200})[\"”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactOptions:
    """Options of `exact`."""

    case_sensitive: bool = False


class Exact(AnswerVerifier):
    """1 where the answer equals the target's text or one of its aliases, without regard to case and punctuation."""

    name = "exact"
    targets = (TextTarget,)
    Options = ExactOptions

    def check_target(self, sample: Sample) -> None:
        """The target has to hold a text."""
        super().check_target(sample)
        if not cast("TextTarget", sample.target).text.strip():
            raise TargetError("the target text is empty")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The text that the response gives as its answer."""
        target = cast("TextTarget", sample.target)
        segment = text_answer(response.text)
        if truth(normal(target.text)) is not None:
            segment = _truth_answer(response.text, segment)
        elif segment.rule == "last line" and (quoted := _quoted(response.text, segment)):
            note(f"the last line quotes one text: {shorten(quoted.text, 120)}")
            whole, _ = equal_text(segment.text, target, case_sensitive=self.options.case_sensitive)
            segment = segment if whole else quoted
        if not segment.text:
            return None
        note(f"read the {segment.rule}: {shorten(segment.text, 120)}")
        return Answer(value=segment.text, rule=segment.rule, span=(segment.start, segment.end))

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """Equality with the text or an alias."""
        target = cast("TextTarget", sample.target)
        return Comparison(*equal_text(answer.value, target, case_sensitive=self.options.case_sensitive))


def text_answer(text: str) -> Segment:
    """The part of a response that is its answer where a short text is asked for."""
    segment = final_segment(text)
    if segment.rule != "text":
        return segment
    inner = stated(segment.text) or last_line(segment.text)
    return part(text, segment.start + inner.start, segment.start + inner.end, inner.rule)


def equal_text(answer: str, target: TextTarget, *, case_sensitive: bool = False) -> tuple[float, str]:
    """1.0 or 0.0, and why."""
    given = normal(answer, case_sensitive=case_sensitive)
    note(f"without what does not matter the answer is {shorten(given, 120)}")
    for text in (target.text, *target.aliases):
        expected = normal(text, case_sensitive=case_sensitive)
        note(f"and the target {shorten(expected, 120)}")
        if given == expected:
            return 1.0, f"{shorten(answer, 60)} equals the target {shorten(text, 60)}"
        if truth(expected) is not None and truth(expected) == truth(given):
            return 1.0, f"{shorten(answer, 60)} means the same as the target {shorten(text, 60)}"
    others = f" and its {len(target.aliases)} aliases" if target.aliases else ""
    return 0.0, f"{shorten(answer, 60)} differs from the target {shorten(target.text, 60)}{others}"


def _quoted(text: str, segment: Segment) -> Segment | None:
    """The text in quotation marks, where the segment is a sentence that quotes exactly one."""
    found = list(islice(_QUOTED.finditer(text, segment.start, segment.end), 2))
    if len(found) != 1 or not any(map(str.isalnum, text[segment.start : found[0].start()])):
        return None
    return part(text, *found[0].span(1), "quoted text")


def _truth_answer(text: str, segment: Segment) -> Segment:
    """The yes or no that opens the answer or the whole response, else the "is true" that ends the answer."""
    if truth(normal(segment.text)) is not None:
        return segment
    whole = final_segment(text)
    for piece in (segment, whole):
        if match := _TRUTH_WORD.match(text, piece.start, piece.end):
            return Segment(match[1], *match.span(1), f"{piece.rule}, first word")
    called = _CALLED.search(segment.text)
    if called and not _NEGATED.search(segment.text):
        return part(text, segment.start + called.start(1), segment.start + called.end(1), f"{segment.rule}, last word")
    return segment


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Exact)
