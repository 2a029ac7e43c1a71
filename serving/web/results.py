"""Lookup and deletion of a caller's job, and its wire form with the stored result."""

import json
from typing import Annotated, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator
from starlette.exceptions import HTTPException

from serving.store.content import ContentMissing
from serving.store.identity import Principal
from serving.store.jobs import Job, Kind, is_id
from serving.web.backend import Backend
from serving.web.waiting import JobWaiter, requested_wait
from serving.wire.schema import (
    Accepted,
    Dispute,
    DisputeSummary,
    Extraction,
    Overview,
    ProblemDetails,
)


def _require_id_form(text: str) -> str:
    if not is_id(text):
        raise HTTPException(404, f"{text[:64]!r} is not the id of anything here")
    return text


# An id in a path; a malformed one is answered like an unknown one.
Id = Annotated[str, AfterValidator(_require_id_form)]


async def find_job(backend: Backend, caller: Principal, kind: Kind, job_id: str) -> Job:
    """Return the caller's job; the job of another tenant is answered like an unknown one."""
    job = await run_in_threadpool(backend.jobs.find, caller.tenant, job_id, kind)
    if job is None:
        raise no_such_job(kind, job_id)
    return job


def no_such_job(kind: Kind, job_id: str) -> HTTPException:
    """Return the 404 for an id under which the caller has no job."""
    return HTTPException(404, f"no {kind} {job_id[:64]!r}; it may have been deleted")


async def delete_job(backend: Backend, caller: Principal, kind: Kind, job_id: str) -> None:
    """Delete a job with all its files; repeating the request finishes an interrupted deletion."""
    gone = await run_in_threadpool(backend.jobs.delete, caller.tenant, job_id, kind)
    if not gone:
        of_another_kind = await run_in_threadpool(backend.jobs.find, caller.tenant, job_id)
        if of_another_kind is not None:
            raise no_such_job(kind, job_id)
    await run_in_threadpool(backend.content.delete, caller.tenant, job_id)
    if not gone:
        raise no_such_job(kind, job_id)


async def dispute_view(backend: Backend, job: Job) -> Dispute:
    """Return the wire form of a dispute, with its newest verdict and documents."""
    return Dispute(**summary(job).model_dump(), **await stored_result(backend, job, job.result_ref))


async def dispute_answer(
    request: Request, job: Job, location: str, headers: dict[str, str], prefer: str | None
) -> Response:
    """Return the answer to what gives a dispute work: 202, or the finished one if waited for.

    `headers` take what became of the wait in `prefer`.
    """
    backend: Backend = request.app.state.backend
    waiter: JobWaiter = request.app.state.waiter
    wait = requested_wait(prefer, backend.settings.wait_s)
    if wait is not None:
        headers["Preference-Applied"] = f"wait={wait}"
        waited = await waiter.finished(job, wait)
        if waited is None:
            raise no_such_job("dispute", job.id)
        if waited.finished_at is not None:
            view = await dispute_view(backend, waited)
            return JSONResponse(view.model_dump(), 200, headers=headers)
        job = waited
    accepted = Accepted(
        dispute_id=job.id, state=job.state, location=location, revision=job.revision
    )
    return JSONResponse(accepted.model_dump(), 202, headers=headers)


async def extraction_view(backend: Backend, job: Job) -> Extraction:
    """Return the wire form of an extraction, with its documents once it is done."""
    return Extraction(
        extraction_id=job.id,
        state=job.state,
        **_moments(job),
        **await stored_result(backend, job, job.result_ref),
    )


def summary(job: Job) -> DisputeSummary:
    """Return the wire form of a dispute in a listing."""
    return DisputeSummary(
        dispute_id=job.id,
        state=job.state,
        reference=job.reference,
        metadata=job.details,
        assignee=job.assignee,
        revision=job.revision,
        version=job.version,
        overview=Overview.model_validate(job.overview) if job.overview else None,
        **_moments(job),
    )


def _moments(job: Job) -> dict[str, Any]:
    moments = {
        name: moment.isoformat() if (moment := getattr(job, name)) else None
        for name in ("submitted_at", "started_at", "finished_at", "expires_at")
    }
    error = ProblemDetails.model_validate(job.error) if job.error else None
    versions = {"model_version": job.model_version, "policy_version": job.policy_version}
    return {**moments, **versions, "error": error}


async def stored_result(backend: Backend, job: Job, result_ref: str | None) -> dict[str, Any]:
    """Return one of a job's results, without any an empty object."""
    if result_ref is None:
        return {}
    result: dict[str, Any] = json.loads(await stored_content(backend, job, result_ref))
    return result


async def stored_content(backend: Backend, job: Job, sha256: str) -> bytes:
    """Return content of a job; one that was deleted meanwhile is answered like an unknown one."""
    read = backend.content.read
    try:
        return await run_in_threadpool(read, job.tenant, job.id, sha256)
    except ContentMissing:
        if await run_in_threadpool(backend.jobs.find, job.tenant, job.id) is None:
            raise no_such_job(job.kind, job.id) from None  # deleted meanwhile
        raise
