"""Coordinates and their spaces. A space is always stated, never guessed from the size of a number."""

from __future__ import annotations

from vg1core.errors import TargetError
from vg1core.types import Shape, Size, Space


def to_unit(shape: Shape, space: Space, *, image_size: Size | None = None, sent_size: Size | None = None) -> Shape:
    """Convert x, y, x, y … from `space` to 0-1 of the picture.

    :param image_size: size of the original picture, needed for `pixel`.
    :param sent_size: size of the picture as the model saw it, needed for `sent_pixel`.
    :raises TargetError: where the size that the space needs is not known.
    """
    match space:
        case "unit":
            return shape
        case "permille":
            scale: tuple[float, float] = (1000.0, 1000.0)
        case "pixel" | "sent_pixel":
            size = image_size if space == "pixel" else sent_size
            if size is None:
                field = "image_sizes" if space == "pixel" else "sent_sizes"
                raise TargetError(f"coordinates in '{space}' cannot be placed: the response has no '{field}'")
            scale = (float(size[0]), float(size[1]))
    return tuple(value / scale[i % 2] for i, value in enumerate(shape))


def same_space(
    a: Shape, a_space: Space, b: Shape, b_space: Space, *, image_size: Size | None, sent_size: Size | None
) -> tuple[Shape, Shape]:
    """Both shapes in one space; untouched where they share theirs already (so that no size is needed)."""
    if a_space == b_space:
        return a, b
    return (
        to_unit(a, a_space, image_size=image_size, sent_size=sent_size),
        to_unit(b, b_space, image_size=image_size, sent_size=sent_size),
    )
