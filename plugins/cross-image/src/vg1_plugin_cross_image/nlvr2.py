r"""NLVR2 (Suhr et al., ACL 2019), train split in the Cauldron's form: is a sentence true of a pair of photos?

{"images": [<left picture>, <right picture>], "texts": [{"user": "The first image is the image on the left, the second
 image is the image on the right. Considering the images on both sides, is \"There are exactly two flutes.\" valid?
 Answer yes or no.", "assistant": "Yes.", "source": "NLVR2"}]}

The first picture is the left one: their order matters. Pictures recur in several pairs, so `metadata["group"]`
(one pair) does not keep every picture on one side of a split. The sentences are CC BY 4.0; the photos come
without a licence and are offered for research on request.
"""

from __future__ import annotations

from typing import ClassVar

from vg1core import Register, hookimpl
from vg1core.datasets import DatasetInfo
from vg1core.layouts import CauldronDataset, yes_no
from vg1core.types import TextTarget


class NLVR2(CauldronDataset):
    """Whether a sentence is true of a pair of photos."""

    info = DatasetInfo(
        name="nlvr2",
        dimension="cross_image",
        hub_id="HuggingFaceM4/the_cauldron",
        config="nlvr2",
        licence="cc-by-4.0 (sentences), none (pictures)",
        commercial=False,
        verifier="exact",
        paper="arXiv:1811.00491",
        rows=50400,
        rows_known="rounded",
    )
    pictures: ClassVar = 2

    def target(self, answer: str) -> TextTarget:
        """Yes or no."""
        return yes_no(answer)


@hookimpl
def vg1_register_datasets(register: Register) -> None:
    register(NLVR2)
