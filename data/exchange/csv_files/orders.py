"""Order data and documents from the mapped rows of a partner's CSV files.

The headings decide the kind of file: the one layout of the mapping whose headings are all present.
Values of the whole (an order's number, a receipt's day) must be the same in all its rows.
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

# Partners send more types than the model tells apart.
_DOCUMENT_TYPES = (*labels.DOCUMENT_TYPES, "debit_memo", "corrected_invoice")
_ARTICLE = ("product_code", "buyer_item_id", "gtin")


def read_csv(content: bytes, name: str, mapping: CsvMapping) -> FileContents:
    """Return the contents of a CSV file, read by its mapping; raise `ExchangeError`."""
    kind, layout, text = _choose_layout(content, name, mapping)
    rows = read_rows(text, layout, name, kind)
    if kind == "order":
        orders = _group_rows(rows, "po_number").values()
        return FileContents(name, orders=tuple(_order(group) for group in orders))
    if kind == "receipts":
        return FileContents(name, receipts=tuple(_receipts(rows)))
    if kind == "document":
        return FileContents(name, documents=tuple(_documents(rows)))
    plain = tuple(dict(row.values) for row in rows)
    if kind == "billed":
        return FileContents(name, billed=plain)
    return FileContents(name, claims=plain)


def _choose_layout(content: bytes, name: str, mapping: CsvMapping) -> tuple[Kind, Layout, str]:
    """Return (kind, layout, text) of the one layout whose headings the file has."""
    layouts = mapping.layouts()
    if not layouts:
        raise ExchangeError(f"{name}: the mapping has no layout for any CSV file")
    fitting: list[tuple[Kind, Layout, str]] = []
    lacking: list[tuple[int, str]] = []
    for kind, layout in layouts.items():
        text = _decode(content, layout)
        if text is None:
            lacking.append((1_000, f"{kind} needs {layout.encoding} text, which this is not"))
            continue
        found_headings = headings(text, layout.delimiter, name)
        expected_headings = (*layout.columns.values(), *layout.pack_factors.values())
        missing = [heading for heading in expected_headings if heading not in found_headings]
        if missing:
            lacking.append(
                (len(missing), f"{kind} needs the heading {missing[0]!r}, which is missing")
            )
        else:
            fitting.append((kind, layout, text))
    # The layout with most columns fits best: receipts may have every heading of claims.
    most_columns = max((len(layout.columns) for _, layout, _ in fitting), default=0)
    best = [candidate for candidate in fitting if len(candidate[1].columns) == most_columns]
    if len(best) == 1:
        return best[0]
    if best:
        kinds = " and ".join(kind for kind, _, _ in best)
        raise ExchangeError(
            f"{name}: the headings fit {kinds} of the mapping; layouts must differ in headings"
        )
    raise ExchangeError(f"{name}: row 1: the mapping's layout {min(lacking)[1]}")


def _decode(content: bytes, layout: Layout) -> str | None:
    try:
        return content.decode(layout.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _shared_values(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Return the values of the whole, each of which must be the same in all rows."""
    shared: dict[str, Any] = {}
    for name in names:
        for row in rows:
            text = row.values.get(name)
            if shared.setdefault(name, text) != text:
                raise ExchangeError(
                    f"{row.place}: {name} is {text!r}, but {shared[name]!r} in the rows before; "
                    "it must be the same in all rows"
                )
    return {name: text for name, text in shared.items() if text is not None}


def _required_value(row: Row, name: str) -> str:
    if name not in row.values:
        raise ExchangeError(f"{row.place}: {name} is empty but required")
    return str(row.values[name])


def _values_without(row: Row, without: Sequence[str]) -> dict[str, Any]:
    return {name: text for name, text in row.values.items() if name not in without}


def _order(rows: Sequence[Row]) -> Mapping[str, Any]:
    lines: list[dict[str, Any]] = []
    for row in rows:
        for name in ("po_line_number", "quantity_ordered"):
            _required_value(row, name)
        packs = {"pack_factors": dict(row.packs)} if row.packs else {}
        _add_line(
            lines,
            _with_agreements(_with_price_version(_values_without(row, ORDER_HEADER) | packs)),
            row,
        )
    head = _shared_values(rows, ORDER_HEADER)
    allowance = _allowance(head, "order_allowance", ("rate", "amount", "in_price"))
    return {**head, **({"allowances": [allowance]} if allowance else {}), "lines": lines}


