"""Sums of one billing document: its line amounts, its header money, and how far rounding goes."""

from fractions import Fraction

from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import AMOUNT_SLACK
from serving.matching.line.prices import VENDOR_ERROR_RATE
from serving.matching.pairing.billed_line import SILENT_TYPES


def vendors_error(right: float) -> float:
    """The probability that the vendor is wrong where cells that are `right` so probably say so.

    Against it stands that one was misread: vendors err rarely.
    """
    return right * VENDOR_ERROR_RATE / (right * VENDOR_ERROR_RATE + 1 - right)


def decimal_of(document: ExtractedDocument, name: str) -> Fraction | None:
    """The header's number of that name; None where it is not printed or could not be read."""
    leaf = document.fields.get(name)
    return None if leaf is None or leaf.decimal is None else Fraction(leaf.decimal)


def amount_name(number: int) -> str:
    """How the amount of line `number` (from 1) is called among the cells of a header finding."""
    return f"line {number} amount"


def line_amounts(document: ExtractedDocument) -> tuple[Fraction, dict[str, Field]] | None:
    """(sum of the line amounts, their cells); None where a line has no readable amount."""
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
    """By how much sums over the lines may be off: max(0.02, 0.01 per line)."""
    return max(AMOUNT_SLACK, Fraction(len(document.line_items), 100))


def tax_included(document: ExtractedDocument) -> bool:
    """Whether the line amounts hold the tax: they sum to the total although there is tax."""
    found, total = line_amounts(document), decimal_of(document, "invoice_total")
    tax, net = decimal_of(document, "total_tax"), decimal_of(document, "sub_total")
    if found is None or total is None or not tax or not found[1]:
        return False
    slack = slack_of(document)
    return abs(found[0] - total) <= slack and (net is None or abs(found[0] - net) > slack)


def sums_to_try(document: ExtractedDocument) -> set[Fraction]:
    """What vendors add between rows and total: freight, or a discount, or both, or neither."""
    discount = abs(decimal_of(document, "total_discount") or Fraction(0))
    shipping = decimal_of(document, "shipping_charge") or Fraction(0)
    return {Fraction(0), -discount, shipping, shipping - discount}


def closes(document: ExtractedDocument) -> bool:
    """Whether the line amounts sum to a printed subtotal or total, whatever is added between."""
    lines = line_amounts(document)
    if lines is None or not lines[1]:
        return False
    tax = decimal_of(document, "total_tax") or Fraction(0)
    goals = [decimal_of(document, name) for name in ("sub_total", "invoice_total")]
    sums = [lines[0] + extra + one for extra in sums_to_try(document) for one in (0, tax, -tax)]
    return any(
        abs(goal - one) <= slack_of(document) for goal in goals if goal is not None for one in sums
    )


def whole_amount(document: ExtractedDocument) -> Fraction | None:
    """What the document asks for: its total, else the sum of its lines."""
    total, lines = decimal_of(document, "invoice_total"), line_amounts(document)
    return total if total is not None or lines is None else lines[0]
