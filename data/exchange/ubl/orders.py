"""UBL order data: Order, OrderChange and ReceiptAdvice.

A line's price is net (cac:Price), per its cbc:BaseQuantity. Where a line's own amount contradicts
quantity and price, the price is left out: it is not known which of them is wrong.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from data.exchange.ubl.conditions import SLACK, line_allowances, order_conditions
from data.exchange.ubl.elements import Node, article, currency_of, party, unit_of
from data.exchange.wire.contents import (
    Action,
    FileContents,
    LineChange,
    OrderChange,
    Receipt,
    ReceiptEntry,
)
from data.exchange.wire.errors import ExchangeError

_LINES = "cac:OrderLine"
_CLASSES = "cac:Item/cac:CommodityClassification"
_AMOUNTS = (
    "cac:OrderLine/cac:LineItem/cac:Price/cbc:PriceAmount",
    "cac:AnticipatedMonetaryTotal/*",
)
# UBL's line status codes and UNTDID 1229, which Peppol uses in their place.
_ACTIONS: dict[str, Action] = {
    "": "put",
    "nostatus": "put",
    "added": "add",
    "1": "add",
    "revised": "set",
    "changed": "set",
    "3": "set",
    "74": "set",
    "cancelled": "delete",
    "canceled": "delete",
    "2": "delete",
    "4": "keep",
}


def read_order(root: Node, name: str) -> FileContents:
    """Return the order of a UBL Order."""
    left_out: list[str] = []
    order: dict[str, Any] = {
        "po_number": root.required("cbc:ID"),
        "lines": [_order_line(line, left_out)[1] for line in root.all(_LINES)],
    }
    if not order["lines"]:
        raise ExchangeError(f"{root.place}/{_LINES}: is missing; an order needs at least one line")
    seller = party(root, "cac:SellerSupplierParty")
    values = {
        "currency": currency_of(root, _AMOUNTS),
        "order_date": root.day("cbc:IssueDate"),
        "vendor_id": seller.get("id"),
        "vendor_name": seller.get("name"),
        "vendor_tax_id": seller.get("tax_id"),
        "payment_terms": root.text("cac:PaymentTerms/cbc:Note"),
    }
    order |= {key: text for key, text in values.items() if text}
    order |= order_conditions(root, values["currency"], left_out)
    return FileContents(name, orders=(order,), left_out=tuple(left_out))


def read_order_change(root: Node, name: str) -> FileContents:
    """Return the change of a UBL OrderChange; lines it does not list stay unchanged."""
    left_out: list[str] = []
    sequence = root.text("cbc:SequenceNumberID")
    left_out += [
        f"{allowance.place}: a change of allowances or charges on the whole order is left out"
        for allowance in root.all("cac:AllowanceCharge")
    ]
    change = OrderChange(
        po_number=root.required("cac:OrderReference/cbc:ID"),
        lines=tuple(_line_change(line, left_out) for line in root.all(_LINES)),
        place=root.place,
        sequence=int(sequence) if sequence and sequence.isascii() and sequence.isdigit() else None,
    )
    return FileContents(name, changes=(change,), left_out=tuple(left_out))


def read_receipt_advice(root: Node, name: str) -> FileContents:
    """Return the goods receipt of a UBL ReceiptAdvice; received quantities include rejected."""
    values: dict[str, Any] = {"receipt_id": root.required("cbc:ID")}
    day = root.day("cac:Shipment/cac:Delivery/cbc:ActualDeliveryDate", "cbc:IssueDate")
    if day is not None:
        values["received_at"] = day
    order = root.text("cac:OrderReference/cbc:ID")
    lines = tuple(_receipt_line(line, order) for line in root.all("cac:ReceiptLine"))
    if not lines:
        raise ExchangeError(
            f"{root.place}/cac:ReceiptLine: is missing; a receipt needs at least one line"
        )
    return FileContents(name, receipts=(Receipt(values, lines),))


READERS: dict[str, Callable[[Node, str], FileContents]] = {
    "Order": read_order,
    "OrderChange": read_order_change,
    "ReceiptAdvice": read_receipt_advice,
}


def _order_line(line: Node, left_out: list[str]) -> tuple[Node, dict[str, Any]]:
    """Return (cac:LineItem, the line in the form of order data)."""
    item = line.find("cac:LineItem")
    if item is None:
        raise ExchangeError(f"{line.place}/cac:LineItem: is missing but required")
    values: dict[str, Any] = {
        "po_line_number": item.required("cbc:ID"),
        "quantity_ordered": item.required_number("cbc:Quantity"),
        **article(item.find("cac:Item")),
    }
    unit = unit_of(item, "cbc:Quantity")
    if unit is not None:
        values["unit_code"] = unit
        size = item.number("cac:Item/cbc:PackSizeNumeric")
        if size is not None and unit.startswith("X"):
            values["pack_factors"] = {unit: size}
    classes = {
        classification.text("cbc:ItemClassificationCode") for classification in item.all(_CLASSES)
    } - {None}
    if len(classes) == 1:
        values["category"] = classes.pop()
    values |= _price(item, values, left_out)
    return item, values


def _price(item: Node, line: dict[str, Any], left_out: list[str]) -> dict[str, Any]:
    """Return the net price of a line; None in place of an unreliable one."""
    if item.flag("cbc:FreeOfChargeIndicator"):
        return {"unit_price": "0", "allowances": []}
    price = item.number("cac:Price/cbc:PriceAmount")
    if price is None:
        return {}
    base = item.number("cac:Price/cbc:BaseQuantity")
    unit = unit_of(item, "cac:Price/cbc:BaseQuantity")
    own_unit = unit in (None, line.get("unit_code"))
    doubt = _price_doubt(item, Decimal(line["quantity_ordered"]), price, base if own_unit else "0")
    if doubt is not None:
        place = f"{item.place}/cac:Price/cbc:PriceAmount"
        left_out.append(f"{place}: the price {price} is left out: {doubt}")
        return {"unit_price": None, "allowances": []}
    per = Decimal(base or "1") if own_unit else Decimal(0)
    product = Decimal(line["quantity_ordered"]) * Decimal(price) / per if per > 0 else None
    allowances = line_allowances(item, product, left_out)
    dated = {
        "valid_from": item.day("cac:Price/cac:ValidityPeriod/cbc:StartDate"),
        "valid_to": item.day("cac:Price/cac:ValidityPeriod/cbc:EndDate"),
    }
    if own_unit and any(dated.values()):
        version = {"unit_price": price, "price_base_quantity": base or "1"}
        versions = [version | {name: day for name, day in dated.items() if day}]
        return {"price_versions": versions} | ({"allowances": allowances} if allowances else {})
    # Stated in full, so that a change leaves nothing of the former price.
    return {
        "unit_price": price,
        "price_base_quantity": base or "1",
        "price_unit_code": None if own_unit else unit,
        "allowances": allowances,
    }


def _price_doubt(item: Node, quantity: Decimal, price: str, base: str | None) -> str | None:
    """Return the reason why a price cannot be compared, or None.

    `base` "0": the price is for another unit than the quantity's.
    """
    rate = item.number("cac:Price/cbc:OrderableUnitFactorRate")
    if rate is not None and Decimal(rate) != 1:
        return f"it is for another unit (cbc:OrderableUnitFactorRate {rate})"
    if any(allowance.flag("cbc:ChargeIndicator") for allowance in item.all("cac:AllowanceCharge")):
        # A bill with the agreed charge would look like one with too high a price.
        return "the line has a charge beside it (cac:AllowanceCharge)"
    amount = item.number("cbc:LineExtensionAmount")
    per = Decimal(base or "1")
    if amount is None or per <= 0:
        return None
    if not _is_amount_consistent(quantity * Decimal(price) / per, Decimal(amount), item):
        return f"{quantity} × {price} is not the line's amount {amount}"
    return None


def _is_amount_consistent(product: Decimal, amount: Decimal, item: Node) -> bool:
    """Return whether the line's amount is quantity x price, before or after its allowances."""
    net = product
    for allowance in item.all("cac:AllowanceCharge"):
        net -= Decimal(allowance.number("cbc:Amount") or "0")
    return min(abs(product - amount), abs(net - amount)) <= SLACK


