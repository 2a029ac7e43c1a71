"""Checks of invoices as wholes: copies, agreements, sums, tax and allowances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.order_records import OrderData
from data.records import ExtractedDocument, Field, Problem
from data.values.currencies import read_currency
from serving.matching.findings.records import Doubt, Finding
from serving.matching.invoice.agreements import HeaderCheck, check_agreements, in_invoice_currency
from serving.matching.invoice.charges import check_allowance
from serving.matching.invoice.duplicates import Copies, find_copies, invoice_versions
from serving.matching.invoice.identities import check_identities
from serving.matching.invoice.order_terms import restate
from serving.matching.invoice.split_files import Bill
from serving.matching.invoice.sums import is_row_amount
from serving.matching.invoice.taxes import check_tax
from serving.matching.rules.context import Context
from serving.matching.rules.decide import is_claimable
from serving.matching.rules.policy import Policy


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
    notes, claim_doubts = dict[str, tuple[str, ...]](), dict[str, tuple[Doubt, ...]]()
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
        price_doubts |= bill.by_part(_price_doubts(restated.price_doubts))
        claim_doubts |= bill.by_part(_price_doubts(restated.claim_doubts))
        notes |= bill.by_part(restated.notes)
    repeats = (Problem("seen_before", sentence) for sentence in copies.repeated_files)
    return CheckedInvoices(
        tuple(findings),
        tuple(documents),
        replace(context, doubts=doubts, price_doubts=price_doubts, claim_doubts=claim_doubts),
        notes,
        _dates(bills),
        (*repeats, *versions),
    )


def _price_doubts(sentences: Sequence[str]) -> tuple[Doubt, ...]:
    return tuple(Doubt("price", sentence, "invoice") for sentence in sentences)


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
    """Return all header findings of one invoice or credit memo, in its own currency."""
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
    sums, taxes = check_identities(document, context), check_tax(document, data.order, context)
    sums_hold = (_is_settled(finding, context.policy) for finding in sums)
    if not all(sums_hold):
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


def _is_settled(finding: Finding, policy: Policy) -> bool:
    """Return whether no row has to be doubted for a sum that fails.

    It is the vendor's own slip, or the rows are no part of it: where they sum to the subtotal, all
    of them were read, whatever is between it and the total.
    """
    has_rows = any(is_row_amount(place.field) for place in finding.evidence)
    return finding.nature == "fact" or not has_rows or is_claimable(finding, policy)


def _converted(
    findings: Sequence[Finding], document: ExtractedDocument, data: OrderData, context: Context
) -> tuple[Finding, ...]:
    return tuple(
        in_invoice_currency(finding, document, context, data.order) for finding in findings
    )
