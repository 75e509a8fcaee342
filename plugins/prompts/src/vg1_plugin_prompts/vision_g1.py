"""`vision_g1`: reasoning inside think tags, then the final answer in a box, for models trained as Vision-G1 was.

The wording is ours: the authors publish no prompt. What it asks for is what their reward reads (yuh-zha/Vision-G1,
training/verl/utils/reward_score/mmpr.py): the last box, and in it for a bounding box integers as
`[x1, y1, x2, y2]`. Coordinates are therefore asked as integers, except where the model answers in fractions of the
picture.
"""

from __future__ import annotations

from vg1core import hookimpl
from vg1core.prompts import answer_form, needs_space, with_instruction
from vg1core.types import Prompt, Sample, Space


@hookimpl
def vg1_build_prompt(style: str, sample: Sample, space: Space) -> Prompt | None:
    if style != "vision_g1":
        return None
    integers = ", rounded to integers," if needs_space(sample) and space.endswith("pixel") else ""
    instruction = (
        "Reason about the question inside <think> and </think>. "
        f"After that, give {answer_form(sample, space)}{integers} as the final answer in \\boxed{{}}."
    )
    return with_instruction(sample, instruction, space=space if needs_space(sample) else None)
