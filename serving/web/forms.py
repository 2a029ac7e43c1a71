"""The multipart form of a request: its files as streams, its order data as text.

Order data comes in the part `dispute` as JSON, or as files in the buyer's own formats (UBL, X12,
CSV) in `order` and `receipts`, which are converted to that JSON here: everything later, the
fingerprint included, uses only the JSON.
"""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from data.exchange.csv_files.mapping import read_mapping
from data.exchange.order_files import OrderDataError, OrderJsonBroken, merge_order_json
from data.json_values import load_exact_json
from serving.store.jobs import Label
from serving.web.errors import RequestError

DISPUTE_PART_BYTES = 8_000_000
PARTS = ("dispute", "attachments", "order", "receipts", "mapping", "reference", "metadata")
TEXT_PARTS = frozenset({"dispute", "mapping", "reference", "metadata"})
MOST_METADATA = 50  # keys; values are text
REFERENCE_LENGTH = 200
MAX_ORDER_FILES = 50  # an order, its changes, its receipts


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the request: a name for display and its bytes, spooled to disk when large."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """The attachments and order data of a request; `dispute` is "" without such a part.

    `reference` and `metadata` are the client's own, kept beside the dispute and given back.
    """

    uploads: tuple[Upload, ...]
    dispute: str
    reference: str | None = None
    metadata: dict[str, str] | None = None
    labels: frozenset[Label] = frozenset()  # by which the dispute will be found
    sent_dispute: str = ""  # before it was merged with that of an earlier request


@asynccontextmanager
async def read_form(
    request: Request, attachments: int, earlier: str | None = None
) -> AsyncIterator[Form]:
    """Yield the form while its files are open, with at most `attachments` attachments.

    `earlier` is the dispute that the form adds to: its order data is merged with that of the form.
    Raises `RequestError` and `OrderJsonBroken`.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        raise RequestError(f"the content type is {kind[:64]!r}; send multipart/form-data")
    uploads: list[Upload] = []
    orders: list[tuple[str, bytes]] = []
    texts = dict.fromkeys(TEXT_PARTS, "")
    async with request.form(
        max_files=attachments + MAX_ORDER_FILES + 2,
        max_fields=MAX_ORDER_FILES,
        max_part_size=DISPUTE_PART_BYTES,
    ) as form:
        for key, part in form.multi_items():
            if key not in PARTS:
                raise RequestError(f"unknown part {key[:64]!r}; send {', '.join(PARTS)}")
            if key in TEXT_PARTS:
                texts[key] = part if isinstance(part, str) else await _read_text(part)
            elif key in ("order", "receipts"):
                orders.append(await _read_order_file(key, part))
            elif isinstance(part, str):
                raise RequestError("the part 'attachments' is text; send it as a file upload")
            else:
                used_names = {upload.name for upload in uploads}
                uploads.append(Upload(_display_name(part.filename, used_names), part.file))
        if len(uploads) > attachments:
            raise RequestError(
                f"the request has {len(uploads)} attachments, the limit is {attachments}; send"
                " fewer"
            )
        dispute = texts["dispute"]
        if earlier is not None and dispute:
            orders.insert(0, ("dispute", dispute.encode()))
        if earlier is not None and orders:
            dispute = earlier
        if orders:
            mapping = texts["mapping"]
            dispute = await run_in_threadpool(_dispute_with_orders, orders, mapping, dispute)
        metadata = read_metadata(texts["metadata"]) if texts["metadata"] else None
        sent = "\n".join(
            [texts["dispute"], *(f"{sha256(content).hexdigest()}" for _, content in orders)]
        )
        reference = read_reference(texts["reference"])
        yield Form(tuple(uploads), dispute, reference, metadata, sent_dispute=sent)


def read_reference(text: str) -> str | None:
    """Return the client's own name of a dispute, None for "". Raises `RequestError`."""
    reference = text.strip()
    if len(reference) > REFERENCE_LENGTH or not reference.isprintable():
        raise RequestError(
            f"the reference has {len(reference)} characters; send at most {REFERENCE_LENGTH},"
            " printable"
        )
    return reference or None


