"""The worker over real stores, with a fake reader: what becomes of jobs, whatever happens to it."""

import asyncio
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from data.pages.attachments import PageSizes
from serving.service.retention import delete_expired, delete_orphans
from serving.service.worker import Pace, Processing, Stores, Worker
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.jobs import Job, JobStore, Kind, NewJob, StoredFile, new_id
from serving.store.leases import Claim, Leases
from serving.store.rules import JobRules
from tests.support.fake_service import DISPUTE, Gate, craft, extract, now, stores_in

PACE = Pace(at_once=2, poll_s=0.02, retry_s=0.0)
QUICK = JobRules(attempts=2, lease=timedelta(seconds=1.2))


@pytest.fixture
def stores(engine: Engine, tmp_path: Path) -> Stores:
    return stores_in(tmp_path, Settings(attempts=2), engine)


def quick(stores: Stores, engine: Engine) -> Stores:
    """The same stores under leases that run out while a test waits."""
    return replace(stores, jobs=JobStore(engine, now, QUICK), leases=Leases(engine, now, QUICK))


def posted(
    stores: Stores,
    *names: str,
    kind: Kind = "dispute",
    tenant: str = "acme",
    dispute: Any = DISPUTE,
    page_sizes: Sequence[PageSizes | None] = (),
) -> Job:
    job_id = new_id()
    text = json.dumps(dispute).encode() if kind == "dispute" else b""
    asked = stores.content.put(tenant, job_id, io.BytesIO(text))
    kept = []
    for name, sizes in zip_longest(names or ("scan.png",), page_sizes):
        digest = stores.content.put(tenant, job_id, io.BytesIO(name.encode() + b"\0 not data"))
        kept.append(StoredFile(name, digest.size, digest.sha256, sizes))
    new = NewJob(job_id, tenant, kind, "print", asked.sha256, tuple(kept))
    return stores.jobs.submit(new)[0]


def state(stores: Stores, job: Job) -> str | None:
    found = stores.jobs.find(job.tenant, job.id)
    return found.state if found else None


def result(stores: Stores, job: Job) -> dict[str, Any]:
    found = stores.jobs.find(job.tenant, job.id)
    assert found is not None
    assert found.result_ref is not None
    read: dict[str, Any] = json.loads(stores.content.read(job.tenant, job.id, found.result_ref))
    return read


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def worked(stores: Stores, *jobs: Job, how: Processing | None = None) -> None:
    """Runs a worker until the jobs are finished."""
    worker = Worker("worker", stores, how or craft(), PACE)
    task = asyncio.create_task(worker.run())
    await until(lambda: all(state(stores, job) not in ("queued", "running") for job in jobs))
    await worker.drain()
    await task


def test_jobs_are_brought_to_their_ends(stores: Stores) -> None:
    good, blank = posted(stores, "a.png", "dense.png"), posted(stores, "blank.png")
    read = posted(stores, "b.png", kind="extraction")
    asyncio.run(worked(stores, good, blank, read))
    verdict = result(stores, good)
    assert [one["code"] for one in verdict["verdict"]["variances"]]
    assert [one["document_id"] for one in verdict["documents"]] == ["a.png", "dense.png"]
    assert [one["document_id"] for one in verdict["problems"]] == ["dense.png"]
    assert all(one["file_sha256"] for one in verdict["documents"])
    done = stores.jobs.find("acme", good.id)
    assert done is not None
    assert (done.model_version, done.policy_version, done.pages) == ("model-1", "policy-1", 2)
    failed = stores.jobs.find("acme", blank.id)
    assert failed is not None
    assert failed.error is not None
    assert (failed.error["code"], failed.attempts) == ("blank_page", 1)
    assert result(stores, read).keys() == {"documents"}


