"""The worker: claims jobs, reads their attachments, examines them and publishes the results.

Plain asyncio, no Ray. Any number of workers share a store, in one process or in many: all state
that matters is in the store. A worker that dies loses only its lease; one that has lost its lease
stops at the next await and cannot publish.
"""

import asyncio
import contextlib
import io
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from data.order_records import OrderData
from data.pages.attachments import PageSizes
from data.records import ExtractedDocument
from serving.evidence.changes import changes_between, labels_of, overview_of
from serving.evidence.corrections import corrected, corrections_from_bytes
from serving.service.refusals import INTERNAL, refusal
from serving.service.retention import delete_expired, delete_orphans
from serving.store.content import ContentStore
from serving.store.jobs import Clock, JobStore
from serving.store.leases import Claim, Leases, News
from serving.store.submission import Documents, parse_dispute
from serving.wire.document_json import (
    document_to_json,
    documents_from_json,
    problem_to_json,
)
from serving.wire.schema import ProblemDetails
from serving.wire.structured_files import is_data, parse_attachment

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Extract = Callable[[str, bytes, PageSizes | None], Awaitable[Documents]]
Examine = Callable[[Sequence[ExtractedDocument], OrderData], dict[str, Any]]

# Another attempt may succeed: a reading process was killed, a program is being installed.
_TRANSIENT_CODES = frozenset({"reader_unavailable", "model_unavailable"})
_LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Processing:
    """The functions that process a job, and the versions recorded with its result.

    `extract` returns the documents of an attachment, whose page sizes may be given, or raises
    `AttachmentError`; `examine` returns the verdict as JSON. The versions are those of the model
    and of the policy. `watch` is entered around the work on each job, in the task that does it.
    """

    extract: Extract
    examine: Examine
    model_version: str
    policy_version: str
    watch: Callable[[Claim], AbstractContextManager[None]] = lambda claim: nullcontext()


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a job as JSON, and what the tables hold of it."""

    content: dict[str, Any]
    news: News


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of jobs and their files; `jobs` and `leases` use the same clock."""

    jobs: JobStore
    leases: Leases
    content: ContentStore
    clock: Clock


@dataclass(frozen=True, slots=True)
class Pace:
    """Number of concurrent jobs, and intervals in seconds."""

    at_once: int = 2  # jobs
    poll_s: float = 1.0  # between two polls for jobs without a hint
    retry_s: float = 2.0  # before the second attempt; four times as long before each further one
    retention_s: float = 600.0  # between two deletions of expired jobs


