"""The life of a service in one process, which may end at any of its commit points by a signal.

A life posts jobs, works on them, tells of them, reads, deletes and forgets them, with the real
application, worker, delivery loop and stores; only reading and the receiver are cheap. It is told
where to die, so a run can be replayed. No production code knows of it: points are calls to stores,
commits of SQLAlchemy, and the names that Python's audit hooks see change in the folder.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event

from data.pages.attachments import PageSizes
from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.service.retention import delete_expired
from serving.service.worker import Pace, Stores, Worker
from serving.settings import Settings
from serving.store.database import open_engine
from serving.store.sessions import SessionStore
from serving.store.webhooks import WebhookStore
from serving.web.app import build_app
from serving.web.backend import Backend
from serving.webhooks.delivery import DeliveryLoop
from serving.webhooks.sending import Outcome
from tests.support.fake_service import BOX, DISPUTE, craft, extract, nothing_missing, now, stores_in

SETTINGS = Settings(attempts=50, wait_s=0, lease_s=60)
# Each life begins when all leases, waits and receptions of the one before are over.
BETWEEN_LIVES = timedelta(minutes=20)
RETENTION_OVER = timedelta(days=31)
# Name, kind and attachments of each job; the name is its idempotency key, too.
JOBS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("kept", "disputes", ("a.png",)),
    ("blank", "disputes", ("blank.png",)),
    ("deleted", "extractions", ("b.png", "c.png")),
)
ENDS = {"kept": "done", "blank": "failed", "deleted": "done"}
STAGES = ("post", "work", "tell", "read", "delete", "forget")
_CHANGES = {"os.rename": "rename", "os.remove": "remove", "os.rmdir": "rmdir", "os.mkdir": "mkdir"}


@dataclass(frozen=True, slots=True)
class Errand:
    """What a life is to do and where it is to end; None for its natural end."""

    database: str
    folder: Path
    number: int = 1  # of the life: later ones have later clocks
    point: str | None = None
    occurrence: int = 1  # the how-many-th time the point is reached
    by: signal.Signals = signal.SIGKILL
    stages: tuple[str, ...] = STAGES
    at_once: int = 2  # jobs worked on


@dataclass
class Doom:
    """Counts the points that are reached; at the chosen one the process gets its signal."""

    errand: Errand
    engine: Engine
    trail: list[str] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)
    _step: ContextVar[str] = field(default_factory=lambda: ContextVar("step", default=""))

    def reach(self, point: str) -> None:
        with self._lock:
            self.trail.append(point)
            hit = point == self.errand.point
            last = hit and self.trail.count(point) == self.errand.occurrence
        if last:
            self._wait_for_other_transactions()
            # To this thread: one that another thread takes lets this one go on for a moment.
            signal.pthread_kill(threading.get_ident(), self.errand.by)

    def _wait_for_other_transactions(self) -> None:
        """Where a process is only stopped, so that it keeps no lock but that of its point."""
        own = self.errand.point is not None and self.errand.point.endswith("before commit")
        pool: Any = self.engine.pool
        while self.errand.by == signal.SIGSTOP and pool.checkedout() > own:
            time.sleep(0.001)

    @contextmanager
    def within(self, step: str) -> Iterator[None]:
        """Around a call: its commits and the names it changes are points of this step."""
        token = self._step.set(step)
        try:
            self.reach(f"{step}: begun")
            yield
        finally:
            self._step.reset(token)
        self.reach(f"{step}: returned")

    def reach_in_step(self, what: str) -> None:
        if step := self._step.get():
            self.reach(f"{step}: {what}")


class Watched:
    """Something whose methods are steps; `steps` gives their names."""

    def __init__(self, inner: Any, doom: Doom, steps: Mapping[str, str]) -> None:
        self._inner, self._doom, self._steps = inner, doom, steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._steps:
            return found

        def call(*given: Any, **named: Any) -> Any:
            with self._doom.within(self._steps[name]):
                return found(*given, **named)

        return call


@dataclass(frozen=True, slots=True)
class Told:
    """What people outside saw: a line for each, which a killed process leaves behind."""

    folder: Path

    def note(self, what: str, **seen: str) -> None:
        line = json.dumps(seen) + "\n"
        target = os.open(self.folder / what, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(target, line.encode())
        finally:
            os.close(target)

    def read(self, what: str) -> list[dict[str, str]]:
        path = self.folder / what
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Receiver:
    """Takes every webhook, and remembers it."""

    def __init__(self, told: Told, doom: Doom) -> None:
        self._told, self._doom = told, doom

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        data = json.loads(body)["data"]
        job_id = data.get("dispute_id") or data["extraction_id"]
        self._told.note("received", url=url, job=job_id, id=headers["webhook-id"])
        self._doom.reach("webhook: received")
        return Outcome(204, "answered")


def live(errand: Errand) -> None:
    """One life, in a process of its own; leaves its trail behind when it ends by itself."""
    engine = open_engine(errand.database)
    doom = Doom(errand, engine)

    def clock() -> datetime:
        return now() + errand.number * BETWEEN_LIVES

    event.listen(engine, "commit", lambda connection: doom.reach_in_step("before commit"))

    def audit(name: str, _: object) -> None:
        if name in _CHANGES:
            doom.reach_in_step(f"before {_CHANGES[name]}")

    sys.addaudithook(audit)
    plain = stores_in(errand.folder, SETTINGS, engine)
    for side in (plain.jobs, plain.leases):
        side._clock = clock
    asyncio.run(_live(doom, replace(plain, clock=clock), WebhookStore(engine, clock, BOX)))
    engine.dispose()
    (errand.folder / "trail").write_text("\n".join(doom.trail))


async def _live(doom: Doom, stores: Stores, webhooks: WebhookStore) -> None:
    errand, told = doom.errand, Told(doom.errand.folder)
    desk = {"receive": "receive", "submit": "submit", "abandon": "abandon", "delete": "delete row"}
    bytes_of_posts = {"put": "keep upload", "delete": "delete bytes"}
    working = Stores(
        stores.jobs,
        Watched(stores.leases, doom, {"claim": "claim", "publish": "publish", "fail": "fail"}),  # type: ignore[arg-type]
        Watched(stores.content, doom, {"read": "read", "put": "keep result"}),  # type: ignore[arg-type]
        stores.clock,
    )
    app = build_app(
        Backend(
            jobs=Watched(stores.jobs, doom, desk),  # type: ignore[arg-type]
            additions=Additions(stores.jobs._engine, stores.clock, SETTINGS.job_rules),
            search=Search(stores.jobs._engine),
            content=Watched(stores.content, doom, bytes_of_posts),  # type: ignore[arg-type]
            keys=None,
            sessions=SessionStore(stores.jobs._engine, stores.clock, BOX),
            webhooks=webhooks,
            check=_one_page,
            missing=nothing_missing,
            settings=SETTINGS,
        )
    )
    # The clock of the web application's stores is theirs.
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://life") as client:
        life = _Life(errand, told, doom, working, webhooks, client)
        for stage in errand.stages:
            await getattr(life, stage)()


async def _one_page(name: str, content: bytes) -> PageSizes:
    return ((595.0, 842.0),)


@dataclass
class _Life:
    errand: Errand
    told: Told
    doom: Doom
    stores: Stores
    webhooks: WebhookStore
    client: httpx.AsyncClient

    def acknowledged(self) -> dict[str, str]:
        return {one["name"]: one["job"] for one in self.told.read("acknowledged")}

    async def post(self) -> None:
        """As a client does that has heard nothing: again, with the same key. One is refused."""
        refused = await self.client.post(
            "/v1/disputes",
            files=[("attachments", ("a.png", b"\0 not data"))],
            headers={"Idempotency-Key": "without a dispute"},
        )
        assert refused.status_code == 422, refused.text
        for name, kind, files in JOBS:
            if name in self.acknowledged():
                continue
            answer = await self.client.post(
                f"/v1/{kind}",
                data={"dispute": json.dumps(DISPUTE)} if kind == "disputes" else None,
                files=[("attachments", (file, file.encode() + b"\0 not data")) for file in files],
                headers={"Idempotency-Key": name, "Prefer": "wait=0"},
            )
            assert answer.status_code == 202, answer.text
            self.told.note("acknowledged", name=name, job=answer.json()[f"{kind[:-1]}_id"])

    async def work(self) -> None:
        """Until all jobs that are there are finished or deleted."""

        async def reading(name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
            read = await extract(name, content, page_sizes)
            self.doom.reach("attachment: read")
            return read

        how = replace(craft(reading), model_version=f"life {self.errand.number}")
        pace = Pace(at_once=self.errand.at_once, poll_s=0.02, retry_s=0.0, retention_s=1e6)
        worker = Worker(f"life {self.errand.number}", self.stores, how, pace)
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(60):
            while (waiting := self.stores.jobs.backlog()).queued + waiting.running:
                await asyncio.sleep(0.005)
        await worker.drain(grace_s=10)
        await running

    async def tell(self) -> None:
        watched = Watched(
            self.webhooks,
            self.doom,
            {"claim": "claim webhooks", "record_attempt": "settle webhook"},
        )
        loop = DeliveryLoop(watched, Receiver(self.told, self.doom))  # type: ignore[arg-type]
        while await loop.deliver_due():
            pass

    async def read(self) -> None:
        gone = {one["job"] for one in self.told.read("deleted")}
        for name, kind, _ in JOBS:
            job = self.acknowledged()[name]
            answer = await self.client.get(f"/v1/{kind}/{job}")
            if answer.status_code == 200:
                result = "verdict" if answer.json().get("verdict") else ""
                self.told.note("seen", name=name, state=answer.json()["state"], result=result)
            else:  # an earlier life deleted it, or was just doing so
                assert answer.status_code == 404, answer.text
                assert self.errand.number > 1 or job in gone

    async def delete(self) -> None:
        job = self.acknowledged()["deleted"]
        answer = await self.client.delete(f"/v1/extractions/{job}")
        assert answer.status_code in (204, 404), answer.text
        self.told.note("deleted", job=job)

    async def forget(self) -> None:
        """Retention is over."""
        jobs = self.stores.jobs
        mine = jobs._clock
        jobs._clock = lambda: mine() + RETENTION_OVER
        watched = Watched(jobs, self.doom, {"forget": "forget"})
        content = Watched(self.stores.content._inner, self.doom, {"delete": "forget bytes"})  # type: ignore[attr-defined]
        await asyncio.to_thread(delete_expired, watched, content)  # type: ignore[arg-type]
