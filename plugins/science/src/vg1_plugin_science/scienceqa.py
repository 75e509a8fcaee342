"""ScienceQA (Lu et al., NeurIPS 2022), train split: school science questions with two to five options.

{"image": <picture>, "question": "Which of these states is farthest north?", "choices": ["West Virginia", "Louisiana",
 "Arizona", "Oklahoma"], "answer": 0, "hint": "", "task": "closed choice", "grade": "grade2",
 "subject": "social science", "topic": "geography", "category": "Geography", "skill": "Read a map",
 "lecture": "Maps have …", "solution": "To find the answer, …"}

6,508 of the 12,726 rows have no picture and are left out. A hint that is not empty goes before the question as its
context; lecture and solution give the answer away and are never shown. The copy on the hub is tagged CC BY-SA 4.0,
the authors' own repository says CC BY-NC-SA 4.0; the stricter one is taken here.
"""

from __future__ import annotations

from typing import ClassVar

from vg1core import Register, choice_target, hookimpl
from vg1core.datasets import DatasetInfo, HubDataset, Row
from vg1core.types import Sample, Skipped


class ScienceQA(HubDataset):
    """School science questions with a picture and two to five options."""

    info = DatasetInfo(
        name="scienceqa",
        dimension="science",
        hub_id="derek-thomas/ScienceQA",
        licence="cc-by-nc-sa-4.0 (the hub's tag: cc-by-sa-4.0)",
        commercial=False,
        verifier="choice",
        paper="arXiv:2209.09513",
        rows=12726,
        rows_known="exact",
        overlaps=("scienceqa_img", "mathvista_testmini", "mmstar", "m3cot"),
    )
    columns: ClassVar = {
        "image": "image", "question": "string", "choices": "list[string]", "answer": "int8", "hint": "string",
        "task": "string?", "grade": "string?", "subject": "string?", "topic": "string?", "category": "string?",
        "skill": "string?", "lecture": "string?", "solution": "string?",
    }  # fmt: skip

    def to_sample(self, row: Row, index: int) -> Sample | Skipped:
        """The index of the right option counts from 0."""
        if not row["image"]:
            return self.skip(index, "no picture")
        hint, question = row["hint"].strip(), row["question"].strip()
        return self.sample(
            index,
            images=row["image"],
            question=f"Context: {hint}\n{question}" if hint else question,
            choices=row["choices"],
            target=choice_target(row["choices"], index=row["answer"]),
            grade=row.get("grade"),
            subject=row.get("subject"),
            topic=row.get("topic"),
            category=row.get("category"),
            skill=row.get("skill"),
        )


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(ScienceQA)
