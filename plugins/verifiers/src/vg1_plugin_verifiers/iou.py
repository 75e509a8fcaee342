r"""`iou`: how much the response's boxes overlap the target's (intersection over union).

Boxes are plain arithmetic; polygons go through shapely. Several boxes are paired one to one so that the sum of
their overlaps is largest (scipy's `linear_sum_assignment`), and the sum is divided by the larger of the two
counts, so that a box too many costs as much as one too few.

Read are all boxes of the answer tag, the `\boxed{}` or of JSON; of boxes in running text the last one where the
target is one box, all where it is several; at most 1000. Corners in the wrong order are put right. Boxes without
an area, or with corners that are nan, infinite or beyond 1e9, overlap nothing but are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, cast

from vg1_plugin_verifiers._places import UNKNOWN, PlaceVerifier, Sizes, check_shape, show, upright, usable
from vg1core import Answer, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError
from vg1core.extraction import boxes, final_segment
from vg1core.types import BoxesTarget, Shape, Space

if TYPE_CHECKING:
    from shapely import Polygon

MOST_CORNERS = 200
"""Corners of a polygon that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IouOptions:
    """Options of `iou`."""

    coordinate_space: Space = "pixel"
    """The space the response's coordinates are in; a run fills it in."""
    threshold: float | None = None
    """With it, an overlap of at least this much is 1 and less is 0."""


class Iou(PlaceVerifier):
    """The overlap of the response's boxes with the target's, from 0 to 1."""

    name = "iou"
    targets = (BoxesTarget,)
    Options = IouOptions

    def warm_up(self) -> None:
        """Load what polygons and several boxes need."""
        import scipy.optimize  # noqa: F401
        import shapely  # noqa: F401

    def check_target(self, sample: Sample) -> None:
        """The target has to hold boxes or polygons with an area."""
        super().check_target(sample)
        target = cast("BoxesTarget", sample.target)
        if not target.boxes:
            raise TargetError("the target holds no box")
        for shape in target.boxes:
            check_shape(shape, "the target's box")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The boxes, as the response writes them."""
        segment = final_segment(response.text)
        found = boxes(segment.text)
        if not found:
            return None
        several = len(cast("BoxesTarget", sample.target).boxes) > 1
        structured = segment.rule != "text" or segment.text.startswith(("[", "{", "```"))
        if not several and not structured:
            found = found[-1:]
        rule = found[-1].rule if segment.rule == "text" else f"{segment.rule}, {found[-1].rule}"
        value = [[corner if isfinite(corner) else None for corner in one.value] for one in found]
        span = segment.start + found[0].start, segment.start + found[-1].end
        return Answer(value=value if len(value) > 1 else value[0], rule=rule, span=span)

    def compare(self, answer: Answer, sample: Sample, sizes: Sizes = UNKNOWN) -> Comparison:
        """The overlap; 1 or 0 where a threshold is set."""
        target = cast("BoxesTarget", sample.target)
        rows = answer.value if isinstance(answer.value[0], list) else [answer.value]
        space = self.options.coordinate_space
        given = [sizes.convert(tuple(row), space, target.space) if usable(row) else () for row in rows]
        overlap = mean_overlap(given, target.boxes)
        reason = f"{_told(rows)} ({answer.rule}) overlaps {_told(target.boxes)} by {overlap:.3f}"
        if space != target.space:
            reason += f" (read in '{space}', compared in '{target.space}')"
        if bad := given.count(()):
            reason += f"; {bad} with corners that are no numbers"
        if self.options.threshold is None:
            return Comparison(overlap, reason)
        reached = overlap >= self.options.threshold
        return Comparison(float(reached), f"{reason}, threshold {self.options.threshold:g}")


def box_iou(a: Shape, b: Shape) -> float:
    """Intersection over union of two upright boxes (x1, y1, x2, y2); 0 where one has no area."""
    ax1, ay1, ax2, ay2 = a
    bx1, by1, bx2, by2 = b
    width = (ax2 if ax2 < bx2 else bx2) - (ax1 if ax1 > bx1 else bx1)
    height = (ay2 if ay2 < by2 else by2) - (ay1 if ay1 > by1 else by1)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared
    return shared / union if union > 0 else 0.0


def overlap(a: Shape, b: Shape) -> float:
    """Intersection over union of two boxes or polygons in one space, in [0, 1]; 0 for an empty shape."""
    if not (a and b):
        return 0.0
    if len(a) == 4 == len(b):
        return min(1.0, box_iou(upright(a), upright(b)))
    first, second = _polygon(a), _polygon(b)
    union = first.union(second).area
    return min(1.0, max(0.0, first.intersection(second).area / union)) if union > 0 else 0.0


def mean_overlap(given: Sequence[Shape], wanted: Sequence[Shape]) -> float:
    """The best one-to-one pairing's overlaps, summed and divided by the larger count."""
    if len(given) == 1 == len(wanted):
        return overlap(given[0], wanted[0])
    from scipy.optimize import linear_sum_assignment

    table = [[overlap(one, other) for other in wanted] for one in given]
    pairs = linear_sum_assignment(table, maximize=True)
    total = sum(table[row][column] for row, column in zip(*pairs, strict=True))
    return float(min(1.0, total / max(len(given), len(wanted))))


def _polygon(shape: Shape) -> Polygon:
    """A valid shapely polygon; one that crosses itself is mended."""
    from shapely import Polygon, box, make_valid

    if len(shape) == 4:
        return box(*upright(shape))
    corners = shape[: 2 * MOST_CORNERS]
    polygon = Polygon(list(zip(corners[::2], corners[1::2], strict=True)))
    return polygon if polygon.is_valid else make_valid(polygon)


def _told(shapes: Sequence[Sequence[float | None]]) -> str:
    one = show(shapes[0])
    return one if len(shapes) == 1 else f"{len(shapes)} boxes from {one}"


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Iou)
