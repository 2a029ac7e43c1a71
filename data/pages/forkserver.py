"""Fork server: the process that `data.pages.sandbox` forks programs, decoders and Tesseract from.

It starts once per reading process, without network, with one thread and a clean environment.
Every run is a fork of it under its own resource limits: a decoder costs milliseconds to isolate
where a new Python would cost a tenth of a second, Tesseract's languages are loaded already (0.5 s
of every page otherwise), and nothing that a hostile page does to its process outlives the page.

A request is one line of JSON with three descriptors: the run's output, its messages, its exit
status; a fourth is its input. The answer on the control socket is the process id. The status
is sent when the run has ended, as a little-endian `int` (negative = signal).
"""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

INPUT_FD = 3
OUT_OF_MEMORY = "out of memory"  # the last message of a task that ends for lack of memory
MAX_REQUEST_BYTES = 65_536
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_OPEN_FILES = 64


def serve(control_fd: int) -> None:
    """Fork one process for each request until the other end of the socket is closed."""
    control = socket.socket(fileno=control_fd)
    _leave_network()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    running: dict[int, int] = {}  # process id -> descriptor for its exit status
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _report_ended(running)
        if control.fileno() in ready:
            message, fds, _, _ = socket.recv_fds(control, MAX_REQUEST_BYTES, 4)
            if not message:
                return
            _start_run(control, json.loads(message), fds, running, (control_fd, woken, wake))


def _leave_network() -> None:
    """Move into an empty network. Kernels and containers that forbid it leave us where we are."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _report_ended(running: dict[int, int]) -> None:
    while running:
        number, status = os.waitpid(-1, os.WNOHANG)
        if number == 0:
            return
        # The processes it started end with it
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal.SIGKILL)
        fd = running.pop(number)
        with contextlib.suppress(BrokenPipeError):  # the caller has given up
            os.write(fd, os.waitstatus_to_exitcode(status).to_bytes(4, "little", signed=True))
        os.close(fd)


def _start_run(
    control: socket.socket,
    request: Mapping[str, Any],
    fds: list[int],
    running: dict[int, int],
    server_fds: tuple[int, ...],
) -> None:
    output, messages, status, *inputs = fds
    failure = None
    if request.get("task"):
        try:  # modules and models are loaded here once, not in every fork
            _task(request).prepare(request["arguments"])
        except Exception as error:  # reported by the fork, as any failure of the task
            failure = f"{type(error).__name__}: {error}"
    number = os.fork()
    if number == 0:
        for fd in (*server_fds, status, *running.values()):
            os.close(fd)
        _run_in_fork(request, output, messages, inputs, failure)
    running[number] = status
    for fd in (output, messages, *inputs):
        os.close(fd)
    control.sendall(number.to_bytes(4, "little"))


def _task(request: Mapping[str, Any]) -> Any:
    return importlib.import_module(request["task"])


def _run_in_fork(
    request: Mapping[str, Any], output: int, messages: int, inputs: list[int], failure: str | None
) -> None:
    """Turn this fork into the run; does not return."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _place_descriptors(output, messages, inputs)
        _set_limits(request["limits"])
        if failure is not None:
            raise RuntimeError(failure)
        if request.get("task"):
            with os.fdopen(INPUT_FD, "rb", closefd=False) as file:
                head, body = _task(request).run(request["arguments"], file)
            with os.fdopen(1, "wb", closefd=False) as out:
                out.write(json.dumps(head).encode() + b"\n")
                out.write(body)
            os._exit(0)
        os.execve(request["argv"][0], request["argv"], request["environment"])
    except MemoryError:
        os.write(2, OUT_OF_MEMORY.encode())
        os._exit(1)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}"[:4000].encode("utf-8", "replace"))
        os._exit(1)


def _place_descriptors(output: int, messages: int, inputs: list[int]) -> None:
    """Set descriptors 0 to 3 to nothing, output, messages and input, and close the others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    # Above the four places first, so that no move runs over another
    high = [os.dup(fd) for fd in (nothing, output, messages, *(inputs or [nothing]))]
    while min(high) <= INPUT_FD:
        high = [os.dup(fd) if fd <= INPUT_FD else fd for fd in high]
    for place, fd in enumerate(high):
        os.dup2(fd, place, inheritable=True)
    os.closerange(INPUT_FD + 1, 1024)
    os.lseek(INPUT_FD, 0, os.SEEK_SET)


def _set_limits(limits: Mapping[str, int]) -> None:
    for name, value in (("CORE", 0), ("NOFILE", _OPEN_FILES), *limits.items()):
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError):
            if sys.platform == "linux":  # macOS has no limit of the address space
                raise
