"""Printed heads of columns -> the tags that the numbers under them may have."""

import pytest

from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.tables.column_heads import allowed_tags
from training.decoding.tables.table_heads import find_heads

NOTHING = frozenset()


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ("Qty", {"quantity"}),
        ("Menge", {"quantity"}),
        ("Unit price", {"unit_price"}),
        ("Prix unitaire HT", {"unit_price"}),
        ("Amount", {"amount", "gross_amount"}),
        ("Gesamtpreis netto", {"amount", "gross_amount"}),
        ("Total TTC", {"amount", "gross_amount"}),
        ("VAT %", {"tax_rate"}),
        ("VAT amount", {"tax_amount"}),
        ("Rabatt", {"discount_rate", "discount_amount"}),
        ("Qty ordered", {"quantity_ordered", "quantity"}),
        ("Geliefert", {"quantity_shipped", "quantity"}),
        ("Received", {"quantity_received", "quantity"}),
        ("B/O", {"quantity_backordered", "quantity"}),
        ("Pos", {"line_number"}),
        # no quantity, price or amount stands under these
        ("Gross weight kg", NOTHING),
        ("Cartons", NOTHING),
        ("HS code", NOTHING),
        ("Delivery date", NOTHING),
        # words that name no column
        ("Lorem ipsum", None),
        ("", None),
    ],
)
def test_a_head_allows_the_tags_of_its_words(head, tags):
    allowed = allowed_tags(head.split())
    assert allowed == (None if tags is None else frozenset(tags))


def heads_over(*names):
    words = [
        W(name, "column_header", x, 8)
        for name, x in zip(names, (0.10, 0.50, 0.65, 0.80), strict=False)
    ]
    return [
        [" ".join(word.text for word in phrase) for phrase in head.phrases]
        for head in find_heads(tagged_page([*words, *row(0, "2", "5.00", "10.00")]))
    ]


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("Description", "Qty", "Price", "Amount"), 1),
        (("Artikel", "Menge", "Preis", "Betrag"), 1),
        (("Notes", "see", "page", "two"), 0),  # names no column of numbers
        (("Description", "Qty", "5.00", "Amount"), 0),  # holds money: a row
    ],
)
def test_a_line_that_names_columns_is_a_head(names, count):
    assert len(heads_over(*names)) == count
