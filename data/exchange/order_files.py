"""Order data of a dispute read from files: order, receipts, billings, claims and past invoices.

Every format (`data.exchange`) is converted into one JSON form (`data.order_json`), which is checked
here. One file may contain all of it, or order and receipts are separate files and are merged.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.order_changes import NamedPart, resolve_parts
from data.exchange.order_merge import merge_orders
from data.exchange.order_parts import distinct_of, name_orders, one_order_each, orders_in
from data.exchange.recognise import read_exchange_file, sniff_format
from data.exchange.wire.errors import ExchangeError, nearest_name
from data.history_json import BilledJson
from data.json_values import load_exact_json
from data.order_json import (
    INSTEAD_OF_NEGATIVE,
    MODEL_AT,
    OTHER_NAMES,
    OrderDataJson,
    OrderJson,
)
from data.order_records import (
    BilledLine,
    GoodsReceipt,
    OrderData,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
)
from data.outside_data import guarded
from data.records import Problem
from data.values.units import convert

logger = logging.getLogger(__name__)


class OrderDataError(ValueError):
    """Order data that cannot be used; the message states the place, the value and what to give."""

    code: ClassVar[str] = "invalid_order_data"


class OrderFileMissing(OrderDataError):
    """A file of order data that does not exist or cannot be read."""

    code: ClassVar[str] = "missing_file"


class OrderJsonBroken(OrderDataError):
    """Order data that is not valid JSON."""

    code: ClassVar[str] = "invalid_json"


class OrderFileBroken(OrderDataError):
    """A partner's file (UBL, X12, CSV) that cannot be used."""

    code: ClassVar[str] = ExchangeError.code


class UnknownKey(OrderDataError):
    """A key that order data does not have."""

    code: ClassVar[str] = "unknown_key"


class WrongCurrency(OrderDataError):
    """A currency that is not an ISO 4217 code."""

    code: ClassVar[str] = "unknown_currency"


def _json_path(loc: Sequence[int | str]) -> str:
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _order_data_error(detail: ErrorDetails, name: str) -> OrderDataError:
    """Return the error for a validation detail: file, place in it, value and what to give."""
    loc = detail["loc"]
    place, key = _json_path(loc), str(loc[-1]) if loc else ""
    if detail["type"] == "extra_forbidden":
        parent = tuple("order" if step == "orders" else step for step in loc[:-1])
        names = list(MODEL_AT[tuple(step for step in parent if isinstance(step, str))].model_fields)
        return UnknownKey(f"{name}: unknown key {place!r}; {_known_key(key, names)}")
    if detail["type"] == "missing":
        return OrderDataError(f"{name}: {place} is missing but required")
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "greater_than_equal" and key in INSTEAD_OF_NEGATIVE:
        message = f"{detail['input']} is negative; {INSTEAD_OF_NEGATIVE[key]}"
    if key == "currency":
        return WrongCurrency(f"{name}: {place or 'the file'}: {message}")
    return OrderDataError(f"{name}: {place or 'the file'}: {message}")


def _known_key(key: str, names: Sequence[str]) -> str:
    """Return the key to use instead of an unknown one."""
    if key in OTHER_NAMES and any(known in OTHER_NAMES[key] for known in names):
        return f"use {OTHER_NAMES[key]}"
    near = nearest_name(key, names)
    return f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"


def _parse_json(text: str | bytes, name: str) -> object:
    try:
        return load_exact_json(text)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"{name}: not JSON ({str(error)[:120]})") from None


def _read_mapping(part: object, name: str) -> Mapping[str, Any]:
    if isinstance(part, str | bytes):
        part = _parse_json(part, name)
    if not isinstance(part, Mapping):
        kind = type(part).__name__
        raise OrderDataError(
            f'{name}: the top level is a {kind}; expected an object with "order" and "receipts"'
        )
    return part


def _read_part(part: Mapping[str, Any], name: str) -> OrderDataJson:
    try:
        return OrderDataJson.model_validate(part)
    except ValidationError as error:
        # An unknown key is the likeliest cause of a missing one: report it first.
        errors = error.errors(include_url=False)
        errors.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        raise _order_data_error(errors[0], name) from None


