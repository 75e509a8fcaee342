"""`math`: values survive algebraic dress, wrong values never do, policies, steps, and where answers are found."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vg1_plugin_verifiers.math import Math
from vg1core.types import MathTarget, Response, Sample
from vg1core.verifiers import tracing

quick = settings(max_examples=40, derandomize=True, database=None, deadline=None)
whole = st.integers(-200, 200)
positive = st.integers(2, 60)


def judge(latex, text, **options):
    sample = Sample(id="t", dimension="math", messages=(), target=MathTarget(latex=latex), verifier="math")
    return Math(options).verify(Response(text=text), sample)


def boxed(latex, answer):
    return judge(latex, f"\\boxed{{{answer}}}").value


@quick
@given(whole, positive, positive)
def test_fractions_in_every_dress(top, bottom, times):
    value = Fraction(top, bottom)
    target = f"\\frac{{{top}}}{{{bottom}}}"
    dresses = [
        f"{top * times}/{bottom * times}", f"\\dfrac{{{top * times}}}{{{bottom * times}}}", f"x = {top}/{bottom}",
        f"\\frac{{{top + bottom}}}{{{bottom}}} - 1", f"{top} \\div {bottom}",
    ]  # fmt: skip
    if (10**6 * value).denominator == 1:
        dresses.append(str(Decimal(value.numerator) / value.denominator))
    for dress in dresses:
        assert boxed(target, dress) == 1, (target, dress)
        assert boxed(f"\\frac{{{top + 1}}}{{{bottom}}}", dress) == 0, (target, dress)


@settings(quick, max_examples=12)
@given(positive, positive)
def test_roots(a, b):
    assert boxed(f"{a}\\sqrt{{{b}}}", f"\\sqrt{{{a * a * b}}}") == 1
    assert boxed(f"{a}\\sqrt{{{b}}}", f"\\frac{{{a * b}}}{{\\sqrt{{{b}}}}}") == 1
    assert boxed(f"{a}\\sqrt{{{b}}}", f"\\sqrt{{{a * a * b + 1}}}") == 0
    assert boxed(f"{a}\\sqrt{{{b}}}", f"{a}") == 0


@settings(quick, max_examples=12)
@given(whole, whole, st.integers(1, 9))
def test_polynomials(a, b, off):
    target = f"x^2+{a + b}x+{a * b}".replace("+-", "-")
    assert boxed(target, f"(x+{a})(x+{b})".replace("+-", "-")) == 1
    assert boxed(target, f"(x+{a})(x+{b})+{off}".replace("+-", "-")) == 0


@quick
@given(st.lists(whole, min_size=2, max_size=5, unique=True))
def test_order_counts_in_tuples_only(items):
    def listed(numbers):
        return ", ".join(map(str, numbers))

    assert boxed(f"\\{{{listed(items)}\\}}", f"\\{{{listed(items[::-1])}\\}}") == 1
    assert boxed(listed(items), listed(items[::-1])) == 1
    assert boxed(f"({listed(items)})", f"({listed(items[::-1])})") == 0
    assert boxed(listed(items), listed(items[1:])) == 0


def test_the_order_of_items_judged_changes_nothing():
    pairs = [("\\sqrt{8}", "2\\sqrt{2}"), ("x+1", "1+x"), ("5", "9^{9^{9^{9}}}"), ("i^2", "-1"), ("\\pi", "3.1416")]
    first = [boxed(*pair) for pair in pairs]
    assert [boxed(*pair) for pair in pairs[::-1]][::-1] == first == [1, 1, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "answer", "rule"),
    [
        ("x=\\boxed{2} and y=\\boxed{3}", "\\boxed{2} and y=\\boxed{3}", "2 boxes"),
        ("Either \\boxed{7} or\n\nx=\\boxed{2}, y=\\boxed{3}", "\\boxed{2}, y=\\boxed{3}", "2 boxes"),
        ("\\boxed{1} \\boxed{2} \\boxed{3}", "3", "boxed"),
        ("\\boxed{2, 3} is \\boxed{2, 3}", "2, 3", "boxed"),
    ],
)
def test_several_boxes(text, answer, rule):
    found = judge("(2, 3)", text).answer
    assert (found.value, found.rule) == (answer, rule)
    assert text[slice(*found.span)] == answer


def test_steps_are_noted():
    with tracing() as steps:
        judge("\\frac{1}{2}\\text{ cm}", "\\boxed{0.5}")
    assert steps == [
        "in one form: target '\\\\frac{1}{2}' in cm, answer '0.5'",
        "exact values: target '1/2', answer '1/2'",
        "equal: compared as exact numbers",
    ]


@pytest.mark.parametrize(
    ("gold", "given_", "units", "value", "reason"),
    [
        ("5\\text{ m}", "5\\text{ cm}", "ignore", 1, "(the same text)"),
        ("5\\text{ m}", "5\\text{ cm}", "match", 0, "(in cm instead of m)"),
        ("5\\text{ m}", "5\\text{ kg}", "ignore", 0, "(in kg instead of m)"),
        ("5\\text{ m}^2", "5\\text{ square meters}", "match", 1, "(the same text)"),
        ("30^\\circ", "30\\text{ rad}", "ignore", 1, "(the same text)"),
    ],
)
def test_units(gold, given_, units, value, reason):
    score = judge(gold, f"\\boxed{{{given_}}}", units=units)
    assert score.value == value, score.reason
    assert score.reason.endswith(reason)
