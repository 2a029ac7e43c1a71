"""A PDF's text layer: its words, and the checks whether it matches the visible page.

A text layer is evidence only where it is the visible text. It can be empty, coded in a private
alphabet, invisible, outside of the page, or a stamp on a scan: then the pixels are read instead.
Behind a scan it is another program's OCR, right or wrong, and never as reliable as print.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data.pages.orientation import text_ink
from data.records import Box, GreyImage, Word

_WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
    re.DOTALL,
)
_DRAWN = re.compile(r"<text [^>]*>(.*?)</text>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_DIGIT = re.compile(r"\d")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_BAD_CATEGORIES = {"Cc", "Co", "Cn", "Cs"}  # control, private use, unassigned, surrogate
_VOWELS = frozenset("aeiouyAEIOUYäöüÄÖÜàâáåãæèéêëîïíìôóòõøœùúûýÀÂÉÈÊËÎÏÍÔÓÒØÙÚÛ")
_MIN_CONTRAST = 24  # grey levels between print and paper inside a word's box

MAX_OUTSIDE = 0.2  # share of words that may be off the page
MAX_BAD_CHARACTERS = 0.05
MIN_VOWELS = 0.25  # share of the letters
MIN_INKED_WORDS = 0.8  # share of words that must be on visible print
MIN_COVERED_INK = 0.5  # share of the print that must be inside words


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page as shown, and the number of the layer's words that are off the page."""

    words: tuple[Word, ...]
    outside: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision to trust a text layer or not, with the reason in one sentence."""

    trusted: bool
    reason: str


def parse_text_layer(output: bytes, width: float, height: float) -> TextLayer:
    """Return the words in the output of `pdftotext -bbox` for a page of `width` x `height` points.

    Not parsed as XML: poppler copies control characters of the document, which XML forbids.
    """
    words: list[Word] = []
    places_by_text: dict[str, list[tuple[float, float]]] = {}  # text -> left and top, points
    outside = 0
    for match in _WORD.finditer(output.decode("utf-8", "replace")):
        left, top, right, bottom = (float(match[n]) for n in range(1, 5))
        text = html.unescape(match[5]).translate(_LIGATURES).strip()
        x, y = (left + right) / 2 / width, (top + bottom) / 2 / height
        if not text:
            continue
        if not (0 <= x <= 1 and 0 <= y <= 1):
            outside += 1
            continue
        # Bold print is often the same word twice, a fraction of a point apart
        places = places_by_text.setdefault(text, [])
        if any(abs(left - x) < 1.5 and abs(top - y) < 1.5 for x, y in places):
            continue
        places.append((left, top))
        box = Box.clamped(left / width, top / height, right / width, bottom / height)
        words.append(Word(text, box))
    return TextLayer(tuple(words), outside)


def judge_text(layer: TextLayer) -> Judgement:
    """Judge by the characters alone whether the layer is readable text."""
    words = layer.words
    if not words:
        return Judgement(False, "the text layer is empty")
    total = len(words) + layer.outside
    if layer.outside > MAX_OUTSIDE * total:
        return Judgement(False, f"{layer.outside} of {total} words of the text layer are off page")
    text = "".join(word.text for word in words)
    bad = sum(c == "\ufffd" or unicodedata.category(c) in _BAD_CATEGORIES for c in text)
    if bad > MAX_BAD_CHARACTERS * len(text):
        return Judgement(
            False, f"{bad} of {len(text)} characters of the text layer are not readable"
        )
    if sum(c.isalnum() for c in text) < 0.3 * len(text):
        return Judgement(False, "the text layer is mostly neither letters nor digits")
    single = sum(len(word.text) == 1 for word in words)
    if len(words) >= 30 and single > 0.7 * len(words):
        return Judgement(False, f"{single} of {len(words)} words of the text layer are one letter")
    return _judge_spelling(words)


def judge_drawn(words: Sequence[Word], output: bytes) -> Judgement:
    """Judge whether every number among the words is drawn, by the output of `pdftohtml -xml`.

    Text may be in a page and not be painted: a scanner's OCR behind the picture of the page, or
    another number than the visible one. Words are divided at other places there, so numbers are
    searched in the text without its spaces.
    """
    lines = (_TAG.sub("", line) for line in _DRAWN.findall(output.decode("utf-8", "replace")))
    drawn = "".join("".join(html.unescape(line).translate(_LIGATURES).split()) for line in lines)
    numbers = Counter("".join(word.text.split()) for word in words if _DIGIT.search(word.text))
    hidden = sum(max(0, count - drawn.count(text)) for text, count in numbers.items())
    if hidden:
        return Judgement(
            False, f"{hidden} of {numbers.total()} numbers of the text layer are not drawn"
        )
    return Judgement(True, f"all {numbers.total()} numbers of the text layer are drawn")


def _judge_spelling(words: Sequence[Word]) -> Judgement:
    """Judge by the share of vowels whether the letters spell words.

    A font without a character map gives letters that spell nothing. European languages use 35 to
    50 % vowels; text shifted along the alphabet about 15 %.
    """
    latin = {
        w.text for w in words if len(w.text) >= 4 and w.text.isalpha() and w.text[0] < "\u0250"
    }
    letters = "".join(sorted(latin))
    voiced = sum(c in _VOWELS for c in letters)
    if len(latin) >= 15 and voiced < MIN_VOWELS * len(letters):
        share = f"{voiced} of {len(letters)} letters are vowels"
        return Judgement(False, f"the text layer spells no words: {share}")
    return Judgement(True, f"text layer with {len(words)} words")


def judge_against_pixels(words: Sequence[Word], preview: GreyImage) -> Judgement:
    """Judge whether words are on visible print and print is inside words, on the page as shown.

    `preview` is the page at most `data.pages.orientation.PREVIEW_LONG_SIDE` long.
    """
    height, width = preview.shape
    covered = np.zeros(preview.shape, dtype=bool)
    inked = 0
    for word in words:
        # One pixel around: boxes of poppler follow font metrics, not the glyphs
        left, right = int(word.box.left * width) - 1, int(word.box.right * width) + 2
        top, bottom = int(word.box.top * height) - 1, int(word.box.bottom * height) + 2
        window = slice(max(top, 0), bottom), slice(max(left, 0), right)
        covered[window] = True
        pixels = preview[window]
        inked += bool(pixels.size) and int(pixels.max()) - int(pixels.min()) >= _MIN_CONTRAST
    print_seen = text_ink(preview)
    ink = int(np.count_nonzero(print_seen))
    share_inked = inked / len(words) if words else 0.0
    share_covered = float(np.count_nonzero(print_seen & covered)) / ink if ink else 0.0
    numbers = (
        f"{len(words)} words, {share_inked:.0%} on visible print,"
        f" {share_covered:.0%} of the print in words"
    )
    if share_inked < MIN_INKED_WORDS:
        return Judgement(False, f"text layer differs from the visible page: {numbers}")
    if share_covered < MIN_COVERED_INK:
        return Judgement(False, f"text layer leaves print unread: {numbers}")
    return Judgement(True, f"text layer agrees with the pixels: {numbers}")


def drawn_rotation(words: Sequence[Word]) -> int:
    """Return the clockwise turn (0, 90, 180, 270) of most of the text on the page as shown.

    Tall boxes mean text that runs up or down; poppler lists the words of a line in the direction
    of writing, so the steps between them show which.
    """
    long = [w for w in words if len(w.text) >= 3]
    if len(long) < 5:
        return 0
    # Fractions compare like with like: a page is at most about 1.5 times as high as wide
    tall = sum(w.box.height > 1.5 * w.box.width for w in long) > 0.6 * len(long)
    steps = [
        (q.box.center[1] - p.box.center[1]) if tall else (q.box.center[0] - p.box.center[0])
        for p, q in pairwise(words)
        if _same_line(p.box, q.box, tall)
    ]
    forward = sum(step > 0 for step in steps)
    if tall:
        return 90 if forward >= len(steps) / 2 else 270
    return 180 if len(steps) >= 5 and forward < 0.3 * len(steps) else 0


def _same_line(first: Box, second: Box, vertical: bool) -> bool:
    if vertical:
        overlap = min(first.right, second.right) - max(first.left, second.left)
        return overlap > 0.5 * min(first.width, second.width)
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.5 * min(first.height, second.height)
