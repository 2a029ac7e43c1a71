"""The rows of a table whose headings are known: words by column, lines by row.

A word belongs to the column whose heading it is under, else to the nearest. A table ends at its
sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.records import Page, Word
from data.values.currencies import is_currency_mark
from data.values.document_values import read_number
from training.baseline.headings import (
    PRICES,
    QUANTITIES,
    Column,
    Header,
    find_header,
    is_alike,
    table_score,
)
from training.baseline.keywords import folded_tokens, longest_phrase_length, total_phrases
from training.decoding.printed_lines import (
    COLUMN_GAP,
    MONEY,
    SPACE,
    Line,
    is_next_line,
    is_number,
    printed_lines,
    split_at_gaps,
)

Cells = Mapping[str, tuple[Word, ...]]

LINE_NUMBER_LENGTH = 6  # characters, as in "N 12"; "01.02.03" is a date
MAX_WRAPPED = 6  # lines of one description
_WORDY = frozenset({"description", "product_code", "unit", "gtin", "buyer_item_id", "line_number"})


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one table row by column."""

    page: Page
    cells: Cells

    def text(self, tag: str) -> str | None:
        words = self.cells.get(tag)
        return " ".join(word.text for word in words) if words else None


def find_rows(pages: Sequence[Page]) -> list[Row]:
    """Find the rows of the document's item table, over all its pages; none without a heading."""
    lines = [printed_lines(page) for page in pages]
    headers_by_page = [
        {
            header.last_line: header
            for index in range(len(page_lines))
            if (header := find_header(page_lines, index))
        }
        for page_lines in lines
    ]
    best = max(
        (header for headers in headers_by_page for header in headers.values()),
        key=table_score,
        default=None,
    )
    rows: list[Row] = []
    table: _Table | None = None  # the one that is open, perhaps from the page before
    for page, page_lines, headers in zip(pages, lines, headers_by_page, strict=True):
        table = None if table is None else table.continue_on(page)
        for number, line in enumerate(page_lines):
            header = headers.get(number)
            if header is not None and best is not None and is_alike(header, best):
                rows += [] if table is None else table.rows
                table = _Table(page, header)
            elif table is not None and header is not None:
                table.suspended = True
            elif table is not None and not table.read_line(line):
                rows += table.rows
                table = None
        rows += [] if table is None else table.rows
    return rows


class _Table:
    """The rows read so far of one table on one page.

    Under another table's heading it is `suspended` until a line is numbered: these are details of a
    line, or the text below the table.
    """

    def __init__(self, page: Page, header: Header, suspended: bool = False) -> None:
        self.page = page
        self.header = header
        self.suspended = suspended
        self.rows: list[Row] = []
        self._before: list[Word] = []  # description of a row whose price has not come yet
        self._awaited = True  # whether such a row is open; else words belong to the row above
        self._last: Line = ()
        self._wrapped = 0

    def continue_on(self, page: Page) -> "_Table":
        """Return the same table on the next page, without rows yet."""
        return _Table(page, self.header, self.suspended)

    def read_line(self, line: Line) -> bool:
        """Read the line into the table; return False where it ends the table."""
        cells = assign_words(line, self.header)
        if is_table_end(line, cells):
            return False
        if all(_has_number(cells.get(tag)) for tag in ("quantity", "unit_price", "amount")):
            self.suspended = False
        if _has_line_number(cells):
            self.suspended = False
            self._before, self._awaited, self._last = [], True, ()
        if self.suspended:
            return True
        if self._is_row(cells):
            words = (*self._before, *cells.get("description", ()))
            self.rows.append(Row(self.page, {**cells, "description": words}))
            self._before, self._awaited = [], False
            self._last, self._wrapped = line, 0
        elif not any(MONEY.search(word.text) for word in line):
            description = cells.get("description", ())
            if _has_line_number(cells):
                self._before, self._last = list(description), line
            elif 2 * len(description) >= len(line):
                self._wrap(line, description)
        return True

    def _is_row(self, cells: Cells) -> bool:
        price = "amount" if "amount" in self.header.tags else "unit_price"
        numbers = [
            tag for tag in ("amount", "unit_price", *QUANTITIES) if _has_number(cells.get(tag))
        ]
        if price not in numbers:
            return False
        is_named = bool(self._before) or any(
            cells.get(tag) for tag in ("description", "product_code", "line_number")
        )
        return len(numbers) >= 2 or is_named

    def _wrap(self, line: Line, description: tuple[Word, ...]) -> None:
        """Add a line of mostly description to the row above, or to the next."""
        near = not self._last or is_next_line(self._last, line)
        if self._awaited:
            self._before = [*self._before, *description] if near else list(description)
            self._last = line
        elif near and self._wrapped < MAX_WRAPPED:
            row = self.rows[-1]
            words = (*row.cells["description"], *description)
            self.rows[-1] = replace(row, cells={**row.cells, "description": words})
            self._last, self._wrapped = line, self._wrapped + 1


