"""`vg1 rescore`: a run judged again without its model; the run itself stays as it was."""

from __future__ import annotations

import json

import pytest

from vg1core.cli import main


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A small run of recorded responses: two right, one wrong, one missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mapping.toml").write_text(
        'name = "n"\nrows = "rows.jsonl"\ndimension = "math"\nid = "id"\nquestion = "q"\nverifier = "numeric"\n'
        '[target]\nkind = "number"\nanswer = "a"\n'
    )
    (tmp_path / "rows.jsonl").write_text("".join(f'{{"id": {n}, "q": "?", "a": "{n}"}}\n' for n in range(4)))
    responses = {0: "0", 1: "It is 1.", 2: "It is 7."}
    (tmp_path / "responses.jsonl").write_text(
        "".join(
            json.dumps({"id": f"dataset:local/n/rows/{n}", "response": text}) + "\n" for n, text in responses.items()
        )
    )
    words = ["--backend", "replay", "--model", "responses.jsonl", "--datasets", "local:.", "--out", "run", "--quiet"]
    assert main(["eval", *words]) == 3
    capsys.readouterr()
    return tmp_path / "run"


def make_older(run):
    """Let it have been judged by a verifier that got one wrong."""
    path = next(run.glob("records/*.jsonl"))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        if line["id"].endswith("/1"):
            line["score"] = {"value": 0.0, "status": "no_answer", "reason": "an older \u202ereason"}
            line["scored_by"] = "vg1-plugin-verifiers 0.0.1"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_nothing_flips_where_nothing_changed(run, capsys):
    before = files(run)
    assert main(["rescore", "run", "--fail-on-flip", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "3 responses judged again, 0 flips; 1 samples without a response copied" in said
    assert files(run) == before
    new = run.with_name("run-rescored")
    assert (new / "flips.jsonl").read_bytes() == b""
    old_report, new_report = (json.loads((folder / "report.json").read_text()) for folder in (run, new))
    assert new_report["overall"] == old_report["overall"]
    assert new_report["suites"] == old_report["suites"]


def test_every_flip_is_listed(run, capsys):
    make_older(run)
    before = files(run)
    assert main(["rescore", "run", "--out", "again", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "3 responses judged again, 1 flips: 1 no_answer → correct" in said
    assert "an older ⟨U+202E⟩reason" in said
    assert files(run) == before
    (flip,) = [json.loads(line) for line in (run.with_name("again") / "flips.jsonl").read_text().splitlines()]
    assert flip["id"] == "dataset:local/n/rows/1"
    assert flip["old"] == {"value": 0.0, "status": "no_answer", "reason": "an older \u202ereason", "answer": None}
    assert (flip["new"]["value"], flip["new"]["status"], flip["new"]["answer"]) == (1.0, "correct", "1")
    records = [json.loads(line) for line in next(run.with_name("again").glob("records/*")).read_text().splitlines()]
    assert all(one["scored_by"].startswith("vg1-plugin-verifiers 0.1") for one in records if "score" in one)
    assert "failure" in next(one for one in records if one["id"].endswith("/3"))
    assert main(["rescore", "run", "--out", "again", "--quiet", "--fail-on-flip"]) == 1


def test_it_goes_on_where_it_was(run, capsys):
    make_older(run)
    assert main(["rescore", "run", "--quiet"]) == 0
    new = run.with_name("run-rescored")
    path = next(new.glob("records/*.jsonl"))
    whole = sorted(path.read_bytes().splitlines())
    path.write_bytes(path.read_bytes()[:-200])
    assert main(["rescore", "run", "--quiet"]) == 0
    assert sorted(path.read_bytes().splitlines()) == whole
    assert "1 flips" in capsys.readouterr().out


def test_options_are_put_over_the_recorded_ones(run, capsys):
    assert main(["rescore", "run", "--quiet", "--verifier-options", "numeric.nothing=1"]) == 2
    assert "verifier 'numeric' has no option 'nothing'" in capsys.readouterr().err
    assert main(["rescore", "run", "--quiet", "--verifier-options", "numeric.percent=fraction", "--out", "other"]) == 0
    records = next(run.with_name("other").glob("records/*.jsonl")).read_text().splitlines()
    judged = [record for record in map(json.loads, records) if "score" in record]
    assert [record["options"] for record in judged] == [{"percent": "fraction"}] * 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere is no run folder: it has no run.json"),
        (["run", "--out", "run"], "--out run is the run itself, which is only read"),
        (["run", "--out", "other", "--verifier-options", "percent=1"], "VERIFIER.OPTION=VALUE is expected"),
        (["run", "--out", "other", "--verifier-options", "numerik.percent=1"], "did you mean 'numeric'?"),
        (["run", "--out", "taken"], "taken holds records but no run.json"),
    ],
)
def test_wrong_usage(run, words, message, capsys):
    (run.with_name("taken") / "records").mkdir(parents=True)
    (run.with_name("taken") / "records" / "x.jsonl").write_text("{}\n")
    before = files(run)
    assert main(["rescore", *words]) == 2
    assert message in capsys.readouterr().err
    assert files(run) == before
