"""UBL as order data and documents: the published trading story, and files that are wrong."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from data.exchange.reading import read_documents, read_exchange_file, sniff_format
from data.exchange.refusal import ExchangeError
from data.order_records import OrderData
from data.orders import OrderDataError, load_order_data
from data.records import ExtractedDocument
from serving.disputes import examine
from serving.documents import document_from_json, document_to_json

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


def ubl(kind: str, body: str) -> str:
    """A UBL document with the usual prefixes."""
    space = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    names = f'xmlns="{space}" xmlns:cbc="{CBC}" xmlns:cac="{CAC}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} {names}>{body}</{kind}>'


def order_line(
    number: str = "1",
    quantity: str = "10",
    unit: str = "CS",
    price: str = "24.00",
    more: str = "",
    status: str = "",
    base: str = "",
) -> str:
    stated = f"<cbc:LineStatusCode>{status}</cbc:LineStatusCode>" if status else ""
    return f"""<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>{stated}
      <cbc:Quantity unitCode="{unit}">{quantity}</cbc:Quantity>{more}
      <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount>{base}</cac:Price>
      <cac:Item><cbc:Name>Soap {number}</cbc:Name>
       <cac:SellersItemIdentification><cbc:ID>A-{number}</cbc:ID></cac:SellersItemIdentification>
       <cac:StandardItemIdentification><cbc:ID schemeID="GTIN">4006381333931</cbc:ID>
       </cac:StandardItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>"""


def order(*lines: str, number: str = "4711") -> str:
    body = f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>"
    return ubl("Order", body + "".join(lines or (order_line(),)))


def change(*lines: str, number: str = "4711", sequence: str = "1") -> str:
    head = (
        f"<cbc:ID>C</cbc:ID><cbc:SequenceNumberID>{sequence}</cbc:SequenceNumberID>"
        f"<cac:OrderReference><cbc:ID>{number}</cbc:ID></cac:OrderReference>"
    )
    return ubl("OrderChange", head + "".join(lines))


def receipt(quantities: str, where: str = "") -> str:
    head = (
        "<cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-03-05</cbc:IssueDate>"
        "<cac:OrderReference><cbc:ID>4711</cbc:ID></cac:OrderReference>"
    )
    row = f"<cac:ReceiptLine><cbc:ID>1</cbc:ID>{quantities}{where}</cac:ReceiptLine>"
    return ubl("ReceiptAdvice", head + row)


def quantity(name: str, number: str, unit: str = "CS") -> str:
    return f'<cbc:{name}Quantity unitCode="{unit}">{number}</cbc:{name}Quantity>'


ON_LINE_1 = "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>"
OF_ARTICLE = (
    "<cac:Item><cac:SellersItemIdentification><cbc:ID>A-2</cbc:ID>"
    "</cac:SellersItemIdentification></cac:Item>"
)


def bill(lines: str, kind: str = "Invoice", head: str = "", totals: str = "") -> str:
    body = (
        f"<cbc:ID>I-9</cbc:ID><cbc:IssueDate>2026-03-10</cbc:IssueDate>{head}"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        "<cac:OrderReference><cbc:ID>4711</cbc:ID></cac:OrderReference>"
        f"<cac:LegalMonetaryTotal>{totals}</cac:LegalMonetaryTotal>{lines}"
    )
    return ubl(kind, body)


def bill_line(
    count: str = "8", price: str = "24.00", amount: str = "192.00", more: str = "", base: str = ""
) -> str:
    return f"""<cac:InvoiceLine><cbc:ID>1</cbc:ID>
      <cbc:InvoicedQuantity unitCode="CS">{count}</cbc:InvoicedQuantity>
      <cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>{more}
      <cac:Item><cbc:Name>Soap</cbc:Name></cac:Item>
      <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount>{base}</cac:Price>
     </cac:InvoiceLine>"""


def load(tmp_path: Path, *files: str) -> OrderData:
    paths = []
    for at, text in enumerate(files):
        paths.append(tmp_path / f"{at}.xml")
        paths[-1].write_text(text, encoding="utf-8")
    return load_order_data(paths)


def document(text: str) -> ExtractedDocument:
    (found,) = read_documents(text.encode(), "file.xml")
    assert document_from_json(document_to_json(found)) == found
    return found


def test_an_order_is_read_in_its_units_and_price_base(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="CS">2</cbc:BaseQuantity>'
    (line,) = load(tmp_path, order(order_line(base=base))).order.lines
    assert (line.unit_code, line.unit_price, line.price_base_quantity) == ("XCS", D("24.00"), D(2))
    assert (line.product_code, line.gtin, line.description) == ("A-1", "4006381333931", "Soap 1")
    assert line.price_unit_code is None


def test_a_price_for_another_unit_keeps_that_unit(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>'
    (line,) = load(tmp_path, order(order_line(base=base))).order.lines
    assert (line.unit_code, line.price_unit_code) == ("XCS", "KGM")


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("CS", "XCS"),  # a bare Rec 21 code
        ("CA", "XCA"),  # a can: the list in force is UNECE's
        ("XCT", "XCT"),
        ("PCE", "H87"),  # retired
        ("KGM", "KGM"),
        ("PAL", "unece PAL"),  # a pascal; on paper "pal" is a pallet
        ("Karton", "Karton"),  # a word, read as print
    ],
)
def test_unit_codes_are_of_the_list_in_force(tmp_path: Path, code: str, unit: str) -> None:
    (line,) = load(tmp_path, order(order_line(unit=code))).order.lines
    assert line.unit_code == unit


@pytest.mark.parametrize(
    ("amount", "allowance", "price"),
    [
        ("240.00", "", "24.00"),
        ("240.02", "", "24.00"),  # at the slack
        ("240.03", "", None),  # which of the two is wrong is not known
        ("230.00", "10.00", "24.00"),
        ("24.00", "", None),
    ],
)
def test_a_price_that_its_line_contradicts_is_left_out_and_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    amount: str,
    allowance: str,
    price: str | None,
) -> None:
    more = f"<cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>"
    if allowance:
        more += (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
            f"<cbc:Amount>{allowance}</cbc:Amount></cac:AllowanceCharge>"
        )
    (line,) = load(tmp_path, order(order_line(more=more))).order.lines
    assert line.unit_price == (None if price is None else D(price))
    assert ("the price 24.00 is left out" in caplog.text) == (price is None)


def test_a_price_beside_a_charge_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bill with the agreed charge must not look like one with too high a price."""
    charge = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
        "<cbc:Amount>5</cbc:Amount></cac:AllowanceCharge>"
    )
    revised = order_line(more=charge, status="Revised")
    for files in ((order(order_line(more=charge)),), (order(), change(revised))):
        caplog.clear()
        (line,) = load(tmp_path, *files).order.lines
        assert line.unit_price is None
        assert "has a charge beside it" in caplog.text


