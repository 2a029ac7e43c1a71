"""Labels line items of which only values are known: what is found beyond doubt, the rest is open.

`row_search` finds the line of an item. Its other cells are looked for there and on the lines up to
the next item's: a number is taken where it is the only one in its row, or the one in the column of
the other rows, and where quantity times price is the amount; the wording where it is printed. All
other words of an item's lines are `ignore`, and so is everything that may hold an item not found.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from data import labels
from data.corpora.labelling.item_rows import COLUMN_REACH, Row
from data.corpora.labelling.prepared_pages import Sheet, plain_text
from data.corpora.labelling.printed_lines import Line, Print, printed_lines, readings
from data.corpora.labelling.row_search import FoundRow, find_rows
from data.corpora.truth import TrueItem

BLOCK_LINES = 3  # lines above and below an item's line that may belong to it
_SIMILAR = 85.0  # rapidfuzz ratio (0..100) from which words spell a wording
_VOTES = 2  # rows that make a column
_CLOSE = Decimal("0.011")  # what rounding may move an amount by


@dataclass(frozen=True, slots=True)
class _Block:
    """The row of an item that was found, the lines that it may cover, its own line first."""

    row: Row
    lines: tuple[Line, ...]

    def find(self, name: str) -> list[list[Print]]:
        """The free numbers that are the value of that name, by line, likeliest line first.

        That of the wording comes first for a quantity (paper may be bent), else that of the amount.
        """
        wording = set(self.row.cells.get("description", ()))
        named = [line for line in self.lines[1:] if wording & set(line.words)]
        first = self.lines[:1]
        lines = [*named, *first] if name == "quantity" else [*first, *named]
        return self._find_on(lines, name)

    def find_beside(self, name: str, above: bool) -> list[list[Print]]:
        """The same on the lines above or below; none for a one, which is printed everywhere."""
        value = self.row.item.visible_decimal(name)
        if value is None or abs(value) == 1:
            return []
        places = self.row.sheet.places
        top = places[self.lines[0].words[0]][1]
        lines = [line for line in self.lines[1:] if (places[line.words[0]][1] < top) == above]
        return self._find_on(lines, name)[:1]

    def _find_on(self, lines: Sequence[Line], name: str) -> list[list[Print]]:
        value = self.row.item.visible_decimal(name)
        if value is None:
            return []
        by_line = [[p for p in line.find(value) if line.is_free(p)] for line in lines]
        return [prints for prints in by_line if prints]


def label_values(items: Sequence[TrueItem], sheets: Sequence[Sheet], first: int = 0) -> list[Row]:
    """Label the items that are found and return their rows, numbered from `first`.

    Where an item is found on no line for certain, all words that may be its are `ignore`.
    """
    lines = printed_lines(sheets)
    found_rows = find_rows(items, lines)
    blocks = _make_blocks(items, found_rows, lines, first)
    for block, found_row in zip(blocks, found_rows, strict=True):
        if found_row.number is not None:
            block.row.mark(found_row.key, found_row.number.words)
    for block in blocks:
        _label_wording(block)
    for name in ("unit_price", "quantity"):
        _label_column(blocks, name)
    for block in blocks:
        _label_unstated(block)
    for block in blocks:
        for line in block.lines:
            line.sheet.label(line.words, labels.IGNORE)
    _ignore_open(items, found_rows, lines)
    return [block.row for block in blocks]


def _make_blocks(
    items: Sequence[TrueItem], found_rows: Sequence[FoundRow], lines: Sequence[Line], first: int
) -> list[_Block]:
    anchors = [found_row.line for found_row in found_rows]
    blocks = []
    for place, found_row in enumerate(found_rows):
        before = anchors[place - 1] if place else -1
        after = anchors[place + 1] if place + 1 < len(anchors) else len(lines)
        line = lines[found_row.line]
        reach = sorted(
            (
                other
                for other in range(before + 1, after)
                if abs(other - found_row.line) <= BLOCK_LINES and lines[other].sheet is line.sheet
            ),
            key=lambda other: (abs(other - found_row.line), other),
        )
        row = Row(items[found_row.item], first + found_row.item, line.sheet, [], [], [])
        blocks.append(_Block(row, tuple(lines[other] for other in reach)))
    return blocks


def _label_column(blocks: Sequence[_Block], name: str) -> None:
    """Label the number of that name in each row where it is clear which one it is.

    It is the one in the column that most rows agree on, else the only one of the likeliest line.
    """
    prints_by_row = _prints_by_row(blocks, name)
    votes = Counter(
        place
        for by_line in prints_by_row.values()
        for place in {_column(printed) for prints in by_line for printed in prints}
    )
    for number, by_line in prints_by_row.items():
        row = blocks[number].row
        prints = [printed for of_line in by_line for printed in of_line]
        highest = max(_votes(votes, printed) for printed in prints)
        in_column = [printed for printed in prints if _votes(votes, printed) == highest]
        if highest >= _VOTES and len(in_column) == 1:
            row.mark(name, in_column[0].words)
        elif highest < _VOTES and len(by_line[0]) == 1 and _closes(row.item):
            row.mark(name, by_line[0][0].words)


def _prints_by_row(blocks: Sequence[_Block], name: str) -> dict[int, list[list[Print]]]:
    """The numbers that may be the cell of that name, by row and line.

    Rows that print it on no line of their own may print it on a line beside: all above or all
    below. Rows that print it on one side alone tell which; a line between two items is of one.
    """
    open_rows = {n: block for n, block in enumerate(blocks) if name not in block.row.cells}
    prints = {number: block.find(name) for number, block in open_rows.items()}
    without = [number for number, by_line in prints.items() if not by_line]
    above, below = (
        {
            number: by_line
            for number in without
            if (by_line := open_rows[number].find_beside(name, is_above))
        }
        for is_above in (True, False)
    )
    only_above, only_below = len(above.keys() - below), len(below.keys() - above)
    if only_above > 2 * only_below:
        prints |= above
    elif only_below > 2 * only_above:
        prints |= below
    return {number: by_line for number, by_line in prints.items() if by_line}


def _label_unstated(block: _Block) -> None:
    """Label quantity and price that the truth does not call printed, where both clearly are.

    Both stand on one line with the amount, each once, and their product is the amount.
    """
    row, line = block.row, block.lines[0]
    names = ("quantity", "unit_price")
    if "amount" not in row.cells or any(name in row.item.visible for name in names):
        return
    values = [row.item.decimal(name) for name in names]
    prints = [[p for p in line.find(value) if line.is_free(p)] if value else [] for value in values]
    quantity, price, amount = *values, row.item.decimal("amount")
    if any(len(numbers) != 1 for numbers in prints) or prints[0] == prints[1]:
        return
    if quantity and price and quantity * price == amount:
        for name, numbers in zip(names, prints, strict=True):
            row.mark(name, numbers[0].words)


def _column(printed: Print) -> int:
    return round(printed.right / COLUMN_REACH)


def _votes(votes: Counter[int], printed: Print) -> int:
    """The rows that print a candidate in about the same column."""
    place = _column(printed)
    return votes[place - 1] + votes[place] + votes[place + 1]


def _closes(item: TrueItem) -> bool:
    """Return whether quantity times price is the amount; False where one is not printed."""
    names = ("quantity", "unit_price", "amount")
    quantity, price, amount = (item.visible_decimal(name) for name in names)
    if quantity is None or price is None or amount is None:
        return False
    base = item.decimal("price_base_quantity") or Decimal(1)
    return abs(quantity * price / base - amount) <= _CLOSE


def _label_wording(block: _Block) -> None:
    """Label the item's wording where it is spelled: whole and exact, else alike on one line.

    A wording that is not called printed may hold the numbers of the row: these stay open.
    """
    row, run = block.row, _find_wording(block)
    if "description" not in row.item.visible:
        run = [index for index in run if not readings(row.sheet.text(index))]
    if run:
        row.mark("description", run)


def _find_wording(block: _Block) -> list[int]:
    """The words that spell the item's wording; none where it is not found."""
    row, sheet = block.row, block.row.sheet
    ordered = sorted(block.lines, key=lambda line: sheet.places[line.words[0]][1])
    lines = [words for line in ordered if (words := sheet.undecided(line.words))]
    for wording in row.item.wordings:
        if run := sheet.find_run(wording, lines):
            return run
    for line in block.lines:
        if run := _similar_run(row.item.wordings, sheet, sheet.undecided(line.words)):
            return run
    return []


def _similar_run(wordings: Iterable[str], sheet: Sheet, line: Sequence[int]) -> list[int]:
    best: tuple[float, list[int]] = (_SIMILAR, [])
    for wording in wordings:
        expected = plain_text(wording)
        for begin in range(len(line) if expected else 0):
            for end in range(begin + 1, len(line) + 1):
                printed = plain_text("".join(sheet.text(index) for index in line[begin:end]))
                score = fuzz.ratio(expected, printed)
                if score > best[0]:
                    best = (score, list(line[begin:end]))
    return best[1]


def _ignore_open(
    items: Sequence[TrueItem], found_rows: Sequence[FoundRow], lines: Sequence[Line]
) -> None:
    """Leave open the lines between two items that may hold one which was not found."""
    places = {found_row.item: found_row.line for found_row in found_rows}
    for number in range(len(items)):
        if number in places:
            continue
        begin = max((line for other, line in places.items() if other < number), default=0)
        end = min((line for other, line in places.items() if other > number), default=len(lines))
        for line in lines[begin:end]:
            line.sheet.label(line.words, labels.IGNORE)
