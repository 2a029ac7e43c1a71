"""Tables found by the words of their headings: lines of print, columns, rows.

A heading line names a price or amount column and something it is the price of. A word below belongs
to the column whose heading it stands under, else to the nearest. A table ends at its sums.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.currencies import is_currency_mark
from data.records import Box, Page, Word
from data.values import read_number
from training.rules_keywords import column_tags, fold, longest_phrase, totals

Line = tuple[Word, ...]
Cells = Mapping[str, tuple[Word, ...]]

# Gaps between words, in letters of their line; an ordinary space is about half a letter.
SPACE = 0.8  # up to here two words are one phrase
COLUMN_GAP = 1.8  # from here two words are two cells
NEXT_LINE = 1.8  # from middle to middle: further down is another paragraph
LINE_NUMBER_LENGTH = 6  # characters, as "N 12", "01.02.03" is a date
MOST_WRAPPED = 6  # lines of one description

TIMES = frozenset(
    {"days", "hours", "nights", "hrs", "stunden", "std", "tage", "heures", "jours", "horas", "ore"}
)
PRICES = frozenset({"amount", "unit_price"})
QUANTITIES = ("quantity", "quantity_shipped", "quantity_ordered")
ITEM = frozenset({"description", "quantity", "unit_price", "amount"})
PRICED = frozenset({"description", "product_code", "gtin", *QUANTITIES})
_WORDY = frozenset({"description", "product_code", "unit", "gtin", "buyer_item_id", "line_number"})
_NUMBER = re.compile(r"[-+(]*[^\w\s]?\d[\d.,'’]*[)%]*[^\w\s]?-?")
MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_PARTS = re.compile(r"[^\W_]+|[#%]")
_GLUED = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")  # "TypeSpots": two headings set close


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it: a line tag, or "other"."""

    tag: str
    box: Box
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of one table, from left to right, and its last line's index on the page."""

    columns: tuple[Column, ...]
    last_line: int

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(column.tag for column in self.columns) - {"other"}


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one table row by column."""

    page: Page
    cells: Cells

    def text(self, tag: str) -> str | None:
        words = self.cells.get(tag)
        return " ".join(word.text for word in words) if words else None


def printed_lines(page: Page) -> list[Line]:
    """The words by printed line, top to bottom, and from left to right within it."""
    lines: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: word.box.center[1]):
        last = lines[-1][-1].box if lines else word.box
        reach = 0.5 * min(word.box.height, last.height)
        if lines and word.box.center[1] - last.center[1] <= reach:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(sorted(line, key=lambda word: word.box.left)) for line in lines]


def find_rows(pages: Sequence[Page]) -> list[Row]:
    """The rows of the document's item table, over all its pages; none without a heading."""
    lines = [printed_lines(page) for page in pages]
    found = [
        {header.last_line: header for at in range(len(of_page)) if (header := _header(of_page, at))}
        for of_page in lines
    ]
    best = max(
        (header for of_page in found for header in of_page.values()), key=_worth, default=None
    )
    rows: list[Row] = []
    table: _Table | None = None  # the one that is open, perhaps from the page before
    for page, of_page, headers in zip(pages, lines, found, strict=True):
        table = None if table is None else table.on(page)
        for number, line in enumerate(of_page):
            header = headers.get(number)
            if header is not None and best is not None and _alike(header, best):
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
        near = not self._last or _follows(self._last, line)
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
    if not any(_NUMBER.fullmatch(word.text) for word in line):
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


def split_at_gaps(line: Line, letters: float) -> list[Line]:
    """The line cut where words stand further apart than that many letters."""
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
    """Whether the word is digits with marks around them, no code and no date."""
    return _NUMBER.fullmatch(word.text) is not None


def letter_width(line: Line) -> float:
    """The mean width of the line's letters, as a fraction of the page's width."""
    letters = sum(len(word.text) for word in line)
    return sum(word.box.width for word in line) / max(letters, 1)


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


def _header(lines: Sequence[Line], at: int) -> Header | None:
    """The table heading whose main line is that one, with the lines it is wrapped over."""
    line = lines[at]
    if any(MONEY.search(word.text) for word in line):
        return None
    columns = _headings(line)
    named = [column for column in columns if column.tag != "other"]
    if len(named) < 2:
        return None
    last = at
    for other in (at - 1, at + 1, at + 2):
        near = 0 <= other < len(lines) and _follows(lines[min(last, other)], lines[max(at, other)])
        if (
            near
            and abs(other - last) <= 1
            and (grown := _stacked(columns, lines[other], other > at))
        ):
            columns, last = grown, max(last, other)
    columns = _settled(columns)
    tags = {column.tag for column in columns}
    words = sum(len(column.phrase.split()) for column in columns if column.tag != "other")
    # Three headings are no accident, however many others stand between
    most = 6 if len(tags - {"other"}) >= 3 else 3
    is_table = bool(tags & PRICES) and bool(tags & PRICED) and most * words >= len(line)
    return Header(tuple(columns), last) if is_table and _apart(columns) else None


def _apart(columns: Sequence[Column]) -> bool:
    """Whether these are columns and no sentence: three and more, or two far from each other."""
    named = [column for column in columns if column.tag != "other"]
    widest = max((b.box.left - a.box.right for a, b in pairwise(named)), default=0.0)
    return widest > (0.02 if len(named) >= 3 else 0.08)


