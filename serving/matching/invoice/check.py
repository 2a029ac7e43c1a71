"""Checks of invoices as wholes: copies, agreements, sums, tax and allowances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from data.order_records import OrderData
from data.records import ExtractedDocument, Field, Problem
from data.values.currencies import read_currency
from serving.matching.findings.arithmetic import rounded, to_decimal
from serving.matching.findings.records import Doubt, Finding, cell_evidence
from serving.matching.invoice.agreements import HeaderCheck, check_agreements, in_order_currency
from serving.matching.invoice.charges import check_allowance
from serving.matching.invoice.duplicates import Copies, find_copies, invoice_versions
from serving.matching.invoice.order_terms import restate
from serving.matching.invoice.split_files import Bill
from serving.matching.invoice.sums import (
    header_number,
    is_tax_included,
    line_amounts,
    possible_extras,
    slack_of,
    vendor_error_probability,
)
from serving.matching.invoice.taxes import check_tax
from serving.matching.pairing.billed_line import certainty
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable
from serving.matching.rules.policy import Policy
from serving.matching.rules.tolerances import breaches, is_small, tolerance_of

_SUM_FIELDS = ("total_discount", "shipping_charge", "total_tax")


@dataclass(frozen=True, slots=True)
class CheckedInvoices:
    """All invoices of a dispute as wholes.

    `findings` are about no line. `documents` are those whose lines are compared, in the order's
    terms: no copy, and none that is wrong as a whole. `context` holds the doubts by document;
    `notes` say by document how its prices were brought into the order's terms, `dates` are the
    invoice dates.
    """

    findings: tuple[Finding, ...]
    documents: tuple[ExtractedDocument, ...]
    context: Context
    notes: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, Field]
    problems: tuple[Problem, ...]


def check_invoices(bills: Sequence[Bill], data: OrderData, policy: Policy) -> CheckedInvoices:
    """Check each invoice as a whole, and bring its lines into the order's terms.

    A copy of another invoice is not checked any further. A finding on an invoice that is itself in
    doubt is in doubt.
    """
    currency = data.order.currency or _printed_currency(bills)
    context = Context(policy, currency, data.order.vendor_id)
    copies = find_copies([bill.document for bill in bills], data, context)
    versions = invoice_versions(bills, copies.copies)
    findings: list[Finding] = []
    documents: list[ExtractedDocument] = []
    doubts, price_doubts = dict[str, tuple[Doubt, ...]](), dict[str, tuple[Doubt, ...]]()
    notes = dict[str, tuple[str, ...]]()
    in_versions = [Doubt("copy", problem.message, "invoice") for problem in versions]
    for bill in bills:
        check = _check_bill(bill, copies, data, context)
        check = replace(check, doubts=(*check.doubts, *in_versions))
        findings += [
            bill.place_evidence(finding if check.wrong else finding.doubted(check.doubts))
            for finding in check.findings
        ]
        doubts |= bill.by_part(check.doubts)
        if check.wrong:
            continue
        restated = restate(bill.document, data.order)
        documents += bill.split(restated.document)
        price_doubts |= bill.by_part(
            tuple(Doubt("price", sentence, "invoice") for sentence in restated.price_doubts)
        )
        notes |= bill.by_part(restated.notes)
    repeats = (Problem("seen_before", sentence) for sentence in copies.repeated_files)
    return CheckedInvoices(
        tuple(findings),
        tuple(documents),
        replace(context, doubts=doubts, price_doubts=price_doubts),
        notes,
        _dates(bills),
        (*repeats, *versions),
    )


def _check_bill(bill: Bill, copies: Copies, data: OrderData, context: Context) -> HeaderCheck:
    """Return the header check of a bill with the findings and doubts about copies of it."""
    name = bill.document.document_id
    check = HeaderCheck(wrong=True)
    if name not in copies.copies:
        check = check_header(bill.document, data, context)
    found_copies = (copy.finding for copy in copies.findings if copy.document_id == name)
    doubts = (doubt for document_id, doubt in copies.doubts if document_id == name)
    return replace(
        check,
        findings=(*found_copies, *check.findings),
        doubts=(*check.doubts, *doubts),
    )


def _printed_currency(bills: Sequence[Bill]) -> str | None:
    leaves = (bill.document.fields.get("currency") for bill in bills)
    codes = {read_currency(leaf.text) for leaf in leaves if leaf is not None and leaf.text}
    return codes.pop() if len(codes) == 1 else None


def _dates(bills: Sequence[Bill]) -> dict[str, Field]:
    """Return the invoice date by each document that a bill came in."""
    return {
        part.document_id: leaf
        for bill in bills
        for part in bill.parts
        if (leaf := bill.document.fields.get("invoice_date")) is not None
    }


def check_header(document: ExtractedDocument, data: OrderData, context: Context) -> HeaderCheck:
    """Return all header findings of one invoice or credit memo, in the order's currency."""
    first = check_agreements(document, data, context)
    first = replace(first, findings=_converted(first.findings, document, data, context))
    doubts = list(first.doubts)
    kind, minimum = document.document_type, context.policy.review_confidence
    if kind.confidence < minimum:
        sentence = (
            f"{document.document_id}: the document type {kind.text!r} was read with confidence "
            f"{kind.confidence:.2f}, below {minimum:.2f}"
        )
        doubts.append(Doubt("reading", sentence, "invoice"))
    if first.wrong:
        return HeaderCheck(first.findings, tuple(doubts), wrong=True)
    sums, taxes = _check_totals(document, context), check_tax(document, data.order, context)
    if not all(is_claimable(finding, context.policy) for finding in sums):
        sentence = (
            f"{document.document_id}: the sums do not agree, so a line may be missing, repeated or "
            "misread"
        )
        doubts.append(Doubt("sums", sentence, "invoice"))
    # The base of the tax is a sum itself.
    taxes = [
        finding.doubted(Doubt("sums", gap.explanation, "invoice") for gap in sums)
        for finding in taxes
    ]
    money = (*sums, *check_allowance(document, data.order, context), *taxes)
    findings = (*first.findings, *_converted(money, document, data, context))
    return HeaderCheck(findings, tuple(doubts))