def test_prefixes_do_not_matter(tmp_path: Path) -> None:
    plain = order(order_line(), order_line("2"))
    other = plain.replace("cbc:", "b:").replace("cac:", "a:")
    other = other.replace("xmlns:cbc", "xmlns:b").replace("xmlns:cac", "xmlns:a")
    assert load(tmp_path, other) == load(tmp_path, plain)


CHANGES: list[tuple[str, dict[str, tuple[str, str]]]] = [
    (order_line("1", "15", status="Revised"), {"1": ("15", "24.00"), "2": ("10", "24.00")}),
    (order_line("1", "10", price="23.00", status="3"), {"1": ("10", "23.00")}),
    (order_line("3", "5", price="1.00", status="Added"), {"3": ("5", "1.00")}),
    (order_line("2", status="Cancelled"), {"1": ("10", "24.00")}),
    (order_line("2", "99", status="4"), {"2": ("10", "24.00")}),
    (order_line("2", "12"), {"2": ("12", "24.00")}),  # the whole state, restated
]


@pytest.mark.parametrize(("line", "expected"), CHANGES)
def test_an_order_change_is_applied(
    tmp_path: Path, line: str, expected: dict[str, tuple[str, str]]
) -> None:
    data = load(tmp_path, order(order_line(), order_line("2")), change(line))
    after = {one.po_line_number: (one.quantity_ordered, one.unit_price) for one in data.order.lines}
    for number, (count, price) in expected.items():
        assert after[number] == (D(count), D(price))
    assert ("2" in after) == ("Cancelled" not in line)


def test_a_changed_price_leaves_nothing_of_the_former_one(tmp_path: Path) -> None:
    base = '<cbc:BaseQuantity unitCode="KGM">100</cbc:BaseQuantity>'
    before, after = order(order_line(base=base)), change(order_line("1", status="Revised"))
    (line,) = load(tmp_path, before, after).order.lines
    assert (line.price_base_quantity, line.price_unit_code) == (1, None)


