"""Works on jobs: claims one, reads its attachments, examines, publishes; until told to stop.

Plain asyncio, no Ray. Any number of workers share a store, in one process or in many: nothing here
is remembered that the store does not know. A worker that dies loses nothing but its lease; one
that has lost its lease stops at the next await and cannot publish.
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
from typing import Any, TypeVar

from data.order_records import OrderData
from data.pages.attachments import PageSizes
from data.records import ExtractedDocument
from serving.service.refusals import INTERNAL, refusal
from serving.service.retention import delete_expired, delete_orphans
from serving.store.content import ContentStore
from serving.store.jobs import Clock, JobStore, StoredFile
from serving.store.leases import Claim, Leases
from serving.store.submission import Documents, parse_dispute
from serving.wire.attachments_in import stamped
from serving.wire.document_json import document_to_json, problem_to_json
from serving.wire.schema import ProblemDetails
from serving.wire.structured_files import given_documents, is_data

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Extract = Callable[[str, bytes, PageSizes | None], Awaitable[Documents]]
Examine = Callable[[Sequence[ExtractedDocument], OrderData], dict[str, Any]]

# Another attempt may go better: a reading process was killed, a program is being installed.
_PASSING = frozenset({"reader_unavailable", "model_unavailable"})
_LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Craft:
    """How the work is done.

    `extract` gives the documents of an attachment, whose page sizes may be known, or raises
    `AttachmentError`; `examine` gives the verdict as JSON. The versions are those of the model and
    of the rules, kept with each result.
    `watch` is entered around the work on each job, in the task that does it.
    """

    extract: Extract
    examine: Examine
    model_version: str
    policy_version: str
    watch: Callable[[Claim], AbstractContextManager[None]] = lambda claim: nullcontext()


@dataclass(frozen=True, slots=True)
class Stores:
    """Where jobs and their bytes are; both sides of the job store under the same clock."""

    jobs: JobStore
    leases: Leases
    content: ContentStore
    clock: Clock


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once and how often, in seconds."""

    at_once: int = 2  # jobs
    poll_s: float = 1.0  # looks for jobs that no hint told of
    retry_s: float = 2.0  # before the second attempt; four times as long before each further one
    retention_s: float = 600.0  # between two looks for what is to be deleted


