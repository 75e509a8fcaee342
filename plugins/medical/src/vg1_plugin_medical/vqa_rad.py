"""VQA-RAD (Lau et al., Scientific Data 2018), train split: clinicians' questions about radiology pictures.

{"image": <picture>, "question": "is there evidence of an aortic aneurysm?", "answer": "yes"}

Kept, and compared exactly without regard to case:
- closed questions, whose answer is yes or no;
- open questions whose answer is one thing in at most three words (`left kidney`).

Left out as not verifiable, each with its reason: longer open answers, where a right response is worded otherwise
more often than not, and answers that name several things. `metadata["answer_type"]` tells closed from open: the column
of the original files is not in this copy. A picture can stand in several rows, and in the test split as well.
"""

from __future__ import annotations

import re
from typing import ClassVar

from vg1core import Register, hookimpl
from vg1core.datasets import DatasetInfo, HubDataset, Row
from vg1core.layouts import yes_no
from vg1core.types import Sample, Skipped, TextTarget

MOST_WORDS = 3
SEVERAL = re.compile(r"[,;/()&]|\b(and|or)\b", re.IGNORECASE)


class VQARad(HubDataset):
    """Questions about X-ray, CT and MR pictures with yes, no or a short answer."""

    info = DatasetInfo(
        name="vqa_rad",
        dimension="medical",
        hub_id="flaviagiammarino/vqa-rad",
        licence="cc0-1.0",
        commercial=True,
        verifier="exact",
        paper="doi:10.1038/sdata.2018.251",
        rows=1793,
        rows_known="exact",
    )
    columns: ClassVar = {"image": "image", "question": "string", "answer": "string"}

    def to_sample(self, row: Row, index: int) -> Sample | Skipped:
        """Closed and short open questions; see the module's text for what is left out."""
        answer = row["answer"].strip().removesuffix(".")
        closed = answer.lower() in ("yes", "no")
        if not answer:
            return self.skip(index, "no answer")
        if not closed and SEVERAL.search(answer):
            return self.skip(index, "the answer names several things", answer)
        if not closed and len(answer.split()) > MOST_WORDS:
            return self.skip(index, "open answer too long to compare", answer)
        return self.sample(
            index,
            images=row["image"],
            question=row["question"].strip(),
            target=yes_no(answer) if closed else TextTarget(text=answer),
            answer_type="closed" if closed else "open",
        )


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(VQARad)
