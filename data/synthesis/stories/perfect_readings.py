"""A story's documents as a perfect reader returns them: all that is printed and nothing else.

The model has no tags for terms, signatures and the remarks on a delivery; these are in
`also_printed` and `exceptions` of an entry, beside the fields that are scored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from data.synthesis.stories.papers.layout_search import Paper
from data.synthesis.stories.trade.findings import number_text
from data.synthesis.stories.trade.records import Trade

Json = dict[str, Any]
_SIGNATURES = {
    "receiver_name": "receiver_signature",
    "carrier_signature": "carrier_signature",
}


def unscored_fields(trade: Trade, paper: Paper, sheets: Sequence[int]) -> Json:
    """Return printed facts of these sheets that no reader is scored on, by header name."""
    marks = {ink.mark for sheet, _, ink in paper.inks() if sheet in sheets}
    fields = {name: "present" for mark, name in _SIGNATURES.items() if mark in marks}
    if "terms" in marks:
        bill = next(bill for bill in trade.bills if bill.key == paper.key)
        fields["payment_terms"] = bill.terms
    if "freight_terms" in marks:
        fields["freight_terms"] = trade.vendor.freight_term
    if "complete" in marks:
        fields["shipment_complete"] = "true"
    if "shipper_load_and_count" in marks:
        fields["shipper_load_and_count"] = "true"
    return fields


def delivery_exceptions(trade: Trade, paper: Paper, place: int) -> list[Json]:
    """Return the receiver's remarks that are printed on the paper of delivery `place` (from 0)."""
    marks = {ink.mark for _, _, ink in paper.inks()}
    return [
        {
            "kind": remark.kind,
            "quantity": number_text(remark.quantity),
            "unit": remark.unit,
            "product_code": trade.line(remark.po_line).article.code,
        }
        for remark in trade.remarks
        if remark.receipt_id == trade.deliveries[place] and f"exception:{remark.po_line}" in marks
    ]


def reading_json(entry: Mapping[str, Any]) -> Json:
    """Return a document's entry of `truth.json` in the form that `tieout examine --document` takes.

    Only printed values are in it.
    """
    items = [
        {
            **{name: item[name] for name in item["visible"]},
            "line_type": item["line_type"],
            "page": item["page"],
            "bbox": item["bbox"],
        }
        for item in entry["line_items"]
    ]
    fields = {name: entry["fields"][name] for name in entry["fields_visible"]}
    return {
        "id": entry["id"],
        "document_type": entry["document_type"],
        "fields": fields | entry.get("also_printed", {}),
        "line_items": items,
        "exceptions": entry.get("exceptions", []),
    }


def readings_json(entries: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return the readings of the documents in hand; the buyer's own receipts and memos are data."""
    return [reading_json(entry) for entry in entries if entry["document_type"] != "other"]
