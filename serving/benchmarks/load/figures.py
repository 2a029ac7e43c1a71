"""Statistics of samples: percentiles, a slope with its confidence, quantiles of a histogram."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

_BLOCKS = 20
_SURE = 0.95


@dataclass(frozen=True, slots=True)
class Slope:
    """The change of y per unit of x, with its 95 % confidence bounds."""

    value: float
    low: float
    high: float

    @property
    def flat(self) -> bool:
        """Return whether the samples do not show with confidence that y grows."""
        return self.low <= 0


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that `share` of all do not exceed (nearest rank), or None.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share is {share}, it must be above 0 and at most 1")
    if not values:
        return None
    return sorted(values)[math.ceil(share * len(values)) - 1]


def slope(points: Sequence[tuple[float, float]]) -> Slope | None:
    """Return a least-squares line through means of consecutive blocks; None with fewer than three.

    Neighbouring samples of a process's memory are correlated, so a line through all of them would
    seem far more certain than it is; means of blocks are nearly independent.
    """
    blocks = np.array_split(np.array(sorted(points), dtype=float), min(_BLOCKS, len(points) or 1))
    means = np.array([block.mean(axis=0) for block in blocks if len(block)])
    if len(means) < 3 or np.ptp(means[:, 0]) == 0:
        return None
    if np.ptp(means[:, 1]) == 0:
        return Slope(0.0, 0.0, 0.0)  # linregress has no error of a constant
    line = stats.linregress(means[:, 0], means[:, 1])
    reach = stats.t.ppf((1 + _SURE) / 2, len(means) - 2) * line.stderr
    return Slope(float(line.slope), float(line.slope - reach), float(line.slope + reach))


def ratio(over: Sequence[tuple[float, float]], under: Sequence[tuple[float, float]]) -> float:
    """Return the ratio of two rates; each is given as (pages, seconds) of its time slices."""
    return rate(over) / rate(under)


def rate(slices: Sequence[tuple[float, float]]) -> float:
    """Return the pages per second over all slices of (pages, seconds)."""
    seconds = sum(seconds for _, seconds in slices)
    if seconds <= 0:
        raise ValueError("no time was measured")
    return sum(pages for pages, _ in slices) / seconds


def histogram_quantile(counts: Mapping[float, float], share: float) -> float | None:
    """Return a quantile of a Prometheus histogram, `counts` cumulative by upper bound.

    Linear within a bucket, as in Prometheus; in the last, open bucket its lower bound. None where
    nothing was counted.
    """
    bounds = sorted(counts)
    if not bounds or counts[bounds[-1]] <= 0:
        return None
    target = share * counts[bounds[-1]]
    steps = [(0.0, 0.0), *((bound, counts[bound]) for bound in bounds)]
    for (low, below), (high, until) in pairwise(steps):
        if until >= target and until > below:
            if math.isinf(high):
                return low
            return low + (high - low) * (target - below) / (until - below)
    return bounds[-1]
