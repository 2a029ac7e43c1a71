"""Grouping: tagged words -> cells of one tag -> items. No torch, and no value is read yet.

A *cell* is a run of words of one tag on one line. Items are clusters of cells under the same-item
head's affinities (average linkage); a cluster that holds several lines of money is cut at them,
because one line item has one amount.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from data.labels import DECIMAL_TAGS, HEADER_TAGS, LINE_TAGS, TAGS
from data.records import Box, Mark, Page, Word
from data.values.document_values import read_number

FloatArray = npt.NDArray[np.float32]
HalfArray = npt.NDArray[np.float16]
IntArray = npt.NDArray[np.int64]

TAG_INDEX = {tag: index for index, tag in enumerate(TAGS)}
CUT = 0.5  # affinity under which clusters stay apart
ATTACH = 0.2  # affinity that lets a cluster without numbers join one that has them
SURE = 0.7  # tag probability from which two amounts on two lines are two items
OTHER_READING = 0.15  # of two readings that differ, the share of belief in the first
JOIN_GAP = 2.2  # line heights between words of one cell; wider is another column
ANCHORS = ("amount", "gross_amount", "unit_price", "quantity", "quantity_shipped")
QUANTITIES = ("quantity_ordered", "quantity_received", "quantity_backordered", "quantity_rejected")

_NUMBER = re.compile(r"[-−(+]?[$€£¥]?[-−]?\d[\d.,'’]*[)\-−%]?")
_GROUP_HEAD = re.compile(r"(?:^|[^\d.,'’])\d{1,3}$")
_GROUP_TAIL = re.compile(r"\d{3}(?:\D|$)")
_OPEN_END = re.compile(r"\d[.,]$")
_DECIMALS = re.compile(r"\d{2}[-)%]?|\d{4,6}")
_LINE = np.array([TAG_INDEX[tag] for tag in LINE_TAGS])
_LINE_SET = frozenset(LINE_TAGS)
_HEADER_SET = frozenset(HEADER_TAGS)


@dataclass(frozen=True, slots=True)
class TaggedPage:
    """A page with the model's output: T words, L tags, K document types.

    `page` carries no image. `probabilities` (T, L) per word; `item_words` (N,) the indices of words
    that may belong to an item, `affinity` (N, N) their same-item probabilities, `document_types`
    (K,). `dropped` counts words beyond those the model takes in one page. `marks` are those made on
    the page by hand, None where there was no picture; `signature` is the probability of the
    likeliest place of a signature, `struck` the indices of words that are struck out.
    """

    page: Page
    probabilities: FloatArray
    item_words: IntArray
    affinity: HalfArray
    document_types: FloatArray
    dropped: int = 0
    marks: tuple[Mark, ...] | None = None
    signature: float = 0.0
    struck: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of words of one tag; `confidence` is the tag's lowest word probability.

    `other` is the second OCR reading of the cell's only word, None where it does not differ.
    `weight` is the share of belief in `text`: 1, and `OTHER_READING` for a cell of the other one.
    """

    tag: str
    words: tuple[int, ...]  # indices into the page's words
    text: str
    box: Box
    confidence: float
    probabilities: FloatArray = field(compare=False, repr=False)  # (L,) mean over the words
    other: str | None = None
    weight: float = 1.0

    def other_readings(self) -> tuple["Cell", ...]:
        """The cell with the second OCR reading as its text; () where it does not differ."""
        if self.other is None:
            return ()
        return (replace(self, text=self.other, other=self.text, weight=OTHER_READING),)


@dataclass(frozen=True, slots=True)
class ItemCells:
    """The cells of one item, top to bottom, with their mean affinity as `cohesion` (0..1).

    `spares` are numbers on the item's own lines that the model gave no line tag: arithmetic may
    still find that one of them is the quantity or price.
    """

    cells: tuple[Cell, ...]
    cohesion: float
    spares: tuple[Cell, ...] = ()

    def of(self, tag: str) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.tag == tag)

    @property
    def box(self) -> Box:
        box = self.cells[0].box
        for cell in self.cells[1:]:
            box = box.union(cell.box)
        return box


def find_item_words(probabilities: FloatArray) -> IntArray:
    """Indices of words that may belong to an item: the same-item head scores only these."""
    if not len(probabilities):
        return np.zeros(0, dtype=np.int64)
    inside = probabilities[:, _LINE].sum(axis=1)
    return np.nonzero((inside > 0.3) | np.isin(probabilities.argmax(axis=1), _LINE))[0]


