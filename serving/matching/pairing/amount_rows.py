"""Rows whose quantity follows from the amount: goods paid by weight, services by the lot."""

from dataclasses import replace
from fractions import Fraction

from data.values.units import resolve_unit
from serving.matching.findings.arithmetic import price_text, quantity_text, rounded, to_decimal
from serving.matching.pairing.billed_line import NO_QUANTITY, BilledItem
from serving.matching.pairing.line_units import LineUnits


def quantify_by_amount(billed: BilledItem, units: LineUnits) -> BilledItem:
    """Return the row with the quantity from its amount, where the PO line is paid that way."""
    return _quantify_by_weight(_quantify_service(billed, units), units)


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


def _is_service(unit: str) -> bool:
    """Return whether a unit is that of a service: a lump sum, a service unit or a lot."""
    meanings = resolve_unit(unit)
    return bool(meanings) and all(
        meaning.dimension == "service" or meaning.code == "XLT" for meaning in meanings
    )
