"""Rows whose quantity follows from the amount: goods paid by weight, services by the lot."""

from dataclasses import replace
from fractions import Fraction
from math import floor

from data.values.units import resolve_unit
from serving.matching.findings.arithmetic import (
    AMOUNT_SLACK,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)
from serving.matching.pairing.billed_line import NO_QUANTITY, BilledItem
from serving.matching.pairing.line_units import LineUnits


def quantify_by_amount(billed: BilledItem, units: LineUnits) -> BilledItem:
    """Return the row with the quantity from its amount, where the PO line is paid that way."""
    billed = _quantify_service(billed, units)
    return _quantify_by_weight(_quantify_by_price(billed, units), units)


def price_to_pair_by(billed: BilledItem) -> Fraction | None:
    """Return the price by which the row is paired; of an amount alone, as if it billed one unit."""
    if billed.price is None and _is_bare(billed) and billed.amount:
        return abs(billed.amount)
    return billed.price


def _is_bare(billed: BilledItem) -> bool:
    """Return whether the row prints an amount and neither quantity nor price."""
    item = billed.item
    return item.quantity is None and item.unit_price is None and item.amount is not None


def _is_uncounted(billed: BilledItem, units: LineUnits) -> bool:
    """Return whether a row prints an amount alone, and neither it nor the order names a unit."""
    return _is_bare(billed) and billed.unit is None and units.line.unit_code is None


def _quantify_by_weight(billed: BilledItem, units: LineUnits) -> BilledItem:
    """A row that counts packages, in the unit its goods are weighed in.

    "10 CS at 3.20, 790.40" bills 790.40 / 3.20 = 247 pounds: the weight follows from amount and
    price, because quantity x price does not give the amount.
    """
    price, amount = billed.item.unit_price, billed.item.amount
    if not units.line.catch_weight or billed.off_by is None or billed.amount is None:
        return billed
    if price is None or amount is None or not price.decimal:
        return billed
    per_unit = Fraction(price.decimal) / Fraction(units.line.price_base_quantity)
    weight = billed.amount / abs(per_unit)
    note = (
        f"paid by weight: the amount / {price_text(abs(per_unit))} = {quantity_text(weight)} "
        f"{units.name}"
    )
    return replace(
        billed,
        quantity=weight,
        unit=units.name,
        price=abs(per_unit),
        quantity_cells={"unit_price": price, "amount": amount},
        price_cells={"unit_price": price},
        off_by=None,
        notes=(*billed.notes, note),
    )


def _quantify_service(billed: BilledItem, units: LineUnits) -> BilledItem:
    """A row without a quantity that bills a service: one of it, for the amount."""
    unit, amount = billed.unit or units.line.unit_code, billed.item.amount
    printed = billed.item.quantity is not None and billed.item.quantity.value is None
    service = unit is not None and _is_service(unit)
    if billed.quantity or printed or not service or not billed.amount or amount is None:
        return billed
    shown = rounded(to_decimal(abs(billed.amount)), None)
    return replace(
        billed,
        quantity=Fraction(1) if billed.amount > 0 else Fraction(-1),
        unit=unit,
        price=abs(billed.amount),
        quantity_cells={"amount": amount},
        price_cells={"amount": amount},
        off_by=None,
        doubts=tuple(doubt for doubt in billed.doubts if doubt not in NO_QUANTITY),
        notes=(*billed.notes, f"no quantity is printed: taken as one {unit} at {shown}"),
    )


def _quantify_by_price(billed: BilledItem, units: LineUnits) -> BilledItem:
    """A row of an amount alone that is a whole number of times the ordered price.

    "Spot 30 s, 70.00" against an order at 70.00 bills one, where neither side states a unit: goods
    are counted, and of them a row has to say how many. Never more units than are ordered in all:
    the amount over a small price is a whole number by chance.
    """
    price = units.ordered_price()
    if not _is_uncounted(billed, units) or NO_QUANTITY[0] not in billed.doubts or not billed.amount:
        return billed
    ordered = units.quantity(units.line.quantity_ordered, units.line.unit_code)
    if price is None or price <= 0 or ordered is None or billed.amount < 0:
        return billed
    count = Fraction(floor(billed.amount / price + Fraction(1, 2)))
    if not 1 <= count <= ordered or abs(count * price - billed.amount) > AMOUNT_SLACK:
        return billed
    shown = f"{quantity_text(count)} {units.name or 'units'} at {price_text(price)}"
    note = f"no quantity is printed: the amount is that of {shown}, as ordered"
    return _counted(billed, count, units, note)


def as_one_unit(billed: BilledItem, units: LineUnits) -> BilledItem | None:
    """Return a row of an amount alone as one unit at that price; None where it is no such row."""
    if not _is_uncounted(billed, units) or not billed.amount or billed.amount < 0:
        return None
    note = "no quantity is printed: a row for each unit that is due"
    return _counted(billed, Fraction(1), units, note)


def _counted(billed: BilledItem, count: Fraction, units: LineUnits, note: str) -> BilledItem:
    cells = {"amount": billed.item.amount} if billed.item.amount is not None else {}
    return replace(
        billed,
        quantity=count,
        unit=units.name,
        price=(billed.amount or 0) / count,
        quantity_cells=cells,
        price_cells=cells,
        off_by=None,
        price_from_amount=count != 1,
        doubts=tuple(doubt for doubt in billed.doubts if doubt not in NO_QUANTITY),
        notes=(*billed.notes, note),
    )


def _is_service(unit: str) -> bool:
    """Return whether a unit is that of a service: a lump sum, a service unit or a lot."""
    meanings = resolve_unit(unit)
    return bool(meanings) and all(
        meaning.dimension == "service" or meaning.code == "XLT" for meaning in meanings
    )
