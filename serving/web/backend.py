"""The backend of the HTTP interface: stores, settings, and calls into the rest of the service."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from data.pages.attachments import DEFAULT_LIMITS, PageSizes
from data.pages.attachments import Limits as AttachmentLimits
from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.jobs import JobStore
from serving.store.keys import KeyStore
from serving.store.sessions import SessionStore
from serving.store.webhooks import WebhookStore


def _wake_nobody() -> None:
    """Do nothing: workers poll for jobs."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The stores and settings of the service, and calls to its readers and workers.

    `keys` is None where the service runs without authentication, on its own machine. `check`
    returns the sizes of an attachment's pages, or raises `AttachmentError` for one that cannot be
    read. `missing` lists what keeps the service from working. `wake` is a hint to workers that
    there is a job.
    """

    jobs: JobStore
    additions: Additions
    search: Search
    content: ContentStore
    keys: KeyStore | None
    sessions: SessionStore
    webhooks: WebhookStore
    check: Callable[[str, bytes], Awaitable[PageSizes]]
    missing: Callable[[], Awaitable[tuple[str, ...]]]
    settings: Settings = field(default_factory=Settings)
    limits: AttachmentLimits = DEFAULT_LIMITS
    version: str = "0"
    wake: Callable[[], None] = _wake_nobody


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


CurrentBackend = Annotated[Backend, Depends(_backend)]
