"""`vg1 score`: N lines for N lines, in order, whatever stands in them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from vg1core import score_lines
from vg1core.cli import main
from vg1core.plugins import PluginHost
from vg1core.types import Score

VG1 = str(Path(sys.executable).with_name("vg1"))
LIMITS = ["--set", "cpu_seconds=0.5", "--set", "wall_seconds=2", "--set", "memory_mb=512", "--workers", "2"]


def line(identity, response="green", verifier="exact", target="green", **more):
    return {"id": identity, "verifier": verifier, "target": target, "response": response, **more}


def write(path, lines):
    path.write_bytes(
        b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in lines)
    )


@pytest.fixture
def score(tmp_path, capsys):
    """Score lines: `score([…], *words)` gives the status, the lines that came out, and standard error."""

    def run(lines, *words):
        write(tmp_path / "in.jsonl", lines)
        status = main(["score", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), *LIMITS, *words])
        out = (tmp_path / "out.jsonl").read_text()
        return status, [json.loads(each) for each in out.splitlines()], capsys.readouterr().err

    return run


def test_each_kind_of_short_target(score):
    lines = [
        line("choice", "So (B).", "choice", "B", choices=["red", "green"]),
        line("letters", "So (B).", "choice", "B", choices={"A": "red", "B": "green"}),
        line("number", "12 apples", "numeric", 12),
        line("aliases", "Color", "exact", ["colour", "color"]),
        line("math", "\\boxed{\\frac{2}{4}}", "math", "1/2"),
        line("click", "(15, 15)", "click", {"box": [10, 10, 20, 20], "space": "pixel"}),
        line("iou", "[10, 10, 20, 20]", "iou", {"boxes": [[10, 10, 20, 20]], "space": "pixel"}),
        line("space", "(150, 150)", "click", {"box": [10, 10, 20, 20], "space": "pixel"}, image_sizes=[[100, 100]],
             options={"coordinate_space": "permille"}),
        line("wrong", "red"),
    ]  # fmt: skip
    status, out, said = score(lines)
    assert status == 0
    assert [(one["id"], one["value"]) for one in out] == [
        (one["id"], 0.0 if one["id"] == "wrong" else 1.0) for one in lines
    ]
    assert set(out[0]) == {"id", "value", "status", "answer", "reason", "verifier"}
    assert (out[0]["answer"], out[0]["status"], out[0]["verifier"]) == ("B", "correct", "choice")
    assert "exact" in said
    assert "incorrect" in said


BAD = [
    (b"nonsense", None, "line 2: no JSON: Expecting value"),
    (b"", None, "line 2: no JSON"),
    (b"[1, 2]", None, "line 2: an object is expected (value: [1, 2])"),
    (b'{"id": "a", "response": "\xff"}', None, "line 2: not UTF-8: byte 0xff at place 25"),
    (b"[" * 100_000, None, "line 2: nested too deeply"),
    (b'{"id": "a", "verifier": "exact", "target": NaN, "response": ""}', None, "line 2: no JSON: NaN is no JSON value"),
    (b'{"id": "a", "target": ' + b"9" * 5000 + b"}", None, "line 2: no JSON: Exceeds the limit"),
    ({"verifier": "exact", "target": "a", "response": "a"}, None, "line 2, field 'id': it is missing"),
    ({"id": "a", "verifier": "exact", "response": "a"}, "a", "line 2, field 'target': it is missing"),
    (line("a", verifier="exat"), "a", "line 2, field 'verifier': no verifier named 'exat'; did you mean 'exact'?"),
    (line("a", response=7), "a", "line 2, field 'response': a text is expected (value: 7)"),
    (line("a", target={"box": 4}), "a", "field 'target': no kind of target that verifier 'exact' takes"),
    (line("a", options=json.loads("[" * 40 + "]" * 40)), "a", "field 'options': nested more than 32 levels deep"),
    (line("a", image_sizes=[[0, 1]]), "a", "field 'image_sizes': sizes are written [[width, height], …]"),
]


@pytest.mark.parametrize(("bad", "identity", "reason"), BAD)
def test_a_bad_line_says_why_and_harms_no_other(score, bad, identity, reason):
    status, out, said = score([line("1"), bad, line("3", "red")])
    assert status == 3
    assert [one["value"] for one in out] == [1.0, None, 0.0]
    assert (out[1]["id"], out[1]["status"], out[1]["answer"]) == (identity, "target_unparseable", None)
    assert reason in out[1]["reason"]
    assert "vg1: 1 of 3 lines have no value; the first:" in said


def test_hostile_lines_have_their_status_and_their_place(score):
    hostile = [
        ("raise", "crashed"), ("leave", "crashed"), ("sleep", "crashed"), ("spin", "over_limit"),
        ("memory", "over_limit"), ("nest", "over_limit"), ("nan", "crashed"), ("judge", "judge_failed"),
        ("target", "target_unparseable"),
    ]  # fmt: skip
    lines = []
    for fault, _ in hostile:
        lines += [line(f"{fault}-{n}", "green" if n % 2 else "red") for n in range(20)]
        lines.append(line(fault, verifier="faulty", options={"fault": fault}))
    status, out, said = score(lines)
    assert status == 3
    assert [one["id"] for one in out] == [one["id"] for one in lines]
    found = {one["id"]: one["status"] for one in out}
    assert {fault: found[fault] for fault, _ in hostile} == dict(hostile)
    easy = [one for one in out if "-" in one["id"]]
    assert [one["value"] for one in easy] == [0.0, 1.0] * (len(easy) // 2)
    assert "6 of 189 lines have no value" in said


def test_hostile_responses(score):
    texts = {
        "10 MB": "x" * 10_000_000 + "\\boxed{green}",
        "nested": "{" * 200_000,
        "controls": "".join(map(chr, range(32))) + "\u2028\x85\\boxed{green}",
        "surrogate": "\ud800\\boxed{green}",
        "empty": "",
    }
    status, out, _ = score([line(name, text) for name, text in texts.items()] + [line("\ud800 id")])
    assert status == 0
    assert [one["id"] for one in out] == [*texts, "\ud800 id"]
    assert [one["status"] for one in out] == ["correct", "incorrect", "correct", "correct", "no_answer", "correct"]


def test_whole_number_ids_stay_numbers_and_blank_lines_at_the_end_are_none(score):
    status, out, _ = score([b"\xef\xbb\xbf" + json.dumps(line(7)).encode(), line("8"), b"", b"  "])
    assert status == 0
    assert [one["id"] for one in out] == [7, "8"]


def test_standard_input_and_output():
    lines = b"".join(json.dumps(line(str(n), "green" if n % 2 else "red")).encode() + b"\n" for n in range(100))
    child = subprocess.run([VG1, "score", "-", "--out", "-", "--quiet"], input=lines, capture_output=True, check=True)
    out = [json.loads(each) for each in child.stdout.splitlines()]
    assert [(one["id"], one["value"]) for one in out] == [(str(n), float(n % 2)) for n in range(100)]
    assert b"incorrect" in child.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["in.jsonl"], "say where verdicts go: --out OUT.jsonl"),
        (["nowhere.jsonl", "--out", "o"], "nowhere.jsonl cannot be read: No such file or directory"),
        (["in.jsonl", "--out", "in.jsonl"], "--out in.jsonl is the file that is read"),
        (["in.jsonl", "--out", "o", "--set", "seed=1"], "there is no setting 'seed' here; there are: workers, cpu"),
        (["in.jsonl", "--out", "o", "--set", "cpu_seconds=no"], "'cpu_seconds': Input should be a valid number"),
        (["in.jsonl", "--out", "o", "--benchmark", "chartqaa"], "no benchmark named 'chartqaa'"),
        (["in.jsonl", "--explain", "9"], "no line of in.jsonl has the id '9'"),
        (["-", "--out", "o", "--explain", "9"], "standard input can be read once"),
    ],
)
def test_wrong_usage(words, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.jsonl", [line("1")])
    assert main(["score", *words]) == 2
    assert message in capsys.readouterr().err
    assert (tmp_path / "in.jsonl").read_bytes().startswith(b'{"id": "1"')


def test_stopped_half_way_what_was_judged_is_there(tmp_path):
    write(
        tmp_path / "in.jsonl",
        [*(line(str(n)) for n in range(300)), line("s", verifier="faulty", options={"fault": "sleep"})],
    )
    child = subprocess.Popen(
        [VG1, "score", "in.jsonl", "--out", "out.jsonl"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    part = tmp_path / "out.jsonl.part"
    for _ in range(400):
        if part.exists() and part.read_bytes().count(b"\n") == 300:
            break
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "stopped; out.jsonl.part holds what was judged until then" in said
    assert part.read_bytes().count(b"\n") == 300
    assert not (tmp_path / "out.jsonl").exists()


def test_explain_tells_what_was_extracted_from_where(tmp_path, capsys):
    response = "At first I thought of 7.\x1b[31m\u202e\nIt is \\boxed{12} apples."
    write(tmp_path / "in.jsonl", [line("1"), line("2", response, "numeric", 12), b"{", line("4", verifier="exat")])
    assert main(["score", str(tmp_path / "in.jsonl"), "--explain", "2"]) == 0
    said = capsys.readouterr().out
    assert "verifier  numeric (vg1-plugin-verifiers" in said
    assert "It is \\boxed{⟦12⟧} apples." in said
    start = response.index("12")
    assert f"answer    '12' (rule: boxed, characters {start} to {start + 2} of the response)" in said
    assert "verdict   correct, value 1" in said
    assert "⟨U+001B⟩[31m⟨U+202E⟩" in said
    assert "\x1b" not in said
    assert main(["score", str(tmp_path / "in.jsonl"), "--explain", "4"]) == 3
    assert "no verifier named 'exat'" in capsys.readouterr().out


def test_explain_shows_the_steps_of_a_verifier(tmp_path, capsys, monkeypatch):
    (tmp_path / "noting.py").write_text(
        "from vg1core import AnswerVerifier, hookimpl\n"
        "from vg1core.types import Answer, TextTarget\n"
        "from vg1core.verifiers import note, noting\n"
        "class Noting(AnswerVerifier):\n"
        "    name, targets = 'noting', (TextTarget,)\n"
        "    def extract(self, response, sample):\n"
        "        return Answer(value=response.text, rule='all', span=(0, len(response.text)))\n"
        "    def compare(self, answer, sample):\n"
        "        note('first \\x07 step'); note(f'asked: {noting()}'); 1 / (answer.value != 'zero')\n"
        "        return 1.0\n"
        "@hookimpl\n"
        "def vg1_register_verifiers(register):\n"
        "    register(Noting)\n"
    )
    info = tmp_path / "noting-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: noting\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[vg1]\nverifier.noting = noting\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    write(tmp_path / "in.jsonl", [line("a", "yes", "noting"), line("b", "zero", "noting")])
    assert main(["score", str(tmp_path / "in.jsonl"), "--explain", "a"]) == 0
    said = capsys.readouterr().out
    assert "steps     1. first ⟨U+0007⟩ step\n          2. asked: True\n" in said
    assert main(["score", str(tmp_path / "in.jsonl"), "--explain", "b"]) == 3
    said = capsys.readouterr().out
    assert "2. asked: True" in said
    assert "the verifier raised ZeroDivisionError" in said


def test_explain_outlives_a_verifier_that_hangs(tmp_path, capsys):
    write(tmp_path / "in.jsonl", [line("1", verifier="faulty", options={"fault": "spin"})])
    assert main(["score", str(tmp_path / "in.jsonl"), "--explain", "1", *LIMITS]) == 0
    assert "over_limit, value 0\nreason    judging this response took more than 0.5 s" in capsys.readouterr().out


def test_rows_of_a_benchmark_need_no_pictures(score):
    row = {"type": "human_test", "question": "How many?", "answer": "100"}
    lines = [
        {"id": "1", "row": row, "response": "The answer is 104."},
        {"id": "2", "row": {**row, "image": None}, "response": "110"},
        {"id": "3", "row": {**row, "image": "charts/3.png"}, "response": "no idea", "extraction": "100"},
        {"id": "4", "row": {"type": "human_test", "question": "?"}, "response": "1"},
        {"id": "5", "response": "1"},
    ]
    status, out, _ = score(lines, "--benchmark", "chartqa")
    assert status == 3
    assert [one["value"] for one in out] == [1.0, 0.0, 1.0, None, None]
    assert out[3]["reason"].startswith("line 4, field 'row': the row has no 'answer'; it has")
    assert out[4]["reason"].startswith("line 5, field 'row': the upstream row is expected")
    assert out[0]["verifier"] == "numeric"


def test_rows_with_coordinates_are_in_the_space_of_the_benchmarks_prompt(score):
    row = {"file_name": "mobile_1.png", "bbox": [0.1, 0.1, 0.2, 0.2], "instruction": "open", "data_type": "icon",
           "data_source": "ios"}  # fmt: skip
    told = {"image_sizes": [[1000, 1000]], "options": {"coordinate_space": "pixel"}}
    lines = [
        {"id": "1", "row": row, "response": "(0.15, 0.15)"},
        {"id": "2", "row": row, "response": "(150, 150)", **told},
    ]
    status, out, _ = score(lines, "--benchmark", "screenspot")
    assert (status, [one["value"] for one in out]) == (0, [1.0, 1.0]), out


def test_few_lines_are_under_way_at_once(monkeypatch):
    monkeypatch.setattr(score_lines, "MAX_WAITING", 50)
    most = 0
    open_jobs = []

    def take(*, wait):
        nonlocal most
        most = max(most, len(open_jobs))
        done = open_jobs[::-1] if wait else []  # the last comes first
        del open_jobs[: len(done)]
        return [(one, Score(value=1.0, status="correct")) for one in done]

    scorer = SimpleNamespace(
        take=take, submit=lambda one, job: open_jobs.append(one), probe=lambda name: None, prepare=lambda job: None
    )
    data = b"".join(json.dumps(line(str(n))).encode() + b"\n" for n in range(1000))
    reader = score_lines.LineReader(PluginHost())
    out = list(score_lines.judge(score_lines.read_lines(io.BytesIO(data), reader), scorer))
    assert [one.number for one in out] == list(range(1, 1001))
    assert most == 51


def test_a_line_that_is_too_long_is_not_kept(monkeypatch):
    monkeypatch.setattr(score_lines, "MAX_LINE", 1000)
    data = b"\n".join(json.dumps(each).encode() for each in (line("1"), line("2", "x" * 5000), line("3")))
    lines = list(score_lines.read_lines(io.BytesIO(data), score_lines.LineReader(PluginHost())))
    assert [one.number for one in lines] == [1, 2, 3]
    assert lines[1].size == 1001
    assert "line 2: longer than" in lines[1].score.reason
