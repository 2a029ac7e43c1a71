"""The pages of a PDF with the words that pdfplumber finds, to compare with `data.pages.words`.

It is what a user without this project would start from, and what the rules baseline is measured
on. Other than `data.pages.words`, nothing here looks at the pixels: a text layer is taken as it is.
"""

import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.pages.attachments import (
    DEFAULT_LIMITS,
    Attachment,
    CorruptDocument,
    Limits,
    UnsupportedType,
    open_attachment_file,
)
from data.pages.orientation import quarter_turn
from data.records import Box, Page, Word

# Widths of a letter between two letters from which they are two words. pdfplumber's own default is
# 3 points whatever the print's size, which runs the words of small print together.
WORD_GAP = 0.15


def pages_by_pdfplumber(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Page, ...]:
    """Every page of the PDF with the words of its text layer; no image.

    A page without a text layer, or one that pdfplumber cannot take apart, has no words, source
    "none" and a reason that begins with a code. Raises `AttachmentError`: the file is held to the
    limits of `data.pages.attachments` first, as everywhere; what is not a PDF is an
    `UnsupportedType`. pdfplumber itself runs unbounded in this process: use it on corpora, not on
    what strangers send.
    """
    attachment = open_attachment_file(path, limits)
    if attachment.kind != "pdf":
        raise UnsupportedType(f"{path.name}: is a {attachment.kind}; pdfplumber reads only PDF")
    return tuple(_pages(attachment))


def _pages(attachment: Attachment) -> Iterator[Page]:
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(attachment.content)) as pdf:
            pdf_pages = pdf.pages
            for number in range(attachment.page_count):
                yield _page(
                    attachment, number, pdf_pages[number] if number < len(pdf_pages) else None
                )
    except Exception as error:  # pdfminer raises nearly anything on a damaged file
        raise CorruptDocument(
            f"{attachment.name}: pdfplumber cannot open the PDF ({type(error).__name__}:"
            f" {str(error)[:160]}); print it to a new PDF and read that"
        ) from error


def _page(attachment: Attachment, number: int, pdf_page: Any) -> Page:
    width, height = attachment.page_sizes[number]
    where = f"{attachment.name}: page {number + 1}"
    if pdf_page is None:
        reason = f"corrupt_document: {where} is not found by pdfplumber"
        return Page(number, width, height, (), "none", reason)
    try:
        turned, words = _words(pdf_page)
    except Exception as error:  # one bad page does not cost the document
        reason = f"corrupt_document: {where}: {type(error).__name__}: {str(error)[:160]}"
        return Page(number, width, height, (), "none", reason)
    finally:
        pdf_page.close()  # its objects would stay in memory
    if not words:
        return Page(number, width, height, (), "none", f"no_text_layer: {where} has no text")
    reason = f"{len(words)} words by pdfplumber, unchecked"
    if turned:
        reason += f"; text runs turned by {turned} degrees"
    to_page = quarter_turn(turned)
    return Page(number, width, height, words, "text", reason, rotation=turned, to_page=to_page)


def _words(pdf_page: Any) -> tuple[int, tuple[Word, ...]]:
    """The turn of most text on the page as shown, in degrees, and the words of the upright page."""
    from pdfplumber.utils.text import extract_words

    chars = _drop_second_prints(pdf_page.chars)
    turned = _text_turn(chars)
    frame = _shown_box(pdf_page)
    upright = [_upright(char, turned, frame) for char in chars]
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if turned in (90, 270):
        width, height = height, width
    words = []
    for word in extract_words(upright, x_tolerance_ratio=WORD_GAP):
        x, y = (word["x0"] + word["x1"]) / 2 / width, (word["top"] + word["bottom"]) / 2 / height
        if word["text"].strip() and 0 <= x <= 1 and 0 <= y <= 1:
            left, top = word["x0"] / width, word["top"] / height
            box = Box.clamped(left, top, word["x1"] / width, word["bottom"] / height)
            words.append(Word(word["text"], box))
    return turned, tuple(words)


def _drop_second_prints(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop second prints of a letter: faux bold prints every letter twice."""
    from pdfplumber.utils.text import dedupe_chars

    # Letter by letter: its time grows with the square of the number of letters passed to it
    of_letter: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for char in chars:
        of_letter[char["text"]].append(char)
    first_prints = {id(char) for same in of_letter.values() for char in dedupe_chars(same)}
    return [char for char in chars if id(char) in first_prints]


def _shown_box(pdf_page: Any) -> tuple[float, float, float, float]:
    """The part of the page that is shown, in pdfplumber's coordinates (points, origin top left).

    Computed here: pdfplumber's own `cropbox` does not follow a turned page.
    """
    left, bottom, right, top = (float(edge) for edge in pdf_page.page_obj.mediabox)
    x0, y0, x1, y1 = (float(edge) for edge in pdf_page.page_obj.cropbox)
    # No viewer shows more than the media box
    x0, x1, y0, y1 = max(x0, left), min(x1, right), max(y0, bottom), min(y1, top)
    if x0 >= x1 or y0 >= y1:
        x0, y0, x1, y1 = left, bottom, right, top
    across, down = {
        0: ((x0 - left, x1 - left), (top - y1, top - y0)),
        90: ((y0 - bottom, y1 - bottom), (x0 - left, x1 - left)),
        180: ((right - x1, right - x0), (y0 - bottom, y1 - bottom)),
        270: ((top - y1, top - y0), (right - x1, right - x0)),
    }[pdf_page.rotation]
    shift_x, shift_y = float(pdf_page.mediabox[0]), float(pdf_page.mediabox[1])
    return across[0] + shift_x, down[0] + shift_y, across[1] + shift_x, down[1] + shift_y


def _text_turn(chars: list[dict[str, Any]]) -> int:
    """The clockwise turn (0, 90, 180, 270) of most letters on the page as shown."""
    turns = [_letter_turn(char["matrix"]) for char in chars if char["text"].strip()]
    return max((0, 90, 180, 270), key=turns.count)  # 0 where they are equally many


def _letter_turn(matrix: tuple[float, ...]) -> int:
    """The clockwise turn of a letter's baseline, in degrees; a text matrix counts y upwards."""
    right, up = matrix[0], matrix[1]
    if abs(right) >= abs(up):
        return 0 if right >= 0 else 180
    return 270 if up > 0 else 90


def _upright(
    char: dict[str, Any], turned: int, frame: tuple[float, float, float, float]
) -> dict[str, Any]:
    """The letter as it lies on the upright page, its origin the corner of what is shown."""
    left, right = char["x0"] - frame[0], char["x1"] - frame[0]
    top, bottom = char["top"] - frame[1], char["bottom"] - frame[1]
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    x0, x1, y0, y1 = {
        0: (left, right, top, bottom),
        90: (top, bottom, width - right, width - left),
        180: (width - right, width - left, height - bottom, height - top),
        270: (height - bottom, height - top, left, right),
    }[turned]
    lies_along = _letter_turn(char["matrix"]) == turned
    return char | {
        "x0": x0,
        "x1": x1,
        "top": y0,
        "bottom": y1,
        "doctop": y0,
        "width": x1 - x0,
        "height": y1 - y0,
        "upright": lies_along,
    }
