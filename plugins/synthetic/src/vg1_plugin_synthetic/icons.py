"""Icons of a drawn screen, in one colour. Each fills the box it is given."""

from __future__ import annotations

from collections.abc import Callable

from vg1_plugin_synthetic.canvas import WHITE, Box, Canvas, Colour


class Pen:
    """Draws on a canvas in the coordinates of one box: 0, 0 is its first corner, 1, 1 its second."""

    def __init__(self, canvas: Canvas, box: Box) -> None:
        self.canvas = canvas
        self.x, self.y = box[0], box[1]
        self.w, self.h = box[2] - box[0], box[3] - box[1]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the box in grid units."""
        return self.x + x * self.w, self.y + y * self.h

    def box(self, x1: float, y1: float, x2: float, y2: float) -> Box:
        """A part of the box in grid units."""
        return (*self.at(x1, y1), *self.at(x2, y2))

    def rect(self, x1: float, y1: float, x2: float, y2: float, fill: Colour | None, line: Colour | None = None) -> None:
        """A rectangle."""
        self.canvas.rect(self.box(x1, y1, x2, y2), fill, line=line)

    def oval(self, x1: float, y1: float, x2: float, y2: float, fill: Colour | None, line: Colour | None = None) -> None:
        """An ellipse."""
        self.canvas.oval(self.box(x1, y1, x2, y2), fill, line=line)

    def ring(self, x1: float, y1: float, x2: float, y2: float, line: Colour, width: float) -> None:
        """The outline of an ellipse; the width is a fraction of the box."""
        self.canvas.oval(self.box(x1, y1, x2, y2), None, line=line, width=width * self.w)

    def polygon(self, points: list[tuple[float, float]], fill: Colour) -> None:
        """A filled polygon."""
        self.canvas.polygon([self.at(x, y) for x, y in points], fill)

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float = 0.1) -> None:
        """A line; the width is a fraction of the box."""
        self.canvas.line([self.at(x, y) for x, y in points], colour, width * self.w)

    def pie(self, x1: float, y1: float, x2: float, y2: float, start: float, end: float, fill: Colour) -> None:
        """A slice of an ellipse."""
        self.canvas.pie(self.box(x1, y1, x2, y2), start, end, fill)


Picture = Callable[[Canvas, Box, Colour], None]
"""Draws one thing into a box, in a colour where the thing has no colours of its own."""


def _home(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.polygon([(0, 0.5), (0.5, 0), (1, 0.5)], colour)
    pen.rect(0.15, 0.5, 0.85, 1, colour)
    pen.rect(0.4, 0.62, 0.6, 1, WHITE)


def _mail(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.rect(0, 0.15, 1, 0.85, colour)
    pen.line([(0.05, 0.2), (0.5, 0.58), (0.95, 0.2)], WHITE, 0.09)


def _search(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.ring(0, 0, 0.7, 0.7, colour, 0.12)
    pen.line([(0.6, 0.6), (0.95, 0.95)], colour, 0.16)


def _trash(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.rect(0.05, 0.12, 0.95, 0.24, colour)
    pen.rect(0.36, 0, 0.64, 0.12, colour)
    pen.polygon([(0.15, 0.32), (0.85, 0.32), (0.76, 1), (0.24, 1)], colour)
    for x in (0.4, 0.6):
        pen.line([(x, 0.45), (x, 0.88)], WHITE, 0.07)


def _add(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.rect(0.4, 0, 0.6, 1, colour)
    pen.rect(0, 0.4, 1, 0.6, colour)


def _lock(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.ring(0.22, 0, 0.78, 0.8, colour, 0.12)
    pen.rect(0.08, 0.42, 0.92, 1, colour)
    pen.oval(0.42, 0.6, 0.58, 0.78, WHITE)


def _play(canvas: Canvas, box: Box, colour: Colour) -> None:
    Pen(canvas, box).polygon([(0.12, 0), (1, 0.5), (0.12, 1)], colour)


def _user(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.oval(0.26, 0, 0.74, 0.48, colour)
    pen.pie(0.02, 0.54, 0.98, 1.46, 180, 360, colour)


def _menu(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    for y in (0.08, 0.42, 0.76):
        pen.rect(0, y, 1, y + 0.16, colour)


def _heart(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.oval(0, 0.04, 0.54, 0.58, colour)
    pen.oval(0.46, 0.04, 1, 0.58, colour)
    pen.polygon([(0.03, 0.43), (0.97, 0.43), (0.5, 1)], colour)


def _camera(canvas: Canvas, box: Box, colour: Colour) -> None:
    pen = Pen(canvas, box)
    pen.rect(0, 0.22, 1, 0.9, colour)
    pen.rect(0.3, 0.08, 0.7, 0.3, colour)
    pen.oval(0.29, 0.32, 0.71, 0.8, WHITE)
    pen.oval(0.39, 0.43, 0.61, 0.69, colour)


ICONS: dict[str, Picture] = {
    "home": _home, "mail": _mail, "search": _search, "trash": _trash, "add": _add, "lock": _lock,
    "play": _play, "user": _user, "menu": _menu, "heart": _heart, "camera": _camera,
}  # fmt: skip
"""Icon by the word that questions use."""
