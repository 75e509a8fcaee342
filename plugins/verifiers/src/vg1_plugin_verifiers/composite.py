"""`composite`: several verifiers on one response; the weighted mean of their values, with gates.

    options = {"parts": [
        {"verifier": "math", "weight": 0.9},
        {"verifier": "format", "weight": 0.1, "options": {"shape": "think_boxed"}},
        {"verifier": "exact", "gate": true, "weight": 0}]}

- The value is the mean of the parts' values by weight (1 where none is given). All parts are judged against the
  sample's own target, so each has to accept its kind.
- A gate that is not `correct` makes the whole 0. It counts in the mean as well, unless its weight is 0.
- A part that cannot be scored (`crashed`, `target_unparseable`, `judge_failed`) makes the whole unscored, with that
  part's status: half a reward would be a wrong one. This wins over a gate.
- `no_answer` and `over_limit` of a part become the status of the whole where the whole is 0.
- The whole is `correct` where every part is (a part whose best value is 0, as `soft_overlong`, is correct there),
  `incorrect` at 0 and below, else `partial`.
- A composite may be a part, three deep in all. A verifier that needs a model (`judge`) cannot be one.
- `coordinate_space` is handed to the parts that take it and name none of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from vg1core import PluginHost, Register, Response, Sample, Score, Verifier, hookimpl
from vg1core.errors import UsageError, shorten
from vg1core.types import UNSCORED, Space, Status, Target
from vg1core.verifiers import note

DEEPEST = 3
"""Composites inside each other, the outermost included."""
MOST = 20
"""Parts of one composite."""
_KEYS = {"verifier", "weight", "options", "gate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeOptions:
    """Options of `composite`."""

    parts: Sequence[Mapping[str, Any]] = ()
    """`verifier` (a name), and what of `weight`, `options` and `gate` differs from 1, none and false."""
    coordinate_space: Space = "pixel"
    """The space the response's coordinates are in; a run fills it in."""


@dataclass(frozen=True, slots=True)
class Part:
    """One verifier of a composite, ready to judge."""

    verifier: Verifier
    weight: float
    gate: bool


class Composite(Verifier):
    """The weighted mean of several verifiers' values; a gate that is not correct makes it 0."""

    name = "composite"
    targets = (Target,)
    Options = CompositeOptions

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; parts that make no sense are a `UsageError`. No part is loaded yet."""
        super().__init__(options)
        _check(self.options.parts, 1)
        self._made: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts; their plugins are loaded on first use."""
        self._made = self._made or tuple(self._part(plain) for plain in self.options.parts)
        return self._made

    def _part(self, plain: Mapping[str, Any]) -> Part:
        cls = _host().get("verifier", plain["verifier"])
        if cls.runs_in != "worker":
            raise _wrong(f"'{plain['verifier']}' needs a model and cannot be a part; use it by itself")
        options = dict(plain.get("options") or {})
        if "coordinate_space" in getattr(cls.Options, "__dataclass_fields__", {}):
            options.setdefault("coordinate_space", self.options.coordinate_space)
        return Part(cls(options), float(plain.get("weight", 1)), bool(plain.get("gate", False)))

    def warm_up(self) -> None:
        """Load the parts, and what they need; raises `PluginError` where one of them is broken here."""
        for part in self.parts:
            part.verifier.check_installation()
            part.verifier.warm_up()

    def check_target(self, sample: Sample) -> None:
        """Every part has to understand the target."""
        super().check_target(sample)
        for part in self.parts:
            part.verifier.check_target(sample)

    def verify(self, response: Response, sample: Sample) -> Score:
        """Judge every part, then put the values together."""
        self.check_target(sample)
        scores = []
        for part in self.parts:
            score = part.verifier.verify(response, sample)
            scores.append(score)
            note(f"part {len(scores)}, {_told(part, score)}: {score.reason}")
        reason = "; ".join(_told(part, score) for part, score in zip(self.parts, scores, strict=True))
        answer = next((score.answer for score in scores if score.answer is not None), None)
        for score in scores:
            if score.value is None:
                told = f"a part could not be scored ({score.reason}); {reason}"
                return Score(value=None, status=score.status, answer=answer, reason=told)
        shut = [part for part, score in zip(self.parts, scores, strict=True) if part.gate and score.status != "correct"]
        value = 0.0 if shut else _mean(self.parts, scores)
        told = f"gate '{shut[0].verifier.name}' is shut: 0; {reason}" if shut else f"{value:.3f} = {reason}"
        return Score(value=value, status=_status(value, scores), answer=answer, reason=told)


def _mean(parts: Sequence[Part], scores: Sequence[Score]) -> float:
    """The mean by weight; exactly 1 where all values are."""
    total = sum(part.weight for part in parts)
    return sum(part.weight * (score.value or 0.0) for part, score in zip(parts, scores, strict=True)) / total


def _status(value: float, scores: Sequence[Score]) -> Status:
    statuses = {score.status for score in scores}
    if statuses == {"correct"}:
        return "correct"
    if value > 0:
        return "partial"
    return next((score.status for score in scores if score.status in ("no_answer", "over_limit")), "incorrect")


def _told(part: Part, score: Score) -> str:
    value = score.status if score.status in UNSCORED else f"{score.value:.3f} ({score.status})"
    return f"{'gate ' if part.gate else ''}{part.weight:g} x {part.verifier.name} {value}"


def _check(parts: Any, depth: int) -> None:
    """Raise `UsageError` unless the parts are what they have to be; those of composites inside as well."""
    if depth > DEEPEST:
        raise _wrong(f"composites are nested more than {DEEPEST} deep")
    if isinstance(parts, str | Mapping) or not isinstance(parts, Sequence) or not 0 < len(parts) <= MOST:
        raise _wrong(f"'parts' has to be a list of 1 to {MOST} parts, not {shorten(parts)}")
    for part in parts:
        if not isinstance(part, Mapping) or not isinstance(part.get("verifier"), str) or set(part) - _KEYS:
            raise _wrong(f"a part has a 'verifier' and may have {sorted(_KEYS - {'verifier'})}, unlike {shorten(part)}")
        weight, options = part.get("weight", 1), part.get("options") or {}
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not number or weight < 0 or not isfinite(weight):
            raise _wrong(f"a part's weight has to be a number of at least 0, not {weight!r}")
        if not isinstance(options, Mapping):
            raise _wrong(f"a part's options have to be named, as in {{'shape': 'boxed'}}, unlike {shorten(options)}")
        if part["verifier"] == Composite.name:
            _check(options.get("parts"), depth + 1)
    if not any(part.get("weight", 1) for part in parts):
        raise _wrong("no part has a weight above 0")


def _wrong(problem: str) -> UsageError:
    return UsageError(f"verifier 'composite': {problem}")


@cache
def _host() -> PluginHost:
    """The host that finds the parts; one for the process."""
    return PluginHost()


@hookimpl
def vg1_register_verifiers(register: Register) -> None:
    register(Composite)
