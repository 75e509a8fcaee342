"""The dataset: the same samples from the same seed, on any machine and in any order."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from vg1_plugin_synthetic.spec import LEVELS
from vg1_plugin_synthetic.synthetic import Synthetic
from vg1core.errors import UsageError
from vg1core.images import open_picture
from vg1core.types import DIMENSIONS, Sample

DIGEST = """
from hashlib import sha256
from vg1_plugin_synthetic.synthetic import Synthetic
digest = sha256()
for sample in Synthetic("level=hard;size=112;count=64;seed=5").samples("fixtures"):
    digest.update(repr((sample, sample.choices, [image.data for image in sample.images])).encode())
print(digest.hexdigest())
"""


def facts(sample: Sample) -> tuple[object, ...]:
    pictures = [hashlib.sha256(image.data or b"").hexdigest() for image in sample.images]
    return sample.id, sample.question, sample.choices, sample.target, sample.verifier, pictures


def test_the_default_is_forty_samples_of_all_dimensions_and_verifiers():
    samples = list(Synthetic().samples())
    assert len(samples) == 40
    assert {sample.dimension for sample in samples} == set(DIMENSIONS)
    assert {sample.verifier for sample in samples} == {"choice", "exact", "numeric", "math", "iou", "click"}
    assert samples[4].id == "dataset:synthetic/medium-336-0/gui-button/0"
    assert samples[4].metadata == {"task": "gui-button", "level": "medium"}
    assert samples[4].images[0].ref == "dataset:synthetic/medium-336-0/gui-button/0#image[0]"


def test_every_data_gives_the_same_samples():
    wanted = [facts(sample) for sample in Synthetic("size=112;count=8").samples("hub")]
    for data in ("fixtures", "/nowhere"):
        assert [facts(sample) for sample in Synthetic("size=112;count=8").samples(data)] == wanted


def test_any_sample_can_be_made_again_alone():
    everything = {sample.id: facts(sample) for sample in Synthetic("size=112;count=64").samples()}
    source = Synthetic("size=112;dimension=science;count=8")
    for index, row in reversed(list(enumerate(source.load()))):
        sample = source.to_sample(row, index)
        assert facts(sample) == everything[sample.id]


def test_other_processes_make_the_same_bytes():
    found = set()
    for hash_seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        child = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
        )
        found.add(child.stdout)
    assert len(found) == 1


def test_the_same_scene_at_every_size():
    small, large = (list(Synthetic(f"hard;size={size};count=64").samples()) for size in (112, 224))
    for one, other in zip(small, large, strict=True):
        assert (one.question, one.choices, one.verifier) == (other.question, other.choices, other.verifier)
        if one.verifier not in ("iou", "click"):
            assert one.target == other.target


@pytest.mark.parametrize("size", [112, 150, 336])
def test_pictures_are_square_and_of_the_asked_size(size):
    for sample in Synthetic(f"size={size};count=40").samples():
        assert len(sample.images) == (2 if sample.dimension == "cross_image" else 1)
        assert all(open_picture(image).size == (size, size) for image in sample.images)


def test_ids_and_pictures_differ():
    ids, pictures, count = set(), set(), 0
    for level in LEVELS:
        for seed in (0, 1):
            for sample in Synthetic(f"{level};size=112;seed={seed};count=128").samples():
                count += 1
                ids.add(sample.id)
                pictures.add((sample.question, sample.choices, *(image.data for image in sample.images)))
    assert len(ids) == count
    assert len(pictures) > 0.97 * count  # a few of the easiest scenes have few variants


def test_nothing_heavy_is_imported_before_a_picture_is_drawn():
    code = (
        "import sys; from vg1_plugin_synthetic.synthetic import Synthetic; source = Synthetic(); next(source.load());"
        "print({'PIL', 'numpy', 'pydantic'} & set(sys.modules))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "set()"


def test_revision_says_everything_that_decides_the_samples():
    revision = Synthetic("easy;size=112;seed=7;dimension=gui;count=3").revision("hub")
    *words, pillow = revision.split(" ")
    assert words == ["synthetic-1", "seed=7", "level=easy", "size=112", "dimension=gui", "task=all", "count=3"]
    assert pillow.startswith("pillow=")


@pytest.mark.parametrize(("limit", "expected"), [(None, 100), (7, 7), (500, 100)])
def test_length(limit, expected):
    assert Synthetic("count=100").length("hub", limit) == expected


def test_nothing_can_be_overridden():
    with pytest.raises(UsageError, match="is made, not fetched: it has no hub_id to override"):
        Synthetic(overrides={"hub_id": "somebody/else"})


def test_the_host_finds_it(vg1_host):
    assert vg1_host.get("dataset", "synthetic") is Synthetic
