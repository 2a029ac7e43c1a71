"""The HTTP interface: a FastAPI application over a `Backend`, with or without Ray behind it.

Every error is problem+json with a stable code; what a client sends is named in it, what happened
inside is not. Uploads of up to `request_bytes` are held in memory while their dispute is pending:
the durable store of a later issue takes references instead.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.attachments import DEFAULT_LIMITS, AttachmentError
from data.attachments import Limits as AttachmentLimits
from data.exchange.refusal import ExchangeError
from data.order_records import OrderData
from data.orders import OrderDataError, OrderJsonBroken, parse_order_data
from data.records import ExtractedDocument
from data.sandbox import MissingProgram
from serving.documents import (
    DocumentJsonError,
    document_to_json,
    documents_from_json,
    problem_to_json,
)
from serving.given import given_documents, is_data
from serving.jobs import Jobs, QueueFull
from serving.reading import stamped
from serving.schema import (
    Accepted,
    Dispute,
    Health,
    Limits,
    ProblemDetails,
    problem,
)
from serving.settings import Settings

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
DISPUTE_PART_BYTES = 8_000_000
RETRY_AFTER_S = 5
_CODES_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "file_too_large"}

Documents = tuple[ExtractedDocument, ...]
Upload = tuple[str, bytes]  # name to show, content


@dataclass(frozen=True, slots=True)
class Backend:
    """What the HTTP interface needs from behind it.

    `check` refuses an attachment that cannot be read, `extract` reads one, both by raising
    `AttachmentError`. `examine` gives the verdict as JSON. `missing` lists what keeps the service
    from working.
    """

    check: Callable[[str, bytes], Awaitable[None]]
    extract: Callable[[str, bytes], Awaitable[Documents]]
    examine: Callable[[Sequence[ExtractedDocument], OrderData], dict[str, Any]]
    missing: Callable[[], Awaitable[tuple[str, ...]]]
    settings: Settings = field(default_factory=Settings)
    limits: AttachmentLimits = DEFAULT_LIMITS
    version: str = "0"


class RequestError(ValueError):
    """A request that does not have the parts it needs."""


def build_app(backend: Backend) -> FastAPI:
    """The application; Serve runs it as it is, and so does a test client without Ray."""
    settings = backend.settings
    app = FastAPI(
        title="Tieout",
        version=backend.version,
        description="Reads vendor documents and flags price and quantity variances.",
    )
    # Not FastAPI's own `max_body_size`: it answers in plain text from outside of all middleware.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.request_mb * 1_000_000)
    app.add_middleware(ProblemForLongBody, request_mb=settings.request_mb)
    app.state.backend = backend
    app.state.jobs = Jobs(
        settings.kept_disputes, settings.running_disputes, settings.pending_mb * 1_000_000, explain
    )
    for kind in (
        HTTPException,
        RequestValidationError,
        AttachmentError,
        OrderDataError,
        DocumentJsonError,
        ExchangeError,
        MissingProgram,
        RequestError,
        QueueFull,
        Exception,
    ):
        app.add_exception_handler(kind, _answer_error)
    _add_dispute_routes(app)
    _add_service_routes(app)
    return app


def explain(error: Exception) -> ProblemDetails:
    """The problem+json of an error; nothing of an unexpected one is told."""
    # An error that crossed a Ray process carries a traceback in its text; its cause does not.
    cause = getattr(error, "cause", None)
    error = cause if isinstance(cause, Exception) else error
    if isinstance(error, AttachmentError | OrderDataError | DocumentJsonError | ExchangeError):
        return problem(error.code, str(error))
    if isinstance(error, MissingProgram):
        return problem("reader_unavailable", str(error))
    if isinstance(error, RequestError):
        return problem("invalid_request", str(error))
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        return problem("invalid_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    if isinstance(error, QueueFull):
        return problem("queue_full", str(error))
    if isinstance(error, HTTPException):
        code = _CODES_OF_STATUS.get(error.status_code, "invalid_request")
        return problem(code, str(error.detail))
    return problem("internal", "the service failed; the operator finds the reason in its log")


async def _answer_error(request: Request, error: Exception) -> Response:
    details = explain(error)
    if details.code == "internal":
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _problem_response(details)


def _problem_response(details: ProblemDetails) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_S)} if details.status in (429, 503) else None
    return JSONResponse(
        details.model_dump(), details.status, headers=headers, media_type=PROBLEM_JSON
    )


class ProblemForLongBody:
    """Turns the plain 413 of the body limit into problem+json."""

    def __init__(self, app: ASGIApp, request_mb: int) -> None:
        self.app = app
        self.details = problem(
            "file_too_large",
            f"the request is over {request_mb} MB; send fewer or smaller attachments",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_problem(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == 413:
                kind = dict(message["headers"]).get(b"content-type", b"")
                replaced = kind.startswith(b"text/plain")
                if replaced:
                    await _problem_response(self.details)(scope, receive, send)
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_problem)


def _add_dispute_routes(app: FastAPI) -> None:
    @app.post(
        "/v1/disputes",
        status_code=202,
        response_model=Accepted,
        responses=_errors(400, 413, 415, 422, 429),
        openapi_extra=_multipart("dispute", "attachments"),
    )
    async def post_dispute(request: Request) -> Response:
        """Takes on a dispute: attachments are checked now, read and examined in the background."""
        backend, jobs = _backend(request), _jobs(request)
        uploads, dispute = await _read_form(request, backend)
        data, given = parse_dispute(dispute)
        if not uploads and not given:
            raise RequestError('the dispute has nothing to examine; send "attachments"')
        for name, content in uploads:
            await _check(backend, name, content)

        async def work() -> dict[str, Any]:
            return await settle(backend, data, given, uploads)

        job = jobs.submit(sum(len(content) for _, content in uploads), work)
        location = f"/v1/disputes/{job.dispute_id}"
        taken = Accepted(dispute_id=job.dispute_id, state=job.state, location=location)
        return JSONResponse(taken.model_dump(), 202, headers={"Location": location})

    @app.get("/v1/disputes/{dispute_id}", responses=_errors(404))
    async def get_dispute(dispute_id: str, request: Request) -> Dispute:
        """How far a dispute is; once it is done, its verdict and documents."""
        job = _jobs(request).find(dispute_id)
        if job is None:
            raise HTTPException(404, f"no dispute {dispute_id[:64]!r}; it may have been forgotten")
        return job.view()

    @app.post(
        "/v1/extractions",
        response_model=list[dict[str, Any]],
        responses=_errors(400, 413, 415, 422),
        openapi_extra=_multipart("attachments"),
    )
    async def post_extraction(request: Request) -> Response:
        """Reads attachments and answers with every document found in them."""
        backend = _backend(request)
        uploads, _ = await _read_form(request, backend)
        if not uploads:
            raise RequestError('no attachment given; send files in parts called "attachments"')
        for name, content in uploads:
            await _check(backend, name, content)
        found = [doc for name, content in uploads for doc in await _extract(backend, name, content)]
        return JSONResponse([document_to_json(document) for document in found])


def _add_service_routes(app: FastAPI) -> None:
    @app.get("/v1/limits")
    async def get_limits(request: Request) -> Limits:
        """What one request may hold."""
        backend = _backend(request)
        settings, limits = backend.settings, backend.limits
        return Limits(
            file_types=("pdf", "tiff", "png", "jpeg", "xml", "x12", "json"),
            attachments=settings.attachments,
            request_bytes=settings.request_mb * 1_000_000,
            kept_disputes=settings.kept_disputes,
            per_attachment={name: getattr(limits, name) for name in limits.__dataclass_fields__},
        )

    @app.get("/healthz")
    async def get_health() -> Health:
        """Whether the process answers."""
        return Health(status="ok")

    @app.get("/readyz", responses={503: {"model": Health}})
    async def get_readiness(request: Request, response: Response) -> Health:
        """Whether disputes can be worked on: model loaded, Tesseract and poppler there."""
        missing = await _backend(request).missing()
        if not missing:
            return Health(status="ok")
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return Health(status="not_ready", missing=missing)


async def settle(
    backend: Backend, data: OrderData, given: Documents, uploads: Sequence[Upload]
) -> dict[str, Any]:
    """Verdict, documents and problems of a dispute as JSON; attachments are read one by one."""
    documents = list(given)
    for name, content in uploads:
        documents.extend(stamped(await _extract(backend, name, content), content))
    problems = [
        {"document_id": document.document_id, **problem_to_json(found)}
        for document in documents
        for found in document.problems
    ]
    return {
        "verdict": backend.examine(documents, data),
        "documents": [document_to_json(document) for document in documents],
        "problems": problems,
    }


async def _check(backend: Backend, name: str, content: bytes) -> None:
    """Refuses an attachment that cannot be read; one that is data is read to find out."""
    if is_data(content):
        await asyncio.to_thread(given_documents, content, name)
    else:
        await backend.check(name, content)


async def _extract(backend: Backend, name: str, content: bytes) -> Documents:
    if is_data(content):
        return await asyncio.to_thread(given_documents, content, name)
    return await backend.extract(name, content)


def parse_dispute(text: str) -> tuple[OrderData, Documents]:
    """Order data and already read documents of the `dispute` part. Raises `OrderDataError`."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OrderJsonBroken(f"dispute: not JSON ({str(error)[:120]})") from None
    given: Documents = ()
    if isinstance(content, dict) and "documents" in content:
        given = tuple(documents_from_json(content.pop("documents"), "dispute: documents"))
    return parse_order_data(content, names=["dispute"]), given


