"""What hostile documents do to reading here: `python -m serving.hostile FOLDER`.

Every file of the folder goes through the reader as an attachment would, all its pages, and costs
what it costs: the table counts outcomes, and says time, memory and messages of the dearest ones.
With `--url` the files go through a running service instead, as papers of disputes.
The exit status is 1 when an outcome is none of the stable codes or a process was left behind.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from data.attachments import DEFAULT_LIMITS, AttachmentError, Limits
from serving.reading import Reader

READ = "read"
PARTLY = "partly_read"
UNKNOWN = "unknown_error"  # not one of ours: a fault of the reader
# Of a page: those of `AttachmentError`, and what only a page can be
PAGE_CODES = frozenset({"blank_page", "no_words", "no_text_layer"})
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
    return PAGE_CODES | {kind.code for kind in kinds}


def _kinds(kind: type[AttachmentError]) -> Iterator[type[AttachmentError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


def read_hostile(path: Path, reader: Reader) -> Report:
    """What comes of reading the file to its last page; raises nothing that the file causes."""
    codes: list[str] = []
    pages = 0
    with children_watched(psutil.Process()) as peak, _messages_counted() as messages:
        began = time.perf_counter()
        try:
            attachment = reader.open(path.read_bytes(), path.name)
            for page in reader.pages(attachment):
                pages += 1
                if page.words_source == "none":
                    codes.append(page.reason.partition(":")[0])
            outcome = PARTLY if codes else READ
        except AttachmentError as error:
            outcome = error.code
        except Exception:  # the point is to find these
            outcome = UNKNOWN
        seconds = time.perf_counter() - began
    return Report(
        str(path), outcome, pages, tuple(sorted(set(codes))), seconds, peak[0], messages[0]
    )


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


@contextlib.contextmanager
def _messages_counted() -> Iterator[list[int]]:
    """One number: the bytes written to stderr within the block, also by native code; all lost."""
    written = [0]
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)
            try:
                yield written
            finally:
                sys.stderr.flush()
                os.dup2(kept, 2)
                written[0] = os.fstat(file.fileno()).st_size
    finally:
        os.close(kept)


def left_behind(before: frozenset[int]) -> list[int]:
    """The children of this process that run and did not before."""
    return [one.pid for one in psutil.Process().children(recursive=True) if one.pid not in before]


def unknown_codes(reports: Sequence[Report]) -> set[str]:
    """The outcomes that are none of the stable codes.

    What a service has read, it has compared: with a verdict, `page_codes` are those of the dispute.
    """
    seen = {one.outcome for one in reports}
    seen |= {code for one in reports if not one.verdict for code in one.page_codes}
    return seen - stable_codes() - {READ, PARTLY}


def main(argv: list[str] | None = None) -> int:
    """Prints the table; with `--out` writes a line of JSON for each file."""
    parser = argparse.ArgumentParser(prog="python -m serving.hostile", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--document-s", type=float, default=60.0, help="time for one document")
    parser.add_argument("--out", type=Path, help="JSON lines, one for each file")
    parser.add_argument("--url", help="a running service; its key comes from TIEOUT_KEY")
    parser.add_argument("--pid", type=int, help="the `tieout serve` on this machine, to be watched")
    parser.add_argument("--logs", type=Path, help="the folder it logs to, to be measured")
    chosen = parser.parse_args(argv)
    files = sorted(path for path in chosen.folder.rglob("*") if path.is_file())
    if not files:
        parser.error(f"{chosen.folder}: holds no file")
    before = frozenset[int]()
    if chosen.url:
        reports = _posted(files, chosen)
    else:
        reader = Reader(replace(DEFAULT_LIMITS, document_timeout_s=chosen.document_s))
        warm_up(reader.limits)
        before = frozenset(one.pid for one in psutil.Process().children(recursive=True))
        reports = [read_hostile(path, reader) for path in files]
    if chosen.out is not None:
        lines = [json.dumps(asdict(one)) + "\n" for one in reports]
        chosen.out.write_text("".join(lines), encoding="utf-8")
    print_table(reports, left := left_behind(before), chosen.folder)
    return 1 if left or unknown_codes(reports) else 0


def _posted(files: Sequence[Path], chosen: argparse.Namespace) -> list[Report]:
    from serving.client import Client
    from serving.hostile_service import Watched, post_hostile

    process = psutil.Process(chosen.pid) if chosen.pid else None
    with Client(chosen.url, os.environ.get("TIEOUT_KEY")) as client:
        seen = Watched(process, chosen.logs)
        return [post_hostile(path, client, chosen.document_s, seen) for path in files]


def warm_up(limits: Limits) -> None:
    """Start what is started once, so that it is not held against the first document."""
    import numpy as np

    from data import poppler
    from data.attachments import open_attachment, render_page
    from data.ocr import FULL_PAGE, Preparation, recognise

    white = np.full((64, 64), 255, dtype=np.uint8)
    recognise(white, limits.ocr_timeout_s, Preparation(FULL_PAGE, 1.0, "warm up"))
    pixel = b"P5 1 1 255 " + b"\xff"
    with tempfile.TemporaryFile() as file:
        file.write(pixel)
        poppler.inspect_pdf(file, 1, limits.inspect_timeout_s, limits.memory_bytes)
    with contextlib.suppress(AttachmentError):
        render_page(open_attachment(b"\xff\xd8\xff", "warm up", limits), 0, limits=limits)


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


if __name__ == "__main__":
    sys.exit(main())
