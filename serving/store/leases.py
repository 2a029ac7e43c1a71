"""Jobs from a worker's side: claimed under a lease, kept by heartbeats, published once.

Work is done at least once, its result is published exactly once. Every claim raises the job's
fence; only the holder of the newest fence can write. The lease of a worker that dies runs out, and
the job is claimed again, up to `JobRules.attempts` times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy import update as update_rows
from sqlalchemy.orm import aliased

from serving.store.database import advisory_lock, write_transaction
from serving.store.jobs import Clock, Kind, StoredFile, finish
from serving.store.rules import JobRules
from serving.store.tables import AttachmentRow, JobRow
from serving.wire.schema import problem

# PostgreSQL: tenants take turns and stay within their limit because claims do not overlap. A claim
# takes milliseconds, the work it begins seconds.
_CLAIM_LOCK = 740_002


@dataclass(frozen=True, slots=True)
class Claim:
    """A job to work on, ours while `fence` is the newest."""

    job_id: str
    tenant: str
    kind: Kind
    request_ref: str | None
    attachments: tuple[StoredFile, ...]
    fence: int
    attempt: int  # from 1
    submitted_at: datetime


class Leases:
    """Claims and their outcomes; a False result means the lease is lost: stop the work."""

    def __init__(self, engine: Engine, clock: Clock, rules: JobRules | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules or JobRules()

    @property
    def lease(self) -> timedelta:
        """The time after which a worker without a heartbeat loses its job."""
        return self._rules.lease

    @property
    def attempts(self) -> int:
        """The number of claims after which a job is failed."""
        return self._rules.attempts

    def claim(self, owner: str) -> Claim | None:
        """Claim the next job for `owner`; None where no job can be worked on now.

        Tenants take turns: the one with the fewest running jobs first, then the one served longest
        ago; within a tenant the oldest job. A job whose workers died too often is failed here.
        """
        now = self._clock()
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, _CLAIM_LOCK)
            for tenant in self._tenants(connection, now):
                while (row := self._oldest_job(connection, tenant, now)) is not None:
                    if row.attempts < self._rules.attempts:
                        return self._start(connection, row, owner, now)
                    self._fail_lost_job(connection, row, now)
        return None

    def heartbeat(self, claim: Claim) -> bool:
        """Extend the lease."""
        return self._update(claim, lease_until=self._clock() + self._rules.lease)

    def release(self, claim: Claim) -> bool:
        """Return the job to the queue, as a stopping worker does; the attempt does not count."""
        return self._update(
            claim,
            attempts=JobRow.attempts - 1,
            lease_owner=None,
            lease_until=self._clock(),
        )

    def postpone(self, claim: Claim, wait: timedelta) -> bool:
        """Return the job to the queue after a failed attempt, not to be claimed before `wait`."""
        return self._update(
            claim,
            lease_owner=None,
            lease_until=self._clock(),
            not_before=self._clock() + wait,
        )

    def publish(
        self,
        claim: Claim,
        result_ref: str,
        model_version: str | None = None,
        policy_version: str | None = None,
        pages: int | None = None,
    ) -> bool:
        """End the job with the result stored under `result_ref`."""
        return self._end(
            claim,
            "done",
            result_ref=result_ref,
            model_version=model_version,
            policy_version=policy_version,
            pages=pages,
        )

    def fail(self, claim: Claim, error: dict[str, Any]) -> bool:
        """End the job with the problem+json `error`."""
        return self._end(claim, "failed", error=error)

    def _tenants(self, connection: Connection, now: datetime) -> list[str]:
        """Return tenants with a job to claim and capacity for it, in the order of their turns."""
        other = aliased(JobRow)
        served = (
            select(func.max(other.claimed_at))
            .where(other.tenant == JobRow.tenant)
            .correlate(JobRow)
            .scalar_subquery()
        )
        held = func.sum(case((_is_held(now), 1), else_=0))
        runnable = func.sum(case((_is_runnable(now), 1), else_=0))
        query = (
            select(JobRow.tenant)
            .where(JobRow.state.in_(("queued", "running")))
            .group_by(JobRow.tenant)
            .having(runnable > 0, held < self._rules.running_per_tenant)
            .order_by(held, served.asc().nulls_first(), func.min(JobRow.submitted_at))
        )
        return list(connection.execute(query).scalars())

    def _oldest_job(self, connection: Connection, tenant: str, now: datetime) -> Row[Any] | None:
        return connection.execute(
            select(JobRow)
            .where(JobRow.tenant == tenant, _is_runnable(now))
            .order_by(JobRow.submitted_at, JobRow.id)
            .limit(1)
            # Skips a job that is being cancelled at this moment instead of waiting for it.
            .with_for_update(skip_locked=True)
        ).first()

    def _start(self, connection: Connection, row: Row[Any], owner: str, now: datetime) -> Claim:
        connection.execute(
            update_rows(JobRow)
            .where(JobRow.id == row.id)
            .values(
                state="running",
                started_at=row.started_at or now,
                claimed_at=now,
                attempts=row.attempts + 1,
                fence=row.fence + 1,
                lease_owner=owner,
                lease_until=now + self._rules.lease,
                not_before=None,
            )
        )
        files = connection.execute(
            select(AttachmentRow)
            .where(AttachmentRow.job_id == row.id)
            .order_by(AttachmentRow.position)
        )
        return Claim(
            job_id=row.id,
            tenant=row.tenant,
            kind=row.kind,
            request_ref=row.request_ref,
            attachments=tuple(_stored_file(file) for file in files),
            fence=row.fence + 1,
            attempt=row.attempts + 1,
            submitted_at=row.submitted_at,
        )

    def _fail_lost_job(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        error = problem(
            "worker_lost",
            f"processing was started {row.attempts} times and never finished; an attachment"
            " probably needs more memory or time than this service has",
        )
        finish(connection, row, "failed", now, self._rules.retention, error=error.model_dump())

    def _update(self, claim: Claim, **values: Any) -> bool:
        with write_transaction(self._engine) as connection:
            changed = connection.execute(
                update_rows(JobRow).where(_is_claimed_by(claim)).values(**values)
            )
        return changed.rowcount == 1

    def _end(self, claim: Claim, state: Any, **values: Any) -> bool:
        with write_transaction(self._engine) as connection:
            row = connection.execute(
                select(JobRow).where(_is_claimed_by(claim)).with_for_update()
            ).first()
            return row is not None and finish(
                connection, row, state, self._clock(), self._rules.retention, **values
            )


def _stored_file(row: Row[Any]) -> StoredFile:
    sizes = row.page_sizes and tuple((width, height) for width, height in row.page_sizes)
    return StoredFile(row.name, row.size, row.sha256, sizes)


def _is_claimed_by(claim: Claim) -> Any:
    """Return the condition of a job that is running under this claim's fence."""
    return and_(JobRow.id == claim.job_id, JobRow.fence == claim.fence, JobRow.state == "running")


def _is_held(now: datetime) -> Any:
    return and_(JobRow.state == "running", JobRow.lease_until > now)


def _is_runnable(now: datetime) -> Any:
    """Return the condition of a job to claim: queued or its lease expired, and not postponed."""
    return and_(
        or_(
            JobRow.state == "queued",
            and_(JobRow.state == "running", JobRow.lease_until <= now),
        ),
        or_(JobRow.not_before.is_(None), JobRow.not_before <= now),
    )
