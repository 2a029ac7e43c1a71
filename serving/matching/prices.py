"""Price findings of one share of a billed line: wrong price, wrong extension, wrong basis."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from data.records import Alternative, OrderLine
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

# Factors by which a price or quantity is off when its basis was mistaken, and how near is near.
USUAL_FACTORS = (10, 12, 100, 144, 1000)
NEAR = Fraction(1, 100)
_SMALLEST_PACK = 2
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


def _near(ratio: Fraction, factor: Fraction) -> bool:
    return abs(ratio / factor - 1) <= NEAR


def _factors(line: OrderLine) -> tuple[set[Fraction], set[Fraction]]:
    """(the line's own pack factors, the usual factors), each with its inverse."""
    own = {Fraction(factor) for factor in line.pack_factors.values() if factor != 1}
    usual = {Fraction(factor) for factor in USUAL_FACTORS}
    return own | {1 / factor for factor in own}, usual | {1 / factor for factor in usual}


def _first_near(ratio: Fraction, factors: Iterable[Fraction]) -> Fraction | None:
    return next((factor for factor in sorted(factors) if _near(ratio, factor)), None)


def basis_suspicion(
    one: Share, standing: Standing, billed: Fraction, expected: Fraction
) -> str | None:
    """Why quantity or price seem to be in another unit than said, as a hypothesis; None if not.

    Either price and quantity are off by a factor and its inverse, so that the money agrees (by any
    factor from 2 on where no unit was read); or the price alone is off by a factor and no amount
    was read that would confirm it; or the received quantity alone is off by a pack factor of this
    PO line and billed agrees with ordered.
    """
    own, usual = _factors(standing.line)
    ordered = standing.ordered
    if one.price and standing.price:
        ratio = one.price / standing.price
        known = _first_near(ratio, own | usual)
        # Without a unit on the paper nothing says that it is the order's: packs come in any size.
        unstated = one.billed.unit is None and max(ratio, 1 / ratio) >= _SMALLEST_PACK
        factor = ratio if known is None and unstated else known
        references = [q for q in (expected, ordered) if q]
        for reference in references if factor is not None else []:
            fits = _near(billed * (factor or 1) / reference, Fraction(1))
            if fits or (factor in own and 0 < billed * (factor or 1) <= reference):
                return (
                    f"price and quantity are off by {_factor_text(factor or Fraction(1))} and its "
                    f"inverse: {quantity_text(billed)} × {price_text(one.price)} may be "
                    f"{quantity_text(billed * (factor or 1))} × {price_text(standing.price)}"
                )
        unproved = one.billed.amount is None and known is not None
        if unproved:
            return (
                f"the price is {_factor_text(known or Fraction(1))} times the ordered one, and no "
                "amount shows which quantity it is for"
            )
    return _receipt_suspicion(billed, standing, own)


def _receipt_suspicion(billed: Fraction, standing: Standing, own: set[Fraction]) -> str | None:
    """Why the receipt seems to count packs of the line's `own` factors; None if not."""
    ordered, received = standing.ordered, standing.received
    if not received or not ordered or not _near(billed / ordered, Fraction(1)):
        return None
    factor = _first_near(billed / received, own)
    if factor is None:
        return None
    share = received * factor / billed * 100
    return (
        f"the receipt says {quantity_text(received)}, and {quantity_text(received)} packs "
        f"× {_factor_text(factor)} = {quantity_text(received * factor)} explains "
        f"{quantity_text(share)} % of what is billed"
    )


def _factor_text(factor: Fraction) -> str:
    return quantity_text(factor) if factor >= 1 else f"1/{quantity_text(1 / factor)}"


def basis_finding(
    hypothesis: str, shares: Iterable[Share], standing: Standing, currency: str | None
) -> Variance:
    """A suspicion about units in money: 0 until somebody resolves it."""
    evidence = tuple(place for one in shares for place in billed_evidence(one.billed))
    certainty = 1.0
    for place in evidence:
        certainty *= place.confidence
    return Variance(
        code="PRICE_BASIS_SUSPECT",
        state="open",
        quantity=None,
        amount=to_decimal(Fraction(0)),
        currency=currency,
        formula="0 until the unit is resolved",
        explanation=f"Units look mixed up: {hypothesis}.",
        action="Find out which unit the quantity and the price are in; claim nothing until then.",
        confidence=certainty,
        evidence=(*evidence, *standing.evidence),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
