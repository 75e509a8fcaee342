"""Things that stand in scenes: animals, furniture, vehicles, fruit. Each is drawn around its foot or its centre."""

from __future__ import annotations

from fixture_art.canvas import INK, Canvas


def table(c: Canvas, x: float, y: float, w: float = 150, h: float = 74) -> None:
    """A table whose top's middle is at (x, y)."""
    for leg in (x - w * 0.44, x + w * 0.40):
        c.rect(leg, y + 8, 8, h, "#7a4f2e")
    c.rect(x - w / 2, y, w, 11, "#9c6a3f", radius=3)


def cup(c: Canvas, x: float, y: float, colour: str = "#c94f4f", size: float = 1) -> None:
    """A cup standing on (x, y)."""
    c.arc(x + 11 * size, y - 11 * size, 7 * size, -90, 90, colour, 3 * size)
    c.polygon([(x - 11 * size, y - 22 * size), (x + 11 * size, y - 22 * size), (x + 8 * size, y), (x - 8 * size, y)],
              colour)  # fmt: skip
    c.ellipse(x, y - 22 * size, 11 * size, 3 * size, "#6b3a22", colour, 1.5)


def cat(c: Canvas, x: float, y: float, colour: str = "#5c5c66", size: float = 1) -> None:
    """A cat sitting on (x, y), seen from the front."""
    s = size
    c.arc(x + 17 * s, y - 16 * s, 13 * s, -60, 100, colour, 4 * s)
    c.ellipse(x, y - 17 * s, 16 * s, 18 * s, colour)
    c.circle(x, y - 40 * s, 13 * s, colour)
    for side in (-1, 1):
        c.polygon([(x + side * 12 * s, y - 57 * s), (x + side * 12 * s, y - 42 * s), (x + side * 3 * s, y - 50 * s)],
                  colour)  # fmt: skip
        c.circle(x + side * 5 * s, y - 42 * s, 2.2 * s, "#e7d56a")
        c.line([(x + side * 3 * s, y - 35 * s), (x + side * 14 * s, y - 34 * s)], "#d8d8de", 0.7 * s)
    c.polygon([(x - 2 * s, y - 37 * s), (x + 2 * s, y - 37 * s), (x, y - 35 * s)], "#d79a9a")


def dog(c: Canvas, x: float, y: float, colour: str = "#a9743f", size: float = 1) -> None:
    """A dog standing on (x, y), looking to the right."""
    s = size
    c.line([(x - 30 * s, y - 34 * s), (x - 42 * s, y - 48 * s)], colour, 5 * s)
    for leg in (-27, -17, 16, 26):
        c.rect(x + leg * s, y - 24 * s, 7 * s, 24 * s, colour, radius=2)
    c.rect(x - 33 * s, y - 42 * s, 68 * s, 24 * s, colour, radius=10 * s)
    c.circle(x + 38 * s, y - 50 * s, 14 * s, colour)
    c.rect(x + 40 * s, y - 51 * s, 22 * s, 12 * s, colour, radius=5 * s)
    c.ellipse(x + 31 * s, y - 47 * s, 5 * s, 11 * s, "#6e4722")
    c.circle(x + 43 * s, y - 54 * s, 2 * s, INK)
    c.circle(x + 61 * s, y - 47 * s, 2.6 * s, INK)


def bird(c: Canvas, x: float, y: float, colour: str = "#4a7fb5") -> None:
    """A small bird standing on (x, y), looking to the right."""
    c.line([(x - 2, y), (x - 2, y - 8)], "#c98a2c", 1.2)
    c.line([(x + 3, y), (x + 3, y - 8)], "#c98a2c", 1.2)
    c.polygon([(x - 24, y - 12), (x - 6, y - 18), (x - 6, y - 8)], colour)
    c.ellipse(x, y - 13, 13, 8, colour)
    c.circle(x + 11, y - 21, 6, colour)
    c.polygon([(x + 16, y - 23), (x + 24, y - 20), (x + 16, y - 18)], "#e0a02e")
    c.circle(x + 13, y - 22, 1.3, "white")


def tree(c: Canvas, x: float, y: float, size: float = 1) -> None:
    """A tree standing on (x, y)."""
    c.rect(x - 6 * size, y - 50 * size, 12 * size, 50 * size, "#6f4a2b")
    for dx, dy, r in ((-18, -62, 20), (18, -62, 20), (0, -80, 25), (0, -58, 20)):
        c.circle(x + dx * size, y + dy * size, r * size, "#3f7d46")


