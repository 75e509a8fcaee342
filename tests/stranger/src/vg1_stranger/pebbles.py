"""Pebbles: what colour are they?

{"picture": "pebbles/red.png", "question": "What colour are the pebbles?", "red": 200, "green": 50, "blue": 50}
"""

from __future__ import annotations

from typing import ClassVar

from vg1_stranger.colour import ColourTarget
from vg1core import Dataset, DatasetInfo, Register, Sample, Skipped, hookimpl
from vg1core.datasets import Row


class Pebbles(Dataset):
    """Pictures of pebbles of one colour."""

    info = DatasetInfo(name="pebbles", dimension="common_sense", licence="mit", verifier="colour", prompt="swatch")
    columns: ClassVar = {
        "picture": "image", "question": "string", "red": "int64", "green": "int64", "blue": "int64",
    }  # fmt: skip

    def to_sample(self, row: Row, index: int) -> Sample | Skipped:
        """The colour as a target; pebbles that nobody measured are left out."""
        if row["red"] is None:
            return self.skip(index, "no colour")
        target = ColourTarget(red=row["red"], green=row["green"], blue=row["blue"])
        return self.sample(index, images=row["picture"], question=row["question"], target=target)


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(Pebbles)
