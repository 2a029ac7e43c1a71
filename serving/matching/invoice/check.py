"""Checks of a billing document as a whole: agreements, sums, tax and allowance, all together."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from data.order_records import OrderData
from data.records import ExtractedDocument, Field
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Variance, cell_evidence
from serving.matching.invoice.agreements import HeaderCheck, check_agreements, in_order_currency
from serving.matching.invoice.charges import check_allowance
from serving.matching.invoice.sums import (
    decimal_of,
    line_amounts,
    slack_of,
    sums_to_try,
    tax_included,
    vendors_error,
)
from serving.matching.invoice.taxes import check_tax
from serving.matching.line.check import Context
from serving.matching.pairing.billed_line import certainty
from serving.matching.rules.tolerances import breaches, is_small, tolerance_of

_SUM_FIELDS = ("total_discount", "shipping_charge", "total_tax")


def check_header(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """All header findings of one invoice or credit memo, its money in the order's currency."""
    first = check_agreements(document, data, context)
    first = replace(first, variances=_converted(first.variances, document, data, context))
    doubts = list(first.doubts)
    kind, least = document.document_type, context.policy.review_confidence
    if kind.confidence < least:
        doubts.append(
            f"{document.document_id}: the document type {kind.text!r} was read with confidence "
            f"{kind.confidence:.2f}, below {least:.2f}"
        )
    if first.wrong:
        return HeaderCheck(first.variances, tuple(doubts), wrong=True)
    sums, taxes = _check_totals(document, context), check_tax(document, data.order, context)
    if any(one.state == "open" for one in sums):
        doubts.append(
            f"{document.document_id}: the sums do not agree, so a line may be missing, doubled or "
            "misread"
        )
    if sums:
        # The base of the tax is a sum itself.
        taxes = [replace(one, state="open") for one in taxes]
    money = (*sums, *check_allowance(document, data.order, context), *taxes)
    found = (*first.variances, *_converted(money, document, data, context))
    return HeaderCheck(found, tuple(doubts))


def _converted(
    found: Sequence[Variance], document: ExtractedDocument, data: OrderData, context: Context
) -> tuple[Variance, ...]:
    return tuple(in_order_currency(one, document, context, data.order) for one in found)


def _check_totals(document: ExtractedDocument, context: Context) -> list[Variance]:
    """Sums that fail by more than max(0.02, 0.01 per line): rather a misread cell than an error."""
    net, total = decimal_of(document, "sub_total"), decimal_of(document, "invoice_total")
    tax, extras = decimal_of(document, "total_tax") or Fraction(0), sums_to_try(document)
    found, lines = [], line_amounts(document)
    if lines is not None and lines[1]:
        printed, goal = ("sub_total", net) if net is not None else ("invoice_total", total)
        taxes = {Fraction(0), tax} if net is None else {Fraction(0)}
        if tax_included(document):
            # Gross rows over a net or a gross subtotal.
            taxes = {Fraction(0), tax, -tax}
        sums = [lines[0] + extra + one for extra in extras for one in taxes]
        found.append(_mismatch(document, context, (printed, goal), sums, lines[1]))
    if net is not None and total is not None:
        sums = [net + tax + extra for extra in extras] + ([net] if tax_included(document) else [])
        found.append(_mismatch(document, context, ("invoice_total", total), sums, {}))
    return [finding for finding in found if finding is not None]


def _mismatch(
    document: ExtractedDocument,
    context: Context,
    printed: tuple[str, Fraction | None],
    sums: Sequence[Fraction],
    lines: dict[str, Field],
) -> Variance | None:
    name, goal = printed
    if goal is None:
        return None
    nearest = min(sums, key=lambda one: abs(goal - one))
    gap = goal - nearest
    tolerance = tolerance_of(context.policy.tolerance_rows(), "TOTAL_MISMATCH", context.vendor)
    if abs(gap) <= slack_of(document) or not breaches(tolerance, gap, abs(nearest)):
        return None
    if is_small(gap, context.policy.small_difference):
        return None
    names = (name, *([] if lines else ["sub_total"]), *_SUM_FIELDS)
    cells = {one: leaf for one in names if (leaf := document.fields.get(one)) is not None} | lines
    money, currency = to_decimal(gap), context.currency
    shown, summed = rounded(to_decimal(goal), currency), rounded(to_decimal(nearest), currency)
    finding = Variance(
        code="TOTAL_MISMATCH",
        state="claim",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{shown} − {summed} = {rounded(money, currency)}",
        explanation=f"{document.document_id}: {name} is {shown} and its parts sum to {summed}.",
        action="Ask for a corrected invoice; check that every line was read.",
        confidence=vendors_error(certainty(cells)),
        evidence=tuple(
            cell_evidence(document.document_id, one, leaf) for one, leaf in cells.items()
        ),
        tolerance=tolerance.label(),
    )
    return context.settled(finding, [])