def bus(c: Canvas, x: float, y: float) -> None:
    """A bus standing on (x, y), its left rear wheel first."""
    c.rect(x, y - 66, 130, 58, "#d6a22b", radius=6)
    c.rect(x, y - 28, 130, 5, "#8d6717")
    for n in range(4):
        c.rect(x + 8 + 26 * n, y - 58, 21, 22, "#cfe4f2", radius=2)
    c.rect(x + 112, y - 58, 14, 44, "#b9d3e4", radius=2)
    for wheel in (26, 102):
        c.circle(x + wheel, y - 8, 11, INK)
        c.circle(x + wheel, y - 8, 5, "#aaaab4")


def person(c: Canvas, x: float, y: float, shirt: str = "#3d6ea8", size: float = 1) -> None:
    """A person standing on (x, y)."""
    s = size
    for leg in (-8, 1):
        c.rect(x + leg * s, y - 34 * s, 7 * s, 34 * s, "#3a3f55")
    c.rect(x - 11 * s, y - 68 * s, 22 * s, 38 * s, shirt, radius=6 * s)
    for arm in (-16, 10):
        c.rect(x + arm * s, y - 66 * s, 6 * s, 30 * s, shirt, radius=3 * s)
    c.circle(x, y - 79 * s, 10 * s, "#d9a982")
    c.slice(x, y - 80 * s, 10.5 * s, 180, 360, "#4a3424", "#4a3424")


def bench(c: Canvas, x: float, y: float, w: float = 150) -> None:
    """A bench standing on (x, y), seen from the front."""
    for leg in (-0.42, 0.36):
        c.rect(x + w * leg, y - 62, 8, 62, "#45454d")
    for n in range(3):
        c.rect(x - w / 2, y - 62 + 12 * n, w, 8, "#a2703f", radius=2)
    c.rect(x - w / 2 - 4, y - 26, w + 8, 9, "#b9834c", radius=2)


def boat(c: Canvas, x: float, y: float) -> None:
    """A sailing boat floating at (x, y)."""
    c.rect(x - 1.5, y - 78, 3, 66, "#5a3d25")
    c.polygon([(x + 4, y - 76), (x + 4, y - 20), (x + 44, y - 20)], "#f7f4ea")
    c.polygon([(x - 4, y - 70), (x - 4, y - 20), (x - 30, y - 20)], "#e6c6c0")
    c.polygon([(x - 42, y - 14), (x + 46, y - 14), (x + 32, y + 6), (x - 30, y + 6)], "#a3413a")


def lighthouse(c: Canvas, x: float, y: float) -> None:
    """A lighthouse standing on (x, y)."""
    c.polygon([(x - 20, y), (x + 20, y), (x + 12, y - 100), (x - 12, y - 100)], "#f3f0ea")
    for n in (0, 2):
        low, high = y - 20 - 25 * n, y - 45 - 25 * n
        a, b = 20 - 8 * (y - low) / 100, 20 - 8 * (y - high) / 100
        c.polygon([(x - a, low), (x + a, low), (x + b, high), (x - b, high)], "#c8453f")
    c.rect(x - 10, y - 118, 20, 18, "#f5d564", INK, 1)
    c.polygon([(x - 14, y - 118), (x + 14, y - 118), (x, y - 132)], "#7d2b27")


def apple(c: Canvas, x: float, y: float, colour: str = "#c63d3a") -> None:
    """An apple around (x, y)."""
    c.circle(x - 6, y, 15, colour)
    c.circle(x + 6, y, 15, colour)
    c.line([(x, y - 11), (x + 3, y - 22)], "#5a3d25", 2.4)
    c.ellipse(x + 10, y - 20, 7, 3.4, "#4f9a4a")
    c.ellipse(x - 10, y - 6, 2.6, 4.4, "#e98c86")


def balloon(c: Canvas, x: float, y: float, colour: str) -> None:
    """A balloon around (x, y), its string hanging."""
    c.line([(x, y + 24), (x - 4, y + 46), (x + 3, y + 68)], "#7d7d88", 1)
    c.polygon([(x - 4, y + 28), (x + 4, y + 28), (x, y + 21)], colour)
    c.ellipse(x, y, 19, 24, colour)
    c.ellipse(x - 7, y - 9, 3.4, 6, "#f3ecec")
