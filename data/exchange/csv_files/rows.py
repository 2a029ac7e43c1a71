"""Rows of a CSV file as values by our names, read exactly by its mapping.

Messages name file, row (the header is row 1, as in a text editor) and heading. A number that is not
in the mapping's format is refused: with another decimal mark it would be another number.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data import labels
from data.exchange.csv_files.mapping import Kind, Layout
from data.exchange.wire.errors import ExchangeError
from data.exchange.wire.wire_values import iso_day, wire_number
from data.values.units import code_in_force

DECIMALS = labels.DECIMAL_TAGS | {
    *("over_delivery_pct", "under_delivery_pct", "quantity_returned", "base_quantity"),
    "quantity_accepted",
    *("charge_amount", "pack_quantity", "planned_freight", "agreed_deposit", "weight"),
    *("line_planned_freight", "allowance_rate", "allowance_amount"),
    *("order_allowance_rate", "order_allowance_amount"),
}
DAYS = (
    labels.DATE_TAGS
    | set(labels.DOCUMENT_DATE_NAMES.values())
    | {
        *("received_at", "claimed_at", "price_valid_from", "price_valid_to"),
    }
)
FLAGS = frozenset(
    {"closed", "tax_exempt", "order_allowance_in_price"}
    | {"catch_weight", "receipt_expected", "reversed"}
)
_UNITS = frozenset({"unit_code", "price_unit_code"})
MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row that are not empty; `packs` are its pack factors."""

    values: Mapping[str, str | bool]
    packs: Mapping[str, str]
    place: str


def headings(text: str, delimiter: str, name: str) -> list[str]:
    """Return the headings of the first row, without surrounding spaces; raise `ExchangeError`."""
    try:
        first = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error as error:
        raise ExchangeError(f"{name}: row 1: not CSV ({error})") from None
    return [heading.strip() for heading in first]


def read_rows(text: str, layout: Layout, name: str, kind: Kind) -> list[Row]:
    """Return all rows below the headings except empty ones; raise `ExchangeError`."""
    columns = _columns(headings(text, layout.delimiter, name), layout, f"{name}: row 1", kind)
    rows = []
    for number, cells in _cells(text, layout, name):
        place = f"{name}: row {number}"
        values: dict[str, str | bool] = {}
        packs: dict[str, str] = {}
        for key, (heading, column) in columns.items():
            cell = cells[column].strip()
            if not cell:
                continue
            where = f"{place}: {heading!r}"
            if key.startswith("pack "):
                packs[key.removeprefix("pack ")] = _number(cell, layout, where)
            else:
                values[key] = _value(key, cell, layout, where)
        fixed = {
            key: _value(key, constant, layout, f"{place}: constant {key}")
            if key in FLAGS
            else constant
            for key, constant in layout.constants.items()
        }
        values = {**fixed, **values}
        rows.append(Row(values, packs, place))
    if not rows:
        raise ExchangeError(f"{name}: has no rows below its headings")
    return rows


def _columns(
    found_headings: Sequence[str], layout: Layout, place: str, kind: Kind
) -> dict[str, tuple[str, int]]:
    """Return (heading, position in the row) by our name; pack factors as "pack CS"."""
    expected = dict(layout.columns)
    expected |= {f"pack {unit}": heading for unit, heading in layout.pack_factors.items()}
    for heading in expected.values():
        if found_headings.count(heading) != 1:
            fault = "is missing" if heading not in found_headings else "occurs twice"
            raise ExchangeError(
                f"{place}: heading {heading!r} of the mapping ({kind}) {fault}; "
                f"the headings are {', '.join(map(repr, found_headings))}"
            )
    return {name: (heading, found_headings.index(heading)) for name, heading in expected.items()}


def _cells(text: str, layout: Layout, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of every row below the headings that is not empty."""
    reader = csv.reader(io.StringIO(text), delimiter=layout.delimiter, strict=True)
    width = None
    try:
        for cells in reader:
            if width is None:
                width = len(cells)
            elif any(cell.strip() for cell in cells):
                if len(cells) != width:
                    raise ExchangeError(
                        f"{name}: row {reader.line_num}: has {len(cells)} cells for {width} "
                        f"headings; check the delimiter {layout.delimiter!r} and text quotes"
                    )
                if reader.line_num > MAX_ROWS:
                    raise ExchangeError(f"{name}: more than {MAX_ROWS} rows; split the file")
                yield reader.line_num, cells
    except csv.Error as error:
        raise ExchangeError(f"{name}: row {reader.line_num}: not CSV ({error})") from None


def _value(key: str, text: str, layout: Layout, where: str) -> str | bool:
    if key in FLAGS:
        if text not in layout.flags:
            words = ", ".join(map(repr, layout.flags))
            raise ExchangeError(f"{where}: {text!r} is not one of the mapping's flags {words}")
        return layout.flags[text]
    if key in DECIMALS:
        return _number(text, layout, where)
    if key in DAYS:
        day = iso_day(text, layout.date)
        if day is None:
            raise ExchangeError(f"{where}: {text!r} is not a date in the format {layout.date!r}")
        return day
    if key in _UNITS and layout.units is not None:
        return code_in_force(text, layout.units)
    return text


def _number(text: str, layout: Layout, where: str) -> str:
    """Return the decimal string of a number in the layout's format; a minus may follow it (SAP)."""
    digits = text.removesuffix("-") if text.endswith("-") and text[0] not in "+-" else text
    sign = "-" if digits != text else ""
    mark = re.escape(layout.decimal)
    whole = r"\d+"
    if layout.thousands is not None:
        whole = rf"(?:\d{{1,3}}(?:{re.escape(layout.thousands)}\d{{3}})+|\d+)"
    if re.fullmatch(rf"[+-]?{whole}(?:{mark}\d+)?", digits, re.ASCII):
        plain = digits.replace(layout.thousands or "", "").replace(layout.decimal, ".")
        number = wire_number(sign + plain)
        if number is not None:
            return number
    grouping = "none" if layout.thousands is None else repr(layout.thousands)
    raise ExchangeError(
        f"{where}: {text!r} is not a number with the decimal mark {layout.decimal!r} and "
        f"{grouping} between thousands"
    )
