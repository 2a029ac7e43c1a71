"""What becomes of a dispute: short payments that are objected to, and a verdict per order line."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from data.synthesis.stories.trade.findings import Variance, Verdict
from data.synthesis.stories.trade.order_lines import proven, standing
from data.synthesis.stories.trade.records import StandingClaim, Trade
from data.synthesis.stories.trade.variances import WHOLE

_ORDER: tuple[Verdict, ...] = (
    "matched",
    "pending_receipt",
    "discrepancy",
    "insufficient_evidence",
    "needs_review",
)
_OF_STATE: Mapping[str, Verdict] = {
    "claim": "discrepancy",
    "pending": "pending_receipt",
    "open": "needs_review",
    "information": "matched",
}


class Settlement(NamedTuple):
    """What becomes of a short payment that the vendor disputes; None: the papers do not tell."""

    claim: StandingClaim
    supported: Fraction | None
    repay: Fraction | None
    stands: Fraction | None


def settlements(trade: Trade) -> tuple[Settlement, ...]:
    """Each short payment against the best proof: what has to be paid after all."""
    found = []
    for claim in trade.claims:
        if claim.kind != "short_payment":
            continue
        order = trade.line(claim.po_line)
        if "proof_of_delivery" not in trade.papers:
            found.append(Settlement(claim, None, None, None))
            continue
        at = standing(trade, order, trade.bills)
        billed = Fraction(0) if at is None else at.billed
        paid = billed - Fraction(claim.quantity)
        delivered = proven(trade, order) or Fraction(0)
        units = max(Fraction(0), min(delivered - paid, Fraction(claim.quantity)))
        price = Fraction(claim.amount) / Fraction(claim.quantity)
        found.append(
            Settlement(claim, units, units * price, (Fraction(claim.quantity) - units) * price)
        )
    return tuple(found)


def verdicts(trade: Trade, found: Sequence[Variance]) -> Mapping[str, Verdict]:
    """The verdict of every order line, from its variances and from what the paper leaves open."""
    barred = {one.document for one in found if one.code in WHOLE}
    lines: dict[str, Verdict] = {}
    unproven = {one.claim.po_line for one in settlements(trade) if one.supported is None}
    for order in trade.lines:
        states = {one.state for one in found if one.po_line == order.number}
        rows = [
            bill.key for bill in trade.bills for line in bill.lines if order.number in line.po_lines
        ]
        lines[order.number] = "matched"
        if order.number in unproven:
            lines[order.number] = "insufficient_evidence"
        elif "open" in states or order.number in trade.illegible or (rows and barred >= set(rows)):
            lines[order.number] = "needs_review"
        elif "claim" in states or trade.answered(order.number):
            lines[order.number] = "discrepancy"
        elif "pending" in states:
            lines[order.number] = "pending_receipt"
    return lines


def status(trade: Trade, found: Sequence[Variance]) -> Verdict:
    """The verdict on the whole dispute: the gravest of its lines and of its variances."""
    whole = [*verdicts(trade, found).values(), *(_OF_STATE[one.state] for one in found)]
    return max(whole, key=_ORDER.index)
