"""Plane geometry: one diagram each, in thin black lines, as in a textbook."""

from __future__ import annotations

from math import cos, radians, sin

from fixture_art.canvas import Canvas


def right_triangle(legs: tuple[str, str], hypotenuse: str) -> Canvas:
    """A right triangle with a name at each side."""
    c = Canvas(260, 200)
    c.polygon([(40, 165), (220, 165), (40, 30)], None, "black", 1.5)
    c.line([(40, 152), (53, 152), (53, 165)], "black")
    c.text(24, 98, legs[0], 15)
    c.text(130, 182, legs[1], 15)
    c.text(144, 84, hypotenuse, 15)
    return c


def thirty_sixty() -> Canvas:
    """A right triangle with a 30° corner, hypotenuse 8, and the long leg to be found."""
    c = Canvas(280, 180)
    c.polygon([(30, 145), (250, 145), (250, 18)], None, "black", 1.5)
    c.line([(238, 145), (238, 133), (250, 133)], "black")
    c.arc(30, 145, 40, -30, 0, "black")
    c.text(92, 130, "30°", 13)
    c.text(128, 70, "8", 15)
    c.text(140, 162, "x", 15)
    return c


def transversal() -> Canvas:
    """Two parallel lines cut by a third; 65° above, y below."""
    c = Canvas(280, 190)
    for y in (60, 130):
        c.line([(20, y), (260, y)], "black", 1.5)
        c.polygon([(200, y - 4), (208, y), (200, y + 4)], "black")
    c.line([(98, 172), (170, 18)], "black", 1.5)
    c.arc(150, 60, 18, -65, 0, "black")
    c.text(182, 46, "65°", 13)
    c.arc(118, 130, 16, 180, 295, "black")
    c.text(94, 116, "y°", 13)
    return c


def inscribed() -> Canvas:
    """A circle with an inscribed angle of 40° and the central angle over the same arc."""
    c = Canvas(230, 220)
    x, y, r = 115.0, 112.0, 86.0

    def on(angle: float) -> tuple[float, float]:
        return x + r * cos(radians(angle)), y - r * sin(radians(angle))

    a, b, top = on(230), on(310), on(95)
    c.circle(x, y, r, None, "black", 1.5)
    c.line([a, top, b], "black", 1.5)
    c.line([a, (x, y), b], "black", 1.5)
    c.circle(x, y, 2.4, "black")
    c.text(top[0] + 2, top[1] + 44, "40°", 12)
    c.text(x, y + 24, "x°", 13)
    c.text(a[0] - 10, a[1] + 8, "A", 13)
    c.text(b[0] + 10, b[1] + 8, "B", 13)
    c.text(top[0], top[1] - 11, "C", 13)
    return c


def parallel_cut() -> Canvas:
    """Triangle ABC with DE parallel to BC: AD = 4, DB = 6, AE = 3, EC = x."""
    c = Canvas(270, 210)
    a, b, e = (130.0, 28.0), (30.0, 178.0), (230.0, 178.0)
    d1 = (a[0] + (b[0] - a[0]) * 0.4, a[1] + (b[1] - a[1]) * 0.4)
    d2 = (a[0] + (e[0] - a[0]) * 0.4, a[1] + (e[1] - a[1]) * 0.4)
    c.polygon([a, b, e], None, "black", 1.5)
    c.line([d1, d2], "black", 1.5)
    named = ((a, "A", 0, -12), (b, "B", -11, 8), (e, "C", 11, 8), (d1, "D", -12, -2), (d2, "E", 12, -2))
    for (px, py), name, dx, dy in named:
        c.text(px + dx, py + dy, name, 13)
    c.text(98, 56, "4", 14)
    c.text(48, 128, "6", 14)
    c.text(164, 56, "3", 14)
    c.text(214, 128, "x", 14)
    return c
