"""Discounts and charges of the header held against its totals: what fits no sum and is weak goes.

The network takes any number beside a total for a discount or freight now and then, and hardly
believes it. Of 122 weak ones on the development papers (advertising and e-invoices, text) 59 were
the difference of no two sums; each of them alone makes a document that ties out look wrong.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations, product

from data.records import Field

EXTRAS = ("total_discount", "shipping_charge", "total_charge")
TOTALS = ("sub_total", "invoice_total", "amount_due")
WEAK = 0.5  # confidence below which a sum has to speak for the number
_SLACK = Decimal("0.02")


def without_unproven_extras(
    fields: Mapping[str, Field], lines_sum: Decimal | None
) -> dict[str, Field]:
    """Return the fields without weak discounts and charges that no two printed sums differ by.

    `lines_sum` is the sum of the line amounts; None where one was not read. Two extras may stand
    between the same two sums, one taken off and one added.
    """
    totals = [fields[name].decimal for name in TOTALS if name in fields]
    sums = {total for total in (*totals, lines_sum) if total is not None}
    tax = fields["total_tax"].decimal if "total_tax" in fields else None
    gaps = {high - low for high, low in permutations(sums, 2) if high > low}
    gaps |= {abs(gap - abs(tax)) for gap in gaps} if tax else set()
    extras = {
        name: abs(money)
        for name in EXTRAS
        if name in fields and (money := fields[name].decimal) is not None
    }
    return {
        name: leaf
        for name, leaf in fields.items()
        if name not in extras
        or leaf.confidence >= WEAK
        or _is_gap(extras[name], gaps)
        or any(
            _is_gap(abs(extras[name] + sign * other), gaps)
            for partner, other in extras.items()
            for sign in (1, -1)
            if partner != name
        )
    }


def open_difference(
    fields: Mapping[str, Field], lines_sum: Decimal | None
) -> tuple[str, Decimal] | None:
    """The total nearest to the lines' sum, by name, and what it differs by; None where one fits.

    A total fits as it is, or with any of the printed tax, charges and discounts between. None too
    where no total or no line amount was read.
    """
    totals = {
        name: money
        for name in TOTALS
        if name in fields and (money := fields[name].decimal) is not None
    }
    if lines_sum is None or not totals:
        return None
    between = [
        abs(money)
        for name in (*EXTRAS, "total_tax")
        if name in fields and (money := fields[name].decimal) is not None
    ]
    sums = {
        lines_sum + sum(sign * money for sign, money in zip(signs, between, strict=True))
        for signs in product((0, 1, -1), repeat=len(between))
    }
    name, difference = min(
        ((name, total - lines) for name, total in totals.items() for lines in sums),
        key=lambda gap: abs(gap[1]),
    )
    return None if abs(difference) <= _SLACK else (name, totals[name] - lines_sum)


def _is_gap(money: Decimal, gaps: set[Decimal]) -> bool:
    return any(gap > _SLACK and abs(gap - money) <= _SLACK for gap in gaps)
