"""The routes about the service itself: its limits and how it is."""

from fastapi import APIRouter, Response

from serving.schema import Health, Limits
from serving.web.backend import Behind
from serving.web.disputes import LISTED_AT_MOST
from serving.web.errors import RETRY_AFTER_S

router = APIRouter(tags=["service"])


@router.get("/v1/limits")
async def get_limits(backend: Behind) -> Limits:
    """What one request may hold, how long it may wait, how long its result is kept."""
    settings, limits = backend.settings, backend.limits
    return Limits(
        file_types=("pdf", "tiff", "png", "jpeg", "xml", "x12", "json"),
        attachments=settings.attachments,
        request_bytes=settings.request_mb * 1_000_000,
        unfinished_jobs=settings.unfinished_jobs,
        running_jobs_per_tenant=settings.running_per_tenant,
        wait_s=settings.wait_s,
        retention_days=settings.retention_days,
        listed_at_most=LISTED_AT_MOST,
        per_attachment={name: getattr(limits, name) for name in limits.__dataclass_fields__},
    )


@router.get("/healthz")
async def get_health() -> Health:
    """Whether the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health}})
async def get_readiness(backend: Behind, response: Response) -> Health:
    """Whether disputes can be worked on: model loaded, Tesseract and poppler there."""
    missing = await backend.missing()
    if not missing:
        return Health(status="ok")
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return Health(status="not_ready", missing=missing)
