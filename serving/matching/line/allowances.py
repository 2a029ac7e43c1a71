"""Allowances that the order grants on a line, against what the invoice takes off."""

from dataclasses import dataclass, replace
from fractions import Fraction

from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing


@dataclass(frozen=True, slots=True)
class Granted:
    """A share's price before discounts, what was taken off it and what should have been.

    All per unit of the PO line. `rest` is the share at that price with the right allowance taken
    off, so that price part and allowance part together are billed less expected price.
    """

    gross: Fraction
    taken: Fraction
    due: Fraction
    rest: Share

    @property
    def missing(self) -> Fraction:
        return self.due - self.taken


def granted(one: Share, standing: Standing) -> Granted | None:
    """The allowance on a share; None where the order grants none or the price is net already.

    Without a printed discount a price nearer to the ordered net than to the ordered gross price
    is taken for a net one.
    """
    gross_ordered, net_ordered = standing.units.gross_price(), standing.price
    billed, size = one.billed, standing.units.size(one.billed.unit)
    if not standing.line.allowances or gross_ordered is None or net_ordered is None or not size:
        return None
    if billed.discount is None or billed.gross_price is None or one.price is None:
        return None
    gross, taken = billed.gross_price / size, billed.discount / size
    if taken == 0 and abs(gross - net_ordered) <= abs(gross - gross_ordered):
        return None
    due = standing.units.allowance_on(gross)
    return Granted(gross, taken, due, replace(one, price=gross - due))
