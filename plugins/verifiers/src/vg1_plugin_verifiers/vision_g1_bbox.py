r"""`vision_g1_bbox`: the reward that Vision-G1 was trained with where a box is asked for, as its code means it.

yuh-zha/Vision-G1, `training/verl/utils/reward_score/mmpr.py`, `compute_score_boxed_iou` (data sources
`vision_g1_bbox` and `new_domain/multi_ui_bbox`): the IoU of the first `[x1, y1, x2, y2]` in the last `\boxed{}` with
the true box; 0 without one. There is no reward for the format.

Departures:

1. The corners are numbers. There they stay the strings of a regular expression, so that every valid box raises
   TypeError.
2. Decimals, signs and the other forms that `iou` reads are boxes, too; there only whole numbers without a sign are.
3. Corners in the wrong order are put right; there such a box has no area.
4. The space of the coordinates is stated (`coordinate_space`); there they are compared as they stand.
5. Where the target is several boxes, all boxes in the `\boxed{}` count, as in `iou`; there the first of each is
   compared.
6. The box is looked for outside of `<think>` blocks, not inside them.
7. A response without a box says so (`no_answer`), and a target without one is found before a run.
"""

from __future__ import annotations

from typing import cast

from vg1_plugin_verifiers._places import read
from vg1_plugin_verifiers.iou import Iou, boxes_answer
from vg1core import Answer, Register, Response, Sample, hookimpl
from vg1core.extraction import boxes, last_boxed, spoken
from vg1core.types import BoxesTarget
from vg1core.verifiers import note


class VisionG1Bbox(Iou):
    r"""Vision-G1's reward for a box: the IoU of the first one in the last `\boxed{}`."""

    name = "vision_g1_bbox"

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        r"""The first box in the last `\boxed{}`; all of them where the target is several."""
        segment = last_boxed(response.text, *spoken(response.text))
        if segment is None:
            return None
        found = read(boxes, segment)
        note(f"{len(found)} boxes in the last \\boxed{{}}: {segment.text[:80]!r}")
        several = len(cast("BoxesTarget", sample.target).boxes) > 1
        return boxes_answer(found if several else found[:1], segment)


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(VisionG1Bbox)
