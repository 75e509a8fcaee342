"""Every verifier on its tables of cases, `cases/*.json`; `vg1core.testing.cases` tells how they are written."""

import json
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1core.plugins import PluginHost
from vg1core.testing.cases import Case, read_cases
from vg1core.verifiers import tracing

CASES = read_cases(Path(vg1_plugin_verifiers.__file__).parent / "cases")
HOST = PluginHost()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case):
    score = case.judge(HOST)
    assert case.agrees(score), f"{case.given}\n{score}"
    assert score.reason
    if score.answer:
        json.dumps(score.answer.value, allow_nan=False)
        start, end = score.answer.span
        assert 0 <= start < end <= len(case.text)
        if isinstance(score.answer.value, str) and case.given["target"]["kind"] != "choice":
            assert case.text[start:end] == score.answer.value
    if "answer" in case.given:
        assert score.answer.value == case.given["answer"]


def test_choice_and_exact_tell_their_steps():
    choice = {"response": "<answer>a zebra</answer>", "target": {"kind": "choice", "letters": "B"}}
    with tracing() as steps:
        Case("told", "choice", {**choice, "choices": ["a horse", "a zebra"]}).judge(HOST)
    assert steps == ["read the answer tag: 'a zebra'", "option text: B"]
    exact = {"response": "Answer: **The Louvre**", "target": {"kind": "text", "text": "Louvre"}}
    with tracing() as steps:
        Case("told", "exact", exact).judge(HOST)
    assert steps == [
        "read the stated answer: 'The Louvre**'",
        "without what does not matter the answer is 'louvre'",
        "and the target 'louvre'",
    ]
