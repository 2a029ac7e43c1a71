"""The lines of a bill: of the rows that were read, those that sum to a printed total.

Where the likely rows do not sum to one, four things are tried in turn: other readings of their
amounts, a row or two that were thought to be no lines, the rows of the first tables alone, and the
rows without the least certain.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from data.records import LineItem
from training.decoding.closing_sums import (
    is_closing,
    readings_that_close,
    rows_of_other_tables,
    rows_to_add,
    rows_to_drop,
)
from training.decoding.derived_values import decimal_of, other_amounts, with_amount
from training.decoding.grouping import TaggedPage
from training.decoding.tables.item_rows import NUMBERS, certainty
from training.decoding.tables.prices_below import ReadRow
from training.decoding.tables.table_heads import find_heads


def closing_lines(
    pages: Sequence[TaggedPage],
    read: Sequence[ReadRow],
    spares: Sequence[ReadRow],
    totals: Sequence[Decimal],
) -> list[LineItem]:
    """Return the lines of the rows that sum to a printed total, in reading order.

    `read` are the likely rows in reading order, `spares` those left out, likeliest first; rows
    without a line are none. Without a total that fits, the lines of all likely rows.
    """
    rows = _with_other_readings([row for row in read if row.line is not None], totals)
    spares = [row for row in spares if _amount(row) is not None]
    added = rows_to_add(
        [_amount(row) for row in rows],
        [amount for row in spares if (amount := _amount(row)) is not None],
        totals,
    )
    if added:
        rows = sorted([*rows, *(spares[place] for place in added)], key=_place)
    amounts = [_amount(row) for row in rows]
    dropped = frozenset[int]()
    # The heads of tables are looked for only where they matter; a total of 0 proves nothing
    if not is_closing(amounts, [total for total in totals if total != 0]):
        dropped = rows_of_other_tables(amounts, _table_numbers(pages, rows), totals)
        if not dropped:
            certainties = [certainty(row.item, NUMBERS) for row in rows]
            dropped = rows_to_drop(amounts, certainties, totals)
    return [
        row.line for place, row in enumerate(rows) if place not in dropped and row.line is not None
    ]


def _with_other_readings(rows: Sequence[ReadRow], totals: Sequence[Decimal]) -> list[ReadRow]:
    amounts = [_amount(row) for row in rows]
    others = [[] if row.line is None else other_amounts(row.line) for row in rows]
    chosen = readings_that_close(amounts, others, totals)
    return [
        replace(row, line=with_amount(row.line, chosen[place]))
        if place in chosen and row.line is not None
        else row
        for place, row in enumerate(rows)
    ]


def _amount(row: ReadRow) -> Decimal | None:
    return None if row.line is None else decimal_of(row.line.amount)


def _place(row: ReadRow) -> tuple[int, float]:
    return row.context.page.number, row.item.box.top


def _table_numbers(pages: Sequence[TaggedPage], rows: Sequence[ReadRow]) -> list[int]:
    """The number of each row's table: a new one begins on each page and under each printed head."""
    heads = {tagged.page.number: [head.bottom for head in find_heads(tagged)] for tagged in pages}
    places = [
        (number, sum(bottom < row.item.box.bottom for bottom in heads.get(number, [])))
        for row in rows
        for number in (row.context.page.number,)
    ]
    return [sorted(set(places)).index(place) for place in places]
