"""Documents as JSON: read back as they were, and refused with the key that is wrong."""

import json
from decimal import Decimal

import pytest

from data.records import Alternative, ExtractedDocument, Field, LineItem
from serving.wire.document_json import document_to_json, documents_from_json
from serving.wire.field_json import DocumentJsonError

D = Decimal


def test_documents_survive_json() -> None:
    leaf = Field(D("1.50"), "1,50", 0.9, 1, (0.0,) * 8, "model", (Alternative(D(150), 0.1),))  # type: ignore[arg-type]
    document = ExtractedDocument(
        "x", Field("invoice"), {"invoice_total": leaf}, (LineItem(quantity=leaf, page=1),)
    )
    assert documents_from_json(json.dumps(document_to_json(document))) == (document,)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"id": "x", "document_type": "invoice", "line_itms": []}, "did you mean 'line_items'"),
        ({"id": "x", "document_type": "invoise"}, "none of invoice"),
        ({"document_type": "invoice"}, "document_id (or id) is missing"),
        (
            {"document_id": "x", "document_type": "invoice", "line_items": [{"quantity": 3.5}]},
            "document.line_items[0].quantity: 3.5 is a float",
        ),
        (
            {"document_id": "x", "document_type": "invoice", "fields": {"quantity": "3"}},
            "document.fields: unknown key 'quantity'",
        ),
        (
            {
                "document_id": "x",
                "document_type": "invoice",
                "line_items": [{"amount": {"value": "1,50"}}],
            },
            "'1,50' is not a decimal string",
        ),
        ("[", "not JSON"),
    ],
)
def test_documents_that_are_refused(document: object, says: str) -> None:
    with pytest.raises(DocumentJsonError) as refused:
        documents_from_json(document)
    assert says in str(refused.value)


def test_plain_print_is_read_with_its_other_readings() -> None:
    (document,) = documents_from_json(
        {"id": "x", "document_type": "invoice", "line_items": [{"amount": "1.234,50"}]}
    )
    assert document.line_items[0].amount is not None
    assert document.line_items[0].amount.decimal == D("1234.50")
