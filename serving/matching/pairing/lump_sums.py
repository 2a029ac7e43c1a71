"""Lump sums that are called off in parts: an order over one lot limits money, not pieces."""

from dataclasses import replace
from fractions import Fraction

from data.values.units import resolve_unit
from serving.matching.pairing.line_share import Share
from serving.matching.pairing.order_line import Standing


def measure_in_money(share: Share, standing: Standing) -> Share:
    """Return a share of a lump sum that is called off in parts, as the part of it that it bills.

    An order over one lot limits money, not pieces: "1 LOT, 490.00" of a lot at 1,000.00 is 0.49.
    """
    price, line = standing.price, standing.line
    if line.quantity_ordered != 1 or not price or not _is_lump(line.unit_code):
        return share
    amount, is_part = share.billed.amount, bool(standing.billed_before or standing.money.asked)
    if not amount or not (is_part or 0 < amount < price):
        return share
    return replace(share, quantity=amount / price, price=price)


def billed_in_money(standing: Standing) -> Standing:
    """Return the standing of a lump sum with what was billed before measured in money."""
    price, line = standing.price, standing.line
    if line.quantity_ordered != 1 or not price or not _is_lump(line.unit_code):
        return standing
    if not standing.money.is_known or not standing.money.asked:
        return standing
    return replace(standing, billed_before=Fraction(standing.money.asked) / price)


def _is_lump(unit: str | None) -> bool:
    """Return whether a unit is a lump sum, a service unit or a lot."""
    meanings = resolve_unit(unit) if unit is not None else ()
    return bool(meanings) and all(
        meaning.dimension == "service" or meaning.code == "XLT" for meaning in meanings
    )
