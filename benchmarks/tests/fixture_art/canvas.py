"""What the fixture pictures are drawn on, and their colours."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

INK, GREY, PALE, WHITE = "#22303c", "#8795a1", "#e8edf2", "#ffffff"
RED, ORANGE, TEAL, BLUE, GREEN, YELLOW = "#d1495b", "#ef8a3c", "#00798c", "#3066be", "#5b9a53", "#edc531"


class Canvas:
    """A picture drawn three times as large and scaled down, so that its edges are smooth."""

    def __init__(self, width, height, background=WHITE):
        self.size = (width, height)
        self.image = Image.new("RGB", (width * 3, height * 3), background)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x1, y1, x2, y2, fill=None, outline=None, radius=0, width=1):
        at = [3 * value for value in (x1, y1, x2, y2)]
        self.pen.rounded_rectangle(at, 3 * radius, fill, outline, 3 * width)
        return [x1, y1, x2, y2]

    def disc(self, x, y, r, fill=None, outline=None, width=1):
        at = [3 * value for value in (x - r, y - r, x + r, y + r)]
        self.pen.ellipse(at, fill, outline, 3 * width)
        return [x - r, y - r, x + r, y + r]

    def line(self, points, fill=INK, width=1):
        self.pen.line([(3 * x, 3 * y) for x, y in points], fill, 3 * width, joint="curve")

    def shape(self, points, fill=None, outline=None, width=2):
        self.pen.polygon([(3 * x, 3 * y) for x, y in points], fill, outline, 3 * width)

    def text(self, x, y, text, size=12, fill=INK, anchor="lm"):
        font = ImageFont.load_default(3 * size)
        self.pen.text((3 * x, 3 * y), text, fill, font, anchor)
        return [round(value / 3) for value in self.pen.textbbox((3 * x, 3 * y), text, font, anchor)]

    def save(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        small.quantize(256, Image.Quantize.FASTOCTREE).save(path, optimize=True)
