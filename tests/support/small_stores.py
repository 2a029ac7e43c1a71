"""Stores of the tests with the fewest jobs that show something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select

from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.store.database import read_transaction, write_transaction
from serving.store.jobs import (
    Job,
    JobStore,
    NewJob,
    StoredFile,
    new_id,
)
from serving.store.leases import Claim, Leases
from serving.store.rules import JobRules
from serving.store.tables import WebhookDeliveryRow, WebhookEndpointRow

SHA = "ab" * 32


RULES = JobRules(
    unfinished=6,
    running_per_tenant=2,
    attempts=2,
    retention=timedelta(days=1),
    lease=timedelta(seconds=60),
)


class Moments:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Desk:
    """Both sides of the store under one clock."""

    def __init__(self, engine: Engine, rules: JobRules = RULES) -> None:
        self.engine = engine
        self.clock = Moments()
        self.jobs = JobStore(engine, self.clock, rules)
        self.additions = Additions(engine, self.clock, rules)
        self.search = Search(engine)
        self.leases = Leases(engine, self.clock, rules)

    def post(self, tenant: str = "acme", **changes: Any) -> Job:
        self.clock.forward(1)
        new = NewJob(new_id(), tenant, "dispute", "print", SHA, (StoredFile("a.pdf", 3, SHA),))
        return self.jobs.submit(replace(new, **changes))[0]

    def claimed(self) -> Claim:
        claim = self.leases.claim("worker")
        assert claim is not None
        return claim

    def state(self, job: Job) -> str | None:
        found = self.jobs.find(job.tenant, job.id)
        return found.state if found else None

    def events(self) -> list[tuple[str, str]]:
        with read_transaction(self.engine) as connection:
            rows = connection.execute(select(WebhookDeliveryRow.job_id, WebhookDeliveryRow.event))
            return [(row.job_id, row.event) for row in rows]


def listen(engine: Engine, tenant: str, disabled: bool = False) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with write_transaction(engine) as connection:
        connection.execute(
            insert(WebhookEndpointRow).values(
                id=new_id(),
                tenant=tenant,
                url="https://example.org",
                secrets=["s"],
                created_at=moment,
                disabled_at=moment if disabled else None,
            )
        )
