"""`Prefer: wait=N` (RFC 7240): an answer that is held back until a job is finished, for a while."""

import asyncio
import re
from typing import Annotated

from fastapi import Header
from fastapi.concurrency import run_in_threadpool

from serving.store.jobs import Job, JobStore

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})\"?(?=$|[,;\s])", re.IGNORECASE)
# Between two looks at the job: at first small documents are waited for, then long ones.
_FIRST_LOOK_S, _LAST_LOOK_S = 0.03, 0.5

Prefer = Annotated[
    str | None,
    Header(description="`wait=N`: wait up to N seconds for the result, as far as is allowed."),
]


def wanted_wait(prefer: str | None, most: int) -> int | None:
    """Seconds to wait by the header, `most` at most; None where it does not say."""
    found = _WAIT.search(prefer or "")
    return min(int(found[1]), most) if found else None


async def finished(jobs: JobStore, job: Job, seconds: float) -> Job | None:
    """The job as soon as it is finished, as it is after that time, None once it is deleted."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    pause = _FIRST_LOOK_S
    seen: Job | None = job
    while seen is not None and seen.finished_at is None and loop.time() < deadline:
        await asyncio.sleep(min(pause, max(0.0, deadline - loop.time())))
        pause = min(pause * 1.5, _LAST_LOOK_S)
        seen = await run_in_threadpool(jobs.find, job.tenant, job.id)
    return seen
