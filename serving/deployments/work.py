"""The deployment `work`: processes jobs from the store and delivers webhooks."""

import asyncio
import contextlib
import logging
import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from ray.serve.handle import DeploymentHandle

from data.order_records import OrderData
from data.pages.attachments import PageSizes
from data.records import ExtractedDocument
from serving.deployments.documents import Documents
from serving.deployments.stores import open_stores
from serving.matching.rules.policy import Policy
from serving.service.doctor import native_versions
from serving.service.liveness import Stuck
from serving.service.ray_ports import keep_replica_local
from serving.service.versions import model_version, policy_version
from serving.service.worker import Pace, Processing, Worker
from serving.settings import Settings
from serving.store.jobs import JobStore
from serving.store.leases import Claim
from serving.telemetry import metrics, traces
from serving.telemetry.logs import log_event, set_up_logs, tenant_hash
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.verdict.vendor_message import write_message
from serving.verdict.vendor_message_templates import load_templates
from serving.webhooks.delivery import DeliveryLoop
from serving.webhooks.sending import Sender
from serving.wire.policy_file import load_policy

logger = logging.getLogger(__name__)

# The worker's loop turns about every second; it waits for the database, but not without limit.
TURN_BUDGET_S = 120.0
_COUNT_EVERY_S = 15.0

# The trace of the job that the running task works on.
_job_trace: ContextVar[traces.Carrier] = ContextVar("job_trace", default=traces.NOWHERE)


class Work:
    """A worker on jobs; `wake` is the hint that one is waiting."""

    # Serve awaits it: the worker needs the running loop.
    async def __init__(  # type: ignore[misc]
        self, settings: Settings, reading: DeploymentHandle[Any], model: DeploymentHandle[Any]
    ) -> None:
        set_up_logs("work")
        keep_replica_local()
        self._documents = Documents("work", reading, model)
        self._record = self._documents.record
        self._traces = self._documents.traces
        self._policy = load_policy(settings.policy) if settings.policy else Policy()
        self._templates = load_templates(settings.vendor_messages)
        self._drain_s = settings.drain_s
        self._draining = False
        stores = await asyncio.to_thread(open_stores, settings)
        processing = Processing(
            extract=self._extract,
            examine=self._examine,
            model_version=f"{model_version(settings.checkpoint)} {native_versions()}",
            policy_version=policy_version(self._policy),
            watch=self._watch,
        )
        # A restarted worker is a new owner: leases of the old one are not its own.
        owner = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        self._worker = Worker(
            owner, stores.work, processing, Pace(at_once=settings.running_disputes)
        )
        self._running = asyncio.create_task(self._worker.run())
        delivery = DeliveryLoop(stores.webhooks, Sender(settings.webhooks_to_loopback))
        self._delivering = asyncio.create_task(delivery.run())
        self._counting = asyncio.create_task(self._count(stores.work.jobs))

    async def wake(self) -> None:
        """Look for a job now."""
        self._worker.wake()

    async def drain(self) -> None:
        """Accept no more jobs; running ones finish, or are released when their time is over.

        To be called before the application is deleted: Serve stops all deployments at once, and a
        job under way needs `reading` and `model`.
        """
        self._draining = True
        await self._worker.drain(self._drain_s)

    async def check_health(self) -> None:
        """Raise `Stuck` when the worker ended or its loop hangs."""
        if self._draining:
            return
        if self._running.done():
            raise Stuck("the worker has ended")
        if self._delivering.done():
            raise Stuck("the delivery of webhooks has ended")
        silent_s = time.monotonic() - self._worker.last_turn
        if silent_s > TURN_BUDGET_S:
            raise Stuck(f"no turn of the worker for {silent_s:.0f} s, {TURN_BUDGET_S:g} allowed")

    async def __del__(self) -> None:
        """Stop when Serve removes the replica: running jobs finish or are released."""
        self._counting.cancel()
        self._delivering.cancel()
        await self._worker.drain(self._drain_s)
        await self._running
        self._traces.close()

    async def _extract(
        self, name: str, content: bytes, page_sizes: PageSizes | None
    ) -> tuple[ExtractedDocument, ...]:
        return await self._documents.extract(name, content, page_sizes, _job_trace.get())

    def _examine(self, documents: Sequence[ExtractedDocument], data: OrderData) -> dict[str, Any]:
        with (
            metrics.Stopwatch(self._record, "examine"),
            self._traces.span("examine", _job_trace.get(), documents=len(documents)),
        ):
            today = datetime.now(UTC).date()
            examined = examine(documents, data, self._policy, today)
            verdict = verdict_to_json(write_message(examined, documents, data, self._templates))
        self._record(metrics.VERDICTS, 1, status=verdict["status"])
        return verdict

    @contextlib.contextmanager
    def _watch(self, claim: Claim) -> Iterator[None]:
        """Record a span, figures and a line in the log around the work on one job."""
        began = time.monotonic()
        waited_s = (datetime.now(UTC) - claim.submitted_at).total_seconds()
        outcome = "failed"
        with self._traces.span(
            "work", traces.job_carrier(claim.job_id), attempt=claim.attempt, kind=claim.kind
        ) as span:
            token = _job_trace.set(span)
            try:
                yield
                outcome = "done"
            except asyncio.CancelledError:
                outcome = "stopped"
                raise
            finally:
                _job_trace.reset(token)
                seconds = time.monotonic() - began
                self._record(metrics.ATTEMPTS, 1, kind=claim.kind, outcome=outcome)
                self._record(metrics.STAGE_SECONDS, seconds, stage="settle")
                log_event(
                    logger,
                    "job worked on",
                    job_id=claim.job_id,
                    tenant=tenant_hash(claim.tenant),
                    kind=claim.kind,
                    state=outcome,
                    attempt=claim.attempt,
                    fence=claim.fence,
                    attachments=len(claim.attachments),
                    bytes=sum(file.size for file in claim.attachments),
                    queue_seconds=round(waited_s, 3),
                    seconds=round(seconds, 3),
                )

    async def _count(self, jobs: JobStore) -> None:
        """Record the backlog; every worker records the same one, the store's."""
        while True:
            try:
                backlog = await asyncio.to_thread(jobs.backlog)
            except Exception:  # the database is away; the next look is soon
                logger.exception("the backlog could not be counted")
            else:
                oldest = backlog.oldest
                age_s = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
                self._record(metrics.JOBS, backlog.queued, state="queued")
                self._record(metrics.JOBS, backlog.running, state="running")
                self._record(metrics.QUEUE_AGE, max(age_s, 0.0))
            await asyncio.sleep(_COUNT_EVERY_S)
