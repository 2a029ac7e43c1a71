"""Jobs as workers see them: claimed under a lease, kept by heartbeats, published once.

Work is done at least once, its result is published exactly once. Every claim raises the job's
fence; only who holds the newest one can write. A worker that dies lets its lease run out, and the
job is claimed again, until it has cost `JobRules.attempts` workers.
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

from serving.store.database import advisory_lock, writing
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
    """What a worker may do to jobs; False always means: no longer yours, stop working on it."""

    def __init__(self, engine: Engine, clock: Clock, rules: JobRules | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules or JobRules()

    @property
    def lease(self) -> timedelta:
        """How long a worker may be silent."""
        return self._rules.lease

    @property
    def attempts(self) -> int:
        """How many workers a job may cost."""
        return self._rules.attempts

    def claim(self, owner: str) -> Claim | None:
        """The next job for `owner`, None where nothing may be worked on now.

        Tenants take turns: first who has least running, then who was served longest ago; within a
        tenant the oldest job. A job that has ended its workers too often is failed on the way.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            advisory_lock(connection, _CLAIM_LOCK)
            for tenant in self._tenants(connection, now):
                while (row := self._oldest(connection, tenant, now)) is not None:
                    if row.attempts < self._rules.attempts:
                        return self._take(connection, row, owner, now)
                    self._bury(connection, row, now)
        return None

    def heartbeat(self, claim: Claim) -> bool:
        """Keeps the lease."""
        return self._update(claim, lease_until=self._clock() + self._rules.lease)

    def release(self, claim: Claim) -> bool:
        """Gives the job back unfinished, as a worker that stops does; no attempt is lost."""
        return self._update(
            claim,
            attempts=JobRow.attempts - 1,
            lease_owner=None,
            lease_until=self._clock(),
        )

    def postpone(self, claim: Claim, wait: timedelta) -> bool:
        """Gives the job back after an attempt that may go better later, not before `wait`."""
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
        """Ends the job with the result kept under `result_ref`, once and for all."""
        return self._end(
            claim,
            "done",
            result_ref=result_ref,
            model_version=model_version,
            policy_version=policy_version,
            pages=pages,
        )

    def fail(self, claim: Claim, error: dict[str, Any]) -> bool:
        """Ends the job with the problem+json `error`, once and for all."""
        return self._end(claim, "failed", error=error)

    def _tenants(self, connection: Connection, now: datetime) -> list[str]:
        """Tenants with a job to claim and room for it, whose turn it is first."""
        other = aliased(JobRow)
        served = (
            select(func.max(other.claimed_at))
            .where(other.tenant == JobRow.tenant)
            .correlate(JobRow)
            .scalar_subquery()
        )
        held = func.sum(case((_is_held(now), 1), else_=0))
        runnable = func.sum(case((_is_runnable(now), 1), else_=0))
        asked = (
            select(JobRow.tenant)
            .where(JobRow.state.in_(("queued", "running")))
            .group_by(JobRow.tenant)
            .having(runnable > 0, held < self._rules.running_per_tenant)
            .order_by(held, served.asc().nulls_first(), func.min(JobRow.submitted_at))
        )
        return list(connection.execute(asked).scalars())

    def _oldest(self, connection: Connection, tenant: str, now: datetime) -> Row[Any] | None:
        return connection.execute(
            select(JobRow)
            .where(JobRow.tenant == tenant, _is_runnable(now))
            .order_by(JobRow.submitted_at, JobRow.id)
            .limit(1)
            # A job that is being cancelled at this moment is not waited for.
            .with_for_update(skip_locked=True)
        ).first()

    def _take(self, connection: Connection, row: Row[Any], owner: str, now: datetime) -> Claim:
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
            attachments=tuple(_stored(file) for file in files),
            fence=row.fence + 1,
            attempt=row.attempts + 1,
            submitted_at=row.submitted_at,
        )

    def _bury(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        error = problem(
            "worker_lost",
            f"the work was begun {row.attempts} times and never came to an end; an attachment is"
            " probably more than this service can read",
        )
        finish(connection, row, "failed", now, self._rules.retention, error=error.model_dump())

    def _update(self, claim: Claim, **values: Any) -> bool:
        with writing(self._engine) as connection:
            changed = connection.execute(update_rows(JobRow).where(_is_of(claim)).values(**values))
        return changed.rowcount == 1

    def _end(self, claim: Claim, state: Any, **values: Any) -> bool:
        with writing(self._engine) as connection:
            row = connection.execute(select(JobRow).where(_is_of(claim)).with_for_update()).first()
            return row is not None and finish(
                connection, row, state, self._clock(), self._rules.retention, **values
            )


def _stored(row: Row[Any]) -> StoredFile:
    sizes = row.page_sizes and tuple((width, height) for width, height in row.page_sizes)
    return StoredFile(row.name, row.size, row.sha256, sizes)


def _is_of(claim: Claim) -> Any:
    """The claim's job while it is the claim's to write: the fence is the newest, nothing ended."""
    return and_(JobRow.id == claim.job_id, JobRow.fence == claim.fence, JobRow.state == "running")


def _is_held(now: datetime) -> Any:
    return and_(JobRow.state == "running", JobRow.lease_until > now)


def _is_runnable(now: datetime) -> Any:
    """Queued, or running under a lease that ran out; and not told to wait."""
    return and_(
        or_(
            JobRow.state == "queued",
            and_(JobRow.state == "running", JobRow.lease_until <= now),
        ),
        or_(JobRow.not_before.is_(None), JobRow.not_before <= now),
    )
