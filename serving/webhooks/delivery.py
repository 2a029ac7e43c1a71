"""The loop that delivers webhooks: claims what is due, sends it signed, notes how it went.

Any number of them may run, in any process: leases and fences in the database keep them apart.
"""

import asyncio
import json
import logging
from datetime import UTC, datetime
from functools import partial

from serving.store.webhooks import DueDelivery, WebhookStore
from serving.webhooks.sending import Sender
from serving.webhooks.signing import signed_headers

logger = logging.getLogger(__name__)

AT_ONCE = 16
POLL_S = 2.0


def body_of(due: DueDelivery) -> bytes:
    """What is sent: ids, state and a link; nothing of a document, and the same in each attempt."""
    kind, _, state = due.event.partition(".")
    content = {
        "type": due.event,
        "timestamp": due.created_at.isoformat(),
        "data": {
            f"{kind}_id": due.job_id,
            "state": state,
            "location": f"/v1/{kind}s/{due.job_id}",
        },
    }
    return json.dumps(content, separators=(",", ":")).encode()


class DeliveryLoop:
    """Delivers until it is cancelled. Attempts under way then are made again by another loop."""

    def __init__(self, store: WebhookStore, sender: Sender, poll_s: float = POLL_S) -> None:
        self._store = store
        self._sender = sender
        self._poll_s = poll_s

    async def run(self) -> None:
        """Never returns; a database that is away for a while is waited for."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                due = await self._claimed(AT_ONCE - len(running))
                running |= {asyncio.create_task(self._attempt(one)) for one in due}
                if running:
                    _, running = await asyncio.wait(
                        running, timeout=self._poll_s, return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(self._poll_s)
        finally:
            for task in running:
                task.cancel()

    async def once(self) -> int:
        """Tries what is due now; how many that were."""
        due = await asyncio.to_thread(self._store.claim, AT_ONCE)
        await asyncio.gather(*map(self._attempt, due))
        return len(due)

    async def _claimed(self, most: int) -> tuple[DueDelivery, ...]:
        try:
            return await asyncio.to_thread(self._store.claim, most) if most > 0 else ()
        except Exception:  # whatever the database has: the loop outlives it
            logger.exception("webhook deliveries cannot be claimed")
            return ()

    async def _attempt(self, due: DueDelivery) -> None:
        """One attempt; one that ends without a note is made again when its lease is over."""
        try:
            body = body_of(due)
            headers = signed_headers(due.id, body, due.secrets, datetime.now(UTC))
            outcome = await self._sender.post(due.url, body, headers)
            note = partial(self._store.settle, due, outcome.status)
            held = await asyncio.to_thread(note)
            logger.info(
                "webhook %s: %s %s%s",
                *(due.id, outcome.reason, outcome.status, "" if held else " (too late)"),
            )
        except Exception:
            logger.exception("webhook %s: the attempt failed on our side", due.id)
