"""Geometry3K's two revisions."""

import pytest

from vg1_plugin_math.geometry3k import Geometry3K

OLD = {"images": [{"bytes": b"png", "path": None}], "problem": "<image>Find x.", "answer": r"12 \sqrt { 3 }"}


@pytest.mark.parametrize(
    ("row", "identity"), [(OLD, 4), (OLD | {"id": None}, 4), (OLD | {"id": 0}, 0), (OLD | {"id": 37}, 37)]
)
def test_the_upstream_id_where_there_is_one(row, identity):
    assert Geometry3K().to_sample(row, 4).id == f"dataset:geometry3k/default/train/{identity}"


def test_an_open_question_without_the_mark_of_its_picture():
    sample = Geometry3K().to_sample(OLD | {"choices": ["1", "2"], "ground_truth": "B"}, 0)
    assert (sample.question, sample.choices) == ("Find x.", ())
    assert sample.target.latex == r"12 \sqrt { 3 }"
    assert len(sample.images) == 1


def test_a_row_without_an_answer_names_the_field():
    source = Geometry3K()
    source.load = lambda data: iter([{"images": OLD["images"], "problem": "Find x."}])
    (skipped,) = source.samples()
    assert skipped.fault
    assert skipped.reason == "missing field 'answer'"
