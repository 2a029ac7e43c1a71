"""Factur-X and its kin: the embedded XML as truth, what is printed of it, and hostile files."""

from pathlib import Path

import pytest

from data.corpora.folder import read_corpus
from data.corpora.published import facturx
from data.corpora.readings import DEFAULT_CACHE, read_file
from data.corpora.truth import CorpusError, TrueDocument, TrueItem
from data.corpora.visibility import visible_item
from data.exchange.cii import read_cii
from data.exchange.wire.edi_document import EdiLine
from data.exchange.wire.xml_tree import parse_xml
from data.records import Box, Page, Word
from data.values.printed_values import printed_names, read_printed_values
from tests.support.embedded_invoices import BILLED, invoice, line, pdf

SHARED = Path(__file__).parents[3] / "shared" / "real" / "einvoice"


def only(path: Path) -> TrueDocument:
    (document,) = facturx.read_documents(path, None)
    return document


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.XML"])
def test_a_pdf_is_read_as_its_xml_says_and_visible_as_its_page_says(
    tmp_path: Path, name: str
) -> None:
    document = only(pdf(tmp_path / "a.pdf", invoice(), name))
    assert document.document_id == "a"
    assert document.document_type == "invoice"
    assert document.fields == {
        "invoice_id": "R-17",
        "invoice_date": "2024-03-05",
        "purchase_order": "PO-4",
        "currency": "EUR",
        "vendor_name": "Papier GmbH",
        "customer_name": "Kunde AG",
        "sub_total": "1100.00",  # the page prints the sum after the discount
        "total_discount": "30.00",
        "invoice_total": "1309.00",
        "total_tax": "209.00",
    }
    assert set(document.fields) - document.fields_visible == {
        "purchase_order",
        "customer_name",
        "total_tax",
    }
    (item,) = document.items
    assert item.values == {
        "line_number": "1",
        "description": "Copy paper",
        "product_code": "TB100A4",
        "buyer_item_id": "K-77",
        "gtin": "4012345001235",
        "po_line_number": "10",
        "unit_price": "4.50",
        "gross_unit_price": "5.00",
        "amount": "1125.00",
        "tax_rate": "19",
        "quantity": "25000",
        "unit_code": "H87",
        "price_base_quantity": "100",
    }
    assert item.visible == {
        "line_number",
        "description",
        "unit_price",
        "amount",
        "quantity",
        "price_base_quantity",
    }
    assert item.wordings == ("Copy paper",)


@pytest.mark.parametrize(
    ("code", "document_type", "number"),
    [
        ("380", "invoice", "invoice_id"),
        ("381", "credit_memo", "invoice_id"),
        ("384", "corrected_invoice", "invoice_id"),
        ("220", "purchase_order", "po_number"),
        ("231", "purchase_order", "po_number"),
        ("575", "other:575", "invoice_id"),
        ("", "other", "invoice_id"),
    ],
)
def test_the_type_code_names_the_type_and_its_number(
    code: str, document_type: str, number: str
) -> None:
    said = read_cii(parse_xml(invoice(code=code).encode(), "x"), "x")
    assert said.document_type == document_type
    assert said.fields[number] == "R-17"


def test_order_x_counts_what_was_agreed_before_what_was_requested() -> None:
    ordered = (
        '<ram:RequestedQuantity unitCode="C62">6</ram:RequestedQuantity>'
        '<ram:AgreedQuantity unitCode="C62">0.00</ram:AgreedQuantity>'
    )
    root = parse_xml(
        invoice(line(quantity=ordered), code="231", root="SCRDMCCBDACIOMessageStructure").encode(),
        "x",
    )
    assert read_cii(root, "x").lines[0].values["quantity"] == "0.00"


def test_zugferd_1_has_the_same_content_under_longer_names() -> None:
    xml = (
        invoice(root="CrossIndustryDocument")
        .replace("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>")
        .replace("rsm:SupplyChain", "rsm:SpecifiedSupplyChain")
        .replace("ApplicableHeaderTrade", "ApplicableSupplyChainTrade")
        .replace("SpecifiedLineTrade", "SpecifiedSupplyChainTrade")
        .replace("SettlementHeaderMonetary", "SettlementMonetary")
        .replace("SettlementLineMonetary", "SettlementMonetary")
        .replace("RateApplicablePercent", "ApplicablePercent")
        .replace("IssuerAssignedID", "ID")
    )
    old, new = (read_cii(parse_xml(text.encode(), "x"), "x") for text in (xml, invoice()))
    assert old == new


