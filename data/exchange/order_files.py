"""What the buyer knows of a dispute: order, receipts, earlier bills, claims and invoices.

Every format (`data.exchange`) ends in one JSON shape (`data.order_json`), which is checked here.
One file may hold everything, or order and receipts come in files of their own and are merged.
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
from data.exchange.order_changes import NamedPart, settled
from data.exchange.recognise import read_exchange_file, sniff_format
from data.exchange.wire.errors import ExchangeError, nearest_name
from data.order_json import MODEL_AT, OrderDataJson
from data.order_records import GoodsReceipt, OrderData, PurchaseOrder

logger = logging.getLogger(__name__)


class OrderDataError(ValueError):
    """The order data cannot be used; the message says where, what was seen and what is wanted."""

    code: ClassVar[str] = "invalid_order_data"


class OrderFileMissing(OrderDataError):
    """A file of order data is not there or cannot be read."""

    code: ClassVar[str] = "missing_file"


class OrderJsonBroken(OrderDataError):
    """The text is not JSON."""

    code: ClassVar[str] = "invalid_json"


class OrderFileBroken(OrderDataError):
    """A partner's file (UBL, X12, CSV) that cannot be used."""

    code: ClassVar[str] = ExchangeError.code


class UnknownKey(OrderDataError):
    """A key the format does not have."""

    code: ClassVar[str] = "unknown_key"


class WrongCurrency(OrderDataError):
    """A currency that is not an ISO 4217 code."""

    code: ClassVar[str] = "unknown_currency"


def _place(loc: Sequence[int | str]) -> str:
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _error(found: ErrorDetails, name: str) -> OrderDataError:
    """The refusal in words: which file, where in it, what was seen, what is wanted."""
    loc = found["loc"]
    place = _place(loc)
    if found["type"] == "extra_forbidden":
        parent = tuple(step for step in loc[:-1] if isinstance(step, str))
        names = list(MODEL_AT[parent].model_fields)
        near = nearest_name(str(loc[-1]), names)
        wanted = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
        return UnknownKey(f"{name}: unknown key {place!r}; {wanted}")
    if found["type"] == "missing":
        return OrderDataError(f"{name}: {place} is missing and has to be given")
    message = found["msg"].removeprefix("Value error, ")
    if loc and loc[-1] == "currency":
        return WrongCurrency(f"{name}: {place or 'the file'}: {message}")
    return OrderDataError(f"{name}: {place or 'the file'}: {message}")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"key {twice!r} is given twice in one object")
    return dict(pairs)


def _parsed(text: str | bytes, name: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"{name}: not JSON ({str(error)[:120]})") from None


def _read_part(part: object, name: str) -> OrderDataJson:
    if isinstance(part, str | bytes):
        part = _parsed(part, name)
    if not isinstance(part, Mapping):
        kind = type(part).__name__
        raise OrderDataError(
            f'{name}: the top level is a {kind}; wanted an object with "order", "receipts"'
        )
    try:
        return OrderDataJson.model_validate(part)
    except ValidationError as error:
        # An unknown key is the likeliest cause of a missing one: say it first.
        found = error.errors(include_url=False)
        found.sort(key=lambda detail: detail["type"] != "extra_forbidden")
        raise _error(found[0], name) from None


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
            f'{", ".join(called) or "order data"}: no "order" given; one is needed'
        )
    if any(order != distinct[0] for order in distinct):
        raise OrderDataError(
            f"{', '.join(called)}: {len(distinct)} different orders given "
            f"({', '.join(order.po_number for order in distinct)}); a dispute is about one"
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
    """The order data in files, as `read_order_data` merges them; the same file twice counts once.

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
    given: Mapping[str, object] | None = None,
) -> OrderData:
    """The order data in (name, content) of files, merged with JSON that is `given` beside them.

    JSON, UBL and X12 are recognised by content; CSV is read as `mapping` says. Names are for
    messages alone: two files may have one. Order changes are applied. Raises OrderDataError.
    """
    parts = _parts(files, mapping, given)
    return parse_order_data(*(part.content for part in parts), names=[part.name for part in parts])


def merged_order_json(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None = None,
    given: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """What `read_order_data` reads, as one object of our JSON. Raises OrderDataError."""
    parts = _parts(files, mapping, given)
    contents = [part.content for part in parts]
    parse_order_data(*contents, names=[part.name for part in parts])
    merged: dict[str, object] = {}
    for content in contents:
        for key, value in (content if isinstance(content, Mapping) else {}).items():
            before = merged.get(key)
            # Objects that are given twice are equal, or they would have been refused
            merged[key] = [*before, *value] if isinstance(before, list) else value
    return merged


def _parts(
    files: Sequence[tuple[str, bytes]],
    mapping: CsvMapping | None,
    given: Mapping[str, object] | None,
) -> list[NamedPart]:
    """The files' contents in our JSON, order changes applied."""
    parts = [] if given is None else [NamedPart("the order data", dict(given))]
    exchanged, left_out = [], list[str]()
    try:
        for name, content in files:
            if sniff_format(content) == "json":
                parts.append(NamedPart(name, _parsed(content, name)))
            else:
                exchanged.append(read_exchange_file(content, name, mapping))
        parts = settled(parts, exchanged, left_out)
    except ExchangeError as error:
        raise OrderFileBroken(str(error)) from None
    for sentence in (*(told for file in exchanged for told in file.left_out), *left_out):
        logger.warning("%s", sentence)
    return parts
