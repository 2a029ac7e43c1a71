"""Corrections of read documents: one cell at a time, newest first, each of which can be taken back.

A cell is a document, a line (from 0, None for the head of the document) and the name of a field.
The line after the last one is a new line; a line is taken off the bill by its `line_type`
"comment". What the machine had read stays beside each correction.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from data.labels import LINE_FIELDS, LINE_TYPES
from data.records import ExtractedDocument, Field, LineItem
from data.values.dates import read_date
from data.values.numerals import NumberFormat, read_number
from serving.wire.document_json import DOCUMENT_TYPES_READ
from serving.wire.field_json import DATE_NAMES, DECIMAL_NAMES, HEADER_FIELDS, read_leaf

MOST_CORRECTIONS = 5_000  # of one dispute
_SURE_SHARE = 0.9  # a typed number is taken where one reading of it has this probability


class CorrectionRefused(ValueError):
    """A correction of a cell that is not there, or with a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one value: `line` counts from 0, None is the document's head."""

    document_id: str
    line: int | None
    field: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell with its right value as wire text, None for "not there".

    `machine` is what had been read: value, confidence and raw text, None for an empty cell.
    `taken_back_at` is set once it does not count any more.
    """

    number: int  # from 1, in the order they were made
    cell: Cell
    value: str | None
    machine: Mapping[str, Any] | None
    author: str | None
    key_id: str | None
    created_at: str
    taken_back_at: str | None = None
    taken_back_by: str | None = None

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Return the correction that `asdict` made an object of."""
        return cls(**{**entry, "cell": Cell(**entry["cell"])})


def corrections_to_bytes(corrections: Iterable[Correction]) -> bytes:
    """Return the corrections of a dispute as they are stored."""
    return json.dumps([asdict(correction) for correction in corrections]).encode()


def corrections_from_bytes(content: bytes) -> tuple[Correction, ...]:
    """Return stored corrections."""
    return tuple(map(Correction.from_json, json.loads(content)))


def wire_value(document: ExtractedDocument, cell: Cell, typed: str) -> str | None:
    """Return the wire text of what a person typed into a cell, "" being None.

    Numbers are read in the document's own format, dates as printed ones. Raises
    `CorrectionRefused`.
    """
    text = typed.strip()
    if not text:
        return None
    if cell.field in DECIMAL_NAMES:
        numbers = read_number(text, number_format(document))
        readings = [(Field(reading.value).text, reading.probability) for reading in numbers]
    elif cell.field in DATE_NAMES:
        readings = [(Field(day.value).text, day.probability) for day in read_date(text)]
    else:
        return text
    if not readings:
        raise CorrectionRefused(
            f"{cell.field}: {text[:60]!r} is not a number or date of a document"
        )
    value, share = readings[0]
    if share < _SURE_SHARE:
        others = " or ".join(str(reading) for reading, _ in readings[:3])
        raise CorrectionRefused(
            f"{cell.field}: {text[:60]!r} may be {others}; type it so that only one is meant, as"
            " 1234.50 or 2026-01-31"
        )
    return value


def number_format(document: ExtractedDocument) -> NumberFormat | None:
    """Return the format that most of a document's printed numbers have, None without evidence."""
    marks = Counter[Any]()
    for leaf in _leaves(document):
        if leaf.decimal is None or leaf.raw_text is None:
            continue
        readings = read_number(leaf.raw_text)
        if readings and readings[0].decimal_mark and readings[0].value == leaf.decimal:
            marks[readings[0].decimal_mark] += 1
    if not marks:
        return None
    mark = marks.most_common(1)[0][0]
    return NumberFormat(mark, ("." if mark == "," else ",",))


def machine_reading(document: ExtractedDocument, cell: Cell) -> dict[str, Any] | None:
    """Return what the machine read in a cell, None for an empty one."""
    if cell.field == "line_type" and cell.line is not None:
        rows = document.line_items
        return {"value": rows[cell.line].line_type} if cell.line < len(rows) else None
    leaf = _leaf(document, cell)
    if leaf is None:
        return None
    return {"value": leaf.text, "confidence": round(leaf.confidence, 4), "raw_text": leaf.raw_text}


def check_cell(document: ExtractedDocument, cell: Cell, lines: int, value: str | None) -> None:
    """Raise `CorrectionRefused` unless the cell can have that value; `lines` is the next line."""
    place = f"{cell.document_id}, {cell.field}"
    if cell.line is None:
        if cell.field == "document_type":
            _check_choice(place, value, DOCUMENT_TYPES_READ)
        elif cell.field not in HEADER_FIELDS:
            raise CorrectionRefused(f"{place}: no such field in the head of a document")
    elif not 0 <= cell.line <= lines:
        raise CorrectionRefused(
            f"{place}: there is no line {cell.line}; the document has the lines 0 to {lines - 1},"
            f" and {lines} would be a new one"
        )
    elif cell.field == "line_type":
        _check_choice(place, value, LINE_TYPES)
    elif cell.field not in LINE_FIELDS:
        raise CorrectionRefused(f"{place}: no such field in a line")
    if cell.field not in ("line_type", "document_type"):
        _check_value(place, cell, value)


def _check_choice(place: str, value: str | None, choices: Sequence[str]) -> None:
    if value not in choices:
        raise CorrectionRefused(f"{place}: {value!r} is none of {', '.join(choices)}")


