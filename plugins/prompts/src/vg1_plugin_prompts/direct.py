"""`direct`: the question and its options, answered with the answer alone.

What is the value of the red bar?
Answer with a single word, number or short phrase and nothing else.
"""

from __future__ import annotations

from vg1core import hookimpl
from vg1core.prompts import short_answer
from vg1core.types import Prompt, Sample, Space


@hookimpl
def vg1_build_prompt(style: str, sample: Sample, space: Space) -> Prompt | None:
    return short_answer(sample, space) if style == "direct" else None
