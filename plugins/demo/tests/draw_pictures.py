"""Draw the pictures of the demo rows: `python plugins/demo/tests/draw_pictures.py` writes them anew."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROWS = Path(__file__).parents[1] / "src/vg1_plugin_demo/rows"
INK, PAPER = "#20242c", "#fbfaf7"
RED, GREEN, BLUE, GOLD = "#c8473b", "#4c9a5f", "#3f6fb5", "#d9a441"


def png(image: Image.Image) -> bytes:
    """The encoded picture."""
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty sheet and its pen."""
    image = Image.new("RGB", (width, height), PAPER)
    return image, ImageDraw.Draw(image)


def bars() -> Image.Image:
    """A bar chart: red 23, green 42, blue 35, gold 12."""
    image, draw = canvas(336, 224)
    font = ImageFont.load_default(size=14)
    draw.line([(40, 14), (40, 190), (322, 190)], fill=INK, width=2)
    for n, (name, value, colour) in enumerate(
        [("red", 23, RED), ("green", 42, GREEN), ("blue", 35, BLUE), ("gold", 12, GOLD)]
    ):
        left = 62 + n * 66
        draw.rectangle([left, 190 - value * 4, left + 40, 189], fill=colour)
        draw.text((left + 20, 184 - value * 4), str(value), fill=INK, font=font, anchor="ms")
        draw.text((left + 20, 208), name, fill=INK, font=font, anchor="ms")
    return image


def screen() -> Image.Image:
    """A dialogue with the buttons Cancel [40, 140, 140, 176] and Save [196, 140, 296, 176]."""
    image, draw = canvas(336, 224)
    font, small = ImageFont.load_default(size=16), ImageFont.load_default(size=13)
    draw.rounded_rectangle([16, 24, 320, 196], radius=10, fill="white", outline="#b9bec8", width=2)
    draw.text((40, 48), "Save changes?", fill=INK, font=font)
    draw.text((40, 82), "Your text has changed since you opened it.", fill="#5b6270", font=small)
    draw.rounded_rectangle([40, 140, 140, 176], radius=6, fill="#eceff4", outline="#b9bec8")
    draw.rounded_rectangle([196, 140, 296, 176], radius=6, fill=BLUE)
    draw.text((90, 158), "Cancel", fill=INK, font=font, anchor="mm")
    draw.text((246, 158), "Save", fill="white", font=font, anchor="mm")
    return image


def triangle() -> Image.Image:
    """A right triangle with legs 3 and 4."""
    image, draw = canvas(280, 224)
    font = ImageFont.load_default(size=18)
    draw.polygon([(50, 180), (230, 180), (50, 45)], fill="#eef2fa", outline=INK, width=3)
    draw.rectangle([50, 164, 66, 180], outline=INK, width=2)
    draw.text((140, 203), "4", fill=INK, font=font, anchor="mm")
    draw.text((32, 112), "3", fill=INK, font=font, anchor="mm")
    draw.text((156, 100), "x", fill=INK, font=font, anchor="mm")
    return image


def ball() -> Image.Image:
    """A red ball in the box [60, 70, 160, 170], and a blue square."""
    image, draw = canvas(336, 224)
    draw.rectangle([0, 176, 336, 224], fill="#dfe7d8")
    draw.ellipse([60, 70, 160, 170], fill=RED)
    draw.ellipse([82, 88, 106, 108], fill="#e08a81")
    draw.rectangle([220, 110, 286, 176], fill=BLUE)
    return image


def pictures() -> dict[str, bytes]:
    """File name → content."""
    found = {f"{draw.__name__}.png": png(draw()) for draw in (bars, screen, triangle, ball)}
    found["torn.png"] = found["bars.png"][:400]
    return found


if __name__ == "__main__":
    for name, data in pictures().items():
        (ROWS / name).write_bytes(data)
