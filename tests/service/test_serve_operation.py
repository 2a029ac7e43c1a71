"""One real service, looked at from outside: timeouts, children, ports, logs, metrics, traces."""

import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from data.records import Box, Page, Word
from serving.benchmarks.references import text_pdf
from serving.commands.cluster import free_port, run_service
from serving.settings import ApplicationOptions, HttpOptions, ServiceFile, Settings
from tests.support.posted_disputes import attachment, scan, wait_for
from tests.support.service_logs import session_logs
from tests.support.trace_collector import Collected, collecting

VENDOR, AMOUNT, FILE = "Zyxomark", "98,765.43", "qwertzmark.pdf"
# A form that is well begun: it is refused for its length and nothing else.
PART = b'--x\r\nContent-Disposition: form-data; name="attachments"; filename="a"\r\n\r\n'
REQUEST_TIMEOUT_S = 3.0
DEADLINE_S = 40.0
METRIC_NAMES = tuple(
    f"ray_tieout_{name}" for name in ("verdicts_total", "jobs", "queue_age_seconds", "pages_total")
)


@dataclass(frozen=True)
class Service:
    """The running service and what belongs to it."""

    address: str
    metrics: str
    logs: Path
    traces: Collected
    client: httpx.Client


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    metrics_port = free_port()
    settings = Settings(
        authentication="none", metrics_port=metrics_port, checks_at_once=1, request_mb=20, drain_s=1
    )
    options = ServiceFile(
        http_options=HttpOptions(port=free_port(), request_timeout_s=REQUEST_TIMEOUT_S),
        applications=(ApplicationOptions(args=settings),),
    ).with_storage_in(tmp_path_factory.mktemp("kept"))
    with pytest.MonkeyPatch.context() as environment, collecting() as traces:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", traces.address)
        environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        with run_service(options) as address, httpx.Client(base_url=address, timeout=60) as client:
            metrics = f"http://127.0.0.1:{metrics_port}/metrics"
            yield Service(address, metrics, session_logs(), traces, client)


def invoice_with_markers() -> bytes:
    rows = [("Invoice", "from", VENDOR), (VENDOR, "1", AMOUNT), ("Total", "due", AMOUNT)]
    words = tuple(
        Word(text, Box(0.1 + 0.3 * column, 0.1 + 0.1 * row, 0.3 + 0.3 * column, 0.12 + 0.1 * row))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    return text_pdf(Page(0, 595.0, 842.0, words, "text", "as given"), 1)


@pytest.mark.serve
def test_ray_listens_to_this_machine_only(service: Service) -> None:
    port = int(service.address.rpartition(":")[2])
    listening = {
        (connection.laddr.ip, connection.laddr.port)
        for process in [psutil.Process(), *psutil.Process().children(recursive=True)]
        for connection in connections_of(process)
        if connection.status == psutil.CONN_LISTEN
    }
    assert ("127.0.0.1", port) in listening
    assert len(listening) > 5
    assert {ip for ip, _ in listening} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    token = Path(os.environ.get("RAY_AUTH_TOKEN_PATH", Path.home() / ".ray" / "auth_token"))
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert os.environ["RAY_AUTH_MODE"] == "token"


def connections_of(process: psutil.Process) -> list[Any]:
    try:
        return list(process.net_connections(kind="inet"))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


@pytest.mark.serve
@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        (lambda client: client.get("/nothing/here"), 404, "not_found"),
        (lambda client: client.put("/v1/limits"), 405, "method_not_allowed"),
        (lambda client: client.post("/v1/disputes", content=b"x" * 20_000_001), 413, None),
        (
            lambda client: client.post(
                "/v1/disputes",
                content=iter([PART, *[b"x" * 10**7] * 3]),
                headers={"content-type": "multipart/form-data; boundary=x"},
            ),
            413,
            None,
        ),
        (lambda client: client.post("/v1/disputes", json={}), 422, "invalid_request"),
    ],
    ids=["path", "method", "length", "chunks", "form"],
)
def test_every_refusal_is_a_problem(
    service: Service, send: Callable[[httpx.Client], httpx.Response], status: int, code: str | None
) -> None:
    answer = send(service.client)
    assert (answer.status_code, answer.json()["code"]) == (status, code or "file_too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-request-id"]) == 16


