"""Cost of reading on this machine: `python -m serving.benchmarks.reading`.

Prints time per page and memory, without a verdict. Times are the median of `--repeats` runs on one
thread, after one run that is not counted. Scanned pages run in turns with Tesseract alone, on
the same bytes, and are measured in CPU seconds.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

import data
from data.corpora.scans import scan_page
from data.pages.attachment_reader import AttachmentReader
from data.pages.attachments import Attachment, Limits, open_attachment, open_attachment_file
from data.pages.words import read_pages
from data.records import Page
from serving.benchmarks.references import cpu_seconds, read_by_tesseract, text_pdf
from serving.commands.cluster import free_port, run_service
from serving.settings import ApplicationOptions, ServiceFile, Settings
from training.extractor import Extractor

SCAN = Path(data.__file__).parent / "samples" / "dispute" / "invoice.pdf"
LONG_DOCUMENT_PAGES = 100
SCAN_DPI = 300
PAGE = "page"  # the name of every page that is read
MB = 1_000_000


def main(argv: list[str] | None = None) -> int:
    """Print the measurements as they come; exit status 0."""
    parser = argparse.ArgumentParser(
        prog="python -m serving.benchmarks.reading", description=__doc__
    )
    parser.add_argument("--checkpoint", type=Path, help="folder of a trained model")
    parser.add_argument(
        "--scans",
        type=Path,
        nargs="+",
        default=[SCAN],
        help="images and PDFs; the first page of a PDF is scanned at 300 dpi with light damage",
    )
    parser.add_argument("--repeats", type=int, default=5, help="runs per measurement")
    chosen = parser.parse_args(argv)
    _one_thread()
    out = Console(highlight=False)
    extractor = Extractor.load(chosen.checkpoint, "cpu")
    out.print(f"device {extractor.device_line}, {psutil.cpu_count()} cores, one thread used")
    page = _print_pages(out, extractor, chosen.scans, chosen.repeats)
    _print_long_document(out, extractor, text_pdf(page, LONG_DOCUMENT_PAGES))
    del extractor
    _print_idle_service(out, chosen.checkpoint)
    return 0


def _one_thread() -> None:
    import cv2
    import torch

    # Tesseract and poppler inherit it; the libraries of this process are loaded already.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    torch.set_num_threads(1)
    cv2.setNumThreads(1)


def _print_pages(out: Console, extractor: Extractor, paths: Sequence[Path], repeats: int) -> Page:
    """Print the cost of a text page and of scanned pages; return the first of these, read."""
    scans = {path.name: scan_content(path) for path in paths}
    page = next(AttachmentReader().pages(open_attachment(next(iter(scans.values())), PAGE)))
    text = text_pdf(page, 1)
    text_s = median_seconds(lambda: extractor.read(text, PAGE), repeats)
    out.print(f"text page, bytes to line items {text_s * 1000:.0f} ms")
    _print_rates(out, extractor, scans, repeats)
    return page


def scan_content(path: Path) -> bytes:
    """Return an image file as it is, or the first page of a PDF as if scanned at 300 dpi."""
    attachment = open_attachment_file(path)
    if attachment.kind != "pdf":
        return attachment.content
    return scan_page(attachment, 0, "light", dpi=SCAN_DPI).content


def _print_rates(
    out: Console, extractor: Extractor, scans: Mapping[str, bytes], repeats: int
) -> None:
    """Print CPU seconds of each page, bytes to line items, beside Tesseract alone on its bytes."""
    table = Table("scanned page", "ours CPU s", "Tesseract CPU s", "rate of ours to its")
    ours: list[float] = []
    bare: list[float] = []
    for name, content in scans.items():
        first, second = in_turns(
            lambda content=content: extractor.read(content, PAGE),  # type: ignore[misc]
            lambda content=content: read_by_tesseract(content),  # type: ignore[misc]
            repeats,
        )
        ours.append(first)
        bare.append(second)
        table.add_row(name, f"{first:.2f}", f"{second:.2f}", f"{second / first:.2f}")
    ratio = sum(bare) / sum(ours)
    table.add_row("together", f"{sum(ours):.2f}", f"{sum(bare):.2f}", f"{ratio:.2f}")
    out.print(table)


def in_turns(
    first: Callable[[], object], second: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Return the median CPU seconds of each, run in turns; the first run of each does not count."""
    first()
    second()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for run, times in zip((first, second), seconds, strict=True):
            began = cpu_seconds()
            run()
            times.append(cpu_seconds() - began)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """Return the wall clock of one run; the first, which loads the model, does not count."""
    run()
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _print_long_document(out: Console, extractor: Extractor, content: bytes) -> None:
    process = psutil.Process()
    sizes: list[int] = []

    def measured_pages(attachment: Attachment, limits: Limits) -> Iterator[Page]:
        for page in read_pages(attachment, limits):
            yield page
            sizes.append(process.memory_info().rss)

    began = time.perf_counter()
    extractor.read(content, "long.pdf", reader=AttachmentReader(read=measured_pages))
    seconds = time.perf_counter() - began
    out.print(f"{len(sizes)} pages in {seconds:.1f} s, memory of the process:")
    for name, size in (("page 10", sizes[9]), ("the last", sizes[-1]), ("most", max(sizes))):
        out.print(f"  {size / MB:6.0f} MB  {name}")


def _print_idle_service(out: Console, checkpoint: Path | None) -> None:
    settings = Settings(checkpoint=checkpoint, device="cpu")
    service = ServiceFile(applications=(ApplicationOptions(args=settings),))
    began = time.perf_counter()
    with run_service(service.with_address(port=free_port())):
        out.print(f"service ready after {time.perf_counter() - began:.1f} s, idle memory:")
        total_rss, total_pss = 0, 0
        for process in psutil.Process().children(recursive=True):
            rss, pss = memory_of(process)
            total_rss, total_pss = total_rss + rss, total_pss + pss
            if rss > 20 * MB:
                out.print(f"  {rss / MB:6.0f} MB  {_process_name(process)}")
        # A library mapped by five processes is in memory once: PSS counts it so.
        out.print(f"  {total_rss / MB:6.0f} MB  sum of resident sizes")
        out.print(f"  {total_pss / MB:6.0f} MB  with shared pages counted once")


def memory_of(process: psutil.Process) -> tuple[int, int]:
    """Return resident and proportional size in bytes; the second is the first where unknown."""
    full = process.memory_full_info()
    return full.rss, getattr(full, "pss", full.rss)


def _process_name(process: psutil.Process) -> str:
    """Return a process's name; for Python, the script it runs."""
    words = [word for word in process.cmdline() if not word.startswith("-")]
    script = next((word for word in words if word.endswith(".py")), words[0])
    return Path(script).name.strip() if "/" in script else script.strip()


if __name__ == "__main__":
    sys.exit(main())
