"""The printed total decides which rows are lines and how their amounts read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.decoding.closing_sums import (
    is_closing,
    readings_that_close,
    rows_of_other_tables,
    rows_to_add,
    rows_to_drop,
)

D = Decimal


@pytest.mark.parametrize(
    ("amounts", "certainty", "totals", "dropped"),
    [
        (["40", "60"], [0.9, 0.9], ["100"], set()),  # closes as read
        (["40", "60", "19"], [0.9, 0.9, 0.6], ["100"], {2}),  # the tax row
        (["40", "60", "19"], [0.9, 0.9, 0.6], [], set()),  # no total was read
        (["40", "60", "19"], [0.9, 0.9, 0.6], ["0"], set()),  # a total of 0 proves nothing
        (["40", "60", "19"], [0.9, 0.9, 0.97], ["100"], set()),  # too sure a row: doubt the total
        (["40", "60", "19"], [0.9, 0.9, 0.6], ["250"], set()),  # nothing helps
        (["40", "60", "19", "7"], [0.9, 0.9, 0.6, 0.6], ["100"], {2, 3}),
        (["100", "100"], [0.9, 0.6], ["100"], {1}),  # the total read as a line: least certain goes
        (["100.03", "5"], [0.9, 0.6], ["100.01"], {1}),  # exactly at the slack
        (["100.04", "5"], [0.9, 0.6], ["100.01"], set()),  # beyond it
        ([None, "60", "40", "3"], [0.6, 0.9, 0.9, 0.7], ["100"], {3}),  # unread stays
        (["-5", "105", "9"], [0.9, 0.9, 0.6], ["100"], {2}),  # a credit among the lines
        (["19"], [0.6], ["100"], set()),  # one row must remain
    ],
)
def test_rows_that_keep_the_sum_from_closing_are_dropped(amounts, certainty, totals, dropped):
    numbers = [None if amount is None else D(amount) for amount in amounts]
    assert rows_to_drop(numbers, certainty, [D(total) for total in totals]) == dropped


@given(
    st.lists(
        st.tuples(st.decimals(-999, 999, places=2), st.floats(0, 1, allow_nan=False, width=16)),
        min_size=1,
        max_size=9,
    ),
    st.decimals(-5000, 5000, places=2),
)
def test_what_is_left_closes_or_nothing_was_dropped(rows, total):
    amounts = [amount for amount, _ in rows]
    dropped = rows_to_drop(amounts, [certainty for _, certainty in rows], [total])
    if dropped:
        assert is_closing([a for row, a in enumerate(amounts) if row not in dropped], [total])
        assert len(dropped) < len(amounts)


@pytest.mark.parametrize(
    ("amounts", "others", "totals", "changed"),
    [
        (["40", "60"], [["4"], ["6"]], ["100"], {}),  # closes as read
        (["40", "69"], [[], ["60"]], ["100"], {1: "60"}),
        (["40", "69"], [[], ["60"]], [], {}),  # no total was read
        (["40", "69"], [[], ["60"]], ["0"], {}),  # a total of 0 proves nothing
        (["40", "69"], [[], ["61"]], ["100"], {}),  # nothing helps
        (["40", "69"], [[], ["61", "60"]], ["100"], {1: "60"}),  # the less likely reading
        (["46", "66"], [["40"], ["60"]], ["100"], {0: "40", 1: "60"}),  # both
        (["46", "60"], [["40", "41"], []], ["100"], {0: "40"}),
        (["40", "69"], [[], ["60.02"]], ["100"], {1: "60.02"}),  # exactly at the slack
        (["40", "69"], [[], ["60.03"]], ["100"], {}),  # beyond it
        ([None, "69", "40"], [["3"], ["60"], []], ["100"], {1: "60"}),  # unread stays unread
        (["-5", "106"], [[], ["105"]], ["100"], {1: "105"}),  # a credit among the lines
        (["9", "9"], [["8", "7"], []], ["16"], {0: "7"}),
        (["9"], [["8", "1"]], ["0.00", "1"], {0: "1"}),
    ],
)
def test_amounts_read_the_other_way_close(amounts, others, totals, changed):
    numbers = [None if amount is None else D(amount) for amount in amounts]
    readings = [[D(other) for other in row] for row in others]
    replaced = readings_that_close(numbers, readings, [D(total) for total in totals])
    assert replaced == {row: D(amount) for row, amount in changed.items()}


@given(
    st.lists(
        st.tuples(
            st.decimals(-999, 999, places=2),
            st.lists(st.decimals(-999, 999, places=2), max_size=3),
        ),
        min_size=1,
        max_size=6,
    ),
    st.decimals(-5000, 5000, places=2),
)
def test_readings_come_from_the_row_and_close(rows, total):
    amounts = [amount for amount, _ in rows]
    replaced = readings_that_close(amounts, [others for _, others in rows], [total])
    assert all(amount in rows[row][1] for row, amount in replaced.items())
    if replaced:
        assert is_closing([replaced.get(row, a) for row, a in enumerate(amounts)], [total])
        assert len(replaced) <= 2


@pytest.mark.parametrize(
    ("amounts", "spares", "totals", "added"),
    [
        (["40"], ["60"], ["100"], (0,)),
        (["40"], ["19", "60"], ["100"], (1,)),
        (["40"], ["20", "40"], ["100"], (0, 1)),
        (["102"], ["-2"], ["100"], (0,)),  # a discount that was taken for a note
        (["40", "60"], ["19"], ["100"], ()),  # closes as read
        (["40"], ["60"], [], ()),  # no total was read
        (["40"], ["60"], ["0"], ()),
        (["40"], ["59"], ["100"], ()),  # nothing helps
        (["-40"], ["100", "140"], ["100"], (1,)),  # the total itself is no row
        ([], ["100"], ["100"], ()),  # nothing was read: a sum alone proves nothing
        (["40"], ["0", "60"], ["100"], (1,)),
    ],
)
def test_rows_that_were_left_out_come_back_where_the_sum_needs_them(amounts, spares, totals, added):
    numbers = [D(amount) for amount in amounts]
    others = [D(amount) for amount in spares]
    assert rows_to_add(numbers, others, [D(total) for total in totals]) == added


@pytest.mark.parametrize(
    ("amounts", "tables", "totals", "dropped"),
    [
        (["40", "60", "7", "8"], [0, 0, 1, 1], ["100"], {2, 3}),
        (["7", "8", "40", "60"], [0, 0, 1, 1], ["100"], {0, 1}),  # a summary before the bill
        (["40", "60", "50", "7"], [0, 0, 1, 2], ["150"], {3}),  # as many tables as possible
        (["40", "60"], [0, 1], ["100"], set()),  # closes as read
        (["40", "60", "7"], [0, 0, 0], ["100"], set()),  # one table
        (["100", "7"], [0, 1], ["100"], set()),  # one row may be the total itself
        (["40", "60", "7"], [0, 0, 1], [], set()),
        (["40", "61", "7"], [0, 0, 1], ["100"], set()),  # nothing helps
    ],
)
def test_rows_of_tables_that_are_no_bill_are_left_out(amounts, tables, totals, dropped):
    numbers = [D(amount) for amount in amounts]
    assert rows_of_other_tables(numbers, tables, [D(total) for total in totals]) == dropped
