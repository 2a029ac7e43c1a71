"""Quantity or price in another unit than stated: packs, dozens, hundreds, thousands."""

from collections.abc import Iterable
from fractions import Fraction

from data.order_records import OrderLine
from serving.matching.findings.arithmetic import (
    AMOUNT_SLACK,
    price_text,
    quantity_text,
    to_decimal,
)
from serving.matching.findings.records import Finding, Hypothesis, HypothesisKind, cell_evidence
from serving.matching.line.prices import billed_evidence
from serving.matching.line.probability import probability_over
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing

# Factors by which a price or quantity is off when its basis was mistaken, and how near is near.
USUAL_FACTORS = (10, 12, 100, 144, 1000)
NEAR = Fraction(1, 100)
_SMALLEST_PACK = 2
# A number this near to the ordered price may be one; one this far from it is rather none.
_LIKE_A_PRICE, _UNLIKE_A_PRICE = Fraction(1, 10), Fraction(3, 10)
_KINDS: dict[int, HypothesisKind] = {12: "dozen", 100: "per_hundred", 1000: "per_thousand"}


def _is_near(ratio: Fraction, factor: Fraction) -> bool:
    return abs(ratio / factor - 1) <= NEAR


def _with_inverses(factors: Iterable[Fraction]) -> set[Fraction]:
    return {number for factor in factors for number in (factor, 1 / factor)}


_USUAL = _with_inverses(map(Fraction, USUAL_FACTORS))


def _factors(line: OrderLine) -> tuple[set[Fraction], set[Fraction]]:
    """Return the line's own pack factors and the usual factors, each with its inverse."""
    pack_factors = (Fraction(factor) for factor in line.pack_factors.values() if factor != 1)
    return _with_inverses(pack_factors), _USUAL


def _first_near(ratio: Fraction, factors: Iterable[Fraction]) -> Fraction | None:
    return next((factor for factor in sorted(factors) if _is_near(ratio, factor)), None)


def _hypothesis_kind(factor: Fraction, pack_factors: set[Fraction]) -> HypothesisKind:
    whole = factor if factor >= 1 else 1 / factor
    if factor in pack_factors or whole.denominator != 1:
        return "pack_factor"
    return _KINDS.get(whole.numerator, "pack_factor")


def mixed_units(
    share: Share, standing: Standing, billed: Fraction, expected: Fraction
) -> Hypothesis | None:
    """Return the factor that explains the difference of a share; None if none does.

    Either price and quantity are off by a factor and its inverse, so that the money agrees: by any
    factor from 2 on where no unit was read, by any at all where it agrees to the cent. Or the two
    stand in each other's column. Or the price alone is off by a factor and no amount was read that
    would confirm it; or the received quantity alone is off by a pack factor of this PO line and
    billed agrees with ordered.
    """
    pack_factors, usual = _factors(standing.line)
    if (swapped := _swapped_columns(share, standing, expected)) is not None:
        return swapped
    if share.price and standing.price and share.price != standing.price:
        ratio = share.price / standing.price
        known = _first_near(ratio, pack_factors | usual)
        # Without a unit on the paper it need not be the order's: packs come in any size.
        unstated = share.billed.unit is None and max(ratio, 1 / ratio) >= _SMALLEST_PACK
        is_equal = _has_ordered_total(share, standing, billed, expected)
        factor = ratio if known is None and (unstated or is_equal) else known
        if factor is not None:
            hypothesis = _price_hypothesis(
                share, standing, (billed, expected), factor, pack_factors
            )
            if hypothesis is not None or (share.billed.amount is None and known is not None):
                return hypothesis or _unproven_price(share, standing, factor, pack_factors)
    return _receipt_hypothesis(billed, standing, pack_factors)


def _swapped_columns(share: Share, standing: Standing, expected: Fraction) -> Hypothesis | None:
    """Return that quantity and price stand in each other's column; None where they do not seem to.

    The product of a row holds either way. The price is then just what is due or ordered in units,
    and the quantity is nearer to the ordered price than the price is.
    """
    price, units, ordered = share.price, share.quantity, standing.price
    if not price or not units or not ordered or price == units or units <= 0:
        return None
    if price not in (expected, standing.ordered) or units in (expected, standing.ordered):
        return None
    near, far = abs(units / ordered - 1), abs(price / ordered - 1)
    if near > _LIKE_A_PRICE or far < _UNLIKE_A_PRICE:
        return None
    texts = [quantity_text(units), price_text(price), quantity_text(price), price_text(units)]
    arithmetic = "{} × {} = {} × {}".format(*texts)
    sentence = f"quantity and price may stand in each other's column: {arithmetic}"
    return Hypothesis("swapped_columns", arithmetic, sentence)


def _has_ordered_total(
    share: Share, standing: Standing, billed: Fraction, expected: Fraction
) -> bool:
    """Return whether a row that is all that is billed asks for just the money that is due."""
    if share.quantity != billed or billed == expected:
        return False
    if share.price is None or standing.price is None:
        return False
    due = expected * standing.price
    return due > 0 and abs(billed * share.price - due) <= AMOUNT_SLACK


