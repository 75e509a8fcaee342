"""Properties: the target passes its own verifier in every dress, a wrong answer in none, and twice is the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1core.plugins import PluginHost
from vg1core.testing.answers import DRESSES, right_answer, wrong_answer
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    MathTarget,
    NumberTarget,
    Response,
    Sample,
    TextTarget,
)

HOST = PluginHost()
quick = settings(max_examples=25, derandomize=True, database=None, deadline=None)
dresses = st.sampled_from(DRESSES)
words = st.sampled_from(["red", "Paris", "blue whale", "Mona Lisa", "x-ray", "12 Main Street", "yes", "No", "true"])
expressions = st.sampled_from(
    ["\\frac{1}{2}", "12 \\sqrt { 3 }", "x^2+1", "(1, 2]", "\\{1, 2, 3\\}", "2\\pi", "45^\\circ", "x = 3", "1,200",
     "-7", "(3, 4)", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "y = 2x + 1", "\\text{Even}", "50\\%", "3:4"]
)  # fmt: skip
edges = st.integers(min_value=0, max_value=900)
sides = st.integers(min_value=1, max_value=90)
box = st.builds(lambda x, y, w, h: (float(x), float(y), float(x + w), float(y + h)), edges, edges, sides, sides)


def sample(target, verifier, choices=(), **options):
    return Sample(
        id="dataset:t/default/test/0", dimension="math", messages=(), target=target, verifier=verifier,
        choices=tuple(choices), options=options,
    )  # fmt: skip


def check(one, dress):
    verifier = HOST.get("verifier", one.verifier)(one.options)
    right = Response(text=right_answer(one, dress=dress))
    score = verifier.verify(right, one)
    assert (score.value, score.status) == (1.0, "correct"), (right.text, score.reason)
    assert verifier.verify(right, one) == score
    wrong = verifier.verify(Response(text=wrong_answer(one, dress=dress)), one)
    assert wrong.value is not None
    assert wrong.value < 1, (wrong_answer(one, dress=dress), wrong.reason)


@quick
@given(st.sets(st.sampled_from("ABCDE"), min_size=1, max_size=4), dresses)
def test_choice(letters, dress):
    choices = ["a cat", "a dog", "a bird", "a fish", "12 cm"]
    check(sample(ChoiceTarget(letters="".join(sorted(letters))), "choice", choices), dress)


@quick
@given(words, dresses)
def test_exact(text, dress):
    check(sample(TextTarget(text=text), "exact"), dress)


@quick
@given(st.decimals(-10000, 10000, places=2), st.sampled_from([0.0, 0.05]), dresses)
def test_numeric(value, tolerance, dress):
    check(sample(NumberTarget(value=f"{value:,}", tolerance=tolerance), "numeric"), dress)


@settings(quick, max_examples=60)
@given(expressions, dresses)
def test_math(latex, dress):
    check(sample(MathTarget(latex=latex), "math"), dress)


@quick
@given(st.lists(box, min_size=1, max_size=3), st.sampled_from(["boxed", "tag", "bare"]))
def test_iou(shapes, dress):
    check(sample(BoxesTarget(boxes=tuple(shapes), space="pixel"), "iou"), dress)


@quick
@given(box, dresses)
def test_click_in_a_box(shape, dress):
    check(sample(ClickTarget(box=shape, space="pixel"), "click"), dress)


@quick
@given(edges, edges, sides, dresses)
def test_click_near_a_point(x, y, radius, dress):
    check(sample(ClickTarget(point=(float(x), float(y)), radius=float(radius), space="pixel"), "click"), dress)


def test_answers_in_another_space():
    one = sample(ClickTarget(box=(0.1, 0.2, 0.3, 0.4), space="unit"), "click")
    assert right_answer(one, "permille", dress="bare") == "[200, 300]"
    with pytest.raises(ValueError, match="the target is in 'unit'; a response in 'pixel' needs the picture's size"):
        right_answer(one, "pixel")


def test_no_wrong_answer_where_all_options_are_right():
    one = sample(ChoiceTarget(letters="AB"), "choice", ["a cat", "a dog"])
    with pytest.raises(ValueError, match="all options of dataset:t/default/test/0 are right"):
        wrong_answer(one)
