"""What an answer verifier is. The verifiers themselves are plugins (`plugins/verifiers`).

A verifier judges one response against one sample. Evaluation calls the number a score, training calls the
same number a reward. Verifiers run in killable worker processes (`scoring`), so they may be slow or
fail; they must not read the network or depend on anything but their arguments.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from vg1core.errors import TargetError, shorten
from vg1core.options import NoOptions, fill
from vg1core.types import (
    Answer,
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    NumberTarget,
    Response,
    Sample,
    Score,
    Status,
    Target,
    TextTarget,
)

_STEPS: ContextVar[list[str] | None] = ContextVar("steps", default=None)


def note(step: str) -> None:
    """Tell one step of a comparison, for `vg1 score --explain`; costs nothing while nobody asks.

    Build long texts only where `noting()` is true.
    """
    if (steps := _STEPS.get()) is not None:
        steps.append(step)


def noting() -> bool:
    """Whether anybody asks for the steps."""
    return _STEPS.get() is not None


@contextmanager
def tracing() -> Iterator[list[str]]:
    """Collect the steps that verifiers `note` inside this block."""
    steps: list[str] = []
    token = _STEPS.set(steps)
    try:
        yield steps
    finally:
        _STEPS.reset(token)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` may return where the number alone does not say why."""

    value: float
    reason: str


class Verifier(ABC):
    """Base of every verifier. Subclass `AnswerVerifier` unless there is no answer to extract."""

    name: ClassVar[str]
    """The `<name>` of its entry point `verifier.<name>`."""
    targets: ClassVar[tuple[type[Target], ...]]
    """Kinds of targets it accepts."""
    runs_in: ClassVar[Literal["worker", "backend"]] = "worker"
    """`worker`: the killable pool. `backend`: needs a model, in an own batch stage."""
    Options: ClassVar[type[Any]] = NoOptions
    """A frozen dataclass with a default for every field. A field named `coordinate_space` is filled in by the run."""

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Take options by name; an unknown one is a `UsageError` that lists the known ones."""
        self.options: Any = fill(self.Options, options, f"verifier '{self.name}'")

    @classmethod
    def check_installation(cls) -> None:
        """Raise `PluginError` where what `verify` builds on is broken here; a run refuses to start then.

        Called once in each worker. A verifier that hands texts to a parser has it read some and compares.
        """

    def warm_up(self) -> None:
        """Import what `verify` needs. Called once in each worker, before any item's limits apply."""

    @abstractmethod
    def verify(self, response: Response, sample: Sample) -> Score:
        """Judge a response. Raise `TargetError` where the target itself cannot be understood."""

    def check_target(self, sample: Sample) -> None:
        """Raise `TargetError` where this verifier cannot understand the sample's target.

        Extend it in verifiers that parse their target; the pool calls it to tell whose fault a limit was.
        """
        if not isinstance(sample.target, self.targets):
            kinds = ", ".join(cls.kind for cls in self.targets)
            raise TargetError(
                f"verifier '{self.name}' takes targets of kind {kinds}, not '{sample.target.kind}'; "
                "name another verifier for this sample or give it a fitting target"
            )


class AnswerVerifier(Verifier):
    """The common case: take the answer out of the response, then compare it with the target."""

    @abstractmethod
    def extract(self, response: Response, sample: Sample) -> Answer | None:
        """The response's answer, or None where it gives none."""

    @abstractmethod
    def compare(self, answer: Answer, sample: Sample) -> float | Comparison:
        """How right the answer is, in [0, 1]."""

    def verify(self, response: Response, sample: Sample) -> Score:
        """Extract, then compare."""
        self.check_target(sample)
        answer = self.extract(response, sample)
        if answer is None:
            return Score(value=0.0, status="no_answer", reason=self.no_answer_reason(response))
        result = self.compare(answer, sample)
        value, reason = (result.value, result.reason) if isinstance(result, Comparison) else (float(result), "")
        status = status_of(value)
        if not reason:
            verb = {"correct": "matches", "partial": "partly matches"}.get(status, "does not match")
            reason = f"{shorten(answer.value, 60)} ({answer.rule}) {verb} the target {describe(sample.target)}"
        return Score(value=value, status=status, answer=answer, reason=reason)

    def no_answer_reason(self, response: Response) -> str:
        """Why there is no answer, for the record."""
        if not response.text.strip():
            return "the response is empty"
        cut = ", and was cut off by the token limit" if response.finish_reason == "length" else ""
        return f"the response holds no answer of the form that '{self.name}' reads{cut}"


def status_of(value: float) -> Status:
    """`correct` at 1, `incorrect` at 0, `partial` between."""
    return "correct" if value >= 1.0 else "partial" if value > 0.0 else "incorrect"


def describe(target: Target) -> str:
    """The target in a few words, for reasons and reports."""
    match target:
        case ChoiceTarget(letters=letters):
            return letters
        case TextTarget(text=text, aliases=aliases):
            return _cut(text) + (f" (or {len(aliases)} more)" if aliases else "")
        case ItemsTarget(items=items):
            return _cut(", ".join(items))
        case NumberTarget(value=value, unit=unit, tolerance=tolerance):
            slack = f" ± {100 * tolerance:g} %" if tolerance and any(map(str.isdigit, value)) else ""
            return value + (f" {unit}" if unit else "") + slack
        case MathTarget(latex=latex):
            return _cut(latex)
        case BoxesTarget(boxes=boxes, space=space):
            return f"{', '.join(_shape(box) for box in boxes[:3])}{' …' if len(boxes) > 3 else ''} ({space})"
        case ClickTarget(action=str(action), text=text, box=None, point=None):
            return action + (f" {_cut(text)!r}" if text else "")
        case ClickTarget(box=box, point=point, space=space):
            return f"inside {_shape(box)} ({space})" if box else f"near {_shape(point or ())} ({space})"
    return shorten(target, 80)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _shape(numbers: tuple[float, ...]) -> str:
    return "[" + ", ".join(f"{number:g}" for number in numbers) + "]"
