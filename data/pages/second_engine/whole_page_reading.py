"""Pages that Tesseract reads badly, read as wholes by the second engine: RapidOCR finds and reads.

Photographed, faint and small print is Tesseract's weakness and the second engine's strength; on
clean sheets it is the other way round, and Tesseract costs less. So a page is read by Tesseract
first, and where its certainty is low the second engine reads it again from the pixels. A number
that both engines read at one place is surer than either; one that they read differently keeps
Tesseract's reading beside it (`Word.other`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from data.pages.second_engine.second_reading import MAX_AGREED_CONFIDENCE
from data.records import Box, GreyImage, Word

if TYPE_CHECKING:
    from rapidocr import RapidOCR

# Certainty of Tesseract below which the page is read again.
POOR_PAGE = 0.85
DETECTION_SIDE_PX = 1280  # long side of the page in which lines are looked for
MAX_LINES = 300  # lines read of one page, so that no page costs more than some seconds
_MIN_LINE_SCORE = 0.5  # below it a line is no text
_ENOUGH = 0.6  # share of Tesseract's letters and digits that the second engine has to find
_SAME_PLACE = 0.5  # share of the smaller of two boxes that they have in common


@cache
def _engine() -> "RapidOCR":
    """Return the second engine with its detector, one per process; no model is downloaded."""
    from rapidocr import RapidOCR

    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings: dict[str, Any] = {f"EngineConfig.onnxruntime.{k}": v for k, v in threads.items()}
    settings |= {
        "Det.limit_side_len": DETECTION_SIDE_PX,
        "Det.limit_type": "max",
        "Det.max_candidates": MAX_LINES,
        "Global.log_level": "error",
    }
    return RapidOCR(params=settings)


def reads_more(words: Sequence[Word], first: Sequence[Word]) -> bool:
    """Return whether the second engine read the page and not only a part of what Tesseract did."""
    return _letters(words) >= _ENOUGH * _letters(first) and bool(words)


def sure_letters(words: Sequence[Word]) -> float:
    """Return the letters and digits of a reading, each weighed by its word's confidence."""
    return sum((word.confidence or 0.0) * sum(map(str.isalnum, word.text)) for word in words)


def _letters(words: Sequence[Word]) -> int:
    return sum(letter.isalnum() for word in words for letter in word.text)


def read_whole_page(image: GreyImage, first: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of an upright page as the second engine reads them.

    `first` are Tesseract's words of the same page: each is held against the new word at its place,
    and is kept as the other reading where the two differ. Empty where the engine finds no line.
    """
    coloured = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_GRAY2BGR)
    read = _engine()(coloured, use_cls=False, return_word_box=True)
    height, width = image.shape
    return tuple(_held_against(word, first) for word in _words(read, width, height))


def _words(read: Any, width: int, height: int) -> Iterator[Word]:
    """Yield the words of all lines, in fractions of the page."""
    for words, score in zip(read.word_results or (), read.scores or (), strict=False):
        if score < _MIN_LINE_SCORE:
            continue
        for text, word_score, corners in words:
            if not str(text).strip():
                continue
            points = np.asarray(corners, np.float64)
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            box = Box.clamped(left / width, top / height, right / width, bottom / height)
            confidence = min(float(score), float(word_score), MAX_AGREED_CONFIDENCE)
            yield Word(str(text).strip(), box, confidence)


def _held_against(word: Word, first: Sequence[Word]) -> Word:
    """Return the word with what Tesseract read at its place."""
    there = [other for other in first if _shares_place(word.box, other.box)]
    if not there or word.confidence is None:
        return word
    text = "".join(other.text for other in there)
    if text == word.text:
        before = min(other.confidence or 0.0 for other in there)
        agreed = 1 - (1 - word.confidence) * (1 - before)
        return replace(word, confidence=min(agreed, MAX_AGREED_CONFIDENCE))
    has_digits = any(letter.isdigit() for letter in text)
    return replace(word, other=text) if has_digits and word.confidence < 1 else word


def _shares_place(box: Box, other: Box) -> bool:
    wide = min(box.right, other.right) - max(box.left, other.left)
    tall = min(box.bottom, other.bottom) - max(box.top, other.top)
    if wide <= 0 or tall <= 0:
        return False
    return wide * tall >= _SAME_PLACE * min(box.width * box.height, other.width * other.height)
