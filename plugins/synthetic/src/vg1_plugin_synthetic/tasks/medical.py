"""Tasks on schematic figures of the body: name an organ, find one, tell sides apart, count cells.

The figures are diagrams in the manner of a school book: they ask to follow pointers and to know where organs lie.
"""

from __future__ import annotations

from random import Random

from vg1_plugin_synthetic.anatomy import ORGANS, PAIRS, body, point_on
from vg1_plugin_synthetic.canvas import INK, Canvas, Colour, cells
from vg1_plugin_synthetic.drawn import Drawn, Task, choose, number, word

SPOT: Colour = (45, 25, 35)
GAP = 13.0
"""Smallest distance between two letters at the margin, in units."""


def pointer(rng: Random, level: int, size: int) -> Drawn:
    """Which organ does an arrow point to?"""
    shown = rng.sample(list(ORGANS), (4, 5, 7)[level])
    canvas = body(rng, size, shown)
    right = rng.choice(shown)
    x, y = point_on(rng, rng.choice(ORGANS[right]))
    canvas.arrow((5.0 if x <= 56 else 107.0, y + rng.randint(-3, 3)), (x, y), head=5)
    wrong = rng.sample([name for name in shown if name != right], 3)
    tip = [canvas.px(x), canvas.px(y)]
    return choose(rng, "Which organ does the arrow point to?", canvas.png(), right, wrong, shown=shown, tip=tip)


def label(rng: Random, level: int, size: int) -> Drawn:
    """Which letter belongs to an organ?"""
    shown = rng.sample(list(ORGANS), (3, 4, 6)[level])
    canvas = body(rng, size, shown)
    ends = {name: point_on(rng, rng.choice(ORGANS[name])) for name in shown}
    letters = dict(zip(shown, rng.sample("ABCDEF"[: len(shown)], len(shown)), strict=True))
    order = sorted(shown, key=lambda name: ends[name][1])
    for margin in (7.0, 105.0):
        # Letters stand on the side of their organ, in its order from the top, so that no two lines cross.
        names = [name for name in order if (ends[name][0] <= 56) == (margin < 56)]
        low = 7.0
        for left, name in enumerate(names, start=1 - len(names)):
            x, y = ends[name]
            height = min(max(y, low), 105.0 + GAP * left)
            low = height + GAP
            canvas.line([(margin + (6 if margin < 56 else -6), height), (x, y)], INK, 0.8)
            canvas.disc(x, y, 1.6, INK)
            canvas.text(margin, height, letters[name], height=12)
    asked = rng.choice(shown)
    tips = {name: [canvas.px(x), canvas.px(y)] for name, (x, y) in ends.items()}
    return word(f"Which letter belongs to the {asked}?", canvas.png(), letters[asked], letters=letters, tips=tips)


def side(rng: Random, level: int, size: int) -> Drawn:
    """On which side is a dark spot: of the picture, or, at the hard level, of the patient, who faces us?"""
    organ = "lung" if level == 0 else rng.choice(PAIRS)
    others = [name for name in ORGANS if name not in PAIRS]
    canvas = body(rng, size, [organ] if level == 0 else [*PAIRS, *rng.sample(others, 2)])
    on_left = rng.random() < 0.5
    x, y = point_on(rng, ORGANS[organ][0 if on_left else 1])
    canvas.disc(x, y, (4.5, 3.5, 2.5)[level] if organ == "lung" else 2.5, SPOT)
    whose = "patient" if level == 2 else "image"
    faces = "The patient faces you. " if level == 2 else ""
    question = f"{faces}Is the dark spot on the left or the right side of the {whose}?"
    right = "left" if on_left == (whose == "image") else "right"
    return word(question, canvas.png(), right, spot=[canvas.px(x), canvas.px(y)])


def cell_count(rng: Random, level: int, size: int) -> Drawn:
    """How many cells under the microscope have a dark core?"""
    across, most, wrong = ((3, 5, 2), (3, 6, 3), (4, 9, 5))[level]
    right = rng.randint(1, most)
    flags = [True] * right + [False] * rng.randint(0, wrong)
    canvas = Canvas(size, (60, 60, 70))
    canvas.disc(56, 56, 55, (250, 240, 245))
    centres = []
    places = rng.sample(cells(across, across, (16, 16, 96, 96)), len(flags))
    for dark, (x1, y1, x2, y2) in zip(flags, places, strict=True):
        radius = (x2 - x1) / 2 - rng.uniform(1, 2.5)
        x, y = (x1 + x2) / 2 + rng.uniform(-1, 1), (y1 + y2) / 2 + rng.uniform(-1, 1)
        canvas.disc(x, y, radius, (238, 180, 205), line=(190, 110, 150))
        canvas.disc(x, y, radius * rng.uniform(0.36, 0.48), (70, 25, 95) if dark else (250, 222, 234))
        centres.append([canvas.px(x), canvas.px(y)])
    return number("How many cells have a dark core?", canvas.png(), right, centres=centres, dark=flags)


TASKS: dict[str, Task] = {"pointer": pointer, "label": label, "side": side, "cells": cell_count}
