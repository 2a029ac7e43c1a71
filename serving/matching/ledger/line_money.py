"""The money ledger of one order line: what was billed and given back on it before, in money.

It stands beside the quantity ledger (`pairing.order_line`). An earlier bill without units moved
money alone: a price corrected afterwards, money paid in advance, money kept back until the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.order_records import BilledLine
from serving.matching.ledger.charge_money import is_charge


@dataclass(frozen=True, slots=True)
class LineMoney:
    """Money of all earlier bills on one order line, each part positive.

    `billed` and `credited` came with units, `debited` and `reduced` without. `is_known` False: some
    bill does not state its money, so that no sum of it can be trusted. `unit_bills` are the units
    and the money of each bill that has both.
    """

    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    debited: Decimal = Decimal(0)
    reduced: Decimal = Decimal(0)
    is_known: bool = True
    unit_bills: tuple[tuple[Decimal, Decimal], ...] = ()

    @property
    def asked(self) -> Decimal:
        """The money that all earlier bills together ask for."""
        return self.billed - self.credited + self.debited - self.reduced

    def beyond(self, worth: Fraction) -> Fraction | None:
        """Return what was billed beyond what the units billed are worth; negative: less.

        None where some bill does not state its money.
        """
        return Fraction(self.asked) - worth if self.is_known else None

    def advance(self, worth: Fraction) -> Fraction:
        """Return the money paid in advance that the units billed so far have not used up.

        Money for units that one bill or another billed too low is no advance: what of it was too
        much was disputed on its own bill.
        """
        beyond = self.beyond(worth)
        without_units = Fraction(self.debited - self.reduced)
        if beyond is None or without_units <= 2 * self._billed_too_low(worth):
            return Fraction(0)
        return max(Fraction(0), min(beyond, without_units))

    def _billed_too_low(self, worth: Fraction) -> Fraction:
        """Return what single bills of units asked for less than these are worth."""
        units = sum((Fraction(count) for count, _ in self.unit_bills), Fraction(0))
        if units <= 0:
            return Fraction(0)
        gaps = (
            Fraction(count) * worth / units - Fraction(money) for count, money in self.unit_bills
        )
        return sum((gap for gap in gaps if gap > 0), Fraction(0))


NO_MONEY = LineMoney()


def line_money(bills: Sequence[BilledLine]) -> LineMoney:
    """Return the money of the live earlier bills on one order line."""
    sums = {"billed": Decimal(0), "credited": Decimal(0)}
    sums |= {"debited": Decimal(0), "reduced": Decimal(0)}
    is_known = True
    bills = [bill for bill in bills if not is_charge(bill)]
    for bill in bills:
        if bill.amount is None:
            is_known = is_known and not bill.base_quantity
            continue
        name = "billed" if bill.base_quantity else "debited"
        if bill.base_quantity < 0 or (not bill.base_quantity and bill.amount < 0):
            name = "credited" if bill.base_quantity else "reduced"
        # A credit is written with either sign; units say which way it goes.
        sums[name] += abs(bill.amount) if name in ("credited", "reduced") else bill.amount
    unit_bills = tuple(
        (bill.base_quantity, bill.amount)
        for bill in bills
        if bill.base_quantity and bill.amount is not None
    )
    return LineMoney(is_known=is_known, unit_bills=unit_bills, **sums)
