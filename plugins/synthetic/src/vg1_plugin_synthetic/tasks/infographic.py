"""Chart tasks: read a bar, compare two, look a table up, find a line's top or bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from vg1_plugin_synthetic.canvas import COLOURS, GREY, INK, PALE, TEXT, WHITE, Canvas
from vg1_plugin_synthetic.drawn import Drawn, Task, number, word

PLOT = (20.0, 7.0, 108.0, 95.0)
"""The area between the axes."""
SCALES = ((5, 1, 1), (10, 1, 2), (50, 5, 10))
"""By level: top of the axis, step of grid lines and values, step of labels."""
BARS = (3, 4, 5)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
GOODS = ("tea", "milk", "rice", "fish", "corn", "salt")
COLOUR_NAMES = ("red", "blue", "green", "purple", "orange")


def bar_value(rng: Random, level: int, size: int) -> Drawn:
    """The value of one bar, which ends on a grid line."""
    canvas, bars, boxes = _bars(rng, level, size)
    name = rng.choice(list(bars))
    question = f"What is the value of bar {name}?"
    return number(question, canvas.png(), bars[name], bars=bars, boxes=boxes, top=SCALES[level][0])


def bar_difference(rng: Random, level: int, size: int) -> Drawn:
    """By how much one bar is higher than another."""
    canvas, bars, boxes = _bars(rng, level, size)
    high, low = sorted(rng.sample(list(bars), 2), key=lambda name: -bars[name])
    question = f"How much higher is bar {high} than bar {low}?"
    return number(question, canvas.png(), bars[high] - bars[low], bars=bars, boxes=boxes, top=SCALES[level][0])


def table(rng: Random, level: int, size: int) -> Drawn:
    """The row with a given number, or with the largest or smallest one, in a column."""
    rows, columns = rng.sample(DAYS, (2, 3, 4)[level]), rng.sample(GOODS, (1, 2, 3)[level])
    low, high = ((1, 9), (10, 99), (10, 99))[level]
    cells = {column: rng.sample(range(low, high + 1), len(rows)) for column in columns}
    rows.sort(key=DAYS.index)
    column = rng.choice(columns)
    at = rng.randrange(len(rows))
    values = cells[column]
    sought = rng.choice(("largest", "smallest", ""))
    if sought:
        at = values.index(max(values) if sought == "largest" else min(values))
    phrase = f"the {sought} number" if sought else f"the number {values[at]}"
    question = f"Which day has {phrase} in the column {column}?"
    canvas = _table(rows, cells, size)
    return word(question, canvas.png(), rows[at], rows=rows, cells=cells)


def line(rng: Random, level: int, size: int) -> Drawn:
    """The month in which a line is highest or lowest; at the hard level there are two lines."""
    months, gap = MONTHS[: (3, 4, 5)[level]], (16, 11, 8)[level]
    colours = rng.sample(COLOUR_NAMES, 2 if level == 2 else 1)
    while True:
        heights = {colour: [rng.randint(8, 84) for _ in months] for colour in colours}
        apart = len(colours) == 1 or all(abs(a - b) >= 7 for a, b in zip(*heights.values(), strict=True))
        if apart and all(_clear(values, gap) for values in heights.values()):
            break
    canvas = Canvas(size, WHITE)
    x1, y1, x2, y2 = PLOT[0] - 14, PLOT[1], PLOT[2], PLOT[3]
    step = (x2 - x1) / len(months)
    for n, month in enumerate(months):
        x = x1 + step * (n + 0.5)
        canvas.line([(x, y1), (x, y2)], PALE)
        canvas.text(x, 103, month, height=10 if level == 2 else TEXT)
    canvas.line([(x1, y1), (x1, y2), (x2, y2)], INK)
    for colour, values in heights.items():
        points = [(x1 + step * (n + 0.5), y2 - value) for n, value in enumerate(values)]
        canvas.line(points, COLOURS[colour], 1.6)
        for x, y in points:
            canvas.disc(x, y, 2.6, COLOURS[colour])
    colour, most = rng.choice(colours), rng.random() < 0.5
    values = heights[colour]
    right = months[values.index(max(values) if most else min(values))]
    question = f"In which month is the {colour} line {'highest' if most else 'lowest'}?"
    return word(question, canvas.png(), right, months=list(months), heights=heights)


def _clear(values: Sequence[int], gap: int) -> bool:
    """Whether both the highest and the lowest value stand out."""
    order = sorted(values)
    return order[-1] - order[-2] >= gap and order[1] - order[0] >= gap


def _bars(rng: Random, level: int, size: int) -> tuple[Canvas, dict[str, int], dict[str, list[int]]]:
    """A bar chart: the canvas, bars by name, and their boxes in pixels."""
    top, step, labels = SCALES[level]
    x1, y1, x2, y2 = PLOT
    unit = (y2 - y1) / top
    values = rng.sample(range(step, top + 1, step), BARS[level])
    canvas = Canvas(size, WHITE)
    for value in range(0, top + 1, step):
        y = y2 - value * unit
        labelled = value % labels == 0
        canvas.line([(x1 - (3 if labelled else 1), y), (x2, y)], GREY if labelled else PALE)
        if labelled:
            canvas.text(x1 - 5, y, str(value), height=10, anchor="rm")
    names, pitch = "ABCDE"[: len(values)], (x2 - x1) / len(values)
    colours = rng.sample(COLOUR_NAMES, len(values))
    boxes = {}
    for n, (name, value, colour) in enumerate(zip(names, values, colours, strict=True)):
        middle = x1 + pitch * (n + 0.5)
        box = (middle - pitch * 0.32, y2 - value * unit, middle + pitch * 0.32, y2)
        canvas.rect(box, COLOURS[colour])
        canvas.text(middle, 103, name)
        boxes[name] = list(canvas.pixels(box))
    canvas.line([(x1, y1), (x1, y2), (x2, y2)], INK)
    return canvas, dict(zip(names, values, strict=True)), boxes


def _table(rows: Sequence[str], cells: Mapping[str, Sequence[int]], size: int) -> Canvas:
    canvas = Canvas(size, WHITE)
    x1, y1, x2, y2 = 3.0, 3.0, 109.0, 109.0
    head = 31.0
    w, h = (x2 - x1 - head) / len(cells), min((y2 - y1) / (len(rows) + 1), 26)
    y2 = y1 + h * (len(rows) + 1)
    canvas.rect((x1, y1, x2, y1 + h), PALE)
    canvas.rect((x1, y1, x1 + head, y2), PALE)
    for n in range(len(rows) + 2):
        canvas.line([(x1, y1 + h * n), (x2, y1 + h * n)], GREY)
    for x in (x1, *(x1 + head + w * n for n in range(len(cells) + 1))):
        canvas.line([(x, y1), (x, y2)], GREY)
    for n, row in enumerate(rows, 1):
        canvas.text(x1 + head / 2, y1 + h * (n + 0.5), row, height=10)
    for c, (column, values) in enumerate(cells.items()):
        x = x1 + head + w * (c + 0.5)
        canvas.text(x, y1 + h / 2, column, height=10)
        for n, value in enumerate(values, 1):
            canvas.text(x, y1 + h * (n + 0.5), str(value))
    return canvas


TASKS: dict[str, Task] = {"bar-value": bar_value, "bar-difference": bar_difference, "table": table, "line": line}
