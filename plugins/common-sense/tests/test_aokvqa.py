"""A-OKVQA's options and answers."""

import pytest

from vg1_plugin_common_sense.aokvqa import AOKVQA
from vg1core.types import Skipped

ROW = {
    "image": {"bytes": b"jpg", "path": None}, "question_id": "q7Kd0c", "question": "When was this photo taken?",
    "choices": ["noon", "night", "dawn", "late afternoon"], "correct_choice_idx": 3,
}  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"direct_answers": "['day']"}, {"direct_answers": ["day"], "rationales": []}])
def test_the_index_counts_from_zero_and_direct_answers_are_not_read(more):
    sample = AOKVQA().to_sample(ROW | more, 9)
    assert sample.id == "dataset:aokvqa/default/train/q7Kd0c"
    assert sample.target.letters == "D"
    assert sample.choices == ("noon", "night", "dawn", "late afternoon")
    assert "day" not in sample.metadata


def test_a_row_without_an_answer_is_left_out():
    skipped = AOKVQA().to_sample(ROW | {"correct_choice_idx": None}, 9)
    assert skipped == Skipped(id="dataset:aokvqa/default/train/q7Kd0c", reason="no answer")


def test_an_index_beyond_the_options_is_a_fault():
    source = AOKVQA()
    source.load = lambda data: iter([ROW | {"correct_choice_idx": 4}])
    (skipped,) = source.samples()
    assert skipped.fault
    assert "there are 4 options, numbered from 0 (value: 4)" in skipped.detail
