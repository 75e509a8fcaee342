"""Properties of every verifier.

The target passes its own verifier in every dress, a wrong answer in none; scoring twice gives the same; and no
response changes the verdict on another that the same verifier judges.
"""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vg1_plugin_verifiers
from vg1core.errors import TargetError
from vg1core.plugins import PluginHost
from vg1core.testing.answers import DRESSES, right_answer, wrong_answer
from vg1core.testing.cases import read_cases
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
quick = settings(max_examples=6, derandomize=True, database=None, deadline=None)
words = st.sampled_from(["red", "Paris", "blue whale", "Mona Lisa", "x-ray", "12 Main Street", "yes", "No", "true"])
expressions = st.sampled_from(
    ["\\frac{1}{2}", "12 \\sqrt { 3 }", "x^2+1", "(1, 2]", "\\{1, 2, 3\\}", "2\\pi", "45^\\circ", "x = 3", "1,200",
     "-7", "(3, 4)", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "y = 2x + 1", "\\text{Even}", "50\\%", "3:4"]
)  # fmt: skip
edges = st.integers(min_value=0, max_value=900)
sides = st.integers(min_value=1, max_value=90)
box = st.builds(lambda x, y, w, h: (float(x), float(y), float(x + w), float(y + h)), edges, edges, sides, sides)


CASES = read_cases(Path(vg1_plugin_verifiers.__file__).parent / "cases")
NAMES = sorted({case.verifier for case in CASES})


def sample(target, verifier, choices=(), **options):
    return Sample(
        id="dataset:t/default/test/0", dimension="math", messages=(), target=target, verifier=verifier,
        choices=tuple(choices), options=options,
    )  # fmt: skip


def check(one):
    verifier = HOST.get("verifier", one.verifier)(one.options)
    for dress in DRESSES:
        right = Response(text=right_answer(one, dress=dress))
        score = verifier.verify(right, one)
        assert (score.value, score.status) == (1.0, "correct"), (right.text, score.reason)
        assert verifier.verify(right, one) == score
        wrong = verifier.verify(Response(text=wrong_answer(one, dress=dress)), one)
        assert wrong.value is not None
        assert wrong.value < 1, (wrong_answer(one, dress=dress), wrong.reason)


def test_at_least_twenty_dresses():
    assert len(set(DRESSES)) >= 20


@quick
@given(st.sets(st.sampled_from("ABCDE"), min_size=1, max_size=4))
def test_choice(letters):
    choices = ["a cat", "a dog", "a bird", "a fish", "12 cm"]
    check(sample(ChoiceTarget(letters="".join(sorted(letters))), "choice", choices))


@quick
@given(words)
def test_exact(text):
    check(sample(TextTarget(text=text), "exact"))


@quick
@given(words)
def test_anls(text):
    check(sample(TextTarget(text=text), "anls"))


@quick
@given(st.sets(words, min_size=1, max_size=4))
def test_set(items):
    check(sample(ItemsTarget(items=tuple(sorted(items))), "set"))


@quick
@given(st.decimals(-10000, 10000, places=2), st.sampled_from([0.0, 0.05]))
def test_numeric(value, tolerance):
    check(sample(NumberTarget(value=f"{value:,}", tolerance=tolerance), "numeric"))


@settings(quick, max_examples=20)
@given(expressions)
def test_math(latex):
    check(sample(MathTarget(latex=latex), "math"))


@quick
@given(st.sampled_from(["\\frac{1}{2}", "x^2+1", "2\\pi", "-7"]))
def test_vision_g1(latex):
    check(sample(MathTarget(latex=latex), "vision_g1"))


@quick
@given(st.lists(box, min_size=1, max_size=3))
def test_iou(shapes):
    check(sample(BoxesTarget(boxes=tuple(shapes), space="pixel"), "iou"))


@quick
@given(box)
def test_click_in_a_box(shape):
    check(sample(ClickTarget(box=shape, space="pixel"), "click"))


@quick
@given(edges, edges, sides)
def test_click_near_a_point(x, y, radius):
    check(sample(ClickTarget(point=(float(x), float(y)), radius=float(radius), space="pixel"), "click"))


def verdict(case, held):
    """The verdict of a verifier that is held for all cases with the same options."""
    options = case.given.get("options")
    key = json.dumps(options)
    if key not in held:
        held[key] = HOST.get("verifier", case.verifier)(options)
    try:
        return held[key].verify(case.response(), case.sample())
    except TargetError as error:
        return str(error)


@pytest.mark.parametrize("name", NAMES)
def test_no_response_changes_the_verdict_on_another(name):
    cases = [case for case in CASES if case.verifier == name]
    order = random.Random(name).sample(cases, min(len(cases), 80))
    held = {}
    first = {case.name: verdict(case, held) for case in order}
    again = {case.name: verdict(case, held) for case in reversed(order)}
    alone = {case.name: verdict(case, {}) for case in order}
    assert first == again == alone


def test_answers_in_another_space():
    one = sample(ClickTarget(box=(0.1, 0.2, 0.3, 0.4), space="unit"), "click")
    assert right_answer(one, "permille", dress="bare") == "[200, 300]"
    with pytest.raises(ValueError, match="the target is in 'unit'; a response in 'pixel' needs the picture's size"):
        right_answer(one, "pixel")


def test_no_wrong_answer_where_all_options_are_right():
    one = sample(ChoiceTarget(letters="AB"), "choice", ["a cat", "a dog"])
    with pytest.raises(ValueError, match="all options of dataset:t/default/test/0 are right"):
        wrong_answer(one)