class Worker:
    """One worker; `run` works until `drain` is called or it is cancelled."""

    def __init__(self, owner: str, stores: Stores, craft: Craft, pace: Pace | None = None) -> None:
        self._owner = owner
        self._stores = stores
        self._craft = craft
        self._pace = pace or Pace()
        self._tasks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        # When the loop last came round, on the monotonic clock: it does while the worker is well.
        self.last_turn = time.monotonic()

    @property
    def busy(self) -> int:
        """Jobs being worked on."""
        return len(self._tasks)

    def wake(self) -> None:
        """A hint that there is a job, from the worker's own event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Claims and works until drained; also deletes what has had its time."""
        keeping = asyncio.create_task(self._keep_house())
        try:
            while not self._stopping:
                self.last_turn = time.monotonic()
                self._woken.clear()
                claim = await self._claim() if self.busy < self._pace.at_once else None
                if claim is not None and self._stopping:
                    # Drained while the store was asked: nobody would wait for it any more.
                    await self._decline(claim)
                elif claim is not None:
                    self._begin(claim)
                    continue
                with contextlib.suppress(TimeoutError):
                    # Not all workers of a start at the same moment.
                    pause = self._pace.poll_s * random.uniform(0.75, 1.25)
                    await asyncio.wait_for(self._woken.wait(), pause)
        finally:
            keeping.cancel()
            if not self._stopping:
                await self._give_back()

    async def drain(self, grace_s: float = 0.0) -> None:
        """Takes no more jobs, gives those begun so much time to end, hands the others back."""
        self._stopping = True
        self.wake()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        await self._give_back()

    async def _give_back(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _claim(self) -> Claim | None:
        try:
            return await asyncio.to_thread(self._stores.leases.claim, self._owner)
        except Exception:  # the database is away: it is asked again, jobs wait in it meanwhile
            logger.exception("no job could be claimed")
            return None

    async def _decline(self, claim: Claim) -> None:
        try:
            await asyncio.to_thread(self._stores.leases.release, claim)
        except Exception:  # the database is away: the lease will run out
            logger.exception("job %s could not be handed back", claim.job_id)

    def _begin(self, claim: Claim) -> None:
        task = asyncio.create_task(self._work(claim), name=f"job {claim.job_id}")
        # The event loop holds tasks weakly: without this one could vanish half done.
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s was left to another worker", task.get_name(), exc_info=error)

    async def _work(self, claim: Claim) -> None:
        """Brings one job to its end, unless the lease is lost on the way or the worker stops."""
        leases = self._stores.leases
        work = asyncio.create_task(self._watched(claim))
        keeping = asyncio.create_task(self._keep(claim, work))
        try:
            result, pages = await work
            sha256 = await self._insist(lambda: self._put(claim, result))
            published = await self._insist(
                lambda: leases.publish(
                    claim,
                    sha256,
                    self._craft.model_version,
                    self._craft.policy_version,
                    pages,
                )
            )
            if not published:
                await self._tidy(claim)
        except asyncio.CancelledError:
            if not _is_cancelled():  # the keeper did it: the job is no longer ours
                logger.info("job %s: fence %d was lost", claim.job_id, claim.fence)
                await self._tidy(claim)
                return
            await asyncio.to_thread(leases.release, claim)
            raise
        except Exception as error:  # whatever went wrong belongs to this job alone
            await self._end_badly(claim, error)
        finally:
            keeping.cancel()
            work.cancel()

    async def _keep(self, claim: Claim, work: asyncio.Task[Any]) -> None:
        """Heartbeats; stops the work when the job is another's, or may be by now."""
        leases = self._stores.leases
        loop = asyncio.get_running_loop()
        lease_s = leases.lease.total_seconds()
        until = loop.time() + lease_s
        while True:
            await asyncio.sleep(lease_s / 4)
            asked = loop.time()
            try:
                kept = await asyncio.to_thread(leases.heartbeat, claim)
            except Exception:  # the database is away; the lease may outlast that
                logger.exception("job %s: no heartbeat", claim.job_id)
                kept = loop.time() < until
            else:
                until = asked + lease_s
            if not kept:
                work.cancel()
                return

    async def _watched(self, claim: Claim) -> tuple[dict[str, Any], int]:
        with self._craft.watch(claim):
            return await self._result(claim)

    async def _result(self, claim: Claim) -> tuple[dict[str, Any], int]:
        """The result of a job as JSON, and how many pages it took. Attachments one by one."""
        read = self._stores.content.read
        text = ""
        if claim.request_ref is not None:
            asked = await asyncio.to_thread(read, claim.tenant, claim.job_id, claim.request_ref)
            text = asked.decode()
        data, documents = None, list[ExtractedDocument]()
        if claim.kind == "dispute":
            data, given = await asyncio.to_thread(parse_dispute, text)
            documents.extend(given)
        pages = 0
        for file in claim.attachments:
            content = await asyncio.to_thread(read, claim.tenant, claim.job_id, file.sha256)
            found = await self._documents(file, content)
            pages += sum(len(document.pages) for document in found)
            documents.extend(found if data is None else stamped(found, content))
        if data is None:
            return {"documents": [document_to_json(document) for document in documents]}, pages
        verdict = await asyncio.to_thread(self._craft.examine, documents, data)
        return _dispute_result(verdict, documents), pages

    async def _documents(self, file: StoredFile, content: bytes) -> Documents:
        if is_data(content):
            return await asyncio.to_thread(given_documents, content, file.name)
        return await self._craft.extract(file.name, content, file.page_sizes)

    def _put(self, claim: Claim, result: dict[str, Any]) -> str:
        text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        content = self._stores.content
        return content.put(claim.tenant, claim.job_id, io.BytesIO(text.encode())).sha256

    async def _end_badly(self, claim: Claim, error: Exception) -> None:
        """Fails the job for good where the document is at fault, else leaves it another attempt."""
        refused = refusal(error)
        if refused is None:
            logger.error("job %s: attempt %d", claim.job_id, claim.attempt, exc_info=error)
        leases = self._stores.leases
        passing = refused is None or refused.code in _PASSING
        if passing and claim.attempt < leases.attempts:
            wait = timedelta(seconds=self._pace.retry_s * 4 ** (claim.attempt - 1))
            await self._insist(lambda: leases.postpone(claim, wait))
        else:
            details: ProblemDetails = refused or INTERNAL
            await self._insist(lambda: leases.fail(claim, details.model_dump()))

    async def _insist(self, call: Callable[[], Answer]) -> Answer:
        """The answer of a store that may be away for a moment; gives up when the lease is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._stores.leases.lease.total_seconds()
        pause = 0.1
        while True:
            try:
                return await asyncio.to_thread(call)
            except Exception:
                if loop.time() + pause > deadline:
                    raise
                logger.warning("a store did not answer, asking again", exc_info=True)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _tidy(self, claim: Claim) -> None:
        """Where the job was deleted during the work, what was written since goes too."""
        jobs, content = self._stores.jobs, self._stores.content
        if await asyncio.to_thread(jobs.find, claim.tenant, claim.job_id) is None:
            await asyncio.to_thread(content.delete, claim.tenant, claim.job_id)

    async def _keep_house(self) -> None:
        stores = self._stores
        while True:
            try:
                await asyncio.to_thread(delete_expired, stores.jobs, stores.content)
                await asyncio.to_thread(delete_orphans, stores.jobs, stores.content, stores.clock)
            except Exception:
                logger.exception("what has had its time could not be deleted")
            await asyncio.sleep(self._pace.retention_s)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _dispute_result(
    verdict: dict[str, Any], documents: Sequence[ExtractedDocument]
) -> dict[str, Any]:
    problems = [
        {"document_id": document.document_id, **problem_to_json(found)}
        for document in documents
        for found in document.problems
    ]
    return {
        "verdict": verdict,
        "documents": [document_to_json(document) for document in documents],
        "problems": problems,
    }