def _with_agreements(values: dict[str, Any]) -> dict[str, Any]:
    """Return the line with its allowance and planned freight under the names of order data."""
    allowance = _allowance(values, "allowance", ("rate", "amount"))
    freight = values.pop("line_planned_freight", None)
    agreements = {"allowances": [allowance] if allowance else None, "planned_freight": freight}
    return values | {name: value for name, value in agreements.items() if value is not None}


def _allowance(values: dict[str, Any], prefix: str, names: Sequence[str]) -> dict[str, Any]:
    """Remove the columns that begin with `prefix` from the values and return their allowance."""
    allowance = {name: values.pop(f"{prefix}_{name}", None) for name in names}
    if allowance["rate"] is None and allowance["amount"] is None:
        return {}
    return {name: value for name, value in allowance.items() if value is not None}


def _with_price_version(values: dict[str, Any]) -> dict[str, Any]:
    """Return the line with a price that is valid for some days as a version of its price."""
    days = {name: values.pop(f"price_{name}", None) for name in ("valid_from", "valid_to")}
    dated = {name: day for name, day in days.items() if day is not None}
    if not dated:
        return values
    keys = ("unit_price", "price_base_quantity")
    version = {name: values.pop(name) for name in keys if name in values}
    return values | {"price_versions": [version | dated]}


def _add_line(lines: list[dict[str, Any]], line: dict[str, Any], row: Row) -> None:
    """Add a line, or to a line already there the price version of another row."""
    number = line["po_line_number"]
    before = next(
        (known_line for known_line in lines if known_line["po_line_number"] == number), None
    )
    prices = ("unit_price", "price_base_quantity", "price_versions")
    if before is None or not ("price_versions" in before or "price_versions" in line):
        lines.append(line)
        return
    for name in sorted((before.keys() | line.keys()) - set(prices)):
        if before.get(name) != line.get(name):
            raise ExchangeError(
                f"{row.place}: {name} of line {number} is {line.get(name)!r}, but "
                f"{before.get(name)!r} before; rows of one line may differ only in the price"
            )
    versions = [*before.get("price_versions", ()), *line.get("price_versions", ())]
    undated = {name: line[name] for name in prices[:2] if name in line}
    if undated and "unit_price" in before:
        raise ExchangeError(f"{row.place}: line {number} has two prices without validity dates")
    before.update(undated | {"price_versions": versions})


def _group_rows(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_required_value(row, name), []).append(row)
    return groups


def _receipts(rows: Sequence[Row]) -> list[Receipt]:
    """Return one receipt for each number. A negative quantity reverses a receipt."""
    return [
        Receipt(_shared_values(group, RECEIPT_HEADER), tuple(_receipt_entry(row) for row in group))
        for group in _group_rows(rows, "receipt_id").values()
    ]


def _receipt_entry(row: Row) -> ReceiptEntry:
    if "quantity_accepted" not in row.values:
        _required_value(row, "quantity_received")
    article = {name: str(row.values[name]) for name in _ARTICLE if name in row.values}
    return ReceiptEntry(_values_without(row, (*RECEIPT_HEADER, *_ARTICLE)), article, row.place)


def _documents(rows: Sequence[Row]) -> list[EdiDocument]:
    """Return one document for each invoice or document number, or one of all rows without."""
    key = next((name for name in ("invoice_id", "document_id") if name in rows[0].values), None)
    groups = [list(rows)] if key is None else list(_group_rows(rows, key).values())
    return [_document(group) for group in groups]


def _document(rows: Sequence[Row]) -> EdiDocument:
    head = _shared_values(rows, DOCUMENT_HEADER)
    kind = head.pop("document_type", None)
    if kind not in _DOCUMENT_TYPES:
        raise ExchangeError(
            f"{rows[0].place}: document_type {kind!r} is not one of {', '.join(_DOCUMENT_TYPES)}"
        )
    if "document_id" in head:
        head[labels.header_name("document_id", kind)] = head.pop("document_id")
    lines = []
    for row in rows:
        line_type = str(row.values.get("line_type", "item"))
        if line_type not in labels.LINE_TYPES:
            raise ExchangeError(
                f"{row.place}: line_type {line_type!r} is not one of {', '.join(labels.LINE_TYPES)}"
            )
        lines.append(EdiLine(_values_without(row, (*DOCUMENT_HEADER, "line_type")), line_type))
    # Unit codes of the stated list were looked up with the rows.
    return EdiDocument(kind, head, tuple(lines), code_list=None)
