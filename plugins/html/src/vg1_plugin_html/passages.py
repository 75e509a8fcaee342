"""Long texts cut to what a page can hold, with the extracted answer marked in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FOLD = 2400
"""Characters above which a text is folded: its ends and the surroundings of the answer are shown."""
KEEP = 20_000
"""About as many characters are kept of a text that is unfolded."""
_NEAR = 60
"""A gap shorter than this is not worth a note that it is there."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as it is shown."""

    kind: Literal["text", "mark", "gap"]
    text: str
    """What is shown; of a gap, the number of characters that it leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text, and what is shown of it before and after it is unfolded."""

    pieces: tuple[Piece, ...]
    whole: tuple[Piece, ...] = ()
    """The unfolded text; empty where `pieces` is all of it."""
    length: int
    """Characters of the original."""

    @property
    def kept(self) -> int:
        """Characters of the unfolded text; fewer than `length` where even that leaves something out."""
        return sum(len(piece.text) for piece in self.whole if piece.kind != "gap")


def passage(text: str, span: Span | None = None) -> Passage:
    """Fold a text.

    :param span: where the answer stands in it; a span that lies outside the text is ignored.
    """
    if span is not None and not 0 <= span[0] < span[1] <= len(text):
        span = None
    if len(text) <= FOLD:
        return Passage(pieces=cut(text, span, head=FOLD, around=0, tail=0), length=len(text))
    return Passage(
        pieces=cut(text, span, head=FOLD // 4, around=FOLD // 8, tail=FOLD // 4),
        whole=cut(text, span, head=KEEP * 3 // 5, around=KEEP // 20, tail=KEEP // 5),
        length=len(text),
    )


def cut(text: str, span: Span | None, *, head: int, around: int, tail: int) -> tuple[Piece, ...]:
    """Beginning, end and the surroundings of the span's ends, with gaps between them where something is left out."""
    windows = [(0, head), (len(text) - tail, len(text))]
    if span is not None:
        windows += [(edge - around, edge + around) for edge in span]
    pieces: list[Piece] = []
    at = 0
    for start, end in _merged(windows, len(text)):
        if start > at:
            pieces.append(Piece("gap", f"{start - at:,}"))
        pieces += _painted(text, start, end, span)
        at = end
    return tuple(pieces)


def clip(text: str, limit: int) -> str:
    """The first `limit` characters, and how many there were."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def _merged(windows: list[Span], length: int) -> list[Span]:
    """Windows clamped to the text, in order; those that touch or nearly touch become one."""
    merged: list[Span] = []
    for start, end in sorted((max(0, a), min(length, b)) for a, b in windows):
        if merged and start - merged[-1][1] < _NEAR:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _painted(text: str, start: int, end: int, span: Span | None) -> list[Piece]:
    left, right = span or (end, end)
    left, right = min(max(left, start), end), min(max(right, start), end)
    slices: list[tuple[Literal["text", "mark"], str]] = [
        ("text", text[start:left]), ("mark", text[left:right]), ("text", text[right:end]),
    ]  # fmt: skip
    return [Piece(kind, shown) for kind, shown in slices if shown]
