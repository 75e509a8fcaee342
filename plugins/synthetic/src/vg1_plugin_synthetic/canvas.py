"""The square canvas all samples are drawn on, and the named shapes and colours.

Scenes are laid out on a grid of `GRID` × `GRID` units, whatever the size in pixels, so that one seed gives the same
scene at every size. A box (x1, y1, x2, y2) fills the pixels from its first edge up to, and without, its second:
what `Canvas.pixels` returns is exactly what was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

Box: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2, in grid units unless said otherwise."""
Point: TypeAlias = tuple[float, float]
Colour: TypeAlias = tuple[int, int, int]

GRID = 112
"""Units along a side of the canvas; the smallest size in pixels too."""
TEXT = 11.0
"""Usual height of letters, in units, which can still be read at one pixel to the unit."""

COLOURS: dict[str, Colour] = {
    "red": (214, 30, 40),
    "blue": (25, 85, 225),
    "green": (20, 150, 60),
    "yellow": (250, 205, 20),
    "purple": (140, 55, 175),
    "orange": (255, 130, 0),
    "pink": (255, 130, 190),
    "black": (25, 25, 25),
}
"""Colours that questions name."""
SHAPES = ("circle", "square", "triangle", "star", "diamond", "cross")
"""Shapes that questions name."""

INK: Colour = (35, 35, 45)
GREY: Colour = (150, 150, 158)
PALE: Colour = (222, 222, 228)
WHITE: Colour = (255, 255, 255)
PAPERS: tuple[Colour, ...] = ((252, 252, 250), (244, 247, 252), (250, 246, 238), (243, 249, 243))


