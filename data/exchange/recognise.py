"""Recognition of a partner's file by content (UBL, CII, X12, CSV), and reading by its format."""

from typing import Literal
from xml.etree.ElementTree import Element

from data.exchange.cii import ROOTS, read_cii
from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.csv_files.orders import read_csv
from data.exchange.ubl import documents as ubl_documents
from data.exchange.ubl import orders as ubl_orders
from data.exchange.ubl.elements import Node, ubl_type
from data.exchange.wire.contents import FileContents
from data.exchange.wire.edi_document import EdiDocument, to_extracted_document
from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.xml_tree import local_name, parse_xml
from data.exchange.x12 import documents as x12_documents
from data.exchange.x12.orders import read_claims, read_order_data
from data.exchange.x12.segments import Transaction, read_transactions
from data.outside_data import guarded
from data.pages.sandbox import MIB
from data.records import ExtractedDocument

Format = Literal["json", "xml", "x12"]

MAX_BYTES = 32 * MIB
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def sniff_format(content: bytes) -> Format | None:
    """Return the format shown by the content's first characters; None for CSV and all others."""
    head = content[:256]
    for mark in _BOMS:
        head = head.removeprefix(mark)
    # UTF-16 has a zero byte beside each of these characters.
    head = head.replace(b"\x00", b"").lstrip()
    if head.startswith(b"<"):
        return "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    return "x12" if head.startswith(b"ISA") and not head[3:4].isalnum() else None


@guarded(ExchangeError, 1)
def read_exchange_file(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> FileContents:
    """Return the contents of an XML, X12 or CSV file; CSV needs a mapping. Raises `ExchangeError`.

    An 812 is read as claims here; `read_documents` returns it as a credit or debit memo.
    """
    form = _checked_format(content, name)
    if form == "xml":
        return _read_xml(content, name)
    if form == "x12":
        return _read_x12(content, name, mapping)
    if mapping is None:
        raise ExchangeError(
            f"{name}: is not JSON, UBL or CII XML, or X12; a CSV file needs --mapping"
        )
    return read_csv(content, name, mapping)


@guarded(ExchangeError, 1)
def read_documents(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> tuple[ExtractedDocument, ...]:
    """Return the documents in an XML, X12 or CSV file; raise `ExchangeError` for order data."""
    if _checked_format(content, name) == "x12":
        transactions = read_transactions(_x12_text(content), name)
        documents = tuple(_x12_document(transaction) for transaction in transactions)
    else:
        contents = read_exchange_file(content, name, mapping)
        if not contents.documents:
            raise ExchangeError(
                f"{name}: contains order data, not a document; give it with --order or --receipts"
            )
        documents = contents.documents
    if len(documents) == 1:
        return (to_extracted_document(documents[0], name),)
    return tuple(
        to_extracted_document(document, f"{name}#{number}")
        for number, document in enumerate(documents, start=1)
    )


def _checked_format(content: bytes, name: str) -> Format | None:
    if len(content) > MAX_BYTES:
        raise ExchangeError(f"{name}: has {len(content)} bytes, the limit is {MAX_BYTES}")
    return sniff_format(content)


@guarded(ExchangeError, 1)
def read_xml_document(root: Element, name: str) -> EdiDocument:
    """Return the document in a UBL or CII tree; raise `ExchangeError` for any other XML."""
    kind = ubl_type(root)
    if kind in ubl_documents.READERS:
        return ubl_documents.READERS[kind](_node(root, name))
    if local_name(root) in ROOTS:
        return read_cii(root, name)
    known = (*ubl_orders.READERS, *ubl_documents.READERS)
    raise ExchangeError(
        f"{name}: the root element is {root.tag!r}; expected UBL 2 ({', '.join(known)}) or "
        f"{', '.join(ROOTS)}"
    )


def _read_xml(content: bytes, name: str) -> FileContents:
    root = parse_xml(content, name)
    kind = ubl_type(root)
    if kind in ubl_orders.READERS:
        return ubl_orders.READERS[kind](_node(root, name), name)
    return FileContents(name, documents=(read_xml_document(root, name),))


def _node(root: Element, name: str) -> Node:
    return Node(root, f"{name}: /{local_name(root)}")


def _x12_text(content: bytes) -> str:
    # Only names and descriptions can have characters beyond ASCII; older partners send Latin-1.
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read_x12(content: bytes, name: str, mapping: CsvMapping | None) -> FileContents:
    combined = FileContents(name)
    basis = None if mapping is None else mapping.x12.rcd02
    for transaction in read_transactions(_x12_text(content), name):
        if transaction.code == "812":
            contents = FileContents(name, claims=read_claims(transaction))
        else:
            data = read_order_data(transaction, name, basis)
            contents = data or FileContents(name, documents=(_x12_document(transaction),))
        combined = FileContents(
            name,
            orders=combined.orders + contents.orders,
            changes=combined.changes + contents.changes,
            receipts=combined.receipts + contents.receipts,
            claims=combined.claims + contents.claims,
            documents=combined.documents + contents.documents,
            left_out=combined.left_out + contents.left_out,
        )
    return combined


def _x12_document(transaction: Transaction) -> EdiDocument:
    reader = x12_documents.READERS.get(transaction.code)
    if reader is not None:
        return reader(transaction)
    if transaction.code in ("850", "860", "861"):
        raise ExchangeError(
            f"{transaction.place}: contains order data, not a document; "
            "give it with --order or --receipts"
        )
    raise ExchangeError(
        f"{transaction.place}: transaction set {transaction.code!r} is not supported; "
        "supported are 810, 812, 850, 856, 860, 861"
    )
