"""Pages of a document as SVG pictures, with marks on what was read, wrong or missed.

A page is a grey JPEG inside the SVG; a document without a file has its given words drawn instead.
The pictures of a damaged run are the damaged pages, and the marks follow the paper.
"""

import base64
import html
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Literal

import cv2
import numpy as np

from data.corpora.scans import DamageLevel, scan_page
from data.corpora.truth import CorpusError, TrueDocument
from data.pages.attachments import Attachment, AttachmentError, open_attachment_file, render_page
from data.records import IDENTITY, Affine, GreyImage, Page
from training.report.gallery_rows import Mark

LONG_SIDE = 900  # px
MAX_PAGES = 3
MAX_MARKS = 600  # on one page; right ones are left out first
MAX_WORDS = 2000  # of a page drawn from its words
_MAX_BYTES = 150_000  # of one picture; a noisy scan is coded coarser until it fits
_QUALITIES = (60, 45, 30, 20, 10)
_TOOLTIP = 300  # characters
_MARGIN = 40  # px beside the page for the numbers of its lines
_ROOM = 3.0  # px between a value and the box around it


@dataclass(frozen=True, slots=True)
class DrawnDocument:
    """The pages drawn of one document: their SVG elements, and a sentence on what is not."""

    pages: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The drawing under the marks, its size, and the map from the undamaged page onto it."""

    width: float
    height: float
    content: str
    from_page: Affine = IDENTITY


def draw_pages(document: TrueDocument, marks: Sequence[Mark], damage: DamageLevel) -> DrawnDocument:
    """Draw at most `MAX_PAGES` pages of the document with their marks, in page order.

    Pages with the most errors are chosen first. A page that cannot be opened or drawn is left out
    and noted.
    """
    with ExitStack() as stack:
        try:
            if document.path is not None:
                attachment = open_attachment_file(document.path)
                file = stack.enter_context(attachment.file())
                return _draw_file(document, attachment, file, marks, damage)
            if document.read_corpus_pages is not None:
                return _draw_word_pages(document, document.read_corpus_pages(), marks)
        except (AttachmentError, CorpusError, OSError) as error:
            return DrawnDocument((), f"No page is shown: {error}")
    return DrawnDocument(
        (), "No page is shown: the document has neither a file nor words of its own."
    )


def choose_pages(count: int, marks: Sequence[Mark]) -> list[int]:
    """Return the pages to show: those with most errors, then with most marks; sorted."""
    bad = Counter(mark.page for mark in marks if mark.kind in ("wrong", "missed"))
    every = Counter(mark.page for mark in marks)
    ordered = sorted(range(count), key=lambda page: (-bad[page], -every[page], page))
    return sorted(ordered[:MAX_PAGES])


def _draw_file(
    document: TrueDocument,
    attachment: Attachment,
    file: IO[bytes],
    marks: Sequence[Mark],
    damage: DamageLevel,
) -> DrawnDocument:
    numbers = choose_pages(attachment.page_count, marks)
    pages, notes = [], [_shown_pages_note(numbers, attachment.page_count)]
    for number in numbers:
        try:
            sheet = _picture(attachment, number, damage, file)
        except AttachmentError as error:
            notes.append(f"Page {number + 1} is not shown: {error}.")
            continue
        pages.append(_svg(document, number, sheet, marks))
    return DrawnDocument(tuple(pages), " ".join(note for note in notes if note))


def _draw_word_pages(
    document: TrueDocument, pages_of_words: Sequence[Page], marks: Sequence[Mark]
) -> DrawnDocument:
    numbers = choose_pages(len(pages_of_words), marks)
    pages = tuple(
        _svg(document, number, _draw_words(pages_of_words[number]), marks) for number in numbers
    )
    note = "Drawn from the words of the corpus: it has no picture of the page."
    return DrawnDocument(pages, f"{_shown_pages_note(numbers, len(pages_of_words))} {note}".strip())


def _shown_pages_note(numbers: Sequence[int], count: int) -> str:
    if len(numbers) == count:
        return ""
    return f"Pages {', '.join(str(number + 1) for number in numbers)} of {count}."


def _picture(attachment: Attachment, number: int, damage: DamageLevel, file: IO[bytes]) -> _Sheet:
    """Return the page as the reader saw it."""
    from_page = IDENTITY
    if damage == "none":
        grey = render_page(attachment, number, LONG_SIDE, file=file)
    else:
        scan = scan_page(attachment, number, damage, file=file)
        from_page = invert_affine(scan.to_page)
        buffer = np.frombuffer(scan.content, np.uint8)
        grey = _shrink(np.asarray(cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE), np.uint8))
    height, width = grey.shape
    data = base64.b64encode(encode_jpeg(grey)).decode()
    content = (
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" '
        f'href="data:image/jpeg;base64,{data}"/>'
    )
    return _Sheet(width, height, content, from_page)


def invert_affine(to_page: Affine) -> Affine:
    """Return the inverse map; a page is never drawn without area, so there is one."""
    a, b, c, d, e, f = to_page
    area = a * e - b * d
    a, b, d, e = e / area, -b / area, -d / area, a / area
    return (a, b, -a * c - b * f, d, e, -d * c - e * f)


def _shrink(grey: GreyImage) -> GreyImage:
    height, width = grey.shape
    scale = LONG_SIDE / max(width, height)
    if scale >= 1:
        return grey
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def encode_jpeg(grey: GreyImage) -> bytes:
    """Return the image as a JPEG, coarser where it would be large."""
    for quality in _QUALITIES:
        _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(coded) <= _MAX_BYTES:
            break
    return bytes(coded.tobytes())


def _draw_words(page: Page) -> _Sheet:
    """Return a white page with its words at their places."""
    scale = LONG_SIDE / max(page.width, page.height, 1e-6)
    width, height = max(page.width * scale, 1.0), max(page.height * scale, 1.0)
    texts = []
    for word in page.words[:MAX_WORDS]:
        xs, ys = page.polygon(word.box)[0::2], page.polygon(word.box)[1::2]
        left, right, top, low = min(xs) * width, max(xs) * width, min(ys) * height, max(ys) * height
        texts.append(
            f'<text x="{left:.1f}" y="{low - 0.2 * (low - top):.1f}" '
            f'font-size="{max(0.85 * (low - top), 1):.1f}" textLength="{max(right - left, 1):.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{escape_text(word.text, 100)}</text>'
        )
    return _Sheet(width, height, "".join(texts))


def _svg(document: TrueDocument, number: int, sheet: _Sheet, marks: Sequence[Mark]) -> str:
    page_marks = _sort_for_drawing([mark for mark in marks if mark.page == number])
    wrong, missed = (sum(mark.kind == kind for mark in page_marks) for kind in ("wrong", "missed"))
    name = escape_text(document.document_id, 80)
    label = (
        f"Page {number + 1} of {name}: {wrong} marks of values read wrong, {missed} of "
        "missed ones; the tables beside it list the same"
    )
    drawn = "".join(_mark(mark, sheet) for mark in page_marks)
    return (
        f'<p class="soft">Page {number + 1}</p><svg class="sheet" role="img" aria-label="{label}" '
        f'viewBox="{-_MARGIN} 0 {sheet.width + 2 * _MARGIN:.0f} {sheet.height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg">{sheet.content}{drawn}</svg>'
    )


def _sort_for_drawing(marks: Sequence[Mark]) -> list[Mark]:
    """Return at most `MAX_MARKS`: wrong ones on top of right ones, values on top of lines."""
    order = ("left out", "right", "missed", "wrong")

    def layer(mark: Mark) -> tuple[int, float]:
        return order.index(mark.kind), -mark.box.width * mark.box.height

    return sorted(marks, key=layer)[-MAX_MARKS:]


def _mark(mark: Mark, sheet: _Sheet) -> str:
    a, b, c, d, e, f = sheet.from_page
    corners = [
        ((a * x + b * y + c) * sheet.width, (d * x + e * y + f) * sheet.height)
        for x, y in _corners(mark, sheet)
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    kind = mark.kind.replace(" ", "-")
    title = escape_text(mark.title, _TOOLTIP)
    drawn = f'<polygon class="m {kind}" points="{points}"><title>{title}</title></polygon>'
    if not mark.label:
        return drawn
    x, y, anchor = _place_label(mark, corners)
    return (
        f'{drawn}<text class="m {kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape_text(mark.label, 20)}</text>"
    )


def _place_label(
    mark: Mark, corners: Sequence[tuple[float, float]]
) -> tuple[float, float, Literal["start", "end"]]:
    """Return the label's place: above a value, left of a line, right of a missed one."""
    (left, top), (right, high), (_, low), (_, bottom) = corners
    if not mark.is_line:
        return left, top, "start"
    if mark.kind == "missed":
        return right + 4, (high + low) / 2 + 4, "start"
    return left - 4, (top + bottom) / 2 + 4, "end"


def _corners(mark: Mark, sheet: _Sheet) -> tuple[tuple[float, float], ...]:
    """Return the corners, clockwise from top left, in fractions, with room around a value."""
    box, room = mark.box, 0.0 if mark.is_line else _ROOM
    x, y = room / sheet.width, room / sheet.height
    left, top, right, low = box.left - x, box.top - y, box.right + x, box.bottom + y
    return (left, top), (right, top), (right, low), (left, low)


def escape_text(text: str, max_length: int) -> str:
    """Return a document's text for HTML or SVG: one line, cut, escaped, valid in XML."""
    plain = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Zl", "Zp") else letter
        for letter in text[: 4 * max_length]
    )
    flat = " ".join(plain.split())
    return html.escape(flat if len(flat) <= max_length else f"{flat[: max_length - 1]}…")
