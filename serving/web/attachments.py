"""The routes of a dispute's files: add some, list them, get them and their pages back."""

import asyncio
import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from data.pages.attachments import reopen_attachment, sniff_kind
from serving.evidence.additions import Addition, RevisionConflict
from serving.evidence.changes import order_labels
from serving.service.page_images import PageImages
from serving.store.identity import Principal
from serving.store.jobs import Job, StoredFile
from serving.store.receptions import Reception
from serving.store.submission import fingerprint, parse_dispute
from serving.web.access import DisputeReader, DisputeWriter
from serving.web.backend import Backend, CurrentBackend
from serving.web.errors import RequestError, errors
from serving.web.forms import Form, form_schema, read_form, unique_name
from serving.web.results import Id, dispute_answer, find_job, no_such_job, stored_content
from serving.web.taking import Intake, stored_files
from serving.web.waiting import RequestTerms
from serving.wire.schema import Accepted, AttachmentPage, AttachmentView, Dispute

router = APIRouter(tags=["disputes"])

_TRIES = 4  # of an addition that depends on no other, where others are made at the same moment
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
# Asked again each time the paper may be gone, not drawn again.
_CACHED = "private, max-age=300"

AttachmentNumber = Annotated[int, Path(ge=1, le=10_000)]
PageNumber = Annotated[int, Path(ge=1, le=10_000)]
Match = Annotated[str | None, Header(alias="If-None-Match")]


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page of an attachment of a dispute, and the size of its picture."""

    dispute_id: Id
    attachment: AttachmentNumber
    page: PageNumber
    size: Annotated[Literal["small", "large"], Query()] = "large"


@router.post(
    "/v1/disputes/{dispute_id}/attachments",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(400, 404, 409, 413, 415)},
    openapi_extra=form_schema("attachments", "dispute", "order", "receipts", "mapping"),
)
async def post_attachments(
    dispute_id: Id,
    request: Request,
    backend: CurrentBackend,
    caller: DisputeWriter,
    terms: RequestTerms,
) -> Response:
    """Add evidence to a dispute: files, orders, receipts, or order data as JSON in `dispute`.

    It is examined again, with what was read before; webhooks say what changed. Order data is merged
    with that of the dispute: what is given twice with equal content counts once.
    """
    intake: Intake = request.app.state.intake
    job = await find_job(backend, caller, "dispute", dispute_id)
    if job.request_ref is None:
        raise no_such_job("dispute", dispute_id)
    earlier = (await stored_content(backend, job, job.request_ref)).decode()
    async with (
        intake.open_reception(caller, terms.key) as reception,
        read_form(request, backend.settings.attachments, earlier) as form,
    ):
        if not form.uploads and not form.dispute:
            raise RequestError(
                "there is nothing to add; send files in the part 'attachments', or order data in"
                " 'dispute', 'order' or 'receipts'"
            )
        addition = await _addition(backend, caller, job, form, terms.key)
        added, is_new = await _add(backend, intake, addition, form, (caller, reception))
    return await accepted_addition(request, backend, (added, is_new), terms.prefer)


async def _addition(
    backend: Backend, caller: Principal, job: Job, form: Form, key: str | None
) -> Addition:
    files = await run_in_threadpool(stored_files, form.uploads)
    labels = frozenset[Any]()
    if form.dispute:
        data, _ = await run_in_threadpool(parse_dispute, form.dispute)
        labels = order_labels(data)
    content = {
        "attachments": [{"name": file.name, "sha256": file.sha256} for file in files],
        "order_data": bool(form.dispute),
    }
    return Addition(
        tenant=caller.tenant,
        job_id=job.id,
        kind="evidence",
        revision=job.revision,
        content=content,
        # Of the form as it came: its order data is merged with more each time.
        fingerprint=fingerprint("evidence", form.sent_dispute, files, job.id),
        files=files,
        labels=labels,
        key_id=caller.key_id,
        idempotency_key=key,
    )


async def _add(
    backend: Backend,
    intake: Intake,
    addition: Addition,
    form: Form,
    by: tuple[Principal, Reception | None],
) -> tuple[Job, bool]:
    """Store the form's files and order data, and add them, again where another was quicker."""
    caller, reception = by
    key = addition.idempotency_key
    if key is not None and reception is None:
        repeated = await run_in_threadpool(
            backend.additions.replay, caller.tenant, key, addition.fingerprint
        )
        if repeated is not None:
            return await find_job(backend, caller, "dispute", repeated), False
    measured = await intake.measured(addition.files, form.uploads)
    charge = intake.charge_for(caller, measured)
    for attempt in range(_TRIES):
        job = await find_job(backend, caller, "dispute", addition.job_id)
        known = await run_in_threadpool(backend.additions.attachments, job)
        names = {file.name for file in known}
        current = replace(addition, files=_renamed(measured, names))
        if not form.dispute:
            current = replace(current, revision=job.revision)
        try:
            added = await run_in_threadpool(_store, backend, current, form, reception, charge)
        except RevisionConflict:
            if form.dispute or attempt == _TRIES - 1:
                raise
            continue
        if added is None:
            raise no_such_job("dispute", addition.job_id)
        return added
    raise no_such_job("dispute", addition.job_id)


