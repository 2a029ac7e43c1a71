"""A story's documents as a reader sees them who reads all that is printed and nothing else.

The model has no tags for terms, signatures and the remarks on a delivery; they stand in
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


def also_printed(trade: Trade, paper: Paper, sheets: Sequence[int]) -> Json:
    """What these sheets of a paper say beside the fields a reader is scored on, by header name."""
    marks = {ink.mark for sheet, _, ink in paper.inks() if sheet in sheets}
    said = {name: "present" for mark, name in _SIGNATURES.items() if mark in marks}
    if "terms" in marks:
        bill = next(one for one in trade.bills if one.key == paper.key)
        said["payment_terms"] = bill.terms
    if "freight_terms" in marks:
        said["freight_terms"] = trade.vendor.freight_term
    if "complete" in marks:
        said["shipment_complete"] = "true"
    if "shipper_load_and_count" in marks:
        said["shipper_load_and_count"] = "true"
    return said


def exceptions_of(trade: Trade, paper: Paper, place: int) -> list[Json]:
    """The receiver's remarks on the paper of the delivery at that place."""
    marks = {ink.mark for _, _, ink in paper.inks()}
    return [
        {
            "kind": one.kind,
            "quantity": number_text(one.quantity),
            "unit": one.unit,
            "product_code": trade.line(one.po_line).article.code,
        }
        for one in trade.remarks
        if one.receipt_id == trade.deliveries[place] and f"exception:{one.po_line}" in marks
    ]


def reading_json(entry: Mapping[str, Any]) -> Json:
    """A document's entry of `truth.json` in the plain form that `tieout examine --document` takes.

    Only what is printed is in it.
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
    """The documents of a dispute in hand; the buyer's own receipts and memos come as data."""
    return [reading_json(entry) for entry in entries if entry["document_type"] != "other"]
