"""Everyday scenes: what to take along, what does not belong, what will fall, where a ball rolls."""

from __future__ import annotations

import math
from random import Random

from vg1_plugin_synthetic.canvas import COLOURS, GREY, INK, PALE, PAPERS, Box, Canvas, Colour, Point, cells, somewhere
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, word
from vg1_plugin_synthetic.pictograms import WOOD, thing

TAKE: dict[str, tuple[str, ...]] = {
    "rain": ("umbrella", "sunglasses", "lamp", "book"),
    "sun": ("sunglasses", "gloves", "lamp", "umbrella"),
    "snow": ("gloves", "sunglasses", "lamp", "book"),
    "night": ("lamp", "sunglasses", "umbrella", "book"),
}
"""Weather → what to take along, and what nobody would take instead."""
SKY: dict[str, Colour] = {
    "rain": (150, 165, 185), "sun": (165, 215, 250), "snow": (190, 205, 225), "night": (25, 30, 70),
}  # fmt: skip
GROUPS = (
    ("cup", "fork", "pot", "bottle"), ("hat", "shirt", "shoe", "sock"),
    ("car", "bus", "boat", "bike"), ("tree", "flower", "leaf", "cactus"),
)  # fmt: skip
"""Kitchen, clothes, traffic, plants."""
SMALL = ("cup", "ball", "bottle", "pot", "shoe", "hat")
"""Things that stand on a table."""


def take(rng: Random, level: int, size: int) -> Drawn:
    """What should a person take along in this weather? At the hard level there are two persons."""
    scenes = rng.sample(list(TAKE), 2 if level == 2 else 1)
    canvas = Canvas(size, PALE)
    panels: list[Box] = [(3, 3, 54, 109), (58, 3, 109, 109)] if level == 2 else [(3, 3, 109, 109)]
    for weather, panel in zip(scenes, panels, strict=True):
        _outside(rng, canvas, weather, panel)
    at = rng.randrange(len(scenes))
    who = f"the person on the {('left', 'right')[at]}" if level == 2 else "the person"
    right, *wrong = TAKE[scenes[at]]
    wrong = rng.sample(wrong, (1, 3, 3)[level])
    return choose(rng, f"What should {who} take?", canvas.png(), right, wrong, weather=scenes)


def odd(rng: Random, level: int, size: int) -> Drawn:
    """Which of several things does not belong to the others?"""
    same, other = rng.sample(GROUPS, 2)
    names = [*rng.sample(same, (2, 3, 4)[level]), rng.choice(other)]
    canvas = Canvas(size, rng.choice(PAPERS))
    places = rng.sample(cells(*((2, 2), (2, 2), (3, 2))[level]), len(names))
    boxes = {}
    for name, cell in zip(names, places, strict=True):
        width = rng.randint(*((34, 42), (32, 40), (28, 32))[level])
        box = somewhere(rng, cell, width)
        thing(canvas, name, box)
        boxes[name] = list(canvas.pixels(box))
    wrong = rng.sample(names[:-1], min(3, len(names) - 1))
    return choose(rng, "Which thing does not belong to the others?", canvas.png(), names[-1], wrong, boxes=boxes)


def fall(rng: Random, level: int, size: int) -> Drawn:
    """Which thing hangs in the air, so that it will fall? The others stand on a table, a shelf or the floor."""
    names = rng.sample(SMALL, (2, 4, 5)[level])
    canvas = Canvas(size, (246, 240, 228))
    floor, table_top, shelf = 103.0, 66.0, 30.0
    canvas.rect((0, floor, 112, 112), (205, 185, 160))
    canvas.rect((30, table_top, 82, table_top + 4), WOOD)
    for leg in (35, 73):
        canvas.rect((leg, table_top + 4, leg + 4, floor), WOOD)
    canvas.rect((72, shelf, 110, shelf + 3), GREY)
    # Left edge and foot of each place; a foot is on its support, or clearly above it.
    stands: list[Point] = [(33, table_top), (61, table_top), (76, shelf), (6, floor), (89, floor), (47, floor)]
    hangs: list[Point] = [
        (rng.randint(4, 9), rng.randint(36, 70)),
        (90, rng.randint(60, 70)),
        (rng.randint(34, 48), 40),
    ]
    air = rng.choice(hangs)
    boxes = {}
    places = [air, *rng.sample([place for place in stands if not _close(place, air)], len(names) - 1)]
    for name, (x, feet) in zip(names, places, strict=True):
        box = (x, feet - 18.0, x + 18.0, feet)
        thing(canvas, name, box)
        boxes[name] = list(canvas.pixels(box))
    wrong = rng.sample(names[1:], min(3, len(names) - 1))
    return choose(rng, "Which thing will fall?", canvas.png(), names[0], wrong, boxes=boxes)


