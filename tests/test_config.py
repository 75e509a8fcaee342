"""The configuration: where a setting comes from, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from vg1core.config import RunConfig, load
from vg1core.errors import UsageError


def test_later_sources_win(tmp_path):
    file = tmp_path / "run.toml"
    file.write_text('model = "a"\nlimit = 5\nseed = 1\n[backend_options]\nbatch_size = 2\ndtype = "auto"\n')
    config = load(str(file), {"limit": 7, "seed": None}, ["seed=3", "backend_options.batch_size=4", "prompt=direct"])
    assert (config.model, config.limit, config.seed, config.prompt) == ("a", 7, 3, "direct")
    assert config.backend_options == {"batch_size": 4, "dtype": "auto"}


def test_tiny_implies_its_backend():
    assert load(None, {"model": "tiny"}).backend == "tiny"
    assert load(None, {"model": "tiny", "backend": "transformers"}).backend == "transformers"
    assert load(None, {"model": "org/other"}).backend == "transformers"


@pytest.mark.parametrize(
    ("options", "assignments", "message"),
    [
        ({}, [], "'model' is needed: --model …"),
        ({"model": "a"}, ["max_new_token=3"], "there is no setting 'max_new_token'; did you mean 'max_new_tokens'?"),
        ({"model": "a", "limit": 0}, [], "'limit': Input should be greater than or equal to 1 (got 0)"),
        ({"model": "a"}, ["temperature=hot"], "'temperature': Input should be a valid number, unable to parse string"),
        ({"model": "a"}, ["seed"], "--set seed: NAME=VALUE is expected"),
        ({"model": "a"}, ["model.x=1"], "--set model.x=1: 'model' is not a table"),
        (
            {"model": "a"},
            ["coordinate_space=percent"],
            "'coordinate_space': Input should be 'pixel', 'unit', 'permille' or",
        ),
    ],
)
def test_a_wrong_setting_is_named(options, assignments, message):
    with pytest.raises(UsageError) as caught:
        load(None, options, assignments)
    assert message in str(caught.value)


@pytest.mark.parametrize(("content", "message"), [(None, "no such file"), ("model = ", "Invalid value")])
def test_a_wrong_file_is_named(tmp_path, content, message):
    file = tmp_path / "run.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UsageError, match=message) as caught:
        load(str(file), {})
    assert str(file) in str(caught.value)


def test_identity_is_what_decides_responses_and_verdicts():
    one = RunConfig(model="a")
    assert one.identity() == RunConfig(model="a", benchmarks="all", workers=3, reporters=("json",)).identity()
    for change in ({"model": "b"}, {"seed": 1}, {"prompt": "direct"}, {"data": "fixtures"}, {"max_pixels": 50_000}):
        assert one.identity() != RunConfig(**{"model": "a", **change}).identity(), change
