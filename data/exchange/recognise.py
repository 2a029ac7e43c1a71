"""A partner's file, recognised by its content, as what it holds."""

from typing import Literal
from xml.etree.ElementTree import Element

from data.exchange.cii import ROOTS, read_cii
from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.csv_files.orders import read_csv
from data.exchange.ubl import documents as ubl_documents
from data.exchange.ubl import orders as ubl_orders
from data.exchange.ubl.elements import Node, ubl_type
from data.exchange.wire.contents import FileContents
from data.exchange.wire.edi_document import EdiDocument, extracted
from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.xml_tree import local_name, parse_xml
from data.exchange.x12 import documents as x12_documents
from data.exchange.x12.orders import read_claims, read_order_data
from data.exchange.x12.segments import Transaction, read_transactions
from data.pages.sandbox import MIB
from data.records import ExtractedDocument

Format = Literal["json", "xml", "x12"]

MOST_BYTES = 32 * MIB
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def sniff_format(content: bytes) -> Format | None:
    """The format that the content's first signs show; None for CSV and everything else."""
    head = content[:256]
    for mark in _BOMS:
        head = head.removeprefix(mark)
    # UTF-16 has a zero byte beside each of these signs.
    head = head.replace(b"\x00", b"").lstrip()
    if head.startswith(b"<"):
        return "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    return "x12" if head.startswith(b"ISA") and not head[3:4].isalnum() else None


def read_exchange_file(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> FileContents:
    """What an XML, X12 or CSV file holds; CSV needs a mapping. Raises `ExchangeError`.

    An 812 counts as claims here; `read_documents` gives it as the memo it is.
    """
    form = _checked_format(content, name)
    if form == "xml":
        return _read_xml(content, name)
    if form == "x12":
        return _read_x12(content, name, mapping)
    if mapping is None:
        raise ExchangeError(
            f"{name}: neither JSON, UBL or CII XML, nor X12; a CSV file needs --mapping"
        )
    return read_csv(content, name, mapping)


def read_documents(
    content: bytes, name: str, mapping: CsvMapping | None = None
) -> tuple[ExtractedDocument, ...]:
    """The documents in an XML, X12 or CSV file. Raises `ExchangeError` for one with order data."""
    if _checked_format(content, name) == "x12":
        said = tuple(_x12_document(one) for one in read_transactions(_x12_text(content), name))
    else:
        contents = read_exchange_file(content, name, mapping)
        if not contents.documents:
            raise ExchangeError(
                f"{name}: holds order data and no document; give it with --order or --receipts"
            )
        said = contents.documents
    if len(said) == 1:
        return (extracted(said[0], name),)
    return tuple(extracted(one, f"{name}#{number}") for number, one in enumerate(said, start=1))


def _checked_format(content: bytes, name: str) -> Format | None:
    if len(content) > MOST_BYTES:
        raise ExchangeError(f"{name}: has {len(content)} bytes, at most {MOST_BYTES} are read")
    return sniff_format(content)


def read_xml_document(root: Element, name: str) -> EdiDocument:
    """The document that an XML tree is: UBL or CII. Raises `ExchangeError` for another one."""
    kind = ubl_type(root)
    if kind in ubl_documents.READERS:
        return ubl_documents.READERS[kind](_node(root, name))
    if local_name(root) in ROOTS:
        return read_cii(root, name)
    known = (*ubl_orders.READERS, *ubl_documents.READERS)
    raise ExchangeError(
        f"{name}: the root is {root.tag!r}; read are UBL 2 ({', '.join(known)}) and "
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
    # Only names and descriptions can hold signs beyond ASCII; older partners send Latin-1.
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read_x12(content: bytes, name: str, mapping: CsvMapping | None) -> FileContents:
    found = FileContents(name)
    basis = None if mapping is None else mapping.x12.rcd02
    for transaction in read_transactions(_x12_text(content), name):
        if transaction.code == "812":
            one = FileContents(name, claims=read_claims(transaction))
        else:
            data = read_order_data(transaction, name, basis)
            one = data or FileContents(name, documents=(_x12_document(transaction),))
        found = FileContents(
            name,
            orders=found.orders + one.orders,
            changes=found.changes + one.changes,
            receipts=found.receipts + one.receipts,
            claims=found.claims + one.claims,
            documents=found.documents + one.documents,
            left_out=found.left_out + one.left_out,
        )
    return found


def _x12_document(transaction: Transaction) -> EdiDocument:
    reader = x12_documents.READERS.get(transaction.code)
    if reader is not None:
        return reader(transaction)
    if transaction.code in ("850", "860", "861"):
        raise ExchangeError(
            f"{transaction.place}: holds order data and no document; "
            "give it with --order or --receipts"
        )
    raise ExchangeError(
        f"{transaction.place}: transaction set {transaction.code!r} is not read; "
        "read are 810, 812, 850, 856, 860, 861"
    )
