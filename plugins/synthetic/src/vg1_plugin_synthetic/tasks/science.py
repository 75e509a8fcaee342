"""Science diagrams: food chains, a balance, an electric circuit, a thermometer."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from vg1_plugin_synthetic.canvas import GREY, INK, WHITE, Canvas, Point
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, number, yes_no

CHAIN = (("grass", "leaf", "seed"), ("mouse", "rabbit", "bug"), ("bird", "snake", "frog"), ("fox", "owl", "cat"))
"""Living things by their height in a food chain."""
THERMOMETERS = ((0, 50, 10, 10), (0, 40, 5, 10), (-10, 20, 2, 10))
"""By level: lowest and highest degree, step of values and ticks, step of labels."""


def food(rng: Random, level: int, size: int) -> Drawn:
    """Who eats whom? Arrows go from the food to the one who eats it; at the hard level two chains stand side by side."""
    count = (3, 4, 4)[level]
    chains = [[rng.choice(names) for names in CHAIN[:count]]]
    if level == 2:
        chains.append([rng.choice([n for n in names if n != old]) for names, old in zip(CHAIN, chains[0], strict=True)])
    canvas = Canvas(size, WHITE)
    for chain, middle in zip(chains, (56.0,) if len(chains) == 1 else (29.0, 83.0), strict=True):
        pitch, low = 104 / count, 108.0
        for n, name in enumerate(chain):
            y = low - pitch * (n + 0.5)
            canvas.rect((middle - 23, y - 7, middle + 23, y + 7), (228, 242, 222), line=GREY, r=3)
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
    canvas.polygon([(56, 46), (44, 100), (68, 100)], GREY)
    canvas.rect((36, 100, 76, 104), INK)
    canvas.rect((10, 42, 102, 46), INK)
    canvas.disc(56, 44, 4, INK)
    for middle, weights in zip((28.0, 84.0), sides, strict=True):
        canvas.line([(middle, 46), (middle - 22, 76), (middle + 22, 76), (middle, 46)], GREY)
        canvas.rect((middle - 26, 76, middle + 26, 79), INK)
        for n, text in enumerate(weights):
            start = middle - 8.25 * len(weights) + 16.5 * n
            canvas.rect((start + 0.5, 60, start + 16, 76), (255, 214, 120) if text == "x" else (200, 220, 245), line=INK)
            canvas.text(start + 8.25, 68, text)
    question = "The balance is level. How much does the box x weigh?"
    return number(question, canvas.png(), x, sides=sides)


def circuit(rng: Random, level: int, size: int) -> Drawn:
    """Does a lamp light up? One switch, two in a row, or two branches with a switch and a lamp each behind a third."""
    truth = rng.random() < 0.5
    canvas = Canvas(size, WHITE)
    if level == 2:
        asked = rng.choice("AB")
        branch, main = {"A": rng.random() < 0.5, "B": rng.random() < 0.5}, True
        if truth:
            branch[asked] = True
        else:
            main, branch[asked] = rng.choice(((True, False), (False, True), (False, False)))
        _wire(canvas, [(12, 60), (12, 96), (100, 96), (100, 60)])
        _battery(canvas, 12, 60)
        _wire(canvas, [(12, 56), (12, 16), (100, 16), (100, 60)])
        _wire(canvas, [(12, 56), (100, 56)])
        states = [main, branch["A"], branch["B"]]
        _switch(canvas, 56, 96, main)
        for name, y in (("A", 16), ("B", 56)):
            _switch(canvas, 38, y, branch[name])
            _lamp(canvas, 78, y, name)
        question = f"Is the lamp {asked} on?"
    else:
        states = [truth]
        if level == 1:
            states = [True, True] if truth else list(rng.choice(((True, False), (False, True), (False, False))))
        _wire(canvas, [(16, 54), (16, 20), (96, 20), (96, 92), (16, 92), (16, 58)])
        _battery(canvas, 16, 58)
        _lamp(canvas, 96, 56, "")
        for state, y in zip(states, (20, 92), strict=False):
            _switch(canvas, 56, y, state)
        question = "Is the lamp on?"
    return yes_no(question, canvas.png(), truth, closed=states)


def thermometer(rng: Random, level: int, size: int) -> Drawn:
    """The temperature on a thermometer, always on a tick."""
    low, high, step, labels = THERMOMETERS[level]
    value = rng.randrange(low + step, high + 1, step)
    canvas = Canvas(size, WHITE)
    top, bottom = 10.0, 88.0
    unit = (bottom - top) / (high - low)
    canvas.rect((40, 3, 50, 100), WHITE, line=GREY, r=5)
    canvas.disc(45, 100, 9, (214, 30, 40))
    level_y = bottom - (value - low) * unit
    canvas.rect((42, level_y, 48, 100), (214, 30, 40))
    for degree in range(low, high + 1, step):
        y = bottom - (degree - low) * unit
        labelled = degree % labels == 0
        canvas.line([(52, y), (62 if labelled else 57, y)], INK if labelled else GREY)
        if labelled:
            canvas.text(66, y, str(degree), anchor="lm")
    question = "What temperature does the thermometer show?"
    return number(question, canvas.png(), value, column=[canvas.px(45), canvas.px(level_y)])


def _wire(canvas: Canvas, points: Sequence[Point]) -> None:
    canvas.line(points, INK, 1.4)


def _battery(canvas: Canvas, x: float, y: float) -> None:
    """A cell in a vertical wire: a long line and a short, thick one."""
    canvas.rect((x - 9, y - 5, x + 9, y + 1), WHITE)
    canvas.rect((x - 9, y - 5, x + 9, y - 3.5), INK)
    canvas.rect((x - 5, y - 1, x + 5, y + 1.5), INK)
    canvas.text(x + 13, y - 7, "+")


def _switch(canvas: Canvas, x: float, y: float, closed: bool) -> None:
    """A switch in a horizontal wire: a lever between two dots, raised where it is open."""
    canvas.rect((x - 9, y - 2, x + 9, y + 2), WHITE)
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
