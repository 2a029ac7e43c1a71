"""Sandbox for programs and decoders on hostile documents: bounded time, memory and output.

A parser of documents from outside may loop, allocate gigabytes or write a gigabyte of messages. So
each run is a process group of its own, in a clean environment, without network where the kernel
permits, under resource limits, and is killed as a group. `data.pages.forkserver` starts the runs.
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
    """The fork server does not start or has died; not the fault of a document."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one run: time, memory, output.

    Messages beyond `stderr_bytes` are dropped, beyond 64 times that the program is stopped: some
    harmless files cause a warning per glyph.
    """

    wall_s: float
    memory_bytes: int = 2048 * MIB
    stdout_bytes: int = 64 * MIB
    stderr_bytes: int = MIB // 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run: exit status (negative = signal), output, and the exceeded limit."""

    status: int
    stdout: bytes
    stderr: str
    stopped: Stopped | None


def run_bounded(
    argv: Sequence[str], bounds: Bounds, file: IO[bytes] | None = None, install: str = "poppler"
) -> Outcome:
    """Run `argv` within `bounds` and return its outcome; a program that fails raises no exception.

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
    """Run the module `task`'s `run(arguments, file)`; return its outcome and its answer's head.

    The outcome's `stdout` is the answer's body. The head is JSON from a process that read a hostile
    document: its content must not be trusted. It is empty where the task failed.
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
        return Outcome(1, b"", "the answer is not a JSON object", None), {}
    return Outcome(0, body, outcome.stderr, None), head


def _run(request: Mapping[str, Any], bounds: Bounds, file: IO[bytes] | None) -> Outcome:
    # Its output goes to pipes: it does not need to write any file
    limits = {
        "CPU": int(bounds.wall_s) + 1,
        "AS": bounds.memory_bytes,
        "FSIZE": bounds.stdout_bytes,
    }
    with _pipes() as pipes:
        fds = [write_end for _, write_end in pipes.values()]
        if file is not None:
            file.flush()
            fds.append(file.fileno())
        server = _server_of(request.get("task", "programs"))
        number = server.start(json.dumps({**request, "limits": limits}).encode(), fds)
        for name, (read_end, write_end) in pipes.items():
            os.close(write_end)
            pipes[name] = (read_end, -1)
        out, err, status = (read_end for read_end, _ in pipes.values())
        code: int | None = None
        try:
            deadline = time.monotonic() + bounds.wall_s
            stdout, stderr, stopped = _read_outputs(out, err, bounds, deadline)
            if stopped is None:
                code, stopped = _exit_status(status, deadline)
        finally:
            # The group, not only the process; also when the caller is interrupted or gives up. The
            # process id is not reused before the status was sent.
            if code is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(number, signal.SIGKILL)
        if code is None:
            code = -signal.SIGKILL
    message = stderr.decode("utf-8", "replace")
    return Outcome(code, stdout, message, stopped or _exceeded_limit(code, message))


@contextlib.contextmanager
def _pipes() -> Iterator[dict[str, tuple[int, int]]]:
    """Open three pipes as (read end, write end) and close them at the end; -1 = closed already."""
    pipes = {name: os.pipe() for name in ("stdout", "stderr", "status")}
    try:
        yield pipes
    finally:
        for ends in pipes.values():
            for fd in ends:
                if fd >= 0:
                    os.close(fd)


def _exit_status(fd: int, deadline: float) -> tuple[int | None, Stopped | None]:
    """Return the exit status that the fork server sends; closed outputs are not yet the end."""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        if not selector.select(max(deadline - time.monotonic(), 0.0)):
            return None, "time"
    sent = os.read(fd, 4)
    if len(sent) < 4:
        raise SandboxFailed(
            "the process that starts decoders has died; the next call starts another"
        )
    return int.from_bytes(sent, "little", signed=True), None


def _read_outputs(
    out: int, err: int, bounds: Bounds, deadline: float
) -> tuple[bytes, bytes, Stopped | None]:
    """Return both outputs up to the end of the program or to an exceeded limit, and that limit."""
    caps = {"stdout": bounds.stdout_bytes, "stderr": bounds.stderr_bytes}
    stops = {"stdout": bounds.stdout_bytes, "stderr": 64 * bounds.stderr_bytes}
    outputs = {"stdout": bytearray(), "stderr": bytearray()}
    byte_counts = {"stdout": 0, "stderr": 0}
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ, "stdout")
        selector.register(err, selectors.EVENT_READ, "stderr")
        while selector.get_map():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return bytes(outputs["stdout"]), bytes(outputs["stderr"]), "time"
            for key, _ in selector.select(left_s):
                chunk = os.read(key.fd, MIB)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                name = key.data
                byte_counts[name] += len(chunk)
                outputs[name] += chunk[: max(caps[name] - len(outputs[name]), 0)]
                if byte_counts[name] > stops[name]:
                    return bytes(outputs["stdout"]), bytes(outputs["stderr"]), "output"
    return bytes(outputs["stdout"]), bytes(outputs["stderr"]), None


def _exceeded_limit(status: int, message: str) -> Stopped | None:
    """Return the resource limit that caused an exit status, by its signal and message."""
    if status == -signal.SIGXCPU:
        return "time"
    if status == -signal.SIGXFSZ:
        return "output"
    lowered = message.lower()
    if status != 0 and any(sign in lowered for sign in _MEMORY_SIGNS):
        return "memory"
    return None


class _Server:
    """A fork server of this process, started on the first request and again after it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._messages: IO[bytes] | None = None

    def start(self, request: bytes, fds: Sequence[int]) -> int:
        """Fork a process for the request and return its process id."""
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
                message = self._last_message()
                self.close()
                if attempt == 2:
                    raise SandboxFailed(f"the process that starts decoders does not run: {message}")
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

    def _last_message(self) -> str:
        if self._messages is None:
            return "no reason"
        self._messages.seek(0)
        lines = self._messages.read(MIB // 16).decode("utf-8", "replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "no reason")[:300]

    def close(self) -> None:
        """Stop the server and its runs; it also ends by itself when this process does."""
        if self._control is not None:
            self._control.close()
        if self._messages is not None:
            self._messages.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = self._messages = None

    def release_in_fork(self) -> None:
        """Let go of the server in a forked child: it belongs to the parent."""
        self._lock = threading.Lock()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # not ours to wait for
        self._control = self._process = self._messages = None


# One for each task and one for programs: the cost of a fork grows with the server's memory, and one
# with Tesseract's languages is five times as expensive to fork as an empty one.
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
        server.release_in_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
