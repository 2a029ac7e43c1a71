"""E-invoices: the XML is the document, and what the page says otherwise is never passed over."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from data.exchange.einvoice.cross_check import compare_with_einvoice, read_einvoice
from data.exchange.einvoice.embedded_files import may_embed
from data.exchange.einvoice.row_pairs import DISPUTED, pair_rows
from data.exchange.order_files import parse_order_data
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import Attachment, open_attachment_file
from data.pages.words import read_pages
from data.records import Alternative, ExtractedDocument, Field, LineItem, Page, PageSummary
from serving.verdict.examine import examine
from tests.support.embedded_invoices import BILLED, invoice, line, pdf

PRINTED = (
    "Papier GmbH",
    "Rechnung R-17 vom 05.03.2024",
    "1 Copy paper 25.000 Stk 4,50/100 1.125,00",
    "Summe EUR 1.130,00",
    "Gesamt 1.309,00",
)
ROW = (0.1, 0.105, 0.9, 0.105, 0.9, 0.13, 0.1, 0.13)  # where the line is printed


def cell(value: str | D | None, confidence: float = 0.97) -> Field:
    return Field(value, str(value), confidence, 0, ROW)


def row(**change: Field | None) -> LineItem:
    cells = {
        "description": cell("Copy paper"),
        "quantity": cell(D(25000)),
        "unit_price": cell(D("4.50")),
        "amount": cell(D("1125.00")),
    }
    return LineItem("item", page=0, row_polygon=ROW, **(cells | change))


def printed(
    *rows: LineItem, kind: str = "invoice", name: str = "a.pdf", **fields: Field
) -> ExtractedDocument:
    """A document as the model would have read it."""
    head = {"invoice_id": cell("R-17"), "invoice_total": cell(D("1309.00"))} | fields
    page = PageSummary(0, kind, 0.99, 0, 595, 842, 20, "text", "text layer")
    leaf = Field(kind, confidence=0.99)
    return ExtractedDocument(name, leaf, head, rows or (row(),), (page,))


def opened(
    folder: Path,
    xml: str | bytes | None,
    lines: tuple[str, ...] = PRINTED,
    name: str = "factur-x.xml",
) -> tuple[Attachment, list[Page]]:
    attachment = open_attachment_file(pdf(folder / "a.pdf", xml, name, lines))
    return attachment, list(read_pages(attachment))


def held(
    folder: Path,
    *read: ExtractedDocument,
    xml: str | bytes | None = None,
    lines: tuple[str, ...] = PRINTED,
    name: str = "factur-x.xml",
) -> tuple[ExtractedDocument, ...]:
    attachment, pages = opened(folder, xml or invoice(), lines, name)
    return compare_with_einvoice(attachment, read or (printed(),), pages)


def codes(document: ExtractedDocument) -> list[str]:
    return [problem.code for problem in document.problems]


def test_what_page_and_xml_say_alike_is_exact_and_in_its_place(tmp_path: Path) -> None:
    (found,) = held(tmp_path)
    assert codes(found) == []
    assert found.document_id == "a.pdf"
    (item,) = found.line_items
    assert (item.page, item.row_polygon) == (0, ROW)
    for leaf, value in ((item.quantity, D(25000)), (item.amount, D("1125.00"))):
        assert leaf is not None
        assert (leaf.value, leaf.source, leaf.confidence) == (value, "edi", 1.0)
        assert leaf.polygon == ROW
    assert item.price_base_quantity is not None
    assert item.price_base_quantity.value == 100
    assert found.value("purchase_order") == "PO-4"  # said by the XML alone
    assert len(found.pages) == 1


DIFFERENT: list[tuple[str, LineItem, str, str]] = [
    ("quantity", row(quantity=cell(D(24000))), "24000", "quantity of line 1 is '25000' in"),
    ("unit_price", row(unit_price=cell(D("4.80"))), "4.80", "unit_price of line 1 is '4.50' in"),
    ("amount", row(amount=cell(D("1200.00"))), "1200.00", "amount of line 1 is '1125.00' in"),
]


@pytest.mark.parametrize(("name", "read", "value", "says"), DIFFERENT)
def test_a_difference_is_told_and_its_cell_disputed(
    tmp_path: Path, name: str, read: LineItem, value: str, says: str
) -> None:
    other = {"quantity": "25.000", "unit_price": "4,50/100", "amount": "1.125,00"}[name]
    lines = tuple(text.replace(other, "X") for text in PRINTED)
    (found,) = held(tmp_path, printed(read), lines=lines)
    assert codes(found) == ["einvoice_differs_from_page"]
    assert says in found.problems[0].message
    assert found.problems[0].page == 0
    leaf = found.line_items[0].field(name)
    assert leaf is not None
    assert (leaf.source, leaf.confidence) == ("edi", DISPUTED)
    assert leaf.alternatives == (Alternative(D(value), 1 - DISPUTED),)


@pytest.mark.parametrize(
    "read",
    [
        row(quantity=cell(D(24000), confidence=0.4)),  # hardly read
        row(quantity=replace(cell(D(24000)), alternatives=(Alternative(D(25000), 0.1),))),
        row(quantity=replace(cell(D(24000)), source="derived")),
        row(quantity=None),
        row(quantity=cell(None)),
        row(quantity=cell(D(24000))),  # the row prints 25.000: misread
        row(unit_price=cell(D("5.00"))),  # the price before its discount
        row(amount=cell(D("1338.75"))),  # with its tax
    ],
)
def test_a_page_that_was_not_surely_read_says_nothing_against_the_xml(
    tmp_path: Path, read: LineItem
) -> None:
    (found,) = held(tmp_path, printed(read))
    assert codes(found) == []
    item = found.line_items[0]
    assert item.quantity is not None
    assert (item.quantity.value, item.quantity.confidence) == (D(25000), 1.0)


def test_a_header_value_the_page_prints_otherwise_is_told(tmp_path: Path) -> None:
    lines = tuple(text.replace("1.309,00", "1.390,00") for text in PRINTED)
    (found,) = held(tmp_path, printed(invoice_total=cell(D("1390.00"))), lines=lines)
    assert codes(found) == ["einvoice_differs_from_page"]
    assert "invoice_total is '1309.00' in factur-x.xml and '1390.00'" in found.problems[0].message
    assert found.fields["invoice_total"].confidence == DISPUTED
    (found,) = held(tmp_path, printed(invoice_total=cell(D("1390.00"))))
    assert codes(found) == []  # the page prints 1.309,00: misread


def at(pages: Sequence[Page], text: str, value: str | D) -> Field:
    """A cell read where the page prints that word."""
    word = next(word for word in pages[0].words if word.text == text)
    return Field(value, text, 0.97, 0, pages[0].polygon(word.box))


def test_another_cells_print_is_no_witness_for_the_xml(tmp_path: Path) -> None:
    """The XML bills 1 and 1,130.00; the page's 1 is the line's number, 1.130,00 the sub-total."""
    xml = invoice(line(quantity=BILLED.replace("25000", "1"))).replace("1309.00", "1130.00")
    lines = tuple(text.replace("25.000", "12") for text in PRINTED)
    attachment, pages = opened(tmp_path, xml, lines)
    read = printed(
        row(line_number=at(pages, "1", "1"), quantity=at(pages, "12", D(12))),
        sub_total=at(pages, "1.130,00", D("1130.00")),
        invoice_total=at(pages, "1.309,00", D("1309.00")),
    )
    (found,) = compare_with_einvoice(attachment, (read,), pages)
    assert [one.message.partition(" is ")[0] for one in found.problems] == [
        "invoice_total",
        "quantity of line 1",
    ]
    assert found.line_items[0].quantity is not None
    assert found.line_items[0].quantity.confidence == DISPUTED


def test_sums_that_only_the_page_has_are_left_to_it(tmp_path: Path) -> None:
    read = printed(shipping_charge=cell(D("15.00")), vendor_name=cell("Papier"))
    (found,) = held(tmp_path, read)
    assert "shipping_charge" not in found.fields
    bare = replace(read, fields=read.fields | {"due_date": cell("2024-04-05")})
    assert held(tmp_path, bare)[0].value("due_date") == "2024-04-05"


def test_another_type_on_the_page_is_told(tmp_path: Path) -> None:
    (found,) = held(tmp_path, printed(kind="credit_memo"))
    assert codes(found) == ["einvoice_differs_from_page"]
    assert (found.document_type.value, found.document_type.confidence) == ("invoice", DISPUTED)


def test_lines_that_only_one_of_the_two_has_are_told(tmp_path: Path) -> None:
    extra = line(amount="7.00").replace("Copy\n   paper", "Hidden toner")
    (found,) = held(tmp_path, xml=invoice(line(), extra))
    assert codes(found) == ["einvoice_line_not_on_page"]
    assert "line 2 of factur-x.xml (Hidden toner, 7.00)" in found.problems[0].message
    other = row(
        description=cell("Ink"), quantity=cell(D(1)), unit_price=cell(D(9)), amount=cell(D(9))
    )
    (found,) = held(tmp_path, printed(row(), other))
    assert codes(found) == ["page_line_not_in_einvoice"]
    assert len(found.line_items) == 1


def test_an_invoice_split_in_reading_is_billed_once(tmp_path: Path) -> None:
    part = replace(printed(name="a.pdf#2"), fields={"invoice_id": cell("4711")})
    note = printed(kind="delivery_note", name="a.pdf#3")
    found = held(tmp_path, printed(), part, note)
    assert [one.document_id for one in found] == ["a.pdf", "a.pdf#3"]
    other = row(description=cell("Ink"), quantity=cell(D(1)), unit_price=None, amount=cell(D(9)))
    second = replace(printed(other, name="a.pdf#2"), fields={"invoice_id": cell("R-99")})
    assert len(held(tmp_path, printed(), second)) == 2  # another invoice in the same file


def test_an_xml_without_lines_leaves_those_of_the_page(tmp_path: Path) -> None:
    xml = invoice().replace(line(), "")
    (found,) = held(tmp_path, xml=xml)
    assert found.line_items == (row(),)
    assert found.fields["invoice_id"].source == "edi"


def test_a_pdf_without_an_e_invoice_is_as_it_was_read(tmp_path: Path) -> None:
    attachment, pages = opened(tmp_path, None)
    read = (printed(),)
    assert compare_with_einvoice(attachment, read, pages) == read


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00 a program", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
@pytest.mark.parametrize("name", ["terms.xml", "factur-x.xml.exe", "invoice.pdf"])
def test_other_embedded_files_are_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str
) -> None:
    from data.exchange.einvoice import embedded_files

    asked: list[Sequence[str]] = []
    run = embedded_files.run_bounded

    def seen(command: Sequence[str], *rest: object) -> object:
        asked.append(command)
        return run(command, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(embedded_files, "run_bounded", seen)
    read = (printed(),)
    assert held(tmp_path, *read, xml=content, name=name) == read
    assert [command[1] for command in asked] == ["-list"]


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "has a DOCTYPE"),
        ("<a>" * 1000, "64 levels deep"),
        ("not XML", "not well-formed XML"),
        ("<Other/>", "the root element is 'Other'"),
        (invoice(line(amount="1,5")), "expected a decimal number with a point, got '1,5'"),
    ],
)
def test_xml_that_cannot_be_read_is_a_problem_and_not_silence(
    tmp_path: Path, xml: str, says: str
) -> None:
    (found,) = held(tmp_path, xml=xml)
    assert codes(found) == ["einvoice_unreadable"]
    assert says in found.problems[0].message
    assert found.line_items == (row(),)
    attachment, _ = opened(tmp_path, xml)
    with pytest.raises(ExchangeError, match=r"a\.pdf"):
        read_einvoice(attachment)


def test_an_allowance_on_the_whole_invoice_is_a_line_of_its_own(tmp_path: Path) -> None:
    allowance = """<ram:SpecifiedTradeAllowanceCharge>
      <ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
      <ram:ActualAmount>25.00</ram:ActualAmount><ram:Reason>Rabatt</ram:Reason>
     </ram:SpecifiedTradeAllowanceCharge>"""
    at = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    (found,) = held(tmp_path, xml=invoice().replace(at, allowance + at))
    item, rebate = found.line_items
    assert rebate.line_type == "allowance"
    assert rebate.amount is not None
    assert rebate.amount.value == D("-25.00")
    assert found.value("sub_total") == D("1100")  # after the allowance
    assert item.line_type == "item"


def test_an_order_x_is_the_purchase_order(tmp_path: Path) -> None:
    xml = invoice(code="220", root="SCRDMCCBDACIOMessageStructure")
    (found,) = held(tmp_path, printed(kind="purchase_order"), xml=xml, name="order-x.xml")
    assert found.document_type.value == "purchase_order"
    assert found.value("po_number") == "R-17"


def verdict_on(document: ExtractedDocument) -> tuple[str, list[tuple[str, str]]]:
    data = parse_order_data(
        {
            "order": {
                "po_number": "PO-4",
                "currency": "EUR",
                "lines": [
                    {
                        "po_line_number": "10",
                        "product_code": "TB100A4",
                        "quantity_ordered": "24000",
                        "unit_code": "H87",
                        "unit_price": "4.50",
                        "price_base_quantity": "100",
                    }
                ],
            },
            "receipts": [
                {
                    "receipt_id": "R",
                    "lines": [{"po_line_number": "10", "quantity_received": "24000"}],
                }
            ],
        }
    )
    # The sums of the sample are about a discount, which is another matter.
    fields = {name: leaf for name, leaf in document.fields.items() if "total" not in name}
    verdict = examine([replace(document, fields=fields)], data)
    return verdict.status, [(found.code, found.state) for found in verdict.variances]


def test_a_disputed_quantity_is_never_claimed_on(tmp_path: Path) -> None:
    """25,000 in the XML against 24,000 received would be a claim; the page says 24,000."""
    (agreed,) = held(tmp_path)
    status, found = verdict_on(agreed)
    assert (status, ("QTY_OVER_RECEIPT", "claim") in found) == ("discrepancy", True)
    lines = tuple(text.replace("25.000", "24.000") for text in PRINTED)
    (torn,) = held(tmp_path, printed(row(quantity=cell(D(24000)))), lines=lines)
    status, found = verdict_on(torn)
    assert status == "needs_review"
    assert not [code for code, state in found if state == "claim"]


def test_rows_pair_one_to_one_by_what_they_say() -> None:
    ours = [row(), row(quantity=cell(D(1)), amount=cell(D("4.50")))]
    assert pair_rows(ours, list(reversed(ours))) == {0: 1, 1: 0}
    stranger = row(description=cell("Ink"), unit_price=None, quantity=cell(D(3)), amount=None)
    assert pair_rows(ours, [stranger]) == {}
    assert pair_rows(ours, []) == {}


def cii(said: dict[str, object]) -> str:
    """The manifest's truth of a real invoice as the XML that was removed from its PDF."""
    rows = []
    items = said["line_items"]
    assert isinstance(items, list)
    for item in items:
        xml = line(item["amount"], BILLED.replace("25000", item["quantity"]))
        xml = xml.replace(">4.50<", f">{item['unit_price']}<")
        rows.append(xml.replace("Copy\n   paper", escape(item["description"])))
    fields = said["fields"]
    assert isinstance(fields, dict)
    return invoice(*rows).replace("R-17", escape(fields["invoice_id"]))


