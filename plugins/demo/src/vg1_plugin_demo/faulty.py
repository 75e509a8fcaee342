"""`faulty`: a verifier that misbehaves on request, to show and to test what becomes of it.

The option `fault` says how: by raising, leaving the process, sleeping, burning CPU time, filling memory, nesting
without end, returning NaN, or reporting that a judge failed. Without a fault it compares texts.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vg1core import Register, hookimpl
from vg1core.errors import TargetError
from vg1core.types import Answer, Response, Sample, Score, TextTarget
from vg1core.verifiers import Verifier, status_of

Fault: TypeAlias = Literal["", "raise", "leave", "sleep", "spin", "memory", "nest", "nan", "judge", "target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyOptions:
    """How to misbehave."""

    fault: Fault = ""


class Faulty(Verifier):
    """Misbehaves on request, for demonstrations and tests; otherwise compares texts."""

    name, targets = "faulty", (TextTarget,)
    Options = FaultyOptions

    def verify(self, response: Response, sample: Sample) -> Score:
        """Misbehave, or compare the whole response with the target."""
        self.check_target(sample)
        assert isinstance(sample.target, TextTarget)
        value = float(response.text.strip() == sample.target.text)
        match self.options.fault:
            case "raise":
                raise ZeroDivisionError("this verifier was asked to raise")
            case "leave":
                os._exit(7)
            case "sleep":
                time.sleep(10_000)
            case "spin":
                pow(7, 10**9)  # inside C code, where no Python signal handler runs
            case "memory":
                bytearray(10**13)
            case "nest":
                return self.verify(response, sample)
            case "nan":
                value = float("nan")
            case "target":
                raise TargetError("this target was asked to be unreadable")
            case "judge":
                return Score(value=None, status="judge_failed", reason="this verifier was asked to lose its judge")
        return Score(value=value, status=status_of(value), answer=Answer(value=response.text, rule="whole text"))


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Faulty)
