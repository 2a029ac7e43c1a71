"""Outcomes of hostile documents: the report of each file, and a table of all."""

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

from data.pages.attachment_reader import BlankDocument
from data.pages.attachments import AttachmentError
from serving.wire.schema import STATUS_OF_CODE

READ = "read"
PARTLY = "partly_read"
UNKNOWN = "unknown_error"  # an unexpected exception: a fault of the reader
# Codes of a page, beside those of `AttachmentError`.
PAGE_CODES = frozenset({BlankDocument.code, "no_words", "no_text_layer"})
# Codes of a service that are not the document's fault.
_FAULTS = frozenset({"internal", "worker_lost"})
MIB = 2**20
_SAMPLE_S = 0.02


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one file: `READ`, `PARTLY` or a code, with the codes of its unread pages.

    `peak_bytes` is the resident size of this process's children together, sampled; `message_bytes`
    the size of their stderr. `verdict` is the status in a service's verdict, "" without one.
    """

    name: str
    outcome: str
    pages: int
    page_codes: tuple[str, ...]
    seconds: float
    peak_bytes: int
    message_bytes: int
    verdict: str = ""


def stable_codes() -> frozenset[str]:
    """Return every code that may be the outcome of a document or page."""
    kinds: tuple[type[AttachmentError], ...] = (AttachmentError, *_subclasses(AttachmentError))
    return PAGE_CODES | {kind.code for kind in kinds} | (STATUS_OF_CODE.keys() - _FAULTS)


def _subclasses(kind: type[AttachmentError]) -> Iterator[type[AttachmentError]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


@contextlib.contextmanager
def watch_children(parent: psutil.Process | None) -> Iterator[list[int]]:
    """Yield one number: the peak resident bytes of all children in the block; 0 of none."""
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
    """Return the outcomes that are not stable codes.

    With a verdict, `page_codes` are the problems of the dispute, not codes of pages.
    """
    codes = {report.outcome for report in reports}
    codes |= {code for report in reports if not report.verdict for code in report.page_codes}
    return codes - stable_codes() - {READ, PARTLY}


def print_table(reports: Sequence[Report], left: Sequence[int], folder: Path) -> None:
    out = Console(highlight=False)
    counts = Table("outcome", "verdict", "files")
    outcomes = Counter((report.outcome, report.verdict) for report in reports)
    for (outcome, verdict), count in outcomes.most_common():
        counts.add_row(outcome, verdict, str(count))
    out.print(counts)
    seconds = sorted(report.seconds for report in reports)
    pages = sum(report.pages for report in reports)
    out.print(
        f"{len(reports)} files, {pages} pages in {sum(seconds):.0f} s;"
        f" a file: median {seconds[len(seconds) // 2]:.2f} s, most {seconds[-1]:.1f} s;"
        f" processes left {len(left)}; unknown codes {sorted(unknown_codes(reports)) or 'none'}"
    )
    dearest = Table("dearest files", "outcome", "s", "children MiB", "message bytes")
    kinds = ("seconds", "peak_bytes", "message_bytes")
    dearest_reports = {report.name: report for kind in kinds for report in _dearest(reports, kind)}
    for report in dearest_reports.values():
        name = os.path.relpath(report.name, folder)
        peak = f"{report.peak_bytes / MIB:.0f}"
        row = (name, report.outcome, f"{report.seconds:.1f}", peak, str(report.message_bytes))
        dearest.add_row(*row)
    out.print(dearest)


def _dearest(reports: Sequence[Report], kind: str) -> list[Report]:
    return sorted(reports, key=lambda report: -getattr(report, kind))[:3]
