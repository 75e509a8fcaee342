"""How often the verifiers are right: `make verifier-report`. Prints tables and writes nothing.

- the cases that ship with the verifiers, each verifier by itself, those written blind apart;
- the outputs with official verdicts in `$VG1_TEST_DATA/judged`, each file by itself (`test_judged.py` tells more);
- other people's code on the same cases, as far as it is installed: math-verify, VLMEvalKit, lmms-eval.

A false positive earns more than it should, a false negative less.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

import vg1_plugin_verifiers
from vg1core.errors import TargetError
from vg1core.listing import wide_console
from vg1core.plugins import PluginHost
from vg1core.testing.cases import Case, read_cases
from vg1core.testing.judged import JudgedRow, read_judged

HERE = Path(__file__).parent
CASES = Path(vg1_plugin_verifiers.__file__).parent / "cases"
HOST = PluginHost()
PROBES = "the 22 multiple-choice responses on which public extractors were compared"


@dataclass(slots=True)
class Tally:
    """Verdicts held against what they should be."""

    right: int = 0
    high: int = 0
    low: int = 0
    other: int = 0
    """The value is right, the status is not."""

    def add(self, right: bool, value: float | None, expected: float | None) -> None:
        """Count one verdict."""
        self.right += right
        self.high += not right and (value or 0.0) > (expected or 0.0)
        self.low += not right and (value or 0.0) < (expected or 0.0)
        self.other += not right and (value or 0.0) == (expected or 0.0)

    @property
    def total(self) -> int:
        """All of them."""
        return self.right + self.high + self.low + self.other

    def cells(self) -> tuple[str, ...]:
        """Number, agreement, false positives, false negatives."""
        share = f"{100 * self.right / self.total:.2f} %" if self.total else "–"
        return str(self.total), share, str(self.high), str(self.low)


def main() -> None:
    """Print everything."""
    console, start = wide_console(), time.monotonic()
    cases = read_cases(CASES)
    console.print(cases_table(cases))
    folder = os.environ.get("VG1_TEST_DATA", "")
    if (Path(folder) / "judged").is_dir() and folder:
        console.print(judged_table(Path(folder) / "judged"))
    else:
        console.print("Outputs with official verdicts: VG1_TEST_DATA names no folder that holds judged/")
    console.print(peers_table(cases))
    console.print(f"{time.monotonic() - start:.0f} s")


def cases_table(cases: Iterable[Case]) -> Table:
    """The cases that ship with the verifiers."""
    tallies: dict[str, tuple[Tally, Tally]] = {}
    wrong = []
    for case in cases:
        score = case.judge(HOST)
        right, expected = case.agrees(score), case.given.get("value", case.given.get("bound"))
        for name in (case.verifier, "all", *(["reward hacking"] if case.hacking else [])):
            every, blind = tallies.setdefault(name, (Tally(), Tally()))
            every.add(right, score.value, expected)
            if case.blind:
                blind.add(right, score.value, expected)
        if not right:
            wrong.append(f"{case.name}: {score.status}, {score.reason}")
    table = _table("Cases", "verifier", "cases", "written blind")
    last = ("reward hacking", "all")
    for name in [*sorted(set(tallies) - set(last)), *(name for name in last if name in tallies)]:
        every, blind = tallies[name]
        table.add_row(name, *every.cells(), *blind.cells())
    blind = "Written blind: before the code ran on them. What was wrong then is mended in the code: no forecast."
    table.caption = "\n".join([blind, *wrong])
    return table


def judged_table(folder: Path) -> Table:
    """Real outputs with official verdicts; rows on the list of official faults are set aside and counted."""
    faults = json.loads((HERE / "official_faults.json").read_text(encoding="utf-8"))
    table = _table("Official verdicts", "file", "clear rows", "other rows")
    table.add_column("set aside", justify="right")
    for path in sorted(folder.glob("*.jsonl")):
        clear, other, aside = Tally(), Tally(), 0
        for row in read_judged(path):
            if row.clear and row.id in faults.get(path.stem, {}):
                aside += 1
                continue
            value, right = _judge(row)
            (clear if row.clear else other).add(right, value, row.official)
        table.add_row(path.stem, *clear.cells(), *other.cells(), str(aside))
    return table


def _judge(row: JudgedRow) -> tuple[float | None, bool]:
    try:
        score = HOST.get("verifier", row.sample.verifier)(row.sample.options).verify(row.response, row.sample)
    except TargetError:
        return None, False
    return score.value, row.agrees(score)


def _table(title: str, first: str, left: str, right: str) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for name in (left, "agreement", "false +", "false −", right, "agreement", "false +", "false −"):
        table.add_column(name, justify="right")
    return table


def peers_table(cases: list[Case]) -> Table:
    """Other people's code on our cases: the mathematics, and the letters that 22 responses decide for."""
    table = Table(title="Beside other people's code")
    for name in ("cases", "judged by", "cases", "agreement", "false +", "false −"):
        table.add_column(name, justify="left" if name in ("judged by",) else "right")
    expressions = [case for case in cases if case.verifier == "math" and case.given.get("value") in (0, 1)]
    for name, verdicts in (("ours", ours(expressions)), ("math-verify", math_verify(expressions))):
        tally = Tally()
        for case, value in zip(expressions, verdicts, strict=False):
            tally.add(value == case.given["value"], value, case.given["value"])
        table.add_row("math", name, *(tally.cells() if tally.total else ("not installed", "", "", "")))
    probes = [case for case in cases if case.given["source"] == PROBES]
    extractors = {
        "ours": our_letter,
        "math-verify": math_verify_letter,
        "VLMEvalKit can_infer": can_infer,
        "lmms-eval extract_mcq_answer": extract_mcq_answer,
    }
    for name, extractor in extractors.items():
        try:
            letter = extractor()
        except ImportError:
            table.add_row("choice", name, "not installed", "", "", "")
            continue
        tally = Tally()
        for case in probes:
            found = letter(case)  # a wrong letter is a false positive, a missing one a false negative
            tally.add(found == case.given.get("answer"), 0.0 if found is None else 1.0, 0.5)
        table.add_row("choice", name, *tally.cells())
    return table


