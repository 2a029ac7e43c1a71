"""Webhook endpoints and their deliveries: claimed, attempted, retried, given up.

A failed delivery is retried after 5 s, 20 s, 80 s ... up to 6 h, each wait lengthened or shortened
by up to a quarter at random, for about three days. It is sent at least once: a receiver recognises
repetitions by the `webhook-id`. Calls block; asynchronous callers use a thread.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, and_, delete, func, insert, or_, select, update

from serving.store.database import advisory_lock, read_transaction, write_transaction
from serving.store.jobs import Clock, new_id
from serving.store.secret_box import SecretBox, SecretKeyError
from serving.store.tables import WebhookDeliveryRow, WebhookEndpointRow

logger = logging.getLogger(__name__)

DeliveryState = Literal["pending", "delivered", "failed"]

FIRST_WAIT = timedelta(seconds=5)
WAIT_FACTOR = 4
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
MAX_ENDPOINTS = 10  # of one tenant
_LEASE = timedelta(seconds=60)  # an attempt takes 10 s at most
_CONCURRENT_PER_ENDPOINT = 4  # a slow receiver must not hold up the others
_WEBHOOK_LOCK = 740_004
_GONE = 410


class TooManyEndpoints(ValueError):
    """A tenant has the maximum number of endpoints; the message states it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A tenant's endpoint. `secrets` is how many sign: two while they are being changed."""

    id: str
    tenant: str
    url: str
    secrets: int
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint and the state of its delivery. `id` is the `webhook-id`."""

    id: str
    endpoint_id: str
    job_id: str
    event: str
    created_at: datetime
    state: DeliveryState
    attempts: int
    next_at: datetime
    last_status: int | None


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery that one worker holds until its lease ends; each of the `secrets` signs it."""

    id: str
    url: str
    secrets: tuple[str, ...]
    job_id: str
    event: str
    created_at: datetime
    fence: int
    revision: int = 1
    changes: dict[str, Any] | None = None


