"""Disputes being worked on, in the memory of one process: bounded, and lost on restart.

A dispute goes queued -> running -> done or failed, never back. A durable store takes this module's
place later; its callers see only `submit` and `find`.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from serving.schema import Dispute, ProblemDetails, State, problem

logger = logging.getLogger(__name__)

Work = Callable[[], Awaitable[dict[str, Any]]]  # gives verdict, documents and problems as JSON
Explain = Callable[[Exception], ProblemDetails]


class QueueFull(RuntimeError):
    """No further dispute can be taken on now; the message says when to come back."""


@dataclass(slots=True)
class Job:
    """One dispute and how far it is. `pending_bytes` is what its attachments take in memory."""

    dispute_id: str
    pending_bytes: int
    submitted_at: datetime
    state: State = "queued"
    finished_at: datetime | None = None
    result: dict[str, Any] = field(default_factory=dict)
    error: ProblemDetails | None = None

    def view(self) -> Dispute:
        """What the caller is told."""
        return Dispute(
            dispute_id=self.dispute_id,
            state=self.state,
            submitted_at=self.submitted_at.isoformat(),
            finished_at=self.finished_at.isoformat() if self.finished_at else None,
            error=self.error,
            **self.result,
        )


class Jobs:
    """At most `kept` disputes, `running` of them worked on at once, `pending_bytes` in memory."""

    def __init__(self, kept: int, running: int, pending_bytes: int, explain: Explain) -> None:
        self._kept = kept
        self._pending_bytes = pending_bytes
        self._explain = explain
        self._slots = asyncio.Semaphore(running)
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def find(self, dispute_id: str) -> Job | None:
        """The dispute of that id, None when it is unknown or forgotten."""
        return self._jobs.get(dispute_id)

    def submit(self, size: int, work: Work) -> Job:
        """A new dispute of `size` bytes that `work` will settle. Raises `QueueFull`."""
        self._make_room(size)
        job = Job(secrets.token_urlsafe(16), size, datetime.now(UTC))
        self._jobs[job.dispute_id] = job
        task = asyncio.create_task(self._settle(job, work))
        # The event loop holds tasks weakly: without this one could vanish half done.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def _make_room(self, size: int) -> None:
        pending = sum(job.pending_bytes for job in self._jobs.values())
        if pending and pending + size > self._pending_bytes:
            raise QueueFull(
                f"{pending} bytes of attachments are waiting, at most {self._pending_bytes} are"
                " held; post the dispute again in a few seconds"
            )
        if len(self._jobs) < self._kept:
            return
        finished = next((job for job in self._jobs.values() if job.finished_at), None)
        if finished is None:
            raise QueueFull(
                f"{len(self._jobs)} disputes are waiting, at most {self._kept} are held;"
                " post the dispute again in a few seconds"
            )
        del self._jobs[finished.dispute_id]

    async def _settle(self, job: Job, work: Work) -> None:
        try:
            async with self._slots:
                job.state = "running"
                job.result = await work()
            job.state = "done"
        # Whatever went wrong belongs to this dispute alone; the service lives on.
        except Exception as error:
            job.error = self._explain(error)
            job.state = "failed"
            if job.error.code == "internal":
                logger.exception("dispute %s failed", job.dispute_id)
        except asyncio.CancelledError:
            job.error = problem("internal", "the service stopped; post the dispute again")
            job.state = "failed"
            raise
        finally:
            job.finished_at = datetime.now(UTC)
            job.pending_bytes = 0
