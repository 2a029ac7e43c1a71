"""Hostile work runs in forks of a prepared process: bounded, without network, whatever happens."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from data.pages import sandbox
from data.pages.attachments import AttachmentError, Limits, open_attachment, render_page
from data.pages.sandbox import INPUT, Bounds, SandboxFailed, run_bounded, run_task
from tests.support.small_attachments import make_image

WAIT_S = 10.0


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_program_reads_its_input_from_the_beginning() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"page")  # neither flushed nor wound back
        assert run_bounded(["cat", INPUT], Bounds(5), file).stdout == b"page"


def test_program_has_nothing_open_but_what_it_needs() -> None:
    opened = run_bounded(["ls", "/proc/self/fd"], Bounds(5)).stdout.split()
    assert set(opened) <= {b"0", b"1", b"2", b"3", b"4"}  # ls itself opens one


@pytest.mark.skipif(not Path("/proc/net/dev").is_file(), reason="only Linux has namespaces")
def test_network_is_empty_where_the_kernel_lets_us() -> None:
    if subprocess.run(["unshare", "-U", "-n", "true"], check=False).returncode != 0:
        pytest.skip("this kernel lets nobody leave the network")
    devices = run_bounded(["cat", "/proc/net/dev"], Bounds(5)).stdout.decode().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices] == ["lo"]


def test_program_that_crashes_is_told_from_one_that_fails() -> None:
    assert run_bounded(["sh", "-c", "kill -SEGV $$"], Bounds(5)).status == -signal.SIGSEGV
    assert run_bounded(["false"], Bounds(5)).status == 1


def test_what_a_program_started_ends_with_it() -> None:
    before = {one.pid for one in psutil.Process().children(recursive=True)}
    outcome = run_bounded(["sh", "-c", "sleep 6127.5 >&- 2>&- & echo started"], Bounds(20))
    assert (outcome.stdout, outcome.stopped) == (b"started\n", None)
    sleeping = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
    assert wait_for(lambda: not any(_is_sleep(one) for one in sleeping))
    assert not [one for one in psutil.process_iter() if _is_sleep(one)]


def _is_sleep(process: psutil.Process) -> bool:
    try:
        return process.cmdline() == ["sleep", "6127.5"]
    except psutil.Error:
        return False


def test_runs_of_several_threads_do_not_wait_for_each_other() -> None:
    outcomes: dict[str, bytes] = {}

    def run(name: str, script: str) -> None:
        outcomes[name] = run_bounded(["sh", "-c", script], Bounds(20)).stdout

    with tempfile.TemporaryDirectory() as folder:
        go = f"{folder}/go"
        # The first ends only when the second has run
        waits = f"until [ -e {go} ]; do sleep 0.02; done; echo first"
        threads = [
            threading.Thread(target=run, args=("first", waits)),
            threading.Thread(target=run, args=("second", f"touch {go}; echo second")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
    assert outcomes == {"first": b"first\n", "second": b"second\n"}


def test_server_that_died_is_started_again() -> None:
    run_bounded(["true"], Bounds(5))
    server = sandbox._servers["programs"]._process
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert run_bounded(["echo", "again"], Bounds(5)).stdout == b"again\n"


def test_task_that_is_not_there_is_a_failure_with_its_reason() -> None:
    with tempfile.TemporaryFile() as file:
        outcome, head = run_task("data.no_such_room", {}, Bounds(5), file)
    assert (outcome.status, head) == (1, {})
    assert "no_such_room" in outcome.stderr


def test_fault_of_the_server_is_no_fault_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")
    monkeypatch.setattr(sandbox, "_servers", {})
    with pytest.raises(SandboxFailed):
        run_bounded(["true"], Bounds(5))


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(memory_bytes=120 * 2**20), "render_memory"),
        (Limits(render_timeout_s=0.0), "render_timeout"),
        (Limits(), None),
    ],
)
def test_decoder_is_bounded(limits: Limits, code: str | None) -> None:
    attachment = open_attachment(make_image((7000, 7000), "PNG"), "a.png")
    if code is None:
        assert render_page(attachment, 0, limits=limits).shape == (1024, 1024)
        return
    with pytest.raises(AttachmentError) as raised:
        render_page(attachment, 0, limits=limits)
    assert raised.value.code == code


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # it has threads
def test_a_fork_starts_servers_of_its_own() -> None:
    run_bounded(["true"], Bounds(5))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # no assertion here: pytest must not see two ends of this test
        said = run_bounded(["echo", "child"], Bounds(5)).stdout
        os.write(writer, said)
        for server in sandbox._servers.values():
            server.close()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        assert told.read() == b"child\n"
    os.waitpid(child, 0)
    assert run_bounded(["echo", "parent"], Bounds(5)).stdout == b"parent\n"
