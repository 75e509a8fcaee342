r"""Mathematical tasks: angles, areas and lengths, fractions, sums. Targets of the harder ones are LaTeX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from vg1_plugin_synthetic.canvas import GREY, GRID, INK, PAPERS, WHITE, Canvas, Colour, Point, cells, somewhere
from vg1_plugin_synthetic.drawn import Drawn, Task, number
from vg1core.types import MathTarget

FILLS: tuple[Colour, ...] = ((255, 226, 160), (190, 220, 255), (200, 236, 200), (245, 205, 225))
SHADES: tuple[Colour, ...] = ((25, 85, 225), (20, 150, 60), (140, 55, 175), (214, 30, 40))


def angle(rng: Random, level: int, size: int) -> Drawn:
    """The third angle of a triangle; at the hard level two unknown ones, x and 2x. Drawn to scale."""
    if level == 2:
        given = rng.randint(45, 75)
        x = (180 - given) / 3
        corners = [(float(given), f"{given}°"), (x, "x°"), (2 * x, "2x°")]
        latex = _fraction(180 - given, 3)
    else:
        step = (10, 1)[level]
        while True:
            a, b = (rng.randrange(40, 91, step) for _ in range(2))
            if 40 <= 180 - a - b <= 90:
                break
        corners = [(float(a), f"{a}°"), (float(b), f"{b}°"), (180.0 - a - b, "x°")]
        latex = str(180 - a - b)
    rng.shuffle(corners)
    points = _triangle([degrees for degrees, _ in corners], flip=rng.random() < 0.5)
    canvas = Canvas(size, WHITE)
    canvas.polygon(points, rng.choice(FILLS))
    canvas.line([*points, points[0]], INK, 1.3)
    middle = _incentre(points)
    for (degrees, label), (x, y) in zip(corners, points, strict=True):
        away = math.dist(middle, (x, y))
        along = (8 + canvas.text_width(label) / 4) / math.sin(math.radians(degrees / 2))
        canvas.text(x + (middle[0] - x) * along / away, y + (middle[1] - y) * along / away, label)
    scene = {"points": [[canvas.px(x), canvas.px(y)] for x, y in points], "labels": [label for _, label in corners]}
    return Drawn(question="What is x?", images=(canvas.png(),), target=MathTarget(latex=latex), verifier="math",
                 scene=scene)  # fmt: skip


def length(rng: Random, level: int, size: int) -> Drawn:
    """Area of a rectangle, area of a right triangle, or its longest side, by level; drawn to scale."""
    a, b = rng.sample(range(2, 10), 2)
    unit = 80 / max(a, b)
    x1, y2 = 20.0, 92.0
    x2, y1 = x1 + a * unit, y2 - b * unit
    canvas = Canvas(size, WHITE)
    points: list[Point] = [(x1, y2), (x2, y2), (x1, y1)] if level else [(x1, y2), (x2, y2), (x2, y1), (x1, y1)]
    canvas.polygon(points, rng.choice(FILLS))
    canvas.line([*points, points[0]], INK, 1.3)
    canvas.line([(x1, y2 - 5), (x1 + 5, y2 - 5), (x1 + 5, y2)], INK)
    canvas.text((x1 + x2) / 2, y2 + 9, str(a))
    canvas.text(x1 - 9, (y1 + y2) / 2, str(b))
    if level == 2:
        canvas.text((x1 + x2) / 2 + 8, (y1 + y2) / 2 - 8, "x")
        question, latex = "What is x?", _root(a * a + b * b)
    elif level == 1:
        question, latex = "What is the area of the triangle?", _fraction(a * b, 2)
    else:
        question, latex = "What is the area of the rectangle?", str(a * b)
    scene = {"sides": [a, b], "points": [[canvas.px(x), canvas.px(y)] for x, y in points]}
    return Drawn(question=question, images=(canvas.png(),), target=MathTarget(latex=latex), verifier="math",
                 scene=scene)  # fmt: skip


def fraction(rng: Random, level: int, size: int) -> Drawn:
    """The shaded part of a pie or, at the hard level, of a grid of squares."""
    canvas, shade = Canvas(size, WHITE), rng.choice(SHADES)
    if level == 2:
        columns, rows = rng.randint(3, 5), rng.randint(2, 4)
        parts = columns * rows
        shaded = set(rng.sample(range(parts), rng.randint(2, parts - 1)))
        side = min(100 / columns, 100 / rows)
        x, y = (GRID - side * columns) / 2, (GRID - side * rows) / 2
        for n, box in enumerate(cells(columns, rows, (x, y, x + side * columns, y + side * rows))):
            canvas.rect(box, shade if n in shaded else WHITE, line=INK)
    else:
        parts = rng.randint(*((2, 4), (3, 8))[level])
        shaded = set(rng.sample(range(parts), rng.randint(1, parts - 1)))
        box, turn = (10.0, 10.0, 102.0, 102.0), 360 / parts
        for n in range(parts):
            canvas.pie(box, n * turn - 90, (n + 1) * turn - 90, shade if n in shaded else WHITE)
        for n in range(parts):
            at = math.radians(n * turn - 90)
            canvas.line([(56, 56), (56 + 45.5 * math.cos(at), 56 + 45.5 * math.sin(at))], INK)
        canvas.oval(box, None, line=INK)
    latex = _fraction(len(shaded), parts)
    scene = {"parts": parts, "shaded": sorted(shaded), "colour": list(shade)}
    return Drawn(question="What fraction of the figure is dark?", images=(canvas.png(),),
                 target=MathTarget(latex=latex), verifier="math", scene=scene)  # fmt: skip


def total(rng: Random, level: int, size: int) -> Drawn:
    """The sum of the numbers on cards."""
    low, high, cards, height = ((1, 9, 2, 26.0), (10, 49, 2, 22.0), (10, 99, 3, 20.0))[level]
    numbers = [rng.randint(low, high) for _ in range(cards)]
    canvas = Canvas(size, rng.choice(PAPERS))
    boxes = []
    for value, cell in zip(numbers, rng.sample(cells(2, 2), cards), strict=True):
        box = somewhere(rng, cell, 38, 34)
        canvas.rect(box, WHITE, line=GREY, r=4)
        canvas.text((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, str(value), height=height)
        boxes.append(list(canvas.pixels(box)))
    return number("What is the sum of the numbers?", canvas.png(), sum(numbers), numbers=numbers, boxes=boxes)


def _triangle(angles: Sequence[float], *, flip: bool) -> list[Point]:
    """Corners of a triangle with these angles (left, right, third), as large as fits; the third is on top, or below."""
    left, right = math.radians(angles[0]), math.radians(angles[1])
    side = math.sin(right) / math.sin(left + right)  # from the left corner to the third, where the base is 1
    apex_x, apex_y = side * math.cos(left), side * math.sin(left)
    width = max(1.0, apex_x) - min(0.0, apex_x)
    scale = min(102 / width, 100 / apex_y)
    x = (GRID - scale * width) / 2 - min(0.0, apex_x) * scale
    base, top = (GRID + scale * apex_y) / 2, (GRID - scale * apex_y) / 2
    if flip:
        base, top = top, base
    return [(x, base), (x + scale, base), (x + apex_x * scale, top)]


def _incentre(points: Sequence[Point]) -> Point:
    """Where the lines that halve a triangle's angles meet."""
    a, b, c = points
    weights = (math.dist(b, c), math.dist(a, c), math.dist(a, b))
    x, y = (sum(w * point[axis] for w, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x / sum(weights), y / sum(weights)


def _fraction(above: int, below: int) -> str:
    r"""A reduced fraction in LaTeX, `\frac{7}{2}`, or a whole number."""
    common = math.gcd(above, below)
    above, below = above // common, below // common
    return str(above) if below == 1 else rf"\frac{{{above}}}{{{below}}}"


def _root(square: int) -> str:
    r"""A square root in LaTeX with the largest square taken out, `2\sqrt{5}`, or a whole number."""
    out = max(n for n in range(1, math.isqrt(square) + 1) if square % (n * n) == 0)
    rest = square // (out * out)
    if rest == 1:
        return str(out)
    return rf"\sqrt{{{rest}}}" if out == 1 else rf"{out}\sqrt{{{rest}}}"


TASKS: dict[str, Task] = {"angle": angle, "length": length, "fraction": fraction, "sum": total}
