"""Printed lines of a page, their gaps, and the patterns of numbers and money in them.

Gaps are measured in letters of their line; an ordinary space is about half a letter.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from data.records import Box, Page, Word

Line = tuple[Word, ...]

SPACE = 0.8  # letters: up to here two words are one phrase
COLUMN_GAP = 1.8  # letters: from here two words are two cells
NEXT_LINE = 1.8  # heights from middle to middle: further down is another paragraph

MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_NUMBER = re.compile(r"[-+(]*[^\w\s]?\d[\d.,'’]*[)%]*[^\w\s]?-?")


def printed_lines(page: Page) -> list[Line]:
    """Return the words by printed line, top to bottom, and from left to right within it."""
    lines: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: word.box.center[1]):
        last = lines[-1][-1].box if lines else word.box
        reach = 0.5 * min(word.box.height, last.height)
        if lines and word.box.center[1] - last.center[1] <= reach:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(sorted(line, key=lambda word: word.box.left)) for line in lines]


def split_at_gaps(line: Line, letters: float) -> list[Line]:
    """Split the line where words are further apart than that many letters."""
    if not line:
        return []
    gap = letters * letter_width(line)
    cuts = [
        index
        for index, (first, second) in enumerate(pairwise(line), start=1)
        if second.box.left - first.box.right > gap
    ]
    return [line[start:end] for start, end in pairwise([0, *cuts, len(line)])]


def is_number(word: Word) -> bool:
    """True where the word is digits with marks around them, no code and no date."""
    return _NUMBER.fullmatch(word.text) is not None


def letter_width(line: Line) -> float:
    """The mean width of the line's letters, as a fraction of the page's width."""
    letters = sum(len(word.text) for word in line)
    return sum(word.box.width for word in line) / max(letters, 1)


def is_next_line(first: Line, second: Line) -> bool:
    """True where the second line is right below the first."""
    height = max(word.box.height for word in (*first, *second))
    step = union_of(second).center[1] - union_of(first).center[1]
    return 0 < step <= NEXT_LINE * height


def union_of(words: Sequence[Word]) -> Box:
    """The box around all words; there must be one."""
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box
