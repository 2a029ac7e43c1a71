"""Jobs in the database, the same on SQLite and on PostgreSQL: submitted once, published once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from serving.evidence.search import CursorError, Filters
from serving.store.jobs import (
    IdempotencyMismatch,
    NewJob,
    QueueFull,
    StoredFile,
    new_id,
)
from serving.store.leases import Claim, Leases, News
from serving.store.receptions import StillReceiving
from serving.wire.schema import problem
from tests.support.small_stores import RULES, SHA, Desk, listen


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_what_was_found_in_an_attachment_comes_with_it(desk: Desk) -> None:
    opened = StoredFile("b.pdf", 3, SHA, ((595.32, 841.92), (841.92, 595.32)))
    desk.post(attachments=(StoredFile("order.xml", 3, SHA), opened))
    assert desk.claimed().attachments == (StoredFile("order.xml", 3, SHA), opened)


def test_a_job_is_queued_claimed_and_published(desk: Desk) -> None:
    job = desk.post()
    assert (job.state, job.started_at, job.attempts) == ("queued", None, 0)
    claim = desk.claimed()
    assert (claim.job_id, claim.attempt, claim.attachments) == (
        *(job.id, 1),
        (StoredFile("a.pdf", 3, SHA),),
    )
    assert desk.state(job) == "running"
    assert desk.leases.claim("other") is None
    desk.clock.forward(5)
    assert desk.leases.publish(claim, SHA, "m1", "p1", News(pages=3))
    done = desk.jobs.find("acme", job.id)
    assert done is not None
    assert (done.state, done.result_ref, done.pages) == ("done", SHA, 3)
    assert (done.model_version, done.policy_version) == ("m1", "p1")
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.submitted_at <= done.started_at < done.finished_at
    assert done.expires_at == done.finished_at + timedelta(days=1)


ENDINGS: dict[str, tuple[Callable[[Desk, Claim], object], str]] = {
    "published": (lambda desk, claim: desk.leases.publish(claim, SHA), "done"),
    "failed": (lambda desk, claim: desk.leases.fail(claim, {"code": "x"}), "failed"),
    "cancelled": (lambda desk, claim: desk.jobs.cancel(claim.tenant, claim.job_id), "cancelled"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_end_is_final(desk: Desk, ending: str) -> None:
    job = desk.post()
    claim = desk.claimed()
    end, state = ENDINGS[ending]
    end(desk, claim)
    assert desk.state(job) == state
    leases = desk.leases
    assert not leases.publish(claim, SHA)
    assert not leases.fail(claim, {"code": "late"})
    assert not leases.heartbeat(claim)
    assert not leases.release(claim)
    assert not leases.postpone(claim, timedelta(0))
    found = desk.jobs.cancel("acme", job.id)
    assert found is not None
    assert found.state == state
    desk.clock.forward(10_000)
    assert leases.claim("worker") is None


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_cannot_publish(desk: Desk) -> None:
    job = desk.post()
    first = desk.claimed()
    desk.clock.forward(59)
    assert desk.leases.claim("other") is None
    desk.clock.forward(1)
    second = desk.claimed()
    assert (second.job_id, second.attempt) == (job.id, 2)
    assert second.fence > first.fence
    assert not desk.leases.heartbeat(first)
    assert not desk.leases.publish(first, "cd" * 32)
    assert desk.leases.publish(second, SHA)
    assert desk.jobs.find("acme", job.id).result_ref == SHA  # type: ignore[union-attr]


def test_a_heartbeat_keeps_the_lease(desk: Desk) -> None:
    desk.post()
    claim = desk.claimed()
    for _ in range(3):
        desk.clock.forward(40)
        assert desk.leases.heartbeat(claim)
        assert desk.leases.claim("other") is None


def test_a_late_holder_may_publish_while_nobody_took_over(desk: Desk) -> None:
    desk.post()
    claim = desk.claimed()
    desk.clock.forward(600)
    assert desk.leases.publish(claim, SHA)


def test_a_job_that_ends_its_workers_fails_with_a_code(desk: Desk) -> None:
    job, other = desk.post(), desk.post()
    for _ in range(RULES.attempts):
        assert desk.claimed().job_id == job.id
        desk.clock.forward(61)
    assert desk.claimed().job_id == other.id
    failed = desk.jobs.find("acme", job.id)
    assert failed is not None
    assert failed.error is not None
    assert (failed.state, failed.error["code"]) == ("failed", "worker_lost")
    assert failed.error == problem("worker_lost", failed.error["detail"]).model_dump()


def test_a_job_given_back_loses_no_attempt(desk: Desk) -> None:
    desk.post()
    for _ in range(5):
        claim = desk.claimed()
        assert claim.attempt == 1
        assert desk.leases.release(claim)
        assert not desk.leases.publish(replace(claim, fence=claim.fence + 1), SHA)


def test_a_postponed_job_waits_and_costs_an_attempt(desk: Desk) -> None:
    desk.post()
    assert desk.leases.postpone(desk.claimed(), timedelta(seconds=30))
    desk.clock.forward(29)
    assert desk.leases.claim("worker") is None
    desk.clock.forward(1)
    assert desk.claimed().attempt == 2


def test_tenants_take_turns_however_much_one_has_posted(engine: Engine) -> None:
    desk = Desk(engine, replace(RULES, unfinished=50))
    for tenant in ["big"] * 4 + ["small", "late"]:
        desk.post(tenant)
    served = []
    while (claim := desk.leases.claim("worker")) is not None:
        desk.clock.forward(1)
        served.append(claim.tenant)
        desk.leases.publish(claim, SHA)
    assert served == ["big", "small", "late", "big", "big", "big"]


def test_a_tenant_has_so_many_jobs_worked_on_at_once(desk: Desk) -> None:
    for _ in range(3):
        desk.post("big")
    desk.post("small")
    claims = [desk.claimed() for _ in range(3)]
    assert [claim.tenant for claim in claims] == ["big", "small", "big"]
    assert desk.leases.claim("worker") is None
    desk.leases.publish(claims[0], SHA)
    assert desk.claimed().tenant == "big"


def test_the_same_key_gives_the_same_job(desk: Desk) -> None:
    job = desk.post(idempotency_key="k")
    new = NewJob(new_id(), "acme", "dispute", "print", SHA, (), idempotency_key="k")
    assert desk.jobs.submit(new) == (job, False)
    desk.leases.publish(desk.claimed(), SHA)
    again, is_new = desk.jobs.submit(new)
    assert (again.id, again.state, is_new) == (job.id, "done", False)
    with pytest.raises(IdempotencyMismatch, match=job.id):
        desk.post(idempotency_key="k", fingerprint="another")
    assert desk.post("other", idempotency_key="k", fingerprint="another").id != job.id
    desk.jobs.delete("acme", job.id)
    assert desk.post(idempotency_key="k", fingerprint="another").state == "queued"


def test_only_one_request_with_a_key_is_received_at_a_time(desk: Desk) -> None:
    first = desk.jobs.receive("acme", "k")
    assert first is not None
    with pytest.raises(StillReceiving):
        desk.jobs.receive("acme", "k")
    assert desk.jobs.receive("other", "k") is not None
    desk.jobs.abandon(first)
    second = desk.jobs.receive("acme", "k")
    assert second is not None
    desk.jobs.abandon(first)  # changes nothing: it is not the holder any more
    with pytest.raises(StillReceiving):
        desk.jobs.receive("acme", "k")
    new = NewJob(new_id(), "acme", "dispute", "print", SHA, (), idempotency_key="k")
    desk.jobs.submit(new, second)
    assert desk.jobs.receive("acme", "k") is None


def test_a_reception_that_died_is_taken_over(desk: Desk) -> None:
    died = desk.jobs.receive("acme", "k")
    assert died is not None
    desk.clock.forward(40)
    desk.jobs.renew(died)
    desk.clock.forward(59)
    with pytest.raises(StillReceiving):
        desk.jobs.receive("acme", "k")
    desk.clock.forward(1)
    second = desk.jobs.receive("acme", "k")
    assert second is not None
    # One that only seemed dead changes nothing for it, and makes no second job.
    desk.jobs.renew(died)
    desk.clock.forward(60)
    new = NewJob(new_id(), "acme", "dispute", "print", SHA, (), idempotency_key="k")
    job, made = desk.jobs.submit(new, second)
    assert made
    assert desk.jobs.submit(new, died) == (job, False)


def test_so_many_jobs_may_wait(desk: Desk) -> None:
    jobs = [desk.post(f"tenant-{number}") for number in range(RULES.unfinished)]
    with pytest.raises(QueueFull, match="limit 6"):
        desk.post()
    desk.jobs.cancel(jobs[0].tenant, jobs[0].id)
    assert desk.post().state == "queued"


def test_a_listing_is_newest_first_and_goes_on_where_it_ended(engine: Engine) -> None:
    desk = Desk(engine)
    jobs = [desk.post() for _ in range(5)]
    desk.post("other")
    desk.jobs.cancel("acme", jobs[1].id)
    seen: list[str] = []
    cursor = None
    for size in (2, 2, 1):
        page = desk.search.listing("acme", "dispute", limit=2, cursor=cursor)
        assert len(page.jobs) == size
        seen += [job.id for job in page.jobs]
        cursor = page.cursor
    assert cursor is None
    assert seen == [job.id for job in reversed(jobs)]
    assert [
        job.id for job in desk.search.listing("acme", "dispute", Filters(state="cancelled")).jobs
    ] == [jobs[1].id]
    assert desk.search.listing("acme", "extraction").jobs == ()


@pytest.mark.parametrize("cursor", ["x", "", "é", "bm90IGEgY3Vyc29y", "MjAyNi0wMS0wMSBpZA"])
def test_a_cursor_of_somebody_else_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(CursorError):
        desk.search.listing("acme", "dispute", cursor=cursor)


def test_jobs_posted_in_the_same_moment_are_all_listed(engine: Engine) -> None:
    desk = Desk(engine)
    desk.clock.forward = lambda seconds: None  # type: ignore[method-assign]
    jobs = {desk.post().id for _ in range(5)}
    first = desk.search.listing("acme", "dispute", limit=3)
    second = desk.search.listing("acme", "dispute", limit=3, cursor=first.cursor)
    assert {job.id for job in (*first.jobs, *second.jobs)} == jobs


def test_a_tenant_sees_and_touches_nothing_of_another(desk: Desk) -> None:
    job = desk.post("acme")
    assert desk.jobs.find("other", job.id) is None
    assert desk.jobs.cancel("other", job.id) is None
    assert not desk.jobs.delete("other", job.id)
    assert desk.search.listing("other", "dispute").jobs == ()
    assert desk.jobs.count_unfinished("other") == 0
    assert desk.state(job) == "queued"
    assert desk.jobs.find("acme", job.id, "extraction") is None


def test_a_deleted_job_leaves_nothing_and_its_worker_stops(desk: Desk) -> None:
    listen(desk.engine, "acme")
    job = desk.post()
    claim = desk.claimed()
    assert desk.jobs.delete("acme", job.id)
    assert not desk.jobs.delete("acme", job.id)
    assert not desk.leases.heartbeat(claim)
    assert not desk.leases.publish(claim, SHA)
    assert desk.events() == []


def test_a_finished_job_is_forgotten_when_its_time_is_over(desk: Desk) -> None:
    listen(desk.engine, "acme")
    job, waiting = desk.post(), desk.post()
    desk.leases.publish(desk.claimed(), SHA)
    desk.clock.forward(24 * 3600 - 1)
    assert desk.jobs.forget() == []
    desk.clock.forward(1)
    assert desk.jobs.forget() == [("acme", job.id)]
    assert (desk.state(job), desk.state(waiting)) == (None, "queued")
    assert desk.events() == []


def test_the_backlog_counts_all_tenants(desk: Desk) -> None:
    assert desk.jobs.backlog().oldest is None
    first, second = desk.post("acme", key_id="key"), desk.post("other")
    assert (desk.jobs.backlog().queued, desk.jobs.backlog().oldest) == (2, first.submitted_at)
    desk.claimed()
    backlog = desk.jobs.backlog()
    assert (backlog.queued, backlog.running, backlog.oldest) == (1, 1, second.submitted_at)
    assert desk.jobs.count_unfinished("acme") == desk.jobs.count_unfinished("acme", "key") == 1
    assert desk.jobs.count_unfinished("acme", "another") == 0


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_end_is_told_once_to_each_endpoint_of_its_tenant(desk: Desk, ending: str) -> None:
    for tenant, disabled in [("acme", False), ("acme", False), ("acme", True), ("other", False)]:
        listen(desk.engine, tenant, disabled)
    job = desk.post()
    claim = desk.claimed()
    for end, _ in (ENDINGS[ending], *ENDINGS.values()):
        end(desk, claim)
    assert desk.events() == [(job.id, f"dispute.{ENDINGS[ending][1]}")] * 2


def test_workers_that_claim_at_once_never_get_the_same_job(engine: Engine) -> None:
    desk = Desk(engine, replace(RULES, unfinished=100, running_per_tenant=100))
    jobs = {desk.post(f"tenant-{number % 3}").id for number in range(30)}
    start = threading.Barrier(4)
    claims: list[Claim] = []

    def work(owner: str) -> None:
        leases = Leases(engine, desk.clock, replace(RULES, running_per_tenant=100))
        start.wait()
        while (claim := leases.claim(owner)) is not None:
            claims.append(claim)

    workers = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claims) == len(jobs)
    assert {claim.job_id for claim in claims} == jobs


def test_workers_that_publish_at_once_publish_once(engine: Engine) -> None:
    listen(engine, "acme")
    desk = Desk(engine)
    desk.post()
    claim = desk.claimed()
    start = threading.Barrier(4)
    published: list[bool] = []

    def publish() -> None:
        start.wait()
        published.append(desk.leases.publish(claim, SHA))

    workers = [threading.Thread(target=publish) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(published) == [False, False, False, True]
    assert len(desk.events()) == 1


def test_concurrent_posts_with_one_key_make_one_job(engine: Engine) -> None:
    desk = Desk(engine)
    start = threading.Barrier(4)
    ids: list[str] = []

    def post() -> None:
        new = NewJob(new_id(), "acme", "dispute", "print", SHA, (), idempotency_key="k")
        start.wait()
        ids.append(desk.jobs.submit(new)[0].id)

    posts = [threading.Thread(target=post) for _ in range(4)]
    for one in posts:
        one.start()
    for one in posts:
        one.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_a_time_without_a_zone_is_refused(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 1, 31)  # noqa: DTZ001
    with pytest.raises(Exception, match="no time zone"):
        desk.post()
