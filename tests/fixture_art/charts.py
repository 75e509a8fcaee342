"""Charts: columns, lines, a pie and grouped bars."""

from __future__ import annotations

from fixture_art.canvas import Canvas

COLOURS = ("#3b6fb6", "#e08a2e", "#4f9d5d", "#b8504d", "#7d64a8")
GRID = "#d9dce3"


def columns(title: str, values: dict[str, float], top: float, step: float) -> Canvas:
    """A column for each value, with a scale on the left."""
    c = Canvas(320, 220)
    c.text(160, 16, title, 14)
    left, right, bottom, height = 44, 306, 186, 146
    for n in range(round(top / step) + 1):
        y = bottom - height * n * step / top
        c.line([(left, y), (right, y)], GRID)
        c.text(left - 8, y, f"{n * step:g}", 10, anchor="rm")
    slot = (right - left) / len(values)
    for n, (name, value) in enumerate(values.items()):
        tall = height * value / top
        c.rect(left + slot * (n + 0.2), bottom - tall, slot * 0.6, tall, COLOURS[0])
        c.text(left + slot * (n + 0.5), bottom - tall - 8, f"{value:g}", 10)
        c.text(left + slot * (n + 0.5), bottom + 13, name, 11)
    c.line([(left, bottom), (right, bottom)], width=1.4)
    return c


def line(title: str, values: dict[str, float], top: float, step: float) -> Canvas:
    """One line over named steps."""
    c = Canvas(340, 220)
    c.text(170, 16, title, 13)
    left, right, bottom, height = 40, 326, 186, 144
    for n in range(round(top / step) + 1):
        y = bottom - height * n * step / top
        c.line([(left, y), (right, y)], GRID)
        c.text(left - 8, y, f"{n * step:g}", 10, anchor="rm")
    gap = (right - left - 24) / (len(values) - 1)
    points = [(left + 12 + gap * n, bottom - height * value / top) for n, value in enumerate(values.values())]
    c.line(points, COLOURS[2], 2)
    for (x, y), name in zip(points, values, strict=True):
        c.circle(x, y, 3.4, COLOURS[2])
        c.text(x, bottom + 13, name, 10)
    c.line([(left, bottom), (right, bottom)], width=1.4)
    return c


def pie(title: str, shares: dict[str, int]) -> Canvas:
    """Shares in per cent, with a legend."""
    c = Canvas(320, 210)
    c.text(160, 16, title, 14)
    angle = -90.0
    for n, (name, share) in enumerate(shares.items()):
        c.slice(104, 118, 76, angle, angle + share * 3.6, COLOURS[n])
        c.rect(206, 68 + 26 * n, 13, 13, COLOURS[n], radius=2)
        c.text(226, 75 + 26 * n, f"{name} {share}%", 12, anchor="lm")
        angle += share * 3.6
    return c


def grouped(title: str, names: list[str], series: dict[str, list[float]], top: float) -> Canvas:
    """Two horizontal bars for each name, with a legend."""
    c = Canvas(320, 220)
    c.text(160, 16, title, 14)
    left, width = 66, 232
    for n, name in enumerate(names):
        y = 48 + 46 * n
        c.text(left - 8, y + 16, name, 11, anchor="rm")
        for m, values in enumerate(series.values()):
            wide = width * values[n] / top
            c.rect(left, y + 16 * m, wide, 14, COLOURS[m])
            c.text(left + wide - 5, y + 16 * m + 7, f"{values[n]:g}", 10, "white", "rm")
    c.line([(left, 40), (left, 186)], width=1.4)
    for m, name in enumerate(series):
        c.rect(100 + 80 * m, 198, 11, 11, COLOURS[m], radius=2)
        c.text(116 + 80 * m, 204, name, 11, anchor="lm")
    return c
