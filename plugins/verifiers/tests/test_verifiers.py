"""What the six verifiers share, and the messages that a person reads."""

import subprocess
import sys

import pytest

from vg1_plugin_verifiers.iou import box_iou
from vg1core.errors import TargetError, UsageError
from vg1core.plugins import PluginHost
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    Response,
    Sample,
    TextTarget,
)

HOST = PluginHost()
NAMES = ("choice", "click", "exact", "iou", "math", "numeric")


def judge(name, target, text, choices=(), options=None, **sizes):
    sample = Sample(id="t", dimension="math", messages=(), target=target, verifier=name, choices=tuple(choices))
    return HOST.get("verifier", name)(options).verify(Response(text=text, **sizes), sample)


@pytest.mark.parametrize("name", NAMES)
def test_modules_import_nothing_heavy(name):
    code = (
        f"import sys, vg1_plugin_verifiers.{name}\n"
        "heavy = {'sympy', 'math_verify', 'shapely', 'numpy', 'scipy', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("name", "target", "choices", "text", "reason"),
    [
        ("choice", ChoiceTarget(letters="C"), "wxyz", "The answer is B.",
         "the response decides for B (statement), the target is C"),
        ("choice", ChoiceTarget(letters="C"), "wxyz", "who knows",
         "the response holds no answer of the form that 'choice' reads"),
        ("exact", TextTarget(text="Paris", aliases=("Lutetia",)), "", "Rome",
         "'Rome' differs from the target 'Paris' and its 1 aliases"),
        ("exact", TextTarget(text="yes"), "", "True", "'True' means the same as the target 'yes'"),
        ("numeric", NumberTarget(value="100", tolerance=0.05), "", "106", "106 is not within 0.05 of the target 100"),
        ("numeric", NumberTarget(value="7"), "", "7.0", "7.0 equals the target 7"),
        ("math", MathTarget(latex="x^2-1"), "", "\\boxed{(x-1)(x+1)}",
         "'(x-1)(x+1)' equals the target 'x^2-1' (compared by sympy)"),
        ("math", MathTarget(latex="5"), "", "\\boxed{9^{9^{9^9}}}", "'9^{9^{9^9}}' is too large to be worked out"),
        ("iou", BoxesTarget(boxes=((0, 0, 10, 10),), space="pixel"), "", "[0, 0, 10, 5]",
         "[0, 0, 10, 5] (box) overlaps [0, 0, 10, 10] by 0.500"),
        ("iou", BoxesTarget(boxes=((0, 0, 10, 10),), space="pixel"), "", "[0, 0, nan, 5]",
         "[0, 0, ?, 5] (box) overlaps [0, 0, 10, 10] by 0.000; 1 with corners that are no numbers"),
        ("click", ClickTarget(box=(0, 0, 10, 10), space="pixel"), "", "(20, 5)",
         "[20, 5] (last point) lies outside [0, 0, 10, 10]"),
        ("click", ClickTarget(point=(0, 0), radius=2, space="pixel"), "", "(3, 4)",
         "[3, 4] (last point) is 5 from [0, 0], 2 are allowed"),
    ],
)  # fmt: skip
def test_reasons(name, target, choices, text, reason):
    assert judge(name, target, text, choices).reason == reason


def test_a_conversion_is_told():
    target = ClickTarget(box=(0, 0, 10, 10), space="pixel")
    score = judge("click", target, "(500, 500)", options={"coordinate_space": "permille"}, image_sizes=((10, 10),))
    assert score.reason == "[500, 500] (last point), which is [5, 5] in 'pixel', lies inside [0, 0, 10, 10]"
    assert score.answer.value == [500, 500]


def test_no_conversion_without_sizes():
    target = BoxesTarget(boxes=((0, 0, 10, 10),), space="pixel")
    with pytest.raises(TargetError, match="coordinates in 'pixel' cannot be placed: the response has no 'image_sizes'"):
        judge("iou", target, "[0, 0, 1, 1]", options={"coordinate_space": "unit"})


@pytest.mark.parametrize(
    ("name", "target", "choices", "message"),
    [
        ("choice", ChoiceTarget(letters="E"), "wxyz", "the target 'E' has to consist of letters of options A to D"),
        ("choice", ChoiceTarget(letters=""), "", "the target '' has to consist of letters of capital letters"),
        ("exact", TextTarget(text=" "), "", "the target text is empty"),
        ("numeric", NumberTarget(value=""), "", "the target is empty"),
        ("numeric", NumberTarget(value="5", tolerance=5), "",
         "the tolerance has to be a share from 0 to 1, not 5"),
        ("math", MathTarget(latex=""), "", "the target is empty"),
        ("math", MathTarget(latex="\\frac{1}{"), "", "the target '\\\\frac{1}{' is no expression that can be parsed"),
        ("math", MathTarget(latex="2^{2^{34}}"), "", "the target '2^{2^{34}}' is too large to be worked out"),
        ("iou", BoxesTarget(boxes=(), space="pixel"), "", "the target holds no box"),
        ("iou", BoxesTarget(boxes=((1, 2, 3),), space="pixel"), "",
         "the target's box [1, 2, 3] is neither a box (4 numbers) nor a polygon (6 or more, in pairs)"),
        ("iou", BoxesTarget(boxes=((1, 2, 1, 5),), space="pixel"), "", "the target's box [1, 2, 1, 5] has no area"),
        ("click", ClickTarget(point=(1, 2), space="pixel"), "", "the target needs a box, or a point and a radius"),
        ("click", ItemsTarget(items=("a",)), "", "verifier 'click' takes targets of kind click, not 'items'; "
         "name another verifier for this sample or give it a fitting target"),
    ],
)  # fmt: skip
def test_targets_that_cannot_be_understood(name, target, choices, message):
    with pytest.raises(TargetError) as error:
        judge(name, target, "anything", choices)
    assert str(error.value) == message


def test_unknown_option():
    with pytest.raises(
        UsageError, match="verifier 'iou' has no option 'treshold'; its options are: coordinate_space, threshold"
    ):
        HOST.get("verifier", "iou")({"treshold": 0.5})


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 2, 2), (0, 0, 2, 2), 1.0),
        ((0, 0, 2, 2), (1, 1, 3, 3), 1 / 7),
        ((0, 0, 2, 2), (2, 0, 4, 2), 0.0),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0),
        ((0.5, 0.5, 1, 1), (0, 0, 1, 1), 0.25),
    ],
)
def test_box_iou(a, b, expected):
    assert box_iou(a, b) == pytest.approx(expected)
    assert box_iou(b, a) == pytest.approx(expected)


def test_thousands_of_boxes_do_not_help():
    target = BoxesTarget(boxes=((10, 10, 20, 20),), space="pixel")
    boxes = ", ".join(f"[{x}, {y}, {x + 10}, {y + 10}]" for x in range(0, 100, 10) for y in range(0, 100, 10))
    score = judge("iou", target, f"\\boxed{{[{boxes}]}}")
    assert score.value == pytest.approx(0.01)
    assert score.status == "partial"
