"""What an X12 order agrees on beside its prices: payment terms (ITD), allowances and freight (SAC).

A condition is used where the segment states it exactly: an allowance that is taken off the invoice
(element 331), in percent of a stated basis (378) or in money for a unit. What order data has no
place for is left out and told. Codes are those of release 004010.
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
# Days of payment and discount as dates, amounts and parts, which plain terms have none of.
_OTHER_TERMS = (4, 6, 8, 9, 10, 11, 13)


@dataclass(frozen=True, slots=True)
class Priced:
    """What a line orders, and the unit of its price with how many of it the price is for."""

    quantity: str | None
    unit: str | None
    base: str


def payment_terms(head: Sequence[Segment], left_out: list[str]) -> str | None:
    """The terms of the ITD, such as "2/10 NET 30"; its own words where it has nothing else."""
    found = [one for one in head if one.name == "ITD"]
    if not found:
        return None
    one = found[0]
    plain = len(found) == 1 and one.element(1) in _PLAIN_TERMS and one.element(2) in _INVOICE_DATE
    if plain and not any(one.element(number) for number in _OTHER_TERMS):
        net, percent, days = (one.element(number) for number in (7, 3, 5))
        if net.isdecimal() and not percent and not days:
            return f"NET {net}"
        if net.isdecimal() and number_at(one, 3) and days.isdecimal():
            return f"{number_at(one, 3)}/{days} NET {net}"
    if len(found) == 1 and one.element(12) and not any(map(one.element, range(3, 12))):
        return one.element(12)
    left_out.append(f"{one.place}: the payment terms are left out: they are no plain days to pay")
    return None


def order_conditions(head: Sequence[Segment], left_out: list[str]) -> dict[str, Any]:
    """`allowances` and `planned_freight` of an order, those that are stated."""
    allowances: list[dict[str, str]] = []
    freight: list[Decimal] = []
    for one in _stated(head):
        amount, percent = cents_at(one, 5), number_at(one, 7)
        if one.element(1) == "C":
            if one.element(2) != FREIGHT or one.element(12) not in ("", _BY_CUSTOMER):
                left_out.append(f"{one.place}: a charge that is no freight to pay is left out")
            elif amount is None:
                left_out.append(f"{one.place}: freight without an amount is left out")
            else:
                freight.append(Decimal(amount))
        elif (why := _not_off_invoice(one)) is not None:
            left_out.append(f"{one.place}: the allowance is left out: {why}")
        elif percent is not None and one.element(6) in _OF_THE_ORDER:
            allowances.append({"rate": percent})
        elif percent is None and amount is not None:
            allowances.append({"amount": amount})
        else:
            left_out.append(f"{one.place}: the allowance is left out: of what it is taken is open")
    found: dict[str, Any] = {
        "allowances": allowances,
        "planned_freight": format(sum(freight, Decimal(0)), "f") if freight else None,
    }
    return {name: value for name, value in found.items() if value}


def line_allowances(
    transaction: Transaction,
    inside: Sequence[Segment],
    priced: Priced,
    left_out: list[str],
) -> list[dict[str, str]]:
    """The allowances of a line."""
    allowances = []
    for one in _stated(inside):
        if one.element(1) == "C":
            continue
        percent, rate = number_at(one, 7), number_at(one, 8)
        why = _not_off_invoice(one) or _of_another_quantity(one, priced)
        if why is None and percent is not None and one.element(6) in _OF_THE_PRICE:
            allowances.append({"rate": percent})
        elif (
            why is None and percent is None and rate and unit_at(transaction, one, 9) == priced.unit
        ):
            allowances.append({"amount": format(Decimal(rate) * Decimal(priced.base), "f")})
        else:
            why = why or "how much of it belongs to one unit is not said"
            left_out.append(f"{one.place}: the allowance is left out: {why}")
    return allowances


def _stated(segments: Sequence[Segment]) -> list[Segment]:
    """The SACs that are an allowance (A) or a charge (C): promotions and services are neither."""
    return [one for one in segments if one.name == "SAC" and one.element(1) in ("A", "C")]


def _not_off_invoice(one: Segment) -> str | None:
    """Why an allowance is not, or not surely, taken off the invoice."""
    if one.element(12) == _OFF_INVOICE:
        return None
    return f"SAC12 is {one.element(12)!r}, not off invoice ({_OFF_INVOICE})"


def _of_another_quantity(one: Segment, priced: Priced) -> str | None:
    """Why an allowance is not on every ordered unit: it is for a range, or for some of them."""
    quantity = number_at(one, 10)
    if one.element(11):
        return "it is for a range of quantities (SAC11)"
    if quantity is None or Decimal(quantity) == Decimal(priced.quantity or "NaN"):
        return None
    return f"it is for {quantity} units (SAC10), and {priced.quantity} are ordered"
