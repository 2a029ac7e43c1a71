"""The quantity that a paper states: of the several that it prints, the one it stands for.

A delivery paper prints what was ordered, shipped, received and left open side by side, and an order
what was ordered. `quantity` is then the one that the kind of paper vouches for. On an invoice it is
the one that multiplies: the quantity billed.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from data.records import Field, LineItem
from training.decoding.derived_values import decimal_of

_RECEIVED_FIRST = ("quantity_received", "quantity_shipped")
_SHIPPED_FIRST = ("quantity_shipped", "quantity_received")
# By kind of paper, the columns that state its quantity, the first that is printed
STATED: Mapping[str, tuple[str, ...]] = {
    "purchase_order": ("quantity_ordered",),
    "packing_slip": _SHIPPED_FIRST,
    "delivery_note": _RECEIVED_FIRST,
    "bill_of_lading": _SHIPPED_FIRST,
    "proof_of_delivery": _RECEIVED_FIRST,
}
BILLED = ("quantity_shipped", "quantity_ordered")  # on papers with prices
_CENT = Decimal("0.01")


def with_paper_quantity(line: LineItem, document_type: str) -> LineItem:
    """Return the line with the quantity its paper stands for, where no surer one was read.

    It keeps the place and confidence of the one it was taken from.
    """
    read = 0.0 if line.quantity is None else line.quantity.confidence
    if document_type in STATED:
        names: tuple[str, ...] = STATED[document_type]
    elif line.quantity is not None:
        return line
    else:
        names = tuple(name for name in BILLED if _multiplies(line, getattr(line, name)))
    for name in names:
        leaf: Field | None = getattr(line, name)
        if leaf is not None and leaf.value is not None and leaf.confidence > read:
            stated = replace(leaf, source="derived", derived_from=(name,))
            return replace(line, quantity=stated)
    return line


def _multiplies(line: LineItem, quantity: Field | None) -> bool:
    """True where that quantity times the unit price is the line's amount, to the cent."""
    units, price, amount = map(decimal_of, (quantity, line.unit_price, line.amount))
    if units is None or price is None or amount is None:
        return False
    base = decimal_of(line.price_base_quantity) or Decimal(1)
    return abs(units * price / base - amount) < _CENT
