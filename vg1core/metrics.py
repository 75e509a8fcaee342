"""Means with intervals, and tables by category. What is unscored stays out of every mean and is counted.

Nothing here depends on the order of the scores, so that a run which was killed and continued reports the same.
Scores lie in [0, 1].
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, fmean
from typing import Any, TypeAlias

from vg1core.types import Status

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
_RESAMPLES = 1000
_FEW, _MANY = 30, 1000
"""Graded scores: below the first a bootstrap is too narrow, above the second it gives the normal interval, slowly."""

Category: TypeAlias = str | Callable[[Mapping[str, Any]], Any]
"""A metadata field, or a function of the metadata; a list of names puts an item into each, None into none."""


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
    """The mean of independent scores with its interval.

    Wilson's score interval where every score is 0 or 1. For graded scores a percentile bootstrap (Efron 1979),
    seeded by their number; with more than a thousand of them the normal interval; with fewer than thirty, or where
    all are equal, again Wilson's, which is then too wide rather than too narrow: no spread of scores with this mean
    is larger than that of zeros and ones.
    """
    n = len(values)
    if n == 0:
        return Mean(value=None)
    mean = fmean(values)
    if n < _FEW or len(set(values)) == 1 or all(value in (0.0, 1.0) for value in values):
        low, high, method = *wilson(mean, n), "Wilson"
    elif n <= _MANY:
        low, high, method = *bootstrap(values), "bootstrap"
    else:
        half = _Z * math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
        low, high, method = max(0.0, mean - half), min(1.0, mean + half), "normal"
    return Mean(value=mean, low=low, high=high, n=n, method=method)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's score interval of a share of `n` ≥ 1 (Wilson 1927, without continuity correction)."""
    centre = share + _Z * _Z / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    low = 0.0 if share == 0.0 else (centre - half) / scale
    high = 1.0 if share == 1.0 else (centre + half) / scale
    return low, high


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Percentile bootstrap of the mean; the same for the same scores in any order."""
    ordered = sorted(values)
    draw = random.Random(len(ordered))
    means = sorted(fmean(draw.choices(ordered, k=len(ordered))) for _ in range(_RESAMPLES))
    edge = round(_RESAMPLES * (1 - CONFIDENCE) / 2)
    return means[edge], means[-1 - edge]


def weighted(parts: Sequence[tuple[float, Mean]]) -> Mean:
    """A weighted mean of independent means, for macro averages; parts without any score are left out.

    The interval recovers each part's spread, to either side, from that part's own interval (MOVER; Zou & Donner,
    Statistics in Medicine 27, 2008), so it stays in [0, 1], and for a single part it is that part's interval.
    Where a part has a mean without an interval, the whole has none either.
    """
    known = [(weight, part) for weight, part in parts if part.value is not None and weight > 0]
    if not known:
        return Mean(value=None)
    total, n = math.fsum(weight for weight, _ in known), sum(part.n for _, part in known)
    value = math.fsum(weight / total * (part.value or 0.0) for weight, part in known)
    below, above = [], []
    for weight, part in known:
        share, mean = weight / total, part.value or 0.0
        if part.low is not None and part.high is not None:
            below.append(share * (mean - part.low))
            above.append(share * (part.high - mean))
    if len(below) < len(known):
        return Mean(value=value, n=n)
    low, high = max(0.0, value - math.hypot(*below)), min(1.0, value + math.hypot(*above))
    return Mean(value=value, low=low, high=high, n=n, method="MOVER")


def by_category(scored: Sequence[Scored], key: Category) -> dict[str, Mean]:
    """Means by category, sorted by name; a category without any score is listed with n = 0."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for one in scored:
        found = one.metadata.get(key) if isinstance(key, str) else key(one.metadata)
        names = found if isinstance(found, list | tuple) else () if found is None else (found,)
        for name in names:
            groups[str(name)].extend(() if one.value is None else (one.value,))
    return {name: mean_of(groups[name]) for name in sorted(groups)}


def summarise(scored: Sequence[Scored], *, metric: str = "accuracy", tables: Sequence[str] = ()) -> Summary:
    """The plain mean over all scored items, with a table for each named metadata field that any item has."""
    values = [one.value for one in scored if one.value is not None]
    made = {name: by_category(scored, name) for name in tables}
    return Summary(metric=metric, mean=mean_of(values), tables={name: table for name, table in made.items() if table})
