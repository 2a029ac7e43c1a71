"""Documents made from predictions, as `training.evaluate` writes them.

Predictions from any source are accepted; a value without a confidence counts as certain. What
the line format cannot hold (a printed cell that could not be read) is lost, so a verdict on
predictions may be bolder than one on the reader's own documents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from data.corpora.truth import is_decimal
from data.labels import DATE_TAGS, DECIMAL_TAGS, DOCUMENT_DATE_NAMES, LINE_FIELDS, LINE_TYPES
from data.records import Alternative, Box, ExtractedDocument, Field, LineItem, Polygon, Problem
from training.metrics.predictions import Prediction, PredictionError

_DECIMALS = DECIMAL_TAGS | {"pack_quantity", "charge_amount"}
_DATES = DATE_TAGS | set(DOCUMENT_DATE_NAMES.values())


def read_prediction(prediction: Prediction) -> tuple[ExtractedDocument, ...]:
    """Return the documents of one prediction; several where it has `parts`, one otherwise.

    Raises `PredictionError` naming document, item and field where it does not keep to the format.
    """
    name = str(prediction.get("id"))
    rows = _list(prediction.get("line_items"), f"{name}: line_items")
    items = [_item(row, f"{name}: line_items.{index}") for index, row in enumerate(rows)]
    problems = _problems(prediction.get("problems"), name)
    parts = _list(prediction.get("parts"), f"{name}: parts")
    if not parts:
        return (_document(name, prediction, items, problems),)
    documents = []
    for number, part in enumerate(parts, start=1):
        where = f"{name}: parts.{number - 1}"
        part_items = [
            _item_at(items, index, where)
            for index in _list(_object(part, where).get("line_items"), where)
        ]
        documents.append(_document(f"{name}#{number}", part, part_items, ()))
    return (replace(documents[0], problems=problems), *documents[1:])


def _item_at(items: Sequence[LineItem], index: object, where: str) -> LineItem:
    if not isinstance(index, int) or not 0 <= index < len(items):
        raise PredictionError(
            f"{where}.line_items: row {index!r} is none of the {len(items)} line items"
        )
    return items[index]


def _document(
    name: str, values: Mapping[str, Any], items: Sequence[LineItem], problems: Sequence[Problem]
) -> ExtractedDocument:
    kind, stated = values.get("document_type"), values.get("document_type_confidence")
    certainty = 1.0 if stated is None else _probability(stated, f"{name}: document_type_confidence")
    fields = _object(values.get("fields") or {}, f"{name}: fields")
    return ExtractedDocument(
        document_id=name,
        document_type=Field(str(kind) if kind else "other", confidence=certainty),
        fields=_leaves(values, fields, fields, f"{name}: fields"),
        line_items=tuple(items),
        problems=tuple(problems),
    )


def _item(value: object, where: str) -> LineItem:
    row = _object(value, where)
    kind = row.get("line_type") or "item"
    if kind not in LINE_TYPES:
        raise PredictionError(f"{where}.line_type: {kind!r} is none of {', '.join(LINE_TYPES)}")
    page, bbox = row.get("page"), row.get("bbox")
    return LineItem(
        line_type=kind,
        page=_page(page, f"{where}.page"),
        row_polygon=None if bbox is None else _polygon(bbox, f"{where}.bbox"),
        **_leaves(row, row, LINE_FIELDS, where),
    )


def _leaves(
    details: Mapping[str, Any], values: Mapping[str, Any], names: Iterable[str], where: str
) -> dict[str, Field]:
    """Return the leaves of `names` that have a value, with confidence, place and alternatives."""
    leaves = {}
    for name in names:
        text = values.get(name)
        if text is None or text == "":
            continue
        place = f"{where}.{name}"
        stated = _detail(details, "confidence", name, where)
        spot = _object(_detail(details, "places", name, where) or {}, f"{place}: place")
        others = _list(_detail(details, "alternatives", name, where), f"{place}: alternatives")
        bbox = spot.get("bbox")
        leaves[name] = Field(
            value=_value(name, text, place),
            raw_text=str(text),
            confidence=1.0 if stated is None else _probability(stated, place),
            page=_page(spot.get("page"), place),
            polygon=None if bbox is None else _polygon(bbox, place),
            alternatives=tuple(_alternative(name, other, place) for other in others),
        )
    return leaves


def _detail(details: Mapping[str, Any], key: str, name: str, where: str) -> Any:
    return _object(details.get(key) or {}, f"{where}: {key}").get(name)


def _value(name: str, text: object, where: str) -> str | Decimal | date | None:
    """Return the value in the type of its leaf; None where a number or a date is none."""
    if not isinstance(text, str):
        raise PredictionError(f"{where}: want a string, got {text!r}")
    if name in _DECIMALS:
        return Decimal(text) if is_decimal(text) else None
    if name in _DATES:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return text


def _alternative(name: str, alternative: object, where: str) -> Alternative:
    parts = _object(alternative, f"{where}: alternative")
    value = _value(name, parts.get("value"), f"{where}: alternative")
    if value is None:
        raise PredictionError(f"{where}: alternative {parts.get('value')!r} has no value")
    return Alternative(value, _probability(parts.get("confidence"), f"{where}: alternative"))


def _problems(value: object, name: str) -> tuple[Problem, ...]:
    problems = (
        _object(problem, f"{name}: problems") for problem in _list(value, f"{name}: problems")
    )
    return tuple(
        Problem(str(problem.get("code")), str(problem.get("message"))) for problem in problems
    )


def _probability(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PredictionError(f"{where}: want a confidence within 0..1, got {value!r}")
    return float(value)


def _page(value: object, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PredictionError(f"{where}: want a page number from 1, got {value!r}")
    return value - 1


def _polygon(value: object, where: str) -> Polygon:
    """Return the corners of [x0, y0, x1, y1], clockwise from the top left."""
    edges = _list(value, where)
    if len(edges) != 4 or not all(_is_number(edge) for edge in edges):
        raise PredictionError(f"{where}: want a box of 4 numbers, got {value!r}")
    box = Box.clamped(*(float(edge) for edge in edges))
    return (
        *(box.left, box.top, box.right, box.top),
        *(box.right, box.bottom, box.left, box.bottom),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PredictionError(f"{where}: want an object, got {type(value).__name__}")
    return value


def _list(value: object, where: str) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise PredictionError(f"{where}: want a list, got {type(value).__name__}")
    return value
