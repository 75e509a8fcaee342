"""How the judge's answer is read."""

from __future__ import annotations

import pytest

from vg1_plugin_judge import conversation
from vg1core.errors import BackendError


@pytest.mark.parametrize(
    "dress",
    [
        "{}",
        "\n {} \n",
        "```json\n{}\n```",
        "```\n{}\n```",
        '<think>It could be {{"verdict": "incorrect"}}.</think>\n{}',
    ],
)
def test_a_verdict_is_read_in_these_dresses(dress):
    text = dress.format('{"check": "c1", "reason": "it is $\\sqrt{2}$\nindeed", "verdict": "correct"}')
    assert conversation.verdict_of(text, "c1", "binary", "m", cut=False) == (1.0, "correct", r"it is $\sqrt{2}$ indeed")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not one JSON object: ''"),
        ("correct", "is not one JSON object"),
        ('I think {"check": "c1", "verdict": "correct"}', "is not one JSON object"),
        ('{"check": "c1", "verdict": "correct"} {"check": "c1", "verdict": "incorrect"}', "is not one JSON object"),
        ('{"check": "c1", "verdict": "incorrect", "verdict": "correct"}', "is not one JSON object"),
        ('[{"check": "c1", "verdict": "correct"}]', "is not one JSON object"),
        ("[" * 100_000, "is not one JSON object"),
        ('{"check": "c1", "verdict": "correct or incorrect"}', "where correct or incorrect is expected"),
        ('{"check": "c1", "verdict": "unsure"}', "says 'unsure'"),
        ('{"check": "c1", "verdict": true}', "says True"),
        ('{"check": "c1", "verdict": ["correct"]}', "says ['correct']"),
        ('{"check": "c1"}', "says None"),
        ('{"verdict": "correct"}', "lacks the check number"),
        ('{"check": "c2", "verdict": "correct"}', "lacks the check number"),
    ],
)
def test_anything_else_is_no_verdict(text, problem):
    with pytest.raises(BackendError) as caught:
        conversation.verdict_of(text, "c1", "binary", "m", cut=False)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_answer_that_was_cut_off_says_so():
    with pytest.raises(BackendError, match="the answer of judge m was cut off by max_tokens: '<think>So'"):
        conversation.verdict_of("<think>So", "c1", "binary", "m", cut=True)
