"""Taking answers out of responses: pure functions, text in, what was found with its place and rule out.

`segments` finds the part of a response that states the answer, `choices` reads option letters in it, `numbers`
numbers, `places` points and boxes. Offsets are character positions in the text that was handed in.

Responses are hostile: every pattern is linear in the text (its repetitions are bounded), and of a text longer
than `SEARCH_LIMIT` characters only the last `SEARCH_LIMIT` are searched.
"""

from __future__ import annotations

from vg1core.extraction.choices import choice_letters
from vg1core.extraction.numbers import Number, last_number, numbers, whole_number
from vg1core.extraction.places import boxes, points
from vg1core.extraction.segments import (
    SEARCH_LIMIT,
    Found,
    Segment,
    final_segment,
    last_boxed,
    last_line,
    part,
    spoken,
    stated,
)

__all__ = [
    "SEARCH_LIMIT", "Found", "Number", "Segment", "boxes", "choice_letters", "final_segment", "last_boxed",
    "last_line", "last_number", "numbers", "part", "points", "spoken", "stated", "whole_number",
]  # fmt: skip
