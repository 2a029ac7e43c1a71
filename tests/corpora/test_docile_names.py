"""Our predictions under DocILE's fieldtypes, and the table of names."""

from typing import Any

import pytest

from data.corpora.published.docile_names import KILE_NAMES, LIR_NAMES, kile_fieldtype, lir_fieldtype
from data.labels import HEADER_TAGS, LINE_TAGS
from data.records import Box
from training.metrics.docile import docile_fields
from training.metrics.predictions import PredictionError


def test_our_prediction_in_docile_names() -> None:
    place = {"page": 2, "bbox": [0.1, 0.2, 0.3, 0.4]}
    names = ("invoice_id", "invoice_date", "invoice_total", "purchase_order", "shipping_charge")
    prediction = {
        "id": "d",
        "document_type": "invoice",
        "fields": {**dict.fromkeys(names, "1"), "vendor_name": "Tea"},
        "confidence": {"invoice_id": 0.25},
        "places": dict.fromkeys(names, place),  # the vendor stands nowhere
        "line_items": [
            {"quantity": "1", "amount": "2", "places": {"quantity": place, "amount": place}}
        ],
    }
    found = docile_fields(prediction)
    assert [(one.name, one.score, one.item) for one in found] == [
        ("document_id", 0.25, None),
        ("date_issue", 1.0, None),
        ("amount_total_gross", 1.0, None),
        ("customer_order_id", 1.0, None),
        ("line_item_quantity", 1.0, 0),
        ("line_item_amount_gross", 1.0, 0),
    ]
    assert {(one.page, one.box) for one in found} == {(1, Box(0.1, 0.2, 0.3, 0.4))}


@pytest.mark.parametrize(
    ("document_type", "name", "fieldtype"),
    [
        ("purchase_order", "po_number", "document_id"),
        ("delivery_note", "delivery_date", "date_issue"),
        ("invoice", "delivery_date", None),
        (None, "invoice_id", "document_id"),
        ("receipt", "invoice_date", "date_issue"),
        ("invoice", "line_item_tax", None),
    ],
)
def test_number_and_date_go_by_the_document_type(
    document_type: str | None, name: str, fieldtype: str | None
) -> None:
    prediction = {
        "id": "d",
        "document_type": document_type,
        "fields": {name: "1"},
        "places": {name: {"page": 1, "bbox": [0, 0, 1, 1]}},
    }
    assert [one.name for one in docile_fields(prediction)] == ([fieldtype] if fieldtype else [])


def test_money_beside_gross_money_is_net() -> None:
    place = {"page": 1, "bbox": [0, 0, 1, 1]}
    names = ("gross_amount", "amount", "unit_price")
    row = {**dict.fromkeys(names, "1"), "places": dict.fromkeys(names, place)}
    assert [one.name for one in docile_fields({"id": "d", "line_items": [row]})] == [
        "line_item_amount_gross",
        "line_item_amount_net",
        "line_item_unit_price_net",
    ]


@pytest.mark.parametrize("place", [{"page": 1}, {"page": 1, "bbox": [0, 0, 2, 1]}, 3])
def test_a_place_that_is_none_is_refused(place: Any) -> None:
    row = {"amount": "1", "places": {"amount": place}}
    with pytest.raises(PredictionError, match=r"d: line_items.0.places.amount: want page from 1"):
        docile_fields({"id": "d", "line_items": [row]})


def test_the_table_names_all_fieldtypes_and_only_tags_of_ours() -> None:
    dataset = pytest.importorskip("docile.dataset")
    assert list(KILE_NAMES) == list(dataset.KILE_FIELDTYPES)
    assert list(LIR_NAMES) == list(dataset.LIR_FIELDTYPES)
    assert {name for name in KILE_NAMES.values() if name} <= set(HEADER_TAGS)
    assert {name for name in LIR_NAMES.values() if name} <= set(LINE_TAGS)
    assert {kile_fieldtype(name) for name in HEADER_TAGS} - {None} <= set(KILE_NAMES)
    both = {lir_fieldtype(name, net) for name in LINE_TAGS for net in (True, False)}
    assert both - {None} <= set(LIR_NAMES)
