r"""`set`: several short texts whose order does not matter, judged by F1 over the items.

F1 is 2 · hits / (items given + items wanted), so that listing everything that comes to mind costs precision. Two
items are equal as in `exact`: but for case, punctuation, articles and Unicode forms, yes as true; numbers by value.
An item that comes twice counts once, unless the option `multiset` is set.

Read are JSON and Python lists, `\{…\}`, bulleted and numbered lines, and items between semicolons, "||", commas, "and",
"or", 、 ； ， 和. Where the answer has lines, a line is an item; else where it has semicolons, what stands between
them. Pieces that together are an item of the target ("Washington, D.C.", "salt and pepper") are one. A comma between
digits is read as that of thousands and as one between items; the better reading counts.

The answer is what a box or an answer tag holds, else a JSON list or bulleted lines at the end, else what "the answer
is" states, else the last line. A text target is one item, and its aliases are other names of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vg1_plugin_verifiers._text import normal, truth
from vg1_plugin_verifiers.exact import text_answer
from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError, shorten
from vg1core.extraction import Segment, final_segment, part, whole_number
from vg1core.types import ItemsTarget, TextTarget
from vg1core.verifiers import note

Key: TypeAlias = tuple[str, object]
"""What two equal items have in common."""

MOST = 2_000
"""Pieces of an answer up to which items that hold separators are put together again."""
_BULLET = re.compile(r"[ \t]{0,20}(?:[-*•·–+]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]{1,10}(?=\S)")
_JSON = re.compile(r"(?:\A|\n)[ \t]{0,20}(?P<list>\[[^\[\]]{0,20000}\])[ \t]{0,5}\n?(?:```)?\s{0,20}\Z")
_WORDS = r"[,，、]?\s(?:and|or)\s|(?<=[\u4e00-\u9fff])[和及](?=[\u4e00-\u9fff])|\\\\|\s&\s"
_COMMAS = re.compile(rf"{_WORDS}|[,，、]", re.IGNORECASE)
_NO_THOUSANDS = re.compile(rf"{_WORDS}|[，、]|,(?!\d{{3}}(?!\d))|(?<!\d),", re.IGNORECASE)
_SEMICOLONS = re.compile(r"[;；]|\|\|")
_WRAPPED = re.compile(r"\\(?:text|mathrm|textbf|mathbf|textit)\s?\{([^{}]{0,2000})\}")
_PAIRS = {"[": "]", "(": ")", "{": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOptions:
    """Options of `set`."""

    multiset: bool = False
    """Whether an item that comes twice counts twice."""
    threshold: float | None = None
    """With it, an F1 of at least this much is 1 and less is 0."""


class Set(AnswerVerifier):
    """F1 over the items of the answer and of the target, in any order."""

    name = "set"
    targets = (ItemsTarget, TextTarget)
    Options = SetOptions

    def check_target(self, sample: Sample) -> None:
        """The target has to hold items, none of them empty."""
        super().check_target(sample)
        items = _wanted(sample)
        if not items:
            raise TargetError("the target holds no item")
        for item in items:
            if not item.strip():
                raise TargetError(f"an item of the target is empty: {shorten(list(items))}")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The text that lists the items."""
        segment = _list_answer(response.text)
        if not segment.text:
            return None
        return Answer(value=segment.text, rule=segment.rule, span=(segment.start, segment.end))

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """F1 of the better reading; 1 or 0 where a threshold is set."""
        items, aliases = _wanted(sample), sample.target.aliases if isinstance(sample.target, TextTarget) else ()
        names = {key_of(alias): key_of(items[0]) for alias in aliases}
        wanted = self._counted(map(key_of, items))
        best, given = -1.0, wanted
        for pieces in readings(answer.value):
            keys = _joined([key_of(piece) for piece in pieces], (*items, *aliases))
            found = self._counted(names.get(key, key) for key in keys)
            value = f1(found, wanted)
            note(f"read as {found.total()} items, {(found & wanted).total()} of them wanted: F1 {value:.3f}")
            if value > best:
                best, given = value, found
        reason = _reason(best, given, wanted)
        if self.options.threshold is None:
            return Comparison(best, reason)
        return Comparison(float(best >= self.options.threshold), f"{reason}, threshold {self.options.threshold:g}")

    def _counted(self, keys: Iterable[Key]) -> Counter[Key]:
        return Counter(keys) if self.options.multiset else Counter(set(keys))


