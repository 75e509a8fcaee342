from __future__ import annotations

import json
import os
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from vg1_plugin_replay.replay import ReplayBackend
from vg1core.backends import Request
from vg1core.errors import BackendError, DataError, UsageError
from vg1core.io import to_json
from vg1core.types import ChoiceTarget, Failure, Message, Record, Response, Text, Turn

RESPONSE = Response(
    text="It is B.", finish_reason="length", token_ids=(1, 2), logprobs=(-0.5, -1.5), prompt_tokens=7,
    image_sizes=((640, 480),), sent_sizes=((644, 476),),
)  # fmt: skip


def request(identity: str, repeat: int = 0) -> Request:
    return Request(id=identity, messages=(), repeat=repeat)


def write(path: Path, *lines: object, end: str = "\n") -> ReplayBackend:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + end)
    return ReplayBackend(str(path))


def ask(backend: ReplayBackend, *requests: Request) -> list[str | None]:
    return [result.response.text if result.response else None for result in backend.generate(requests)]


def record(identity: str, text: str | None, repeat: int = 0, space: str | None = None) -> Record:
    turn = Turn(messages=(Message(role="user", parts=(Text(text="?"),)),), response=replace(RESPONSE, text=text or ""))
    return Record(
        id=identity, suite="benchmark:x", dimension="math", repeat=repeat, target=ChoiceTarget(letters="B"),
        verifier="choice", turns=() if text is None else (turn,), options={"coordinate_space": space} if space else {},
        failure=Failure(stage="picture", message="no such file") if text is None else None,
    )  # fmt: skip


def run_folder(folder: Path, *records: Record) -> Path:
    (folder / "records").mkdir(parents=True)
    for number, one in enumerate(records):
        with (folder / "records" / f"{number % 2}.jsonl").open("ab") as file:
            file.write(to_json(one, Record) + b"\n")
    return folder


def test_answers_in_any_order_and_again(tmp_path):
    backend = write(tmp_path / "r.jsonl", {"id": "a", "response": "one"}, {"id": "b/é", "response": "two\n…"})
    with backend:
        assert ask(backend, request("b/é"), request("a"), request("b/é")) == ["two\n…", "one", "two\n…"]
    assert ask(backend, request("a")) == ["one"]  # closing it does no harm
    backend.close()


def test_repeats_from_a_list_and_from_lines(tmp_path):
    backend = write(
        tmp_path / "r.jsonl",
        {"id": "a", "response": ["x", "y"]},
        "",
        {"id": "b", "response": "u"},
        {"id": "b", "response": "v", "repeat": 1},
    )
    with backend:
        asked = [request("a"), request("a", 1), request("a", 2), request("b"), request("b", 1), request("b", 2)]
        assert ask(backend, *asked) == ["x", "y", None, "u", "v", None]


def test_everything_a_line_can_say(tmp_path):
    line = {"id": "a", "response": "", "finish_reason": "length", "sent_sizes": [[28, 56]], "image_sizes": [[30, 60]]}
    with write(tmp_path / "r.jsonl", line) as backend:
        (result,) = backend.generate([request("a")])
    assert result.response == Response(text="", finish_reason="length", sent_sizes=((28, 56),), image_sizes=((30, 60),))


def test_missing_response_is_an_error_of_that_request_alone(tmp_path):
    with write(tmp_path / "r.jsonl", {"id": "a", "response": "one"}) as backend:
        first, second, third = backend.generate([request("z"), request("a"), request("a", 3)])
    assert first.response is None
    assert first.error == f"no recorded response for 'z' in {tmp_path}/r.jsonl"
    assert second.response is not None
    assert third.error == f"no recorded response for 'a' (repeat 3) in {tmp_path}/r.jsonl"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops", "r.jsonl, line 2: not JSON: "),
        ("[1]", "r.jsonl, line 2: an object is expected (value: [1])"),
        ({"id": "b"}, "r.jsonl, line 2, field 'response': Field required"),
        ({"response": "b"}, "r.jsonl, line 2, field 'id': Field required"),
        ({"id": 7, "response": "x"}, "r.jsonl, line 2, field 'id': Input should be a valid string (value: 7)"),
        ({"id": "b", "response": 7}, "field 'response.str': Input should be a valid string (value: 7)"),
        ({"id": "b", "response": "x", "repeat": "no"}, "field 'repeat': Input should be a valid integer"),
        ({"id": "b", "response": "x", "finish_reason": "eos"}, "field 'finish_reason': Input should be 'stop', 'le"),
        ({"id": "b", "response": "x", "sent_sizes": [[1]]}, "field 'sent_sizes.0.1': Field required"),
        ({"id": "b", "response": ["x"], "repeat": 1}, "field 'repeat': a list of responses has no repeat of its own"),
        ({"id": "a", "response": "again"}, "r.jsonl, line 2: a second response for the same repeat of 'a'. Give each"),
        ({"id": "b", "suite": "x", "turns": [{}]}, "field 'turns.0.response': Field required"),
        ("[" * 100_000, "r.jsonl, line 2: not JSON: "),
    ],
)
def test_bad_lines_are_named_before_anything_runs(tmp_path, line, message):
    backend = write(tmp_path / "r.jsonl", {"id": "a", "response": "one"}, line)
    with pytest.raises(DataError) as caught:
        backend.identity()
    assert message in str(caught.value)
    with pytest.raises(DataError):
        next(backend.generate([request("a")]))