def _check_value(place: str, cell: Cell, value: str | None) -> None:
    try:
        read_leaf(cell.field, {"value": value}, place)
    except ValueError as error:
        raise CorrectionRefused(str(error)) from None


def corrected(
    documents: Sequence[ExtractedDocument], corrections: Iterable[Correction]
) -> tuple[ExtractedDocument, ...]:
    """Return the documents with the corrections that count; later ones replace earlier ones."""
    by_document: dict[str, dict[Cell, str | None]] = {}
    for correction in corrections:
        if correction.taken_back_at is None:
            cell = correction.cell
            by_document.setdefault(cell.document_id, {})[cell] = correction.value
    return tuple(
        _corrected_document(document, by_document[document.document_id])
        if document.document_id in by_document
        else document
        for document in documents
    )


def _corrected_document(
    document: ExtractedDocument, values: Mapping[Cell, str | None]
) -> ExtractedDocument:
    head, rows = dict(document.fields), list(document.line_items)
    kind = document.document_type
    in_lines: dict[int, dict[str, str | None]] = {}
    for cell, value in values.items():
        if cell.line is not None:
            in_lines.setdefault(cell.line, {})[cell.field] = value
        elif cell.field == "document_type":
            kind = _override(kind, "document_type", value)
        else:
            head[cell.field] = _override(head.get(cell.field), cell.field, value)
    for line in sorted(in_lines):
        if line >= len(rows):
            rows.append(_corrected_line(LineItem(), in_lines[line]))
        else:
            rows[line] = _corrected_line(rows[line], in_lines[line])
    return replace(document, document_type=kind, fields=head, line_items=tuple(rows))


def _corrected_line(item: LineItem, values: Mapping[str, str | None]) -> LineItem:
    """Return the line with its values; what was derived from a corrected one is derived anew."""
    leaves: dict[str, Any] = {
        name: _override(item.field(name), name, value)
        for name, value in values.items()
        if name != "line_type"
    }
    line = replace(item, line_type=values.get("line_type") or item.line_type, **leaves)
    for name in LINE_FIELDS:
        leaf = line.field(name)
        if leaf is not None and name not in values and set(leaf.derived_from) & set(values):
            derived: dict[str, Any] = {name: _derived(line, name, leaf)}
            line = replace(line, **derived)
    return line


def _derived(line: LineItem, name: str, leaf: Field) -> Field | None:
    """Return an amount as quantity times price; any other derived value is unknown now."""
    quantity, price = line.quantity, line.unit_price
    if name != "amount" or set(leaf.derived_from) != {"quantity", "unit_price"}:
        return None
    if quantity is None or price is None or quantity.decimal is None or price.decimal is None:
        return None
    confidence = min(quantity.confidence, price.confidence)
    return replace(
        leaf, value=quantity.decimal * price.decimal, confidence=confidence, alternatives=()
    )


def _override(leaf: Field | None, name: str, value: str | None) -> Field:
    """Return the field as a person states it, in the place where the machine had read it."""
    stated = read_leaf(name, {"value": value}, name)
    if stated is None:
        raise CorrectionRefused(f"{name}: {value!r} is no value")
    if leaf is None:
        return stated
    return replace(stated, raw_text=leaf.raw_text, page=leaf.page, polygon=leaf.polygon)


def _leaf(document: ExtractedDocument, cell: Cell) -> Field | None:
    if cell.line is None:
        is_type = cell.field == "document_type"
        return document.document_type if is_type else document.fields.get(cell.field)
    rows = document.line_items
    return rows[cell.line].field(cell.field) if cell.line < len(rows) else None


def _leaves(document: ExtractedDocument) -> Iterable[Field]:
    yield from document.fields.values()
    for item in document.line_items:
        for name in LINE_FIELDS:
            if (leaf := item.field(name)) is not None:
                yield leaf


def new_corrections(
    documents: Sequence[ExtractedDocument],
    earlier: Sequence[Correction],
    cells: Sequence[tuple[Cell, str, bool]],
    by: tuple[str | None, str | None],
    now: datetime,
) -> tuple[Correction, ...]:
    """Return corrections of cells, each with its text and whether that is typed, not wire text.

    `documents` are those that were read, `by` is author and key id. Raises `CorrectionRefused`.
    """
    if len(earlier) + len(cells) > MOST_CORRECTIONS:
        raise CorrectionRefused(f"a dispute holds at most {MOST_CORRECTIONS} corrections")
    by_id = {document.document_id: document for document in documents}
    lines = {name: len(document.line_items) for name, document in by_id.items()}
    for correction in earlier:
        _count_line(lines, correction.cell)
    made = list[Correction]()
    for cell, text, is_typed in cells:
        document = by_id.get(cell.document_id)
        if document is None:
            raise CorrectionRefused(
                f"there is no document {cell.document_id[:80]!r}; it has"
                f" {', '.join(sorted(by_id))[:300]}"
            )
        value = wire_value(document, cell, text) if is_typed else text or None
        check_cell(document, cell, lines[cell.document_id], value)
        _count_line(lines, cell)
        reading = machine_reading(document, cell)
        number = len(earlier) + len(made) + 1
        made.append(Correction(number, cell, value, reading, *by, now.isoformat()))
    return tuple(made)


def _count_line(lines: dict[str, int], cell: Cell) -> None:
    if cell.line is not None and cell.document_id in lines:
        lines[cell.document_id] = max(lines[cell.document_id], cell.line + 1)
