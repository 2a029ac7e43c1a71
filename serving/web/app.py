"""The FastAPI application, run by Ray Serve or by a test client without Ray."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from serving.desk import pages
from serving.service.page_images import PageImages
from serving.web import attachments, disputes, extractions, revisions, service, webhooks
from serving.web.access import Access
from serving.web.backend import Backend
from serving.web.errors import ProblemForLongBody, install_error_handlers
from serving.web.taking import Intake
from serving.web.waiting import JobWaiter

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(backend: Backend, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application over a backend; `lifespan` wraps the time it runs."""
    app = FastAPI(
        title="Tieout",
        version=backend.version,
        description="Reads vendor documents and flags price and quantity variances.",
        lifespan=lifespan,
        docs_url=None,  # those of FastAPI load scripts of other servers
        redoc_url=None,
    )
    request_mb = backend.settings.request_mb
    # Not FastAPI's own `max_body_size`: it answers in plain text, outside all middleware.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=request_mb * 1_000_000)
    app.add_middleware(ProblemForLongBody, request_mb=request_mb)
    # The last added runs first: without a key not a byte of the body is read.
    admit = backend.keys.admit if backend.keys else None
    app.add_middleware(Access, admit=admit, find_session=backend.sessions.find)
    app.state.backend = backend
    app.state.intake = Intake(backend)
    app.state.waiter = JobWaiter(backend.jobs)
    app.state.page_images = PageImages(backend.limits)
    install_error_handlers(app)
    for router in (
        disputes.router,
        attachments.router,
        revisions.router,
        extractions.router,
        webhooks.router,
        service.router,
        pages.router,
    ):
        app.include_router(router)
    return app