def _merge_receipts(parts: Sequence[OrderDataJson], order: PurchaseOrder) -> list[GoodsReceipt]:
    receipts: dict[str, GoodsReceipt] = {}
    for receipt in (receipt.record() for part in parts for receipt in part.receipts):
        if receipts.setdefault(receipt.receipt_id, receipt) != receipt:
            raise OrderDataError(
                f"receipt {receipt.receipt_id!r} is given twice with different content; "
                "a receipt number must be unique"
            )
    return [
        replace(
            receipt,
            lines=tuple(
                replace(line, po_number=_order_number(line, order, f"receipt {name!r}"))
                for line in receipt.lines
            ),
        )
        for name, receipt in receipts.items()
    ]


def _order_number(row: ReceiptLine | BilledJson, order: PurchaseOrder, place: str) -> str | None:
    """Return the number of the order that a row is about, None where there is only one order."""
    numbers = {line.po_number or order.po_number for line in order.lines}
    if row.po_number is not None or len(numbers) == 1:
        return row.po_number
    fitting = {
        line.po_number or order.po_number
        for line in order.lines
        if line.po_line_number == row.po_line_number
    }
    if len(fitting) > 1:
        raise OrderDataError(
            f"{place}: po_line_number {row.po_line_number!r} is a line of the orders "
            f"{', '.join(sorted(fitting))}; give po_number beside it"
        )
    return next(iter(fitting), None)


def _bill_record(bill: BilledJson, order: PurchaseOrder) -> BilledLine:
    """Return an earlier bill with its quantity in base units."""
    place = f"billed, invoice {bill.invoice_id!r}"
    bill = bill.model_copy(update={"po_number": _order_number(bill, order, place)})
    if bill.quantity is None:
        return bill.record(bill.base_quantity or Decimal(0))
    line = next((line for line in order.lines if _is_of(bill, line, order)), None)
    if line is None:
        raise OrderDataError(
            f"{place}: po_line_number {bill.po_line_number!r} is not a line of the order, so its "
            "unit has no factor; give base_quantity instead of quantity"
        )
    unit, base = bill.unit_code or line.unit_code, line.base_unit
    counted: Decimal | None = bill.quantity
    if unit is not None and base is not None:
        counted = convert(bill.quantity, unit, base, line.pack_factors, order.unit_code_list)
    if counted is None:
        raise OrderDataError(
            f"{place}: unit {unit!r} has no factor to {base!r}; give it in pack_factors of order "
            f"line {line.po_line_number!r}, or base_quantity instead of quantity"
        )
    if bill.base_quantity not in (None, counted):
        raise OrderDataError(
            f"{place}: {bill.quantity} {unit} are {counted} {base}, and base_quantity is "
            f"{bill.base_quantity}; give one of the two"
        )
    return bill.record(counted)


def _is_of(bill: BilledJson, line: OrderLine, order: PurchaseOrder) -> bool:
    number = line.po_number or order.po_number
    return line.po_line_number == bill.po_line_number and bill.po_number in (None, number)


def _check_lines(order: PurchaseOrder, receipts: Sequence[GoodsReceipt]) -> None:
    keys = [(line.po_number or order.po_number, line.po_line_number) for line in order.lines]
    twice = sorted(number for (_, number), count in Counter(keys).items() if count > 1)
    if twice:
        raise OrderDataError(
            f"order.lines: po_line_number {twice[0]!r} is given twice; it must be unique"
        )
    lines_of: dict[str | None, set[str]] = {None: {number for _, number in keys}}
    for po_number, number in keys:
        lines_of.setdefault(po_number, set()).add(number)
    bases: dict[tuple[str | None, str], str] = {}
    for receipt in receipts:
        for line in receipt.lines:
            numbers = lines_of.get(line.po_number)
            if numbers is not None and line.po_line_number not in numbers:
                number = line.po_number or order.po_number
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} is "
                    f"not a line of order {number!r}; lines: {', '.join(sorted(numbers))}"
                )
            key = line.po_number or order.po_number, line.po_line_number
            if bases.setdefault(key, line.quantity_basis) != line.quantity_basis:
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} has "
                    "received quantities in one receipt and accepted ones in another: the same "
                    "goods would count twice; give one of the two kinds"
                )


