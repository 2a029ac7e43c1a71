"""A job as its poster sees it: the wire form of its row and of the result that is kept for it."""

import json
from typing import Annotated, Any

from fastapi.concurrency import run_in_threadpool
from pydantic import AfterValidator
from starlette.exceptions import HTTPException

from serving.store.content import ContentMissing
from serving.store.identity import Principal
from serving.store.jobs import Job, Kind, is_id
from serving.web.backend import Backend
from serving.wire.schema import Dispute, DisputeSummary, Extraction, ProblemDetails


def _own_form(text: str) -> str:
    if not is_id(text):
        raise HTTPException(404, f"{text[:64]!r} is no id of ours; there is nothing under it")
    return text


# An id in a path; what cannot be one is answered as one that is unknown.
Id = Annotated[str, AfterValidator(_own_form)]


async def found(backend: Backend, caller: Principal, kind: Kind, job_id: str) -> Job:
    """The caller's job; of any other one it is not even said that it exists."""
    job = await run_in_threadpool(backend.jobs.find, caller.tenant, job_id, kind)
    if job is None:
        raise unknown(kind, job_id)
    return job


def unknown(kind: Kind, job_id: str) -> HTTPException:
    """The 404 of an id that the caller has no job for."""
    return HTTPException(404, f"no {kind} {job_id[:64]!r}; it may have been deleted")


async def delete(backend: Backend, caller: Principal, kind: Kind, job_id: str) -> None:
    """Deletes a job with all its bytes; a request that is repeated finishes what broke off."""
    gone = await run_in_threadpool(backend.jobs.delete, caller.tenant, job_id, kind)
    if not gone:
        of_another_kind = await run_in_threadpool(backend.jobs.find, caller.tenant, job_id)
        if of_another_kind is not None:
            raise unknown(kind, job_id)
    await run_in_threadpool(backend.content.delete, caller.tenant, job_id)
    if not gone:
        raise unknown(kind, job_id)


async def dispute_view(backend: Backend, job: Job) -> Dispute:
    """The dispute with its verdict and documents, once it is done."""
    return Dispute(**summary(job).model_dump(), **await _result(backend, job))


async def extraction_view(backend: Backend, job: Job) -> Extraction:
    """The extraction with its documents, once it is done."""
    return Extraction(
        extraction_id=job.id,
        state=job.state,
        **_moments(job),
        **await _result(backend, job),
    )


def summary(job: Job) -> DisputeSummary:
    """The dispute as a listing shows it."""
    return DisputeSummary(dispute_id=job.id, state=job.state, **_moments(job))


def _moments(job: Job) -> dict[str, Any]:
    moments = {
        name: moment.isoformat() if (moment := getattr(job, name)) else None
        for name in ("submitted_at", "started_at", "finished_at", "expires_at")
    }
    error = ProblemDetails.model_validate(job.error) if job.error else None
    versions = {"model_version": job.model_version, "policy_version": job.policy_version}
    return {**moments, **versions, "error": error}


async def _result(backend: Backend, job: Job) -> dict[str, Any]:
    if job.result_ref is None:
        return {}
    read = backend.content.read
    try:
        content = await run_in_threadpool(read, job.tenant, job.id, job.result_ref)
    except ContentMissing:
        if await run_in_threadpool(backend.jobs.find, job.tenant, job.id) is None:
            raise unknown(job.kind, job.id) from None  # deleted while we looked
        raise
    result: dict[str, Any] = json.loads(content)
    return result
