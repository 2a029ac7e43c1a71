"""Finds the printed lines and cells of a page from its boxes: the same for real and synthetic.

A cell is a run of words on one line with no gap wider than the text is high.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data.records import LabelledPage

WIDE_GAP = 1.0  # text heights between two cells; a word space is about 0.3


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """One word in units of the page's width: edges, truth. `top` and `bottom` count downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    tag: str
    item: int

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[PrintedWord]


def printed_lines(labelled: LabelledPage) -> list[Line]:
    """Group the page's words into lines, top to bottom, each from left to right."""
    page = labelled.page
    tall = 1 / page.upright_aspect
    truth = zip(page.words, labelled.tags, labelled.items, strict=True)
    words = [
        PrintedWord(word.text, box.left, box.top * tall, box.right, box.bottom * tall, tag, item)
        for word, tag, item in truth
        for box in (word.box,)
        if box.height > 0 and box.width > 0
    ]
    typical = float(np.median([word.height for word in words])) if words else 0.0
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: word.middle):
        height = min(max(word.height, typical * 0.6), typical * 2)
        if lines and word.middle - lines[-1][-1].middle < height * 0.35:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def split_cells(line: Sequence[PrintedWord]) -> list[Line]:
    """Cut the line at its wide gaps."""
    height = float(np.median([word.height for word in line]))
    parts: list[Line] = [[line[0]]]
    for before, word in pairwise(line):
        if word.left - before.right > WIDE_GAP * height:
            parts.append([])
        parts[-1].append(word)
    return parts


def count_clusters(edges: Sequence[float], width: float, min_edges: int) -> int:
    """Count the groups of at least `min_edges` edges within `width` of their neighbours."""
    count, run, last = 0, 0, -1.0
    for edge in [*sorted(edges), float("inf")]:
        if edge - last > width:
            count += run >= min_edges
            run = 0
        run, last = run + 1, edge
    return count
