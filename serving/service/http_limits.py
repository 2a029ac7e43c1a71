"""The outermost ASGI layer: body limit, dropped headers, and problem+json for Ray Serve's errors.

Serve builds this ASGI layer into its proxy, and in HAProxy mode into the server of each replica,
through `RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH`. So it also sees the answers that never reach
the application: a timeout, a full queue, a replica that died.

Ray Serve 2.60 obeys two headers of any client: `x-request-timeout-seconds: 0` switches the request
timeout off, `x-request-disconnect-disabled: ?1` keeps work going for a client that left
(`ray.serve._private.http_util`). Neither is a client's to decide; they are dropped here.
"""

import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.wire.schema import ProblemDetails, problem

logger = logging.getLogger(__name__)

CALLBACK_VARIABLE = "RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"
CALLBACK = "serving.service.http_limits.middlewares"
REQUEST_MB_VARIABLE = "TIEOUT_REQUEST_MB"
_DEFAULT_REQUEST_MB = 110  # as `Settings.request_mb`
_RETRY_AFTER_S = 5
_STRIPPED = {b"x-request-timeout-seconds", b"x-request-disconnect-disabled"}
_REQUEST_ID = b"x-request-id"
# A request id fit for a log line: short, without spaces, quotes or line ends.
_PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# Serve's own paths: probes of orchestrators read their plain text.
_SERVE_PATHS = "/-/"
_PROBLEMS = {
    404: ("not_found", "there is no such path; see /docs for the paths of the service"),
    408: (
        "request_timeout",
        "the request took too long; post the documents as a dispute and poll for the result",
    ),
    429: ("overloaded", "too many requests are waiting; try again after Retry-After seconds"),
    503: ("overloaded", "too many requests are waiting; try again after Retry-After seconds"),
}


def middlewares() -> list[Middleware]:
    """Return the ASGI middleware that Serve wraps around its HTTP server."""
    from serving.telemetry.logs import set_up_logs

    set_up_logs("proxy")
    request_mb = int(os.environ.get(REQUEST_MB_VARIABLE, _DEFAULT_REQUEST_MB))
    return [Middleware(Edge, request_mb=request_mb)]


class Edge:
    """ASGI middleware that drops Serve's control headers and makes every error problem+json.

    It also refuses a body over the limit: Serve's proxy would hold an endless one in memory, and
    starlette's own limit cannot be used here, since it raises where Serve's proxy reads ahead in
    another task.
    """

    def __init__(self, app: ASGIApp, request_mb: int = _DEFAULT_REQUEST_MB) -> None:
        self.app = app
        self.request_mb = request_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope["headers"])
        scope["headers"] = [*_without_dropped(scope["headers"]), (_REQUEST_ID, request_id)]
        answer = _Answer(self, scope, receive, send, request_id)
        if _content_length(scope["headers"]) > self.request_mb * 1_000_000:
            await answer.explain(413)
            return
        try:
            await self.app(scope, answer.receive, answer.pass_on)
        except Exception as error:
            # The type only: the text may quote a document.
            logger.error("request %s failed: %s", request_id.decode(), type(error).__name__)
        if not answer.started:
            await answer.explain(500)

    def problem(self, status: int) -> ProblemDetails:
        """Return the problem+json for a status that Serve answered in plain text."""
        if status == 413:
            return problem(
                "file_too_large",
                f"the request is over {self.request_mb} MB; send fewer or smaller attachments",
            )
        if status in _PROBLEMS:
            return problem(*_PROBLEMS[status])
        if status < 500:
            return problem("invalid_request", "the request cannot be used; see /docs")
        return problem(
            "internal",
            "the service failed; try again, with the same Idempotency-Key if you set one",
        )


class _Answer:
    """The response to one request, replaced when it is an error in plain text."""

    def __init__(
        self, edge: Edge, scope: Scope, receive: Receive, send: Send, request_id: bytes
    ) -> None:
        self.started = False
        self._edge = edge
        self._scope, self._receive, self._send = scope, receive, send
        self._request_id = request_id
        self._replaced = False
        self._read = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read <= self._edge.request_mb * 1_000_000:
            return message
        if not self.started:
            self._replaced = True
            await self.explain(413)
        return {"type": "http.disconnect"}

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self.started:
            headers = MutableHeaders(raw=list(message["headers"]))
            kind = headers.get("content-type", "text/plain")
            is_explained = not kind.startswith("text/plain") or self._scope["path"].startswith(
                _SERVE_PATHS
            )
            if message["status"] >= 400 and not is_explained:
                self._replaced = True
                await self.explain(message["status"], headers.get("retry-after"))
                return
            headers["x-request-id"] = self._request_id.decode()
            message = {**message, "headers": headers.raw}
            self.started = True
        if not self._replaced:
            await self._send(message)

    async def explain(self, status: int, retry_after: str | None = None) -> None:
        details = self._edge.problem(status)
        headers = {"x-request-id": self._request_id.decode()}
        if status in (429, 503):
            headers["retry-after"] = retry_after or str(_RETRY_AFTER_S)
        # Serve's own status stays: 429 or 503 is the operator's choice.
        body = details.model_copy(update={"status": status}).model_dump()
        self.started = True
        response = JSONResponse(body, status, headers, media_type="application/problem+json")
        await response(self._scope, self._receive, self._send)


def _without_dropped(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    dropped = {*_STRIPPED, _REQUEST_ID}
    return (pair for pair in headers if pair[0].lower().replace(b"_", b"-") not in dropped)


def _content_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    values = [value for name, value in headers if name.lower() == b"content-length"]
    return int(values[0]) if len(values) == 1 and values[0].isdigit() else 0


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the client's request id where there is one fit for logs, else a new one."""
    values = [value for name, value in headers if name.lower() == _REQUEST_ID]
    if len(values) == 1 and _PLAIN_ID.fullmatch(values[0]):
        return values[0]
    return secrets.token_hex(8).encode()
