"""UBL documents, the published trading story, and XML that is refused."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from data.exchange.order_files import load_order_data
from data.exchange.recognise import read_documents, read_exchange_file, sniff_format
from data.exchange.wire.errors import ExchangeError
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from serving.wire.document_json import document_from_json, document_to_json
from tests.support.ubl_files import bill, bill_line, document, order, order_line, ubl


def test_an_invoice_is_read_exactly() -> None:
    base = '<cbc:BaseQuantity unitCode="CS">100</cbc:BaseQuantity>'
    charge = """<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
      <cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
      <cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>
      <cbc:Amount currencyID="EUR">15</cbc:Amount></cac:AllowanceCharge>"""
    totals = (
        "<cbc:LineExtensionAmount>-1.92</cbc:LineExtensionAmount>"
        "<cbc:TaxExclusiveAmount>13.08</cbc:TaxExclusiveAmount>"
    )
    head = "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>" + charge
    found = document(bill(bill_line("-8", amount="-1.92", base=base), head=head, totals=totals))
    assert found.document_type.value == "invoice"
    assert (found.value("invoice_id"), found.value("purchase_order")) == ("I-9", "4711")
    # With the freight as a line of its own the lines sum to the total after it.
    assert found.value("sub_total") == D("13.08")
    line, freight = found.line_items
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.raw_text) == (D(-8), "-8")
    assert (line.quantity.source, line.quantity.confidence) == ("edi", 1.0)
    assert line.price_base_quantity is not None
    assert line.price_base_quantity.value == D(100)
    assert line.unit_code is not None
    assert line.unit_code.value == "XCS"
    assert freight.line_type == "freight"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("380", "invoice"), ("381", "credit_memo"), ("384", "other"), ("325", "other")],
)
def test_the_type_code_says_what_an_invoice_is(code: str, kind: str) -> None:
    head = f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>"
    assert document(bill(bill_line(), head=head)).document_type.value in (kind, "corrected_invoice")


def test_the_lines_of_a_freight_invoice_are_freight() -> None:
    (line,) = document(bill(bill_line(), kind="FreightInvoice")).line_items
    assert line.line_type == "freight"


def test_a_price_for_another_unit_than_the_quantitys_is_not_read() -> None:
    base = '<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>'
    (line,) = document(bill(bill_line(base=base))).line_items
    assert line.unit_price is not None
    assert (line.unit_price.value, line.unit_price.raw_text) == (None, "24.00 per 1 KGM")


def test_amounts_in_two_currencies_are_a_problem() -> None:
    text = bill(bill_line()).replace('PriceAmount currencyID="EUR"', 'PriceAmount currencyID="USD"')
    assert [problem.code for problem in document(text).problems] == ["mixed_currencies"]


def test_an_order_response_tells_what_was_not_accepted() -> None:
    lines = order_line("1", status="Accepted") + order_line("2", status="Disputed")
    head = "<cbc:ID>7</cbc:ID><cac:OrderReference><cbc:ID>4711</cbc:ID></cac:OrderReference>"
    found = document(ubl("OrderResponse", head + lines))
    assert found.document_type.value == "purchase_order"
    assert [(one.code, one.message) for one in found.problems] == [
        ("order_not_accepted", "order line 2: the vendor answered 'Disputed'")
    ]


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = [
    (f'<!DOCTYPE l [<!ENTITY l0 "lol">{LOL}]><l>&l9;</l>', "has a DOCTYPE"),
    (f'<!DOCTYPE l [<!ENTITY a "{"x" * 50_000}">]><l>{"&a;" * 1000}</l>', "has a DOCTYPE"),
    ('<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/passwd">]><l>&f;</l>', "has a DOCTYPE"),
    ('<!DOCTYPE l SYSTEM "http://127.0.0.1:1/a.dtd"><l/>', "has a DOCTYPE"),
    ('<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]><l/>', "has a DOCTYPE"),
    ("<l>&undeclared;</l>", "not well-formed XML"),
    ("<a>" * 100_000, "more than 64 levels deep"),
    ("<a/>", "the root element is 'a'; expected UBL 2"),
    (ubl("Catalogue", ""), "Catalogue'; expected UBL 2"),
    ('<Invoice xmlns="urn:other"/>', "the root element is '{urn:other}Invoice'"),
    ("<Invoice", "not well-formed XML"),
    ('<?xml version="1.0" encoding="klingon"?><a/>', "not well-formed XML"),
]


@pytest.mark.parametrize(("text", "says"), HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_hostile_and_foreign_xml_is_refused(text: str, says: str, encoding: str) -> None:
    content = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert sniff_format(content) == "xml"
    for read in (read_documents, read_exchange_file):
        with pytest.raises(ExchangeError) as refused:
            read(content, "a.xml")
        assert str(refused.value).startswith("a.xml: ")
        assert says in str(refused.value) or encoding == "utf-16"


def test_order_data_is_no_document() -> None:
    with pytest.raises(ExchangeError, match="give it with --order or --receipts"):
        read_documents(order().encode(), "x")


# What each published example holds: order, change, receipt or document, and its lines.
STORY = {
    "UBL-Order-2.0-Example.xml": ("order", 1),
    "UBL-OrderChange-2.1-Example.xml": ("change", 1),
    "UBL-ReceiptAdvice-2.0-Example.xml": ("receipt", 1),
    "UBL-OrderResponse-2.1-Example.xml": ("purchase_order", 2),
    "UBL-DespatchAdvice-2.0-Example.xml": ("packing_slip", 1),
    "UBL-Invoice-2.0-Example.xml": ("invoice", 2),  # a line and an allowance
    "UBL-Invoice-2.1-Example.xml": ("invoice", 7),  # five lines, an allowance, a charge
    "UBL-FreightInvoice-2.1-Example.xml": ("invoice", 7),
    "UBL-CreditNote-2.0-Example.xml": ("credit_memo", 1),
    "UBL-CreditNote-2.1-Example.xml": ("credit_memo", 7),
}


@pytest.mark.shared
def test_every_published_example_is_read(shared: Path) -> None:
    folder = shared / "formats" / "ubl"
    assert {path.name for path in folder.iterdir()} == set(STORY)
    for name, (kind, lines) in STORY.items():
        found = read_exchange_file((folder / name).read_bytes(), name)
        if kind == "order":
            assert len(found.orders[0]["lines"]) == lines
        elif kind == "change":
            assert len(found.changes[0].lines) == lines
        elif kind == "receipt":
            assert len(found.receipts[0].lines) == lines
        else:
            (one,) = read_documents((folder / name).read_bytes(), name)
            assert document_from_json(document_to_json(one)) == one
            assert (one.document_type.value, len(one.line_items)) == (kind, lines)


@pytest.mark.shared
def test_the_published_story_is_a_dispute(shared: Path) -> None:
    """100 kg of beeswax ordered and billed, 90 received, the bill credited in full."""
    folder = shared / "formats" / "ubl"

    def documents(name: str) -> tuple[ExtractedDocument, ...]:
        return read_documents((folder / f"UBL-{name}-2.0-Example.xml").read_bytes(), name)

    data = load_order_data(
        [folder / "UBL-Order-2.0-Example.xml", folder / "UBL-ReceiptAdvice-2.0-Example.xml"]
    )
    (line,) = data.order.lines
    assert (line.quantity_ordered, line.unit_code, data.order.currency) == (D(100), "KGM", "GBP")
    assert line.unit_price is None  # its 100 x 100.00 is not the line's 100.00
    assert data.receipts[0].lines[0].po_line_number == "1"  # placed by its article
    verdict = examine([*documents("Invoice"), *documents("DespatchAdvice")], data)
    (found,) = verdict.variances
    assert (found.code, found.quantity, found.amount) == ("QTY_OVER_RECEIPT", D(10), None)
    assert {one.document_id for one in found.evidence} == {"Invoice", "658398", "DespatchAdvice"}
    credited = examine([*documents("Invoice"), *documents("CreditNote")], data)
    assert [one.code for one in credited.variances] == []
    assert credited.status == "needs_review"  # the allowance has no condition in the order
