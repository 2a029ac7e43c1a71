"""Pages of a document as SVG pictures with what was read, and what should have been, marked.

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
MOST_PAGES = 3
MOST_MARKS = 600  # on one page; right ones are left out first
MOST_WORDS = 2000  # of a page drawn from its words
_MOST_BYTES = 150_000  # of one picture; a noisy scan is coded coarser until it fits
_QUALITIES = (60, 45, 30, 20, 10)
_TOOLTIP = 300  # characters
_MARGIN = 40  # px beside the page for the numbers of its lines
_ROOM = 3.0  # px between a value and the box around it


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pages drawn of one document: their SVG elements, and a sentence on what is not."""

    pages: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What lies under the marks: SVG inside a width and height, and where fractions of the
    undamaged page lie on it."""

    width: float
    height: float
    content: str
    from_page: Affine = IDENTITY


def draw_pages(document: TrueDocument, marks: Sequence[Mark], damage: DamageLevel) -> Drawn:
    """At most `MOST_PAGES` pages of the document with their marks, those with most wrong first
    chosen, in page order. What cannot be opened or drawn is said and left out."""
    with ExitStack() as stack:
        try:
            if document.path is not None:
                attachment = open_attachment_file(document.path)
                file = stack.enter_context(attachment.file())
                return _draw_file(document, attachment, file, marks, damage)
            if document.given is not None:
                return _draw_given(document, document.given(), marks)
        except (AttachmentError, CorpusError, OSError) as error:
            return Drawn((), f"No page is shown: {error}")
    return Drawn((), "No page is shown: the document has neither a file nor words of its own.")


def choose_pages(count: int, marks: Sequence[Mark]) -> list[int]:
    """The pages to show: those with most wrong or missed marks, then with most marks; sorted."""
    bad = Counter(mark.page for mark in marks if mark.kind in ("wrong", "missed"))
    every = Counter(mark.page for mark in marks)
    ordered = sorted(range(count), key=lambda page: (-bad[page], -every[page], page))
    return sorted(ordered[:MOST_PAGES])


def _draw_file(
    document: TrueDocument,
    attachment: Attachment,
    file: IO[bytes],
    marks: Sequence[Mark],
    damage: DamageLevel,
) -> Drawn:
    numbers = choose_pages(attachment.page_count, marks)
    pages, notes = [], [_which(numbers, attachment.page_count)]
    for number in numbers:
        try:
            sheet = _picture(attachment, number, damage, file)
        except AttachmentError as error:
            notes.append(f"Page {number + 1} is not shown: {error}.")
            continue
        pages.append(_svg(document, number, sheet, marks))
    return Drawn(tuple(pages), " ".join(note for note in notes if note))


def _draw_given(document: TrueDocument, given: Sequence[Page], marks: Sequence[Mark]) -> Drawn:
    numbers = choose_pages(len(given), marks)
    pages = tuple(_svg(document, number, _words(given[number]), marks) for number in numbers)
    note = "Drawn from the words that the corpus brings: it has no picture of the page."
    return Drawn(pages, f"{_which(numbers, len(given))} {note}".strip())


def _which(numbers: Sequence[int], count: int) -> str:
    if len(numbers) == count:
        return ""
    return f"Pages {', '.join(str(number + 1) for number in numbers)} of {count}."


def _picture(attachment: Attachment, number: int, damage: DamageLevel, file: IO[bytes]) -> _Sheet:
    """The page as the reader saw it."""
    from_page = IDENTITY
    if damage == "none":
        grey = render_page(attachment, number, LONG_SIDE, file=file)
    else:
        scan = scan_page(attachment, number, damage, file=file)
        from_page = undo(scan.to_page)
        buffer = np.frombuffer(scan.content, np.uint8)
        grey = _smaller(np.asarray(cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE), np.uint8))
    height, width = grey.shape
    data = base64.b64encode(jpeg(grey)).decode()
    content = (
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" '
        f'href="data:image/jpeg;base64,{data}"/>'
    )
    return _Sheet(width, height, content, from_page)


def undo(to_page: Affine) -> Affine:
    """The map back; a page is never drawn without area, so there is one."""
    a, b, c, d, e, f = to_page
    area = a * e - b * d
    a, b, d, e = e / area, -b / area, -d / area, a / area
    return (a, b, -a * c - b * f, d, e, -d * c - e * f)


def _smaller(grey: GreyImage) -> GreyImage:
    height, width = grey.shape
    scale = LONG_SIDE / max(width, height)
    if scale >= 1:
        return grey
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg(grey: GreyImage) -> bytes:
    """The image as a JPEG, coarser where it would be large."""
    for quality in _QUALITIES:
        _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(coded) <= _MOST_BYTES:
            break
    return bytes(coded.tobytes())


def _words(page: Page) -> _Sheet:
    """A white page with its words where they stand."""
    scale = LONG_SIDE / max(page.width, page.height, 1e-6)
    width, height = max(page.width * scale, 1.0), max(page.height * scale, 1.0)
    texts = []
    for word in page.words[:MOST_WORDS]:
        xs, ys = page.polygon(word.box)[0::2], page.polygon(word.box)[1::2]
        left, right, top, low = min(xs) * width, max(xs) * width, min(ys) * height, max(ys) * height
        texts.append(
            f'<text x="{left:.1f}" y="{low - 0.2 * (low - top):.1f}" '
            f'font-size="{max(0.85 * (low - top), 1):.1f}" textLength="{max(right - left, 1):.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{said(word.text, 100)}</text>'
        )
    return _Sheet(width, height, "".join(texts))


def _svg(document: TrueDocument, number: int, sheet: _Sheet, marks: Sequence[Mark]) -> str:
    here = _drawn_order([mark for mark in marks if mark.page == number])
    wrong, missed = (sum(mark.kind == kind for mark in here) for kind in ("wrong", "missed"))
    label = (
        f"Page {number + 1} of {said(document.document_id, 80)}: {wrong} marks of what was read "
        f"wrong, {missed} of what was missed; the tables beside it say the same"
    )
    drawn = "".join(_mark(mark, sheet) for mark in here)
    return (
        f'<p class="soft">Page {number + 1}</p><svg class="sheet" role="img" aria-label="{label}" '
        f'viewBox="{-_MARGIN} 0 {sheet.width + 2 * _MARGIN:.0f} {sheet.height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg">{sheet.content}{drawn}</svg>'
    )


def _drawn_order(marks: Sequence[Mark]) -> list[Mark]:
    """At most `MOST_MARKS`, what is wrong on top of what is right, values on top of lines."""
    order = ("left out", "right", "missed", "wrong")

    def layer(mark: Mark) -> tuple[int, float]:
        return order.index(mark.kind), -mark.box.width * mark.box.height

    return sorted(marks, key=layer)[-MOST_MARKS:]


def _mark(mark: Mark, sheet: _Sheet) -> str:
    a, b, c, d, e, f = sheet.from_page
    corners = [
        ((a * x + b * y + c) * sheet.width, (d * x + e * y + f) * sheet.height)
        for x, y in _corners(mark, sheet)
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    kind = mark.kind.replace(" ", "-")
    drawn = (
        f'<polygon class="m {kind}" points="{points}"><title>{said(mark.title, _TOOLTIP)}</title>'
        "</polygon>"
    )
    if not mark.label:
        return drawn
    x, y, anchor = _label_place(mark, corners)
    return (
        f'{drawn}<text class="m {kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{said(mark.label, 20)}</text>"
    )


def _label_place(
    mark: Mark, corners: Sequence[tuple[float, float]]
) -> tuple[float, float, Literal["start", "end"]]:
    """A value's sign stands above it; a line's number left of it, the true one's to the right."""
    (left, top), (right, high), (_, low), (_, bottom) = corners
    if not mark.is_line:
        return left, top, "start"
    if mark.kind == "missed":
        return right + 4, (high + low) / 2 + 4, "start"
    return left - 4, (top + bottom) / 2 + 4, "end"


def _corners(mark: Mark, sheet: _Sheet) -> tuple[tuple[float, float], ...]:
    """Clockwise from top left in fractions of the undamaged page, with room around a value."""
    box, room = mark.box, 0.0 if mark.is_line else _ROOM
    x, y = room / sheet.width, room / sheet.height
    left, top, right, low = box.left - x, box.top - y, box.right + x, box.bottom + y
    return (left, top), (right, top), (right, low), (left, low)


def said(text: str, most: int) -> str:
    """A document's text for HTML or SVG: one line, cut, escaped, nothing that XML refuses."""
    plain = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Zl", "Zp") else letter
        for letter in text[: 4 * most]
    )
    flat = " ".join(plain.split())
    return html.escape(flat if len(flat) <= most else f"{flat[: most - 1]}…")
