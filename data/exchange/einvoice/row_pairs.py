"""Pairing of an e-invoice's XML lines with the page's rows, and comparison of their cells."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from data.records import Alternative, Field, LineItem, Value

# Confidence of a cell in which page and XML differ: neither is known to be right.
DISPUTED = 0.5
# Confidence from which a cell read from the page can contradict the XML.
MIN_CONFIDENCE = 0.5
_NUMBERS = ("quantity", "unit_price", "amount")
_CODES = ("product_code", "buyer_item_id", "gtin")
_SAME_NAME = 80  # token set ratio from which two descriptions may be of one article
# A pair shares a code, two numbers, or a number and the name. Order only breaks ties.
_MIN_LIKENESS = 2.0
_ORDER_WEIGHT = 0.01
_CENT = Decimal("0.01")


def has_reading(leaf: Field, value: Value | None) -> bool:
    """Return whether the value is one of the cell's readings; texts by their letters and digits."""
    if value is None:
        return False
    readings = (leaf.value, *(other.value for other in leaf.alternatives))
    return any(_is_same_value(reading, value) for reading in readings if reading is not None)


def _is_same_value(value: Value, other: Value) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return _comparable_text(value) == _comparable_text(other)
    return type(value) is type(other) and value == other


def _comparable_text(text: str) -> str:
    # Systems pad their numbers with zeros that pages leave out.
    return re.sub(r"\W+", "", text.casefold()).lstrip("0")


def field_with_place(xml_field: Field, page_field: Field) -> Field:
    """Return the XML's value with the place where the page prints it."""
    return replace(xml_field, page=page_field.page, polygon=page_field.polygon)


def disputed_field(xml_field: Field, page_field: Field) -> Field:
    """Return the XML's value with the page's as an alternative, at the confidence `DISPUTED`."""
    if page_field.value is None:
        return xml_field
    other = Alternative(page_field.value, 1 - DISPUTED)
    return replace(
        field_with_place(xml_field, page_field), confidence=DISPUTED, alternatives=(other,)
    )


def amount_with_tax(line: LineItem) -> Decimal | None:
    """Return the line's amount with its tax, to the cent, as some pages print it."""
    if line.amount is None or line.amount.decimal is None:
        return None
    rate = line.tax_rate.decimal if line.tax_rate is not None else None
    if rate is None:
        return None
    return (line.amount.decimal * (1 + rate / 100)).quantize(_CENT, ROUND_HALF_UP)


def is_same_price(line: LineItem, row: LineItem, gross: str | None) -> bool:
    """Return whether the page prints the price before discount, or per another price base."""
    page_price = row.unit_price
    if page_price is None or page_price.decimal is None:
        return False
    if gross is not None and has_reading(page_price, Decimal(gross)):
        return True
    xml_price = line.unit_price
    if xml_price is None or xml_price.decimal is None:
        return False
    return xml_price.decimal * _price_base(row) == page_price.decimal * _price_base(line)


def _price_base(line: LineItem) -> Decimal:
    leaf = line.price_base_quantity
    return (leaf.decimal if leaf is not None else None) or Decimal(1)


def pair_rows(lines: Sequence[LineItem], rows: Sequence[LineItem]) -> dict[int, int]:
    """Return the index of the page's row by index of the XML's line, one to one, best overall."""
    if not lines or not rows:
        return {}
    likeness = np.array(
        [
            [
                _likeness(line, page_row)
                + _ORDER_WEIGHT * (1 - abs(line_index / len(lines) - row_index / len(rows)))
                for row_index, page_row in enumerate(rows)
            ]
            for line_index, line in enumerate(lines)
        ]
    )
    line_indices, row_indices = linear_sum_assignment(likeness, maximize=True)
    return {
        int(line_index): int(row_index)
        for line_index, row_index in zip(line_indices, row_indices, strict=True)
        if likeness[line_index, row_index] >= _MIN_LIKENESS
    }


def _likeness(line: LineItem, row: LineItem) -> float:
    score = 0.0
    for name in _NUMBERS:
        xml_cell, page_cell = line.field(name), row.field(name)
        score += (
            xml_cell is not None
            and page_cell is not None
            and has_reading(page_cell, xml_cell.value)
        )
    codes = [
        {_comparable_text(leaf.text) for name in _CODES if (leaf := item.field(name)) and leaf.text}
        for item in (line, row)
    ]
    score += 2.0 * bool(codes[0] & codes[1])
    if line.description is not None and row.description is not None:
        names = line.description.text or "", row.description.text or ""
        score += fuzz.token_set_ratio(*(name.casefold() for name in names)) >= _SAME_NAME
    return score
