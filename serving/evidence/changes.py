"""Changes between two verdicts of a dispute, and the overview that a verdict is listed by.

Codes, numbers and money only: they go to webhooks and into lists, where no text of a document may
be.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.evidence.search import label_of
from serving.store.jobs import Label

_VENDOR_FIELDS = ("vendor_name", "vendor_id")
_KEY = ("code", "state", "po_number", "po_line_number", "amount", "currency")


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new verdict changed: status, money, and findings that are new or gone.

    >>> old = {"status": "matched", "totals": {"certain": {}}, "variances": []}
    >>> new = {"status": "discrepancy", "totals": {"certain": {"EUR": "4.00"}}, "variances": []}
    >>> changes_between(old, new)["totals"]
    {'certain': {'EUR': {'before': None, 'after': '4.00'}}}
    """
    old, new = _findings(before), _findings(after)
    return {
        "status": {"before": before["status"], "after": after["status"]},
        "totals": _changed_totals(before["totals"], after["totals"]),
        "findings": {"new": _listed(new - old), "gone": _listed(old - new)},
    }


def _findings(verdict: Mapping[str, Any]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(finding[name] for name in _KEY) for finding in verdict["variances"])


def _listed(findings: Counter[tuple[Any, ...]]) -> list[dict[str, Any]]:
    rows = sorted(findings.elements(), key=lambda row: [str(value) for value in row])
    return [dict(zip(_KEY, row, strict=True)) for row in rows]


def _changed_totals(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in after:
        old, new = before.get(name, {}), after[name]
        differing = {
            currency: {"before": old.get(currency), "after": new.get(currency)}
            for currency in sorted({*old, *new})
            if _number(old.get(currency)) != _number(new.get(currency))
        }
        if differing:
            changed[name] = differing
    return changed


def _number(text: str | None) -> Decimal:
    return Decimal(text or 0)


def overview_of(
    verdict: Mapping[str, Any], documents: Sequence[ExtractedDocument]
) -> dict[str, Any]:
    """Return what a list shows of a dispute: status, money, vendor, orders, unsure cells."""
    cells = [
        (cell["document_id"], cell["page"], tuple(cell["polygon"] or ()), cell["field"])
        for line in verdict["lines"]
        for cell in line["unsure_cells"]
    ]
    vendors = [str(name) for name in map(_vendor, documents) if name]
    return {
        "status": verdict["status"],
        "totals": verdict["totals"],
        "orders": verdict["po_numbers"][:20],
        "vendor": vendors[0][:200] if vendors else None,
        "claims": sum(finding["state"] == "claim" for finding in verdict["variances"]),
        "findings": len(verdict["variances"]),
        "unsure_cells": len(set(cells)),
        "documents": len(documents),
    }


def _vendor(document: ExtractedDocument) -> Any:
    return next((document.value(name) for name in _VENDOR_FIELDS if document.value(name)), None)


def order_labels(data: OrderData) -> frozenset[Label]:
    """Return the labels of order data: the numbers of its orders and their vendor."""
    order = data.order
    numbers = {order.po_number, *(line.po_number for line in order.lines)}
    vendors = {order.vendor_id, order.vendor_name}
    return frozenset(label_of("order", number) for number in numbers if number) | frozenset(
        label_of("vendor", vendor) for vendor in vendors if vendor
    )


def labels_of(
    verdict: Mapping[str, Any], documents: Sequence[ExtractedDocument]
) -> frozenset[Label]:
    """Return the labels by which a dispute is found, from its orders and its papers."""
    orders = [*verdict["po_numbers"], *(paper.value("purchase_order") for paper in documents)]
    vendors = [paper.value(name) for paper in documents for name in _VENDOR_FIELDS]
    return frozenset(label_of("order", str(order)) for order in orders if order) | frozenset(
        label_of("vendor", str(vendor)) for vendor in vendors if vendor
    )
