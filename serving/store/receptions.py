"""Requests with an idempotency key that are being received: one at a time per tenant and key.

A reception is renewed while its request comes in, so that the key of a process that died is soon
free. Only one job is made per key in any case: `jobs` ensures that when it submits one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from serving.store.tables import ReceptionRow

# A reception that was not renewed for so long is taken for dead.
SILENCE = timedelta(minutes=1)


class StillReceiving(RuntimeError):
    """The first request with this idempotency key is still being received."""


@dataclass(frozen=True, slots=True)
class Reception:
    """The right to be the first request with an idempotency key, until it is submitted."""

    tenant: str
    idempotency_key: str
    holder: str


def begin(connection: Connection, reception: Reception, now: datetime) -> None:
    """Insert a reception; raises `StillReceiving` while another one has the key."""
    until = connection.execute(
        select(ReceptionRow.until).where(*_key_conditions(reception))
    ).scalar()
    if until is not None and until > now:
        raise StillReceiving(
            "the first request with this Idempotency-Key is still being received; try again in a"
            " few seconds"
        )
    connection.execute(delete(ReceptionRow).where(*_key_conditions(reception)))
    connection.execute(
        insert(ReceptionRow).values(
            tenant=reception.tenant,
            idempotency_key=reception.idempotency_key,
            holder=reception.holder,
            until=now + SILENCE,
        )
    )


def renew(connection: Connection, reception: Reception, now: datetime) -> None:
    """Extend a reception; do nothing where another has replaced it."""
    connection.execute(
        update(ReceptionRow).where(*_holder_conditions(reception)).values(until=now + SILENCE)
    )


def end(connection: Connection, reception: Reception) -> None:
    """Delete a reception, so that another request may use the key."""
    connection.execute(delete(ReceptionRow).where(*_holder_conditions(reception)))


def forget_dead(connection: Connection, now: datetime) -> None:
    """Delete receptions that were not renewed for too long."""
    connection.execute(delete(ReceptionRow).where(ReceptionRow.until <= now))


def _key_conditions(reception: Reception) -> tuple[Any, ...]:
    return (
        ReceptionRow.tenant == reception.tenant,
        ReceptionRow.idempotency_key == reception.idempotency_key,
    )


def _holder_conditions(reception: Reception) -> tuple[Any, ...]:
    return *_key_conditions(reception), ReceptionRow.holder == reception.holder
