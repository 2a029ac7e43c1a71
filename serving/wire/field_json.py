"""The fields of read documents to JSON and back: typed values with their position on the page.

A field is an object with value, raw_text, confidence, page, polygon, source and alternatives, or,
in the plain form, a string.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from math import isfinite, nan
from typing import Any, ClassVar

from rapidfuzz import fuzz

from data.exchange.wire.errors import nearest_name
from data.json_values import DECIMAL_TEXT, JsonNumber, wire_decimal
from data.labels import (
    DATE_TAGS,
    DECIMAL_TAGS,
    DOCUMENT_DATE_NAMES,
    DOCUMENT_ID_NAMES,
    HEADER_TAGS,
)
from data.outside_data import shorten
from data.records import Alternative, Box, Field, Polygon, Value
from data.values.dates import read_date
from data.values.numerals import read_number


class DocumentJsonError(ValueError):
    """The JSON is not a read document; the message states place, value and expected form."""

    code: ClassVar[str] = "invalid_document_json"


# Names of header fields beside those of the labels.
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
    "shipment_complete",  # the vendor states that nothing more will come
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
DECIMAL_NAMES = DECIMAL_TAGS | _OTHER_DECIMALS
DATE_NAMES = DATE_TAGS | set(DOCUMENT_DATE_NAMES.values()) | {"service_from", "service_to"}

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
_KINDS = {bool: "no text", float: "a float, which went through binary floating point"}
# From this similarity (0..100) on, an unknown key counts as a misspelt one, not a corpus's own.
_MISSPELT = 88


def field_to_json(leaf: Field | None) -> dict[str, Any] | None:
    """Return a field as `{value, raw_text, confidence, page, polygon, source, alternatives}`."""
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


def refuse_unknown(entry: Mapping[str, Any], names: Sequence[str], place: str, free: bool) -> None:
    """Raise for a key not in `names`; with `free`, only for one that looks like a misspelt name."""
    for key in entry:
        if key in names:
            continue
        near = nearest_name(str(key), names)
        if free and (near is None or fuzz.ratio(str(key), near) < _MISSPELT):
            continue
        hint = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
        raise DocumentJsonError(f"{place}: unknown key {key!r}; {hint}")


def json_object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise DocumentJsonError(f"{place}: expected an object, got {type(value).__name__}")
    return value


def json_list(value: object, place: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise DocumentJsonError(f"{place}: expected a list, got {type(value).__name__}")
    return value


def _value(name: str, value: object, place: str) -> Value | None:
    """Return a wire value by the name of its field: decimal with a point, ISO date, or text."""
    if value is None:
        return None
    try:
        if name in DECIMAL_NAMES:
            return wire_decimal(value)
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not text; write it as a string")
        return date.fromisoformat(value) if name in DATE_NAMES else value
    except ValueError as error:
        raise DocumentJsonError(f"{place}: {error}") from None


def _read_plain_leaf(name: str, text: str, page: int | None, polygon: Polygon | None) -> Field:
    """Return the field of a plain string: in wire form, else read as printed, with alternatives."""
    readings: list[tuple[Value, float]]
    if name in DECIMAL_NAMES:
        if DECIMAL_TEXT.fullmatch(text):
            readings = [(Decimal(text), 1.0)]
        else:
            readings = [(reading.value, reading.probability) for reading in read_number(text)]
    elif name in DATE_NAMES:
        readings = [(reading.value, reading.probability) for reading in read_date(text)]
    else:
        readings = [(text, 1.0)]
    value, confidence = readings[0] if readings else (None, 0.0)
    others = tuple(Alternative(reading, weight) for reading, weight in readings[1:4])
    return Field(value, text, confidence, page, polygon, "override", others)


def read_page(value: object, place: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DocumentJsonError(
            f"{place}: page {value!r} is not a page number; the first page is 1"
        )
    return value - 1


def read_float(value: object, place: str) -> float:
    number = nan
    if isinstance(value, int | float | JsonNumber) and not isinstance(value, bool):
        with suppress(OverflowError):  # hundreds of digits
            number = float(value)
    if not isfinite(number):
        raise DocumentJsonError(f"{place}: {shorten(repr(value), 60)} is not a number")
    return number


def read_polygon(value: object, place: str) -> Polygon | None:
    if value is None:
        return None
    numbers = [read_float(number, place) for number in json_list(value, place)]
    if len(numbers) != 8 or not all(0 <= coordinate <= 1 for coordinate in numbers):
        raise DocumentJsonError(f"{place}: expected 8 numbers within 0..1, got {numbers}")
    a, b, c, d, e, f, g, h = numbers
    return a, b, c, d, e, f, g, h


def read_bbox(value: object, place: str) -> Polygon | None:
    if value is None:
        return None
    numbers = [read_float(number, place) for number in json_list(value, place)]
    if len(numbers) != 4:
        raise DocumentJsonError(f"{place}: expected 4 numbers, got {len(numbers)}")
    box = Box.clamped(*numbers)
    return (
        *(box.left, box.top, box.right, box.top),
        *(box.right, box.bottom, box.left, box.bottom),
    )


def read_leaf(name: str, value: object, place: str) -> Field | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _read_plain_leaf(name, value, None, None)
    if isinstance(value, int) and not isinstance(value, bool):
        return _read_plain_leaf(name, str(value), None, None)
    if isinstance(value, bool | float):
        raise DocumentJsonError(
            f"{place}: {json.dumps(value)} is {_KINDS[type(value)]}; write it as a string"
        )
    leaf = json_object(value, place)
    refuse_unknown(leaf, _LEAF_KEYS, place, free=False)
    if "value" not in leaf:
        raise DocumentJsonError(
            f"{place}: value is missing; use null for a value that was not read"
        )
    alternatives = tuple(
        _alternative(name, other, f"{place}.alternatives[{index}]")
        for index, other in enumerate(json_list(leaf.get("alternatives") or [], place))
    )
    derived = json_list(leaf.get("derived_from") or [], f"{place}.derived_from")
    try:
        return Field(
            value=_value(name, leaf["value"], f"{place}.value"),
            raw_text=read_text(leaf.get("raw_text"), f"{place}.raw_text"),
            confidence=read_float(leaf.get("confidence", 1.0), f"{place}.confidence"),
            page=read_page(leaf.get("page"), f"{place}.page"),
            polygon=read_polygon(leaf.get("polygon"), f"{place}.polygon"),
            source=leaf.get("source", "override"),
            alternatives=alternatives,
            derived_from=tuple(map(str, derived)),
        )
    except DocumentJsonError:
        raise
    except ValueError as error:
        raise DocumentJsonError(f"{place}: {error}") from None


def read_text(value: object, place: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise DocumentJsonError(f"{place}: {value!r} is not text; write it as a string")
    return value


def _alternative(name: str, value: object, place: str) -> Alternative:
    other = json_object(value, place)
    refuse_unknown(other, ("value", "confidence"), place, free=False)
    read = _value(name, other.get("value"), place)
    if read is None:
        raise DocumentJsonError(f"{place}: value is missing")
    return Alternative(read, read_float(other.get("confidence"), place))
