"""The routes of disputes: posted, listed, polled, cancelled, deleted."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from serving.presentation.spreadsheet import verdict_csv
from serving.store.submission import parse_dispute
from serving.web.access import DisputeReader, DisputeWriter
from serving.web.backend import Behind
from serving.web.errors import RequestError, errors
from serving.web.forms import form_schema, read_form
from serving.web.results import Id, delete, dispute_view, found, summary, unknown
from serving.web.taking import Desk, IdempotencyKey
from serving.web.waiting import Endings, Prefer, wanted_wait
from serving.wire.schema import Accepted, Dispute, DisputeList, State

LISTED_AT_MOST = 200

router = APIRouter(tags=["disputes"])


@router.post(
    "/v1/disputes",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(400, 409, 413, 415)},
    openapi_extra=form_schema("dispute", "order", "receipts", "mapping", "attachments"),
)
async def post_dispute(
    request: Request,
    backend: Behind,
    caller: DisputeWriter,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Takes on a dispute: attachments are checked now, read and examined in the background.

    202 says that the dispute will be worked on whatever happens to this service. With
    `Prefer: wait=N` the answer is the finished dispute (200) where it is finished in time.
    """
    desk: Desk = request.app.state.desk
    endings: Endings = request.app.state.endings
    async with (
        desk.receiving(caller, key) as reception,
        read_form(request, backend.settings.attachments) as form,
    ):
        if not form.dispute:
            raise RequestError(
                "the part 'dispute' is missing; send order and receipts in it as JSON, or as files"
                " in 'order' and 'receipts'"
            )
        _, given = await run_in_threadpool(parse_dispute, form.dispute)
        if not form.uploads and not given:
            raise RequestError('the dispute has nothing to examine; send "attachments"')
        taken = await desk.take(caller, "dispute", form, key, reception)
    job, headers = taken.job, taken.headers
    wait = wanted_wait(prefer, backend.settings.wait_s)
    if wait is not None:
        headers["Preference-Applied"] = f"wait={wait}"
        waited = await endings.finished(job, wait)
        if waited is None:
            raise unknown("dispute", job.id)
        if waited.finished_at is not None:
            view = await dispute_view(backend, waited)
            return JSONResponse(view.model_dump(), 200, headers=headers)
        job = waited
    accepted = Accepted(dispute_id=job.id, state=job.state, location=headers["Location"])
    return JSONResponse(accepted.model_dump(), 202, headers=headers)


@router.get("/v1/disputes", responses=errors())
async def list_disputes(
    backend: Behind,
    caller: DisputeReader,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> DisputeList:
    """Your disputes, newest first; `next_cursor` is for the next page of them."""
    page = await run_in_threadpool(
        backend.jobs.listing, caller.tenant, "dispute", state, limit, cursor
    )
    return DisputeList(disputes=[summary(job) for job in page.jobs], next_cursor=page.cursor)


@router.get(
    "/v1/disputes/{dispute_id}",
    response_model=Dispute,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **errors(404)},
)
async def get_dispute(
    dispute_id: Id,
    backend: Behind,
    caller: DisputeReader,
    accept: Annotated[str, Header(description="`text/csv`: the verdict as a sheet.")] = "*/*",
) -> Response | Dispute:
    """How far a dispute is; once it is done, its verdict and documents.

    With `Accept: text/csv` a verdict comes as rows for a spreadsheet, with no formula in any cell.
    """
    view = await dispute_view(backend, await found(backend, caller, "dispute", dispute_id))
    if view.verdict is None or not accept.lower().startswith("text/csv"):
        return view
    headers = {
        "Content-Disposition": 'attachment; filename="verdict.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(verdict_csv(view.verdict), media_type="text/csv", headers=headers)


@router.post("/v1/disputes/{dispute_id}/cancel", responses=errors(404))
async def cancel_dispute(dispute_id: Id, backend: Behind, caller: DisputeWriter) -> Dispute:
    """Stops the work on a dispute; one that is finished stays as it is."""
    job = await run_in_threadpool(backend.jobs.cancel, caller.tenant, dispute_id, "dispute")
    if job is None:
        raise unknown("dispute", dispute_id)
    return await dispute_view(backend, job)


@router.delete("/v1/disputes/{dispute_id}", status_code=204, responses=errors(404))
async def delete_dispute(dispute_id: Id, backend: Behind, caller: DisputeWriter) -> None:
    """Deletes a dispute for good: its files, what was read in them, its verdict. Stops the work."""
    await delete(backend, caller, "dispute", dispute_id)
