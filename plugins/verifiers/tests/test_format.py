"""`format`: the reason names the part that is missing, and every kind of target is taken."""

import pytest

from vg1_plugin_verifiers.format import Format
from vg1core.errors import UsageError
from vg1core.types import BoxesTarget, ChoiceTarget, MathTarget, Response, Sample, TextTarget
from vg1core.verifiers import tracing

ANY = TextTarget(text="a")


def judge(text, target=ANY, **options):
    sample = Sample(id="t", dimension="math", messages=(), target=target, verifier="format")
    return Format(options).verify(Response(text=text), sample)


@pytest.mark.parametrize(
    ("shape", "text", "missing"),
    [
        ("think_answer", "<answer>1</answer>", "<think> is missing"),
        ("think_answer", "<think>a<answer>1</answer>", "</think> is missing"),
        ("think_answer", "<think>a</think>1", "<answer> is missing"),
        ("think_answer", "<think>a</think><answer>1", "</answer> is missing"),
        ("think_answer", "<think></think><answer>1</answer>", "the thought is empty"),
        ("think_answer", "<think>a</think><answer> </answer>", "the answer is empty"),
        ("think_answer", "<think>a</think>so<answer>1</answer>", "something stands between </think> and <answer>"),
        ("think_answer", "<think>a</think><answer>1</answer>!", "something stands behind </answer>"),
        ("think_answer", "Yes. <think>a</think><answer>1</answer>", "something stands before <think>"),
        ("think_answer", "<think>a<answer>1</answer></think>", "<answer> stands inside the thought"),
        ("think_answer", "<think>a</think><think>b</think><answer>1</answer>", "<think> stands 2 times"),
        ("think_answer", "</think><think>a<answer>1</answer>", "something stands before <think>"),
        ("think_boxed", "<think>\\boxed{1}</think>", "\\boxed{} is missing"),
        ("boxed", "\\boxed{1} \\boxed{}", "the last \\boxed{} is empty, or not closed"),
        ("boxed", "\\boxed{1", "the last \\boxed{} is empty, or not closed"),
        ("answer", "</answer>1<answer>", "</answer> stands before <answer>"),
    ],
)
def test_what_is_missing(shape, text, missing):
    with tracing() as steps:
        score = judge(text, shape=shape)
    assert (score.value, score.status) == (0.0, "incorrect")
    assert score.reason == f"not of the shape '{shape}': {missing}"
    assert steps == [f"shape '{shape}': {missing}"]


@pytest.mark.parametrize(
    "target",
    [MathTarget(latex="\\frac{1}{"), ChoiceTarget(letters=""), BoxesTarget(boxes=(), space="pixel")],
)
def test_the_target_does_not_matter(target):
    score = judge("<think>a</think><answer>\n1\n</answer>", target)
    assert (score.value, score.status, score.answer.value) == (1.0, "correct", "1")


def test_an_unknown_shape():
    with pytest.raises(UsageError) as error:
        Format({"shape": "haiku"})
    assert str(error.value) == (
        "verifier 'format': option 'shape' has to be one of think_answer, think_boxed, boxed, answer, not 'haiku'"
    )
