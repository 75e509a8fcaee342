"""`iou`: GIoU, pairing, polygons, hostile boxes, and how long one takes."""

import time
import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers.iou import Iou, box_giou, box_iou, mean_overlap, overlap
from vg1core.errors import UsageError
from vg1core.testing.answers import dresses_of, right_answer, wrong_answer
from vg1core.types import BoxesTarget, Response, Sample
from vg1core.verifiers import tracing

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)
edges = st.integers(min_value=0, max_value=900)
sides = st.integers(min_value=1, max_value=90)
boxes = st.builds(lambda x, y, w, h: (float(x), float(y), float(x + w), float(y + h)), edges, edges, sides, sides)


def sample(target):
    return Sample(id="t", dimension="spatial", messages=(), target=target, verifier="iou")


def judge(text, target, sizes=(), **options):
    return Iou(options).verify(Response(text=text, image_sizes=sizes), sample(target))


@quick
@given(st.lists(boxes, min_size=1, max_size=3, unique=True), st.sampled_from(["iou", "giou"]), st.data())
def test_the_target_passes_in_every_dress(shapes, metric, data):
    target = BoxesTarget(boxes=tuple(shapes), space="pixel")
    dress = data.draw(st.sampled_from(dresses_of(target)))
    score = judge(right_answer(sample(target), dress=dress), target, metric=metric)
    assert (score.value, score.status) == (1.0, "correct"), score
    assert judge(wrong_answer(sample(target), dress=dress), target, metric=metric).value < 1


@quick
@given(boxes, boxes)
def test_giou_keeps_its_rules(a, b):
    value = box_giou(a, b)
    assert -1 <= value <= box_iou(a, b) <= 1
    assert value == pytest.approx(box_giou(b, a))
    if box_iou(a, b) == 0:
        assert value <= 0


@quick
@given(boxes, boxes)
def test_polygons_agree_with_boxes(a, b):
    corners = (b[0], b[1], b[2], b[1], b[2], b[3], b[0], b[3])
    assert overlap(a, corners) == pytest.approx(box_iou(a, b), abs=1e-9)


@quick
@given(st.lists(boxes, min_size=1, max_size=4), st.lists(boxes, min_size=1, max_size=4))
def test_a_box_too_many_never_helps(given_boxes, wanted):
    far = (5000.0, 5000.0, 5001.0, 5001.0)
    for metric in ("iou", "giou"):
        more = mean_overlap([*given_boxes, far], wanted, metric)
        if len(given_boxes) >= len(wanted):
            assert more <= mean_overlap(given_boxes, wanted, metric) + 1e-9


@pytest.mark.parametrize("space", ["pixel", "unit", "permille"])
def test_the_same_box_in_every_space(space):
    target = BoxesTarget(boxes=((64, 48, 320, 240),), space="pixel")
    text = {"pixel": "[64, 48, 320, 240]", "unit": "[0.1, 0.1, 0.5, 0.5]", "permille": "[100, 100, 500, 500]"}[space]
    assert judge(text, target, ((640, 480),), coordinate_space=space).value == pytest.approx(1.0)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000 + "10, 20, 30, 40" + "]" * 20_000,
        "[10, 20, 30, 40]" * 5_000,
        '{"x1": 1, "y1": 2, ' * 3_000,
        "1 " * 25_000,
        "(1, 2) to " * 5_000,
        "\\left" * 10_000,
        "<box>" * 10_000,
    ],
)
def test_hostile_texts_take_no_time(text):
    target = BoxesTarget(boxes=((10, 20, 30, 40), (50, 60, 70, 80), (0, 0, 1, 0, 1, 1)), space="pixel")
    start = time.process_time()
    score = judge(text, target)
    assert time.process_time() - start < 3.0
    assert score.value < 0.5


def test_one_box_takes_two_microseconds():
    a, b = (1.0, 2.0, 30.0, 40.0), (5.0, 6.0, 35.0, 44.0)
    assert min(timeit.repeat(lambda: box_iou(a, b), number=2_000, repeat=20)) / 2_000 < 2e-6


def test_reasons_and_steps():
    target = BoxesTarget(boxes=((0, 0, 10, 10), (20, 20, 30, 30)), space="pixel")
    with tracing() as steps:
        score = judge("[[20, 20, 30, 30], [0, 0, 10, 5], [1, 1, 2, 2]]", target)
    assert score.reason == "3 boxes from [20, 20, 30, 30] (box) overlaps 2 boxes from [0, 0, 10, 10] by 0.500"
    assert steps == [
        "[20, 20, 30, 30] is paired with [20, 20, 30, 30]: 1.000",
        "[0, 0, 10, 5] is paired with [0, 0, 10, 10]: 0.500",
        "1 boxes are left over",
    ]
    one = BoxesTarget(boxes=((0, 0, 10, 10),), space="pixel")
    reason = judge("[20, 0, 30, 10]", one, metric="giou").reason
    assert reason == "[20, 0, 30, 10] (box) matches [0, 0, 10, 10] by -0.333 (GIoU)"


def test_an_unknown_metric():
    with pytest.raises(UsageError, match="verifier 'iou': option 'metric' has to be one of iou, giou, not 'diou'"):
        Iou({"metric": "diou"})
