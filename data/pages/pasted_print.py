"""Print on a text page that is no text, as a table pasted as a picture: found and read by OCR."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from data.pages.orientation import text_ink
from data.records import Box, GreyImage, Page, Word

# Pieces as large as the page's letters that lie in no word, and lines of them, from which there is
# unread print; sizes in heights of the page's words, area in pixels of the preview.
MIN_UNREAD_LETTERS, MIN_UNREAD_LINES = 12, 2
_MIN_LETTER, _MAX_LETTER, _MAX_WIDTH, _MIN_LETTER_AREA = 0.3, 1.3, 2.5, 6
_MARGIN = 0.01  # of the page's long side, around the print


def unread_print(words: Sequence[Word], preview: GreyImage) -> Box | None:
    """Return the box around print that looks like letters and lies in no word, else None.

    A table that is pasted as a picture leaves such print; logos, barcodes and signatures hardly do.
    Of 45 pages of e-invoices and advertising papers none has more than 6 pieces as large as its
    letters outside its words; a table of three rows as a picture has 56, in 6 lines.
    """
    height, width = preview.shape
    covered = np.zeros(preview.shape, dtype=bool)
    for word in words:
        across = slice(max(int(word.box.left * width) - 1, 0), int(word.box.right * width) + 2)
        down = slice(max(int(word.box.top * height) - 1, 0), int(word.box.bottom * height) + 2)
        covered[down, across] = True
    letter = float(np.median([word.box.height for word in words])) * height if words else 0.0
    outside = (text_ink(preview) & ~covered).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
    left, top, wide, tall = (stats[1:, column] for column in range(4))
    alike = (tall >= _MIN_LETTER * letter) & (tall <= _MAX_LETTER * letter)
    alike &= (wide <= _MAX_WIDTH * letter) & (stats[1:, cv2.CC_STAT_AREA] >= _MIN_LETTER_AREA)
    lines = {int(line) for line in top[alike] // max(letter, 1.0)}
    if int(np.count_nonzero(alike)) < MIN_UNREAD_LETTERS or len(lines) < MIN_UNREAD_LINES:
        return None
    return Box.clamped(
        float(left[alike].min()) / width,
        float(top[alike].min()) / height,
        float((left + wide)[alike].max()) / width,
        float((top + tall)[alike].max()) / height,
    )


def pasted_words(
    image: GreyImage,
    place: Box,
    words: Sequence[Word],
    read: Callable[[GreyImage], Page],
) -> tuple[Word, ...]:
    """Return the words that `read` finds in that place of the page, none where the page has text.

    `image` is the upright page at the resolution of OCR. None where the picture lies askew: its
    places would not be those of the page.
    """
    height, width = image.shape
    margin = int(_MARGIN * max(image.shape))
    left = max(int(place.left * width) - margin, 0)
    top = max(int(place.top * height) - margin, 0)
    cut = image[
        top : int(place.bottom * height) + 1 + margin, left : int(place.right * width) + 1 + margin
    ]
    page = read(cut)
    if page.rotation or page.skew:
        return ()
    tall, wide = cut.shape
    placed = (
        replace(
            word,
            box=Box.clamped(
                (left + word.box.left * wide) / width,
                (top + word.box.top * tall) / height,
                (left + word.box.right * wide) / width,
                (top + word.box.bottom * tall) / height,
            ),
        )
        for word in page.words
    )
    return tuple(word for word in placed if not any(_overlaps(word.box, w.box) for w in words))


def _overlaps(box: Box, other: Box) -> bool:
    """Return whether the middle of one box lies in the other."""
    x, y = box.center
    a, b = other.center
    inside = other.left <= x <= other.right and other.top <= y <= other.bottom
    return inside or (box.left <= a <= box.right and box.top <= b <= box.bottom)
