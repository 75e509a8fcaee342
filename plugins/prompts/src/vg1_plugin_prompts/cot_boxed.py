"""`cot_boxed`: reason step by step, then give the final answer in a box. The default."""

from __future__ import annotations

from vg1core import hookimpl
from vg1core.prompts import answer_form, needs_space, with_instruction
from vg1core.types import Prompt, Sample, Space


@hookimpl
def vg1_build_prompt(style: str, sample: Sample, space: Space) -> Prompt | None:
    if style != "cot_boxed":
        return None
    form = answer_form(sample, space)
    instruction = f"Think step by step. Then give {form} as your final answer in \\boxed{{}}."
    return with_instruction(sample, instruction, space=space if needs_space(sample) else None)
