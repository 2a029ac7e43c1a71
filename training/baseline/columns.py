"""The rows of a table whose headings are known: words by column, lines by row.

A word belongs to the column whose heading it stands under, else to the nearest. A table ends at its
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
    worth,
)
from training.baseline.keywords import folded_tokens, longest_phrase, totals
from training.decoding.printed_lines import (
    COLUMN_GAP,
    MONEY,
    SPACE,
    Line,
    follows,
    is_number,
    printed_lines,
    split_at_gaps,
)

Cells = Mapping[str, tuple[Word, ...]]

LINE_NUMBER_LENGTH = 6  # characters, as "N 12", "01.02.03" is a date
MOST_WRAPPED = 6  # lines of one description
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
    """The rows of the document's item table, over all its pages; none without a heading."""
    lines = [printed_lines(page) for page in pages]
    found = [
        {
            header.last_line: header
            for at in range(len(of_page))
            if (header := find_header(of_page, at))
        }
        for of_page in lines
    ]
    best = max(
        (header for of_page in found for header in of_page.values()), key=worth, default=None
    )
    rows: list[Row] = []
    table: _Table | None = None  # the one that is open, perhaps from the page before
    for page, of_page, headers in zip(pages, lines, found, strict=True):
        table = None if table is None else table.on(page)
        for number, line in enumerate(of_page):
            header = headers.get(number)
            if header is not None and best is not None and is_alike(header, best):
                rows += [] if table is None else table.rows
                table = _Table(page, header)
            elif table is not None and header is not None:
                table.suspended = True
            elif table is not None and not table.takes(line):
                rows += table.rows
                table = None
        rows += [] if table is None else table.rows
    return rows


class _Table:
    """The rows read so far of one table on one page.

    Under another table's heading it is `suspended` until a line is numbered: details of a line, or
    what stands below the table.
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

    def on(self, page: Page) -> "_Table":
        """The same table going on, without rows yet."""
        return _Table(page, self.header, self.suspended)

    def takes(self, line: Line) -> bool:
        """Read the line; False where it is the table's end."""
        cells = assign_words(line, self.header)
        if ends_table(line, cells):
            return False
        if all(_reads(cells.get(tag)) for tag in ("quantity", "unit_price", "amount")):
            self.suspended = False
        if _numbers_a_line(cells):
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
            if _numbers_a_line(cells):
                self._before, self._last = list(description), line
            elif 2 * len(description) >= len(line):
                self._wrap(line, description)
        return True

    def _is_row(self, cells: Cells) -> bool:
        price = "amount" if "amount" in self.header.tags else "unit_price"
        numbers = [tag for tag in ("amount", "unit_price", *QUANTITIES) if _reads(cells.get(tag))]
        if price not in numbers:
            return False
        said = bool(self._before) or any(
            cells.get(tag) for tag in ("description", "product_code", "line_number")
        )
        return len(numbers) >= 2 or said

    def _wrap(self, line: Line, description: tuple[Word, ...]) -> None:
        """A line that is mostly description goes on with the row above, or begins the next."""
        near = not self._last or follows(self._last, line)
        if self._awaited:
            self._before = [*self._before, *description] if near else list(description)
            self._last = line
        elif near and self._wrapped < MOST_WRAPPED:
            row = self.rows[-1]
            words = (*row.cells["description"], *description)
            self.rows[-1] = replace(row, cells={**row.cells, "description": words})
            self._last, self._wrapped = line, self._wrapped + 1


def _numbers_a_line(cells: Cells) -> bool:
    """Whether a new line of the table begins here: its number stands in the column of numbers."""
    words = cells.get("line_number", ())
    said = "".join(word.text for word in words)
    return len(said) <= LINE_NUMBER_LENGTH and any(char.isdigit() for char in said)


def ends_table(line: Line, cells: Cells) -> bool:
    """Whether the line is a sum or a tax: it begins so, and prices no quantity."""
    if not any(is_number(word) for word in line):
        return False
    if _reads(cells.get("quantity")) and _reads(cells.get("unit_price")):
        return False
    for segment in split_at_gaps(line, COLUMN_GAP):
        words = [text for text, _ in folded_tokens(segment)]
        if longest_phrase(words, 0, totals()):
            return True
    return False


def assign_words(line: Line, header: Header) -> dict[str, tuple[Word, ...]]:
    """The line's words by column tag, those of "other" columns too.

    A word that stands under no heading goes with the number it follows ("2 pcs"), a number that
    follows words with these ("Saw 2000").
    """
    cells: dict[str, list[Word]] = {}
    for segment in split_at_gaps(line, SPACE):
        before: str | None = None
        for word in segment:
            under = _heading_over(word, header.columns)
            if under is None and before is not None:
                under = before
            elif under is None:
                under = _nearest(word, header.columns)
            cells.setdefault(under, []).append(word)
            before = under
    return {tag: _numbers_of(tag, words) for tag, words in cells.items()}


def _numbers_of(tag: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """What counts of a cell: under a number's heading a number with its marks and one word more."""
    first = next((at for at, word in enumerate(words) if is_number(word)), None)
    if tag in ("other", "date") or tag in _WORDY or first is None:
        return tuple(words)
    start = first - 1 if first and is_currency_mark(words[first - 1].text) else first
    end = first + 1
    if end < len(words) and not is_number(words[end]):
        unit = tag == "quantity" or is_currency_mark(words[end].text)
        end += unit
    return tuple(words[start:end])


def _heading_over(word: Word, columns: Sequence[Column]) -> str | None:
    """The tag of the heading that stands above the word; None where none does.

    Of several, a number takes one of numbers, words one of words, and then the widest overlap.
    """
    overlaps = [
        (is_number(word) != (column.tag in _WORDY), overlap, column.tag)
        for column in columns
        if (overlap := min(word.box.right, column.box.right) - max(word.box.left, column.box.left))
        > 0
    ]
    return max(overlaps)[2] if overlaps else None


def _nearest(word: Word, columns: Sequence[Column]) -> str:
    """The tag of the nearest heading: of money the nearest of money, where there is one.

    For words a description reaches to the next heading.
    """
    distances = []
    of_money = [at for at, column in enumerate(columns) if column.tag in PRICES]
    is_money = bool(of_money) and is_number(word) and bool(MONEY.search(word.text))
    for index, column in enumerate(columns):
        if is_money and index not in of_money:
            continue
        left, right = column.box.left, column.box.right
        if column.tag == "description" and not is_number(word):
            right = columns[index + 1].box.left if index + 1 < len(columns) else 1.0
        apart = max(left - word.box.right, word.box.left - right, 0.0)
        distances.append((apart, index))
    return columns[min(distances)[1]].tag


def _reads(words: Sequence[Word] | None) -> bool:
    return bool(words) and bool(read_number(" ".join(word.text for word in words or ())))
