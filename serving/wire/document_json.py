"""Read documents as JSON and back: for `--document FILE.json` and for what the service returns.

Two forms are read. The full form is what `document_to_json` writes: every leaf is an object
(`serving.wire.field_json`). In the plain form (a corpus manifest) a leaf is a string. Unknown keys
are refused: a misspelt one would silently be a value that was not read.
"""

import json
from dataclasses import asdict, replace
from dataclasses import fields as record_fields
from typing import Any, get_args

from data.labels import DOCUMENT_TYPES, LINE_FIELDS, LINE_TYPES, MARKS
from data.records import (
    DeliveryException,
    ExceptionKind,
    ExtractedDocument,
    Field,
    LineItem,
    PageMark,
    PageSummary,
    Polygon,
    Problem,
)
from serving.wire.field_json import (
    HEADER_FIELDS,
    DocumentJsonError,
    field_to_json,
    json_list,
    json_object,
    page_to_json,
    polygon_to_json,
    read_bbox,
    read_float,
    read_leaf,
    read_page,
    read_polygon,
    read_text,
    refuse_unknown,
)

_FULL_KEYS = (
    *("document_id", "document_type", "fields", "line_items", "pages", "problems"),
    *("exceptions", "file_sha256"),
)
# The manifest names a document by `id` and may hold keys of its own; only near misses are refused.
_MANIFEST_KEYS = (
    *("id", "file", "document_type", "fields", "fields_visible", "line_items", "labels"),
    *("exceptions", "file_sha256"),
)
_EXCEPTION_LEAVES = ("quantity", "unit", "product_code")
_LINE_KEYS = ("line_type", "page", "row_polygon", *LINE_FIELDS)
_PLAIN_LINE_KEYS = ("start_date", "end_date", "bbox", "visible", *_LINE_KEYS)


def problem_to_json(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "page": page_to_json(problem.page),
    }


def document_to_json(document: ExtractedDocument) -> dict[str, Any]:
    """A read document as JSON-able objects: decimals and dates as strings, pages from 1."""
    return {
        "document_id": document.document_id,
        "document_type": field_to_json(document.document_type),
        "fields": {name: field_to_json(leaf) for name, leaf in document.fields.items()},
        "line_items": [_line_to_json(item) for item in document.line_items],
        "pages": [
            asdict(page) | {"page": page.page + 1, "confidence": round(page.confidence, 4)}
            for page in document.pages
        ],
        "problems": [problem_to_json(problem) for problem in document.problems],
        "exceptions": [
            {"kind": one.kind}
            | {name: field_to_json(getattr(one, name)) for name in _EXCEPTION_LEAVES}
            for one in document.exceptions
        ],
        "file_sha256": document.file_sha256,
    }


def _line_to_json(item: LineItem) -> dict[str, Any]:
    return {
        "line_type": item.line_type,
        "page": page_to_json(item.page),
        "row_polygon": polygon_to_json(item.row_polygon),
        **{name: field_to_json(leaf) for name in LINE_FIELDS if (leaf := item.field(name))},
    }


def _line_item(value: object, place: str, plain: bool) -> LineItem:
    row = json_object(value, place)
    refuse_unknown(row, _PLAIN_LINE_KEYS if plain else _LINE_KEYS, place, free=plain)
    line_type = row.get("line_type", "item")
    if line_type not in LINE_TYPES:
        raise DocumentJsonError(
            f"{place}.line_type: {line_type!r} is none of {', '.join(LINE_TYPES)}"
        )
    page = read_page(row.get("page"), place)
    polygon = read_polygon(row.get("row_polygon"), f"{place}.row_polygon")
    if polygon is None and plain:
        polygon = read_bbox(row.get("bbox"), f"{place}.bbox")
    leaves = {
        name: _placed(leaf, page, polygon)
        for name in LINE_FIELDS
        if (leaf := read_leaf(name, row.get(name), f"{place}.{name}")) is not None
    }
    return LineItem(line_type=line_type, page=page, row_polygon=polygon, **leaves)


def _placed(leaf: Field, page: int | None, polygon: Polygon | None) -> Field:
    """The leaf, standing at least where its row stands."""
    if leaf.page is not None or leaf.polygon is not None:
        return leaf
    return replace(leaf, page=page, polygon=polygon)