class Worker:
    """One worker; `run` works until `drain` is called or the task is cancelled."""

    def __init__(
        self, owner: str, stores: Stores, processing: Processing, pace: Pace | None = None
    ) -> None:
        self._owner = owner
        self._stores = stores
        self._processing = processing
        self._pace = pace or Pace()
        self._tasks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        # Monotonic time of the loop's last turn; it advances while the worker is well.
        self.last_turn = time.monotonic()

    @property
    def busy(self) -> int:
        """The number of jobs being worked on."""
        return len(self._tasks)

    def wake(self) -> None:
        """Hint that there is a job; called in the worker's own event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and process jobs until drained; also delete expired jobs."""
        housekeeping = asyncio.create_task(self._delete_regularly())
        try:
            while not self._stopping:
                self.last_turn = time.monotonic()
                self._woken.clear()
                claim = await self._claim() if self.busy < self._pace.at_once else None
                if claim is not None and self._stopping:
                    # Drained during the claim: nothing would wait for this job any more.
                    await self._release(claim)
                elif claim is not None:
                    self._start(claim)
                    continue
                with contextlib.suppress(TimeoutError):
                    # Random, so that workers started together do not poll together.
                    pause = self._pace.poll_s * random.uniform(0.75, 1.25)
                    await asyncio.wait_for(self._woken.wait(), pause)
        finally:
            housekeeping.cancel()
            if not self._stopping:
                await self._cancel_tasks()

    async def drain(self, grace_s: float = 0.0) -> None:
        """Claim no more jobs, wait up to `grace_s` for running ones, and release the others."""
        self._stopping = True
        self.wake()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        await self._cancel_tasks()

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _claim(self) -> Claim | None:
        try:
            return await asyncio.to_thread(self._stores.leases.claim, self._owner)
        except Exception:  # the database is unavailable: the jobs wait, and are claimed later
            logger.exception("claiming a job failed")
            return None

    async def _release(self, claim: Claim) -> None:
        try:
            await asyncio.to_thread(self._stores.leases.release, claim)
        except Exception:  # the database is unavailable: the lease will run out
            logger.exception("job %s could not be released", claim.job_id)

    def _start(self, claim: Claim) -> None:
        task = asyncio.create_task(self._work(claim), name=f"job {claim.job_id}")
        # The event loop holds only weak references: without this set a task could vanish half done.
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s failed and is left to another worker", task.get_name(), exc_info=error)

    async def _work(self, claim: Claim) -> None:
        """Process one job to its end, unless the lease is lost or the worker stops."""
        leases = self._stores.leases
        work = asyncio.create_task(self._watched_result(claim))
        heartbeats = asyncio.create_task(self._keep_lease(claim, work))
        try:
            result = await work
            sha256 = await self._retry_call(lambda: self._store_result(claim, result.content))
            published = await self._retry_call(
                lambda: leases.publish(
                    claim,
                    sha256,
                    self._processing.model_version,
                    self._processing.policy_version,
                    result.news,
                )
            )
            if not published:
                await self._delete_leftovers(claim)
        except asyncio.CancelledError:
            if not _is_cancelled():  # `_keep_lease` cancelled the work: the lease is lost
                logger.info("job %s: the lease with fence %d was lost", claim.job_id, claim.fence)
                await self._delete_leftovers(claim)
                return
            await asyncio.to_thread(leases.release, claim)
            raise
        except Exception as error:  # whatever went wrong belongs to this job alone
            await self._fail_or_postpone(claim, error)
        finally:
            heartbeats.cancel()
            work.cancel()

    async def _keep_lease(self, claim: Claim, work: asyncio.Task[Any]) -> None:
        """Send heartbeats; cancel the work when the lease is lost, or may be."""
        leases = self._stores.leases
        loop = asyncio.get_running_loop()
        lease_s = leases.lease.total_seconds()
        until = loop.time() + lease_s
        while True:
            await asyncio.sleep(lease_s / 4)
            sent_at = loop.time()
            try:
                is_held = await asyncio.to_thread(leases.heartbeat, claim)
            except Exception:  # the database is unavailable; the lease may outlast that
                logger.exception("job %s: the heartbeat failed", claim.job_id)
                is_held = loop.time() < until
            else:
                until = sent_at + lease_s
            if not is_held:
                work.cancel()
                return

    async def _watched_result(self, claim: Claim) -> Result:
        with self._processing.watch(claim):
            return await self._compute_result(claim)

    async def _compute_result(self, claim: Claim) -> Result:
        """Return the result of a job. Reads files one by one, each only once in a job's life."""
        data, documents, posted_documents = None, list[ExtractedDocument](), Documents()
        if claim.kind == "dispute":
            text = (await self._content(claim, claim.request_ref)).decode()
            data, posted_documents = await asyncio.to_thread(parse_dispute, text)
            documents.extend(posted_documents)
        readings = dict[int, str]()
        for position in range(len(claim.attachments)):
            documents.extend(await self._file_documents(claim, position, readings))
        pages = sum(len(document.pages) for document in documents[len(posted_documents) :])
        if data is None:
            result = {"documents": [document_to_json(document) for document in documents]}
            return Result(result, News(pages=pages, readings=readings))
        corrections = corrections_from_bytes(await self._content(claim, claim.corrections_ref))
        documents = list(corrected(documents, corrections))
        verdict = await asyncio.to_thread(self._processing.examine, documents, data)
        news = News(
            pages=pages,
            overview=overview_of(verdict, documents),
            labels=labels_of(verdict, documents),
            changes=await self._changes(claim, verdict),
            readings=readings,
        )
        return Result(_dispute_result(verdict, documents), news)

    async def _content(self, claim: Claim, sha256: str | None) -> bytes:
        """Return content of the job's; without any the empty list or object."""
        if sha256 is None:
            return b"[]"
        read = self._stores.content.read
        return await asyncio.to_thread(read, claim.tenant, claim.job_id, sha256)

    async def _changes(self, claim: Claim, verdict: dict[str, Any]) -> dict[str, Any] | None:
        if claim.earlier_ref is None:
            return None
        earlier = json.loads(await self._content(claim, claim.earlier_ref))
        return changes_between(earlier["verdict"], verdict)

    async def _file_documents(
        self, claim: Claim, position: int, readings: dict[int, str]
    ) -> Documents:
        """Return the documents of one attachment, read now unless they were read before.

        What is read now is stored under a digest in `readings`. Where the job has several
        attachments it is recorded at once, so that a job that is begun again goes on from there.
        """
        file = claim.attachments[position]
        if file.documents_ref is not None:
            stored = await self._content(claim, file.documents_ref)
            return await asyncio.to_thread(documents_from_json, stored, file.name)
        content = await self._content(claim, file.sha256)
        if is_data(content):
            return await asyncio.to_thread(parse_attachment, content, file.name)
        read = await self._processing.extract(file.name, content, file.page_sizes)
        stored, documents = await asyncio.to_thread(_settle_reading, read, file.name)
        put = partial(self._stores.content.put, claim.tenant, claim.job_id)
        digest = await asyncio.to_thread(put, io.BytesIO(stored))
        readings[position] = digest.sha256
        if len(claim.attachments) > 1:
            record = self._stores.leases.record_reading
            await asyncio.to_thread(record, claim, position, digest.sha256)
        return documents

    def _store_result(self, claim: Claim, result: dict[str, Any]) -> str:
        text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        content = self._stores.content
        return content.put(claim.tenant, claim.job_id, io.BytesIO(text.encode())).sha256

    async def _fail_or_postpone(self, claim: Claim, error: Exception) -> None:
        """Fail the job where the document is at fault, else postpone it while attempts are left."""
        refused = refusal(error)
        if refused is None:
            logger.error("job %s: attempt %d failed", claim.job_id, claim.attempt, exc_info=error)
        leases = self._stores.leases
        transient = refused is None or refused.code in _TRANSIENT_CODES
        if transient and claim.attempt < leases.attempts:
            wait = timedelta(seconds=self._pace.retry_s * 4 ** (claim.attempt - 1))
            await self._retry_call(lambda: leases.postpone(claim, wait))
        else:
            details: ProblemDetails = refused or INTERNAL
            await self._retry_call(lambda: leases.fail(claim, details.model_dump()))

    async def _retry_call(self, call: Callable[[], Answer]) -> Answer:
        """Return the result of a call to a store, retrying until the lease is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._stores.leases.lease.total_seconds()
        pause = 0.1
        while True:
            try:
                return await asyncio.to_thread(call)
            except Exception:
                if loop.time() + pause > deadline:
                    raise
                logger.warning("a store did not answer; trying again", exc_info=True)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _delete_leftovers(self, claim: Claim) -> None:
        """Delete files that were stored for a job after it was deleted."""
        jobs, content = self._stores.jobs, self._stores.content
        if await asyncio.to_thread(jobs.find, claim.tenant, claim.job_id) is None:
            await asyncio.to_thread(content.delete, claim.tenant, claim.job_id)

    async def _delete_regularly(self) -> None:
        stores = self._stores
        while True:
            try:
                await asyncio.to_thread(delete_expired, stores.jobs, stores.content)
                await asyncio.to_thread(delete_orphans, stores.jobs, stores.content, stores.clock)
            except Exception:
                logger.exception("expired jobs could not be deleted")
            await asyncio.sleep(self._pace.retention_s)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _settle_reading(read: Documents, name: str) -> tuple[bytes, Documents]:
    """Return documents as they are stored, and as they come back from there.

    The first verdict and every later one rest on the same numbers, rounded as they are shown.
    """
    listed = [document_to_json(document) for document in read]
    stored = json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()
    return stored, documents_from_json(stored, name)


def _dispute_result(
    verdict: dict[str, Any], documents: Sequence[ExtractedDocument]
) -> dict[str, Any]:
    problems = [
        {"document_id": document.document_id, **problem_to_json(problem)}
        for document in documents
        for problem in document.problems
    ]
    return {
        "verdict": verdict,
        "documents": [document_to_json(document) for document in documents],
        "problems": problems,
    }
