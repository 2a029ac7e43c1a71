"""The probability that a variance is real, from the cells it rests on and their other readings.

A cell counts as right with its confidence, and with at most 1 less what those of its other readings
weigh under which the variance is gone or turns round. Cells are taken as independent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data.records import Alternative, Field
from serving.matching.pairing.line_share import Share, reread_share
from serving.matching.pairing.order_line import Standing

# How many other readings a finding shows.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Probability:
    """`right` that the variance is real; `against` are the other readings under which it is not."""

    right: float
    against: tuple[Alternative, ...] = ()

    @property
    def shown(self) -> tuple[Alternative, ...]:
        """The weightiest readings against it."""
        return tuple(sorted(self.against, key=lambda one: -one.confidence)[:SHOWN])


def probability(
    cells: Mapping[str, Field], survives: Callable[[str, Alternative], bool]
) -> Probability:
    """Over these cells; `survives` says whether the variance stays under another reading."""
    right, against = 1.0, []
    for name, cell in cells.items():
        gone = [other for other in cell.alternatives if not survives(name, other)]
        doubt = sum(other.confidence for other in gone)
        right *= max(0.0, min(cell.confidence, 1 - doubt))
        against += gone
    return Probability(right, tuple(against))


def probability_over(
    shares: Iterable[tuple[Share, Mapping[str, Field]]],
    standing: Standing,
    survives: Callable[[Share, Share], bool],
) -> Probability:
    """Over the given cells of shares, and over how sure the PO line of each is.

    `survives` gets a share and what it would be under another reading. A reading under which the
    share cannot be told counts against the variance.
    """
    right = 1.0
    against: list[Alternative] = []
    for one, cells in shares:

        def stays(name: str, other: Alternative, one: Share = one) -> bool:
            changed = reread_share(one, name, other.value, standing.units)
            return changed is not None and survives(one, changed)

        found = probability(cells, stays)
        right *= found.right * one.assignment_confidence
        against += found.against
    return Probability(right, tuple(against))
