"""Mapped CSV rows -> order data and documents.

Which kind of file it is, its headings say: the one layout of the mapping whose headings are all
there. Values of the whole (an order's number, a receipt's day) must be the same in all its rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from data import labels
from data.exchange.csv_files.mapping import (
    DOCUMENT_HEADER,
    ORDER_HEADER,
    RECEIPT_HEADER,
    CsvMapping,
    Kind,
    Layout,
)
from data.exchange.csv_files.rows import Row, headings, read_rows
from data.exchange.wire.contents import FileContents, Receipt, ReceiptEntry
from data.exchange.wire.edi_document import EdiDocument, EdiLine
from data.exchange.wire.errors import ExchangeError

_ARTICLE = ("product_code", "buyer_item_id", "gtin")


def read_csv(content: bytes, name: str, mapping: CsvMapping) -> FileContents:
    """What a CSV file holds, by its mapping. Raises `ExchangeError`."""
    kind, layout, text = _layout(content, name, mapping)
    rows = read_rows(text, layout, name, kind)
    if kind == "order":
        return FileContents(name, orders=(_order(rows),))
    if kind == "receipts":
        return FileContents(name, receipts=tuple(_receipts(rows)))
    if kind == "document":
        return FileContents(name, documents=tuple(_documents(rows)))
    plain = tuple(dict(row.values) for row in rows)
    if kind == "billed":
        return FileContents(name, billed=plain)
    return FileContents(name, claims=plain)


def _layout(content: bytes, name: str, mapping: CsvMapping) -> tuple[Kind, Layout, str]:
    """(kind, layout, text) of the one layout whose headings the file has."""
    layouts = mapping.layouts()
    if not layouts:
        raise ExchangeError(f"{name}: the mapping has no layout for any CSV file")
    fitting: list[tuple[Kind, Layout, str]] = []
    lacking: list[tuple[int, str]] = []
    for kind, layout in layouts.items():
        text = _decoded(content, layout)
        if text is None:
            lacking.append((1_000, f"{kind} wants {layout.encoding} text"))
            continue
        found = headings(text, layout.delimiter)
        wanted = (*layout.columns.values(), *layout.pack_factors.values())
        missing = [heading for heading in wanted if heading not in found]
        if missing:
            lacking.append((len(missing), f"{kind} wants heading {missing[0]!r}"))
        else:
            fitting.append((kind, layout, text))
    # A layout that asks for more says more: receipts may have every heading of claims.
    most = max((len(layout.columns) for _, layout, _ in fitting), default=0)
    best = [one for one in fitting if len(one[1].columns) == most]
    if len(best) == 1:
        return best[0]
    if best:
        kinds = " and ".join(kind for kind, _, _ in best)
        raise ExchangeError(f"{name}: the headings fit {kinds} of the mapping; they must differ")
    raise ExchangeError(f"{name}: row 1: {min(lacking)[1]} of the mapping; it is not there")


def _decoded(content: bytes, layout: Layout) -> str | None:
    try:
        return content.decode(layout.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _same(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """The values of the whole: each is one in all rows."""
    found: dict[str, Any] = {}
    for name in names:
        for row in rows:
            text = row.values.get(name)
            if found.setdefault(name, text) != text:
                raise ExchangeError(
                    f"{row.place}: {name} is {text!r} and {found[name]!r} in the row before; "
                    "it must be the same in all rows"
                )
    return {name: text for name, text in found.items() if text is not None}


def _needed(row: Row, name: str) -> str:
    if name not in row.values:
        raise ExchangeError(f"{row.place}: {name} is empty and has to be given")
    return str(row.values[name])


def _rest(row: Row, without: Sequence[str]) -> dict[str, Any]:
    return {name: text for name, text in row.values.items() if name not in without}


def _order(rows: Sequence[Row]) -> Mapping[str, Any]:
    lines: list[dict[str, Any]] = []
    for row in rows:
        for name in ("po_number", "po_line_number", "quantity_ordered"):
            _needed(row, name)
        packs = {"pack_factors": dict(row.packs)} if row.packs else {}
        _add_line(lines, _agreed(_dated(_rest(row, ORDER_HEADER) | packs)), row)
    head = _same(rows, ORDER_HEADER)
    allowance = _allowance(head, "order_allowance", ("rate", "amount", "in_price"))
    return {**head, **({"allowances": [allowance]} if allowance else {}), "lines": lines}


def _agreed(values: dict[str, Any]) -> dict[str, Any]:
    """The line with what is agreed beside its price under the names of order data."""
    allowance = _allowance(values, "allowance", ("rate", "amount"))
    freight = values.pop("line_planned_freight", None)
    found = {"allowances": [allowance] if allowance else None, "planned_freight": freight}
    return values | {name: value for name, value in found.items() if value is not None}


def _allowance(values: dict[str, Any], prefix: str, names: Sequence[str]) -> dict[str, Any]:
    """The allowance in columns that begin with `prefix`, taken out of the values."""
    found = {name: values.pop(f"{prefix}_{name}", None) for name in names}
    if found["rate"] is None and found["amount"] is None:
        return {}
    return {name: value for name, value in found.items() if value is not None}


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    """The line with a price that holds for some days as a version of its price."""
    days = {name: values.pop(f"price_{name}", None) for name in ("valid_from", "valid_to")}
    dated = {name: day for name, day in days.items() if day is not None}
    if not dated:
        return values
    keys = ("unit_price", "price_base_quantity")
    version = {name: values.pop(name) for name in keys if name in values}
    return values | {"price_versions": [version | dated]}


def _add_line(lines: list[dict[str, Any]], line: dict[str, Any], row: Row) -> None:
    """Adds a line, or what one more row of it says: another version of its price."""
    number = line["po_line_number"]
    before = next((one for one in lines if one["po_line_number"] == number), None)
    prices = ("unit_price", "price_base_quantity", "price_versions")
    if before is None or not ("price_versions" in before or "price_versions" in line):
        lines.append(line)
        return
    for name in sorted((before.keys() | line.keys()) - set(prices)):
        if before.get(name) != line.get(name):
            raise ExchangeError(
                f"{row.place}: {name} of line {number} is {line.get(name)!r} and "
                f"{before.get(name)!r} before; rows of one line may differ in the price alone"
            )
    versions = [*before.get("price_versions", ()), *line.get("price_versions", ())]
    undated = {name: line[name] for name in prices[:2] if name in line}
    if undated and "unit_price" in before:
        raise ExchangeError(f"{row.place}: line {number} has two prices without days")
    before.update(undated | {"price_versions": versions})


def _grouped(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_needed(row, name), []).append(row)
    return groups


def _receipts(rows: Sequence[Row]) -> list[Receipt]:
    """One receipt for each number. A negative quantity takes back what was received."""
    return [
        Receipt(_same(group, RECEIPT_HEADER), tuple(_entry(row) for row in group))
        for group in _grouped(rows, "receipt_id").values()
    ]


def _entry(row: Row) -> ReceiptEntry:
    _needed(row, "quantity_received")
    article = {name: str(row.values[name]) for name in _ARTICLE if name in row.values}
    return ReceiptEntry(_rest(row, (*RECEIPT_HEADER, *_ARTICLE)), article, row.place)


def _documents(rows: Sequence[Row]) -> list[EdiDocument]:
    """One document for each invoice or document number, all rows where there is none."""
    key = next((one for one in ("invoice_id", "document_id") if one in rows[0].values), None)
    groups = [list(rows)] if key is None else list(_grouped(rows, key).values())
    return [_document(group) for group in groups]


def _document(rows: Sequence[Row]) -> EdiDocument:
    head = _same(rows, DOCUMENT_HEADER)
    kind = head.pop("document_type", None)
    if kind not in labels.DOCUMENT_TYPES:
        raise ExchangeError(
            f"{rows[0].place}: document_type {kind!r} is none of {', '.join(labels.DOCUMENT_TYPES)}"
        )
    if "document_id" in head:
        head[labels.header_name("document_id", kind)] = head.pop("document_id")
    lines = []
    for row in rows:
        line_type = str(row.values.get("line_type", "item"))
        if line_type not in labels.LINE_TYPES:
            raise ExchangeError(
                f"{row.place}: line_type {line_type!r} is none of {', '.join(labels.LINE_TYPES)}"
            )
        lines.append(EdiLine(_rest(row, (*DOCUMENT_HEADER, "line_type")), line_type))
    # Unit codes of the stated list were looked up with the rows.
    return EdiDocument(kind, head, tuple(lines), code_list=None)
