"""Model outputs with somebody else's verdict, as samples and responses that our verifiers can judge.

The rows lie outside this repository, in `<VG1_TEST_DATA>/judged/*.jsonl`, a JSON object a line with `benchmark`,
`id`, `choices`, `answer_type`, `ground_truth`, `response`, `official_verdict` (true, false, or a graded value) and
`clear` (the final answer is plain enough to hold the verdict against a verifier).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from vg1core.datasets import LETTERS
from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    Response,
    Sample,
    Score,
    Target,
    TextTarget,
)

Asked: TypeAlias = "tuple[str, Target, Mapping[str, Any]]"
"""Verifier, target and options of the verifier."""

GRADED = ("iou", "anls")
"""Verifiers whose value is held against the official value; of the others only right or wrong is."""
RELAXED = {"percent": "fraction"}
"""ChartQA's code divides what ends in % by 100."""
STRICT = {"keep_at_threshold": False}
"""pix2struct and the anls package give 0 at the threshold itself."""
IN_UNITS = {"factors": "ignore"}
"""FinTabNetQA's code drops "million" on both sides: the tables are "in millions"."""


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One output with its official verdict."""

    id: str
    sample: Sample
    response: Response
    official: float
    clear: bool
    slack: float = 1e-4
    """How far a graded value may lie from the official one."""

    def agrees(self, score: Score) -> bool:
        """Whether the score says what the official verdict says."""
        if score.value is None:
            return False
        if self.sample.verifier in GRADED:
            return abs(score.value - self.official) <= self.slack
        return (score.value >= 1) == (self.official >= 1)


def read_judged(path: Path) -> Iterator[JudgedRow]:
    """The rows of one file; those for which there is no fitting verifier are left out.

    Where several rows have one id, as outputs of several models do, `#2`, `#3` … tell the later ones apart.
    """
    seen: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line and (row := json.loads(line)) and (asked := _asked(path.stem, row)):
            verifier, target, options = asked
            choices = _choices(row) if isinstance(target, ChoiceTarget) else ()
            seen[str(row["id"])] += 1
            times = seen[str(row["id"])]
            name = f"{row['id']}#{times}" if times > 1 else str(row["id"])
            sample = Sample(id=name, dimension="math", messages=(), target=target, verifier=verifier,
                            choices=choices, options=options)  # fmt: skip
            official, slack = float(row["official_verdict"]), (row.get("extra") or {}).get("tolerance_rel", 0)
            response = Response(text=str(row["response"]))
            yield JudgedRow(sample.id, sample, response, official, bool(row["clear"]), max(1e-4, slack * official))


def _choices(row: Mapping[str, Any]) -> tuple[str, ...]:
    choices = row["choices"] or ()
    return tuple(map(str, choices.values() if isinstance(choices, dict) else choices))


def _asked(file: str, row: Mapping[str, Any]) -> Asked | None:
    """Which verifier judges a row against which target; None where none fits."""
    gold, kind = row["ground_truth"], row["answer_type"]
    if file == "tablevqabench":
        return _table(gold, kind)
    if kind == "click_point":  # a point without a radius is graded by its distance, which is another rule
        return ("click", ClickTarget(box=tuple(gold), space="pixel"), {}) if isinstance(gold, list) else None
    if kind in ("bbox_xyxy", "bbox_yxyx"):
        if gold[0] == gold[2]:  # a target without area, which is refused before a run
            return None
        return "iou", BoxesTarget(boxes=(tuple(map(float, gold)),), space="pixel"), {}
    if kind == "relaxed_5pct":
        return "numeric", NumberTarget(value=gold, tolerance=0.05), RELAXED
    if kind == "anls_0_5":
        return "anls", TextTarget(text=gold[0], aliases=tuple(gold[1:])), STRICT
    if kind in ("math_pair", "math_free_form") or (file == "math_vision" and not row["choices"]):
        return "math", MathTarget(latex=gold), {}
    if kind == "multi_choice" or (row["choices"] and kind != "string"):
        return _choice(file, row)
    if kind == "anls_star":  # a tree of answers
        return None
    if isinstance(gold, list):
        return "exact", TextTarget(text=str(gold[0]), aliases=tuple(map(str, gold[1:]))), {}
    if kind == "string":
        return "exact", TextTarget(text=str(gold)), {}
    precision = (row.get("extra") or {}).get("precision")
    return "numeric", NumberTarget(value=str(gold), decimals=precision and int(precision)), {}


def _choice(file: str, row: Mapping[str, Any]) -> Asked:
    gold, choices = str(row["ground_truth"]), _choices(row)
    if file == "blink":
        letters = gold[1]
    elif file == "visonlyqa" and choices != ("True", "False"):
        letters = "".join(sorted(char for char in gold.upper() if char in LETTERS))
    elif len(gold) == 1 and gold in LETTERS and file != "mathvista":
        letters = gold
    else:  # MathVista repeats an option's text now and then: the first of equal options is meant
        letters = LETTERS[[choice.strip() for choice in choices].index(gold.strip())]
    return "choice", ChoiceTarget(letters=letters), {}


def _table(gold: str, kind: str) -> Asked:
    if kind == "true_false":
        return "exact", TextTarget(text=gold), {}
    if "|" in gold:
        return "set", ItemsTarget(items=tuple(gold.split("|"))), {}
    if any(map(str.isdigit, gold)):
        return "numeric", NumberTarget(value=gold), IN_UNITS if "unit" in kind else {}
    return "exact", TextTarget(text=gold), {}
