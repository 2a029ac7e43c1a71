"""Several orders made one, and problems for terms on which they differ.

Each line keeps the number of its own order. Terms on which the orders differ are not known for all
of them: they are left out, and a problem sends the dispute to a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from data.order_records import PlannedCharge, PurchaseOrder
from data.records import Problem

# Terms that hold for one order as a whole, with their value where they are not known.
_TERMS: dict[str, Any] = {
    "unit_code_list": None,
    "payment_terms": None,
    "freight_terms": "unknown",
    "agreed_rates": {},
    "closed": False,
    "tax_exempt": False,
    "tax_rate": None,
    "allowances": (),
}
_VENDOR = ("vendor_id", "vendor_tax_id")


def merge_orders(orders: Sequence[PurchaseOrder]) -> tuple[PurchaseOrder, tuple[Problem, ...]]:
    """Return the orders as one, and a problem for each term that is not compared.

    Raises `ValueError` where they are in different currencies or with different vendors.
    """
    folded = [_fold_charges(order) for order in orders]
    if len(folded) == 1:
        return folded[0], ()
    folded = [_charges_on_lines(order) for order in folded]
    for name in ("currency", *_VENDOR):
        _refuse_differing(folded, name)
    terms, differing = _common_terms(folded)
    merged = replace(
        folded[0],
        lines=tuple(
            replace(line, po_number=line.po_number or order.po_number)
            for order in folded
            for line in order.lines
        ),
        planned_charges=tuple(charge for order in folded for charge in order.planned_charges),
        required_documents=tuple(
            dict.fromkeys(kind for order in folded for kind in order.required_documents)
        ),
        **terms,
    )
    return merged, tuple(differing)


def _refuse_differing(orders: Sequence[PurchaseOrder], name: str) -> None:
    values = {
        value: order.po_number for order in orders if (value := getattr(order, name)) is not None
    }
    if len(values) > 1:
        stated = ", ".join(f"{number}: {value}" for value, number in values.items())
        raise ValueError(
            f"the orders differ in {name} ({stated}); give each of them in a call of its own"
        )


def _common_terms(orders: Sequence[PurchaseOrder]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the terms of all orders together, and problems for those that differ."""
    terms: dict[str, Any] = {
        name: next((value for order in orders if (value := getattr(order, name))), None)
        for name in ("currency", "vendor_name", *_VENDOR)
    }
    differing: list[str] = []
    for name, unknown in _TERMS.items():
        values = [getattr(order, name) for order in orders]
        is_common = all(value == values[0] for value in values)
        # A sum of money off one order is not known to be off an invoice over several.
        if name == "allowances" and any(allowance.amount for allowance in values[0]):
            is_common = False
        terms[name] = values[0] if is_common else unknown
        differing += [] if is_common else [name]
    for name in ("planned_freight", "agreed_deposit"):
        known = [money for order in orders if (money := getattr(order, name)) is not None]
        terms[name] = sum(known, Decimal(0)) if known else None
        differing += [name] if 0 < len(known) < len(orders) else []
    days = {order.order_date for order in orders}
    terms["order_date"] = days.pop() if len(days) == 1 else None
    if days and any(line.price_versions for order in orders for line in order.lines):
        differing.append("order_date")
    numbers = ", ".join(order.po_number for order in orders)
    return terms, [
        Problem(
            "not_compared",
            f"orders {numbers}: they differ in {name.replace('_', ' ')}, which is not compared",
        )
        for name in differing
    ]


def _fold_charges(order: PurchaseOrder) -> PurchaseOrder:
    """Return the order with planned amounts of freight and deposit where matching looks for them.

    Freight on a line stays with the line; deposits count for the whole order.
    """
    lines = []
    deposit = _sum_of("deposit", order.planned_charges)
    for line in order.lines:
        freight = _sum_of("freight", line.planned_charges)
        more = _sum_of("deposit", line.planned_charges)
        deposit = deposit if more is None else (deposit or Decimal(0)) + more
        if line.planned_charges:
            rest = _not_folded(line.planned_charges)
            known = line.planned_freight if freight is None else freight
            line = replace(line, planned_freight=known, planned_charges=rest)
        lines.append(line)
    freight = _sum_of("freight", order.planned_charges)
    return replace(
        order,
        lines=tuple(lines),
        planned_freight=order.planned_freight if freight is None else freight,
        agreed_deposit=order.agreed_deposit
        if deposit is None
        else (order.agreed_deposit or Decimal(0)) + deposit,
        planned_charges=_not_folded(order.planned_charges),
    )


def _charges_on_lines(order: PurchaseOrder) -> PurchaseOrder:
    """Return the order with charges by rate or per unit on its lines: they are for these alone."""
    spread = tuple(charge for charge in order.planned_charges if charge.amount is None)
    return replace(
        order,
        lines=tuple(
            replace(line, planned_charges=(*line.planned_charges, *spread)) for line in order.lines
        ),
        planned_charges=tuple(
            charge for charge in order.planned_charges if charge.amount is not None
        ),
    )


def _is_folded(charge: PlannedCharge) -> bool:
    return charge.kind in ("freight", "deposit") and charge.amount is not None


def _sum_of(kind: str, charges: Iterable[PlannedCharge]) -> Decimal | None:
    amounts = [
        charge.amount for charge in charges if charge.kind == kind and charge.amount is not None
    ]
    return sum(amounts, Decimal(0)) if amounts else None


def _not_folded(charges: Iterable[PlannedCharge]) -> tuple[PlannedCharge, ...]:
    return tuple(charge for charge in charges if not _is_folded(charge))
