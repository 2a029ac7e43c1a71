"""Tax of one billing document: against base and rate, and against a buyer who pays none."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import quantity_text, rounded, to_decimal
from serving.matching.findings.records import Evidence, Finding, cell_evidence
from serving.matching.invoice.agreements import header_evidence
from serving.matching.invoice.sums import (
    amount_name,
    header_number,
    is_tax_included,
    printed_extras,
    slack_of,
    vendor_error_probability,
)
from serving.matching.pairing.billed_line import SILENT_TYPES, certainty, credit_sign
from serving.matching.rules.context import Context
from serving.matching.rules.tolerances import breaches, is_small, tolerance_of

# Lines that are often not taxed, or at a rate of their own.
_UNTAXED = frozenset({"deposit"})


def check_tax(document: ExtractedDocument, order: PurchaseOrder, context: Context) -> list[Finding]:
    """Return TAX_MISMATCH for tax on an exempt buyer, or tax that no base and rate give."""
    leaf, tax = document.fields.get("total_tax"), header_number(document, "total_tax")
    if leaf is None or tax is None:
        return []
    if order.tax_exempt:
        if abs(tax) <= slack_of(document):
            return []
        reason = "The buyer is exempt from tax, but tax is billed."
        return _tax_finding(document, context, tax, Fraction(0), (reason, leaf.confidence, {}))
    bases = _bases(document)
    rates = _rates(document, order)
    if bases is None:
        return []
    if rates is None:
        return _check_rates_by_line(document, context, (tax, leaf), bases[0])
    cells, by_rate = bases
    rate, printed = rates
    dues = [_tax_due(document, base, rate) for base in by_rate]
    if any(abs(tax - due) <= slack_of(document) for due in dues):
        return []
    reason = (
        f"{quantity_text(rate)} % of {rounded(to_decimal(by_rate[0]), context.currency)} is "
        f"{rounded(to_decimal(dues[0]), context.currency)}; "
        f"{rounded(to_decimal(tax), context.currency)} is billed as tax."
    )
    confidence = vendor_error_probability(certainty({"total_tax": leaf, **cells}))
    # Tax is due in whole cents (EN 16931, BR-CO-17).
    due = Fraction(rounded(to_decimal(dues[0]), context.currency))
    findings = _tax_finding(document, context, tax, due, (reason, confidence, cells))
    other = _another_rate(document, by_rate, tax)
    if order.tax_rate is not None and printed is not None and printed != order.tax_rate:
        other = Fraction(printed)
    if other is None:
        return findings
    sentence = f"The tax would be right at {quantity_text(other)} %: which rate applies?"
    return [
        replace(finding, nature="question", explanation=f"{finding.explanation} {sentence}")
        for finding in findings
    ]


def _check_rates_by_line(
    document: ExtractedDocument,
    context: Context,
    printed: tuple[Fraction, Field],
    cells: dict[str, Field],
) -> list[Finding]:
    """Return TAX_MISMATCH where lines at several rates do not give the tax; none if one is bare."""
    rows = [item for item in document.line_items if item.line_type not in SILENT_TYPES]
    rates = [None if item.tax_rate is None else item.tax_rate.decimal for item in rows]
    amounts = [None if item.amount is None else item.amount.decimal for item in rows]
    if None in rates or None in amounts or printed_extras(document) or is_tax_included(document):
        return []
    tax, leaf = printed
    due = sum(
        (Fraction(amount or 0) * Fraction(rate or 0) / 100
         for amount, rate in zip(amounts, rates, strict=True)),
        Fraction(0),
    )  # fmt: skip
    if abs(tax - due) <= slack_of(document):
        return []
    shown = [rounded(to_decimal(money), context.currency) for money in (due, tax)]
    reason = f"the lines' rates give {shown[0]}; {shown[1]} is billed as tax."
    confidence = vendor_error_probability(certainty({"total_tax": leaf, **cells}))
    right = Fraction(rounded(to_decimal(due), context.currency))
    return _tax_finding(document, context, tax, right, (reason, confidence, cells))


def _tax_finding(
    document: ExtractedDocument,
    context: Context,
    tax: Fraction,
    due: Fraction,
    why: tuple[str, float, dict[str, Field]],
) -> list[Finding]:
    """Return the finding, unless its tolerance lets it pass."""
    gap, (reason, confidence, cells) = tax - due, why
    tolerance = tolerance_of(context.policy.tolerance_rows(), "TAX_MISMATCH", context.vendor)
    if not breaches(tolerance, gap, abs(due)) or is_small(gap, context.policy.small_difference):
        return []
    currency, sign = context.currency, credit_sign(document) or 1
    shown = (rounded(to_decimal(money), currency) for money in (tax, due, gap))
    evidence: tuple[Evidence, ...] = tuple(
        cell_evidence(document.document_id, name, cell) for name, cell in cells.items()
    )
    finding = Finding(
        code="TAX_MISMATCH",
        quantity=None,
        amount=to_decimal(gap * sign),
        currency=currency,
        formula="{} − {} = {}".format(*shown),
        explanation=f"{document.document_id}: {reason}",
        action="Ask for a corrected invoice: tax must be right to be recovered.",
        confidence=confidence,
        evidence=(*header_evidence(document, ("total_tax",)), *evidence),
        tolerance=tolerance.label(),
    )
    return [finding]


def _tax_due(document: ExtractedDocument, base: Fraction, rate: Fraction) -> Fraction:
    if is_tax_included(document):
        return base * rate / (100 + rate)
    return base * rate / 100


def _bases(document: ExtractedDocument) -> tuple[dict[str, Field], list[Fraction]] | None:
    """Return the cells and the possible tax bases, the whole bill first; None if unreadable.

    Vendors differ in whether freight, allowances and deposits are in the base.
    """
    total, untaxed, cells = Fraction(0), Fraction(0), {}
    for number, item in enumerate(document.line_items, start=1):
        if item.line_type in SILENT_TYPES:
            continue
        if item.amount is None or item.amount.decimal is None:
            return None
        cells[amount_name(number)] = item.amount
        total += Fraction(item.amount.decimal)
        untaxed += Fraction(item.amount.decimal) if item.line_type in _UNTAXED else 0
    if not cells:
        return None
    discount = abs(header_number(document, "total_discount") or Fraction(0))
    charges = [extra.money for extra in printed_extras(document) if extra.money > 0]
    bases = [
        total - less - off + more
        for more in (sum(charges, Fraction(0)), *charges, Fraction(0))
        for off in (discount, Fraction(0))
        for less in (Fraction(0), untaxed)
    ]
    return cells, list(dict.fromkeys(bases))


def _rates(
    document: ExtractedDocument, order: PurchaseOrder
) -> tuple[Fraction, Decimal | None] | None:
    """Return the rate in percent, and the printed one; None where none or several are known."""
    leaves = [item.tax_rate for item in document.line_items if item.line_type not in SILENT_TYPES]
    printed = {leaf.decimal for leaf in leaves if leaf is not None and leaf.decimal is not None}
    if len(printed) > 1 or (printed and any(leaf is None for leaf in leaves)):
        return None
    if printed:
        (rate,) = printed
        return Fraction(rate), rate
    return None if order.tax_rate is None else (Fraction(order.tax_rate), None)


def _another_rate(
    document: ExtractedDocument, bases: list[Fraction], tax: Fraction
) -> Fraction | None:
    """Return a whole or half percentage that gives the tax to the cent: a rate, not a slip."""
    for rate in _round_rates(bases, tax):
        if any(abs(_tax_due(document, base, rate) - tax) <= Fraction(1, 200) for base in bases):
            return rate
    return None


def _round_rates(bases: list[Fraction], tax: Fraction) -> Iterator[Fraction]:
    for base in bases:
        if base:
            half = Fraction(floor(abs(tax / base) * 200 + Fraction(1, 2)), 2)
            if half:
                yield half
