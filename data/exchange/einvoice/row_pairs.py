"""Rows of a page beside lines of an e-invoice: which belong together, and do their cells agree."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from data.records import Alternative, Field, LineItem, Value

# Two sources say different things and nothing says which is right.
DISPUTED = 0.5
# The page's reader must be at least this sure to speak against the XML.
SURE = 0.5
_NUMBERS = ("quantity", "unit_price", "amount")
_CODES = ("product_code", "buyer_item_id", "gtin")
_SAME_NAME = 80  # token set ratio from which two descriptions may name one article
# A pair shares a code, two numbers, or a number and the name. Order only breaks ties.
_LEAST = 2.0
_ORDER_WEIGHT = 0.01
_CENT = Decimal("0.01")


def cell_says(leaf: Field, value: Value | None) -> bool:
    """Whether the value is one of the cell's readings; texts by their letters and digits."""
    if value is None:
        return False
    readings = (leaf.value, *(other.value for other in leaf.alternatives))
    return any(_same(reading, value) for reading in readings if reading is not None)


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    return type(one) is type(other) and one == other


def _plain(text: str) -> str:
    # Systems pad their numbers with zeros that pages leave out.
    return re.sub(r"\W+", "", text.casefold()).lstrip("0")


def placed(ours: Field, theirs: Field) -> Field:
    """The exact value in the place where the page prints it."""
    return replace(ours, page=theirs.page, polygon=theirs.polygon)


def disputed(ours: Field, theirs: Field) -> Field:
    """The XML's value with the page's as the other reading, and no claim to be right."""
    if theirs.value is None:
        return ours
    other = Alternative(theirs.value, 1 - DISPUTED)
    return replace(placed(ours, theirs), confidence=DISPUTED, alternatives=(other,))


def with_tax(line: LineItem) -> Decimal | None:
    """The line's amount with its tax, to the cent: some pages print that."""
    if line.amount is None or line.amount.decimal is None:
        return None
    rate = line.tax_rate.decimal if line.tax_rate is not None else None
    if rate is None:
        return None
    return (line.amount.decimal * (1 + rate / 100)).quantize(_CENT, ROUND_HALF_UP)


def same_price(ours: LineItem, theirs: LineItem, gross: str | None) -> bool:
    """Whether the page prints the price before its discount, or per another number of units."""
    price = theirs.unit_price
    if price is None or price.decimal is None:
        return False
    if gross is not None and cell_says(price, Decimal(gross)):
        return True
    mine = ours.unit_price
    if mine is None or mine.decimal is None:
        return False
    return mine.decimal * _base(theirs) == price.decimal * _base(ours)


def _base(line: LineItem) -> Decimal:
    leaf = line.price_base_quantity
    return (leaf.decimal if leaf is not None else None) or Decimal(1)


def pair_rows(ours: Sequence[LineItem], theirs: Sequence[LineItem]) -> dict[int, int]:
    """Rows of the page (`theirs`) by line of the XML (`ours`), one to one, most alike over all."""
    if not ours or not theirs:
        return {}
    likeness = np.array(
        [
            [
                _likeness(line, row)
                + _ORDER_WEIGHT * (1 - abs(at / len(ours) - other / len(theirs)))
                for other, row in enumerate(theirs)
            ]
            for at, line in enumerate(ours)
        ]
    )
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if likeness[row, column] >= _LEAST
    }


def _likeness(ours: LineItem, theirs: LineItem) -> float:
    score = 0.0
    for name in _NUMBERS:
        mine, other = ours.field(name), theirs.field(name)
        score += mine is not None and other is not None and cell_says(other, mine.value)
    codes = [{_plain(leaf.text) for name in _CODES if (leaf := line.field(name)) and leaf.text}
             for line in (ours, theirs)]  # fmt: skip
    score += 2.0 * bool(codes[0] & codes[1])
    if ours.description is not None and theirs.description is not None:
        names = ours.description.text or "", theirs.description.text or ""
        score += fuzz.token_set_ratio(*(name.casefold() for name in names)) >= _SAME_NAME
    return score
