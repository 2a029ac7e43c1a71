"""Planned charges in money: fixed, by rate or per unit, on the goods that are billed.

A rate is on the goods at their ordered prices, and a unit's charge on units that were ordered: what
is billed too dear or beyond the order adds nothing to its charges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from data.order_records import OrderLine, PlannedCharge, PurchaseOrder
from serving.matching.ledger.charge_money import (
    NO_CHARGES,
    ChargeGroup,
    ChargesBefore,
    group_of,
)
from serving.matching.pairing.line_share import Share, units_in, value_of
from serving.matching.pairing.order_line import Standing, line_key

_CENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of one order line that were billed: units as ordered, and their worth."""

    units: Fraction = Fraction(0)
    worth: Fraction = Fraction(0)


_NONE = Goods()


def goods_now(standing: Standing, shares: Sequence[Share], factor: Fraction) -> Goods:
    """Return the goods billed now on an order line, no more than the order leaves.

    `factor` is what the order's allowances on whole invoices leave of a price: charges are on
    prices before them.
    """
    if any(share.quantity is None for share in shares):
        return Goods(Fraction(0), value_of(shares) / (factor or 1))
    units = units_in(shares)
    if standing.order_limit is not None:
        room = max(Fraction(0), standing.order_limit - standing.billed_before)
        units = min(units, room) if units > 0 else units
    price = standing.price
    worth = value_of(shares) if price is None else units * price
    return Goods(units / _size(standing), worth / (factor or 1))


def goods_before(standing: Standing, factor: Fraction) -> Goods:
    """Return the goods that earlier invoices billed on an order line."""
    units = standing.billed_before
    worth = units * (standing.price or Fraction(0))
    return Goods(units / _size(standing), worth / (factor or 1))


def _size(standing: Standing) -> Fraction:
    return standing.units.size(standing.line.unit_code) or Fraction(1)


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """Charges that an order plans to pay beside its goods, and what of them was billed before.

    `now` and `before` are the goods billed by the key of their order line.
    """

    order: PurchaseOrder
    now: Mapping[str, Goods] = field(default_factory=dict)
    before: Mapping[str, Goods] = field(default_factory=dict)
    earlier: ChargesBefore = NO_CHARGES

    def planned(self, group: ChargeGroup, with_earlier: bool = False) -> Fraction | None:
        """Return the money planned for a group on the goods billed; None where none is planned.

        Money agreed for an order or a line as a whole is due with its first bill.
        """
        parts = [_fixed(self.order, group)]
        for line in self.order.lines:
            charges = [
                charge
                for charge in (*self.order.planned_charges, *line.planned_charges)
                if group_of(charge.kind) == group and charge.amount is None
            ]
            parts += [self._on_goods(charge, line, with_earlier) for charge in charges]
            parts += [
                Fraction(charge.amount)
                for charge in line.planned_charges
                if group_of(charge.kind) == group and charge.amount is not None
            ]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if known else None

    def _on_goods(self, charge: PlannedCharge, line: OrderLine, with_earlier: bool) -> Fraction:
        key, money = line_key(line), Fraction(0)
        goods = [self.now.get(key, _NONE), *([self.before.get(key, _NONE)] if with_earlier else [])]
        for part in goods:
            money += part.worth * Fraction(charge.rate or 0) / 100
            money += part.units * Fraction(charge.unit_amount or 0)
        return money

    def slack(self, group: ChargeGroup) -> Fraction:
        """Return what rounding may add: a cent where charges are worked out, else nothing."""
        charges = [*self.order.planned_charges]
        charges += [charge for line in self.order.lines for charge in line.planned_charges]
        worked_out = (
            charge.amount is None and group_of(charge.kind) == group for charge in charges
        )
        return _CENT if group == "other" or any(worked_out) else Fraction(0)


def _fixed(order: PurchaseOrder, group: ChargeGroup) -> Fraction | None:
    """Return the money agreed for the order as a whole; None where none is."""
    stated = [charge.amount for charge in order.planned_charges if group_of(charge.kind) == group]
    if group == "freight":
        stated += [order.planned_freight, *(line.planned_freight for line in order.lines)]
    if group == "deposit":
        stated.append(order.agreed_deposit)
    known = [Fraction(money) for money in stated if money is not None]
    return sum(known, Fraction(0)) if known else None
