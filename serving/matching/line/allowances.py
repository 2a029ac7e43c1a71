"""Allowances that the order grants on a line, against what the invoice takes off."""

from dataclasses import dataclass, replace
from fractions import Fraction

from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing


@dataclass(frozen=True, slots=True)
class ShareAllowance:
    """A share's price before discounts, the allowance deducted from it, and the allowance due.

    All per unit of the PO line. `net_share` is the share at that price less the allowance due, so
    that price part and allowance part together are billed less expected price.
    """

    gross: Fraction
    deducted: Fraction
    due: Fraction
    net_share: Share

    @property
    def missing(self) -> Fraction:
        return self.due - self.deducted


def share_allowance(share: Share, standing: Standing) -> ShareAllowance | None:
    """Return the allowance on a share; None where none is granted or the price is net already.

    Without a printed discount a price nearer to the ordered net than to the ordered gross price
    is taken for a net one.
    """
    gross_ordered, net_ordered = standing.units.gross_price(), standing.price
    billed, size = share.billed, standing.units.size(share.billed.unit)
    if not standing.line.allowances or gross_ordered is None or net_ordered is None or not size:
        return None
    if billed.discount is None or billed.gross_price is None or share.price is None:
        return None
    gross, deducted = billed.gross_price / size, billed.discount / size
    if deducted == 0 and abs(gross - net_ordered) <= abs(gross - gross_ordered):
        return None
    due = standing.units.allowance_on(gross)
    return ShareAllowance(gross, deducted, due, replace(share, price=gross - due))
