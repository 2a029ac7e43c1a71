"""The OpenAPI description of the service, committed as `serving/openapi.json`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine

from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.jobs import JobStore
from serving.store.secret_box import SecretBox, new_key
from serving.store.sessions import SessionStore
from serving.store.webhooks import WebhookStore
from serving.web.app import build_app
from serving.web.backend import Backend


def openapi_document(version: str) -> dict[str, Any]:
    """Return the description for a version number, without starting or writing anything."""
    engine = create_engine("sqlite://")  # never connects
    box = SecretBox([new_key()])
    backend = Backend(
        jobs=JobStore(engine, _now),
        additions=Additions(engine, _now),
        search=Search(engine),
        content=ContentStore("memory://openapi"),
        keys=None,
        sessions=SessionStore(engine, _now, box),
        webhooks=WebhookStore(engine, _now, box),
        check=_unused,
        missing=_unused,
        settings=Settings(),
        version=version,
    )
    return build_app(backend).openapi()


def _now() -> datetime:
    return datetime.now(UTC)


async def _unused(*_: object) -> Any:
    raise NotImplementedError("this backend exists only to describe the application")
