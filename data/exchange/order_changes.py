"""Order changes applied to their order, and receipt lines matched to its order lines.

A change restates the values it changes; lines and values it does not name stay. A receipt line
without an order line's number goes to the one line that orders its article; where that is not
exactly one line, nothing is guessed and the file is refused.
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


def resolve_parts(
    json_parts: Sequence[NamedPart], files: Sequence[FileContents], left_out: list[str]
) -> list[NamedPart]:
    """Return the parts for `order_files.parse_order_data`: `json_parts` and those of the files.

    The order may be in either; `left_out` receives notes on unused content. Raises `ExchangeError`
    for documents among the files, a change of an order that is absent or was made before, and
    receipt lines that fit no order line.
    """
    for file in files:
        if file.documents:
            kind = file.documents[0].document_type
            raise ExchangeError(
                f"{file.name}: contains a document ({kind}), not order data; "
                "give it with --document"
            )
    parts = [*json_parts, *(part for file in files for part in _plain_parts(file))]
    changes = [change for file in files for change in file.changes]
    changes.sort(key=lambda change: change.sequence or 0)
    for change in changes:
        parts = _change_order(parts, change)
    orders = [order for part in parts if (order := _order_of(part.content)) is not None]
    return parts + [
        NamedPart(file.name, {"receipts": [_receipt_json(receipt, orders, left_out)]})
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


def _change_order(parts: Sequence[NamedPart], change: OrderChange) -> list[NamedPart]:
    """Return the parts with the order of that number changed, in whichever part it is."""
    is_found = False
    after: list[NamedPart] = []
    for part in parts:
        order = _order_of(part.content)
        if order is not None and _number(order.get("po_number")) == change.po_number:
            is_found = True
            changed = {**order, "lines": _change_lines(order["lines"], change)}
            after.append(NamedPart(part.name, {**part.content, "order": changed}))
        else:
            after.append(part)
    if not is_found:
        raise ExchangeError(
            f"{change.place}: changes order {change.po_number!r}, which was not given; "
            "give that order with --order"
        )
    return after


def _change_lines(lines: Sequence[Any], change: OrderChange) -> list[Any]:
    if change.cancels:
        raise ExchangeError(
            f"{change.place}: cancels order {change.po_number!r}; no order is left to compare with"
        )
    changed_lines = list(lines)
    for line_change in change.lines:
        indices = [
            index
            for index, line in enumerate(changed_lines)
            if isinstance(line, Mapping)
            and _number(line.get("po_line_number")) == line_change.po_line_number
        ]
        if len(indices) > 1:
            raise ExchangeError(
                f"{line_change.place}: order line {line_change.po_line_number!r} occurs twice"
            )
        _apply_line_change(changed_lines, indices[0] if indices else None, line_change)
    return changed_lines


def _apply_line_change(lines: list[Any], index: int | None, change: LineChange) -> None:
    prefix = f"{change.place}: order line {change.po_line_number!r}"
    if index is None:
        if change.action not in ("add", "put"):
            raise ExchangeError(f"{prefix} is changed, but the order has no such line")
        if "quantity_ordered" not in change.values:
            raise ExchangeError(f"{prefix} is added without a quantity")
        lines.append({"po_line_number": change.po_line_number, **change.values})
        return
    if change.action == "add":
        raise ExchangeError(f"{prefix} is added, but the order already has that line")
    if change.action == "delete":
        del lines[index]
    elif change.action in ("set", "put"):
        _check_direction(lines[index], change, prefix)
        lines[index] = {
            **lines[index],
            **change.values,
            **_added_price_versions(lines[index], change.values),
        }


def _added_price_versions(line: Mapping[str, Any], values: Mapping[str, Any]) -> Part:
    """Return the price versions with those that a dated change adds; the former ones stay."""
    more, before = values.get("price_versions", []), line.get("price_versions", [])
    return {"price_versions": [*before, *more]} if more else {}


def _check_direction(line: Mapping[str, Any], change: LineChange, prefix: str) -> None:
    if not change.direction or "quantity_ordered" not in change.values:
        return
    before, after = (
        Decimal(str(values["quantity_ordered"])) for values in (line, dict(change.values))
    )
    if (after - before) * change.direction <= 0:
        word = "increase" if change.direction > 0 else "decrease"
        raise ExchangeError(
            f"{prefix}: a quantity {word} from {before} to {after}; give the new quantity, "
            "not the difference"
        )


def _receipt_json(
    receipt: Receipt, orders: Sequence[Mapping[str, Any]], left_out: list[str]
) -> Part:
    lines = []
    for line in receipt.lines:
        order = _order_of_receipt(line, orders)
        number = _order_line_number(line, order)
        named = {} if order is None or len(orders) == 1 else {"po_number": order.get("po_number")}
        weight = _receipt_weight(line, number, orders, left_out)
        lines.append({**named, **line.values, "po_line_number": number, **weight})
    return {**receipt.values, "lines": lines}


def _receipt_weight(
    line: ReceiptEntry, number: str, orders: Sequence[Mapping[str, Any]], left_out: list[str]
) -> Part:
    """Return the weight of a receipt line, where it is in the unit of its order line's price."""
    if line.weight is None:
        return {}
    weight, unit = line.weight
    price_units = {
        str(order_line.get("price_unit_code") or order_line.get("unit_code"))
        for order in orders
        if line.values.get("po_number") in (None, _number(order.get("po_number")))
        for order_line in order["lines"]
        if isinstance(order_line, Mapping) and _number(order_line.get("po_line_number")) == number
    }
    if len(price_units) == 1 and all(
        convert(Decimal(1), unit, per, {}) == 1 for per in price_units
    ):
        return {"weight": weight}
    stated_units = " and ".join(sorted(price_units)) or "an unknown unit"
    left_out.append(
        f"{line.place}: the weight in {unit} is left out: the price is per {stated_units}"
    )
    return {}


