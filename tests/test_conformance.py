"""The conformance kit finds each fault that it is there for, and says what to do."""

import importlib
import itertools
import json
import sys

import pytest
from PIL import Image

from vg1core.plugins import Plugin
from vg1core.testing import conformance

MODULE = """
from vg1core.datasets import DatasetInfo, HubDataset
from vg1core.types import TextTarget

class Colours(HubDataset):
    info = DatasetInfo(name="colours", dimension="science", licence="mit", verifier="exact", rows=2, rows_known="exact")
    columns = {"image": "image", "question": "string", "answer": "string"}

    def to_sample(self, row, index):
        return self.sample(index, images=row["image"], question=row["question"], target=TextTarget(text=row["answer"]))
"""
ROWS = [
    {"image": "images/red.png", "question": "Which colour?", "answer": "red"},
    {"image": "images/blue.png", "question": "Which colour?", "answer": "blue"},
]
_numbers = itertools.count()


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Write a dataset module with fixture rows, parts of it replaced, and import it."""

    def write(*replacements, rows=ROWS, entry_point="dataset.colours"):
        code = MODULE
        for old, new in replacements:
            assert old in code
            code = code.replace(old, new)
        name = f"vg1_test_colours_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(code)
        (tmp_path / "fixtures/images").mkdir(parents=True, exist_ok=True)
        for colour in ("red", "blue"):
            Image.new("RGB", (8, 8), colour).save(tmp_path / f"fixtures/images/{colour}.png")
        (tmp_path / "fixtures/colours.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        kind, _, plugin_name = entry_point.partition(".")
        found = [*conformance.installed(), Plugin(kind, plugin_name, "vg1-test-colours", "1", name)]
        monkeypatch.setattr(conformance, "installed", lambda: found)
        importlib.invalidate_caches()
        return importlib.import_module(name).Colours

    yield write
    for name in [name for name in sys.modules if name.startswith("vg1_test_colours_")]:
        del sys.modules[name]


@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
def test_a_sound_dataset_passes(make, check):
    check(make())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('dimension="science"', 'dimension="colours"', "dimension 'colours' is none of infographic, math"),
        ('licence="mit"', 'licence=""', "say its licence"),
        ('licence="mit"', "commercial=True", "commercial is True but the licence is unknown"),
        ('rows_known="exact"', 'rows_known="surely"', "rows_known 'surely' is none of exact, rounded"),
        ('rows=2, rows_known="exact"', 'rows_known="exact"', "rows_known does not fit rows=None"),
        ('licence="mit"', 'licence="mit", split="test"', "a training source must not read the test split"),
        ('verifier="exact"', 'verifier="exakt"', "no verifier named 'exakt'; did you mean 'exact'?"),
    ],
)
def test_incomplete_facts(make, old, new, message):
    with pytest.raises(Exception, match=message):
        conformance.check_info(make((old, new)))


def test_an_entry_point_of_another_name(make):
    with pytest.raises(AssertionError, match=r"needs one entry point, 'dataset.colours'; it has \['dataset.colors'\]"):
        conformance.check_info(make(entry_point="dataset.colors"))


def test_a_fixture_row_that_is_a_fault(make):
    with pytest.raises(AssertionError, match="missing field 'question'"):
        conformance.check_fixtures(make(rows=[{"image": "images/red.png", "answer": "red"}]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("self.sample(index,", "self.sample(0,", "stands for two samples"),
        ("self.sample(index,", "self.sample('a row',", "is not <kind>:<name>/<config>/<split>/<row>"),
        ("return self.sample", "return self.skip(index, 'unfit') or self.sample", "no fixture row gives a sample"),
        ("question=row", "drawn=__import__('random').random(), question=row", "a second reading differs"),
    ],
)
def test_ids_order_and_emptiness(make, old, new, message):
    with pytest.raises(AssertionError, match=message):
        conformance.check_fixtures(make((old, new)))


def test_a_source_that_ships_no_rows(make):
    source = make()
    source.fixtures().unlink()
    with pytest.raises(Exception, match="the source ships no fixture rows"):
        conformance.check_fixtures(source)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('question=row["question"]', 'question="  "', "asks nothing"),
        ("question=row", "corners=(1, 2), question=row", "metadata has to be plain JSON values"),
    ],
)
def test_samples_that_cannot_be_used(make, old, new, message):
    with pytest.raises(AssertionError, match=message):
        conformance.check_samples(make((old, new)))


def test_a_picture_that_does_not_open(make):
    source = make()
    (source.fixtures().parent / "images/blue.png").write_bytes(b"no picture")
    with pytest.raises(Exception, match="the file is not a picture"):
        conformance.check_samples(source)


def test_a_target_that_its_verifier_does_not_take(make):
    with pytest.raises(Exception, match="verifier 'choice' takes targets of kind choice"):
        conformance.check_answers(make(('verifier="exact"', 'verifier="choice"')))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"answer": "string"}', "}", r"row 0: \['answer'\] not among the class's columns"),
        ('"answer": "string"}', '"answer": "string", "id": "int64"}', r"row 0: \['id'\] missing; mark it with '\?'"),
        ("index, images", "index, note=str(row['image']), images", "read from parquet this is another sample"),
    ],
)
def test_columns(make, old, new, message):
    with pytest.raises(AssertionError, match=message):
        conformance.check_columns(make((old, new)))


def test_a_heavy_import(make):
    with pytest.raises(
        AssertionError, match=r"importing vg1_test_colours_\d+ gives '.*PIL.*'; import it in the function"
    ):
        conformance.check_import(make(("from vg1core.types", "import PIL.Image\nfrom vg1core.types")))


def test_a_distribution_without_sources():
    with pytest.raises(AssertionError, match="vg1-plugin-nowhere brings no dataset and no benchmark"):
        conformance.sources_of("vg1-plugin-nowhere")
