"""Poppler's programs on an open PDF: page sizes, words, drawn text, a page rendered in grey.

They run in `data.pages.sandbox`, and their outcome is returned as it is;
`data.pages.attachments` checks it. pdf2image is used only to parse poppler's output. Its own calls
are not: they keep all error messages in memory (5 GB for a file of 230 KB), choose the size after
rendering, and have neither memory limits nor process groups.
"""

import re
from dataclasses import dataclass
from typing import IO

import numpy as np
from pdf2image.parsers import parse_buffer_to_pgm

from data.pages.sandbox import INPUT, MIB, Bounds, Outcome, run_bounded
from data.records import GreyImage

_PAGE_SIZE = re.compile(rb"^Page +(\d+) size: +([\d.e+]+) x ([\d.e+]+) pts", re.MULTILINE)
_PAGE_TURN = re.compile(rb"^Page +(\d+) rot: +(-?\d+)", re.MULTILINE)
# Poppler refuses a page count that the file cannot hold, and prints it in an error message only
_CLAIMED_COUNT = re.compile(r"Page count \((\d+)\) larger than number of objects")
_PAGE_COUNT = re.compile(rb"^Pages: +(-?\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The number of pages, and (width, height) in points, as shown, of those measured, from 1."""

    count: int
    sizes: dict[int, tuple[float, float]]


def inspect_pdf(file: IO[bytes], last: int, wall_s: float, memory_bytes: int) -> Outcome:
    """Count the pages and measure the first `last` of them; return the outcome."""
    argv = ["pdfinfo", "-f", "1", "-l", str(last)]
    return _run(argv, file, (), Bounds(wall_s, memory_bytes))


def parse_inspection(stdout: bytes) -> PdfPages:
    """Return the pages in the output of `inspect_pdf`, without those that it does not list."""
    counted = _PAGE_COUNT.search(stdout)
    turns = {int(number): int(turn) % 360 for number, turn in _PAGE_TURN.findall(stdout)}
    sizes = {}
    for number, wide, high in _PAGE_SIZE.findall(stdout):
        width, height = float(wide), float(high)
        if min(width, height) <= 0:  # printed for a page that cannot be loaded
            continue
        turned = turns.get(int(number), 0) in (90, 270)
        sizes[int(number)] = (height, width) if turned else (width, height)
    return PdfPages(int(counted[1]) if counted else 0, sizes)


def claimed_pages(stderr: str) -> int:
    """Return the page count that poppler refused as impossible; 0 when it did not."""
    claimed = _CLAIMED_COUNT.search(stderr)
    return int(claimed[1]) if claimed else 0


def list_words(file: IO[bytes], page: int, wall_s: float, memory_bytes: int) -> Outcome:
    """List the words of `page` (from 0) in points of the page as shown; return the outcome."""
    number = str(page + 1)
    argv = ["pdftotext", "-bbox", "-cropbox", "-f", number, "-l", number]
    return _run(argv, file, ("-",), Bounds(wall_s, memory_bytes, 32 * MIB))


def list_drawn(file: IO[bytes], page: int, wall_s: float, memory_bytes: int) -> Outcome:
    """List the text of `page` (from 0) without invisible text; return the outcome."""
    number = str(page + 1)
    argv = ["pdftohtml", "-xml", "-i", "-stdout", "-f", number, "-l", number]
    return _run(argv, file, (), Bounds(wall_s, memory_bytes, 32 * MIB))


def render_grey(
    file: IO[bytes], page: int, long_side: int, wall_s: float, memory_bytes: int
) -> tuple[Outcome, GreyImage | None]:
    """Render `page` (from 0); return the outcome and the image, None when there is none."""
    number, side = str(page + 1), str(long_side)
    argv = ["pdftoppm", "-gray", "-cropbox", "-scale-to", side, "-f", number, "-l", number]
    outcome = _run(argv, file, (), Bounds(wall_s, memory_bytes, long_side**2 + MIB))
    try:
        images = parse_buffer_to_pgm(outcome.stdout)
        return outcome, np.array(images[0], dtype=np.uint8) if images else None
    except (OSError, ValueError, SyntaxError):  # cut off
        return outcome, None


def _run(argv: list[str], file: IO[bytes], after: tuple[str, ...], bounds: Bounds) -> Outcome:
    return run_bounded([*argv, INPUT, *after], bounds, file)
