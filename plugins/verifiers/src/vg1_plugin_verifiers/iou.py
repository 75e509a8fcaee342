r"""`iou`: how much the response's boxes overlap the target's (intersection over union).

Boxes are plain arithmetic; polygons go through shapely. Several boxes are paired one to one so that the sum of
their overlaps is largest (scipy's `linear_sum_assignment`), and the sum is divided by the larger of the two
counts, so that a box too many costs as much as one too few.

Read are all boxes of the answer tag, the `\boxed{}` or of JSON; of boxes in running text the last one where the
target is one box, all where it is several; at most 1000. Corners in the wrong order are put right. Boxes without
an area, or with corners that are nan, infinite or beyond 1e9, overlap nothing but are counted.

With `metric = "giou"` the value is the generalised IoU (Rezatofighi et al. 2019, arXiv 1902.09630, algorithm 1) as
it is, from -1 to 1, below 0 for boxes far apart: a reward that tells near misses from far ones. It is meant for
training; scores of an evaluation lie from 0 to 1. A box that is missing, too many or unusable counts -1, polygons
are enclosed by their convex hull.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from vg1_plugin_verifiers._options import check_word
from vg1_plugin_verifiers._places import UNKNOWN, PlaceVerifier, Sizes, check_shape, read, show, upright, usable
from vg1core import Answer, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError
from vg1core.extraction import Found, Segment, boxes, final_segment
from vg1core.types import BoxesTarget, Shape, Space
from vg1core.verifiers import note, noting

if TYPE_CHECKING:
    from shapely import Polygon

Metric: TypeAlias = Literal["iou", "giou"]

MOST_CORNERS = 200
"""Corners of a polygon that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IouOptions:
    """Options of `iou`."""

    coordinate_space: Space = "pixel"
    """The space the response's coordinates are in; a run fills it in."""
    threshold: float | None = None
    """With it, an overlap of at least this much is 1 and less is 0."""
    metric: Metric = "iou"


class Iou(PlaceVerifier):
    """The overlap of the response's boxes with the target's, from 0 to 1."""

    name = "iou"
    targets = (BoxesTarget,)
    Options = IouOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; the metric has to be one of `Metric`."""
        super().__init__(options)
        check_word(self.name, "metric", self.options.metric, Metric)

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
        found = read(boxes, segment)
        several = len(cast("BoxesTarget", sample.target).boxes) > 1
        structured = segment.rule != "text" or segment.text.startswith(("[", "{", "```"))
        return boxes_answer(found if several or structured else found[-1:], segment)

    def compare(self, answer: Answer, sample: Sample, sizes: Sizes = UNKNOWN) -> Comparison:
        """The overlap; 1 or 0 where a threshold is set."""
        target, metric = cast("BoxesTarget", sample.target), self.options.metric
        rows = answer.value if isinstance(answer.value[0], list) else [answer.value]
        space = self.options.coordinate_space
        given = [sizes.convert(tuple(row), space, target.space) if usable(row) else () for row in rows]
        value = mean_overlap(given, target.boxes, metric)
        verb = "overlaps" if metric == "iou" else "matches"
        reason = f"{_told(rows)} ({answer.rule}) {verb} {_told(target.boxes)} by {value:.3f}"
        if metric != "iou":
            reason += " (GIoU)"
        if space != target.space:
            reason += f" (read in '{space}', compared in '{target.space}')"
        if bad := given.count(()):
            reason += f"; {bad} with corners that are no numbers"
        if self.options.threshold is None:
            return Comparison(value, reason)
        reached = value >= self.options.threshold
        return Comparison(float(reached), f"{reason}, threshold {self.options.threshold:g}")


def boxes_answer(found: Sequence[Found[Shape]], segment: Segment) -> Answer | None:
    """Boxes found in a segment as an answer; a corner that is no finite number is None."""
    if not found:
        return None
    rule = found[-1].rule if segment.rule == "text" else f"{segment.rule}, {found[-1].rule}"
    value = [[corner if isfinite(corner) else None for corner in one.value] for one in found]
    span = segment.start + found[0].start, segment.start + found[-1].end
    return Answer(value=value if len(value) > 1 else value[0], rule=rule, span=span)


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


def box_giou(a: Shape, b: Shape) -> float:
    """Generalised IoU of two upright boxes: IoU less the share of the enclosing box that neither covers."""
    width, height = max(a[2], b[2]) - min(a[0], b[0]), max(a[3], b[3]) - min(a[1], b[1])
    overlap = box_iou(a, b)
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    union = areas / (1 + overlap)  # areas = union + shared, and shared = overlap * union
    enclosing = width * height
    return overlap - (enclosing - union) / enclosing if enclosing > 0 else -1.0


def overlap(a: Shape, b: Shape, metric: Metric = "iou") -> float:
    """IoU or GIoU of two boxes or polygons in one space; 0, or -1, where the first is empty or no shape."""
    if not a:
        return worst(metric)
    if len(a) == 4 == len(b):
        found = (box_iou if metric == "iou" else box_giou)(upright(a), upright(b))
        return min(1.0, max(worst(metric), found))
    if metric == "iou" and _apart(a, b):
        return 0.0
    first, second = _polygon(a), _polygon(b)
    union = first.union(second)
    found = first.intersection(second).area / union.area if union.area > 0 else 0.0
    if metric == "giou":
        hull = union.convex_hull.area
        found = found - (hull - union.area) / hull if hull > 0 else -1.0
    return min(1.0, max(worst(metric), found))


def worst(metric: Metric) -> float:
    """The least value of a metric: that of a box which is missing, too many or unusable."""
    return 0.0 if metric == "iou" else -1.0


def mean_overlap(given: Sequence[Shape], wanted: Sequence[Shape], metric: Metric = "iou") -> float:
    """The best one-to-one pairing's overlaps and the worst value for what is left over, over the larger count."""
    if len(given) == 1 == len(wanted):
        return overlap(given[0], wanted[0], metric)
    from scipy.optimize import linear_sum_assignment

    table = [[overlap(one, other, metric) for other in wanted] for one in given]
    pairs = list(zip(*linear_sum_assignment(table, maximize=True), strict=True))
    total = sum(table[row][column] for row, column in pairs)
    most = max(len(given), len(wanted))
    if noting():
        for row, column in pairs[:50]:
            note(f"{show(given[row])} is paired with {show(wanted[column])}: {table[row][column]:.3f}")
        note(f"{most - len(pairs)} boxes are left over")
    return float(min(1.0, (total + worst(metric) * (most - len(pairs))) / most))


def _apart(a: Shape, b: Shape) -> bool:
    """Whether the boxes around two shapes do not touch; much cheaper than shapely."""
    return bool(
        max(a[::2]) < min(b[::2]) or max(b[::2]) < min(a[::2])
        or max(a[1::2]) < min(b[1::2]) or max(b[1::2]) < min(a[1::2])
    )  # fmt: skip


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
