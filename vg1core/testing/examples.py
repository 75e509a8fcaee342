"""A small sample for each kind of target, to try a verifier on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vg1core.types import (
    BoxesTarget,
    ChoiceTarget,
    ClickTarget,
    ItemsTarget,
    MathTarget,
    Message,
    NumberTarget,
    Sample,
    Target,
    Text,
    TextTarget,
)
from vg1core.verifiers import Verifier

EXAMPLES: dict[type[Target], Target] = {
    ChoiceTarget: ChoiceTarget(letters="B"),
    TextTarget: TextTarget(text="green"),
    ItemsTarget: ItemsTarget(items=("green", "blue")),
    NumberTarget: NumberTarget(value="12.5"),
    MathTarget: MathTarget(latex=r"\frac{\sqrt{x}}{3}"),
    BoxesTarget: BoxesTarget(boxes=((10.0, 20.0, 30.0, 40.0),), space="pixel"),
    ClickTarget: ClickTarget(box=(10.0, 20.0, 30.0, 40.0), space="pixel"),
}


def samples_for(verifier: type[Verifier]) -> Iterator[tuple[Sample, dict[str, Any]]]:
    """A sample for each kind of target that a verifier takes and that is known here, and the options it needs."""
    for kind, target in EXAMPLES.items():
        if any(issubclass(kind, taken) for taken in verifier.targets):
            placed = kind in (BoxesTarget, ClickTarget) and "coordinate_space" in _options(verifier)
            yield example(verifier.name, target), {"coordinate_space": "pixel"} if placed else {}


def example(verifier: str, target: Target) -> Sample:
    """A sample with this target."""
    return Sample(
        id=f"dataset:examples/default/test/{target.kind}",
        dimension="math",
        messages=(Message(role="user", parts=(Text(text="Which one is it?"),)),),
        target=target,
        verifier=verifier,
        choices=("red", "green", "blue", "none of these") if isinstance(target, ChoiceTarget) else (),
    )


def _options(verifier: type[Verifier]) -> Any:
    return getattr(verifier.Options, "__dataclass_fields__", {})