def roll(rng: Random, level: int, size: int) -> Drawn:
    """To which side does a ball roll down its slope? Slopes are gentler at the higher levels, and there are several."""
    count = (1, 2, 3)[level]
    canvas = Canvas(size, rng.choice(PAPERS))
    scene = {}
    names = rng.sample(["red", "blue", "green", "purple", "orange"], count)
    sides = [rng.choice(("left", "right")) for _ in names]
    for name, to, (_, _, _, bottom) in zip(names, sides, cells(1, count), strict=True):
        rise, foot = rng.uniform(*((34, 50), (14, 20), (7, 11))[level]), bottom - (16, 6, 3)[level]
        left_y, right_y = (foot - 2, foot - 2 - rise) if to == "left" else (foot - 2 - rise, foot - 2)
        canvas.polygon([(8, left_y), (104, right_y), (104, foot), (8, foot)], (190, 170, 140), line=INK)
        x, radius = rng.uniform(45, 67), (9, 7, 5.5)[level]
        slope = math.atan2(right_y - left_y, 96)
        y = left_y + (right_y - left_y) * (x - 8) / 96
        canvas.disc(x + radius * math.sin(slope), y - radius * math.cos(slope), radius, COLOURS[name])
        scene[name] = [canvas.px(left_y), canvas.px(right_y)]
    asked = rng.randrange(count)
    question = f"Will the {names[asked]} ball roll to the left or to the right?"
    return word(question, canvas.png(), sides[asked], slopes=scene)


def _close(place: Point, other: Point) -> bool:
    """Whether two things of 18 units at these places would touch or hide each other."""
    return abs(place[0] - other[0]) < 22 and abs(place[1] - other[1]) < 26


def _outside(rng: Random, canvas: Canvas, weather: str, panel: Box) -> None:
    """A person below a sky that shows the weather."""
    x1, y1, x2, y2 = panel
    ground: dict[str, Colour] = {"snow": (235, 240, 245), "night": (40, 60, 50)}
    canvas.rect(panel, SKY[weather])
    canvas.rect((x1, y2 - 22, x2, y2), ground.get(weather, (120, 170, 100)))
    middle = (x1 + x2) / 2
    top = rng.uniform(6, 10)
    if weather == "sun":
        x, y, radius = rng.uniform(x1 + 18, x2 - 18), y1 + top + 11, 9.0
        for n in range(8):
            dx, dy = math.cos(n * math.pi / 4), math.sin(n * math.pi / 4)
            canvas.line([(x + dx * 11, y + dy * 11), (x + dx * 15, y + dy * 15)], (255, 200, 0), 1.6)
        canvas.disc(x, y, radius, (255, 210, 20))
    elif weather == "night":
        x, y = rng.uniform(x1 + 12, x2 - 16), y1 + top + 8
        canvas.disc(x, y, 9, (250, 240, 190))
        canvas.disc(x + 5, y - 3, 8, SKY[weather])
        for cell in cells(4, 2, (x1 + 2, y1 + 2, x2 - 2, y1 + 60)):
            canvas.disc(
                rng.uniform(cell[0] + 2, cell[2] - 2), rng.uniform(cell[1] + 2, cell[3] - 2), 0.8, (255, 255, 220)
            )
    else:
        for n in range(3):
            x = middle + (n - 1) * 12
            canvas.disc(x, y1 + top + (6 if n == 1 else 9), 10 if n == 1 else 8, (95, 100, 115))
        for cell in cells(6, 5, (x1 + 2, y1 + 28, x2 - 2, y2 - 4)):
            x, y = rng.uniform(cell[0] + 1, cell[2] - 2), rng.uniform(cell[1] + 1, cell[3] - 6)
            if weather == "rain":
                canvas.line([(x, y), (x - 1.5, y + 5)], (20, 70, 190), 1)
            else:
                canvas.disc(x, y, 1.5, (255, 255, 255))
    thing(canvas, "person", (middle - 13, y2 - 52, middle + 13, y2 - 8))


TASKS: dict[str, Task] = {"take": take, "odd": odd, "fall": fall, "roll": roll}
