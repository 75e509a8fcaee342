"""Scenes that stand in for photographs: rooms, streets, the sea, weather."""

from __future__ import annotations

from random import Random

from fixture_art import things
from fixture_art.canvas import INK, Canvas


def room(wall: str = "#efe3cf", floor: str = "#b98d5f") -> Canvas:
    """An empty room."""
    c = Canvas(320, 220, wall, "#e2d2b6")
    c.rect(0, 160, 320, 60, floor)
    for x in (60, 150, 240):
        c.line([(x, 160), (x - (160 - x) * 0.35, 220)], "#a67c51", 1)
    c.rect(0, 155, 320, 6, "#cdb894")
    return c


def outdoors(sky: str = "#8fc1e8", ground: str = "#7fae62") -> Canvas:
    """A meadow under the sky."""
    c = Canvas(320, 220, sky, "#e9f3fa")
    c.rect(0, 150, 320, 70, ground)
    return c


def cat_under_table() -> Canvas:
    """A cat under a table, a cup on it."""
    c = room()
    c.rect(222, 26, 66, 74, "#bfe0ef", "#8a6a48", 4)
    c.line([(255, 26), (255, 100)], "#8a6a48", 3)
    things.table(c, 140, 108, 180, 88)
    things.cup(c, 104, 108)
    things.cat(c, 144, 198, size=0.95)
    return c


def bus_and_tree() -> Canvas:
    """A bus left of a tree; a person stands right of both."""
    c = outdoors()
    c.rect(0, 172, 320, 48, "#777780")
    for x in range(10, 320, 60):
        c.rect(x, 194, 32, 4, "#e8e4d0")
    things.tree(c, 216, 170, 1.15)
    things.bus(c, 26, 190)
    things.person(c, 284, 178, "#a8453d")
    return c


def dog_behind_bench() -> Canvas:
    """A dog behind a bench, a bird on its back rest."""
    c = outdoors("#a9cfe6", "#86b06a")
    things.tree(c, 46, 160, 1.1)
    things.dog(c, 160, 182, size=1.15)
    things.bench(c, 170, 196, 170)
    things.bird(c, 110, 134)
    return c


def boat_and_lighthouse() -> Canvas:
    """A boat on the sea, left of a lighthouse on a rock."""
    c = Canvas(320, 220, "#f2b98a", "#f8e3c4")
    c.rect(0, 130, 320, 90, "#3f7f9e")
    for x, y in ((20, 150), (140, 164), (60, 190), (180, 200)):
        c.line([(x, y), (x + 26, y)], "#7fb0c5", 1.6)
    c.polygon([(206, 180), (226, 148), (276, 142), (320, 160), (320, 190), (220, 196)], "#6d6258")
    things.lighthouse(c, 256, 150)
    things.boat(c, 96, 164)
    return c


def rain() -> Canvas:
    """A person under an umbrella in the rain."""
    c = Canvas(320, 220, "#8a95a3", "#c3c9d1")
    c.rect(0, 176, 320, 44, "#6f747c")
    for x, h in ((10, 90), (78, 118), (232, 100)):
        c.rect(x, 176 - h, 60, h, "#7c8490")
        for row in range(3):
            for col in range(3):
                c.rect(x + 9 + 16 * col, 186 - h + 26 * row, 9, 13, "#a7b0bc")
    drops = Random(5)
    for _ in range(90):
        x, y = drops.uniform(0, 320), drops.uniform(0, 205)
        c.line([(x, y), (x - 3, y + 11)], "#d9e4ef", 0.8)
    things.person(c, 168, 204, "#c99a2e", 1.15)
    c.line([(184, 150), (184, 78)], INK, 2)
    c.slice(176, 100, 52, 180, 360, "#b23a48", "#b23a48")
    for x in (141, 176, 211):
        c.slice(x, 101, 17.3, 180, 360, "#a5b0bb", "#a5b0bb")
    c.ellipse(168, 208, 46, 5, "#5d626a")
    return c


