"""Predictions as plain dicts, one a document, as `predictions.jsonl` holds them."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictStr,
    ValidationError,
)

from data import labels
from data.corpora.truth import is_decimal
from data.records import ExtractedDocument, Field, LineItem, Polygon

Prediction = Mapping[str, Any]

_LONGEST_S = 1e9  # a reading does not take thirty years
_MOST_PAGES = 10**6
_SLACK = 0.1  # of the page, by which a box of a turned page may stick out

# Lines of a table that no truth counts as items; they are kept beside them.
NON_ITEM_TYPES = frozenset({"subtotal", "comment", "tax", "rounding"})


class PredictionError(ValueError):
    """A prediction that breaks the format; the message names document, item and field."""


def _check_number(low: float, high: float, want: str) -> BeforeValidator:
    """Return a check that a value is a number within these bounds; NaN and true are none."""

    def check(value: object) -> object:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise ValueError(f"want {want}, got {value!r:.60}")
        return value

    return BeforeValidator(check)


def _check_count(low: int, want: str) -> BeforeValidator:
    """Return a check that a value is a whole number from `low` on."""

    def check(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _MOST_PAGES:
            raise ValueError(f"want {want}, got {value!r:.60}")
        return value

    return BeforeValidator(check)


def _check_decimal(text: str) -> str:
    if text and not is_decimal(text):
        raise ValueError(f"want a decimal string with a point, got {text!r:.60}")
    return text


_Probability = Annotated[float, _check_number(0, 1, "a confidence within 0..1")]
_Edge = Annotated[float, _check_number(-_SLACK, 1 + _SLACK, "an edge as a fraction of the page")]
_PageNumber = Annotated[int, _check_count(1, "a page number from 1")]
_Box = tuple[_Edge, _Edge, _Edge, _Edge]
_Cell = Annotated[StrictStr, AfterValidator(_check_decimal)]


class _Place(BaseModel):
    model_config = ConfigDict(extra="allow")
    page: _PageNumber | None = None
    bbox: _Box | None = None


class _Alternative(BaseModel):
    model_config = ConfigDict(extra="allow")
    value: StrictStr
    confidence: _Probability


class _Details(BaseModel):
    """Details that may stand beside values, by their names."""

    model_config = ConfigDict(extra="allow")
    confidence: dict[StrictStr, _Probability | None] | None = None
    places: dict[StrictStr, _Place | None] | None = None
    alternatives: dict[StrictStr, list[_Alternative] | None] | None = None


class _Line(_Details):
    amount: _Cell | None = None
    quantity: _Cell | None = None
    unit_price: _Cell | None = None
    description: StrictStr | None = None
    line_number: StrictStr | None = None
    line_type: StrictStr | None = None
    page: _PageNumber | None = None
    bbox: _Box | None = None


class _Document(_Details):
    document_type: StrictStr | None = None
    document_type_confidence: _Probability | None = None
    fields: dict[StrictStr, StrictStr | None] = {}


class _Part(_Document):
    line_items: list[Annotated[int, _check_count(0, "a row of line_items, from 0")]] = []


class _PredictionShape(_Document):
    """The shape of a prediction from any source; free further keys are kept as they are."""

    line_items: list[_Line] = []
    parts: list[_Part] | None = None
    seconds: Annotated[float, _check_number(0, _LONGEST_S, "seconds, 0 or more")] | None = None
    pages: Annotated[int, _check_count(0, "a number of pages")] | None = None
    failed: StrictStr | None = None
    language: StrictStr | None = None
    words_source: StrictStr | None = None


def to_prediction(
    document_id: str, documents: Sequence[ExtractedDocument], seconds: float
) -> dict[str, Any]:
    """Return one prediction for a file, from all the documents that were read in it.

    Line items come in page order. A header value is that of the first document that has it, the
    type that of the first document with line items. Values are strings as in a corpus folder.
    Beside `fields`, and in every line, are by name `confidence`, `places` ({page from 1, bbox})
    and `alternatives` ([{value, confidence}], best first). Where several documents were found,
    `parts` lists the fields and the rows of `line_items` of each.
    """
    lines = _lines_by_page(documents)
    items = [(number, line) for number, line in lines if line.line_type not in NON_ITEM_TYPES]
    leaves = _header_leaves(documents)
    document_type = _document_type(documents)
    prediction = {
        "id": document_id,
        "document_type": None if document_type is None else document_type.text,
        "document_type_confidence": _rounded_confidence(document_type),
        "fields": _add_invoice_names(
            document_type, {name: leaf.text for name, leaf in leaves.items()}
        ),
        **_details(leaves),
        "line_items": [_line_values(line) for _, line in items],
        "other_lines": [
            _line_values(line) for _, line in lines if line.line_type in NON_ITEM_TYPES
        ],
        "seconds": round(seconds, 3),
        "problems": [
            {"code": problem.code, "message": problem.message, "page": problem.page}
            for document in documents
            for problem in document.problems
        ],
    }
    if len(documents) > 1:
        prediction["parts"] = [
            _part_values(document, [row for row, (owner, _) in enumerate(items) if owner == number])
            for number, document in enumerate(documents)
        ]
    return prediction


def _lines_by_page(documents: Sequence[ExtractedDocument]) -> list[tuple[int, LineItem]]:
    """Return (number of its document, line) of all lines, in page order."""
    lines = [
        (number, line) for number, document in enumerate(documents) for line in document.line_items
    ]
    return sorted(lines, key=lambda entry: -1 if entry[1].page is None else entry[1].page)


def _rounded_confidence(leaf: Field | None) -> float | None:
    return None if leaf is None else round(leaf.confidence, 4)


def _document_type(documents: Sequence[ExtractedDocument]) -> Field | None:
    with_items = [document for document in documents if document.line_items]
    first = next(iter(with_items or documents), None)
    return None if first is None else first.document_type


def _header_leaves(documents: Sequence[ExtractedDocument]) -> dict[str, Field]:
    """Return by name the leaf of the first document that has a value there."""
    leaves: dict[str, Field] = {}
    for document in documents:
        for name, leaf in document.fields.items():
            if leaf.text is not None:
                leaves.setdefault(name, leaf)
    return leaves


def _add_invoice_names(field: Field | None, fields: dict[str, str | None]) -> dict[str, str | None]:
    """Add a document's number and date as `invoice_id` and `invoice_date`, for every type.

    So a corpus folder names them in every type of document.
    """
    document_type = "" if field is None else str(field.value)
    for names in (labels.DOCUMENT_ID_NAMES, labels.DOCUMENT_DATE_NAMES):
        value = fields.get(names.get(document_type, ""))
        if value is not None:
            fields.setdefault(names["invoice"], value)
    return fields


def _part_values(document: ExtractedDocument, rows: Sequence[int]) -> dict[str, Any]:
    leaves = _header_leaves([document])
    return {
        "document_type": document.document_type.text,
        "document_type_confidence": round(document.document_type.confidence, 4),
        "pages": [page.page + 1 for page in document.pages],
        "fields": {name: leaf.text for name, leaf in leaves.items()},
        **_details(leaves),
        "line_items": list(rows),
    }


def _line_values(line: LineItem) -> dict[str, Any]:
    """Return the line's values by name; `page` from 1 and `bbox` as in a corpus folder."""
    leaves = {name: leaf for name in labels.LINE_FIELDS if (leaf := line.field(name)) and leaf.text}
    values: dict[str, Any] = {name: leaf.text for name, leaf in leaves.items()}
    values |= {"line_type": line.line_type, **_details(leaves)}
    if line.page is not None:
        values["page"] = line.page + 1
    if line.row_polygon is not None:
        values["bbox"] = _bbox(line.row_polygon)
    return values


