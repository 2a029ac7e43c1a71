"""Draws a contact sheet of many synthetic documents, each with its tags and items."""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

from data.corpora.damage import NO_DAMAGE
from data.records import LabelledPage
from data.synthesis.inspection.show import draw_legend, draw_page
from data.synthesis.layouts.documents import SyntheticDocument, make_document
from data.synthesis.ocr_noise.noise import in_reading_order
from data.synthesis.pages import labelled_pages
from data.synthesis.paper.fonts import faces_of
from data.synthesis.paper.page_record import as_page
from data.synthesis.paper.rendering import font, scan

ROOM = (600, 800)  # pixels a page may take on the sheet
_GAP = 14
_CAPTION = 42  # two lines
PAPERS = ("scan", "clean", "text")


class CaptionedPage(NamedTuple):
    """A page and the two lines of text above it."""

    labelled: LabelledPage
    first: str
    second: str


def captioned_pages(
    seed: int, index: int, paper: str = "scan", max_pages: int = 2
) -> tuple[CaptionedPage, ...]:
    """Return the first pages (at most `max_pages`) of one document, each with a caption.

    `paper` is "scan" (drawn and damaged, as models train on it), "clean" (the same document
    drawn, without damage and reading errors) or "text" (words and boxes without an image).
    """
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {', '.join(PAPERS)}, got {paper!r}")
    document = _document(seed, index)
    if paper == "clean":
        pages = _draw_clean_pages(document, random.Random(f"{seed}/{index}/clean"))
    else:
        pages = labelled_pages(seed, index, image=paper == "scan")
    return tuple(
        CaptionedPage(
            page,
            f"{seed}/{index} page {place + 1} of {len(pages)}: {page.document_type}",
            f"{page.page.reason.removeprefix('synthetic ')}, {document.deal.style.language},"
            f" {paper}, words by {page.page.words_source}",
        )
        for place, page in enumerate(pages[:max_pages])
    )


def contact_sheet(
    pages: Iterable[CaptionedPage], *, columns: int = 4, tags: bool = True
) -> Image.Image:
    """Draw the pages in a grid, left to right and top to bottom, with a legend of the tags used."""
    cells = []
    used: set[str] = set()
    for page in pages:
        cells.append((draw_page(page.labelled, ROOM, tags=tags), page))
        used |= set(page.labelled.tags)
    columns = max(min(columns, len(cells)), 1)
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    heights = [max(drawn.height for drawn, _ in row) + _CAPTION + _GAP for row in rows]
    width = columns * (ROOM[0] + _GAP) + _GAP
    below = draw_legend(sorted(used) if tags else [], width)
    sheet = Image.new("RGB", (width, sum(heights) + _GAP + below.height), (225, 225, 225))
    y = _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, (drawn, page) in enumerate(row):
            _paste(sheet, (_GAP + column * (ROOM[0] + _GAP), y), drawn, page)
        y += height
    sheet.paste(below, (0, y))
    return sheet


def preview(path: Path, pages: Iterable[CaptionedPage], *, tags: bool = True) -> None:
    """Write the contact sheet of those pages."""
    contact_sheet(pages, tags=tags).save(path)


def _document(seed: int, index: int) -> SyntheticDocument:
    """The document behind `labelled_pages(seed, index, image=True)`."""
    rng = random.Random(f"{seed}/{index}")
    return make_document(rng, faces_of(rng))


def _draw_clean_pages(document: SyntheticDocument, rng: random.Random) -> tuple[LabelledPage, ...]:
    pages = []
    for number, sheet in enumerate(document.sheets):
        grey, words = scan(sheet, document.face, rng, NO_DAMAGE)
        pages.append(as_page(document, number, in_reading_order(words), "text", grey))
    return tuple(pages)


def _paste(
    sheet: Image.Image, corner: tuple[int, int], drawn: Image.Image, page: CaptionedPage
) -> None:
    pen = ImageDraw.Draw(sheet)
    x, y = corner
    pen.text((x, y + 16), page.first, fill="black", font=font("sans", True, 15), anchor="ls")
    pen.text((x, y + 35), page.second, fill=(60, 60, 60), font=font("sans", False, 14), anchor="ls")
    sheet.paste(drawn, (x, y + _CAPTION))
