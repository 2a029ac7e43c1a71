"""Read documents to JSON and back, for `--document FILE.json` and the service's responses.

Two forms are parsed. The full form is that of `document_to_json`: every leaf is an object
(`serving.wire.field_json`). In the plain form (a corpus manifest) a leaf is a string. Unknown keys
are refused: the value of a misspelt one would silently be missing.
"""

from dataclasses import asdict, replace
from dataclasses import fields as record_fields
from typing import Any, get_args

from data.json_values import JsonNumber, load_exact_json
from data.labels import DOCUMENT_TYPES, LINE_FIELDS, LINE_TYPES, MARKS
from data.outside_data import guarded
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
# Types that partners send as data, beside those that the model tells apart.
DOCUMENT_TYPES_READ = (*DOCUMENT_TYPES, "debit_memo", "corrected_invoice")
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
    """Return a read document as JSON-able objects: decimals and dates as strings, pages from 1."""
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
            {"kind": exception.kind}
            | {name: field_to_json(getattr(exception, name)) for name in _EXCEPTION_LEAVES}
            for exception in document.exceptions
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
    """Return the leaf with the position of its row where it has none of its own."""
    if leaf.page is not None or leaf.polygon is not None:
        return leaf
    return replace(leaf, page=page, polygon=polygon)


def document_from_json(value: object, place: str = "document") -> ExtractedDocument:
    """Return the document of a JSON object in full or plain form; raises `DocumentJsonError`."""
    content = json_object(value, place)
    plain = "document_id" not in content
    refuse_unknown(content, _MANIFEST_KEYS if plain else _FULL_KEYS, place, free=plain)
    name = content.get("id" if plain else "document_id")
    if not isinstance(name, str) or not name:
        raise DocumentJsonError(
            f"{place}: document_id (or id) is missing; give the document a name"
        )
    kind = read_leaf("document_type", content.get("document_type"), f"{place}.document_type")
    if kind is None or kind.value not in DOCUMENT_TYPES_READ:
        raise DocumentJsonError(
            f"{place}.document_type: {None if kind is None else kind.text!r} is none of "
            f"{', '.join(DOCUMENT_TYPES_READ)}"
        )
    header = json_object(content.get("fields", {}), f"{place}.fields")
    refuse_unknown(header, HEADER_FIELDS, f"{place}.fields", free=plain)
    rows = json_list(content.get("line_items", []), f"{place}.line_items")
    pages = [] if plain else json_list(content.get("pages", []), f"{place}.pages")
    problems = [] if plain else json_list(content.get("problems", []), f"{place}.problems")
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
            _exception(entry, f"{place}.exceptions[{index}]")
            for index, entry in enumerate(
                json_list(content.get("exceptions", []), f"{place}.exceptions")
            )
        ),
        file_sha256=read_text(content.get("file_sha256"), f"{place}.file_sha256"),
    )


def _exception(value: object, place: str) -> DeliveryException:
    entry = json_object(value, place)
    refuse_unknown(entry, ("kind", *_EXCEPTION_LEAVES), place, free=False)
    kinds = get_args(ExceptionKind)
    quantity, unit, code = (
        read_leaf(name, entry.get(name), f"{place}.{name}") for name in _EXCEPTION_LEAVES
    )
    if entry.get("kind") not in kinds or quantity is None:
        raise DocumentJsonError(
            f"{place}: expected a quantity and a kind, one of {', '.join(kinds)}"
        )
    return DeliveryException(entry["kind"], quantity, unit, code)


def _page_summary(value: object, place: str) -> PageSummary:
    names = [field.name for field in record_fields(PageSummary)]
    entry = json_object(value, place)
    refuse_unknown(entry, names, place, free=False)
    missing = [name for name in names if name not in entry and name not in ("skew", "marks")]
    if missing:
        raise DocumentJsonError(f"{place}: {missing[0]} is missing")
    page = read_page(entry["page"], place)
    marks = json_list(entry.get("marks", ()), f"{place}.marks")
    placed = tuple(_mark(mark, f"{place}.marks[{index}]") for index, mark in enumerate(marks))
    numbers = {key: float(value) for key, value in entry.items() if isinstance(value, JsonNumber)}
    return PageSummary(**{**entry, **numbers, "page": page, "marks": placed})


def _mark(value: object, place: str) -> PageMark:
    entry = json_object(value, place)
    refuse_unknown(entry, ("kind", "polygon", "confidence"), place, free=False)
    kind, polygon = entry.get("kind"), read_polygon(entry.get("polygon"), f"{place}.polygon")
    if kind not in MARKS or polygon is None:
        raise DocumentJsonError(
            f"{place}: expected a polygon and a kind, one of {', '.join(MARKS)}"
        )
    return PageMark(kind, polygon, read_float(entry.get("confidence", 1.0), place))


def _problem(value: object, place: str) -> Problem:
    entry = json_object(value, place)
    refuse_unknown(entry, ("code", "message", "page"), place, free=False)
    code, message = entry.get("code"), entry.get("message")
    if not isinstance(code, str) or not isinstance(message, str):
        raise DocumentJsonError(f"{place}: code and message must be strings")
    return Problem(code, message, read_page(entry.get("page"), place))


@guarded(DocumentJsonError, 1)
def documents_from_json(value: object, name: str = "document") -> tuple[ExtractedDocument, ...]:
    """Return the documents of a JSON object or list, as `tieout extract --json` prints them.

    `value` may also be JSON text. Raises `DocumentJsonError`.
    """
    if isinstance(value, str | bytes):
        try:
            value = load_exact_json(value)
        except (ValueError, RecursionError) as error:
            raise DocumentJsonError(f"{name}: not JSON ({str(error)[:120]})") from None
    if not isinstance(value, list | tuple):
        return (document_from_json(value, name),)
    return tuple(document_from_json(entry, f"{name}[{index}]") for index, entry in enumerate(value))
