"""Authentication: every request needs a valid API key, except to a few public paths.

Decided before a byte of the body is read, for every path, so that a new route is closed until it
is opened here by name. Each route names the scope it needs with `require_scope`.
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
from serving.web.errors import ScopeMissing, error_response, problem_response
from serving.wire.schema import problem

# Health, and the documentation with the files it loads.
OPEN_PATHS = frozenset(
    {"/healthz", "/readyz", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"}
)
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made with `tieout keys create`."
)

Admit = Callable[[str], Principal]


class Access:
    """ASGI middleware that attaches the principal to a request, or refuses it.

    `admit` returns the principal of a key and counts the request (`KeyStore.admit`); None admits
    every client on this machine, and no other.
    """

    def __init__(self, app: ASGIApp, admit: Admit | None) -> None:
        self._app = app
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        principal = await self._principal(scope)
        if isinstance(principal, Response):
            await principal(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)

    async def _principal(self, scope: Scope) -> Principal | Response:
        if self._admit is None:
            if _is_local(scope):
                return LOCAL
            return problem_response(
                problem(
                    "forbidden",
                    "authentication is switched off; only clients on this machine are admitted",
                )
            )
        authorizations = [value for name, value in scope["headers"] if name == b"authorization"]
        # Latin-1 decodes every byte: a malformed key is refused further down.
        kind, _, text = (
            authorizations[0].decode("latin-1").partition(" ") if authorizations else ("", "", "")
        )
        if len(authorizations) != 1 or kind.lower() != "bearer":
            return _unauthorized("send the key in one header: Authorization: Bearer tk_...", "")
        try:
            return await asyncio.to_thread(self._admit, text.strip())
        except KeyRefused:
            return _unauthorized(
                "the key is unknown, has expired or was revoked", ', error="invalid_token"'
            )
        except Exception as error:  # LimitReached, or the database is unavailable
            return error_response(scope, error)


def _unauthorized(detail: str, reason: str) -> Response:
    answer = problem_response(problem("unauthorized", detail))
    answer.headers["WWW-Authenticate"] = f'Bearer realm="tieout"{reason}'
    return answer


def require_scope(scope: KeyScope) -> Callable[[Request], Principal]:
    """Return a dependency that provides the caller of a route. It raises `ScopeMissing`."""

    def authorized(request: Request, _: object = Security(_BEARER)) -> Principal:
        caller: Principal = request.state.principal
        if scope not in caller.scopes:
            raise ScopeMissing(f"the key lacks the scope {scope}; use a key that has it")
        return caller

    return authorized


def any_principal(request: Request, _: object = Security(_BEARER)) -> Principal:
    """Provide the caller of a route, whatever the key's scopes."""
    caller: Principal = request.state.principal
    return caller


DisputeWriter = Annotated[Principal, Depends(require_scope("disputes:write"))]
DisputeReader = Annotated[Principal, Depends(require_scope("disputes:read"))]
Extractor = Annotated[Principal, Depends(require_scope("extractions"))]
Listener = Annotated[Principal, Depends(require_scope("webhooks"))]
AnyCaller = Annotated[Principal, Depends(any_principal)]


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False
