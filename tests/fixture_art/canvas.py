"""A picture to draw on, in its own pixels, smoothed by drawing it larger and shrinking it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
SCALE = 3
INK = "#2b2b33"


class Canvas:
    """Shapes and text at sizes in final pixels.

    :param sky: colour at the top; fades into `ground` at the bottom where that is given.
    """

    def __init__(self, width: int, height: int, sky: str = "white", ground: str | None = None) -> None:
        self.width, self.height = width, height
        size = (width * SCALE, height * SCALE)
        self.image = Image.new("RGB", size, sky)
        if ground:
            mask = Image.linear_gradient("L").resize(size)
            self.image.paste(Image.new("RGB", size, ground), mask=mask)
        self.draw = ImageDraw.Draw(self.image)

    def rect(self, x: float, y: float, w: float, h: float, fill: str | None, outline: str | None = None,
             width: float = 1, radius: float = 0) -> None:  # fmt: skip
        """A rectangle from its upper left corner."""
        box = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        self.draw.rounded_rectangle(box, radius * SCALE, fill, outline, round(width * SCALE) if outline else 0)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str | None, outline: str | None = None,
                width: float = 1) -> None:  # fmt: skip
        """An ellipse around its centre."""
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.draw.ellipse(box, fill, outline, round(width * SCALE) if outline else 0)

    def circle(self, x: float, y: float, r: float, fill: str | None, outline: str | None = None,
               width: float = 1) -> None:  # fmt: skip
        """A circle around its centre."""
        self.ellipse(x, y, r, r, fill, outline, width)

    def polygon(self, points: Sequence[Point], fill: str | None, outline: str | None = None, width: float = 1) -> None:
        """A closed shape."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        if fill:
            self.draw.polygon(scaled, fill)
        if outline:
            self.line([*points, points[0], points[1]], outline, width)

    def line(self, points: Sequence[Point], fill: str = INK, width: float = 1) -> None:
        """A line through points."""
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE), joint="curve")

    def arc(self, x: float, y: float, r: float, start: float, end: float, fill: str = INK, width: float = 1) -> None:
        """Part of a circle, in degrees clockwise from three o'clock."""
        box = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self.draw.arc(box, start, end, fill, round(width * SCALE))

    def slice(self, x: float, y: float, r: float, start: float, end: float, fill: str, outline: str = "white") -> None:
        """A piece of a pie, in degrees clockwise from three o'clock."""
        box = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self.draw.pieslice(box, start, end, fill, outline, SCALE)

    def text(self, x: float, y: float, text: str, size: float = 12, fill: str = INK, anchor: str = "mm") -> None:
        """A line of text in Pillow's own font; `anchor` as in Pillow (`mm`: centred on the point)."""
        self.draw.text((x * SCALE, y * SCALE), text, fill, ImageFont.load_default(size * SCALE), anchor)

    def save(self, path: Path) -> None:
        """Shrink and write: PNG with 256 colours for drawings, JPEG for scenes, by the path's ending."""
        small = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".jpg":
            small.save(path, quality=85)
        else:
            small.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
