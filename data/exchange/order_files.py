"""Order data of a dispute read from files: order, receipts, billings, claims and past invoices.

Every format (`data.exchange`) is converted into one JSON form (`data.order_json`), which is checked
here. One file may contain all of it, or order and receipts are separate files and are merged.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.exchange.csv_files.mapping import CsvMapping
from data.exchange.order_changes import NamedPart, resolve_parts
from data.exchange.recognise import read_exchange_file, sniff_format
from data.exchange.wire.errors import ExchangeError, nearest_name
from data.order_json import MODEL_AT, OrderDataJson
from data.order_records import GoodsReceipt, OrderData, PurchaseOrder

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
    place = _json_path(loc)
    if detail["type"] == "extra_forbidden":
        parent = tuple(step for step in loc[:-1] if isinstance(step, str))
        names = list(MODEL_AT[parent].model_fields)
        near = nearest_name(str(loc[-1]), names)
        suggestion = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
        return UnknownKey(f"{name}: unknown key {place!r}; {suggestion}")
    if detail["type"] == "missing":
        return OrderDataError(f"{name}: {place} is missing but required")
    message = detail["msg"].removeprefix("Value error, ")
    if loc and loc[-1] == "currency":
        return WrongCurrency(f"{name}: {place or 'the file'}: {message}")
    return OrderDataError(f"{name}: {place or 'the file'}: {message}")


def _refuse_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"key {twice!r} is given twice in one object")
    return dict(pairs)


def _parse_json(text: str | bytes, name: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_refuse_duplicate_keys)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"{name}: not JSON ({str(error)[:120]})") from None


def _read_part(part: object, name: str) -> OrderDataJson:
    if isinstance(part, str | bytes):
        part = _parse_json(part, name)
    if not isinstance(part, Mapping):
        kind = type(part).__name__
        raise OrderDataError(
            f'{name}: the top level is a {kind}; expected an object with "order" and "receipts"'
        )
    try:
        return OrderDataJson.model_validate(part)
    except ValidationError as error:
        # An unknown key is the likeliest cause of a missing one: report it first.
        errors = error.errors(include_url=False)
        errors.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        raise _order_data_error(errors[0], name) from None


def _merge_receipts(parts: Sequence[OrderDataJson]) -> tuple[GoodsReceipt, ...]:
    receipts: dict[str, GoodsReceipt] = {}
    for receipt in (receipt.record() for part in parts for receipt in part.receipts):
        if receipts.setdefault(receipt.receipt_id, receipt) != receipt:
            raise OrderDataError(
                f"receipt {receipt.receipt_id!r} is given twice with different content; "
                "a receipt number must be unique"
            )
    return tuple(receipts.values())


def _check_lines(order: PurchaseOrder, receipts: Sequence[GoodsReceipt]) -> None:
    keys = [(line.po_number or order.po_number, line.po_line_number) for line in order.lines]
    twice = sorted(number for (_, number), count in Counter(keys).items() if count > 1)
    if twice:
        raise OrderDataError(
            f"order.lines: po_line_number {twice[0]!r} is given twice; it must be unique"
        )
    numbers, orders = {number for _, number in keys}, {po for po, _ in keys}
    bases: dict[tuple[str | None, str], str] = {}
    for receipt in receipts:
        for line in receipt.lines:
            ours = line.po_number is None or line.po_number in orders
            if ours and line.po_line_number not in numbers:
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} is "
                    f"not a line of order {order.po_number!r}; lines: {', '.join(sorted(numbers))}"
                )
            key = line.po_number or order.po_number, line.po_line_number
            if bases.setdefault(key, line.quantity_basis) != line.quantity_basis:
                raise OrderDataError(
                    f"receipt {receipt.receipt_id!r}: po_line_number {line.po_line_number!r} has "
                    "received quantities in one receipt and accepted ones in another: the same "
                    "goods would count twice; give one of the two kinds"
                )


def parse_order_data(*parts: object, names: Sequence[str] = ()) -> OrderData:
    """The order data of one or several JSON texts (or parsed objects), merged.

    `names` are what the parts are called in messages, by default "order data". Exactly one order
    must be among them; a receipt given twice with equal content counts once. Raises OrderDataError.
    """
    called = [*names, *["order data"] * (len(parts) - len(names))]
    read = [_read_part(part, name) for part, name in zip(parts, called, strict=True)]
    distinct = [part.order for part in read if part.order is not None]
    if not distinct:
        raise OrderDataError(
            f'{", ".join(called) or "order data"}: no "order" given; one is required'
        )
    if any(order != distinct[0] for order in distinct):
        raise OrderDataError(
            f"{', '.join(called)}: {len(distinct)} different orders given "
            f"({', '.join(order.po_number for order in distinct)}); a dispute is about one order"
        )
    order = distinct[0].record()
    receipts = _merge_receipts(read)
    _check_lines(order, receipts)
    return OrderData(
        order=order,
        receipts=receipts,
        billed=tuple(line.record() for part in read for line in part.billed),
        claims=tuple(claim.record() for part in read for claim in part.claims),
        invoices=tuple(invoice.record() for part in read for invoice in part.invoices),
    )


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


def merge_order_json(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None = None,
    order_json: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the order data of files as one JSON object (`data.order_json`); see `read_order_data`.

    Raises OrderDataError.
    """
    parts = _parts(files, mapping, order_json)
    contents = [part.content for part in parts]
    parse_order_data(*contents, names=[part.name for part in parts])
    merged: dict[str, object] = {}
    for content in contents:
        for key, value in (content if isinstance(content, Mapping) else {}).items():
            before = merged.get(key)
            # An object that is given twice is equal both times, or it would have been refused
            merged[key] = [*before, *value] if isinstance(before, list) else value
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
                parts.append(NamedPart(name, _parse_json(content, name)))
            else:
                exchanged.append(read_exchange_file(content, name, mapping))
        parts = resolve_parts(parts, exchanged, left_out)
    except ExchangeError as error:
        raise OrderFileBroken(str(error)) from None
    for message in (*(note for file in exchanged for note in file.left_out), *left_out):
        logger.warning("%s", message)
    return parts
