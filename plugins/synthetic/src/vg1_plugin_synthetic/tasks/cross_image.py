"""Tasks over two pictures: what changed, what is new, where there are more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from vg1_plugin_synthetic.canvas import COLOURS, PAPERS, SHAPES, Canvas
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, word
from vg1_plugin_synthetic.things import Thing, framed, kinds, paint, plural, scene_of, side_for, spread
from vg1core.types import BoxesTarget

COUNTS = ((2, 3), (4, 6), (7, 10))
"""Fewest and most shapes by level."""


def changed(rng: Random, level: int, size: int) -> Drawn:
    """Which shape of image 1 has another colour or form in image 2?"""
    things = spread(rng, kinds(rng, rng.randint(*COUNTS[level])), *side_for(COUNTS[level][1]))
    taken = {(thing.colour, thing.shape) for thing in things}
    at, by_colour = rng.randrange(len(things)), rng.random() < 0.5
    old = things[at]
    if by_colour:
        new = rng.choice([c for c in COLOURS if (c, old.shape) not in taken])
        after = replace(old, colour=new)
    else:
        new = rng.choice([s for s in SHAPES if (old.colour, s) not in taken])
        after = replace(old, shape=new)
    second = [*things[:at], after, *things[at + 1 :]]
    wrong = [thing.name for thing in things if thing is not old]
    wrong = rng.sample(wrong, min(3, len(wrong)))
    one, two = _pair(rng, things, second, size)
    question = "One shape of image 1 is different in image 2. Which shape of image 1 is it?"
    scene = {"first": scene_of(one, things), "second": scene_of(two, second)}
    return choose(rng, question, (one.png(), two.png()), old.name, wrong, **scene)


def extra(rng: Random, level: int, size: int) -> Drawn:
    """The box of the one shape that stands in image 2 only; at the hard level all others are shifted a little."""
    things = spread(rng, kinds(rng, 1 + rng.randint(*COUNTS[level])), *side_for(COUNTS[level][1] + 1))
    new = rng.randrange(len(things))
    first = [thing for thing in things if thing is not things[new]]
    if level == 2:
        first = [_nudged(rng, thing) for thing in first]
    one, two = _pair(rng, first, things, size)
    scene = {"first": scene_of(one, first), "second": scene_of(two, things)}
    return Drawn(
        question="Find the box around the shape that is in image 2 but not in image 1.",
        images=(one.png(), two.png()),
        target=BoxesTarget(boxes=(two.shape_of(things[new].box),), space="pixel"),
        verifier="iou",
        scene=scene,
    )


def more(rng: Random, level: int, size: int) -> Drawn:
    """Which of two pictures holds more shapes of one form?"""
    form = rng.choice(SHAPES)
    forms = [shape for shape in SHAPES if shape != form]
    most, gap, others = ((5, 2, 0), (7, 2, 2), (9, 1, 6))[level]
    small = rng.randint(1, most - gap)
    numbers = [small, rng.randint(small + gap, min(most, small + gap + 2))]
    rng.shuffle(numbers)
    side, sizes = side_for(most + others)
    canvases, scenes = [], []
    for n in numbers:
        pairs = [(rng.choice(list(COLOURS)), form) for _ in range(n)]
        pairs += [(rng.choice(list(COLOURS)), rng.choice(forms)) for _ in range(rng.randint(0, others))]
        things = spread(rng, pairs, side, sizes)
        canvases.append(framed(paint(things, size)))
        scenes.append(scene_of(canvases[-1], things))
    right = "1" if numbers[0] > numbers[1] else "2"
    question = f"Which image has more {plural(form)}: 1 or 2?"
    return word(question, [canvas.png() for canvas in canvases], right, first=scenes[0], second=scenes[1])


def _nudged(rng: Random, thing: Thing) -> Thing:
    """The thing up to one unit aside, which stays within the margin of its cell."""
    dx, dy = rng.randint(-1, 1), rng.randint(-1, 1)
    x1, y1, x2, y2 = thing.box
    return replace(thing, box=(x1 + dx, y1 + dy, x2 + dx, y2 + dy))


def _pair(rng: Random, first: Sequence[Thing], second: Sequence[Thing], size: int) -> tuple[Canvas, Canvas]:
    paper = rng.choice(PAPERS)
    return framed(paint(first, size, paper)), framed(paint(second, size, paper))


TASKS: dict[str, Task] = {"changed": changed, "extra": extra, "more": more}
