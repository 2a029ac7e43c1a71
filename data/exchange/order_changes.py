"""Exchanged files with their order known: changes applied, receipts put on order lines.

A change restates what it changes; lines and values it does not name stay. A receipt line without
an order line's number goes to the one line that orders its article; where that is not one line,
nothing is guessed and the file is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data.exchange.wire.contents import (
    FileContents,
    LineChange,
    OrderChange,
    Receipt,
    ReceiptEntry,
)
from data.exchange.wire.errors import ExchangeError
from data.values.units import convert

_CODES = ("product_code", "buyer_item_id", "gtin")
_ORDER_CODES = ("product_code", "item_code", "vendor_item_id", "buyer_item_id", "gtin")

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A part of order data as plain JSON, with the file it is from."""

    name: str
    content: Any


def settled(
    given: Sequence[NamedPart], files: Sequence[FileContents], left_out: list[str]
) -> list[NamedPart]:
    """Parts for `data.exchange.order_files.parse_order_data`: those `given` as JSON and those of
    the files.

    The order may be in either; `left_out` takes what was not used of them. Raises `ExchangeError`
    for documents among the files, a change of an order that is not there or was made before, and
    receipt lines that fit no order line.
    """
    for file in files:
        if file.documents:
            kind = file.documents[0].document_type
            raise ExchangeError(
                f"{file.name}: holds a document ({kind}) and no order data; give it with --document"
            )
    parts = [*given, *(part for file in files for part in _plain_parts(file))]
    changes = [change for file in files for change in file.changes]
    changes.sort(key=lambda change: change.sequence or 0)
    for change in changes:
        parts = _changed(parts, change)
    orders = [order for part in parts if (order := _order_of(part.content)) is not None]
    return parts + [
        NamedPart(file.name, {"receipts": [_receipt(receipt, orders, left_out)]})
        for file in files
        for receipt in file.receipts
    ]


def _plain_parts(file: FileContents) -> Iterator[NamedPart]:
    for order in file.orders:
        yield NamedPart(file.name, {"order": dict(order)})
    for key, rows in (("billed", file.billed), ("claims", file.claims)):
        if rows:
            yield NamedPart(file.name, {key: [dict(row) for row in rows]})


def _order_of(content: Any) -> Mapping[str, Any] | None:
    order = content.get("order") if isinstance(content, Mapping) else None
    return order if isinstance(order, Mapping) and isinstance(order.get("lines"), list) else None


def _number(value: object) -> str:
    return str(value).strip()


def _changed(parts: Sequence[NamedPart], change: OrderChange) -> list[NamedPart]:
    """The parts with the order of that number changed, wherever it is."""
    found = False
    after: list[NamedPart] = []
    for part in parts:
        order = _order_of(part.content)
        if order is not None and _number(order.get("po_number")) == change.po_number:
            found = True
            changed = {**order, "lines": _changed_lines(order["lines"], change)}
            after.append(NamedPart(part.name, {**part.content, "order": changed}))
        else:
            after.append(part)
    if not found:
        raise ExchangeError(
            f"{change.place}: changes order {change.po_number!r}, which was not given; "
            "give the order with --order"
        )
    return after


def _changed_lines(lines: Sequence[Any], change: OrderChange) -> list[Any]:
    if change.cancels:
        raise ExchangeError(
            f"{change.place}: cancels order {change.po_number!r}; there is nothing to compare with"
        )
    after = list(lines)
    for one in change.lines:
        at = [
            index
            for index, line in enumerate(after)
            if isinstance(line, Mapping)
            and _number(line.get("po_line_number")) == one.po_line_number
        ]
        if len(at) > 1:
            raise ExchangeError(f"{one.place}: order line {one.po_line_number!r} is there twice")
        _apply(after, at[0] if at else None, one)
    return after