@pytest.mark.serve
def test_nothing_of_a_document_is_in_logs_metrics_and_traces(service: Service) -> None:
    line = {"po_line_number": "1", "quantity_ordered": "1", "unit_price": "2.00"}
    dispute = json.dumps({"order": {"po_number": "4711", "currency": "EUR", "lines": [line]}})
    headers = {"x-request-id": "canary-1"}
    taken = service.client.post(
        "/v1/disputes",
        data={"dispute": dispute},
        files=attachment(invoice_with_markers(), FILE),
        headers=headers,
    )
    assert taken.status_code == 202, taken.text
    assert taken.headers["x-request-id"] == "canary-1"
    location = taken.headers["location"]
    settled = wait_for(lambda: finished(service, location), DEADLINE_S)
    assert settled["state"] == "done", settled["error"]
    assert VENDOR in str(settled["documents"])
    broken = invoice_with_markers()[:300]
    refused = [
        service.client.post("/v1/extractions", files=attachment(broken, FILE)),
        service.client.get(f"/v1/disputes/{VENDOR}"),
        service.client.get("/v1/limits", headers={"x-request-id": VENDOR + " " + AMOUNT}),
        raw_request(service, f"GET /{VENDOR}{AMOUNT} HTTP/1.1\r\nx-request-id: {VENDOR} x"),
    ]
    assert all(getattr(one, "status_code", 404) < 500 for one in refused)

    # All of a dispute in one trace, though four processes wrote it.
    spans = wait_for(
        lambda: trace_of(service, {"request", "work", "extract", "tag", "examine"}), DEADLINE_S
    )
    (root,) = [span for span in spans if not span.parent_span_id]
    assert root.name == "request"
    ids = {span.span_id for span in spans}
    assert all(span.parent_span_id in ids for span in spans if span is not root)

    # Every process hands its metrics to Ray at its own time, so one name does not bring the others.
    shown = wait_for(lambda: metrics_with(service, METRIC_NAMES), DEADLINE_S)
    logs = wait_for(lambda: logged(service.logs, "canary-1"), DEADLINE_S)
    assert '"event": "job worked on"' in logs

    told = {"logs": logs, "metrics": shown, "traces": str(service.traces.bodies)}
    for where, text in told.items():
        for marker in (VENDOR, AMOUNT, FILE):
            assert marker not in text, f"{marker} is in the {where}"
    for answer in refused[1:]:
        assert AMOUNT not in getattr(answer, "text", str(answer))


def finished(service: Service, location: str) -> dict[str, Any] | None:
    job: dict[str, Any] = service.client.get(location).json()
    return job if job["state"] not in ("queued", "running") else None


def raw_request(service: Service, head: str) -> str:
    """The answer to a request that no client library would send."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"{head}\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def trace_of(service: Service, names: set[str]) -> list[Any] | None:
    """The spans of the one trace that holds all these names."""
    traces: dict[bytes, list[Any]] = {}
    for span in service.traces.spans():
        traces.setdefault(span.trace_id, []).append(span)
    whole = [spans for spans in traces.values() if names <= {span.name for span in spans}]
    return whole[0] if whole else None


def metrics_with(service: Service, names: tuple[str, ...]) -> str | None:
    """What Ray exports, once all these names are in it."""
    text = httpx.get(service.metrics, timeout=10).text
    return text if all(name in text for name in names) else None


def logged(folder: Path, marker: str) -> str | None:
    """Everything Ray and we have written, once the marker is in it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    text = "\n".join(path.read_text("utf-8", "replace") for path in files)
    return text if marker in text else None


@pytest.mark.serve
def test_a_client_cannot_switch_the_timeout_off_nor_pile_work_up(service: Service) -> None:
    """The reading goes on one page at a time, whatever becomes of the requests that asked."""
    content = scan(3)
    most, looks = 0, 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal most, looks
        me = psutil.Process()
        while not ended.is_set():
            runs = sum(is_run(child) for child in me.children(recursive=True))
            most, looks = max(most, runs), looks + 1
            ended.wait(0.05)

    def post(number: int) -> httpx.Response:
        headers = {"x-request-timeout-seconds": "0", "x-request-disconnect-disabled": "?1"}
        files = attachment(content + bytes([number]))
        return service.client.post("/v1/extractions", files=files, headers=headers)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(post, range(6)))
        # What was begun goes on behind the answers.
        seen = looks
        wait_for(lambda: looks > seen + 30, DEADLINE_S)
    finally:
        ended.set()
        watcher.join()
    statuses = [answer.status_code for answer in answers]
    assert 408 in statuses
    for answer in answers:
        assert answer.elapsed.total_seconds() < REQUEST_TIMEOUT_S + 10
        if answer.status_code == 408:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "request_timeout"
    # One page being read and one attachment being looked at.
    assert 1 <= most <= 2


def is_run(process: psutil.Process) -> bool:
    """Whether it decodes, renders or recognises: a fork of the fork server, not that itself."""
    try:
        parent = process.parent()
        return parent is not None and any(
            "data.pages.forkserver" in part for part in parent.cmdline()
        )
    except psutil.Error:
        return False
