"""What the same machine does with the same pages without the service: processes that only read.

They wait between time slices and so can take turns with the service.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from serving.benchmarks.load.papers import Case

Craft = Literal["tesseract", "extraction"]
_ANSWER_S = 120.0  # beyond the slice: a page that was begun is read to its end


@dataclass(frozen=True, slots=True)
class Read:
    """What one process did in a slice: its pages, the seconds they took, CPU seconds of them."""

    pages: int
    seconds: float
    cpu_seconds: float


class Bare:
    """As many processes as given, each reading one page after the other when told to."""

    def __init__(self, connections: Sequence[Connection], pids: Sequence[int]) -> None:
        self._connections = connections
        self.pids = pids

    def read(self, craft: Craft, cases: Sequence[Case], seconds: float) -> list[Read]:
        """What each process read in a slice of that length.

        A process begins no page after it; the time of the last one counts, so that no page is
        counted in part.
        """
        for start, connection in enumerate(self._connections):
            turned = [*cases[start % len(cases) :], *cases[: start % len(cases)]]
            connection.send((craft, turned, seconds))
        done = []
        for connection in self._connections:
            if not connection.poll(seconds + _ANSWER_S):
                raise TimeoutError(f"bare {craft} did not answer {_ANSWER_S:g} s after its slice")
            done.append(Read(*connection.recv()))
        return done


@contextmanager
def bare_processes(count: int, checkpoint: Path | None) -> Iterator[Bare]:
    """Starts the processes, ready to read; they end with the block."""
    spawn = multiprocessing.get_context("spawn")
    ends, processes = [], []
    # Inherited from here on, before any library asks how many threads it may have.
    kept = {name: os.environ.get(name) for name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS")}
    os.environ.update(dict.fromkeys(kept, "1"))
    try:
        for _ in range(count):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs, checkpoint), daemon=False)
            process.start()
            theirs.close()
            ends.append(ours)
            processes.append(process)
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    try:
        yield Bare(ends, [process.pid for process in processes if process.pid])
    finally:
        for end in ends:
            end.close()
        for process in processes:
            process.join(_ANSWER_S)
            if process.is_alive():
                process.kill()


def _serve(connection: Connection, checkpoint: Path | None) -> None:
    import cv2
    import torch

    from serving.benchmarks.references import cpu_seconds, read, read_by_tesseract
    from training.extractor import Extractor

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    extractor = Extractor.load(checkpoint, "cpu")
    while True:
        try:
            craft, cases, seconds = connection.recv()
        except EOFError:
            return
        began, cpu, pages = time.monotonic(), cpu_seconds(), 0
        while time.monotonic() - began < seconds:
            case = cases[0]
            cases = [*cases[1:], case]
            for _, content in case.attachments:
                if craft == "tesseract":
                    read_by_tesseract(content)
                else:
                    read(extractor, content)
            pages += case.pages
        connection.send((pages, time.monotonic() - began, cpu_seconds() - cpu))
