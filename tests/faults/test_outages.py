"""The service while what it stands on fails: its database cut, its disk full, its clients slow."""

import asyncio
import errno
import json
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from data.pages.attachments import PageSizes
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.database import open_engine, upgrade
from serving.store.keys import KeyStore, NewKey
from tests.conftest import clear
from tests.support.fake_service import DISPUTE, client_of, extract, files, now, png, post, stores_in
from tests.support.http_server import listening
from tests.support.posted_disputes import wait_for
from tests.support.private_postgres import Server

DEADLINE_S = 60.0
ROOMY = Settings(unfinished_jobs=2000, wait_s=0, request_mb=8)


def refused(answer: httpx.Response, code: str = "storage_unavailable") -> bool:
    """Whether that is the documented refusal of a service that cannot keep anything now."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == code
    return True


def state(client: TestClient, place: str, **head: str) -> str:
    answer = client.get(place, headers=head)
    return str(answer.json()["state"]) if answer.status_code == 200 else ""


@pytest.mark.slow
def test_the_database_is_cut_and_comes_back(postgres: Server, tmp_path: Path) -> None:
    engine = open_engine(postgres.url)
    upgrade(engine)
    clear(engine)
    stores = stores_in(tmp_path, ROOMY, engine)
    keys = KeyStore(engine, now, ROOMY.allowance)
    head = {"authorization": f"Bearer {keys.create(NewKey('acme', 'outage'))[1]}"}
    opened, begun = threading.Event(), threading.Event()

    async def slow(name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
        begun.set()
        await asyncio.to_thread(opened.wait, DEADLINE_S)
        return await extract(name, content, page_sizes)

    with client_of(stores, ROOMY, slow, keys=keys) as client:
        taken = [post(client, ("a.png", png()), **head) for _ in range(5)]
        places = [answer.headers["location"] for answer in taken]
        assert begun.wait(DEADLINE_S)
        postgres.stop()
        try:
            assert refused(client.get("/v1/disputes", headers=head))
            assert refused(client.get(places[0], headers=head))
            assert refused(post(client, ("a.png", png()), **head))
            assert refused(client.delete(places[0], headers=head))
            assert client.get("/healthz").status_code == 200
            # The work on a job comes to its end meanwhile, and cannot be kept.
            opened.set()
        finally:
            postgres.start()
        for place in places:
            wait_for(lambda place=place: state(client, place, **head) == "done", DEADLINE_S)
        listed = client.get("/v1/disputes", headers=head).json()["disputes"]
        assert len(listed) == 5
        assert post(client, ("a.png", png()), **head).status_code == 202
    engine.dispose()


@pytest.fixture(params=["limit", "disk"])
def little_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder where half a megabyte cannot be kept: by a limit on files, or on a disk of its own.

    Limits on files hold for all of a process; the tests' own are smaller.
    """
    folder = tmp_path / "objects"
    folder.mkdir()
    if request.param == "limit":
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
        yield folder
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.slow
def test_a_full_disk_keeps_nothing_by_halves(little_room: Path, tmp_path: Path) -> None:
    stores = stores_in(tmp_path, ROOMY)
    big = png() + bytes(600_000)
    with client_of(stores, ROOMY) as client:
        for _ in range(3):
            assert refused(
                post(client, ("small.png", png()), ("big.png", big), idempotency_key="k")
            )
            assert list(stores.content.owners()) == []
        assert [path for path in little_room.rglob("*") if path.is_file()] == []
        assert client.get("/v1/disputes").json()["disputes"] == []
        # What there is room for is taken, under the same key, too.
        taken = post(client, ("small.png", png()), idempotency_key="k")
        assert taken.status_code == 202
        wait_for(lambda: state(client, taken.headers["location"]) == "done", DEADLINE_S)
    stores.jobs._engine.dispose()


class Full(ContentStore):
    """A bucket that takes the request and has no room for the result, for a while."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.refusals = 0

    def put(self, *given: Any) -> Any:
        if threading.current_thread().name.startswith("asyncio") and self.refusals < 2:
            self.refusals += 1
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().put(*given)


@pytest.mark.slow
def test_a_result_that_finds_no_room_is_kept_later(tmp_path: Path) -> None:
    plain = stores_in(tmp_path, ROOMY)
    full = Full((tmp_path / "objects").as_uri())
    stores = replace(plain, content=full)
    with client_of(stores, ROOMY) as client:
        place = post(client, ("a.png", png())).headers["location"]
        wait_for(lambda: state(client, place) == "done", DEADLINE_S)
        assert client.get(place).json()["verdict"]
    assert full.refusals == 2
    plain.jobs._engine.dispose()


@pytest.mark.slow
def test_one_key_makes_one_job_however_often_it_is_sent(engine: Engine, tmp_path: Path) -> None:
    stores = stores_in(tmp_path, ROOMY, engine)
    body = {"dispute": json.dumps(DISPUTE)}
    with (
        listening(client_of(stores, ROOMY).app) as address,  # type: ignore[arg-type]
        httpx.Client(base_url=address, timeout=DEADLINE_S) as client,
    ):

        def send(number: int) -> httpx.Response:
            return client.post(
                "/v1/disputes",
                data=body,
                files=files(("a.png", png())),
                headers={"Idempotency-Key": f"case {number % 5}"},
            )

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(send, range(100)))
        assert {answer.status_code for answer in answers} <= {202, 409}
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json()["code"] == "request_in_progress"
                assert int(answer.headers["retry-after"]) > 0
        again = [send(number) for number in range(5)]
        ids = {answer.json()["dispute_id"] for answer in again}
        assert {a.json()["dispute_id"] for a in answers if a.status_code == 202} == ids
        assert all(answer.headers["idempotency-replayed"] == "true" for answer in again)
        assert len(client.get("/v1/disputes").json()["disputes"]) == len(ids) == 5
        other = client.post(
            "/v1/disputes",
            data=body,
            files=files(("b.png", png(mark=False))),
            headers={"Idempotency-Key": "case 1"},
        )
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.slow
def test_slow_clients_hold_nobody_up(tmp_path: Path) -> None:
    """Two hundred that send a byte now and then, and fifty that never read their answers."""
    stores = stores_in(tmp_path, ROOMY)
    with listening(client_of(stores, ROOMY).app) as address:  # type: ignore[arg-type]
        host, port = address.removeprefix("http://").split(":")

        def connect(sent: bytes) -> socket.socket:
            connection = socket.create_connection((host, int(port)), timeout=DEADLINE_S)
            connection.sendall(sent)
            return connection

        head = (
            b"POST /v1/disputes HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n"
            b"content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        )
        ask = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 20
        slow = [connect(head) for _ in range(200)] + [connect(ask) for _ in range(50)]
        try:
            with httpx.Client(base_url=address, timeout=DEADLINE_S) as client:
                for turn in range(5):
                    for connection in slow[:200]:
                        connection.sendall(b"x")
                    began = time.monotonic()
                    answer = client.post(
                        "/v1/disputes",
                        data={"dispute": json.dumps(DISPUTE)},
                        files=files(("a.png", png())),
                    )
                    assert answer.status_code == 202, turn
                    assert time.monotonic() - began < 10
                place = answer.headers["location"]
                wait_for(lambda: client.get(place).json()["state"] == "done", DEADLINE_S)
        finally:
            for connection in slow:
                connection.close()
    # Of a request that never came in nothing is left.
    assert len(set(stores.content.owners())) == 5
    stores.jobs._engine.dispose()
