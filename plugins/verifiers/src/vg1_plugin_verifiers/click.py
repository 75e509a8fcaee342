"""`click`: whether the response's last point hits the target.

Rule after SeeClick (njucckevin/SeeClick, agent_tasks/screenspot_test.py): two numbers are a point, four are a box
whose centre is used, and the target's edges count as inside. Departures: the last point of the response counts,
not the first; the space of the coordinates is stated (`coordinate_space`), never guessed from their size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

from vg1_plugin_verifiers._places import UNKNOWN, PlaceVerifier, Sizes, check_shape, show, upright, usable
from vg1core import Answer, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError
from vg1core.extraction import final_segment, points
from vg1core.types import ClickTarget, Shape, Space

SLACK = 1e-9
"""Share of a coordinate that conversion between spaces may cost at an edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickOptions:
    """Options of `click`."""

    coordinate_space: Space = "pixel"
    """The space the response's coordinates are in; a run fills it in."""


class Click(PlaceVerifier):
    """1 where the response's last point lies in the target's box or polygon, or near enough to its point."""

    name = "click"
    targets = (ClickTarget,)
    Options = ClickOptions

    def check_target(self, sample: Sample) -> None:
        """The target has to be a box or polygon with an area, or a point with a radius."""
        super().check_target(sample)
        target = cast("ClickTarget", sample.target)
        if target.box is not None:
            check_shape(target.box, "the target's box")
        elif target.point is None or target.radius is None:
            raise TargetError("the target needs a box, or a point and a radius")
        elif len(target.point) != 2 or not usable((*target.point, target.radius)) or target.radius < 0:
            raise TargetError(f"the target's point {list(target.point)} or radius {target.radius} is not usable")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The last point, or the last box, as the response writes it."""
        segment = final_segment(response.text)
        found = [one for one in points(segment.text) if usable(one.value)]
        if not found:
            return None
        last = found[-1]
        rule = f"last {last.rule}" if segment.rule == "text" else f"{segment.rule}, last {last.rule}"
        return Answer(value=list(last.value), rule=rule, span=(segment.start + last.start, segment.start + last.end))

    def compare(self, answer: Answer, sample: Sample, sizes: Sizes = UNKNOWN) -> Comparison:
        """Inside, or near enough, in the target's space."""
        target, space = cast("ClickTarget", sample.target), self.options.coordinate_space
        x, y = sizes.convert(centre(tuple(answer.value)), space, target.space)
        told = f"{show(tuple(answer.value))} ({answer.rule})"
        if space != target.space:
            told += f", which is {show((x, y))} in '{target.space}',"
        if target.box is not None:
            hit = inside(x, y, target.box)
            return Comparison(float(hit), f"{told} lies {'inside' if hit else 'outside'} {show(target.box)}")
        point, radius = cast("tuple[float, float]", target.point), cast("float", target.radius)
        distance = math.dist((x, y), point)
        hit = distance <= radius * (1 + SLACK)
        return Comparison(float(hit), f"{told} is {distance:.4g} from {show(point)}, {radius:g} are allowed")


def centre(shape: Shape) -> Shape:
    """The point itself, or the middle of a box."""
    return shape if len(shape) == 2 else ((shape[0] + shape[2]) / 2, (shape[1] + shape[3]) / 2)


def inside(x: float, y: float, shape: Shape) -> bool:
    """Whether a point lies in a box or polygon; the edges count."""
    slack = SLACK * max(1.0, *map(abs, shape))
    if len(shape) == 4:
        x1, y1, x2, y2 = upright(shape)
        return x1 - slack <= x <= x2 + slack and y1 - slack <= y <= y2 + slack
    corners = list(zip(shape[::2], shape[1::2], strict=True))
    within = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if _on_edge(x, y, x1, y1, x2, y2, slack):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def _on_edge(x: float, y: float, x1: float, y1: float, x2: float, y2: float, slack: float) -> bool:
    length = math.hypot(x2 - x1, y2 - y1)
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / (length * length) if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)) <= slack


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Click)
