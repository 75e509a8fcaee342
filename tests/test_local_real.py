"""Rows of ten public datasets, in their repositories' own fields, through `local` and the mappings beside this file."""

import collections
import json
import subprocess
import sys
from pathlib import Path

import pytest

from vg1core import images
from vg1core.cli import main
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


def test_vg1_eval_runs_them_all(vg1_test_data, tmp_path, monkeypatch):
    """The command itself, with right answers as recorded responses."""
    monkeypatch.setenv("VG1_TEST_DATA", str(vg1_test_data))
    files = [MAPPINGS / f"{name}.toml" for name in sorted(EXPECTED)]
    cls = PluginHost().get("dataset", "local")
    samples = [one for file in files for one in cls(str(file)).samples() if isinstance(one, Sample)]
    lines = [json.dumps({"id": sample.id, "response": right_answer(sample)}) for sample in samples]
    (tmp_path / "responses.jsonl").write_text("\n".join(lines))
    command = "import sys; from vg1core.cli import main; sys.exit(main())"
    options = {"--datasets": ",".join(f"local:{file}" for file in files), "--model": str(tmp_path / "responses.jsonl"),
               "--backend": "replay", "--out": str(tmp_path / "run"), "--cache": "off"}  # fmt: skip
    words = [sys.executable, "-c", command, "eval", "--quiet", *(word for pair in options.items() for word in pair)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    records, skipped = (
        [json.loads(line) for file in (tmp_path / "run" / kind).iterdir() for line in file.read_text().splitlines()]
        for kind in ("records", "skipped")
    )
    assert sorted(record["id"] for record in records) == sorted(sample.id for sample in samples)
    assert {record["suite"] for record in records} == {f"dataset:local/{name}" for name in EXPECTED}
    assert {record["score"]["status"] for record in records} == {"correct"}
    assert len(skipped) == sum(sum(reasons.values()) for _, reasons in EXPECTED.values()) == 2


def test_a_model_sees_them_all(vg1_test_data, tmp_path, monkeypatch):
    """Every picture through the real path of a vision-language model, the tiny one, small and briefly."""
    monkeypatch.setenv("VG1_TEST_DATA", str(vg1_test_data))
    monkeypatch.chdir(tmp_path)
    names = ",".join(f"local:{MAPPINGS / name}.toml" for name in sorted(EXPECTED))
    words = ["eval", "--quiet", "--model", "tiny", "--datasets", names, "--max-new-tokens", "2", "--cache", "off"]
    words += ["--set", "max_pixels=25088", "--set", "thumbnails=0", "--set", "reporters=['json']", "--out", "run"]
    assert main(words) == 0
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    for suite in report["suites"]:
        kinds, reasons = EXPECTED[suite["suite"].removeprefix("dataset:local/")]
        assert sum(suite["statuses"].values()) == sum(kinds.values())
        assert suite["skipped"] == reasons
        assert suite["not_run"] == {}