def document_from_json(value: object, place: str = "document") -> ExtractedDocument:
    """The document of one JSON object in the full or the plain form; raises DocumentJsonError."""
    seen = json_object(value, place)
    plain = "document_id" not in seen
    refuse_unknown(seen, _MANIFEST_KEYS if plain else _FULL_KEYS, place, free=plain)
    name = seen.get("id" if plain else "document_id")
    if not isinstance(name, str) or not name:
        raise DocumentJsonError(
            f"{place}: document_id (or id) is missing; give the document a name"
        )
    kind = read_leaf("document_type", seen.get("document_type"), f"{place}.document_type")
    if kind is None or kind.value not in DOCUMENT_TYPES:
        raise DocumentJsonError(
            f"{place}.document_type: {None if kind is None else kind.text!r} is none of "
            f"{', '.join(DOCUMENT_TYPES)}"
        )
    header = json_object(seen.get("fields", {}), f"{place}.fields")
    refuse_unknown(header, HEADER_FIELDS, f"{place}.fields", free=plain)
    rows = json_list(seen.get("line_items", []), f"{place}.line_items")
    pages = [] if plain else json_list(seen.get("pages", []), f"{place}.pages")
    problems = [] if plain else json_list(seen.get("problems", []), f"{place}.problems")
    leaves = {key: read_leaf(key, header[key], f"{place}.fields.{key}") for key in header}
    return ExtractedDocument(
        document_id=name,
        document_type=kind,
        fields={key: leaf for key, leaf in leaves.items() if leaf is not None},
        line_items=tuple(
            _line_item(row, f"{place}.line_items[{index}]", plain) for index, row in enumerate(rows)
        ),
        pages=tuple(
            _page_summary(page, f"{place}.pages[{index}]") for index, page in enumerate(pages)
        ),
        problems=tuple(
            _problem(problem, f"{place}.problems[{index}]")
            for index, problem in enumerate(problems)
        ),
        exceptions=tuple(
            _exception(one, f"{place}.exceptions[{index}]")
            for index, one in enumerate(
                json_list(seen.get("exceptions", []), f"{place}.exceptions")
            )
        ),
        file_sha256=read_text(seen.get("file_sha256"), f"{place}.file_sha256"),
    )


def _exception(value: object, place: str) -> DeliveryException:
    seen = json_object(value, place)
    refuse_unknown(seen, ("kind", *_EXCEPTION_LEAVES), place, free=False)
    kinds = get_args(ExceptionKind)
    quantity, unit, code = (
        read_leaf(name, seen.get(name), f"{place}.{name}") for name in _EXCEPTION_LEAVES
    )
    if seen.get("kind") not in kinds or quantity is None:
        raise DocumentJsonError(f"{place}: wanted a kind of {', '.join(kinds)} and a quantity")
    return DeliveryException(seen["kind"], quantity, unit, code)


def _page_summary(value: object, place: str) -> PageSummary:
    names = [one.name for one in record_fields(PageSummary)]
    seen = json_object(value, place)
    refuse_unknown(seen, names, place, free=False)
    missing = [name for name in names if name not in seen and name not in ("skew", "marks")]
    if missing:
        raise DocumentJsonError(f"{place}: {missing[0]} is missing")
    page = read_page(seen["page"], place)
    marks = json_list(seen.get("marks", ()), f"{place}.marks")
    placed = tuple(_mark(mark, f"{place}.marks[{index}]") for index, mark in enumerate(marks))
    return PageSummary(**{**seen, "page": page, "marks": placed})


def _mark(value: object, place: str) -> PageMark:
    seen = json_object(value, place)
    refuse_unknown(seen, ("kind", "polygon", "confidence"), place, free=False)
    kind, polygon = seen.get("kind"), read_polygon(seen.get("polygon"), f"{place}.polygon")
    if kind not in MARKS or polygon is None:
        raise DocumentJsonError(f"{place}: wanted a kind of {', '.join(MARKS)} and a polygon")
    return PageMark(kind, polygon, read_float(seen.get("confidence", 1.0), place))


def _problem(value: object, place: str) -> Problem:
    seen = json_object(value, place)
    refuse_unknown(seen, ("code", "message", "page"), place, free=False)
    code, message = seen.get("code"), seen.get("message")
    if not isinstance(code, str) or not isinstance(message, str):
        raise DocumentJsonError(f"{place}: code and message are wanted, as strings")
    return Problem(code, message, read_page(seen.get("page"), place))


def documents_from_json(value: object, name: str = "document") -> tuple[ExtractedDocument, ...]:
    """The documents of one JSON object or of a list of them (what `tieout extract --json` prints).

    JSON text is read too. Raises DocumentJsonError.
    """
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise DocumentJsonError(f"{name}: not JSON ({str(error)[:120]})") from None
    if not isinstance(value, list | tuple):
        return (document_from_json(value, name),)
    return tuple(document_from_json(one, f"{name}[{index}]") for index, one in enumerate(value))
