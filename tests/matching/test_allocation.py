"""Billed units over PO lines for one article: within what each leaves to bill, then by price."""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.exchange.order_files import parse_order_data
from data.records import ExtractedDocument, Field, LineItem
from serving.matching.pairing.allocation import allocate
from serving.matching.pairing.assignment import Assignment
from serving.matching.pairing.billed_line import read_item
from serving.matching.pairing.line_share import Share, whole_share
from serving.matching.pairing.order_line import Ledger, Standings, standing_of

F = Fraction
# (ordered, received, price), (quantity, price, PO line it was found for, that line is printed)
Po = tuple[int, int, str]
Row = tuple[int, str, int, bool]


def standings_of(lines: Sequence[Po]) -> Standings:
    order: dict[str, Any] = {
        "po_number": "4711",
        "lines": [
            {
                "po_line_number": str(number),
                "product_code": "A",
                "unit_code": "EA",
                "quantity_ordered": str(ordered),
                "unit_price": price,
            }
            for number, (ordered, _, price) in enumerate(lines)
        ],
    }
    events = [
        {"po_line_number": str(number), "quantity_received": str(received)}
        for number, (_, received, _) in enumerate(lines)
    ]
    data = parse_order_data({"order": order, "receipts": [{"receipt_id": "R", "lines": events}]})
    ledger = Ledger.of(data, ())
    return Standings(data.order.lines, lambda line: standing_of(ledger, line, ["EA"]))


def shares_of(rows: Sequence[Row], standings: Standings) -> dict[str, list[Share]]:
    items = tuple(
        LineItem(quantity=Field(Decimal(quantity)), unit_price=Field(Decimal(price)))
        for quantity, price, _, _ in rows
    )
    document = ExtractedDocument("i", Field("invoice"), {}, items)
    found: dict[str, list[Share]] = {key: [] for key in standings}
    for number, (_, _, home, named) in enumerate(rows, start=1):
        at = standings[f"/{home}"]
        by = ("code", "PO line number") if named else ("code",)
        choice = Assignment(at.line, 0.95, by)
        found[at.key].append(whole_share(read_item(document, number, 1), choice, at.units))
    return found


def allocated(lines: Sequence[Po], rows: Sequence[Row]) -> dict[str, dict[int, Fraction]]:
    """PO line -> row -> units."""
    standings = standings_of(lines)
    found = allocate(shares_of(rows, standings), standings, "receipts", False)
    return {
        key.removeprefix("/"): {one.billed.number: one.quantity or F(0) for one in own}
        for key, own in found.items()
        if own
    }


@pytest.mark.parametrize(
    ("lines", "rows", "wanted"),
    [
        # One row over two PO lines, by their order.
        (
            [(100, 100, "5"), (50, 50, "5.2")],
            [(150, "5.1", 0, False)],
            {"0": {1: 100}, "1": {1: 50}},
        ),
        # Whole rows that just fit, wherever they were found.
        (
            [(60, 60, "5"), (40, 40, "5")],
            [(40, "5", 0, False), (60, "5", 1, False)],
            {"1": {1: 40}, "0": {2: 60}},
        ),
        # The ordered price before the older PO line.
        ([(100, 100, "5"), (50, 50, "5.2")], [(50, "5.2", 0, False)], {"1": {1: 50}}),
        # What arrived before what was only ordered.
        ([(60, 0, "5"), (40, 40, "5")], [(30, "5", 0, False)], {"1": {1: 30}}),
        # A printed PO line number holds the row, room or not.
        ([(10, 10, "5"), (90, 90, "5")], [(20, "5", 0, True)], {"0": {1: 20}}),
        # No room anywhere: it stays where it was.
        ([(10, 10, "5"), (10, 10, "5")], [(30, "5", 1, False)], {"1": {1: 20}, "0": {1: 10}}),
        # Nothing to share out.
        ([(10, 10, "5"), (10, 10, "6")], [(10, "6", 1, False)], {"1": {1: 10}}),
    ],
)
def test_where_units_go(
    lines: Sequence[Po], rows: Sequence[Row], wanted: dict[str, dict[int, int]]
) -> None:
    assert allocated(lines, rows) == wanted


prices = st.sampled_from(["1", "2"])
some_lines = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), prices), min_size=2, max_size=3
)
some_rows = st.lists(
    st.tuples(st.integers(1, 3), prices, st.integers(0, 1), st.booleans()), min_size=1, max_size=3
)


def quality(
    lines: Sequence[Po], rows: Sequence[Row], units: dict[tuple[int, int], int]
) -> tuple[int, int]:
    """(units beyond what the orders hold, units within them at another than the ordered price).

    The second counts as few as possible: units beyond are taken to be those at another price.
    """
    beyond = wrong = 0
    for key, (ordered, _, price) in enumerate(lines):
        own = {row: units.get((row, key), 0) for row in range(len(rows))}
        over = max(0, sum(own.values()) - ordered)
        beyond += over
        other = sum(count for row, count in own.items() if rows[row][1] != price)
        wrong += max(0, other - over)
    return beyond, wrong


def every_allocation(lines: Sequence[Po], rows: Sequence[Row]) -> list[dict[tuple[int, int], int]]:
    places = [
        [home] * quantity if named else range(len(lines)) for quantity, _, home, named in rows
    ]
    choices = [
        [(place,) * quantity for place in set(where)]
        if named
        else itertools.combinations_with_replacement(where, quantity)
        for (quantity, _, _, named), where in zip(rows, places, strict=True)
    ]
    found = []
    for choice in itertools.product(*choices):
        units: dict[tuple[int, int], int] = {}
        for row, where in enumerate(choice):
            for key in where:
                units[row, key] = units.get((row, key), 0) + 1
        found.append(units)
    return found


@given(some_lines, some_rows)
def test_no_other_allocation_is_better(lines: list[Po], rows: list[Row]) -> None:
    found = allocated(lines, rows)
    units = {
        (row - 1, int(key)): int(count) for key, own in found.items() for row, count in own.items()
    }
    for row, (quantity, _, _, _) in enumerate(rows):
        assert sum(count for (one, _), count in units.items() if one == row) == quantity
    best = min(quality(lines, rows, one) for one in every_allocation(lines, rows))
    assert quality(lines, rows, units) == best
