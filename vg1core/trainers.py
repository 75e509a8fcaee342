"""What a trainer is: samples and a reward in, a checkpoint out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from vg1core.types import Response, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """What a training run left behind."""

    checkpoint: Path
    steps: int
    metrics: Mapping[str, float]


class Trainer(ABC):
    """Base of every trainer."""

    name: ClassVar[str]
    """The `<name>` of its entry point `trainer.<name>`."""

    @abstractmethod
    def train(
        self,
        samples: Iterable[Sample],
        reward: Callable[[Sequence[Sample], Sequence[Response]], Sequence[float | None]],
        *,
        config: Mapping[str, Any],
        output: Path,
        resume: bool,
    ) -> TrainResult:
        """Train until the configuration's end.

        :param reward: judges responses in one batch; None is no reward, never 0.
        :param resume: go on from the newest state in `output`.
        """
