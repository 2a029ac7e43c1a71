"""Lone digits that a page reader loses: a quantity before the article, or alone in its column.

The second engine looks for lines of text; a single digit with space around it is none to it. So
beside the words of each printed line the paper is searched for marks as large as the line's
letters, and each is cut out and read by itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from data.pages.second_engine.second_reading import MAX_AGREED_CONFIDENCE, recognise_box
from data.records import Box, GreyImage, Word

MAX_CUTS = 60  # marks of one page that are read, each some 10 ms
REACH = 10.0  # line heights left of a line's first word in which marks are looked for
GAP = 1.2  # line heights between two words from which a mark may stand between them
LEAST, MOST = 0.3, 1.0  # height of a mark, in heights of its line's words
WIDEST = 1.8  # width of up to two digits, in heights
# Score of the second engine: 17 digits that were lost were all above it, of 8 other marks one
MIN_SCORE = 0.85
_LOWEST_PX = 6  # height of words below which no digit can be told
_TALL_PX = 32  # height to which words are enlarged
_LEAST_INK = 20  # grey levels between ink and paper
_DARK = 0.4  # of a line's ink, the share from which a pixel is ink
_DIGITS = re.compile(r"\d{1,2}[xX×*.]?")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """A mark on the paper, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def union(self, other: "_Mark") -> "_Mark":
        return _Mark(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def lone_digits(image: GreyImage, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the digits that stand alone beside the words of an upright page, and are none of them.

    Only lines with a word of letters are searched, left of it and in the gaps between words.
    """
    height, width = image.shape
    digits = []
    for count, mark in enumerate(_marks(image, words)):
        if count == MAX_CUTS:
            break
        box = Box.clamped(
            mark.left / width, mark.top / height, mark.right / width, mark.bottom / height
        )
        if any(_holds(word.box, box.center) for word in words):
            continue
        text, score = recognise_box(image, box)
        if _DIGITS.fullmatch(text) and score >= MIN_SCORE:
            digits.append(Word(text, box, min(score, MAX_AGREED_CONFIDENCE)))
    return tuple(digits)


def _marks(image: GreyImage, words: Sequence[Word]) -> Iterator[_Mark]:
    height, width = image.shape
    for line in _lines(words):
        if not any(_LETTERS.search(word.text) for word in line):
            continue
        tall = float(np.median([word.box.height for word in line])) * height
        if tall < _LOWEST_PX:
            continue
        strength = _ink_strength(image, line, tall)
        for area in _spaces(line, tall / width):
            yield from _marks_in(image, area, tall, strength)


def _ink_strength(image: GreyImage, line: Sequence[Word], tall: float) -> float:
    """Grey levels between the paper and the ink of a line's words."""
    height, width = image.shape
    levels = [
        float(np.percentile(_ink(cut, tall), 90))
        for word in line
        if min((cut := _cut(image, word.box, width, height)).shape) > 2
    ]
    return float(np.median(levels)) if levels else 0.0


def _cut(image: GreyImage, box: Box, width: int, height: int) -> GreyImage:
    rows = slice(max(round(box.top * height), 0), round(box.bottom * height))
    return image[rows, max(round(box.left * width), 0) : round(box.right * width)]


def _ink(cut: GreyImage, tall: float) -> GreyImage:
    """Grey levels by which each pixel is darker than the paper; `tall` is a line's height."""
    side = max(round(tall) | 1, 3)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    plain = np.ascontiguousarray(cut)
    ink: GreyImage = cv2.morphologyEx(plain, cv2.MORPH_BLACKHAT, kernel).astype(np.uint8)
    return ink


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.left <= point[0] <= box.right and box.top <= point[1] <= box.bottom


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """The words by printed line, from left to right within it."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.center[1]):
        before = lines[-1][-1].box if lines else word.box
        if lines and word.box.center[1] - before.center[1] <= before.height / 3:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.left) for line in lines]


def _spaces(line: Sequence[Word], tall: float) -> Iterator[Box]:
    """Yield the spaces of a line, each as high as the word beside it.

    `tall` is the height of its words, in fractions of the page's width.
    """
    first = line[0].box
    if (right := first.left - 0.1 * tall) > 0:
        yield Box(max(first.left - REACH * tall, 0.0), first.top, right, first.bottom)
    for before, after in pairwise(line):
        if after.box.left - before.box.right > GAP * tall:
            left, right = before.box.right + 0.1 * tall, after.box.left - 0.1 * tall
            yield Box(left, after.box.top, right, after.box.bottom)


def _marks_in(image: GreyImage, area: Box, tall: float, strength: float) -> Iterator[_Mark]:
    """Yield the marks within the area, in fractions of the page, as large as digits."""
    height, width = image.shape
    margin = 0.15 * tall
    left, top = max(round(area.left * width), 0), max(round(area.top * height - margin), 0)
    right, bottom = round(area.right * width), min(round(area.bottom * height + margin), height)
    cut = image[top:bottom, left:right]
    if min(cut.shape) < 4 or strength < _LEAST_INK:
        return
    # Small print is enlarged, so that a digit does not fall apart
    scale = max(1, round(_TALL_PX / tall))
    large = cv2.resize(np.ascontiguousarray(cut), None, fx=scale, fy=scale).astype(np.uint8)
    dark = _ink(large, tall * scale) > _DARK * strength
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    high = tall * scale
    parts = sorted(
        _Mark(x, y, x + wide, y + tallness)
        for x, y, wide, tallness, _ in stats[1:].tolist()
        if LEAST * high <= tallness <= MOST * high
        and wide <= 1.2 * tallness
        and y > 0
        and y + tallness < dark.shape[0]
    )
    for mark in _beside_each_other(parts, 0.4 * high):
        if mark.right - mark.left <= WIDEST * (mark.bottom - mark.top):
            yield _Mark(
                left + mark.left // scale,
                top + mark.top // scale,
                left - (-mark.right // scale),
                top - (-mark.bottom // scale),
            )


def _beside_each_other(parts: Sequence[_Mark], gap: float) -> Iterator[_Mark]:
    """Yield the parts, in the order of their left edges; those closer than `gap` joined to one."""
    joined: _Mark | None = None
    for part in parts:
        if joined is not None and part.left - joined.right <= gap:
            joined = joined.union(part)
            continue
        if joined is not None:
            yield joined
        joined = part
    if joined is not None:
        yield joined
