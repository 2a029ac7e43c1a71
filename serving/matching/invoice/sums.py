"""Sums of one billing document: its line amounts, its header money, and how far rounding goes."""

from fractions import Fraction

from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.line.prices import VENDOR_ERROR_RATE
from serving.matching.pairing.billed_line import SILENT_TYPES


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


def possible_extras(document: ExtractedDocument) -> set[Fraction]:
    """Return the sums vendors may add between rows and total: freight, discount, both, neither."""
    discount = abs(header_number(document, "total_discount") or Fraction(0))
    shipping = header_number(document, "shipping_charge") or Fraction(0)
    return {Fraction(0), -discount, shipping, shipping - discount}


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
