"""Printed lines and cells of a page, found from the boxes alone: the same for real and synthetic.

A cell is a run of words on one line with no gap wider than the text is high.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data.records import LabelledPage

WIDE_GAP = 1.0  # text heights between two cells; a word space is about 0.3


@dataclass(frozen=True, slots=True)
class Printed:
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


Line = list[Printed]


def printed_lines(labelled: LabelledPage) -> list[Line]:
    """The page's words by line, top to bottom, each from left to right."""
    page = labelled.page
    tall = 1 / page.upright_aspect
    truth = zip(page.words, labelled.tags, labelled.items, strict=True)
    words = [
        Printed(word.text, box.left, box.top * tall, box.right, box.bottom * tall, tag, item)
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


def cells(line: Sequence[Printed]) -> list[Line]:
    """The line cut at its wide gaps."""
    height = float(np.median([word.height for word in line]))
    found: list[Line] = [[line[0]]]
    for before, word in pairwise(line):
        if word.left - before.right > WIDE_GAP * height:
            found.append([])
        found[-1].append(word)
    return found


def clusters(edges: Sequence[float], width: float, least: int) -> int:
    """How many groups of at least `least` edges stand within `width` of their neighbours."""
    count, run, last = 0, 0, -1.0
    for edge in [*sorted(edges), float("inf")]:
        if edge - last > width:
            count += run >= least
            run = 0
        run, last = run + 1, edge
    return count
