"""`numeric`: ways to write a number, tolerance at its bounds, and policies."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers.numeric import Numeric
from vg1core.types import NumberTarget, Response, Sample
from vg1core.verifiers import tracing

quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)


def judge(target, text, **options):
    target = NumberTarget(value=target) if isinstance(target, str) else target
    sample = Sample(id="t", dimension="math", messages=(), target=target, verifier="numeric")
    return Numeric(options).verify(Response(text=text), sample)


@quick
@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_number_in_every_dress(digits, decimals):
    value = Fraction(digits, 10**decimals)
    plain = f"{digits / 10**decimals:.{decimals}f}"
    dresses = [
        plain, f"${plain}", f"{plain} cm", f"{digits}e-{decimals}", f"\\boxed{{{plain}}}", f"The answer is {plain}.",
        f"{digits / 10**decimals:,.{decimals}f}", f"\\frac{{{value.numerator}}}{{{value.denominator}}}",
        f"<answer>{plain}</answer>",
    ]  # fmt: skip
    for dress in dresses:
        score = judge(plain, dress)
        assert score.status == "correct", (plain, dress, score.reason)
        assert judge(plain, dress) == score
        assert judge(f"{value.numerator + value.denominator}/{value.denominator}", dress).value == 0


@quick
@given(st.integers(1, 10**6), st.sampled_from(["0.05", "0.1", "0.01"]))
def test_tolerance_is_exact_at_its_bounds(value, tolerance):
    target = NumberTarget(value=str(value), tolerance=float(tolerance))
    bound = value * (1 + Fraction(tolerance))
    assert judge(target, f"\\frac{{{bound.numerator}}}{{{bound.denominator}}}").value == 1
    over = bound + Fraction(1, 10**9)
    assert judge(target, f"\\frac{{{over.numerator}}}{{{over.denominator}}}").value == 0


@pytest.mark.parametrize(
    ("target", "text", "options", "value", "reason"),
    [
        ("5000000", "5 million", {}, 1, "5 million equals the target 5000000"),
        ("5", "$5 million", {}, 0, "$5 million differs from the target 5"),
        ("5", "$5 million", {"factors": "ignore"}, 1, "$5 million equals the target 5"),
        (NumberTarget(value="5", unit="m"), "5 kg", {}, 0, "5 kg is in kg, the target 5 in m"),
        (NumberTarget(value="5", unit="m"), "5 cm", {"units": "match"}, 0, "5 cm is in cm, the target 5 in m"),
        ("5", "4 or 5", {}, 0, "'4 or 5' is no number; the target is 5"),
        ("21", "twenty-one", {}, 1, "twenty-one equals the target 21"),
    ],
)
def test_policies(target, text, options, value, reason):
    score = judge(target, text, **options)
    assert (score.value, score.reason) == (value, reason)


def test_steps_are_noted():
    with tracing() as steps:
        judge("25%", "\\boxed{25}")
    assert steps == ["values: target '25', answer '25'; percent signs: strip"]
