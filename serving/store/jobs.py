"""Jobs as those who post them see them: submitted once, listed, cancelled, deleted, forgotten.

A job is queued -> running -> done, failed or cancelled, never back. What workers do with jobs is in
`serving.store.leases`. Calls block; asynchronous callers use a thread.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, Select, and_, delete, func, insert, or_, select
from sqlalchemy import update as update_rows

from data.pages.attachments import PageSizes
from serving.store import receptions
from serving.store.database import advisory_lock, reading, writing
from serving.store.receptions import Reception
from serving.store.rules import JobRules
from serving.store.tables import (
    AttachmentRow,
    JobRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from serving.wire.schema import State

Kind = Literal["dispute", "extraction"]
UNFINISHED: tuple[State, ...] = ("queued", "running")
Clock = Callable[[], datetime]  # the present moment, with a time zone
Charge = Callable[[Connection], None]  # counts a new job, or raises to refuse it

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SUBMIT_LOCK = 740_003  # PostgreSQL: how many wait is counted by one at a time


class QueueFull(RuntimeError):
    """No further job can be taken on now; the message says when to come back."""


class IdempotencyMismatch(ValueError):
    """The idempotency key was used before, for another request."""


class CursorError(ValueError):
    """A cursor that no listing gave."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment whose bytes are kept under its job. `name` is to show, never a path.

    `page_sizes` are those of `Attachment`, None where nobody has opened it, or it is data.
    """

    name: str
    size: int
    sha256: str
    page_sizes: PageSizes | None = None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to submit; everything it refers to is already kept under `id`."""

    id: str
    tenant: str
    kind: Kind
    fingerprint: str  # of files and parameters: the same key must come with the same one
    request_ref: str | None
    attachments: tuple[StoredFile, ...]
    idempotency_key: str | None = None
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `error` is the problem+json of one that failed."""

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


@dataclass(frozen=True, slots=True)
class Listing:
    """Jobs, newest first; `cursor` gives the next ones, None when there are none."""

    jobs: tuple[Job, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits and what is worked on. `oldest` is the submission of the longest waiting job."""

    queued: int
    running: int
    oldest: datetime | None


def new_id() -> str:
    """An id nobody can guess, fit for URLs and for names of folders."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Whether the text has the form of our ids, of jobs or of webhooks; nothing else is one.

    Databases differ in what else they take: PostgreSQL refuses U+0000, which is no outage.
    """
    return _ID.fullmatch(text) is not None


