"""Columns of numbers in the tables of tagged pages, found by place alone.

A number is a word that reads as one, with the currency mark and the digit group beside it. Rows are
printed lines with a number that the network believes to be part of an item. Numbers of different
rows that share an edge or their middle stand in one column. A printed table head begins a new
table; tables whose columns stand at the same places, as on a second page, are read as one.
"""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from data.labels import DECIMAL_TAGS, LINE_TAGS
from data.records import Box, Word
from data.values.currencies import is_currency_mark
from data.values.document_values import read_number
from training.decoding.grouping import TAG_INDEX, TaggedPage
from training.decoding.printed_lines import union_of
from training.decoding.tables.table_heads import NEAR, TableHead, find_heads

ANCHOR = 0.5  # probability of a number of an item from which its line is a row
ALIGNED = 0.7  # letters between edges, or middles, of numbers of one column
OVERLAPPING = 0.4  # of the narrower of two numbers of one column, the share under the other
SHARED = 0.6  # share of columns at the same places from which two tables are one
ON_LINE = 0.5  # heights between the middles of words of one line
MAX_LETTERS = 4  # in a number: "10Stk", "EUR12.50"; more are a code or a name

_GROUP_HEAD = re.compile(r"(?:^|[^\d.,'’])\d{1,3}$")
_GROUP_TAIL = re.compile(r"\d{3}(?:[.,]\d+)?\D*$")
_NUMBERS = np.array([TAG_INDEX[tag] for tag in LINE_TAGS if tag in DECIMAL_TAGS])


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number in a table: its page, its row and its words, those with digits first.

    `page` and `words` are indices; `row` is counted over the whole document.
    """

    page: int
    row: int
    words: tuple[int, ...]
    text: str
    box: Box


@dataclass(slots=True)
class NumberColumn:
    """The numbers of one column, and the words of the heads printed above it.

    `left` and `right` are its usual edges, in fractions of the page's width.
    """

    numbers: list[PrintedNumber]
    head: tuple[str, ...] = ()
    by_row: dict[int, PrintedNumber] = field(init=False)
    left: float = field(init=False)
    right: float = field(init=False)

    def __post_init__(self) -> None:
        self.by_row = {number.row: number for number in self.numbers}
        self._place()

    def _place(self) -> None:
        self.left = statistics.median(number.box.left for number in self.numbers)
        self.right = statistics.median(number.box.right for number in self.numbers)

    def join(self, other: "NumberColumn") -> None:
        """Add the numbers of a column at the same place, and its head where this one has none."""
        self.numbers += other.numbers
        self.by_row |= other.by_row
        self.head = self.head or other.head
        self._place()


NumberTable = list[NumberColumn]


def find_tables(pages: Sequence[TaggedPage]) -> list[NumberTable]:
    """Find the tables of numbers of a document, those of one layout joined over all pages."""
    tables: list[NumberTable] = []
    first_row = 0
    for index, tagged in enumerate(pages):
        rows = _number_rows(tagged, index, first_row)
        first_row += len(rows)
        letter = _letter_width(tagged)
        for head, section in _sections(rows, find_heads(tagged)):
            if head is None:
                section = [
                    [number for number in row if _is_believed(tagged, number)] for row in section
                ]
            table = _columns(section, letter)
            if head is not None:
                _bind_head(table, head)
            _join_table(tables, table, letter, headed=head is not None)
    return tables


def _is_believed(tagged: TaggedPage, number: PrintedNumber) -> bool:
    """True where the network believes the number to be one of an item."""
    return float(tagged.probabilities[number.words[0]][_NUMBERS].sum()) >= ANCHOR


def is_number_text(text: str) -> bool:
    """True where the text is a number, perhaps with its unit or currency; no code, no date."""
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    return digits > 0 and letters <= min(MAX_LETTERS, 2 * digits) and bool(read_number(text))


def _number_rows(tagged: TaggedPage, page: int, first_row: int) -> list[list[PrintedNumber]]:
    """The numbers of the page by row, top to bottom; only rows that may be part of an item."""
    words = tagged.page.words[: len(tagged.probabilities)]
    numeric = [index for index, word in enumerate(words) if is_number_text(word.text)]
    if not numeric:
        return []
    certain = tagged.probabilities[:, _NUMBERS].sum(axis=1)
    rows: list[list[PrintedNumber]] = []
    for line in _lines(words, numeric):
        if any(certain[index] >= ANCHOR for index in line):
            numbers = _join_words(words, line)
            row = first_row + len(rows)
            rows.append([replace(number, page=page, row=row) for number in numbers])
    return rows


def _lines(words: Sequence[Word], indices: Sequence[int]) -> list[list[int]]:
    """The words by printed line, top to bottom, from left to right within it."""
    lines: list[list[int]] = []
    middle = 0.0
    for index in sorted(indices, key=lambda index: words[index].box.center[1]):
        box = words[index].box
        if lines and box.center[1] - middle <= ON_LINE * box.height:
            lines[-1].append(index)
        else:
            lines.append([index])
            middle = box.center[1]
    return [sorted(line, key=lambda index: words[index].box.left) for line in lines]


def _join_words(words: Sequence[Word], line: Sequence[int]) -> Iterator[PrintedNumber]:
    """Join digit groups ("1 040,10") and the currency marks beside them to one number."""
    run: list[int] = []
    for index in line:
        if run and not _is_one_number(words[run[-1]], words[index]):
            yield _number(words, run)
            run = []
        run.append(index)
    if run:
        yield _number(words, run)


def _is_one_number(first: Word, second: Word) -> bool:
    gap = second.box.left - first.box.right
    letter = first.box.width / max(len(first.text), 1)
    return (
        gap < letter
        and _GROUP_HEAD.search(first.text) is not None
        and _GROUP_TAIL.match(second.text) is not None
    )


def _number(words: Sequence[Word], run: Sequence[int]) -> PrintedNumber:
    box = union_of([words[index] for index in run])
    text = " ".join(words[index].text for index in run)
    marks = []
    letter = box.width / max(len(text), 1)
    for beside in (run[0] - 1, run[-1] + 1):
        if 0 <= beside < len(words) and is_currency_mark(words[beside].text):
            other = words[beside].box
            gap = max(other.left - box.right, box.left - other.right)
            near = gap < 2 * letter and abs(other.center[1] - box.center[1]) < box.height / 2
            marks += [beside] if near else []
    return PrintedNumber(0, 0, (*run, *marks), text, box)


def _letter_width(tagged: TaggedPage) -> float:
    """The usual width of a letter, in fractions of the page's width."""
    widths = [word.box.width / max(len(word.text), 1) for word in tagged.page.words]
    return float(np.median(widths)) if widths else 0.01


