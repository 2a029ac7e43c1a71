"""A real service in trouble: a broken model, HAProxy in front, an update, a replica that dies."""

import os
import shutil
import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

import training
from serving.commands.cluster import StartFailed, free_port, run_service
from serving.settings import ApplicationOptions, HttpOptions, ServiceFile, Settings
from tests.support.posted_disputes import attachment, scan, wait_for


def service_with(folder: Path, timeout_s: float = 60.0, **settings: Any) -> ServiceFile:
    options = HttpOptions(port=free_port(), request_timeout_s=timeout_s)
    application = ApplicationOptions(args=Settings(authentication="none", drain_s=1, **settings))
    return ServiceFile(http_options=options, applications=(application,)).with_storage_in(folder)


@pytest.mark.slow
@pytest.mark.serve
def test_a_model_that_cannot_be_loaded_is_said_in_one_line(tmp_path: Path) -> None:
    """And not tried for ever."""
    broken = tmp_path / "checkpoint"
    shutil.copytree(Path(training.__file__).parent / "checkpoints" / "default", broken)
    (weights,) = list(broken.glob("*.safetensors"))[:1]
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    service = service_with(tmp_path, checkpoint=broken)
    with pytest.raises(StartFailed) as caught, run_service(service):
        pass
    told = str(caught.value)
    assert told.startswith("the service could not start: CheckpointError: ")
    assert weights.name in told
    assert "\n" not in told


@pytest.mark.slow
@pytest.mark.serve
def test_updates_and_dying_replicas(tmp_path: Path) -> None:
    service = service_with(tmp_path)
    with run_service(service) as address:
        answers: Counter[int | str] = Counter()
        ended = threading.Event()

        def ask() -> None:
            with httpx.Client(base_url=address, timeout=30) as client:
                while not ended.is_set():
                    try:
                        answers[client.get("/v1/limits").status_code] += 1
                    except httpx.HTTPError as error:
                        answers[type(error).__name__] += 1

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            before = replicas("http")
            redeploy(service.settings.model_copy(update={"attachments": 21}))
            wait_for(lambda: not replicas("http") & before, 120)
        finally:
            ended.set()
            asking.join()
        assert set(answers) == {200}
        assert answers[200] > 20
        assert httpx.get(f"{address}/v1/limits").json()["attachments"] == 21

        # A worker that is killed is replaced.
        (work,) = replicas("work")
        os.kill(work, signal.SIGKILL)
        wait_for(lambda: replicas("work") - {work}, 60)
        # One that only stands still is found by its health check.
        readers = replicas("reading")
        reading = min(readers)
        os.kill(reading, signal.SIGSTOP)
        try:
            wait_for(lambda: replicas("reading") - readers, 180)
        finally:
            if psutil.pid_exists(reading):
                os.kill(reading, signal.SIGKILL)


def redeploy(settings: Settings) -> None:
    from ray import serve

    from serving.app import build

    serve.run(build(settings), name="tieout", route_prefix="/")


def replicas(deployment: str) -> set[int]:
    """Process ids of a deployment's replicas."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        try:
            if process.cmdline()[:1] and f":tieout:{deployment}" in process.cmdline()[0]:
                found.add(process.pid)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.mark.slow
@pytest.mark.serve
def test_haproxy_lets_no_more_in(tmp_path: Path) -> None:
    """The same edge stands in each replica then."""
    service = service_with(tmp_path, 2.0, proxy="haproxy", request_mb=20)
    with run_service(service) as address, httpx.Client(base_url=address, timeout=60) as client:
        wait_for(lambda: client.get("/readyz").status_code == 200, 60)
        answer = client.get("/v1/limits", headers={"x-request-id": "two words"})
        assert answer.status_code == 200
        assert len(answer.headers["x-request-id"]) == 16
        too_long = client.post("/v1/disputes", content=b"x" * 20_000_001)
        assert (too_long.status_code, too_long.json()["code"]) == (413, "file_too_large")
        headers = {"x-request-timeout-seconds": "0", "x-request-disconnect-disabled": "?1"}
        slow = client.post("/v1/extractions", files=attachment(scan(6)), headers=headers)
        assert (slow.status_code, slow.json()["code"]) == (408, "request_timeout")
        assert slow.headers["content-type"] == "application/problem+json"
