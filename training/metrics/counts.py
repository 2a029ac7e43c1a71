"""Counts of wanted, predicted and right, and shares with their bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Count:
    """How many were wanted, how many were predicted, and how many of these are right."""

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
        """Harmonic mean of precision and recall; 1 where nothing was wanted nor predicted."""
        both = self.wanted + self.predicted
        return 2 * self.right / both if both else 1.0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 1 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the wanted that is right; 1 where nothing was wanted."""
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
    """sum(parts) / sum(wholes) with its 95 % percentile bootstrap interval over documents.

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
    """`share_interval`, but 0 where there is nothing to have a share of."""
    return share_interval(parts, wholes) if sum(wholes) else Interval(0.0, 0.0, 0.0)


def f1_interval(counts: Sequence[Count]) -> Interval:
    """The F1 over all documents, one count each, with its interval."""
    return share_interval(
        [2.0 * count.right for count in counts],
        [float(count.wanted + count.predicted) for count in counts],
    )