def page_cells(tagged: TaggedPage) -> tuple[list[Cell], list[Cell]]:
    """Return (line cells, header cells) of a page, in reading order."""
    best = tagged.probabilities.argmax(axis=1) if len(tagged.probabilities) else np.zeros(0, int)
    place = {int(word): row for row, word in enumerate(tagged.item_words)}
    usual_height = line_height(tagged.page.words)
    lines: list[Cell] = []
    headers: list[Cell] = []
    run: list[int] = []

    def close() -> None:
        if run:
            tag = TAGS[int(best[run[0]])]
            (lines if tag in _LINE_SET else headers).append(make_cell(tagged, run, tag))
            run.clear()

    for index in range(len(best)):
        tag = TAGS[int(best[index])]
        if tag not in _LINE_SET and tag not in _HEADER_SET:
            close()
            continue
        if run and not _is_continuation(tagged, run[-1], index, best, place, usual_height):
            close()
        run.append(index)
    close()
    return lines, headers


def group_items(tagged: TaggedPage, cells: Sequence[Cell]) -> list[ItemCells]:
    """Group cells into items, top to bottom; cells in no item with a number are left out."""
    if not cells:
        return []
    affinity = _cell_affinity(tagged, cells)
    if len(cells) == 1:
        clusters = [[0]]
    else:
        distance = 1 - affinity
        np.fill_diagonal(distance, 0)
        tree = linkage(squareform(distance, checks=False), method="average")
        labels = fcluster(tree, t=1 - CUT, criterion="distance")
        clusters = [list(np.nonzero(labels == label)[0]) for label in np.unique(labels)]
    clusters = [
        part for cluster in clusters for part in _split_at_amounts(cluster, cells, affinity)
    ]
    clusters = _attach_numberless(clusters, cells, affinity)
    items = [_make_item(cluster, cells, affinity) for cluster in clusters]
    items = _add_spares(tagged, items)
    return sorted(items, key=lambda item: (_anchor(item).box.top, _anchor(item).box.left))


def line_height(words: Sequence[Word]) -> float:
    """The usual height of a word, in fractions of the page's height."""
    return float(np.median([word.box.height for word in words])) if words else 0.01


def _is_continuation(
    tagged: TaggedPage,
    before: int,
    index: int,
    best: IntArray,
    place: dict[int, int],
    usual_height: float,
) -> bool:
    """True where word `index` continues the cell that ends in word `before`."""
    if best[before] != best[index]:
        return False
    left, right = tagged.page.words[before].box, tagged.page.words[index].box
    first, second = tagged.page.words[before].text, tagged.page.words[index].text
    if TAGS[int(best[index])] in DECIMAL_TAGS and _is_number_pair(first, second):
        return False
    reach = join_reach(tagged.page, usual_height)
    if not is_on_one_line(left, right) or not -reach / 2 < right.left - left.right < reach:
        return False
    if before in place and index in place:
        return bool(tagged.affinity[place[before], place[index]] > CUT)
    return True


def is_on_one_line(first: Box, second: Box) -> bool:
    """True where two words are on one printed line."""
    return abs(first.center[1] - second.center[1]) < 0.6 * max(first.height, second.height)


def join_reach(page: Page, usual_height: float) -> float:
    """The widest gap within a cell, in fractions of the page's width; wider is another column."""
    return JOIN_GAP * usual_height / max(page.upright_aspect, 0.2)


def _is_number_pair(first: str, second: str) -> bool:
    """True where two words are two numbers, not one written with a space ("1 040,10")."""
    if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(second)):
        return False
    if _OPEN_END.search(first) and _DECIMALS.fullmatch(second):  # "40. 00", "18. 500000"
        return False
    return not (_GROUP_HEAD.search(first) and _GROUP_TAIL.match(second))


def make_cell(tagged: TaggedPage, run: Sequence[int], tag: str) -> Cell:
    """Make one cell of that tag from those words of the page."""
    words = [tagged.page.words[index] for index in run]
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    rows = tagged.probabilities[list(run)]
    return Cell(
        tag=tag,
        words=tuple(run),
        text=_readable_text([word.text for word in words], tag),
        box=box,
        confidence=float(rows[:, TAG_INDEX[tag]].min()),
        probabilities=rows.mean(axis=0),
        other=words[0].other if len(words) == 1 else None,
    )


def _readable_text(texts: Sequence[str], tag: str) -> str:
    """The words joined; of a number beside words that are none of it ("12.50 ZRL"), the number."""
    whole = " ".join(texts)
    if tag not in DECIMAL_TAGS or len(texts) == 1 or read_number(whole):
        return whole
    numbers = [text for text in texts if read_number(text)]
    return numbers[0] if len(numbers) == 1 else whole


def _cell_affinity(tagged: TaggedPage, cells: Sequence[Cell]) -> FloatArray:
    """Mean same-item probability between the words of two cells, (C, C) symmetric."""
    place = {int(word): row for row, word in enumerate(tagged.item_words)}
    member = np.zeros((len(cells), len(tagged.item_words)), dtype=np.float32)
    for row, cell in enumerate(cells):
        for word in cell.words:
            member[row, place[word]] = 1 / len(cell.words)
    affinity = member @ tagged.affinity.astype(np.float32) @ member.T
    symmetric: FloatArray = ((affinity + affinity.T) / 2).clip(0, 1).astype(np.float32)
    return symmetric


