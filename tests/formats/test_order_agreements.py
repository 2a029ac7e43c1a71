"""What is agreed beside the lines of an order: read strictly, and never assumed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from data.exchange.order_files import OrderDataError, parse_order_data
from data.order_records import OrderAllowance, PurchaseOrder
from serving.wire.document_json import document_to_json, documents_from_json
from serving.wire.field_json import DocumentJsonError

D = Decimal
LINE = {"po_line_number": "1", "quantity_ordered": "10"}
ORDER = {"po_number": "4711", "lines": [LINE]}


def test_every_agreement_is_read() -> None:
    agreed = {
        "payment_terms": "2/10 NET 30",
        "freight_terms": "prepaid_and_add",
        "planned_freight": "60.00",
        "agreed_deposit": "45.00",
        "allowances": [{"rate": "2", "in_price": True}, {"amount": "5.00"}],
        "agreed_rates": {"EUR": "1.08"},
        "closed": True,
        "tax_exempt": True,
        "tax_rate": "19",
        "vendor_tax_id": "DE1",
        "required_documents": ["bill_of_lading", "packing_slip"],
    }
    line = LINE | {"category": "fresh", "planned_freight": "1.50"}
    order = parse_order_data({"order": ORDER | agreed | {"lines": [line]}}).order
    assert (order.planned_freight, order.agreed_deposit, order.tax_rate) == (D(60), D(45), D(19))
    assert order.allowances == (
        OrderAllowance(rate=D(2), in_price=True),
        OrderAllowance(None, D(5)),
    )
    assert order.agreed_rates == {"EUR": D("1.08")}
    assert order.freight_terms == "prepaid_and_add"
    assert (order.closed, order.tax_exempt, order.vendor_tax_id) == (True, True, "DE1")
    assert order.required_documents == ("bill_of_lading", "packing_slip")
    assert (order.lines[0].category, order.lines[0].planned_freight) == ("fresh", D("1.50"))


def test_what_is_not_said_is_not_known() -> None:
    order = parse_order_data({"order": ORDER}).order
    assert order == PurchaseOrder("4711", order.lines)
    assert (order.planned_freight, order.agreed_deposit, order.tax_rate) == (None, None, None)
    assert order.freight_terms == "unknown"


def test_claims_and_past_invoices_are_read() -> None:
    claim = {"claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-1",
             "claimed_at": "2025-05-10", "unit_code": "CS"}  # fmt: skip
    past = {"invoice_id": "RE-0", "invoice_total": "10.00", "invoice_date": "2025-04-01",
            "file_sha256": "0" * 64, "result": "paid"}  # fmt: skip
    data = parse_order_data({"order": ORDER, "claims": [claim], "invoices": [past]})
    assert (data.claims[0].claimed_at, data.claims[0].unit_code) == (date(2025, 5, 10), "CS")
    (known,) = data.invoices
    assert (known.invoice_total, known.document_type, known.result) == (D(10), "invoice", "paid")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"planned_frieght": "1"}, "did you mean 'planned_freight'?"),
    ({"planned_freight": 60.0}, 'write it as a string: "60.0"'),
    ({"planned_freight": "-1"}, "order.planned_freight"),
    ({"freight_terms": "FOB"}, "order.freight_terms"),
    ({"allowances": [{"rate": "2", "amount": "1"}]}, "either rate (percent) or amount"),
    ({"allowances": [{}]}, "either rate (percent) or amount"),
    ({"allowances": [{"rte": "2"}]}, "unknown key 'order.allowances[0].rte'; did you mean 'rate'?"),
    ({"agreed_rates": {"Euro": "1.08"}}, "ISO 4217"),
    ({"agreed_rates": {"EUR": "0"}}, "agreed_rates"),
    ({"closed": "yes"}, "order.closed"),
    ({"tax_rate": 19.5}, 'write it as a string: "19.5"'),
    ({"required_documents": ["invoice"]}, "order.required_documents[0]"),
    ({"payment_terms": " "}, "is empty"),
]


@pytest.mark.parametrize(("agreed", "says"), REFUSED)
def test_agreements_that_are_refused(agreed: dict[str, Any], says: str) -> None:
    with pytest.raises(OrderDataError) as refused:
        parse_order_data({"order": ORDER | agreed})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("past", "says"),
    [
        ({"invoice_id": "1", "file_sha256": "abc"}, "invoices[0].file_sha256"),
        ({"invoice_id": "1", "total": "1.00"}, "did you mean 'invoice_total'?"),
        ({"invoice_total": "1.00"}, "invoices[0].invoice_id is missing"),
    ],
)
def test_past_invoices_that_are_refused(past: dict[str, str], says: str) -> None:
    with pytest.raises(OrderDataError) as refused:
        parse_order_data({"order": ORDER, "invoices": [past]})
    assert says in str(refused.value)


PROOF = {
    "id": "pod",
    "document_type": "proof_of_delivery",
    "fields": {"receiver_signature": "present", "shipper_load_and_count": "false"},
    "line_items": [],
    "exceptions": [{"kind": "short", "quantity": "2", "unit": "CS", "product_code": "A-1"}],
    "file_sha256": "f" * 64,
}


def test_exceptions_and_the_hash_of_the_file_survive_json() -> None:
    (proof,) = documents_from_json(PROOF)
    assert [(one.kind, one.quantity.value) for one in proof.exceptions] == [("short", D(2))]
    assert documents_from_json(document_to_json(proof)) == (proof,)


@pytest.mark.parametrize(
    ("exception", "says"),
    [
        ({"kind": "late", "quantity": "2"}, "a kind, one of short, over, damaged, refused"),
        ({"kind": "short"}, "expected a quantity and a kind"),
        ({"kind": "short", "quantity": 2.5}, "binary floating point"),
        ({"kind": "short", "quantity": "2", "units": "CS"}, "did you mean 'unit'?"),
    ],
)
def test_exceptions_that_are_refused(exception: dict[str, Any], says: str) -> None:
    with pytest.raises(DocumentJsonError) as refused:
        documents_from_json(PROOF | {"exceptions": [exception]})
    assert says in str(refused.value)
