"""A-OKVQA (Schwenk et al., ECCV 2022), train split: questions about photos that need knowledge of the world.

{"image": <picture>, "question_id": "q7Kd0c3vXlTtPz2mAeWy1u", "question": "When was this photo taken?",
 "choices": ["noon", "night", "dawn", "late afternoon"], "correct_choice_idx": 3, "direct_answers": "['day', …]",
 "difficult_direct_answer": false, "rationales": ["The light comes from …", …]}

Asked with its four options; the direct answers would need a vote of ten annotators. The photos are COCO's, which
OK-VQA, VQAv2 and Visual7W use as well. The test split has no answers.
"""

from __future__ import annotations

from typing import ClassVar

from vg1core import Register, choice_target, hookimpl
from vg1core.datasets import DatasetInfo, HubDataset, Row
from vg1core.types import Sample, Skipped


class AOKVQA(HubDataset):
    """Questions about photos that need common sense or knowledge, with four options."""

    info = DatasetInfo(
        name="aokvqa",
        dimension="common_sense",
        hub_id="HuggingFaceM4/A-OKVQA",
        licence="unknown",
        verifier="choice",
        paper="arXiv:2206.01718",
        rows=17056,
        rows_known="exact",
        overlaps=("mathvista_testmini", "okvqa", "vqav2", "visual7w"),
    )
    columns: ClassVar = {
        "image": "image", "question_id": "string", "question": "string", "choices": "list[string]",
        "correct_choice_idx": "int8", "direct_answers": "string?", "difficult_direct_answer": "bool?",
        "rationales": "list[string]?",
    }  # fmt: skip

    def to_sample(self, row: Row, index: int) -> Sample | Skipped:
        """The index of the right option counts from 0."""
        if row["correct_choice_idx"] is None:
            return self.skip(row["question_id"], "no answer")
        return self.sample(
            row["question_id"],
            images=row["image"],
            question=row["question"].strip(),
            choices=row["choices"],
            target=choice_target(row["choices"], index=row["correct_choice_idx"]),
        )


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(AOKVQA)
