"""Webhooks from the row that a finished job leaves to the receiver: held, tried again, ended."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from standardwebhooks.webhooks import Webhook

from serving.store.jobs import JobStore, NewJob, new_id
from serving.store.webhooks import (
    MAX_ENDPOINTS,
    Delivery,
    Endpoint,
    TooManyEndpoints,
    WebhookStore,
    wait_after,
)
from serving.webhooks.delivery import DeliveryLoop, body_of
from serving.webhooks.sending import Sender
from serving.webhooks.signing import new_secret
from tests.support.fake_service import BOX
from tests.support.webhook_receivers import receiving

URL = "https://receiver.example/hook"


class Moments:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, wait: timedelta) -> None:
        self.now += wait


class Post:
    """Endpoints, jobs that end, and what becomes of their events."""

    def __init__(self, engine: Engine) -> None:
        self.clock = Moments()
        self.jobs = JobStore(engine, self.clock)
        self.store = WebhookStore(engine, self.clock, BOX, draw=lambda: 0.5)

    def endpoint(self, tenant: str = "acme", url: str = URL, secret: str | None = None) -> Endpoint:
        return self.store.register(tenant, url, secret or new_secret())

    def finished(self, tenant: str = "acme") -> str:
        job = NewJob(new_id(), tenant, "dispute", "f", None, ())
        self.jobs.submit(job)
        self.jobs.cancel(tenant, job.id)
        return job.id

    def delivery(self, endpoint: Endpoint) -> Delivery:
        found = self.store.deliveries(endpoint.tenant, endpoint.id)
        assert found is not None
        (one,) = found
        return one


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


def test_each_endpoint_of_the_tenant_is_told_once(post: Post) -> None:
    first, second, foreign = post.endpoint(), post.endpoint(), post.endpoint("globex")
    job = post.finished()
    for endpoint in (first, second):
        one = post.delivery(endpoint)
        assert (one.job_id, one.event, one.state) == (job, "dispute.cancelled", "pending")
    assert post.store.deliveries("globex", foreign.id) == ()
    due = post.store.claim(10)
    assert {one.job_id for one in due} == {job}
    assert len(due) == 2
    assert post.store.claim(10) == ()


def test_what_is_sent_has_ids_state_and_a_link_and_nothing_else(post: Post) -> None:
    post.endpoint()
    job = post.finished()
    (due,) = post.store.claim(1)
    assert json.loads(body_of(due)) == {
        "type": "dispute.cancelled",
        "timestamp": "2026-01-31T12:00:00+00:00",
        "data": {"dispute_id": job, "state": "cancelled", "location": f"/v1/disputes/{job}"},
    }


@pytest.mark.parametrize(
    ("status", "state", "disabled"),
    [
        (200, "delivered", False),
        (299, "delivered", False),
        (None, "pending", False),
        (301, "pending", False),
        (404, "pending", False),
        (500, "pending", False),
        (410, "failed", True),
    ],
)
def test_what_an_answer_makes_of_a_delivery(
    post: Post, status: int | None, state: str, disabled: bool
) -> None:
    endpoint = post.endpoint()
    post.finished()
    (due,) = post.store.claim(1)
    assert post.store.record_attempt(due, status)
    one = post.delivery(endpoint)
    assert (one.state, one.attempts, one.last_status) == (state, 1, status)
    assert (post.store.endpoints("acme")[0].disabled_at is not None) is disabled
    post.clock.forward(timedelta(seconds=5))
    assert len(post.store.claim(1)) == (state == "pending")


def test_an_endpoint_that_is_gone_is_left_alone_until_its_secret_is_changed(post: Post) -> None:
    endpoint = post.endpoint()
    post.finished()
    post.finished()
    first, _ = post.store.claim(2)
    post.store.record_attempt(first, 410)
    post.clock.forward(timedelta(minutes=2))
    assert post.store.claim(10) == ()
    found = post.store.deliveries("acme", endpoint.id)
    assert found is not None
    assert [one.state for one in found] == ["failed", "failed"]
    post.finished()
    assert len(post.store.deliveries("acme", endpoint.id) or ()) == 2
    changed = post.store.rotate("acme", endpoint.id, new_secret())
    assert changed is not None
    assert changed.disabled_at is None
    post.finished()
    assert len(post.store.claim(10)) == 1


def test_who_has_lost_the_lease_decides_nothing(post: Post) -> None:
    endpoint = post.endpoint()
    post.finished()
    (slow,) = post.store.claim(1)
    post.clock.forward(timedelta(seconds=61))
    (other,) = post.store.claim(1)
    assert other.fence > slow.fence
    assert not post.store.record_attempt(slow, 410)
    assert post.store.record_attempt(other, 200)
    assert not post.store.record_attempt(other, 500)
    assert post.delivery(endpoint).state == "delivered"


def test_a_failing_receiver_is_tried_for_three_days(post: Post) -> None:
    endpoint = post.endpoint()
    post.finished()
    began = post.clock.now
    waits = []
    while (one := post.delivery(endpoint)).state == "pending":
        waits.append(one.next_at - post.clock.now)
        post.clock.now = one.next_at
        (due,) = post.store.claim(1)
        post.store.record_attempt(due, 503)
    assert [wait.total_seconds() for wait in waits[:5]] == [0, 5, 20, 80, 320]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=2.5) < post.clock.now - began <= timedelta(days=3)
    assert (one.state, one.last_status) == ("failed", 503)


@pytest.mark.parametrize("drawn", [0.0, 0.5, 0.999])
def test_waits_are_drawn_apart_by_a_quarter(drawn: float) -> None:
    for attempts in range(1, 15):
        wait, middle = wait_after(attempts, drawn), wait_after(attempts, 0.5)
        assert wait is not None
        assert middle is not None
        assert 0.75 * middle <= wait <= 1.25 * middle
    assert wait_after(1, 0.0) != wait_after(1, 0.9)


def test_a_delivery_is_made_again_by_hand(post: Post) -> None:
    endpoint = post.endpoint()
    post.finished()
    (due,) = post.store.claim(1)
    post.store.record_attempt(due, 200)
    again = post.store.redeliver("acme", endpoint.id, due.id)
    assert again is not None
    assert (again.state, again.attempts) == ("pending", 0)
    (second,) = post.store.claim(1)
    assert second.id == due.id
    assert body_of(second) == body_of(due)
    for tenant, place, which in (
        ("globex", endpoint.id, due.id),
        ("acme", "we_other", due.id),
        ("acme", endpoint.id, "msg_other"),
    ):
        assert post.store.redeliver(tenant, place, which) is None


def test_a_slow_receiver_does_not_hold_up_the_others(post: Post) -> None:
    slow = post.endpoint("acme")
    for _ in range(12):
        post.finished("acme")
    quick = post.endpoint("globex")
    post.clock.forward(timedelta(seconds=1))
    post.finished("globex")
    due = post.store.claim(10)
    assert len(due) == 5
    assert [one.url for one in due].count(URL) == 5
    assert quick.id in {one.endpoint_id for one in post.store.deliveries("globex", quick.id) or ()}
    assert post.store.claim(10) == ()
    post.store.record_attempt(due[0], 200)
    assert len(post.store.claim(10)) == 1
    assert len(post.store.deliveries("acme", slow.id) or ()) == 12


def test_a_tenant_has_so_many_endpoints_and_no_more(post: Post) -> None:
    for _ in range(MAX_ENDPOINTS):
        post.endpoint()
    with pytest.raises(TooManyEndpoints, match="limit is 10"):
        post.endpoint()
    post.endpoint("globex")


def test_only_the_two_newest_secrets_are_live(post: Post) -> None:
    first, second, third = new_secret(), new_secret(), new_secret()
    endpoint = post.endpoint(secret=first)
    assert endpoint.secrets == 1
    for new, live in ((second, (first, second)), (third, (second, third))):
        post.store.rotate("acme", endpoint.id, new)
        assert post.store.endpoints("acme")[0].secrets == 2
        post.finished()
        (due,) = post.store.claim(1)
        assert due.secrets == live
        post.store.record_attempt(due, 204)
    assert post.store.rotate("globex", endpoint.id, third) is None


def test_a_deleted_endpoint_takes_its_deliveries_along(post: Post) -> None:
    endpoint = post.endpoint()
    post.finished()
    assert not post.store.delete("globex", endpoint.id)
    assert post.store.delete("acme", endpoint.id)
    assert not post.store.delete("acme", endpoint.id)
    assert post.store.claim(1) == ()
    assert post.store.deliveries("acme", endpoint.id) is None


def test_a_deleted_job_is_not_told_any_more(post: Post) -> None:
    post.endpoint()
    job = post.finished()
    post.jobs.delete("acme", job)
    assert post.store.claim(1) == ()


async def within(seconds: float, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def test_the_loop_delivers_signed_with_both_secrets(post: Post) -> None:
    async def deliver() -> None:
        async with receiving() as receiver:
            old, new = new_secret(), new_secret()
            url = f"http://127.0.0.1:{receiver.port}/hook"
            endpoint = post.endpoint(url=url, secret=old)
            post.store.rotate("acme", endpoint.id, new)
            loop = asyncio.create_task(
                DeliveryLoop(post.store, Sender(loopback=True), poll_s=0.01).run()
            )
            job = post.finished()
            await within(20, lambda: post.delivery(endpoint).state == "delivered")
            loop.cancel()
            (head,), (body,) = receiver.heads, receiver.bodies
            headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
            assert headers["webhook-id"] == post.delivery(endpoint).id
            for secret in (old, new):
                content = Webhook(secret).verify(body, headers)
                assert content["data"]["dispute_id"] == job

    asyncio.run(deliver())


def test_the_loop_outlives_a_database_that_is_away(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(WebhookStore):
        asked = 0

        def claim(self, most: int) -> Any:
            self.asked += 1
            if self.asked < 3:
                raise ConnectionError("the database is away")
            return super().claim(most)

    async def deliver() -> None:
        async with receiving() as receiver:
            endpoint = post.endpoint(url=f"http://127.0.0.1:{receiver.port}/hook")
            post.finished()
            store = Away(post.store._engine, post.clock, BOX)
            loop = asyncio.create_task(
                DeliveryLoop(store, Sender(loopback=True), poll_s=0.01).run()
            )
            await within(20, lambda: post.delivery(endpoint).state == "delivered")
            loop.cancel()
            assert len(receiver.bodies) == 1

    asyncio.run(deliver())
    assert "claiming webhook deliveries failed" in caplog.text


def test_an_endpoint_on_a_private_address_is_never_reached(post: Post) -> None:
    async def deliver() -> None:
        async with receiving() as receiver:
            endpoint = post.endpoint(url=f"https://127.0.0.1:{receiver.port}/")
            post.finished()
            assert await DeliveryLoop(post.store, Sender()).deliver_due() == 1
            assert receiver.heads == []
            one = post.delivery(endpoint)
            assert (one.state, one.attempts, one.last_status) == ("pending", 1, None)

    asyncio.run(deliver())
