"""What the columns of a table mean: one meaning for all rows, by votes, heads and products."""

from decimal import Decimal as D

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.documents import decode_documents
from training.decoding.tables.column_meanings import MEANINGS, column_posteriors
from training.decoding.tables.number_columns import find_tables
from training.decoding.tables.product_evidence import product_odds, rate_columns, row_odds


def meanings(words):
    page = tagged_page(words)
    return [
        [MEANINGS[int(posterior.argmax())] for posterior in column_posteriors(table, [page], None)]
        for table in find_tables([page])
        if table
    ]


def read(words, document_type="invoice"):
    (document,) = decode_documents("file", [tagged_page(words, document_type=document_type)])
    return [
        tuple(
            None if leaf is None or leaf.value is None else str(leaf.decimal)
            for leaf in (line.quantity, line.unit_price, line.amount)
        )
        for line in document.line_items
    ]


def test_a_column_has_one_meaning():
    # In one row of four the network takes the quantity for something else
    words = [
        *row(0, "2", "5.00", "10.00"),
        *row(1, "3", "1.00", "3.00"),
        *row(2, "4", "2.00", "8.00"),
        *row(3, None, "1.50", "9.00"),
        W("6", "line_number", 0.50, 16, 3, 0.6, (("quantity", 0.3),)),
    ]
    assert meanings(words) == [["quantity", "unit_price", "amount"]]
    assert read(words)[3] == ("6", "1.50", "9.00")


def test_columns_that_multiply_outvote_the_network():
    # List price and net price: only the net price multiplies to the amount
    words = []
    for item, (units, listed, net, amount) in enumerate(
        [
            ("2", "6.00", "5.00", "10.00"),
            ("3", "1.25", "1.10", "3.30"),
            ("7", "9.90", "8.00", "56.00"),
        ]
    ):
        y = 10.0 + 2 * item
        words += [
            W("Widget", "description", 0.10, y, item),
            W(units, "quantity", 0.40, y, item),
            W(listed, "unit_price", 0.50, y, item, 0.6, (("other", 0.3),)),
            W(net, "other", 0.65, y, item, 0.55, (("unit_price", 0.4),)),
            W(amount, "amount", 0.80, y, item),
        ]
    assert [price for _, price, _ in read(words)] == ["5.00", "1.10", "8.00"]


def test_a_printed_head_binds_its_column():
    # Weight beside pieces on a packing slip: both look like quantities to the network
    words = [
        W("Article", "column_header", 0.10, 8),
        W("Pieces", "column_header", 0.49, 8),
        W("Weight", "column_header", 0.64, 8),
    ]
    for item, (pieces, weight) in enumerate([("12", "96"), ("8", "192"), ("25", "1000")]):
        y = 10.0 + 2 * item
        words += [
            W("Train set", "description", 0.10, y, item),
            W(pieces, "quantity", 0.50, y, item, 0.5, (("other", 0.4),)),
            W(weight, "quantity", 0.65, y, item, 0.6, (("other", 0.3),)),
        ]
    assert read(words, "packing_slip") == [
        ("12", None, None),
        ("8", None, None),
        ("25", None, None),
    ]


def test_a_quantity_with_cents_beside_whole_prices_is_doubted():
    # A product holds either way round: 246.51 pieces at 11,734.00, or 11,734 pieces at 246.51
    words = []
    for item, (first, second, amount) in enumerate(
        [("11,734", "246.51", "2,892,548.34"), ("170,985", "11.90", "2,034,721.50")]
    ):
        y = 10.0 + 2 * item
        words += [
            W(first, "unit_price", 0.40, y, item, 0.5, (("quantity", 0.4),)),
            W(second, "quantity", 0.55, y, item, 0.5, (("unit_price", 0.4),)),
            W(amount, "amount", 0.80, y, item),
        ]
    assert read(words) == [
        ("11734", "246.51", "2892548.34"),
        ("170985", "11.90", "2034721.50"),
    ]


@pytest.mark.parametrize(
    ("rows", "least", "most"),
    [
        ([(3, 5, 15), (7, 4, 28)], 5.0, 6.0),  # two rows that multiply
        ([(3, 5, 15)], 3.0, 4.5),  # one
        ([(1, 15, 15), (1, 8, 8)], 0.0, 2.0),  # times 1: two numbers are equal
        ([(10, 5, 50)], 0.0, 1.5),  # 10 shifts digits
        ([(3, 5, 16), (7, 4, 29)], -6.0, -3.0),  # none multiplies
        ([(0, 5, 0)], 0.0, 0.0),  # 0 proves nothing
        ([], 0.0, 0.0),
    ],
)
def test_a_product_proves_what_it_would_not_do_by_chance(rows, least, most):
    columns = [
        {place: (D(values[column]),) for place, values in enumerate(rows)} for column in range(3)
    ]
    assert least <= product_odds(columns) <= most


def test_a_base_of_a_hundred_is_a_product_too():
    assert row_odds((D(2500),), (D("6.40"),), (D(160),)) > 0
    assert row_odds((D(2500),), (D("6.40"),), (D(161),)) < 0


def test_a_rate_of_an_amount_says_what_both_are():
    rate = {0: (D(19),), 1: (D(19),)}
    whole = {0: (D(100),), 1: (D(50),)}
    part = {0: (D(19),), 1: (D("9.50"),)}
    assert [(first, second) for first, second, _ in rate_columns([rate, whole, part])] == [(0, 2)]
    part[1] = (D("9.40"),)
    assert list(rate_columns([rate, whole, part])) == []