def _line_change(line: Node, left_out: list[str]) -> LineChange:
    item = line.find("cac:LineItem")
    if item is None:
        raise ExchangeError(f"{line.place}/cac:LineItem: is missing but required")
    status = item.text("cbc:LineStatusCode") or ""
    action = _ACTIONS.get(status.casefold())
    if action is None:
        raise ExchangeError(
            f"{item.place}/cbc:LineStatusCode: {status!r} is not one of Added, Revised, Cancelled, "
            "NoStatus or the codes 1, 2, 3, 4, 74"
        )
    number = item.required("cbc:ID")
    if action in ("delete", "keep"):
        return LineChange(number, action, {}, item.place)
    _, values = _order_line(line, left_out)
    return LineChange(number, action, values, item.place)


def _receipt_line(line: Node, order: str | None) -> ReceiptEntry:
    received = Decimal(line.required_number("cbc:ReceivedQuantity"))
    rejected = Decimal(line.number("cbc:RejectedQuantity") or "0")
    units = {unit_of(line, f"cbc:{name}Quantity") for name in ("Received", "Rejected")} - {None}
    if len(units) > 1:
        raise ExchangeError(
            f"{line.place}: quantities are in {' and '.join(sorted(map(str, units)))}; "
            "give one unit per receipt line"
        )
    values: dict[str, Any] = {
        "quantity_received": format(abs(received), "f"),
        "quantity_rejected": format(abs(rejected), "f"),
        # A reversed receipt is sent with negative quantities.
        "reversed": received < 0 or rejected < 0,
    }
    if received < 0 < rejected or rejected < 0 < received:
        raise ExchangeError(
            f"{line.place}: received {received} and rejected {rejected} have opposite signs"
        )
    number = line.text("cac:OrderLineReference/cbc:LineID")
    po_number = line.text("cac:OrderLineReference/cac:OrderReference/cbc:ID") or order
    references = {
        "po_line_number": number,
        "po_number": po_number,
        "receipt_line": line.text("cbc:ID"),
    }
    values |= {key: text for key, text in references.items() if text}
    if units:
        values["unit_code"] = units.pop()
    return ReceiptEntry(values, article(line.find("cac:Item")), line.place)
