"""What may stand after the colon, and which samples it asks for."""

from __future__ import annotations

import pytest

from vg1_plugin_synthetic.spec import TASKS, Spec, parse, task_names
from vg1core.errors import UsageError
from vg1core.types import DIMENSIONS


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (None, Spec()),
        ("", Spec()),
        ("hard", Spec(level="hard")),
        ("level=easy,dimension=gui,size=112", Spec(level="easy", dimension="gui", size=112)),
        ("seed=3,count=100", Spec(seed=3, count=100)),
        ("level=easy;count=100", Spec(level="easy", count=100)),
        ("easy+dimension=math", Spec(level="easy", dimension="math")),
        (" hard ; size = 224 ;", Spec(level="hard", size=224)),
        ("task=gui-button", Spec(task="gui-button")),
        ("dimension=cross_image;task=cross_image-more", Spec(dimension="cross_image", task="cross_image-more")),
    ],
)  # fmt: skip
def test_arguments(argument, expected):
    assert parse(argument) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("levle=easy", "has no option 'levle'; its options are: level, dimension, task, size, seed, count"),
        ("easier", "no level 'easier'; known: easy, medium, hard; anything but a level is written key=value"),
        ("level=", "no level ''; known: easy, medium, hard"),
        ("dimension=maths", "no dimension 'maths'; known: all, infographic, math, spatial"),
        ("task=button", "no task 'button'; known: all, infographic-bar-value"),
        ("dimension=gui;task=math-sum", "no task 'math-sum'; known: all, gui-button, gui-icon, gui-field"),
        ("size=64", "size has to be a whole number from 112 to 2048, not '64'"),
        ("size=4096", "size has to be a whole number from 112 to 2048, not '4096'"),
        ("count=0", "count has to be a whole number from 1 to 10000000, not '0'"),
        ("count=ten", "count has to be a whole number from 1 to 10000000, not 'ten'"),
        ("seed=-1", "seed has to be a whole number from 0 to 1000000000, not '-1'"),
        ("seed=٣", "seed has to be a whole number from 0 to 1000000000, not '٣'"),
        ("seed=" + "9" * 5000, "seed has to be a whole number from 0 to 1000000000, not '999"),
        ("easy;level=hard", "level is given twice, as 'easy' and 'hard'"),
        ("=5", "has no option ''; its options are: level"),
    ],
)  # fmt: skip
def test_messages(argument, message):
    with pytest.raises(UsageError) as caught:
        parse(argument)
    assert "dataset 'synthetic'" in str(caught.value)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_dimensions_take_turns_and_so_do_their_tasks():
    items = [Spec().item(index) for index in range(64)]
    assert [item.dimension for item in items[:8]] == list(TASKS)
    assert {item.task for item in items[:40]} == set(task_names())
    assert len(set(items)) == 64


def test_an_item_is_the_same_whatever_else_is_asked_for():
    everything = [Spec().item(index) for index in range(200)]
    for spec in (Spec(dimension="gui"), Spec(task="gui-icon")):
        for index in range(6):
            assert spec.item(index) in everything


def test_every_dimension_has_at_least_two_tasks():
    assert sorted(TASKS) == sorted(DIMENSIONS)
    assert all(len(tasks) >= 2 for tasks in TASKS.values())
