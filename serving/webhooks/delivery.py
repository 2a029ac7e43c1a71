"""The loop that delivers webhooks: claims due ones, signs and sends them, records the outcome.

Any number of loops may run, in any process: leases and fences in the database keep them apart.
"""

import asyncio
import json
import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any

from serving.store.webhooks import DueDelivery, WebhookStore
from serving.webhooks.sending import Sender
from serving.webhooks.signing import signed_headers

logger = logging.getLogger(__name__)

CONCURRENT_ATTEMPTS = 16
POLL_S = 2.0


def body_of(due: DueDelivery) -> bytes:
    """Return the body of a webhook: ids, state and a link, no text; the same each attempt.

    After the first verdict of a dispute also what a new one changed: codes, numbers, money.
    """
    kind, _, state = due.event.partition(".")
    data: dict[str, Any] = {
        f"{kind}_id": due.job_id,
        "state": state,
        "location": f"/v1/{kind}s/{due.job_id}",
    }
    if due.revision > 1:
        data |= {"version": due.revision, "changes": due.changes}
    content = {"type": due.event, "timestamp": due.created_at.isoformat(), "data": data}
    return json.dumps(content, separators=(",", ":")).encode()


class DeliveryLoop:
    """Delivers until it is cancelled; attempts running then are repeated by another loop."""

    def __init__(self, store: WebhookStore, sender: Sender, poll_s: float = POLL_S) -> None:
        self._store = store
        self._sender = sender
        self._poll_s = poll_s

    async def run(self) -> None:
        """Deliver forever; while the database is unavailable, keep trying."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                due = await self._claim(CONCURRENT_ATTEMPTS - len(running))
                running |= {asyncio.create_task(self._attempt(delivery)) for delivery in due}
                if running:
                    _, running = await asyncio.wait(
                        running, timeout=self._poll_s, return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(self._poll_s)
        finally:
            for task in running:
                task.cancel()

    async def deliver_due(self) -> int:
        """Attempt the deliveries that are due now; return their number."""
        due = await asyncio.to_thread(self._store.claim, CONCURRENT_ATTEMPTS)
        await asyncio.gather(*map(self._attempt, due))
        return len(due)

    async def _claim(self, limit: int) -> tuple[DueDelivery, ...]:
        try:
            return await asyncio.to_thread(self._store.claim, limit) if limit > 0 else ()
        except Exception:  # whatever is wrong with the database, the loop goes on
            logger.exception("claiming webhook deliveries failed")
            return ()

    async def _attempt(self, due: DueDelivery) -> None:
        """Make one attempt; if its outcome is not recorded, it is repeated after the lease."""
        try:
            body = body_of(due)
            headers = signed_headers(due.id, body, due.secrets, datetime.now(UTC))
            outcome = await self._sender.post(due.url, body, headers)
            record = partial(self._store.record_attempt, due, outcome.status)
            held = await asyncio.to_thread(record)
            logger.info(
                "webhook %s: %s %s%s",
                *(due.id, outcome.reason, outcome.status, "" if held else " (lease lost)"),
            )
        except Exception:
            logger.exception("webhook %s: the attempt failed inside the service", due.id)