def test_a_change_applies_to_an_order_from_json(tmp_path: Path) -> None:
    import json

    (tmp_path / "po.json").write_text(
        json.dumps(
            {
                "order": {
                    "po_number": 4711,
                    "lines": [{"po_line_number": 1, "quantity_ordered": "10"}],
                }
            }
        )
    )
    (tmp_path / "c.xml").write_text(change(order_line("1", "15", status="Revised")))
    data = load_order_data([tmp_path / "po.json", tmp_path / "c.xml"])
    assert data.order.lines[0].quantity_ordered == 15


RECEIPTS: list[tuple[str, str, str, str, str, bool]] = [
    (quantity("Received", "8"), ON_LINE_1, "1", "8", "0", False),
    (quantity("Received", "8"), OF_ARTICLE, "2", "8", "0", False),
    (
        quantity("Received", "10") + quantity("Rejected", "2"),  # received includes rejected
        ON_LINE_1,
        *("1", "10", "2", False),
    ),
    (quantity("Received", "10") + quantity("Short", "3"), ON_LINE_1, "1", "10", "0", False),
    (quantity("Received", "-4"), ON_LINE_1, "1", "4", "0", True),  # taken back
]


@pytest.mark.parametrize(("row", "where", "number", "received", "rejected", "back"), RECEIPTS)
def test_a_receipt_advice_is_a_signed_event_on_its_line(
    tmp_path: Path, row: str, where: str, number: str, received: str, rejected: str, back: bool
) -> None:
    other = order_line("2").replace("4006381333931", "4006381333948")
    data = load(tmp_path, order(order_line(), other), receipt(row, where))
    (line,) = data.receipts[0].lines
    assert (line.po_line_number, line.quantity_received, line.quantity_rejected, line.reversed) == (
        *(number, D(received), D(rejected), back),
    )
    assert line.unit_code == "XCS"


WRONG: list[tuple[list[str], str]] = [
    ([order().replace("<cbc:ID>4711</cbc:ID>", "")], "0.xml: /Order/cbc:ID: is missing"),
    ([ubl("Order", "<cbc:ID>1</cbc:ID>")], "/Order/cac:OrderLine: is missing"),
    (
        [order(order_line("1"), order_line("2", quantity="1,5"))],
        "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity: want a decimal with a point, got '1,5'",
    ),
    ([order(order_line(quantity=""))], "cac:LineItem/cbc:Quantity: is missing"),
    ([order(order_line(price="NaN"))], "cbc:PriceAmount: want a decimal"),
    ([order(order_line(price="-1"))], "order.lines[0].unit_price"),
    ([order().replace("2026-03-01", "01.03.2026")], "cbc:IssueDate: want a day YYYY-MM-DD"),
    ([order(order_line(), order_line())], "'1' is given twice"),
    ([order(), change(number="4712")], "changes order '4712', which was not given"),
    ([order(), change(order_line("9", status="Revised"))], "the order has no such line"),
    ([order(), change(order_line("1", status="Added"))], "the order has that line already"),
    ([order(), change(order_line("1", status="Odd"))], "cbc:LineStatusCode: 'Odd' is none of"),
    ([order(), receipt("", ON_LINE_1)], "cbc:ReceivedQuantity: is missing"),
    (
        [order(), receipt(quantity("Received", "1") + quantity("Rejected", "1", "EA"), ON_LINE_1)],
        "/ReceiptAdvice/cac:ReceiptLine[1]: quantities are in EA and XCS",
    ),
    (
        [order(), receipt(quantity("Received", "1") + quantity("Rejected", "-1"), ON_LINE_1)],
        "have opposite signs",
    ),
    ([order(), receipt(quantity("Received", "1"), OF_ARTICLE)], "no line orders it"),
    (
        [
            order(order_line(), order_line("2").replace("A-2", "A-1")),
            receipt(quantity("Received", "1"), OF_ARTICLE.replace("A-2", "A-1")),
        ],
        "lines 1, 2 order it",
    ),
    ([order(), bill(bill_line())], "holds a document (invoice) and no order data"),
]


@pytest.mark.parametrize(("files", "says"), WRONG)
def test_a_wrong_file_is_refused_with_its_xpath(
    tmp_path: Path, files: list[str], says: str
) -> None:
    with pytest.raises(OrderDataError) as refused:
        load(tmp_path, *files)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


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
    ("<a/>", "the root is 'a'; read are UBL 2"),
    (ubl("Catalogue", ""), "Catalogue'; read are UBL 2"),
    ('<Invoice xmlns="urn:other"/>', "the root is '{urn:other}Invoice'"),
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
