"""Which rows are billed: belief, place and words of a row, and the printed total."""

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.documents import decode_documents
from training.decoding.grouping import group_items, page_cells
from training.decoding.tables.item_rows import weigh_rows

TOTAL = W("13.00", "invoice_total", 0.80, 20)
BILL = (*row(0, "2", "5.00", "10.00"), *row(1, "3", "1.00", "3.00", "Gadget"))


def amounts(*pages):
    tagged = [tagged_page(words, number=number) for number, words in enumerate(pages)]
    (document,) = decode_documents("file", tagged)
    return [
        None if line.amount is None else str(line.amount.decimal) for line in document.line_items
    ]


def likely(words):
    tagged = tagged_page(words, document_type="receipt")
    items = [group_items(tagged, page_cells(tagged)[0])]
    return [
        " ".join(cell.text for cell in row.item.cells)
        for group in weigh_rows([tagged], items, None)
        for row in group
        if row.is_likely
    ]


@pytest.mark.parametrize(
    ("words", "is_item"),
    [
        ([W("Bread", "description", 0.1, 16, 2), W("2.50", "amount", 0.8, 16, 2)], True),
        # a sum, however sure the network is
        ([W("Subtotal", "description", 0.1, 16, 2), W("13.00", "amount", 0.8, 16, 2)], False),
        # below the total: what was given and given back
        ([W("Visa", "description", 0.1, 26, 2), W("13.00", "amount", 0.8, 26, 2, 0.9)], False),
        ([W("Bread", "description", 0.1, 26, 2), W("2.50", "amount", 0.8, 26, 2, 0.9)], False),
        # more than the printed total
        ([W("Bread", "description", 0.1, 16, 2), W("90.00", "amount", 0.8, 16, 2, 0.7)], False),
        # a currency is no amount
        ([W("Bread", "description", 0.1, 16, 2), W("EUR", "amount", 0.8, 16, 2)], False),
    ],
)
def test_place_and_words_tell_items_from_sums_and_payments(words, is_item):
    assert len(likely([*BILL, TOTAL, *words])) == 2 + is_item


@pytest.mark.parametrize(
    ("words", "is_item"),
    [
        # its count stands in the column of the others', between them
        ([W("1", "quantity", 0.5, 11.5, 2), W("no onion", "description", 0.1, 11.5, 2)], True),
        # in another column: a table number, a tax rate
        ([W("1", "quantity", 0.7, 11.5, 2), W("no onion", "description", 0.1, 11.5, 2)], False),
        # far below the bill
        ([W("1", "quantity", 0.5, 40, 2), W("point", "description", 0.1, 40, 2)], False),
        # nothing is named
        ([W("1", "quantity", 0.5, 11.5, 2)], False),
        # the network doubts the count
        ([W("1", "quantity", 0.5, 11.5, 2, 0.7), W("x", "description", 0.1, 11.5, 2)], False),
    ],
)
def test_a_row_without_a_price_is_an_item_where_its_count_is_in_the_column(words, is_item):
    assert len(likely([*BILL, TOTAL, *words])) == 2 + is_item


def test_a_row_left_out_comes_back_where_the_total_needs_it():
    # Its own name says payment ("Balance bread"), and without it 10 + 3 is not 14
    doubtful = [
        W("Balance", "description", 0.1, 14, 2, 0.9),
        W("1.00", "amount", 0.8, 14, 2, 0.6),
    ]
    total = W("14.00", "invoice_total", 0.80, 20)
    assert amounts([*BILL, *doubtful, total]) == ["10.00", "3.00", "1.00"]
    assert amounts([*BILL, *doubtful, TOTAL]) == ["10.00", "3.00"]


def test_the_details_on_the_next_page_are_no_items():
    details = [
        W("Call", "column_header", 0.10, 6),
        W("Minutes", "column_header", 0.50, 6),
        W("Amount", "column_header", 0.79, 6),
        *row(0, None, None, "0.76", "Call one"),
        *row(1, None, None, "1.42", "Call two"),
        *row(2, None, None, "2.50", "Call three"),
        *row(3, None, None, "0.17", "Call four"),
        *row(4, None, None, "0.31", "Call five"),
        *row(5, None, None, "2.13", "Call six"),
        *row(6, None, None, "0.87", "Call seven"),
    ]
    assert amounts([*BILL, TOTAL], details) == ["10.00", "3.00"]


def test_a_bill_over_two_pages_keeps_its_second():
    assert amounts(
        list(BILL), [*row(0, "1", "4.00", "4.00", "Bolt"), W("17.00", "invoice_total", 0.8, 20)]
    ) == [
        "10.00",
        "3.00",
        "4.00",
    ]