# One call in a thread: a client that disconnects cannot stop it between files and row.
def _store(
    backend: Backend, addition: Addition, form: Form, reception: Any, charge: Any
) -> tuple[Job, bool] | None:
    place = addition.tenant, addition.job_id
    if form.dispute:
        request = backend.content.put(*place, io.BytesIO(form.dispute.encode()))
        addition = replace(addition, request_ref=request.sha256)
    for upload in form.uploads:
        backend.content.put(*place, upload.stream)
    return backend.additions.add(addition, reception, charge)


def _renamed(files: tuple[StoredFile, ...], names: Collection[str]) -> tuple[StoredFile, ...]:
    """Return the files under names that no other file of the dispute has."""
    used, renamed = set(names), list[StoredFile]()
    for file in files:
        name = unique_name(file.name, used)
        used.add(name)
        renamed.append(replace(file, name=name))
    return tuple(renamed)


async def accepted_addition(
    request: Request, backend: Backend, added: tuple[Job, bool], prefer: str | None
) -> Response:
    """Return the answer to an addition: 202, or the finished dispute if it was waited for."""
    job, is_new = added
    backend.wake()
    headers = {"Content-Location": f"/v1/disputes/{job.id}"}
    if not is_new:
        headers["Idempotency-Replayed"] = "true"
    return await dispute_answer(request, job, headers["Content-Location"], headers, prefer)


@router.get("/v1/disputes/{dispute_id}/attachments", responses=errors(404))
async def list_attachments(
    dispute_id: Id, backend: CurrentBackend, caller: DisputeReader
) -> list[AttachmentView]:
    """List the files of a dispute in the order they came, with the sizes of their pages."""
    job = await find_job(backend, caller, "dispute", dispute_id)
    files = await run_in_threadpool(backend.additions.attachments, job)
    return [
        AttachmentView(
            attachment=number,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            pages=[
                AttachmentPage(page=page, width=width, height=height)
                for page, (width, height) in enumerate(file.page_sizes or (), 1)
            ],
        )
        for number, file in enumerate(files, 1)
    ]


@router.get(
    "/v1/disputes/{dispute_id}/attachments/{attachment}",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The file as it came"},
        304: {"description": "The file is the one that the client has"},
        **errors(404),
    },
)
async def get_attachment(
    dispute_id: Id,
    attachment: AttachmentNumber,
    backend: CurrentBackend,
    caller: DisputeReader,
    match: Match = None,
) -> Response:
    """Return a file byte for byte as it was posted, to be saved, never shown."""
    job, file = await _find_file(backend, caller, dispute_id, attachment)
    headers = _cache_headers(file.sha256)
    if _is_known(match, headers):
        return Response(status_code=304, headers=headers)
    content = await stored_content(backend, job, file.sha256)
    kind = sniff_kind(content)
    ending = PurePath(file.name).suffix.encode("ascii", "ignore").decode()
    suffix = "".join(filter(str.isalnum, ending))[:8] or "bin"
    headers |= {
        "Content-Disposition": f'attachment; filename="attachment-{attachment}.{suffix}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    media_type = _MEDIA_TYPES.get(kind or "", "application/octet-stream")
    return Response(content, media_type=media_type, headers=headers)


@router.get(
    "/v1/disputes/{dispute_id}/attachments/{attachment}/pages/{page}",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The page as a picture"},
        304: {"description": "The picture is the one that the client has"},
        **errors(400, 404, 413),
    },
)
async def get_page(
    place: Annotated[PagePlace, Depends()],
    request: Request,
    backend: CurrentBackend,
    caller: DisputeReader,
    match: Match = None,
) -> Response:
    """Return a page as a grey picture: `small` for lists, `large` to read it.

    Polygons of values are in fractions of this picture.
    """
    job, file = await _find_file(backend, caller, place.dispute_id, place.attachment)
    if file.page_sizes is None or place.page > len(file.page_sizes):
        raise HTTPException(
            404, f"attachment {place.attachment} has {len(file.page_sizes or ())} pages"
        )
    name = hashlib.sha256(f"{file.sha256} {place.page} {place.size}".encode()).hexdigest()
    headers = _cache_headers(name)
    if _is_known(match, headers):
        return Response(status_code=304, headers=headers)
    images: PageImages = request.app.state.page_images
    picture = images.stored(name)
    if picture is None:
        content = await stored_content(backend, job, file.sha256)
        opened = reopen_attachment(content, file.name, file.page_sizes)
        picture = await asyncio.shield(images.draw(name, opened, place.page - 1, place.size))
    return Response(picture, media_type="image/png", headers=headers)


async def _find_file(
    backend: Backend, caller: Principal, dispute_id: str, number: int
) -> tuple[Job, StoredFile]:
    job = await find_job(backend, caller, "dispute", dispute_id)
    files = await run_in_threadpool(backend.additions.attachments, job)
    if number > len(files):
        raise HTTPException(404, f"the dispute has {len(files)} attachments, counted from 1")
    return job, files[number - 1]


def _cache_headers(tag: str) -> dict[str, str]:
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": _CACHED,
        "Vary": "Authorization, Cookie",
        "X-Content-Type-Options": "nosniff",
    }


def _is_known(match: str | None, headers: dict[str, str]) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (match or "").split(",")]
    return headers["ETag"] in tags
