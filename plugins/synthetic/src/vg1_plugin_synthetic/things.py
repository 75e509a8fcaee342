"""Coloured shapes scattered over a picture: what the spatial and the cross-image tasks are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from vg1_plugin_synthetic.canvas import COLOURS, GRID, PAPERS, SHAPES, Box, Canvas, cells, somewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A shape at its place."""

    colour: str
    shape: str
    box: Box
    """In grid units."""

    @property
    def name(self) -> str:
        """How questions call it: `red circle`."""
        return f"{self.colour} {self.shape}"


def kinds(rng: Random, count: int, *, colours: Sequence[str] = tuple(COLOURS)) -> list[tuple[str, str]]:
    """Different pairs of colour and shape, at random."""
    return rng.sample([(colour, shape) for colour in colours for shape in SHAPES], count)


def scatter(rng: Random, count: int, side: int, sizes: tuple[int, int]) -> list[Box]:
    """Boxes in different cells of a grid of `side` × `side`, so that none overlap.

    :param sizes: smallest and largest box, in units; the largest has to fit into a cell with a margin of 2.
    """
    places = rng.sample(cells(side, side), count)
    return [somewhere(rng, cell, rng.randint(*sizes)) for cell in places]


def side_for(count: int) -> tuple[int, tuple[int, int]]:
    """Cells along a side, and sizes of the shapes, for a number of shapes."""
    if count <= 4:
        return 2, (24, 40)
    return (3, (18, 30)) if count <= 9 else (4, (14, 22))


def spread(rng: Random, pairs: Sequence[tuple[str, str]], side: int, sizes: tuple[int, int]) -> list[Thing]:
    """Give each pair of colour and shape a place."""
    boxes = scatter(rng, len(pairs), side, sizes)
    return [Thing(colour=colour, shape=shape, box=box) for (colour, shape), box in zip(pairs, boxes, strict=True)]


def paint(things: Sequence[Thing], size: int, paper: tuple[int, int, int] = PAPERS[0]) -> Canvas:
    """A canvas with the things on it."""
    canvas = Canvas(size, paper)
    for thing in things:
        canvas.shape(thing.shape, COLOURS[thing.colour], thing.box)
    return canvas


def scene_of(canvas: Canvas, things: Sequence[Thing]) -> list[dict[str, Any]]:
    """The things as plain values, boxes in pixels."""
    return [{"name": thing.name, "box": list(canvas.pixels(thing.box))} for thing in things]


def framed(image: Canvas) -> Canvas:
    """The canvas with a thin frame, so that two pictures side by side stay apart."""
    image.rect((0, 0, GRID, GRID), None, line=(190, 190, 196))
    return image


def plural(shape: str) -> str:
    """The name of several shapes."""
    return "crosses" if shape == "cross" else f"{shape}s"
