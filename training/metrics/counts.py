"""Counts of labelled, predicted and right values, and shares with bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of labelled (`wanted`), predicted and right values."""

    wanted: int = 0
    predicted: int = 0
    right: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.wanted + other.wanted,
            self.predicted + other.predicted,
            self.right + other.right,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was labelled or predicted."""
        both = self.wanted + self.predicted
        return 2 * self.right / both if both else 1.0

    @property
    def precision(self) -> float:
        """Share of the predicted values that are right; 1 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled values that were read right; 1 where nothing was labelled."""
        return self.right / self.wanted if self.wanted else 1.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def share_interval(
    parts: Sequence[float], wholes: Sequence[float], draws: int = 1000, seed: int = 0
) -> Interval:
    """Return sum(parts) / sum(wholes) with its 95 % percentile bootstrap interval.

    One entry a document; documents are drawn with replacement (Efron 1979). Give 2 x right and
    wanted + predicted for an F1. A share of nothing is 1. Raises ValueError without documents.
    """
    if not parts or len(parts) != len(wholes):
        raise ValueError(f"need as many parts as wholes, at least one: {len(parts)}, {len(wholes)}")
    part, whole = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)
    count = len(parts)
    # (draws, documents): how often each document was drawn
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    below = drawn @ whole
    shares = np.where(below > 0, drawn @ part / np.maximum(below, 1e-12), 1.0)
    low, high = np.quantile(shares, (0.025, 0.975))
    value = part.sum() / whole.sum() if whole.sum() else 1.0
    return Interval(float(value), float(low), float(high))


def share_or_zero(parts: Sequence[float], wholes: Sequence[float]) -> Interval:
    """Return `share_interval`, but 0 where the wholes sum to 0."""
    return share_interval(parts, wholes) if sum(wholes) else Interval(0.0, 0.0, 0.0)


def f1_interval(counts: Sequence[Count]) -> Interval:
    """Return the F1 over all documents, one count each, with its interval."""
    return share_interval(
        [2.0 * count.right for count in counts],
        [float(count.wanted + count.predicted) for count in counts],
    )