def f1(given: Counter[Key], wanted: Counter[Key]) -> float:
    """Twice the hits over the items of both; exactly 1 where they are the same."""
    total = given.total() + wanted.total()
    return 2 * (given & wanted).total() / total if total else 0.0


def key_of(item: str) -> Key:
    """The same for two items that are equal."""
    text = normal(item)
    if number := whole_number(text):
        return "percent" if number.percent else "number", number.value
    says = truth(text)
    return ("text", text) if says is None else ("truth", says)


def readings(text: str) -> Iterator[list[str]]:
    """Ways to take a list apart; one where it is plain, two where commas may belong to numbers."""
    text = text.strip()
    if text.startswith("[") and (found := _from_json(text)) is not None:
        yield found
        return
    text = _unwrapped(_WRAPPED.sub(r"\1", text.replace("\\{", "{").replace("\\}", "}")))
    lines = [line for line in text.split("\n") if line.strip()]
    if bullets := [_BULLET.sub("", line, count=1) for line in lines if _BULLET.match(line)]:
        lines = bullets
    if len(lines) != 1:
        yield _filled(lines)
    elif _SEMICOLONS.search(lines[0]):
        yield _filled(_SEMICOLONS.split(lines[0]))
    else:
        yield _filled(_NO_THOUSANDS.split(lines[0]))
        if re.search(r"\d,\d{3}", lines[0]):
            yield _filled(_COMMAS.split(lines[0]))


def _from_json(text: str) -> list[str] | None:
    """The items of a JSON list of plain values; None where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return _filled([one if isinstance(one, str) else json.dumps(one) for one in found])


def _filled(pieces: Sequence[str]) -> list[str]:
    return [piece.strip() for piece in pieces if normal(piece)]


def _unwrapped(text: str) -> str:
    """Without emphasis, and without brackets around the whole."""
    text = text.strip().strip("*$").strip().rstrip(".。")
    closing = _PAIRS.get(text[:1])
    if closing and text.endswith(closing) and text.count(text[0]) == 1:
        text = text[1:-1].strip()
    return text


def _joined(keys: list[Key], items: Sequence[str]) -> list[Key]:
    """The pieces, those put together again that are an item of the target which itself falls into pieces."""
    for item in items:
        for pieces in readings(item):
            parts = [key_of(piece) for piece in pieces]
            if 1 < len(parts) <= len(keys) <= MOST:
                keys = _replaced(keys, parts, key_of(item))
    return keys


def _replaced(keys: list[Key], parts: list[Key], whole: Key) -> list[Key]:
    """`keys` with every run that equals `parts` replaced by one key."""
    found, at = list[Key](), 0
    while at < len(keys):
        run = keys[at] == parts[0] and keys[at : at + len(parts)] == parts
        found.append(whole if run else keys[at])
        at += len(parts) if run else 1
    return found


def _list_answer(text: str) -> Segment:
    """The part of a response that lists its items."""
    segment = final_segment(text)
    if segment.rule != "text":
        return segment
    if match := _JSON.search(segment.text):
        start, end = match.span("list")
        return part(text, segment.start + start, segment.start + end, "list at the end")
    start, lines = len(segment.text), segment.text.split("\n")
    while lines and _BULLET.match(lines[-1]):
        start -= len(lines.pop()) + 1
    if segment.text.count("\n", max(0, start + 1)):
        return part(text, segment.start + max(0, start), segment.end, "lines at the end")
    return text_answer(text)


def _wanted(sample: Sample) -> tuple[str, ...]:
    target = sample.target
    if isinstance(target, ItemsTarget):
        return target.items
    return (target.text,) if isinstance(target, TextTarget) else ()


def _reason(value: float, given: Counter[Key], wanted: Counter[Key]) -> str:
    hits = (given & wanted).total()
    told = f"{hits} of {wanted.total()} items are given, in a list of {given.total()}: F1 {value:.3f}"
    for what, keys in (("missing", wanted - given), ("not wanted", given - wanted)):
        if keys:
            told += f"; {what}: {shorten(', '.join(str(one) for _, one in list(keys.elements())[:10]), 80)}"
    return told


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Set)