def _sections(
    rows: Sequence[list[PrintedNumber]], heads: Sequence[TableHead]
) -> Iterator[tuple[TableHead | None, list[list[PrintedNumber]]]]:
    """Yield the rows under each head, those above the first with None."""
    edges = [0.0, *(head.bottom for head in heads)]
    ends = [*(head.box.top for head in heads), 2.0]
    pending: TableHead | None = None
    for head, top, bottom in zip([None, *heads], edges, ends, strict=True):
        if head is not None and pending is not None and _is_rest(pending, head):
            head = pending.with_head(head)
        section = [row for row in rows if row and top <= row[0].box.center[1] < bottom]
        pending = None if section else head
        if section:
            yield head, section


def _is_rest(head: TableHead, below: TableHead) -> bool:
    """True where the second head, without a row between them, is the rest of the first."""
    height = max(word.box.height for phrase in below.phrases for word in phrase)
    return below.box.top - head.box.bottom < NEAR * height


def _columns(rows: Sequence[Sequence[PrintedNumber]], letter: float) -> NumberTable:
    """The columns of those rows, from left to right."""
    numbers = [number for row in rows for number in row]
    if not numbers:
        return []
    _, labels = connected_components(_aligned(numbers, letter), directed=False)
    groups: dict[int, list[PrintedNumber]] = {}
    for label, number in zip(labels.tolist(), numbers, strict=True):
        groups.setdefault(label, []).append(number)
    return sorted(
        (NumberColumn(group) for group in groups.values()), key=lambda column: column.left
    )


def _aligned(numbers: Sequence[PrintedNumber], letter: float) -> npt.NDArray[np.bool_]:
    """(N, N): which numbers of different rows share an edge, or their middle, over each other."""
    left = np.array([number.box.left for number in numbers])
    right = np.array([number.box.right for number in numbers])
    row = np.array([number.row for number in numbers])
    apart = np.minimum.reduce(
        [np.abs(np.subtract.outer(edge, edge)) for edge in (left, right, (left + right) / 2)]
    )
    overlap = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    narrower = np.minimum.outer(right - left, right - left)
    aligned: npt.NDArray[np.bool_] = (
        (apart <= ALIGNED * letter)
        & (overlap >= OVERLAPPING * narrower)
        & np.not_equal.outer(row, row)
    )
    return aligned


def _bind_head(table: NumberTable, head: TableHead) -> None:
    """Give every column the words of the head that stand over it."""
    spans = [
        (
            min(number.box.left for number in column.numbers),
            max(number.box.right for number in column.numbers),
        )
        for column in table
    ]
    for column, words in zip(table, head.words_over(spans), strict=True):
        column.head = tuple(words)


def _join_table(
    tables: list[NumberTable], table: NumberTable, letter: float, *, headed: bool
) -> None:
    """Add the table, to an earlier one where their columns stand at the same places."""
    for earlier in reversed(tables):
        pairs = _pair_columns(earlier, table, letter)
        alike = len(pairs) >= SHARED * max(len(table), 1)
        if alike and (not headed or _has_same_heads(pairs)):
            for first, second in pairs:
                first.join(second)
            joined = {id(second) for _, second in pairs}
            earlier += [column for column in table if id(column) not in joined]
            earlier.sort(key=lambda column: column.left)
            return
    tables.append(table)


def _pair_columns(
    earlier: NumberTable, table: NumberTable, letter: float
) -> list[tuple[NumberColumn, NumberColumn]]:
    pairs = []
    free = list(earlier)
    for column in table:
        for other in free:
            near = min(abs(column.left - other.left), abs(column.right - other.right))
            overlap = min(column.right, other.right) - max(column.left, other.left)
            if near <= ALIGNED * letter and overlap > 0:
                pairs.append((other, column))
                free.remove(other)
                break
    return pairs


def _has_same_heads(pairs: Sequence[tuple[NumberColumn, NumberColumn]]) -> bool:
    return all(first.head == second.head for first, second in pairs)
