"""Counts, times and logs the requests of an ASGI application by route, never by path."""

import logging
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.telemetry.logs import note
from serving.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS, Record
from serving.telemetry.traces import Traces

logger = logging.getLogger(__name__)

# Asked every few seconds by whoever watches: counted, not logged.
_PROBES = {"/healthz", "/readyz"}


class Observed:
    """The application, with every answer counted, timed and logged."""

    def __init__(self, app: ASGIApp, record: Record, traces: Traces) -> None:
        self.app = app
        self._record = record
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, began_ns = time.monotonic(), time.time_ns()
        status = 499  # the client left before there was an answer

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if (job_id := _new_job(scope, Headers(raw=message["headers"]))) is not None:
                    self._traces.root(job_id, "request", began_ns, status=status)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            status = 500
            raise
        finally:
            self._tell(scope, status, time.monotonic() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # The template of the route, as "/v1/disputes/{dispute_id}": a path holds ids, and one that
        # is unknown holds whatever its sender likes.
        route = str(getattr(scope.get("route"), "path", "unknown"))
        method = scope["method"] if route != "unknown" else "unknown"
        self._record(HTTP_REQUESTS, 1, method=method, route=route, status=str(status))
        self._record(HTTP_SECONDS, seconds, route=route)
        if route not in _PROBES:
            note(
                logger,
                "request answered",
                method=method,
                route=route,
                status=status,
                seconds=round(seconds, 4),
                request_id=Headers(scope=scope).get("x-request-id"),
            )


def _new_job(scope: Scope, headers: Headers) -> str | None:
    """The id of the job that a request began; None where it began none."""
    location = headers.get("location")
    if scope["method"] != "POST" or location is None or "idempotency-replayed" in headers:
        return None
    return location.rpartition("/")[2]
