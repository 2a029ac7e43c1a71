"""The buyer's debit memos among the papers: deductions that were made, known to every finding."""

from collections.abc import Sequence
from dataclasses import replace

from data.order_records import Claim, OrderData
from data.records import ExtractedDocument
from serving.matching.findings.arithmetic import to_decimal
from serving.matching.findings.printed_codes import normalise_code
from serving.matching.invoice.sums import whole_amount

DEBIT_MEMO = "debit_memo"


def with_debit_memos(data: OrderData, documents: Sequence[ExtractedDocument]) -> OrderData:
    """Return the order data with a taken claim for each debit memo; one that is listed is known."""
    known = {normalise_code(claim.claim_id) for claim in data.claims}
    invoices = [
        leaf.text
        for document in documents
        if document.document_type.value in ("invoice", "corrected_invoice")
        and (leaf := document.fields.get("invoice_id")) is not None
        and leaf.text
    ]
    claims = []
    for document in documents:
        if document.document_type.value != DEBIT_MEMO:
            continue
        claim = _claim(document, invoices)
        if claim is not None and normalise_code(claim.claim_id) not in known:
            claims.append(claim)
    return replace(data, claims=(*data.claims, *claims)) if claims else data


def _claim(document: ExtractedDocument, invoices: Sequence[str]) -> Claim | None:
    """Return the claim of a debit memo; None where its invoice or its money is not known."""
    number, original = (
        document.fields.get("invoice_id"),
        document.fields.get("original_invoice_id"),
    )
    money = whole_amount(document)
    invoice = original.text if original is not None else None
    if invoice is None and len(set(invoices)) == 1:
        invoice = invoices[0]
    if invoice is None or money is None:
        return None
    name = number.text if number is not None and number.text else document.document_id
    return Claim(name, DEBIT_MEMO, invoice, amount=to_decimal(abs(money)), status="taken")
