"""Whether quantity or price is in another unit than said: packs, dozens, hundreds, thousands."""

from collections.abc import Iterable
from fractions import Fraction

from data.order_records import OrderLine
from serving.matching.findings.arithmetic import price_text, quantity_text, to_decimal
from serving.matching.findings.records import Finding, Hypothesis, HypothesisKind, cell_evidence
from serving.matching.line.prices import billed_evidence
from serving.matching.line.probability import probability_over
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing

# Factors by which a price or quantity is off when its basis was mistaken, and how near is near.
USUAL_FACTORS = (10, 12, 100, 144, 1000)
NEAR = Fraction(1, 100)
_SMALLEST_PACK = 2
_KINDS: dict[int, HypothesisKind] = {12: "dozen", 100: "per_hundred", 1000: "per_thousand"}


def _near(ratio: Fraction, factor: Fraction) -> bool:
    return abs(ratio / factor - 1) <= NEAR


def _with_inverses(factors: Iterable[Fraction]) -> set[Fraction]:
    return {one for factor in factors for one in (factor, 1 / factor)}


_USUAL = _with_inverses(map(Fraction, USUAL_FACTORS))


def _factors(line: OrderLine) -> tuple[set[Fraction], set[Fraction]]:
    """(the line's own pack factors, the usual factors), each with its inverse."""
    own = (Fraction(factor) for factor in line.pack_factors.values() if factor != 1)
    return _with_inverses(own), _USUAL


def _first_near(ratio: Fraction, factors: Iterable[Fraction]) -> Fraction | None:
    return next((factor for factor in sorted(factors) if _near(ratio, factor)), None)


def _kind(factor: Fraction, own: set[Fraction]) -> HypothesisKind:
    whole = factor if factor >= 1 else 1 / factor
    if factor in own or whole.denominator != 1:
        return "pack_factor"
    return _KINDS.get(whole.numerator, "pack_factor")


def mixed_units(
    one: Share, standing: Standing, billed: Fraction, expected: Fraction
) -> Hypothesis | None:
    """Which factor explains the difference of a share; None if none does.

    Either price and quantity are off by a factor and its inverse, so that the money agrees (by any
    factor from 2 on where no unit was read); or the price alone is off by a factor and no amount
    was read that would confirm it; or the received quantity alone is off by a pack factor of this
    PO line and billed agrees with ordered.
    """
    own, usual = _factors(standing.line)
    if one.price and standing.price and one.price != standing.price:
        ratio = one.price / standing.price
        known = _first_near(ratio, own | usual)
        # Without a unit on the paper nothing says that it is the order's: packs come in any size.
        unstated = one.billed.unit is None and max(ratio, 1 / ratio) >= _SMALLEST_PACK
        factor = ratio if known is None and unstated else known
        if factor is not None:
            found = _by_price(one, standing, (billed, expected), factor, own)
            if found is not None or (one.billed.amount is None and known is not None):
                return found or _unproved(one, standing, factor, own)
    return _by_receipt(billed, standing, own)


def counted_in_packs(standing: Standing) -> bool:
    """Whether the receipts look as if they counted another of the PO line's packs than the order.

    Then what was ordered and received is one quantity.
    """
    ordered = standing.ordered
    return (
        ordered is not None
        and _by_receipt(ordered, standing, _factors(standing.line)[0]) is not None
    )


def _by_price(
    one: Share,
    standing: Standing,
    quantities: tuple[Fraction, Fraction],
    factor: Fraction,
    own: set[Fraction],
) -> Hypothesis | None:
    """The quantity is off by the inverse of the price's factor."""
    billed, expected = quantities
    meant, price = billed * factor, one.price or Fraction(0)
    for reference in [one for one in (expected, standing.ordered) if one]:
        if _near(meant / reference, Fraction(1)) or (factor in own and 0 < meant <= reference):
            arithmetic = (
                f"{quantity_text(billed)} × {price_text(price)} = "
                f"{quantity_text(meant)} × {price_text(price / factor)}"
            )
            return Hypothesis(
                _kind(factor, own),
                arithmetic,
                f"price and quantity are off by {_factor_text(factor)} and its inverse: "
                f"{arithmetic}",
            )
    return None


def _unproved(one: Share, standing: Standing, factor: Fraction, own: set[Fraction]) -> Hypothesis:
    """The price is off by a factor, and nothing shows which quantity it is for."""
    price = one.price or Fraction(0)
    billed, ordered = price_text(price), price_text(standing.price or Fraction(0))
    arithmetic = f"{billed} / {_factor_text(factor)} = {price_text(price / factor)}"
    return Hypothesis(
        _kind(factor, own),
        arithmetic,
        f"the price {billed} is {_factor_text(factor)} times the ordered {ordered}, and no amount "
        f"shows which quantity it is for: {arithmetic}",
    )


def _by_receipt(billed: Fraction, standing: Standing, own: set[Fraction]) -> Hypothesis | None:
    """The receipt counts packs of one of the line's `own` factors."""
    ordered, received = standing.ordered, standing.received
    if not received or not ordered or not _near(billed / ordered, Fraction(1)):
        return None
    factor = _first_near(billed / received, own)
    if factor is None:
        return None
    share = received * factor / billed * 100
    arithmetic = (
        f"{quantity_text(received)} × {_factor_text(factor)} = {quantity_text(received * factor)}"
    )
    return Hypothesis(
        "pack_factor",
        arithmetic,
        f"the receipt says {quantity_text(received)}, and in packs {arithmetic} explains "
        f"{quantity_text(share)} % of what is billed",
    )


def _factor_text(factor: Fraction) -> str:
    return quantity_text(factor) if factor >= 1 else f"1/{quantity_text(1 / factor)}"


def basis_finding(
    hypothesis: Hypothesis, shares: Iterable[Share], standing: Standing, currency: str | None
) -> Finding:
    """A suspicion about units in money: 0 until somebody resolves it."""
    evidence = tuple(place for one in shares for place in billed_evidence(one.billed))
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


def unresolved_finding(one: Share, standing: Standing, currency: str | None) -> Finding:
    """A unit of which nobody says how many of the order's it holds."""
    billed = one.billed
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
            [(one, billed.quantity_cells)], standing, lambda _, other: other.quantity is None
        ).right,
        evidence=cells,
        po_line_number=standing.line.po_line_number,
    )
