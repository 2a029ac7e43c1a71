"""Runs a native program or a decoder on a hostile document: bounded in time, memory and output.

A parser of documents from outside may spin, ask for gigabytes or write a gigabyte of messages. So
each run is a process group of its own, in a clean environment, without network where the kernel
lets us, under resource limits, and is killed whole. `data.pages.forkserver` starts them.
"""

import atexit
import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from data.pages.forkserver import INPUT_FD, OUT_OF_MEMORY

MIB = 2**20
INPUT = f"/dev/fd/{INPUT_FD}"  # the path under which a program finds its input

Stopped = Literal["time", "memory", "output"]

_MEMORY_SIGNS = ("bad_alloc", OUT_OF_MEMORY, "memory allocation", "cannot allocate memory")
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    # One thread a run: workers run pages, and only a single thread may be forked
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_START_S = 60.0  # of the fork server, and of loading what a task needs


class MissingProgram(RuntimeError):
    """A native program that reading needs is not installed."""


class SandboxFailed(RuntimeError):
    """The fork server does not start or died; no document is to blame."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one run may cost. Beyond `stderr_bytes` messages are dropped, beyond 64 times that
    the program is stopped: some harmless files cause a warning per glyph."""

    wall_s: float
    memory_bytes: int = 2048 * MIB
    stdout_bytes: int = 64 * MIB
    stderr_bytes: int = MIB // 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: exit status (negative = signal), output, and the bound that ended it."""

    status: int
    stdout: bytes
    stderr: str
    stopped: Stopped | None


def run_bounded(
    argv: Sequence[str], bounds: Bounds, file: IO[bytes] | None = None, install: str = "poppler"
) -> Outcome:
    """Output of `argv` run within `bounds`; a program that fails is an outcome, not an exception.

    The program finds `file` as `INPUT`, from its beginning. Raises `MissingProgram` when the
    program is not on the PATH.
    """
    program = shutil.which(argv[0])
    if program is None:
        hint = {"poppler": "poppler (Debian: poppler-utils)"}.get(install, install)
        raise MissingProgram(f"{argv[0]} was not found on the PATH; install {hint}")
    request = {"argv": [program, *argv[1:]], "environment": _ENVIRONMENT}
    return _run(request, bounds, file)


def run_task(
    task: str, arguments: Mapping[str, Any], bounds: Bounds, file: IO[bytes]
) -> tuple[Outcome, dict[str, Any]]:
    """The outcome of the module `task`'s `run(arguments, file)`, and the head of its answer.

    The outcome's `stdout` is the answer's body. The head is what a process said that held a hostile
    document: JSON, but not to be believed in what it says. It is empty where the task failed.
    """
    outcome = _run({"task": task, "arguments": arguments}, bounds, file)
    if outcome.status != 0 or outcome.stopped is not None:
        return outcome, {}
    line, _, body = outcome.stdout.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict):
        return Outcome(1, b"", "the answer cannot be understood", None), {}
    return Outcome(0, body, outcome.stderr, None), head


def _run(request: Mapping[str, Any], bounds: Bounds, file: IO[bytes] | None) -> Outcome:
    # What it prints goes to pipes: any file it writes is more than it needs
    limits = {
        "CPU": int(bounds.wall_s) + 1,
        "AS": bounds.memory_bytes,
        "FSIZE": bounds.stdout_bytes,
    }
    with _pipes() as pipes:
        fds = [end for _, end in pipes.values()]
        if file is not None:
            file.flush()
            fds.append(file.fileno())
        server = _server_of(request.get("task", "programs"))
        number = server.start(json.dumps({**request, "limits": limits}).encode(), fds)
        for name, (kept, end) in pipes.items():
            os.close(end)
            pipes[name] = (kept, -1)
        out, err, status = (kept for kept, _ in pipes.values())
        code: int | None = None
        try:
            deadline = time.monotonic() + bounds.wall_s
            stdout, stderr, stopped = _drain(out, err, bounds, deadline)
            if stopped is None:
                code, stopped = _exit_status(status, deadline)
        finally:
            # The group, not the process: also when the caller is interrupted or gives up. Its
            # number is not given to another before the status was sent.
            if code is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(number, signal.SIGKILL)
        if code is None:
            code = -signal.SIGKILL
    message = stderr.decode("utf-8", "replace")
    return Outcome(code, stdout, message, stopped or _limit_hit(code, message))


