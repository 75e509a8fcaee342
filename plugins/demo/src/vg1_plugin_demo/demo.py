"""`demo`: invented rows with recorded responses that show every status a verdict can have.

{"id": "tallest-bar", "picture": "bars.png", "question": "Which bar is the tallest?", "choices": ["red", "green"],
 "target": {"kind": "choice", "letters": "B"}, "verifier": "choice", "dimension": "infographic"}

The responses in `rows/responses.jsonl` were written for these rows; no model gave them. One picture is torn and one row
lacks its target, on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from vg1core import Register, hookimpl
from vg1core.datasets import Dataset, DatasetInfo, Row
from vg1core.io import decode_target
from vg1core.types import Sample

ROWS = Path(__file__).parent / "rows"
RESPONSES = ROWS / "responses.jsonl"


class Demo(Dataset):
    """Invented rows that show every status; made to be replayed with recorded responses."""

    info = DatasetInfo(name="demo", dimension="common_sense", licence="apache-2.0", commercial=True, verifier="choice")

    part_of_all = False

    def load(self, data: str = "hub") -> Iterator[Row]:
        """The rows that ship with the package, whatever `data` says."""
        self.split, self.place = "demo", str(ROWS / "demo.jsonl")
        with (ROWS / "demo.jsonl").open(encoding="utf-8") as file:
            yield from map(json.loads, file)

    def to_sample(self, row: Row, index: int) -> Sample:
        """A row holds its target as vg1 writes it."""
        return self.sample(
            row["id"],
            images=str(ROWS / row["picture"]) if row["picture"] else (),
            question=row["question"],
            choices=row.get("choices", ()),
            target=decode_target(row["target"]),
            verifier=row["verifier"],
            dimension=row["dimension"],
            options=row.get("options"),
            shows=row["shows"],
        )

    def revision(self, data: str) -> str:
        """The rows belong to this distribution's version."""
        return "fixtures"

    def length(self, data: str, limit: int | None) -> int | None:
        """Few enough not to matter."""
        return limit


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(Demo)
