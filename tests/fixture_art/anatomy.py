"""Schematic radiographs: outlines in shades of grey, no picture of any patient."""

from __future__ import annotations

from PIL import ImageFilter

from fixture_art.canvas import SCALE, Canvas


def soften(c: Canvas, radius: float) -> None:
    """Blur what was drawn so far, as an X-ray is soft."""
    c.image.paste(c.image.filter(ImageFilter.GaussianBlur(radius * SCALE)))


def chest(*, nodule: bool = False) -> Canvas:
    """A chest from the front; with a round shadow in the patient's right upper lung (the picture's left)."""
    c = Canvas(240, 250, "#101012")
    c.polygon([(30, 250), (18, 120), (52, 60), (98, 40), (142, 40), (188, 60), (222, 120), (210, 250)], "#5c5c60")
    for side in (-1, 1):
        x = 120 + side * 47
        c.ellipse(x, 120, 35, 74, "#1d1d20")
        c.rect(x - 35, 130, 70, 56, "#1d1d20", radius=16)
    c.polygon([(30, 210), (60, 176), (110, 186), (110, 250), (30, 250)], "#77777b")
    c.polygon([(210, 216), (184, 186), (130, 190), (130, 250), (210, 250)], "#6f6f73")
    c.rect(108, 30, 24, 220, "#96969b", radius=8)
    c.polygon([(104, 108), (132, 104), (160, 140), (172, 178), (150, 192), (106, 188)], "#a3a3a8")
    if nodule:
        c.circle(76, 84, 10, "#c9c9ce")
    soften(c, 3)
    for n in range(7):
        for side in (-1, 1):
            y = 62 + 19 * n
            out = 28 + min(n, 4) * 8
            bow = [(120 + side * (12 + out * t / 4 * 1.5), y + 5 * (t - 2) ** 2 / 2 - 8) for t in range(5)]
            c.line(bow, "#7d7d82", 2.4)
    for side in (-1, 1):
        c.line([(120 + side * 8, 56), (120 + side * 50, 42), (120 + side * 88, 52)], "#b9b9be", 5)
    soften(c, 1)
    c.text(20, 20, "R", 15, "#e8e8ec")
    return c


def head(*, lesion: bool = False) -> Canvas:
    """A slice through a head; with a bright lens-shaped lesion under the skull on the picture's right."""
    c = Canvas(220, 250, "#0c0c0e")
    c.ellipse(110, 126, 88, 108, "#dcdce0")
    c.ellipse(110, 126, 78, 98, "#68686d")
    for n in range(12):
        y = 48 + 14 * n
        half = 70 * (1 - ((y - 126) / 100) ** 2) ** 0.5
        for side in (-1, 1):
            c.line([(110 + side * half, y), (110 + side * (half - 16), y + 4)], "#4a4a4f", 2)
    shift = -8 if lesion else 0
    c.line([(110, 32), (110 + shift, 126), (110, 220)], "#8e8e94", 1.8)
    for side in (-1, 1):
        squeeze = 0.6 if lesion and side == 1 else 1
        x = 110 + shift + side * 12
        c.ellipse(x, 108, 8 * squeeze, 24, "#26262a")
        c.ellipse(x + side * 5, 150, 7 * squeeze, 18, "#26262a")
    if lesion:
        c.ellipse(173, 122, 16, 44, "#d3d3d8")
        c.ellipse(110, 126, 88, 108, None, "#dcdce0", 10)
    soften(c, 1.4)
    c.text(18, 18, "R", 15, "#e8e8ec")
    return c
