"""Second reading: doubtful words are cut out and read again by another OCR engine, RapidOCR.

Tesseract reads a page well and single numbers on photographed paper badly: of 382 amounts on 90
till receipts it had .673 right, RapidOCR .974 of the same places cut out (24 ms each, one thread).
So Tesseract locates the words, and numbers with a low confidence are read again. Where the engines
agree, the confidence is higher than either's; where they differ, the second is preferred, and the
first reading stays with the word (`Word.other`): the row's arithmetic may still prefer it.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, reduce
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from data.records import Box, GreyImage, Word

if TYPE_CHECKING:
    from rapidocr import RapidOCR

# Confidences of Tesseract under which a word is read again: with a digit in it, and any other.
# Of numbers on receipts stated at .95 one in eight was wrong; on clean sheets few lie below .9.
DOUBTED_NUMBER = 0.9
DOUBTED_WORD = 0.7
DOUBTED_NUMBER_ON_BAD_PAGE = 0.97
BAD_PAGE = 0.9  # mean certainty of a page under which numbers are doubted more
MAX_CELLS = 80  # of one page, the most doubtful first
TIME_S = 6.0  # of this thread's CPU for all cells of one page: a busy machine reads the same
MIN_SCORE = 0.8  # score of the second engine from which its reading replaces the first
MAX_AGREED_CONFIDENCE = 0.99  # of two engines that agree
# Numbers of a text layer that are compared with the page: of 228 numbers on 36 pages, 19 ms each,
# the second engine read one otherwise, and that with a digit more.
COMPARED = 3
SURE_SCORE = 0.95
_SIDES = 0.4  # of a cell's height: paper left and right of it in the cut-out
_EDGES = 0.15  # and above and below
_GAP = 0.6  # of a word's height: parts of one number lie nearer ("21" "20" for 21.20)
_MONEY = re.compile(r"\d[.,]\d\d$")
_HAS_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[\d.,;:'’„()%$€£+\-−]+")


@cache
def _engine() -> "RapidOCR":
    """Return the second engine, one per process; its model is in the package, not downloaded."""
    from rapidocr import RapidOCR

    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings: dict[str, Any] = {f"EngineConfig.onnxruntime.{k}": v for k, v in threads.items()}
    # As narrow as its square: by default a number is padded to 320 px, at twice the cost
    settings["Rec.rec_img_shape"] = [3, 48, 48]
    return RapidOCR(params=settings | {"Global.log_level": "error"})


def reread_doubtful_words(
    image: GreyImage, words: Sequence[Word], certainty: float
) -> tuple[Word, ...]:
    """Return the words of an upright page with the doubtful ones read again, in the same order.

    `certainty` is the page's mean confidence. A number read in parts becomes one word, a cell with
    a blank in it several. At most `MAX_CELLS` are read again, until `TIME_S` is over; other words,
    and those of which the second engine is unsure, stay as they were read.
    """
    cells = sorted(
        doubtful_cells(words, certainty), key=lambda cell: _min_confidence([words[i] for i in cell])
    )
    deadline = time.thread_time() + TIME_S
    replacements: dict[int, tuple[Word, ...]] = {}
    merged_places: set[int] = set()
    for cell in cells[:MAX_CELLS]:
        if time.thread_time() > deadline:
            break
        first_words = [words[index] for index in cell]
        box = reduce(Box.union, (word.box for word in first_words))
        text, score = recognise_box(image, box)
        new_words = _merge_readings(first_words, box, text, score)
        if new_words is not None:
            replacements[cell[0]] = new_words
            merged_places.update(cell[1:])
    return tuple(
        word
        for index, old_word in enumerate(words)
        if index not in merged_places
        for word in replacements.get(index, (old_word,))
    )


def doubtful_cells(words: Sequence[Word], certainty: float) -> Iterator[tuple[int, ...]]:
    """Yield the indices of neighbouring words that are read again together.

    A doubtful part of a number includes its other parts: of "21" "20" one may be confident.
    """
    doubted_below = DOUBTED_NUMBER if certainty >= BAD_PAGE else DOUBTED_NUMBER_ON_BAD_PAGE
    run: list[int] = []
    for index, word in enumerate(words):
        if run and not _is_same_number(words[run[-1]], word):
            if any(_is_doubtful(words[place], doubted_below) for place in run):
                yield tuple(run)
            run = []
        run.append(index)
    if run and any(_is_doubtful(words[place], doubted_below) for place in run):
        yield tuple(run)


def _is_doubtful(word: Word, doubted_below: float) -> bool:
    if word.confidence is None:
        return False
    return word.confidence < (doubted_below if _HAS_DIGIT.search(word.text) else DOUBTED_WORD)


def _is_same_number(before: Word, after: Word) -> bool:
    """Return whether two words may be parts of one number: numeric, near, on one line."""
    height = min(before.box.height, after.box.height)
    level = abs(before.box.center[1] - after.box.center[1]) < height / 2
    gap = after.box.left - before.box.right
    near = -height < gap < _GAP * height
    return level and near and bool(_SIGNS.fullmatch(after.text)) and _ends_in_sign(before.text)


def _ends_in_sign(text: str) -> bool:
    return bool(_SIGNS.fullmatch(text[-1]))


def printed_otherwise(image: GreyImage, words: Sequence[Word]) -> tuple[int, dict[int, str]]:
    """Return how many numbers of a text layer were compared with the page, and what differs.

    The largest sums of money are read from the pixels: three, and three more where one differs. A
    number differs where the second engine is sure of as many digits that are not the layer's.
    """
    money = [index for index, word in enumerate(words) if _MONEY.search(word.text)]
    money.sort(key=lambda index: (-len(_digits(words[index].text)), -_value(words[index].text)))
    others: dict[int, str] = {}
    compared = 0
    for index in money[: 2 * COMPARED]:
        if compared == COMPARED and not others:
            break
        text, score = recognise_box(image, words[index].box)
        compared += 1
        read, layer = _digits(text), _digits(words[index].text)
        if score >= SURE_SCORE and read != layer and len(read) == len(layer):
            others[index] = text
    return compared, others


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _value(text: str) -> int:
    return int(_digits(text) or 0)


def _min_confidence(cell: Sequence[Word]) -> float:
    return min(1.0 if word.confidence is None else word.confidence for word in cell)


def _crop(image: GreyImage, box: Box) -> GreyImage:
    """Return the cell's pixels with a margin around it."""
    height, width = image.shape
    tall = max(box.height * height, 4.0)
    left, right = box.left * width - _SIDES * tall, box.right * width + _SIDES * tall
    top, bottom = box.top * height - _EDGES * tall, box.bottom * height + _EDGES * tall
    return image[
        max(int(top), 0) : max(int(bottom) + 1, 1), max(int(left), 0) : max(int(right) + 1, 1)
    ]


