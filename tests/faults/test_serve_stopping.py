"""`tieout serve` as a process: killed, stopped, full; what it leaves behind and takes up again."""

import contextlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml
from sqlalchemy import text

from serving.commands.cluster import free_port, run_service
from serving.service.worker import Stores
from serving.settings import ApplicationOptions, HttpOptions, ServiceFile, Settings
from serving.store.database import read_transaction, write_transaction
from serving.store.jobs import NewJob, new_id
from serving.wire.document_json import document_to_json
from tests.support.fake_service import DISPUTE, invoice, png, stores_in
from tests.support.posted_disputes import attachment, scan, wait_for

START_S, DRAIN_S, END_S = 180.0, 30, 240.0
# After that nothing may be left of a service that was stopped or killed. Ray's own agents go last:
# they look for a minute for a server that died with them.
GONE_WITHIN_S, AGENTS_WITHIN_S = 30.0, 120.0
JOBS = 1000


class Running:
    """A service in a process of its own, and all that came of it."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        options = Settings(authentication="none", **changes).with_storage_in(folder)
        arguments = options.model_dump(mode="json", exclude_defaults=True)
        content = {
            "http_options": {"port": self.port},
            "applications": [
                {
                    "name": "tieout",
                    "route_prefix": "/",
                    "import_path": "serving.app:build",
                    "args": arguments,
                }
            ],
        }
        file = folder / "serve.yaml"
        file.write_text(yaml.safe_dump(content))
        self.family: set[psutil.Process] = set()
        self.output = (folder / f"output-{self.port}").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "serving.cli", "serve", "--config", str(file)],
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )
        self.parent = psutil.Process(self.process.pid)

    def count(self) -> int:
        """Looks at who belongs to it; how many have been seen."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family |= {self.parent, *self.parent.children(recursive=True)}
        return len(self.family)

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            self.count()
            assert self.process.poll() is None, self.said()
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(f"{self.address}/readyz", timeout=20).status_code == 200
            return False

        wait_for(ready, START_S)

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace")

    def left(self) -> list[str]:
        """Of its family those that run, waited for as long as they may take to end."""
        family = [one for one in self.family if one.pid != self.process.pid]
        _, alive = psutil.wait_procs(family, GONE_WITHIN_S)
        if all("Agent" in name for one in alive if (name := name_of(one))):
            _, alive = psutil.wait_procs(alive, AGENTS_WITHIN_S)
        return [name for one in alive if (name := name_of(one))]

    def end(self) -> None:
        """Whatever a test has come to."""
        self.count()
        for one in self.family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()
        self.output.close()


def name_of(process: psutil.Process) -> str:
    """What a process is called, "" where it has ended."""
    try:
        ended = process.status() == psutil.STATUS_ZOMBIE
        return "" if ended else f"{process.pid} {process.name()} {process.cmdline()[:2]}"
    except psutil.NoSuchProcess:
        return ""


@contextlib.contextmanager
def serving(folder: Path, **changes: Any) -> Iterator[Running]:
    service = Running(folder, **changes)
    try:
        service.wait_until_ready()
        yield service
    finally:
        service.end()


def queue(stores: Stores, number: int) -> None:
    """Disputes whose documents are read already, so that each costs the service little."""
    dispute = {**DISPUTE, "documents": [document_to_json(invoice("a"))]}
    content = json.dumps(dispute).encode()
    for _ in range(number):
        job_id = new_id()
        asked = stores.content.put("local", job_id, io.BytesIO(content))
        stores.jobs.submit(NewJob(job_id, "local", "dispute", "print", asked.sha256, ()))


def states(stores: Stores) -> dict[str, int]:
    with read_transaction(stores.jobs._engine) as connection:
        asked = connection.execute(text("SELECT state, count(*) FROM jobs GROUP BY state"))
        return {state: count for state, count in asked}


