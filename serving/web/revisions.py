"""The routes of corrections and of the versions of a verdict."""

import io
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field, model_validator
from starlette.exceptions import HTTPException

from data.records import ExtractedDocument
from serving.evidence.additions import Addition, Version
from serving.evidence.corrections import (
    Cell,
    Correction,
    CorrectionRefused,
    corrections_from_bytes,
    corrections_to_bytes,
    new_corrections,
)
from serving.store.identity import Principal
from serving.store.jobs import Job
from serving.store.submission import fingerprint, parse_dispute
from serving.web.access import DisputeReader, DisputeWriter
from serving.web.attachments import accepted_addition
from serving.web.backend import Backend, CurrentBackend
from serving.web.errors import errors
from serving.web.results import (
    Id,
    find_job,
    no_such_job,
    stored_content,
    stored_result,
    summary,
)
from serving.web.taking import Intake
from serving.web.waiting import RequestTerms
from serving.wire.document_json import documents_from_json
from serving.wire.schema import Accepted, Dispute, DisputeVersion, Wire
from serving.wire.structured_files import is_data, parse_attachment

router = APIRouter(tags=["disputes"])

Author = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\u0000-\u001f]*$")]
WireText = Annotated[str, Field(max_length=2_000, pattern=r"^[^\u0000]*$")]


class CorrectedValue(Wire):
    """A cell and what it should hold: `text` as a person types it, or `value` as in documents.

    `line` counts from 0, null is the head of the document; the line after the last is a new one.
    Null `value` and empty `text` empty the cell. `line_type` "comment" takes a line off the bill.
    """

    document_id: WireText
    line: int | None = Field(default=None, ge=0, le=100_000)
    field: WireText
    value: WireText | None = None
    text: WireText | None = None

    @model_validator(mode="after")
    def _require_one(self) -> "CorrectedValue":
        if {"value", "text"} <= self.model_fields_set or not (
            {"value", "text"} & self.model_fields_set
        ):
            raise ValueError("send either value or text")
        return self


class Corrections(Wire):
    """Corrections of cells, made by someone who has seen `revision` of the dispute."""

    revision: int = Field(ge=1)
    author: Author | None = None
    corrections: list[CorrectedValue] = Field(min_length=1, max_length=1_000)


class TakingBack(Wire):
    """Signature of a correction taken back by someone who has seen `revision` of the dispute."""

    revision: int = Field(ge=1)
    author: Author | None = None


class CorrectionView(Wire):
    """A correction, with what the machine had read; null for a cell that was empty."""

    correction: int
    document_id: str
    line: int | None
    field: str
    value: str | None
    machine: dict[str, Any] | None
    author: str | None
    key_id: str | None
    created_at: str
    taken_back_at: str | None
    taken_back_by: str | None


@router.post(
    "/v1/disputes/{dispute_id}/corrections",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(404, 409)},
)
async def post_corrections(
    dispute_id: Id,
    posted: Corrections,
    request: Request,
    caller: DisputeWriter,
    terms: RequestTerms,
) -> Response:
    """Correct values that were read; the verdict is computed anew, and nothing is read again.

    409 `revision_conflict` where something was added since `revision`: nothing is lost or changed,
    read the dispute again. A typed number is read in the document's own format.
    """
    backend: Backend = request.app.state.backend
    job = await find_job(backend, caller, "dispute", dispute_id)
    earlier = await _corrections(backend, job)
    documents = await _read_documents(backend, job)
    cells = [
        (Cell(entry.document_id, entry.line, entry.field), entry.text or entry.value or "", typed)
        for entry in posted.corrections
        for typed in ["text" in entry.model_fields_set]
    ]
    by = posted.author, caller.key_id
    made = await run_in_threadpool(
        new_corrections, documents, earlier, cells, by, datetime.now(UTC)
    )
    content = {"corrections": [correction.number for correction in made]}
    digest = fingerprint("corrections", posted.model_dump_json(), (), job.id)
    addition = Addition(
        caller.tenant, job.id, "corrections", posted.revision, content, digest, key_id=caller.key_id
    )
    addition = replace(addition, author=posted.author, idempotency_key=terms.key)
    added = await _store(request, backend, caller, addition, (*earlier, *made))
    return await accepted_addition(request, backend, added, terms.prefer)


@router.get("/v1/disputes/{dispute_id}/corrections", responses=errors(404))
async def list_corrections(
    dispute_id: Id, backend: CurrentBackend, caller: DisputeReader
) -> list[CorrectionView]:
    """List all corrections of a dispute, oldest first, those taken back among them."""
    job = await find_job(backend, caller, "dispute", dispute_id)
    return [
        CorrectionView(
            correction=correction.number,
            **asdict(correction.cell),
            **{
                name: getattr(correction, name)
                for name in Correction.__slots__
                if name not in ("number", "cell")
            },
        )
        for correction in await _corrections(backend, job)
    ]