def _details(leaves: Mapping[str, Field]) -> dict[str, Any]:
    """Return each value's confidence, its place on the page, and its alternatives, by name."""
    return {
        "confidence": {name: round(leaf.confidence, 4) for name, leaf in leaves.items()},
        "places": {
            name: {"page": leaf.page + 1, "bbox": _bbox(leaf.polygon)}
            for name, leaf in leaves.items()
            if leaf.page is not None and leaf.polygon is not None
        },
        "alternatives": {
            name: [
                {"value": Field(other.value).text, "confidence": round(other.confidence, 4)}
                for other in leaf.alternatives
            ]
            for name, leaf in leaves.items()
            if leaf.alternatives
        },
    }


def _bbox(polygon: Polygon) -> list[float]:
    xs, ys = polygon[0::2], polygon[1::2]
    return [round(edge, 4) for edge in (min(xs), min(ys), max(xs), max(ys))]


def write_predictions(path: Path, predictions: Iterable[dict[str, Any]]) -> None:
    """Write one line a prediction; the file is replaced at once, so a kill leaves no half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Half of a surrogate pair, which JSON can spell and UTF-8 cannot, stays spelled out
        with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for prediction in predictions:
                file.write(json.dumps(prediction, ensure_ascii=False) + "\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_predictions(path: Path) -> dict[str, dict[str, Any]]:
    """Read predictions by document id; raises `PredictionError` naming the line at fault.

    An id predicted twice is an error: neither of the two is known to be the right one.
    """
    predictions: dict[str, dict[str, Any]] = {}
    for number, text in enumerate(_lines(path), start=1):
        where = f"{path} line {number}"
        try:
            prediction = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise PredictionError(f"{where}: not a JSON object: {error}") from error
        if not isinstance(prediction, dict) or not isinstance(prediction.get("id"), str):
            raise PredictionError(f"{where}: want an object with an 'id' string")
        try:
            _PredictionShape.model_validate(prediction)
        except ValidationError as error:
            raise PredictionError(f"{where}: {_first_problem(error)}") from error
        if prediction["id"] in predictions:
            raise PredictionError(
                f"{where}: id {prediction['id']!r} is predicted twice; want one line a document"
            )
        predictions[prediction["id"]] = prediction
    return predictions


def _first_problem(error: ValidationError) -> str:
    """Return the place of the first problem, what was wanted there, and what was seen."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "value_error":  # one of the checks above, which says both
        return f"{field}: {first['ctx']['error']}"
    return f"{field}: {first['msg']}, got {first['input']!r:.60}"


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        try:
            yield from file
        except UnicodeDecodeError as error:
            raise PredictionError(f"{path}: is not UTF-8 text ({error.reason})") from error