def _order_of_receipt(
    line: ReceiptEntry, orders: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """Return the order that a receipt line is for; None where it may be none or is not known.

    Of several orders it is the one of its number, else the only one that orders its article.
    """
    po_number = line.values.get("po_number")
    named = [order for order in orders if po_number in (None, _number(order.get("po_number")))]
    if len(named) < 2 or line.values.get("po_line_number") is not None:
        return named[0] if len(named) == 1 else None
    codes = _article_codes(line.article, _CODES)
    fitting = [
        order
        for order in named
        if any(
            codes & _article_codes(order_line, _ORDER_CODES)
            for order_line in order["lines"]
            if isinstance(order_line, Mapping)
        )
    ]
    if len(fitting) != 1:
        numbers = ", ".join(_number(order.get("po_number")) for order in named)
        raise ExchangeError(
            f"{line.place}: may be for any of the orders {numbers}; give its order's number"
        )
    return fitting[0]


def _order_line_number(line: ReceiptEntry, order: Mapping[str, Any] | None) -> str:
    """Return the number of the order line that a receipt line is for."""
    stated = line.values.get("po_line_number")
    if stated is not None:
        return str(stated)
    if order is None:
        # Matching ignores another order's receipt: its line only needs a name.
        return line.line_number or "unknown"
    order_lines = [order_line for order_line in order["lines"] if isinstance(order_line, Mapping)]
    numbers = [_number(order_line.get("po_line_number")) for order_line in order_lines]
    fitting = [
        number
        for number, order_line in zip(numbers, order_lines, strict=True)
        if _article_codes(line.article, _CODES) & _article_codes(order_line, _ORDER_CODES)
    ]
    if len(fitting) > 1 and line.line_number in fitting:
        return str(line.line_number)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and not _article_codes(line.article, _CODES) and line.line_number in numbers:
        return str(line.line_number)
    article = ", ".join(f"{key} {text!r}" for key, text in line.article.items()) or "no article"
    fit = f"lines {', '.join(fitting)} order it" if fitting else "no line orders it"
    raise ExchangeError(
        f"{line.place}: names {article}; in order {order.get('po_number')!r} {fit}; "
        f"give its order line, one of {', '.join(numbers)}"
    )


def _article_codes(values: Mapping[str, Any], names: Sequence[str]) -> set[str]:
    return {_number(values[name]).casefold() for name in names if values.get(name)}