def test_what_was_found_when_a_file_was_taken_on_is_not_looked_for_again(stores: Stores) -> None:
    given: list[PageSizes | None] = []

    async def reading(name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
        given.append(page_sizes)
        return await extract(name, content, page_sizes)

    a4 = ((595.0, 842.0),)
    job = posted(stores, "opened.pdf", "older.pdf", page_sizes=(a4, None))
    asyncio.run(worked(stores, job, how=craft(reading)))
    assert given == [a4, None]


def test_what_may_go_better_is_tried_again_and_then_given_up(stores: Stores) -> None:
    tried: list[str] = []

    async def shaky(name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
        tried.append(name)
        if "crash" in name or tried.count(name) == 1:
            raise RuntimeError("secret: the reading process was killed")
        return await extract(name, content, page_sizes)

    once, always = posted(stores, "once.png"), posted(stores, "crash.png")
    asyncio.run(worked(stores, once, always, how=craft(shaky)))
    assert state(stores, once) == "done"
    failed = stores.jobs.find("acme", always.id)
    assert failed is not None
    assert failed.error is not None
    assert (failed.state, failed.error["code"], failed.attempts) == ("failed", "internal", 2)
    assert "secret" not in json.dumps(failed.error)


def test_a_job_without_its_bytes_fails_and_the_next_one_runs(stores: Stores) -> None:
    lost, other = posted(stores), posted(stores)
    stores.content.delete("acme", lost.id)
    asyncio.run(worked(stores, lost, other))
    assert (state(stores, lost), state(stores, other)) == ("failed", "done")


def test_so_many_jobs_are_worked_on_at_once(stores: Stores) -> None:
    async def run() -> None:
        jobs = [posted(stores) for _ in range(4)]
        gate = Gate()
        worker = Worker("worker", stores, craft(gate.extract), PACE)
        task = asyncio.create_task(worker.run())
        await until(lambda: gate.waiting == 2)
        await asyncio.to_thread(posted, stores)
        assert worker.busy == 2
        assert stores.jobs.backlog().running == 2
        gate.opened.set()
        await until(lambda: all(state(stores, job) == "done" for job in jobs))
        await worker.drain()
        await task
        assert worker.busy == 0

    asyncio.run(run())


def test_a_long_job_keeps_its_lease(stores: Stores, engine: Engine) -> None:
    async def run() -> None:
        short = quick(stores, engine)
        job = posted(short)
        gate = Gate()
        worker = Worker("worker", short, craft(gate.extract), PACE)
        task = asyncio.create_task(worker.run())
        await until(lambda: gate.waiting == 1)
        began = asyncio.get_running_loop().time()
        # Two leases long, nobody else gets it.
        while asyncio.get_running_loop().time() < began + 2 * 1.2:
            assert await asyncio.to_thread(short.leases.claim, "other") is None
            await asyncio.sleep(0.05)
        gate.opened.set()
        await until(lambda: state(short, job) == "done")
        assert short.jobs.find("acme", job.id).attempts == 1  # type: ignore[union-attr]
        await worker.drain()
        await task

    asyncio.run(run())


def test_work_on_a_cancelled_or_deleted_job_stops(stores: Stores, engine: Engine) -> None:
    async def run() -> None:
        short = quick(stores, engine)
        cancelled, deleted = posted(short), posted(short)
        gate = Gate()
        worker = Worker("worker", short, craft(gate.extract), PACE)
        task = asyncio.create_task(worker.run())
        await until(lambda: gate.waiting == 2)
        short.jobs.cancel("acme", cancelled.id)
        short.jobs.delete("acme", deleted.id)
        # The gate stays shut: only stopping the work can empty the worker.
        await until(lambda: worker.busy == 0)
        assert gate.waiting == 0
        await worker.drain()
        await task
        assert (state(short, cancelled), state(short, deleted)) == ("cancelled", None)
        assert ("acme", deleted.id) not in set(short.content.owners())

    asyncio.run(run())


def test_a_worker_that_stops_hands_its_jobs_back(stores: Stores) -> None:
    async def run() -> None:
        job = posted(stores)
        gate = Gate()
        first = Worker("first", stores, craft(gate.extract), PACE)
        task = asyncio.create_task(first.run())
        await until(lambda: gate.waiting == 1)
        await first.drain(grace_s=0.05)
        await task
        assert (gate.waiting, state(stores, job)) == (0, "running")
        # At once, not after the lease of a minute.
        await worked(stores, job)
        done = stores.jobs.find("acme", job.id)
        assert done is not None
        assert (done.state, done.attempts) == ("done", 1)

    asyncio.run(run())


def test_a_worker_that_stops_lets_jobs_end_in_their_time(stores: Stores) -> None:
    async def run() -> None:
        job, waiting = posted(stores), posted(stores)
        gate = Gate()
        worker = Worker("worker", stores, craft(gate.extract), replace(PACE, at_once=1))
        task = asyncio.create_task(worker.run())
        await until(lambda: gate.waiting == 1)
        draining = asyncio.create_task(worker.drain(grace_s=30))
        await asyncio.sleep(0)
        gate.opened.set()
        await draining
        await task
        assert (state(stores, job), state(stores, waiting)) == ("done", "queued")

    asyncio.run(run())


def test_a_worker_that_is_killed_loses_its_job_to_another(stores: Stores, engine: Engine) -> None:
    async def run() -> None:
        short = quick(stores, engine)
        job = posted(short)
        assert short.leases.claim("killed") is not None
        await worked(short, job)
        done = short.jobs.find("acme", job.id)
        assert done is not None
        assert (done.state, done.attempts) == ("done", 2)

    asyncio.run(run())


@dataclass
class Shaky:
    """Leases over a database that is away every other time."""

    leases: Leases
    calls: int = 0

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self.leases, name)
        if not callable(asked):
            return asked

        def call(*given: Any) -> Any:
            self.calls += 1
            if self.calls % 2:
                raise OperationalError("SELECT", {}, ConnectionError("cut"))
            return asked(*given)

        return call


def test_a_database_that_is_away_for_a_moment_costs_nothing(stores: Stores) -> None:
    jobs = [posted(stores, name) for name in ("a.png", "blank.png", "b.png")]
    shaky = replace(stores, leases=Shaky(stores.leases))  # type: ignore[arg-type]
    asyncio.run(worked(shaky, *jobs))
    assert [state(stores, job) for job in jobs] == ["done", "failed", "done"]
    found = [stores.jobs.find("acme", job.id) for job in jobs]
    assert [job.attempts for job in found if job] == [1, 1, 1]


def test_a_result_whose_fence_was_lost_is_not_published(stores: Stores) -> None:
    """The worker was stopped so long that another one has done its work meanwhile."""

    class Late:
        def __init__(self) -> None:
            self.published: list[bool] = []

        def publish(self, claim: Claim, *given: Any) -> bool:
            stores.jobs.cancel(claim.tenant, claim.job_id)
            self.published.append(stores.leases.publish(claim, *given))
            return self.published[-1]

        def __getattr__(self, name: str) -> Any:
            return getattr(stores.leases, name)

    late = Late()
    job = posted(stores)
    asyncio.run(worked(replace(stores, leases=late), job))  # type: ignore[arg-type]
    assert late.published == [False]
    found = stores.jobs.find("acme", job.id)
    assert found is not None
    assert (found.state, found.result_ref) == ("cancelled", None)


@pytest.fixture
def old_bytes(tmp_path: Path) -> Callable[[str], None]:
    """Makes the bytes of a job look as if they were years old."""

    def age(job_id: str) -> None:
        folder = tmp_path / "objects" / "acme" / job_id
        for path in (*folder.iterdir(), folder):
            os.utime(path, (1e9, 1e9))

    return age


def test_what_has_had_its_time_is_deleted_with_its_bytes(engine: Engine, tmp_path: Path) -> None:
    moment = [now()]
    rules = JobRules(retention=timedelta(days=1))
    stores = Stores(
        JobStore(engine, lambda: moment[0], rules),
        Leases(engine, lambda: moment[0], rules),
        ContentStore(f"file://{tmp_path}/objects"),
        lambda: moment[0],
    )
    done, waiting = posted(stores), posted(stores)
    asyncio.run(worked(stores, done))
    stores.jobs.cancel("acme", waiting.id)
    late = posted(stores)
    moment[0] += timedelta(days=1, seconds=60)
    assert delete_expired(stores.jobs, stores.content) >= 1
    assert state(stores, done) is None
    assert [place for place in stores.content.owners() if place[1] == done.id] == []
    assert state(stores, late) in ("queued", "done")


def test_bytes_of_no_job_are_deleted_when_they_are_old(
    stores: Stores, old_bytes: Callable[[str], None]
) -> None:
    job, gone, coming = posted(stores), posted(stores), new_id()
    stores.jobs.delete("acme", gone.id)
    stores.content.put("acme", coming, io.BytesIO(b"its row is still to come"))
    for job_id in (job.id, gone.id):
        old_bytes(job_id)
    assert delete_orphans(stores.jobs, stores.content, now) == 1
    assert {job_id for _, job_id in stores.content.owners()} == {job.id, coming}


def test_the_worker_deletes_what_has_had_its_time(
    stores: Stores, old_bytes: Callable[[str], None]
) -> None:
    gone = posted(stores)
    stores.jobs.delete("acme", gone.id)
    old_bytes(gone.id)

    async def run() -> None:
        worker = Worker("worker", stores, craft(), PACE)
        task = asyncio.create_task(worker.run())
        await until(lambda: list(stores.content.owners()) == [])
        await worker.drain()
        await task

    asyncio.run(run())
    assert list(stores.content.owners()) == []
