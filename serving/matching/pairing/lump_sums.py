"""Lump sums that are called off in parts: an order over one lot limits money, not pieces."""

from dataclasses import replace
from fractions import Fraction

from data.values.units import resolve_unit
from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing


def measure_in_money(share: Share, standing: Standing, now: Fraction) -> Share:
    """Return a share of a lump sum that is called off in parts, as the part of it that it bills.

    An order over one lot limits money, not pieces: "1 LOT, 490.00" of a lot at 1,000.00 is 0.49.
    `now` is the money of all rows on the order line.
    """
    price, amount = standing.price, share.billed.amount
    if not price or not amount or not _limits_money(standing, now):
        return share
    is_part = bool(standing.billed_before or standing.money.asked)
    if not (is_part or 0 < amount < price):
        return share
    return replace(share, quantity=amount / price, price=price)


def billed_in_money(standing: Standing, now: Fraction) -> Standing:
    """Return the standing of a lump sum with what was billed before measured in money."""
    if not standing.price or not _limits_money(standing, now):
        return standing
    if not standing.money.is_known or not standing.money.asked:
        return standing
    return replace(standing, billed_before=Fraction(standing.money.asked) / standing.price)


def _limits_money(standing: Standing, now: Fraction) -> bool:
    """Return whether an order line over one piece limits money.

    Its unit is that of a lump sum, or parts of the one piece were billed before, or all its bills
    together come to no more than its price.
    """
    if standing.line.quantity_ordered != 1 or not standing.price:
        return False
    before, is_known = Fraction(standing.money.asked), standing.money.is_known
    in_parts = any(units.denominator != 1 for units in _units_before(standing))
    is_within = now > 0 and before > 0 and before + now <= standing.price + AMOUNT_SLACK
    return _is_lump(standing.line.unit_code) or (is_known and (in_parts or is_within))


def _units_before(standing: Standing) -> list[Fraction]:
    return [Fraction(units) for units, _ in standing.money.unit_bills]


def _is_lump(unit: str | None) -> bool:
    """Return whether a unit is a lump sum, a service unit or a lot."""
    meanings = resolve_unit(unit) if unit is not None else ()
    return bool(meanings) and all(
        meaning.dimension == "service" or meaning.code == "XLT" for meaning in meanings
    )