def _has_line_number(cells: Cells) -> bool:
    """True where a new line of the table begins: its number is in the line-number column."""
    words = cells.get("line_number", ())
    text = "".join(word.text for word in words)
    return len(text) <= LINE_NUMBER_LENGTH and any(char.isdigit() for char in text)


def is_table_end(line: Line, cells: Cells) -> bool:
    """True where the line is a sum or a tax by its first words, and prices no quantity."""
    if not any(is_number(word) for word in line):
        return False
    if _has_number(cells.get("quantity")) and _has_number(cells.get("unit_price")):
        return False
    for segment in split_at_gaps(line, COLUMN_GAP):
        words = [text for text, _ in folded_tokens(segment)]
        if longest_phrase_length(words, 0, total_phrases()):
            return True
    return False


def assign_words(line: Line, header: Header) -> dict[str, tuple[Word, ...]]:
    """Assign the line's words to column tags, "other" columns included.

    A word under no heading goes with the number it follows ("2 pcs"), a number that follows words
    with these ("Saw 2000").
    """
    cells: dict[str, list[Word]] = {}
    for segment in split_at_gaps(line, SPACE):
        before: str | None = None
        for word in segment:
            under = _heading_over(word, header.columns)
            if under is None and before is not None:
                under = before
            elif under is None:
                under = _nearest_heading(word, header.columns)
            cells.setdefault(under, []).append(word)
            before = under
    return {tag: _trim_cell(tag, words) for tag, words in cells.items()}


def _trim_cell(tag: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """The words that count: under a number's heading a number, its marks and one more word."""
    first = next((index for index, word in enumerate(words) if is_number(word)), None)
    if tag in ("other", "date") or tag in _WORDY or first is None:
        return tuple(words)
    start = first - 1 if first and is_currency_mark(words[first - 1].text) else first
    end = first + 1
    if end < len(words) and not is_number(words[end]):
        unit = tag == "quantity" or is_currency_mark(words[end].text)
        end += unit
    return tuple(words[start:end])


def _heading_over(word: Word, columns: Sequence[Column]) -> str | None:
    """The tag of the heading above the word; None where there is none.

    Of several, a number takes one of numbers, words one of words, and then the widest overlap.
    """
    overlaps = [
        (is_number(word) != (column.tag in _WORDY), overlap, column.tag)
        for column in columns
        if (overlap := min(word.box.right, column.box.right) - max(word.box.left, column.box.left))
        > 0
    ]
    return max(overlaps)[2] if overlaps else None


def _nearest_heading(word: Word, columns: Sequence[Column]) -> str:
    """The tag of the nearest heading; money takes the nearest money heading, if there is one.

    For words a description reaches to the next heading.
    """
    distances = []
    money_columns = [index for index, column in enumerate(columns) if column.tag in PRICES]
    is_money = bool(money_columns) and is_number(word) and bool(MONEY.search(word.text))
    for position, column in enumerate(columns):
        if is_money and position not in money_columns:
            continue
        left, right = column.box.left, column.box.right
        if column.tag == "description" and not is_number(word):
            right = columns[position + 1].box.left if position + 1 < len(columns) else 1.0
        apart = max(left - word.box.right, word.box.left - right, 0.0)
        distances.append((apart, position))
    return columns[min(distances)[1]].tag


def _has_number(words: Sequence[Word] | None) -> bool:
    return bool(words) and bool(read_number(" ".join(word.text for word in words or ())))
