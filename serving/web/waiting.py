"""`Prefer: wait=N` (RFC 7240): an answer that is held back until a job is finished, for a while."""

import asyncio
import logging
import re
from collections import Counter
from typing import Annotated

from fastapi import Header
from fastapi.concurrency import run_in_threadpool

from serving.store.jobs import Job, JobStore

logger = logging.getLogger(__name__)

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})\"?(?=$|[,;\s])", re.IGNORECASE)
_LOOK_EVERY_S = 0.08

Prefer = Annotated[
    str | None,
    Header(description="`wait=N`: wait up to N seconds for the result, as far as is allowed."),
]


def wanted_wait(prefer: str | None, most: int) -> int | None:
    """Seconds to wait by the header, `most` at most; None where it does not say."""
    found = _WAIT.search(prefer or "")
    return min(int(found[1]), most) if found else None


class Endings:
    """Waits for the ends of jobs; one question to the store serves all requests that wait."""

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._waited_for: Counter[str] = Counter()
        self._looked = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._unfinished: set[str] = set()

    async def finished(self, job: Job, seconds: float) -> Job | None:
        """The job as soon as it is finished, as it is after that time, None once it is deleted."""
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
            asked = list(self._waited_for)
            try:
                unfinished = await run_in_threadpool(self._jobs.unfinished_among, asked)
            except Exception:  # the database is away; who waits finds out when their time is over
                logger.exception("the ends of jobs could not be looked for")
                continue
            async with self._looked:
                self._unfinished = unfinished | (set(self._waited_for) - set(asked))
                self._looked.notify_all()
