"""Upstream layouts that several datasets share. One reader each; the plugins say only what is their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from vg1core.datasets import HubDataset, Row
from vg1core.types import Sample, Skipped

BREVITY = (
    "Give a very brief answer.", "Answer briefly.", "Write a very short answer.", "Quick response, please.",
    "Short answer required.", "Keep it brief.", "Concise answer only.", "Be succinct.",
    "Provide a succinct answer.", "Provide a short and direct response.", "Make the answer very short.",
    "Offer a very short reply.", "Your answer should be very brief.", "Your answer should be compact.",
    "Answer yes or no.", "Answer with the letter.",
)  # fmt: skip
"""Instructions the Cauldron puts at the end of a question; prompt plugins give their own, so they are removed."""


class CauldronDataset(HubDataset):
    r"""One config of HuggingFaceM4/the_cauldron: a row is a list of pictures with one or more question turns.

    {"images": [<picture>], "texts": [{"user": "Is it so?\nAnswer yes or no.", "assistant": "Yes.", "source": "VSR"}]}

    The texts' exact forms come from the authors' build script (huggingface/smollm, vision/data/
    datasets_processing_scripts/build_concatenation_datasets_sft/build_ds_sft.py): short answers got a final full
    stop and, where they began in lower case, lost later capitals; so compare without regard to case.
    """

    columns: ClassVar = {
        "images": "list[image]",
        "texts": "list[struct{user: string, assistant: string, source: string}]",
    }

    def to_sample(self, row: Row, index: int) -> Iterator[Sample | Skipped]:
        """One sample for each question turn; all of a row share `metadata['group']`, for splits by picture."""
        for turn, text in enumerate(row["texts"]):
            yield self.turn_sample(row, index, turn, strip_instruction(text["user"]), strip_stop(text["assistant"]))

    def turn_sample(self, row: Row, index: int, turn: int, question: str, answer: str) -> Sample | Skipped:
        """One turn as a sample; `question` and `answer` come without instruction and final full stop."""
        raise TypeError(f"{type(self).__name__} must define turn_sample")


def strip_instruction(text: str) -> str:
    """Remove the instruction on how to answer from the end of a Cauldron question."""
    text = text.strip()
    for line in BREVITY:
        text = text.removesuffix(line).rstrip()
    return text


def strip_stop(text: str) -> str:
    """Remove the one final full stop that the Cauldron adds."""
    return text.strip().removesuffix(".")