def _headings(line: Line) -> list[Column]:
    """The line as columns: every known heading, and what stands between as "other"."""
    columns: list[Column] = []
    space = SPACE * letter_width(line)
    for segment in split_at_gaps(line, COLUMN_GAP):
        tokens = folded_tokens(segment)
        texts = [text for text, _ in tokens]
        at = 0
        while at < len(tokens):
            length = longest_phrase(texts, at, column_tags())
            phrase = tuple(texts[at : at + length])
            box = union_of([word for _, word in tokens[at : at + max(length, 1)]])
            joins = at > 0 and not length and box.left - columns[-1].box.right < space
            if joins:
                columns[-1] = replace(columns[-1], box=columns[-1].box.union(box))
            else:
                columns.append(Column(column_tags().get(phrase, "other"), box, " ".join(phrase)))
            at += max(length, 1)
    return columns


def _stacked(columns: Sequence[Column], line: Line, below: bool) -> list[Column] | None:
    """The columns with headings that another line completes ("Unit" over "Price"); else None."""
    grown, changed = list(columns), False
    for other in _headings(line):
        under = [
            index
            for index, column in enumerate(grown)
            if min(column.box.right, other.box.right) > max(column.box.left, other.box.left)
        ]
        said = other.phrase
        if len(under) == 1:
            column = grown[under[0]]
            parts = (column.phrase, said) if below else (said, column.phrase)
            joined = " ".join(parts).strip()
            tag = column_tags().get(tuple(joined.split()))
            glued = tag or column_tags().get(("".join(parts),))
            if glued is not None and said and (column.tag == "other" or column.phrase):
                box = column.box.union(other.box)
                grown[under[0]] = Column(glued, box, joined)
                changed = True
        elif not under and other.tag in PRICES | PRICED:
            grown.append(other)
            changed = True
    return sorted(grown, key=lambda column: column.box.left) if changed else None


def _settled(columns: Sequence[Column]) -> list[Column]:
    """The columns with one of each tag; the others count as "other"."""
    settled = list(columns)
    tags = [column.tag for column in settled]
    if "amount" not in tags and "gross_amount" in tags:
        settled = _renamed(settled, tags.index("gross_amount"), "amount")
    elif "amount" not in tags and "unit_price" in tags and not {*tags} & {*QUANTITIES}:
        settled = _renamed(settled, tags.index("unit_price"), "amount")  # the only money there is
    amounts = [index for index, column in enumerate(settled) if column.tag == "amount"]
    prices = [index for index, column in enumerate(settled) if column.tag == "unit_price"]
    if len(amounts) > 1 and prices and amounts[0] < prices[0] and not {*tags} & {*QUANTITIES}:
        settled = _renamed(settled, amounts[0], "quantity")  # "Amount Product Price Total"
        amounts = amounts[1:]
    if "quantity" not in tags:
        for tag in QUANTITIES[1:]:
            if tag in tags and "quantity" not in {column.tag for column in settled}:
                settled = _renamed(settled, tags.index(tag), "quantity")
    counts = [index for index, column in enumerate(settled) if column.tag == "quantity"]
    for group in (amounts, prices, counts):
        better = [index for index in group if _is_telling(settled[index])]
        for index in group:
            if index != (better or group)[-1]:
                settled = _renamed(settled, index, "other")
    seen: set[str] = set()
    for index, column in enumerate(settled):
        if column.tag in seen:
            settled = _renamed(settled, index, "other")
        seen.add(column.tag)
    return settled


def _is_telling(column: Column) -> bool:
    """Whether, of columns alike, this is the wanted one: net money, pieces rather than days."""
    if column.tag in PRICES:
        return column.phrase.startswith("net")
    return column.phrase not in TIMES


def _renamed(columns: Sequence[Column], index: int, tag: str) -> list[Column]:
    changed = list(columns)
    changed[index] = replace(changed[index], tag=tag)
    return changed


def _worth(header: Header) -> int:
    """How much of an item table the headings are."""
    return 2 * len(header.tags & ITEM) + len(header.tags)


def _alike(header: Header, best: Header) -> bool:
    """Whether both head the same table, perhaps on another page."""
    return len(header.tags & best.tags) >= 0.7 * len(header.tags | best.tags)


def folded_tokens(line: Line) -> list[tuple[str, Word]]:
    """Folded words with the word they stand in; "Amount(RM)" is two, "Art-Nr." is one."""
    found: list[tuple[str, Word]] = []
    for word in line:
        whole = fold(word.text)
        pieces = [piece for text in _PARTS.findall(word.text) for piece in _GLUED.split(text)]
        parts = [part for text in pieces if (part := fold(text))]
        known = (whole,) in column_tags() or (whole,) in totals()
        found += [(whole, word)] if known or len(parts) < 2 else [(part, word) for part in parts]
    return [(text, word) for text, word in found if text]


def _follows(first: Line, second: Line) -> bool:
    """Whether the second line stands right below the first."""
    height = max(word.box.height for word in (*first, *second))
    step = union_of(second).center[1] - union_of(first).center[1]
    return 0 < step <= NEXT_LINE * height


def _reads(words: Sequence[Word] | None) -> bool:
    return bool(words) and bool(read_number(" ".join(word.text for word in words or ())))


def union_of(words: Sequence[Word]) -> Box:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box
