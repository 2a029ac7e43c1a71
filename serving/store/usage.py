"""How much of its allowance a key has used, counted in the database: all replicas share it.

Windows are fixed: a minute or a day of UTC. A key keeps one row of each kind, whatever it does.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from serving.store.tables import JobRow, UsageRow

Kind = Literal["requests", "pages"]
WINDOWS: dict[Kind, timedelta] = {"requests": timedelta(minutes=1), "pages": timedelta(days=1)}


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
    return (
        connection.scalar(
            select(func.count())
            .select_from(JobRow)
            .where(JobRow.key_id == key_id, JobRow.state.in_(("queued", "running")))
        )
        or 0
    )
