"""Sums of one billing document: its line amounts, its header money, and how far rounding goes."""

from dataclasses import dataclass
from fractions import Fraction

from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.line.prices import VENDOR_ERROR_RATE
from serving.matching.pairing.billed_line import SILENT_TYPES

DISCOUNT_TYPES = frozenset({"allowance", "discount"})
CHARGE_ROWS = frozenset({"freight", "handling", "fee"})


def vendor_error_probability(right: float) -> float:
    """Return the probability that the vendor is wrong, not the reading.

    `right` is the probability that all cells were read right. Vendors err rarely.
    """
    return right * VENDOR_ERROR_RATE / (right * VENDOR_ERROR_RATE + 1 - right)


def header_number(document: ExtractedDocument, name: str) -> Fraction | None:
    """Return the header's number of that name; None where it is not printed or was not read."""
    leaf = document.fields.get(name)
    return None if leaf is None or leaf.decimal is None else Fraction(leaf.decimal)


def amount_name(number: int) -> str:
    """Return the name of the amount of line `number` (from 1) among a header finding's cells."""
    return f"line {number} amount"


def is_row_amount(name: str) -> bool:
    """Return whether a header finding's cell is the amount of a line, by its `amount_name`."""
    return name.startswith("line ")


def line_amounts(document: ExtractedDocument) -> tuple[Fraction, dict[str, Field]] | None:
    """Return the sum of the line amounts and their cells; None where one has no readable amount."""
    total, cells = Fraction(0), {}
    for number, item in enumerate(document.line_items, start=1):
        if item.line_type in SILENT_TYPES:
            continue
        if item.amount is None or item.amount.decimal is None:
            return None
        total += Fraction(item.amount.decimal)
        cells[amount_name(number)] = item.amount
    return total, cells


def slack_of(document: ExtractedDocument) -> Fraction:
    """Return the amount sums over the lines may be off by: max(0.02, 0.01 per line)."""
    return max(AMOUNT_SLACK, Fraction(len(document.line_items), 100))


def is_tax_included(document: ExtractedDocument) -> bool:
    """Return whether the line amounts include the tax: they sum to the total despite tax."""
    lines, total = line_amounts(document), header_number(document, "invoice_total")
    tax, net = header_number(document, "total_tax"), header_number(document, "sub_total")
    if lines is None or total is None or not tax or not lines[1]:
        return False
    slack = slack_of(document)
    return abs(lines[0] - total) <= slack and (net is None or abs(lines[0] - net) > slack)


@dataclass(frozen=True, slots=True)
class Extra:
    """Money between rows and total, signed; `in_rows`: rows hold it already, or may."""

    name: str
    money: Fraction
    in_rows: bool = False


def printed_extras(document: ExtractedDocument) -> list[Extra]:
    """Return discount and charges below the rows, each once.

    Freight that the header states beside its sum of charges is a part of that sum. An amount that
    rows of its kind sum to is those rows once more.
    """
    discount = header_number(document, "total_discount")
    shipping = header_number(document, "shipping_charge")
    charge = header_number(document, "total_charge")
    extras = []
    if discount:
        sign = -1 if _direction(document) > 0 else 1
        rows = rows_of(document, DISCOUNT_TYPES)
        extras.append(Extra("total_discount", sign * abs(discount), abs(rows) == abs(discount)))
    if charge:
        extras.append(Extra("total_charge", charge, rows_of(document, CHARGE_ROWS) == charge))
        if shipping and abs(shipping) > abs(charge):
            shipping -= charge
        elif shipping:
            shipping = None
    if shipping:
        in_rows = rows_of(document, frozenset({"freight"})) == shipping
        extras.append(Extra("shipping_charge", shipping, in_rows))
    return extras


def _direction(document: ExtractedDocument) -> int:
    """Return -1 where the invoice as a whole is negative: it gives money back."""
    lines = line_amounts(document)
    return -1 if lines is not None and lines[0] < 0 else 1


def rows_of(document: ExtractedDocument, types: frozenset[str]) -> Fraction:
    """Return the money of all rows of these types."""
    amounts = (
        item.amount.decimal
        for item in document.line_items
        if item.line_type in types and item.amount is not None
    )
    return sum((Fraction(amount) for amount in amounts if amount), Fraction(0))


def row_rounding(document: ExtractedDocument) -> Fraction:
    """Return the rounding that stands in rows of its own, which no sum of goods holds."""
    return rows_of(document, frozenset({"rounding"}))


def possible_extras(document: ExtractedDocument) -> set[Fraction]:
    """Return the sums vendors may add between rows and total: every part of the extras."""
    sums = {Fraction(0)}
    for extra in printed_extras(document):
        sums |= {total + extra.money for total in sums}
    return sums


def is_balanced(document: ExtractedDocument) -> bool:
    """Return whether the line amounts sum to a printed subtotal or total, with any extras."""
    lines = line_amounts(document)
    if lines is None or not lines[1]:
        return False
    tax = header_number(document, "total_tax") or Fraction(0)
    goals = [header_number(document, name) for name in ("sub_total", "invoice_total")]
    sums = [
        lines[0] + extra + tax_part
        for extra in possible_extras(document)
        for tax_part in (0, tax, -tax)
    ]
    return any(
        abs(goal - total) <= slack_of(document)
        for goal in goals
        if goal is not None
        for total in sums
    )


def whole_amount(document: ExtractedDocument) -> Fraction | None:
    """Return the money the document asks for: its total, else the sum of its lines."""
    total, lines = header_number(document, "invoice_total"), line_amounts(document)
    return total if total is not None or lines is None else lines[0]
