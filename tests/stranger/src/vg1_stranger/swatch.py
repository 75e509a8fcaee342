"""`swatch`: asks for a colour as `#rrggbb`."""

from __future__ import annotations

from vg1core import Sample, hookimpl
from vg1core.prompts import with_instruction
from vg1core.types import Prompt


@hookimpl
def vg1_build_prompt(style: str, sample: Sample) -> Prompt | None:
    return with_instruction(sample, "Answer with one colour as #rrggbb.") if style == "swatch" else None