def is_counted_in_packs(standing: Standing) -> bool:
    """Return whether the receipts seem to count another of the PO line's packs than the order.

    Then what was ordered and received is one quantity.
    """
    ordered = standing.ordered
    return (
        ordered is not None
        and _receipt_hypothesis(ordered, standing, _factors(standing.line)[0]) is not None
    )


def _price_hypothesis(
    share: Share,
    standing: Standing,
    quantities: tuple[Fraction, Fraction],
    factor: Fraction,
    pack_factors: set[Fraction],
) -> Hypothesis | None:
    """Return the explanation that the quantity is off by the inverse of the price's factor."""
    billed, expected = quantities
    meant, price = billed * factor, share.price or Fraction(0)
    for reference in [quantity for quantity in (expected, standing.ordered) if quantity]:
        if _is_near(meant / reference, Fraction(1)) or (
            factor in pack_factors and 0 < meant <= reference
        ):
            arithmetic = (
                f"{quantity_text(billed)} × {price_text(price)} = "
                f"{quantity_text(meant)} × {price_text(price / factor)}"
            )
            return Hypothesis(
                _hypothesis_kind(factor, pack_factors),
                arithmetic,
                f"price and quantity are off by {_factor_text(factor)} and its inverse: "
                f"{arithmetic}",
            )
    return None


def _unproven_price(
    share: Share, standing: Standing, factor: Fraction, pack_factors: set[Fraction]
) -> Hypothesis:
    """Return the explanation that the price is off by a factor, for a quantity nothing shows."""
    price = share.price or Fraction(0)
    billed, ordered = price_text(price), price_text(standing.price or Fraction(0))
    arithmetic = f"{billed} / {_factor_text(factor)} = {price_text(price / factor)}"
    return Hypothesis(
        _hypothesis_kind(factor, pack_factors),
        arithmetic,
        f"the price {billed} is {_factor_text(factor)} times the ordered {ordered}, and no amount "
        f"shows which quantity it is for: {arithmetic}",
    )


def _receipt_hypothesis(
    billed: Fraction, standing: Standing, pack_factors: set[Fraction]
) -> Hypothesis | None:
    """Return the explanation that the receipt counts packs of one of the line's own factors."""
    ordered, received = standing.ordered, standing.received
    if not received or not ordered or not _is_near(billed / ordered, Fraction(1)):
        return None
    factor = _first_near(billed / received, pack_factors)
    if factor is None:
        return None
    explained = received * factor / billed * 100
    arithmetic = (
        f"{quantity_text(received)} × {_factor_text(factor)} = {quantity_text(received * factor)}"
    )
    return Hypothesis(
        "pack_factor",
        arithmetic,
        f"the receipt shows {quantity_text(received)}; counted in packs, {arithmetic} explains "
        f"{quantity_text(explained)} % of the billed quantity",
    )


def _factor_text(factor: Fraction) -> str:
    return quantity_text(factor) if factor >= 1 else f"1/{quantity_text(1 / factor)}"


def basis_finding(
    hypothesis: Hypothesis, shares: Iterable[Share], standing: Standing, currency: str | None
) -> Finding:
    """Return the suspicion about units as a finding; its money is 0 until it is resolved."""
    evidence = tuple(place for share in shares for place in billed_evidence(share.billed))
    certainty = 1.0
    for place in evidence:
        certainty *= place.confidence
    return Finding(
        code="PRICE_BASIS_SUSPECT",
        nature="question",
        quantity=None,
        amount=to_decimal(Fraction(0)),
        currency=currency,
        formula=hypothesis.arithmetic,
        explanation=f"Units look mixed up: {hypothesis.explanation}.",
        action="Find out which unit the quantity and the price are in; claim nothing until then.",
        confidence=certainty,
        evidence=(*evidence, *standing.evidence),
        unit=standing.units.name,
        po_line_number=standing.line.po_line_number,
        explained_by=hypothesis,
    )


def unresolved_finding(share: Share, standing: Standing, currency: str | None) -> Finding:
    """Return the finding on a unit without a factor to the order's unit."""
    billed = share.billed
    cells = tuple(
        cell_evidence(billed.document.document_id, name, cell)
        for name, cell in billed.quantity_cells.items()
    )
    ordered = standing.line.unit_code
    return Finding(
        code="UOM_UNRESOLVED",
        nature="question",
        quantity=None,
        amount=None,
        currency=currency,
        formula=f"1 {billed.unit} = ? {ordered}",
        explanation=f"Billed in {billed.unit}, ordered in {ordered}: no factor is known.",
        action=f"State in the order's pack_factors how many {ordered} one {billed.unit} holds.",
        confidence=probability_over(
            [(share, billed.quantity_cells)], standing, lambda _, other: other.quantity is None
        ).right,
        evidence=cells,
        po_line_number=standing.line.po_line_number,
    )
