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
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.store.identity import LOCAL, Principal
from serving.store.identity import Scope as KeyScope
from serving.store.keys import KeyRefused
from serving.store.sessions import Session
from serving.web.errors import ForeignPage, ScopeMissing, error_response, problem_response
from serving.wire.schema import problem

# Health, the description of the interface, and the desk's files, which hold no data.
OPEN_PATHS = frozenset({"/", "/healthz", "/readyz", "/docs", "/openapi.json", "/desk"})
_OPEN_FOLDER = "/desk/"
_SESSION_PATH = "/desk/session"  # open only to sign in
COOKIE = "tieout_session"
# A page of another site cannot send it without being asked about first, which is refused.
DESK_HEADER = "x-tieout-desk"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made with `tieout keys create`."
)

Admit = Callable[[str], Principal]
FindSession = Callable[[str], Session | None]


class Access:
    """ASGI middleware that attaches the principal to a request, or refuses it.

    `admit` returns the principal of a key and counts the request (`KeyStore.admit`); None admits
    every client on this machine, and no other. `find_session` returns the session of a cookie,
    which counts where there is no key and only for requests of the desk's own pages.
    """

    def __init__(self, app: ASGIApp, admit: Admit | None, find_session: FindSession) -> None:
        self._app = app
        self._admit = admit
        self._find_session = find_session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        principal = await self._principal(scope)
        if isinstance(principal, Response):
            await principal(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)

    async def _principal(self, scope: Scope) -> Principal | Response:
        headers = Headers(scope=scope)
        if self._admit is None:
            if _is_local(scope) and not _is_foreign(headers):
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
        if not authorizations and (cookie := _cookie(headers)) is not None:
            return await self._session_principal(scope, headers, cookie)
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

    async def _session_principal(
        self, scope: Scope, headers: Headers, cookie: str
    ) -> Principal | Response:
        try:
            if scope["method"] not in _SAFE_METHODS:
                refuse_foreign_page(headers)
            session = await asyncio.to_thread(self._find_session, cookie)
            if session is None or self._admit is None:
                return _unauthorized("the session has ended; sign in again", "")
            scope.setdefault("state", {})["person"] = session.person
            return await asyncio.to_thread(self._admit, session.key)
        except KeyRefused:
            return _unauthorized("the key of this session has expired or was revoked", "")
        except Exception as error:  # LimitReached, ForeignPage, or the database is unavailable
            return error_response(scope, error)


def is_open(method: str, path: str) -> bool:
    """Return whether a request needs no key: public paths, the desk's files, signing in."""
    if path == _SESSION_PATH:
        return method == "POST"
    return path in OPEN_PATHS or (path.startswith(_OPEN_FOLDER) and method in _SAFE_METHODS)


def refuse_foreign_page(headers: Headers) -> None:
    """Raise `ForeignPage` unless the request was sent by a page of the desk itself."""
    if headers.get(DESK_HEADER) != "1" or _is_foreign(headers):
        raise ForeignPage(f"only the desk's own pages may send this; they send {DESK_HEADER}: 1")


def _is_foreign(headers: Headers) -> bool:
    """Return whether a browser says that a page of another site sent the request."""
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _cookie(headers: Headers) -> str | None:
    for header in headers.getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE and value:
                return value
    return None


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
