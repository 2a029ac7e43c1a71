"""The routes of the desk: its static files, and signing in and out with an API key."""

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from serving.store.identity import LOCAL, Principal
from serving.store.keys import KeyRefused
from serving.store.sessions import LIFETIME, Session
from serving.web.access import COOKIE, AnyCaller, refuse_foreign_page
from serving.web.backend import Backend
from serving.web.errors import errors
from serving.wire.schema import Wire

router = APIRouter(tags=["desk"])

_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
# Everything comes from the service itself, and no page may frame, post to or run anything else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class SignIn(Wire):
    """An API key and the name under which corrections are noted."""

    key: str = Field(max_length=200)
    person: str = Field(min_length=1, max_length=100, pattern=r"^[^\u0000-\u001f]*$")


class SignedIn(Wire):
    """The person at the desk, and what the key of the session allows."""

    person: str
    tenant: str
    scopes: list[str]


@router.get("/", include_in_schema=False)
async def get_root() -> Response:
    """Lead people who type the address alone to the desk."""
    return RedirectResponse("/desk/", 307)


@router.get("/desk", include_in_schema=False)
async def get_desk() -> Response:
    """Lead to the desk's folder, to which the names in its page are relative."""
    return RedirectResponse("/desk/", 307)


@router.get("/docs", include_in_schema=False)
async def get_docs() -> Response:
    """Return the description of the interface as a page that needs no other server."""
    return RedirectResponse("/desk/docs.html", 307)


@router.post("/desk/session", status_code=201, responses=errors())
async def sign_in(entry: SignIn, request: Request) -> Response:
    """Sign in: the key is exchanged for a cookie that no script can read."""
    refuse_foreign_page(request.headers)
    backend: Backend = request.app.state.backend
    person = entry.person.strip() or "?"
    if backend.keys is None:
        shown = _signed_in(person, LOCAL)
        return JSONResponse(shown.model_dump(), 201)
    try:
        caller = await run_in_threadpool(backend.keys.admit, entry.key.strip())
    except KeyRefused:
        raise HTTPException(401, "the key is unknown, has expired or was revoked") from None
    cookie = await run_in_threadpool(backend.sessions.open, Session(entry.key.strip(), person))
    answer = JSONResponse(_signed_in(person, caller).model_dump(), 201)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@router.get("/desk/session", responses=errors())
async def get_session(request: Request, caller: AnyCaller) -> SignedIn:
    """Return who is signed in."""
    return _signed_in(getattr(request.state, "person", None) or "", caller)


@router.delete("/desk/session", status_code=204, responses=errors())
async def sign_out(request: Request, caller: AnyCaller) -> Response:
    """Sign out: the session ends here, not only in the browser."""
    backend: Backend = request.app.state.backend
    if (cookie := request.cookies.get(COOKIE)) is not None:
        await run_in_threadpool(backend.sessions.close, cookie)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


@router.get("/desk/", include_in_schema=False)
@router.get("/desk/{name}", include_in_schema=False)
async def get_file(
    name: str = "index.html",
    match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Return one of the desk's files."""
    files = static_files()
    if name not in files:
        raise HTTPException(404, "the desk has no such file; it begins at /desk/")
    content = files[name]
    headers = _HEADERS | {"ETag": f'"{sha256(content).hexdigest()[:32]}"'}
    if match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def static_files() -> dict[str, bytes]:
    """Return the desk's files by name, all of them in one folder of the package."""
    folder = resources.files("serving.desk") / "static"
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name.rpartition(".")[2] in _MEDIA_TYPES
    }


def _signed_in(person: str, caller: Principal) -> SignedIn:
    return SignedIn(person=person, tenant=caller.tenant, scopes=sorted(caller.scopes))
