"""Small disputes for tests: one order, its receipts and papers read without doubt."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.records import Verdict, verdict_to_json
from serving.wire.document_json import documents_from_json


def order(*lines: dict[str, Any], currency: str | None = "USD", **more: Any) -> OrderData:
    """Order 4711 with lines 1, 2, ...; each receipt is one row, as `got` writes it.

    `head` are more keys of the order, `late` whole receipts with their dates.
    """
    numbered = [
        {"po_line_number": str(number), "product_code": f"A-{number}", "unit_code": "EA"} | line
        for number, line in enumerate(lines, start=1)
    ]
    rows = [dict(row) for row in more.pop("receipts", ())]
    days = {index: row.pop("received_at", None) for index, row in enumerate(rows, start=1)}
    receipts = [
        {"receipt_id": f"R{index}", "lines": [row], "received_at": days[index]}
        for index, row in enumerate(rows, start=1)
    ]
    receipts += more.pop("late", [])
    head = {"po_number": "4711", "currency": currency, "lines": numbered} | more.pop("head", {})
    head |= {"unit_code_list": more.pop("unit_code_list", None)}
    return parse_order_data({"order": head, "receipts": receipts, **more})


def po(quantity: str, price: str, **more: Any) -> dict[str, Any]:
    return {"quantity_ordered": quantity, "unit_price": price, **more}


def got(quantity: str, line: str = "1", **more: Any) -> dict[str, Any]:
    return {"po_line_number": line, "quantity_received": quantity, **more}


def row(quantity: str | None, price: str | None, code: str = "A-1", **more: Any) -> dict[str, Any]:
    cells = {"product_code": code, "quantity": quantity, "unit_price": price, "unit": "EA"}
    return {name: value for name, value in (cells | more).items() if value is not None}


def paper(*rows: dict[str, Any], kind: str = "invoice", **fields: str) -> ExtractedDocument:
    """A document read without doubt."""
    header = {"purchase_order": "4711"} | fields
    (document,) = documents_from_json(
        {"id": kind, "document_type": kind, "fields": header, "line_items": list(rows)}
    )
    return document


def doubtful(document: ExtractedDocument, name: str, **change: Any) -> ExtractedDocument:
    """The document with one cell of its first line changed."""
    first, *rest = document.line_items
    leaf = first.field(name)
    assert leaf is not None
    changed = replace(first, **{name: replace(leaf, **change)})
    return replace(document, line_items=(changed, *rest))


def found(verdict: Verdict) -> list[tuple[str, str | None, str | None]]:
    """(code, quantity, amount) of each finding as shown."""
    shown = verdict_to_json(verdict)["variances"]
    return [(one["code"], one["quantity"], one["amount"]) for one in shown]


def claimed(verdict: Verdict) -> Decimal:
    return verdict.totals.certain["USD"] + verdict.totals.likely["USD"]


def ten(*, received: str = "10", **more: Any) -> OrderData:
    """10 ordered at 10.00; `line` are more keys of the line, other keys those of the order."""
    line, lists = more.pop("line", {}), {}
    for name in ("billed", "invoices", "claims"):
        lists[name] = more.pop(name, [])
    return order(po("10", "10.00", **line), receipts=[got(received)], head=more, **lists)