def test_torn_last_line(tmp_path):
    lines = ({"id": "a", "response": "one"}, '{"id": "b", "respon')
    with pytest.raises(DataError, match=r"r\.jsonl, line 2: the last line is torn\. The file was cut off"):
        write(tmp_path / "r.jsonl", *lines, end="").identity()
    whole = write(tmp_path / "s.jsonl", *lines[:1], end="")
    with whole:
        assert ask(whole, request("a")) == ["one"]


def test_nothing_there(tmp_path):
    with pytest.raises(DataError, match=r"nope: there is no such file\. --model names a JSONL file of responses or"):
        ReplayBackend(str(tmp_path / "nope")).identity()
    with pytest.raises(DataError, match=r"the folder is no run: it has no records/\*\.jsonl"):
        ReplayBackend(str(tmp_path)).identity()


def test_a_run_is_replayed_whole(tmp_path):
    run = run_folder(tmp_path / "run", record("a", "A"), record("a", "B", 1), record("b", None), record("c", "C"))
    with ReplayBackend(str(run)) as backend:
        assert ask(backend, request("a"), request("a", 1), request("b"), request("c")) == ["A", "B", None, "C"]
        (result,) = backend.generate([request("c")])
        assert result.response == replace(RESPONSE, text="C")  # with tokens, sizes and all
    with ReplayBackend(str(run / "records" / "0.jsonl")) as backend:
        assert ask(backend, request("a"), request("a", 1)) == ["A", None]


def test_torn_record_of_a_killed_run_is_left_out(tmp_path):
    run = run_folder(tmp_path / "run", record("a", "A"))
    with (run / "records" / "0.jsonl").open("ab") as file:
        file.write(b'{"id": "b", "sui')
    with ReplayBackend(str(run)) as backend:
        assert ask(backend, request("a"), request("b")) == ["A", None]


@pytest.mark.parametrize(
    ("spaces", "option", "wanted"),
    [
        ((None, None), None, "pixel"),
        ((None, "permille"), None, "permille"),
        (("permille", "unit"), "sent_pixel", "sent_pixel"),
    ],
)
def test_coordinate_space(tmp_path, spaces, option, wanted):
    records = [record(str(number), "x", space=space) for number, space in enumerate(spaces)]
    run = run_folder(tmp_path / "run", *records)
    with ReplayBackend(str(run), options={"coordinate_space": option}) as backend:
        assert backend.coordinate_space == wanted


def test_coordinate_space_that_is_not_clear(tmp_path):
    run = run_folder(tmp_path / "run", record("a", "x", space="unit"), record("b", "x", space="permille"))
    with pytest.raises(UsageError, match=r"several coordinate spaces \(permille, unit\); say which one is meant with"):
        _ = ReplayBackend(str(run)).coordinate_space
    with pytest.raises(UsageError, match="coordinate_space must be one of pixel, unit, permille, sent_pixel, not 'px'"):
        ReplayBackend(str(run), options={"coordinate_space": "px"})


def test_identity_is_that_of_the_content(tmp_path):
    one = write(tmp_path / "one.jsonl", {"id": "a", "response": "x"})
    same = write(tmp_path / "two.jsonl", {"id": "a", "response": "x"})
    other = write(tmp_path / "three.jsonl", {"id": "a", "response": "y"})
    assert one.identity()["revision"] == same.identity()["revision"] != other.identity()["revision"]
    assert not ReplayBackend.cacheable


@pytest.mark.parametrize("changed", ['{"id": "b", "response": "x"}\n', "{}\n", ""])
def test_a_file_that_changes_underneath_is_noticed(tmp_path, changed):
    backend = write(tmp_path / "r.jsonl", {"id": "a", "response": "x"})
    backend.identity()
    (tmp_path / "r.jsonl").write_text(changed)
    with backend, pytest.raises(BackendError, match=r"r\.jsonl was changed while it was replayed"):
        ask(backend, request("a"))


def test_cancel_ends_early(tmp_path):
    backend = write(tmp_path / "r.jsonl", {"id": "a", "response": ["x"] * 10})
    with backend:
        results = backend.generate(request("a", repeat) for repeat in range(10))
        next(results)
        backend.cancel()
        assert list(results) == []


def test_requests_are_pulled_one_by_one(tmp_path):
    pulled = []

    def requests():
        for repeat in range(3):
            pulled.append(repeat)
            yield request("a", repeat)

    with write(tmp_path / "r.jsonl", {"id": "a", "response": ["x"] * 3}) as backend:
        next(backend.generate(requests()))
    assert pulled == [0]


def test_index_is_small(tmp_path):
    path = tmp_path / "r.jsonl"
    with path.open("w") as file:
        file.writelines(
            json.dumps({"id": f"benchmark:name/config/split/{'x' * 200}/{n}", "response": "word " * 100}) + "\n"
            for n in range(10_000)
        )
    assert os.stat(path).st_size > 7_000_000
    ReplayBackend(str(path)).identity()  # loads pydantic
    tracemalloc.start()
    try:
        backend = ReplayBackend(str(path))
        backend.identity()
        assert len(backend.recordings) == 10_000
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 3_000_000  # 30 MB for 100,000 lines, however long the ids and the responses are
