"""Colours: a kind of target that vg1 does not know, and the verifier that judges it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from vg1core import Answer, AnswerVerifier, Comparison, Register, Response, Sample, hookimpl
from vg1core.types import Target

HEX = re.compile(r"#([0-9a-fA-F]{6})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourTarget(Target):
    """A colour."""

    red: int
    """From 0 to 255, as the others."""
    green: int
    blue: int
    tolerance: int = 16
    """How far each part may be off."""
    kind: ClassVar[str] = "colour"


class Colour(AnswerVerifier):
    """1 where each part of the response's last `#rrggbb` is near enough, less by a third for each that is not."""

    name, targets = "colour", (ColourTarget,)

    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The last `#rrggbb`."""
        last = max(HEX.finditer(response.text), key=re.Match.start, default=None)
        return Answer(value=last[0], rule="last #rrggbb", span=last.span()) if last else None

    def compare(self, answer: Answer, sample: Sample) -> Comparison:
        """Part by part."""
        target = sample.target
        assert isinstance(target, ColourTarget)  # `targets` says so, and vg1 has checked it
        given = [int(answer.value[at : at + 2], 16) for at in (1, 3, 5)]
        wanted = (target.red, target.green, target.blue)
        off = [abs(a - b) for a, b in zip(given, wanted, strict=True)]
        near = sum(difference <= target.tolerance for difference in off)
        return Comparison(near / 3, f"{answer.value} is off by {off} of {target.tolerance} allowed")


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Colour)
