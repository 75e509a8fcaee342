"""What a selector is: `score` is expensive, resumable and cached; `choose` is cheap and pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from vg1core.types import Rollout, Sample


class Selector(ABC):
    """Base of every data-selection strategy."""

    name: ClassVar[str]
    """The `<name>` of its entry point `selector.<name>`."""

    @abstractmethod
    def score(self, samples: Iterable[Sample], rollouts: Mapping[str, Rollout]) -> Iterator[tuple[str, float]]:
        """Yield (sample id, score) for every sample.

        :param rollouts: responses and rewards by sample id, for strategies that need them.
        """

    @abstractmethod
    def choose(self, scores: Mapping[str, float], *, budget: int, seed: int) -> Sequence[str]:
        """Ids of at most `budget` samples; the same scores and seed give the same ids."""
