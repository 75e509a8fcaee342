"""The run folder and the generation cache survive kills, full disks and rivals."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest

from vg1core.errors import RunLocked, StoreError, UsageError
from vg1core.store import GenerationCache, RunFolder
from vg1core.types import Record, Response, Score, Skipped, TextTarget

IDENTITY = {"model": "m", "seed": 0}


def record(position: int, repeat: int = 0, suite: str = "dataset:x") -> Record:
    return Record(
        id=f"dataset:x/default/train/{position}",
        suite=suite,
        dimension="math",
        position=position,
        repeat=repeat,
        target=TextTarget(text="a"),
        verifier="exact",
        score=Score(value=1.0, status="correct"),
    )


@pytest.fixture
def folder(tmp_path):
    with RunFolder(tmp_path / "run") as opened:
        opened.open(IDENTITY)
        yield opened


def test_records_come_back_in_sample_order(folder):
    written = [record(2), record(0, 1), record(1), record(0)]
    for one in written:
        folder.append(one)
    assert list(folder.records("dataset:x")) == [record(0), record(0, 1), record(1), record(2)]
    assert set(folder.done("dataset:x")) == {(one.id, one.repeat) for one in written}


@pytest.mark.parametrize("torn", [b'{"id": "data', b"\xff\xfe", b'{"id": "x"}', b" " * 200_000])
def test_a_torn_last_line_is_cut_off_and_nothing_else(tmp_path, torn):
    path = tmp_path / "run"
    with RunFolder(path) as first:
        first.open(IDENTITY)
        for position in range(3):
            first.append(record(position))
        file = first.records_file("dataset:x")
    with file.open("ab") as end:
        end.write(torn)
    assert len(list(RunFolder(path).records("dataset:x"))) == 3
    with RunFolder(path) as second:
        second.open(IDENTITY)
        second.append(record(3))
        assert [one.position for one in second.records("dataset:x")] == [0, 1, 2, 3]


def test_a_file_that_is_one_torn_line_becomes_empty(folder):
    file = folder.records_file("dataset:x")
    file.write_bytes(b"x" * 70_000)
    folder.close()
    folder.open(IDENTITY)
    assert file.read_bytes() == b""


def test_two_processes_do_not_write_one_run(folder):
    with pytest.raises(
        RunLocked, match=rf"is being written by process {os.getpid()} on .*; wait for it or choose another"
    ):
        RunFolder(folder.path).open(IDENTITY)


def test_the_lock_goes_with_its_process(tmp_path):
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom vg1core.store import RunFolder\n"
        "folder = RunFolder(Path(sys.argv[1])); folder.open({})\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], check=False)
    assert child.returncode == -9
    with RunFolder(tmp_path / "run") as folder:
        folder.open({})


def test_another_configuration_is_refused_by_name(folder):
    folder.write_facts({"identity": IDENTITY})
    folder.close()
    with pytest.raises(UsageError, match="seed: 0 there, 1 now.*choose another --out"):
        folder.open({**IDENTITY, "seed": 1})
    folder.open(IDENTITY)


def test_a_damaged_run_json_is_named(folder):
    (folder.path / "run.json").write_text("{")
    with pytest.raises(StoreError, match=r"run\.json is damaged .* move it away"):
        folder.facts()


def test_a_full_disk_loses_nothing_recorded_before(folder, monkeypatch):
    folder.append(record(0))
    real, calls = os.write, []

    def full(descriptor, data):
        calls.append(len(data))
        if len(calls) == 1:
            return real(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="the disk is full; free some space. Nothing recorded before is lost"):
        folder.append(record(1))
    monkeypatch.undo()
    assert folder.records_file("dataset:x").read_bytes().endswith(b"\n")
    folder.append(record(1))
    assert [one.position for one in folder.records("dataset:x")] == [0, 1]


def test_a_device_without_room_is_told_as_such(folder):
    folder.records_file("dataset:x").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="the disk is full"):
        folder.append(record(0))


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another --out"):
        RunFolder(tmp_path / "file" / "run").open({})


def test_skipped_rows_take_the_place_of_older_ones(folder):
    for reasons in (["no picture", "no answer"], ["no picture"]):
        with folder.skipped_file("dataset:x") as skip:
            for n, reason in enumerate(reasons):
                skip(Skipped(id=str(n), reason=reason))
    assert [row.reason for row in folder.skipped("dataset:x")] == ["no picture"]


def test_suites_with_odd_names_have_files_of_their_own(folder):
    names = ["dataset:local:a/b", "dataset:local:a-b", "dataset:local:../../etc/x", "benchmark:chartqa"]
    files = {folder.records_file(name) for name in names}
    assert len(files) == len(names)
    assert all(file.parent == folder.path / "records" for file in files)


def test_the_cache_gives_back_what_was_put(tmp_path):
    cache = GenerationCache(tmp_path / "deep" / "cache.sqlite")
    response = Response(text="\\boxed{7} \u202e", token_ids=(1, 2), logprobs=(-0.5, -0.25), finish_reason="length")
    assert cache.get("k") is None
    cache.put("k", response)
    cache.close()
    again = GenerationCache(tmp_path / "deep" / "cache.sqlite")
    assert again.get("k") == response
    again.close()


def test_a_cache_that_is_no_database_says_what_to_do(tmp_path):
    (tmp_path / "cache.sqlite").write_text("not a database, but long enough to be read as one" * 20)
    with pytest.raises(StoreError, match="cannot be opened: .* choose another file with --cache FILE, or --cache off"):
        GenerationCache(tmp_path / "cache.sqlite")


def test_records_are_whole_lines_of_json(folder):
    folder.append(record(0))
    line = folder.records_file("dataset:x").read_bytes()
    assert line.endswith(b"\n")
    assert json.loads(line)["score"] == {"value": 1.0, "status": "correct"}


@pytest.mark.parametrize("line", [b"", b"{", b"[1]", b'{"id": "x"}', b"\xff"])
@pytest.mark.parametrize("read", [RunFolder.done, RunFolder.records, RunFolder.verifiers_of_own_kinds])
def test_a_damaged_line_in_the_middle_is_named(folder, read, line):
    folder.append(record(0))
    with folder.records_file("dataset:x").open("ab") as file:
        file.write(line + b"\n")
    folder.append(record(1))
    with pytest.raises(StoreError, match=r"x\.jsonl, line 2 is no record: .*; remove the line, and its sample is done"):
        list(read(folder, "dataset:x"))
