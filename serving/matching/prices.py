"""Price findings of one share of a billed line: wrong price, allowance or extension."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import Alternative
from serving.matching.allowances import granted
from serving.matching.billed import BilledItem, reread
from serving.matching.findings import Evidence, Variance, cell_evidence
from serving.matching.probability import Probability, probability, probability_over
from serving.matching.shares import Share
from serving.matching.standing import Standing
from serving.matching.tolerances import Tolerance, breaches
from serving.matching.variances import (
    AMOUNT_SLACK,
    Decomposition,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)

# How often a vendor's own arithmetic is wrong: against it stands that a cell was misread. Assumed.
VENDOR_ERROR_RATE = 0.02


def billed_evidence(billed: BilledItem) -> tuple[Evidence, ...]:
    """Where every cell stands that the row's money rests on."""
    document = billed.document.document_id
    return tuple(cell_evidence(document, name, cell) for name, cell in billed.cells.items())


@dataclass(frozen=True, slots=True)
class PriceCase:
    """What the price findings of a share rest on; `payable` is the expected part of its quantity.

    `currency` is the one its money is in.
    """

    share: Share
    standing: Standing
    tolerance: Tolerance
    payable: Fraction
    decomposition: Decomposition
    currency: str | None

    @property
    def units(self) -> Fraction:
        """The units that a difference of price is taken on; 0 where the quantity was not read."""
        quantity = self.share.quantity or Fraction(0)
        return quantity if self.decomposition == "variance" else quantity * self.payable

    def of(self, share: Share) -> "PriceCase":
        return replace(self, share=share)

    def judged(self, amount: Fraction) -> int:
        """1 or -1 for a difference beyond tolerance, by its sign; 0 for one within."""
        base = (self.standing.price or Fraction(0)) * abs(self.units)
        # Amounts and discounts are printed in cents of the whole line.
        exact = not self.share.billed.price_from_amount
        if not exact and abs(amount) <= AMOUNT_SLACK * self.share.part:
            return 0
        return (amount > 0) - (amount < 0) if breaches(self.tolerance, amount, base) else 0


def _price_gap(case: PriceCase) -> Fraction | None:
    """Billed less ordered price, both net of the allowance the order grants."""
    allowance = granted(case.share, case.standing)
    price = case.share.price if allowance is None else allowance.rest.price
    if price is None or case.standing.price is None or case.share.quantity is None:
        return None
    return price - case.standing.price


def _allowance_gap(case: PriceCase) -> Fraction | None:
    """What should have been taken off the price and was not."""
    allowance = granted(case.share, case.standing)
    return None if allowance is None or case.share.quantity is None else allowance.missing


def _probability(
    case: PriceCase, gap_of: Callable[[PriceCase], Fraction | None], sign: int
) -> Probability:
    """That a gap in price is really there and has this sign."""

    def survives(one: Share, other: Share) -> bool:
        changed = case.of(other)
        gap = gap_of(changed)
        return gap is not None and changed.judged(gap * changed.units) == sign

    return probability_over([(case.share, case.share.billed.cells)], case.standing, survives)


def price_finding(case: PriceCase) -> Variance | None:
    """The price part of a share's variance, where it is beyond tolerance."""
    gap, standing, ordered = _price_gap(case), case.standing, case.standing.price
    if gap is None or ordered is None:
        return None
    # Credits mirror the sides: a credit below the ordered price is against the buyer.
    amount = gap * case.units
    sign = case.judged(amount)
    if sign == 0:
        return None
    code = "PRICE_OVER" if gap > 0 else "PRICE_UNDER"
    if case.share.assignment.is_substitute:
        code = "ITEM_SUBSTITUTED"
    action = "Nothing to claim; the difference is in the buyer's favour."
    if sign > 0:
        action = "Short-pay the price difference or ask for a partial credit."
    shown, wanted = price_text(ordered + gap), price_text(ordered)
    units, money = quantity_text(case.units), to_decimal(amount)
    probable = _probability(case, _price_gap, sign)
    return Variance(
        code=code,
        state="claim",
        quantity=to_decimal(case.units),
        amount=money,
        currency=case.currency,
        formula=f"({shown} − {wanted}) × {units} = {rounded(money, case.currency)}",
        explanation=(
            f"The billed net price {shown} is {'above' if gap > 0 else 'below'} the ordered "
            f"{wanted} per {standing.units.name or 'unit'}, on {units} units."
        ),
        action=action,
        confidence=probable.right,
        evidence=(
            *billed_evidence(case.share.billed),
            Evidence(standing.order_number, "unit_price", str(standing.line.unit_price), 1.0),
        ),
        tolerance=case.tolerance.label(),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
        alternatives=probable.shown,
    )


def allowance_finding(case: PriceCase) -> Variance | None:
    """An allowance that was not given, or not as agreed, where it is beyond tolerance."""
    allowance, standing = granted(case.share, case.standing), case.standing
    gap = _allowance_gap(case)
    if allowance is None or gap is None:
        return None
    amount = gap * case.units
    sign = case.judged(amount)
    if sign == 0:
        return None
    due, taken = price_text(allowance.due), price_text(allowance.taken)
    units, money = quantity_text(case.units), to_decimal(amount)
    said = f"was {taken}" if allowance.taken else "is missing"
    action = "Short-pay the allowance or ask for a partial credit."
    texts = (
        f"{one.rate} %" if one.rate is not None else str(one.amount)
        for one in standing.line.allowances
    )
    probable = _probability(case, _allowance_gap, sign)
    return Variance(
        code="DISCOUNT_INCORRECT" if allowance.taken else "ALLOWANCE_MISSING",
        state="claim",
        quantity=to_decimal(case.units),
        amount=money,
        currency=case.currency,
        formula=f"({due} − {taken}) × {units} = {rounded(money, case.currency)}",
        explanation=(
            f"The order grants {due} off each {standing.units.name or 'unit'} at a billed price of "
            f"{price_text(allowance.gross)}; it {said}, on {units} units."
        ),
        action=action if sign > 0 else "Nothing to claim; more was taken off than agreed.",
        confidence=probable.right,
        evidence=(
            *billed_evidence(case.share.billed),
            Evidence(standing.order_number, "allowances", ", ".join(texts), 1.0),
        ),
        tolerance=case.tolerance.label(),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
        alternatives=probable.shown,
    )


def extension_finding(
    billed: BilledItem, po_line: str | None, currency: str | None
) -> Variance | None:
    """A printed amount that is not quantity x price. Rather a misread cell than a vendor's error:

    the confidence weighs the cells against how rarely a vendor's arithmetic is wrong.
    """
    if billed.off_by is None or billed.amount is None:
        return None
    gap = billed.off_by

    def stays(name: str, other: Alternative) -> bool:
        changed = reread(billed, name, other.value)
        off_by = None if changed is None else changed.off_by
        return off_by is not None and (off_by > 0) == (gap > 0)

    probable = probability(billed.cells, stays)
    right = probable.right
    confidence = right * VENDOR_ERROR_RATE / (right * VENDOR_ERROR_RATE + 1 - right)
    money = to_decimal(billed.off_by)
    amount = to_decimal(billed.amount)
    computed = rounded(amount - money, currency)
    return Variance(
        code="EXTENSION_ERROR",
        state="claim",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{rounded(amount, currency)} − {computed} = {rounded(money, currency)}",
        explanation=(
            f"The printed amount {rounded(amount, currency)} is not quantity × net price, "
            f"which is {computed}."
        ),
        action="Ask for a corrected invoice.",
        confidence=confidence,
        evidence=billed_evidence(billed),
        po_line_number=po_line,
        alternatives=probable.shown,
    )
