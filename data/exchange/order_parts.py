"""Parts of order data as plain JSON: their orders, and rows named by the order beside them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.exchange.order_changes import NamedPart


def orders_in(part: Mapping[str, Any]) -> list[Any]:
    """Return the orders of a part as they are in its JSON."""
    several = part.get("orders")
    orders = [part.get("order"), *(several if isinstance(several, list) else ())]
    return [order for order in orders if order is not None]


def distinct_of(items: Iterable[Any]) -> list[Any]:
    """Return the items, each once, in their order."""
    distinct: list[Any] = []
    for item in items:
        if item not in distinct:
            distinct.append(item)
    return distinct


def name_orders(parts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the parts with the order's number on rows that stand beside one order.

    Only where there are several orders: two of them may have lines of the same number.
    """
    if len(distinct_of(order for part in parts for order in orders_in(part))) < 2:
        return list(parts)
    return [_with_order_number(part) for part in parts]


def _with_order_number(part: Mapping[str, Any]) -> Mapping[str, Any]:
    orders = orders_in(part)
    if len(orders) != 1 or not isinstance(orders[0], Mapping):
        return part
    number = {"po_number": orders[0].get("po_number")}
    named = dict(part)
    if isinstance(part.get("billed"), list):
        named["billed"] = [_row_with(number, row) for row in part["billed"]]
    if isinstance(part.get("receipts"), list):
        named["receipts"] = [
            {**receipt, "lines": [_row_with(number, row) for row in receipt["lines"]]}
            if isinstance(receipt, Mapping) and isinstance(receipt.get("lines"), list)
            else receipt
            for receipt in part["receipts"]
        ]
    return named


def _row_with(values: Mapping[str, Any], row: object) -> object:
    return {**values, **row} if isinstance(row, Mapping) else row


def one_order_each(part: NamedPart) -> list[NamedPart]:
    """Return a part with several orders as a part for each, so that files can change each."""
    if not isinstance(part.content, Mapping) or not isinstance(part.content.get("orders"), list):
        return [part]
    rest = {key: value for key, value in part.content.items() if key != "orders"}
    return [
        *([NamedPart(part.name, rest)] if rest else []),
        *(NamedPart(part.name, {"order": order}) for order in part.content["orders"]),
    ]
