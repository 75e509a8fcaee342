"""A schematic body, seen from the front, with organs where a school book draws them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random

from vg1_plugin_synthetic.canvas import PAPERS, Box, Canvas, Colour, Point
from vg1_plugin_synthetic.icons import Pen

SKIN: Colour = (247, 224, 205)
EDGE: Colour = (170, 130, 110)
KIDNEY: Colour = (190, 100, 150)


def _lung(pen: Pen) -> None:
    pen.canvas.rect(pen.box(0, 0, 1, 1), (236, 150, 160), line=EDGE, r=8)


def _brain(pen: Pen) -> None:
    pen.oval(0, 0, 1, 1, (225, 150, 180), EDGE)
    pen.line([(0.5, 0.05), (0.5, 0.95)], EDGE, 0.05)
    for y in (0.35, 0.65):
        pen.line([(0.12, y), (0.25, y - 0.1), (0.38, y)], EDGE, 0.05)
        pen.line([(0.62, y), (0.75, y - 0.1), (0.88, y)], EDGE, 0.05)


def _heart(pen: Pen) -> None:
    red: Colour = (200, 30, 45)
    pen.oval(0, 0.08, 0.56, 0.6, red)
    pen.oval(0.44, 0.08, 1, 0.6, red)
    pen.polygon([(0.02, 0.42), (0.98, 0.42), (0.6, 1)], red)


def _liver(pen: Pen) -> None:
    pen.polygon([(0, 0.25), (0.2, 0), (0.8, 0), (1, 0.25), (0.55, 0.7), (0.12, 1), (0, 0.85)], (140, 65, 45))


def _stomach(pen: Pen) -> None:
    colour: Colour = (240, 160, 70)
    pen.oval(0.3, 0, 1, 0.85, colour)
    pen.oval(0, 0.45, 0.6, 1, colour)
    pen.polygon([(0.25, 0.5), (0.5, 0.2), (0.7, 0.8), (0.35, 1)], colour)


def _left_kidney(pen: Pen) -> None:
    pen.oval(0, 0, 1, 1, KIDNEY)
    pen.oval(0.8, 0.35, 1.25, 0.65, SKIN)


def _right_kidney(pen: Pen) -> None:
    pen.oval(0, 0, 1, 1, KIDNEY)
    pen.oval(-0.25, 0.35, 0.2, 0.65, SKIN)


def _bladder(pen: Pen) -> None:
    pen.oval(0, 0, 1, 1, (240, 205, 90), EDGE)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an organ."""

    draw: Callable[[Pen], None]
    box: Box
    core: Box
    """Every point of it lies on this piece, and on no other organ."""


ORGANS: dict[str, tuple[Part, ...]] = {
    "brain": (Part(_brain, (46, 4, 66, 20), (51, 8, 61, 16)),),
    "lung": (
        Part(_lung, (32, 36, 52, 64), (37, 41, 45, 59)),
        Part(_lung, (60, 36, 80, 64), (70, 41, 75, 59)),
    ),
    "heart": (Part(_heart, (50, 46, 66, 62), (54, 51, 62, 54)),),
    "liver": (Part(_liver, (31, 65, 57, 79), (36, 68, 46, 72)),),
    "stomach": (Part(_stomach, (58, 66, 80, 80), (68, 69, 75, 74)),),
    "kidney": (
        Part(_left_kidney, (34, 82, 44, 98), (37, 86, 40, 94)),
        Part(_right_kidney, (68, 82, 78, 98), (72, 86, 75, 94)),
    ),
    "bladder": (Part(_bladder, (49, 98, 63, 109), (53, 101, 59, 106)),),
}
"""Organs in the order they are drawn; of a pair, first the one on the left of the picture."""
PAIRS = ("lung", "kidney")


def body(rng: Random, size: int, shown: Collection[str]) -> Canvas:
    """A head and a trunk with some of the organs."""
    canvas = Canvas(size, rng.choice(PAPERS))
    for grow, colour in ((1.0, EDGE), (0.0, SKIN)):
        canvas.rect((27 - grow, 29 - grow, 85 + grow, 124), colour, r=14)
        canvas.rect((49 - grow, 18, 63 + grow, 34), colour)
        canvas.oval((42 - grow, 1 - grow, 70 + grow, 27 + grow), colour)
    for name, parts in ORGANS.items():
        if name in shown:
            for part in parts:
                part.draw(Pen(canvas, part.box))
    return canvas


def point_on(rng: Random, part: Part) -> Point:
    """A point that lies on a piece of an organ and on no other."""
    x1, y1, x2, y2 = part.core
    return rng.uniform(x1, x2), rng.uniform(y1, y2)
