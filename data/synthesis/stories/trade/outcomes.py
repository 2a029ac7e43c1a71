"""Outcomes of a dispute: settled short payments, a verdict per order line and the status."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from data.synthesis.stories.trade.findings import Variance, Verdict
from data.synthesis.stories.trade.order_lines import line_balance, proven_quantity
from data.synthesis.stories.trade.records import Claim, Trade
from data.synthesis.stories.trade.variances import BARRING_CODES

_GRAVITY: tuple[Verdict, ...] = (
    "matched",
    "pending_receipt",
    "discrepancy",
    "insufficient_evidence",
    "needs_review",
)
_STATE_VERDICTS: Mapping[str, Verdict] = {
    "claim": "discrepancy",
    "pending": "pending_receipt",
    "open": "needs_review",
    "information": "matched",
}


class Settlement(NamedTuple):
    """The outcome of a short payment that the vendor disputes; None: the papers do not prove it.

    Modelled apart from `serving.matching` on purpose: the truth must not share code with the rules
    that it tests.
    """

    claim: Claim
    supported: Fraction | None
    repay: Fraction | None
    stands: Fraction | None


def settle_claims(trade: Trade) -> tuple[Settlement, ...]:
    """Return the settlement of each short payment by the best proof: the money still to be paid."""
    settlements = []
    for claim in trade.claims:
        if claim.kind != "short_payment":
            continue
        order = trade.line(claim.po_line)
        if "proof_of_delivery" not in trade.papers:
            settlements.append(Settlement(claim, None, None, None))
            continue
        balance = line_balance(trade, order, trade.bills)
        billed = Fraction(0) if balance is None else balance.billed
        paid = billed - Fraction(claim.quantity)
        delivered = proven_quantity(trade, order) or Fraction(0)
        units = max(Fraction(0), min(delivered - paid, Fraction(claim.quantity)))
        price = Fraction(claim.amount) / Fraction(claim.quantity)
        settlements.append(
            Settlement(claim, units, units * price, (Fraction(claim.quantity) - units) * price)
        )
    return tuple(settlements)


def line_verdicts(trade: Trade, variances: Sequence[Variance]) -> Mapping[str, Verdict]:
    """Return the verdict of every order line, by variances, illegible cells and missing proof."""
    barred = {variance.document for variance in variances if variance.code in BARRING_CODES}
    lines: dict[str, Verdict] = {}
    unproven = {
        settlement.claim.po_line
        for settlement in settle_claims(trade)
        if settlement.supported is None
    }
    for order in trade.lines:
        states = {variance.state for variance in variances if variance.po_line == order.number}
        bills = {
            bill.key for bill in trade.bills for line in bill.lines if order.number in line.po_lines
        }
        is_barred = bool(bills) and barred >= bills
        lines[order.number] = "matched"
        if order.number in unproven:
            lines[order.number] = "insufficient_evidence"
        elif "open" in states or order.number in trade.illegible_lines or is_barred:
            lines[order.number] = "needs_review"
        elif "claim" in states or trade.is_claim_answered(order.number):
            lines[order.number] = "discrepancy"
        elif "pending" in states:
            lines[order.number] = "pending_receipt"
    return lines


def dispute_status(trade: Trade, variances: Sequence[Variance]) -> Verdict:
    """Return the verdict on the whole dispute: the gravest of its lines and of its variances."""
    of_variances = (_STATE_VERDICTS[variance.state] for variance in variances)
    return max([*line_verdicts(trade, variances).values(), *of_variances], key=_GRAVITY.index)
