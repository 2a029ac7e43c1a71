"""The routes about the service itself: limits, health and readiness."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from serving.store.identity import Principal
from serving.web.access import AnyCaller
from serving.web.backend import Backend, CurrentBackend
from serving.web.disputes import LISTED_AT_MOST
from serving.web.errors import RETRY_AFTER_S, errors
from serving.wire.schema import Health, KeyLimits, Limits

router = APIRouter(tags=["service"])


@router.get("/v1/limits", responses=errors())
async def get_limits(backend: CurrentBackend, caller: AnyCaller) -> Limits:
    """Return the limits of a request, the longest wait and the retention of results.

    With a key also its limits and usage, counted per key over all replicas.
    """
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
        key=await _key_limits(backend, caller),
    )


async def _key_limits(backend: Backend, caller: Principal) -> KeyLimits | None:
    allowed = caller.allowance
    if backend.keys is None or caller.key_id is None or allowed is None:
        return None
    use = await run_in_threadpool(backend.keys.use, caller.key_id)
    return KeyLimits(
        requests_per_minute=allowed.requests_per_minute,
        requests_used=use.requests,
        pages_per_day=allowed.pages_per_day,
        pages_used=use.pages,
        concurrent_jobs=allowed.concurrent_jobs,
        jobs_unfinished=use.jobs,
    )


@router.get("/healthz")
async def get_health() -> Health:
    """Return 200 where the process is alive."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health}})
async def get_readiness(backend: CurrentBackend, response: Response) -> Health:
    """Return 200 if disputes can be processed: model loaded, Tesseract and poppler installed."""
    missing = await backend.missing()
    if not missing:
        return Health(status="ok")
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return Health(status="not_ready", missing=missing)
