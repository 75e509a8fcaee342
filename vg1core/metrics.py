"""Means with intervals, and tables by category. What is unscored stays out of every mean and is counted."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, fmean
from typing import Any

from vg1core.types import Status

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Scored:
    """What is kept of a record to add it up."""

    value: float | None
    status: Status | None
    """None where the sample could not be run."""
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean with its 95 % confidence interval."""

    value: float | None
    """None where nothing was scored."""
    low: float | None = None
    high: float | None = None
    n: int = 0
    method: str = ""
    """How the interval was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of one dataset or benchmark."""

    metric: str
    mean: Mean
    """The headline number."""
    tables: Mapping[str, Mapping[str, Mean]] = field(default_factory=dict)
    """Name of a table → category → mean: `{"subset": {"human": …, "augmented": …}}`."""


def mean_of(values: Sequence[float]) -> Mean:
    """The mean of values with its interval.

    Wilson's score interval where every value is 0 or 1; a seeded percentile bootstrap for graded values up
    to 2,000 of them, the normal approximation beyond.
    """
    n = len(values)
    if n == 0:
        return Mean(value=None)
    mean = fmean(values)
    if all(value in (0.0, 1.0) for value in values):
        low, high = wilson(mean, n)
        return Mean(value=mean, low=low, high=high, n=n, method="Wilson")
    if n <= 2000:
        draw = random.Random(n)
        means = sorted(fmean(draw.choices(values, k=n)) for _ in range(_RESAMPLES))
        edge = round(_RESAMPLES * (1 - CONFIDENCE) / 2)
        return Mean(value=mean, low=means[edge], high=means[-1 - edge], n=n, method="bootstrap")
    half = _Z * math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
    return Mean(value=mean, low=mean - half, high=mean + half, n=n, method="normal")


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927, eq. 4)."""
    centre = share + _Z * _Z / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    low = 0.0 if share == 0.0 else (centre - half) / scale
    high = 1.0 if share == 1.0 else (centre + half) / scale
    return low, high


def weighted(parts: Sequence[tuple[float, Mean]]) -> Mean:
    """A weighted mean of independent means, for macro averages; parts without any score are left out.

    The interval is normal, from the parts' standard errors (half their interval's width over z).
    """
    known = [(weight, part) for weight, part in parts if part.value is not None]
    total = math.fsum(weight for weight, _ in known)
    if not total:
        return Mean(value=None)
    value = math.fsum(weight * (part.value or 0.0) for weight, part in known) / total
    variance = math.fsum((weight / total) ** 2 * _standard_error(part) ** 2 for weight, part in known)
    half = _Z * math.sqrt(variance)
    n = sum(part.n for _, part in known)
    return Mean(value=value, low=max(0.0, value - half), high=min(1.0, value + half), n=n, method="stratified")


def _standard_error(part: Mean) -> float:
    return ((part.high or 0.0) - (part.low or 0.0)) / (2 * _Z)


def by_category(scored: Sequence[Scored], key: str | Callable[[Mapping[str, Any]], str | None]) -> dict[str, Mean]:
    """Means by a metadata field, or by a function of the metadata; sorted by name."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for one in scored:
        name = one.metadata.get(key) if isinstance(key, str) else key(one.metadata)
        if name is not None and one.value is not None:
            groups[str(name)].append(one.value)
    return {name: mean_of(groups[name]) for name in sorted(groups)}


def summarise(scored: Sequence[Scored], *, metric: str = "accuracy", tables: Sequence[str] = ()) -> Summary:
    """The plain mean over all scored items, with a table for each named metadata field."""
    values = [one.value for one in scored if one.value is not None]
    return Summary(metric=metric, mean=mean_of(values), tables={name: by_category(scored, name) for name in tables})
