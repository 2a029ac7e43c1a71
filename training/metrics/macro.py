"""Scores over families of layouts: every family counts the same, however many documents it has.

The intervals are clustered: families are drawn with replacement, then documents within each family
that was drawn (a two-stage bootstrap, Davison and Hinkley 1997, section 3.8). Documents of one
layout fail together, so drawing documents alone would promise too much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.metrics.counts import Interval

DRAWS = 1000

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FamilyCounts:
    """One family as it was read in one way: by document, the part and the whole of one score.

    `family` is what is drawn: the same family read in two ways is drawn with both, and the same
    documents of it. For an F1 the part is 2 x right and the whole labelled + predicted.
    """

    family: str
    counts: Mapping[str, tuple[float, float]]

    @property
    def share(self) -> float | None:
        """The share over all documents of the family; None where there was nothing to score."""
        whole = sum(count[1] for count in self.counts.values())
        return sum(count[0] for count in self.counts.values()) / whole if whole else None


def macro_share(
    families: Sequence[FamilyCounts], draws: int = DRAWS, seed: int = 0
) -> Interval | None:
    """Return the mean of the families' shares with its clustered 95 % interval.

    Families without anything to score are left out; None where none is left.
    """
    scored = [family for family in families if family.share is not None]
    if not scored:
        return None
    value = float(np.mean([family.share for family in scored]))
    sums, numbers = np.zeros(draws), np.zeros(draws)
    for places, parts, wholes in _draw_families(scored, draws, seed):
        shares = parts / np.where(wholes > 0, wholes, np.nan)
        np.add.at(sums, places, np.nansum(shares, axis=1))
        np.add.at(numbers, places, np.sum(wholes > 0, axis=1))
    return _interval(value, sums, numbers)


def pooled_share(
    families: Sequence[FamilyCounts], draws: int = DRAWS, seed: int = 0
) -> Interval | None:
    """Return the share over all documents of all families with its clustered 95 % interval."""
    scored = [family for family in families if family.share is not None]
    if not scored:
        return None
    part = sum(count[0] for family in scored for count in family.counts.values())
    whole = sum(count[1] for family in scored for count in family.counts.values())
    sums, numbers = np.zeros(draws), np.zeros(draws)
    for places, parts, wholes in _draw_families(scored, draws, seed):
        np.add.at(sums, places, parts.sum(axis=1))
        np.add.at(numbers, places, wholes.sum(axis=1))
    return _interval(part / whole, sums, numbers)


def _draw_families(
    rows: Sequence[FamilyCounts], draws: int, seed: int
) -> list[tuple[npt.NDArray[np.int64], Matrix, Matrix]]:
    """Return for each family the draws it is in, once for each time, with parts and wholes there.

    Parts and wholes are (times drawn, ways the family was read).
    """
    grouped: dict[str, list[FamilyCounts]] = {}
    for row in rows:
        grouped.setdefault(row.family, []).append(row)
    rng = np.random.default_rng(seed)
    count = len(grouped)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=draws)  # (draws, families)
    results = []
    for column, ways in enumerate(grouped.values()):
        places = np.repeat(np.arange(draws), drawn[:, column])
        documents = list(dict.fromkeys(name for way in ways for name in way.counts))
        number = len(documents)
        # (times drawn, documents): how often each document is in
        weights = rng.multinomial(number, np.full(number, 1 / number), size=len(places))
        table = np.array(
            [[way.counts.get(name, (0.0, 0.0)) for name in documents] for way in ways], np.float64
        )  # (ways, documents, part and whole)
        results.append((places, weights @ table[:, :, 0].T, weights @ table[:, :, 1].T))
    return results


def _interval(value: float, sums: Matrix, numbers: Matrix) -> Interval:
    shares = sums[numbers > 0] / numbers[numbers > 0]
    low, high = np.quantile(shares, (0.025, 0.975)) if len(shares) else (value, value)
    return Interval(value, float(low), float(high))
