"""Additions to a dispute that was posted before: files, order data, corrections, by whom and when.

An addition raises the dispute's revision and queues it again, in one transaction; work on the
revision before is given up. Calls block; asynchronous callers use a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, func, insert, select
from sqlalchemy import update as update_rows

from serving.store import receptions
from serving.store.database import advisory_lock, read_transaction, write_transaction
from serving.store.jobs import (
    SUBMIT_LOCK,
    UNFINISHED,
    Charge,
    Clock,
    IdempotencyMismatch,
    Job,
    Label,
    StoredFile,
    insert_files,
    insert_labels,
    job_of,
    refuse_too_many,
    select_job,
)
from serving.store.leases import stored_file
from serving.store.receptions import Reception
from serving.store.rules import JobRules
from serving.store.tables import AdditionRow, AttachmentRow, JobRow, VersionRow

MOST_ATTACHMENTS = 200  # of one dispute, however they came


class RevisionConflict(RuntimeError):
    """Something was added since the revision that the caller has seen; the message says what."""


class DisputeClosed(RuntimeError):
    """The dispute was cancelled, or holds as much as a dispute may: nothing can be added."""


@dataclass(frozen=True, slots=True)
class Addition:
    """Something to add to a dispute; its files are already stored under the dispute's id.

    `revision` is the one it is based on. `request_ref` and `corrections_ref` replace those of the
    dispute, None leaves them. `content` says what is added, in names, digests and counts.
    """

    tenant: str
    job_id: str
    kind: Literal["evidence", "corrections"]
    revision: int
    content: Mapping[str, Any]
    fingerprint: str
    files: tuple[StoredFile, ...] = ()
    request_ref: str | None = None
    corrections_ref: str | None = None
    labels: frozenset[Label] = frozenset()
    key_id: str | None = None
    author: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """An addition that was made, and the revision that it made."""

    revision: int
    kind: str
    created_at: datetime
    key_id: str | None
    author: str | None
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One verdict of a dispute. `changes` are those since the version before."""

    version: int
    created_at: datetime
    result_ref: str
    model_version: str | None
    policy_version: str | None
    changes: dict[str, Any] | None
    additions: tuple[Added, ...] = field(default=())  # those it is the first to contain


