"""Runs a native program on a hostile document: bounded in time, memory and output.

A parser of documents from outside may spin, ask for gigabytes or write a gigabyte of messages. So
it runs as its own process group, in a clean environment, under resource limits, and is killed
whole.
"""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Literal

MIB = 2**20

Stopped = Literal["time", "memory", "output"]

# `ulimit` in a shell that replaces itself, not `preexec_fn`: Python code between fork and exec can
# deadlock in a process with threads, and fork copies the page tables of a large worker. A limit
# that cannot be set is left as it is (macOS has no -v; a lower hard limit is stricter already).
# No limit on processes: RLIMIT_NPROC counts all processes of the user, not those of this program.
_LIMITED = (
    "ulimit -c 0; ulimit -t $1 2>/dev/null; ulimit -v $2 2>/dev/null;"
    ' ulimit -f $3 2>/dev/null; ulimit -n 64 2>/dev/null; shift 3; exec "$@"'
)
_MEMORY_SIGNS = ("bad_alloc", "out of memory", "memory allocation", "cannot allocate memory")


class MissingProgram(RuntimeError):
    """A native program that reading needs is not installed."""


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


def run_bounded(argv: Sequence[str], bounds: Bounds, pass_fds: Sequence[int] = ()) -> Outcome:
    """Output of `argv` run within `bounds`; a program that fails is an outcome, not an exception.

    `pass_fds` stay open in the program, which finds them as /dev/fd/N. Raises `MissingProgram` when
    the program is not on the PATH.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise MissingProgram(
            f"{argv[0]} was not found on the PATH; install poppler (Debian: poppler-utils)"
        )
    # One file-size block of the shell is 512 bytes; the programs write to pipes, so nothing is lost
    limits = (int(bounds.wall_s) + 1, bounds.memory_bytes // 1024, bounds.stdout_bytes // 512)
    with subprocess.Popen(
        ["/bin/sh", "-c", _LIMITED, "sh", *map(str, limits), program, *argv[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr, stopped = _drain(process, bounds)
        finally:
            # The group, not the process: also when the caller is interrupted or gives up
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
    message = stderr.decode("utf-8", "replace")
    return Outcome(status, stdout, message, stopped or _limit_hit(status, message))


def _drain(process: subprocess.Popen[bytes], bounds: Bounds) -> tuple[bytes, bytes, Stopped | None]:
    """Both outputs until the program ends or passes a bound."""
    deadline = time.monotonic() + bounds.wall_s
    caps = {"stdout": bounds.stdout_bytes, "stderr": bounds.stderr_bytes}
    stops = {"stdout": bounds.stdout_bytes, "stderr": 64 * bounds.stderr_bytes}
    kept = {"stdout": bytearray(), "stderr": bytearray()}
    seen = {"stdout": 0, "stderr": 0}
    with selectors.DefaultSelector() as selector:
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            selector.register(_present(pipe), selectors.EVENT_READ, name)
        while selector.get_map():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return bytes(kept["stdout"]), bytes(kept["stderr"]), "time"
            for key, _ in selector.select(left_s):
                chunk = os.read(key.fd, MIB // 4)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                name = key.data
                seen[name] += len(chunk)
                kept[name] += chunk[: max(caps[name] - len(kept[name]), 0)]
                if seen[name] > stops[name]:
                    return bytes(kept["stdout"]), bytes(kept["stderr"]), "output"
    # Closed pipes are not yet an end: the exit status must be the program's, not our signal's
    try:
        process.wait(max(deadline - time.monotonic(), 0.0))
    except subprocess.TimeoutExpired:
        return bytes(kept["stdout"]), bytes(kept["stderr"]), "time"
    return bytes(kept["stdout"]), bytes(kept["stderr"]), None


def _present(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the program was started without a pipe")
    return pipe


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
