"""Coordinates and their spaces. A space is always stated, never guessed from the size of a number."""

from __future__ import annotations

from vg1core.errors import TargetError
from vg1core.types import Shape, Size, Space


def scale_of(space: Space, *, image_size: Size | None = None, sent_size: Size | None = None) -> tuple[float, float]:
    """How much of `space` the picture's width and height are.

    :param image_size: size of the original picture, needed for `pixel`.
    :param sent_size: size of the picture as the model saw it, needed for `sent_pixel`.
    :raises TargetError: where the size that the space needs is not known, or is empty.
    """
    match space:
        case "unit":
            return 1.0, 1.0
        case "permille":
            return 1000.0, 1000.0
        case "pixel" | "sent_pixel":
            size = image_size if space == "pixel" else sent_size
            field = "image_sizes" if space == "pixel" else "sent_sizes"
            if size is None:
                raise TargetError(f"coordinates in '{space}' cannot be placed: the response has no '{field}'")
            if min(size) <= 0:
                raise TargetError(f"coordinates in '{space}' cannot be placed: '{field}' says {size[0]} x {size[1]}")
            return float(size[0]), float(size[1])


def to_unit(shape: Shape, space: Space, *, image_size: Size | None = None, sent_size: Size | None = None) -> Shape:
    """Convert x, y, x, y … from `space` to 0-1 of the picture.

    :raises TargetError: where the size that the space needs is not known (see `scale_of`).
    """
    if space == "unit":
        return shape
    scale = scale_of(space, image_size=image_size, sent_size=sent_size)
    return tuple(value / scale[i % 2] for i, value in enumerate(shape))


def convert(
    shape: Shape, space: Space, into: Space, *, image_size: Size | None = None, sent_size: Size | None = None
) -> Shape:
    """Convert x, y, x, y … from one space into another; untouched where they are the same, so that no size is needed.

    :raises TargetError: where a size that one of the spaces needs is not known (see `scale_of`).
    """
    if space == into:
        return shape
    old = scale_of(space, image_size=image_size, sent_size=sent_size)
    new = scale_of(into, image_size=image_size, sent_size=sent_size)
    return tuple(value / old[i % 2] * new[i % 2] for i, value in enumerate(shape))
