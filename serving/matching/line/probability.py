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
        """The most probable readings against it."""
        return tuple(sorted(self.against, key=lambda reading: -reading.confidence)[:SHOWN])


def probability(
    cells: Mapping[str, Field], survives: Callable[[str, Alternative], bool]
) -> Probability:
    """Return the probability over these cells.

    `survives` returns whether the variance remains under another reading.
    """
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
    """Return the probability over cells of shares and over the confidence in their PO lines.

    `survives` gets a share and the same share under another reading. A reading under which the
    share cannot be worked out counts against the variance.
    """
    right = 1.0
    against: list[Alternative] = []
    for share, cells in shares:

        def share_survives(name: str, other: Alternative, share: Share = share) -> bool:
            changed = reread_share(share, name, other.value, standing.units)
            return changed is not None and survives(share, changed)

        cells_right = probability(cells, share_survives)
        right *= cells_right.right * share.assignment_confidence
        against += cells_right.against
    return Probability(right, tuple(against))
