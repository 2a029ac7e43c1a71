"""X12 810, 812 and 856 as documents, and what they come to beside their order."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from data.exchange.order_files import load_order_data
from data.exchange.recognise import read_documents
from data.exchange.wire.errors import ExchangeError
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from serving.wire.document_json import document_from_json, document_to_json
from tests.support.x12_files import interchange, transaction

BILL = (
    *("BIG*20260310*I-9*20260301*4711***DI", "CUR*VN*USD", "N1*VN*Acme Supplies*92*V-9"),
    *("N1*BY*Corner Stores", "IT1*1*12*CA*24.00**VN*A-1*UP*036000291452"),
    *("PID*F****Soap, lemon", "SAC*A*C310***288"),
    *("IT1*2*25000*EA*4.50*TP*VN*B-2", "TDS*47562", "TXI*ST*2.50", "SAC*C*D240***7500"),
    "CTT*2",
)


def document(*segments: str, code: str = "810") -> ExtractedDocument:
    text = interchange(transaction(code, *segments))
    (found,) = read_documents(text.encode(), "file.x12")
    assert document_from_json(document_to_json(found)) == found
    return found


def invoice(*segments: str, begin: str = "BIG*20260310*I-9**4711") -> ExtractedDocument:
    return document(begin, *segments)


def cells(item: object, *names: str) -> list[str | None]:
    leaves = [getattr(item, name) for name in names]
    return [None if leaf is None else leaf.text for leaf in leaves]


def test_an_810_is_an_invoice_read_exactly() -> None:
    found = document(*(one.replace("***DI", "") for one in BILL))
    assert found.document_type.value == "invoice"
    assert {name: leaf.text for name, leaf in found.fields.items()} == {
        "invoice_id": "I-9",
        "invoice_date": "2026-03-10",
        "purchase_order": "4711",
        "currency": "USD",
        "vendor_name": "Acme Supplies",
        "vendor_id": "V-9",
        "customer_name": "Corner Stores",
        "invoice_total": "475.62",
        "total_tax": "2.50",
    }
    soap, bolts, freight = found.line_items
    names = ("product_code", "gtin", "quantity", "unit_code", "unit_price", "discount_amount")
    assert cells(soap, *names, "amount") == [
        *("A-1", "036000291452", "12", "XCS", "24.00", "2.88", "285.12"),
    ]
    assert cells(bolts, "unit_price", "price_base_quantity", "amount") == ["4.50", "1000", "112.50"]
    assert (freight.line_type, freight.amount and freight.amount.value) == ("freight", D("75.00"))
    assert {leaf.source for leaf in (soap.quantity, soap.unit_price) if leaf} == {"edi"}
    assert soap.amount is not None
    assert (soap.amount.source, soap.amount.derived_from) == ("derived", ("quantity", "unit_price"))
    assert soap.unit_code is not None
    assert (soap.unit_code.raw_text, soap.unit_code.confidence) == ("CA", 1.0)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", "invoice"), ("PR", "invoice"), ("CR", "credit_memo"), ("CN", "credit_memo")],
)
def test_the_transaction_type_says_what_it_is(code: str, kind: str) -> None:
    found = document(f"BIG*20260310*I-9**4711***{code}", "IT1*1*1*EA*2.00")
    assert found.document_type.value == kind


def test_a_negative_line_keeps_its_sign() -> None:
    (line,) = invoice("IT1*1*-2*EA*5.00").line_items
    assert cells(line, "quantity", "unit_price", "amount") == ["-2", "5.00", "-10.00"]


@pytest.mark.parametrize(("unit", "basis"), [("CA", "PE"), ("EA", "HT")])
def test_a_price_for_who_knows_how_many_is_not_read(unit: str, basis: str) -> None:
    (line,) = invoice(f"IT1*1*2*{unit}*0.50*{basis}*VN*A-1").line_items
    assert line.unit_price is not None
    assert (line.unit_price.value, line.unit_price.raw_text) == (None, f"0.50 {basis}")
    assert line.amount is None


def test_a_cancelled_invoice_is_told() -> None:
    found = document("BIG*20260310*I-9**4711****01", "IT1*1*1*EA*2.00")
    assert [problem.code for problem in found.problems] == ["cancelled_by_sender"]


def test_several_documents_in_one_file_have_names_of_their_own() -> None:
    one = transaction("810", "BIG*20260310*I-9", "IT1*1*1*EA*2.00")
    other = transaction("810", "BIG*20260310*I-10", "IT1*1*1*EA*2.00")
    found = read_documents(interchange(one, other).encode(), "bills.x12")
    assert [one.document_id for one in found] == ["bills.x12#1", "bills.x12#2"]


SHIPMENT = (
    *("BSN*00*S-1*20260303*1000", "HL*1**S", "DTM*011*20260304", "REF*BM*BOL-7"),
    *("HL*2*1*O", "PRF*4711", "HL*3*2*P", "HL*4*3*I", "LIN*1*VN*A-1*PL*10"),
    *("SN1**8*CA**10*CA", "PID*F****Soap", "HL*5*2*I", "LIN*2*VN*B-2", "SN1**500*EA", "CTT*5"),
)


def test_an_856_says_what_was_shipped_on_which_order() -> None:
    found = document(*SHIPMENT, code="856")
    assert found.document_type.value == "packing_slip"
    assert found.value("packing_list_id") == "S-1"
    assert found.value("purchase_order") == "4711"
    assert str(found.value("ship_date")) == "2026-03-04"
    soap, bolts = found.line_items
    names = ("po_number", "po_line_number", "quantity_shipped", "unit_code", "quantity_ordered")
    assert cells(soap, *names) == ["4711", "10", "8", "XCS", "10"]
    assert cells(bolts, *names) == ["4711", None, "500", "EA", None]


def test_an_812_credit_gives_back_units_or_only_money() -> None:
    found = document(
        "BCD*20260310*CM-1*M*5000*C*20260301*I-9**4711",
        *("CDD*11*C*1*4800***2*CA", "LIN**VN*A-1", "CDD*01*C*2*700", "CDD*02*D*3*500"),
        code="812",
    )
    assert found.document_type.value == "credit_memo"
    assert found.value("original_invoice_id") == "I-9"
    assert [line.line_type for line in found.line_items] == ["item", "allowance", "allowance"]
    assert cells(found.line_items[0], "quantity", "unit_code", "amount", "product_code") == [
        *("2", "XCS", "48.00", "A-1"),
    ]
    assert cells(found.line_items[1], "quantity", "amount") == [None, "7.00"]
    assert cells(found.line_items[2], "amount") == ["-5.00"]  # a debit among credits


@pytest.mark.parametrize(
    ("code", "segments", "says"),
    [
        ("810", ["IT1*1*1*EA*1.00"], "has no BIG segment"),
        ("810", ["BIG*20260310"], "BIG02: is missing"),
        (
            "810",
            ["BIG*20260310*I", "IT1*1*1*EA*1.00", "TDS*1.00"],
            "TDS01: expected cents as a whole",
        ),
        ("810", ["BIG*20260310*I", "IT1*1*1*EA*1.00", "CTT*7"], "CTT01: states '7' IT1 lines"),
        ("810", ["BIG*2026-03-10*I"], "BIG01: expected a date CCYYMMDD"),
        ("812", ["BCD*20260310*C*M*1*X"], "BCD05: expected C (credit) or D (debit), got 'X'"),
        ("856", ["BSN*00*S*20260303*1000", "HL*1*9*S"], "HL02: parent '9' is not an earlier level"),
        ("856", ["BSN*00*S*20260303*1000", "HL*1**I"], "item level '1' has no SN1 segment"),
        ("850", ["BEG*00*SA*1**20260301"], "give it with --order or --receipts"),
    ],
)
def test_a_wrong_document_is_refused_with_its_segment(
    code: str, segments: list[str], says: str
) -> None:
    with pytest.raises(ExchangeError) as refused:
        document(*segments, code=code)
    assert says in str(refused.value)
    assert str(refused.value).startswith("file.x12")


def test_order_receipt_and_bill_come_to_the_dispute_of_edge_case_1(tmp_path: Path) -> None:
    """10 cases of 12 at 24.00 ordered, 118 received as eaches, 120 billed as eaches at 2.00."""
    order = transaction("850", "BEG*00*SA*4711**20260301", "PO1*1*10*CA*24.00**VN*A-1", "PO4*12")
    came = transaction("861", "BRA*R-1*20260305*00*1", "REF*PO*4711", "RCD*1*118*EA", "LIN**VN*A-1")
    (tmp_path / "po.x12").write_text(interchange(order, came))
    bill = invoice("CUR*VN*USD", "IT1*1*120*EA*2.00**VN*A-1", "TDS*24000")
    verdict = examine([bill], load_order_data([tmp_path / "po.x12"]))
    (found,) = verdict.variances
    assert (found.code, found.quantity, found.amount) == ("QTY_OVER_RECEIPT", D(2), D("4.00"))
