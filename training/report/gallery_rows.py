"""A document's truth and prediction side by side, and the marks that show them on its pages.

The pairing is that of the score (`training.metrics.items.match_document`). Boxes come from the
prediction (`bbox` of a line, `places` of its values) and from the truth where it has any; what has
no box is in the rows only. Pages count from 0, boxes are in fractions of the undamaged page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from data.corpora.truth import TrueDocument, TrueItem
from data.records import Box
from training.metrics.items import SCORED_CELLS, MatchedDocument, judged_fields, match_document
from training.metrics.pairing import is_same_number, plain_text
from training.metrics.predictions import Prediction

_FAR = 1e6  # edges beyond are no fractions of anything
SHOWN_CELLS = ("description", "quantity", "unit_price", "amount")

RowOutcome = Literal["right", "wrong", "missed", "made up", "left out"]
CellOutcome = Literal["right", "wrong", "missed", "not judged"]
MarkKind = Literal["right", "wrong", "missed", "left out"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as printed and as read; None where it is not printed or was not read."""

    name: str
    true: str | None
    read: str | None
    outcome: CellOutcome


@dataclass(frozen=True, slots=True)
class Row:
    """One line item; `item` is None for one made up, `line` (its prediction) for one missed."""

    number: int  # from 1, in the order of the truth, made-up and left-out ones last
    outcome: RowOutcome
    cells: tuple[Cell, ...]
    item: TrueItem | None
    line: Prediction | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw on a page; `label` is shown beside it, `title` has the values read and true."""

    page: int
    box: Box
    kind: MarkKind
    label: str
    title: str
    is_line: bool = False  # a whole line item


def compare_items(truth: TrueDocument, prediction: Prediction) -> list[Row]:
    """Return every true item with the line read for it, then the unmatched predicted lines."""
    matched = match_document(truth, prediction)
    lines: Sequence[Prediction] = prediction.get("line_items", []) if truth.items_labelled else []
    printed = {name for item in matched.items for name in item.visible}
    if not truth.items:  # then every predicted line is made up
        printed = set(SHOWN_CELLS)
    pairs = [
        (item, lines[matched.rows[matched.pairs[true]]] if true in matched.pairs else None)
        for true, item in enumerate(matched.items)
    ]
    rows = [_true_row(number, item, line) for number, (item, line) in enumerate(pairs, start=1)]
    for line in _unpaired_lines(matched, lines):
        cells = tuple(_made_up_cell(name, line, printed) for name in SHOWN_CELLS)
        rows.append(Row(len(rows) + 1, "made up", cells, None, line))
    for row in sorted(matched.excluded):
        cells = tuple(_made_up_cell(name, lines[row], set()) for name in SHOWN_CELLS)
        rows.append(Row(len(rows) + 1, "left out", cells, None, lines[row]))
    return rows


def _unpaired_lines(matched: MatchedDocument, lines: Sequence[Prediction]) -> Iterator[Prediction]:
    """Return the predicted rows that are paired with no true item."""
    paired = set(matched.pairs.values())
    return (lines[row] for place, row in enumerate(matched.rows) if place not in paired)


def _true_row(number: int, item: TrueItem, line: Prediction | None) -> Row:
    cells = tuple(_cell(name, item, line) for name in SHOWN_CELLS)
    if line is None:
        return Row(number, "missed", cells, item, None)
    right = all(
        cell.outcome in ("right", "not judged") for cell in cells if cell.name in SCORED_CELLS
    )
    return Row(number, "right" if right else "wrong", cells, item, line)


def _cell(name: str, item: TrueItem, line: Prediction | None) -> Cell:
    true = _printed_text(name, item)
    read = None if line is None else _read_text(name, line)
    if true is None:
        return Cell(name, None, read, "not judged")
    if read is None:
        return Cell(name, true, None, "missed")
    return Cell(name, true, read, "right" if _is_right(name, item, read) else "wrong")


def _printed_text(name: str, item: TrueItem) -> str | None:
    if name not in item.visible:
        return None
    if name == "description" and item.wordings:
        return item.wordings[0]
    return item.values.get(name)


def _is_right(name: str, item: TrueItem, read: str) -> bool:
    if name == "description":
        wordings = item.wordings or (item.values["description"],)
        return plain_text(read) in {plain_text(text) for text in wordings}
    return is_same_number(Decimal(read), item.decimal(name))  # `match_document` refused others


def _made_up_cell(name: str, line: Prediction, printed: set[str]) -> Cell:
    read = _read_text(name, line)
    judged = read is not None and name in printed
    return Cell(name, None, read, "wrong" if judged else "not judged")


def _read_text(name: str, line: Prediction) -> str | None:
    value = line.get(name)
    return None if value is None or value == "" else str(value)


def compare_fields(truth: TrueDocument, prediction: Prediction) -> list[Cell]:
    """Return every printed header field with the value read for it."""
    judged = {name: (under, right) for name, under, right in judged_fields(truth, prediction)}
    cells = []
    for name in sorted(truth.fields_visible):
        under, right = judged.get(name, (None, False))
        if under is None:
            cells.append(Cell(name, truth.fields[name], None, "missed"))
            continue
        read = str(prediction["fields"][under])
        cells.append(Cell(name, truth.fields[name], read, "right" if right else "wrong"))
    return cells


def find_marks(truth: TrueDocument, prediction: Prediction, rows: Sequence[Row]) -> list[Mark]:
    """Return the marks: predicted lines and values, and missed ones where the truth has a box."""
    marks = [mark for row in rows for mark in _row_marks(row)]
    marks += _field_marks(truth, prediction)
    marks += _missed_fields(truth, prediction)
    return marks


def _row_marks(row: Row) -> Iterator[Mark]:
    number = f"{row.number}"
    if row.item is not None and row.outcome != "right" and row.item.box is not None:
        title = f"line {number}, true: {_summary(row, true=True)}"
        yield Mark(row.item.page or 0, row.item.box, "missed", number, title, True)
    if row.line is None:
        return
    place = _read_place(row.line)
    if place is not None:
        kind: MarkKind = "wrong" if row.outcome in ("wrong", "made up") else "right"
        kind = "left out" if row.outcome == "left out" else kind
        title = f"line {number}, {row.outcome}: read {_summary(row, true=False)}"
        yield Mark(*place, kind, f"✗ {number}" if kind == "wrong" else number, title, True)
    for cell in row.cells:
        place = _read_place(_mapping_in(row.line, "places").get(cell.name))
        if cell.name in SCORED_CELLS and cell.outcome in ("right", "wrong") and place is not None:
            yield _cell_mark(cell, place, f"line {number}, {_with_spaces(cell.name)}")


def _summary(row: Row, true: bool) -> str:
    values = ((cell.name, cell.true if true else cell.read) for cell in row.cells)
    return ", ".join(f"{_with_spaces(name)} {value}" for name, value in values if value is not None)


def _cell_mark(cell: Cell, place: tuple[int, Box], where: str) -> Mark:
    if cell.outcome == "right":
        return Mark(*place, "right", "", f"{where}: read {cell.read}, right")
    true = "none is true" if cell.true is None else f"true is {cell.true}"
    return Mark(*place, "wrong", "✗", f"{where}: read {cell.read}, {true}")


def _field_marks(truth: TrueDocument, prediction: Prediction) -> Iterator[Mark]:
    under = {name: predicted_name for name, predicted_name, _ in judged_fields(truth, prediction)}
    for cell in compare_fields(truth, prediction):
        place = _read_place(_mapping_in(prediction, "places").get(under.get(cell.name)))
        if place is not None:
            yield _cell_mark(cell, place, _with_spaces(cell.name))


def _missed_fields(truth: TrueDocument, prediction: Prediction) -> Iterator[Mark]:
    """Yield marks of header fields that were not read right, where the truth has boxes."""
    outcomes = {cell.name: cell.outcome for cell in compare_fields(truth, prediction)}
    for place in truth.places:
        if place.item is None and outcomes.get(place.name) in ("missed", "wrong"):
            title = f"{_with_spaces(place.name)}, true: {truth.fields[place.name]}"
            yield Mark(place.page, place.box, "missed", "true", title)


def _read_place(value: object) -> tuple[int, Box] | None:
    """Return the `page` (from 1) and `bbox` of a prediction; None where it has no valid ones."""
    if not isinstance(value, Mapping):
        return None
    page, edges = value.get("page"), value.get("bbox")
    if not isinstance(page, int) or isinstance(page, bool) or page < 1:
        return None
    if not isinstance(edges, list | tuple) or len(edges) != 4:
        return None
    numbers = [edge for edge in edges if isinstance(edge, int | float) and -_FAR < edge < _FAR]
    return (page - 1, Box.clamped(*numbers)) if len(numbers) == 4 else None


def _mapping_in(prediction: Prediction, name: str) -> Mapping[str | None, Any]:
    value = prediction.get(name)
    return value if isinstance(value, Mapping) else {}


def _with_spaces(name: str) -> str:
    return name.replace("_", " ")
