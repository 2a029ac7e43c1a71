"""Jobs from a worker's side: claimed under a lease, kept by heartbeats, published once.

Work is done at least once, its result is published exactly once. Every claim raises the job's
fence; only the holder of the newest fence can write. The lease of a worker that dies runs out, and
the job is claimed again, up to `JobRules.attempts` times.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    and_,
    case,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy import update as update_rows
from sqlalchemy.orm import aliased

from serving.store.database import advisory_lock, write_transaction
from serving.store.jobs import Clock, Kind, Label, StoredFile, finish, insert_labels
from serving.store.rules import JobRules
from serving.store.tables import AttachmentRow, JobRow, VersionRow
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
    revision: int = 1  # of what is examined
    corrections_ref: str | None = None
    earlier_ref: str | None = None  # the result of the version before


@dataclass(frozen=True, slots=True)
class News:
    """A published result's part in the tables: what it is listed by, what it changed.

    `readings` are the digests of documents as they were read, by the attachment's position.
    `changes` are those since the version before, None for the first.
    """

    pages: int | None = None
    overview: dict[str, Any] | None = None
    labels: frozenset[Label] = frozenset()
    changes: dict[str, Any] | None = None
    readings: Mapping[int, str] = field(default_factory=dict)


NO_NEWS = News()


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
        news: News = NO_NEWS,
    ) -> bool:
        """End the job with the result stored under `result_ref`, which is a version of its own."""
        made_by = {"model_version": model_version, "policy_version": policy_version}
        result = {"result_ref": result_ref, "version": claim.revision, **made_by}
        with write_transaction(self._engine) as connection:
            row = _lock_claimed(connection, claim)
            if row is None:
                return False
            _record_readings(connection, claim.job_id, news.readings)
            insert_labels(connection, claim.tenant, claim.job_id, news.labels)
            now = self._clock()
            connection.execute(
                insert(VersionRow).values(
                    job_id=claim.job_id,
                    version=claim.revision,
                    created_at=now,
                    result_ref=result_ref,
                    changes=news.changes,
                    **made_by,
                )
            )
            listed = {"pages": news.pages, "overview": news.overview}
            retention = self._rules.retention
            return finish(connection, row, "done", now, retention, news.changes, **result, **listed)

    def record_reading(self, claim: Claim, position: int, documents_ref: str) -> None:
        """Record where an attachment's documents are stored; whoever holds the job may."""
        with write_transaction(self._engine) as connection:
            _record_readings(connection, claim.job_id, {position: documents_ref})

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
            attachments=tuple(stored_file(file) for file in files),
            fence=row.fence + 1,
            attempt=row.attempts + 1,
            submitted_at=row.submitted_at,
            revision=row.revision,
            corrections_ref=row.corrections_ref,
            earlier_ref=row.result_ref,
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
            row = _lock_claimed(connection, claim)
            return row is not None and finish(
                connection, row, state, self._clock(), self._rules.retention, **values
            )


def stored_file(row: Row[Any]) -> StoredFile:
    """Return the attachment of a row."""
    sizes = row.page_sizes and tuple((width, height) for width, height in row.page_sizes)
    return StoredFile(row.name, row.size, row.sha256, sizes, row.documents_ref)


def _lock_claimed(connection: Connection, claim: Claim) -> Row[Any] | None:
    query = select(JobRow).where(_is_claimed_by(claim)).with_for_update()
    return connection.execute(query).first()


def _record_readings(connection: Connection, job_id: str, readings: Mapping[int, str]) -> None:
    for position, documents_ref in readings.items():
        connection.execute(
            update_rows(AttachmentRow)
            .where(AttachmentRow.job_id == job_id, AttachmentRow.position == position)
            .values(documents_ref=documents_ref)
        )


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
