"""Measures of a stated confidence: reliability, Brier score, and risk against coverage.

Decisions:

- Expected calibration error: mean gap between stated and observed over `BINS`, weighted by count
  (Naeini, Cooper, Hauskrecht 2015). The bins are narrow where automatic decisions are made.
- Risk is the wrong share of the values taken, coverage the share taken of all values stated, from
  the surest down (Geifman, El-Yaniv 2017). Equal confidence is taken together: no
  threshold can separate it.
- The area under risk against coverage gives each step of coverage the risk reached at its end.
- Coverage at a risk is the largest at which the risk is not above it: in hindsight, on the same
  values. A share that a policy can rely on is measured apart (`training.metrics.risk`).
- With money as weight a value counts by its absolute amount; currencies are never added.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One predicted value: the confidence stated for it (0..1), whether it is right, its weight."""

    confidence: float
    right: bool
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Values stated with a confidence in [low, high), the last bin with 1: how many they are, the
    mean confidence stated, the share that is right."""

    low: float
    high: float
    count: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """All values of at least `confidence`: their number, coverage, and the wrong share of them."""

    confidence: float
    count: int
    coverage: float
    risk: float


def reliability(stated: Iterable[tuple[float, bool]]) -> list[Reliability]:
    """Return the reliability table of (confidence, right) pairs; empty bins are left out."""
    pairs = list(stated)
    table = []
    for low, high in itertools.pairwise(BINS):
        inside = [(confidence, right) for confidence, right in pairs if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            right = sum(right for _, right in inside) / len(inside)
            table.append(Reliability(low, min(high, 1.0), len(inside), mean, right))
    return table


def expected_error(table: Sequence[Reliability]) -> float:
    """Return the expected calibration error: mean gap between stated and observed, by count."""
    total = sum(row.count for row in table)
    gaps = sum(row.count * abs(row.stated - row.right) for row in table)
    return gaps / total if total else 0.0


def brier(stated: Iterable[tuple[float, bool]]) -> float | None:
    """Return the mean squared gap of confidence and outcome (Brier 1950); None without values."""
    gaps = [(confidence - right) ** 2 for confidence, right in stated]
    return sum(gaps) / len(gaps) if gaps else None


def risk_coverage(values: Sequence[StatedValue]) -> list[CoveragePoint]:
    """Return risk and coverage from the surest values to all, one point a confidence.

    Values without weight move nothing; without any weight there is no point.
    """
    everything = sum((value.weight for value in values), Decimal(0))
    if not everything:
        return []
    points = []
    covered = wrong = Decimal(0)
    count = 0
    surest_first = sorted(values, key=lambda value: -value.confidence)
    for confidence, tied in itertools.groupby(surest_first, key=lambda value: value.confidence):
        for value in tied:
            count += 1
            covered += value.weight
            wrong += Decimal(0) if value.right else value.weight
        if covered:
            points.append(
                CoveragePoint(
                    confidence, count, float(covered / everything), float(wrong / covered)
                )
            )
    return points


def area_under_curve(points: Sequence[CoveragePoint]) -> float | None:
    """Return the area under risk against coverage, 0 (best) to 1; None without points."""
    if not points:
        return None
    before = [0.0, *(point.coverage for point in points)]
    return sum(
        (point.coverage - reached) * point.risk
        for point, reached in zip(points, before, strict=False)
    )


def point_at_risk(points: Sequence[CoveragePoint], risk: float) -> CoveragePoint | None:
    """Return the point of largest coverage whose risk is not above `risk`; None without any."""
    held = [point for point in points if point.risk <= risk]
    return held[-1] if held else None
