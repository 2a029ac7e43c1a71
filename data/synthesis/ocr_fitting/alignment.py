"""Aligns read words with printed ones: groups them by place, and lists the text differences."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from data.synthesis.ocr_noise.noise import TaggedWord

_OVERLAP = 0.5  # of the smaller box, from which two words overlap


class Group(NamedTuple):
    """Printed and read words (indices, left to right) that overlap."""

    printed: tuple[int, ...]
    read: tuple[int, ...]


class Edit(NamedTuple):
    """`printed[start:end]` was read as `text`."""

    start: int
    end: int
    text: str


def group_words(printed: Sequence[TaggedWord], read: Sequence[TaggedWord]) -> list[Group]:
    """Group the words that overlap; lost words and specks have a group of their own."""
    parent = list(range(len(printed) + len(read)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for place, near in enumerate(_neighbours(printed, read)):
        for printed_place in near:
            parent[root(printed_place)] = root(len(printed) + place)
    members: dict[int, tuple[list[int], list[int]]] = {}
    for place in range(len(parent)):
        places = members.setdefault(root(place), ([], []))
        if place < len(printed):
            places[0].append(place)
        else:
            places[1].append(place - len(printed))
    return [
        Group(
            tuple(sorted(printed_places, key=lambda place: printed[place].box.left)),
            tuple(sorted(read_places, key=lambda place: read[place].box.left)),
        )
        for printed_places, read_places in members.values()
    ]


def _neighbours(printed: Sequence[TaggedWord], read: Sequence[TaggedWord]) -> list[list[int]]:
    """For every read word the printed words that it overlaps."""
    if not printed:
        return [[] for _ in read]
    edges = np.array([[w.box.left, w.box.top, w.box.right, w.box.bottom] for w in printed])
    areas = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    neighbours = []
    for word in read:
        box = word.box
        wide = np.minimum(edges[:, 2], box.right) - np.maximum(edges[:, 0], box.left)
        tall = np.minimum(edges[:, 3], box.bottom) - np.maximum(edges[:, 1], box.top)
        shared = np.clip(wide, 0, None) * np.clip(tall, 0, None)
        smaller = np.maximum(np.minimum(areas, box.width * box.height), 1e-12)
        near = [int(place) for place in np.flatnonzero(shared >= _OVERLAP * smaller)]
        neighbours.append(_keep_best_line(word, printed, near))
    return neighbours


def _keep_best_line(word: TaggedWord, printed: Sequence[TaggedWord], near: list[int]) -> list[int]:
    """Keep, of several lines that a wrong box covers, the words of the line that was read."""
    if len(near) < 2:
        return near
    tops = [printed[place].box.center[1] for place in near]
    height = min(printed[place].box.height for place in near)
    if max(tops) - min(tops) < 0.6 * height:
        return near
    best = max(near, key=lambda place: _similarity(printed[place].text, word.text))
    level = printed[best].box
    same = [p for p in near if abs(printed[p].box.center[1] - level.center[1]) < level.height / 2]
    # A rule read as part of a word makes its box as wide as the rule
    if len(word.text) < 0.6 * sum(len(printed[place].text) for place in same):
        return [best]
    return same


def _similarity(printed: str, read: str) -> float:
    return SequenceMatcher(None, printed, read, autojunk=False).ratio()


def find_edits(printed: str, read: str) -> list[Edit]:
    """Find the fewest changes from one text to the other; neighbouring ones are joined."""
    if printed == read:
        return []
    rows, columns = len(printed) + 1, len(read) + 1
    cost = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        cost[row][0] = row
    cost[0] = list(range(columns))
    for row in range(1, rows):
        above, current, char = cost[row - 1], cost[row], printed[row - 1]
        for column in range(1, columns):
            step = above[column - 1] + (char != read[column - 1])
            current[column] = min(step, above[column] + 1, current[column - 1] + 1)
    changes: list[Edit] = []
    row, column = rows - 1, columns - 1
    while row or column:
        cost_here = cost[row][column]
        same = row and column and printed[row - 1] == read[column - 1]
        if same and cost_here == cost[row - 1][column - 1]:
            row, column = row - 1, column - 1
            continue
        end = row
        if row and column and cost_here == cost[row - 1][column - 1] + 1:
            row, column, text = row - 1, column - 1, read[column - 1]
        elif row and cost_here == cost[row - 1][column] + 1:
            row, text = row - 1, ""
        else:
            column, text = column - 1, read[column - 1]
        if changes and changes[-1].start == end:
            last = changes.pop()
            changes.append(Edit(row, last.end, text + last.text))
        else:
            changes.append(Edit(row, end, text))
    return changes[::-1]