def _split_at_amounts(
    cluster: Sequence[int], cells: Sequence[Cell], affinity: FloatArray
) -> list[list[int]]:
    """Split the cluster so that every part has one amount (failing amounts: one quantity).

    Two numbers of the column are two lines of the document when the same-item head keeps them
    apart, or when the model is sure of both and they are on different lines: aired dates under one
    programme, deliveries under one article. A part without a description then shares the one above.
    """
    for tag in ("amount", "quantity"):
        seeds: list[int] = []
        for index in cluster:
            if cells[index].tag == tag and all(
                affinity[index, seed] < CUT
                or (tag == "amount" and _is_on_own_line(cells, index, seed))
                for seed in seeds
            ):
                seeds.append(index)
        if len(seeds) > 1:
            return _split_at_seeds(cluster, seeds, cells, affinity)
        if seeds:
            break
    return [list(cluster)]


def _is_on_own_line(cells: Sequence[Cell], index: int, seed: int) -> bool:
    first, second = cells[index], cells[seed]
    apart = abs(first.box.center[1] - second.box.center[1])
    both_sure = min(first.confidence, second.confidence) > SURE
    return both_sure and apart > 0.7 * max(first.box.height, second.box.height)


def _split_at_seeds(
    cluster: Sequence[int], seeds: Sequence[int], cells: Sequence[Cell], affinity: FloatArray
) -> list[list[int]]:
    """Put every cell with the seed on its line, else with the one of the highest affinity."""
    parts: dict[int, list[int]] = {seed: [seed] for seed in seeds}
    for index in cluster:
        if index in parts:
            continue
        beside = [
            seed
            for seed in seeds
            if abs(cells[index].box.center[1] - cells[seed].box.center[1])
            < 0.5 * max(cells[index].box.height, cells[seed].box.height)
        ]
        choice = max(beside or seeds, key=lambda seed: float(affinity[index, seed]))
        parts[choice].append(index)
    ordered = sorted(parts.values(), key=lambda part: cells[part[0]].box.top)
    above: list[int] = []
    for part in ordered:
        descriptions = [index for index in part if cells[index].tag == "description"]
        if descriptions:
            above = descriptions
        else:
            part.extend(above)
    return ordered


def _attach_numberless(
    clusters: list[list[int]], cells: Sequence[Cell], affinity: FloatArray
) -> list[list[int]]:
    """Clusters with a number; the others join the one of the highest affinity, or are dropped."""

    def has_anchor(cluster: Sequence[int]) -> bool:
        return any(cells[index].tag in (*ANCHORS, *QUANTITIES) for index in cluster)

    anchored = [cluster for cluster in clusters if has_anchor(cluster)]
    grown = [list(cluster) for cluster in anchored]
    for cluster in clusters:
        if has_anchor(cluster) or not anchored:
            continue
        strengths = [float(affinity[np.ix_(cluster, other)].mean()) for other in anchored]
        strongest = int(np.argmax(strengths))
        if strengths[strongest] > ATTACH:
            grown[strongest].extend(cluster)
    return grown


def _make_item(cluster: Sequence[int], cells: Sequence[Cell], affinity: FloatArray) -> ItemCells:
    ordered = sorted(cluster, key=lambda index: cells[index].words[0])
    inside = affinity[np.ix_(ordered, ordered)]
    pairs = inside[np.triu_indices(len(ordered), 1)]
    cohesion = float(pairs.mean()) if len(pairs) else 1.0
    return ItemCells(tuple(cells[index] for index in ordered), cohesion)


def _add_spares(tagged: TaggedPage, items: Sequence[ItemCells]) -> list[ItemCells]:
    best = tagged.probabilities.argmax(axis=1)
    loose = [
        make_cell(tagged, [index], TAGS[int(best[index])])
        for index, word in enumerate(tagged.page.words[: len(best)])
        if TAGS[int(best[index])] == "other" and _NUMBER.fullmatch(word.text)
    ]
    grown = []
    for item in items:
        middles = [(cell.box.center[1], cell.box.height) for cell in item.cells if _is_number(cell)]
        spares = [
            cell
            for cell in loose
            if any(abs(cell.box.center[1] - y) < 0.5 * height for y, height in middles)
        ]
        grown.append(ItemCells(item.cells, item.cohesion, tuple(spares)))
    return grown


def _is_number(cell: Cell) -> bool:
    return cell.tag in ANCHORS or cell.tag in QUANTITIES


def _anchor(item: ItemCells) -> Cell:
    for tag in (*ANCHORS, *QUANTITIES):
        for cell in item.cells:
            if cell.tag == tag:
                return cell
    return item.cells[0]