class JobStore:
    """The jobs of all tenants; every call names the tenant it is for."""

    def __init__(self, engine: Engine, clock: Clock, rules: JobRules | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules or JobRules()

    def receive(self, tenant: str, idempotency_key: str) -> Reception | None:
        """Says that a request with this key is coming in; None where its job is there already.

        Raises `StillReceiving` while another request with the key is. `renew` the reception while
        it lasts, and hand it to `submit`, or to `abandon` when there will be no job.
        """
        reception = Reception(tenant, idempotency_key, new_id())
        with writing(self._engine) as connection:
            advisory_lock(connection, _SUBMIT_LOCK)
            if connection.execute(_of_key(tenant, idempotency_key)).first():
                return None
            receptions.begin(connection, reception, self._clock())
        return reception

    def renew(self, reception: Reception) -> None:
        """Says that the request is still coming in."""
        with writing(self._engine) as connection:
            receptions.renew(connection, reception, self._clock())

    def abandon(self, reception: Reception) -> None:
        """Lets the next request with the key be the first."""
        with writing(self._engine) as connection:
            receptions.end(connection, reception)

    def replay(self, new: NewJob) -> Job | None:
        """The job that an earlier request with the same key made; raises `IdempotencyMismatch`."""
        if new.idempotency_key is None:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(_of_key(new.tenant, new.idempotency_key)).first()
        return None if row is None else _same(_job(row), new)

    def submit(
        self,
        new: NewJob,
        reception: Reception | None = None,
        charge: Charge | None = None,
    ) -> tuple[Job, bool]:
        """The job, and whether it is new: a known key with the same fingerprint gives its job.

        `charge` counts a new job in the same transaction, or raises to refuse it. Raises
        `IdempotencyMismatch` and `QueueFull`. When this returns, the job is durable.
        """
        with writing(self._engine) as connection:
            advisory_lock(connection, _SUBMIT_LOCK)
            if reception is not None:
                receptions.end(connection, reception)
            if new.idempotency_key is not None:
                known = connection.execute(_of_key(new.tenant, new.idempotency_key)).first()
                if known is not None:
                    return _same(_job(known), new), False
            self._refuse_too_many(connection)
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
                )
            )
            if new.attachments:
                connection.execute(
                    insert(AttachmentRow),
                    [
                        {
                            "job_id": new.id,
                            "position": position,
                            "name": one.name,
                            "size": one.size,
                            "sha256": one.sha256,
                            "page_sizes": one.page_sizes,
                        }
                        for position, one in enumerate(new.attachments)
                    ],
                )
            return _job(connection.execute(_one(new.tenant, new.id)).one()), True

    def find(self, tenant: str, job_id: str, kind: Kind | None = None) -> Job | None:
        """The tenant's job of that id, None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(_one(tenant, job_id, kind)).first()
        return None if row is None else _job(row)

    def listing(
        self,
        tenant: str,
        kind: Kind,
        state: State | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing:
        """The tenant's jobs, newest first, `limit` at a time. Raises `CursorError`."""
        asked = select(JobRow).where(JobRow.tenant == tenant, JobRow.kind == kind)
        if state is not None:
            asked = asked.where(JobRow.state == state)
        if cursor is not None:
            moment, job_id = _read_cursor(cursor)
            asked = asked.where(
                or_(
                    JobRow.submitted_at < moment,
                    and_(JobRow.submitted_at == moment, JobRow.id < job_id),
                )
            )
        asked = asked.order_by(JobRow.submitted_at.desc(), JobRow.id.desc()).limit(limit + 1)
        with reading(self._engine) as connection:
            rows = connection.execute(asked).all()
        jobs = tuple(_job(row) for row in rows[:limit])
        return Listing(jobs, _cursor_after(jobs[-1]) if len(rows) > limit else None)

    def cancel(self, tenant: str, job_id: str, kind: Kind | None = None) -> Job | None:
        """The job, cancelled unless it was finished; None where there is none.

        Final at once: the fence rises, so a worker that still works on it cannot publish.
        """
        with writing(self._engine) as connection:
            row = connection.execute(_one(tenant, job_id, kind).with_for_update()).first()
            if row is not None and row.state in UNFINISHED:
                self._finish(connection, row, "cancelled")
                row = connection.execute(_one(tenant, job_id)).one()
        return None if row is None else _job(row)

    def delete(self, tenant: str, job_id: str, kind: Kind | None = None) -> bool:
        """Whether there was such a job; it is gone, and its bytes are the caller's to delete."""
        of_kind = [] if kind is None else [JobRow.kind == kind]
        with writing(self._engine) as connection:
            gone = connection.execute(
                delete(JobRow).where(JobRow.tenant == tenant, JobRow.id == job_id, *of_kind)
            )
        return gone.rowcount == 1

    def forget(self, most: int = 100) -> list[tuple[str, str]]:
        """Deletes finished jobs whose time is over: tenant and id of each, to delete its bytes."""
        over = (
            select(JobRow.id, JobRow.tenant).where(JobRow.expires_at <= self._clock()).limit(most)
        )
        with writing(self._engine) as connection:
            found = connection.execute(over.with_for_update(skip_locked=True)).all()
            ids = [row.id for row in found]
            connection.execute(delete(JobRow).where(JobRow.id.in_(ids)))
            receptions.forget_dead(connection, self._clock())
        return [(row.tenant, row.id) for row in found]

    def missing(self, places: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the (tenant, job id) that are no jobs: never submitted, or deleted."""
        asked = select(JobRow.tenant, JobRow.id).where(
            JobRow.id.in_([job_id for _, job_id in places])
        )
        with reading(self._engine) as connection:
            there = {(row.tenant, row.id) for row in connection.execute(asked)}
        return [place for place in places if place not in there]

    def unfinished(self, tenant: str, key_id: str | None = None) -> int:
        """Queued and running jobs of a tenant, or of one of its keys."""
        asked = select(func.count()).where(JobRow.tenant == tenant, JobRow.state.in_(UNFINISHED))
        if key_id is not None:
            asked = asked.where(JobRow.key_id == key_id)
        with reading(self._engine) as connection:
            return connection.execute(asked).scalar_one()

    def unfinished_among(self, job_ids: Sequence[str]) -> set[str]:
        """Those of the jobs, of whatever tenant, that are queued or running."""
        asked = select(JobRow.id).where(JobRow.id.in_(job_ids), JobRow.state.in_(UNFINISHED))
        with reading(self._engine) as connection:
            return set(connection.execute(asked).scalars())

    def backlog(self) -> Backlog:
        """What waits and what is worked on, of all tenants: for metrics and scaling."""
        asked = (
            select(JobRow.state, func.count(), func.min(JobRow.submitted_at))
            .where(JobRow.state.in_(UNFINISHED))
            .group_by(JobRow.state)
        )
        with reading(self._engine) as connection:
            seen = {state: (count, oldest) for state, count, oldest in connection.execute(asked)}
        queued, oldest = seen.get("queued", (0, None))
        return Backlog(queued, seen.get("running", (0, None))[0], oldest)

    def _refuse_too_many(self, connection: Connection) -> None:
        most = self._rules.unfinished
        waiting = connection.execute(
            select(func.count()).where(JobRow.state.in_(UNFINISHED))
        ).scalar_one()
        if waiting >= most:
            raise QueueFull(
                f"{waiting} jobs are waiting, at most {most} are taken on; post it again in a few"
                " seconds"
            )

    def _finish(self, connection: Connection, row: Row[Any], state: State) -> None:
        finish(connection, row, state, self._clock(), self._rules.retention)


def finish(
    connection: Connection,
    row: Row[Any],
    state: State,
    now: datetime,
    retention: timedelta,
    **values: Any,
) -> bool:
    """Ends a job that `row` has as unfinished, once: False where its fence or state has moved on.

    Whoever listens for the tenant is told in the same transaction, by a row for each endpoint.
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
            "created_at": now,
            "next_at": now,
        }
        for endpoint_id in endpoints
    ]
    if deliveries:
        connection.execute(insert(WebhookDeliveryRow), deliveries)
    return True


def _same(known: Job, new: NewJob) -> Job:
    if known.fingerprint != new.fingerprint:
        raise IdempotencyMismatch(
            f"this Idempotency-Key belongs to {known.kind} {known.id}, which had other files or"
            " parameters; take a new key for a new request"
        )
    return known


def _one(tenant: str, job_id: str, kind: Kind | None = None) -> Select[Any]:
    asked = select(JobRow).where(JobRow.tenant == tenant, JobRow.id == job_id)
    return asked if kind is None else asked.where(JobRow.kind == kind)


def _of_key(tenant: str, idempotency_key: str) -> Select[Any]:
    return select(JobRow).where(JobRow.tenant == tenant, JobRow.idempotency_key == idempotency_key)


def _job(row: Row[Any]) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})


def _cursor_after(job: Job) -> str:
    text = f"{job.submitted_at.isoformat()} {job.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, job_id = base64.b64decode(padded, b"-_", validate=True).decode().partition(" ")
        submitted_at = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error):
        raise CursorError("the cursor is not one of ours; take it from a listing") from None
    if submitted_at.tzinfo is None or not is_id(job_id):
        raise CursorError("the cursor is not one of ours; take it from a listing")
    return submitted_at, job_id
