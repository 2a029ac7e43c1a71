"""Requests with an idempotency key while they come in: one at a time for each key of a tenant.

Whoever receives says so again and again, so that the key of a process that died is soon free. That
one job is made of a key does not hang on it: `jobs` sees to that when it keeps one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from serving.store.tables import ReceptionRow

# A request that has not been heard of for so long is taken for dead.
SILENCE = timedelta(minutes=1)


class StillReceiving(RuntimeError):
    """The first request with this idempotency key is still coming in."""


@dataclass(frozen=True, slots=True)
class Reception:
    """The right to be the first request with an idempotency key, until it is submitted."""

    tenant: str
    idempotency_key: str
    holder: str


def begin(connection: Connection, reception: Reception, now: datetime) -> None:
    """Keeps other requests with the key away; raises `StillReceiving` where one is there."""
    until = connection.execute(select(ReceptionRow.until).where(*_of_key(reception))).scalar()
    if until is not None and until > now:
        raise StillReceiving(
            "the first request with this Idempotency-Key is still coming in; try again in a few"
            " seconds"
        )
    connection.execute(delete(ReceptionRow).where(*_of_key(reception)))
    connection.execute(
        insert(ReceptionRow).values(
            tenant=reception.tenant,
            idempotency_key=reception.idempotency_key,
            holder=reception.holder,
            until=now + SILENCE,
        )
    )


def renew(connection: Connection, reception: Reception, now: datetime) -> None:
    """It is still coming in; nothing where another has taken its place."""
    connection.execute(update(ReceptionRow).where(*_own(reception)).values(until=now + SILENCE))


def end(connection: Connection, reception: Reception) -> None:
    """Lets the next request with the key be the first."""
    connection.execute(delete(ReceptionRow).where(*_own(reception)))


def forget_dead(connection: Connection, now: datetime) -> None:
    """Forgets requests that were not heard of for too long."""
    connection.execute(delete(ReceptionRow).where(ReceptionRow.until <= now))


def _of_key(reception: Reception) -> tuple[Any, ...]:
    return (
        ReceptionRow.tenant == reception.tenant,
        ReceptionRow.idempotency_key == reception.idempotency_key,
    )


def _own(reception: Reception) -> tuple[Any, ...]:
    return *_of_key(reception), ReceptionRow.holder == reception.holder