@contextlib.contextmanager
def _pipes() -> Iterator[dict[str, tuple[int, int]]]:
    """Three pipes as (read end, write end); -1 stands for an end that is closed."""
    pipes = {name: os.pipe() for name in ("stdout", "stderr", "status")}
    try:
        yield pipes
    finally:
        for ends in pipes.values():
            for fd in ends:
                if fd >= 0:
                    os.close(fd)


def _exit_status(fd: int, deadline: float) -> tuple[int | None, Stopped | None]:
    """The status that the fork server sends; closed outputs are not yet an end."""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        if not selector.select(max(deadline - time.monotonic(), 0.0)):
            return None, "time"
    sent = os.read(fd, 4)
    if len(sent) < 4:
        raise SandboxFailed("the process that starts decoders died; the next call starts another")
    return int.from_bytes(sent, "little", signed=True), None


def _drain(
    out: int, err: int, bounds: Bounds, deadline: float
) -> tuple[bytes, bytes, Stopped | None]:
    """Both outputs until the program ends or passes a bound."""
    caps = {"stdout": bounds.stdout_bytes, "stderr": bounds.stderr_bytes}
    stops = {"stdout": bounds.stdout_bytes, "stderr": 64 * bounds.stderr_bytes}
    kept = {"stdout": bytearray(), "stderr": bytearray()}
    seen = {"stdout": 0, "stderr": 0}
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ, "stdout")
        selector.register(err, selectors.EVENT_READ, "stderr")
        while selector.get_map():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return bytes(kept["stdout"]), bytes(kept["stderr"]), "time"
            for key, _ in selector.select(left_s):
                chunk = os.read(key.fd, MIB)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                name = key.data
                seen[name] += len(chunk)
                kept[name] += chunk[: max(caps[name] - len(kept[name]), 0)]
                if seen[name] > stops[name]:
                    return bytes(kept["stdout"]), bytes(kept["stderr"]), "output"
    return bytes(kept["stdout"]), bytes(kept["stderr"]), None


def _limit_hit(status: int, message: str) -> Stopped | None:
    """The resource limit behind an exit status, as far as signal and message tell."""
    if status == -signal.SIGXCPU:
        return "time"
    if status == -signal.SIGXFSZ:
        return "output"
    lowered = message.lower()
    if status != 0 and any(sign in lowered for sign in _MEMORY_SIGNS):
        return "memory"
    return None


class _Server:
    """A fork server of this process, started when first asked and again when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._messages: IO[bytes] | None = None

    def start(self, request: bytes, fds: Sequence[int]) -> int:
        """The number of a process forked for the request."""
        with self._lock:
            for attempt in (1, 2):
                control = self._control or self._open()
                try:
                    socket.send_fds(control, [request], fds)
                    answer = control.recv(4)
                except OSError:
                    answer = b""
                if len(answer) == 4:
                    return int.from_bytes(answer, "little")
                said = self._said()
                self.close()
                if attempt == 2:
                    raise SandboxFailed(f"the process that starts decoders does not run: {said}")
        raise AssertionError("unreachable")

    def _open(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_S)
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        home = str(Path(__file__).parents[2])
        code = f"from data.pages.forkserver import serve; serve({theirs.fileno()})"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._messages,
                env=_ENVIRONMENT | {"PYTHONPATH": home},
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _said(self) -> str:
        if self._messages is None:
            return "no reason"
        self._messages.seek(0)
        lines = self._messages.read(MIB // 16).decode("utf-8", "replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "no reason")[:300]

    def close(self) -> None:
        """End the server and what it runs; it ends by itself when this process does."""
        if self._control is not None:
            self._control.close()
        if self._messages is not None:
            self._messages.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = self._messages = None

    def forget(self) -> None:
        """In a fork: the server belongs to the parent."""
        self._lock = threading.Lock()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # not ours to wait for
        self._control = self._process = self._messages = None


# One for each task and one for programs: a fork costs what the server holds, and one that holds
# Tesseract's languages is five times as dear to fork as an empty one.
_servers: dict[str, _Server] = {}
_adding = threading.Lock()


def _server_of(task: str) -> _Server:
    with _adding:
        return _servers.setdefault(task, _Server())


@atexit.register
def _close_all() -> None:
    for server in _servers.values():
        server.close()


def _forget_all() -> None:
    global _adding
    _adding = threading.Lock()
    for server in _servers.values():
        server.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