class Additions:
    """The additions of all tenants' disputes; every call names the tenant it is for."""

    def __init__(self, engine: Engine, clock: Clock, rules: JobRules | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules or JobRules()

    def replay(self, tenant: str, idempotency_key: str, fingerprint: str) -> str | None:
        """Return the dispute of an earlier addition with the key; raise where it differed."""
        with read_transaction(self._engine) as connection:
            return _replayed(connection, tenant, idempotency_key, fingerprint)

    def add(
        self,
        new: Addition,
        reception: Reception | None = None,
        charge: Charge | None = None,
    ) -> tuple[Job, bool] | None:
        """Return the dispute, queued again, and whether the addition is new; None without one.

        Raises `RevisionConflict`, `DisputeClosed`, `IdempotencyMismatch`, `QueueFull`. When this
        returns, the addition is durable.
        """
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, SUBMIT_LOCK)
            if reception is not None:
                receptions.end(connection, reception)
            query = select_job(new.tenant, new.job_id, "dispute")
            row = connection.execute(query.with_for_update()).first()
            if row is None:
                return None
            if new.idempotency_key is not None:
                key = new.idempotency_key
                known = _replayed(connection, new.tenant, key, new.fingerprint)
                if known is not None:
                    return job_of(row), False
            self._refuse(connection, row, new)
            if charge is not None:
                charge(connection)
            self._insert(connection, row, new)
            return job_of(connection.execute(query).one()), True

    def _refuse(self, connection: Connection, row: Row[Any], new: Addition) -> None:
        if row.state == "cancelled":
            raise DisputeClosed("the dispute was cancelled; post a new one")
        if row.revision != new.revision:
            raise RevisionConflict(_conflict(connection, row, new.revision))
        if row.state not in UNFINISHED:
            refuse_too_many(connection, self._rules)
        count = _count_files(connection, new.job_id)
        if count + len(new.files) > MOST_ATTACHMENTS:
            raise DisputeClosed(
                f"the dispute has {count} attachments and {len(new.files)} more would be over the"
                f" limit of {MOST_ATTACHMENTS}; post a new dispute"
            )

    def _insert(self, connection: Connection, row: Row[Any], new: Addition) -> None:
        now = self._clock()
        changed = {"request_ref": new.request_ref, "corrections_ref": new.corrections_ref}
        connection.execute(
            update_rows(JobRow)
            .where(JobRow.id == new.job_id)
            .values(
                state="queued",
                revision=row.revision + 1,
                fence=row.fence + 1,
                attempts=0,
                error=None,
                **dict.fromkeys(("finished_at", "expires_at", "not_before")),
                **dict.fromkeys(("lease_owner", "lease_until")),
                **{name: value for name, value in changed.items() if value is not None},
            )
        )
        insert_files(connection, new.job_id, new.files, _count_files(connection, new.job_id))
        insert_labels(connection, new.tenant, new.job_id, new.labels)
        connection.execute(
            insert(AdditionRow).values(
                job_id=new.job_id,
                revision=row.revision + 1,
                tenant=new.tenant,
                kind=new.kind,
                created_at=now,
                key_id=new.key_id,
                author=new.author,
                content=dict(new.content),
                idempotency_key=new.idempotency_key,
                fingerprint=new.fingerprint,
            )
        )

    def describe(self, tenant: str, job_id: str, values: Mapping[str, Any]) -> Job | None:
        """Change reference, details or assignee of a dispute; None where there is none."""
        query = select_job(tenant, job_id, "dispute")
        with write_transaction(self._engine) as connection:
            if values:
                connection.execute(
                    update_rows(JobRow)
                    .where(JobRow.tenant == tenant, JobRow.id == job_id)
                    .values(**values)
                )
            row = connection.execute(query).first()
        return None if row is None else job_of(row)

    def attachments(self, job: Job) -> tuple[StoredFile, ...]:
        """Return the attachments of a job in their order."""
        query = select(AttachmentRow).where(AttachmentRow.job_id == job.id)
        with read_transaction(self._engine) as connection:
            rows = connection.execute(query.order_by(AttachmentRow.position)).all()
        return tuple(stored_file(row) for row in rows)

    def versions(self, job: Job) -> tuple[Version, ...]:
        """Return the versions of a job's verdict, oldest first."""
        query = select(VersionRow).where(VersionRow.job_id == job.id)
        additions = select(AdditionRow).where(AdditionRow.job_id == job.id)
        with read_transaction(self._engine) as connection:
            rows = connection.execute(query.order_by(VersionRow.version)).all()
            added = connection.execute(additions.order_by(AdditionRow.revision)).all()
        versions, before = list[Version](), 0
        for row in rows:
            values = {name: getattr(row, name) for name in Version.__slots__[:-1]}
            since = [entry for entry in added if before < entry.revision <= row.version]
            versions.append(Version(**values, additions=tuple(map(_added, since))))
            before = row.version
        return tuple(versions)


def _added(row: Row[Any]) -> Added:
    return Added(**{name: getattr(row, name) for name in Added.__slots__})


def _count_files(connection: Connection, job_id: str) -> int:
    query = select(func.count()).where(AttachmentRow.job_id == job_id)
    return connection.execute(query).scalar_one()


def _replayed(
    connection: Connection, tenant: str, idempotency_key: str, fingerprint: str
) -> str | None:
    query = select(AdditionRow).where(
        AdditionRow.tenant == tenant, AdditionRow.idempotency_key == idempotency_key
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise IdempotencyMismatch(
            f"this Idempotency-Key was used for another addition, to dispute {row.job_id}; use a"
            " new key for a new request"
        )
    return str(row.job_id)


def _conflict(connection: Connection, row: Row[Any], revision: int) -> str:
    """Return one sentence: what was added since `revision`, and by whom."""
    query = select(AdditionRow).where(AdditionRow.job_id == row.id, AdditionRow.revision > revision)
    newer = connection.execute(query.order_by(AdditionRow.revision.desc())).first()
    if newer is None:
        return f"the dispute is at revision {row.revision}, not {revision}; read it again"
    who = newer.author or "another caller"
    return (
        f"{who} added {newer.kind} after revision {revision}; the dispute is at revision"
        f" {row.revision} now: read it again and repeat what still applies"
    )