async def _read_form(request: Request, backend: Backend) -> tuple[list[Upload], str]:
    """The uploads and the text of the `dispute` part ("" when there is none)."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        raise RequestError(f"the body is {kind[:64]!r}, send multipart/form-data")
    most = backend.settings.attachments
    uploads: list[Upload] = []
    dispute = ""
    async with request.form(
        max_files=most + 1, max_fields=2, max_part_size=DISPUTE_PART_BYTES
    ) as form:
        for key, part in form.multi_items():
            if key not in ("attachments", "dispute"):
                raise RequestError(f"unknown part {key[:64]!r}; send 'dispute' and 'attachments'")
            if key == "dispute":
                dispute = part if isinstance(part, str) else await _text_of(part)
            elif isinstance(part, str):
                raise RequestError("the part 'attachments' is text; send it as a file")
            else:
                uploads.append((_shown_name(part.filename, uploads), await part.read()))
    if len(uploads) > most:
        raise RequestError(f"{len(uploads)} attachments, at most {most} are taken; send fewer")
    if not dispute and request.url.path.endswith("/disputes"):
        raise RequestError("the part 'dispute' is missing; send order and receipts in it as JSON")
    return uploads, dispute


async def _text_of(part: UploadFile) -> str:
    # Many clients send JSON as a file part with a content type of its own.
    try:
        return (await part.read(DISPUTE_PART_BYTES)).decode()
    except UnicodeDecodeError as error:
        raise OrderJsonBroken(f"dispute: not UTF-8 text (byte {error.start})") from None


def _shown_name(name: str | None, taken: Sequence[Upload]) -> str:
    """A name fit for messages: never a path, no control characters, unique in the request."""
    last = (name or "attachment").replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable())[:120] or "attachment"
    names = {other for other, _ in taken}
    if shown not in names:
        return shown
    return next(
        numbered
        for number in range(2, len(names) + 3)
        if (numbered := f"{shown} ({number})") not in names
    )


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {
            "model": ProblemDetails,
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status in (*statuses, 500)
    }


def _multipart(*parts: str) -> dict[str, Any]:
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
    return {"requestBody": {"content": {"multipart/form-data": {"schema": form}}}}
