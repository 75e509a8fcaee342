r"""VSR (Liu et al., TACL 2023), the zero-shot split's train part in the Cauldron's form: is a relation true of a photo?

{"images": [<picture>], "texts": [{"user": "Is the statement \"The bench is behind the tree.\" accurate
 regarding the image?\nAnswer yes or no.", "assistant": "Yes.", "source": "VSR"}]}

The caption stands between double quotes in one of ten phrasings. Small, and half of it is guessed right: cap its
share in a mixture. The captions are CC BY 4.0; the photos are COCO's and keep their own terms.
"""

from __future__ import annotations

from vg1core import Register, hookimpl
from vg1core.datasets import DatasetInfo
from vg1core.layouts import CauldronDataset, yes_no
from vg1core.types import TextTarget


class VSR(CauldronDataset):
    """Whether a spatial relation between two things in a photo holds."""

    info = DatasetInfo(
        name="vsr",
        dimension="spatial",
        hub_id="HuggingFaceM4/the_cauldron",
        config="vsr",
        licence="cc-by-4.0 (captions), COCO's terms (pictures)",
        verifier="exact",
        paper="arXiv:2205.00363",
        rows=2157,
        rows_known="exact",
        overlaps=("cv_bench",),
    )

    def target(self, answer: str) -> TextTarget:
        """Yes or no."""
        return yes_no(answer)


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(VSR)
