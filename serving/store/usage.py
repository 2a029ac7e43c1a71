"""Rate limits and quotas of keys, counted in the database that all replicas share.

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

_JOB_RETRY_S = 5  # about the duration of a job


class LimitReached(RuntimeError):
    """A key has reached a limit; `code` is `rate_limited` or `quota_exceeded`."""

    def __init__(self, code: str, detail: str, retry_after_s: int) -> None:
        super().__init__(code, detail, retry_after_s)
        self.code, self.detail, self.retry_after_s = code, detail, retry_after_s


def window_start(kind: Kind, now: datetime) -> datetime:
    """Return the start of the window that contains `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if kind == "pages" else now.replace(second=0, microsecond=0)


def seconds_left(kind: Kind, now: datetime) -> int:
    """Return the whole seconds until the next window begins, at least 1."""
    left = window_start(kind, now) + WINDOWS[kind] - now
    return max(1, -(-left // timedelta(seconds=1)))


def charge(
    connection: Connection, key_id: str, kind: Kind, amount: int, limit: int, now: datetime
) -> bool:
    """Add `amount` to what the key has used, unless that exceeds `limit`; return whether it fit."""
    began = window_start(kind, now)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(UsageRow).values(key_id=key_id, kind=kind, window_start=began, used=0)
    if connection.execute(row.on_conflict_do_nothing()).rowcount:
        connection.execute(
            delete(UsageRow).where(
                UsageRow.key_id == key_id, UsageRow.kind == kind, UsageRow.window_start < began
            )
        )
    # The condition guards the limit: two replicas cannot both use the last unit.
    charged = connection.execute(
        update(UsageRow)
        .where(
            UsageRow.key_id == key_id,
            UsageRow.kind == kind,
            UsageRow.window_start == began,
            UsageRow.used + amount <= limit,
        )
        .values(used=UsageRow.used + amount)
    )
    return charged.rowcount == 1


def charge_request(
    connection: Connection, key_id: str, allowance: Allowance, now: datetime
) -> None:
    """Charge the key one request. Raises `LimitReached`."""
    limit = allowance.requests_per_minute
    if not charge(connection, key_id, "requests", 1, limit, now):
        raise LimitReached(
            "rate_limited",
            f"the key has used its limit of {limit} requests per minute",
            seconds_left("requests", now),
        )


def charge_job(
    connection: Connection, key_id: str, allowance: Allowance, pages: int, now: datetime
) -> None:
    """Charge the key for a job that is about to be inserted. Raises `LimitReached`.

    Called in the transaction that inserts it, so that a job refused for another reason costs
    nothing.
    """
    limit = allowance.concurrent_jobs
    waiting = unfinished_jobs(connection, key_id)
    if waiting >= limit:
        raise LimitReached(
            "quota_exceeded",
            f"the key has {waiting} unfinished jobs, its limit is {limit}",
            _JOB_RETRY_S,
        )
    limit = allowance.pages_per_day
    if pages and not charge(connection, key_id, "pages", pages, limit, now):
        left = limit - amount_used(connection, key_id, "pages", now)
        raise LimitReached(
            "quota_exceeded",
            f"the request has {pages} pages, but the key has {max(left, 0)} left of its {limit} per"
            " day",
            seconds_left("pages", now),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """Usage of a key: requests this minute, pages today (UTC), unfinished jobs."""

    requests: int
    pages: int
    jobs: int


def use_of(connection: Connection, key_id: str, now: datetime) -> Use:
    """Return the usage of a key in the current windows."""
    return Use(
        amount_used(connection, key_id, "requests", now),
        amount_used(connection, key_id, "pages", now),
        unfinished_jobs(connection, key_id),
    )


def amount_used(connection: Connection, key_id: str, kind: Kind, now: datetime) -> int:
    """Return the requests or pages that the key has used in the current window."""
    amount = connection.scalar(
        select(UsageRow.used).where(
            UsageRow.key_id == key_id,
            UsageRow.kind == kind,
            UsageRow.window_start == window_start(kind, now),
        )
    )
    return amount or 0


def unfinished_jobs(connection: Connection, key_id: str) -> int:
    """Return the number of queued or running jobs that were posted with the key."""
    query = select(func.count()).where(JobRow.key_id == key_id, JobRow.state.in_(UNFINISHED))
    return connection.execute(query).scalar_one()
