"""What stands after the colon in `--datasets synthetic:…`, and which samples it asks for.

The argument is a level, `key=value` pairs, or both: `synthetic:hard`, `synthetic:level=easy;dimension=gui;size=112`.
Its pieces are parted by `;`, `+` or commas. On the command line a comma already parts datasets: use `;` or `+` there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vg1_plugin_synthetic.drawn import Task
from vg1_plugin_synthetic.tasks import common_sense, cross_image, gui, infographic, math, medical, science, spatial
from vg1core.errors import UsageError, shorten

TASKS: Mapping[str, Mapping[str, Task]] = {
    "infographic": infographic.TASKS,
    "math": math.TASKS,
    "spatial": spatial.TASKS,
    "cross_image": cross_image.TASKS,
    "gui": gui.TASKS,
    "medical": medical.TASKS,
    "common_sense": common_sense.TASKS,
    "science": science.TASKS,
}
"""Tasks by dimension and name; the task `button` of `gui` is called `gui-button`."""
LEVELS = ("easy", "medium", "hard")
NUMBERS = {"size": (112, 2048), "seed": (0, 10**9), "count": (1, 10**7)}
"""Keys that take a number, and the smallest and largest one."""
KEYS = ("level", "dimension", "task", *NUMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One sample to be made."""

    dimension: str
    task: str
    """With its dimension: `gui-button`."""
    number: int
    """Counts the samples of this task from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Which samples to make. All fields together decide them, down to the byte."""

    level: str = "medium"
    dimension: str = "all"
    task: str = "all"
    size: int = 336
    """Pixels of a picture's side."""
    seed: int = 0
    count: int = 40

    @property
    def config(self) -> str:
        """The part of a sample's id that says how it was made: `medium-336-0`."""
        return f"{self.level}-{self.size}-{self.seed}"

    def item(self, index: int) -> Item:
        """The sample at a place in the order: dimensions take turns, and within each its tasks."""
        if self.task != "all":
            return Item(dimension=self.task.partition("-")[0], task=self.task, number=index)
        dimensions = list(TASKS) if self.dimension == "all" else [self.dimension]
        turn, at = divmod(index, len(dimensions))
        tasks = list(TASKS[dimensions[at]])
        number, which = divmod(turn, len(tasks))
        return Item(dimension=dimensions[at], task=f"{dimensions[at]}-{tasks[which]}", number=number)


def task_names(dimension: str = "all") -> list[str]:
    """Names of the tasks of one dimension, or of all."""
    chosen = TASKS if dimension == "all" else {dimension: TASKS[dimension]}
    return [f"{home}-{name}" for home, tasks in chosen.items() for name in tasks]


def parse(argument: str | None) -> Spec:
    """Read the argument.

    :raises UsageError: an unknown key or value, or a key given twice; lists what is known.
    """
    given: dict[str, str] = {}
    for piece in re.split("[,;+]", argument or ""):
        key, equals, value = (part.strip() for part in piece.partition("="))
        if not equals:
            key, value = "level", key
            if not value:
                continue
        if key not in KEYS:
            raise UsageError(f"dataset 'synthetic' has no option {shorten(key)}; its options are: {', '.join(KEYS)}")
        if key in given:
            raise UsageError(f"dataset 'synthetic': {key} is given twice, as {given[key]!r} and {shorten(value)}")
        given[key] = value
    plain = Spec()
    dimension = _known("dimension", given.get("dimension", plain.dimension), ("all", *TASKS))
    return Spec(
        level=_known("level", given.get("level", plain.level), LEVELS),
        dimension=dimension,
        task=_known("task", given.get("task", plain.task), ("all", *task_names(dimension))),
        size=_number("size", given.get("size", str(plain.size))),
        seed=_number("seed", given.get("seed", str(plain.seed))),
        count=_number("count", given.get("count", str(plain.count))),
    )


def _known(key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        hint = "; anything but a level is written key=value" if key == "level" else ""
        raise UsageError(f"dataset 'synthetic' has no {key} {shorten(value)}; known: {', '.join(known)}{hint}")
    return value


def _number(key: str, value: str) -> int:
    low, high = NUMBERS[key]
    if not re.fullmatch("[0-9]{1,10}", value) or not low <= int(value) <= high:
        raise UsageError(
            f"dataset 'synthetic': {key} has to be a whole number from {low} to {high}, not {shorten(value)}"
        )
    return int(value)
