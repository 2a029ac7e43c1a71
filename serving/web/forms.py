"""The multipart form of a request: its files as streams on disk, its order data as text.

Order data has one part, `dispute`. Files in the buyer's own formats (UBL, X12) would be further
parts of `PARTS`, turned into that text here: all that follows, the fingerprint too, sees only it.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request
from starlette.datastructures import UploadFile

from data.orders import OrderJsonBroken
from serving.web.errors import RequestError

DISPUTE_PART_BYTES = 8_000_000
PARTS = ("dispute", "attachments")


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
    dispute = ""
    async with request.form(
        max_files=attachments + 1, max_fields=2, max_part_size=DISPUTE_PART_BYTES
    ) as form:
        for key, part in form.multi_items():
            if key not in PARTS:
                raise RequestError(f"unknown part {key[:64]!r}; send 'dispute' and 'attachments'")
            if key == "dispute":
                dispute = part if isinstance(part, str) else await _text_of(part)
            elif isinstance(part, str):
                raise RequestError("the part 'attachments' is text; send it as a file")
            else:
                taken = {upload.name for upload in uploads}
                uploads.append(Upload(_shown_name(part.filename, taken), part.file))
        if len(uploads) > attachments:
            raise RequestError(
                f"{len(uploads)} attachments, at most {attachments} are taken; send fewer"
            )
        yield Form(tuple(uploads), dispute)


def form_schema(*parts: str) -> dict[str, Any]:
    """The OpenAPI text of a form that is read by hand, because its parts come in two shapes."""
    kinds: dict[str, dict[str, Any]] = {
        "dispute": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "order, receipts, billed, claims, invoices and read documents, as JSON",
        },
        "attachments": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "PDF, TIFF, PNG or JPEG files, or documents as UBL, CII, X12 or JSON",
        },
    }
    form = {"type": "object", "properties": {part: kinds[part] for part in parts}}
    form["required"] = ["dispute"] if "dispute" in parts else ["attachments"]
    body = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return {"requestBody": body}


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
