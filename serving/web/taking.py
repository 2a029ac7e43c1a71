"""Intake of requests as durable jobs: files are stored first, then the row, then the answer sent.

A request with an `Idempotency-Key` makes one job however often it is sent.
"""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Header
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from data.pages.attachments import PageSizes
from serving.store.content import digest_of
from serving.store.identity import Principal
from serving.store.jobs import (
    Charge,
    IdempotencyMismatch,
    Job,
    Kind,
    NewJob,
    QueueFull,
    StoredFile,
    new_id,
)
from serving.store.receptions import SILENCE, Reception
from serving.store.submission import fingerprint
from serving.store.usage import LimitReached
from serving.web.backend import Backend
from serving.web.errors import RequestError
from serving.web.forms import Form, Upload
from serving.wire.structured_files import is_data, parse_documents

logger = logging.getLogger(__name__)

_KEY_LENGTH = 255
# Attachments that one process checks at the same time, each wholly in memory.
_CONCURRENT_CHECKS = 2

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=f"1 to {_KEY_LENGTH} printable characters, new for every request. A request"
        " repeated with the same key returns the same job.",
    ),
]


@dataclass(frozen=True, slots=True)
class AcceptedJob:
    """A durable job; `new` is False where an earlier request with its key made it."""

    job: Job
    new: bool

    @property
    def headers(self) -> dict[str, str]:
        """The response headers: the job's location, and whether an earlier request made it."""
        headers = {"Location": f"/v1/{self.job.kind}s/{self.job.id}"}
        if not self.new:
            headers["Idempotency-Replayed"] = "true"
        return headers


class Intake:
    """Accepts the requests of one process as jobs."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._checks = asyncio.Semaphore(_CONCURRENT_CHECKS)

    @asynccontextmanager
    async def open_reception(
        self, caller: Principal, key: str | None
    ) -> AsyncIterator[Reception | None]:
        """Hold the key for this request; raises `StillReceiving` while another one holds it."""
        if key is None:
            yield None
            return
        if not (1 <= len(key) <= _KEY_LENGTH and key.isascii() and key.isprintable()):
            raise RequestError(
                f"the Idempotency-Key has {len(key)} characters; it must have 1 to {_KEY_LENGTH}"
                " printable ASCII characters"
            )
        jobs = self._backend.jobs
        reception = await run_in_threadpool(jobs.receive, caller.tenant, key)
        if reception is None:
            yield None
            return
        renewing = asyncio.create_task(self._renew(reception))
        try:
            yield reception
        # Without an error the job exists, and its reception ended with it.
        except BaseException:
            await asyncio.shield(run_in_threadpool(jobs.abandon, reception))
            raise
        finally:
            renewing.cancel()

    async def _renew(self, reception: Reception) -> None:
        while True:
            await asyncio.sleep(SILENCE.total_seconds() / 3)
            try:
                await run_in_threadpool(self._backend.jobs.renew, reception)
            # The database is unavailable: another request may get the key, and still makes one job.
            except Exception:
                logger.exception("the reception of a request could not be renewed")

    async def accept(
        self,
        caller: Principal,
        kind: Kind,
        form: Form,
        key: str | None,
        reception: Reception | None,
    ) -> AcceptedJob:
        """Return the job of a request, made now or by an earlier one with the same key.

        Raises `AttachmentError` and its like for unreadable files, `IdempotencyMismatch`,
        `LimitReached`, `QueueFull`.
        """
        jobs = self._backend.jobs
        files = await run_in_threadpool(stored_files, form.uploads)
        named = [form.reference, form.metadata]
        new = NewJob(
            id=new_id(),
            tenant=caller.tenant,
            key_id=caller.key_id,
            kind=kind,
            fingerprint=fingerprint(kind, form.dispute, files, named if any(named) else None),
            request_ref=None,
            attachments=files,
            idempotency_key=key,
            reference=form.reference,
            details=form.metadata,
            labels=form.labels,
        )
        if key is not None and reception is None:
            earlier = await run_in_threadpool(jobs.replay, new)
            if earlier is not None:
                return AcceptedJob(earlier, new=False)
        new = replace(new, attachments=await self.measured(files, form.uploads))
        charge = self.charge_for(caller, new.attachments)
        accepted = await run_in_threadpool(self._store, new, form, reception, charge)
        self._backend.wake()
        return accepted

    async def measured(
        self, files: Sequence[StoredFile], uploads: Sequence[Upload]
    ) -> tuple[StoredFile, ...]:
        """Return the files with the sizes of their pages; raises for one that cannot be read."""
        return tuple(
            [
                replace(file, page_sizes=await self._page_sizes(upload))
                for file, upload in zip(files, uploads, strict=True)
            ]
        )

    def charge_for(self, caller: Principal, files: Sequence[StoredFile]) -> Charge:
        """Return the charge of a request: one job, and the pages of its files."""
        keys, pages = self._backend.keys, sum(len(file.page_sizes or ()) for file in files)

        def charge(connection: Connection) -> None:
            if keys is not None:
                keys.charge_job(connection, caller, pages)

        return charge

    async def _page_sizes(self, upload: Upload) -> PageSizes | None:
        """Return the page sizes of an attachment, None where it is data; raises if unreadable."""
        async with self._checks:
            content = await run_in_threadpool(_content, upload)
            if is_data(content):
                await run_in_threadpool(parse_documents, content, upload.name)
                return None
            return await self._backend.check(upload.name, content)

    # One call in a thread: a client that disconnects cannot stop it between files and row.
    def _store(
        self, new: NewJob, form: Form, reception: Reception | None, charge: Charge
    ) -> AcceptedJob:
        content, jobs = self._backend.content, self._backend.jobs
        try:
            request = content.put(new.tenant, new.id, io.BytesIO(form.dispute.encode()))
            for upload in form.uploads:
                content.put(new.tenant, new.id, upload.stream)
            job, made = jobs.submit(replace(new, request_ref=request.sha256), reception, charge)
        except (IdempotencyMismatch, LimitReached, QueueFull, OSError):
            self._discard(new)
            raise
        # Any other error may come after the commit: then the files belong to a job; if not, they
        # are deleted later as orphans.
        if not made:
            self._discard(new)
        return AcceptedJob(job, made)

    def _discard(self, new: NewJob) -> None:
        with contextlib.suppress(OSError):  # then they are deleted later, as orphans
            self._backend.content.delete(new.tenant, new.id)


def stored_files(uploads: Sequence[Upload]) -> tuple[StoredFile, ...]:
    """Return the files of a request by their digests, not yet measured."""
    described = []
    for upload in uploads:
        digest = digest_of(upload.stream)
        described.append(StoredFile(upload.name, digest.size, digest.sha256))
    return tuple(described)


def _content(upload: Upload) -> bytes:
    upload.stream.seek(0)
    return upload.stream.read()
