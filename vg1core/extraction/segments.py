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
_THINK_ENDS = ("</think>", "</thinking>", "◁/think▷")
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

    What precedes the end of the last closed `<think>` block is dropped. Then, the first that is there: the last
    balanced `\boxed{…}` inside the last `<answer>…</answer>`, that whole tag (to the end where it is not closed),
    the last balanced `\boxed{…}`, all that is left. The rules are called `boxed`, `answer tag` and `text`.
    """
    start, end, rule = thought_end(text), len(text), "text"
    for opening, closing in _TAGS:
        if (at := text.rfind(opening, start)) >= 0:
            start, rule = at + len(opening), "answer tag"
            at = text.find(closing, start)
            end = at if at >= 0 else end
            break
    return last_boxed(text, start, end) or part(text, start, end, rule)


def thought_end(text: str) -> int:
    """Where the answer may begin: behind the last closed `<think>` block, within the last `SEARCH_LIMIT` characters."""
    start = max(0, len(text) - SEARCH_LIMIT)
    for mark in _THINK_ENDS:
        if (at := text.rfind(mark, start)) >= 0:
            start = at + len(mark)
    return start


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
