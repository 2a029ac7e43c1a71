"""Errors of read documents by cause: where a wrong number is printed, and why a row is wrong.

A missed or invented row has one cause, each wrong number of a row one of its own. The causes say
where to look first: a number of the neighbouring column is the heading's fault, a number of another
row is the grouping's, a number that the truth has nowhere was misread.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from data.corpora.truth import TrueItem, is_decimal
from training.metrics.items import SCORED_CELLS
from training.metrics.pairing import is_same_number
from training.metrics.scoring import ScoredDocument
from training.report.gallery_rows import Cell, Row, compare_items
from training.report.tables import Table

Cause = Literal[
    "not opened",
    "row missed",
    "row invented",
    "value not read",
    "wrong column",
    "wrong row",
    "decimal point",
    "sign",
    "value misread",
]
_EXPLANATIONS: dict[Cause, str] = {
    "not opened": "the file could not be read, or nothing was predicted for it",
    "row missed": "no row was read for a true line item",
    "row invented": "a row was read that is no line item",
    "value not read": "the number is printed and nothing was read for it",
    "wrong column": "the number read is another one of the same row",
    "wrong row": "the number read is that of another row, in the same column",
    "decimal point": "right digits; the decimal point is elsewhere",
    "sign": "right but for its sign",
    "value misread": "a number that the truth has nowhere near",
}
_POWERS = tuple(Decimal(10) ** power for power in (-3, -2, -1, 1, 2, 3))


@dataclass(frozen=True, slots=True)
class ReadingError:
    """One error: a number of a row (`name`), or the whole row (`name` None); `row` as in a report.

    `true` and `read` are the values as text, None where there is none.
    """

    document_id: str
    row: int
    cause: Cause
    name: str | None = None
    true: str | None = None
    read: str | None = None


def find_errors(document: ScoredDocument) -> list[ReadingError]:
    """Return the errors of one document: missed and invented rows, and wrong numbers of the rest.

    Rows are paired as the score pairs them; what is not printed is no error.
    """
    rows = compare_items(document.truth, document.prediction)
    return [error for row in rows for error in _row_errors(document, row)]


def _row_errors(document: ScoredDocument, row: Row) -> Iterator[ReadingError]:
    name = document.truth.document_id
    if row.outcome == "missed":
        unread = not document.prediction or bool(document.prediction.get("failed"))
        yield ReadingError(name, row.number, "not opened" if unread else "row missed")
    elif row.outcome == "made up":
        yield ReadingError(name, row.number, "row invented")
    elif row.outcome == "wrong" and row.item is not None:
        for cell in row.cells:
            if cell.name in SCORED_CELLS and cell.outcome in ("wrong", "missed"):
                cause = _cell_cause(cell, row.item, document.truth.items)
                yield ReadingError(name, row.number, cause, cell.name, cell.true, cell.read)


def _cell_cause(cell: Cell, item: TrueItem, items: Sequence[TrueItem]) -> Cause:
    """Return the cause of one wrong number; of several that fit, the most particular."""
    true = item.decimal(cell.name)
    if cell.read is None or true is None:
        return "value not read"
    read = Decimal(cell.read)
    if is_same_number(read, -true):
        return "sign"
    others = (item.decimal(name) for name in item.values if name != cell.name)
    if any(is_same_number(read, other) for other in others):
        return "wrong column"
    if any(is_same_number(read, true * power) for power in _POWERS):
        return "decimal point"
    if any(is_same_number(read, other.decimal(cell.name)) for other in items if other is not item):
        return "wrong row"
    return "value misread"


def count_causes(scored: Sequence[ScoredDocument]) -> Counter[Cause]:
    """Return how many errors each cause has, over all documents; the commonest first."""
    counts = Counter(error.cause for document in scored for error in find_errors(document))
    return Counter(dict(counts.most_common()))


def cause_table(scored: Sequence[ScoredDocument]) -> Table:
    """Return the causes as a table: errors, documents that have them, an example of each."""
    errors = [error for document in scored for error in find_errors(document)]
    rows = []
    for cause, count in count_causes(scored).items():
        of_cause = [error for error in errors if error.cause == cause]
        documents = {error.document_id for error in of_cause}
        example = _example(of_cause[0])
        rows.append((cause, str(count), str(len(documents)), example, _EXPLANATIONS[cause]))
    columns = ("cause", "errors", "documents", "example", "meaning")
    return Table("Errors by cause", columns, tuple(rows))


def _example(error: ReadingError) -> str:
    place = f"{error.document_id} row {error.row}"
    if error.name is None:
        return place
    shown = [
        text if text is not None and is_decimal(text) else "nothing"
        for text in (error.read, error.true)
    ]
    return f"{place}: {error.name.replace('_', ' ')} {shown[0]}, true {shown[1]}"
