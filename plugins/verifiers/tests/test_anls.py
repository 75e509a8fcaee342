"""`anls`: the distance against a plain table, its bounds, and what a person reads."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers.anls import Anls, distance, similarity
from vg1core.errors import TargetError, UsageError
from vg1core.testing.answers import dresses_of, right_answer, wrong_answer
from vg1core.types import Response, Sample, TextTarget
from vg1core.verifiers import tracing

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)


def judge(text, target, **options):
    sample = Sample(id="t", dimension="infographic", messages=(), target=target, verifier="anls")
    return Anls(options).verify(Response(text=text), sample)


def plain_distance(a, b):
    row = list(range(len(b) + 1))
    for n, one in enumerate(a, 1):
        before, row = row, [n]
        for m, other in enumerate(b, 1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (one != other)))
    return row[-1]


@quick
@given(st.text("abcé", max_size=12), st.text("abcé", max_size=12))
def test_distance_is_that_of_the_plain_table(a, b):
    assert distance(a, b) == plain_distance(a, b) == distance(b, a)


def test_five_thousand_characters_take_no_time():
    start = time.process_time()
    assert distance("a" * 5000, "b" * 5000) == 5000
    assert distance("ab" * 2500, "ba" * 2500) == 2
    assert similarity("a" * 50_000, "a") == 0.0
    assert time.process_time() - start < 1.0


@quick
@given(st.sampled_from(["red", "Coca Cola Company", "$12.50", "July 4, 1776", "yes", "No", "北京"]), st.data())
def test_the_target_passes_in_every_dress(text, data):
    target = TextTarget(text=text)
    sample = Sample(id="t", dimension="infographic", messages=(), target=target, verifier="anls")
    dress = data.draw(st.sampled_from(dresses_of(target)))
    score = judge(right_answer(sample, dress=dress), target)
    assert (score.value, score.status) == (1.0, "correct"), score
    assert judge(wrong_answer(sample, dress=dress), target).value < 1


def test_blanks_inside_an_answer_do_not_make_errors_cheaper():
    target = TextTarget(text="abc")
    assert judge("x" + " " * 500 + "y", target).value == 0.0


def test_reasons():
    target = TextTarget(text="Coca Cola", aliases=("Coca Cola Company",))
    assert judge("CocaCola", target).reason == (
        "'CocaCola' is 0.889 similar to the target 'Coca Cola', the nearest of 2 texts"
    )
    assert judge("Cat", target).reason == (
        "'Cat' is 0.222 similar to the target 'Coca Cola', the nearest of 2 texts; more than 0.5 is needed"
    )
    assert judge("abzz", TextTarget(text="wxyz"), keep_at_threshold=True).reason.endswith("; 0.5 is needed")


def test_steps_are_told():
    with tracing() as steps:
        judge("CocaCola", TextTarget(text="Coca Cola", aliases=("Pepsi",)))
    assert steps == ["'CocaCola' and 'Coca Cola' are 0.8889 similar", "'CocaCola' and 'Pepsi' are 0.0000 similar"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (TextTarget(text=" "), "the target text is empty"),
        (TextTarget(text="a" * 10_001), "a target text of 10,001 characters is too long; 10,000 can be compared"),
    ],
)
def test_targets_that_cannot_be_compared(target, message):
    with pytest.raises(TargetError) as error:
        judge("a", target)
    assert str(error.value) == message


def test_a_threshold_beyond_one():
    with pytest.raises(UsageError, match="verifier 'anls': threshold has to lie from 0 to 1, not 50"):
        Anls({"threshold": 50})
