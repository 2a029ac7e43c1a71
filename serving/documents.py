"""Read documents as JSON and back: for `--document FILE.json` and for what the service returns.

Two forms are read. The full form is what `document_to_json` writes: every leaf is an object with
value, raw_text, confidence, page, polygon, source, alternatives. In the plain form (a corpus
manifest) a leaf is a string. Unknown keys are refused: a misspelt one would silently be a value
that was not read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from dataclasses import fields as record_fields
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, ClassVar, get_args

from rapidfuzz import fuzz

from data.dates import read_date
from data.exchange.refusal import nearest_name
from data.labels import (
    DATE_TAGS,
    DECIMAL_TAGS,
    DOCUMENT_DATE_NAMES,
    DOCUMENT_ID_NAMES,
    DOCUMENT_TYPES,
    HEADER_TAGS,
    LINE_FIELDS,
    LINE_TYPES,
    MARKS,
)
from data.numerals import read_number
from data.order_json import DECIMAL_TEXT, wire_decimal
from data.records import (
    Alternative,
    Box,
    DeliveryException,
    ExceptionKind,
    ExtractedDocument,
    Field,
    LineItem,
    PageMark,
    PageSummary,
    Polygon,
    Problem,
    Value,
)


class DocumentJsonError(ValueError):
    """The JSON is not a read document; the message says where, what was seen, what is wanted."""

    code: ClassVar[str] = "invalid_document_json"


def field_to_json(leaf: Field | None) -> dict[str, Any] | None:
    """One leaf as `{value, raw_text, confidence, page, polygon, source, alternatives}`."""
    if leaf is None:
        return None
    json_leaf: dict[str, Any] = {
        "value": leaf.text,
        "raw_text": leaf.raw_text,
        "confidence": round(leaf.confidence, 4),
        "page": page_to_json(leaf.page),
        "polygon": polygon_to_json(leaf.polygon),
        "source": leaf.source,
        "alternatives": [
            {"value": Field(other.value).text, "confidence": round(other.confidence, 4)}
            for other in leaf.alternatives
        ],
    }
    if leaf.derived_from:
        json_leaf["derived_from"] = list(leaf.derived_from)
    return json_leaf


def page_to_json(page: int | None) -> int | None:
    return None if page is None else page + 1


def polygon_to_json(polygon: Polygon | None) -> list[float] | None:
    return None if polygon is None else [round(number, 5) for number in polygon]


def problem_to_json(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "page": page_to_json(problem.page),
    }


# Header names beside those of the labels (matching reference, section 1.2 and 1.3).
OTHER_HEADER_FIELDS: tuple[str, ...] = (
    "reference_number",
    "despatch_advice_id",
    "receipt_id",
    "vendor_id",
    "vendor_tax_id",
    "vendor_address",
    "remit_to_address",
    "customer_id",
    "customer_tax_id",
    "bill_to_address",
    "ship_to_address",
    "total_charge",
    "amount_paid",
    "rounding_amount",
    "prior_balance",
    "payment_terms",
    "freight_terms",
    "carrier_name",
    "receiver_name",
    "receiver_signature",  # present, absent or uncertain, as the next one
    "carrier_signature",
    "shipper_load_and_count",  # true or false, as the next one
    "shipment_complete",  # the vendor says that nothing more will come
    "service_from",
    "service_to",
)
_OTHER_DECIMALS = frozenset(
    {"total_charge", "amount_paid", "rounding_amount", "prior_balance"}
    | {"pack_quantity", "charge_amount"}
)
HEADER_FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *HEADER_TAGS,
            *DOCUMENT_ID_NAMES.values(),
            *DOCUMENT_DATE_NAMES.values(),
            *OTHER_HEADER_FIELDS,
        )
    )
)
_DECIMAL_NAMES = DECIMAL_TAGS | _OTHER_DECIMALS
_DATE_NAMES = DATE_TAGS | set(DOCUMENT_DATE_NAMES.values()) | {"service_from", "service_to"}

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
_LEAF_KEYS = (
    "value",
    "raw_text",
    "confidence",
    "page",
    "polygon",
    "source",
    "alternatives",
    "derived_from",
)
# So alike that a key is rather a misspelt one than a corpus's own.
_MISSPELT = 88


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


def _refuse_unknown(seen: Mapping[str, Any], names: Sequence[str], place: str, free: bool) -> None:
    """Raise for a key not in `names`; with `free`, only for one that looks like a misspelt name."""
    for key in seen:
        if key in names:
            continue
        near = nearest_name(str(key), names)
        if free and (near is None or fuzz.ratio(str(key), near) < _MISSPELT):
            continue
        wanted = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
        raise DocumentJsonError(f"{place}: unknown key {key!r}; {wanted}")


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise DocumentJsonError(f"{place}: wanted an object, got {type(value).__name__}")
    return value


def _list(value: object, place: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise DocumentJsonError(f"{place}: wanted a list, got {type(value).__name__}")
    return value


def _value(name: str, value: object, place: str) -> Value | None:
    """A wire value by the name of its leaf: decimal string with a point, ISO date, text."""
    if value is None:
        return None
    try:
        if name in _DECIMAL_NAMES:
            return wire_decimal(value)
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not text; write it as a string")
        return date.fromisoformat(value) if name in _DATE_NAMES else value
    except ValueError as error:
        raise DocumentJsonError(f"{place}: {error}") from None


def _plain(name: str, text: str, page: int | None, polygon: Polygon | None) -> Field:
    """A leaf given as a plain string: wire form, else read like print, with its other readings."""
    readings: list[tuple[Value, float]]
    if name in _DECIMAL_NAMES:
        if DECIMAL_TEXT.fullmatch(text):
            readings = [(Decimal(text), 1.0)]
        else:
            readings = [(one.value, one.probability) for one in read_number(text)]
    elif name in _DATE_NAMES:
        readings = [(one.value, one.probability) for one in read_date(text)]
    else:
        readings = [(text, 1.0)]
    value, confidence = readings[0] if readings else (None, 0.0)
    others = tuple(Alternative(one, weight) for one, weight in readings[1:4])
    return Field(value, text, confidence, page, polygon, "override", others)


def _page(value: object, place: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DocumentJsonError(f"{place}: page {value!r} is not a page number from 1")
    return value - 1


def _number(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise DocumentJsonError(f"{place}: {value!r} is not a number")
    return float(value)


def _polygon(value: object, place: str) -> Polygon | None:
    if value is None:
        return None
    numbers = [_number(one, place) for one in _list(value, place)]
    if len(numbers) != 8 or not all(0 <= number <= 1 for number in numbers):
        raise DocumentJsonError(f"{place}: wanted 8 numbers within 0..1, got {numbers}")
    a, b, c, d, e, f, g, h = numbers
    return a, b, c, d, e, f, g, h


def _bbox(value: object, place: str) -> Polygon | None:
    if value is None:
        return None
    numbers = [_number(one, place) for one in _list(value, place)]
    if len(numbers) != 4:
        raise DocumentJsonError(f"{place}: wanted 4 numbers, got {len(numbers)}")
    box = Box.clamped(*numbers)
    return (
        *(box.left, box.top, box.right, box.top),
        *(box.right, box.bottom, box.left, box.bottom),
    )


def _leaf(name: str, value: object, place: str) -> Field | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _plain(name, value, None, None)
    if isinstance(value, bool | int | float):
        raise DocumentJsonError(
            f"{place}: {json.dumps(value)} is a JSON number; write it as a string"
        )
    leaf = _object(value, place)
    _refuse_unknown(leaf, _LEAF_KEYS, place, free=False)
    if "value" not in leaf:
        raise DocumentJsonError(f"{place}: value is missing; null says that it was not read")
    alternatives = tuple(
        _alternative(name, other, f"{place}.alternatives[{index}]")
        for index, other in enumerate(_list(leaf.get("alternatives") or [], place))
    )
    derived = _list(leaf.get("derived_from") or [], f"{place}.derived_from")
    try:
        return Field(
            value=_value(name, leaf["value"], f"{place}.value"),
            raw_text=_text(leaf.get("raw_text"), f"{place}.raw_text"),
            confidence=_number(leaf.get("confidence", 1.0), f"{place}.confidence"),
            page=_page(leaf.get("page"), f"{place}.page"),
            polygon=_polygon(leaf.get("polygon"), f"{place}.polygon"),
            source=leaf.get("source", "override"),
            alternatives=alternatives,
            derived_from=tuple(map(str, derived)),
        )
    except DocumentJsonError:
        raise
    except ValueError as error:
        raise DocumentJsonError(f"{place}: {error}") from None


def _text(value: object, place: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise DocumentJsonError(f"{place}: {value!r} is not text; write it as a string")
    return value


def _alternative(name: str, value: object, place: str) -> Alternative:
    other = _object(value, place)
    _refuse_unknown(other, ("value", "confidence"), place, free=False)
    read = _value(name, other.get("value"), place)
    if read is None:
        raise DocumentJsonError(f"{place}: value is missing")
    return Alternative(read, _number(other.get("confidence"), place))


def _line_item(value: object, place: str, plain: bool) -> LineItem:
    row = _object(value, place)
    _refuse_unknown(row, _PLAIN_LINE_KEYS if plain else _LINE_KEYS, place, free=plain)
    line_type = row.get("line_type", "item")
    if line_type not in LINE_TYPES:
        raise DocumentJsonError(
            f"{place}.line_type: {line_type!r} is none of {', '.join(LINE_TYPES)}"
        )
    page = _page(row.get("page"), place)
    polygon = _polygon(row.get("row_polygon"), f"{place}.row_polygon")
    if polygon is None and plain:
        polygon = _bbox(row.get("bbox"), f"{place}.bbox")
    leaves = {
        name: _placed(leaf, page, polygon)
        for name in LINE_FIELDS
        if (leaf := _leaf(name, row.get(name), f"{place}.{name}")) is not None
    }
    return LineItem(line_type=line_type, page=page, row_polygon=polygon, **leaves)


def _placed(leaf: Field, page: int | None, polygon: Polygon | None) -> Field:
    """The leaf, standing at least where its row stands."""
    if leaf.page is not None or leaf.polygon is not None:
        return leaf
    return replace(leaf, page=page, polygon=polygon)


def document_from_json(value: object, place: str = "document") -> ExtractedDocument:
    """The document of one JSON object in the full or the plain form; raises DocumentJsonError."""
    seen = _object(value, place)
    plain = "document_id" not in seen
    _refuse_unknown(seen, _MANIFEST_KEYS if plain else _FULL_KEYS, place, free=plain)
    name = seen.get("id" if plain else "document_id")
    if not isinstance(name, str) or not name:
        raise DocumentJsonError(
            f"{place}: document_id (or id) is missing; give the document a name"
        )
    kind = _leaf("document_type", seen.get("document_type"), f"{place}.document_type")
    if kind is None or kind.value not in DOCUMENT_TYPES:
        raise DocumentJsonError(
            f"{place}.document_type: {None if kind is None else kind.text!r} is none of "
            f"{', '.join(DOCUMENT_TYPES)}"
        )
    header = _object(seen.get("fields", {}), f"{place}.fields")
    _refuse_unknown(header, HEADER_FIELDS, f"{place}.fields", free=plain)
    rows = _list(seen.get("line_items", []), f"{place}.line_items")
    pages = [] if plain else _list(seen.get("pages", []), f"{place}.pages")
    problems = [] if plain else _list(seen.get("problems", []), f"{place}.problems")
    leaves = {key: _leaf(key, header[key], f"{place}.fields.{key}") for key in header}
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
            for index, one in enumerate(_list(seen.get("exceptions", []), f"{place}.exceptions"))
        ),
        file_sha256=_text(seen.get("file_sha256"), f"{place}.file_sha256"),
    )


def _exception(value: object, place: str) -> DeliveryException:
    seen = _object(value, place)
    _refuse_unknown(seen, ("kind", *_EXCEPTION_LEAVES), place, free=False)
    kinds = get_args(ExceptionKind)
    quantity, unit, code = (
        _leaf(name, seen.get(name), f"{place}.{name}") for name in _EXCEPTION_LEAVES
    )
    if seen.get("kind") not in kinds or quantity is None:
        raise DocumentJsonError(f"{place}: wanted a kind of {', '.join(kinds)} and a quantity")
    return DeliveryException(seen["kind"], quantity, unit, code)


def _page_summary(value: object, place: str) -> PageSummary:
    names = [one.name for one in record_fields(PageSummary)]
    seen = _object(value, place)
    _refuse_unknown(seen, names, place, free=False)
    missing = [name for name in names if name not in seen and name not in ("skew", "marks")]
    if missing:
        raise DocumentJsonError(f"{place}: {missing[0]} is missing")
    page = _page(seen["page"], place)
    marks = _list(seen.get("marks", ()), f"{place}.marks")
    placed = tuple(_mark(mark, f"{place}.marks[{index}]") for index, mark in enumerate(marks))
    return PageSummary(**{**seen, "page": page, "marks": placed})


def _mark(value: object, place: str) -> PageMark:
    seen = _object(value, place)
    _refuse_unknown(seen, ("kind", "polygon", "confidence"), place, free=False)
    kind, polygon = seen.get("kind"), _polygon(seen.get("polygon"), f"{place}.polygon")
    if kind not in MARKS or polygon is None:
        raise DocumentJsonError(f"{place}: wanted a kind of {', '.join(MARKS)} and a polygon")
    return PageMark(kind, polygon, _number(seen.get("confidence", 1.0), place))


def _problem(value: object, place: str) -> Problem:
    seen = _object(value, place)
    _refuse_unknown(seen, ("code", "message", "page"), place, free=False)
    code, message = seen.get("code"), seen.get("message")
    if not isinstance(code, str) or not isinstance(message, str):
        raise DocumentJsonError(f"{place}: code and message are wanted, as strings")
    return Problem(code, message, _page(seen.get("page"), place))


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
