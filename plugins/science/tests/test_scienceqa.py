"""ScienceQA's pictures, hints and answers."""

import json

import pytest

from vg1_plugin_science.scienceqa import ScienceQA
from vg1core.types import Skipped

ROW = {
    "image": {"bytes": b"png", "path": None}, "question": "Which is farthest north?", "choices": ["Ohio", "Texas"],
    "answer": 0, "hint": "", "subject": "social science", "lecture": "SECRET", "solution": "SECRET",
}  # fmt: skip


@pytest.mark.parametrize(
    ("hint", "question"),
    [
        ("", "Which is farthest north?"),
        ("  ", "Which is farthest north?"),
        ("Look at the map.", "Context: Look at the map.\nWhich is farthest north?"),
    ],
)
def test_a_hint_is_the_context(hint, question):
    assert ScienceQA().to_sample(ROW | {"hint": hint}, 0).question == question


def test_a_row_without_a_picture_is_left_out():
    skipped = ScienceQA().to_sample(ROW | {"image": None}, 8)
    assert skipped == Skipped(id="dataset:scienceqa/default/train/8", reason="no picture")


def test_neither_lecture_nor_solution_is_shown():
    sample = ScienceQA().to_sample(ROW, 0)
    assert "SECRET" not in repr(sample)
    assert sample.metadata == {"subject": "social science"}


@pytest.mark.parametrize(("answer", "letters"), [(0, "A"), (1, "B")])
def test_the_index_counts_from_zero(answer, letters):
    assert ScienceQA().to_sample(ROW | {"answer": answer}, 0).target.letters == letters


def test_every_real_row_is_accounted_for(vg1_test_data):
    folder = vg1_test_data / "data/scienceqa"
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    source = ScienceQA()
    source.load = lambda data: ({**row, "image": str(folder / row["_images"][0])} for row in rows)
    results = list(source.samples())
    assert not any(isinstance(one, Skipped) for one in results)
    assert [one.choices[ord(one.target.letters) - 65] for one in results] == [
        row["choices"][row["answer"]] for row in rows
    ]