@guarded(OrderDataError, 0)
def parse_order_data(*parts: object, names: Sequence[str] = ()) -> OrderData:
    """The order data of one or several JSON texts (or parsed objects), merged.

    `names` are what the parts are called in messages, by default "order data". At least one order
    must be among them; several become one (`data.exchange.order_merge`). An order or a receipt
    given twice with equal content counts once. Raises OrderDataError.
    """
    called = [*names, *["order data"] * (len(parts) - len(names))]
    contents = [_read_mapping(part, name) for part, name in zip(parts, called, strict=True)]
    named = zip(name_orders(contents), called, strict=True)
    read = [_read_part(part, name) for part, name in named]
    orders, problems = _merge(read, called)
    order = orders[0]
    receipts = tuple(_merge_receipts(read, order))
    _check_lines(order, receipts)
    languages = [part.language for part in read if part.language is not None]
    return OrderData(
        order=order,
        receipts=receipts,
        billed=tuple(_bill_record(bill, order) for part in read for bill in part.billed),
        claims=tuple(claim.record() for part in read for claim in part.claims),
        invoices=tuple(invoice.record() for part in read for invoice in part.invoices),
        orders=tuple(orders[1:]) if len(orders) > 2 else (),
        problems=problems,
        language=languages[0] if languages else None,
        attachments={name: kind for part in read for name, kind in part.attachments.items()},
    )


def _merge(
    read: Sequence[OrderDataJson], called: Sequence[str]
) -> tuple[list[PurchaseOrder], tuple[Problem, ...]]:
    """Return the one order of all parts, then the orders it was made of; and problems."""
    files = ", ".join(called) or "order data"
    distinct: list[OrderJson] = distinct_of(order for part in read for order in part.all_orders)
    if not distinct:
        raise OrderDataError(f'{files}: no "order" given; one is required')
    numbers = Counter(order.po_number for order in distinct)
    number, count = numbers.most_common(1)[0]
    if count > 1:
        raise OrderDataError(
            f"{files}: order {number!r} is given {count} times with different content; "
            "give its latest state once"
        )
    orders = [order.record() for order in distinct]
    try:
        merged, problems = merge_orders(orders)
    except ValueError as error:
        raise OrderDataError(f"{files}: {error}") from None
    return [merged, *orders], problems


def load_order_data(paths: Sequence[str | Path], mapping: CsvMapping | None = None) -> OrderData:
    """Return the order data in files, merged by `read_order_data`; a repeated file counts once.

    Raises OrderDataError.
    """
    contents: dict[Path, bytes] = {}
    for path in map(Path, paths):
        try:
            contents[path.resolve()] = path.read_bytes()
        except OSError as error:
            raise OrderFileMissing(
                f"{path}: cannot be read ({error.strerror}); give the path of a file"
            ) from None
    return read_order_data([(path.name, content) for path, content in contents.items()], mapping)


@guarded(OrderDataError, 0)
def read_order_data(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None = None,
    order_json: Mapping[str, object] | None = None,
) -> OrderData:
    """Return the order data in (name, content) of files, merged with `order_json`, if any.

    JSON, UBL and X12 are recognised by content; CSV is read by `mapping`. Names are only for
    messages and need not be unique. Order changes are applied. Raises OrderDataError.
    """
    parts = _parts(files, mapping, order_json)
    return parse_order_data(*(part.content for part in parts), names=[part.name for part in parts])


@guarded(OrderDataError, 0)
def merge_order_json(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None = None,
    order_json: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the order data of files as one JSON object (`data.order_json`); see `read_order_data`.

    Raises OrderDataError.
    """
    parts = _parts(files, mapping, order_json)
    parse_order_data(*(part.content for part in parts), names=[part.name for part in parts])
    contents = [part.content for part in parts if isinstance(part.content, Mapping)]
    orders = distinct_of(order for content in contents for order in orders_in(content))
    merged: dict[str, object] = {}
    for content in name_orders(contents):
        for key, value in content.items():
            before = merged.get(key)
            merged[key] = [*before, *value] if isinstance(before, list) else value
    if len(orders) > 1:
        merged |= {"order": None, "orders": orders}
    return merged


def _parts(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None,
    order_json: Mapping[str, object] | None,
) -> list[NamedPart]:
    """Return the files' contents in the form of `data.order_json`, order changes applied."""
    parts = [] if order_json is None else [NamedPart("the order data", dict(order_json))]
    exchanged, left_out = [], list[str]()
    try:
        for name, content in files:
            if sniff_format(content) == "json":
                parts += one_order_each(NamedPart(name, _parse_json(content, name)))
            else:
                exchanged.append(read_exchange_file(content, name, mapping))
        parts = resolve_parts(parts, exchanged, left_out)
    except ExchangeError as error:
        raise OrderFileBroken(str(error)) from None
    for message in (*(note for file in exchanged for note in file.left_out), *left_out):
        logger.warning("%s", message)
    return parts
