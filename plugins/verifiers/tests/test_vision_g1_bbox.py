"""`vision_g1_bbox`: the defects of the authors' code, each turned into a test."""

import pytest

from vg1_plugin_verifiers.vision_g1_bbox import VisionG1Bbox
from vg1core.types import BoxesTarget, Response, Sample
from vg1core.verifiers import tracing

TARGET = BoxesTarget(boxes=((10, 20, 30, 40),), space="pixel")


def judge(text, target=TARGET, **sizes):
    sample = Sample(id="t", dimension="gui", messages=(), target=target, verifier="vision_g1_bbox")
    return VisionG1Bbox().verify(Response(text=text, **sizes), sample)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\\boxed{[10, 20, 30, 40]}", 1.0),  # a TypeError there: the corners stay strings
        ("\\boxed{[10.0, 20.0, 30.0, 30.0]}", 0.5),  # decimals never match there
        ("\\boxed{[30, 40, 10, 20]}", 1.0),
        ("\\boxed{[9, 100, 10, 200]}", 0.0),  # as strings, "9" is more than "10"
        ("\\boxed{[[50, 60, 70, 80], [10, 20, 30, 40]]}", 0.0),
        ("\\boxed{[10, 20, 30, 40]} \\boxed{[50, 60, 70, 80]}", 0.0),
    ],
)
def test_values(text, value):
    assert judge(text).value == pytest.approx(value)


def test_a_box_outside_of_boxed_is_no_answer():
    score = judge("[10, 20, 30, 40]")
    assert (score.value, score.status) == (0.0, "no_answer")
    assert score.reason == "the response holds no answer of the form that 'vision_g1_bbox' reads"


def test_several_boxes_are_paired():
    target = BoxesTarget(boxes=((0, 0, 5, 5), (10, 20, 30, 40)), space="pixel")
    assert judge("\\boxed{[[10, 20, 30, 40], [0, 0, 5, 5]]}", target).value == 1.0


def test_steps_and_span():
    text = "It is \\boxed{cat at [10, 20, 30, 40]}"
    with tracing() as steps:
        score = judge(text)
    assert steps == ["1 boxes in the last \\boxed{}: 'cat at [10, 20, 30, 40]'"]
    start, end = score.answer.span
    assert text[start:end] == "10, 20, 30, 40"
