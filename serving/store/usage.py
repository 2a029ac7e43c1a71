"""How much of its allowance a key has used, counted in the database: all replicas share it.

Windows are fixed: a minute or a day of UTC. A key keeps one row of each kind, whatever it does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from serving.store.identity import Allowance
from serving.store.jobs import UNFINISHED
from serving.store.tables import JobRow, UsageRow

Kind = Literal["requests", "pages"]
WINDOWS: dict[Kind, timedelta] = {"requests": timedelta(minutes=1), "pages": timedelta(days=1)}

_JOB_RETRY_S = 5  # about what a job takes


class LimitReached(RuntimeError):
    """A key has used up what it may; `code` is `rate_limited` or `quota_exceeded`."""

    def __init__(self, code: str, detail: str, retry_after_s: int) -> None:
        super().__init__(code, detail, retry_after_s)
        self.code, self.detail, self.retry_after_s = code, detail, retry_after_s


def window_start(kind: Kind, now: datetime) -> datetime:
    """When the window began that `now` lies in."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if kind == "pages" else now.replace(second=0, microsecond=0)


def seconds_left(kind: Kind, now: datetime) -> int:
    """Whole seconds until a new window begins, at least 1."""
    left = window_start(kind, now) + WINDOWS[kind] - now
    return max(1, -(-left // timedelta(seconds=1)))


def charge(
    connection: Connection, key_id: str, kind: Kind, amount: int, most: int, now: datetime
) -> bool:
    """Whether the key still had `amount` left of `most`; then it is used up."""
    began = window_start(kind, now)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(UsageRow).values(key_id=key_id, kind=kind, window_start=began, used=0)
    if connection.execute(row.on_conflict_do_nothing()).rowcount:
        connection.execute(
            delete(UsageRow).where(
                UsageRow.key_id == key_id, UsageRow.kind == kind, UsageRow.window_start < began
            )
        )
    # Guarded by the limit itself: two replicas cannot both take the last one.
    taken = connection.execute(
        update(UsageRow)
        .where(
            UsageRow.key_id == key_id,
            UsageRow.kind == kind,
            UsageRow.window_start == began,
            UsageRow.used + amount <= most,
        )
        .values(used=UsageRow.used + amount)
    )
    return taken.rowcount == 1


def charge_request(
    connection: Connection, key_id: str, allowance: Allowance, now: datetime
) -> None:
    """Counts one request. Raises `LimitReached`."""
    most = allowance.requests_per_minute
    if not charge(connection, key_id, "requests", 1, most, now):
        raise LimitReached(
            "rate_limited",
            f"the key has made its {most} requests of this minute",
            seconds_left("requests", now),
        )


def charge_job(
    connection: Connection, key_id: str, allowance: Allowance, pages: int, now: datetime
) -> None:
    """Counts a job of so many pages that is about to be inserted. Raises `LimitReached`.

    Called in the transaction that inserts it, so that a job refused for another reason costs
    nothing.
    """
    most = allowance.concurrent_jobs
    waiting = unfinished_jobs(connection, key_id)
    if waiting >= most:
        raise LimitReached(
            "quota_exceeded",
            f"the key has {waiting} jobs that are not finished, at most {most} are taken",
            _JOB_RETRY_S,
        )
    most = allowance.pages_per_day
    if pages and not charge(connection, key_id, "pages", pages, most, now):
        left = most - used(connection, key_id, "pages", now)
        raise LimitReached(
            "quota_exceeded",
            f"the request has {pages} pages, and {max(left, 0)} of the key's {most} a day are left",
            seconds_left("pages", now),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """What a key has used: requests of this minute, pages of this day, jobs not finished."""

    requests: int
    pages: int
    jobs: int


def use_of(connection: Connection, key_id: str, now: datetime) -> Use:
    """What the key has used in the windows that run."""
    return Use(
        used(connection, key_id, "requests", now),
        used(connection, key_id, "pages", now),
        unfinished_jobs(connection, key_id),
    )


def used(connection: Connection, key_id: str, kind: Kind, now: datetime) -> int:
    """How much the key has used in the window that runs."""
    found = connection.scalar(
        select(UsageRow.used).where(
            UsageRow.key_id == key_id,
            UsageRow.kind == kind,
            UsageRow.window_start == window_start(kind, now),
        )
    )
    return found or 0


def unfinished_jobs(connection: Connection, key_id: str) -> int:
    """Jobs posted with the key that are queued or running."""
    asked = select(func.count()).where(JobRow.key_id == key_id, JobRow.state.in_(UNFINISHED))
    return connection.execute(asked).scalar_one()
