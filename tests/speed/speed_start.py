"""How long the commands take that should answer at once, over a bare interpreter: medians of paired runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

VG1 = str(Path(sys.executable).with_name("vg1"))
RUNS = 20


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


@pytest.mark.parametrize(("words", "limit"), [(["--help"], 0.15), (["plugins"], 0.25)])
def test_start(words, limit):
    bare, ours = [sys.executable, "-c", "pass"], [VG1, *words]
    seconds(bare), seconds(ours)  # the files are in the disk cache after this
    pairs = [(seconds(bare), seconds(ours)) for _ in range(RUNS)]
    over = statistics.median(mine - theirs for theirs, mine in pairs)
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    name = f"vg1 {' '.join(words)}"
    print(f"\n{name}: {over * 1000:.0f} ms over `python -c pass` (limit {limit * 1000:.0f}); {ratio:.1f} times it")
    assert over <= limit
