"""What became of hostile documents: an outcome for each, and a table of them all."""

import contextlib
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from data.pages.attachments import AttachmentError
from serving.wire.attachments_in import BlankDocument
from serving.wire.schema import STATUS_OF_CODE

READ = "read"
PARTLY = "partly_read"
UNKNOWN = "unknown_error"  # not one of ours: a fault of the reader
# Of a page: those of `AttachmentError`, and what only a page can be
PAGE_CODES = frozenset({BlankDocument.code, "no_words", "no_text_layer"})
# Of a service: what is none of the document's fault
_FAULTS = frozenset({"internal", "worker_lost"})
MIB = 2**20
_SAMPLE_S = 0.02


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one file: `outcome` is `READ`, `PARTLY` or a code, `page_codes` those of its
    unread pages. `peak_bytes` is the resident size of this process's children together, sampled;
    `message_bytes` what was written to stderr. `verdict` is the status that a service gave, ""
    where none was asked or it could not say."""

    name: str
    outcome: str
    pages: int
    page_codes: tuple[str, ...]
    seconds: float
    peak_bytes: int
    message_bytes: int
    verdict: str = ""


def stable_codes() -> frozenset[str]:
    """Every code that a document or a page may end with."""
    kinds: tuple[type[AttachmentError], ...] = (AttachmentError, *_kinds(AttachmentError))
    return PAGE_CODES | {kind.code for kind in kinds} | (STATUS_OF_CODE.keys() - _FAULTS)


def _kinds(kind: type[AttachmentError]) -> Iterator[type[AttachmentError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


@contextlib.contextmanager
def children_watched(parent: psutil.Process | None) -> Iterator[list[int]]:
    """One number: the most bytes that the children held together within the block; 0 of none."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while parent is not None and not over.wait(_SAMPLE_S):
            with contextlib.suppress(psutil.Error):  # it has ended
                peak[0] = max(peak[0], sum(map(_resident, parent.children(recursive=True))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended
        return 0


def unknown_codes(reports: Sequence[Report]) -> set[str]:
    """The outcomes that are none of the stable codes.

    What a service has read, it has compared: with a verdict, `page_codes` are those of the dispute.
    """
    seen = {one.outcome for one in reports}
    seen |= {code for one in reports if not one.verdict for code in one.page_codes}
    return seen - stable_codes() - {READ, PARTLY}


def print_table(reports: Sequence[Report], left: Sequence[int], folder: Path) -> None:
    out = Console(highlight=False)
    counts = Table("outcome", "verdict", "files")
    seen = Counter((one.outcome, one.verdict) for one in reports)
    for (outcome, verdict), count in seen.most_common():
        counts.add_row(outcome, verdict, str(count))
    out.print(counts)
    seconds = sorted(one.seconds for one in reports)
    out.print(
        f"{len(reports)} files, {sum(one.pages for one in reports)} pages in {sum(seconds):.0f} s;"
        f" a file: median {seconds[len(seconds) // 2]:.2f} s, most {seconds[-1]:.1f} s;"
        f" processes left {len(left)}; unknown codes {sorted(unknown_codes(reports)) or 'none'}"
    )
    dearest = Table("dearest files", "outcome", "s", "children MiB", "message bytes")
    kinds = ("seconds", "peak_bytes", "message_bytes")
    most = {one.name: one for kind in kinds for one in _most(reports, kind)}
    for one in most.values():
        name = os.path.relpath(one.name, folder)
        peak = f"{one.peak_bytes / MIB:.0f}"
        row = (name, one.outcome, f"{one.seconds:.1f}", peak, str(one.message_bytes))
        dearest.add_row(*row)
    out.print(dearest)


def _most(reports: Sequence[Report], kind: str) -> list[Report]:
    return sorted(reports, key=lambda one: -getattr(one, kind))[:3]
