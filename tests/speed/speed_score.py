"""50,000 lines through `vg1 score`: the share of its time that is not the same jobs through a bare `Scorer`."""

from __future__ import annotations

import json
import subprocess
import sys

LINES = 50_000
RUNS = 2

SCORE = """
import sys, time
from vg1core.cli import main
began = time.perf_counter()
assert main(["score", sys.argv[1], "--out", sys.argv[2], "--workers", "2"]) == 0
print(time.perf_counter() - began)
"""
BARE = """
import sys, time
from vg1core.plugins import PluginHost
from vg1core.score_lines import LineReader, read_lines
from vg1core.scoring import Scorer
with open(sys.argv[1], "rb") as file:
    jobs = [line.job for line in read_lines(file, LineReader(PluginHost()))]
began = time.perf_counter()
with Scorer(workers=2) as scorer:
    assert len(scorer.score(jobs)) == len(jobs)
print(time.perf_counter() - began)
"""


def lines():
    """Responses of the lengths that models give, for four verifiers in turn."""
    thought = "First I look at the picture. Then I compare the two values that the question asks for. "
    for n in range(LINES):
        kind = n % 4
        told = thought * (1 + n % 7)
        if kind == 0:
            yield {"verifier": "choice", "target": "B", "choices": ["a", "b", "c"], "response": f"{told}So it is (B)."}
        elif kind == 1:
            yield {"verifier": "numeric", "target": n, "response": f"{told}The answer is {n + n % 3}."}
        elif kind == 2:
            yield {"verifier": "exact", "target": f"word {n}", "response": f"{told}\\boxed{{word {n}}}"}
        else:
            yield {"verifier": "math", "target": f"\\frac{{{n}}}{{7}}", "response": f"{told}\\boxed{{{2 * n}/14}}"}


def seconds(code: str, *words: str) -> float:
    child = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return float(child.stdout.splitlines()[-1])


def test_score(tmp_path):
    path = tmp_path / "in.jsonl"
    with path.open("w") as file:
        for n, line in enumerate(lines()):
            file.write(json.dumps({"id": str(n), **line}) + "\n")
    pairs = [(seconds(SCORE, str(path), str(tmp_path / "out.jsonl")), seconds(BARE, str(path))) for _ in range(RUNS)]
    whole, bare = min(one for one, _ in pairs), min(other for _, other in pairs)
    share = 1 - bare / whole
    print(f"\nvg1 score, {LINES:,} lines: {whole:.1f} s, of which {share:.0%} outside verification (at most 30 %)")
    print(f"{LINES / whole:,.0f} lines/s; the same jobs through a bare Scorer: {bare:.1f} s")
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == LINES
    assert share <= 0.30
