"""Rows of ten public datasets, in their repositories' own fields, through `local` and the mappings beside this file."""

import collections
import json
from pathlib import Path

import pytest

from vg1core import images
from vg1core.plugins import PluginHost
from vg1core.testing.answers import right_answer, wrong_answer
from vg1core.types import ChoiceTarget, Response, Sample, Skipped

MAPPINGS = Path(__file__).parent / "local_mappings"
SCROLLED = "the click comes after scrolling, on a screen that is not shown"
EXPECTED = {
    # samples by kind of target, skipped rows by reason
    "chartqa": ({"number": 40}, {}),
    "gaokao_mm": ({"choice": 40}, {}),
    "geometry3k": ({"choice": 7}, {}),
    "math_vision": ({"choice": 16, "math": 24}, {}),
    "scienceqa": ({"choice": 40}, {}),
    "screenagent": ({"click": 38}, {SCROLLED: 2}),
    "tabmwp": ({"choice": 24, "number": 16}, {}),
    "visonlyqa": ({"choice": 45}, {}),
    "vqa_rad": ({"text": 44}, {}),
    "websrc": ({"text": 20}, {}),
}


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def real(request, vg1_test_data):
    """(name, upstream rows, what `local` made of them)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VG1_TEST_DATA", str(vg1_test_data))
        source = PluginHost().get("dataset", "local")(str(MAPPINGS / f"{request.param}.toml"))
        lines = (vg1_test_data / "data" / request.param / "rows.jsonl").read_text().splitlines()
        return request.param, [json.loads(line) for line in lines], list(source.samples())


def test_every_row_is_accounted_for(real):
    name, rows, found = real
    samples = collections.Counter(one.target.kind for one in found if isinstance(one, Sample))
    skipped = collections.Counter(one.reason for one in found if isinstance(one, Skipped))
    assert (samples, skipped) == EXPECTED[name]
    assert len(found) == len(rows)
    assert len({one.id for one in found}) == len(rows)
    assert all(one.id.startswith(f"dataset:local/{name}/rows/") for one in found)


def test_pictures_open_and_questions_are_whole(real):
    name, rows, found = real
    for row, sample in zip(rows, found, strict=True):
        if isinstance(sample, Skipped):
            continue
        wanted = row["_images"][:1] if name == "geometry3k" else row["_images"]
        assert [image.ref.endswith(path) for image, path in zip(sample.images, wanted, strict=True)] == [True] * len(
            wanted
        )
        sizes = [images.open_picture(image).size for image in sample.images]
        if name == "screenagent":
            assert sizes == [(row["video_width"], row["video_height"])]
        assert sample.question.strip()
        assert "<image" not in sample.question


def test_gold_answers_are_right_and_others_wrong(real):
    _, _, found = real
    host = PluginHost()
    for sample in found:
        if isinstance(sample, Sample):
            verifier = host.get("verifier", sample.verifier)(sample.options)
            right = verifier.verify(Response(text=right_answer(sample)), sample)
            assert right.status == "correct", (sample.id, right)
            wrong = verifier.verify(Response(text=wrong_answer(sample)), sample)
            assert wrong.value == 0, (sample.id, wrong)


def test_answers_are_those_upstream_means(real):
    """The letters or texts a mapping makes, checked against the upstream fields by another way."""
    name, rows, found = real
    for row, sample in zip(rows, found, strict=True):
        target = sample.target if isinstance(sample, Sample) else None
        match name:
            case "geometry3k" | "gaokao_mm":
                assert target == ChoiceTarget(letters=row["answer"][0])
            case "scienceqa":
                assert sample.choices["ABCDE".index(target.letters)] == row["choices"][row["answer"]]
                assert row["hint"] in sample.question
            case "tabmwp" if row["choices"]:
                assert sample.choices["ABCDEF".index(target.letters)] == row["answer"]
            case "tabmwp" | "chartqa":
                assert target.value == row.get("answer", row.get("label"))
            case "visonlyqa" if row["answer"] in ("True", "False"):
                assert sample.choices["AB".index(target.letters)] == row["answer"]
            case "visonlyqa":
                assert target.letters == row["answer"].upper().replace(",", "").replace(" ", "")
                assert len(sample.choices) == len(row["response_options"])
            case "math_vision":
                assert getattr(target, "letters", None) or target.latex == row["answer"]
            case "screenagent" if target:
                position = next(action["mouse_position"] for action in row["actions"] if "mouse_position" in action)
                assert target.point == (position["width"], position["height"])
            case "vqa_rad" | "websrc":
                assert target.text == row["answer"]
