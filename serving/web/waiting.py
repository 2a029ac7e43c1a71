"""`Prefer: wait=N` (RFC 7240): responses that wait for a job to finish, up to a time limit."""

import asyncio
import logging
import re
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.concurrency import run_in_threadpool

from serving.store.jobs import Job, JobStore
from serving.web.taking import IdempotencyKey

logger = logging.getLogger(__name__)

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})\"?(?=$|[,;\s])", re.IGNORECASE)
_LOOK_EVERY_S = 0.08

Prefer = Annotated[
    str | None,
    Header(description="`wait=N`: wait up to N seconds for the result, at most `wait_s`."),
]


@dataclass(frozen=True, slots=True)
class Terms:
    """Headers of a request that adds something: its idempotency key, and how long it waits."""

    key: str | None
    prefer: str | None


def requested_terms(key: IdempotencyKey = None, prefer: Prefer = None) -> Terms:
    """Return the terms in the headers of a request."""
    return Terms(key, prefer)


RequestTerms = Annotated[Terms, Depends(requested_terms)]


def requested_wait(prefer: str | None, longest_s: int) -> int | None:
    """Return the seconds to wait by the header, at most `longest_s`; None where it has none."""
    match = _WAIT.search(prefer or "")
    return min(int(match[1]), longest_s) if match else None


class JobWaiter:
    """Waits for jobs to finish; one query of the store serves all waiting requests."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._waited_for: Counter[str] = Counter()
        self._looked = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._unfinished: set[str] = set()

    async def finished(self, job: Job, seconds: float) -> Job | None:
        """Return the job once it finishes or the time is over; None where it was deleted."""
        if job.finished_at is not None or seconds <= 0:
            return job
        self._waited_for[job.id] += 1
        self._unfinished.add(job.id)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(seconds), self._looked:
                await self._looked.wait_for(lambda: job.id not in self._unfinished)
        except TimeoutError:
            pass
        finally:
            self._waited_for -= Counter([job.id])
        return await run_in_threadpool(self._jobs.find, job.tenant, job.id)

    async def _look(self) -> None:
        while self._waited_for:
            await asyncio.sleep(_LOOK_EVERY_S)
            job_ids = list(self._waited_for)
            try:
                unfinished = await run_in_threadpool(self._jobs.unfinished_among, job_ids)
            except Exception:  # the database is unavailable; requests wait until their time is over
                logger.exception("finished jobs could not be queried")
                continue
            async with self._looked:
                self._unfinished = unfinished | (set(self._waited_for) - set(job_ids))
                self._looked.notify_all()
