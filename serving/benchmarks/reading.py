"""What reading costs on this machine: `python -m serving.benchmarks.reading`.

Prints time per page and memory; nothing is judged here. Times are the median of `--repeats` runs on
one thread, after one run that is not counted. Scanned pages run in turns with Tesseract alone, on
the same bytes, and are measured in CPU seconds.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

import data
from data.corpora.scans import scan_page
from data.pages.attachments import open_attachment, open_attachment_file
from data.records import Page
from serving.benchmarks.references import cpu_seconds, read, read_by_tesseract, text_pdf
from serving.commands.cluster import free_port, running
from serving.settings import ApplicationOptions, ServiceFile, Settings
from serving.wire.attachments_in import Reader
from training.extractor import Extractor

SCAN = Path(data.__file__).parent / "samples" / "dispute" / "invoice.pdf"
LONG_DOCUMENT_PAGES = 100
SCAN_DPI = 300
MB = 1_000_000


def main(argv: list[str] | None = None) -> int:
    """Prints the measurements as they come; exit status 0."""
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
    """Prints what a text page and scanned pages cost; the first of these, read."""
    scans = {path.name: scanned(path) for path in paths}
    page = next(Reader().pages(open_attachment(next(iter(scans.values())), "page")))
    text = text_pdf(page, 1)
    text_s = median_seconds(lambda: read(extractor, text), repeats)
    out.print(f"text page, bytes to line items {text_s * 1000:.0f} ms")
    _print_rates(out, extractor, scans, repeats)
    return page


def scanned(path: Path) -> bytes:
    """The image file as it is, or the first page of a PDF as a scanner at 300 dpi would send it."""
    attachment = open_attachment_file(path)
    if attachment.kind != "pdf":
        return attachment.content
    return scan_page(attachment, 0, "light", dpi=SCAN_DPI).content


def _print_rates(
    out: Console, extractor: Extractor, scans: Mapping[str, bytes], repeats: int
) -> None:
    """CPU seconds of each page, bytes to line items, against Tesseract alone on the same bytes."""
    table = Table("scanned page", "ours CPU s", "Tesseract CPU s", "rate of ours to its")
    ours: list[float] = []
    bare: list[float] = []
    for name, content in scans.items():
        first, second = in_turns(
            lambda content=content: read(extractor, content),  # type: ignore[misc]
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
    one: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Median CPU seconds of each, run alternately; the first run of each does not count."""
    one()
    other()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for run, times in zip((one, other), seconds, strict=True):
            began = cpu_seconds()
            run()
            times.append(cpu_seconds() - began)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """Wall clock of one run; the first, which loads what is loaded once, does not count."""
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

    def watched(pages: Iterable[Page]) -> Iterable[Page]:
        for page in pages:
            yield page
            sizes.append(process.memory_info().rss)

    reader = Reader()
    began = time.perf_counter()
    extractor.extract("long.pdf", watched(reader.pages(reader.open(content, "long.pdf"))))
    seconds = time.perf_counter() - began
    out.print(f"{len(sizes)} pages in {seconds:.1f} s, memory of the process:")
    for name, size in (("page 10", sizes[9]), ("the last", sizes[-1]), ("most", max(sizes))):
        out.print(f"  {size / MB:6.0f} MB  {name}")


def _print_idle_service(out: Console, checkpoint: Path | None) -> None:
    settings = Settings(checkpoint=checkpoint, device="cpu")
    service = ServiceFile(applications=(ApplicationOptions(args=settings),))
    began = time.perf_counter()
    with running(service.listening(port=free_port())):
        out.print(f"service ready after {time.perf_counter() - began:.1f} s, idle memory:")
        total_rss, total_pss = 0, 0
        for process in psutil.Process().children(recursive=True):
            rss, pss = memory_of(process)
            total_rss, total_pss = total_rss + rss, total_pss + pss
            if rss > 20 * MB:
                out.print(f"  {rss / MB:6.0f} MB  {_called(process)}")
        # A library mapped by five processes is in memory once: PSS counts it so.
        out.print(f"  {total_rss / MB:6.0f} MB  sum of resident sizes")
        out.print(f"  {total_pss / MB:6.0f} MB  with shared pages counted once")


def memory_of(process: psutil.Process) -> tuple[int, int]:
    """Resident and proportional size in bytes; the second is the first where unknown."""
    full = process.memory_full_info()
    return full.rss, getattr(full, "pss", full.rss)


def _called(process: psutil.Process) -> str:
    """A process's name; for Python, the script it runs."""
    words = [word for word in process.cmdline() if not word.startswith("-")]
    script = next((word for word in words if word.endswith(".py")), words[0])
    return Path(script).name.strip() if "/" in script else script.strip()


if __name__ == "__main__":
    sys.exit(main())
