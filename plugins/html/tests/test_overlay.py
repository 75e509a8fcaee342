from __future__ import annotations

import pytest

from vg1_plugin_html.overlay import marks
from vg1core.types import (
    Answer,
    BoxesTarget,
    ClickTarget,
    NumberTarget,
    Record,
    Response,
    Score,
    Turn,
)

SHOWN = (200, 100)
NO_TARGET = NumberTarget(value="1")


def record(target, value=None, space=None, *, sizes=True) -> Record:
    size = {"image_sizes": ((1000, 500),), "sent_sizes": ((500, 250),)} if sizes else {}
    return Record(
        id="b:x/1", suite="b:x", dimension="gui", target=target, verifier="click",
        turns=(Turn(messages=(), response=Response(text="", **size)),),
        options={} if space is None else {"coordinate_space": space},
        score=Score(value=0.0, status="incorrect", answer=Answer(value=value, rule="list")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "shape", "numbers"),
    [
        (ClickTarget(space="pixel", box=(100, 100, 300, 200)), "box", (20, 20, 40, 20)),
        (ClickTarget(space="permille", box=(100, 200, 300, 400)), "box", (20, 20, 40, 20)),
        (ClickTarget(space="unit", box=(0.1, 0.2, 0.3, 0.4)), "box", (20, 20, 40, 20)),
        (ClickTarget(space="sent_pixel", box=(50, 50, 150, 100)), "box", (20, 20, 40, 20)),
        (BoxesTarget(space="unit", boxes=((0.3, 0.4, 0.1, 0.2),)), "box", (20, 20, 40, 20)),
        (BoxesTarget(space="unit", boxes=((0, 0, 1, 0, 0.5, 1),)), "polygon", (0, 0, 200, 0, 100, 100)),
    ],
)
def test_target_is_drawn(target, shape, numbers):
    (mark,) = marks(record(target), SHOWN)
    assert (mark.role, mark.shape, mark.outside) == ("target", shape, False)
    assert mark.numbers == pytest.approx(numbers)


def test_click_within_a_radius_is_a_point_and_an_ellipse():
    target = ClickTarget(space="pixel", point=(500, 250), radius=50)
    point, reach = marks(record(target), SHOWN)
    assert (point.shape, point.numbers) == ("point", (100, 50))
    assert (reach.shape, reach.numbers) == ("ellipse", (100, 50, 10, 10))


@pytest.mark.parametrize(
    ("value", "space", "shapes"),
    [
        ([500, 250], "pixel", [("point", (100, 50), False)]),
        ([500, 500], "permille", [("point", (100, 50), False)]),
        ([2.0, 0.5], "unit", [("point", (400, 50), True)]),
        ([10**400, 0.5], "unit", [("point", (1600, 50), True)]),
        ([[0, 0, 0.5, 0.5], [0.5, 0.5]], "unit", [("box", (0, 0, 100, 50), False), ("point", (100, 50), False)]),
        ([0, 0, 0.5, 0.5, 1], "unit", []),
        ([float("nan"), 0.5], "unit", []),
        ([float("inf"), 0.5], "unit", [("point", (1600, 50), True)]),
        ([True, 0.5], "unit", []),
        (["0.5", "0.5"], "unit", []),
        ([[[0.5, 0.5]]], "unit", []),
        ("[0.5, 0.5]", "unit", []),
        ([0.5] * 100_000, "unit", []),
        ([], "unit", []),
        ([0.5, 0.5], None, []),
        ([0.5, 0.5], "parsec", []),
        ([0.5, 0.5], ["unit"], []),
    ],
)  # fmt: skip
def test_answer_is_drawn_where_it_is_understood(value, space, shapes):
    found = marks(record(NO_TARGET, value, space), SHOWN)
    assert [(mark.shape, mark.numbers, mark.outside) for mark in found] == shapes


def test_nothing_is_drawn_where_a_size_is_not_known():
    target = ClickTarget(space="pixel", point=(1, 1), radius=3)
    assert marks(record(target, [1, 1], "sent_pixel", sizes=False), SHOWN) == ()


def test_only_so_many_shapes_are_drawn():
    assert len(marks(record(NO_TARGET, [[0.1, 0.1]] * 5000, "unit"), SHOWN)) == 40
