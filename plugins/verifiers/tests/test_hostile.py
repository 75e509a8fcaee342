"""Answers made to hang, break or take over the verifiers: each ends with a verdict, none is right, no code runs."""

import builtins
import json
import sys
from pathlib import Path

import pytest

import vg1_plugin_verifiers
from vg1_plugin_verifiers.math import Math
from vg1_plugin_verifiers.numeric import Numeric
from vg1core.scoring import Job, Limits, Scorer
from vg1core.testing.hostile import EIGHT, hostile_expressions
from vg1core.types import MathTarget, NumberTarget, Response, Sample

CODE = "__import__('os').system('touch {}')"
FORMS = (
    "{}", "\\boxed{{{}}}", "${}$", "\\frac{{{}}}{{2}}", "\\sqrt{{{}}}", "x + {}", "({}, 2)", "\\text{{{}}} + x",
    "\\operatorname{{{}}}", "f({}) = 0", "<answer>{}</answer>", "\\begin{{pmatrix}} {} & 1 \\end{{pmatrix}}",
)  # fmt: skip


def sample(latex="5"):
    return Sample(id="t", dimension="math", messages=(), target=MathTarget(latex=latex), verifier="math")


def test_the_eight_and_forty_more():
    texts = [*EIGHT, *hostile_expressions(40, seed=3)]
    jobs = [
        Job(sample=sample(latex), response=Response(text=f"\\boxed{{{text}}}"))
        for text in texts
        for latex in ("5", "x+1")
    ]
    easy = [Job(sample=sample(f"{n}/7"), response=Response(text=f"\\boxed{{{2 * n}/14}}")) for n in range(100)]
    mixed = [job for pair in zip(jobs, (easy * 2)[: len(jobs)], strict=True) for job in pair]
    with Scorer(workers=2, limits=Limits(cpu_seconds=1.0)) as scorer:
        scores = scorer.score(mixed)
    assert {score.status for score in scores[0::2]} <= {"over_limit", "incorrect"}
    assert {score.status for score in scores[1::2]} == {"correct"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("latex", ["5", "x^2+1", "(1, 2)"])
def test_injected_code_never_runs(form, latex, tmp_path):
    mark = tmp_path / "x"
    text = form.format(CODE.format(mark))
    for verifier, one in ((Math(), sample(latex)), (Numeric(), NumberTarget(value="5"))):
        if isinstance(one, NumberTarget):
            one = Sample(id="t", dimension="math", messages=(), target=one, verifier="numeric")
        assert verifier.verify(Response(text=text), one).value == 0
    assert not mark.exists()


def test_no_answer_is_evaluated_as_python(monkeypatch):
    """Neither `eval` nor sympy's own parsers, which call it, are reached by any answer or target of our cases."""
    verifier = Math()
    verifier.warm_up()
    verifier.verify(Response(text="\\boxed{(1, 2)}"), sample())  # named tuples are made with eval when imported
    handed = []

    def forbidden(*args, **kwargs):
        handed.append(args[:1])

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(sys.modules["sympy.parsing.sympy_parser"], "parse_expr", forbidden)
    cases = json.loads((Path(vg1_plugin_verifiers.__file__).parent / "cases" / "math.json").read_text(encoding="utf-8"))
    judged = 0
    for case in cases:
        if case["status"] in ("correct", "incorrect"):
            assert verifier.verify(Response(text=case["response"]), sample(case["target"]["latex"])).value is not None
            judged += 1
    assert judged > 150
    assert handed == []


@pytest.mark.parametrize(
    "text",
    [
        "7" * 10_000_000, "\\boxed{5}" * 1_200_000, "\\boxed{\ud8005\udcff\0}", "{" * 100_000,
        "\\boxed{" + "{" * 100_000 + "5", "\\boxed{" + "\\frac{1}{" * 10_000 + "2" + "}" * 10_001, "$ 1" * 30_000,
        "\\( 1" * 20_000, "1 " * 25_000, "\\boxed{" + "1," * 900 + "1}", "\\boxed{" + "x<" * 600 + "2}",
        "\\boxed{" + "\\pm1," * 300 + "2}", "\\boxed{" + "\\begin{pmatrix}" * 100 + "}", "1{,}" * 10_000,
    ],
    ids=range(14),
)  # fmt: skip
@pytest.mark.parametrize("latex", ["x^2+5", "1, 2, 3"])
def test_monstrous_texts_end_with_a_verdict(text, latex):
    assert Math().verify(Response(text=text), sample(latex)).status in ("incorrect", "no_answer", "over_limit")
