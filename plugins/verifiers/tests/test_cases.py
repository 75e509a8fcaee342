"""Every verifier on its table of cases: `cases/<verifier>.json`."""

import json
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1core import io
from vg1core.plugins import PluginHost
from vg1core.types import Response, Sample

CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{n}")
    for path in sorted((Path(vg1_plugin_verifiers.__file__).parent / "cases").glob("*.json"))
    for n, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
]
HOST = PluginHost()


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    target = io.decode_target(case["target"])
    sample = Sample(
        id="dataset:t/default/test/0",
        dimension="math",
        messages=(),
        target=target,
        verifier=name,
        choices=tuple(case.get("choices", ())),
    )
    sizes = {key: tuple(map(tuple, case.get(key, ()))) for key in ("image_sizes", "sent_sizes")}
    verifier = HOST.get("verifier", name)(case.get("options"))
    score = verifier.verify(Response(text=case["response"], **sizes), sample)
    assert (score.value, score.status) == (pytest.approx(case["value"], abs=1e-6), case["status"]), score.reason
    assert score.reason
    if score.answer:
        json.dumps(score.answer.value, allow_nan=False)
        start, end = score.answer.span
        assert 0 <= start < end <= len(case["response"])
        if isinstance(score.answer.value, str) and name != "choice":
            assert case["response"][start:end] == score.answer.value
    if "answer" in case:
        assert score.answer.value == case["answer"]
