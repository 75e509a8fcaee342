"""What a task gives back, and the small helpers that all tasks build it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from vg1core.datasets import choice_target
from vg1core.types import NumberTarget, Target, TextTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A question about pictures that were just drawn, and what is right."""

    question: str
    images: tuple[bytes, ...]
    """PNG files, in the order they are shown."""
    target: Target
    verifier: str
    choices: tuple[str, ...] = ()
    scene: Mapping[str, Any] = field(default_factory=dict)
    """What was drawn, as plain values in pixels: enough to find the target again without this code."""


Task: TypeAlias = Callable[[Random, int, int], Drawn]
"""(random numbers, level 0-2, pixels of a side) → a drawn question; pure, nothing but its arguments decides."""


def choose(
    rng: Random, question: str, image: bytes | Sequence[bytes], right: str, wrong: Sequence[str], **scene: Any
) -> Drawn:
    """A multiple-choice question with its options shuffled."""
    options = [right, *wrong]
    rng.shuffle(options)
    return Drawn(
        question=question, images=_images(image), target=choice_target(options, text=right), verifier="choice",
        choices=tuple(options), scene=scene,
    )  # fmt: skip


def word(question: str, image: bytes | Sequence[bytes], right: str, **scene: Any) -> Drawn:
    """A question that is answered by one exact word or letter."""
    target = TextTarget(text=right)
    return Drawn(question=question, images=_images(image), target=target, verifier="exact", scene=scene)


def yes_no(question: str, image: bytes, truth: bool, **scene: Any) -> Drawn:
    """A question that is answered by yes or no."""
    return word(question, image, "yes" if truth else "no", **scene)


def number(question: str, image: bytes, value: int, **scene: Any) -> Drawn:
    """A question that is answered by a whole number, without tolerance."""
    target = NumberTarget(value=str(value))
    return Drawn(question=question, images=_images(image), target=target, verifier="numeric", scene=scene)


def _images(image: bytes | Sequence[bytes]) -> tuple[bytes, ...]:
    return (image,) if isinstance(image, bytes) else tuple(image)
