"""The labelled pages of one synthetic document, by seed and index: words alone or with images."""

import math
import random

from data.records import Box, LabelledPage
from data.synthesis.layouts.documents import SyntheticDocument, make_document, table_face
from data.synthesis.layouts.sheets import Ink, Sheet
from data.synthesis.ocr_noise.error_statistics import ink_reach
from data.synthesis.ocr_noise.noise import TaggedWord, add_noise, in_reading_order, remaining_skew
from data.synthesis.paper.page_record import as_page

NOISY_SHARE = 0.45  # share of the pages that are read with an OCR engine's errors
_MIN_SKEW = 0.1  # degrees; less moves the ends of a line by less than its edges are off anyway


def labelled_pages(seed: int, index: int, *, image: bool = False) -> tuple[LabelledPage, ...]:
    """Return the pages (1 to 12) of one synthetic document, the same for a seed and index.

    With `image`, fonts are opened, boxes fit their ink, and `Page.image` is a grey page with its
    long side at 1024 px, damaged as a scan would be; the boxes follow the damage.
    """
    rng = random.Random(f"{seed}/{index}")
    if image:
        from data.synthesis.paper.rendering import faces_of, scanned_pages

        return scanned_pages(make_document(rng, faces_of(rng)), rng)
    document = make_document(rng, table_face)
    return tuple(_text_page(document, number, rng) for number in range(len(document.sheets)))


def _text_page(document: SyntheticDocument, number: int, rng: random.Random) -> LabelledPage:
    sheet = document.sheets[number]
    noisy = rng.random() < NOISY_SHARE
    # Tesseract's boxes are tight around the ink; those of a text layer often are not
    words = sheet_words(sheet, full=not noisy and rng.random() < 0.5)
    if noisy:
        angle = remaining_skew(rng)
        if abs(angle) > _MIN_SKEW:
            words = _skew(words, math.radians(angle), sheet.width / sheet.height)
        words = add_noise(rng, words, (sheet.width, sheet.height))
    else:
        words = in_reading_order(words)
    return as_page(document, number, words, "ocr" if noisy else "text", None)


def ink_box(ink: Ink, sheet: Sheet, *, full: bool) -> Box:
    """The box of the word's ink; `full` = the font's whole height, as in a PDF text layer."""
    if full:
        up, down = 0.93, 0.21
    else:
        up, down = ink_reach(ink.text)
    left, right = ink.left / sheet.width, (ink.left + ink.width) / sheet.width
    top = (ink.baseline - up * ink.size) / sheet.height
    bottom = (ink.baseline + down * ink.size) / sheet.height
    if left >= 0 and right <= 1 and top >= 0 and bottom <= 1:
        return Box(left, top, right, bottom)
    return Box.clamped(left, top, right, bottom)


def sheet_words(sheet: Sheet, *, full: bool) -> list[TaggedWord]:
    """Return the words that are within the sheet, in the order of writing."""
    return [
        TaggedWord(ink.text, ink_box(ink, sheet, full=full), ink.tag, ink.item, None, ink.place)
        for ink in sheet.inks_on_sheet()
    ]


def _skew(words: list[TaggedWord], angle: float, aspect: float) -> list[TaggedWord]:
    """Turn the words about the middle of the page by `angle` radians."""
    sine, cosine = math.sin(angle), math.cos(angle)
    turned = []
    for word in words:
        x, y = word.box.center
        dx, dy = (x - 0.5) * aspect, y - 0.5
        cx = (dx * cosine - dy * sine) / aspect + 0.5
        cy = dx * sine + dy * cosine + 0.5
        half_w = (word.box.width * cosine + abs(sine) * word.box.height / aspect) / 2
        half_h = (word.box.height * cosine + abs(sine) * word.box.width * aspect) / 2
        box = Box.clamped(cx - half_w, cy - half_h, cx + half_w, cy + half_h)
        turned.append(word._replace(box=box))
    return turned
