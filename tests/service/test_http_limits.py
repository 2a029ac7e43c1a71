"""The outermost HTTP layer: which headers get in, and how every error gets out."""

import asyncio
import json
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.service.http_limits import Edge, middlewares

Headers = list[tuple[bytes, bytes]]


def inner(
    status: int | None, headers: Headers, body: bytes = b"", seen: Headers | None = None
) -> ASGIApp:
    """A server behind the edge: it answers so, and notes the headers it was given."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if seen is not None:
            seen.extend(scope["headers"])
        if status is None:
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def ask(
    app: ASGIApp, headers: Headers | None = None, path: str = "/v1/disputes", body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "POST", "headers": headers or []}
    asyncio.run(Edge(app, request_mb=1)(scope, receive, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    answered = {name.decode().lower(): value.decode() for name, value in starts[0]["headers"]}
    return starts[0]["status"], answered, b"".join(one.get("body", b"") for one in sent)


def json_of(body: bytes) -> dict[str, Any]:
    return dict(json.loads(body))


@pytest.mark.parametrize(
    "name",
    [
        b"x-request-timeout-seconds",
        b"X-Request-Timeout-Seconds",
        b"x_request_timeout_seconds",
        b"x-request-disconnect-disabled",
    ],
)
def test_a_client_cannot_switch_timeouts_off(name: bytes) -> None:
    seen: Headers = []
    ask(inner(200, [], seen=seen), [(name, b"0"), (b"accept", b"*/*")])
    assert [header for header, _ in seen] == [b"accept", b"x-request-id"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([b"abc-1.2_Z"], True),
        ([b"a" * 64], True),
        ([b"a" * 65], False),
        ([b""], False),
        ([b'x" onload="'], False),
        ([b"line\nbreak"], False),
        ("zürich".encode(), False),
        ([b"one", b"two"], False),
        ([], False),
    ],
)
def test_a_request_id_is_plain_or_a_new_one(given: list[bytes] | bytes, kept: bool) -> None:
    values = [given] if isinstance(given, bytes) else given
    seen: Headers = []
    _, headers, _ = ask(
        inner(200, [(b"x-request-id", b"not ours")], seen=seen),
        [(b"x-request-id", value) for value in values],
    )
    (inside,) = [value for name, value in seen if name == b"x-request-id"]
    assert headers["x-request-id"] == inside.decode()
    assert (inside in values) is kept


@pytest.mark.parametrize(
    ("status", "code", "retry_after"),
    [
        (404, "not_found", None),
        (408, "request_timeout", None),
        (413, "file_too_large", None),
        (400, "invalid_request", None),
        (429, "overloaded", "5"),
        (503, "overloaded", "5"),
        (500, "internal", None),
        (502, "internal", None),
    ],
)
def test_plain_errors_become_problems(status: int, code: str, retry_after: str | None) -> None:
    text = b"KeyError: 'ACME Ltd' in invoice-4711.pdf"
    seen, headers, body = ask(inner(status, [(b"content-type", b"text/plain")], text))
    told = json_of(body)
    assert (seen, told["status"], told["code"]) == (status, status, code)
    assert headers["content-type"] == "application/problem+json"
    assert headers.get("retry-after") == retry_after
    assert int(headers["content-length"]) == len(body)
    assert b"ACME" not in body


def test_serves_own_delay_is_kept() -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"17")]
    assert ask(inner(503, headers, b"dropped"))[1]["retry-after"] == "17"


@pytest.mark.parametrize(
    ("status", "kind", "path"),
    [
        (422, b"application/problem+json", "/v1/disputes"),
        (503, b"application/json", "/readyz"),
        (200, b"text/plain", "/v1/disputes"),
        (503, b"text/plain", "/-/healthz"),
    ],
)
def test_other_answers_pass(status: int, kind: bytes, path: str) -> None:
    seen, headers, body = ask(inner(status, [(b"content-type", kind)], b"as it is"), path=path)
    assert (seen, headers["content-type"], body) == (status, kind.decode(), b"as it is")


def test_no_answer_is_an_internal_error() -> None:
    """As when a replica dies: Serve 2.60 then sends nothing at all."""
    status, headers, body = ask(inner(None, []))
    assert (status, json_of(body)["code"]) == (500, "internal")
    assert headers["content-type"] == "application/problem+json"


def test_an_error_inside_is_not_told() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError("ACME Ltd")

    status, _, body = ask(fails)
    assert (status, json_of(body)["code"]) == (500, "internal")
    assert b"ACME" not in body


def test_cancellation_passes() -> None:
    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        ask(cancelled)


def test_the_limit_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_REQUEST_MB", "1")
    (edge,) = middlewares()
    assert (edge.cls, edge.kwargs) == (Edge, {"request_mb": 1})


@pytest.mark.parametrize(
    ("length", "size", "status"),
    [
        (b"1000001", 0, 413),
        (b"1000000", 1_000_000, 200),
        (None, 1_000_001, 413),
        (None, 1_000_000, 200),
        (b"not a number", 10, 200),
    ],
)
def test_a_long_body_stops_before_the_proxy(length: bytes | None, size: int, status: int) -> None:
    arrived: list[str] = []

    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    headers = [] if length is None else [(b"content-length", length)]
    seen, _, body = ask(reads, headers, body=b"x" * size)
    assert seen == status
    if status == 413:
        assert json_of(body)["code"] == "file_too_large"
        assert arrived == ([] if length else ["http.disconnect"])
