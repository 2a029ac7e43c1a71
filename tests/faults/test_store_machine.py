"""Jobs under every order of events hypothesis finds, against a model of a few lines.

No job that was acknowledged is lost, none is published twice, no state goes back, and every end is
told exactly once. A worker that is killed is one whose claim nobody uses again.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from serving.store.jobs import IdempotencyMismatch, NewJob, StoredFile
from serving.store.leases import Claim
from serving.store.rules import JobRules
from tests.conftest import clear
from tests.support.small_stores import SHA, Desk, listen

RULES = JobRules(
    unfinished=50,
    running_per_tenant=2,
    attempts=3,
    retention=timedelta(hours=1),
    lease=timedelta(seconds=60),
)
TENANTS = ("acme", "other")
ORDER = {"queued": 0, "running": 1, "done": 2, "failed": 2, "cancelled": 2}


@dataclass
class Known:
    """What the model knows of a job."""

    tenant: str
    state: str = "queued"
    fence: int = 0  # of the claim that may write, 0 for none
    lease_until: float = 0.0
    attempts: int = 0
    results: list[str] = field(default_factory=list)


class Jobs(RuleBasedStateMachine):
    """Posts, workers and time, each doing whatever they may."""

    engine: Engine
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        clear(self.engine)
        self.desk = Desk(self.engine, RULES)
        self.began = self.desk.clock.now
        for tenant in TENANTS:
            listen(self.engine, tenant)
        self.posts = 0
        self.jobs: dict[str, Known] = {}
        self.keys: dict[tuple[str, str], tuple[str, str]] = {}  # to job and fingerprint
        self.seen: dict[str, int] = {}
        self.told: set[tuple[str, str]] = set()

    @property
    def now(self) -> float:
        return (self.desk.clock.now - self.began).total_seconds()

    def end(self, job_id: str, state: str) -> None:
        self.jobs[job_id].state = state
        self.jobs[job_id].fence = 0
        self.told.add((job_id, f"dispute.{state}"))

    @initialize(tenants=st.lists(st.sampled_from(TENANTS), min_size=1, max_size=2))
    def begin(self, tenants: list[str]) -> None:
        """There is always something to work on, whichever rules hypothesis leaves out."""
        for tenant in tenants:
            self.submit(tenant, None, "a")

    # Few jobs, so that much happens to each.
    @precondition(lambda self: len(self.jobs) < 3)
    @rule(
        tenant=st.sampled_from(TENANTS),
        key=st.sampled_from([None, None, "k1", "k2"]),
        fingerprint=st.sampled_from(["a", "b"]),
    )
    def submit(self, tenant: str, key: str | None, fingerprint: str) -> None:
        # Nothing is random that hypothesis does not know of: ids are counted, moments differ.
        self.posts += 1
        self.desk.clock.forward(1)
        new = NewJob(
            *(f"job-{self.posts}", tenant, "dispute", fingerprint, SHA),
            (StoredFile("a.pdf", 3, SHA),),
            idempotency_key=key,
        )
        known = self.keys.get((tenant, key)) if key else None
        if known is not None and known[1] != fingerprint:
            with pytest.raises(IdempotencyMismatch):
                self.desk.jobs.submit(new)
            return
        job, made = self.desk.jobs.submit(new)
        assert made == (known is None)
        if known is not None:
            assert job.id == known[0]
            return
        self.jobs[job.id] = Known(tenant)
        if key:
            self.keys[tenant, key] = (job.id, fingerprint)

    @precondition(lambda self: any(ORDER[job.state] < 2 for job in self.jobs.values()))
    @rule(target=claims, seconds=st.sampled_from([0, 0, 61]))
    def claim(self, seconds: int) -> object:
        """A worker comes; after a minute every lease has run out, and its holder lives on."""
        self.desk.clock.forward(seconds)
        return self.claimed()

    def claimed(self) -> object:
        claim = self.desk.leases.claim("worker")
        spent = [
            (job_id, job)
            for job_id, job in self.jobs.items()
            if job.state == "running"
            and job.lease_until <= self.now
            and job.attempts >= RULES.attempts
        ]
        for job_id, _ in spent:
            # A claim gives up what it meets on its way, not necessarily all of it.
            if self.desk.jobs.find(self.jobs[job_id].tenant, job_id).state == "failed":  # type: ignore[union-attr]
                self.end(job_id, "failed")
        if claim is None:
            for tenant in TENANTS:
                mine = [job for job in self.jobs.values() if job.tenant == tenant]
                held = [j for j in mine if j.state == "running" and j.lease_until > self.now]
                free = [
                    job
                    for job in mine
                    if job.state == "queued"
                    or (job.state == "running" and job.lease_until <= self.now)
                ]
                assert not free or len(held) >= RULES.running_per_tenant
            return multiple()
        job = self.jobs[claim.job_id]
        assert job.tenant == claim.tenant
        assert job.state == "queued" or (job.state == "running" and job.lease_until <= self.now)
        assert job.attempts < RULES.attempts
        assert claim.fence > job.fence
        job.state, job.fence = "running", claim.fence
        job.lease_until = self.now + 60
        job.attempts += 1
        return claim

    def holds(self, claim: Claim) -> bool:
        job = self.jobs.get(claim.job_id)
        return job is not None and job.state == "running" and job.fence == claim.fence

    @rule(
        claim=claims,
        act=st.sampled_from(["publish", "publish", "fail", "heartbeat", "release"]),
        digit=st.sampled_from("01"),
    )
    def work(self, claim: Claim, act: str, digit: str) -> None:
        """What a worker does, whether it still holds the job or not; a killed one does nothing."""
        leases, held = self.desk.leases, self.holds(claim)
        job = self.jobs.get(claim.job_id, Known(claim.tenant))
        if act == "publish":
            assert leases.publish(claim, digit * 64) == held
            if held:
                job.results.append(digit * 64)
                self.end(claim.job_id, "done")
        elif act == "fail":
            assert leases.fail(claim, {"code": "blank_page"}) == held
            if held:
                self.end(claim.job_id, "failed")
        elif act == "heartbeat":
            assert leases.heartbeat(claim) == held
            if held:
                job.lease_until = self.now + 60
        else:
            assert leases.release(claim) == held
            if held:
                job.lease_until, job.attempts = self.now, job.attempts - 1

    @precondition(lambda self: len(self.jobs) > 1)
    @rule(act=st.sampled_from(["cancel", "delete"]), data=st.data())
    def withdraw(self, act: str, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(list(self.jobs)))
        job = self.jobs[job_id]
        if act == "delete":
            assert self.desk.jobs.delete(job.tenant, job_id)
            self.forgotten(job_id)
            return
        cancelled = self.desk.jobs.cancel(job.tenant, job_id)
        if job.state in ("queued", "running"):
            self.end(job_id, "cancelled")
        assert cancelled is not None
        assert cancelled.state == job.state

    @precondition(lambda self: self.jobs)
    @rule(seconds=st.sampled_from([1, 61, 4000]))
    def time_passes(self, seconds: int) -> None:
        """Up to an hour, after which finished jobs are forgotten."""
        self.desk.clock.forward(seconds)
        for _, job_id in self.desk.jobs.forget():
            assert ORDER[self.jobs[job_id].state] == 2
            self.forgotten(job_id)

    def forgotten(self, job_id: str) -> None:
        del self.jobs[job_id]
        self.keys = {key: known for key, known in self.keys.items() if known[0] != job_id}
        self.told = {(told, event) for told, event in self.told if told != job_id}
        self.seen.pop(job_id, None)

    @invariant()
    def nothing_is_lost_published_twice_or_taken_back(self) -> None:
        found = {}
        for tenant in TENANTS:
            for job in self.desk.search.listing(tenant, "dispute", limit=200).jobs:
                found[job.id] = job
                assert job.tenant == tenant
        assert found.keys() == self.jobs.keys()
        for job_id, job in found.items():
            known = self.jobs[job_id]
            assert job.state == known.state
            assert [job.result_ref] == (known.results or [None])
            assert len(known.results) <= 1
            assert ORDER[job.state] >= self.seen.get(job_id, 0)
            self.seen[job_id] = ORDER[job.state]
            moments = [job.submitted_at, job.started_at, job.finished_at]
            there = [moment for moment in moments if moment is not None]
            assert there == sorted(there)
            assert (job.finished_at is not None) == (ORDER[job.state] == 2)
        events = self.desk.events()
        assert len(events) == len(set(events))
        assert set(events) == self.told


def test_no_order_of_events_loses_or_doubles_a_job(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jobs, "engine", engine, raising=False)
    few = settings(max_examples=25, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(Jobs, settings=few)


@pytest.mark.slow
def test_no_long_order_of_events_does_either(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jobs, "engine", engine, raising=False)
    many = settings(max_examples=250, stateful_step_count=100, deadline=None)
    run_state_machine_as_test(Jobs, settings=many)
