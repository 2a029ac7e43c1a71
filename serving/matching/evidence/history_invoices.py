"""Invoices that the vendor disputes deductions from without sending them: the history has them."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from data.order_records import BilledLine, OrderData
from data.records import ExtractedDocument, Field, LineItem
from serving.matching.evidence.delivery_papers import BACKUP_TYPES
from serving.matching.findings.printed_codes import normalise_code
from serving.matching.ledger.deductions import reason_of, stage_of
from serving.matching.pairing.order_line import is_live

_BILLING = frozenset({"invoice", "corrected_invoice", "credit_memo", "receipt", "debit_memo"})


def with_history_invoices(
    documents: Sequence[ExtractedDocument], data: OrderData
) -> list[ExtractedDocument]:
    """Return the documents, and the disputed invoices of the history where none was sent.

    Only where delivery papers came alone: else the dispute is about the invoices that came.
    """
    kinds = {str(document.document_type.value) for document in documents}
    if kinds & _BILLING or not kinds & BACKUP_TYPES:
        return list(documents)
    disputed = {
        normalise_code(claim.invoice_id)
        for claim in data.claims
        if stage_of(claim.status) == "open" and reason_of(claim.kind) != "credit"
    }
    bills: defaultdict[str, list[BilledLine]] = defaultdict(list)
    for bill in data.billed:
        if is_live(bill.status) and normalise_code(bill.invoice_id) in disputed:
            bills[bill.invoice_id].append(bill)
    return [*documents, *(_invoice(number, lines, data) for number, lines in bills.items())]


def _invoice(number: str, bills: Sequence[BilledLine], data: OrderData) -> ExtractedDocument:
    fields = {"invoice_id": number, "purchase_order": bills[0].po_number or data.order.po_number}
    if data.order.currency is not None:
        fields["currency"] = data.order.currency
    return ExtractedDocument(
        number,
        Field("invoice"),
        {name: Field(text, source="edi") for name, text in fields.items()},
        tuple(_row(bill, data) for bill in bills if bill.base_quantity),
    )


def _row(bill: BilledLine, data: OrderData) -> LineItem:
    line = next(
        (line for line in data.order.lines if line.po_line_number == bill.po_line_number), None
    )
    texts = {
        "po_line_number": bill.po_line_number,
        "po_number": bill.po_number,
        "product_code": None if line is None else line.product_code,
        "description": None if line is None else line.description,
        "unit": None if line is None else line.base_unit,
    }
    numbers: dict[str, Decimal | None] = {"quantity": bill.base_quantity, "amount": bill.amount}
    if bill.amount is None and line is not None and line.unit_price is not None:
        numbers["unit_price"] = line.unit_price
        numbers["price_base_quantity"] = line.price_base_quantity
    cells = {
        name: Field(value, source="edi")
        for name, value in (texts | numbers).items()
        if value is not None
    }
    return LineItem(**cells)  # type: ignore[arg-type]
