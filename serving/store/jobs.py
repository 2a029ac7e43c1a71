"""Jobs from a client's side: submitted once, listed, cancelled, deleted, expired.

A job is queued -> running -> done, failed or cancelled. A dispute that something is added to
(`serving.evidence.additions`) is queued again, under a higher `revision`; nothing else goes back.
What workers do with jobs is in `serving.store.leases`. Calls block; asynchronous callers use a
thread.
"""

import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select
from sqlalchemy import update as update_rows

from data.pages.attachments import PageSizes
from serving.store import receptions
from serving.store.database import advisory_lock, read_transaction, write_transaction
from serving.store.receptions import Reception
from serving.store.rules import JobRules
from serving.store.tables import (
    AttachmentRow,
    JobRow,
    LabelRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from serving.wire.schema import State

Kind = Literal["dispute", "extraction"]
UNFINISHED: tuple[State, ...] = ("queued", "running")
Clock = Callable[[], datetime]  # the present moment, with a time zone
Charge = Callable[[Connection], None]  # counts a new job, or raises to refuse it

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SUBMIT_LOCK = 740_003  # PostgreSQL: one transaction at a time counts the waiting jobs


class QueueFull(RuntimeError):
    """The queue is full; the message asks to post again later."""


class IdempotencyMismatch(ValueError):
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment whose bytes are stored under its job. `name` is for display, never a path.

    `page_sizes` are those of `Attachment`, None where it was not opened yet, or is data.
    `documents_ref` is the digest of its documents as they were read, None before that.
    """

    name: str
    size: int
    sha256: str
    page_sizes: PageSizes | None = None
    documents_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A name that a dispute is found by, as `casefold` writes it: an order number or a vendor."""

    kind: Literal["order", "vendor"]
    label: str


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to submit; its files are already stored under `id`."""

    id: str
    tenant: str
    kind: Kind
    fingerprint: str  # of files and parameters: the same key must come with the same one
    request_ref: str | None
    attachments: tuple[StoredFile, ...]
    idempotency_key: str | None = None
    key_id: str | None = None
    reference: str | None = None  # the client's own name for it
    details: dict[str, Any] | None = None  # the client's own keys and values
    labels: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """The current state of a job. `error` is the problem+json of a failed one.

    `result_ref` is the result for revision `version`, which is lower than `revision` while what
    was added since is being examined.
    """

    id: str
    tenant: str
    kind: Kind
    state: State
    submitted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    fingerprint: str
    result_ref: str | None
    error: dict[str, Any] | None
    attempts: int
    model_version: str | None
    policy_version: str | None
    pages: int | None
    request_ref: str | None
    reference: str | None
    details: dict[str, Any] | None
    assignee: str | None
    revision: int
    version: int | None
    corrections_ref: str | None
    overview: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of queued and running jobs; `oldest` is when the longest waiting one was submitted."""

    queued: int
    running: int
    oldest: datetime | None


def new_id() -> str:
    """Return a new id that cannot be guessed, fit for URLs and folder names."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Return whether the text has the form of an id of a job or webhook.

    Checked before a database sees it: PostgreSQL raises for U+0000, which is no outage.
    """
    return _ID.fullmatch(text) is not None


class JobStore:
    """The jobs of all tenants; every call names the tenant it is for."""

    def __init__(self, engine: Engine, clock: Clock, rules: JobRules | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules or JobRules()

    def receive(self, tenant: str, idempotency_key: str) -> Reception | None:
        """Open the reception of a request with this key; None where its job already exists.

        Raises `StillReceiving` while another request with the key is being received. `renew` the
        reception while it lasts, and pass it to `submit`, or to `abandon` if there will be no job.
        """
        reception = Reception(tenant, idempotency_key, new_id())
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, SUBMIT_LOCK)
            if connection.execute(_select_by_key(tenant, idempotency_key)).first():
                return None
            receptions.begin(connection, reception, self._clock())
        return reception

    def renew(self, reception: Reception) -> None:
        """Extend a reception while its request is still being received."""
        with write_transaction(self._engine) as connection:
            receptions.renew(connection, reception, self._clock())

    def abandon(self, reception: Reception) -> None:
        """End a reception without a job, so that another request may use the key."""
        with write_transaction(self._engine) as connection:
            receptions.end(connection, reception)

    def replay(self, new: NewJob) -> Job | None:
        """Return the job of an earlier request with the same key; raises `IdempotencyMismatch`."""
        if new.idempotency_key is None:
            return None
        with read_transaction(self._engine) as connection:
            row = connection.execute(_select_by_key(new.tenant, new.idempotency_key)).first()
        return None if row is None else _require_same_request(job_of(row), new)

    def submit(
        self,
        new: NewJob,
        reception: Reception | None = None,
        charge: Charge | None = None,
    ) -> tuple[Job, bool]:
        """Return the job and whether it is new: a known key and fingerprint return their job.

        `charge` counts a new job in the same transaction, or raises to refuse it. Raises
        `IdempotencyMismatch` and `QueueFull`. When this returns, the job is durable.
        """
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, SUBMIT_LOCK)
            if reception is not None:
                receptions.end(connection, reception)
            if new.idempotency_key is not None:
                known = connection.execute(_select_by_key(new.tenant, new.idempotency_key)).first()
                if known is not None:
                    return _require_same_request(job_of(known), new), False
            refuse_too_many(connection, self._rules)
            if charge is not None:
                charge(connection)
            connection.execute(
                insert(JobRow).values(
                    id=new.id,
                    tenant=new.tenant,
                    key_id=new.key_id,
                    kind=new.kind,
                    state="queued",
                    submitted_at=self._clock(),
                    idempotency_key=new.idempotency_key,
                    fingerprint=new.fingerprint,
                    request_ref=new.request_ref,
                    reference=new.reference,
                    details=new.details,
                )
            )
            insert_files(connection, new.id, new.attachments)
            insert_labels(connection, new.tenant, new.id, new.labels)
            return job_of(connection.execute(select_job(new.tenant, new.id)).one()), True

    def find(self, tenant: str, job_id: str, kind: Kind | None = None) -> Job | None:
        """Return the tenant's job with that id, None where there is none."""
        with read_transaction(self._engine) as connection:
            row = connection.execute(select_job(tenant, job_id, kind)).first()
        return None if row is None else job_of(row)

    def cancel(self, tenant: str, job_id: str, kind: Kind | None = None) -> Job | None:
        """Cancel a job unless it is finished, and return it; None where there is none.

        Takes effect at once: the fence rises, so a worker that still has the job cannot publish.
        """
        with write_transaction(self._engine) as connection:
            row = connection.execute(select_job(tenant, job_id, kind).with_for_update()).first()
            if row is not None and row.state in UNFINISHED:
                self._finish(connection, row, "cancelled")
                row = connection.execute(select_job(tenant, job_id)).one()
        return None if row is None else job_of(row)

    def delete(self, tenant: str, job_id: str, kind: Kind | None = None) -> bool:
        """Delete a job and return whether there was one; the caller deletes its files."""
        of_kind = [] if kind is None else [JobRow.kind == kind]
        with write_transaction(self._engine) as connection:
            gone = connection.execute(
                delete(JobRow).where(JobRow.tenant == tenant, JobRow.id == job_id, *of_kind)
            )
        return gone.rowcount == 1

    def forget(self, limit: int = 100) -> list[tuple[str, str]]:
        """Delete expired jobs and return tenant and id of each; the caller deletes their files."""
        over = (
            select(JobRow.id, JobRow.tenant).where(JobRow.expires_at <= self._clock()).limit(limit)
        )
        with write_transaction(self._engine) as connection:
            rows = connection.execute(over.with_for_update(skip_locked=True)).all()
            ids = [row.id for row in rows]
            connection.execute(delete(JobRow).where(JobRow.id.in_(ids)))
            receptions.forget_dead(connection, self._clock())
        return [(row.tenant, row.id) for row in rows]

    def owners_without_job(self, owners: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return those of the (tenant, job id) without a job: never submitted, or deleted."""
        query = select(JobRow.tenant, JobRow.id).where(
            JobRow.id.in_([job_id for _, job_id in owners])
        )
        with read_transaction(self._engine) as connection:
            known = {(row.tenant, row.id) for row in connection.execute(query)}
        return [owner for owner in owners if owner not in known]

    def count_unfinished(self, tenant: str, key_id: str | None = None) -> int:
        """Return the number of queued and running jobs of a tenant, or of one of its keys."""
        query = select(func.count()).where(JobRow.tenant == tenant, JobRow.state.in_(UNFINISHED))
        if key_id is not None:
            query = query.where(JobRow.key_id == key_id)
        with read_transaction(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def unfinished_among(self, job_ids: Sequence[str]) -> set[str]:
        """Return those of the jobs, of any tenant, that are queued or running."""
        query = select(JobRow.id).where(JobRow.id.in_(job_ids), JobRow.state.in_(UNFINISHED))
        with read_transaction(self._engine) as connection:
            return set(connection.execute(query).scalars())

    def backlog(self) -> Backlog:
        """Return the queued and running jobs of all tenants: for metrics and scaling."""
        query = (
            select(JobRow.state, func.count(), func.min(JobRow.submitted_at))
            .where(JobRow.state.in_(UNFINISHED))
            .group_by(JobRow.state)
        )
        with read_transaction(self._engine) as connection:
            counts = {state: (count, oldest) for state, count, oldest in connection.execute(query)}
        queued, oldest = counts.get("queued", (0, None))
        return Backlog(queued, counts.get("running", (0, None))[0], oldest)

    def _finish(self, connection: Connection, row: Row[Any], state: State) -> None:
        finish(connection, row, state, self._clock(), self._rules.retention)


def refuse_too_many(connection: Connection, rules: JobRules) -> None:
    """Raise `QueueFull` where no job may be added; the caller holds `SUBMIT_LOCK`."""
    limit = rules.unfinished
    waiting = connection.execute(
        select(func.count()).where(JobRow.state.in_(UNFINISHED))
    ).scalar_one()
    if waiting >= limit:
        raise QueueFull(
            f"the queue is full ({waiting} unfinished jobs, limit {limit}); try again in a few"
            " seconds"
        )


def insert_files(
    connection: Connection, job_id: str, files: Sequence[StoredFile], first: int = 0
) -> None:
    """Insert attachments of a job at the positions from `first` on."""
    rows = [
        {
            "job_id": job_id,
            "position": position,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "page_sizes": file.page_sizes,
        }
        for position, file in enumerate(files, first)
    ]
    if rows:
        connection.execute(insert(AttachmentRow), rows)


def insert_labels(
    connection: Connection, tenant: str, job_id: str, labels: Collection[Label]
) -> None:
    """Insert the labels that a job has not yet."""
    query = select(LabelRow.kind, LabelRow.label).where(LabelRow.job_id == job_id)
    known = {Label(row.kind, row.label) for row in connection.execute(query)} if labels else set()
    rows = [
        {"job_id": job_id, "tenant": tenant, "kind": label.kind, "label": label.label}
        for label in labels
        if label not in known
    ]
    if rows:
        connection.execute(insert(LabelRow), rows)


def finish(
    connection: Connection,
    row: Row[Any],
    state: State,
    now: datetime,
    retention: timedelta,
    changes: dict[str, Any] | None = None,
    **values: Any,
) -> bool:
    """End an unfinished job once; return False where its fence or state has changed since `row`.

    The same transaction inserts a webhook delivery for each endpoint of the tenant, with the
    `changes` since the version before.
    """
    ended = connection.execute(
        update_rows(JobRow)
        .where(JobRow.id == row.id, JobRow.fence == row.fence, JobRow.state == row.state)
        .values(
            state=state,
            fence=JobRow.fence + 1,
            finished_at=now,
            expires_at=now + retention,
            lease_owner=None,
            lease_until=None,
            not_before=None,
            **values,
        )
    )
    if ended.rowcount != 1:
        return False
    endpoints = connection.execute(
        select(WebhookEndpointRow.id).where(
            WebhookEndpointRow.tenant == row.tenant, WebhookEndpointRow.disabled_at.is_(None)
        )
    ).scalars()
    deliveries = [
        {
            "id": f"msg_{new_id()}",
            "endpoint_id": endpoint_id,
            "tenant": row.tenant,
            "job_id": row.id,
            "event": f"{row.kind}.{state}",
            "revision": row.revision,
            "changes": changes,
            "created_at": now,
            "next_at": now,
        }
        for endpoint_id in endpoints
    ]
    if deliveries:
        connection.execute(insert(WebhookDeliveryRow), deliveries)
    return True


def _require_same_request(known: Job, new: NewJob) -> Job:
    if known.fingerprint != new.fingerprint:
        raise IdempotencyMismatch(
            f"this Idempotency-Key was used for {known.kind} {known.id}, which had other files or"
            " parameters; use a new key for a new request"
        )
    return known


def select_job(tenant: str, job_id: str, kind: Kind | None = None) -> Select[Any]:
    """Return the query for one job of a tenant."""
    query = select(JobRow).where(JobRow.tenant == tenant, JobRow.id == job_id)
    return query if kind is None else query.where(JobRow.kind == kind)


def _select_by_key(tenant: str, idempotency_key: str) -> Select[Any]:
    return select(JobRow).where(JobRow.tenant == tenant, JobRow.idempotency_key == idempotency_key)


def job_of(row: Row[Any]) -> Job:
    """Return the job of a row."""
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})
