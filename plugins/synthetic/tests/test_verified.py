"""Every target is understood by its installed verifier, which tells a right answer from a wrong one."""

from __future__ import annotations

import pytest

from vg1_plugin_synthetic.spec import LEVELS
from vg1_plugin_synthetic.synthetic import Synthetic
from vg1core.testing import conformance
from vg1core.testing.answers import right_answer, wrong_answer
from vg1core.types import Response, field_names

COUNT = 192
"""Six samples of each task at each level."""


@pytest.mark.parametrize("level", LEVELS)
def test_right_answers_are_right_and_wrong_ones_wrong(level, vg1_host):
    for sample in Synthetic(f"{level};size=112;count={COUNT};seed=3").samples():
        cls = vg1_host.get("verifier", sample.verifier)
        options = {"coordinate_space": "pixel"} if "coordinate_space" in field_names(cls.Options) else {}
        verifier = cls(options)
        verifier.check_target(sample)
        sizes = tuple((112, 112) for _ in sample.images)
        for text, wanted in ((right_answer(sample), True), (wrong_answer(sample), False)):
            response = Response(text=text, image_sizes=sizes, sent_sizes=sizes)
            score = verifier.verify(response, sample)
            assert (score.status == "correct") == wanted, f"{sample.id}: {text!r} gives {score}"


@pytest.mark.parametrize(
    "check",
    [conformance.check_fixtures, conformance.check_samples, conformance.check_import],
    ids=lambda check: check.__name__,
)
def test_conformance(check):
    check(Synthetic)
