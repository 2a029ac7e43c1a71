"""Read words laid beside printed ones: which belong together, and where their texts differ."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from data.synthesis.ocr_noise.noise import Seen

_OVERLAP = 0.5  # of the smaller box, from which two words lie on each other


class Group(NamedTuple):
    """Printed and read words (indices, left to right) that lie on each other."""

    printed: tuple[int, ...]
    read: tuple[int, ...]


class Edit(NamedTuple):
    """`printed[start:end]` was read as `text`."""

    start: int
    end: int
    text: str


def groups(printed: Sequence[Seen], read: Sequence[Seen]) -> list[Group]:
    """Every word in one group; lost words and specks stand alone in theirs."""
    parent = list(range(len(printed) + len(read)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for place, near in enumerate(_neighbours(printed, read)):
        for other in near:
            parent[root(other)] = root(len(printed) + place)
    members: dict[int, tuple[list[int], list[int]]] = {}
    for place in range(len(parent)):
        mine = members.setdefault(root(place), ([], []))
        if place < len(printed):
            mine[0].append(place)
        else:
            mine[1].append(place - len(printed))
    return [
        Group(
            tuple(sorted(one, key=lambda place: printed[place].box.left)),
            tuple(sorted(other, key=lambda place: read[place].box.left)),
        )
        for one, other in members.values()
    ]


def _neighbours(printed: Sequence[Seen], read: Sequence[Seen]) -> list[list[int]]:
    """For every read word the printed words it lies on."""
    if not printed:
        return [[] for _ in read]
    edges = np.array([[w.box.left, w.box.top, w.box.right, w.box.bottom] for w in printed])
    areas = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    found = []
    for word in read:
        box = word.box
        wide = np.minimum(edges[:, 2], box.right) - np.maximum(edges[:, 0], box.left)
        tall = np.minimum(edges[:, 3], box.bottom) - np.maximum(edges[:, 1], box.top)
        shared = np.clip(wide, 0, None) * np.clip(tall, 0, None)
        smaller = np.maximum(np.minimum(areas, box.width * box.height), 1e-12)
        near = [int(place) for place in np.flatnonzero(shared >= _OVERLAP * smaller)]
        found.append(_on_one_line(word, printed, near))
    return found


def _on_one_line(word: Seen, printed: Sequence[Seen], near: list[int]) -> list[int]:
    """Of several lines that a wild box covers, the one whose text was read."""
    if len(near) < 2:
        return near
    tops = [printed[place].box.center[1] for place in near]
    height = min(printed[place].box.height for place in near)
    if max(tops) - min(tops) < 0.6 * height:
        return near
    best = max(near, key=lambda place: _likeness(printed[place].text, word.text))
    level = printed[best].box
    same = [p for p in near if abs(printed[p].box.center[1] - level.center[1]) < level.height / 2]
    # A rule read as part of a word makes its box as wide as the rule
    if len(word.text) < 0.6 * sum(len(printed[place].text) for place in same):
        return [best]
    return same


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def edits(printed: str, read: str) -> list[Edit]:
    """The least changes from one text to the other, neighbouring ones taken together."""
    if printed == read:
        return []
    rows, columns = len(printed) + 1, len(read) + 1
    cost = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        cost[row][0] = row
    cost[0] = list(range(columns))
    for row in range(1, rows):
        above, here, char = cost[row - 1], cost[row], printed[row - 1]
        for column in range(1, columns):
            step = above[column - 1] + (char != read[column - 1])
            here[column] = min(step, above[column] + 1, here[column - 1] + 1)
    found: list[Edit] = []
    row, column = rows - 1, columns - 1
    while row or column:
        here_ = cost[row][column]
        same = row and column and printed[row - 1] == read[column - 1]
        if same and here_ == cost[row - 1][column - 1]:
            row, column = row - 1, column - 1
            continue
        end = row
        if row and column and here_ == cost[row - 1][column - 1] + 1:
            row, column, text = row - 1, column - 1, read[column - 1]
        elif row and here_ == cost[row - 1][column] + 1:
            row, text = row - 1, ""
        else:
            column, text = column - 1, read[column - 1]
        if found and found[-1].start == end:
            last = found.pop()
            found.append(Edit(row, last.end, text + last.text))
        else:
            found.append(Edit(row, end, text))
    return found[::-1]
