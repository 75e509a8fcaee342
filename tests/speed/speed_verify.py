"""Verification: how it compares with math-verify in one process, with one process of ours, and with hostile answers."""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections import Counter

from vg1_plugin_verifiers.iou import box_iou
from vg1core.plugins import PluginHost
from vg1core.scoring import Job, Limits, Scorer
from vg1core.testing.hostile import EIGHT, hostile_expressions
from vg1core.testing.judged import read_judged
from vg1core.types import MathTarget, Response, Sample

FILES = ("mathvista", "math_vision", "qwen_math_cot", "tabmwp")
RUNS = 3


def job(latex: str, text: str, identifier: str = "easy") -> Job:
    sample = Sample(id=identifier, dimension="math", messages=(), target=MathTarget(latex=latex), verifier="math")
    return Job(sample=sample, response=Response(text=text))


def warm(scorer: Scorer, jobs: list[Job]) -> None:
    """Start both workers and load every verifier in both, with answers of their own."""
    first = {job.sample.verifier: job for job in jobs}.values()
    scorer.score([Job(sample=job.sample, response=Response(text="")) for job in first for _ in range(100)])
    scorer.score([job(f"x+{n}", f"\\boxed{{{n}+x+1}}") for n in range(40)])


def seconds(scorer: Scorer, jobs: list[Job]) -> tuple[float, list[object]]:
    began = time.perf_counter()
    scores = scorer.score(jobs)
    return time.perf_counter() - began, scores


def test_against_math_verify(vg1_test_data):
    from math_verify import parse, verify

    logging.getLogger("math_verify").setLevel(logging.CRITICAL)  # warns that its time limits are off
    rows = [row for file in FILES for row in read_judged(vg1_test_data / "judged" / f"{file}.jsonl")]
    jobs = [Job(sample=row.sample, response=row.response) for row in rows]

    def theirs(gold, text):
        return verify(parse(f"${gold}$", parsing_timeout=None), parse(text, parsing_timeout=None), timeout_seconds=None)

    texts = [(vg1_test_data / "judged" / f"{file}.jsonl").read_text(encoding="utf-8") for file in FILES]
    lines = [json.loads(line) for text in texts for line in text.split("\n") if line]
    pairs = [(line["ground_truth"], line["response"]) for line in lines]
    for pair in pairs[:50]:
        theirs(*pair)
    rounds, verdicts = [], {}
    for run in range(RUNS):  # by turns, so that whatever else the machine does slows both
        with Scorer(workers=2) as scorer:
            warm(scorer, jobs)
            taken, scores = seconds(scorer, jobs)
        began = time.perf_counter()
        verdicts |= {n: theirs(*pairs[n]) for n in range(run, len(pairs), RUNS)}
        rounds.append((RUNS * (time.perf_counter() - began), taken))
    ratio = statistics.median(single / taken for single, taken in rounds)
    single, taken = (statistics.median(times) for times in zip(*rounds, strict=True))
    clear = [
        (row, score, mine)
        for row, score, mine in zip(rows, scores, map(verdicts.get, range(len(rows))), strict=True)
        if row.clear
    ]
    right = [(row, score) for row, score, mine in clear if mine == (row.official >= 1)]
    kept = sum(row.agrees(score) for row, score in right)
    print(f"\n{len(rows):,} judged responses, 2 workers: {len(rows) / taken:,.0f}/s,", end=" ")
    print(f"{ratio:.1f} times math-verify in one process, which does {len(rows) / single:,.0f}/s (at least 15)")
    print(
        f"its verdict where it is right: {kept} of {len(right)}; right at all: {len(right)} of {len(clear)},", end=" "
    )
    print(f"ours {sum(row.agrees(score) for row, score, _ in clear)}")
    assert kept >= 0.995 * len(right)
    assert ratio >= 15


def test_two_processes_against_one():
    pairs = [(f"x^2+{2 * n}x+{n * n}", f"\\boxed{{(x+{n})^2}}") for n in range(2, 602)]
    jobs = [job(*pair) for pair in pairs]
    verifier = PluginHost().get("verifier", "math")()
    verifier.warm_up()
    ratios = []
    for run in range(RUNS):
        shifted = [job(f"{a}+{run}y", f"{b[:-1]}+{run}y}}") for a, b in pairs]
        began = time.perf_counter()
        assert all(verifier.verify(one.response, one.sample).value == 1 for one in shifted)
        single = time.perf_counter() - began
        with Scorer(workers=2) as scorer:
            warm(scorer, jobs[:1])
            taken, scores = seconds(scorer, shifted)
        assert {score.status for score in scores} == {"correct"}
        ratios.append(single / taken)
    print(f"\npairs that need sympy, 2 workers: {statistics.median(ratios):.2f} times one process (at least 1.6)")
    assert statistics.median(ratios) >= 1.6


def test_hostile():
    with Scorer(workers=2, limits=Limits(cpu_seconds=1.0)) as scorer:
        warm(scorer, [job("5", "4")])
        taken, scores = seconds(scorer, [job("5", f"\\boxed{{{text}}}") for text in EIGHT for _ in range(3)])
        print(f"\nthe eight hostile expressions, three times each: {taken:.1f} s (at most 15),", end=" ")
        print(dict(Counter(score.status for score in scores)))
        assert taken <= 15
        assert all(score.value == 0 for score in scores)
        generated = [job("x+\\sqrt{2}", f"\\boxed{{{text}}}") for text in hostile_expressions(200, seed=7)]
        taken, scores = seconds(scorer, generated)
        print(f"200 generated ones: {taken:.1f} s (at most 125), {dict(Counter(score.status for score in scores))}")
        assert taken <= 125
        assert all(score.value == 0 for score in scores)
        mixed = [job(f"{n}/{n + 7}", f"So it is \\boxed{{\\frac{{{2 * n}}}{{{2 * n + 14}}}}}") for n in range(1, 2001)]
        for n in range(20):
            mixed.insert(101 * n, job("5", f"\\boxed{{{EIGHT[n % 8]}}}", "hostile"))
        taken, scores = seconds(scorer, mixed)
    easy = [score for one, score in zip(mixed, scores, strict=True) if one.sample.id == "easy"]
    wrong = sum(score.status != "correct" for score in easy)
    print(f"2,000 easy ones among 20 hostile: {taken:.1f} s, {wrong} misjudged (0)")
    assert (len(easy), wrong) == (2000, 0)


def test_box_iou():
    boxes = [(float(n), float(n), float(n + 30), float(n + 40)) for n in range(1000)]
    best = float("inf")
    for _ in range(20):
        began = time.perf_counter()
        for box in boxes:
            box_iou(box, (500.0, 500.0, 540.0, 540.0))
        best = min(best, time.perf_counter() - began)
    bare = float("inf")
    for _ in range(20):
        began = time.perf_counter()
        for box in boxes:
            max(box[0], 500.0)
        bare = min(bare, time.perf_counter() - began)
    print(f"\nbox_iou: {best * 1000:.2f} µs (at most 2), {best / bare:.1f} times one call of max()")
    assert best * 1000 <= 2
