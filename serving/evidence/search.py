"""Search of jobs: by state, reference, order, vendor and date, newest first, a page at a time."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, and_, or_, select

from serving.store.database import read_transaction
from serving.store.jobs import Job, Kind, Label, is_id, job_of
from serving.store.tables import JobRow, LabelRow
from serving.wire.schema import State


class CursorError(ValueError):
    """A cursor that no listing returned."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions of a listing, all of which hold; None is no condition.

    `order` and `vendor` are compared without case. `since` is included, `until` is not.
    """

    state: State | None = None
    reference: str | None = None
    order: str | None = None
    vendor: str | None = None
    assignee: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of jobs, newest first; `cursor` leads to the next page, None on the last."""

    jobs: tuple[Job, ...]
    cursor: str | None


def label_of(kind: Any, text: str) -> Label:
    """Return the label under which an order number or a vendor is stored and found."""
    return Label(kind, " ".join(text.casefold().split())[:200])


class Search:
    """The jobs of all tenants; every call names the tenant it is for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def listing(
        self,
        tenant: str,
        kind: Kind,
        filters: Filters = ALL,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing:
        """Return the tenant's jobs, newest first, `limit` at a time. Raises `CursorError`."""
        query = _filtered(
            select(JobRow).where(JobRow.tenant == tenant, JobRow.kind == kind), tenant, filters
        )
        if cursor is not None:
            moment, job_id = _read_cursor(cursor)
            query = query.where(
                or_(
                    JobRow.submitted_at < moment,
                    and_(JobRow.submitted_at == moment, JobRow.id < job_id),
                )
            )
        query = query.order_by(JobRow.submitted_at.desc(), JobRow.id.desc()).limit(limit + 1)
        with read_transaction(self._engine) as connection:
            rows = connection.execute(query).all()
        jobs = tuple(job_of(row) for row in rows[:limit])
        return Listing(jobs, _cursor_after(jobs[-1]) if len(rows) > limit else None)


def _filtered(query: Select[Any], tenant: str, filters: Filters) -> Select[Any]:
    for name in ("state", "reference", "assignee"):
        if (value := getattr(filters, name)) is not None:
            query = query.where(getattr(JobRow, name) == value)
    for kind in ("order", "vendor"):
        if (text := getattr(filters, kind)) is not None:
            label = label_of(kind, text)
            of_label = select(LabelRow.job_id).where(
                LabelRow.tenant == tenant,
                LabelRow.kind == label.kind,
                LabelRow.label == label.label,
            )
            query = query.where(JobRow.id.in_(of_label))
    if filters.since is not None:
        query = query.where(JobRow.submitted_at >= filters.since)
    if filters.until is not None:
        query = query.where(JobRow.submitted_at < filters.until)
    return query


def _cursor_after(job: Job) -> str:
    text = f"{job.submitted_at.isoformat()} {job.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, job_id = base64.b64decode(padded, b"-_", validate=True).decode().partition(" ")
        submitted_at = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error):
        raise CursorError("the cursor is not valid; use the next_cursor of a listing") from None
    if submitted_at.tzinfo is None or not is_id(job_id):
        raise CursorError("the cursor is not valid; use the next_cursor of a listing")
    return submitted_at, job_id
