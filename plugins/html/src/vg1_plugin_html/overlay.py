"""Target and answer drawn over a picture, where both their coordinates and their space are known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from vg1core.coordinates import to_unit
from vg1core.errors import TargetError
from vg1core.types import BoxesTarget, ClickTarget, Record, Shape, Size, Space

_MOST = 40
"""Shapes of one kind that are drawn; more would hide the picture."""
_FAR = 8.0
"""Coordinates are clamped to this many widths and heights, far outside of every picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One shape over a picture, in pixels of the picture as it is shown."""

    role: Literal["target", "answer"]
    shape: Literal["box", "polygon", "point", "ellipse"]
    numbers: tuple[float, ...]
    """box: x, y, width, height; polygon: x, y, x, y …; point: x, y; ellipse: x, y and both radii."""
    outside: bool
    """No part of it lies in the picture."""


def marks(record: Record, shown: Size) -> tuple[Mark, ...]:
    """Shapes for the record's picture; none where a space, or a size that the space needs, is not known.

    :param shown: width and height of the picture as the page shows it.
    """
    response = record.turns[-1].response
    image = response.image_sizes[0] if response.image_sizes else None
    sent = response.sent_sizes[0] if response.sent_sizes else None
    found: list[Mark] = []
    for role, shapes, space in (("target", *_target(record)), ("answer", *_answer(record))):
        for shape in shapes[:_MOST]:
            if space is None or not shape:
                continue
            try:
                unit = to_unit(shape, space, image_size=image, sent_size=sent)
            except (TargetError, ZeroDivisionError):
                continue
            if mark := _mark(cast("Literal['target', 'answer']", role), unit, shown):
                found.append(mark)
    circle = _circle(record, image, sent, shown)
    return tuple([*found, circle] if circle else found)


def _target(record: Record) -> tuple[Sequence[Shape], Space | None]:
    match record.target:
        case BoxesTarget(boxes=boxes, space=space):
            return boxes, space
        case ClickTarget(box=box, point=point, space=space):
            return ((box or point or ()),), space
    return (), None


def _answer(record: Record) -> tuple[Sequence[Shape], Space | None]:
    """Shapes among the answer's value: a list of numbers, a list of such lists, or an action with its point."""
    space = record.options.get("coordinate_space")
    value = record.score.answer.value if record.score and record.score.answer else None
    if isinstance(value, dict):  # an action, and perhaps where it goes
        value = value.get("point")
    if not isinstance(space, str) or space not in get_args(Space) or not isinstance(value, list | tuple):
        return (), None
    rows = value[:_MOST] if any(isinstance(item, list | tuple) for item in value) else [value]
    return [shape for row in rows if (shape := _numbers(row))], cast("Space", space)


def _numbers(value: Any) -> Shape:
    if not isinstance(value, list | tuple) or len(value) > 2 * _MOST:
        return ()
    if not all(isinstance(item, int | float) and not isinstance(item, bool) and item == item for item in value):
        return ()
    # A huge integer does not fit a float; clamped, it is still far outside.
    return tuple(float(max(-1e9, min(1e9, item))) for item in value)


def _mark(role: Literal["target", "answer"], unit: Shape, shown: Size) -> Mark | None:
    if len(unit) < 2 or len(unit) % 2 or not all(math.isfinite(value) for value in unit):
        return None
    scaled = tuple(round(max(-_FAR, min(_FAR, value)) * shown[i % 2], 2) for i, value in enumerate(unit))
    xs, ys = unit[::2], unit[1::2]
    outside = max(xs) < 0 or min(xs) > 1 or max(ys) < 0 or min(ys) > 1
    if len(unit) == 2:
        return Mark(role=role, shape="point", numbers=scaled, outside=outside)
    if len(unit) == 4:
        left, right = sorted((scaled[0], scaled[2]))
        top, bottom = sorted((scaled[1], scaled[3]))
        numbers = (left, top, round(right - left, 2), round(bottom - top, 2))
        return Mark(role=role, shape="box", numbers=numbers, outside=outside)
    return Mark(role=role, shape="polygon", numbers=scaled, outside=outside)


def _circle(record: Record, image: Size | None, sent: Size | None, shown: Size) -> Mark | None:
    """The reach around a click target's point."""
    target = record.target
    if not isinstance(target, ClickTarget) or target.point is None or not target.radius:
        return None
    try:
        unit = to_unit((*target.point, target.radius, target.radius), target.space, image_size=image, sent_size=sent)
    except (TargetError, ZeroDivisionError):
        return None
    if not all(math.isfinite(value) and abs(value) <= _FAR for value in unit):
        return None
    numbers = tuple(round(value * shown[i % 2], 2) for i, value in enumerate(unit))
    return Mark(role="target", shape="ellipse", numbers=numbers, outside=False)