def ours(cases: Iterable[Case]) -> Iterator[float | None]:
    """Our own verdicts."""
    return (case.judge(HOST).value for case in cases)


def math_verify(cases: Iterable[Case]) -> Iterator[float]:
    """math-verify's verdicts, as its README has it: parse both, then verify; nothing where it is not installed."""
    try:
        from math_verify import parse, verify
    except ImportError:
        return
    for case in cases:
        gold = parse(f"${case.given['target']['latex']}$", parsing_timeout=1)
        yield float(verify(gold, parse(case.text, parsing_timeout=1), timeout_seconds=1))


Letter = Callable[[Case], str | None]


def our_letter() -> Letter:
    """The letter that `choice` reads."""
    return lambda case: answer.value if (answer := case.judge(HOST).answer) else None


def math_verify_letter() -> Letter:
    """The letter that math-verify's extraction of strings reads."""
    from math_verify import StringExtractionConfig, parse

    config = [StringExtractionConfig(strings=("A", "B", "C", "D"))]
    return lambda case: next((str(found).upper() for found in parse(case.text, config)), None)


def can_infer() -> Letter:
    """The letter that VLMEvalKit's rules read, without its judge."""
    from vlmeval.utils.matching_util import can_infer as infer

    def letter(case: Case) -> str | None:
        found = infer(case.text, dict(zip("ABCD", case.given["choices"], strict=False)))
        return found if found and found in "ABCD" else None

    return letter


def extract_mcq_answer() -> Letter:
    """The letter that lmms-eval's shared extractor reads, behind the thoughts as its tasks call it."""
    from lmms_eval.tasks._task_utils.mcq_extract import extract_mcq_answer as extract

    return lambda case: extract(case.text.rpartition("</think>")[2], choices=list("ABCD")) or None


if __name__ == "__main__":
    main()
