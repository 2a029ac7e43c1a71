"""Labels the words of line items whose row is known: cells by value, ties settled by column.

A value is often printed in several columns of a row (one spot, one week, line 1). Over all rows of
a document the right column holds the value most often; the word in that column is the cell. Words
of equal value elsewhere are left to `other`; a cell that was not found makes the row's numbers
`ignore`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from data import labels
from data.corpora.labelling.prepared_pages import Sheet, dates, numbers, plain_text
from data.corpora.truth import TrueItem

COLUMN_REACH = 0.012  # page widths between the edges of one column's cells
SLACK = 0.002  # page heights by which a word's centre may lie outside its row's box
BLOCK_REACH = 0.12  # page heights that belong to the last item of a page below its row


@dataclass(slots=True)
class Row:
    """One true item on its sheet: the words of its row, and those around it.

    `above` reaches up to the row before it, `below` down to the row after it; both by line.
    """

    item: TrueItem
    number: int
    sheet: Sheet
    inside: list[list[int]]
    above: list[list[int]]
    below: list[list[int]]
    cells: dict[str, list[int]] = field(default_factory=dict)

    def mark(self, name: str, indices: Sequence[int], tag: str | None = None) -> None:
        self.cells[name] = list(indices)
        self.sheet.label(indices, tag or name, self.number)


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: Row
    index: int  # of the word
    edge: float  # of the word, the one its column is aligned to


def make_rows(
    items: Sequence[TrueItem], excluded: Sequence[TrueItem], sheets: Sequence[Sheet]
) -> list[Row]:
    """Return the rows of all items that have a page and a box, in order of page and top."""
    placed = [item for item in items if item.box is not None and _is_on_sheet(item, sheets)]
    fences = [item for item in (*placed, *excluded) if item.box is not None]
    placed.sort(key=lambda item: (item.page, item.box.top if item.box else 0.0))
    return [_row(item, number, sheets, fences) for number, item in enumerate(placed)]


def _is_on_sheet(item: TrueItem, sheets: Sequence[Sheet]) -> bool:
    return item.page is not None and item.page < len(sheets)


def _row(item: TrueItem, number: int, sheets: Sequence[Sheet], fences: Iterable[TrueItem]) -> Row:
    box, page = item.box, item.page
    if box is None or page is None:
        raise ValueError(f"item {number} has no page or box, a row needs both")
    boxes = [fence.box for fence in fences if fence.page == page and fence.box is not None]
    before = max((b.bottom for b in boxes if b.bottom <= box.top + SLACK), default=0.0)
    after = min((b.top for b in boxes if b.top >= box.bottom - SLACK), default=1.0)
    sheet = sheets[page]
    return Row(
        item,
        number,
        sheet,
        inside=_lines_between(sheet, box.top - SLACK, box.bottom + SLACK),
        above=_lines_between(sheet, max(before, box.top - BLOCK_REACH) + SLACK, box.top - SLACK),
        below=_lines_between(
            sheet, box.bottom + SLACK, min(after, box.bottom + BLOCK_REACH) - SLACK
        ),
    )


def _lines_between(sheet: Sheet, top: float, bottom: float) -> list[list[int]]:
    lines = [[i for i in line if top <= sheet.places[i][1] <= bottom] for line in sheet.lines]
    return [line for line in lines if line]


def label_rows(rows: Sequence[Row]) -> None:
    """Label the words of all rows of a document."""
    for name in ("amount", "unit_price", "quantity"):
        _label_numbers(rows, name)
    _label_line_numbers(rows)
    for row in rows:
        _label_description(row)
        _label_dates(row)
        _ignore_doubt(row)


def ignore_rows(excluded: Sequence[TrueItem], sheets: Sequence[Sheet]) -> None:
    """Label the words of excluded rows `ignore`: printed, but neither items nor clearly `other`."""
    for item in excluded:
        if item.box is not None and item.page is not None and item.page < len(sheets):
            sheet = sheets[item.page]
            lines = _lines_between(sheet, item.box.top - SLACK, item.box.bottom + SLACK)
            sheet.label((index for line in lines for index in line), labels.IGNORE)


def _label_numbers(rows: Sequence[Row], name: str) -> None:
    values = [(row, row.item.visible_decimal(name)) for row in rows]
    inside = _candidates(((row, value, row.inside) for row, value in values), right=True)
    _mark_column(inside, name)
    # A price may be printed on a sub-row (week rows of an order) instead.
    missing = [(row, value) for row, value in values if name not in row.cells]
    if name == "unit_price":
        below = _candidates(((row, value, row.below) for row, value in missing), right=True)
        for row, indices in _mark_column(below, name).items():
            sheet = rows[row].sheet
            sheet.label(indices, labels.IGNORE)


def _candidates(
    row_values: Iterable[tuple[Row, Decimal | None, list[list[int]]]], *, right: bool
) -> list[_Candidate]:
    return [
        _Candidate(row, index, row.sheet.edges(index)[1 if right else 0])
        for row, value, lines in row_values
        if value is not None
        for line in lines
        for index in row.sheet.undecided(line)
        if value in numbers(row.sheet.text(index))
    ]


def _mark_column(
    candidates: Sequence[_Candidate], name: str, *, leftmost: bool = False
) -> dict[int, list[int]]:
    """Mark each row's candidate in the column most rows agree on.

    Equal votes go to the rightmost column (totals are right of their parts), or to the leftmost.
    Returns the further candidates of a marked row in that column, by row number.
    """
    if not candidates:
        return {}

    def votes(edge: float) -> tuple[int, float]:
        agreeing = {c.row.number for c in candidates if abs(c.edge - edge) <= COLUMN_REACH}
        return len(agreeing), -edge if leftmost else edge

    column = max((candidate.edge for candidate in candidates), key=votes)
    rest: dict[int, list[int]] = {}
    for candidate in candidates:
        if abs(candidate.edge - column) > COLUMN_REACH:
            continue
        if name in candidate.row.cells:
            rest.setdefault(candidate.row.number, []).append(candidate.index)
        else:
            candidate.row.mark(name, [candidate.index])
    return rest


def _label_line_numbers(rows: Sequence[Row]) -> None:
    places = [[(row, row.inside) for row in rows], [(row, row.above[-1:]) for row in rows]]
    for place in places:
        candidates = [
            _Candidate(row, index, row.sheet.edges(index)[0])
            for row, lines in place
            if "line_number" in row.item.values and "line_number" not in row.cells
            for line in lines
            for index in row.sheet.undecided(line)
            if row.sheet.text(index) == row.item.values["line_number"]
        ]
        _mark_column(candidates, "line_number", leftmost=True)


def _label_description(row: Row) -> None:
    """Label the first wording found in the row, else above it (parent rows); ignore the others."""
    lines = row.inside
    for place in (row.inside, row.above):
        runs = (row.sheet.find_run(wording, place) for wording in row.item.wordings)
        run = next((run for run in runs if run and len(row.sheet.undecided(run)) == len(run)), None)
        if run is not None:
            row.mark("description", run)
            lines = place
            break
    for wording in row.item.wordings:
        free = [row.sheet.undecided(line) for line in lines]
        while run := row.sheet.find_run(wording, free):
            row.sheet.label(run, labels.IGNORE)
            free = [row.sheet.undecided(line) for line in free]


def _label_dates(row: Row) -> None:
    """Label the first day as the item's date; ignore the last day, or both in one word."""
    texts = [row.item.values.get(name) for name in ("start_date", "end_date")]
    days = [date.fromisoformat(text) for text in texts if text is not None]
    if not days:
        return
    for line in row.inside:
        for index in row.sheet.undecided(line):
            text = row.sheet.text(index)
            if days[0] in dates(text) and "date" not in row.cells:
                row.mark("date", [index])
            elif days[-1] in dates(text) or any(day in dates(text[:8]) for day in days):
                row.sheet.label([index], labels.IGNORE)


def _ignore_doubt(row: Row) -> None:
    """Ignore the words of the row that may be a printed cell that was not found."""
    missing = row.item.visible - row.cells.keys()
    if missing & {"amount", "quantity", "unit_price"}:
        for line in (*row.inside, *(row.below if "unit_price" in missing else ())):
            row.sheet.label((i for i in line if numbers(row.sheet.text(i))), labels.IGNORE)
    if "description" in missing:
        tokens = {plain_text(token) for wording in row.item.wordings for token in wording.split()}
        for line in (*row.inside, *row.above):
            row.sheet.label(
                (i for i in line if plain_text(row.sheet.text(i)) in tokens), labels.IGNORE
            )
