"""From a request to a durable job: its bytes are kept first, then its row, then it is answered.

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
from serving.wire.structured_files import given_documents, is_data

logger = logging.getLogger(__name__)

_KEY_LENGTH = 255
# Attachments looked at at once by one process, each whole in memory while it is.
_CHECKED_AT_ONCE = 2

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=f"1 to {_KEY_LENGTH} printable characters, new for every request: sent again"
        " with the same key, a request gives the same job.",
    ),
]


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that is durable; not `new` when an earlier request with its key made it."""

    job: Job
    new: bool

    @property
    def headers(self) -> dict[str, str]:
        """Where the job is found, and whether an earlier request made it."""
        headers = {"Location": f"/v1/{self.job.kind}s/{self.job.id}"}
        if not self.new:
            headers["Idempotency-Replayed"] = "true"
        return headers


class Desk:
    """Takes on the requests of one process."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._checks = asyncio.Semaphore(_CHECKED_AT_ONCE)

    @asynccontextmanager
    async def receiving(
        self, caller: Principal, key: str | None
    ) -> AsyncIterator[Reception | None]:
        """Keeps other requests with the key away; raises `StillReceiving` where one is there."""
        if key is None:
            yield None
            return
        if not (1 <= len(key) <= _KEY_LENGTH and key.isascii() and key.isprintable()):
            raise RequestError(
                f"the Idempotency-Key has {len(key)} characters; send 1 to {_KEY_LENGTH} that are"
                " printable"
            )
        jobs = self._backend.jobs
        reception = await run_in_threadpool(jobs.receive, caller.tenant, key)
        if reception is None:
            yield None
            return
        renewing = asyncio.create_task(self._renew(reception))
        try:
            yield reception
        # Left without an error, the job is there and its reception ended with it.
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
            except Exception:  # the database is away: another may take the key, and gets one job
                logger.exception("a request with an Idempotency-Key could not say that it goes on")

    async def take(
        self,
        caller: Principal,
        kind: Kind,
        form: Form,
        key: str | None,
        reception: Reception | None,
    ) -> Taken:
        """The job of a request, made now or by an earlier one with the same key.

        Raises `AttachmentError` and its like for what cannot be read, `IdempotencyMismatch`,
        `LimitReached`, `QueueFull`.
        """
        jobs = self._backend.jobs
        files = await run_in_threadpool(_described, form.uploads)
        new = NewJob(
            id=new_id(),
            tenant=caller.tenant,
            key_id=caller.key_id,
            kind=kind,
            fingerprint=fingerprint(kind, form.dispute, files),
            request_ref=None,
            attachments=files,
            idempotency_key=key,
        )
        if key is not None and reception is None:
            earlier = await run_in_threadpool(jobs.replay, new)
            if earlier is not None:
                return Taken(earlier, new=False)
        files = tuple(
            [
                replace(file, page_sizes=await self._page_sizes(upload))
                for file, upload in zip(files, form.uploads, strict=True)
            ]
        )
        new = replace(new, attachments=files)
        pages = sum(len(file.page_sizes or ()) for file in files)
        keys = self._backend.keys

        def charge(connection: Connection) -> None:
            if keys is not None:
                keys.charge_job(connection, caller, pages)

        taken = await run_in_threadpool(self._keep, new, form, reception, charge)
        self._backend.wake()
        return taken

    async def _page_sizes(self, upload: Upload) -> PageSizes | None:
        """Sizes of an attachment's pages, None where it is data; refuses what cannot be read."""
        async with self._checks:
            content = await run_in_threadpool(_content, upload)
            if is_data(content):
                await run_in_threadpool(given_documents, content, upload.name)
                return None
            return await self._backend.check(upload.name, content)

    # In one piece, in a thread: a client that leaves cannot stop it between bytes and row.
    def _keep(self, new: NewJob, form: Form, reception: Reception | None, charge: Charge) -> Taken:
        content, jobs = self._backend.content, self._backend.jobs
        try:
            asked = content.put(new.tenant, new.id, io.BytesIO(form.dispute.encode()))
            for upload in form.uploads:
                content.put(new.tenant, new.id, upload.stream)
            job, made = jobs.submit(replace(new, request_ref=asked.sha256), reception, charge)
        except (IdempotencyMismatch, LimitReached, QueueFull, OSError):
            self._drop(new)
            raise
        # Any other error may come after the commit: then the bytes belong to a job, and if not,
        # they are deleted with what else belongs to none.
        if not made:
            self._drop(new)
        return Taken(job, made)

    def _drop(self, new: NewJob) -> None:
        with contextlib.suppress(OSError):  # then they are deleted later
            self._backend.content.delete(new.tenant, new.id)


def _described(uploads: Sequence[Upload]) -> tuple[StoredFile, ...]:
    described = []
    for upload in uploads:
        digest = digest_of(upload.stream)
        described.append(StoredFile(upload.name, digest.size, digest.sha256))
    return tuple(described)


def _content(upload: Upload) -> bytes:
    upload.stream.seek(0)
    return upload.stream.read()
