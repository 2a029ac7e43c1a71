"""Words put together and joined_below apart where print and geometry show one number or two.

PDF programs and OCR cut "40.00" before its cents and glue the cells of two narrow columns. A gap is
measured in digits of the word before it: a printed space is about half a digit wide.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from data.records import Box, Word

NO_SPACE = 0.35  # widths of a digit; less than this is no printed space
_OPEN_END = re.compile(r"[-(]?[$€£¥]?\d[\d.,']*[.,]")  # "40.", "1.234,"
_OPEN_MONEY = re.compile(r"[-(]?(?:[$€£¥]\d{1,3}|\d{1,3}(?=[.,]\d{3}))(?:[.,]\d{3})*[.,]")
_DECIMALS = re.compile(r"\d{2}[-)%]?|\d{4,6}")
_CENTS = re.compile(r"\d{2}")
_DECIMALS_WITH_MARK = re.compile(r"[.,]\d{2}[-)%]?")
_WHOLE = re.compile(r"[-(]?[$€£¥]?\d[\d.,']*")
_SIGN = re.compile(r"[$€£¥]?[-\u2212(]|[-\u2212]?[$€£¥]")
_NUMBER = re.compile(r"\d[\d.,']*[)%]?")
# Two amounts with cents and nothing between them: "150.0030.00"
_GLUED = re.compile(
    r"([$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2})([$€£]?(?:\d{1,3}(?:,\d{3})+|[1-9]\d*|0)\.\d{2})"
    r"|([$€£]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{2})([$€£]?(?:\d{1,3}(?:\.\d{3})+|[1-9]\d*|0),\d{2})"
)
_ONE_AFTER_ALL = re.compile(r"\d{1,3}(?:([.,])\d{3})+\1\d{2}")  # "1.234.56": one mark misread

_STROKES = frozenset("|1lI¦!")
_THIN = 0.3  # widths of a digit
_TALL = 1.4  # heights of the other numbers
_MIN_DIGITS = 3


def mend_numbers(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words, in reading order, with the parts of one number joined and glued ones split.

    Only what print and geometry leave no doubt about: a gap as wide as a space keeps two words.
    """
    joined: list[Word] = []
    for word in _without_rules(words):
        if joined and _is_one_number(joined[-1], word):
            joined[-1] = _join(joined[-1], word)
        else:
            joined.extend(_split(word))
    return _with_cents_below(joined)


def _without_rules(words: Sequence[Word]) -> list[Word]:
    """Return the words without upright rules of a table that OCR read as a 1 or a bar.

    A stroke is one where it is both thinner than any digit and taller than the print.
    """
    digits = [word for word in words if sum(map(str.isdigit, word.text)) >= _MIN_DIGITS]
    if not digits:
        return list(words)
    width = median(_digit_width(word) for word in digits)
    height = median(word.box.height for word in digits)
    return [
        word
        for word in words
        if word.confidence is None
        or word.text not in _STROKES
        or word.box.height < _TALL * height
        or word.box.right - word.box.left > _THIN * width
    ]


def _is_one_number(left: Word, right: Word) -> bool:
    if abs(left.box.center[1] - right.box.center[1]) > 0.4 * max(left.box.height, right.box.height):
        return False
    gap = (right.box.left - left.box.right) / _digit_width(left)
    if not -NO_SPACE < gap < NO_SPACE:
        return False
    first, second = left.text, right.text
    return bool(
        (_OPEN_END.fullmatch(first) and _DECIMALS.fullmatch(second))
        or (_WHOLE.fullmatch(first) and _DECIMALS_WITH_MARK.fullmatch(second))
        or (_SIGN.fullmatch(first) and _NUMBER.match(second) and len(first) < 3)
    )


def _digit_width(word: Word) -> float:
    return max(word.box.right - word.box.left, 1e-6) / len(word.text)


def _join(left: Word, right: Word) -> Word:
    confidences = [c for c in (left.confidence, right.confidence) if c is not None]
    return Word(
        left.text + right.text,
        left.box.union(right.box),
        min(confidences) if confidences else None,
    )


def _split(word: Word) -> tuple[Word, ...]:
    """Return the two amounts of a word that glues them, else the word."""
    match = _GLUED.fullmatch(word.text)
    if match is None or _ONE_AFTER_ALL.fullmatch(word.text):
        return (word,)
    first, second = (part for part in match.groups() if part is not None)
    box, share = word.box, len(first) / len(word.text)
    middle = box.left + share * (box.right - box.left)
    return (
        replace(word, text=first, box=Box(box.left, box.top, middle, box.bottom), other=None),
        replace(word, text=second, box=Box(middle, box.top, box.right, box.bottom), other=None),
    )


def _with_cents_below(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words with cents that wrapped in their cell put behind their amount.

    "$2,000." over "00" is 2,000.00 where the two share an edge and nothing stands beside the cents.
    """
    if not any(_OPEN_MONEY.fullmatch(word.text) for word in words):
        return tuple(words)
    joined_below: set[int] = set()
    mended = list(words)
    for index, word in enumerate(words):
        if not _OPEN_MONEY.fullmatch(word.text):
            continue
        below = [
            place
            for place in range(index + 1, len(words))
            if place not in joined_below and _is_below(word, words[place])
        ]
        if len(below) == 1 and _stands_alone(words, below[0]):
            joined_below.add(below[0])
            mended[index] = _join(word, words[below[0]])
    return tuple(word for index, word in enumerate(mended) if index not in joined_below)


def _is_below(amount: Word, cents: Word) -> bool:
    if not _CENTS.fullmatch(cents.text):
        return False
    gap = cents.box.top - amount.box.bottom
    near = -0.3 * amount.box.height < gap < 0.8 * amount.box.height
    edge = _digit_width(amount)
    aligned = min(abs(cents.box.left - amount.box.left), abs(cents.box.right - amount.box.right))
    return near and cents.box.center[1] > amount.box.bottom - 0.2 * edge and aligned < edge


def _stands_alone(words: Sequence[Word], index: int) -> bool:
    """Return whether no word follows or precedes on the line within two digits."""
    box, reach = words[index].box, 2 * _digit_width(words[index])
    return not any(
        abs(other.box.center[1] - box.center[1]) < 0.5 * box.height
        and -reach < max(other.box.left - box.right, box.left - other.box.right) < reach
        for place, other in enumerate(words)
        if place != index
    )
