r"""Geometry3K (Lu et al., ACL 2021): plane-geometry problems with one diagram, in LaTeX or numbers.

{"images": [<picture>], "problem": "<image>Find x.", "answer": "12 \sqrt { 3 }", "id": 37,
 "choices": ["12", "12 \sqrt { 2 }", "12 \sqrt { 3 }", "24"], "ground_truth": "C"}

The options are not shown: the question is asked openly, as the Vision-G1 authors' reward expects. Older
snapshots lack `id`, `choices` and `ground_truth`.
"""

from __future__ import annotations

from typing import ClassVar

from vg1core import Register, hookimpl
from vg1core.datasets import DatasetInfo, HubDataset, Row
from vg1core.types import MathTarget, Sample


class Geometry3K(HubDataset):
    """Geometry problems with one diagram, asked as open questions."""

    info = DatasetInfo(
        name="geometry3k",
        dimension="math",
        hub_id="hiyouga/geometry3k",
        licence="mit",
        commercial=True,
        verifier="math",
        paper="arXiv:2105.04165",
        rows=2101,
        rows_known="exact",
        overlaps=("mathvista_testmini", "mathverse_testmini"),
    )
    columns: ClassVar = {
        "images": "list[image]", "problem": "string", "answer": "string",
        "id": "int64?", "choices": "list[string]?", "ground_truth": "string?",
    }  # fmt: skip

    def to_sample(self, row: Row, index: int) -> Sample:
        """The problem without its `<image>` mark; the answer is LaTeX."""
        return self.sample(
            index if row.get("id") is None else row["id"],
            images=row["images"],
            question=row["problem"].replace("<image>", "").strip(),
            target=MathTarget(latex=row["answer"]),
        )


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(Geometry3K)
