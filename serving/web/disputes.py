"""The routes of disputes: post, list, poll, cancel, delete."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from serving.evidence.changes import order_labels
from serving.evidence.search import Filters
from serving.presentation.spreadsheet import verdict_csv
from serving.store.submission import parse_dispute
from serving.web.access import DisputeReader, DisputeWriter
from serving.web.backend import CurrentBackend
from serving.web.errors import RequestError, errors
from serving.web.forms import (
    REFERENCE_LENGTH,
    checked_metadata,
    form_schema,
    read_form,
    read_reference,
)
from serving.web.results import (
    Id,
    delete_job,
    dispute_answer,
    dispute_view,
    find_job,
    no_such_job,
    summary,
)
from serving.web.taking import IdempotencyKey, Intake
from serving.web.waiting import Prefer
from serving.wire.schema import Accepted, Dispute, DisputeList, DisputeSummary, State, Wire

LISTED_AT_MOST = 200
FilterText = Annotated[str | None, Field(max_length=REFERENCE_LENGTH, pattern=r"^[^\u0000]*$")]

router = APIRouter(tags=["disputes"])


class Description(Wire):
    """Names of a dispute, by you and for you; a key that is left out stays as it is."""

    reference: str | None = None
    metadata: dict[str, str] | None = None
    assignee: str | None = None


class DisputeQuery(Wire):
    """Filters of a listing, all of which hold, and the page of it.

    `order` and `vendor` (name or number) are compared whole, without case.
    """

    state: State | None = None
    reference: FilterText = None
    order: FilterText = None
    vendor: FilterText = None
    assignee: FilterText = None
    submitted_from: AwareDatetime | None = None
    submitted_before: AwareDatetime | None = None
    limit: int = Field(default=50, ge=1, le=LISTED_AT_MOST)
    cursor: str | None = Field(default=None, max_length=200)

    @property
    def filters(self) -> Filters:
        """The conditions as the store takes them."""
        return Filters(
            *(self.state, self.reference, self.order, self.vendor, self.assignee),
            since=self.submitted_from,
            until=self.submitted_before,
        )


@router.post(
    "/v1/disputes",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(400, 409, 413, 415)},
    openapi_extra=form_schema(
        *("dispute", "order", "receipts", "mapping", "attachments", "reference", "metadata")
    ),
)
async def post_dispute(
    request: Request,
    backend: CurrentBackend,
    caller: DisputeWriter,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Post a dispute. Attachments are checked now, then read and examined in the background.

    202 guarantees that the dispute will be processed, even if this service restarts. With
    `Prefer: wait=N` the response is the finished dispute (200) if it finishes in time.
    """
    intake: Intake = request.app.state.intake
    async with (
        intake.open_reception(caller, key) as reception,
        read_form(request, backend.settings.attachments) as form,
    ):
        if not form.dispute:
            raise RequestError(
                "the part 'dispute' is missing; send order and receipts in it as JSON, or send"
                " them as files in the parts 'order' and 'receipts'"
            )
        data, documents = await run_in_threadpool(parse_dispute, form.dispute)
        if not form.uploads and not documents:
            raise RequestError(
                "the dispute has no documents to examine; send files in the part 'attachments'"
            )
        form = replace(form, labels=order_labels(data))
        accepted_job = await intake.accept(caller, "dispute", form, key, reception)
    job, headers = accepted_job.job, accepted_job.headers
    return await dispute_answer(request, job, headers["Location"], headers, prefer)


@router.get("/v1/disputes", responses=errors())
async def list_disputes(
    backend: CurrentBackend, caller: DisputeReader, query: Annotated[DisputeQuery, Query()]
) -> DisputeList:
    """List your disputes, newest first; pass `next_cursor` as `cursor` for the next page."""
    listing = partial(backend.search.listing, caller.tenant, "dispute", query.filters)
    page = await run_in_threadpool(listing, query.limit, query.cursor)
    return DisputeList(disputes=[summary(job) for job in page.jobs], next_cursor=page.cursor)


@router.get(
    "/v1/disputes/{dispute_id}",
    response_model=Dispute,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **errors(404)},
)
async def get_dispute(
    dispute_id: Id,
    backend: CurrentBackend,
    caller: DisputeReader,
    accept: Annotated[
        str, Header(description="`text/csv` returns the verdict as a spreadsheet.")
    ] = "*/*",
) -> Response | Dispute:
    """Return the state of a dispute and, once it is done, its verdict and documents.

    With `Accept: text/csv` a verdict is returned as rows of a spreadsheet without formulas.
    """
    view = await dispute_view(backend, await find_job(backend, caller, "dispute", dispute_id))
    if view.verdict is None or not accept.lower().startswith("text/csv"):
        return view
    headers = {
        "Content-Disposition": 'attachment; filename="verdict.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(verdict_csv(view.verdict), media_type="text/csv", headers=headers)


@router.patch("/v1/disputes/{dispute_id}", responses=errors(404))
async def patch_dispute(
    dispute_id: Id, description: Description, backend: CurrentBackend, caller: DisputeWriter
) -> DisputeSummary:
    """Change your reference, metadata or assignee of a dispute; it is not examined again."""
    values: dict[str, Any] = {}
    for name in description.model_fields_set & {"reference", "assignee"}:
        values[name] = read_reference(getattr(description, name) or "")
    if "metadata" in description.model_fields_set:
        metadata = description.metadata
        values["details"] = None if metadata is None else checked_metadata(metadata)
    job = await run_in_threadpool(backend.additions.describe, caller.tenant, dispute_id, values)
    if job is None:
        raise no_such_job("dispute", dispute_id)
    return summary(job)


@router.post("/v1/disputes/{dispute_id}/cancel", responses=errors(404))
async def cancel_dispute(dispute_id: Id, backend: CurrentBackend, caller: DisputeWriter) -> Dispute:
    """Cancel a dispute; one that is finished stays as it is."""
    job = await run_in_threadpool(backend.jobs.cancel, caller.tenant, dispute_id, "dispute")
    if job is None:
        raise no_such_job("dispute", dispute_id)
    return await dispute_view(backend, job)


@router.delete("/v1/disputes/{dispute_id}", status_code=204, responses=errors(404))
async def delete_dispute(dispute_id: Id, backend: CurrentBackend, caller: DisputeWriter) -> None:
    """Delete a dispute for good: its files, documents and verdict. Cancels it if unfinished."""
    await delete_job(backend, caller, "dispute", dispute_id)
