"""What the HTTP interface needs from behind it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from data.pages.attachments import DEFAULT_LIMITS, PageSizes
from data.pages.attachments import Limits as AttachmentLimits
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.jobs import JobStore
from serving.store.keys import KeyStore
from serving.store.webhooks import WebhookStore


def _nobody() -> None:
    """Wakes nobody: workers look for jobs by themselves."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The stores, and two questions to ask.

    `keys` is None where the service runs without authentication, on its own machine. `check` gives
    the sizes of an attachment's pages, or raises `AttachmentError` for one that cannot be read.
    `missing` lists what keeps the service from working. `wake` is a hint to workers that there is
    a job.
    """

    jobs: JobStore
    content: ContentStore
    keys: KeyStore | None
    webhooks: WebhookStore
    check: Callable[[str, bytes], Awaitable[PageSizes]]
    missing: Callable[[], Awaitable[tuple[str, ...]]]
    settings: Settings = field(default_factory=Settings)
    limits: AttachmentLimits = DEFAULT_LIMITS
    version: str = "0"
    wake: Callable[[], None] = _nobody


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


Behind = Annotated[Backend, Depends(_backend)]