def _converted(
    findings: Sequence[Finding], document: ExtractedDocument, data: OrderData, context: Context
) -> tuple[Finding, ...]:
    return tuple(in_order_currency(finding, document, context, data.order) for finding in findings)


def _check_totals(document: ExtractedDocument, context: Context) -> list[Finding]:
    """Return sums that fail by more than max(0.02, 0.01 per line), often for a misread cell."""
    net, total = header_number(document, "sub_total"), header_number(document, "invoice_total")
    tax, extras = header_number(document, "total_tax") or Fraction(0), possible_extras(document)
    findings, lines = [], line_amounts(document)
    if lines is not None and lines[1]:
        printed, goal = ("sub_total", net) if net is not None else ("invoice_total", total)
        taxes = {Fraction(0), tax} if net is None else {Fraction(0)}
        if is_tax_included(document):
            # Gross rows over a net or a gross subtotal.
            taxes = {Fraction(0), tax, -tax}
        sums = [lines[0] + extra + tax_part for extra in extras for tax_part in taxes]
        findings.append(_sum_finding(document, context, (printed, goal), sums, lines[1]))
    if net is not None and total is not None:
        sums = [net + tax + extra for extra in extras] + (
            [net] if is_tax_included(document) else []
        )
        findings.append(_sum_finding(document, context, ("invoice_total", total), sums, {}))
    return [finding for finding in findings if finding is not None]


def _sum_finding(
    document: ExtractedDocument,
    context: Context,
    printed: tuple[str, Fraction | None],
    sums: Sequence[Fraction],
    lines: dict[str, Field],
) -> Finding | None:
    name, goal = printed
    if goal is None:
        return None
    nearest = min(sums, key=lambda total: abs(goal - total))
    gap = goal - nearest
    tolerance = tolerance_of(context.policy.tolerance_rows(), "TOTAL_MISMATCH", context.vendor)
    if abs(gap) <= slack_of(document) or not breaches(tolerance, gap, abs(nearest)):
        return None
    if is_small(gap, context.policy.small_difference):
        return None
    names = (name, *([] if lines else ["sub_total"]), *_SUM_FIELDS)
    cells = {
        cell_name: leaf
        for cell_name in names
        if (leaf := document.fields.get(cell_name)) is not None
    } | lines
    money, currency = to_decimal(gap), context.currency
    shown, summed = rounded(to_decimal(goal), currency), rounded(to_decimal(nearest), currency)
    return Finding(
        code="TOTAL_MISMATCH",
        quantity=None,
        amount=money,
        currency=currency,
        formula=f"{shown} − {summed} = {rounded(money, currency)}",
        explanation=f"{document.document_id}: {name} is {shown} and its parts sum to {summed}.",
        action="Ask for a corrected invoice; check that every line was read.",
        confidence=vendor_error_probability(certainty(cells)),
        evidence=tuple(
            cell_evidence(document.document_id, cell_name, leaf)
            for cell_name, leaf in cells.items()
        ),
        tolerance=tolerance.label(),
    )