def _apply(lines: list[Any], at: int | None, change: LineChange) -> None:
    said = f"{change.place}: order line {change.po_line_number!r}"
    if at is None:
        if change.action not in ("add", "put"):
            raise ExchangeError(f"{said} is changed, and the order has no such line")
        if "quantity_ordered" not in change.values:
            raise ExchangeError(f"{said} is added without a quantity")
        lines.append({"po_line_number": change.po_line_number, **change.values})
        return
    if change.action == "add":
        raise ExchangeError(f"{said} is added, and the order has that line already")
    if change.action == "delete":
        del lines[at]
    elif change.action in ("set", "put"):
        _check_direction(lines[at], change, said)
        lines[at] = {**lines[at], **change.values, **_versions(lines[at], change.values)}


def _versions(line: Mapping[str, Any], values: Mapping[str, Any]) -> Part:
    """The versions of a price that a dated change adds; the former ones stay."""
    more, before = values.get("price_versions", []), line.get("price_versions", [])
    return {"price_versions": [*before, *more]} if more else {}


def _check_direction(line: Mapping[str, Any], change: LineChange, said: str) -> None:
    if not change.direction or "quantity_ordered" not in change.values:
        return
    before, after = (Decimal(str(one["quantity_ordered"])) for one in (line, dict(change.values)))
    if (after - before) * change.direction <= 0:
        word = "increase" if change.direction > 0 else "decrease"
        raise ExchangeError(
            f"{said}: a quantity {word} from {before} to {after}; wanted is the new quantity, "
            "not the difference"
        )


def _receipt(receipt: Receipt, orders: Sequence[Mapping[str, Any]], left_out: list[str]) -> Part:
    lines = []
    for line in receipt.lines:
        number = _place(line, orders)
        weight = _weight(line, number, orders, left_out)
        lines.append({**line.values, "po_line_number": number, **weight})
    return {**receipt.values, "lines": lines}


def _weight(
    line: ReceiptEntry, number: str, orders: Sequence[Mapping[str, Any]], left_out: list[str]
) -> Part:
    """The weight of a receipt line, where it is in the unit of its order line's price."""
    if line.weight is None:
        return {}
    weight, unit = line.weight
    priced = {
        str(one.get("price_unit_code") or one.get("unit_code"))
        for order in orders
        if line.values.get("po_number") in (None, _number(order.get("po_number")))
        for one in order["lines"]
        if isinstance(one, Mapping) and _number(one.get("po_line_number")) == number
    }
    if len(priced) == 1 and all(convert(Decimal(1), unit, one, {}) == 1 for one in priced):
        return {"weight": weight}
    shown = " and ".join(sorted(priced)) or "nothing"
    left_out.append(f"{line.place}: the weight in {unit} is left out: the price is per {shown}")
    return {}


def _place(line: ReceiptEntry, orders: Sequence[Mapping[str, Any]]) -> str:
    """The number of the order line that a receipt line is about."""
    stated = line.values.get("po_line_number")
    if stated is not None:
        return str(stated)
    wanted = line.values.get("po_number")
    order = next((one for one in orders if wanted in (None, _number(one.get("po_number")))), None)
    if order is None:
        # Another order's receipt is left alone by whoever compares: its line only needs a name.
        return line.line_number or "unknown"
    lines = [one for one in order["lines"] if isinstance(one, Mapping)]
    numbers = [_number(one.get("po_line_number")) for one in lines]
    fitting = [
        number
        for number, one in zip(numbers, lines, strict=True)
        if _codes(line.article, _CODES) & _codes(one, _ORDER_CODES)
    ]
    if len(fitting) > 1 and line.line_number in fitting:
        return str(line.line_number)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and not _codes(line.article, _CODES) and line.line_number in numbers:
        return str(line.line_number)
    named = ", ".join(f"{key} {text!r}" for key, text in line.article.items()) or "no article"
    fit = f"lines {', '.join(fitting)} order it" if fitting else "no line orders it"
    raise ExchangeError(
        f"{line.place}: names {named}; in order {order.get('po_number')!r} {fit}; "
        f"wanted is one of {', '.join(numbers)}"
    )


def _codes(values: Mapping[str, Any], names: Sequence[str]) -> set[str]:
    return {_number(values[name]).casefold() for name in names if values.get(name)}
