"""The multipart form of a request: its files as streams on disk, its order data as text.

Order data comes in the part `dispute` as JSON, or as files in the buyer's own formats (UBL, X12,
CSV) in `order` and `receipts`, which are turned into that text here: all that follows, the
fingerprint too, sees only it.
"""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from data.exchange.csv_files.mapping import read_mapping
from data.exchange.order_files import OrderDataError, OrderJsonBroken, merged_order_json
from serving.web.errors import RequestError

DISPUTE_PART_BYTES = 8_000_000
PARTS = ("dispute", "attachments", "order", "receipts", "mapping")
MOST_ORDER_FILES = 50  # an order, its changes, its receipts


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the request: a name to show, and its bytes, on disk when they are many."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted; `dispute` is "" where there is no such part."""

    uploads: tuple[Upload, ...]
    dispute: str


@asynccontextmanager
async def read_form(request: Request, attachments: int) -> AsyncIterator[Form]:
    """The form while its files are open, with so many attachments at most.

    Raises `RequestError` and `OrderJsonBroken`.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        raise RequestError(f"the body is {kind[:64]!r}, send multipart/form-data")
    uploads: list[Upload] = []
    orders: list[tuple[str, bytes]] = []
    dispute, mapping = "", ""
    async with request.form(
        max_files=attachments + MOST_ORDER_FILES + 2,
        max_fields=MOST_ORDER_FILES,
        max_part_size=DISPUTE_PART_BYTES,
    ) as form:
        for key, part in form.multi_items():
            if key not in PARTS:
                raise RequestError(f"unknown part {key[:64]!r}; send {', '.join(PARTS)}")
            if key == "dispute":
                dispute = part if isinstance(part, str) else await _text_of(part)
            elif key == "mapping":
                mapping = part if isinstance(part, str) else await _text_of(part)
            elif key in ("order", "receipts"):
                orders.append(await _order_file(key, part))
            elif isinstance(part, str):
                raise RequestError("the part 'attachments' is text; send it as a file")
            else:
                taken = {upload.name for upload in uploads}
                uploads.append(Upload(_shown_name(part.filename, taken), part.file))
        if len(uploads) > attachments:
            raise RequestError(
                f"{len(uploads)} attachments, at most {attachments} are taken; send fewer"
            )
        if orders:
            dispute = await run_in_threadpool(_dispute_of, orders, mapping, dispute)
        yield Form(tuple(uploads), dispute)


def form_schema(*parts: str) -> dict[str, Any]:
    """The OpenAPI text of a form that is read by hand, because its parts come in two shapes."""
    kinds: dict[str, dict[str, Any]] = {
        "dispute": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "order, receipts, billed, claims, invoices and read documents, as JSON",
        },
        "order": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "the order and its changes as UBL, X12, CSV or JSON files, in place of"
            " those in `dispute`",
        },
        "receipts": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "receipts, earlier bills and claims as UBL, X12, CSV or JSON files",
        },
        "mapping": {"type": "string", "description": "what columns of CSV mean, as YAML"},
        "attachments": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "PDF, TIFF, PNG or JPEG files, or documents as UBL, CII, X12 or JSON",
        },
    }
    form: dict[str, Any] = {"type": "object", "properties": {part: kinds[part] for part in parts}}
    if "order" not in parts:  # a dispute may come as text or as files, and bring no attachments
        form["required"] = ["attachments"]
    body = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return {"requestBody": body}


async def _order_file(key: str, part: UploadFile | str) -> tuple[str, bytes]:
    """(name, content) of a file of order data, which is small enough to be held."""
    if isinstance(part, str):
        return key, part.encode()
    content = await part.read(DISPUTE_PART_BYTES + 1)
    if len(content) > DISPUTE_PART_BYTES:
        raise RequestError(f"the part {key!r} is over {DISPUTE_PART_BYTES} bytes; send less")
    return _shown_name(part.filename, ()), content


def _dispute_of(orders: Sequence[tuple[str, bytes]], mapping: str, dispute: str) -> str:
    """The text of the part `dispute` with the order files in it. Raises `OrderDataError`."""
    try:
        given = json.loads(dispute) if dispute else {}
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"dispute: not JSON ({str(error)[:120]})") from None
    if not isinstance(given, dict):
        raise OrderDataError("dispute: the top level is no object")
    documents = {key: given.pop(key) for key in ("documents",) if key in given}
    columns = read_mapping(mapping.encode(), "mapping") if mapping else None
    return json.dumps(merged_order_json(orders, columns, given or None) | documents)


async def _text_of(part: UploadFile) -> str:
    # Many clients send JSON as a file part with a content type of its own.
    try:
        return (await part.read(DISPUTE_PART_BYTES)).decode()
    except UnicodeDecodeError as error:
        raise OrderJsonBroken(f"dispute: not UTF-8 text (byte {error.start})") from None


def _shown_name(name: str | None, taken: Collection[str]) -> str:
    """A name fit for messages: never a path, no control characters, unique in the request."""
    last = (name or "attachment").replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable())[:120] or "attachment"
    if shown not in taken:
        return shown
    return next(
        numbered
        for number in range(2, len(taken) + 3)
        if (numbered := f"{shown} ({number})") not in taken
    )
