"""An eye for pictures: what tests use to find targets again from the pixels, without the code that made them."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image

from vg1_plugin_synthetic.canvas import COLOURS
from vg1_plugin_synthetic.drawn import Drawn
from vg1_plugin_synthetic.spec import LEVELS, parse
from vg1_plugin_synthetic.synthetic import make

Pixels = set[tuple[int, int]]


def drawn(task: str, *, size: int = 112, count: int = 8) -> list[tuple[str, Drawn]]:
    """Some samples of a task at every level."""
    specs = [parse(f"{level};task={task};size={size};seed=21") for level in LEVELS]
    return [(spec.level, make(spec, spec.item(number))) for spec in specs for number in range(count)]


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def pixels(png: bytes, colour: tuple[int, int, int]) -> Pixels:
    image = picture(png)
    data, width = image.tobytes(), image.width
    wanted = bytes(colour)
    return {(n % width, n // width) for n in range(len(data) // 3) if data[3 * n : 3 * n + 3] == wanted}


def bounds(points: Pixels) -> tuple[float, ...]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


CROSS = ((1, 0), (-1, 0), (0, 1), (0, -1))
ROUND = (*CROSS, (1, 1), (1, -1), (-1, 1), (-1, -1))


def patches(points: Pixels, smallest: int = 4, *, steps: tuple[tuple[int, int], ...] = ROUND) -> list[Pixels]:
    """Connected groups of pixels; specks of text are left out."""
    rest, found = set(points), []
    while rest:
        group, edge = set(), {rest.pop()}
        while edge:
            group |= edge
            edge = {(x + dx, y + dy) for x, y in edge for dx, dy in steps} & rest
            rest -= edge
        found.append(group)
    return [group for group in found if len(group) >= smallest]


def form(group: Pixels) -> str:
    """Name of a shape, from the share of its box that it fills and from its first and last row."""
    x1, y1, x2, y2 = bounds(group)
    share = len(group) / ((x2 - x1) * (y2 - y1))
    top, bottom = (sum(y == row for _, y in group) / (x2 - x1) for row in (y1, y2 - 1))
    if share > 0.72:
        return "square" if share > 0.97 else "circle"
    if bottom == 1:
        return "triangle"
    if share < 0.46:
        return "star"
    return "cross" if top > 0.2 else "diamond"


def shapes(png: bytes) -> list[tuple[str, tuple[float, ...]]]:
    """Name and box of every coloured shape of a picture."""
    return [
        (f"{name} {form(group)}", bounds(group))
        for name, colour in COLOURS.items() for group in patches(pixels(png, colour), 30)
    ]  # fmt: skip


def named(png: bytes, name: str) -> tuple[float, ...]:
    (box,) = [box for found, box in shapes(png) if found == name]
    return box


def option(sample: Drawn) -> str:
    return sample.choices["ABCD".index(sample.target.letters)]


@pytest.fixture
def eye() -> SimpleNamespace:
    """The functions above, by name."""
    return SimpleNamespace(
        drawn=drawn, picture=picture, pixels=pixels, bounds=bounds, patches=patches, shapes=shapes, named=named,
        option=option, straight=CROSS,
    )  # fmt: skip