def recognise_box(image: GreyImage, box: Box) -> tuple[str, float]:
    """Return the second engine's text and score for one place of an upright page."""
    return _recognise(_crop(image, box))


def _recognise(cut: GreyImage) -> tuple[str, float]:
    """Return the second engine's text and score for the cut-out; ("", 0) where it finds none."""
    if min(cut.shape) < 4:
        return "", 0.0
    coloured = cv2.cvtColor(np.ascontiguousarray(cut), cv2.COLOR_GRAY2BGR)
    read = _engine()(coloured, use_det=False, use_cls=False, use_rec=True)
    texts, scores = getattr(read, "txts", None), getattr(read, "scores", None)
    if not texts or not scores:
        return "", 0.0
    return str(texts[0]).strip(), float(scores[0])


def _merge_readings(
    old: Sequence[Word], box: Box, text: str, score: float
) -> tuple[Word, ...] | None:
    """Return the words after both readings; None when the first reading stays unchanged."""
    first = " ".join(word.text for word in old)
    confidence = _min_confidence(old)
    if not text:
        return None
    if text.replace(" ", "") == first.replace(" ", ""):
        agreed_confidence = min(1 - (1 - confidence) * (1 - score), MAX_AGREED_CONFIDENCE)
        if len(old) == 1 or " " in text:
            return tuple(replace(word, confidence=agreed_confidence) for word in old)
        return (Word(text, box, agreed_confidence),)
    if score < MIN_SCORE or not _HAS_DIGIT.search(text):
        # Tesseract is better at letters
        return None
    parts = text.split()
    if len(parts) == 1:
        return (Word(text, box, score, first.replace(" ", "")),)
    return tuple(Word(part, place, score) for part, place in _split_box(parts, box))


def _split_box(parts: Sequence[str], box: Box) -> Iterator[tuple[str, Box]]:
    """Yield the parts side by side in the box, each as wide as its letters."""
    total = sum(map(len, parts)) + len(parts) - 1
    start = 0
    for part in parts:
        left = box.left + box.width * start / total
        right = box.left + box.width * (start + len(part)) / total
        yield part, Box(left, box.top, right, box.bottom)
        start += len(part) + 1
