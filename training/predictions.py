"""Predictions as plain dicts, one a document: what `predictions.jsonl` holds."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data import labels
from data.records import ExtractedDocument, LineItem
from training.metrics import PredictionError

# Lines of a table that no truth counts as items; they are kept beside them.
NO_ITEMS = frozenset({"subtotal", "comment", "tax", "rounding"})


def to_prediction(
    document_id: str, documents: Sequence[ExtractedDocument], seconds: float
) -> dict[str, Any]:
    """What was read of one file, however many documents were found in it.

    Line items come in page order. A header value is that of the first document that has it, the
    type that of the first document with line items. Values are strings as in a corpus folder.
    """
    lines = [line for document in documents for line in document.line_items]
    lines.sort(key=lambda line: -1 if line.page is None else line.page)
    fields: dict[str, str] = {}
    for document in documents:
        for name, leaf in document.fields.items():
            if leaf.text is not None:
                fields.setdefault(name, leaf.text)
    return {
        "id": document_id,
        "document_type": _document_type(documents),
        "fields": fields,
        "line_items": [_line(line) for line in lines if line.line_type not in NO_ITEMS],
        "other_lines": [_line(line) for line in lines if line.line_type in NO_ITEMS],
        "seconds": round(seconds, 3),
        "problems": [
            {"code": problem.code, "message": problem.message, "page": problem.page}
            for document in documents
            for problem in document.problems
        ],
    }


def _document_type(documents: Sequence[ExtractedDocument]) -> str | None:
    with_items = [document for document in documents if document.line_items]
    first = next(iter(with_items or documents), None)
    return None if first is None else first.document_type.text


def _line(line: LineItem) -> dict[str, Any]:
    """The line's values by name; `page` from 1 and `bbox` as in a corpus folder."""
    leaves = {name: line.field(name) for name in labels.LINE_FIELDS}
    said: dict[str, Any] = {
        name: leaf.text for name, leaf in leaves.items() if leaf is not None and leaf.text
    }
    said["line_type"] = line.line_type
    said["confidence"] = {
        name: round(leaf.confidence, 4) for name, leaf in leaves.items() if name in said and leaf
    }
    if line.page is not None:
        said["page"] = line.page + 1
    if line.row_polygon is not None:
        xs, ys = line.row_polygon[0::2], line.row_polygon[1::2]
        said["bbox"] = [round(edge, 4) for edge in (min(xs), min(ys), max(xs), max(ys))]
    return said


def write_predictions(path: Path, predictions: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for prediction in predictions:
            file.write(json.dumps(prediction, ensure_ascii=False) + "\n")


def read_predictions(path: Path) -> dict[str, dict[str, Any]]:
    """Predictions by document id; raises `PredictionError` naming the line that is not one."""
    found: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            try:
                prediction = json.loads(text)
            except json.JSONDecodeError as error:
                raise PredictionError(
                    f"{path} line {number}: not a JSON object: {error}"
                ) from error
            if not isinstance(prediction, dict) or not isinstance(prediction.get("id"), str):
                raise PredictionError(f"{path} line {number}: want an object with an 'id' string")
            found[prediction["id"]] = prediction
    return found