@router.delete(
    "/v1/disputes/{dispute_id}/corrections/{correction}",
    status_code=202,
    response_model=Accepted,
    responses={200: {"model": Dispute}, **errors(404, 409)},
)
async def take_back_correction(
    dispute_id: Id,
    correction: Annotated[int, Path(ge=1)],
    query: Annotated[TakingBack, Query()],
    request: Request,
    caller: DisputeWriter,
) -> Response:
    """Take one correction back: the value before it counts again. It stays in the list."""
    backend: Backend = request.app.state.backend
    job = await find_job(backend, caller, "dispute", dispute_id)
    earlier = await _corrections(backend, job)
    if correction > len(earlier):
        raise HTTPException(404, f"the dispute has {len(earlier)} corrections, counted from 1")
    former = earlier[correction - 1]
    if former.taken_back_at is not None:
        raise CorrectionRefused(f"correction {correction} was taken back already")
    now = datetime.now(UTC).isoformat()
    changed = replace(former, taken_back_at=now, taken_back_by=query.author)
    corrections = [*earlier[: correction - 1], changed, *earlier[correction:]]
    content = {"taken_back": [correction]}
    digest = fingerprint("corrections", "", (), content)
    revision, author = query.revision, query.author
    addition = Addition(
        caller.tenant, job.id, "corrections", revision, content, digest, key_id=caller.key_id
    )
    addition = replace(addition, author=author)
    added = await _store(request, backend, caller, addition, corrections)
    return await accepted_addition(request, backend, added, request.headers.get("prefer"))


@router.get("/v1/disputes/{dispute_id}/versions", responses=errors(404))
async def list_versions(
    dispute_id: Id, backend: CurrentBackend, caller: DisputeReader
) -> list[DisputeVersion]:
    """List the versions of a dispute's verdict, oldest first, with what each of them changed."""
    job = await find_job(backend, caller, "dispute", dispute_id)
    versions = await run_in_threadpool(backend.additions.versions, job)
    return [_version_view(version) for version in versions]


@router.get("/v1/disputes/{dispute_id}/versions/{version}", responses=errors(404))
async def get_version(
    dispute_id: Id,
    version: Annotated[int, Path(ge=1)],
    backend: CurrentBackend,
    caller: DisputeReader,
) -> Dispute:
    """Return a dispute with one of its verdicts and the documents that it was based on."""
    job = await find_job(backend, caller, "dispute", dispute_id)
    versions = await run_in_threadpool(backend.additions.versions, job)
    chosen = next((entry for entry in versions if entry.version == version), None)
    if chosen is None:
        numbers = ", ".join(str(entry.version) for entry in versions)
        raise HTTPException(404, f"there is no version {version}; there are: {numbers or 'none'}")
    made = {"model_version": chosen.model_version, "policy_version": chosen.policy_version}
    shown = summary(job).model_dump() | made | {"version": version}
    return Dispute(**shown, **await stored_result(backend, job, chosen.result_ref))


async def _store(
    request: Request,
    backend: Backend,
    caller: Principal,
    addition: Addition,
    corrections: Sequence[Correction],
) -> tuple[Job, bool]:
    intake: Intake = request.app.state.intake
    charge = intake.charge_for(caller, ())

    def store() -> tuple[Job, bool] | None:
        place = addition.tenant, addition.job_id
        stored = backend.content.put(*place, io.BytesIO(corrections_to_bytes(corrections)))
        changed = replace(addition, corrections_ref=stored.sha256)
        return backend.additions.add(changed, charge=charge)

    added = await run_in_threadpool(store)
    if added is None:
        raise no_such_job("dispute", addition.job_id)
    return added


async def _corrections(backend: Backend, job: Job) -> tuple[Correction, ...]:
    if job.corrections_ref is None:
        return ()
    return corrections_from_bytes(await stored_content(backend, job, job.corrections_ref))


async def _read_documents(backend: Backend, job: Job) -> tuple[ExtractedDocument, ...]:
    """Return the documents of a dispute as they were read, without corrections."""
    documents = list[ExtractedDocument]()
    if job.request_ref is not None:
        text = (await stored_content(backend, job, job.request_ref)).decode()
        documents.extend((await run_in_threadpool(parse_dispute, text))[1])
    for file in await run_in_threadpool(backend.additions.attachments, job):
        if file.documents_ref is not None:
            stored = await stored_content(backend, job, file.documents_ref)
            documents.extend(await run_in_threadpool(documents_from_json, stored, file.name))
        elif file.page_sizes is None:
            content = await stored_content(backend, job, file.sha256)
            if is_data(content):
                documents.extend(await run_in_threadpool(parse_attachment, content, file.name))
    return tuple(documents)


def _version_view(version: Version) -> DisputeVersion:
    shown = asdict(version) | {"created_at": version.created_at.isoformat()}
    del shown["result_ref"]
    shown["additions"] = [
        {
            **{name: getattr(entry, name) for name in ("revision", "kind", "key_id", "author")},
            "created_at": entry.created_at.isoformat(),
            "content": entry.content,
        }
        for entry in version.additions
    ]
    return DisputeVersion.model_validate(shown)