class WebhookStore:
    """The endpoints of all tenants and their deliveries."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        box: SecretBox,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._box = box
        self._draw = draw

    def register(self, tenant: str, url: str, secret: str) -> Endpoint:
        """Insert an endpoint whose URL was checked, and return it. Raises `TooManyEndpoints`."""
        row: dict[str, Any] = {
            "id": f"we_{new_id()}",
            "tenant": tenant,
            "url": url,
            "secrets": [self._box.encrypt(secret)],
            "created_at": self._clock(),
        }
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, _WEBHOOK_LOCK)
            count = connection.execute(
                select(func.count()).where(WebhookEndpointRow.tenant == tenant)
            ).scalar_one()
            if count >= MAX_ENDPOINTS:
                raise TooManyEndpoints(
                    f"there are {count} webhooks already, the limit is {MAX_ENDPOINTS}; delete one"
                )
            connection.execute(insert(WebhookEndpointRow).values(row))
        return Endpoint(row["id"], tenant, url, 1, row["created_at"], None)

    def endpoints(self, tenant: str) -> tuple[Endpoint, ...]:
        """Return the tenant's endpoints, oldest first."""
        query = (
            select(WebhookEndpointRow)
            .where(WebhookEndpointRow.tenant == tenant)
            .order_by(WebhookEndpointRow.created_at, WebhookEndpointRow.id)
        )
        with read_transaction(self._engine) as connection:
            return tuple(map(_endpoint, connection.execute(query)))

    def delete(self, tenant: str, endpoint_id: str) -> bool:
        """Delete an endpoint and its deliveries; return whether there was one."""
        with write_transaction(self._engine) as connection:
            gone = connection.execute(
                delete(WebhookEndpointRow).where(*_endpoint_conditions(tenant, endpoint_id))
            )
        return gone.rowcount == 1

    def rotate(self, tenant: str, endpoint_id: str, secret: str) -> Endpoint | None:
        """Add a secret beside the newest one and return the endpoint; None where there is none.

        An endpoint that was disabled is enabled again.
        """
        with write_transaction(self._engine) as connection:
            row = _endpoint_row(connection, tenant, endpoint_id, lock=True)
            if row is None:
                return None
            live = [row.secrets[-1], self._box.encrypt(secret)]
            connection.execute(
                update(WebhookEndpointRow)
                .where(*_endpoint_conditions(tenant, endpoint_id))
                .values(secrets=live, disabled_at=None)
            )
        return replace(_endpoint(row), secrets=len(live), disabled_at=None)

    def deliveries(
        self, tenant: str, endpoint_id: str, limit: int = 100
    ) -> tuple[Delivery, ...] | None:
        """Return the newest deliveries of an endpoint; None where there is no such endpoint."""
        query = (
            select(WebhookDeliveryRow)
            .where(
                WebhookDeliveryRow.tenant == tenant, WebhookDeliveryRow.endpoint_id == endpoint_id
            )
            .order_by(WebhookDeliveryRow.created_at.desc(), WebhookDeliveryRow.id)
            .limit(limit)
        )
        with read_transaction(self._engine) as connection:
            if _endpoint_row(connection, tenant, endpoint_id) is None:
                return None
            return tuple(map(_delivery, connection.execute(query)))

    def redeliver(self, tenant: str, endpoint_id: str, delivery_id: str) -> Delivery | None:
        """Make a delivery due now, with all its attempts again; None where there is none."""
        this = and_(
            WebhookDeliveryRow.id == delivery_id,
            WebhookDeliveryRow.endpoint_id == endpoint_id,
            WebhookDeliveryRow.tenant == tenant,
        )
        with write_transaction(self._engine) as connection:
            # The fence rises: the outcome of an attempt under way is ignored.
            connection.execute(
                update(WebhookDeliveryRow)
                .where(this)
                .values(
                    state="pending",
                    attempts=0,
                    next_at=self._clock(),
                    lease_until=None,
                    fence=WebhookDeliveryRow.fence + 1,
                )
            )
            row = connection.execute(select(WebhookDeliveryRow).where(this)).first()
        return None if row is None else _delivery(row)

    def claim(self, limit: int) -> tuple[DueDelivery, ...]:
        """Claim up to `limit` due deliveries; the caller holds them until their lease ends."""
        now = self._clock()
        row = WebhookDeliveryRow
        held = and_(row.state == "pending", row.lease_until > now)
        with write_transaction(self._engine) as connection:
            advisory_lock(connection, _WEBHOOK_LOCK)
            counted = select(row.endpoint_id, func.count()).where(held).group_by(row.endpoint_id)
            busy: dict[str, int] = {place: count for place, count in connection.execute(counted)}
            rank = func.row_number().over(partition_by=row.endpoint_id, order_by=row.next_at)
            due = (
                select(row.id, rank.label("rank"))
                .join(WebhookEndpointRow, WebhookEndpointRow.id == row.endpoint_id)
                .where(
                    row.state == "pending",
                    row.next_at <= now,
                    or_(row.lease_until.is_(None), row.lease_until <= now),
                    WebhookEndpointRow.disabled_at.is_(None),
                )
                .subquery()
            )
            rows = connection.execute(
                select(row, due.c.rank, WebhookEndpointRow.url, WebhookEndpointRow.secrets)
                .join(due, due.c.id == row.id)
                .join(WebhookEndpointRow, WebhookEndpointRow.id == row.endpoint_id)
                .where(due.c.rank <= _CONCURRENT_PER_ENDPOINT)
                .order_by(row.next_at, row.id)
            ).all()
            free = [
                delivery_row
                for delivery_row in rows
                if delivery_row.rank
                <= _CONCURRENT_PER_ENDPOINT - busy.get(delivery_row.endpoint_id, 0)
            ][:limit]
            connection.execute(
                update(row)
                .where(row.id.in_([delivery_row.id for delivery_row in free]))
                .values(lease_until=now + _LEASE, fence=row.fence + 1)
            )
        return tuple(
            delivery
            for delivery_row in free
            if (delivery := self._due_delivery(delivery_row)) is not None
        )

    def record_attempt(self, due: DueDelivery, status: int | None) -> bool:
        """Record the outcome of an attempt; False where the caller's lease is lost.

        2xx is success; 410 disables the endpoint and fails all its pending deliveries; anything
        else is retried until the attempts are used up.
        """
        now = self._clock()
        this = and_(WebhookDeliveryRow.id == due.id, WebhookDeliveryRow.fence == due.fence)
        with write_transaction(self._engine) as connection:
            query = select(WebhookDeliveryRow).where(this, WebhookDeliveryRow.state == "pending")
            row = connection.execute(query.with_for_update()).first()
            if row is None:
                return False
            attempts = row.attempts + 1
            wait = wait_after(attempts, self._draw())
            state: DeliveryState = "pending"
            if status is not None and 200 <= status < 300:
                state = "delivered"
            elif status == _GONE or wait is None:
                state = "failed"
            connection.execute(
                update(WebhookDeliveryRow)
                .where(this)
                .values(
                    state=state,
                    attempts=attempts,
                    next_at=now + wait if wait is not None and state == "pending" else now,
                    lease_until=None,
                    last_status=status,
                )
            )
            if status == _GONE:
                _disable(connection, row.endpoint_id, now)
        return True

    def _due_delivery(self, row: Row[Any]) -> DueDelivery | None:
        """Return the delivery; None where its secrets cannot be decrypted.

        Then it is due again when its lease is over, and the others do not wait for it.
        """
        try:
            opened = tuple(map(self._box.decrypt, row.secrets))
        except SecretKeyError as error:
            logger.error("webhook endpoint %s: %s", row.endpoint_id, error)
            return None
        fence = row.fence + 1
        return DueDelivery(
            *(row.id, row.url, opened, row.job_id, row.event, row.created_at, fence),
            *(row.revision, row.changes),
        )


def wait_after(attempts: int, drawn: float) -> timedelta | None:
    """Return the wait after so many failed attempts; None when it is time to give up.

    `drawn` is uniform in [0, 1): many deliveries that failed together are not retried together.
    """
    waits = [FIRST_WAIT]
    while len(waits) < attempts:
        waits.append(min(waits[-1] * WAIT_FACTOR, LONGEST_WAIT))
    if sum(waits, timedelta()) > GIVE_UP_AFTER:
        return None
    return waits[-1] * (0.75 + drawn / 2)


def _disable(connection: Connection, endpoint_id: str, now: datetime) -> None:
    connection.execute(
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id == endpoint_id)
        .values(disabled_at=now)
    )
    connection.execute(
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.endpoint_id == endpoint_id, WebhookDeliveryRow.state == "pending")
        .values(state="failed", lease_until=None)
    )


def _endpoint_conditions(tenant: str, endpoint_id: str) -> tuple[Any, ...]:
    return WebhookEndpointRow.tenant == tenant, WebhookEndpointRow.id == endpoint_id


def _endpoint_row(
    connection: Connection, tenant: str, endpoint_id: str, lock: bool = False
) -> Row[Any] | None:
    query = select(WebhookEndpointRow).where(*_endpoint_conditions(tenant, endpoint_id))
    return connection.execute(query.with_for_update() if lock else query).first()


def _endpoint(row: Row[Any]) -> Endpoint:
    values = {name: getattr(row, name) for name in Endpoint.__slots__}
    return Endpoint(**{**values, "secrets": len(row.secrets)})


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__slots__})