def birthday() -> Canvas:
    """A cake with five burning candles on a table."""
    c = room("#e9d5da", "#a98a72")
    for x, colour in ((50, "#4f8fc0"), (288, "#d8a53a"), (238, "#6aa35e")):
        things.balloon(c, x, 56, colour)
    things.table(c, 160, 152, 250, 64)
    c.rect(100, 112, 120, 40, "#f6e3c5", radius=5)
    c.rect(100, 106, 120, 16, "#d9768c", radius=7)
    for n in range(5):
        x = 116 + 22 * n
        c.rect(x - 2, 84, 4, 23, "#f4f4f8")
        c.ellipse(x, 78, 3, 6, "#f2a02c")
        c.ellipse(x, 80, 1.5, 3, "#fbe58a")
    return c


def winter() -> Canvas:
    """A snowman on a snowy field, firs behind."""
    c = outdoors("#9fb9d4", "#f4f7fb")
    for x in (40, 92, 274):
        for n in range(3):
            w = 30 - 7 * n
            c.polygon([(x - w, 156 - 26 * n), (x + w, 156 - 26 * n), (x, 116 - 26 * n)], "#3d6b57")
    for x, y in ((20, 30), (70, 52), (140, 22), (210, 60), (250, 28), (300, 70), (120, 74), (186, 100)):
        c.circle(x, y, 2.2, "white")
    for y, r in ((176, 34), (126, 25), (90, 18)):
        c.circle(176, y, r, "#ffffff", "#c7d3e0", 1.4)
    for x in (170, 182):
        c.circle(x, 86, 2.2, INK)
    c.polygon([(176, 90), (176, 96), (198, 95)], "#e0852f")
    c.rect(160, 70, 32, 5, INK)
    c.rect(166, 50, 20, 22, INK)
    for y in (116, 128, 140):
        c.circle(176, y, 2.4, INK)
    return c


def beach() -> Canvas:
    """A beach with a parasol, the sun low over the sea."""
    c = Canvas(320, 220, "#f0945f", "#fbdca8")
    c.circle(232, 108, 24, "#fdf0b5")
    c.rect(0, 112, 320, 50, "#487f9f")
    for n in range(4):
        c.line([(212 - 6 * n, 120 + 10 * n), (252 + 6 * n, 120 + 10 * n)], "#f6d79a", 1.8)
    c.rect(0, 156, 320, 64, "#e2c48e")
    c.line([(92, 202), (80, 96)], "#6d4b2c", 3)
    c.slice(80, 104, 56, 172, 352, "#c8453f", "#c8453f")
    c.polygon([(80, 48), (60, 110), (98, 105)], "#f3ead8")
    c.polygon([(118, 204), (186, 190), (192, 197), (124, 212)], "#3f8f94")
    return c


def apples(*places: tuple[float, float]) -> Canvas:
    """A plate with apples at the given places."""
    c = Canvas(200, 160, "#d9c3a3", "#b89468")
    c.ellipse(100, 96, 86, 52, "#f1f1ef", "#c9c9c4", 1.5)
    c.ellipse(100, 94, 64, 36, "#e4e4e0")
    for x, y in places:
        things.apple(c, x, y)
    return c


def pet(kind: str, colour: str) -> Canvas:
    """A dog or a cat on a meadow."""
    c = Canvas(200, 160, "#9cc7e6", "#e7f2f8")
    c.rect(0, 104, 200, 56, "#84b068")
    if kind == "dog":
        things.dog(c, 94, 140, colour, 1.1)
    else:
        things.cat(c, 100, 144, colour, 1.25)
    return c


def balloons(*colours: str) -> Canvas:
    """Balloons side by side in the sky."""
    c = Canvas(200, 160, "#a6d2ef", "#eaf5fb")
    for n, colour in enumerate(colours):
        things.balloon(c, 200 * (n + 1) / (len(colours) + 1), 56 + 10 * (n % 2), colour)
    return c


def cups(*colours: str) -> Canvas:
    """Cups side by side on a shelf."""
    c = Canvas(200, 160, "#e8dcc8", "#d7c6aa")
    c.rect(0, 118, 200, 12, "#8a5f3a")
    for n, colour in enumerate(colours):
        things.cup(c, 200 * (n + 1) / (len(colours) + 1), 118, colour, 1.4)
    return c
