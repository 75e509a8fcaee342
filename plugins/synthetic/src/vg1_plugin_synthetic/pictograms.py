"""Pictures of everyday things in a few flat colours. Each fills the box it is given."""

from __future__ import annotations

from collections.abc import Callable

from vg1_plugin_synthetic.canvas import Box, Canvas, Colour
from vg1_plugin_synthetic.icons import Pen

DARK: Colour = (60, 60, 70)
WOOD: Colour = (150, 100, 60)
LEAF: Colour = (50, 150, 70)
RED: Colour = (205, 50, 50)
BLUE: Colour = (50, 110, 200)
SKY: Colour = (185, 220, 245)
GOLD: Colour = (240, 190, 50)
STEEL: Colour = (130, 140, 155)


def _cup(pen: Pen) -> None:
    pen.ring(0.55, 0.25, 1, 0.7, BLUE, 0.1)
    pen.polygon([(0, 0.1), (0.75, 0.1), (0.66, 1), (0.09, 1)], BLUE)


def _fork(pen: Pen) -> None:
    pen.rect(0.44, 0.35, 0.56, 1, STEEL)
    pen.rect(0.26, 0.36, 0.74, 0.48, STEEL)
    for x in (0.26, 0.45, 0.64):
        pen.rect(x, 0, x + 0.1, 0.42, STEEL)


def _pot(pen: Pen) -> None:
    pen.rect(0.12, 0.4, 0.88, 1, STEEL)
    pen.rect(0, 0.48, 1, 0.6, DARK)
    pen.rect(0.06, 0.27, 0.94, 0.4, DARK)
    pen.oval(0.42, 0.08, 0.58, 0.28, DARK)


def _bottle(pen: Pen) -> None:
    pen.rect(0.4, 0, 0.6, 0.1, DARK)
    pen.rect(0.42, 0.08, 0.58, 0.35, LEAF)
    pen.canvas.rect(pen.box(0.28, 0.3, 0.72, 1), LEAF, r=2)
    pen.rect(0.28, 0.55, 0.72, 0.8, (245, 240, 220))


def _hat(pen: Pen) -> None:
    pen.oval(0, 0.65, 1, 1, WOOD)
    pen.pie(0.22, 0.1, 0.78, 1.2, 180, 360, WOOD)
    pen.rect(0.22, 0.58, 0.78, 0.7, RED)


def _shirt(pen: Pen) -> None:
    pen.polygon(
        [(0.3, 0.05), (0.42, 0.16), (0.58, 0.16), (0.7, 0.05), (1, 0.3), (0.86, 0.5), (0.76, 0.42), (0.76, 1),
         (0.24, 1), (0.24, 0.42), (0.14, 0.5), (0, 0.3)], RED)  # fmt: skip


def _shoe(pen: Pen) -> None:
    pen.polygon([(0.05, 0.25), (0.4, 0.25), (0.5, 0.5), (0.88, 0.62), (1, 0.86), (0.05, 0.86)], WOOD)
    pen.rect(0.05, 0.86, 1, 1, DARK)


def _sock(pen: Pen) -> None:
    pen.polygon([(0.25, 0), (0.65, 0), (0.65, 0.55), (0.95, 0.78), (0.85, 1), (0.55, 1), (0.25, 0.75)], BLUE)
    pen.rect(0.25, 0, 0.65, 0.14, (240, 240, 240), DARK)


def _car(pen: Pen) -> None:
    pen.polygon([(0.18, 0.5), (0.32, 0.22), (0.72, 0.22), (0.85, 0.5)], RED)
    pen.polygon([(0.28, 0.48), (0.37, 0.29), (0.49, 0.29), (0.49, 0.48)], SKY)
    pen.polygon([(0.55, 0.48), (0.55, 0.29), (0.67, 0.29), (0.76, 0.48)], SKY)
    pen.rect(0, 0.48, 1, 0.76, RED)
    for x in (0.12, 0.64):
        pen.oval(x, 0.62, x + 0.25, 0.9, DARK)


def _bus(pen: Pen) -> None:
    pen.rect(0, 0.12, 1, 0.8, GOLD)
    for x in (0.08, 0.31, 0.54, 0.77):
        pen.rect(x, 0.22, x + 0.16, 0.46, SKY)
    for x in (0.12, 0.66):
        pen.oval(x, 0.68, x + 0.24, 0.94, DARK)