@pytest.mark.shared
@pytest.mark.skipif(shutil.which("pdfattach") is None, reason="pdfattach is not installed")
def test_xml_is_taken_out_of_real_invoices(shared: Path, tmp_path: Path) -> None:
    """The real PDFs came without their XML: attached again by poppler, it is read to the digit."""
    folder = shared / "real" / "einvoice"
    wanted = {"quantity", "unit_price", "amount", "description"}
    read = 0
    for text in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        said = json.loads(text)
        if read == 6 or not all(wanted <= set(item) for item in said["line_items"]):
            continue
        (tmp_path / "factur-x.xml").write_text(cii(said), encoding="utf-8")
        files = [folder / said["file"], tmp_path / "factur-x.xml", tmp_path / f"{read}.pdf"]
        subprocess.run(["pdfattach", "-replace", *files], check=True, capture_output=True)
        found = read_einvoice(open_attachment_file(files[2]))
        assert found is not None
        name, document = found
        assert name == "factur-x.xml"
        assert document.fields["invoice_id"] == " ".join(said["fields"]["invoice_id"].split())
        for ours, theirs in zip(document.lines, said["line_items"], strict=True):
            assert D(ours.values["quantity"]) == D(theirs["quantity"])
            assert D(ours.values["unit_price"]) == D(theirs["unit_price"])
            assert D(ours.values["amount"]) == D(theirs["amount"])
        read += 1
    assert read == 6


@pytest.mark.parametrize(
    ("content", "may"),
    [
        (b"%PDF-1.4 <</Type/Catalog/Pages 2 0 R>>", False),
        (b"%PDF-1.4 <</Type/Catalog/Names<</EmbeddedFiles 3 0 R>>>>", True),
        (b"%PDF-1.4 <</Type/Filespec/EF<</F 4 0 R>>>> 4 0 obj<</Type/EmbeddedFile>>", True),
        (b"%PDF-1.5 5 0 obj<</Type/ObjStm/N 9>>", True),  # what is in it cannot be seen
        (b"%PDF-1.4 trailer<</Encrypt 6 0 R>>", True),
    ],
)
def test_a_file_is_asked_for_embedded_files_unless_it_certainly_has_none(
    content: bytes, may: bool
) -> None:
    assert may_embed(content) is may
