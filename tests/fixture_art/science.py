"""School science: particles, magnets, a food chain, a map with a compass."""

from __future__ import annotations

from fixture_art.canvas import INK, Canvas


def states() -> Canvas:
    """Three beakers: ordered, loose and sparse particles, named A, B and C."""
    c = Canvas(330, 170)
    solid = [(20 + 14 * col, 96 - 14 * row) for row in range(3) for col in range(4)]
    liquid = [(16, 96), (32, 92), (50, 97), (68, 92), (24, 78), (42, 76), (60, 78), (16, 64), (34, 60), (66, 62)]
    gas = [(18, 22), (62, 34), (38, 58), (70, 78), (20, 92)]
    for n, places in enumerate((solid, liquid, gas)):
        x = 18 + 104 * n
        c.line([(x, 22), (x, 132), (x + 86, 132), (x + 86, 22)], INK, 2)
        for px, py in places:
            c.circle(x + px + 1, py + 24, 6.6, "#4f86c6", "#2d5a92", 1)
        c.text(x + 43, 152, "ABC"[n], 15)
    return c


def magnets() -> Canvas:
    """Two bar magnets in a row, a north pole facing a south pole."""
    c = Canvas(320, 120)
    for x in (24, 176):
        for shift, colour, pole in ((0, "#4a7fc0", "S"), (60, "#c8453f", "N")):
            c.rect(x + shift, 42, 60, 36, colour)
            c.text(x + shift + 30, 60, pole, 17, "white")
    return c


def food_chain(*names: str) -> Canvas:
    """Boxes in a row, an arrow from the eaten to the eater."""
    c = Canvas(400, 90)
    wide = 78
    gap = (400 - 16 - wide * len(names)) / (len(names) - 1)
    for n, name in enumerate(names):
        x = 8 + (wide + gap) * n
        c.rect(x, 28, wide, 34, "#e6f0dc", "#5f8a4a", 1.4, 6)
        c.text(x + wide / 2, 45, name, 12)
        if n:
            c.line([(x - gap + 3, 45), (x - 8, 45)], INK, 2)
            c.polygon([(x - 9, 40), (x - 2, 45), (x - 9, 50)], INK)
    return c


def island() -> Canvas:
    """A map of an island with four towns and a compass."""
    c = Canvas(300, 220, "#bcdcec")
    c.polygon([(40, 110), (70, 50), (130, 30), (200, 44), (250, 92), (236, 150), (180, 196), (110, 188), (60, 160)],
              "#e3d9a8", "#a99a5e", 2)  # fmt: skip
    for x, y, name in ((126, 56, "Alder"), (84, 120, "Birch"), (206, 108, "Cedar"), (146, 166, "Dogwood")):
        c.circle(x, y, 4, "#b03a35")
        c.text(x, y + 14, name, 12)
    c.circle(270, 34, 17, "white", INK, 1)
    c.polygon([(270, 20), (265, 36), (275, 36)], "#b03a35")
    c.polygon([(270, 48), (265, 36), (275, 36)], "#8d97a0")
    c.text(270, 10, "N", 11)
    return c
