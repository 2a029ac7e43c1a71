"""Doubtful words read again: cut out and given to a second OCR engine that errs in other places.

Tesseract reads a page well and single numbers on photographed paper badly: of 382 amounts on 90
till receipts it had .673 right, RapidOCR .974 of the same places cut out (24 ms each, one thread).
So Tesseract says where words stand, and numbers that it doubts are read again. Where the engines
agree a word is surer than either said; where they differ, the second is believed, and what the
first read stays with the word (`Word.other`): the row's arithmetic may still prefer it.
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
MOST_CELLS = 80  # of one page, the most doubtful first
TIME_S = 6.0  # of this thread's CPU for all cells of one page: a busy machine reads the same
BELIEVED = 0.8  # least score of the second engine for its reading to replace the first
SUREST = 0.99  # of two engines that agree
_SIDES = 0.4  # of a cell's height: paper left and right of it in the cut-out
_EDGES = 0.15  # and above and below
_GAP = 0.6  # of a word's height: parts of one number lie nearer ("21" "20" for 21.20)
_HAS_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[\d.,;:'’„()%$€£+\-−]+")


@cache
def _engine() -> "RapidOCR":
    """The second engine, one a process. Its network lies in the package: nothing is fetched."""
    from rapidocr import RapidOCR

    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings: dict[str, Any] = {f"EngineConfig.onnxruntime.{k}": v for k, v in threads.items()}
    # As narrow as its square: by default a number is padded to 320 px, at twice the cost
    settings["Rec.rec_img_shape"] = [3, 48, 48]
    return RapidOCR(params=settings | {"Global.log_level": "error"})


def read_again(image: GreyImage, words: Sequence[Word], certainty: float) -> tuple[Word, ...]:
    """The words of an upright page with the doubtful ones read again, in the same order.

    `certainty` is the page's mean confidence. A number read in parts becomes one word, a cell with
    a blank in it several. At most `MOST_CELLS` are looked at, until `TIME_S` is over; what was not
    looked at, or where the second engine is unsure, stays as it was read.
    """
    cells = sorted(
        doubtful_cells(words, certainty), key=lambda cell: _sureness([words[i] for i in cell])
    )
    deadline = time.thread_time() + TIME_S
    found: dict[int, tuple[Word, ...]] = {}
    gone: set[int] = set()
    for cell in cells[:MOST_CELLS]:
        if time.thread_time() > deadline:
            break
        old = [words[index] for index in cell]
        box = reduce(Box.union, (word.box for word in old))
        text, score = _recognise(_cut(image, box))
        new = _weighed(old, box, text, score)
        if new is not None:
            found[cell[0]] = new
            gone.update(cell[1:])
    return tuple(
        word
        for index, old in enumerate(words)
        if index not in gone
        for word in found.get(index, (old,))
    )


def doubtful_cells(words: Sequence[Word], certainty: float) -> Iterator[tuple[int, ...]]:
    """Runs of places of neighbouring words that are read again together.

    A part of a number drags its other parts along: in "21" "20" both may be stated as sure.
    """
    least = DOUBTED_NUMBER if certainty >= BAD_PAGE else DOUBTED_NUMBER_ON_BAD_PAGE
    run: list[int] = []
    for index, word in enumerate(words):
        if run and not _parts_of_one(words[run[-1]], word):
            if any(_is_doubtful(words[place], least) for place in run):
                yield tuple(run)
            run = []
        run.append(index)
    if run and any(_is_doubtful(words[place], least) for place in run):
        yield tuple(run)


def _is_doubtful(word: Word, least: float) -> bool:
    if word.confidence is None:
        return False
    return word.confidence < (least if _HAS_DIGIT.search(word.text) else DOUBTED_WORD)


def _parts_of_one(before: Word, after: Word) -> bool:
    """Whether two words may be parts of one number: signs of numbers, near, on one line."""
    height = min(before.box.height, after.box.height)
    level = abs(before.box.center[1] - after.box.center[1]) < height / 2
    gap = after.box.left - before.box.right
    near = -height < gap < _GAP * height
    return level and near and bool(_SIGNS.fullmatch(after.text)) and _ends_in_sign(before.text)


def _ends_in_sign(text: str) -> bool:
    return bool(_SIGNS.fullmatch(text[-1]))


def _sureness(cell: Sequence[Word]) -> float:
    return min(1.0 if word.confidence is None else word.confidence for word in cell)


def _cut(image: GreyImage, box: Box) -> GreyImage:
    """The cell with a little paper around it."""
    height, width = image.shape
    tall = max(box.height * height, 4.0)
    left, right = box.left * width - _SIDES * tall, box.right * width + _SIDES * tall
    top, bottom = box.top * height - _EDGES * tall, box.bottom * height + _EDGES * tall
    return image[
        max(int(top), 0) : max(int(bottom) + 1, 1), max(int(left), 0) : max(int(right) + 1, 1)
    ]


def _recognise(cut: GreyImage) -> tuple[str, float]:
    """What the second engine reads there and how sure it is; nothing where it reads nothing."""
    if min(cut.shape) < 4:
        return "", 0.0
    coloured = cv2.cvtColor(np.ascontiguousarray(cut), cv2.COLOR_GRAY2BGR)
    read = _engine()(coloured, use_det=False, use_cls=False, use_rec=True)
    texts, scores = getattr(read, "txts", None), getattr(read, "scores", None)
    if not texts or not scores:
        return "", 0.0
    return str(texts[0]).strip(), float(scores[0])


def _weighed(old: Sequence[Word], box: Box, text: str, score: float) -> tuple[Word, ...] | None:
    """The words after both readings; None when the first reading stands as it is."""
    first = " ".join(word.text for word in old)
    sure = _sureness(old)
    if not text:
        return None
    if text.replace(" ", "") == first.replace(" ", ""):
        both = min(1 - (1 - sure) * (1 - score), SUREST)
        if len(old) == 1 or " " in text:
            return tuple(replace(word, confidence=both) for word in old)
        return (Word(text, box, both),)
    if score < BELIEVED or not _HAS_DIGIT.search(text):
        # Letters are what Tesseract is better at
        return None
    parts = text.split()
    if len(parts) == 1:
        return (Word(text, box, score, first.replace(" ", "")),)
    return tuple(Word(part, place, score) for part, place in _spread(parts, box))


def _spread(parts: Sequence[str], box: Box) -> Iterator[tuple[str, Box]]:
    """The parts side by side in the box, each as wide as its letters."""
    total = sum(map(len, parts)) + len(parts) - 1
    start = 0
    for part in parts:
        left = box.left + box.width * start / total
        right = box.left + box.width * (start + len(part)) / total
        yield part, Box(left, box.top, right, box.bottom)
        start += len(part) + 1
