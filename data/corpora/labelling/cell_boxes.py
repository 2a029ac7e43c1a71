"""Labels the words of line items whose printed values have boxes: by place, checked by value.

A word belongs to the cell that covers most of it, whatever was read there: a misread amount is an
amount. A word that lies on two cells, or that cannot be the number of its cell, is left open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from data import labels
from data.corpora.labelling.item_rows import SLACK, Row
from data.corpora.labelling.prepared_pages import Sheet, numbers, plain_text
from data.corpora.truth import TrueItem
from data.records import Box

NUMBER_CELLS = ("amount", "unit_price", "quantity")
# Names of cells with a tag of ours; the words of others are left open.
_TEXT_CELLS = frozenset({*labels.LINE_TAGS} - {*NUMBER_CELLS})
_COVERED = 0.5  # share of a word's area that lies on its cell, at least
_SHARED = 0.5  # share of the best cell's part from which a second cell makes a word doubtful
_SIMILAR = 50.0  # rapidfuzz ratio (0..100) from which digits may be a misread number


@dataclass(frozen=True, slots=True)
class _Cell:
    row: Row
    name: str
    box: Box


def make_cell_rows(items: Sequence[TrueItem], sheets: Sequence[Sheet]) -> list[Row]:
    """Return a row for each item whose cells have boxes on a page, numbered by its position."""
    return [
        Row(item, number, sheets[item.page], [], [], [])
        for number, item in enumerate(items)
        if item.cells and item.page is not None and item.page < len(sheets)
    ]


def label_cells(rows: Sequence[Row]) -> None:
    """Label the words in the cells of all rows, then leave the doubtful ones of their rows open."""
    cells = [_Cell(row, name, box) for row in rows for name, box in row.item.cells.items()]
    for sheet in {id(row.sheet): row.sheet for row in rows}.values():
        on_sheet = [cell for cell in cells if cell.row.sheet is sheet]
        for cell, words in _words_of_cells(sheet, on_sheet):
            _label_cell(cell, words)
    for row in rows:
        _ignore_rest(row)


def place_on_sheet(sheet: Sheet, index: int) -> Box:
    """The rectangle around the word in fractions of the page as delivered."""
    return Box.around(sheet.page.polygon(sheet.page.words[index].box))


def words_in_box(sheet: Sheet, box: Box) -> list[int]:
    """The words that lie on the box with most of their area, in reading order."""
    places = ((index, place_on_sheet(sheet, index)) for line in sheet.lines for index in line)
    return [index for index, place in places if _covered_share(place, box) >= _COVERED]


def _covered_share(word: Box, box: Box) -> float:
    """The share of the word's area that lies on the box."""
    wide = min(word.right, box.right) - max(word.left, box.left)
    tall = min(word.bottom, box.bottom) - max(word.top, box.top)
    area = word.width * word.height
    return wide * tall / area if wide > 0 and tall > 0 and area > 0 else 0.0


def _words_of_cells(sheet: Sheet, cells: Sequence[_Cell]) -> Iterator[tuple[_Cell, list[int]]]:
    """Yield each cell with its words; words on two cells are left open here."""
    words: dict[int, list[int]] = {}
    for line in sheet.lines:
        for index in line:
            place = place_on_sheet(sheet, index)
            shares = sorted(
                ((_covered_share(place, cell.box), number) for number, cell in enumerate(cells)),
                reverse=True,
            )[:2]
            if not shares or shares[0][0] < _COVERED:
                continue
            if len(shares) > 1 and shares[1][0] > _SHARED * shares[0][0]:
                sheet.label([index], labels.IGNORE)
                continue
            words.setdefault(shares[0][1], []).append(index)
    for number, indices in words.items():
        yield cells[number], indices


def _label_cell(cell: _Cell, words: Sequence[int]) -> None:
    sheet = cell.row.sheet
    if cell.name in NUMBER_CELLS:
        run = _number_run(cell, words)
        if run:
            cell.row.mark(cell.name, run)
    elif cell.name in _TEXT_CELLS:
        cell.row.mark(cell.name, words)
    elif cell.name == "start_date":
        cell.row.mark(cell.name, words, "date")
    sheet.label(words, labels.IGNORE)


def _number_run(cell: _Cell, words: Sequence[int]) -> list[int]:
    """The words of the cell that print its number, also misread; [] where that is not clear."""
    sheet, value = cell.row.sheet, cell.row.item.decimal(cell.name)
    digits = [index for index in words if any(char.isdigit() for char in sheet.text(index))]
    if value is None:  # the corpus has a box there, and no value that can be read
        return digits if len(digits) == 1 else []
    exact = [index for index in words if value in numbers(sheet.text(index))]
    if exact:
        return exact if len(exact) == 1 else []
    joined = "".join(sheet.text(index) for index in digits)
    if value in numbers(joined):
        return digits
    alike = fuzz.ratio(plain_text(joined), plain_text(format(value, "f"))) >= _SIMILAR
    return digits if alike and len(digits) == 1 else []


def _ignore_rest(row: Row) -> None:
    """Leave open what the row prints beside its cells: numbers without a label are not known."""
    box = row.item.box
    if box is None:
        return
    sheet = row.sheet
    lines = ([i for i in line if _is_beside(sheet, i, box)] for line in sheet.lines)
    sheet.label((index for line in lines for index in line), labels.IGNORE)


def _is_beside(sheet: Sheet, index: int, box: Box) -> bool:
    return box.top - SLACK <= sheet.places[index][1] <= box.bottom + SLACK
