"""The tables of cases as a whole: how many, how many blind, where from, and that hacking never pays."""

import json
from collections import Counter
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1core.plugins import PluginHost
from vg1core.testing.cases import read_cases

CASES = read_cases(Path(vg1_plugin_verifiers.__file__).parent / "cases")
HOST = PluginHost()
HACKING = [case for case in CASES if case.hacking]
KEYS = {
    "verifier", "response", "repeat", "finish_reason", "tokens", "image_sizes", "sent_sizes", "target", "choices",
    "options", "value", "status", "answer", "bound", "source", "blind", "hacking",
}  # fmt: skip
VERIFIERS = (
    "anls", "choice", "click", "composite", "exact", "format", "iou", "math", "numeric", "set", "soft_overlong",
    "vision_g1", "vision_g1_bbox",
)  # fmt: skip


def test_enough_cases_of_every_verifier():
    assert len(CASES) >= 600
    assert len(HACKING) >= 60
    count = Counter(case.verifier for case in CASES)
    assert sorted(count) == sorted(VERIFIERS)
    assert min(count.values()) >= 8, count


def test_a_fifth_was_written_before_the_code_ran_on_it():
    assert 5 * sum(case.blind for case in CASES) >= len(CASES)


def test_every_case_is_unique_and_names_its_source():
    asked = ("verifier", "response", "repeat", "finish_reason", "tokens", "image_sizes", "sent_sizes", "target",
             "choices", "options")  # fmt: skip
    seen = Counter(
        json.dumps([case.verifier, *(case.given.get(key) for key in asked[1:])], sort_keys=True) for case in CASES
    )
    assert [key for key, times in seen.items() if times > 1] == []
    for case in CASES:
        assert set(case.given) <= KEYS, case.name
        assert ("bound" in case.given) != ({"value", "status"} <= set(case.given)), case.name
        assert case.given["source"].strip(), case.name


@pytest.mark.parametrize("case", HACKING, ids=[case.name for case in HACKING])
def test_hacking_earns_no_more_than_its_bound(case):
    score = case.judge(HOST)
    assert (score.value or 0.0) <= case.given.get("bound", case.given.get("value")), score.reason
    assert score.status != "crashed"


def test_hacking_earns_less_than_an_honest_answer():
    bounds = [case.given["bound"] for case in HACKING if "bound" in case.given]
    assert len(bounds) >= 60
    assert max(bounds) < 1
