"""Science diagrams: food chains, a balance, an electric circuit, a thermometer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random

from vg1_plugin_synthetic.canvas import COLOURS, GREY, INK, PAPERS, WHITE, Canvas, Colour, Point
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, number, yes_no

PLANTS = ("grass", "leaf", "seed")
EATERS = {
    "grass": ("bug", "mouse", "rabbit"), "leaf": ("bug", "rabbit"), "seed": ("bug", "mouse"),
    "bug": ("bird", "frog"), "mouse": ("snake", "cat"), "rabbit": ("snake", "fox"),
    "bird": ("cat", "fox"), "frog": ("snake", "owl"), "snake": ("owl", "fox"),
}  # fmt: skip
"""Who eats it."""
THERMOMETERS = ((0, 50, 10, 10), (0, 40, 5, 10), (-10, 20, 2, 10))
"""By level: lowest and highest degree, step of values and ticks, step of labels."""
LEAVES: tuple[Colour, ...] = ((228, 242, 222), (222, 236, 250), (250, 240, 214))
UNKNOWN: Colour = (255, 214, 120)
WEIGHT: Colour = (200, 220, 245)
RED: Colour = COLOURS["red"]
OFF = ((True, False), (False, True), (False, False))
"""States of two switches in a row that leave a lamp dark."""


def food(rng: Random, level: int, size: int) -> Drawn:
    """Who eats whom? Arrows go from the food to its eater; at the hard level two chains stand side by side."""
    count = (3, 4, 4)[level]
    known = [chain for plant in PLANTS for chain in _chains(plant, count)]
    if level == 2:
        chains = rng.choice([[one, other] for one, other in permutations(known, 2) if not set(one) & set(other)])
    else:
        chains = [rng.choice(known)]
    canvas, fill = Canvas(size, WHITE), rng.choice(LEAVES)
    for chain, middle in zip(chains, (29.0, 83.0) if level == 2 else (float(rng.randint(26, 86)),), strict=True):
        pitch, low = 104 / count, 108.0
        for n, name in enumerate(chain):
            y = low - pitch * (n + 0.5)
            canvas.rect((middle - 23, y - 7, middle + 23, y + 7), fill, line=GREY, r=3)
            canvas.text(middle, y, name)
            if n + 1 < len(chain):
                canvas.arrow((middle, y - 7), (middle, y - pitch + 8))
    chain = rng.choice(chains)
    at = rng.randrange(1, count)
    eater, eaten = chain[at], chain[at - 1]
    everybody = [name for one in chains for name in one]
    if rng.random() < 0.5:
        question, right, other = f"What does the {eater} eat?", eaten, eater
    else:
        question, right, other = f"What eats the {eaten}?", eater, eaten
    wrong = [name for name in everybody if name not in (right, other)]
    question = f"An arrow points from food to eater. {question}"
    return choose(rng, question, canvas.png(), right, rng.sample(wrong, min(3, len(wrong))), chains=chains)


def _chains(start: str, count: int) -> list[list[str]]:
    """Every food chain of `count` living things from one of them on."""
    if count == 1:
        return [[start]]
    return [[start, *rest] for eater in EATERS.get(start, ()) for rest in _chains(eater, count - 1)]


def balance(rng: Random, level: int, size: int) -> Drawn:
    """The unknown weight on a level balance; at the hard level there are two of it."""
    top, many = (9, 9, 12)[level], 2 if level == 2 else 1
    while True:
        left = [rng.randint(2, top) for _ in range((1, 2, 2)[level])]
        known = [] if level == 2 and rng.random() < 0.3 else [rng.randint(1, top)]
        rest = sum(left) - sum(known)
        if rest > 0 and rest % many == 0:
            break
    x = rest // many
    right = [*["x"] * many, *map(str, known)]
    rng.shuffle(right)
    sides = [list(map(str, left)), right]
    if rng.random() < 0.5:
        sides.reverse()
    canvas = Canvas(size, WHITE)
    beam = float(rng.randint(12, 34))
    pan = beam + rng.randint(36, 44)
    canvas.rect((54.5, beam, 57.5, 104), GREY)
    canvas.rect((34, 102, 78, 106), INK)
    canvas.rect((12, beam - 2, 100, beam + 2), INK)
    canvas.disc(56, beam, 4, INK)
    for middle, weights in zip((28.0, 84.0), sides, strict=True):
        canvas.line([(middle - 24, pan), (middle, beam + 2), (middle + 24, pan)], GREY)
        canvas.rect((middle - 25, pan, middle + 25, pan + 3), INK)
        for n, text in enumerate(weights):
            start = middle - 8.25 * len(weights) + 16.5 * n
            canvas.rect((start + 0.5, pan - 16, start + 16, pan), UNKNOWN if text == "x" else WEIGHT, line=INK)
            canvas.text(start + 8.25, pan - 8, text)
    question = "The balance is level. How much does the box x weigh?"
    return number(question, canvas.png(), x, sides=sides)


def circuit(rng: Random, level: int, size: int) -> Drawn:
    """Does a lamp light up? One switch, two in a row, or two branches with a switch and a lamp each behind a third."""
    truth = rng.random() < 0.5
    canvas = Canvas(size, rng.choice(PAPERS))
    x1, x2, y1, y2 = 14.0 + rng.randint(0, 10), 96.0 - rng.randint(0, 10), 16.0 + rng.randint(0, 5), 100.0
    if level < 2:
        y1, y2 = y1 + rng.randint(2, 8), y2 - rng.randint(0, 14)
    _wire(canvas, [(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)])
    lever = float(rng.randint(42, 66))
    if level == 2:
        name = rng.choice("AB")
        states = {"main": True, "A": rng.random() < 0.5, "B": rng.random() < 0.5}
        states[name] = truth
        if not truth:
            states["main"], states[name] = rng.choice(OFF)
        _battery(canvas, x1, 79)
        _switch(canvas, lever, y2, states["main"])
        _wire(canvas, [(x1, y1 + 38), (x2, y1 + 38)])
        for branch, y in (("A", y1), ("B", y1 + 38)):
            _switch(canvas, x1 + 24, y, states[branch])
            _lamp(canvas, x2 - 20, y, branch)
        question = f"Is the lamp {name} on?"
    else:
        first, second = (True, True) if truth else (False, True) if level == 0 else rng.choice(OFF)
        states = {"first": first, "second": second} if level else {"first": first}
        _battery(canvas, x1, (y1 + y2) / 2 + rng.randint(-6, 6))
        _lamp(canvas, x2, (y1 + y2) / 2 + rng.randint(-8, 8), "")
        for closed, y in zip(states.values(), (y1, y2), strict=False):
            _switch(canvas, lever, y, closed)
        question = "Is the lamp on?"
    return yes_no(question, canvas.png(), truth, closed=states)


def thermometer(rng: Random, level: int, size: int) -> Drawn:
    """The temperature on a thermometer, always on a tick."""
    low, high, step, labels = THERMOMETERS[level]
    value = rng.randrange(low + step, high + 1, step)
    canvas = Canvas(size, rng.choice(PAPERS))
    top, bottom = 10.0, 88.0
    unit = (bottom - top) / (high - low)
    x = float(rng.randint(22, 58))
    canvas.rect((x - 5, 3, x + 5, 100), WHITE, line=GREY, r=5)
    canvas.disc(x, 100, 9, RED)
    level_y = bottom - (value - low) * unit
    canvas.rect((x - 3, level_y, x + 3, 100), RED)
    for degree in range(low, high + 1, step):
        y = bottom - (degree - low) * unit
        labelled = degree % labels == 0
        canvas.line([(x + 7, y), (x + (17 if labelled else 12), y)], INK if labelled else GREY)
        if labelled:
            canvas.text(x + 21, y, str(degree), anchor="lm")
    question = "What temperature does the thermometer show?"
    return number(question, canvas.png(), value, column=[canvas.px(x), canvas.px(level_y)])


def _wire(canvas: Canvas, points: Sequence[Point]) -> None:
    canvas.line(points, INK, 1.4)


def _battery(canvas: Canvas, x: float, y: float) -> None:
    """A cell in a vertical wire: a long line and a short, thick one."""
    canvas.rect((x - 9, y - 5, x + 9, y + 1), canvas.paper)
    canvas.rect((x - 9, y - 5, x + 9, y - 3.5), INK)
    canvas.rect((x - 5, y - 1, x + 5, y + 1.5), INK)
    canvas.text(x + 13, y - 7, "+")


def _switch(canvas: Canvas, x: float, y: float, closed: bool) -> None:
    """A switch in a horizontal wire: a lever between two dots, raised where it is open."""
    canvas.rect((x - 9, y - 2, x + 9, y + 2), canvas.paper)
    canvas.line([(x - 10, y), (x + 10, y) if closed else (x + 6, y - 12)], INK, 2)
    for dot in (x - 10, x + 10):
        canvas.disc(dot, y, 2.4, INK)


def _lamp(canvas: Canvas, x: float, y: float, name: str) -> None:
    """A lamp's symbol: a circle with a cross."""
    canvas.disc(x, y, 8, (255, 248, 200), line=INK)
    for dy in (-5.6, 5.6):
        canvas.line([(x - 5.6, y + dy), (x + 5.6, y - dy)], INK)
    if name:
        canvas.text(x, y + 15, name)


TASKS: dict[str, Task] = {"food": food, "balance": balance, "circuit": circuit, "thermometer": thermometer}
