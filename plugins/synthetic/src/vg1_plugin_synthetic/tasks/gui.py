"""Tasks on a drawn screen: click a button or an icon, read a field, look at a checkbox."""

from __future__ import annotations

from random import Random

from vg1_plugin_synthetic.canvas import GREY, INK, PALE, WHITE, Box, Canvas, Colour, cells
from vg1_plugin_synthetic.drawn import Drawn, Task, word, yes_no
from vg1_plugin_synthetic.icons import ICONS
from vg1core.types import ClickTarget

BUTTONS = ("Save", "Open", "Close", "Send", "Print", "Help", "Copy", "Undo", "Back", "Next", "Edit", "Stop")
OPTIONS = ("Sound", "Photos", "Alarm", "Dark", "Music", "Maps", "News", "Light")
FIELDS = ("Name", "City", "Friend", "Pet")
CITIES = ("Rome", "Oslo", "Lima", "Bern", "Cairo", "Paris")
PEOPLE = ("Ana", "Ben", "Eva", "Leo", "Mia", "Tom", "Kim", "Max", "Zoe", "Sam")
ACCENTS: tuple[Colour, ...] = ((45, 105, 200), (30, 130, 110), (110, 80, 170), (70, 80, 95))


def button(rng: Random, level: int, size: int) -> Drawn:
    """Click the button with a word on it."""
    count = rng.randint(*((2, 3), (4, 5), (6, 8))[level])
    words = rng.sample(BUTTONS, count)
    canvas, accent, area = _window(rng, size)
    rows = max(3, (count + 1) // 2)
    places = rng.sample(cells(2, rows, area), count)
    plain = rng.random() < 0.5
    boxes: dict[str, Box] = {}
    for text, (x1, y1, x2, y2) in zip(words, places, strict=True):
        top = y1 + rng.randint(2, max(2, int(y2 - y1) - 19))
        boxes[text] = (x1 + 3, top, x2 - 3, top + 17)
        canvas.rect(boxes[text], PALE if plain else accent, line=GREY if plain else accent, r=3)
        canvas.text((x1 + x2) / 2, top + 8.5, text, INK if plain else WHITE)
    return _click(f"Click the {words[0]} button.", canvas, boxes, words[0])


def icon(rng: Random, level: int, size: int) -> Drawn:
    """Click the icon that stands for something."""
    count, columns, rows = ((3, 3, 2), (6, 3, 2), (9, 3, 3))[level]
    names = rng.sample(list(ICONS), count)
    canvas, accent, area = _window(rng, size)
    colour = rng.choice((INK, accent))
    side = (26, 26, 22)[level]
    boxes: dict[str, Box] = {}
    for name, (x1, y1, x2, y2) in zip(names, rng.sample(cells(columns, rows, area), count), strict=True):
        x, y = (x1 + x2 - side) / 2 + rng.randint(-2, 2), (y1 + y2 - side) / 2 + rng.randint(-2, 2)
        boxes[name] = (x, y, x + side, y + side)
        canvas.rect(boxes[name], WHITE, line=PALE, r=3)
        ICONS[name](canvas, (x + 4, y + 4, x + side - 4, y + side - 4), colour)
    return _click(f"Click the {names[0]} icon.", canvas, boxes, names[0])


def field(rng: Random, level: int, size: int) -> Drawn:
    """What is written in a field of a form?"""
    names = rng.sample(FIELDS, (2, 3, 4)[level])
    entries = dict(zip(names, rng.sample(PEOPLE, len(names)), strict=True))
    if "City" in entries:
        entries["City"] = rng.choice(CITIES)
    canvas, _, area = _window(rng, size)
    places = cells(1, len(names), area)
    for (name, value), (x1, y1, x2, y2) in zip(entries.items(), places, strict=True):
        middle = (y1 + y2) / 2
        canvas.text(x1 + 2, middle, name, anchor="lm")
        canvas.rect((x1 + 42, middle - 8, x2 - 2, middle + 8), WHITE, line=GREY, r=2)
        canvas.text(x1 + 46, middle, value, anchor="lm")
    asked = rng.choice(names)
    return word(f"What is written in the {asked} field?", canvas.png(), entries[asked], entries=entries)


def checkbox(rng: Random, level: int, size: int) -> Drawn:
    """Is a box checked?"""
    names = rng.sample(OPTIONS, (2, 3, 5)[level])
    checked = {name: rng.random() < 0.5 for name in names}
    canvas, accent, area = _window(rng, size)
    scene = {}
    for (name, on), (x1, y1, _, y2) in zip(checked.items(), cells(1, len(names), area), strict=True):
        middle = (y1 + y2) / 2
        box = (x1 + 6, middle - 6, x1 + 18, middle + 6)
        canvas.rect(box, WHITE, line=INK, r=2)
        if on:
            ticks = [(x1 + 8.5, middle), (x1 + 11, middle + 3), (x1 + 15.5, middle - 3.5)]
            canvas.line(ticks, accent, 2)
        canvas.text(x1 + 25, middle, name, anchor="lm")
        scene[name] = list(canvas.pixels(box))
    asked = rng.choice(names)
    return yes_no(f"Is the {asked} box checked?", canvas.png(), checked[asked], checked=checked, boxes=scene)


def _window(rng: Random, size: int) -> tuple[Canvas, Colour, Box]:
    """An empty window: the canvas, its accent colour, and the area for its content."""
    canvas, accent = Canvas(size, (214, 220, 228)), rng.choice(ACCENTS)
    canvas.rect((3, 3, 109, 109), (248, 249, 251), line=GREY, r=4)
    canvas.rect((3, 3, 109, 16), accent, r=4)
    canvas.rect((3, 10, 109, 16), accent)
    for n in range(3):
        canvas.disc(10 + 8 * n, 9.5, 2, WHITE)
    return canvas, accent, (6, 20, 106, 107)


def _click(question: str, canvas: Canvas, boxes: dict[str, Box], wanted: str) -> Drawn:
    return Drawn(
        question=question,
        images=(canvas.png(),),
        target=ClickTarget(space="pixel", box=canvas.shape_of(boxes[wanted])),
        verifier="click",
        scene={"boxes": {name: list(canvas.pixels(box)) for name, box in boxes.items()}},
    )


TASKS: dict[str, Task] = {"button": button, "icon": icon, "field": field, "checkbox": checkbox}