@pytest.mark.slow
@pytest.mark.serve
def test_a_killed_service_leaves_no_process_and_takes_up_a_thousand_jobs(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"lease_s": 5, "running_disputes": 4, "drain_s": 5}
    stores = stores_in(tmp_path, Settings(**changes))
    queue(stores, JOBS)
    with write_transaction(stores.jobs._engine) as connection:
        connection.execute(text("CREATE TABLE witness (job TEXT, became TEXT)"))
        connection.execute(
            text(
                "CREATE TRIGGER seen AFTER UPDATE OF state ON jobs WHEN OLD.state <> NEW.state"
                " BEGIN INSERT INTO witness VALUES (NEW.id, NEW.state); END"
            )
        )
    with serving(tmp_path, **changes) as service:
        wait_for(lambda: service.count() and states(stores).get("done", 0) > 100, END_S)
        service.process.kill()
        service.process.wait()
        assert service.left() == []
    done = states(stores)["done"]
    assert done < JOBS
    with serving(tmp_path, **changes) as service:
        wait_for(lambda: service.count() and states(stores) == {"done": JOBS}, END_S)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(END_S) == 0, service.said()
        assert service.left() == []
        assert "Traceback" not in service.said()
    with read_transaction(stores.jobs._engine) as connection:
        seen = connection.execute(text("SELECT job, became, count(*) FROM witness GROUP BY 1, 2"))
        counts = [(became, count) for _, became, count in seen]
    assert sorted(set(counts)) == [("done", 1), ("running", 1)]
    assert len(counts) == 2 * JOBS
    stores.jobs._engine.dispose()


@pytest.mark.serve
@pytest.mark.parametrize(
    ("drain_s", "ends"), [(60, "done"), pytest.param(0, "running", marks=pytest.mark.slow)]
)
def test_a_job_under_way_ends_or_is_handed_back_when_the_service_stops(
    tmp_path: Path, drain_s: int, ends: str
) -> None:
    pages = 2 if ends == "done" else 15
    with serving(tmp_path, drain_s=drain_s) as service:
        posted = httpx.post(
            f"{service.address}/v1/disputes",
            data={"dispute": json.dumps(DISPUTE)},
            files=attachment(scan(pages)),
            timeout=60,
        )
        assert posted.status_code == 202, posted.text
        job_id = posted.json()["dispute_id"]
        stores = stores_in(tmp_path, Settings())
        wait_for(lambda: service.count() and states(stores) == {"running": 1}, END_S)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(END_S) == 0, service.said()
        assert service.left() == []
    with read_transaction(stores.jobs._engine) as connection:
        row = connection.execute(text("SELECT id, state, attempts, lease_until FROM jobs")).one()
    assert (row.id, row.state) == (job_id, ends)
    if ends == "running":  # free for anybody at once, and no attempt is lost
        until = datetime.fromisoformat(row.lease_until).replace(tzinfo=UTC)
        assert (until < datetime.now(UTC), row.attempts) == (True, 0)
    stores.jobs._engine.dispose()


@pytest.mark.slow
@pytest.mark.serve
def test_a_full_queue_says_so(tmp_path: Path) -> None:
    """More requests than may be worked on and wait: 503 with the time to come back."""
    options = HttpOptions(port=free_port(), request_timeout_s=120)
    settings = Settings(authentication="none", drain_s=1, queued_requests=1, checks_at_once=1)
    service = ServiceFile(
        http_options=options, applications=(ApplicationOptions(args=settings),)
    ).with_storage_in(tmp_path)
    content = png()
    with run_service(service) as address, httpx.Client(base_url=address, timeout=120) as client:

        def send(number: int) -> httpx.Response:
            files = attachment(content + bytes([number]))
            return client.post("/v1/extractions", files=files, headers={"Prefer": "wait=5"})

        with ThreadPoolExecutor(80) as pool:
            answers = list(pool.map(send, range(80)))
        full = [answer for answer in answers if answer.status_code == 503]
        assert full
        for answer in full:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "overloaded"
            assert int(answer.headers["retry-after"]) > 0
        # A picture of one stroke has no line: refused as a document, when it has been read.
        assert {answer.status_code for answer in answers} <= {200, 202, 400, 503}
        # Those that were let in lose nothing, and the next one is let in.
        assert client.get("/v1/limits").status_code == 200
