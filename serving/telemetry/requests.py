"""ASGI middleware that counts, times and logs requests by route, never by path."""

import logging
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.telemetry.logs import log_event
from serving.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS, Record
from serving.telemetry.traces import Traces

logger = logging.getLogger(__name__)

# Requested every few seconds by orchestrators: counted, not logged.
_PROBES = {"/healthz", "/readyz"}


class RequestTelemetry:
    """ASGI middleware that counts, times and logs every response, and begins a job's trace."""

    def __init__(self, app: ASGIApp, record: Record, traces: Traces) -> None:
        self.app = app
        self._record = record
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, began_ns = time.monotonic(), time.time_ns()
        status = 499  # the client disconnected before there was a response

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
            self._report(scope, status, time.monotonic() - began)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        # The template of the route, as "/v1/disputes/{dispute_id}": a path contains ids, and an
        # unknown path may contain anything the client likes.
        route = str(getattr(scope.get("route"), "path", "unknown"))
        method = scope["method"] if route != "unknown" else "unknown"
        self._record(HTTP_REQUESTS, 1, method=method, route=route, status=str(status))
        self._record(HTTP_SECONDS, seconds, route=route)
        if route not in _PROBES:
            log_event(
                logger,
                "request answered",
                method=method,
                route=route,
                status=status,
                seconds=round(seconds, 4),
                request_id=Headers(scope=scope).get("x-request-id"),
            )


def _new_job(scope: Scope, headers: Headers) -> str | None:
    """Return the id of the job that a request made; None where it made none."""
    location = headers.get("location")
    if scope["method"] != "POST" or location is None or "idempotency-replayed" in headers:
        return None
    return location.rpartition("/")[2]
