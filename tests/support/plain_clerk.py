"""A plain clerk: one order line on one sheet of paper, worked out unit by unit and cent by cent.

Independent of the matching: no fractions of a plan, no explanations, only what stands in the books.
"""

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass
class Bill:
    """One invoice row: units at a price, and what was held back of it in the end."""

    number: str
    units: int
    price: Decimal
    deducted: Decimal = ZERO
    repaid: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        return self.units * self.price

    @property
    def paid(self) -> Decimal:
        return self.amount - self.deducted + self.repaid - self.credited


@dataclass
class Sheet:
    """The books of one order line: what came, what went back, what was billed and credited."""

    ordered: int
    price: Decimal
    received: int = 0
    rejected: int = 0
    returned: int = 0
    units_credited: int = 0
    money_credited: Decimal = ZERO
    bills: list[Bill] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Units that are in the warehouse and were ordered."""
        return max(0, min(self.ordered, self.received - self.rejected - self.returned))

    @property
    def billed_units(self) -> int:
        return sum(bill.units for bill in self.bills) - self.units_credited

    @property
    def overbilled(self) -> Decimal:
        """Money that units were billed above the ordered price and that was not given back."""
        asked = sum((bill.amount for bill in self.bills), ZERO)
        return asked - self.billed_units * self.price - self.money_credited

    def judge(self, units: int, price: Decimal) -> Decimal:
        """What must not be paid of a new bill: each unit is looked at by itself."""
        room = min(self.ordered, self.received - self.rejected - self.returned) - self.billed_units
        refused = ZERO
        for place in range(units):
            if place >= max(0, room):
                refused += min(price, self.price)
            refused += max(ZERO, price - self.price)
        return refused

    @property
    def paid(self) -> Decimal:
        """All money that went to the vendor, less what he gave back."""
        return sum((bill.paid for bill in self.bills), ZERO) - self.money_credited

    @property
    def held(self) -> Decimal:
        """Money that deductions hold back."""
        return sum((bill.deducted - bill.repaid for bill in self.bills), ZERO)
