"""Charges that earlier invoices of an order billed, beside its goods: freight, deposits, others.

An earlier bill may state what it was for. One without units that does not, and that the planned
charges of the order can hold, is taken for a charge: then what is found beyond them is a question.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from data.order_records import BilledLine, OrderData, PurchaseOrder

ChargeGroup = Literal["freight", "deposit", "other"]
GROUPS: tuple[ChargeGroup, ...] = ("freight", "deposit", "other")
# What no earlier bill states: a charge by its money alone.
_UNNAMED = "charge"
# Kinds of earlier bills that are money of an order line itself.
_LINE_KINDS = frozenset({None, "goods", "advance", "retention"})
_CENT = Fraction(1, 100)


def group_of(kind: str) -> ChargeGroup:
    """Return the group of charges that is compared as one."""
    if kind == "freight":
        return "freight"
    return "deposit" if kind == "deposit" else "other"


def is_charge(bill: BilledLine) -> bool:
    """Return whether an earlier bill is a charge, and no money of its order line."""
    return bill.kind not in _LINE_KINDS


@dataclass(frozen=True, slots=True)
class ChargesBefore:
    """Money of earlier charges by group; `unnamed` is that which does not say what it was for."""

    stated: Mapping[ChargeGroup, Fraction]
    unnamed: Fraction = Fraction(0)

    def by_group(
        self,
        planned: Mapping[ChargeGroup, Fraction],
        billed_now: Mapping[ChargeGroup, Fraction],
    ) -> dict[ChargeGroup, Fraction]:
        """Return the money of earlier charges by group, in the vendor's favour.

        What is unnamed fills the room that the plan leaves beside what is billed now; the rest of
        it counts for the first group that is billed again.
        """
        sums = {group: self.stated.get(group, Fraction(0)) for group in GROUPS}
        left = self.unnamed
        for group in GROUPS:
            now = billed_now.get(group, Fraction(0))
            room = planned.get(group, Fraction(0)) - sums[group] - now
            used = max(Fraction(0), min(left, room))
            sums[group], left = sums[group] + used, left - used
        again = (group for group in GROUPS if planned.get(group) and billed_now.get(group))
        first = next(again, None)
        if first is not None:
            sums[first] += left
        return sums


NO_CHARGES = ChargesBefore({})


def charges_before(bills: Sequence[BilledLine]) -> ChargesBefore:
    """Return the charges among the live earlier bills of an order."""
    stated: defaultdict[ChargeGroup, Fraction] = defaultdict(Fraction)
    unnamed = Fraction(0)
    for bill in bills:
        if bill.kind == _UNNAMED:
            unnamed += Fraction(bill.amount or 0)
        elif is_charge(bill):
            stated[group_of(bill.kind or "")] += Fraction(bill.amount or 0)
    return ChargesBefore(dict(stated), unnamed)


def name_charges(data: OrderData) -> OrderData:
    """Return the order data, earlier bills named charges where the order's plan can hold them.

    Only bills of money without units that do not say what they were for, all of them together.
    """
    plain = [bill for bill in data.billed if _is_plain(bill)]
    money = sum((Fraction(bill.amount or 0) for bill in plain), Fraction(0))
    if not plain or not money or money > most_planned(data.order) + _CENT:
        return data
    named = (replace(bill, kind=_UNNAMED) if _is_plain(bill) else bill for bill in data.billed)
    return replace(data, billed=tuple(named))


def _is_plain(bill: BilledLine) -> bool:
    return bill.kind is None and not bill.base_quantity and (bill.amount or 0) > 0


def most_planned(order: PurchaseOrder) -> Fraction:
    """Return the money of all planned charges once everything ordered is billed."""
    stated = [order.planned_freight, order.agreed_deposit]
    stated += [line.planned_freight for line in order.lines]
    total = sum((Fraction(money) for money in stated if money is not None), Fraction(0))
    total += sum((Fraction(charge.amount or 0) for charge in order.planned_charges), Fraction(0))
    for line in order.lines:
        units = Fraction(line.quantity_ordered)
        worth = units * Fraction(line.unit_price or 0) / Fraction(line.price_base_quantity)
        for charge in line.planned_charges:
            total += Fraction(charge.amount or 0)
        for charge in (*order.planned_charges, *line.planned_charges):
            total += worth * Fraction(charge.rate or 0) / 100
            total += units * Fraction(charge.unit_amount or 0)
    return total
