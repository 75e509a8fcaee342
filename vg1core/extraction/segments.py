r"""Which part of a response states the answer.

The order (tag, then box, then the rest) follows what the prompts ask for: reasoning, then the answer in
`\boxed{}` or `<answer>`. Braces are counted; a pattern alone cannot tell where a box ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

SEARCH_LIMIT = 50_000
"""Characters at the end of a text that are searched."""
_THINK_TAGS = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("◁think▷", "◁/think▷"))
_TAGS = (
    ("<answer>", "</answer>"),
    ("<final_answer>", "</final_answer>"),
    ("<|begin_of_box|>", "<|end_of_box|>"),
)
_BRACES = re.compile(r"\\{1,2}(?:boxed|fbox)\s{0,3}\{|\\.|[{}]", re.DOTALL)
_STATED = re.compile(
    r"""(?: \banswers?\b [^.\n:?!]{0,60}? (?: \b(?:is|are|be)\b | [:=：] )
          | 答案 (?: 应该|应 )? (?: 是|为|：|: ) )
        [:：]? [ \t*]{0,5} (?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_JSON = re.compile(r"(?:```(?:json)?\s{0,5})?\{")
_JSON_ANSWER = re.compile(
    r"""["'](?:final_?)?answer["'] \s{0,5} : \s{0,5}
        (?: "((?:[^"\\\n]|\\.){1,1000})" | '((?:[^'\\\n]|\\.){1,1000})' | (-?[0-9][0-9.eE+-]{0,40}|true|false) )""",
    re.IGNORECASE | re.VERBOSE,
)
_ABBREVIATION = "".join(
    rf"(?<!\b{word})" for word in ("Mr", "Mrs", "Ms", "Dr", "St", "vs", "Jr", "Sr", "Inc", "Int", "Mt", "Ft", "[A-Z]")
)
_SENTENCE_END = re.compile(rf"\n|。|[!?](?=\s|$)|{_ABBREVIATION}\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text."""

    text: str
    start: int
    end: int
    rule: str
    """How it was found."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Something read in a text."""

    value: T
    start: int
    end: int
    rule: str


def part(text: str, start: int, end: int, rule: str) -> Segment:
    """`text[start:end]` without the white space around it."""
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    stripped = inner.strip()
    return Segment(stripped, left, left + len(stripped), rule)


def final_segment(text: str) -> Segment:
    r"""The part of a response that states the answer.

    Thoughts are dropped (`spoken`). Then, the first that is there: the last balanced `\boxed{…}` inside the last
    `<answer>…</answer>`, that whole tag (to the end where it is not closed), the last balanced `\boxed{…}`, the
    field "answer" of a JSON object that is the whole response, all that is left. The rules are called `boxed`,
    `answer tag`, `JSON field` and `text`.
    """
    start, end = spoken(text)
    rule = "text"
    for opening, closing in _TAGS:
        if (at := text.rfind(opening, start, end)) >= 0:
            start, rule = at + len(opening), "answer tag"
            at = text.find(closing, start)
            end = at if at >= 0 else end
            break
    return last_boxed(text, start, end) or _json_field(text, start, end) or part(text, start, end, rule)


def spoken(text: str) -> tuple[int, int]:
    """Start and end of what is not thought, within the last `SEARCH_LIMIT` characters.

    It begins behind the last closed `<think>` block. A block that is opened and never closed ends at an answer tag;
    without one nothing behind its opening is an answer.
    """
    start = max([0, *(at + len(mark) for _, mark in _THINK_TAGS if (at := text.rfind(mark)) >= 0)])
    opened = min((at for mark, _ in _THINK_TAGS if (at := text.find(mark, start)) >= 0), default=-1)
    end = len(text)
    if opened >= 0:
        tag = min((at for mark, _ in _TAGS if (at := text.find(mark, opened)) >= 0), default=-1)
        start, end = (tag, end) if tag >= 0 else (start, opened)
    return max(start, end - SEARCH_LIMIT), end


def _json_field(text: str, start: int, end: int) -> Segment | None:
    whole = part(text, start, end, "JSON field")
    if whole.text[:1] not in ("{", "`") or "answer" not in whole.text or not _JSON.match(whole.text):
        return None
    last: re.Match[str] | None = None
    for match in _JSON_ANSWER.finditer(text, whole.start, whole.end):
        last = match
    return part(text, *last.span(last.lastindex or 0), "JSON field") if last else None


def last_boxed(text: str, start: int = 0, end: int | None = None) -> Segment | None:
    r"""Content of the last balanced `\boxed{…}` or `\fbox{…}` that holds anything; `\{` and `\}` count as text.

    Of nested boxes the inner content counts: `\boxed{\boxed{5}}` is 5.
    """
    end = len(text) if end is None else end
    if text.find("box", start, end) < 0:
        return None
    found: Segment | None = None
    opened: list[tuple[int, bool]] = []
    for token in _BRACES.finditer(text, max(start, end - SEARCH_LIMIT), end):
        mark = token.group()
        if mark == "{" or len(mark) > 2:
            opened.append((token.end(), mark != "{"))
        elif mark == "}" and opened:
            inner, is_box = opened.pop()
            if is_box:
                content = part(text, inner, token.start(), "boxed")
                wraps = found is not None and found.start > content.start and content.text.startswith("\\")
                if content.text and not (wraps and content.text.lstrip("\\").startswith(("boxed", "fbox"))):
                    found = content
    return found


def stated(text: str) -> Segment | None:
    """What follows the last "answer is", "Answer:" or "答案是", up to the end of the sentence or line."""
    last: re.Match[str] | None = None
    for match in _STATED.finditer(text, max(0, len(text) - SEARCH_LIMIT)):
        last = match
    if last is None:
        return None
    stop = _SENTENCE_END.search(text, last.end())
    return part(text, last.end(), stop.start() if stop else len(text), "stated answer")


def last_line(text: str) -> Segment:
    """The last line that is not empty."""
    whole = part(text, 0, len(text), "last line")
    return part(text, whole.start + whole.text.rfind("\n") + 1, whole.end, "last line")
