"""Fixture rows of every benchmark: upstream's schema, small pictures, reproducible."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vg1core.images import open_picture
from vg1core.rows import features
from vg1core.types import Sample

NAMES = ("chartqa", "mathvista_testmini", "screenspot")
SCRIPT = Path(__file__).with_name("draw_fixtures.py")


@pytest.fixture
def benchmark(vg1_host, request):
    return vg1_host.get("benchmark", request.param)()


@pytest.fixture
def rows(benchmark):
    return [json.loads(line) for line in benchmark.fixtures().read_text(encoding="utf-8").splitlines()]


every_benchmark = pytest.mark.parametrize("benchmark", NAMES, indirect=True)


@every_benchmark
def test_rows_have_the_upstream_schema(benchmark, rows):
    from datasets import Dataset

    assert 6 <= len(rows) <= 8
    for row in rows:
        assert set(row) == set(benchmark.columns)
    schema = features(benchmark.columns)
    assert Dataset.from_list(rows, features=schema).features == schema


@every_benchmark
def test_every_row_gives_a_sample_with_one_picture(benchmark, rows):
    samples = list(benchmark.samples("fixtures"))
    assert [type(sample) for sample in samples] == [Sample] * len(rows)
    assert len({sample.id for sample in samples}) == len(rows)
    for sample in samples:
        (picture,) = sample.images
        assert Path(picture.ref).stat().st_size <= 20_000
        assert min(open_picture(picture).size) >= 100


def test_drawing_them_again_gives_the_same_files(tmp_path, vg1_host):
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True)
    home = vg1_host.get("benchmark", "chartqa").fixtures().parent
    shipped = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    drawn = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert sorted(drawn) == sorted(shipped)
    changed = [str(path) for path, data in drawn.items() if data != shipped[path]]
    assert not changed, f"run {SCRIPT.name}, or check that Pillow has the version of constraints.txt"
