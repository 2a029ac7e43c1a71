"""Price findings of one share of a billed line: wrong price, wrong extension, wrong basis."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.records import Alternative, OrderLine
from serving.matching.billed import BilledItem, certainty
from serving.matching.findings import Evidence, Variance, cell_evidence
from serving.matching.shares import Share
from serving.matching.standing import Standing
from serving.matching.tolerances import Tolerance, breaches
from serving.matching.variances import (
    AMOUNT_SLACK,
    Decomposition,
    decompose,
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
    """What a price finding rests on; `payable` is the part of the quantity that is expected."""

    share: Share
    standing: Standing
    tolerance: Tolerance
    payable: Fraction
    decomposition: Decomposition


def price_finding(case: PriceCase, currency: str | None) -> Variance | None:
    """The price part of a share's variance, where it is beyond tolerance."""
    one, standing, tolerance = case.share, case.standing, case.tolerance
    price, ordered, billed = one.price, standing.price, one.quantity
    if price is None or ordered is None or billed is None:
        return None
    expected = billed * case.payable
    _, amount = decompose(billed, price, expected, ordered, case.decomposition)
    gap, quantity = price - ordered, billed if case.decomposition == "variance" else expected
    rounding = one.billed.price_from_amount and abs(gap * billed) <= AMOUNT_SLACK * one.part
    # Credits mirror the sides: a credit below the ordered price is against the buyer.
    if rounding or not breaches(tolerance, amount, ordered * abs(quantity)):
        return None
    money, over = to_decimal(amount), gap > 0
    action = "Nothing to claim; the difference is in the buyer's favour."
    if amount > 0:
        action = "Short-pay the price difference or ask for a partial credit."
    code = "PRICE_OVER" if over else "PRICE_UNDER"
    if one.assignment.is_substitute:
        code = "ITEM_SUBSTITUTED"
    shown, wanted, units = price_text(price), price_text(ordered), quantity_text(quantity)
    order_price = str(standing.line.unit_price)
    return Variance(
        code=code,
        state="claim",
        quantity=to_decimal(quantity),
        amount=money,
        currency=currency,
        formula=f"({shown} − {wanted}) × {units} = {rounded(money, currency)}",
        explanation=(
            f"The billed net price {shown} is {'above' if over else 'below'} the ordered "
            f"{wanted} per {standing.units.name or 'unit'}, on {units} units."
        ),
        action=action,
        confidence=price_confidence(one, standing, tolerance),
        evidence=(
            *billed_evidence(one.billed),
            Evidence(standing.order_number, "unit_price", order_price, 1.0),
        ),
        tolerance=tolerance.label(),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
        alternatives=_other_prices(one),
    )


def _other_prices(one: Share) -> tuple[Alternative, ...]:
    cells = one.billed.price_cells.values()
    return tuple(other for cell in cells for other in cell.alternatives)[:3]


def price_confidence(one: Share, standing: Standing, tolerance: Tolerance) -> float:
    """Product over the cells; a price cell counts at most 1 less what its harmless readings are."""
    confidence = certainty(one.billed.quantity_cells) * one.assignment_confidence
    ordered, quantity = standing.price or Fraction(0), abs(one.quantity or Fraction(0))
    for name, cell in one.billed.price_cells.items():
        right, number = cell.confidence, cell.decimal
        if name in ("unit_price", "amount") and number and one.price is not None:
            harmless = sum(
                other.confidence
                for other in cell.alternatives
                if isinstance(other.value, Decimal)
                and not breaches(
                    tolerance,
                    (one.price * Fraction(other.value) / Fraction(number) - ordered) * quantity,
                    ordered * quantity,
                )
            )
            right = max(0.0, min(right, 1 - harmless))
        confidence *= right
    return confidence


def extension_finding(
    billed: BilledItem, po_line: str | None, currency: str | None
) -> Variance | None:
    """A printed amount that is not quantity x price. Rather a misread cell than a vendor's error:

    the confidence weighs the cells against how rarely a vendor's arithmetic is wrong.
    """
    if billed.off_by is None or billed.amount is None:
        return None
    right = certainty(billed.cells)
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
    return Variance(
        code="PRICE_BASIS_SUSPECT",
        state="open",
        quantity=None,
        amount=to_decimal(Fraction(0)),
        currency=currency,
        formula="0 until the unit is resolved",
        explanation=f"Units look mixed up: {hypothesis}.",
        action="Find out which unit the quantity and the price are in; claim nothing until then.",
        confidence=1.0,
        evidence=(*evidence, *standing.evidence),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
    )
