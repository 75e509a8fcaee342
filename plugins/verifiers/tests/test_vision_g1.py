"""`vision_g1`: the right verifier decides, and what the authors' code gets wrong is right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers._ends import without_ends
from vg1_plugin_verifiers.vision_g1 import VisionG1
from vg1core.errors import TargetError
from vg1core.testing.answers import dresses_of, right_answer, wrong_answer
from vg1core.types import ChoiceTarget, ItemsTarget, MathTarget, NumberTarget, Response, Sample, TextTarget
from vg1core.verifiers import tracing

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)
targets = st.sampled_from([
    MathTarget(latex="\\frac{1}{2}"), MathTarget(latex="12 \\sqrt { 3 }"), TextTarget(text="left"),
    TextTarget(text="7"), TextTarget(text="yes"), TextTarget(text="2\\pi"),
    ChoiceTarget(letters="B"), NumberTarget(value="1,200"),
])  # fmt: skip


def sample(target):
    choices = ("a cat", "a dog", "a bird") if isinstance(target, ChoiceTarget) else ()
    return Sample(id="t", dimension="math", messages=(), target=target, verifier="vision_g1", choices=choices)


def judge(text, target):
    return VisionG1().verify(Response(text=text), sample(target))


@quick
@given(targets, st.data())
def test_the_target_passes_in_every_dress(target, data):
    one = sample(target)
    dresses = dresses_of(target) if not isinstance(target, TextTarget) else dresses_of(MathTarget(latex=""))
    dress = data.draw(st.sampled_from(dresses))
    score = judge(right_answer(one, dress=dress), target)
    assert (score.value, score.status) == (1.0, "correct"), score
    assert judge(wrong_answer(one, dress=dress), target).value == 0.0


@pytest.mark.parametrize(
    ("target", "by"),
    [
        (MathTarget(latex="1"), "math"), (TextTarget(text="a"), "exact"),
        (ChoiceTarget(letters="A"), "choice"), (NumberTarget(value="1"), "numeric"),
    ],
)  # fmt: skip
def test_who_decides(target, by):
    with tracing() as steps:
        judge("\\boxed{x}", target)
    assert any(step.startswith(f"'{by}' decides for a target of kind '{target.kind}'") for step in steps)


@pytest.mark.parametrize("text", ["\\boxed{B. a dog}", "\\boxed{(B)}", "The answer is B", "\\boxed{a dog}<|im_end|>"])
def test_option_letters(text):
    assert judge(text, ChoiceTarget(letters="B")).status == "correct"


def test_words_are_no_products_of_letters():
    assert judge("\\boxed{der}", TextTarget(text="red")).status == "incorrect"


def test_a_text_that_is_a_formula_and_one_that_only_looks_like_one():
    assert judge("\\boxed{0.50}", TextTarget(text="$\\frac{1}{2}$")).status == "correct"
    assert judge("\\boxed{1}", TextTarget(text="item {1")).status == "incorrect"


def test_targets_it_does_not_take():
    with pytest.raises(TargetError, match="verifier 'vision_g1' takes targets of kind math, text, choice, number"):
        judge("a", ItemsTarget(items=("a",)))
    with pytest.raises(TargetError, match="the target is empty"):
        judge("a", MathTarget(latex=""))


def test_end_tokens():
    assert without_ends("a <|im_end|>\n<|endoftext|> ") == "a"
    assert without_ends("<|im_end|> a") == "<|im_end|> a"
