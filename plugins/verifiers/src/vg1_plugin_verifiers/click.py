"""`click`: whether the response's last point hits the target, and its last action is the one asked for.

Rule after SeeClick (njucckevin/SeeClick, agent_tasks/screenspot_test.py): two numbers are a point, four are a box
whose centre is used, and the target's edges count as inside. Departures: the last point of the response counts,
not the first; the space of the coordinates is stated (`coordinate_space`), never guessed from their size.

Near a point (`point` and `radius` of the target) the value is 1 inside the radius and 0 outside. With the option
`distance` it falls from 1 at the point to 0 at the radius: `linear` is 1 - d/radius, `square` the square of that
(NVIDIA-NeMo/Gym's gui_coordinate). Distances are taken in the target's space.

Where the target names an `action`, as rows of GUI-R1 do (ritzz-ai/GUI-R1, verl/utils/reward_score/r1gui.py), the last
action that the response names has to be the same; a point alone names none. `_actions` lists the forms and synonyms.
Then the target's `text` has to be equal, as in `exact`, or with the option `text_f1` its words at least so much
alike (GUI-R1's rule is 0.5), and its box or point has to be hit, where it has them. All of it is right, or nothing:
GUI-R1's share for the format is the business of `composite`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from vg1_plugin_verifiers._actions import NO_TEXT, Action, actions, canonical
from vg1_plugin_verifiers._options import check_word
from vg1_plugin_verifiers._places import UNKNOWN, PlaceVerifier, Sizes, check_shape, read, show, upright, usable
from vg1_plugin_verifiers._text import normal
from vg1core import Answer, Comparison, Register, Response, Sample, hookimpl
from vg1core.errors import TargetError, shorten
from vg1core.extraction import final_segment, points
from vg1core.types import ClickTarget, Shape, Space
from vg1core.verifiers import note

Distance: TypeAlias = Literal["within", "linear", "square"]

SLACK = 1e-9
"""Share of a coordinate that conversion between spaces may cost at an edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickOptions:
    """Options of `click`."""

    coordinate_space: Space = "pixel"
    """The space the response's coordinates are in; a run fills it in."""
    distance: Distance = "within"
    """How the value falls with the distance from a point: not up to the radius, linearly, or by the square."""
    text_f1: float | None = None
    """With it, a text is right whose words are at least so much alike (F1); without it, an equal one."""


class Click(PlaceVerifier):
    """1 where the last point lies in the target's box or polygon, or near its point, and the action is the same."""

    name = "click"
    targets = (ClickTarget,)
    Options = ClickOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; the distance has to be one of `Distance`."""
        super().__init__(options)
        check_word(self.name, "distance", self.options.distance, Distance)

    def check_target(self, sample: Sample) -> None:
        """The target has to be a box or polygon with an area, or a point with a radius, or an action."""
        super().check_target(sample)
        target = cast("ClickTarget", sample.target)
        if target.action is None and target.text is not None:
            raise TargetError(f"the target's text {shorten(target.text, 60)} needs an action that it goes with")
        if target.action is not None and not target.action.strip():
            raise TargetError("the target's action is empty")
        if target.box is not None:
            check_shape(target.box, "the target's box")
        elif target.point is not None and target.radius is not None:
            if len(target.point) != 2 or not usable((*target.point, target.radius)) or target.radius < 0:
                raise TargetError(f"the target's point {list(target.point)} or radius {target.radius} is not usable")
        elif target.action is None or target.point is not None:
            raise TargetError("the target needs a box, or a point and a radius")

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The last point, or the last box, as the response writes it; with an action, that and what goes with it."""
        segment = final_segment(response.text)
        found = [one for one in read(points, segment) if usable(one.value)]
        if cast("ClickTarget", sample.target).action is None:
            if not found:
                return None
            last = found[-1]
            rule = f"last {last.rule}" if segment.rule == "text" else f"{segment.rule}, last {last.rule}"
            span = segment.start + last.start, segment.start + last.end
            return Answer(value=list(last.value), rule=rule, span=span)
        named = actions(segment.text)
        if not named and not found:
            return None
        action = named[-1] if named else Action("", "", found[-1].start, found[-1].end)
        inside = [one for one in found if action.start <= one.start < action.end]
        point = list(inside[-1].value) if inside else None
        note(f"the last action is '{action.name}' with text {action.text!r} and point {point}")
        value = {"action": action.name, "text": action.text, "point": point}
        rule = "last action" if segment.rule == "text" else f"{segment.rule}, last action"
        return Answer(value=value, rule=rule, span=(segment.start + action.start, segment.start + action.end))

    def compare(self, answer: Answer, sample: Sample, sizes: Sizes = UNKNOWN) -> Comparison:
        """The action, then its text, then the place, in the target's space."""
        target = cast("ClickTarget", sample.target)
        if target.action is None:
            return self._place(tuple(answer.value), answer.rule, target, sizes)
        given, wanted = answer.value, canonical(target.action)
        if given["action"] != wanted:
            named = f"names the action '{given['action']}'" if given["action"] else "names no action"
            return Comparison(0.0, f"the response {named}; '{wanted}' is asked for")
        told = f"the action '{wanted}' is the one asked for"
        if target.text is not None and target.text.lower() not in NO_TEXT:
            right, how = self._same_text(given["text"], target.text)
            if not right:
                return Comparison(0.0, f"{told}, but its text {how}")
            told += f", its text {how}"
        if target.box is None and target.point is None:
            return Comparison(1.0, told)
        if given["point"] is None:
            return Comparison(0.0, f"{told}, but no point goes with it")
        place = self._place(tuple(given["point"]), answer.rule, target, sizes)
        return Comparison(place.value, f"{told}; {place.reason}")

    def _same_text(self, given: str, wanted: str) -> tuple[bool, str]:
        if self.options.text_f1 is None:
            same = normal(given) == normal(wanted)
            return same, f"{shorten(given, 60)} {'equals' if same else 'differs from'} {shorten(wanted, 60)}"
        alike = words_f1(given, wanted)
        return alike >= self.options.text_f1, f"{shorten(given, 60)} is {alike:.2f} like {shorten(wanted, 60)}"

    def _place(self, shape: Shape, rule: str, target: ClickTarget, sizes: Sizes) -> Comparison:
        """Inside, or near enough, in the target's space."""
        space = self.options.coordinate_space
        x, y = sizes.convert(centre(shape), space, target.space)
        told = f"{show(shape)} ({rule})"
        if space != target.space:
            told += f", which is {show((x, y))} in '{target.space}',"
        if target.box is not None:
            hit = inside(x, y, target.box)
            return Comparison(float(hit), f"{told} lies {'inside' if hit else 'outside'} {show(target.box)}")
        point, radius = cast("tuple[float, float]", target.point), cast("float", target.radius)
        distance = math.dist((x, y), point)
        told = f"{told} is {distance:.4g} from {show(point)}, {radius:g} are allowed"
        if self.options.distance == "within":
            return Comparison(float(distance <= radius * (1 + SLACK)), told)
        nearness = max(0.0, 1 - distance / radius) if radius else float(distance == 0)
        return Comparison(nearness if self.options.distance == "linear" else nearness**2, told)


def words_f1(given: str, wanted: str) -> float:
    """F1 over the words of two texts, each counted once."""
    one, other = set(normal(given).split()), set(normal(wanted).split())
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


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
