"""The routes of extractions: documents read without an order to hold them against."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from serving.store.jobs import Job
from serving.web.access import Extractor
from serving.web.backend import Behind
from serving.web.errors import RequestError, errors, problem_response
from serving.web.forms import form_schema, read_form
from serving.web.results import Id, delete, extraction_view, found, unknown
from serving.web.taking import Desk, IdempotencyKey
from serving.web.waiting import Endings, Prefer, wanted_wait
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
    backend: Behind,
    caller: Extractor,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Reads attachments and answers with every document found in them.

    Where that takes longer than `wait_s` of the limits, or than `Prefer: wait=N` says, the answer
    is 202 and a place to poll.
    """
    desk: Desk = request.app.state.desk
    endings: Endings = request.app.state.endings
    async with (
        desk.receiving(caller, key) as reception,
        read_form(request, backend.settings.attachments) as form,
    ):
        if form.dispute:
            raise RequestError("unknown part 'dispute'; an extraction has 'attachments' only")
        if not form.uploads:
            raise RequestError('no attachment given; send files in parts called "attachments"')
        taken = await desk.take(caller, "extraction", form, key, reception)
    headers = taken.headers
    wanted = wanted_wait(prefer, backend.settings.wait_s)
    wait = backend.settings.wait_s if wanted is None else wanted
    if wanted is not None:
        headers["Preference-Applied"] = f"wait={wanted}"
    job = await endings.finished(taken.job, wait)
    if job is None:
        raise unknown("extraction", taken.job.id)
    if job.state == "done":
        view = await extraction_view(backend, job)
        return JSONResponse(view.documents, headers=headers)
    if job.finished_at is not None:
        refused = problem_response(_why(job))
        refused.headers.update(headers)
        return refused
    accepted = ExtractionAccepted(
        extraction_id=job.id, state=job.state, location=headers["Location"]
    )
    return JSONResponse(accepted.model_dump(), 202, headers=headers)


@router.get("/v1/extractions/{extraction_id}", responses=errors(404))
async def get_extraction(extraction_id: Id, backend: Behind, caller: Extractor) -> Extraction:
    """How far an extraction is; once it is done, its documents."""
    job = await found(backend, caller, "extraction", extraction_id)
    return await extraction_view(backend, job)


@router.delete("/v1/extractions/{extraction_id}", status_code=204, responses=errors(404))
async def delete_extraction(extraction_id: Id, backend: Behind, caller: Extractor) -> None:
    """Deletes an extraction for good: its files and what was read in them. Stops the work."""
    await delete(backend, caller, "extraction", extraction_id)


def _why(job: Job) -> ProblemDetails:
    if job.error is None:
        return problem("cancelled", f"extraction {job.id} was cancelled; post it again")
    return ProblemDetails.model_validate(job.error)
