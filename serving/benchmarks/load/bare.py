"""The baseline of the load benchmark: processes that read the same pages without the service.

They wait between time slices, so that they can take turns with the service.
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
_ANSWER_S = 120.0  # beyond the slice: the last page is read to its end


@dataclass(frozen=True, slots=True)
class ReadSlice:
    """The pages that one process read in a slice, with their seconds and CPU seconds."""

    pages: int
    seconds: float
    cpu_seconds: float


class BareReaders:
    """A group of processes that each read one page after the other, slice by slice."""

    def __init__(self, connections: Sequence[Connection], pids: Sequence[int]) -> None:
        self._connections = connections
        self.pids = pids

    def read(self, craft: Craft, cases: Sequence[Case], seconds: float) -> list[ReadSlice]:
        """Read pages for a slice of that length and return what each process read.

        A process begins no page after the slice; the time of the last page counts, so that no page
        is counted in part.
        """
        for start, connection in enumerate(self._connections):
            turned = [*cases[start % len(cases) :], *cases[: start % len(cases)]]
            connection.send((craft, turned, seconds))
        done = []
        for connection in self._connections:
            if not connection.poll(seconds + _ANSWER_S):
                raise TimeoutError(f"bare {craft} did not answer {_ANSWER_S:g} s after its slice")
            done.append(ReadSlice(*connection.recv()))
        return done


@contextmanager
def bare_processes(count: int, checkpoint: Path | None) -> Iterator[BareReaders]:
    """Start the processes, ready to read; they end with the block."""
    spawn = multiprocessing.get_context("spawn")
    ends, processes = [], []
    # Inherited from here on, before any library asks how many threads it may have.
    saved = {name: os.environ.get(name) for name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS")}
    os.environ.update(dict.fromkeys(saved, "1"))
    try:
        for _ in range(count):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs, checkpoint), daemon=False)
            process.start()
            theirs.close()
            ends.append(ours)
            processes.append(process)
    finally:
        for name, value in saved.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    try:
        yield BareReaders(ends, [process.pid for process in processes if process.pid])
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

    from serving.benchmarks.references import cpu_seconds, read_by_tesseract
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
            for name, content in case.attachments:
                if craft == "tesseract":
                    read_by_tesseract(content)
                else:
                    extractor.read(content, name)
            pages += case.pages
        connection.send((pages, time.monotonic() - began, cpu_seconds() - cpu))
