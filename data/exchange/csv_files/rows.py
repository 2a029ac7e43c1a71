"""Rows of a CSV file as values by our names, read exactly as its mapping says.

Messages name file, row (as a text editor counts the header as 1) and heading. A number that does
not keep to the stated marks is refused: with another decimal mark it would be another number.
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
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row that are not empty; `packs` are its pack factors."""

    values: Mapping[str, str | bool]
    packs: Mapping[str, str]
    place: str


def headings(text: str, delimiter: str) -> list[str]:
    """The headings of the first row, without surrounding spaces."""
    first = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    return [heading.strip() for heading in first]


def read_rows(text: str, layout: Layout, name: str, kind: Kind) -> list[Row]:
    """All rows below the headings; empty rows are passed over. Raises `ExchangeError`."""
    columns = _columns(headings(text, layout.delimiter), layout, f"{name}: row 1", kind)
    rows = []
    for number, cells in _cells(text, layout, name):
        place = f"{name}: row {number}"
        values: dict[str, str | bool] = {}
        packs: dict[str, str] = {}
        for key, (heading, at) in columns.items():
            said = cells[at].strip()
            if not said:
                continue
            where = f"{place}: {heading!r}"
            if key.startswith("pack "):
                packs[key.removeprefix("pack ")] = _number(said, layout, where)
            else:
                values[key] = _value(key, said, layout, where)
        fixed = {
            key: _value(key, said, layout, f"{place}: constant {key}") if key in FLAGS else said
            for key, said in layout.constants.items()
        }
        values = {**fixed, **values}
        rows.append(Row(values, packs, place))
    if not rows:
        raise ExchangeError(f"{name}: has no row below its headings")
    return rows


def _columns(
    found: Sequence[str], layout: Layout, place: str, kind: Kind
) -> dict[str, tuple[str, int]]:
    """(heading, place in the row) by our name; packs as "pack CS"."""
    wanted = dict(layout.columns)
    wanted |= {f"pack {unit}": heading for unit, heading in layout.pack_factors.items()}
    for heading in wanted.values():
        if found.count(heading) != 1:
            why = "is missing" if heading not in found else "is there twice"
            raise ExchangeError(
                f"{place}: heading {heading!r} of the mapping ({kind}) {why}; "
                f"headings are {', '.join(map(repr, found))}"
            )
    return {name: (heading, found.index(heading)) for name, heading in wanted.items()}


def _cells(text: str, layout: Layout, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every row below the headings that is not empty."""
    reader = csv.reader(io.StringIO(text), delimiter=layout.delimiter, strict=True)
    width = None
    try:
        for cells in reader:
            if width is None:
                width = len(cells)
            elif any(cell.strip() for cell in cells):
                if len(cells) != width:
                    raise ExchangeError(
                        f"{name}: row {reader.line_num}: has {len(cells)} cells, its headings are "
                        f"{width}; is {layout.delimiter!r} the delimiter, quoted where it is text?"
                    )
                if reader.line_num > MOST_ROWS:
                    raise ExchangeError(f"{name}: more than {MOST_ROWS} rows; split the file")
                yield reader.line_num, cells
    except csv.Error as error:
        raise ExchangeError(f"{name}: row {reader.line_num}: not CSV ({error})") from None


def _value(key: str, said: str, layout: Layout, where: str) -> str | bool:
    if key in FLAGS:
        if said not in layout.flags:
            words = ", ".join(map(repr, layout.flags))
            raise ExchangeError(f"{where}: {said!r} is none of the mapping's flags {words}")
        return layout.flags[said]
    if key in DECIMALS:
        return _number(said, layout, where)
    if key in DAYS:
        day = iso_day(said, layout.date)
        if day is None:
            raise ExchangeError(f"{where}: {said!r} is no day written {layout.date!r}")
        return day
    if key in _UNITS and layout.units is not None:
        return code_in_force(said, layout.units)
    return said


def _number(said: str, layout: Layout, where: str) -> str:
    """The decimal string of a number in the stated marks; a minus may stand behind it, as SAP's."""
    digits = said.removesuffix("-") if said.endswith("-") and said[0] not in "+-" else said
    sign = "-" if digits != said else ""
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
        f"{where}: {said!r} is no number with the decimal mark {layout.decimal!r} and "
        f"{grouping} between thousands"
    )
