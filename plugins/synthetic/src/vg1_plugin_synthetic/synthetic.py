"""Synthetic: drawn pictures and exact questions in all eight dimensions, made on the spot from a seed.

{"index": 4, "dimension": "gui", "task": "gui-button", "number": 0}

A row only says which sample it is; `to_sample` draws it. Nothing is read from disk or the network, so every value of
`--data` gives the same samples. The argument chooses level, dimension, task, size, seed and count (see `spec`):

    --datasets synthetic
    --datasets synthetic:hard
    --datasets "synthetic:level=easy;dimension=gui;size=112;count=100"

Each sample has random numbers of its own, seeded by seed, level, task and number. So a sample stays the same whatever
else is asked for, and any one can be made again alone. The words of all questions and answers are in `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from vg1_plugin_synthetic.drawn import Drawn
from vg1_plugin_synthetic.spec import LEVELS, TASKS, Item, Spec, parse
from vg1core import Register, hookimpl
from vg1core.datasets import Dataset, DatasetInfo, Row
from vg1core.errors import UsageError
from vg1core.types import Media, Sample

EDITION = 1
"""Raised whenever the same seed gives other samples than before."""


class Synthetic(Dataset):
    """Drawn pictures with exact questions in all eight dimensions, made offline from a seed."""

    info = DatasetInfo(
        name="synthetic",
        dimension="several",  # each sample carries its own; none of the eight would be true of the whole
        licence="apache-2.0",
        commercial=True,
        verifier="exact",  # the commonest; each sample carries its own
    )

    def __init__(self, argument: str | None = None, *, overrides: Mapping[str, str] | None = None) -> None:
        """Read the argument; nothing is drawn yet.

        :raises UsageError: the argument is not understood, or something is to be overridden.
        """
        super().__init__(argument, overrides=overrides)
        if overrides:
            names = ", ".join(sorted(overrides))
            raise UsageError(f"dataset 'synthetic' is made, not fetched: it has no {names} to override")
        self.spec: Spec = parse(argument)

    @classmethod
    def takes_argument(cls) -> bool:
        """Level, dimension, task, size, seed and count."""
        return True

    def load(self, data: str = "hub") -> Iterator[Row]:
        """Rows that say which samples to make; the same for every `data`."""
        self.split, self.place = "made", "synthetic"
        for index in range(self.spec.count):
            item = self.spec.item(index)
            yield {"index": index, "dimension": item.dimension, "task": item.task, "number": item.number}

    def to_sample(self, row: Row, index: int) -> Sample:
        """Draw the sample of a row."""
        item = self.spec.item(row["index"])
        drawn = make(self.spec, item)
        identity = self.sample_id(row["index"])
        return self.sample(
            row["index"],
            question=drawn.question,
            images=[Media(ref=f"{identity}#image[{n}]", data=png) for n, png in enumerate(drawn.images)],
            target=drawn.target,
            choices=drawn.choices,
            verifier=drawn.verifier,
            dimension=item.dimension,
            task=item.task,
            level=self.spec.level,
        )

    def sample_id(self, row: int | str, turn: int | None = None) -> str:
        """`dataset:synthetic/<level>-<size>-<seed>/<task>/<number>`; the row is a place in the order."""
        item = self.spec.item(int(row))
        return f"{self.kind}:{self.info.name}/{self.spec.config}/{item.task}/{item.number}"

    def revision(self, data: str) -> str:
        """Everything that decides the samples. Letters are drawn by Pillow, so its version is part of it."""
        from PIL import __version__ as pillow

        spec = self.spec
        return (
            f"synthetic-{EDITION} seed={spec.seed} level={spec.level} size={spec.size} dimension={spec.dimension} "
            f"task={spec.task} count={spec.count} pillow={pillow}"
        )

    def length(self, data: str, limit: int | None) -> int:
        """How many samples there will be."""
        return min(self.spec.count, limit or self.spec.count)


def make(spec: Spec, item: Item) -> Drawn:
    """Draw one sample. Only its own seed decides it, not what was drawn before."""
    task = TASKS[item.dimension][item.task.removeprefix(f"{item.dimension}-")]
    rng = Random(f"{spec.seed}/{spec.level}/{item.task}/{item.number}")
    return task(rng, LEVELS.index(spec.level), spec.size)


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(Synthetic)
