"""Errors as problem+json: a client's mistakes are explained, internal errors are not disclosed."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.pages.sandbox import MissingProgram
from serving.evidence.additions import DisputeClosed, RevisionConflict
from serving.evidence.corrections import CorrectionRefused
from serving.evidence.search import CursorError
from serving.service.refusals import INTERNAL, REFUSALS, refusal
from serving.store.jobs import IdempotencyMismatch, QueueFull
from serving.store.receptions import StillReceiving
from serving.store.usage import LimitReached
from serving.store.webhooks import TooManyEndpoints
from serving.webhooks.addresses import AddressRefused
from serving.wire.schema import ProblemDetails, problem

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5
_WAIT_AND_RETRY = (429, 503)
_CODES_OF_STATUS = {
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "file_too_large",
}


class RequestError(ValueError):
    """A request with missing, unknown or unusable parts."""


class ScopeMissing(RuntimeError):
    """The key lacks a scope; the message names it."""


class ForeignPage(RuntimeError):
    """A page of another site tries to use the session of the desk."""


# Disk full, database or bucket unavailable; which of them is only for the operator to see.
_STORAGE = (OSError, OperationalError, InterfaceError)
_CODES: dict[type[Exception], str] = {
    RequestError: "invalid_request",
    CursorError: "invalid_request",
    QueueFull: "queue_full",
    IdempotencyMismatch: "idempotency_mismatch",
    StillReceiving: "request_in_progress",
    ScopeMissing: "forbidden",
    ForeignPage: "forbidden",
    AddressRefused: "invalid_request",
    TooManyEndpoints: "invalid_request",
    RevisionConflict: "revision_conflict",
    DisputeClosed: "dispute_closed",
    CorrectionRefused: "invalid_request",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make the application answer every exception with problem+json."""
    for kind in (
        *(HTTPException, RequestValidationError, MissingProgram, LimitReached, Exception),
        *REFUSALS,
        *_CODES,
        *_STORAGE,
    ):
        app.add_exception_handler(kind, _answer)


def explain(error: Exception) -> ProblemDetails:
    """Return the problem+json of an error; that of an unexpected one discloses nothing."""
    if (refused := refusal(error)) is not None:
        return refused
    if (code := _CODES.get(type(error))) is not None:
        return problem(code, str(error))
    if isinstance(error, LimitReached):
        return problem(error.code, error.detail)
    if isinstance(error, _STORAGE):
        return problem(
            "storage_unavailable", "the service cannot store anything now; try again later"
        )
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        return problem("invalid_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    if isinstance(error, HTTPException):
        code = _CODES_OF_STATUS.get(error.status_code, "invalid_request")
        return problem(code, str(error.detail))
    return INTERNAL


def problem_response(details: ProblemDetails, retry_after_s: int = RETRY_AFTER_S) -> Response:
    """Return the response that carries a problem, with Retry-After where waiting helps."""
    waits = details.status in _WAIT_AND_RETRY or details.code == "request_in_progress"
    headers = {"Retry-After": str(retry_after_s)} if waits else None
    return JSONResponse(
        details.model_dump(), details.status, headers=headers, media_type=PROBLEM_JSON
    )


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of a route for the OpenAPI description."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {
            "model": ProblemDetails,
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status in sorted({*statuses, 401, 403, 422, 429, 500, 503})
    }


def error_response(scope: Scope, error: Exception) -> Response:
    """Return the response to a request that raised an error, and log errors of the service."""
    details = explain(error)
    if details.code in ("internal", "storage_unavailable"):
        # Not the path, which may contain anything the client likes.
        route = getattr(scope.get("route"), "path", "unknown")
        logger.error("%s %s failed", scope["method"], route, exc_info=error)
    if isinstance(error, LimitReached):
        return problem_response(details, error.retry_after_s)
    return problem_response(details)


async def _answer(request: Request, error: Exception) -> Response:
    return error_response(request.scope, error)


class ProblemForLongBody:
    """ASGI middleware that turns the plain 413 of the body limit into problem+json."""

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
                    await problem_response(self.details)(scope, receive, send)
            if not replaced:
                await send(message)

        await self.app(scope, receive, send_problem)
