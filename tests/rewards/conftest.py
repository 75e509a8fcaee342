"""What tests of rewards share: cases shipped with the verifiers, as lines, and what a `Scorer` says of them."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1core import rewards
from vg1core.scoring import Job, Limits, Scorer
from vg1core.short_form import sample_from
from vg1core.types import Media, Message, Sample, TextTarget

VERIFIERS = ("choice", "click", "exact", "iou", "math", "numeric")
FIELDS = ("response", "target", "choices", "options", "image_sizes", "sent_sizes")


def shipped(verifier: str) -> list[dict]:
    """Ten cases of a verifier's table, spread over it, as lines."""
    path = Path(vg1_plugin_verifiers.__file__).parent / "cases" / f"{verifier}.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    return [
        {key: case[key] for key in FIELDS if key in case} | {"id": f"{verifier}-{n}", "verifier": verifier}
        for n, case in list(enumerate(cases))[:: max(1, len(cases) // 10)][:10]
    ]


@pytest.fixture(scope="session")
def lines():
    """Sixty cases; the first thirty need neither sympy nor shapely, whose imports take longer than all the rest."""
    return [line for verifier in VERIFIERS for line in shipped(verifier)]


@pytest.fixture(scope="module", autouse=True)
def workers():
    rewards.configure(workers=2, limits=Limits(cpu_seconds=1.0))
    yield
    rewards.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("vg1-scorer")]


@pytest.fixture(scope="module")
def direct(lines):
    """What a `Scorer` of one's own says: (value, status) for each line."""
    with Scorer(workers=2) as scorer:
        jobs = [Job(sample=s, response=r, options=o) for s, r, o in map(sample_from, lines)]
        scores = scorer.score(jobs)
    assert len(scores) == 60
    assert not [score.reason for score in scores if score.value is None]
    assert {"correct", "incorrect", "no_answer"} <= {score.status for score in scores}
    return [(score.value, score.status) for score in scores]


@pytest.fixture
def faulty():
    """Make a sample whose verifier misbehaves as it says."""

    def make(fault: str = "", text: str = "green") -> Sample:
        return Sample(
            id=f"row {fault or text}", dimension="", messages=(Message(role="user", parts=(Media(ref="none.png"),)),),
            target=TextTarget(text=text), verifier="faulty", options={"fault": fault} if fault else {},
        )  # fmt: skip

    return make
