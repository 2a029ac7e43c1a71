"""Allowances that the order grants on a line, against what the invoice takes off."""

from dataclasses import dataclass, replace
from fractions import Fraction

from serving.matching.findings import Evidence, Variance
from serving.matching.prices import PriceCase, billed_evidence, price_confidence
from serving.matching.shares import Share
from serving.matching.standing import Standing
from serving.matching.tolerances import breaches
from serving.matching.variances import AMOUNT_SLACK, price_text, quantity_text, rounded, to_decimal


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


def granted(one: Share, standing: Standing) -> Granted | None:
    """The allowance on a share; None where the order grants none or the price is net already.

    Without a printed discount a price nearer to the ordered net than to the ordered gross price
    is taken for a net one.
    """
    gross_ordered, net_ordered = standing.units.gross_price(), standing.price
    discount, price, size = one.billed.discount, one.price, standing.units.size(one.billed.unit)
    if not standing.line.allowances or gross_ordered is None or net_ordered is None:
        return None
    if discount is None or price is None or one.billed.price is None or not size:
        return None
    gross, taken = (one.billed.gross_price or one.billed.price) / size, discount / size
    if taken == 0 and abs(gross - net_ordered) <= abs(gross - gross_ordered):
        return None
    due = standing.units.allowance_on(gross)
    return Granted(gross, taken, due, replace(one, price=gross - due))


def allowance_finding(case: PriceCase, allowance: Granted, currency: str | None) -> Variance | None:
    """An allowance that was not given, or not as agreed, where it is beyond tolerance."""
    one, standing = case.share, case.standing
    billed, ordered = one.quantity, standing.price
    if billed is None or ordered is None:
        return None
    units = billed if case.decomposition == "variance" else billed * case.payable
    gap = allowance.due - allowance.taken
    amount = gap * units
    # Discounts are printed in cents of the whole line.
    rounding = bool(allowance.taken) and abs(gap * billed) <= AMOUNT_SLACK * one.part
    if rounding or not breaches(case.tolerance, amount, ordered * abs(units)):
        return None
    code = "DISCOUNT_INCORRECT" if allowance.taken else "ALLOWANCE_MISSING"
    due, taken, shown = (
        price_text(allowance.due),
        price_text(allowance.taken),
        quantity_text(units),
    )
    money = to_decimal(amount)
    said = "is missing" if not allowance.taken else f"was {taken}"
    action = "Short-pay the allowance or ask for a partial credit."
    return Variance(
        code=code,
        state="claim",
        quantity=to_decimal(units),
        amount=money,
        currency=currency,
        formula=f"({due} − {taken}) × {shown} = {rounded(money, currency)}",
        explanation=(
            f"The order grants {due} off each {standing.units.name or 'unit'} at a billed price of "
            f"{price_text(allowance.gross)}; it {said}, on {shown} units."
        ),
        action=action if amount > 0 else "Nothing to claim; more was taken off than agreed.",
        confidence=price_confidence(one, standing, case.tolerance),
        evidence=(*billed_evidence(one.billed), _order_evidence(standing)),
        tolerance=case.tolerance.label(),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )


def _order_evidence(standing: Standing) -> Evidence:
    texts = [
        f"{one.rate} %" if one.rate is not None else str(one.amount)
        for one in standing.line.allowances
    ]
    return Evidence(standing.order_number, "allowances", ", ".join(texts), 1.0)
