"""The routes of extractions: documents read without an order to match them with."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from serving.store.jobs import Job
from serving.web.access import Extractor
from serving.web.backend import CurrentBackend
from serving.web.errors import RequestError, errors, problem_response
from serving.web.forms import form_schema, read_form
from serving.web.results import Id, delete_job, extraction_view, find_job, no_such_job
from serving.web.taking import IdempotencyKey, Intake
from serving.web.waiting import JobWaiter, Prefer, requested_wait
from serving.wire.schema import Extraction, ExtractionAccepted, ProblemDetails, problem

router = APIRouter(tags=["extractions"])


@router.post(
    "/v1/extractions",
    response_model=list[dict[str, Any]],
    responses={
        202: {"model": ExtractionAccepted},
        **errors(400, 409, 413, 415),
    },
    openapi_extra=form_schema("attachments"),
)
async def post_extraction(
    request: Request,
    backend: CurrentBackend,
    caller: Extractor,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Read attachments and return every document found in them.

    If that takes longer than `wait_s` of the limits, or than `Prefer: wait=N` allows, the response
    is 202 with a location to poll.
    """
    intake: Intake = request.app.state.intake
    waiter: JobWaiter = request.app.state.waiter
    async with (
        intake.open_reception(caller, key) as reception,
        read_form(request, backend.settings.attachments) as form,
    ):
        if form.dispute:
            raise RequestError("unknown part 'dispute'; an extraction takes only 'attachments'")
        if not form.uploads:
            raise RequestError("there are no attachments; send files in the part 'attachments'")
        accepted_job = await intake.accept(caller, "extraction", form, key, reception)
    headers = accepted_job.headers
    preferred_wait = requested_wait(prefer, backend.settings.wait_s)
    wait = backend.settings.wait_s if preferred_wait is None else preferred_wait
    if preferred_wait is not None:
        headers["Preference-Applied"] = f"wait={preferred_wait}"
    job = await waiter.finished(accepted_job.job, wait)
    if job is None:
        raise no_such_job("extraction", accepted_job.job.id)
    if job.state == "done":
        view = await extraction_view(backend, job)
        return JSONResponse(view.documents, headers=headers)
    if job.finished_at is not None:
        refused = problem_response(_failure(job))
        refused.headers.update(headers)
        return refused
    accepted = ExtractionAccepted(
        extraction_id=job.id, state=job.state, location=headers["Location"]
    )
    return JSONResponse(accepted.model_dump(), 202, headers=headers)


@router.get("/v1/extractions/{extraction_id}", responses=errors(404))
async def get_extraction(
    extraction_id: Id, backend: CurrentBackend, caller: Extractor
) -> Extraction:
    """Return the state of an extraction and, once it is done, its documents."""
    job = await find_job(backend, caller, "extraction", extraction_id)
    return await extraction_view(backend, job)


@router.delete("/v1/extractions/{extraction_id}", status_code=204, responses=errors(404))
async def delete_extraction(extraction_id: Id, backend: CurrentBackend, caller: Extractor) -> None:
    """Delete an extraction for good: its files and documents. Cancels it if unfinished."""
    await delete_job(backend, caller, "extraction", extraction_id)


def _failure(job: Job) -> ProblemDetails:
    if job.error is None:
        return problem("cancelled", f"extraction {job.id} was cancelled; post it again")
    return ProblemDetails.model_validate(job.error)