class Canvas:
    """A picture being drawn, in grid units.

    :param size: pixels of a side.
    :param paper: colour of the background.
    """

    def __init__(self, size: int, paper: Colour) -> None:
        from PIL import Image, ImageDraw

        self.size = size
        self.scale = size / GRID
        self.paper = paper
        self._fonts: dict[int, FreeTypeFont | ImageFont] = {}
        self.image = Image.new("RGB", (size, size), paper)
        self.draw = ImageDraw.Draw(self.image)

    def px(self, units: float) -> int:
        """Units as whole pixels."""
        return round(units * self.scale)

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """A box in whole pixels; its second corner lies one past the last pixel."""
        x1, y1, x2, y2 = (self.px(value) for value in box)
        return x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)

    def shape_of(self, box: Box) -> tuple[float, ...]:
        """A box in pixels, as targets hold it."""
        return tuple(float(value) for value in self.pixels(box))

    def _inside(self, box: Box) -> tuple[int, int, int, int]:
        x1, y1, x2, y2 = self.pixels(box)
        return x1, y1, x2 - 1, y2 - 1

    def _width(self, units: float) -> int:
        return max(1, self.px(units))

    def rect(
        self, box: Box, fill: Colour | None, *, line: Colour | None = None, width: float = 1, r: float = 0
    ) -> None:
        """A rectangle, with rounded corners where `r` is given."""
        stroke = self._width(width) if line else 0
        self.draw.rounded_rectangle(self._inside(box), self.px(r), fill, line, stroke)

    def oval(self, box: Box, fill: Colour | None, *, line: Colour | None = None, width: float = 1) -> None:
        """An ellipse that fills a box."""
        self.draw.ellipse(self._inside(box), fill, line, self._width(width) if line else 0)

    def disc(self, x: float, y: float, radius: float, fill: Colour | None, *, line: Colour | None = None) -> None:
        """A circle around a point."""
        self.oval((x - radius, y - radius, x + radius, y + radius), fill, line=line)

    def line(self, points: Sequence[Point], colour: Colour = INK, width: float = 1) -> None:
        """A line through points."""
        places = [(self.px(x), self.px(y)) for x, y in points]
        self.draw.line(places, colour, self._width(width), joint="curve")

    def polygon(self, points: Sequence[Point], fill: Colour, line: Colour | None = None) -> None:
        """A filled polygon."""
        self.draw.polygon([(self.px(x), self.px(y)) for x, y in points], fill, line)

    def pie(self, box: Box, start: float, end: float, fill: Colour) -> None:
        """A slice of an ellipse, in degrees clockwise from three o'clock."""
        self.draw.pieslice(self._inside(box), start, end, fill)

    def arrow(self, start: Point, end: Point, colour: Colour = INK, width: float = 1.2, head: float = 4) -> None:
        """A line with a filled head at its end."""
        (x1, y1), (x2, y2) = start, end
        length = math.hypot(x2 - x1, y2 - y1)
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        base = (x2 - dx * head, y2 - dy * head)
        self.line([start, base], colour, width)
        side = head * 0.6
        left, right = (base[0] - dy * side, base[1] + dx * side), (base[0] + dy * side, base[1] - dx * side)
        self.polygon([end, left, right], colour)

    def text(
        self, x: float, y: float, text: str, colour: Colour = INK, *, height: float = TEXT, anchor: str = "mm"
    ) -> None:
        """Words, placed by Pillow's anchors: `mm` is the middle, `lm` the left end, `rm` the right end."""
        self.draw.text((self.px(x), self.px(y)), text, colour, self._font(height), anchor)

    def text_width(self, text: str, height: float = TEXT) -> float:
        """Width of words, in units."""
        return float(self.draw.textlength(text, self._font(height))) / self.scale

    def _font(self, height: float) -> FreeTypeFont | ImageFont:
        from PIL import ImageFont

        pixels = self.px(height)
        if pixels not in self._fonts:
            # The font inside Pillow, with its basic layout: the same letters on every machine.
            self._fonts[pixels] = ImageFont.load_default(pixels)
        return self._fonts[pixels]

    def shape(self, kind: str, colour: Colour, box: Box) -> None:
        """One of `SHAPES`, which touches all four sides of its box."""
        x1, y1, x2, y2 = self._inside(box)
        if kind == "circle":
            self.draw.ellipse((x1, y1, x2, y2), colour)
        elif kind == "square":
            self.draw.rectangle((x1, y1, x2, y2), colour)
        elif kind == "cross":
            dx, dy = round((x2 - x1) * 0.34), round((y2 - y1) * 0.34)
            self.draw.rectangle((x1 + dx, y1, x2 - dx, y2), colour)
            self.draw.rectangle((x1, y1 + dy, x2, y2 - dy), colour)
        else:
            outline = OUTLINES[kind]
            points = [(round(x1 + u * (x2 - x1)), round(y1 + v * (y2 - y1))) for u, v in outline]
            self.draw.polygon(points, colour)

    def png(self) -> bytes:
        """The picture as a PNG file; the same pixels give the same bytes."""
        file = BytesIO()
        self.image.save(file, "PNG", compress_level=3)
        return file.getvalue()


def _star() -> tuple[Point, ...]:
    radii = (1.0, 0.45)
    turns = [(radii[n % 2], math.pi * (n / 5 - 0.5)) for n in range(10)]
    points = [(r * math.cos(angle), r * math.sin(angle)) for r, angle in turns]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return tuple(((x - left) / (right - left), (y - top) / (bottom - top)) for x, y in points)


OUTLINES: dict[str, tuple[Point, ...]] = {
    "triangle": ((0, 1), (1, 1), (0.5, 0)),
    "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "star": _star(),
}
"""Corners of shapes as fractions of their box."""


def cells(columns: int, rows: int, area: Box = (0, 0, GRID, GRID)) -> list[Box]:
    """An area cut into equal cells, row by row."""
    x1, y1, x2, y2 = area
    w, h = (x2 - x1) / columns, (y2 - y1) / rows
    return [(x1 + w * c, y1 + h * r, x1 + w * (c + 1), y1 + h * (r + 1)) for r in range(rows) for c in range(columns)]


def somewhere(rng: Random, cell: Box, width: float, height: float | None = None, *, margin: float = 2) -> Box:
    """A box of whole units at a random place within a cell, `margin` away from its sides."""
    tall = width if height is None else height
    x = rng.randint(math.ceil(cell[0] + margin), math.floor(cell[2] - margin - width))
    y = rng.randint(math.ceil(cell[1] + margin), math.floor(cell[3] - margin - tall))
    return x, y, x + width, y + tall


def centre(box: Box) -> Point:
    """Middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
