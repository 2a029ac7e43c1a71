"""Conditions of an X12 order: payment terms (ITD), allowances and freight (SAC).

A condition is used where the segment states it exactly: an allowance that is taken off the invoice
(element 331), in percent of a stated basis (378) or in money for a unit. Conditions that order data
has no field for are left out and reported. Codes are those of release 004010.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data.exchange.x12.elements import cents_at, number_at, unit_at
from data.exchange.x12.segments import Segment, Transaction

# Element 1300
FREIGHT = "D240"
# Element 331: off invoice; charge to be paid by the customer.
_OFF_INVOICE, _BY_CUSTOMER = "02", "06"
# Element 378: gross, base price per unit, item unit price; gross, order total.
_OF_THE_PRICE, _OF_THE_ORDER = ("3", "5", "C"), ("3", "D")
# Element 336: basic, discount not applicable, basic discount offered. Element 333: invoice date.
_PLAIN_TERMS, _INVOICE_DATE = ("", "01", "05", "08"), ("", "3")
# Days of payment and discount as dates, amounts and parts, which plain terms do not have.
_OTHER_TERMS = (4, 6, 8, 9, 10, 11, 13)


@dataclass(frozen=True, slots=True)
class PricedQuantity:
    """The ordered quantity of a line, and the unit and base quantity of its price."""

    quantity: str | None
    unit: str | None
    base: str


def payment_terms(head: Sequence[Segment], left_out: list[str]) -> str | None:
    """Return the terms of the ITD, such as "2/10 NET 30"; its own text where it has only that."""
    terms = [segment for segment in head if segment.name == "ITD"]
    if not terms:
        return None
    segment = terms[0]
    plain = (
        len(terms) == 1
        and segment.element(1) in _PLAIN_TERMS
        and segment.element(2) in _INVOICE_DATE
    )
    if plain and not any(segment.element(number) for number in _OTHER_TERMS):
        net, percent, days = (segment.element(number) for number in (7, 3, 5))
        if net.isdecimal() and not percent and not days:
            return f"NET {net}"
        if net.isdecimal() and number_at(segment, 3) and days.isdecimal():
            return f"{number_at(segment, 3)}/{days} NET {net}"
    if len(terms) == 1 and segment.element(12) and not any(map(segment.element, range(3, 12))):
        return segment.element(12)
    left_out.append(
        f"{segment.place}: the payment terms are left out: they are not a plain number of days"
    )
    return None


def order_conditions(head: Sequence[Segment], left_out: list[str]) -> dict[str, Any]:
    """Return the stated ones of `allowances` and `planned_freight` of an order."""
    allowances: list[dict[str, str]] = []
    freight: list[Decimal] = []
    for segment in _allowances_and_charges(head):
        amount, percent = cents_at(segment, 5), number_at(segment, 7)
        if segment.element(1) == "C":
            if segment.element(2) != FREIGHT or segment.element(12) not in ("", _BY_CUSTOMER):
                left_out.append(
                    f"{segment.place}: a charge other than freight payable by the customer "
                    "is left out"
                )
            elif amount is None:
                left_out.append(f"{segment.place}: freight without an amount is left out")
            else:
                freight.append(Decimal(amount))
        elif (objection := _off_invoice_objection(segment)) is not None:
            left_out.append(f"{segment.place}: the allowance is left out: {objection}")
        elif percent is not None and segment.element(6) in _OF_THE_ORDER:
            allowances.append({"rate": percent})
        elif percent is None and amount is not None:
            allowances.append({"amount": amount})
        else:
            left_out.append(f"{segment.place}: the allowance is left out: its basis is not stated")
    conditions: dict[str, Any] = {
        "allowances": allowances,
        "planned_freight": format(sum(freight, Decimal(0)), "f") if freight else None,
    }
    return {name: value for name, value in conditions.items() if value}


def line_allowances(
    transaction: Transaction,
    segments: Sequence[Segment],
    priced: PricedQuantity,
    left_out: list[str],
) -> list[dict[str, str]]:
    """Return the allowances of a line."""
    allowances = []
    for segment in _allowances_and_charges(segments):
        if segment.element(1) == "C":
            continue
        percent, rate = number_at(segment, 7), number_at(segment, 8)
        objection = _off_invoice_objection(segment) or _quantity_objection(segment, priced)
        if objection is None and percent is not None and segment.element(6) in _OF_THE_PRICE:
            allowances.append({"rate": percent})
        elif (
            objection is None
            and percent is None
            and rate
            and unit_at(transaction, segment, 9) == priced.unit
        ):
            allowances.append({"amount": format(Decimal(rate) * Decimal(priced.base), "f")})
        else:
            objection = objection or "its share of one unit is not stated"
            left_out.append(f"{segment.place}: the allowance is left out: {objection}")
    return allowances


def _allowances_and_charges(segments: Sequence[Segment]) -> list[Segment]:
    """Return the SACs of an allowance (A) or a charge (C), without promotions and services."""
    return [
        segment
        for segment in segments
        if segment.name == "SAC" and segment.element(1) in ("A", "C")
    ]


def _off_invoice_objection(segment: Segment) -> str | None:
    """Return the reason why an allowance is not certainly taken off the invoice, or None."""
    if segment.element(12) == _OFF_INVOICE:
        return None
    return f"SAC12 is {segment.element(12)!r}, not off invoice ({_OFF_INVOICE})"


def _quantity_objection(segment: Segment, priced: PricedQuantity) -> str | None:
    """Return the reason why an allowance is not for all ordered units, or None."""
    quantity = number_at(segment, 10)
    if segment.element(11):
        return "it is for a range of quantities (SAC11)"
    if quantity is None or Decimal(quantity) == Decimal(priced.quantity or "NaN"):
        return None
    return f"it is for {quantity} units (SAC10), and {priced.quantity} are ordered"
