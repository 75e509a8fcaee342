"""What of VQA-RAD is kept."""

import json
from collections import Counter

import pytest

from vg1_plugin_medical.vqa_rad import VQARad
from vg1core.types import Skipped

PICTURE = {"bytes": b"png", "path": None}


def read(answer):
    return VQARad().to_sample({"image": PICTURE, "question": " is it so? ", "answer": answer}, 2)


@pytest.mark.parametrize(("answer", "text"), [("yes", "yes"), ("Yes", "yes"), ("No.", "no"), (" NO ", "no")])
def test_closed_questions(answer, text):
    sample = read(answer)
    assert (sample.question, sample.target.text) == ("is it so?", text)
    assert sample.metadata == {"answer_type": "closed"}


@pytest.mark.parametrize("answer", ["Pancreas", "Left kidney", "right upper lobe", "Chest X-ray", "5.6cm"])
def test_short_open_questions(answer):
    sample = read(answer)
    assert (sample.target.text, sample.target.aliases) == (answer, ())
    assert sample.metadata == {"answer_type": "open"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "no answer"),
        (" . ", "no answer"),
        ("Right side of the trachea", "open answer too long to compare"),
        ("It is enlarged with prominence of the aortic knob", "open answer too long to compare"),
        ("5.6cm focal, predominantly hypodense", "the answer names several things"),
        ("liver and spleen", "the answer names several things"),
        ("CT/MRI", "the answer names several things"),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_its_reason(answer, reason):
    skipped = read(answer)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fault) == (reason, False)


def test_words_that_hold_and_or_or_are_one_thing():
    assert read("gland border").target.text == "gland border"


def test_every_real_row_is_accounted_for(vg1_test_data):
    folder = vg1_test_data / "data/vqa_rad"
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    source = VQARad()
    source.load = lambda data: (
        {"image": str(folder / row["_images"][0]), "question": row["question"], "answer": str(row["answer"])}
        for row in rows
    )
    results = list(source.samples())
    counts = Counter(one.reason if isinstance(one, Skipped) else one.metadata["answer_type"] for one in results)
    assert len(results) == len(rows)
    assert not any(isinstance(one, Skipped) and one.fault for one in results)
    assert counts["closed"] > counts["open"] > counts["open answer too long to compare"] > 0
