"""What a benchmark is: rows, an official prompt, a verifier and a way to add up. The benchmarks are plugins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from vg1core import rows
from vg1core.datasets import DatasetInfo, RowSource
from vg1core.metrics import Scored, Summary, summarise


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkInfo(DatasetInfo):
    """The facts about a benchmark; the same as of a dataset, and how it is scored."""

    metric: str = "accuracy"
    """Name of the headline number."""
    split: str = "test"
    prompt: str | None = "official"
    also: tuple[str, ...] = ()
    """Further dimensions it belongs to."""


class Benchmark(RowSource):
    """Base of every benchmark."""

    kind = "benchmark"
    info: ClassVar[BenchmarkInfo]
    tables: ClassVar[tuple[str, ...]] = ()
    """Metadata fields by which the report breaks the score down."""

    def summarise(self, scored: Sequence[Scored]) -> Summary:
        """Add the scores up as the authors do. The mean over all items unless they publish another rule."""
        return summarise(scored, metric=self.info.metric, tables=self.tables)

    @classmethod
    def fixtures(cls) -> Path:
        """The file of fixture rows that ships beside the module, in the upstream schema."""
        return rows.fixture_file(cls)
