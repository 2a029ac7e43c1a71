"""UBL files written by the tests: orders, changes, receipts and bills with the usual prefixes."""

from pathlib import Path

from data.exchange.order_files import load_order_data
from data.exchange.recognise import read_documents
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.wire.document_json import document_from_json, document_to_json

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
