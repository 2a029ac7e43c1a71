"""The routes of disputes: posted, listed, polled, cancelled, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from serving.identity import Caller
from serving.schema import Accepted, Dispute, DisputeList, State
from serving.submission import parse_dispute
from serving.web.backend import Behind
from serving.web.errors import RequestError, errors
from serving.web.forms import form_schema, read_form
from serving.web.results import delete, dispute_view, found, summary, unknown
from serving.web.taking import Desk, IdempotencyKey
from serving.web.waiting import Prefer, finished, wanted_wait

LISTED_AT_MOST = 200

router = APIRouter(tags=["disputes"])


@router.post(
    "/v1/disputes",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(400, 409, 413, 415, 429, 503)},
    openapi_extra=form_schema("dispute", "attachments"),
)
async def post_dispute(
    request: Request,
    backend: Behind,
    caller: Caller,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Takes on a dispute: attachments are checked now, read and examined in the background.

    202 says that the dispute will be worked on whatever happens to this service. With
    `Prefer: wait=N` the answer is the finished dispute (200) where it is finished in time.
    """
    desk: Desk = request.app.state.desk
    async with (
        desk.receiving(caller, key) as reception,
        read_form(request, backend.settings.attachments) as form,
    ):
        if not form.dispute:
            raise RequestError(
                "the part 'dispute' is missing; send order and receipts in it as JSON"
            )
        _, given = await run_in_threadpool(parse_dispute, form.dispute)
        if not form.uploads and not given:
            raise RequestError('the dispute has nothing to examine; send "attachments"')
        taken = await desk.take(caller, "dispute", form, key, reception)
    job = taken.job
    location = f"/v1/disputes/{job.id}"
    headers = {"Location": location}
    if not taken.new:
        headers["Idempotency-Replayed"] = "true"
    wait = wanted_wait(prefer, backend.settings.wait_s)
    if wait is not None:
        headers["Preference-Applied"] = f"wait={wait}"
        waited = await finished(backend.jobs, job, wait)
        if waited is None:
            raise unknown("dispute", job.id)
        if waited.finished_at is not None:
            view = await dispute_view(backend, waited)
            return JSONResponse(view.model_dump(), 200, headers=headers)
        job = waited
    accepted = Accepted(dispute_id=job.id, state=job.state, location=location)
    return JSONResponse(accepted.model_dump(), 202, headers=headers)


@router.get("/v1/disputes", responses=errors())
async def list_disputes(
    backend: Behind,
    caller: Caller,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> DisputeList:
    """Your disputes, newest first; `next_cursor` is for the next page of them."""
    page = await run_in_threadpool(
        backend.jobs.listing, caller.tenant, "dispute", state, limit, cursor
    )
    return DisputeList(disputes=[summary(job) for job in page.jobs], next_cursor=page.cursor)


@router.get("/v1/disputes/{dispute_id}", responses=errors(404))
async def get_dispute(dispute_id: str, backend: Behind, caller: Caller) -> Dispute:
    """How far a dispute is; once it is done, its verdict and documents."""
    return await dispute_view(backend, await found(backend, caller, "dispute", dispute_id))


@router.post("/v1/disputes/{dispute_id}/cancel", responses=errors(404))
async def cancel_dispute(dispute_id: str, backend: Behind, caller: Caller) -> Dispute:
    """Stops the work on a dispute; one that is finished stays as it is."""
    job = await run_in_threadpool(backend.jobs.cancel, caller.tenant, dispute_id, "dispute")
    if job is None:
        raise unknown("dispute", dispute_id)
    return await dispute_view(backend, job)


@router.delete("/v1/disputes/{dispute_id}", status_code=204, responses=errors(404))
async def delete_dispute(dispute_id: str, backend: Behind, caller: Caller) -> None:
    """Deletes a dispute for good: its files, what was read in them, its verdict. Stops the work."""
    await delete(backend, caller, "dispute", dispute_id)