def _boat(pen: Pen) -> None:
    pen.polygon([(0, 0.68), (1, 0.68), (0.82, 1), (0.18, 1)], WOOD)
    pen.rect(0.46, 0, 0.52, 0.68, DARK)
    pen.polygon([(0.55, 0.05), (0.95, 0.6), (0.55, 0.6)], BLUE)


def _bike(pen: Pen) -> None:
    for x in (0.0, 0.56):
        pen.ring(x, 0.5, x + 0.44, 0.94, DARK, 0.07)
    pen.line([(0.22, 0.72), (0.36, 0.36), (0.7, 0.36), (0.5, 0.72), (0.22, 0.72)], RED, 0.07)
    pen.line([(0.78, 0.72), (0.66, 0.18), (0.84, 0.18)], RED, 0.07)
    pen.line([(0.36, 0.36), (0.33, 0.24)], RED, 0.07)
    pen.rect(0.22, 0.2, 0.44, 0.27, DARK)


def _tree(pen: Pen) -> None:
    pen.rect(0.42, 0.6, 0.58, 1, WOOD)
    pen.oval(0.1, 0, 0.9, 0.72, LEAF)


def _flower(pen: Pen) -> None:
    pen.rect(0.47, 0.4, 0.54, 1, LEAF)
    pen.oval(0.52, 0.68, 0.85, 0.84, LEAF)
    for x, y in ((0.5, 0.1), (0.7, 0.24), (0.63, 0.46), (0.37, 0.46), (0.3, 0.24)):
        pen.oval(x - 0.15, y - 0.13, x + 0.15, y + 0.17, (225, 90, 160))
    pen.oval(0.38, 0.2, 0.62, 0.44, GOLD)


def _leaf(pen: Pen) -> None:
    pen.polygon([(0.05, 0.95), (0.1, 0.5), (0.4, 0.15), (0.95, 0.05), (0.85, 0.6), (0.5, 0.88)], LEAF)
    pen.line([(0, 1), (0.75, 0.25)], (25, 95, 45), 0.06)


def _cactus(pen: Pen) -> None:
    green: Colour = (60, 130, 60)
    pen.canvas.rect(pen.box(0.4, 0, 0.6, 1), green, r=2)
    for x, y1, y2 in ((0.1, 0.25, 0.6), (0.74, 0.15, 0.5)):
        pen.canvas.rect(pen.box(x, y1, x + 0.16, y2), green, r=2)
    pen.rect(0.12, 0.5, 0.5, 0.62, green)
    pen.rect(0.5, 0.4, 0.88, 0.52, green)


def _ball(pen: Pen) -> None:
    pen.oval(0, 0, 1, 1, RED)
    pen.line([(0.04, 0.5), (0.96, 0.5)], (250, 240, 230), 0.14)


def _person(pen: Pen) -> None:
    pen.oval(0.3, 0, 0.7, 0.26, (235, 190, 150), DARK)
    pen.canvas.rect(pen.box(0.25, 0.28, 0.75, 0.66), (90, 120, 160), r=2)
    pen.line([(0.25, 0.34), (0.05, 0.6)], (90, 120, 160), 0.14)
    pen.line([(0.75, 0.34), (0.95, 0.6)], (90, 120, 160), 0.14)
    pen.rect(0.29, 0.64, 0.47, 1, DARK)
    pen.rect(0.53, 0.64, 0.71, 1, DARK)


THINGS: dict[str, Callable[[Pen], None]] = {
    "cup": _cup, "fork": _fork, "pot": _pot, "bottle": _bottle,
    "hat": _hat, "shirt": _shirt, "shoe": _shoe, "sock": _sock,
    "car": _car, "bus": _bus, "boat": _boat, "bike": _bike,
    "tree": _tree, "flower": _flower, "leaf": _leaf, "cactus": _cactus,
    "ball": _ball, "person": _person,
}  # fmt: skip
"""Drawing by the word that questions use."""


def thing(canvas: Canvas, name: str, box: Box) -> None:
    """Draw a thing into a box."""
    THINGS[name](Pen(canvas, box))
