"""Agreement with official verdicts on real model outputs whose final answer is plain (`clear`).

Rows on the reviewed list `official_faults.json`, {file: {id: reason}}, are set aside first: there the official
verdict is not what a reader of the response would say, or follows a rule that our verifier departs from on purpose.
"""

import json
from pathlib import Path

import pytest

from vg1core.errors import TargetError
from vg1core.plugins import PluginHost
from vg1core.testing.judged import read_judged
from vg1core.types import Score

HOST = PluginHost()
FAULTS = json.loads((Path(__file__).parent / "official_faults.json").read_text(encoding="utf-8"))
FILES = (
    "anls", "blink", "iou_coco", "math_test_pairs", "math_vision", "mathvista", "metric_test_pairs", "mmmu_pro",
    "mmmu_val", "nemo_gym_rollouts", "qwen_math_cot", "relaxed_accuracy", "scienceqa", "screenspot_pro",
    "tablevqabench", "tabmwp", "visonlyqa",
)  # fmt: skip


def judge(row):
    verifier = HOST.get("verifier", row.sample.verifier)(row.sample.options)
    try:
        return verifier.verify(row.response, row.sample)
    except TargetError as error:
        return Score(value=None, status="target_unparseable", reason=str(error))


@pytest.mark.parametrize("file", FILES)
def test_agreement_with_official_verdicts(file, vg1_test_data):
    rows = [row for row in read_judged(vg1_test_data / "judged" / f"{file}.jsonl") if row.clear]
    faults = FAULTS.get(file, {})
    kept = [row for row in rows if row.id not in faults]
    assert len(rows) - len(kept) <= len(rows) / 10
    scores = [(row, judge(row)) for row in kept]
    wrong = [f"{row.id}: official {row.official}, {score}" for row, score in scores if not row.agrees(score)]
    assert len(wrong) <= len(kept) * 0.005, "\n".join(wrong)


@pytest.mark.parametrize("file", sorted(FAULTS))
def test_every_fault_is_a_row_that_disagrees(file, vg1_test_data):
    rows = [row for row in read_judged(vg1_test_data / "judged" / f"{file}.jsonl") if row.clear]
    differ = {row.id for row in rows if not row.agrees(judge(row))}
    assert set(FAULTS[file]) - differ == set(), "these rows agree by now: take them off the list"
    assert all(len(reason) > 20 for reason in FAULTS[file].values())