def read_metadata(text: str) -> dict[str, str]:
    """Return the client's own keys and values. Raises `RequestError`."""
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        metadata = None
    return checked_metadata(metadata)


def checked_metadata(metadata: object) -> dict[str, str]:
    """Return metadata that is an object of texts, not too many. Raises `RequestError`."""
    if not isinstance(metadata, dict) or not all(
        isinstance(value, str) and "\0" not in key + value for key, value in metadata.items()
    ):
        raise RequestError('metadata is not an object of texts; send for example {"team": "7"}')
    length = sum(len(key) + len(value) for key, value in metadata.items())
    if len(metadata) > MOST_METADATA or length > 10_000:
        raise RequestError(
            f"metadata has {len(metadata)} keys and {length} characters; send at most"
            f" {MOST_METADATA} keys and 10000 characters"
        )
    return metadata


def form_schema(*parts: str) -> dict[str, Any]:
    """Return the OpenAPI schema of a form; written by hand, because parts may be text or files."""
    kinds: dict[str, dict[str, Any]] = {
        "dispute": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "order, receipts, billed, claims, invoices and already read documents,"
            " as JSON",
        },
        "order": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "the order and its changes as UBL, X12, CSV or JSON files, instead of"
            " those in `dispute`",
        },
        "receipts": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "receipts, earlier bills and claims as UBL, X12, CSV or JSON files",
        },
        "reference": {"type": "string", "description": "your own name of the dispute"},
        "metadata": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "your own keys and values, an object of texts, as JSON",
        },
        "mapping": {"type": "string", "description": "the mapping of CSV columns, as YAML"},
        "attachments": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "PDF, TIFF, PNG or JPEG files, or documents as UBL, CII, X12 or JSON",
        },
    }
    form: dict[str, Any] = {"type": "object", "properties": {part: kinds[part] for part in parts}}
    if "order" not in parts:  # a dispute may come without attachments
        form["required"] = ["attachments"]
    body = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return {"requestBody": body}


async def _read_order_file(key: str, part: UploadFile | str) -> tuple[str, bytes]:
    """Return name and content of an order file, which must be small enough for memory."""
    if isinstance(part, str):
        return key, part.encode()
    content = await part.read(DISPUTE_PART_BYTES + 1)
    if len(content) > DISPUTE_PART_BYTES:
        raise RequestError(
            f"a file in the part {key!r} is over the limit of {DISPUTE_PART_BYTES} bytes"
        )
    return _display_name(part.filename, ()), content


def _dispute_with_orders(orders: Sequence[tuple[str, bytes]], mapping: str, dispute: str) -> str:
    """Return the JSON of `dispute` with the order files merged. Raises `OrderDataError`."""
    try:
        content = load_exact_json(dispute) if dispute else {}
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"dispute: not JSON ({str(error)[:120]})") from None
    if not isinstance(content, dict):
        raise OrderDataError("dispute: the top level is not an object")
    documents = {key: content.pop(key) for key in ("documents",) if key in content}
    columns = read_mapping(mapping.encode(), "mapping") if mapping else None
    return json.dumps(merge_order_json(orders, columns, content or None) | documents)


async def _read_text(part: UploadFile) -> str:
    # Many clients send JSON as a file part with a content type of its own.
    try:
        return (await part.read(DISPUTE_PART_BYTES)).decode()
    except UnicodeDecodeError as error:
        raise OrderJsonBroken(f"dispute: not UTF-8 text (byte {error.start})") from None


def _display_name(name: str | None, used_names: Collection[str]) -> str:
    """Return a name fit for messages: never a path, printable only, unique in the request."""
    last = (name or "attachment").replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable())[:120] or "attachment"
    return unique_name(shown, used_names)


def unique_name(shown: str, used_names: Collection[str]) -> str:
    """Return the name, with a number where another file has it."""
    if shown not in used_names:
        return shown
    return next(
        numbered
        for number in range(2, len(used_names) + 3)
        if (numbered := f"{shown} ({number})") not in used_names
    )
