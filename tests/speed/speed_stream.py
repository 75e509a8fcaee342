"""100,000 samples through recorded responses and `exact`: samples a second, and how memory grows."""

from __future__ import annotations

import json
import subprocess
import sys

SAMPLES = 100_000
SETTLED = 10_000

CHILD = """
import json, os, resource, sys, time
from pathlib import Path
from vg1core import config, session
from vg1core.plugins import PluginHost
from vg1core.progress import Progress

class Watch(Progress):
    def __init__(self):
        super().__init__()
        self.n, self.memory = 0, {}
    def advance(self, suite, status):
        super().advance(suite, status)
        self.n += 1
        if self.n % 10_000 == 0:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.memory[self.n] = pages * resource.getpagesize() / 2**20

folder = Path(sys.argv[1])
watch = Watch()
settings = config.load(None, {
    "model": str(folder / "responses.jsonl"), "backend": "replay", "datasets": f"local:{folder}", "data": "hub",
    "reporters": ["json", "markdown"], "cache": "off",
})
began = time.perf_counter()
outcome = session.run(settings, folder / "run", PluginHost(), watch)
seconds = time.perf_counter() - began
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([seconds, watch.memory, peak, outcome.report.suites[0].statuses]))
"""


def test_stream(tmp_path):
    (tmp_path / "mapping.toml").write_text(
        'name = "stream"\nrows = "rows.jsonl"\ndimension = "math"\nid = "id"\nquestion = "{q}"\n'
        'verifier = "exact"\n[target]\nkind = "text"\nanswer = "a"\n'
    )
    with (tmp_path / "rows.jsonl").open("w") as rows, (tmp_path / "responses.jsonl").open("w") as responses:
        for n in range(SAMPLES):
            rows.write(json.dumps({"id": n, "q": f"Which word has number {n}?", "a": f"word {n}"}) + "\n")
            said = f"Let me think about it for a while. \\boxed{{word {n if n % 4 else 'none'}}}"
            responses.write(json.dumps({"id": f"dataset:local/stream/rows/{n}", "response": said}) + "\n")
    child = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=True)
    seconds, memory, peak, statuses = json.loads(child.stdout.splitlines()[-1])
    growth = peak - memory[str(SETTLED)]
    print(f"\n{SAMPLES:,} samples: {SAMPLES / seconds:,.0f} samples/s (at least 2,000), report included")
    print(
        f"memory: {memory[str(SETTLED)]:.0f} MB after {SETTLED:,}, peak {peak:.0f} MB: {growth:.0f} MB more (under 50)"
    )
    print("by 10,000:", ", ".join(f"{size:.0f}" for size in memory.values()))
    assert statuses == {"correct": SAMPLES * 3 // 4, "incorrect": SAMPLES // 4}
    assert SAMPLES / seconds >= 2000
    assert growth < 50