def test_lines_that_group_or_inform_are_excluded() -> None:
    status = "<ram:LineStatusReasonCode>{}</ram:LineStatusReasonCode>"
    lines = [
        line(amount="3.00", status=status.format("GROUP")),
        line(amount="2.00", status=status.format("DETAIL")),
        line(amount="1.00"),
        line(amount="0.00", status=status.format("INFORMATION")),
    ]
    said = read_cii(parse_xml(invoice(*lines).encode(), "x"), "x")
    assert [item.values["amount"] for item in said.lines] == ["2.00", "1.00"]
    assert [item.values["amount"] for item in said.excluded] == ["3.00", "0.00"]


def test_missing_elements_are_missing_values() -> None:
    said = read_cii(
        parse_xml(
            b"<CrossIndustryInvoice><!-- bare --><ExchangedDocument/><SupplyChainTradeTransaction>"
            b"<IncludedSupplyChainTradeLineItem/></SupplyChainTradeTransaction></CrossIndustryInvoice>",
            "x",
        ),
        "x",
    )
    assert (said.document_type, said.fields, said.excluded) == ("other", {}, ())
    assert said.lines == (EdiLine({}),)


@pytest.mark.parametrize(
    ("issued", "attribute", "value"),
    [
        ("20240229", "102", "2024-02-29"),
        ("202402291530", "203", "2024-02-29"),
        ("202402", "610", None),  # a month
    ],
)
def test_dates_are_days(issued: str, attribute: str, value: str | None) -> None:
    xml = invoice(issued=issued).replace('format="102"', f'format="{attribute}"')
    assert read_cii(parse_xml(xml.encode(), "x"), "x").fields.get("invoice_date") == value


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (
            invoice(line(amount="12,50")),
            r"a\.pdf: line 1: LineTotalAmount: expected a decimal number",
        ),
        (
            invoice(line(quantity=BILLED.replace("25000", "1e3"))),
            r"line 1: BilledQuantity: expected a decimal",
        ),
        (
            invoice().replace("1309.00", "NaN"),
            r"a\.pdf: GrandTotalAmount: expected a decimal number",
        ),
        (invoice(issued="20240230"), r"IssueDateTime: expected a date YYYYMMDD, got '20240230'"),
        (invoice(issued="5.3.2024"), r"IssueDateTime: expected a date YYYYMMDD, got '5\.3\.2024'"),
        (
            invoice(root="Invoice"),
            r"root element is 'Invoice', expected one of CrossIndustryInvoice",
        ),
        ("<CrossIndustryInvoice/>", "ExchangedDocument or SupplyChainTradeTransaction is missing"),
        ("<CrossIndustryInvoice>", r"factur-x\.xml: not well-formed XML: no element found"),
        ("", "factur-x.xml: not well-formed XML"),
        (b"\xff\xfe<", "not well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', r"has a DOCTYPE \('a'\)"),
        ('<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a/>', r"has a DOCTYPE \('a'\)"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), r"has a DOCTYPE \('a'\)"),
        ("<a>" * 100000, "elements are nested more than 64 levels deep"),
    ],
)
def test_malformed_and_hostile_xml_is_named(tmp_path: Path, xml: str | bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        only(pdf(tmp_path / "a.pdf", xml))


def test_xml_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    bomb = b"<CrossIndustryInvoice>" + b" " * 9 * 2**20 + b"</CrossIndustryInvoice>"
    with pytest.raises(CorpusError, match="exceeded the output limit"):
        only(pdf(tmp_path / "a.pdf", bomb))


@pytest.mark.parametrize(
    ("xml", "name", "message"),
    [
        (invoice(), "terms.xml", r"embeds none of factur-x\.xml, .*; found terms\.xml"),
        (None, "", r"embeds none of factur-x\.xml, .*; found no file"),
    ],
)
def test_a_pdf_without_invoice_xml_is_named(
    tmp_path: Path, xml: str | None, name: str, message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        only(pdf(tmp_path / "a.pdf", xml, name))


def test_a_folder_is_read_with_its_subfolders_one_by_one(tmp_path: Path) -> None:
    pdf(tmp_path / "a.pdf", invoice())
    pdf(tmp_path / "sub" / "A.PDF", invoice())
    (tmp_path / "notes.txt").write_text("no PDF")
    pdf(tmp_path / "z.pdf", None)
    documents = facturx.read_documents(tmp_path, None)
    assert [next(documents).document_id for _ in range(2)] == ["a", "sub/A"]
    with pytest.raises(CorpusError, match=r"z\.pdf: embeds none of"):
        next(documents)


def test_what_is_no_pdf_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no PDF"):
        list(facturx.read_documents(tmp_path, None))
    with pytest.raises(CorpusError, match="there is no such file"):
        list(facturx.read_documents(tmp_path / "a.pdf", None))
    (tmp_path / "a.pdf").write_text("no PDF")
    with pytest.raises(CorpusError, match=r"a\.pdf: .*not a supported file type"):
        list(facturx.read_documents(tmp_path, None))


def page(text: str) -> Page:
    words = tuple(
        Word(word, Box(0.01 * at, 0.1, 0.01 * at + 0.005, 0.11))
        for at, word in enumerate(text.split())
    )
    return Page(0, 595, 842, words, "text", "written here")


@pytest.mark.parametrize(
    ("text", "name", "value", "visible"),
    [
        ("1.125,00", "amount", "1125.00", True),
        ("1 125,00", "amount", "1125.00", True),  # over two words
        ("1.125", "amount", "1125.00", True),  # one of its readings
        ("1.125,01", "amount", "1125.00", False),
        ("-5,00", "amount", "-5.00", True),
        ("5,00", "amount", "-5.00", False),
        ("l0,00", "amount", "10.00", False),  # an OCR slip is no print
        ("25Stk", "quantity", "25", True),
        ("05.03.2024", "invoice_date", "2024-03-05", True),
        ("5. März 2024", "invoice_date", "2024-03-05", True),
        ("05.03.2025", "invoice_date", "2024-03-05", False),
        ("Summe €", "currency", "EUR", True),
        ("Summe", "currency", "EUR", False),
        ("Nr. R-17", "invoice_id", "R-17", True),
        ("Nr. R 17", "invoice_id", "R-17", True),
        ("Nr. 117", "line_number", "1", False),  # a short text must be a word of its own
        ("1 Papier", "line_number", "1", True),
        ("GmbH für Papier", "vendor_name", "Papier GmbH", True),
        ("Papier AG", "vendor_name", "Papier GmbH", False),
        ("H87", "unit_code", "H87", False),
    ],
)
def test_a_value_is_visible_when_a_reading_of_the_print_has_it(
    text: str, name: str, value: str, visible: bool
) -> None:
    names = printed_names({name: value}, read_printed_values([page(text)]))
    assert names == ({name} if visible else set())


def test_the_wordings_of_an_item_are_those_that_are_printed() -> None:
    item = TrueItem(
        {"description": "Copy paper", "amount": "9.00"},
        frozenset({"description", "amount"}),
        ("Copy paper", "Copy paper A4", "A4"),
    )
    printed = visible_item(item, read_printed_values([page("Papier A4 9,00")]))
    assert printed.wordings == ("A4",)
    assert printed.visible == {"description", "amount"}
    assert visible_item(item, read_printed_values([page("x")])).wordings == item.wordings


@pytest.mark.shared
def test_real_cells_are_visible_where_their_truth_says_so() -> None:
    """Against what came with the real invoices; their XML has been removed."""
    if not SHARED.is_dir():
        pytest.skip("the real invoices are not beside the checkout")
    judged = agreed = 0
    for document in list(read_corpus(SHARED))[:10]:
        if document.path is None:
            continue
        prints = read_printed_values(read_file(document.path, DEFAULT_CACHE).pages)
        for item in document.items:
            for name in ("amount", "unit_price"):
                if name in item.values:
                    judged += 1
                    agreed += (name in visible_item(item, prints).visible) == (name in item.visible)
    assert judged > 20
    assert agreed == judged
