"""Hostile documents through the reader: `python -m serving.benchmarks.hostile FOLDER`.

Every file of the folder goes through the reader like an attachment, with all its pages: the table
counts outcomes, and shows time, memory and messages of the most expensive files. With `--url` the
files go through a running service instead, as attachments of disputes.
The exit status is 1 when an outcome is not a stable code or a process was left behind.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import psutil

from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import DEFAULT_LIMITS, AttachmentError, Limits
from serving.benchmarks.hostile_report import (
    PARTLY,
    READ,
    UNKNOWN,
    Report,
    print_table,
    unknown_codes,
    watch_children,
)


def read_hostile(path: Path, reader: AttachmentReader) -> Report:
    """Read a file to its last page and return a report; errors of the file are caught."""
    codes: list[str] = []
    pages = 0
    with watch_children(psutil.Process()) as peak, _count_message_bytes() as messages:
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
        except Exception:  # this benchmark exists to find these
            outcome = UNKNOWN
        seconds = time.perf_counter() - began
    return Report(
        str(path), outcome, pages, tuple(sorted(set(codes))), seconds, peak[0], messages[0]
    )


@contextlib.contextmanager
def _count_message_bytes() -> Iterator[list[int]]:
    """Yield one number, the bytes written to stderr in the block, also natively; drop the text."""
    written = [0]
    sys.stderr.flush()
    saved_stderr = os.dup(2)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)
            try:
                yield written
            finally:
                sys.stderr.flush()
                os.dup2(saved_stderr, 2)
                written[0] = os.fstat(file.fileno()).st_size
    finally:
        os.close(saved_stderr)


def remaining_children(before: frozenset[int]) -> list[int]:
    """Return the ids of this process's children that did not run before."""
    return [
        child.pid for child in psutil.Process().children(recursive=True) if child.pid not in before
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the table; with `--out` write a line of JSON for each file."""
    parser = argparse.ArgumentParser(
        prog="python -m serving.benchmarks.hostile", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--document-s", type=float, default=60.0, help="time limit of one document in seconds"
    )
    parser.add_argument("--out", type=Path, help="file for JSON lines, one for each document")
    parser.add_argument("--url", help="address of a running service; its key is TIEOUT_KEY")
    parser.add_argument(
        "--pid", type=int, help="process id of `tieout serve` on this machine, to measure memory"
    )
    parser.add_argument("--logs", type=Path, help="log folder of the service, to measure its size")
    chosen = parser.parse_args(argv)
    files = sorted(path for path in chosen.folder.rglob("*") if path.is_file())
    if not files:
        parser.error(f"{chosen.folder}: there are no files in it")
    before = frozenset[int]()
    if chosen.url:
        reports = _post_all(files, chosen)
    else:
        reader = AttachmentReader(replace(DEFAULT_LIMITS, document_timeout_s=chosen.document_s))
        warm_up(reader.limits)
        before = frozenset(child.pid for child in psutil.Process().children(recursive=True))
        reports = [read_hostile(path, reader) for path in files]
    if chosen.out is not None:
        lines = [json.dumps(asdict(report)) + "\n" for report in reports]
        chosen.out.write_text("".join(lines), encoding="utf-8")
    print_table(reports, left := remaining_children(before), chosen.folder)
    return 1 if left or unknown_codes(reports) else 0


def _post_all(files: Sequence[Path], chosen: argparse.Namespace) -> list[Report]:
    from serving.benchmarks.hostile_service import ServiceWatch, post_hostile
    from serving.client import Client

    process = psutil.Process(chosen.pid) if chosen.pid else None
    with Client(chosen.url, os.environ.get("TIEOUT_KEY")) as client:
        watch = ServiceWatch(process, chosen.logs)
        return [post_hostile(path, client, chosen.document_s, watch) for path in files]


def warm_up(limits: Limits) -> None:
    """Start helper processes, so that their start does not count for the first document."""
    import numpy as np

    from data.pages import poppler
    from data.pages.attachments import open_attachment, render_page
    from data.pages.ocr import FULL_PAGE, Preparation, recognise

    white = np.full((64, 64), 255, dtype=np.uint8)
    recognise(white, limits.ocr_timeout_s, Preparation(FULL_PAGE, 1.0, "warm up"))
    pixel = b"P5 1 1 255 " + b"\xff"
    with tempfile.TemporaryFile() as file:
        file.write(pixel)
        poppler.inspect_pdf(file, 1, limits.inspect_timeout_s, limits.memory_bytes)
    with contextlib.suppress(AttachmentError):
        render_page(open_attachment(b"\xff\xd8\xff", "warm up", limits), 0, limits=limits)


if __name__ == "__main__":
    sys.exit(main())
