"""`official`: the prompt the dataset or benchmark publishes, word for word.

A source that publishes none is asked with `direct` instead, and its report says `direct` (`vg1core.prompts.style_for`),
so that `--prompt official` can be set for benchmarks and datasets together. The same holds for the single samples for
which a source has no published wording.
"""

from __future__ import annotations

from vg1core import hookimpl
from vg1core.datasets import RowSource
from vg1core.prompts import short_answer
from vg1core.types import Prompt, Sample, Space


@hookimpl
def vg1_build_prompt(style: str, sample: Sample, source: RowSource, space: Space) -> Prompt | None:
    if style != "official":
        return None
    return source.official_prompt(sample) or short_answer(sample, space)
