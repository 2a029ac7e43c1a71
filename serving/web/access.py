"""Who may ask: every request has a key that is live, but the few that tell nothing of anybody.

Decided before a byte of the body is read, for every path, so that a new route is closed until it
is opened here by name. What a key may do beyond that is said by each route with `may`.
"""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.responses import Response
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.store.identity import LOCAL, Principal
from serving.store.identity import Scope as KeyScope
from serving.store.keys import KeyRefused
from serving.web.errors import ScopeMissing, answer_error, problem_response
from serving.wire.schema import problem

# Health, and the documentation with what it loads.
OPEN_PATHS = frozenset(
    {"/healthz", "/readyz", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"}
)
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made with `tieout keys create`."
)

Admit = Callable[[str], Principal]


class Access:
    """ASGI middleware that knows who asks, or refuses.

    `admit` gives the principal of a key and counts the request (`KeyStore.admit`); None lets
    everybody on this machine in, and nobody else.
    """

    def __init__(self, app: ASGIApp, admit: Admit | None) -> None:
        self._app = app
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        found = await self._principal(scope)
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = found
        await self._app(scope, receive, send)

    async def _principal(self, scope: Scope) -> Principal | Response:
        if self._admit is None:
            if _is_local(scope):
                return LOCAL
            return problem_response(
                problem("forbidden", "the service has no authentication: it answers locally only")
            )
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        # Latin-1 takes every byte: what is no key is told so further down.
        kind, _, text = given[0].decode("latin-1").partition(" ") if given else ("", "", "")
        if len(given) != 1 or kind.lower() != "bearer":
            return _unauthorized("send the key in one header: Authorization: Bearer tk_...", "")
        try:
            return await asyncio.to_thread(self._admit, text.strip())
        except KeyRefused:
            return _unauthorized(
                "the key is unknown, has expired or was revoked", ', error="invalid_token"'
            )
        except Exception as error:  # LimitReached, or a database that is away
            return answer_error(scope, error)


def _unauthorized(detail: str, reason: str) -> Response:
    answer = problem_response(problem("unauthorized", detail))
    answer.headers["WWW-Authenticate"] = f'Bearer realm="tieout"{reason}'
    return answer


def may(scope: KeyScope) -> Callable[[Request], Principal]:
    """A dependency that gives a route who asks. Raises `ScopeMissing`."""

    def principal(request: Request, _: object = Security(_BEARER)) -> Principal:
        found: Principal = request.state.principal
        if scope not in found.scopes:
            raise ScopeMissing(f"the key lacks the scope {scope}; make one that has it")
        return found

    return principal


def somebody(request: Request, _: object = Security(_BEARER)) -> Principal:
    """A dependency that gives a route who asks, whatever the key's scopes."""
    found: Principal = request.state.principal
    return found


DisputeWriter = Annotated[Principal, Depends(may("disputes:write"))]
DisputeReader = Annotated[Principal, Depends(may("disputes:read"))]
Extractor = Annotated[Principal, Depends(may("extractions"))]
Listener = Annotated[Principal, Depends(may("webhooks"))]
Anybody = Annotated[Principal, Depends(somebody)]


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False
