"""What hostile documents do to reading here: `python -m serving.benchmarks.hostile FOLDER`.

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
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import psutil

from data.pages.attachments import DEFAULT_LIMITS, AttachmentError, Limits
from serving.benchmarks.hostile_report import (
    PARTLY,
    READ,
    UNKNOWN,
    Report,
    children_watched,
    print_table,
    unknown_codes,
)
from serving.wire.attachments_in import Reader


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


def main(argv: list[str] | None = None) -> int:
    """Prints the table; with `--out` writes a line of JSON for each file."""
    parser = argparse.ArgumentParser(
        prog="python -m serving.benchmarks.hostile", description=__doc__
    )
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
    from serving.benchmarks.hostile_service import Watched, post_hostile
    from serving.client import Client

    process = psutil.Process(chosen.pid) if chosen.pid else None
    with Client(chosen.url, os.environ.get("TIEOUT_KEY")) as client:
        seen = Watched(process, chosen.logs)
        return [post_hostile(path, client, chosen.document_s, seen) for path in files]


def warm_up(limits: Limits) -> None:
    """Start what is started once, so that it is not held against the first document."""
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
