"""JSON at the boundary: what is written can be read, what is wrong is named, and files are never half written."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from types import MappingProxyType

import pytest

from vg1core import io
from vg1core.errors import DataError, StoreError
from vg1core.types import (
    Answer,
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    Failure,
    ItemsTarget,
    MathTarget,
    Media,
    Message,
    NumberTarget,
    Prompt,
    Record,
    Response,
    Rollout,
    Sample,
    Score,
    Skipped,
    Text,
    TextTarget,
    Turn,
)

MESSAGES = (
    Message(role="system", parts=(Text(text=""),)),
    Message(
        role="user", parts=(Media(ref="a.png", sha256="0" * 64), Text(text="Welche “Farbe”? \u2028 \x00 \\boxed{π}"))
    ),
)
TARGETS = [
    ChoiceTarget(letters="ACD"),
    TextTarget(text=""),
    TextTarget(text="a", aliases=("b", "")),
    ItemsTarget(items=()),
    ItemsTarget(items=("a", "a")),
    NumberTarget(value="1,200"),
    NumberTarget(value="12.5%", tolerance=0.05, unit="", decimals=0),
    MathTarget(latex=r"\frac{\sqrt{3}}{2}"),
    BoxesTarget(boxes=((0.0, 0.5, 1.0, 1.0), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), space="unit"),
    ClickTarget(space="pixel", box=(1.0, 2.0, 3.0, 4.0)),
    ClickTarget(space="permille", point=(1.0, 2.0), radius=0.0),
]
RESPONSES = [
    Response(text=""),
    Response(text="x", finish_reason="length", token_ids=(), logprobs=(), prompt_tokens=0),
    Response(text="x", token_ids=(5,), logprobs=(-1e-9,), image_sizes=((1, 2),), sent_sizes=((28, 28), (56, 28))),
]
SCORES = [
    Score(value=None, status="crashed", reason="left"),
    Score(value=0.0, status="no_answer"),
    Score(value=-2.5, status="partial", answer=Answer(value=[1, "a", None], rule="list", span=(0, 3))),
    Score(value=1.0, status="correct", answer=Answer(value=None, rule="none")),
]


def sample(**more) -> Sample:
    fields = {"id": "a", "dimension": "math", "messages": MESSAGES, "target": TARGETS[0], "verifier": "v", **more}
    return Sample(**fields)


def record(**more) -> Record:
    return Record(
        **{"id": "a", "suite": "dataset:a", "dimension": "math", "target": TARGETS[0], "verifier": "v", **more}
    )


VALUES = [
    *(sample(target=target) for target in TARGETS),
    sample(choices=("", "b"), options={}, metadata={"": None, "list": [1, {"a": [True]}], "text": "é"}),
    *(record(turns=(Turn(messages=MESSAGES, response=response),)) for response in RESPONSES),
    *(record(score=score) for score in SCORES),
    record(failure=Failure(stage="picture", message="truncated"), repeat=3, seconds=0.0, cached=True, scored_by="v 1"),
    record(options={"coordinate_space": "pixel", "empty": {}}, metadata={"level": 0}),
    Skipped(id="a", reason="r", detail="d", fault=True),
    Rollout(sample_id="a", prompt=Prompt(messages=MESSAGES, coordinate_space="unit"), responses=tuple(RESPONSES),
            rewards=(None, 0.0, -1.0), policy="m@main#3"),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_written_is_read_again(value):
    cls = type(value)
    line = io.to_json(value, cls)
    assert b"\n" not in line
    assert io.from_json(line, cls) == value
    assert io.to_json(io.from_json(line, cls), cls) == line


def test_defaults_are_left_out_but_nothing_is_lost():
    plain = json.loads(io.to_json(record(score=SCORES[0]), Record))
    assert plain["score"] == {"value": None, "status": "crashed", "reason": "left"}  # the None is said
    assert not {"repeat", "turns", "failure", "cached", "seconds"} & set(plain)
    assert json.loads(io.to_json(Response(text=""), Response)) == {"text": ""}
    frozen = record(options=MappingProxyType({"a": 1}), metadata=MappingProxyType({}))
    assert io.from_json(io.to_json(frozen, Record), Record) == record(options={"a": 1})


def test_bytes_of_pictures_are_never_written():
    """Neither bytes that happen to be text nor others; what the field does not compare would hide it."""
    for data in (b"\x89PNG\xff", b"plain"):
        messages = (Message(role="user", parts=(Media(ref="t#image[0]", data=data), Text(text="?"))),)
        prompt = Prompt(messages=messages)
        for value in (
            sample(messages=messages),
            prompt,
            record(turns=(Turn(messages=messages, response=RESPONSES[0]),)),
            Rollout(sample_id="a", prompt=prompt, responses=(), rewards=(), policy="m"),
        ):
            line = io.to_json(value, type(value))
            assert b'"data":' not in line
            assert b"plain" not in line
            assert b"t#image[0]" in line


def test_half_a_surrogate_pair_from_a_model_does_not_stop_a_run():
    torn = record(turns=(Turn(messages=(), response=Response(text="a\ud800b")),), metadata={"x": ("\udfff", 1)})
    again = io.from_json(io.to_json(torn, Record), Record)
    assert (again.turns[0].response.text, again.metadata) == ("a?b", {"x": ["?", 1]})
    assert io.digest({"text": "\ud800"}) != io.digest({"text": "?"})


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("bad", [object(), {1, 2}, b"\xff", nested(400)], ids=["object", "set", "bytes", "deep"])
def test_what_is_no_json_is_named_before_it_is_written(bad):
    if isinstance(bad, set):  # pydantic writes sets as lists
        assert io.from_json(io.to_json(record(metadata={"x": bad}), Record), Record).metadata == {"x": [1, 2]}
        return
    with pytest.raises(DataError) as caught:
        io.to_json(record(metadata={"x": bad}), Record)
    assert str(caught.value).startswith("row a: this Record cannot be written as JSON: ")
    assert str(caught.value).endswith("Metadata, options and answers have to be plain JSON values, "
                                      "nested less than 200 deep")  # fmt: skip


GOOD = '{"id":"a","suite":"s","dimension":"math","target":{"kind":"text","text":"x"},"verifier":"v"}'
STATUS = "field 'score.status': Input should be 'correct', 'incorrect', 'partial', 'no_answer', 'over_limit', "
BAD = {
    "missing field": (GOOD.replace('"suite":"s",', ""), "field 'suite': Field required (value: {'id': 'a', 'dim"),
    "wrong type": (GOOD.replace('"a"', "[7]"), "field 'id': Input should be a valid string (value: [7])"),
    "unknown status": (GOOD[:-1] + ',"score":{"value":1,"status":"great"}}', STATUS),
    "not JSON": ("{'id': 'a'}", "Invalid JSON: key must be a string at line 1 column 2 (value: \"{'id': 'a'}\")"),
    "torn": (GOOD[:40], "Invalid JSON: EOF while parsing"),
    "no object": ("[1]", "Input should be an object (value: [1])"),
    "empty": ("", "Invalid JSON: EOF while parsing a value at line 1 column 0 (value: '')"),
    "deep": ("[" * 100_000, "Invalid JSON: recursion limit exceeded at line 1 column 2"),
    "target without kind": (
        GOOD.replace('"kind":"text",', ""),
        "field 'target': a target is an object with a 'kind' (value: {'text': 'x'})",
    ),
    "target as text": (
        GOOD.replace('{"kind":"text","text":"x"}', '"x"'),
        "field 'target': a target is an object with a 'kind' (value: 'x')",
    ),
    "unknown kind": (
        GOOD.replace('"kind":"text"', '"kind":"colour"'),
        "field 'target': unknown kind of target 'colour'; known: boxes, choice, click, items, math, number, text "
        "(a kind that a verifier plugin brings is known once that verifier is loaded)",
    ),
    "kind that is no text": (
        GOOD.replace('"kind":"text"', '"kind":["text"]'),
        "field 'target': unknown kind of target ['text']; known: boxes,",
    ),
    "unknown target field": (
        GOOD.replace('"text":"x"', '"txt":"x"'),
        "field 'target': a text target has no field ['txt']; its fields are ['aliases', 'text']",
    ),
    "bad target field": (
        GOOD.replace('{"kind":"text","text":"x"}', '{"kind":"boxes","boxes":[[1,2,3,"x"]],"space":"unit"}'),
        "field 'target.boxes.0.3': Input should be a valid number, unable to parse string as a number (value: 'x')",
    ),
    "bad space": (
        GOOD.replace('{"kind":"text","text":"x"}', '{"kind":"click","box":[1,2,3,4],"space":"percent"}'),
        "field 'target.space': Input should be 'pixel', 'unit', 'permille' or 'sent_pixel' (value: 'percent')",
    ),
}


@pytest.mark.parametrize(("line", "expected"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named(line, expected):
    with pytest.raises(DataError) as caught:
        io.from_json(line, Record, file="run/a.jsonl", row="line 12")
    where, _, problem = str(caught.value).partition("line 12")
    assert where == "run/a.jsonl, "
    assert problem.lstrip(",: ").startswith(expected)
    assert len(str(caught.value)) < 500
    assert (caught.value.file, caught.value.row) == ("run/a.jsonl", "line 12")


def test_files_are_replaced_whole(tmp_path):
    path = tmp_path / "deep" / "report.md"
    io.write_atomic(path, "ä\n")
    io.write_atomic(path, b"second\n")
    assert path.read_bytes() == b"second\n"
    assert [one.name for one in path.parent.iterdir()] == ["report.md"]


def test_files_get_the_rights_that_the_user_chose(tmp_path):
    before = os.umask(0o027)
    try:
        io.write_atomic(tmp_path / "a", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_says_the_way_out(tmp_path, monkeypatch, step):
    path = tmp_path / "run.json"
    io.write_atomic(path, "old")

    def full(*arguments, **more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(StoreError) as caught:
        io.write_atomic(path, "new")
    assert str(caught.value) == (
        f"{path} cannot be written: the disk is full; free some space. "
        "Nothing recorded before is lost: the same command goes on from there"
    )
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_the_error_of_a_device_that_is_really_full():
    with pytest.raises(OSError, match="No space left") as caught, open("/dev/full", "wb", buffering=0) as device:
        device.write(b"x")
    assert "the disk is full; free some space" in io.write_problem(Path("/dev/full"), caught.value)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.EROFS, "the disk is read-only; choose another --out"),
        (errno.EACCES, "you may not write there; choose another --out"),
        (errno.EDQUOT, "your disk quota is used up; free some space"),
        (errno.EIO, "Input/output error; choose another --out"),
    ],
)
def test_other_reasons_why_a_file_cannot_be_written(code, expected):
    said = io.write_problem(Path("a/b"), OSError(code, os.strerror(code)))
    assert said.startswith(f"a/b cannot be written: {expected}. ")


def test_a_file_in_the_place_of_a_folder(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(StoreError, match=r"run\.json cannot be written: (File exists|Not a directory); choose another"):
        io.write_atomic(tmp_path / "runs" / "run.json", "x")


def test_hashes_do_not_depend_on_the_order_of_keys():
    assert io.digest({"a": 1, "b": [2, "ä"]}) == io.digest({"b": [2, "ä"], "a": 1})
    assert io.digest({"a": 1}) != io.digest({"a": "1"})
    assert io.canonical_json({"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'


def test_the_cache_folder_follows_the_environment(monkeypatch):
    monkeypatch.setenv("VG1_HOME", "/a")
    assert io.cache_folder() == Path("/a")
    monkeypatch.delenv("VG1_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    assert io.cache_folder() == Path("/b/vg1")
